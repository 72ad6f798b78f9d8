"""Twins of a model: the same diagram with other ids, prefixes, order, spelling and encoding. A
verdict that changes was no verdict."""

import random
import re
from itertools import groupby

from lxml import etree

from tests.kit.chance import dice

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
#: attributes and texts that hold the id of an element
_REFERENCES = frozenset({
    "sourceRef", "targetRef", "attachedToRef", "default", "messageRef", "signalRef", "errorRef", "escalationRef", "operationRef",
    "processRef", "dataObjectRef", "dataStoreRef", "itemSubjectRef", "itemRef", "categoryValueRef", "activityRef", "calledElement",
    "initiatingParticipantRef", "oneBehaviorEventRef", "noneBehaviorEventRef", "parameterRef", "correlationKeyRef",
    "correlationPropertyRef", "bpmnElement",
    "calledCollaborationRef", "innerMessageFlowRef", "outerMessageFlowRef", "innerConversationNodeRef", "outerConversationNodeRef",
    "partitionElementRef", "choreographyActivityShape", "labelStyle", "evaluatesToTypeRef", "type",
    "structureRef", "inputDataRef", "outputDataRef", "from", "definitionalCollaborationRef", "calledChoreographyRef",
})  # fmt: skip
_TEXTS = frozenset({
    "incoming", "outgoing", "flowNodeRef", "eventDefinitionRef", "sourceRef", "targetRef", "dataInputRefs", "dataOutputRefs",
    "optionalInputRefs", "optionalOutputRefs", "whileExecutingInputRefs", "whileExecutingOutputRefs", "inputSetRefs", "outputSetRefs",
    "inMessageRef", "outMessageRef", "operationRef", "errorRef", "supportedInterfaceRef", "interfaceRef", "participantRef",
    "messageFlowRef", "choreographyRef", "correlationPropertyRef", "resourceRef", "loopDataInputRef", "loopDataOutputRef", "source",
    "target", "categoryValueRef", "innerParticipantRef", "outerParticipantRef", "supports", "endPointRef",
})  # fmt: skip
#: elements whose id is the name of a variable
_VARIABLES = frozenset({"inputDataItem", "outputDataItem", "property"})
#: children that stand in any order among their like
_FREE = frozenset({
    "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "task", "userTask", "manualTask",
    "serviceTask", "sendTask", "receiveTask", "businessRuleTask", "scriptTask", "subProcess", "transaction", "adHocSubProcess",
    "callActivity", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway", "sequenceFlow",
    "dataObject", "dataObjectReference", "dataStoreReference",
})  # fmt: skip
_BOOLEANS = frozenset({
    "isInterrupting", "parallelMultiple", "cancelActivity", "triggeredByEvent", "isForCompensation", "instantiate", "isSequential",
    "testBefore", "waitForCompletion", "cancelRemainingInstances", "isCollection",
})  # fmt: skip
_DIGITS = {"true": "1", "false": "0"}
#: attributes around whose value the schema lets space stand
_SPACED = frozenset({
    "sourceRef", "targetRef", "attachedToRef", "default", "messageRef", "signalRef", "errorRef", "escalationRef", "activityRef",
    "startQuantity", "completionQuantity", "loopMaximum",
})  # fmt: skip
_EXPRESSIONS = frozenset({
    "conditionExpression", "condition", "loopCardinality", "loopCondition", "completionCondition", "activationCondition",
    "timeDate", "timeDuration", "timeCycle",
})  # fmt: skip
HALF = 0.5
_NO_NODES = frozenset({"sequenceFlow", "dataObject", "dataObjectReference", "dataStoreReference"})
_ARTIFACTS = frozenset({"association", "group", "textAnnotation"})
_ROOTS = frozenset({
    "process", "message", "signal", "error", "escalation", "itemDefinition", "interface", "collaboration", "choreography", "resource",
    "category", "dataStore", "globalTask", "globalConversation", "messageEventDefinition", "signalEventDefinition",
    "errorEventDefinition", "escalationEventDefinition", "timerEventDefinition", "conditionalEventDefinition", "compensateEventDefinition",
})  # fmt: skip


def twin(content: bytes, seed: int) -> tuple[bytes, dict[str, str]]:
    """Every id renamed, the prefix of BPMN changed, what may stand in any order shuffled, and
    written in another of the ways that the schema allows; with the new name of each id."""
    chance = dice(seed)
    root = etree.fromstring(content)
    ids = [
        node.get("id")
        for node in root.iter("*")
        if node.get("id") and etree.QName(node).localname not in _VARIABLES
    ]
    names = {id_: f"x{seed}_{number}_{chance.randrange(10**6)}" for number, id_ in enumerate(ids)}
    for node in root.iter("*"):
        _rename(node, names)
    _shuffle(root, chance)
    _respell(root, chance)
    _clutter(root, seed)
    return _written(_prefixed(root, None if seed % 3 == 0 else f"ns{seed}"), chance), names


# --- the same, spelled otherwise ------------------------------------------------------------------
def _respell(root: etree._Element, chance: random.Random) -> None:
    """Booleans as digits, space around references and numbers, comments in expressions, references
    by qualified name."""
    for node in root.iter("*"):
        name = etree.QName(node).localname
        for attribute, value in node.attrib.items():
            if attribute in _BOOLEANS and chance.random() < HALF:
                node.set(attribute, f" {_DIGITS[str(value)]}" if value in _DIGITS else value)
            elif attribute in _SPACED and chance.random() < HALF:
                node.set(attribute, f" {value}\n")
        if len(node) == 0 and node.text and node.text.strip() and name in _TEXTS | _EXPRESSIONS:
            node.text = f"\n\t{node.text}  "
        if name in _EXPRESSIONS and chance.random() < HALF:
            node.append(etree.Comment(" > "))


def _clutter(root: etree._Element, seed: int) -> None:
    """What nobody uses: definitions, documentation, a lane of nobody."""
    for number, kind in enumerate(("signal", "message", "error", "escalation", "itemDefinition")):
        etree.SubElement(root, f"{{{BPMN}}}{kind}", id=f"unused{seed}_{number}")
    last = [
        each
        for each in root
        if etree.QName(each).localname == "relationship" or etree.QName(each).namespace != BPMN
    ]
    root.extend(last)  # they stay behind what was added
    for number, node in enumerate(
        root.iter(
            *(f"{{{BPMN}}}{kind}" for kind in ("process", "startEvent", "endEvent", "sequenceFlow"))
        )
    ):
        _divide(node, f"{seed}_{number}")
        note = etree.Element(f"{{{BPMN}}}documentation")
        note.text = "A note & more: x > 1"
        node.insert(0, note)


def _divide(process: etree._Element, name: str) -> None:
    """Another way to divide the process: one lane of nobody around everything."""
    members = [
        each.get("id") for each in process if etree.QName(each).localname in _FREE - _NO_NODES
    ]
    first = next((each for each in process if etree.QName(each).localname in _FREE), None)
    if etree.QName(process).localname != "process" or first is None or not all(members):
        return
    lanes = etree.Element(f"{{{BPMN}}}laneSet", id=f"lanes{name}")
    lane = etree.SubElement(lanes, f"{{{BPMN}}}lane", id=f"lane{name}")
    for member in members:
        etree.SubElement(lane, f"{{{BPMN}}}flowNodeRef").text = f" {member}\n"
    first.addprevious(lanes)


def _written(root: etree._Element, chance: random.Random) -> bytes:
    """With a mark of its byte order or in plain signs, comments and instructions around it."""
    encoding = chance.choice(["UTF-8", "US-ASCII"])
    root.addprevious(etree.Comment(" before the root "))
    written: bytes = etree.tostring(root.getroottree(), encoding=encoding, xml_declaration=True)
    return b"\xef\xbb\xbf" + written if encoding == "UTF-8" else written


def _rename(node: etree._Element, names: dict[str, str]) -> None:
    for attribute, value in node.attrib.items():
        plain = str(attribute).rpartition("}")[2]
        if plain == "id" or plain in _REFERENCES:
            head, mark, name = str(value).rpartition(":")
            node.set(attribute, head + mark + names.get(name, name))
    if etree.QName(node).localname == "activationCondition":
        node.text = re.sub(r"\w+", lambda word: names.get(word[0], word[0]), node.text or "")
    if etree.QName(node).localname in _TEXTS and len(node) == 0 and node.text:
        head, mark, name = node.text.strip().rpartition(":")
        node.text = head + mark + names.get(name, name)


def _shuffle(node: etree._Element, chance: random.Random) -> None:
    for child in node:
        if isinstance(child.tag, str):
            _shuffle(child, chance)
    children = list(node)
    mixed: list[etree._Element] = []
    for kind, group in groupby(children, key=_kind):
        run = list(group)
        if kind:
            chance.shuffle(run)
        mixed += run
    node[:] = mixed


def _kind(node: etree._Element) -> str:
    """Runs of children that may be mixed: flow elements, artifacts, root elements."""
    if not isinstance(node.tag, str) or etree.QName(node).namespace != BPMN:
        return ""
    name, parent = etree.QName(node).localname, node.getparent()
    if parent is not None and etree.QName(parent).localname == "definitions":
        return "root" if name in _ROOTS else ""
    return "flow" if name in _FREE else "artifact" if name in _ARTIFACTS else ""


def _prefixed(root: etree._Element, prefix: str | None) -> etree._Element:
    """The same document with BPMN's name space under another prefix, or under none; the prefixes of
    values stay declared."""
    made = etree.Element(root.tag, nsmap={**_others(root), prefix: BPMN})
    _copy(root, made, prefix)
    return made


def _others(node: etree._Element) -> dict[str | None, str]:
    return {name: uri for name, uri in node.nsmap.items() if name is not None and uri != BPMN}


def _copy(source: etree._Element, target: etree._Element, prefix: str | None) -> None:
    for name, value in source.attrib.items():
        typed = str(name).endswith("}type") and str(value).rpartition(":")[2] in (
            "tFormalExpression",
            "tExpression",
        )
        kind = str(value).rpartition(":")[2]
        target.set(name, (f"{prefix}:{kind}" if prefix else kind) if typed else value)
    target.text, target.tail = source.text, source.tail
    for child in source:
        if not isinstance(child.tag, str):
            target.append(etree.Comment(child.text))
            target[-1].tail = child.tail
        else:
            _copy(
                child,
                etree.SubElement(target, child.tag, nsmap={**_others(child), prefix: BPMN}),
                prefix,
            )
