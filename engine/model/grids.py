"""A decision table as a grid of texts that a form edits; the rest of the DMN file stays as it was.
Pure."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine.model import xml

AGGREGATED: Final = "COLLECT "  # before the name of an aggregation


@dataclass(frozen=True, slots=True)
class Row:
    """One rule. `id` is that of its element; a row with an unknown one is new."""

    id: str
    cells: tuple[str, ...]  #: inputs, then outputs
    note: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """One table of a file."""

    id: str
    name: str
    policy: str  #: with its aggregation: "COLLECT SUM"
    inputs: tuple[tuple[str, str], ...]  #: (label, expression)
    outputs: tuple[tuple[str, str], ...]  #: (label, variable)
    rows: tuple[Row, ...]
    #: of each column, inputs then outputs: "string", "number", "boolean", or what the file says
    types: tuple[str, ...] = ()
    #: what each column may hold, as it is written (`inputValues`, `outputValues`); "" for whatever
    allowed: tuple[str, ...] = ()


def grids(content: bytes) -> list[Grid]:
    """Raises XmlRefusedError when the file is not XML that we read."""
    return [_grid(decision, table) for decision, table in _tables(xml.parse(content))]


def with_rows(content: bytes, table: str, policy: str, rows: Sequence[Row]) -> bytes:
    """The file with these rules of one table, in this order. A row whose id is unknown becomes a
    new rule."""
    root = xml.parse(content)
    node = next(t for decision, t in _tables(root) if decision.get("id") == table)
    hit, _, aggregation = policy.partition(AGGREGATED)
    node.set("hitPolicy", AGGREGATED.strip() if aggregation else hit)
    node.attrib.pop("aggregation", None)
    if aggregation:
        node.set("aggregation", aggregation)
    old = {rule.get("id", ""): rule for rule in _children(node, "rule")}
    columns = (len(_children(node, "input")), len(_children(node, "output")))
    place = min((node.index(rule) for rule in old.values()), default=len(node))
    new = [
        _rule(node, old.get(row.id), _free_id(row.id, table, root, n), row, columns)
        for n, row in enumerate(rows)
    ]
    for rule in old.values():
        node.remove(rule)
    for n, rule in enumerate(new):
        node.insert(place + n, rule)
    etree.indent(root, space="  ")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


# --- reading --------------------------------------------------------------------------------------
def _children(node: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in node if isinstance(child.tag, str) and xml.local(child) == name]


def _line(node: etree._Element, name: str) -> str:
    """The text of a child on one line; "" without it."""
    return next((" ".join((child.text or "").split()) for child in _children(node, name)), "")


def _tables(root: etree._Element) -> list[tuple[etree._Element, etree._Element]]:
    """(decision, its decisionTable)"""
    decisions = [
        node for node in root.iter() if isinstance(node.tag, str) and xml.local(node) == "decision"
    ]
    return [
        (decision, table)
        for decision in decisions
        for table in _children(decision, "decisionTable")
    ]


def _grid(decision: etree._Element, table: etree._Element) -> Grid:
    inputs = tuple(
        (e.get("label") or _expression(e), _expression(e)) for e in _children(table, "input")
    )
    outputs = tuple(
        (s.get("label") or s.get("name", ""), s.get("name", "")) for s in _children(table, "output")
    )
    policy, aggregation = (
        (table.get("hitPolicy") or "UNIQUE").upper(),
        (table.get("aggregation") or "").upper(),
    )
    return Grid(
        id=decision.get("id", ""),
        name=decision.get("name") or decision.get("id", ""),
        policy=f"{policy} {aggregation}".strip(),
        inputs=inputs,
        outputs=outputs,
        rows=tuple(map(_row, _children(table, "rule"))),
        types=(
            *map(_input_type, _children(table, "input")),
            *(s.get("typeRef", "") for s in _children(table, "output")),
        ),
        allowed=(
            *(_values(e, "inputValues") for e in _children(table, "input")),
            *(_values(s, "outputValues") for s in _children(table, "output")),
        ),
    )


def _input_type(column: etree._Element) -> str:
    return next((e.get("typeRef", "") for e in _children(column, "inputExpression")), "")


def _values(column: etree._Element, tag: str) -> str:
    return next((_line(e, "text") for e in _children(column, tag)), "")


def _expression(column: etree._Element) -> str:
    return next((_line(e, "text") for e in _children(column, "inputExpression")), "")


def _row(rule: etree._Element) -> Row:
    inputs = tuple(_line(c, "text") or "-" for c in _children(rule, "inputEntry"))
    outputs = tuple(_line(c, "text") for c in _children(rule, "outputEntry"))
    return Row(rule.get("id", ""), inputs + outputs, _line(rule, "description"))


# --- writing --------------------------------------------------------------------------------------
def _free_id(given: str, table: str, root: etree._Element, number: int) -> str:
    used = {node.get("id") for node in root.iter() if isinstance(node.tag, str)}
    if given in used:
        return given
    n = len(used) + number
    while f"{table}_r{n}" in used:
        n += 1
    return f"{table}_r{n}"


def _rule(
    table: etree._Element, old: etree._Element | None, id_: str, row: Row, columns: tuple[int, int]
) -> etree._Element:
    """The element of a row; what a grid does not show of an old rule stays."""
    space = f"{{{xml.namespace(table)}}}"
    node = etree.Element(f"{space}rule", id=id_) if old is None else deepcopy(old)
    for name in ("description", "inputEntry", "outputEntry"):
        for child in _children(node, name):
            node.remove(child)
    if row.note:
        etree.SubElement(node, f"{space}description").text = row.note
    ids = (
        [c.get("id") for c in (*_children(old, "inputEntry"), *_children(old, "outputEntry"))]
        if old is not None
        else []
    )
    for n, cell in enumerate(row.cells):
        is_input = n < columns[0]
        entry = etree.SubElement(
            node,
            f"{space}{'inputEntry' if is_input else 'outputEntry'}",
            id=ids[n] if n < len(ids) and ids[n] else f"{id_}_c{n + 1}",
        )
        etree.SubElement(entry, f"{space}text").text = cell.strip() or ("-" if is_input else "")
    return node
