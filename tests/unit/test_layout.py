"""The committed drawings are readable, and the author's layout tool finds what is not."""

import copy
import json
from pathlib import Path

import pytest
from lxml import etree

from tools.layout import check, sheet as sheets
from tools.layout.__main__ import GRIDS
from tools.layout.geometry import Box, cross, overlap, simplify

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted(
    path.relative_to(ROOT / "bpmn").as_posix() for path in (ROOT / "bpmn").rglob("*.bpmn")
)
#: Sheets whose lines cross, and how often: as few as the procedure allows. Raise a number only
#: after looking at the picture.
CROSSINGS = {
    "m5_1_02/atencion_personalizada.bpmn": 5,
    "m5_1_02/comite_interventor.bpmn": 1,
    "m5_1_02/escalonamiento.bpmn": 4,
    "m5_1_02/sala_informativa.bpmn": 1,
    "permiso_espacio/permiso_espacio.bpmn": 1,
}
MAX_WIDTH = 2_200
MAX_HEIGHT = 1_800


def tree(name: str) -> etree._Element:
    return etree.parse(ROOT / "bpmn" / name).getroot()


def shape_of(root: etree._Element, id_: str) -> etree._Element:
    return next(s for s in root.iter(f"{check.BPMN_DI}BPMNShape") if s.get("bpmnElement") == id_)


def bounds_of(root: etree._Element, id_: str) -> etree._Element:
    return next(shape_of(root, id_).iter(f"{check.DC}Bounds"))


def waypoints_of(root: etree._Element, id_: str) -> list[etree._Element]:
    edge = next(e for e in root.iter(f"{check.BPMN_DI}BPMNEdge") if e.get("bpmnElement") == id_)
    return list(edge.iter(f"{check.DI}waypoint"))


def test_a_budget_is_that_of_a_diagram() -> None:
    assert set(CROSSINGS) <= set(SHEETS)


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_is_complete_and_nothing_on_it_collides(name: str) -> None:
    assert check.read(tree(name)).problems() == []


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_keeps_its_budget_of_crossings(name: str) -> None:
    assert check.read(tree(name)).crossings() <= CROSSINGS.get(name, 0)


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_can_be_read_without_a_magnifying_glass(name: str) -> None:
    boxes = check.read(tree(name)).shapes.values()
    assert max(box.right for box in boxes) - min(box.x for box in boxes) <= MAX_WIDTH
    assert max(box.bottom for box in boxes) - min(box.y for box in boxes) <= MAX_HEIGHT


@pytest.mark.parametrize("name", SHEETS)
def test_the_grid_of_a_sheet_has_a_place_for_each_of_its_elements(name: str) -> None:
    """Otherwise the next author cannot draw it again."""
    grid = json.loads((GRIDS / f"{Path(name).stem}.json").read_text("utf-8"))
    sheet = sheets.read(tree(name), grid)
    assert set(grid["nodes"]) == {node.id for node in sheet.nodes.values() if node.host is None}
    assert set(grid.get("boundary", {})) <= {
        node.id for node in sheet.nodes.values() if node.host is not None
    }
    assert set(grid.get("flows", {})) <= set(sheet.flows)
    assert set(grid.get("notes", {})) == set(sheet.notes)
    assert set(grid.get("groups", {})) == set(sheet.groups)


# --- the guard sees what it should: each test spoils a good sheet ---------------------------------
@pytest.fixture
def good() -> etree._Element:
    return copy.deepcopy(tree("m5_1_02/supuestos/M5_1_01.bpmn"))


def problems(root: etree._Element) -> str:
    return "\n".join(check.read(root).problems())


def test_a_shape_without_a_drawing_is_found(good: etree._Element) -> None:
    shape = shape_of(good, "act_14")
    parent = shape.getparent()
    assert parent is not None
    parent.remove(shape)
    assert "act_14 is not drawn" in problems(good)


def test_a_shape_outside_its_lane_is_found(good: etree._Element) -> None:
    bounds_of(good, "fin_devuelta").set("y", "900")
    assert "fin_devuelta stands outside ln_asesor" in problems(good)


def test_shapes_on_top_of_each_other_are_found(good: etree._Element) -> None:
    bounds_of(good, "act_14").set("x", str(int(bounds_of(good, "svc_enviar").get("x", "0")) - 20))
    assert "act_14 overlaps svc_enviar" in problems(good)


def test_a_slanted_line_is_found(good: etree._Element) -> None:
    last = waypoints_of(good, "f_act_14__svc_enviar")[-1]
    last.set("y", str(int(last.get("y", "0")) + 9))
    assert "f_act_14__svc_enviar is not orthogonal" in problems(good)


def test_a_line_that_ends_in_the_air_is_found(good: etree._Element) -> None:
    last = waypoints_of(good, "f_act_14__svc_enviar")[-1]
    last.set("x", str(int(last.get("x", "0")) - 9))
    assert "f_act_14__svc_enviar does not end on the border of svc_enviar" in problems(good)


def test_a_line_through_a_foreign_shape_is_found(good: etree._Element) -> None:
    points = waypoints_of(good, "f_act_14__svc_enviar")
    points[-1].set("x", bounds_of(good, "act_15").get("x", "0"))
    assert "f_act_14__svc_enviar runs through svc_enviar" in problems(good)


def test_two_lines_on_top_of_each_other_are_found(good: etree._Element) -> None:
    for line, like in zip(
        waypoints_of(good, "f_svc_enviar__act_15"),
        waypoints_of(good, "f_act_14__svc_enviar"),
        strict=True,
    ):
        line.set("x", like.get("x", "0"))
    assert "runs on top of" in problems(good)


def test_a_name_on_a_shape_is_found(good: etree._Element) -> None:
    label = next(shape_of(good, "err_correo").iter(f"{check.BPMN_DI}BPMNLabel"))
    next(label.iter(f"{check.DC}Bounds")).set("y", bounds_of(good, "svc_enviar").get("y", "0"))
    next(label.iter(f"{check.DC}Bounds")).set("x", bounds_of(good, "svc_enviar").get("x", "0"))
    assert "the name of err_correo hits svc_enviar" in problems(good)


def test_an_event_over_the_name_of_its_task_is_found(good: etree._Element) -> None:
    bounds_of(good, "err_correo").set(
        "x", str(int(bounds_of(good, "svc_enviar").get("x", "0")) + 42)
    )
    bounds_of(good, "err_correo").set(
        "y", str(int(bounds_of(good, "svc_enviar").get("y", "0")) + 40)
    )
    assert "err_correo hides a part of the name of svc_enviar" in problems(good)


def test_two_lines_into_one_point_of_a_task_are_found() -> None:
    sheet = copy.deepcopy(tree("m5_1_02/sala_informativa.bpmn"))
    first, second = (
        waypoints_of(sheet, flow)
        for flow in ("f_act_5_2_21__act_5_2_20", "f_act_5_2_22__act_5_2_20")
    )
    second[-1].set("x", first[-1].get("x", "0"))
    assert (
        "f_act_5_2_21__act_5_2_20 and f_act_5_2_22__act_5_2_20 come into act_5_2_20 at one point"
        in problems(sheet)
    )


def test_a_line_through_the_frame_of_an_assumption_that_is_not_its_own_is_found() -> None:
    sheet = copy.deepcopy(tree("m5_1_02/sala_informativa.bpmn"))
    frame = next(
        iter(
            check.read(sheet).shapes[id_]
            for id_, tag in check.read(sheet).tags.items()
            if tag == "group"
        )
    )
    for point in waypoints_of(sheet, "f_act_5_2_22__act_5_2_20")[1:3]:
        point.set("x", str(int(frame.x) + 20))
        point.set("y", str(int(frame.y) + 20))
    assert "f_act_5_2_22__act_5_2_20 runs through" in problems(sheet)


# --- geometry -------------------------------------------------------------------------------------
def test_lines_that_only_touch_do_not_cross() -> None:
    assert cross(((0, 5), (10, 5)), ((5, 0), (5, 10)))
    assert not cross(((0, 5), (5, 5)), ((5, 0), (5, 10)))
    assert not cross(((0, 5), (10, 5)), ((0, 7), (10, 7)))


def test_only_lines_on_one_axis_overlap() -> None:
    assert overlap(((0, 0), (10, 0)), ((6, 0), (20, 0))) == 4
    assert overlap(((0, 0), (10, 0)), ((6, 1), (20, 1))) == 0
    assert overlap(((0, 0), (10, 0)), ((10, 0), (20, 0))) == 0


def test_points_in_the_middle_of_a_straight_line_go() -> None:
    assert simplify([(0, 0), (0, 0), (5, 0), (9, 0), (9, 4)]) == [(0, 0), (9, 0), (9, 4)]


def test_boxes_with_a_common_border_do_not_meet() -> None:
    assert not Box(0, 0, 10, 10).meets(Box(10, 0, 10, 10))
    assert Box(0, 0, 10, 10).meets(Box(9, 9, 10, 10))
