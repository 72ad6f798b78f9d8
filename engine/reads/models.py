"""A diagram or a decision table as it is written: its parts, what each is called and what it says.
Pure; of any file, in force or not.

A file that the deployer would refuse is read too, as far as it goes: an analyst is still drawing
it.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from engine.errors import DecisionError, ExpressionError, Problem
from engine.model import decision_tables, expressions, grids as writing, schedules, vocabulary, xml
from engine.model.cells import cell, literal
from engine.model.decision_tables import OTHER
from engine.model.grids import Grid, Row
from engine.model.vocabulary import FLOW_NODES
from engine.model.xml import MAX_BYTES
from engine.patterns import longest
from engine.types import ElementSpec, ScheduleRule, Value

__all__ = [
    "FLOW_NODES", "FOREIGN", "MAX_BYTES", "OTHER", "Drawing", "DrawnProcess", "Grid", "Model", "Part", "Row", "Rules", "Tried",
    "Unreadable", "longest",
]  # fmt: skip

_NAMED: Final = ("sequenceFlow", "lane", "participant", "process")
_WITH_BODY: Final = (*FLOW_NODES, *_NAMED, "decision", "rule")
_DRAWN: Final = ("textAnnotation", "association", "group")  # they explain the sheet and run nothing
_ELSEWHERE: Final = (
    "incoming",
    "outgoing",
    "flowNodeRef",
    "laneSet",
    "childLaneSet",
    "decisionTable",
    *_DRAWN,
    *_WITH_BODY,
)
#: What editors write or leave out as they like: it says the same.
_DEFAULTS: Final = frozenset({
    ("cancelActivity", "true"), ("isInterrupting", "true"), ("parallelMultiple", "false"), ("isForCompensation", "false"),
    ("isClosed", "false"), ("processType", "None"), ("startQuantity", "1"), ("completionQuantity", "1"),
    ("triggeredByEvent", "false"), ("isSequential", "false"),
    ("type", "text"), ("required", "false"), ("decision", "false"),
})  # fmt: skip
FOREIGN: Final = "foreign "
_TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"
#: ours, each told by this attribute
_REPEATED: Final = {
    "field": "name",
    "input": "name",
    "output": "name",
    "variable": "name",
    "separate": "from",
}
_LONGEST_EXPRESSION: Final = 2_000


class Unreadable(ValueError):
    """The bytes are not XML that we read; `rule` is the deployer's rule code."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Part:
    """What has an id in a file: an element, a flow, a lane, a table, a rule, and whatever else a
    finding may name."""

    id: str
    tag: str  #: without its name space
    name: str  #: on one line; "" without one
    source: str = ""  #: of a flow or association, the id where it begins
    target: str = ""
    #: What it says: where it stands ("type", "lane", "@name", "extensionElements/due@expr") → its
    #: text. What only another tool reads begins with FOREIGN ("foreign camunda:assignee"): nothing
    #: here runs by it.
    facets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DrawnProcess:
    id: str
    name: str
    elements: tuple[ElementSpec, ...]  #: as they are drawn, from left to right


@dataclass(frozen=True, slots=True)
class Rules:
    """A decision table: how large it is and how it decides."""

    id: str
    name: str
    policy: str
    number: int  #: of rules


@dataclass(frozen=True, slots=True)
class Model:
    """A file. Of a table `processes` is empty, of a diagram `tables`."""

    title: str  #: name of the first process or table; "" without one
    documentation: str
    parts: tuple[Part, ...]  #: without facets
    processes: tuple[DrawnProcess, ...] = ()
    tables: tuple[Rules, ...] = ()


def read(file: str, content: bytes) -> Model:
    """Raises Unreadable."""
    root = _root(content)
    return _table(file, root) if file.endswith(".dmn") else _diagram(file, root)


def brought(content: bytes) -> None:
    """Raises Unreadable for a file that is no XML in UTF-8: no door takes it in."""
    try:
        xml.parse_new(content)
    except xml.XmlRefusedError as error:
        raise Unreadable(error.rule.code) from error


def parts(content: bytes) -> list[Part]:
    """Everything with an id, with what it says, so that two texts of a file can be compared; where
    it is drawn does not count."""
    root = _root(content)
    lanes = {
        xml.text(ref): lane.get("id", "")
        for lane in root.iter(xml.BPMN + "lane")
        for ref in xml.children(lane, "flowNodeRef")
    }
    return list(_parts(root, lanes))


def grids(content: bytes) -> list[Grid]:
    """The tables of a DMN file as they are edited. Raises Unreadable."""
    try:
        return writing.grids(content)
    except xml.XmlRefusedError as error:
        raise Unreadable(str(error)) from error


def schedule(mark: Mapping[str, str]) -> ScheduleRule | None:
    """The attributes of `<v:schedule>` as a rule; None when the deployer would refuse them."""
    try:
        return schedules.read(mark)
    except ExpressionError:
        return None


def cell_problem(text: str, *, result: bool) -> Problem | None:
    """Why the deployer would not understand a cell; None when it would."""
    try:
        (literal if result else cell)(text)
    except ExpressionError as error:
        return error.problem
    return None


@dataclass(frozen=True, slots=True)
class Tried:
    """What a table says of one case. `rules`: the places of those that match, as they count."""

    rules: tuple[int, ...]
    outputs: Mapping[str, Value | list[Value]]
    problem: Problem | None = None


def tried(content: bytes, table: str, values: Sequence[Value]) -> Tried:
    """One value for each input, whatever expression gives it in a process. Raises Unreadable, also
    of what is no table yet."""
    found, _findings = decision_tables.read("", _root(content))
    one = next((t for t in found if t.id == table), None)
    if one is None:
        raise Unreadable("dmn_not_a_table")
    matching = one.counting(values)
    places = tuple(n for rule in matching for n, each in enumerate(one.rules) if each is rule)
    try:
        outputs = one.outcome(values, matching)
        return Tried(places if one.policy in decision_tables.SEVERAL else places[:1], outputs)
    except DecisionError as error:
        return Tried(places, {}, error.problem)


def with_rows(content: bytes, table: str, policy: str, rows: Sequence[Row]) -> bytes:
    """The file with these rules of one table, in this order. A row whose id is unknown becomes a
    new rule."""
    return writing.with_rows(content, table, policy, rows)


def _root(content: bytes) -> etree._Element:
    try:
        return xml.parse(content)
    except xml.XmlRefusedError as error:
        raise Unreadable(str(error)) from error


def _line(text: str) -> str:
    return " ".join(text.split())


def named(expression: str) -> frozenset[str]:
    """The variables that it reads; none of what is no expression."""
    try:
        return expressions.names(expression)
    except ExpressionError:
        return frozenset()


# --- diagrams -------------------------------------------------------------------------------------
def _diagram(file: str, root: etree._Element) -> Model:
    drawn = vocabulary.read(file, root).processes
    places = _places(root)
    processes = tuple(
        DrawnProcess(
            p.id,
            _line(p.name),
            tuple(sorted(p.elements.values(), key=lambda s: places.get(s.id, (1e9, 1e9)))),
        )
        for p in drawn
    )
    documentation = xml.text(xml.child(drawn[0].node, "documentation")) if drawn else ""
    return Model(processes[0].name if drawn else "", documentation, tuple(_parts(root)), processes)


def _places(root: etree._Element) -> dict[str, tuple[float, float]]:
    """Element id → where its shape is drawn."""
    found: dict[str, tuple[float, float]] = {}
    for shape in root.iter(xml.BPMN_DI + "BPMNShape"):
        box = next(
            (
                child
                for child in shape
                if isinstance(child.tag, str) and xml.local(child) == "Bounds"
            ),
            None,
        )
        if box is not None:
            try:
                found[shape.get("bpmnElement", "")] = (
                    float(box.get("x", "0")),
                    float(box.get("y", "0")),
                )
            except ValueError:
                continue
    return found


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a diagram is drawn: element id → bounds of its shape, or points of its line, each as it
    is written."""

    places: Mapping[str, tuple[float, float]]  #: upper left corner of each shape
    shapes: Mapping[str, tuple[str, ...]]
    lines: Mapping[str, tuple[str, ...]]
    notes: Mapping[str, str]  #: text annotations: id → text
    groups: Mapping[str, str]  #: frames: id → the words of their category


def drawing(content: bytes) -> Drawing:
    """Raises Unreadable."""
    root = _root(content)
    notes = {
        node.get("id", ""): xml.text(xml.child(node, "text"))
        for node in root.iter(xml.BPMN + "textAnnotation")
    }
    words = {
        node.get("id", ""): node.get("value", "") for node in root.iter(xml.BPMN + "categoryValue")
    }
    of_groups = {
        node.get("id", ""): node.get("categoryValueRef", "").rpartition(":")[2]
        for node in root.iter(xml.BPMN + "group")
    }
    groups = {id_: words.get(value, "") for id_, value in of_groups.items()}
    return Drawing(
        _places(root),
        _drawn(root, "BPMNShape", "Bounds"),
        _drawn(root, "BPMNEdge", "waypoint"),
        notes,
        groups,
    )


def _drawn(root: etree._Element, kind: str, inside: str) -> dict[str, tuple[str, ...]]:
    return {
        node.get("bpmnElement", ""): tuple(
            " ".join(child.get(a, "") for a in ("x", "y", "width", "height")).strip()
            for child in node
            if isinstance(child.tag, str) and xml.local(child) == inside
        )
        for node in root.iter(xml.BPMN_DI + kind)
    }


# --- decision tables ------------------------------------------------------------------------------
def _table(file: str, root: etree._Element) -> Model:
    tables, _ = decision_tables.read(file, root)
    decisions = [
        node for node in root.iter() if isinstance(node.tag, str) and xml.local(node) == "decision"
    ]
    title = _line(decisions[0].get("name") or decisions[0].get("id", file)) if decisions else ""
    text = next(
        (
            child.text or ""
            for node in decisions
            for child in node
            if xml.local(child) == "description"
        ),
        "",
    )
    rules = tuple(Rules(t.id, t.name, t.policy, len(t.rules)) for t in tables)
    return Model(title, text.strip(), tuple(_parts(root)), tables=rules)


# --- parts ----------------------------------------------------------------------------------------
def _parts(root: etree._Element, lanes: Mapping[str, str] | None = None) -> Iterator[Part]:
    """In the order of the file; with facets when the lanes of the elements are given."""
    for node in root.iter():
        if not isinstance(node.tag, str) or not node.get("id"):
            continue
        id_, tag = node.get("id", ""), xml.local(node)
        facets = (
            _facets(node, lanes.get(id_, "")) if lanes is not None and tag in _WITH_BODY else {}
        )
        name = node.get("value" if tag == "categoryValue" else "name", "")
        yield Part(
            id_, tag, _line(name), node.get("sourceRef", ""), node.get("targetRef", ""), facets
        )


def _facets(node: etree._Element, lane: str) -> dict[str, str]:
    facets = {"type": xml.local(node), "lane": lane, **_attributes(node, "")}
    places: Counter[str] = Counter()
    for child in node:
        if isinstance(child.tag, str) and xml.local(child) not in _ELSEWHERE:
            facets |= _below(child, "", places)
    table = next(
        (
            child
            for child in node
            if isinstance(child.tag, str) and xml.local(child) == "decisionTable"
        ),
        None,
    )
    if table is not None:
        facets["columns"] = "".join(
            _canonical(each)
            for each in table
            if isinstance(each.tag, str) and xml.local(each) in ("input", "output")
        )
        facets["policy"] = (
            f"{table.get('hitPolicy') or 'UNIQUE'} {table.get('aggregation') or ''}".strip()
        )
    return facets


def _below(node: etree._Element, path: str, places: Counter[str]) -> dict[str, str]:
    """What an element inside a part says. What stands beside its like is told by its name, else by
    its place."""
    tag = xml.local(node)
    if path.endswith("extensionElements") and not str(node.tag).startswith(xml.OURS):
        where = f"{FOREIGN}{path.removesuffix('extensionElements')}{_prefixed(node, str(node.tag))}"
        places[where] += 1
        return {where if places[where] == 1 else f"{where}#{places[where]}": _as_written(node)}
    name = node.get(_REPEATED[tag], "") if path and tag in _REPEATED else ""
    here = f"{path}/{tag}" if path else tag
    if name:
        here = f"{here}[{_line(name)}]"
    places[here] += 1
    here = here if places[here] == 1 else f"{here}#{places[here]}"
    facets = _attributes(node, here)
    if text := _line(node.text or ""):
        facets[here] = text
    for child in node:
        if isinstance(child.tag, str):
            facets |= _below(child, here, places)
    order = [_line(child.get("name", "")) for child in node if child.tag == f"{xml.OURS}field"]
    if len(order) > 1:
        facets[f"{here}/field"] = ", ".join(order)
    return facets


def _attributes(node: etree._Element, path: str) -> dict[str, str]:
    pairs = sorted((str(a), str(v)) for a, v in node.attrib.items())
    own = {
        f"{path}@{a}": _line(v)
        for a, v in pairs
        if a != "id" and (a, v) not in _DEFAULTS and not a.startswith("{")
    }
    of_others = {
        f"{FOREIGN}{path}@{_prefixed(node, a)}".replace(" @", " "): _line(v)
        for a, v in pairs
        if a.startswith("{") and a != _TYPE
    }
    return own | of_others


def _prefixed(node: etree._Element, name: str) -> str:
    """ "camunda:assignee", as the file writes it."""
    space, local = etree.QName(name).namespace, etree.QName(name).localname
    prefix = next((prefix for prefix, uri in node.nsmap.items() if uri == space and prefix), "")
    return f"{prefix}:{local}" if prefix else local


def _as_written(node: etree._Element) -> str:
    """What an element that only another tool reads says: "name=queue, value=3 (…)"."""
    said = [
        f"{etree.QName(str(a)).localname}={_line(str(v))}" for a, v in sorted(node.attrib.items())
    ]
    inside = [
        f"{xml.local(child)} ({_as_written(child)})" for child in node if isinstance(child.tag, str)
    ]
    return ", ".join([*said, *([_line(node.text)] if _line(node.text or "") else []), *inside])


def _canonical(node: etree._Element) -> str:
    """Without spaces, ids of parts and name space prefixes: what the element says."""
    if not isinstance(node.tag, str):
        return ""
    attributes = ",".join(
        f"{n}={_line(str(v))}" for n, v in sorted(node.attrib.items()) if n not in ("id", _TYPE)
    )
    return f"<{node.tag} {attributes}>{_line(node.text or '')}{''.join(map(_canonical, node))}"


def same_expression(one: str, other: str) -> bool:
    """Whether two texts are the same expression, spaces, quotes and needless brackets aside."""
    return one == other or _normal(one) == _normal(other)


def _normal(text: str) -> str:
    try:
        return ast.unparse(ast.parse(text[:_LONGEST_EXPRESSION].strip(), mode="eval"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _line(text)
