"""Flows, gateways and reachability: what would lose a token, or make one wait for ever."""

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Final

from lxml import etree

from engine.errors import Finding
from engine.lint.deadlock import find_deadlock
from engine.model import xml
from engine.model.graph import Flow
from engine.model.graph import Scope
from engine.model.graph import event_definitions
from engine.model.graph import instantiates
from engine.model.graph import links
from engine.model.vocabulary import FLOW_NODES
from engine.model.vocabulary import PHASE_NAME

_CHOICES: Final = ("exclusiveGateway", "inclusiveGateway", "complexGateway")
_AFTER_EVENT_GATEWAY: Final = frozenset({
    "messageEventDefinition", "timerEventDefinition", "signalEventDefinition", "conditionalEventDefinition",
})  # fmt: skip


def check(file: str, scope: Scope, ids: Mapping[str, etree._Element]) -> Iterator[Finding]:
    """`ids`: every element of the file, to tell a flow that goes too far from one that goes nowhere."""
    broken = [*_ends(file, scope, ids)]
    yield from broken
    if not scope.nodes:
        yield Finding(file, scope.id, "scope_empty")
        return
    for id_ in scope.nodes:
        yield from _node(file, scope, id_)
        yield from _conditions(file, scope, id_)
    yield from _unreachable(file, scope)
    if not broken:
        stuck = find_deadlock(scope)
        if stuck is not None:
            yield Finding(file, stuck, "join_deadlock")


def _ends(file: str, scope: Scope, ids: Mapping[str, etree._Element]) -> Iterator[Finding]:
    """Flows that lead nowhere, into another scope, into a start or out of an end."""
    for flow in scope.flows:
        for end, id_ in (("source", flow.source), ("target", flow.target)):
            if id_ in scope.nodes:
                continue
            found = ids.get(id_)
            if found is None:
                yield Finding(file, flow.id, "flow_dangling", {"end": end, "element": id_})
            elif xml.local(found) in FLOW_NODES:
                yield Finding(file, flow.id, "flow_crosses", {"other": id_})
            else:
                yield Finding(file, flow.id, "flow_end_kind", {"element": xml.local(found)})
        target = scope.nodes.get(flow.target)
        if target is not None and (xml.local(target) in ("startEvent", "boundaryEvent") or _is_handler(target)):
            yield Finding(file, flow.target, "flow_into", {"element": xml.local(target), "flow": flow.id})
        source = scope.nodes.get(flow.source)
        if source is not None and xml.local(source) == "endEvent":
            yield Finding(file, flow.source, "flow_out_of_end", {"flow": flow.id})


def _node(file: str, scope: Scope, id_: str) -> Iterator[Finding]:
    node, kind = scope.nodes[id_], scope.kind(id_)
    outgoing = scope.outgoing(id_)
    link_throw = kind == "intermediateThrowEvent" and bool(links(node))
    undoes = kind == "boundaryEvent" and any(xml.local(each) == "compensateEventDefinition" for each in event_definitions(node))
    free = xml.local(scope.node) == "adHocSubProcess" or scope.open_
    if not outgoing and kind != "endEvent" and not (link_throw or undoes or free) and not _is_handler(node):
        yield Finding(file, id_, "flow_missing")


def _is_handler(node: object) -> bool:
    """Event sub-processes and compensation activities stand alone."""
    get = getattr(node, "get", lambda _: None)
    return get("triggeredByEvent") in ("true", "1") or get("isForCompensation") in ("true", "1")


def _conditions(file: str, scope: Scope, id_: str) -> Iterator[Finding]:
    node, kind = scope.nodes[id_], scope.kind(id_)
    outgoing = scope.outgoing(id_)
    default = node.get("default")
    conditional = [flow for flow in outgoing if flow.condition is not None]
    if default is not None and default not in {flow.id for flow in outgoing}:
        yield Finding(file, id_, "default_unknown", {"flow": default})
    for flow in conditional:
        if flow.id == default:
            yield Finding(file, flow.id, "default_with_condition")
        elif not flow.condition:
            yield Finding(file, flow.id, "condition_empty")
    if kind == "parallelGateway" and conditional:
        yield Finding(file, id_, "condition_without_effect", {}, "warning")
    elif kind == "eventBasedGateway" and (conditional or default):
        yield Finding(file, id_, "gateway_takes_no_conditions", {"element": kind})
    elif kind in _CHOICES:
        yield from _choice(file, scope, id_)
    elif conditional and len(outgoing) == 1:
        yield Finding(file, conditional[0].id, "condition_without_gateway", {"element": id_})
    if kind == "eventBasedGateway":
        yield from _event_gateway(file, scope, id_)
    elif kind == "complexGateway" and len(scope.incoming(id_)) > 1:
        yield from _complex(file, scope, id_)


def _complex(file: str, scope: Scope, id_: str) -> Iterator[Finding]:
    """A complex join says when it goes on, and its conditions say in which of its two phases they hold."""
    if not xml.text(xml.child(scope.nodes[id_], "activationCondition")):
        yield Finding(file, id_, "complex_activation")
    for flow in scope.outgoing(id_):
        if flow.condition and PHASE_NAME not in flow.condition:
            yield Finding(file, flow.id, "complex_condition", {"gateway": id_, "name": PHASE_NAME})


def _choice(file: str, scope: Scope, id_: str) -> Iterator[Finding]:
    outgoing, default = scope.outgoing(id_), scope.nodes[id_].get("default")
    bare = [flow for flow in outgoing if flow.condition is None and flow.id != default]
    if len(outgoing) > 1:
        for flow in bare:
            yield Finding(file, flow.id, "condition_missing", {"gateway": id_})
    if outgoing and default is None and not bare:
        yield Finding(file, id_, "default_missing", {}, "warning")


def _event_gateway(file: str, scope: Scope, id_: str) -> Iterator[Finding]:
    outgoing = scope.outgoing(id_)
    if len(outgoing) < 2:  # noqa: PLR2004
        yield Finding(file, id_, "event_gateway_alone")
    if scope.nodes[id_].get("eventGatewayType") == "Parallel" and instantiates(scope.nodes[id_]) and not _messages_only(scope, outgoing):
        yield Finding(file, id_, "event_gateway_all")
    for flow in outgoing:
        target = scope.nodes.get(flow.target)
        if target is None:
            continue
        kind = xml.local(target)
        events = {xml.local(each) for each in event_definitions(target)}
        allowed = kind == "receiveTask" or (kind == "intermediateCatchEvent" and events and events <= _AFTER_EVENT_GATEWAY)
        if not allowed or len(scope.incoming(flow.target)) != 1 or scope.boundaries(flow.target):
            yield Finding(file, flow.target, "event_gateway_target", {"gateway": id_})


def _messages_only(scope: Scope, flows: list[Flow]) -> bool:
    """Only messages say by their key to which instance they belong."""
    targets = [scope.nodes[flow.target] for flow in flows if flow.target in scope.nodes]
    return all({xml.local(each) for each in event_definitions(node)} <= {"messageEventDefinition"} for node in targets)


def _unreachable(file: str, scope: Scope) -> Iterator[Finding]:
    reached = scope.reachable()
    for id_, node in scope.nodes.items():
        if id_ not in reached and not _is_handler(node) and not instantiates(node) and scope.starts():
            attached = node.get("attachedToRef")
            if attached is None or attached in reached or attached not in scope.nodes:
                yield Finding(file, id_, "unreachable")
