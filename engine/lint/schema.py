"""A diagram against the XSD of BPMN 2.0. The validator's complaints are told by their type and
place, never by their words."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Final

from lxml import etree

from engine.errors import Finding, Problem, Rule
from engine.model import xml
from engine.model.vocabulary import Diagram

SCHEMA: Final = Rule("schema", "BPMN 15.3", ("line", "problem"))

MAX_FINDINGS: Final = 10
#: The validator looks for the place of each complaint among all elements around it: with more
#: elements than this it is asked for places only when there are no more complaints than that.
LARGE: Final = 3_000
MANY: Final = 200
# an element that must not stand there, or one that lacks a child
_CONTENT: Final = "SCHEMAV_ELEMENT_CONTENT"
_VALUE: Final = "SCHEMAV_CVC_DATATYPE_VALID_1_2_1"
_MISSING: Final = "SCHEMAV_CVC_COMPLEX_TYPE_4"  # a required attribute


def check(diagram: Diagram, file: Path) -> Iterator[Finding]:
    schema = _load(file)
    if (complaints := _too_many(diagram.root, schema)) is not None:
        if complaints:
            whole = Problem("element_invalid", {"element": xml.local(diagram.root)})
            yield SCHEMA.at(diagram.file, None, line=str(diagram.root.sourceline), problem=whole)
        return
    if schema.validate(diagram.root):
        return
    prefixes = {
        prefix: uri for node in diagram.root.iter() for prefix, uri in node.nsmap.items() if prefix
    }
    for entry in list(islice(schema.error_log, MAX_FINDINGS)):
        node = _place(diagram.root, entry.path, prefixes)
        yield SCHEMA.at(
            diagram.file,
            xml.where(node),
            line=str(entry.line),
            problem=_problem(file, entry.type_name, node),
        )


def _too_many(root: etree._Element, schema: etree.XMLSchema) -> int | None:
    """Of a large file with very many complaints how many they are, without ids that stand there
    twice: of these `id_duplicate` tells. None: it may be asked for the place of each. Read as a
    stream the validator knows no places, nor which ids stand there twice."""
    if sum(1 for _ in islice(root.iter(), LARGE + 1)) <= LARGE:
        return None
    ids = Counter(node.get("id") for node in root.iter() if node.get("id"))
    twice = sum(number - 1 for number in ids.values())
    stream = etree.XMLParser(schema=schema)
    try:
        etree.fromstring(etree.tostring(root), stream)
    except etree.XMLSyntaxError:
        complaints = len(stream.error_log)
        return complaints if complaints + twice > MANY else None
    return 0 if twice > MANY else None


@cache
def _load(file: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(file)))


@cache
def _required(file: Path) -> tuple[str, ...]:
    """Names of the attributes that some element of the schema must have."""
    parts = [etree.parse(str(part)) for part in sorted(file.parent.glob("*.xsd"))]
    attributes = [each for part in parts for each in part.iter("{*}attribute")]
    return tuple(
        dict.fromkeys(each.get("name", "") for each in attributes if each.get("use") == "required")
    )


def _place(root: etree._Element, path: str | None, prefixes: dict[str, str]) -> etree._Element:
    """The element that a complaint is about; its path has the prefixes of the file. Without one,
    the whole file."""
    found = root.xpath(path, namespaces=prefixes) if path else []
    return found[0] if isinstance(found, list) and found else root


def _problem(file: Path, kind: str, node: etree._Element) -> Problem:
    """What is wrong, found out by judging the element alone, with and without its attributes."""
    schema, element, given = (
        _load(file),
        xml.local(node),
        {str(name): str(value) for name, value in node.attrib.items()},
    )
    if kind == _CONTENT:
        alone = etree.fromstring(etree.tostring(node))
        lacks = not schema.validate(alone) and any(
            each.type_name == _CONTENT and each.path == "/*" for each in schema.error_log
        )
        return Problem("content_missing" if lacks else "element_unexpected", {"element": element})
    count = _complaints(schema, node, given)[kind]
    if kind == _MISSING:
        for name in _required(file):
            if name not in given and _complaints(schema, node, {**given, name: "x"})[kind] < count:
                return Problem("attribute_missing", {"element": element, "attribute": name})
    for name in given:
        if _complaints(schema, node, {n: v for n, v in given.items() if n != name})[kind] < count:
            return Problem(
                "attribute_invalid", {"element": element, "attribute": etree.QName(name).localname}
            )
    # an id that another element has too is wrong only beside it
    if kind == _VALUE and "id" in given:
        return Problem("attribute_invalid", {"element": element, "attribute": "id"})
    return Problem("element_invalid", {"element": element})


def _complaints(
    schema: etree.XMLSchema, node: etree._Element, attributes: dict[str, str]
) -> Counter[str]:
    """What the schema says of an element of this name with these attributes and nothing inside, by
    type."""
    schema.validate(etree.Element(node.tag, attributes))
    return Counter(each.type_name for each in schema.error_log)
