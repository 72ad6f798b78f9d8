"""Pools and message flows (chapters 7.6 and 9 of BPMN 2.0.2): they are not executed, but kept
sound."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.errors import Finding, Rule
from engine.lint.references import CONVERSATIONS, REFERENCE_UNKNOWN, plain
from engine.model import xml
from engine.model.vocabulary import ACTIVITIES, Diagram

MESSAGE_FLOW_END: Final = Rule("message_flow_end", "BPMN 9.4", ("element",))
MESSAGE_FLOW_EVENT: Final = Rule("message_flow_event", "BPMN 10.5.2–10.5.4", ("flow",))
MESSAGE_FLOW_MANY: Final = Rule("message_flow_many", "BPMN 10.5.3, 10.5.4", ("number",))
MESSAGE_FLOW_SAME_POOL: Final = Rule("message_flow_same_pool", "BPMN 9.4")
MESSAGE_FLOW_SOURCE: Final = Rule("message_flow_source", "BPMN 7.6.2, 10.3.3, 10.5.4", ("element",))
MESSAGE_FLOW_TARGET: Final = Rule("message_flow_target", "BPMN 7.6.2, 10.3.3, 10.5.4", ("element",))
PARTICIPANT_MULTIPLICITY: Final = Rule(
    "participant_multiplicity", "BPMN 9.3.1", ("minimum", "maximum")
)

_EVENTS: Final = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)
#: 9.4, figure 9.14: what a message flow may join
_MESSAGE_ENDS: Final = ACTIVITIES | _EVENTS | CONVERSATIONS | {"participant"}
#: 7.6.2, table 7.4: events that never send, and events that never receive
_NEVER_SEND: Final = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"})
_NEVER_RECEIVE: Final = frozenset({"endEvent", "intermediateThrowEvent"})
_ONE_MESSAGE: Final = frozenset(
    {"intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "endEvent"}
)


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.root.iter(xml.BPMN + "messageFlow"):
        yield from _message_flow(diagram, node)
    for node in diagram.root.iter(xml.BPMN + "participantMultiplicity"):
        yield from _multiplicity(diagram, node)
    yield from _numbers(diagram)


def _message_flow(diagram: Diagram, flow: etree._Element) -> Iterator[Finding]:
    ends = [diagram.ids.get(plain(flow.get(end, ""))) for end in ("sourceRef", "targetRef")]
    for end, found in zip(("sourceRef", "targetRef"), ends, strict=True):
        if found is None:
            if flow.get(end):  # an end that is missing is against the schema
                yield REFERENCE_UNKNOWN.at(
                    diagram.file, flow.get("id"), reference=flow.get(end, "")
                )
        elif xml.local(found) not in _MESSAGE_ENDS:
            yield MESSAGE_FLOW_END.at(diagram.file, flow.get("id"), element=xml.local(found))
    source, target = ends
    if source is not None and target is not None:
        yield from _pools(diagram, flow, source, target)
    if source is not None:
        yield from _direction(diagram, flow, source, sends=True)
    if target is not None:
        yield from _direction(diagram, flow, target, sends=False)


def _direction(
    diagram: Diagram, flow: etree._Element, end: etree._Element, *, sends: bool
) -> Iterator[Finding]:
    """10.5.2–10.5.4: catch events receive, throw events send, and only as message events; 10.3.3:
    so do receive and send tasks."""
    kind = xml.local(end)
    if kind in (_NEVER_SEND if sends else _NEVER_RECEIVE) or kind == (
        "receiveTask" if sends else "sendTask"
    ):
        rule = MESSAGE_FLOW_SOURCE if sends else MESSAGE_FLOW_TARGET
        yield rule.at(diagram.file, flow.get("id"), element=kind)
    elif kind in _EVENTS and not _of_message(diagram, end):
        yield MESSAGE_FLOW_EVENT.at(diagram.file, end.get("id"), flow=flow.get("id", ""))


def _of_message(diagram: Diagram, event: etree._Element) -> bool:
    definitions = [xml.local(child) for child in event]
    references = [
        diagram.ids.get(plain(xml.text(each))) for each in xml.children(event, "eventDefinitionRef")
    ]
    definitions += [xml.local(each) for each in references if each is not None]
    return "messageEventDefinition" in definitions


def _pools(
    diagram: Diagram, flow: etree._Element, source: etree._Element, target: etree._Element
) -> Iterator[Finding]:
    """9.4: a message flow connects two separate pools, or what is inside two separate pools."""
    if source is target or (_pool(source) is not None and _pool(source) == _pool(target)):
        yield MESSAGE_FLOW_SAME_POOL.at(diagram.file, flow.get("id"))


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
        yield PARTICIPANT_MULTIPLICITY.at(
            diagram.file, xml.where(node), minimum=minimum, maximum=maximum
        )


def _numbers(diagram: Diagram) -> Iterator[Finding]:
    """10.5.3 and 10.5.4: several message flows touch an intermediate or end event only if it has
    several definitions."""
    ends = Counter(
        plain(flow.get(end, ""))
        for flow in diagram.root.iter(xml.BPMN + "messageFlow")
        for end in ("sourceRef", "targetRef")
    )
    for id_, number in ends.items():
        node = diagram.ids.get(id_)
        if number <= 1 or node is None:
            continue
        results = sum(
            xml.local(child).endswith(("EventDefinition", "eventDefinitionRef")) for child in node
        )
        if xml.local(node) in _ONE_MESSAGE and results <= 1:
            yield MESSAGE_FLOW_MANY.at(diagram.file, id_, number=str(number))
