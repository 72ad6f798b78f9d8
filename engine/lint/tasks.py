"""Activities, lanes, and what our vocabulary refers to."""

import re
from collections import Counter
from collections.abc import Container
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Final

from lxml import etree

from engine import patterns
from engine.errors import ExpressionError
from engine.errors import Finding
from engine.model import xml
from engine.model.files import World
from engine.model.graph import Scope
from engine.model.graph import behaviour_definitions
from engine.model.graph import event_definitions
from engine.model.graph import scopes
from engine.model.limits import MAX_ITEMS
from engine.model.vocabulary import Process
from engine.rewrite import ad_hoc
from engine.types import ElementSpec

MAX_QUANTITY: Final = 100
_NOT_DECISIONS: Final = frozenset({"longtext", "file"})
FORM_NAMES: Final = frozenset({"csrf_token"})  # what every form sends beside its fields; other such names begin with "_"
_PEOPLE: Final = ("userTask", "manualTask")
_LOOPS: Final = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")


def check(file: str, process: Process, scope: Scope) -> Iterator[Finding]:
    for id_, node in scope.nodes.items():
        kind = xml.local(node)
        if kind == ad_hoc.TAG:
            yield from _ad_hoc(file, node)
        if kind == "scriptTask":
            yield Finding(file, id_, "script_refused", {"element": kind})
        if node.get("isForCompensation") in ("true", "1") and scope.boundaries(id_):
            yield Finding(file, id_, "compensation_boundary")
        for quantity in "startQuantity", "completionQuantity":
            if not node.get(quantity, "1").isdecimal() or int(node.get(quantity, "1")) > MAX_QUANTITY:
                yield Finding(file, id_, "quantity", {"attribute": quantity, "value": node.get(quantity, "")})
        if node.get("triggeredByEvent") in ("true", "1") and any(True for _ in xml.children(node, *_LOOPS)):
            yield Finding(file, id_, "event_sub_process_loop")
        for loop in xml.children(node, "multiInstanceLoopCharacteristics"):
            yield from _multi(file, scope, id_, loop)
        for loop in xml.children(node, "standardLoopCharacteristics"):
            yield from _loop(file, id_, loop)
        yield from _fields(file, process.elements[id_])


def _ad_hoc(file: str, node: etree._Element) -> Iterator[Finding]:
    scope = next(scopes(node))
    if scope.nodes and ad_hoc.shapeless(scope):
        yield Finding(file, scope.id, "ad_hoc_shape")
    elif scope.nodes and ad_hoc.endless(scope):
        yield Finding(file, scope.id, "ad_hoc_condition")


def _multi(file: str, scope: Scope, id_: str, loop: etree._Element) -> Iterator[Finding]:
    yield from _behaviour(file, scope, id_, loop)
    texts = {name: xml.text(xml.child(loop, name)) for name in ("loopCardinality", "loopDataInputRef", "loopDataOutputRef")}
    if bool(texts["loopCardinality"]) == bool(texts["loopDataInputRef"]):
        yield Finding(file, id_, "multi_source")
    number = texts["loopCardinality"]
    if re.fullmatch(r"-?\d+(\.\d+)?", number) and not (number.isdecimal() and int(number) <= MAX_ITEMS):
        yield Finding(file, id_, "multi_number", {"value": number, "maximum": str(MAX_ITEMS)})
    if bool(texts["loopDataOutputRef"]) != (xml.child(loop, "outputDataItem") is not None):
        yield Finding(file, id_, "multi_output")
    for item in xml.children(loop, "inputDataItem", "outputDataItem"):
        if not item.get("id"):
            yield Finding(file, id_, "multi_item", {"element": xml.local(item)})


def _behaviour(file: str, scope: Scope, id_: str, loop: etree._Element) -> Iterator[Finding]:
    """What items throw is a signal or an escalation; an interrupting boundary event for it would end the activity with the first."""
    for name, behaviour in (("noneBehaviorEventRef", "None"), ("oneBehaviorEventRef", "One")):
        if loop.get(name) and loop.get("behavior", "All") != behaviour:
            yield Finding(file, id_, "multi_behaviour_stray", {"attribute": name, "value": loop.get("behavior", "All")})
    thrown = {(xml.local(each), each.get("signalRef") or each.get("escalationRef")) for each in behaviour_definitions(loop)}
    if any(kind not in ("signalEventDefinition", "escalationEventDefinition") for kind, _ in thrown):
        yield Finding(file, id_, "multi_behaviour", {"value": loop.get("behavior", "")})
    for boundary in scope.boundaries(id_):
        node = scope.nodes[boundary]
        caught = {(xml.local(each), each.get("signalRef") or each.get("escalationRef")) for each in event_definitions(node)}
        if caught & thrown and node.get("cancelActivity") not in ("false", "0"):
            yield Finding(file, boundary, "multi_behaviour_interrupts", {"other": id_})


def _loop(file: str, id_: str, loop: etree._Element) -> Iterator[Finding]:
    maximum = loop.get("loopMaximum")
    if maximum is None and not xml.text(xml.child(loop, "loopCondition")):
        yield Finding(file, id_, "loop_without_end")
    if maximum is not None and (not maximum.isdecimal() or int(maximum) < 1):
        yield Finding(file, id_, "loop_maximum", {"value": maximum})


def _fields(file: str, element: ElementSpec) -> Iterator[Finding]:
    names = Counter(field.name for field in element.fields)
    names.update(output.name for output in element.outputs if output.name not in names)
    for name, number in names.items():
        if number > 1:
            yield Finding(file, element.id, "field_duplicate", {"name": name})
    for field in element.fields:
        if field.name.startswith("_") or field.name in FORM_NAMES or not field.name.strip():
            yield Finding(file, element.id, "field_name", {"name": field.name})
        if field.decision and field.type in _NOT_DECISIONS:
            yield Finding(file, element.id, "field_decision_type", {"name": field.name, "type": field.type})
        if field.pattern is not None:
            yield from _pattern(file, element.id, field.name, field.pattern)


def _pattern(file: str, id_: str, name: str, pattern: str) -> Iterator[Finding]:
    try:
        patterns.limit(pattern)
    except ExpressionError as error:
        yield Finding(file, id_, "field_pattern", {"name": name, "problem": error.problem})


# --- references -------------------------------------------------------------------------------------------------------
def references(world: World, process: Process, *, handlers: Container[str], forms: Container[str]) -> Iterator[Finding]:
    file = world.file_of[process.id]
    for element in process.elements.values():
        yield from _work(file, element, handlers, forms)
        for other in element.not_same_person_as:
            if other not in process.elements or process.elements[other].type not in _PEOPLE:
                yield Finding(file, element.id, "separate_unknown", {"element": other})
        if element.type == "businessRuleTask":
            yield from _decision(world, file, element)
        if element.type == "callActivity":
            yield from _call(world, process, element)
    yield from _lanes(file, process, world.diagrams[file].ids)


def _work(file: str, element: ElementSpec, handlers: Container[str], forms: Container[str]) -> Iterator[Finding]:
    if element.type == "serviceTask" and element.handler is None:
        yield Finding(file, element.id, "handler_missing")
    if element.handler is not None and element.handler not in handlers:
        yield Finding(file, element.id, "handler_unknown", {"handler": element.handler})
    if element.form is not None and element.form not in forms:
        yield Finding(file, element.id, "form_unknown", {"form": element.form})
    if element.type in _PEOPLE and (element.lane is None or element.lane.role is None):
        yield Finding(file, element.id, "lane_missing", {"lane": "" if element.lane is None else element.lane.id})


def _decision(world: World, file: str, element: ElementSpec) -> Iterator[Finding]:
    if element.table is None:
        yield Finding(file, element.id, "table_missing")
        return
    table = world.tables.get(element.table)
    if table is None:
        yield Finding(file, element.id, "table_unknown", {"table": element.table})
        return
    for output in element.outputs:
        if output.name not in table.outputs:
            yield Finding(file, element.id, "output_not_in_table", {"name": output.name, "table": table.id})


def _call(world: World, process: Process, element: ElementSpec) -> Iterator[Finding]:
    file = world.file_of[process.id]
    if element.called is None:
        yield Finding(file, element.id, "called_missing")
    elif element.called not in world.processes:
        yield Finding(file, element.id, "called_unknown", {"process": element.called})
    else:
        called = world.processes[element.called]
        begins = [e for e in called.elements.values() if e.type == "startEvent" and e.scope is None]
        plain = [e for e in begins if not event_definitions(called.nodes[e.id])]
        if len(plain) != 1 and not next(scopes(called.node)).open_:
            yield Finding(file, element.id, "called_start", {"process": element.called})
        if process.id in world.closure(element.called):
            yield Finding(file, element.id, "call_cycle", {"process": element.called})


def _no_member(file: str, lane: etree._Element, found: etree._Element | None, id_: str) -> Finding:
    """What is gone does no harm; what is there and is no task, event or gateway of the process was never a member."""
    if found is None:
        return Finding(file, lane.get("id"), "lane_reference_unknown", {"element": id_}, "warning")
    return Finding(file, lane.get("id"), "lane_reference_kind", {"reference": id_, "found": xml.local(found)})


def _lanes(file: str, process: Process, ids: Mapping[str, etree._Element]) -> Iterator[Finding]:
    """10.8: a process may be divided in several ways, one lane set each."""
    for lanes in process.node.iter(xml.BPMN + "laneSet"):
        yield from _lane_set(file, process, lanes, ids)


def _lane_set(file: str, process: Process, lanes: etree._Element, ids: Mapping[str, etree._Element]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for lane in lanes.iter(xml.BPMN + "lane"):
        if xml.child(lane, "childLaneSet") is not None:
            continue
        for reference in xml.children(lane, "flowNodeRef"):
            id_ = xml.text(reference)
            if id_ not in process.nodes:
                yield _no_member(file, lane, ids.get(id_.rpartition(":")[2]), id_)
            elif id_ in seen:
                yield Finding(file, id_, "lane_twice", {"lanes": f"{seen[id_]} {lane.get('id')}"})
            seen[id_] = lane.get("id", "")
