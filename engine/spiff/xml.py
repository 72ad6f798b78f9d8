"""XML from outside: no DTD, no entities, no network, at most 2 MB."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMN_DI: Final = "{http://www.omg.org/spec/BPMN/20100524/DI}"
OURS: Final = "{urn:ventanilla:bpmn:1}"
MAX_BYTES: Final = 2 * 1024 * 1024


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
    return root


def local(node: etree._Element) -> str:
    """Tag without its name space."""
    return str(etree.QName(node).localname)


def namespace(node: etree._Element) -> str:
    return str(etree.QName(node).namespace or "")


def text(node: etree._Element | None) -> str:
    """All text below, or "" for no element."""
    return "" if node is None else "".join(str(part) for part in node.itertext()).strip()


def children(node: etree._Element, *names: str) -> Iterator[etree._Element]:
    """BPMN children with these local names, in document order."""
    wanted = {BPMN + name for name in names}
    return (child for child in node if child.tag in wanted)


def child(node: etree._Element, name: str) -> etree._Element | None:
    return node.find(BPMN + name)
