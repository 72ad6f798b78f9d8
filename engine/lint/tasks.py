"""Activities, lanes, and what our vocabulary refers to."""

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from typing import Final

from lxml import etree

from engine import patterns
from engine.errors import ExpressionError, Finding, Rule
from engine.model import xml
from engine.model.files import ReleaseFiles
from engine.model.graph import (
    Scope,
    behaviour_definitions,
    event_definitions,
    is_event_sub_process,
    scopes,
)
from engine.model.limits import MAX_ITEMS
from engine.model.vocabulary import Process
from engine.rewrite import ad_hoc
from engine.types import ElementSpec

AD_HOC_CONDITION: Final = Rule("ad_hoc_condition", "Ventanilla")
AD_HOC_SHAPE: Final = Rule("ad_hoc_shape", "Ventanilla")
CALL_CYCLE: Final = Rule("call_cycle", "Ventanilla", ("process",))
CALLED_MISSING: Final = Rule("called_missing", "BPMN 10.3.6")
CALLED_START: Final = Rule("called_start", "BPMN 10.5.2", ("process",))
CALLED_UNKNOWN: Final = Rule("called_unknown", "BPMN 10.3.6", ("process",))
COMPENSATION_BOUNDARY: Final = Rule("compensation_boundary", "Ventanilla")
EVENT_SUB_PROCESS_LOOP: Final = Rule("event_sub_process_loop", "Ventanilla")
FIELD_DECISION_TYPE: Final = Rule("field_decision_type", "Ventanilla", ("name", "type"))
FIELD_DUPLICATE: Final = Rule("field_duplicate", "Ventanilla", ("name",))
FIELD_NAME: Final = Rule("field_name", "Ventanilla", ("name",))
FIELD_PATTERN: Final = Rule("field_pattern", "Ventanilla", ("name", "problem"))
FORM_UNKNOWN: Final = Rule("form_unknown", "Ventanilla", ("form",))
HANDLER_MISSING: Final = Rule("handler_missing", "Ventanilla")
HANDLER_UNKNOWN: Final = Rule("handler_unknown", "Ventanilla", ("handler",))
LANE_MISSING: Final = Rule("lane_missing", "Ventanilla", ("lane",))
LANE_REFERENCE_KIND: Final = Rule("lane_reference_kind", "BPMN 10.8", ("reference", "found"))
LANE_REFERENCE_UNKNOWN: Final = Rule(
    "lane_reference_unknown", "BPMN 10.8", ("element",), severity="warning"
)
LANE_TWICE: Final = Rule("lane_twice", "BPMN 10.8", ("lanes",))
LOOP_MAXIMUM: Final = Rule("loop_maximum", "BPMN 10.3.8", ("value",))
LOOP_WITHOUT_END: Final = Rule("loop_without_end", "BPMN 10.3.8")
MULTI_BEHAVIOUR: Final = Rule("multi_behaviour", "Ventanilla", ("value",))
MULTI_BEHAVIOUR_INTERRUPTS: Final = Rule("multi_behaviour_interrupts", "Ventanilla", ("other",))
MULTI_BEHAVIOUR_STRAY: Final = Rule("multi_behaviour_stray", "Ventanilla", ("attribute", "value"))
MULTI_ITEM: Final = Rule("multi_item", "BPMN 10.3.8", ("element",))
MULTI_NUMBER: Final = Rule("multi_number", "BPMN 10.3.8", ("value", "maximum"))
MULTI_OUTPUT: Final = Rule("multi_output", "BPMN 10.3.8")
MULTI_SOURCE: Final = Rule("multi_source", "BPMN 10.3.8")
OUTPUT_NOT_IN_TABLE: Final = Rule("output_not_in_table", "Ventanilla", ("name", "table"))
QUANTITY: Final = Rule("quantity", "Ventanilla", ("attribute", "value"))
SCRIPT_REFUSED: Final = Rule("script_refused", "Ventanilla", ("element",))
SEPARATE_UNKNOWN: Final = Rule("separate_unknown", "Ventanilla", ("element",))
TABLE_MISSING: Final = Rule("table_missing", "Ventanilla")
TABLE_UNKNOWN: Final = Rule("table_unknown", "Ventanilla", ("table",))
TASK_UNNAMED: Final = Rule("task_unnamed", "Ventanilla", severity="warning")

MAX_QUANTITY: Final = 100
_NOT_DECISIONS: Final = frozenset({"longtext", "file"})
# what every form sends beside its fields; other such names begin with "_"
FORM_NAMES: Final = frozenset({"csrf_token"})
_PEOPLE: Final = ("userTask", "manualTask")
_LOOPS: Final = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")


def check(file: str, process: Process, scope: Scope) -> Iterator[Finding]:
    for id_, node in scope.nodes.items():
        kind = xml.local(node)
        if kind == ad_hoc.TAG:
            yield from _ad_hoc(file, node)
        if kind == "scriptTask":
            yield SCRIPT_REFUSED.at(file, id_, element=kind)
        if xml.is_true(node, "isForCompensation") and scope.boundaries(id_):
            yield COMPENSATION_BOUNDARY.at(file, id_)
        for quantity in "startQuantity", "completionQuantity":
            if (
                not node.get(quantity, "1").isdecimal()
                or int(node.get(quantity, "1")) > MAX_QUANTITY
            ):
                yield QUANTITY.at(file, id_, attribute=quantity, value=node.get(quantity, ""))
        if is_event_sub_process(node) and any(True for _ in xml.children(node, *_LOOPS)):
            yield EVENT_SUB_PROCESS_LOOP.at(file, id_)
        for loop in xml.children(node, "multiInstanceLoopCharacteristics"):
            yield from _multi(file, scope, id_, loop)
        for loop in xml.children(node, "standardLoopCharacteristics"):
            yield from _loop(file, id_, loop)
        if kind in _PEOPLE and not (node.get("name") or "").strip():
            spec = process.elements[id_]
            if spec.form is None and not spec.fields:
                yield TASK_UNNAMED.at(file, id_)
        yield from _fields(file, process.elements[id_])


def _ad_hoc(file: str, node: etree._Element) -> Iterator[Finding]:
    scope = next(scopes(node))
    if scope.nodes and ad_hoc.shapeless(scope):
        yield AD_HOC_SHAPE.at(file, scope.id)
    elif scope.nodes and ad_hoc.endless(scope):
        yield AD_HOC_CONDITION.at(file, scope.id)


def _multi(file: str, scope: Scope, id_: str, loop: etree._Element) -> Iterator[Finding]:
    yield from _behaviour(file, scope, id_, loop)
    texts = {
        name: xml.text(xml.child(loop, name))
        for name in ("loopCardinality", "loopDataInputRef", "loopDataOutputRef")
    }
    if bool(texts["loopCardinality"]) == bool(texts["loopDataInputRef"]):
        yield MULTI_SOURCE.at(file, id_)
    number = texts["loopCardinality"]
    if re.fullmatch(r"-?\d+(\.\d+)?", number) and not (
        number.isdecimal() and int(number) <= MAX_ITEMS
    ):
        yield MULTI_NUMBER.at(file, id_, value=number, maximum=str(MAX_ITEMS))
    if bool(texts["loopDataOutputRef"]) != (xml.child(loop, "outputDataItem") is not None):
        yield MULTI_OUTPUT.at(file, id_)
    for item in xml.children(loop, "inputDataItem", "outputDataItem"):
        if not item.get("id"):
            yield MULTI_ITEM.at(file, id_, element=xml.local(item))


def _behaviour(file: str, scope: Scope, id_: str, loop: etree._Element) -> Iterator[Finding]:
    """What items throw is a signal or an escalation; an interrupting boundary event for it ends the
    activity with the first.

    Published models leave `cancelActivity` out there and mean that it does not interrupt, against
    its default: what is meant must be said.
    """
    for name, behaviour in (("noneBehaviorEventRef", "None"), ("oneBehaviorEventRef", "One")):
        if loop.get(name) and loop.get("behavior", "All") != behaviour:
            yield MULTI_BEHAVIOUR_STRAY.at(
                file, id_, attribute=name, value=loop.get("behavior", "All")
            )
    thrown = {
        (xml.local(each), each.get("signalRef") or each.get("escalationRef"))
        for each in behaviour_definitions(loop)
    }
    if any(
        kind not in ("signalEventDefinition", "escalationEventDefinition") for kind, _ in thrown
    ):
        yield MULTI_BEHAVIOUR.at(file, id_, value=loop.get("behavior", ""))
    for boundary in scope.boundaries(id_):
        node = scope.nodes[boundary]
        caught = {
            (xml.local(each), each.get("signalRef") or each.get("escalationRef"))
            for each in event_definitions(node)
        }
        if caught & thrown and not xml.is_false(node, "cancelActivity"):
            said = node.get("cancelActivity") is not None
            yield (
                MULTI_BEHAVIOUR_INTERRUPTS.as_warning() if said else MULTI_BEHAVIOUR_INTERRUPTS
            ).at(file, boundary, other=id_)


def _loop(file: str, id_: str, loop: etree._Element) -> Iterator[Finding]:
    maximum = loop.get("loopMaximum")
    if maximum is None and not xml.text(xml.child(loop, "loopCondition")):
        yield LOOP_WITHOUT_END.at(file, id_)
    if maximum is not None and (not maximum.isdecimal() or int(maximum) < 1):
        yield LOOP_MAXIMUM.at(file, id_, value=maximum)


def _fields(file: str, element: ElementSpec) -> Iterator[Finding]:
    names = Counter(field.name for field in element.fields)
    names.update(output.name for output in element.outputs if output.name not in names)
    for name, number in names.items():
        if number > 1:
            yield FIELD_DUPLICATE.at(file, element.id, name=name)
    for field in element.fields:
        if field.name.startswith("_") or field.name in FORM_NAMES or not field.name.strip():
            yield FIELD_NAME.at(file, element.id, name=field.name)
        if field.decision and field.type in _NOT_DECISIONS:
            yield FIELD_DECISION_TYPE.at(file, element.id, name=field.name, type=field.type)
        if field.pattern is not None:
            yield from _pattern(file, element.id, field.name, field.pattern)


def _pattern(file: str, id_: str, name: str, pattern: str) -> Iterator[Finding]:
    try:
        patterns.limit(pattern)
    except ExpressionError as error:
        yield FIELD_PATTERN.at(file, id_, name=name, problem=error.problem)


# --- references -----------------------------------------------------------------------------------
def references(
    files: ReleaseFiles, process: Process, *, handlers: Container[str], forms: Container[str]
) -> Iterator[Finding]:
    file = files.file_of[process.id]
    for element in process.elements.values():
        yield from _work(file, element, handlers, forms)
        # of this process, or of another that the same case runs through
        for other in element.not_same_person_as:
            if not any(
                p.elements[other].type in _PEOPLE
                for p in files.processes.values()
                if other in p.elements
            ):
                yield SEPARATE_UNKNOWN.at(file, element.id, element=other)
        if element.type == "businessRuleTask":
            yield from _decision(files, file, element)
        if element.type == "callActivity":
            yield from _call(files, process, element)
    yield from _lanes(file, process, files.diagrams[file].ids)


def _work(
    file: str, element: ElementSpec, handlers: Container[str], forms: Container[str]
) -> Iterator[Finding]:
    if element.type == "serviceTask" and element.handler is None:
        yield HANDLER_MISSING.at(file, element.id)
    if element.handler is not None and element.handler not in handlers:
        yield HANDLER_UNKNOWN.at(file, element.id, handler=element.handler)
    if element.form is not None and element.form not in forms:
        yield FORM_UNKNOWN.at(file, element.id, form=element.form)
    if element.type in _PEOPLE and (element.lane is None or element.lane.role is None):
        yield LANE_MISSING.at(
            file, element.id, lane="" if element.lane is None else element.lane.id
        )


def _decision(files: ReleaseFiles, file: str, element: ElementSpec) -> Iterator[Finding]:
    if element.table is None:
        yield TABLE_MISSING.at(file, element.id)
        return
    table = files.decision(element.table)
    if table is None:
        yield TABLE_UNKNOWN.at(file, element.id, table=element.table)
        return
    for output in element.outputs:
        if output.name not in table.outputs:
            yield OUTPUT_NOT_IN_TABLE.at(file, element.id, name=output.name, table=table.id)


def _call(files: ReleaseFiles, process: Process, element: ElementSpec) -> Iterator[Finding]:
    file = files.file_of[process.id]
    if element.called is None:
        yield CALLED_MISSING.at(file, element.id)
    elif element.called not in files.processes:
        yield CALLED_UNKNOWN.at(file, element.id, process=element.called)
    else:
        called = files.processes[element.called]
        begins = [e for e in called.elements.values() if e.type == "startEvent" and e.scope is None]
        plain = [e for e in begins if not event_definitions(called.nodes[e.id])]
        if len(plain) != 1 and not next(scopes(called.node)).implicit_start:
            yield CALLED_START.at(file, element.id, process=element.called)
        if process.id in files.closure(element.called):
            yield CALL_CYCLE.at(file, element.id, process=element.called)


def _lanes(file: str, process: Process, ids: Mapping[str, etree._Element]) -> Iterator[Finding]:
    """10.8: a process may be divided in several ways, one lane set each; in one of them an element
    is in one lane."""
    for lanes in process.node.iter(xml.BPMN + "laneSet"):
        seen: dict[str, str] = {}
        for lane in lanes.iter(xml.BPMN + "lane"):
            if xml.child(lane, "childLaneSet") is not None:
                continue
            for id_ in map(xml.text, xml.children(lane, "flowNodeRef")):
                found = ids.get(id_.rpartition(":")[2])
                if id_ in process.nodes:
                    if id_ in seen:
                        yield LANE_TWICE.at(file, id_, lanes=f"{seen[id_]} {lane.get('id')}")
                elif found is None:  # what is gone does no harm
                    yield LANE_REFERENCE_UNKNOWN.at(file, lane.get("id"), element=id_)
                else:  # what is there and is no task, event or gateway of the process was never a member
                    yield LANE_REFERENCE_KIND.at(
                        file, lane.get("id"), reference=id_, found=xml.local(found)
                    )
                seen[id_] = lane.get("id", "")
