"""Pools, message flows, conversations and choreographies (chapters 7.6, 9 and 11 of BPMN 2.0.2): they are not executed, but kept sound."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.errors import Finding
from engine.spiff import xml
from engine.spiff.lint_references import plain
from engine.spiff.vocabulary import ACTIVITIES
from engine.spiff.vocabulary import Diagram

ARTIFACTS: Final = frozenset({"association", "group", "textAnnotation"})
CHOREOGRAPHY: Final = frozenset({"choreographyTask", "subChoreography", "callChoreography"})
_CONVERSATIONS: Final = frozenset({"conversation", "subConversation", "callConversation"})
_EVENTS: Final = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
#: 9.4, figure 9.14: what a message flow may join
_MESSAGE_ENDS: Final = ACTIVITIES | _EVENTS | _CONVERSATIONS | {"participant"}
#: 7.6.2, table 7.4: events that never send, and events that never receive
_NEVER_SEND: Final = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"})
_NEVER_RECEIVE: Final = frozenset({"endEvent", "intermediateThrowEvent"})


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.root.iter(xml.BPMN + "messageFlow"):
        yield from _message_flow(diagram, node)
    for node in diagram.root.iter(xml.BPMN + "participantMultiplicity"):
        yield from _multiplicity(diagram, node)
    for node in diagram.root.iter(*(xml.BPMN + kind for kind in CHOREOGRAPHY)):
        parent = node.getparent()
        if parent is not None and xml.local(parent) in ("process", "subProcess", "transaction", "adHocSubProcess"):
            yield Finding(diagram.file, node.get("id"), "choreography_in_process", {"element": xml.local(node)})
    for node in xml.children(diagram.root, "globalConversation"):
        yield from _global_conversation(diagram, node)
    for node in xml.children(diagram.root, "choreography", "globalConversation"):
        if xml.child(node, "choreographyRef") is not None:
            yield Finding(diagram.file, node.get("id"), "choreography_reference", {"element": xml.local(node)})
    for node in diagram.root.iter(xml.BPMN + "choreography", xml.BPMN + "subChoreography"):
        for child in node:
            if xml.local(child) in ACTIVITIES:
                yield Finding(diagram.file, child.get("id"), "choreography_content", {"element": xml.local(child)})
    for node in diagram.root.iter(xml.BPMN + "choreographyTask", xml.BPMN + "subChoreography", xml.BPMN + "callChoreography"):
        yield from _choreography_activity(diagram, node)


def _message_flow(diagram: Diagram, flow: etree._Element) -> Iterator[Finding]:
    ends = [diagram.ids.get(plain(flow.get(end, ""))) for end in ("sourceRef", "targetRef")]
    for end, found in zip(("sourceRef", "targetRef"), ends, strict=True):
        if found is None:
            if flow.get(end):  # an end that is missing is against the schema
                yield Finding(diagram.file, flow.get("id"), "reference_unknown", {"reference": flow.get(end, "")})
        elif xml.local(found) not in _MESSAGE_ENDS:
            yield Finding(diagram.file, flow.get("id"), "message_flow_end", {"element": xml.local(found)})
    source, target = ends
    if source is not None and target is not None:
        yield from _pools(diagram, flow, source, target)
    if source is not None:
        yield from _direction(diagram, flow, source, sends=True)
    if target is not None:
        yield from _direction(diagram, flow, target, sends=False)


def _direction(diagram: Diagram, flow: etree._Element, end: etree._Element, *, sends: bool) -> Iterator[Finding]:
    """10.5.2–10.5.4: catch events receive, throw events send; a start or end event does so only as a message event."""
    kind = xml.local(end)
    if kind in (_NEVER_SEND if sends else _NEVER_RECEIVE):
        rule = "message_flow_source" if sends else "message_flow_target"
        yield Finding(diagram.file, flow.get("id"), rule, {"element": kind})
    elif kind in ("startEvent", "endEvent") and not _of_message(diagram, end):
        yield Finding(diagram.file, end.get("id"), "message_flow_event", {"flow": flow.get("id", "")})


def _of_message(diagram: Diagram, event: etree._Element) -> bool:
    definitions = [xml.local(child) for child in event]
    references = [diagram.ids.get(plain(xml.text(each))) for each in xml.children(event, "eventDefinitionRef")]
    definitions += [xml.local(each) for each in references if each is not None]
    return "messageEventDefinition" in definitions


def _pools(diagram: Diagram, flow: etree._Element, source: etree._Element, target: etree._Element) -> Iterator[Finding]:
    """9.4: a message flow connects two separate pools, or what is inside two separate pools."""
    if source is target or (_pool(source) is not None and _pool(source) == _pool(target)):
        yield Finding(diagram.file, flow.get("id"), "message_flow_same_pool")


def _pool(node: etree._Element) -> str | None:
    """The process that stands for the pool of a participant or of an element inside."""
    if xml.local(node) == "participant":
        return plain(node.get("processRef", "")) or f"participant {node.get('id')}"
    while node is not None and xml.local(node) != "process":
        node = node.getparent()
    return None if node is None else node.get("id")


def _multiplicity(diagram: Diagram, node: etree._Element) -> Iterator[Finding]:
    """9.3.1, table 9.6: minimum is 0 or more; maximum is 1 or more and not below the minimum."""
    minimum, maximum = node.get("minimum", "0"), node.get("maximum", "1")
    try:
        low, high = int(minimum), int(maximum)
    except ValueError:
        return  # `schema` says so
    if low < 0 or high < max(1, low):
        yield Finding(diagram.file, xml.where(node), "participant_multiplicity", {"minimum": minimum, "maximum": maximum})


def _global_conversation(diagram: Diagram, node: etree._Element) -> Iterator[Finding]:
    """9.5.3: a global conversation is an empty collaboration: no conversation nodes, no artifacts."""
    for child in node:
        if xml.local(child) in _CONVERSATIONS | ARTIFACTS | {"conversationLink"}:
            yield Finding(diagram.file, child.get("id"), "global_conversation_content", {"element": xml.local(child)})


def _choreography_activity(diagram: Diagram, node: etree._Element) -> Iterator[Finding]:
    """11.5: at least two participants, and the initiating one is among them; a task has exactly two."""
    names = [plain(xml.text(each)) for each in xml.children(node, "participantRef")]
    wrong = len(set(names)) < 2 or (xml.local(node) == "choreographyTask" and len(names) != 2)  # noqa: PLR2004
    if wrong or plain(node.get("initiatingParticipantRef", "")) not in names:
        yield Finding(diagram.file, node.get("id"), "choreography_participants")
