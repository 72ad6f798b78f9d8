"""References: that what is named exists in the file and is of the kind that the standard says
(class diagrams of BPMN 2.0.2)."""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.errors import Finding, Rule
from engine.model import xml
from engine.model.vocabulary import ACTIVITIES, Diagram

EVENT_DEFINITION_SHARED: Final = Rule("event_definition_shared", "BPMN 10.5.1", ("reference",))
MIME_TYPE: Final = Rule("mime_type", "BPMN 8.3.2, 8.4.1, 10.3.3", ("value", "element"))
REFERENCE_KIND: Final = Rule("reference_kind", "BPMN 15.3.2", ("reference", "found", "wanted"))
REFERENCE_UNKNOWN: Final = Rule("reference_unknown", "BPMN 15.3.2", ("reference",))

EVENT_DEFINITIONS: Final = frozenset({
    "messageEventDefinition", "timerEventDefinition", "signalEventDefinition", "errorEventDefinition", "escalationEventDefinition",
    "conditionalEventDefinition", "linkEventDefinition", "compensateEventDefinition", "cancelEventDefinition", "terminateEventDefinition",
})  # fmt: skip
ITEM_AWARE: Final = frozenset({
    "dataObject", "dataObjectReference", "dataStoreReference", "dataStore", "property", "dataInput", "dataOutput",
    "inputDataItem", "outputDataItem",
})  # fmt: skip

CONVERSATIONS: Final = frozenset({"conversation", "subConversation", "callConversation"})

#: attribute -> kinds that it may name
_ATTRIBUTES: Final[dict[str, frozenset[str]]] = {
    "messageRef": frozenset({"message"}),
    "signalRef": frozenset({"signal"}),
    "errorRef": frozenset({"error"}),
    "escalationRef": frozenset({"escalation"}),
    "operationRef": frozenset({"operation"}),
    "processRef": frozenset({"process"}),
    "definitionalCollaborationRef": frozenset(
        {"collaboration", "choreography", "globalConversation", "globalChoreographyTask"}
    ),
    "calledChoreographyRef": frozenset({"choreography", "globalChoreographyTask"}),
    "dataObjectRef": frozenset({"dataObject"}),
    "dataStoreRef": frozenset({"dataStore"}),
    "itemSubjectRef": frozenset({"itemDefinition"}),
    "itemRef": frozenset({"itemDefinition"}),
    "categoryValueRef": frozenset({"categoryValue"}),
    "activityRef": ACTIVITIES,
    "initiatingParticipantRef": frozenset({"participant"}),
    "oneBehaviorEventRef": EVENT_DEFINITIONS,
    "noneBehaviorEventRef": EVENT_DEFINITIONS,
    "parameterRef": frozenset({"resourceParameter"}),
    "correlationKeyRef": frozenset({"correlationKey"}),
    "correlationPropertyRef": frozenset({"correlationProperty"}),
    "inputDataRef": frozenset({"inputSet"}),
    "outputDataRef": frozenset({"outputSet"}),
    "calledCollaborationRef": frozenset({"collaboration", "globalConversation"}),
    "innerMessageFlowRef": frozenset({"messageFlow"}),
    "outerMessageFlowRef": frozenset({"messageFlow"}),
    "innerConversationNodeRef": CONVERSATIONS,
    "outerConversationNodeRef": CONVERSATIONS,
}
#: element and attribute that name an item definition, or a type of another name space as
#: `xsd:string`
_TYPES: Final = frozenset({
    ("signal", "structureRef"), ("error", "structureRef"), ("escalation", "structureRef"), ("resourceParameter", "type"),
})  # fmt: skip
#: element whose text is a name -> kinds that it may name
_ELEMENTS: Final[dict[str, frozenset[str]]] = {
    "operationRef": frozenset({"operation"}),
    "inMessageRef": frozenset({"message"}),
    "outMessageRef": frozenset({"message"}),
    "errorRef": frozenset({"error"}),
    "incoming": frozenset({"sequenceFlow"}),
    "outgoing": frozenset({"sequenceFlow"}),
    "dataInputRefs": frozenset({"dataInput"}),
    "optionalInputRefs": frozenset({"dataInput"}),
    "whileExecutingInputRefs": frozenset({"dataInput"}),
    "dataOutputRefs": frozenset({"dataOutput"}),
    "optionalOutputRefs": frozenset({"dataOutput"}),
    "whileExecutingOutputRefs": frozenset({"dataOutput"}),
    "inputSetRefs": frozenset({"inputSet"}),
    "outputSetRefs": frozenset({"outputSet"}),
    "supportedInterfaceRef": frozenset({"interface"}),
    "supports": frozenset({"process"}),
    "interfaceRef": frozenset({"interface"}),
    "participantRef": frozenset({"participant"}),
    "innerParticipantRef": frozenset({"participant"}),
    "outerParticipantRef": frozenset({"participant"}),
    "messageFlowRef": frozenset({"messageFlow"}),
    "endPointRef": frozenset({"endPoint"}),
    "choreographyRef": frozenset({"choreography", "globalChoreographyTask"}),
    "correlationPropertyRef": frozenset({"correlationProperty"}),
    "categoryValueRef": frozenset({"categoryValue"}),
    "resourceRef": frozenset({"resource"}),
    "loopDataInputRef": ITEM_AWARE,
    "loopDataOutputRef": ITEM_AWARE,
    "source": frozenset({"linkEventDefinition"}),
    "target": frozenset({"linkEventDefinition"}),
}
#: element -> attributes that may name any element of the file
_ANYTHING: Final = {
    "association": ("sourceRef", "targetRef"),
    "conversationLink": ("sourceRef", "targetRef"),
    "lane": ("partitionElementRef",),
}
#: names of variables too (docs/modelling.md): one that is no element is looked up among the
#: variables
_OR_VARIABLE: Final = frozenset({"loopDataInputRef", "loopDataOutputRef"})
#: 8.3.1 and 8.4.1: a format of text is a MIME type; 10.3.3: so is that of a script
_FORMATS: Final = {
    "documentation": "textFormat",
    "textAnnotation": "textFormat",
    "scriptTask": "scriptFormat",
    "globalScriptTask": "scriptFormat",
}
_MIME: Final = re.compile(r"[A-Za-z0-9][\w.+-]*/[\w.+*-]+(?:\s*;.*)?")


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.root.iter(etree.Element):
        if not node.tag.startswith(xml.BPMN):
            continue
        name = xml.local(node)
        for attribute, wanted in _ATTRIBUTES.items():
            if reference := node.get(attribute):
                yield from _check(diagram, node, reference, wanted)
        for attribute, reference in node.attrib.items():
            if (name, attribute) in _TYPES or attribute == "evaluatesToTypeRef":
                yield from _type(diagram, node, str(attribute), str(reference))
        if name in _ELEMENTS and not len(node):
            yield from _text(diagram, node, name)
        elif name == "eventDefinitionRef":
            yield from _event_definition(diagram, node)
        for attribute in _ANYTHING.get(name, ()):
            if (reference := plain(node.get(attribute, ""))) and reference not in diagram.ids:
                yield REFERENCE_UNKNOWN.at(diagram.file, xml.where(node), reference=reference)
        if name in _FORMATS and (text := node.get(_FORMATS[name])) and not _MIME.fullmatch(text):
            yield MIME_TYPE.at(diagram.file, xml.where(node), value=text, element=name)


def plain(reference: str) -> str:
    """A QName without its prefix."""
    return reference.strip().rpartition(":")[2]


def _text(diagram: Diagram, node: etree._Element, name: str) -> Iterator[Finding]:
    reference = xml.text(node)
    if name in _OR_VARIABLE and plain(reference) not in diagram.ids:
        return
    if name in ("incoming", "outgoing"):  # `flow_references` compares them with what is drawn
        return
    parent = node.getparent()
    # 8.3.4: between elements of any kind
    if reference and parent is not None and xml.local(parent) == "relationship":
        if plain(reference) not in diagram.ids:
            yield REFERENCE_UNKNOWN.at(diagram.file, xml.where(node), reference=reference)
    elif reference:
        yield from _check(diagram, node, reference, _ELEMENTS[name])


def _type(diagram: Diagram, node: etree._Element, name: str, reference: str) -> Iterator[Finding]:
    """A type of another name space is not looked for; nor is the bare name of one in
    `structureRef`, as of `String`."""
    prefix, own = reference.rpartition(":")[0].strip(), diagram.root.get("targetNamespace")
    if prefix and node.nsmap.get(prefix) not in (None, own):
        return
    if prefix or name != "structureRef" or plain(reference) in diagram.ids:
        yield from _check(diagram, node, reference, frozenset({"itemDefinition"}))


def _check(
    diagram: Diagram, node: etree._Element, reference: str, wanted: frozenset[str]
) -> Iterator[Finding]:
    found = diagram.ids.get(plain(reference))
    if found is None:
        yield REFERENCE_UNKNOWN.at(diagram.file, xml.where(node), reference=reference)
    elif xml.local(found) not in wanted:
        yield REFERENCE_KIND.at(
            diagram.file,
            xml.where(node),
            reference=reference,
            found=xml.local(found),
            wanted=" ".join(sorted(wanted)[:3]),
        )


def _event_definition(diagram: Diagram, node: etree._Element) -> Iterator[Finding]:
    """10.5.1: only a definition of the root level is shared; one inside an event belongs to that
    event alone."""
    reference = xml.text(node)
    found = diagram.ids.get(plain(reference))
    if found is None or xml.local(found) not in EVENT_DEFINITIONS:
        yield from _check(diagram, node, reference, EVENT_DEFINITIONS)
    elif found.getparent() is not diagram.root:
        yield EVENT_DEFINITION_SHARED.at(diagram.file, xml.where(node), reference=reference)
