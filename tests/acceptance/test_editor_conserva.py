"""The canvas changes what was asked for and nothing else: by chance on our own diagrams (`make editor`: longer), and a few by name."""

import re
from collections.abc import Iterator

import pytest
from lxml import etree
from playwright.sync_api import Browser

from tests.acceptance.mundo import ROOT
from tests.kit.canvas import Canvas
from tests.kit.canvas import differences
from tests.kit.canvas import facts
from tests.kit.chance import dice
from tests.kit.edits import Trial
from tests.kit.edits import blank
from tools.layout import check

VECES = {"atencion_personalizada": 3, "escalonamiento": 5, "sala_informativa": 8, "supuestos/M5_1_01": 8, "supuestos/M5_1_04": 8}


@pytest.fixture(scope="module")
def lienzo(browser: Browser) -> Iterator[Canvas]:
    pagina = browser.new_page(viewport={"width": 1280, "height": 900})
    lienzo = Canvas(pagina, blank())
    yield lienzo
    pagina.close()
    assert lienzo.errors == []


def leido(nombre: str) -> bytes:
    return (ROOT / "bpmn" / f"{nombre}.bpmn").read_bytes()


@pytest.mark.parametrize("nombre", VECES)
def test_what_nobody_asked_for_stays(lienzo: Canvas, nombre: str) -> None:
    prueba, azar = Trial(lienzo, nombre, leido(nombre)), dice(nombre)

    assert [*prueba.opened(), *(falta for _ in range(VECES[nombre]) for falta in prueba.by_chance(azar))] == []


def test_a_frame_of_an_assumption_marks_nobody_and_its_notes_stay_in_their_process(lienzo: Canvas) -> None:
    prueba = Trial(lienzo, "sala_informativa", leido("sala_informativa"))

    assert [falta for id_ in ("grupo_retiro", "nota_q16", "pool_sala") for falta in prueba.moved(id_)] == []


def test_a_task_that_goes_to_another_lane_changes_its_lane_and_nothing_else(lienzo: Canvas) -> None:
    prueba = Trial(lienzo, "escalonamiento", leido("escalonamiento"))
    carriles = lienzo.boxes("bpmn:Lane")
    (de, x, y), (a, _, otra) = ((id_, caja[0], caja[1]) for id_, caja in list(carriles.items())[:2])
    tarea = next(id_ for id_, caja in lienzo.boxes("bpmn:Task").items() if y < caja[1] < otra and caja[0] > x)

    lienzo.move(tarea, 0, otra - y)

    ahora = differences(prueba.before, facts(lienzo.text()))
    bordes = {id_ for id_, lineas in prueba.before.items() if f"attachedToRef={tarea}" in lineas[0]}
    assert {id_: lineas for id_, lineas in ahora.items() if id_ not in (de, a)} == {}
    assert {linea for parte in ahora[de] for linea in parte} == {f"flowNodeRef:#{id_}" for id_ in {tarea} | bordes}


def test_a_node_that_names_no_flows_goes_on_naming_none(lienzo: Canvas) -> None:
    """Who lists some lists all (BPMN 8.4.13): a list that the canvas began would be half a list."""
    texto = re.sub(r"<bpmn:(incoming|outgoing)>.*?</bpmn:\1>", "", blank())
    lienzo.open(texto)

    lienzo.press("vacio_f2", "insertar", "bpmn:UserTask")

    assert facts(lienzo.text())["vacio_fin"] == facts(texto)["vacio_fin"]


@pytest.mark.parametrize("nombre", ["supuestos/M5_1_01", "supuestos/M5_1_04"])
def test_what_is_inserted_or_removed_leaves_a_sheet_on_which_nothing_collides(lienzo: Canvas, nombre: str) -> None:
    """The rules of the committed drawings (tests/unit/test_layout.py), where the sheet can be cut."""
    prueba = Trial(lienzo, nombre, leido(nombre))
    faltas, puestas = {}, 0
    for flujo in prueba.flows:
        lienzo.press(flujo, "insertar", "bpmn:UserTask")
        if lienzo.opened_by_a_cut():
            puestas += 1
            faltas[flujo] = check.read(etree.fromstring(lienzo.text().encode())).problems()
        lienzo.undo_all()
    for nodo in prueba.nodes:
        lienzo.press(nodo, "Quitar del diagrama")
        faltas[nodo] = check.read(etree.fromstring(lienzo.text().encode())).problems()
        lienzo.undo_all()

    assert {id_: falta for id_, falta in faltas.items() if falta} == {}
    assert puestas > 0
