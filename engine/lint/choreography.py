"""Choreographies (chapter 11 of BPMN 2.0.2): never executed; where one stands in a file of ours it
is sound."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.errors import Finding, Rule
from engine.lint.conversations import names
from engine.lint.references import plain
from engine.model import xml
from engine.model.vocabulary import ACTIVITIES, SCOPES, Diagram

CHOREOGRAPHY_CONTENT: Final = Rule("choreography_content", "BPMN 8.4.8", ("element",))
CHOREOGRAPHY_EVENT: Final = Rule("choreography_event", "BPMN 11.6", ("element", "kind"))
CHOREOGRAPHY_FLOW: Final = Rule("choreography_flow", "BPMN 11.4.1")
CHOREOGRAPHY_IN_PROCESS: Final = Rule("choreography_in_process", "BPMN 8.4.8", ("element",))
CHOREOGRAPHY_MESSAGE: Final = Rule("choreography_message", "BPMN 11.5.1", ("flow",))
CHOREOGRAPHY_PARTICIPANTS: Final = Rule("choreography_participants", "BPMN 11.5")
CHOREOGRAPHY_REFERENCE: Final = Rule("choreography_reference", "BPMN 9.2, 9.5.5", ("element",))

CHOREOGRAPHY: Final = frozenset({"choreographyTask", "subChoreography", "callChoreography"})
#: 8.4.8: activities and data are no part of a choreography
_NOT_INSIDE: Final = ACTIVITIES | {"dataObject", "dataObjectReference", "dataStoreReference"}
#: 11.6, tables 11.6–11.8: definitions that only one participant could see
_NOT_SEEN: Final = {
    "startEvent": frozenset({"message", "escalation", "error", "compensate"}),
    "intermediateCatchEvent": frozenset({"message", "escalation", "error", "compensate", "cancel"}),
    "intermediateThrowEvent": frozenset({"message", "escalation", "compensate", "signal"}),
    "endEvent": frozenset({"message", "error", "escalation", "compensate"}),
}
_TASK_PARTICIPANTS: Final = 2


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.root.iter(*(xml.BPMN + kind for kind in CHOREOGRAPHY)):
        parent = node.getparent()
        if parent is not None and xml.local(parent) in ("process", *SCOPES):
            yield CHOREOGRAPHY_IN_PROCESS.at(diagram.file, node.get("id"), element=xml.local(node))
        yield from _activity(diagram, node)
    for node in xml.children(diagram.root, "choreography", "globalConversation"):
        if xml.child(node, "choreographyRef") is not None:
            yield CHOREOGRAPHY_REFERENCE.at(diagram.file, node.get("id"), element=xml.local(node))
    for node in diagram.root.iter(xml.BPMN + "choreography", xml.BPMN + "subChoreography"):
        yield from _content(diagram, node)
        yield from _flows(diagram, node)


def _activity(diagram: Diagram, node: etree._Element) -> Iterator[Finding]:
    """11.5: participants of the choreography, two at least, the initiating one among them; a task
    has two and their messages."""
    mine, task = names(node, "participantRef"), xml.local(node) == "choreographyTask"
    wrong = len(set(mine)) < _TASK_PARTICIPANTS or (task and len(mine) != _TASK_PARTICIPANTS)
    if (
        wrong
        or plain(node.get("initiatingParticipantRef", "")) not in mine
        or not set(mine) <= _declared(node, mine)
    ):
        yield CHOREOGRAPHY_PARTICIPANTS.at(diagram.file, node.get("id"))
        return
    for flow in (diagram.ids.get(name) for name in names(node, "messageFlowRef")):
        if flow is not None and any(
            plain(flow.get(end, "")) not in mine for end in ("sourceRef", "targetRef")
        ):
            yield CHOREOGRAPHY_MESSAGE.at(diagram.file, node.get("id"), flow=flow.get("id", ""))


def _declared(node: etree._Element, given: list[str]) -> set[str]:
    """The participants of the choreography around it; outside of one nothing is declared."""
    around = next(node.iterancestors(xml.BPMN + "choreography"), None)
    return (
        set(given)
        if around is None
        else {each.get("id", "") for each in xml.children(around, "participant")}
    )


def _content(diagram: Diagram, node: etree._Element) -> Iterator[Finding]:
    for child in node:
        kind = xml.local(child)
        if kind in _NOT_INSIDE:
            yield CHOREOGRAPHY_CONTENT.at(diagram.file, child.get("id"), element=kind)
        for each in child:
            name = xml.local(each).removesuffix("EventDefinition")
            if name in _NOT_SEEN.get(kind, ()):
                yield CHOREOGRAPHY_EVENT.at(diagram.file, child.get("id"), element=kind, kind=name)


def _flows(diagram: Diagram, node: etree._Element) -> Iterator[Finding]:
    """11.4.1: a flow stays in its choreography, enters no start and leaves no end."""
    kinds = {
        child.get("id", ""): xml.local(child)
        for child in node
        if xml.local(child) != "sequenceFlow"
    }
    for flow in xml.children(node, "sequenceFlow"):
        source, target = (kinds.get(flow.get(end, "")) for end in ("sourceRef", "targetRef"))
        if (
            not (_joins(source) and _joins(target))
            or source == "endEvent"
            or target in ("startEvent", "boundaryEvent")
        ):
            yield CHOREOGRAPHY_FLOW.at(diagram.file, flow.get("id"))


def _joins(kind: str | None) -> bool:
    return kind is not None and (
        kind in CHOREOGRAPHY | ACTIVITIES or kind.endswith(("Event", "Gateway"))
    )
