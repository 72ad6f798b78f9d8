"""Flows, gateways and reachability: what would lose a token, or make one wait for ever."""

from collections.abc import Iterator, Mapping
from typing import Final

from lxml import etree

from engine.errors import Finding, Rule
from engine.lint.deadlock import find_deadlock
from engine.model import xml
from engine.model.graph import Flow, Scope, event_definitions, instantiates, links, stands_apart
from engine.model.vocabulary import FLOW_NODES, PHASE_NAME

COMPLEX_ACTIVATION: Final = Rule("complex_activation", "BPMN 13.4.5")
COMPLEX_CONDITION: Final = Rule("complex_condition", "Ventanilla", ("gateway", "name"))
CONDITION_EMPTY: Final = Rule("condition_empty", "BPMN 8.4.13")
CONDITION_MISSING: Final = Rule("condition_missing", "BPMN 10.6.2", ("gateway",))
CONDITION_WITHOUT_EFFECT: Final = Rule(
    "condition_without_effect", "BPMN 8.4.13", severity="warning"
)
CONDITION_WITHOUT_GATEWAY: Final = Rule("condition_without_gateway", "BPMN 8.4.13", ("element",))
DEFAULT_MISSING: Final = Rule("default_missing", "BPMN 10.6.2", severity="warning")
DEFAULT_UNKNOWN: Final = Rule("default_unknown", "BPMN 8.4.13", ("flow",))
DEFAULT_WITH_CONDITION: Final = Rule("default_with_condition", "BPMN 8.4.13")
EVENT_GATEWAY_ALL: Final = Rule("event_gateway_all", "Ventanilla")
EVENT_GATEWAY_ALONE: Final = Rule("event_gateway_alone", "BPMN 10.6.6")
EVENT_GATEWAY_TARGET: Final = Rule("event_gateway_target", "BPMN 10.6.6", ("gateway",))
FLOW_CROSSES: Final = Rule("flow_crosses", "BPMN 7.6.1", ("other",))
FLOW_DANGLING: Final = Rule("flow_dangling", "BPMN 8.4.13", ("end", "element"))
FLOW_END_KIND: Final = Rule("flow_end_kind", "BPMN 7.6.1, 8.4.13", ("element",))
FLOW_ENDS_HERE: Final = Rule("flow_ends_here", "BPMN 10.5.3", severity="warning")
FLOW_INTO: Final = Rule("flow_into", "BPMN 7.6.1, 10.5.2", ("element", "flow"))
FLOW_MISSING: Final = Rule("flow_missing", "BPMN 7.6.1")
FLOW_OUT_OF_END: Final = Rule("flow_out_of_end", "BPMN 10.5.3", ("flow",))
GATEWAY_TAKES_NO_CONDITIONS: Final = Rule(
    "gateway_takes_no_conditions", "BPMN 10.6.6", ("element",)
)
INTERMEDIATE_ALONE: Final = Rule("intermediate_alone", "BPMN 10.5.4")
JOIN_DEADLOCK: Final = Rule("join_deadlock", "Ventanilla")
JOIN_MAY_WAIT: Final = Rule("join_may_wait", "Ventanilla", severity="warning")
SCOPE_EMPTY: Final = Rule("scope_empty", "Ventanilla")
UNREACHABLE: Final = Rule("unreachable", "BPMN 7.6.1")

_INTERMEDIATE: Final = ("intermediateCatchEvent", "intermediateThrowEvent")
_CHOICES: Final = ("exclusiveGateway", "inclusiveGateway", "complexGateway")
_AFTER_EVENT_GATEWAY: Final = frozenset({
    "messageEventDefinition", "timerEventDefinition", "signalEventDefinition", "conditionalEventDefinition",
})  # fmt: skip


def check(file: str, scope: Scope, ids: Mapping[str, etree._Element]) -> Iterator[Finding]:
    """`ids`: every element of the file, to tell a flow that goes too far from one that goes
    nowhere."""
    broken = [*_ends(file, scope, ids)]
    yield from broken
    if not scope.nodes:
        yield SCOPE_EMPTY.at(file, scope.id)
        return
    for id_ in scope.nodes:
        yield from _node(file, scope, id_)
        yield from _conditions(file, scope, id_)
    yield from _unreachable(file, scope)
    if not broken:
        stuck = find_deadlock(scope)
        if stuck is not None:
            yield (JOIN_DEADLOCK if stuck.always else JOIN_MAY_WAIT).at(file, stuck.element)


def _ends(file: str, scope: Scope, ids: Mapping[str, etree._Element]) -> Iterator[Finding]:
    """Flows that lead nowhere, into another scope, into a start or out of an end."""
    for flow in scope.flows:
        for end, id_ in (("source", flow.source), ("target", flow.target)):
            if id_ in scope.nodes:
                continue
            found = ids.get(id_)
            if found is None:
                yield FLOW_DANGLING.at(file, flow.id, end=end, element=id_)
            elif xml.local(found) in FLOW_NODES:
                yield FLOW_CROSSES.at(file, flow.id, other=id_)
            else:
                yield FLOW_END_KIND.at(file, flow.id, element=xml.local(found))
        target = scope.nodes.get(flow.target)
        if target is not None and (
            xml.local(target) in ("startEvent", "boundaryEvent") or stands_apart(target)
        ):
            yield FLOW_INTO.at(file, flow.target, element=xml.local(target), flow=flow.id)
        source = scope.nodes.get(flow.source)
        if source is not None and xml.local(source) == "endEvent":
            yield FLOW_OUT_OF_END.at(file, flow.source, flow=flow.id)


def _node(file: str, scope: Scope, id_: str) -> Iterator[Finding]:
    node, kind = scope.nodes[id_], scope.kind(id_)
    outgoing = scope.outgoing(id_)
    link_throw = kind == "intermediateThrowEvent" and bool(links(node))
    undoes = kind == "boundaryEvent" and any(
        xml.local(each) == "compensateEventDefinition" for each in event_definitions(node)
    )
    free = xml.local(scope.node) == "adHocSubProcess" or scope.implicit_ends
    if (
        not outgoing
        and kind != "endEvent"
        and not (link_throw or undoes or free)
        and not stands_apart(node)
    ):
        yield (FLOW_ENDS_HERE if scope.ends_here(id_) else FLOW_MISSING).at(file, id_)
    if (
        scope.implicit_ends
        and kind in _INTERMEDIATE
        and not links(node)
        and not (outgoing and scope.incoming(id_))
    ):
        yield INTERMEDIATE_ALONE.at(file, id_)


def _conditions(file: str, scope: Scope, id_: str) -> Iterator[Finding]:
    node, kind = scope.nodes[id_], scope.kind(id_)
    outgoing = scope.outgoing(id_)
    default = node.get("default")
    conditional = [flow for flow in outgoing if flow.condition is not None]
    if default is not None and default not in {flow.id for flow in outgoing}:
        yield DEFAULT_UNKNOWN.at(file, id_, flow=default)
    for flow in conditional:
        if flow.id == default:
            yield DEFAULT_WITH_CONDITION.at(file, flow.id)
        elif not flow.condition:
            yield CONDITION_EMPTY.at(file, flow.id)
    if kind == "parallelGateway" and conditional:
        yield CONDITION_WITHOUT_EFFECT.at(file, id_)
    elif kind == "eventBasedGateway" and (conditional or default):
        yield GATEWAY_TAKES_NO_CONDITIONS.at(file, id_, element=kind)
    elif kind in _CHOICES:
        yield from _choice(file, scope, id_)
    elif conditional and len(outgoing) == 1:
        yield CONDITION_WITHOUT_GATEWAY.at(file, conditional[0].id, element=id_)
    if kind == "eventBasedGateway":
        yield from _event_gateway(file, scope, id_)
    elif kind == "complexGateway" and len(scope.incoming(id_)) > 1:
        yield from _complex(file, scope, id_)


def _complex(file: str, scope: Scope, id_: str) -> Iterator[Finding]:
    """A complex join says when it goes on, and its conditions say in which of its two phases they
    hold."""
    if not xml.text(xml.child(scope.nodes[id_], "activationCondition")):
        yield COMPLEX_ACTIVATION.at(file, id_)
    for flow in scope.outgoing(id_):
        if flow.condition and PHASE_NAME not in flow.condition:
            yield COMPLEX_CONDITION.at(file, flow.id, gateway=id_, name=PHASE_NAME)


def _choice(file: str, scope: Scope, id_: str) -> Iterator[Finding]:
    outgoing, default = scope.outgoing(id_), scope.nodes[id_].get("default")
    bare = [flow for flow in outgoing if flow.condition is None and flow.id != default]
    if len(outgoing) > 1:
        for flow in bare:
            yield CONDITION_MISSING.at(file, flow.id, gateway=id_)
    if outgoing and default is None and not bare:
        yield DEFAULT_MISSING.at(file, id_)


def _event_gateway(file: str, scope: Scope, id_: str) -> Iterator[Finding]:
    outgoing = scope.outgoing(id_)
    if len(outgoing) <= 1:
        yield EVENT_GATEWAY_ALONE.at(file, id_)
    if (
        scope.nodes[id_].get("eventGatewayType") == "Parallel"
        and instantiates(scope.nodes[id_])
        and not _messages_only(scope, outgoing)
    ):
        yield EVENT_GATEWAY_ALL.at(file, id_)
    for flow in outgoing:
        target = scope.nodes.get(flow.target)
        if target is None:
            continue
        kind = xml.local(target)
        events = {xml.local(each) for each in event_definitions(target)}
        allowed = kind == "receiveTask" or (
            kind == "intermediateCatchEvent" and events and events <= _AFTER_EVENT_GATEWAY
        )
        if not allowed or len(scope.incoming(flow.target)) != 1 or scope.boundaries(flow.target):
            yield EVENT_GATEWAY_TARGET.at(file, flow.target, gateway=id_)


def _messages_only(scope: Scope, flows: list[Flow]) -> bool:
    """Only messages say by their key to which instance they belong."""
    targets = [scope.nodes[flow.target] for flow in flows if flow.target in scope.nodes]
    return all(
        {xml.local(each) for each in event_definitions(node)} <= {"messageEventDefinition"}
        for node in targets
    )


def _unreachable(file: str, scope: Scope) -> Iterator[Finding]:
    reached = scope.reachable()
    for id_, node in scope.nodes.items():
        if (
            id_ not in reached
            and not stands_apart(node)
            and not instantiates(node)
            and scope.starts()
        ):
            attached = node.get("attachedToRef")
            if attached is None or attached in reached or attached not in scope.nodes:
                yield UNREACHABLE.at(file, id_)
