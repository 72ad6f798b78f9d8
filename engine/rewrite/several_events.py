"""Several definitions on one event (10.5.1, Multiple and Parallel Multiple), as events of one
definition each.

A throw throws all of them, in the order of the file; what ends its scope comes last. A catch waits
for the first one, or with `parallelMultiple` for all of them (on the border of an activity,
`together` counts). The start of an event sub-process is left to the parser.
"""

from copy import deepcopy
from typing import Final

from lxml import etree

from engine.model import xml
from engine.model.graph import Scope, event_definitions
from engine.model.marks import AWAITED_WITH, HIDDEN, STANDS_FOR, add_flow, undrawn_id

#: at most one of them on an end event: after it the token is gone
LAST: Final = frozenset(
    {"errorEventDefinition", "terminateEventDefinition", "cancelEventDefinition"}
)


def rewrite(scope: Scope) -> None:
    for id_ in list(scope.nodes):
        node, kind = scope.nodes[id_], scope.kind(id_)
        # one is what the parser reads
        if not kind.endswith("Event") or len(event_definitions(node)) <= 1:
            continue
        if kind in ("intermediateThrowEvent", "endEvent"):
            _throw(scope, id_)
        elif kind == "boundaryEvent":
            ids = [id_, *_copies(scope, id_)]
            _lead_to_one(scope, ids, "exclusiveGateway")
            if xml.is_true(node, "parallelMultiple"):  # each is told which others belong to it
                for copy in scope.node:
                    if copy.get("id") in ids:
                        copy.set(AWAITED_WITH, " ".join(ids))
        elif kind == "intermediateCatchEvent":
            _catch(scope, id_)


def _copies(scope: Scope, id_: str) -> list[str]:
    """The event keeps its first definition; each other one gets an event beside it, with an id of
    its own."""
    node = scope.nodes[id_]
    found = event_definitions(node)
    _keep(node, found[0])
    ids = []
    for number, definition in enumerate(found[1:], 2):
        copy = deepcopy(node)
        copy.set("id", undrawn_id(id_, str(number)))
        copy.set(STANDS_FOR, id_)
        _keep(copy, definition)
        node.addnext(copy)
        ids.append(copy.get("id", ""))
    return ids


def _keep(node: etree._Element, definition: etree._Element) -> None:
    kept = deepcopy(definition)
    for child in list(node):
        if (
            xml.local(child).endswith(("EventDefinition", "incoming", "outgoing"))
            or xml.local(child) == "eventDefinitionRef"
        ):
            node.remove(child)
    node.append(kept)


def _throw(scope: Scope, id_: str) -> None:
    """One after the other; the drawn event is the last of them."""
    node = scope.nodes[id_]
    found = sorted(event_definitions(node), key=lambda each: xml.local(each) in LAST)
    before = [undrawn_id(id_, str(number)) for number in range(1, len(found))]
    for name, definition in zip(before, found, strict=False):
        throw = etree.SubElement(
            scope.node,
            xml.BPMN + "intermediateThrowEvent",
            {"id": name, STANDS_FOR: id_, HIDDEN: "true"},
        )
        throw.append(deepcopy(definition))
    _keep(node, found[-1])
    for flow in scope.incoming(id_):
        flow.node.set("targetRef", before[0])
    for source, target in zip(before, [*before[1:], id_], strict=True):
        add_flow(scope, source + ".flow", source, target)


def _catch(scope: Scope, id_: str) -> None:
    node = scope.nodes[id_]
    together = xml.is_true(node, "parallelMultiple")
    raced = any(scope.after_event_gateway(flow) for flow in scope.incoming(id_))
    ids = [id_, *_copies(scope, id_)]
    if raced:
        for flow in scope.incoming(id_):
            for number, copy in enumerate(ids[1:], 2):
                add_flow(scope, f"{flow.id}.{number}", flow.source, copy)
    else:
        fork = undrawn_id(id_, "fork")
        etree.SubElement(
            scope.node, xml.BPMN + ("parallelGateway" if together else "eventBasedGateway"), id=fork
        )
        for flow in scope.incoming(id_):
            flow.node.set("targetRef", fork)
        for copy in ids:
            add_flow(scope, f"{copy}.forked", fork, copy)
    if not together:
        _lead_to_one(scope, ids, "exclusiveGateway")
        return
    _lead_to_one(scope, ids, "parallelGateway").set(STANDS_FOR, ids[0])
    for copy in scope.node:
        if copy.get("id") in ids:
            copy.set(HIDDEN, "true")


def _lead_to_one(scope: Scope, ids: list[str], kind: str) -> etree._Element:
    """What flowed out of the drawn event, the first of them, now flows out of a gateway behind all
    of them."""
    meet = undrawn_id(ids[0], "meet")
    node = etree.SubElement(scope.node, xml.BPMN + kind, id=meet)
    for flow in scope.outgoing(ids[0]):
        flow.node.set("sourceRef", meet)
    for copy in ids:
        add_flow(scope, f"{copy}.met", copy, meet)
    return node
