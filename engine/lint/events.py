"""Events: which kinds stand where, and that what they refer to exists."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.errors import ExpressionError, Finding, Rule
from engine.lint import standard
from engine.lint.references import plain
from engine.model import timers, xml
from engine.model.expressions import EXPRESSION
from engine.model.files import ReleaseFiles
from engine.model.graph import (
    Scope,
    behaviour_definitions,
    event_definitions,
    is_event_sub_process,
    links,
    once,
    scopes,
    starts_process,
    timer_text,
)
from engine.model.vocabulary import SCOPES, Diagram, Process, ours
from engine.rewrite import ad_hoc, several_events

BOUNDARY_AMBIGUOUS: Final = Rule("boundary_ambiguous", "BPMN 10.5.4", ("code",))
BOUNDARY_HOST_KIND: Final = Rule("boundary_host_kind", "BPMN 10.5.4", ("element",))
BOUNDARY_HOST_UNKNOWN: Final = Rule("boundary_host_unknown", "BPMN 10.5.4", ("element",))
BOUNDARY_MUST_INTERRUPT: Final = Rule("boundary_must_interrupt", "BPMN 10.5.4")
BOUNDARY_OF_A_TASK: Final = Rule("boundary_of_a_task", "Ventanilla", ("kind",))
CANCEL_OUTSIDE_TRANSACTION: Final = Rule("cancel_outside_transaction", "BPMN 10.5.3")
CANCEL_TWICE: Final = Rule("cancel_twice", "BPMN 10.5.4")
CANCEL_UNCAUGHT: Final = Rule("cancel_uncaught", "BPMN 10.3.5", ("other",))
CODE_MISSING: Final = Rule("code_missing", "BPMN 8.4.3, 8.4.4", ("kind", "reference"))
CODE_OPEN: Final = Rule("code_open", "BPMN 8.4.3, 8.4.4", ("kind", "reference"), severity="warning")
COMPENSATION_ACTIVITY: Final = Rule("compensation_activity", "BPMN 10.5.5", ("other",))
COMPENSATION_TOP: Final = Rule("compensation_top", "BPMN 10.7.1")
COMPENSATION_TWICE: Final = Rule("compensation_twice", "BPMN 10.7.1", ("other",))
CONDITION_OF_EVENT_EMPTY: Final = Rule("condition_of_event_empty", "BPMN 10.5.5")
END_MISSING: Final = Rule("end_missing", "BPMN 10.5.3")
EVENT_KIND: Final = Rule("event_kind", "Ventanilla", ("element", "kind"))
EVENT_MULTIPLE: Final = Rule("event_multiple", "Ventanilla", ("kinds",))
EVENT_SUB_PROCESS_TWICE: Final = Rule("event_sub_process_twice", "BPMN 10.5.6", ("other",))
EVENT_UNDEFINED: Final = Rule("event_undefined", "BPMN 10.5.4")
LINK_SOURCE: Final = Rule("link_source", "BPMN 10.5.5", ("name",))
LINK_TARGET: Final = Rule("link_target", "BPMN 10.5.5", ("name",))
MESSAGE_KEY_MISSING: Final = Rule("message_key_missing", "Ventanilla", ("message",))
MESSAGE_MISSING: Final = Rule("message_missing", "BPMN 10.3.3")
MESSAGE_UNNAMED: Final = Rule("message_unnamed", "BPMN 8.4.11")
REFERENCE_MISSING: Final = Rule("reference_missing", "BPMN 10.5.5", ("kind",))
SEND_TASK_MESSAGE_OR_HANDLER: Final = Rule("send_task_message_or_handler", "Ventanilla")
SIGNAL_NEVER_THROWN: Final = Rule("signal_never_thrown", "Ventanilla", ("name",))
START_AMBIGUOUS: Final = Rule("start_ambiguous", "Ventanilla", ("elements",))
START_MISSING: Final = Rule("start_missing", "BPMN 10.5.2")
START_OF_SUB_PROCESS: Final = Rule("start_of_sub_process", "BPMN 10.3.5, 10.5.2")
TIMER_REPEATS: Final = Rule("timer_repeats", "Ventanilla", ("expression",))
TIMER_MISSING: Final = Rule("timer_missing", "BPMN 10.5.5")

_ALLOWED: Final[dict[str, frozenset[str]]] = {
    "startEvent": frozenset({"message", "timer", "signal"}),
    "endEvent": frozenset(
        {"message", "error", "escalation", "signal", "terminate", "cancel", "compensate"}
    ),
    "intermediateCatchEvent": frozenset({"message", "timer", "signal", "link", "conditional"}),
    "intermediateThrowEvent": frozenset({"message", "escalation", "signal", "link", "compensate"}),
    "boundaryEvent": frozenset(
        {"message", "timer", "signal", "error", "escalation", "cancel", "conditional", "compensate"}
    ),
}
_HANDLED: Final = frozenset(
    {"message", "timer", "signal", "error", "escalation", "conditional", "compensate"}
)
_ALWAYS_INTERRUPT: Final = frozenset(
    {"errorEventDefinition", "cancelEventDefinition", "compensateEventDefinition"}
)
_DEFINED: Final = frozenset({"intermediateCatchEvent", "boundaryEvent"})
MULTI: Final = "multiInstanceLoopCharacteristics"
_HOSTS: Final = frozenset({
    "task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask", "subProcess",
    "transaction", "callActivity", "adHocSubProcess",
})  # fmt: skip


def check(diagram: Diagram, process: Process, scope: Scope) -> Iterator[Finding]:
    yield from _starts(diagram.file, process, scope)
    for id_, node in scope.nodes.items():
        kind = xml.local(node)
        if kind in _ALLOWED:
            yield from _event(diagram, scope, id_, node)
        if kind == "boundaryEvent":
            yield from _boundary(diagram.file, scope, id_, node)
        if kind in ("sendTask", "receiveTask") or kind in _ALLOWED:
            yield from _message(diagram, process, id_)
        yield from _undone_twice(diagram.file, scope, id_)
    yield from _ambiguous(diagram, scope)
    yield from _handlers(diagram, scope)
    yield from _links(diagram.file, scope)


def _starts(file: str, process: Process, scope: Scope) -> Iterator[Finding]:
    """An ad-hoc sub-process has neither start nor end; another scope may have neither."""
    if xml.local(scope.node) == ad_hoc.TAG or scope.implicit_ends:
        return
    starts = scope.starts()
    waits = {
        id_
        for id_ in starts
        if event_definitions(scope.nodes[id_]) or starts_process(scope.nodes[id_])
    }
    plain = [id_ for id_ in starts if id_ not in waits and process.elements[id_].schedule is None]
    if not starts:
        yield START_MISSING.at(file, scope.id)
    elif len(plain) > 1:
        yield START_AMBIGUOUS.at(file, scope.id, elements=" ".join(plain))
    if scope.node is not process.node:
        if len(starts) > 1 or any(
            bool(event_definitions(scope.nodes[id_])) != is_event_sub_process(scope.node)
            for id_ in starts
        ):
            yield START_OF_SUB_PROCESS.at(file, scope.id)
        if not any(scope.kind(id_) == "endEvent" or scope.ends_here(id_) for id_ in scope.nodes):
            yield END_MISSING.at(file, scope.id)


def _event(diagram: Diagram, scope: Scope, id_: str, node: etree._Element) -> Iterator[Finding]:
    kind = xml.local(node)
    found = event_definitions(node)
    names = [xml.local(each).removesuffix("EventDefinition") for each in found]
    if len(found) > 1 and not _several(scope, node, kind, names):
        yield EVENT_MULTIPLE.at(diagram.file, id_, kinds=" ".join(names))
    if not found and kind in _DEFINED:
        yield EVENT_UNDEFINED.at(diagram.file, id_)
    allowed = (
        _HANDLED if kind == "startEvent" and is_event_sub_process(scope.node) else _ALLOWED[kind]
    )
    for name in names:
        if name not in allowed and name in standard.allowed(node):
            yield EVENT_KIND.at(diagram.file, id_, element=kind, kind=name)
    if "compensate" in names and kind in ("endEvent", "intermediateThrowEvent"):
        yield from _compensation(diagram.file, scope, id_, found)
    if "compensate" in names and kind == "startEvent" and is_event_sub_process(scope.node):
        yield from _undoing(diagram.file, scope, id_)
    if "cancel" in names and not _in_transaction(scope, node, kind):
        yield CANCEL_OUTSIDE_TRANSACTION.at(diagram.file, id_)
    elif "cancel" in names and kind == "endEvent" and not _cancel_caught(scope.node):
        yield CANCEL_UNCAUGHT.at(diagram.file, id_, other=scope.id)
    for each, name in zip(found, names, strict=True):
        yield from _reference(diagram, id_, kind, each, name)
        if name == "conditional" and not xml.text(xml.child(each, "condition")):
            yield CONDITION_OF_EVENT_EMPTY.at(diagram.file, id_)
        if name == "timer":
            yield from _timer(diagram.file, id_, node, timer_text(each))


def _timer(file: str, id_: str, node: etree._Element, text: str) -> Iterator[Finding]:
    """A text of the standard must make sense now, not when the first case gets there."""
    if not text and not ours(node, "schedule"):
        yield TIMER_MISSING.at(file, id_)
    elif timers.repeats(text) and once(node):
        yield TIMER_REPEATS.at(file, id_, expression=text)
    elif timers.is_literal(text):
        try:
            timers.first_due(text, dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.UTC)
        except ExpressionError as error:
            yield EXPRESSION.at(file, id_, expression=text, problem=error.problem)


def _several(scope: Scope, node: etree._Element, kind: str, names: list[str]) -> bool:
    """Whether these definitions may stand on one event: `events_several` says how they are carried
    out."""
    together = xml.is_true(node, "parallelMultiple")
    raced = any(scope.after_event_gateway(flow) for flow in scope.incoming(node.get("id", "")))
    match kind:
        case "intermediateCatchEvent":
            return "link" not in names and not (together and raced)
        case "boundaryEvent":
            return not set(names) & (
                {"compensate", "error", "cancel"} if together else {"compensate"}
            )
        case "startEvent":
            if is_event_sub_process(scope.node):
                return not set(names) & ({"compensate", "error"} if together else {"compensate"})
            return (
                not together
                and set(names) <= {"message", "signal", "timer"}
                and names.count("timer") <= 1
            )
        case "endEvent":
            # what comes after is never thrown
            return sum(f"{name}EventDefinition" in several_events.LAST for name in names) <= 1
    return "link" not in names


def _compensation(
    file: str, scope: Scope, id_: str, found: list[etree._Element]
) -> Iterator[Finding]:
    """10.7.2: a throw undoes activities of its own scope; in an event sub-process, also of the
    scope around it."""
    visible, around = set(scope.nodes), scope.node
    while is_event_sub_process(around) and (parent := around.getparent()) is not None:
        around = parent
        visible |= {each.get("id") or "" for each in around}
    for each in found:
        activity = each.get("activityRef")
        if activity is not None and activity not in visible:
            yield COMPENSATION_ACTIVITY.at(file, id_, other=activity)


def _undoing(file: str, scope: Scope, id_: str) -> Iterator[Finding]:
    """An event sub-process that undoes its sub-process: there is one, and nothing else starts
    it."""
    around = scope.node.getparent()
    if around is None or xml.local(around) not in SCOPES:
        yield COMPENSATION_TOP.at(file, id_)
        return
    handlers = [
        each
        for each in xml.children(around, "subProcess")
        if is_event_sub_process(each) and _undoes(each)
    ]
    if len(handlers) > 1:
        yield COMPENSATION_TWICE.at(file, id_, other=around.get("id") or "")


def _undone_twice(file: str, scope: Scope, id_: str) -> Iterator[Finding]:
    """10.7.1: an activity has one compensation handler: by a boundary event, or inside it by an
    event sub-process."""
    by_event = [each for each in scope.boundaries(id_) if _compensates(scope.nodes[each])]
    inside = any(
        is_event_sub_process(each) and _undoes(each)
        for each in xml.children(scope.nodes[id_], "subProcess")
    )
    if len(by_event) + inside > 1:
        yield COMPENSATION_TWICE.at(file, by_event[-1], other=id_)


def _compensates(event: etree._Element) -> bool:
    return any(xml.local(each) == "compensateEventDefinition" for each in event_definitions(event))


def _undoes(handler: etree._Element) -> bool:
    starts = xml.children(handler, "startEvent")
    return any(
        xml.local(each) == "compensateEventDefinition"
        for start in starts
        for each in event_definitions(start)
    )


def _in_transaction(scope: Scope, node: etree._Element, kind: str) -> bool:
    if kind == "endEvent":
        return xml.local(scope.node) == "transaction"
    host = scope.nodes.get(node.get("attachedToRef", ""))
    return host is not None and xml.local(host) == "transaction"


def _cancel_caught(transaction: etree._Element) -> bool:
    """10.3.5: flow goes on from the cancel event on the border of the transaction; without one it
    would end in nothing."""
    around = transaction.getparent()
    borders = [] if around is None else xml.children(around, "boundaryEvent")
    return any(
        xml.local(each) == "cancelEventDefinition"
        for border in borders
        if border.get("attachedToRef") == transaction.get("id")
        for each in event_definitions(border)
    )


def _reference(
    diagram: Diagram, id_: str, kind: str, definition: etree._Element, name: str
) -> Iterator[Finding]:
    tables: dict[str, dict[str, str] | dict[str, str | None]] = {
        "signal": diagram.signals,
        "error": diagram.errors,
        "escalation": diagram.escalations,
        "message": diagram.messages,
    }
    if name not in tables:
        return
    reference = definition.get(f"{name}Ref")
    if reference is None:
        if name in ("signal", "message") or kind in ("endEvent", "intermediateThrowEvent"):
            yield REFERENCE_MISSING.at(diagram.file, id_, kind=name)
    elif name != "message" and tables[name].get(plain(reference), True) in ("", None):
        catches = name != "signal" and kind not in ("endEvent", "intermediateThrowEvent")
        yield (CODE_OPEN if catches else CODE_MISSING).at(
            diagram.file, id_, kind=name, reference=reference
        )


def _known_message(diagram: Diagram, node: etree._Element) -> bool:
    """Whether it refers to a message of the file: one that is missing or unknown has rules of its
    own."""
    references = [
        node.get("messageRef"),
        *(each.get("messageRef") for each in event_definitions(node)),
    ]
    return any(plain(reference or "") in diagram.messages for reference in references)


def _message(diagram: Diagram, process: Process, id_: str) -> Iterator[Finding]:
    element = process.elements[id_]
    spec = element.message
    if element.type == "receiveTask" and spec is None:
        yield MESSAGE_MISSING.at(diagram.file, id_)
    elif element.type == "sendTask" and (spec is None) == (element.handler is None):
        yield SEND_TASK_MESSAGE_OR_HANDLER.at(diagram.file, id_)
    elif spec is not None and not all(spec.names):
        if _known_message(diagram, process.nodes[id_]):
            yield MESSAGE_UNNAMED.at(diagram.file, id_)
    elif spec is not None and not spec.key:
        yield MESSAGE_KEY_MISSING.at(diagram.file, id_, message=spec.name)


def signals(files: ReleaseFiles, process: Process) -> Iterator[Finding]:
    """A signal reaches every instance that waits for it: one that no process of the release throws
    never comes."""
    throws = ("endEvent", "intermediateThrowEvent")
    thrown = {name for each in files.processes.values() for name in _signals(files, each, *throws)}
    raced = {
        flow.target
        for scope in scopes(process.node)
        for flow in scope.flows
        if scope.after_event_gateway(flow)
    }
    for id_, node in process.nodes.items():
        if xml.local(node) in ("intermediateCatchEvent", "boundaryEvent", "startEvent"):
            names = _signals_of(files, process, node)
            others = not xml.is_true(node, "parallelMultiple") and (
                len(event_definitions(node)) > len(names) or names & thrown
            )
            stuck = xml.local(node) == "intermediateCatchEvent" and id_ not in raced and not others
            for name in names - thrown:
                rule = SIGNAL_NEVER_THROWN if stuck else SIGNAL_NEVER_THROWN.as_warning()
                yield rule.at(files.file_of[process.id], id_, name=name)


def _signals(files: ReleaseFiles, process: Process, *kinds: str) -> set[str]:
    nodes = (node for node in process.nodes.values() if xml.local(node) in kinds)
    names = files.diagrams[files.file_of[process.id]].signals
    by_items = (
        each
        for loop in process.node.iter(xml.BPMN + "multiInstanceLoopCharacteristics")
        for each in behaviour_definitions(loop)
    )
    announced = {names.get(each.get("signalRef", ""), "") for each in by_items}
    return announced | {name for node in nodes for name in _signals_of(files, process, node)}


def _signals_of(files: ReleaseFiles, process: Process, node: etree._Element) -> set[str]:
    names = files.diagrams[files.file_of[process.id]].signals
    found = (
        each.get("signalRef", "")
        for each in event_definitions(node)
        if xml.local(each) == "signalEventDefinition"
    )
    return {names[reference] for reference in found if reference in names}


def _boundary(file: str, scope: Scope, id_: str, node: etree._Element) -> Iterator[Finding]:
    host = node.get("attachedToRef", "")
    if host not in scope.nodes:
        yield BOUNDARY_HOST_UNKNOWN.at(file, id_, element=host)
    elif scope.kind(host) not in _HOSTS:
        yield BOUNDARY_HOST_KIND.at(file, id_, element=host)
    names = {xml.local(each) for each in event_definitions(node)}
    if names & _ALWAYS_INTERRUPT and xml.is_false(node, "cancelActivity"):
        yield BOUNDARY_MUST_INTERRUPT.at(file, id_)
    announced = host in scope.nodes and any(
        behaviour_definitions(each) for each in xml.children(scope.nodes[host], MULTI)
    )
    if host in scope.nodes and xml.local(scope.nodes[host]) not in (*SCOPES, "callActivity"):
        for name in names & {"escalationEventDefinition"} if not announced else ():
            yield BOUNDARY_OF_A_TASK.at(file, id_, kind=name.removesuffix("EventDefinition"))
    if host in scope.nodes and is_event_sub_process(scope.nodes[host]):
        yield BOUNDARY_HOST_KIND.at(file, id_, element=host)


def _ambiguous(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    """Two boundary events of one activity for the same error: nobody could say which one
    catches."""
    keys: Counter[tuple[str, str, str]] = Counter()
    cancels: Counter[str] = Counter()
    for id_ in scope.nodes:
        host = scope.nodes[id_].get("attachedToRef")
        for each in event_definitions(scope.nodes[id_]) if host else []:
            name = xml.local(each)
            if name == "errorEventDefinition":
                keys[host or "", name, diagram.errors.get(each.get("errorRef", "")) or ""] += 1
            elif name == "escalationEventDefinition":
                keys[
                    host or "", name, diagram.escalations.get(each.get("escalationRef", "")) or ""
                ] += 1
            elif name == "cancelEventDefinition":
                cancels[host or ""] += 1
    for (host, _, code), number in keys.items():
        if number > 1:
            yield BOUNDARY_AMBIGUOUS.at(diagram.file, host, code=code)
    for host, number in cancels.items():
        if number > 1:
            yield CANCEL_TWICE.at(diagram.file, host)


def _handlers(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    """10.5.6: of one declaration of an event a scope has one event sub-process that interrupts
    it."""
    waiting: dict[tuple[str, str], dict[str, None]] = {}
    for id_, node in scope.nodes.items():
        for start in xml.children(node, "startEvent") if is_event_sub_process(node) else ():
            if not xml.is_false(start, "isInterrupting") and not xml.is_true(
                start, "parallelMultiple"
            ):
                for each in event_definitions(start):
                    waiting.setdefault(_declaration(diagram, each), {})[id_] = None
    for (kind, _), ids in waiting.items():
        # `compensation_twice`
        for id_ in ids if len(ids) > 1 and kind != "compensateEventDefinition" else ():
            yield EVENT_SUB_PROCESS_TWICE.at(
                diagram.file, id_, other=" ".join(each for each in ids if each != id_)
            )


def _declaration(diagram: Diagram, definition: etree._Element) -> tuple[str, str]:
    """What a definition waits for: its code or name, or the text of its time or condition."""
    kind = xml.local(definition)
    tables: dict[str, dict[str, str] | dict[str, str | None]] = {
        "signal": diagram.signals,
        "error": diagram.errors,
        "escalation": diagram.escalations,
        "message": diagram.messages,
    }
    name = kind.removesuffix("EventDefinition")
    if name not in tables:
        return kind, xml.text(definition)
    reference = plain(definition.get(f"{name}Ref", ""))
    # without a code: any, as without a reference
    return kind, tables[name].get(reference, reference) or ""


def _links(file: str, scope: Scope) -> Iterator[Finding]:
    """Each link throw needs exactly one catch of the same name in its scope."""
    names: dict[str, list[tuple[str, str]]] = {
        "intermediateThrowEvent": [],
        "intermediateCatchEvent": [],
    }
    for id_, node in scope.nodes.items():
        for each in links(node):
            if xml.local(node) in names:
                names[xml.local(node)].append((id_, each.get("name") or ""))
    caught = Counter(name for _, name in names["intermediateCatchEvent"])
    thrown = {name for _, name in names["intermediateThrowEvent"]}
    for id_, name in names["intermediateThrowEvent"]:
        if not name or caught[name] != 1:
            yield LINK_TARGET.at(file, id_, name=name)
    for id_, name in names["intermediateCatchEvent"]:
        if name not in thrown:
            yield LINK_SOURCE.at(file, id_, name=name)
