"""What the standard says of flows, gateways and events, whether we execute them or not (chapters 7,
8 and 10 of BPMN 2.0.2)."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.errors import Finding, Rule
from engine.lint.references import EVENT_DEFINITIONS, plain
from engine.model import timers, xml
from engine.model.graph import Scope, event_definitions, is_event_sub_process, links
from engine.model.vocabulary import ACTIVITIES, SCOPES, Diagram

AD_HOC_EMPTY: Final = Rule("ad_hoc_empty", "BPMN 10.3.5")
AD_HOC_EVENT: Final = Rule("ad_hoc_event", "BPMN 10.3.5", ("element",))
COMPENSATION_ALONE: Final = Rule("compensation_alone", "BPMN 10.7.1")
COMPENSATION_FLOW: Final = Rule("compensation_flow", "BPMN 10.7.1")
COMPENSATION_HANDLER: Final = Rule("compensation_handler", "BPMN 10.7.1")
CONDITION_AFTER_EVENT: Final = Rule("condition_after_event", "BPMN 8.4.13", ("element",))
EVENT_GATEWAY_MIXED: Final = Rule("event_gateway_mixed", "BPMN 10.6.6")
EVENT_GATEWAY_PARALLEL: Final = Rule("event_gateway_parallel", "BPMN 10.6.6")
EVENT_NOT_ALLOWED: Final = Rule("event_not_allowed", "BPMN 10.5.2–10.5.4", ("element", "kind"))
EVENT_SUB_PROCESS_FLOW: Final = Rule("event_sub_process_flow", "BPMN 10.3.5")
EXPRESSION_EMPTY: Final = Rule("expression_empty", "BPMN 8.4.6", ("element",))
FLOW_NOT_IMMEDIATE: Final = Rule("flow_not_immediate", "BPMN 8.4.13")
FLOW_LIST_SHORT: Final = Rule("flow_list_short", "BPMN 8.4.13", ("element",), severity="warning")
FLOW_REFERENCES: Final = Rule("flow_references", "BPMN 8.4.13", ("element",))
GATEWAY_ALONE: Final = Rule("gateway_alone", "BPMN 10.6.1")
GATEWAY_DIRECTION: Final = Rule(
    "gateway_direction", "BPMN 8.4.9", ("value", "incoming", "outgoing")
)
INSTANTIATE_INCOMING: Final = Rule("instantiate_incoming", "BPMN 10.3.3, 10.6.6", ("element",))
INSTANTIATE_NESTED: Final = Rule("instantiate_nested", "BPMN 10.3.3, 10.6.6", ("element",))
LINK_PAIR: Final = Rule("link_pair", "BPMN 10.5.5", ("reference",))
LINK_WITH_FLOW: Final = Rule("link_with_flow", "BPMN 10.5.5")
MULTI_BEHAVIOUR_COMPLEX: Final = Rule("multi_behaviour_complex", "BPMN 10.3.8", ("value",))
MULTI_BEHAVIOUR_EVENT: Final = Rule("multi_behaviour_event", "BPMN 10.3.8", ("value",))
QUANTITY_BELOW_ONE: Final = Rule("quantity_below_one", "BPMN 10.3", ("attribute", "value"))
START_MUST_INTERRUPT: Final = Rule("start_must_interrupt", "BPMN 10.5.2")
TIMER_KIND: Final = Rule("timer_kind", "BPMN 10.5.5", ("expression", "element"))

#: 10.5.2–10.5.4 and table 10.93: which definitions stand on which event
STANDARD: Final[dict[str, frozenset[str]]] = {
    "startEvent": frozenset({"message", "timer", "conditional", "signal"}),
    "event sub-process": frozenset(
        {"message", "timer", "escalation", "error", "compensate", "conditional", "signal"}
    ),
    "sub-process": frozenset(),
    "endEvent": frozenset(
        {"message", "error", "escalation", "cancel", "compensate", "signal", "terminate"}
    ),
    "intermediateCatchEvent": frozenset({"message", "timer", "conditional", "link", "signal"}),
    "intermediateThrowEvent": frozenset({"message", "escalation", "compensate", "link", "signal"}),
    "boundaryEvent": frozenset(
        {"message", "timer", "escalation", "error", "cancel", "compensate", "conditional", "signal"}
    ),
}
_TIMES: Final = ("timeDate", "timeDuration", "timeCycle")
_ALWAYS_INTERRUPT: Final = frozenset({"error", "cancel", "compensate"})
#: those of flows, conditional events and timers have rules of their own (`condition_empty`,
#: `timer_missing`)
_EXPRESSIONS: Final = frozenset({
    "completionCondition", "loopCondition", "loopCardinality", "from", "to", "transformation", "messagePath", "dataPath",
    "activationCondition", "formalExpression", "expression",
})  # fmt: skip


def check(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    yield from _lists(diagram, scope)
    for id_, node in scope.nodes.items():
        kind = xml.local(node)
        if kind.endswith("Gateway"):
            yield from _gateway(diagram.file, scope, id_, node)
        elif kind.endswith("Event"):
            yield from _event(diagram, scope, id_, node)
        elif kind in ACTIVITIES:
            yield from _activity(diagram, scope, id_, node)
        yield from _instantiates(diagram.file, scope, id_, node)
    for flow in scope.flows:
        # 8.4.13: conditions stand on flows out of activities and of exclusive, inclusive and
        # complex gateways
        if (
            flow.condition is not None
            and flow.source in scope.nodes
            and scope.kind(flow.source).endswith("Event")
        ):
            yield CONDITION_AFTER_EVENT.at(diagram.file, flow.id, element=flow.source)
        if xml.is_false(flow.node, "isImmediate"):  # 8.4.13: never in a process that is executed
            yield FLOW_NOT_IMMEDIATE.at(diagram.file, flow.id)
    if xml.local(scope.node) == "adHocSubProcess":
        yield from _ad_hoc(diagram.file, scope)


def expressions(diagram: Diagram) -> Iterator[Finding]:
    """8.4.6: a formal expression has a body."""
    for node in diagram.root.iter(*(xml.BPMN + name for name in _EXPRESSIONS)):
        if not xml.text(node):
            yield EXPRESSION_EMPTY.at(diagram.file, xml.where(node), element=xml.local(node))
    for node in diagram.root.iter(xml.BPMN + "complexBehaviorDefinition"):
        if not xml.text(xml.child(node, "condition")):
            yield EXPRESSION_EMPTY.at(diagram.file, xml.where(node), element="condition")


def definitions(diagram: Diagram, node: etree._Element) -> list[etree._Element]:
    """The definitions of an event, those that it refers to included."""
    found = []
    for child in node:
        name = xml.local(child)
        if name in EVENT_DEFINITIONS:
            found.append(child)
        elif (
            name == "eventDefinitionRef"
            and (other := diagram.ids.get(plain(xml.text(child)))) is not None
        ):
            found.append(other)
    return found


def allowed(node: etree._Element) -> frozenset[str]:
    """The kinds of definition that the standard has for this event at this place."""
    kind, parent = xml.local(node), node.getparent()
    if kind == "startEvent" and parent is not None and xml.local(parent) in SCOPES:
        kind = "event sub-process" if is_event_sub_process(parent) else "sub-process"
    return STANDARD[kind]


# --- flows ----------------------------------------------------------------------------------------
def _lists(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    """8.4.13: who lists its flows (`incoming`, `outgoing`) lists them all. An incomplete list
    misleads nobody."""
    named = [
        each for node in scope.nodes.values() for each in xml.children(node, "incoming", "outgoing")
    ]
    if not named:
        return
    for id_, node in scope.nodes.items():
        for tag, flows in (("incoming", scope.incoming(id_)), ("outgoing", scope.outgoing(id_))):
            listed = {plain(xml.text(each)) for each in xml.children(node, tag)}
            drawn = {flow.id for flow in flows} - diagram.nameless
            # what is drawn counts; a flow that is listed and goes elsewhere is another diagram
            if listed != drawn:
                yield (FLOW_LIST_SHORT if listed < drawn else FLOW_REFERENCES).at(
                    diagram.file, id_, element=tag
                )


# --- gateways -------------------------------------------------------------------------------------
def _gateway(file: str, scope: Scope, id_: str, node: etree._Element) -> Iterator[Finding]:
    """8.4.9, table 8.47 (direction); 10.6.1: a gateway has several incoming or several outgoing
    flows."""
    into, out = len(scope.incoming(id_)), len(scope.outgoing(id_))
    if into <= 1 and out <= 1:
        yield GATEWAY_ALONE.at(file, id_)
    direction = node.get("gatewayDirection", "Unspecified")
    wrong = {
        "Converging": into <= 1 or out > 1,
        "Diverging": out <= 1 or into > 1,
        "Mixed": into <= 1 or out <= 1,
    }
    if wrong.get(direction, False) and (into > 1 or out > 1):
        yield GATEWAY_DIRECTION.at(
            file, id_, value=direction, incoming=str(into), outgoing=str(out)
        )
    if xml.local(node) == "eventBasedGateway":
        yield from _event_gateway(file, scope, id_, node)


def _event_gateway(file: str, scope: Scope, id_: str, node: etree._Element) -> Iterator[Finding]:
    """10.6.6: message events and receive tasks are not mixed; only a gateway that starts a process
    waits for all."""
    targets = [
        scope.nodes[flow.target] for flow in scope.outgoing(id_) if flow.target in scope.nodes
    ]
    receives = any(xml.local(each) == "receiveTask" for each in targets)
    if receives and any(
        xml.local(found) == "messageEventDefinition"
        for each in targets
        for found in event_definitions(each)
    ):
        yield EVENT_GATEWAY_MIXED.at(file, id_)
    if node.get("eventGatewayType") == "Parallel" and not xml.is_true(node, "instantiate"):
        yield EVENT_GATEWAY_PARALLEL.at(file, id_)


def _instantiates(file: str, scope: Scope, id_: str, node: etree._Element) -> Iterator[Finding]:
    """10.3.3 (receive task) and 10.6.6 (event gateway): what starts a process has no incoming flow,
    and is of the process itself."""
    if not xml.is_true(node, "instantiate"):
        return
    if scope.incoming(id_):
        yield INSTANTIATE_INCOMING.at(file, id_, element=xml.local(node))
    if xml.local(scope.node) in SCOPES:
        yield INSTANTIATE_NESTED.at(file, id_, element=xml.local(node))


# --- events ---------------------------------------------------------------------------------------
def _event(diagram: Diagram, scope: Scope, id_: str, node: etree._Element) -> Iterator[Finding]:
    kind, fits = xml.local(node), allowed(node)
    names = [xml.local(each).removesuffix("EventDefinition") for each in definitions(diagram, node)]
    for name in names:
        if name not in fits:
            yield EVENT_NOT_ALLOWED.at(diagram.file, id_, element=kind, kind=name)
    if (
        kind == "startEvent"
        and xml.is_false(node, "isInterrupting")
        and set(names) & _ALWAYS_INTERRUPT
    ):
        yield START_MUST_INTERRUPT.at(diagram.file, id_)
    if kind == "boundaryEvent" and "compensate" in names:
        yield from _compensation_boundary(diagram, scope, id_)
    for each in links(node):
        yield from _link(diagram, scope, id_, each)
    for each in definitions(diagram, node):
        yield from _time(diagram.file, id_, each)


def _time(file: str, id_: str, definition: etree._Element) -> Iterator[Finding]:
    """10.5.5 (timer): a time that is written out is a date, a duration or a cycle of ISO 8601, as
    its element says."""
    for each in xml.children(definition, *_TIMES):
        text, name = xml.text(each), xml.local(each)
        if (
            timers.is_literal(text)
            and {"P": "timeDuration", "R": "timeCycle"}.get(text[0], "timeDate") != name
        ):
            yield TIMER_KIND.at(file, id_, expression=text, element=name)


def _link(
    diagram: Diagram, scope: Scope, id_: str, definition: etree._Element
) -> Iterator[Finding]:
    """10.5.5 (link): nothing flows out of a source nor into a target; what they name lies on the
    other side, in one scope."""
    throws = scope.kind(id_) == "intermediateThrowEvent"
    if scope.outgoing(id_) if throws else scope.incoming(id_):
        yield LINK_WITH_FLOW.at(diagram.file, id_)
    for part, back in (("target", "source"), ("source", "target")):
        for reference in [plain(xml.text(each)) for each in xml.children(definition, part)]:
            other = diagram.ids.get(reference)
            event = None if other is None else other.getparent()
            if other is None or event is None or xml.local(other) != "linkEventDefinition":
                continue  # `reference_unknown`, `reference_kind`
            returned = [plain(xml.text(each)) for each in xml.children(other, back)]
            opposite = xml.local(event) == (
                "intermediateCatchEvent" if part == "target" else "intermediateThrowEvent"
            )
            if (
                not opposite
                or event.get("id") not in scope.nodes
                or (definition.get("id") or "") not in returned
            ):
                yield LINK_PAIR.at(diagram.file, id_, reference=reference)


# --- activities -----------------------------------------------------------------------------------
def _activity(diagram: Diagram, scope: Scope, id_: str, node: etree._Element) -> Iterator[Finding]:
    flows = scope.incoming(id_) or scope.outgoing(id_)
    if is_event_sub_process(node) and flows:
        yield EVENT_SUB_PROCESS_FLOW.at(diagram.file, id_)
    if xml.is_true(node, "isForCompensation"):
        if flows:
            yield COMPENSATION_FLOW.at(diagram.file, id_)
        if id_ not in diagram.associated and not is_event_sub_process(node):
            yield COMPENSATION_ALONE.at(diagram.file, id_)
    for quantity in "startQuantity", "completionQuantity":
        if node.get(quantity, "1").lstrip("-").isdecimal() and int(node.get(quantity, "1")) < 1:
            yield QUANTITY_BELOW_ONE.at(
                diagram.file, id_, attribute=quantity, value=node.get(quantity, "")
            )
    for loop in xml.children(node, "multiInstanceLoopCharacteristics"):
        yield from _behaviour(diagram.file, id_, loop)


def _behaviour(file: str, id_: str, loop: etree._Element) -> Iterator[Finding]:
    """10.3.8, table 10.30: behaviours None and One name an event; complex definitions stand with
    Complex only."""
    behaviour = loop.get("behavior", "All")
    reference = {"None": "noneBehaviorEventRef", "One": "oneBehaviorEventRef"}.get(behaviour)
    if reference is not None and not loop.get(reference):
        yield MULTI_BEHAVIOUR_EVENT.at(file, id_, value=behaviour)
    if (xml.child(loop, "complexBehaviorDefinition") is not None) != (behaviour == "Complex"):
        yield MULTI_BEHAVIOUR_COMPLEX.at(file, id_, value=behaviour)


def _compensation_boundary(diagram: Diagram, scope: Scope, id_: str) -> Iterator[Finding]:
    """10.7.1: it has no outgoing flow, but an association to one compensation activity of its
    scope."""
    if scope.outgoing(id_):
        yield COMPENSATION_FLOW.at(diagram.file, id_)
    targets = [scope.nodes.get(target) for target in diagram.associations.get(id_, [])]
    # annotations are no targets of this rule
    drawn_to = [each for each in targets if each is not None]
    if len(drawn_to) != 1 or not xml.is_true(drawn_to[0], "isForCompensation"):
        yield COMPENSATION_HANDLER.at(diagram.file, id_)


def _ad_hoc(file: str, scope: Scope) -> Iterator[Finding]:
    """10.3.5 (ad-hoc): at least one activity; neither start nor end events."""
    kinds = {id_: scope.kind(id_) for id_ in scope.nodes}
    if not any(kind in ACTIVITIES for kind in kinds.values()):
        yield AD_HOC_EMPTY.at(file, scope.id)
    for id_, kind in kinds.items():
        if kind in ("startEvent", "endEvent"):
            yield AD_HOC_EVENT.at(file, id_, element=kind)
