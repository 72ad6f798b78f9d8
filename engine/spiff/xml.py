"""XML from outside: no DTD, no entities, no network, at most 2 MB, 45,000 elements and 60 levels."""

import itertools
from collections.abc import Iterator
from typing import Final

from lxml import etree

BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMN_DI: Final = "{http://www.omg.org/spec/BPMN/20100524/DI}"
OURS: Final = "{urn:ventanilla:bpmn:1}"
MAX_BYTES: Final = 2 * 1024 * 1024
MAX_ELEMENTS: Final = 45_000
MAX_DEPTH: Final = 60
#: elements that have an id but are shown by what is around them
_INSIDE: Final = frozenset({
    "messageEventDefinition", "timerEventDefinition", "signalEventDefinition", "errorEventDefinition", "escalationEventDefinition",
    "conditionalEventDefinition", "linkEventDefinition", "compensateEventDefinition", "cancelEventDefinition", "terminateEventDefinition",
    "conditionExpression", "condition", "timeDate", "timeDuration", "timeCycle", "ioSpecification", "dataInput", "dataOutput", "inputSet",
    "outputSet", "dataInputAssociation", "dataOutputAssociation", "assignment", "from", "to", "transformation", "property",
    "multiInstanceLoopCharacteristics", "standardLoopCharacteristics", "loopCardinality", "loopCondition", "completionCondition",
    "inputDataItem", "outputDataItem", "complexBehaviorDefinition", "participantMultiplicity", "documentation", "activationCondition",
    "resourceParameterBinding", "resourceAssignmentExpression", "formalExpression", "expression", "messagePath", "dataPath",
    "correlationPropertyRetrievalExpression", "correlationPropertyBinding", "humanPerformer", "performer", "potentialOwner", "resourceRole",
})  # fmt: skip


class XmlRefusedError(ValueError):
    """The bytes are not XML that we read; the text is a rule code."""


def parse(content: bytes) -> etree._Element:
    """The root element; XmlRefusedError carries the rule code."""
    if len(content) > MAX_BYTES:
        raise XmlRefusedError("xml_too_large")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise XmlRefusedError("xml_not_well_formed") from error
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.externalDTD is not None:
        raise XmlRefusedError("xml_doctype")
    if sum(1 for _ in itertools.islice(root.iter(), MAX_ELEMENTS + 1)) > MAX_ELEMENTS:
        raise XmlRefusedError("xml_too_many")
    if _too_deep(root):
        raise XmlRefusedError("xml_too_deep")
    return root


def _too_deep(root: etree._Element) -> bool:
    """Level by level: nothing here descends without end."""
    level = [root]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in node]
        if not level:
            return False
    return True


def local(node: etree._Element) -> str:
    """Tag without its name space."""
    return str(etree.QName(node).localname)


def namespace(node: etree._Element) -> str:
    return str(etree.QName(node).namespace or "")


def text(node: etree._Element | None) -> str:
    """All text below, or "" for no element."""
    return "" if node is None else "".join(str(part) for part in node.itertext()).strip()


def where(node: etree._Element) -> str | None:
    """The id that an analyst can point at: of the element, or of the nearest one around it that is drawn."""
    while node is not None:
        if node.get("id") and local(node) not in _INSIDE:
            return str(node.get("id"))
        node = node.getparent()
    return None


def children(node: etree._Element, *names: str) -> Iterator[etree._Element]:
    """BPMN children with these local names, in document order."""
    wanted = {BPMN + name for name in names}
    return (child for child in node if child.tag in wanted)


def child(node: etree._Element, name: str) -> etree._Element | None:
    return node.find(BPMN + name)
