"""XML from outside: no DTD, no entities, no network, at most 2 MB, 45,000 elements of 200
attributes each and 60 levels."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.errors import Rule

XML_DOCTYPE: Final = Rule("xml_doctype", "XML")
XML_EMPTY: Final = Rule("xml_empty", "XML")
XML_ENCODING: Final = Rule("xml_encoding", "XML")
XML_NOT_WELL_FORMED: Final = Rule("xml_not_well_formed", "XML")
XML_NOT_XML: Final = Rule("xml_not_xml", "XML")
XML_TOO_DEEP: Final = Rule("xml_too_deep", "XML")
XML_TOO_LARGE: Final = Rule("xml_too_large", "XML")
XML_TOO_MANY: Final = Rule("xml_too_many", "XML")

BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMN_DI: Final = "{http://www.omg.org/spec/BPMN/20100524/DI}"
OURS: Final = "{urn:ventanilla:bpmn:1}"
MAX_BYTES: Final = 2 * 1024 * 1024
MAX_ELEMENTS: Final = 45_000
MAX_DEPTH: Final = 60
MAX_ATTRIBUTES: Final = 200
_RESOURCES: Final = 114  # XML_ERR_RESOURCE_LIMIT: entities that grow, or levels
#: how files begin that are no XML although people take them for a diagram: archives, documents,
#: images
_OTHERS: Final = (
    b"PK",
    b"\x1f\x8b",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\xd0\xcf\x11\xe0",
    b"7z\xbc\xaf",
    b"Rar!",
    b"{",
    b"[",
)
_UTF8: Final = frozenset({"UTF-8", "ASCII", "US-ASCII"})
_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
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
    """The bytes are not XML that we read; `rule` says why."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule.code)
        self.rule = rule


def parse(content: bytes) -> etree._Element:
    """The root element; XmlRefusedError carries the rule."""
    if len(content) > MAX_BYTES:
        raise XmlRefusedError(XML_TOO_LARGE)
    if not content.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise XmlRefusedError(XML_EMPTY)
    if content.startswith(_OTHERS) or not (content.startswith(_MARKS) or b"<" in content):
        raise XmlRefusedError(XML_NOT_XML)
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
        raise XmlRefusedError(_why(error, content)) from error
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.externalDTD is not None:
        raise XmlRefusedError(XML_DOCTYPE)
    for number, node in enumerate(root.iter(), 1):
        if number > MAX_ELEMENTS or len(node.attrib) > MAX_ATTRIBUTES:
            raise XmlRefusedError(XML_TOO_MANY)
    if _too_deep(root):
        raise XmlRefusedError(XML_TOO_DEEP)
    return root


def parse_new(content: bytes) -> etree._Element:
    """As `parse`, of a file that is brought now: UTF-8 only. One text in two encodings is two
    diagrams, for whoever reads the bytes in another way than the declaration says sees the other
    one. What was accepted before is read as it was."""
    root = parse(content)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise XmlRefusedError(XML_ENCODING) from error
    if b"\0" in content or (root.getroottree().docinfo.encoding or "UTF-8").upper() not in _UTF8:
        raise XmlRefusedError(XML_ENCODING)
    return root


def _why(error: Exception, content: bytes) -> Rule:
    """The rule that the parser's first complaint is about."""
    kinds, code = etree.ErrorTypes, getattr(error, "code", None)
    if code in (
        kinds.ERR_INVALID_ENCODING,
        kinds.ERR_UNKNOWN_ENCODING,
        kinds.ERR_UNSUPPORTED_ENCODING,
    ):
        return XML_ENCODING
    if code in (kinds.ERR_UNDECLARED_ENTITY, kinds.ERR_ENTITY_LOOP) or (
        code == _RESOURCES and b"<!DOCTYPE" in content
    ):
        return XML_DOCTYPE
    return XML_TOO_DEEP if code == _RESOURCES else XML_NOT_WELL_FORMED


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
    return str(node.tag).rpartition("}")[2]


def namespace(node: etree._Element) -> str:
    return str(etree.QName(node).namespace or "")


def is_true(node: etree._Element, attribute: str) -> bool:
    return node.get(attribute) in ("true", "1")


def is_false(node: etree._Element, attribute: str) -> bool:
    """Said, and said to be false; most flags of BPMN are true where nothing is said."""
    return node.get(attribute) in ("false", "0")


def text(node: etree._Element | None) -> str:
    """All text below, or "" for no element."""
    return "" if node is None else "".join(str(part) for part in node.itertext()).strip()


def where(node: etree._Element) -> str | None:
    """The id that an analyst can point at: of the element, or of the nearest one around it that is
    drawn."""
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
