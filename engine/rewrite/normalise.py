"""Rewrites a copy of a diagram into what SpiffWorkflow's parser reads; the file itself stays as it
was drawn.

Only what has an exact equivalent is rewritten. The order counts: ad-hoc sub-processes become plain
ones, several definitions of one event become events of one definition each, then the flows are put
in order (quantities, implicit splits, links). What nobody drew has an id that ends in `IMPLICIT`;
`STANDS_FOR` names the element that it stands for, `HIDDEN` keeps it out of the path.
"""

from copy import deepcopy
from typing import Final

from lxml import etree

from engine.model import xml
from engine.model.graph import Flow, Scope, event_definitions, links, scopes, stands_apart
from engine.model.marks import IMPLICIT, UNDONE_BY, add_flow, undrawn_id
from engine.rewrite import ad_hoc, several_events

_DOCUMENTATION: Final = frozenset({
    "dataObject", "dataObjectReference", "dataStoreReference", "dataStore", "ioSpecification", "property",
    "dataInputAssociation", "dataOutputAssociation", "textAnnotation", "association", "group", "extensionElements",
})  # fmt: skip


def normalise(root: etree._Element) -> etree._Element:
    copy = deepcopy(root)
    _compensation(copy)
    for node in list(copy.iter()):
        if (
            isinstance(node.tag, str)
            and node.tag.startswith(xml.BPMN)
            and xml.local(node) in _DOCUMENTATION
        ):
            parent = node.getparent()
            if parent is not None:
                parent.remove(node)
    for process in xml.children(copy, "process"):
        for rewrite in (
            ad_hoc.rewrite,
            _draw_ends,
            _links,
            _implicit_splits,
            several_events.rewrite,
            _quantities,
        ):
            for scope in list(scopes(process)):
                rewrite(scope)
    return copy


def _compensation(root: etree._Element) -> None:
    """Its boundary events wait for nothing: the activity is told who undoes it."""
    handlers = {
        each.get("sourceRef"): each.get("targetRef") for each in root.iter(xml.BPMN + "association")
    }
    for boundary in list(root.iter(xml.BPMN + "boundaryEvent")):
        handler = handlers.get(boundary.get("id"))
        scope = boundary.getparent()
        if (
            handler is None
            or scope is None
            or all(
                xml.local(each) != "compensateEventDefinition"
                for each in event_definitions(boundary)
            )
        ):
            continue
        for host in scope:
            if host.get("id") == boundary.get("attachedToRef"):
                host.set(UNDONE_BY, handler)
        scope.remove(boundary)


def _draw_ends(scope: Scope) -> None:
    """Where no start is drawn, one that leads to what begins; behind what ends without one, an
    end."""
    roots = scope.roots() if scope.implicit_start else []
    if scope.implicit_ends:
        links = {
            id_
            for id_ in scope.nodes
            if scope.kind(id_) == "intermediateThrowEvent" and scope.linked(id_)
        }
        apart = {id_ for id_, node in scope.nodes.items() if stands_apart(node)}
        leaves = [
            id_ for id_ in scope.nodes if not scope.outgoing(id_) and id_ not in links | apart
        ]
    else:
        leaves = [id_ for id_ in scope.nodes if scope.ends_here(id_)]
    if not leaves:
        return
    start, fork, end = (undrawn_id(scope.id, role) for role in ("begin", "fork", "end"))
    etree.SubElement(scope.node, xml.BPMN + "endEvent", id=end)
    if roots:
        etree.SubElement(scope.node, xml.BPMN + "startEvent", id=start)
        etree.SubElement(scope.node, xml.BPMN + "parallelGateway", id=fork)
        add_flow(scope, f"{fork}.flow", start, fork)
    for id_ in roots:
        add_flow(scope, f"{id_}.begins", fork, id_)
    for id_ in leaves:
        add_flow(scope, f"{id_}.ends", id_, end)


def _implicit_splits(scope: Scope) -> None:
    """Unconditional flows are a parallel split; conditional ones an inclusive one, with the default
    of the activity."""
    for id_ in list(scope.nodes):
        outgoing = scope.outgoing(id_)
        if scope.kind(id_).endswith("Gateway") or len(outgoing) <= 1:  # one flow is no split
            continue
        node, source, gateway = scope.nodes[id_], id_, id_ + IMPLICIT
        default = node.attrib.pop("default", None)
        always = [flow for flow in outgoing if flow.condition is None and flow.id != default]
        chosen = [flow for flow in outgoing if flow not in always]
        if not chosen:
            _insert(scope, id_, gateway, "parallelGateway", always)
            continue
        if always:
            _insert(scope, id_, gateway, "parallelGateway", always)
            source, gateway = gateway, gateway + IMPLICIT
        inclusive = _insert(scope, source, gateway, "inclusiveGateway", chosen)
        if default is None and always:
            default, end = gateway + ".none", gateway + IMPLICIT
            etree.SubElement(scope.node, xml.BPMN + "endEvent", id=end)
            add_flow(scope, default, gateway, end)
        if default is not None:
            inclusive.set("default", default)


def _insert(
    scope: Scope, source: str, gateway: str, kind: str, flows: list[Flow]
) -> etree._Element:
    """A gateway behind `source` from which these flows now leave."""
    node = etree.SubElement(scope.node, xml.BPMN + kind, id=gateway)
    add_flow(scope, gateway + ".flow", source, gateway)
    for flow in flows:
        flow.node.set("sourceRef", gateway)
    return node


def _quantities(scope: Scope) -> None:
    """Before an activity that needs n tokens they are collected; behind one that gives n tokens
    each becomes n."""
    for id_, node in scope.nodes.items():
        needed, given = (
            node.attrib.pop("startQuantity", "1"),
            node.attrib.pop("completionQuantity", "1"),
        )
        if int(needed) > 1:
            collect = undrawn_id(id_, "collect")
            etree.SubElement(scope.node, xml.OURS + "collect", id=collect, quantity=needed)
            for flow in scope.incoming(id_):
                flow.node.set("targetRef", collect)
            add_flow(scope, collect + ".flow", collect, id_)
        if int(given) > 1 and scope.outgoing(id_):
            spread = undrawn_id(id_, "spread")
            etree.SubElement(scope.node, xml.OURS + "spread", id=spread, quantity=given)
            for flow in scope.outgoing(id_):
                flow.node.set("sourceRef", spread)
            add_flow(scope, spread + ".flow", id_, spread)


def _links(scope: Scope) -> None:
    """Both events of a link are passed like plain events."""
    found = [(id_, each) for id_, node in scope.nodes.items() for each in links(node)]
    caught = {
        each.get("name"): id_ for id_, each in found if scope.kind(id_) == "intermediateCatchEvent"
    }
    for id_, each in found:
        target = caught.get(each.get("name"))
        if scope.kind(id_) == "intermediateThrowEvent" and target is not None:
            add_flow(scope, id_ + ".link", id_, target)
        for child in list(scope.nodes[id_]):
            if child is each or (
                xml.local(child) == "eventDefinitionRef" and xml.text(child) == each.get("id")
            ):
                scope.nodes[id_].remove(child)
