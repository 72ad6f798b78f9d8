"""Rewrites a copy of a diagram into what SpiffWorkflow's parser reads; the file itself stays as it was drawn.

Several flows out of an activity or event go through a gateway of their own; each link throw gets a flow to its catch.
"""

from copy import deepcopy
from typing import Final

from lxml import etree

from engine.spiff import xml
from engine.spiff.graph import Flow
from engine.spiff.graph import Scope
from engine.spiff.graph import scopes

_DOCUMENTATION: Final = frozenset({
    "dataObject", "dataObjectReference", "dataStoreReference", "dataStore", "ioSpecification", "property",
    "dataInputAssociation", "dataOutputAssociation", "textAnnotation", "association", "group", "extensionElements",
})  # fmt: skip
IMPLICIT: Final = ".split"  # the id of a gateway that nobody drew


def normalise(root: etree._Element) -> etree._Element:
    copy = deepcopy(root)
    for node in list(copy.iter()):
        if isinstance(node.tag, str) and node.tag.startswith(xml.BPMN) and xml.local(node) in _DOCUMENTATION:
            parent = node.getparent()
            if parent is not None:
                parent.remove(node)
    for process in xml.children(copy, "process"):
        for scope in list(scopes(process)):
            _links(scope)
            for id_ in list(scope.nodes):
                _implicit_split(scope, id_)
    return copy


def _implicit_split(scope: Scope, id_: str) -> None:
    """Unconditional flows are a parallel split; conditional ones an inclusive one, with the default of the activity."""
    outgoing = scope.outgoing(id_)
    if scope.kind(id_).endswith("Gateway") or len(outgoing) < 2:  # noqa: PLR2004 one flow is no split
        return
    node, gateway = scope.nodes[id_], id_ + IMPLICIT
    default = node.attrib.pop("default", None)
    always = [flow for flow in outgoing if flow.condition is None and flow.id != default]
    chosen = [flow for flow in outgoing if flow not in always]
    if not chosen:
        _insert(scope, id_, gateway, "parallelGateway", always)
        return
    if always:
        _insert(scope, id_, gateway, "parallelGateway", always)
        id_, gateway = gateway, gateway + IMPLICIT
    inclusive = _insert(scope, id_, gateway, "inclusiveGateway", chosen)
    if default is None and always:
        default, end = gateway + ".none", gateway + IMPLICIT
        etree.SubElement(scope.node, xml.BPMN + "endEvent", id=end)
        etree.SubElement(scope.node, xml.BPMN + "sequenceFlow", id=default, sourceRef=gateway, targetRef=end)
    if default is not None:
        inclusive.set("default", default)


def _insert(scope: Scope, source: str, gateway: str, kind: str, flows: list[Flow]) -> etree._Element:
    """A gateway behind `source` from which these flows now leave."""
    node = etree.SubElement(scope.node, xml.BPMN + kind, id=gateway)
    etree.SubElement(scope.node, xml.BPMN + "sequenceFlow", id=gateway + ".flow", sourceRef=source, targetRef=gateway)
    for flow in flows:
        flow.node.set("sourceRef", gateway)
    return node


def _links(scope: Scope) -> None:
    """Both events of a link are passed like plain events."""
    found = [(id_, each) for id_, node in scope.nodes.items() for each in xml.children(node, "linkEventDefinition")]
    caught = {each.get("name"): id_ for id_, each in found if scope.kind(id_) == "intermediateCatchEvent"}
    for id_, each in found:
        target = caught.get(each.get("name"))
        if scope.kind(id_) == "intermediateThrowEvent" and target is not None:
            flow = etree.SubElement(scope.node, xml.BPMN + "sequenceFlow", id=id_ + ".link", sourceRef=id_, targetRef=target)
            scope.add_flow(Flow(id_ + ".link", id_, target, None, flow))
        scope.nodes[id_].remove(each)
