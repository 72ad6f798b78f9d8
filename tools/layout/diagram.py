"""Write the sheet into the file as BPMN DI."""

from typing import Final

from lxml import etree

from tools.layout.geometry import Box, Point
from tools.layout.sheet import Sheet

BPMN_DI: Final = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC: Final = "{http://www.omg.org/spec/DD/20100524/DC}"
DI: Final = "{http://www.omg.org/spec/DD/20100524/DI}"
BIOC: Final = "{http://bpmn.io/schema/bpmn/biocolor/1.0}"
COLOR: Final = "{http://www.omg.org/spec/BPMN/non-normative/color/1.0}"
ORANGE: Final = "#b45309"  # an assumption


class Writer:
    def __init__(self, root: etree._Element, sheet: Sheet) -> None:
        for old in root.findall(f"{BPMN_DI}BPMNDiagram"):
            root.remove(old)
        self.root, self.sheet = root, sheet
        diagram = etree.SubElement(root, f"{BPMN_DI}BPMNDiagram", id="diagrama")
        self.plane = etree.SubElement(
            diagram, f"{BPMN_DI}BPMNPlane", id="plano", bpmnElement=sheet.collaboration
        )

    def write(self) -> None:
        sheet = self.sheet
        for id_, box in (sheet.pool_boxes | sheet.lane_boxes).items():
            self._shape(id_, box).set("isHorizontal", "true")
        for id_ in sorted(sheet.boxes, key=lambda n: sheet.nodes[n].host is not None):
            made = self._shape(id_, sheet.boxes[id_])
            if sheet.nodes[id_].tag == "exclusiveGateway":
                made.set("isMarkerVisible", "true")
            elif id_ in sheet.frames:
                made.set("isExpanded", "true")
            self._label(made, id_)
        for id_, box in sheet.note_boxes.items():
            self._shape(id_, box, orange=True)
        for id_, box in sheet.group_boxes.items():
            self._label(self._shape(id_, box, orange=True), id_)
        for id_, points in sheet.routes.items():
            self._label(self._edge(id_, points), id_)
        self._associations()
        _indent(self.root)

    def _shape(self, id_: str, box: Box, *, orange: bool = False) -> etree._Element:
        made = etree.SubElement(self.plane, f"{BPMN_DI}BPMNShape", id=f"{id_}_di", bpmnElement=id_)
        if orange:
            _paint(made)
        self._bounds(made, box)
        return made

    def _edge(self, id_: str, points: list[Point], *, orange: bool = False) -> etree._Element:
        made = etree.SubElement(self.plane, f"{BPMN_DI}BPMNEdge", id=f"{id_}_di", bpmnElement=id_)
        if orange:
            _paint(made)
        for x, y in points:
            etree.SubElement(made, f"{DI}waypoint", x=str(round(x)), y=str(round(y)))
        return made

    def _label(self, made: etree._Element, id_: str) -> None:
        if id_ in self.sheet.labels:
            self._bounds(etree.SubElement(made, f"{BPMN_DI}BPMNLabel"), self.sheet.labels[id_])

    def _associations(self) -> None:
        for association in self.root.iter(
            "{http://www.omg.org/spec/BPMN/20100524/MODEL}association"
        ):
            owner, note = association.get("sourceRef", ""), association.get("targetRef", "")
            points = _straight(self.sheet.boxes[owner], self.sheet.note_boxes[note])
            self._edge(association.get("id", ""), points, orange=True)

    def _bounds(self, parent: etree._Element, box: Box) -> None:
        values = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
        etree.SubElement(
            parent, f"{DC}Bounds", {name: str(round(value)) for name, value in values.items()}
        )


def _paint(made: etree._Element) -> None:
    made.set(f"{BIOC}stroke", ORANGE)
    made.set(f"{COLOR}border-color", ORANGE)


def _straight(owner: Box, note: Box) -> list[Point]:
    """A vertical or horizontal line from shape to note; they must face each other. Beside, it may
    be an upper or a lower part."""
    (ox, oy), (nx, ny) = owner.middle, note.middle
    if note.x < ox < note.right:
        return [
            (ox, owner.y if ny < oy else owner.bottom),
            (ox, note.bottom if ny < oy else note.y),
        ]
    y = (
        oy
        if note.y < oy < note.bottom
        else (max(owner.y, note.y) + min(owner.bottom, note.bottom)) / 2
    )
    return [(owner.x if nx < ox else owner.right, y), (note.right if nx < ox else note.x, y)]


def _indent(root: etree._Element) -> None:
    """Only the diagram: the hand-written part of the file stays as it is."""
    diagram = root[-1]
    etree.indent(diagram, level=1)
    previous = diagram.getprevious()
    if previous is not None:
        previous.tail = "\n  "
    diagram.tail = "\n"
