"""What stands on a sheet: the elements of a BPMN file and, from its grid, the box of each.

The grid is JSON beside this module. Columns count over the whole sheet, rows inside each lane; both
may be fractions.

    {"columns": {"default": 150, "0": 90},           widths
     "lanes": {"ln_asesor": [110, 110, 130]},        heights of the rows of each lane, lanes from top to bottom
     "nodes": {"act_5_2_1": [1, 0], "sp_escalar": [4, 6, 6, 1]},      column, row; of an expanded sub-process also how
                                                     many columns and rows it spans (its elements use the same grid)
     "boundary": {"err_crm": ["b", 0.8], "tmr_a": ["b", "6.2"]},      side of the host, and the share of that side (by
                                                     default 0.75) or, as a text, the column
     "flows": {"f_si": "r>t", "f_no": ">l"},         side left > side entered, either may be absent
     "labels": {"x_ruta": "t"},                      side of a label: t b l r and the corners tl tr bl br
     "notes": {"nota_q2": [2, 0.8, 150]},            column, row (in the lane of what it belongs to) and width
     "groups": {"grupo_q3": ["x_llamados", "fin_ausente"]}}            what the dashed frame surrounds
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from textwrap import wrap
from typing import Any, Final

from lxml import etree

from tools.layout.geometry import Box, Point, around

BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
LEFT: Final = 160
TOP: Final = 80
HEADER: Final = 30
PAD: Final = 20
POOL_GAP: Final = 70
GROUP_MARGIN: Final = 12
GROUP_TITLE: Final = 16
FRAME_TITLE: Final = 24
NOTE_CHAR: Final = 6.3
NOTE_LINE: Final = 15
TASK: Final = (120, 80)
EVENT: Final = (36, 36)
GATEWAY: Final = (50, 50)
AWAY: Final[dict[str, tuple[int, int]]] = {"r": (1, 0), "l": (-1, 0), "t": (0, -1), "b": (0, 1)}


@dataclass(frozen=True, slots=True)
class Node:
    id: str
    tag: str
    name: str
    scope: str  # the process or sub-process around it
    host: str | None
    assumption: bool

    @property
    def size(self) -> tuple[int, int]:
        return (
            EVENT
            if self.tag.endswith("Event")
            else GATEWAY
            if self.tag.endswith("Gateway")
            else TASK
        )

    @property
    def labelled(self) -> bool:
        """Its name stands outside the shape."""
        return bool(self.name) and self.tag.endswith(("Event", "Gateway"))


@dataclass(frozen=True, slots=True)
class Flow:
    id: str
    source: str
    target: str
    name: str
    kind: str  # sequenceFlow, messageFlow
    is_default: bool = False


@dataclass(slots=True)
class Pool:
    id: str
    process: str
    lanes: dict[str, list[str]]  # lane -> its flow nodes


@dataclass(slots=True)
class Sheet:
    """Boxes by element id; routes and labels are added by routing.py and labels.py."""

    grid: Mapping[str, Any]
    nodes: dict[str, Node]
    flows: dict[str, Flow]
    pools: dict[str, Pool]
    # text annotation -> (its text, the element that it belongs to)
    notes: dict[str, tuple[str, str]]
    groups: dict[str, str]  # group -> its title
    collaboration: str
    boxes: dict[str, Box] = field(default_factory=dict)
    lane_boxes: dict[str, Box] = field(default_factory=dict)
    pool_boxes: dict[str, Box] = field(default_factory=dict)
    note_boxes: dict[str, Box] = field(default_factory=dict)
    group_boxes: dict[str, Box] = field(default_factory=dict)
    routes: dict[str, list[Point]] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)
    columns: list[float] = field(default_factory=list)  # left edges, and the right edge of the last
    # top edges of all rows, and the bottom of each lane
    rows: list[float] = field(default_factory=list)

    def inside(self, outer: str) -> Iterator[str]:
        """Elements of a sub-process, at any depth."""
        for node in self.nodes.values():
            scope: str | None = node.scope
            while scope in self.nodes:
                if scope == outer:
                    yield node.id
                    break
                scope = self.nodes[scope].scope

    @property
    def frames(self) -> set[str]:
        """Expanded sub-processes."""
        return {node.scope for node in self.nodes.values() if node.scope in self.nodes}

    def lane_of(self, node: str) -> str:
        while self.nodes[node].host or self.nodes[node].scope in self.nodes:
            node = self.nodes[node].host or self.nodes[node].scope
        return next(
            lane
            for pool in self.pools.values()
            for lane, members in pool.lanes.items()
            if node in members
        )


def read(root: etree._Element, grid: Mapping[str, Any]) -> Sheet:
    """The elements, without a box yet."""
    collaboration = root.find(f"{BPMN}collaboration")
    if collaboration is None:
        raise ValueError("a sheet needs a collaboration with a pool for each process")
    nodes, flows, notes, groups = {}, {}, {}, {}
    titles = {
        value.get("id", ""): value.get("value", "") for value in root.iter(f"{BPMN}categoryValue")
    }
    defaults = {element.get("default") for element in root.iter() if element.get("default")}
    for element in root.iter():
        tag = etree.QName(element).localname if isinstance(element.tag, str) else ""
        id_ = element.get("id", "")
        if tag in ("sequenceFlow", "messageFlow"):
            ends = element.get("sourceRef", ""), element.get("targetRef", "")
            flows[id_] = Flow(id_, *ends, element.get("name", ""), tag, id_ in defaults)
        elif tag == "group":
            groups[id_] = titles.get(element.get("categoryValueRef", ""), "")
        elif tag == "association":
            note = element.get("targetRef", "")
            notes[note] = (_text(root, note), element.get("sourceRef", ""))
        elif _is_node(element, tag):
            nodes[id_] = _node(element, tag, titles)
    pools = {
        pool.get("id", ""): _pool(root, pool) for pool in collaboration.iter(f"{BPMN}participant")
    }
    return Sheet(grid, nodes, flows, pools, notes, groups, collaboration.get("id", ""))


def place(sheet: Sheet) -> None:
    """Give every element its box."""
    widths = _widths(sheet)
    x = float(LEFT + 2 * HEADER)
    for width in widths:
        sheet.columns.append(x)
        x += width
    sheet.columns.append(x)
    y = float(TOP)
    for pool in sheet.pools.values():
        top = y
        for lane, members in pool.lanes.items():
            y = _place_lane(sheet, lane, members, y)
        sheet.pool_boxes[pool.id] = Box(LEFT, top, x + PAD - LEFT, y - top)
        y += POOL_GAP
    for node in sheet.nodes.values():
        if node.host is not None:
            sheet.boxes[node.id] = _on_border(sheet, node)
    for note, (text, owner) in sheet.notes.items():
        column, row, width = sheet.grid["notes"][note]
        height = NOTE_LINE * len(wrap(text, int((width - 10) / NOTE_CHAR))) + 8
        mx, my = _centre(sheet, sheet.lane_of(owner), column, row)
        sheet.note_boxes[note] = Box(mx - width // 2, my - height // 2, width, height)


def frame_title(sheet: Sheet, frame: str) -> Box:
    """Where bpmn-js writes the name of an expanded sub-process."""
    box, width = sheet.boxes[frame], 7 * len(sheet.nodes[frame].name)
    return Box(box.middle[0] - width / 2, box.y, width, FRAME_TITLE)


def frame_groups(sheet: Sheet) -> None:
    """Surround the members of each group, their labels included; after labels are known."""
    for group in sheet.groups:
        members = sheet.grid["groups"][group]
        box = around(
            [sheet.boxes[m] for m in members]
            + [sheet.labels[m] for m in members if m in sheet.labels]
        )
        box = box.grown(GROUP_MARGIN)
        sheet.group_boxes[group] = Box(box.x, box.y, box.width, box.height + GROUP_TITLE)


# --- reading --------------------------------------------------------------------------------------
def _is_node(element: etree._Element, tag: str) -> bool:
    parent = element.getparent()
    flow_scope = parent is not None and parent.tag in (f"{BPMN}process", f"{BPMN}subProcess")
    return flow_scope and tag.endswith(
        ("Event", "Gateway", "Task", "task", "Activity", "subProcess", "SubProcess")
    )


def _node(element: etree._Element, tag: str, titles: Mapping[str, str]) -> Node:
    parent = element.getparent()
    scope = "" if parent is None else parent.get("id", "")
    kinds = [
        titles.get(reference.text or "", "")
        for reference in element.findall(f"{BPMN}categoryValueRef")
    ]
    assumption = any(kind.startswith("SUPUESTO") for kind in kinds)
    return Node(
        element.get("id", ""),
        tag,
        element.get("name", ""),
        scope,
        element.get("attachedToRef"),
        assumption,
    )


def _pool(root: etree._Element, pool: etree._Element) -> Pool:
    process = next(p for p in root.iter(f"{BPMN}process") if p.get("id") == pool.get("processRef"))
    lanes = {
        lane.get("id", ""): [
            (reference.text or "").strip() for reference in lane.iter(f"{BPMN}flowNodeRef")
        ]
        for lane in process.iter(f"{BPMN}lane")
    }
    return Pool(pool.get("id", ""), process.get("id", ""), lanes)


def _text(root: etree._Element, note: str) -> str:
    found = next(n for n in root.iter(f"{BPMN}textAnnotation") if n.get("id") == note)
    return " ".join("".join(str(part) for part in found.itertext()).split())


# --- placing --------------------------------------------------------------------------------------
def _widths(sheet: Sheet) -> list[float]:
    declared = sheet.grid.get("columns", {})
    nodes = [at[0] + sum(at[2:3] or [1]) for at in sheet.grid["nodes"].values()]
    last = int(max([*nodes, *(at[0] + 1 for at in sheet.grid.get("notes", {}).values())]) - 0.01)
    return [declared.get(str(column), declared.get("default", 150)) for column in range(last + 1)]


def _place_lane(sheet: Sheet, lane: str, members: list[str], y: float) -> float:
    heights = sheet.grid["lanes"][lane]
    top = y
    sheet.lane_boxes[lane] = Box(
        LEFT + HEADER, top, sheet.columns[-1] + PAD - LEFT - HEADER, sum(heights)
    )
    for height in heights:
        sheet.rows.append(y)
        y += height
    sheet.rows.append(y)
    inner = [node for member in members for node in (member, *sheet.inside(member))]
    for id_ in inner:
        if sheet.nodes[id_].host is None:
            sheet.boxes[id_] = _box(sheet, lane, id_)
    return y


def _box(sheet: Sheet, lane: str, id_: str) -> Box:
    at = sheet.grid["nodes"][id_]
    if id_ in sheet.frames:
        column, row, wide, high = at
        x1, y1 = _edge(sheet, lane, column, row)
        x2, y2 = _edge(sheet, lane, column + wide, row + high)
        return Box(x1 + PAD / 2, y1 + PAD / 2, x2 - x1 - PAD, y2 - y1 - PAD)
    (x, y), (width, height) = _centre(sheet, lane, *at), sheet.nodes[id_].size
    return Box(x - width / 2, y - height / 2, width, height)


def _edge(sheet: Sheet, lane: str, column: float, row: float) -> Point:
    return _along(sheet.columns, column), _along(_row_edges(sheet, lane), row)


def _centre(sheet: Sheet, lane: str, column: float, row: float) -> Point:
    return _along(_middles(sheet.columns), column), _along(_middles(_row_edges(sheet, lane)), row)


def _row_edges(sheet: Sheet, lane: str) -> list[float]:
    edges = [sheet.lane_boxes[lane].y]
    for height in sheet.grid["lanes"][lane]:
        edges.append(edges[-1] + height)
    return edges


def _middles(edges: list[float]) -> list[float]:
    return [(a + b) / 2 for a, b in pairwise(edges)]


def _along(places: list[float], at: float) -> float:
    """The place with this number; between two of them, or beyond the ends, in proportion."""
    k = min(max(int(at), 0), max(len(places) - 2, 0))
    if len(places) == 1:
        return places[0]
    return round(places[k] + (at - k) * (places[k + 1] - places[k]))


def _on_border(sheet: Sheet, node: Node) -> Box:
    side, share = sheet.grid.get("boundary", {}).get(node.id, ("b", 0.75))
    host = sheet.boxes[node.host or ""]
    width, height = node.size
    dx, dy = AWAY[side]
    (mx, my) = host.middle
    if isinstance(share, str):
        return Box(
            _along(_middles(sheet.columns), float(share)) - width / 2,
            my + dy * host.height / 2 - height / 2,
            width,
            height,
        )
    x = round(host.x + share * host.width) if dx == 0 else mx + dx * host.width / 2
    y = round(host.y + share * host.height) if dy == 0 else my + dy * host.height / 2
    return Box(x - width / 2, y - height / 2, width, height)
