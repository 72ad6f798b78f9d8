"""Conversations and correlation (8.4.2 and 9.5 of BPMN 2.0.2): not executed as such, but kept
sound."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.errors import Finding, Rule
from engine.lint.references import CONVERSATIONS, plain
from engine.model import xml
from engine.model.vocabulary import ACTIVITIES, Diagram

CONVERSATION_LINK: Final = Rule("conversation_link", "BPMN 9.5.6")
CONVERSATION_PARTICIPANTS: Final = Rule("conversation_participants", "BPMN 9.5.1")
CORRELATION_BINDING: Final = Rule("correlation_binding", "BPMN 8.4.2", ("reference",))
GLOBAL_CONVERSATION_CONTENT: Final = Rule("global_conversation_content", "BPMN 9.5.5", ("element",))

ARTIFACTS: Final = frozenset({"association", "group", "textAnnotation"})
_EVENTS: Final = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.root.iter(*(xml.BPMN + kind for kind in CONVERSATIONS)):
        yield from _participants(diagram, node)
    for node in diagram.root.iter(xml.BPMN + "conversationLink"):
        yield from _link(diagram, node)
    for node in xml.children(diagram.root, "globalConversation"):
        yield from _global(diagram, node)
    for node in diagram.root.iter(xml.BPMN + "correlationSubscription"):
        yield from _subscription(diagram, node)


def names(node: etree._Element, *tags: str) -> list[str]:
    """What these children refer to."""
    return [plain(xml.text(each)) for each in xml.children(node, *tags)]


def _participants(diagram: Diagram, node: etree._Element) -> Iterator[Finding]:
    """9.5.1, table 9.9: at least two participants, of those that the conversation or collaboration
    around it has."""
    mine, parent = names(node, "participantRef"), node.getparent()
    if parent is None:
        return
    declared = [each.get("id", "") for each in xml.children(parent, "participant")]
    around = names(parent, "participantRef") if xml.local(parent) in CONVERSATIONS else declared
    strangers = [name for name in mine if name not in around and name in diagram.ids]
    if len(set(mine)) <= 1 or strangers:
        yield CONVERSATION_PARTICIPANTS.at(diagram.file, node.get("id"))


def _link(diagram: Diagram, node: etree._Element) -> Iterator[Finding]:
    """9.5.6: a link joins a conversation with a participant, or with an activity or event inside
    one."""
    kinds = [
        xml.local(found)
        for end in ("sourceRef", "targetRef")
        if (found := diagram.ids.get(plain(node.get(end, "")))) is not None
    ]
    if len(kinds) <= 1:  # `reference_unknown`
        return
    conversations = sum(kind in CONVERSATIONS for kind in kinds)
    if conversations != 1 or not all(
        kind in CONVERSATIONS | ACTIVITIES | _EVENTS | {"participant"} for kind in kinds
    ):
        yield CONVERSATION_LINK.at(diagram.file, xml.where(node))


def _global(diagram: Diagram, node: etree._Element) -> Iterator[Finding]:
    """9.5.5: a global conversation is an empty collaboration: no conversation nodes, no
    artifacts."""
    for child in node:
        if xml.local(child) in CONVERSATIONS | ARTIFACTS | {"conversationLink"}:
            yield GLOBAL_CONVERSATION_CONTENT.at(
                diagram.file, child.get("id"), element=xml.local(child)
            )


def _subscription(diagram: Diagram, node: etree._Element) -> Iterator[Finding]:
    """8.4.2: a subscription binds properties of its own key, each one once."""
    key = diagram.ids.get(plain(node.get("correlationKeyRef", "")))
    if key is None:
        return
    properties = names(key, "correlationPropertyRef")
    bound = Counter(
        plain(each.get("correlationPropertyRef", ""))
        for each in xml.children(node, "correlationPropertyBinding")
    )
    for name, number in bound.items():
        if name in diagram.ids and (name not in properties or number > 1):
            yield CORRELATION_BINDING.at(diagram.file, xml.where(node), reference=name)
