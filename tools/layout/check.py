"""Reads the drawing of a BPMN file back and says what makes it hard to read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, product
from textwrap import wrap
from typing import Final

from lxml import etree

from tools.layout.geometry import Box, Point, cross, orthogonal, overlap, segments

BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMN_DI: Final = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC: Final = "{http://www.omg.org/spec/DD/20100524/DC}"
DI: Final = "{http://www.omg.org/spec/DD/20100524/DI}"
ENDS: Final = 2  # a line has two
SHARED: Final = 4  # pixels that two flows may share
OFF: Final = 4  # pixels between a flow and the frame of a group that is not its own
CHAR: Final = 6.0  # of the text in a shape, 12 px, as bpmn-js writes it
LINE: Final = 14.4
MARGIN: Final = 7
CONTAINERS: Final = frozenset({"participant", "lane", "group"})
EDGES: Final = frozenset({"sequenceFlow", "messageFlow", "association"})


@dataclass(slots=True)
class Drawing:
    """Boxes and lines by the id of what they draw."""

    tags: dict[str, str] = field(default_factory=dict)
    shapes: dict[str, Box] = field(default_factory=dict)
    edges: dict[str, list[Point]] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)
    ends: dict[str, tuple[str, str]] = field(default_factory=dict)  # flow -> source, target
    home: dict[str, str] = field(default_factory=dict)  # node -> its lane or sub-process
    host: dict[str, str] = field(default_factory=dict)  # boundary event -> activity
    names: dict[str, str] = field(default_factory=dict)

    @property
    def nodes(self) -> list[str]:
        """What is drawn as a shape of its own: no pool, lane or group."""
        return [id_ for id_ in self.shapes if self.tags.get(id_) not in CONTAINERS]

    @property
    def frames(self) -> set[str]:
        return {home for home in self.home.values() if self.tags.get(home) == "subProcess"}

    def crossings(self) -> int:
        lines = {
            id_: segments(points)
            for id_, points in self.edges.items()
            if self.tags[id_] != "association"
        }
        return sum(
            cross(s, t) for a, b in combinations(lines.values(), 2) for s, t in product(a, b)
        )

    def bends(self) -> int:
        return sum(len(points) - 2 for points in self.edges.values())

    def summary(self) -> str:
        return f"{len(self.nodes)} shapes, {len(self.edges)} lines, {self.crossings()} crossings, {self.bends()} bends"

    def problems(self) -> list[str]:
        checks = (
            self.missing,
            self.astray,
            self.overlapping,
            self.crooked,
            self.loose,
            self.through,
            self.doubled,
            self.covered,
            self.split,
            self.trespassing,
            self.crowded,
            self.written_over,
        )
        return [problem for check in checks for problem in check()]

    # --- one question each ------------------------------------------------------------------------
    def missing(self) -> Iterator[str]:
        """Every node, flow, lane, pool, note and group is drawn; a name beside a shape or on a flow
        has its place."""
        for id_, tag in self.tags.items():
            if id_ not in (self.edges if tag in EDGES else self.shapes):
                yield f"{id_} is not drawn"
            beside = tag in EDGES or tag.endswith(("Event", "Gateway"))
            if beside and self.names.get(id_) and tag != "messageFlow" and id_ not in self.labels:
                yield f"the name of {id_} has no place"

    def astray(self) -> Iterator[str]:
        """A node stands inside its lane or sub-process, and so does what is written beside it."""
        for id_, home in self.home.items():
            if id_ not in self.shapes or home not in self.shapes:
                continue
            if id_ not in self.host and not self.shapes[home].contains(self.shapes[id_]):
                yield f"{id_} stands outside {home}"

    def overlapping(self) -> Iterator[str]:
        for one, other in combinations(self.nodes, 2):
            if self.host.get(one) == other or self.host.get(other) == one:
                continue
            if one in self._around(other) or other in self._around(one):
                continue
            if self.shapes[one].meets(self.shapes[other]):
                yield f"{one} overlaps {other}"

    def crooked(self) -> Iterator[str]:
        for id_, points in self.edges.items():
            if len(points) < ENDS or not all(map(orthogonal, segments(points))):
                yield f"{id_} is not orthogonal"

    def loose(self) -> Iterator[str]:
        """A flow begins and ends on the border of its shapes."""
        for id_, points in self.edges.items():
            for end, (x, y) in zip(self.ends[id_], (points[0], points[-1]), strict=True):
                box = self.shapes.get(end)
                if box is not None and (
                    not box.grown(1).meets(Box(x, y, 0.1, 0.1))
                    or box.grown(-1).meets(Box(x, y, 0.1, 0.1))
                ):
                    yield f"{id_} does not end on the border of {end}"

    def through(self) -> Iterator[str]:
        """No line runs through a shape, not even its own."""
        for id_, points in self.edges.items():
            passable = {frame for end in self.ends[id_] for frame in self._around(end)}
            for node in self.nodes:
                inner = self.shapes[node].grown(-1)
                if node not in passable and any(
                    inner.crossed_by(piece) for piece in segments(points)
                ):
                    yield f"{id_} runs through {node}"

    def doubled(self) -> Iterator[str]:
        """Two flows share a stretch only where they come together at the same target."""
        lines = {id_: segments(points) for id_, points in self.edges.items()}
        for one, other in combinations(lines, 2):
            if self.ends[one][1] == self.ends[other][1]:
                continue
            if any(overlap(s, t) > SHARED for s, t in product(lines[one], lines[other])):
                yield f"{one} runs on top of {other}"

    def covered(self) -> Iterator[str]:
        """No shape, line or other text touches a text."""
        for id_, box in self.labels.items():
            for node in self.nodes:
                if node not in self.frames and node != id_ and box.meets(self.shapes[node]):
                    yield f"the name of {id_} hits {node}"
            for line, points in self.edges.items():
                if any(box.crossed_by(piece) for piece in segments(points)):
                    yield f"the name of {id_} hits the line {line}"
        for one, other in combinations(self.labels, 2):
            if self.labels[one].meets(self.labels[other]):
                yield f"the names of {one} and {other} touch"

    def split(self) -> Iterator[str]:
        """A group stands inside a pool and holds a shape whole or not at all."""
        pools = [
            self.shapes[id_]
            for id_, tag in self.tags.items()
            if tag == "participant" and id_ in self.shapes
        ]
        for group in (
            id_ for id_, tag in self.tags.items() if tag == "group" and id_ in self.shapes
        ):
            if not any(pool.contains(self.shapes[group]) for pool in pools):
                yield f"{group} leaves its pool"
            for node in self.nodes:
                one, other = self.shapes[group], self.shapes[node]
                whole = one.contains(other) or (node in self.frames and other.contains(one))
                if one.meets(other) and not whole:
                    yield f"{group} cuts {node}"

    def trespassing(self) -> Iterator[str]:
        """A flow keeps off the frame of a group that neither of its ends belongs to."""
        for group in (
            id_ for id_, tag in self.tags.items() if tag == "group" and id_ in self.shapes
        ):
            frame = self.shapes[group]
            for id_, points in self.edges.items():
                ends = [self.shapes[end] for end in self.ends[id_] if end in self.shapes]
                if self.tags[id_] == "association" or any(frame.contains(end) for end in ends):
                    continue
                if any(frame.grown(OFF).crossed_by(piece) for piece in segments(points)):
                    yield f"{id_} runs through {group}"

    def crowded(self) -> Iterator[str]:
        """Flows that come into an activity from different sides have a point each where they do;
        gateways and events have one a side."""
        arriving: dict[tuple[str, Point], list[str]] = {}
        for id_, points in self.edges.items():
            target = self.ends[id_][1]
            if self.tags[id_] != "association" and self.tags.get(target, "").endswith(
                ("Task", "task", "Activity", "subProcess")
            ):
                arriving.setdefault((target, points[-1]), []).append(id_)
        for (target, _), flows in arriving.items():
            for one, other in combinations(flows, 2):
                before = [self.edges[id_][-3:-1] for id_ in (one, other)]
                bent = all(len(piece) == ENDS for piece in before)
                if (
                    not bent
                    or overlap((before[0][0], before[0][1]), (before[1][0], before[1][1])) == 0
                ):
                    yield f"{one} and {other} come into {target} at one point"

    def written_over(self) -> Iterator[str]:
        """An event on the border of an activity leaves the name of the activity free."""
        for event, host in self.host.items():
            if event not in self.shapes or host not in self.shapes or host in self.frames:
                continue
            if _inner_text(self.shapes[host], self.names[host]).meets(self.shapes[event]):
                yield f"{event} hides a part of the name of {host}"

    def _around(self, node: str) -> set[str]:
        found, home = set(), self.home.get(node)
        while home is not None:
            found.add(home)
            home = self.home.get(home)
        return found


def read(root: etree._Element) -> Drawing:
    drawing = Drawing()
    for collaboration in root.iter(f"{BPMN}collaboration"):
        for pool in collaboration.iter(f"{BPMN}participant", f"{BPMN}messageFlow"):
            _add(drawing, pool)
    for process in root.iter(f"{BPMN}process"):
        _scope(drawing, process)
        for lane in process.iter(f"{BPMN}lane"):
            _add(drawing, lane)
            for reference in lane.iter(f"{BPMN}flowNodeRef"):
                drawing.home[(reference.text or "").strip()] = lane.get("id", "")
    for shape in root.iter(f"{BPMN_DI}BPMNShape"):
        bounds = shape.find(f"{DC}Bounds")
        if bounds is not None:
            drawing.shapes[shape.get("bpmnElement", "")] = _box(bounds)
    for edge in root.iter(f"{BPMN_DI}BPMNEdge"):
        points = [
            (float(p.get("x", "0")), float(p.get("y", "0"))) for p in edge.iter(f"{DI}waypoint")
        ]
        # of others' diagrams: associations of data are not judged
        if edge.get("bpmnElement", "") in drawing.ends:
            drawing.edges[edge.get("bpmnElement", "")] = points
    for label in root.iter(f"{BPMN_DI}BPMNLabel"):
        bounds, owner = label.find(f"{DC}Bounds"), label.getparent()
        if bounds is not None and owner is not None:
            drawing.labels[owner.get("bpmnElement", "")] = _box(bounds)
    return drawing


def _scope(drawing: Drawing, scope: etree._Element) -> None:
    """Nodes, flows and artifacts of a process or sub-process."""
    for element in scope:
        tag = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if not element.get("id") or tag in ("laneSet", "extensionElements", "property"):
            continue
        if tag.endswith(("EventDefinition", "LoopCharacteristics")):
            continue
        _add(drawing, element)
        if scope.tag == f"{BPMN}subProcess" and tag not in EDGES:
            drawing.home[element.get("id", "")] = scope.get("id", "")
        if tag == "subProcess":
            _scope(drawing, element)


def _add(drawing: Drawing, element: etree._Element) -> None:
    id_, tag = element.get("id", ""), etree.QName(element).localname
    drawing.tags[id_] = tag
    drawing.names[id_] = element.get("name", "")
    if tag in EDGES:
        drawing.ends[id_] = element.get("sourceRef", ""), element.get("targetRef", "")
    if element.get("attachedToRef"):
        drawing.host[id_] = element.get("attachedToRef", "")


def _inner_text(shape: Box, name: str) -> Box:
    """The name of an activity, broken into lines in its middle."""
    lines = wrap(name, int((shape.width - 2 * MARGIN) / CHAR)) or [""]
    (x, y), width, height = shape.middle, CHAR * max(map(len, lines)), LINE * len(lines)
    return Box(x - width / 2, y - height / 2, width, height)


def _box(bounds: etree._Element) -> Box:
    return Box(*(float(bounds.get(name, "0")) for name in ("x", "y", "width", "height")))
