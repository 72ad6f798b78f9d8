"""The canvas changes what was asked for and nothing else: by chance on our own diagrams (`make
editor`: longer), and a few by name."""

import re
from collections.abc import Iterable, Iterator

import pytest
from _pytest.mark import ParameterSet
from lxml import etree
from playwright.sync_api import Browser

from tests.acceptance.mundo import ROOT
from tests.kit.canvas import Canvas, differences, facts
from tests.kit.chance import dice
from tests.kit.edits import Trial, a_canvas, blank, collisions
from tools.layout import check

#: Those that every run of the tests tries; the others are tried by `make long`.
SIEMPRE = {
    "sala_informativa",
    "reporte_mensual",
    "supuestos/M5_1_01",
    "supuestos/sin_movimiento",
    "control_vencimientos",
}
VECES = {
    "atencion_personalizada": 3,
    "escalonamiento": 5,
    "sala_informativa": 8,
    "supuestos/M5_1_01": 8,
    "supuestos/M5_1_04": 8,
}


@pytest.fixture(scope="module")
def lienzo(browser: Browser) -> Iterator[Canvas]:
    with a_canvas(browser) as abierto:
        yield abierto


def uno_a_uno(nombres: Iterable[str]) -> list[ParameterSet]:
    return [
        pytest.param(nombre, marks=() if nombre in SIEMPRE else pytest.mark.long)
        for nombre in nombres
    ]


def leido(nombre: str) -> bytes:
    return (ROOT / "bpmn" / "m5_1_02" / f"{nombre}.bpmn").read_bytes()


@pytest.mark.parametrize("nombre", uno_a_uno(VECES))
def test_what_nobody_asked_for_stays(lienzo: Canvas, nombre: str) -> None:
    prueba, azar = Trial(lienzo, nombre, leido(nombre)), dice(nombre)

    assert [
        *prueba.opened(),
        *(falta for _ in range(VECES[nombre]) for falta in prueba.by_chance(azar)),
    ] == []


def test_a_frame_of_an_assumption_marks_nobody_and_its_notes_stay_in_their_process(
    lienzo: Canvas,
) -> None:
    prueba = Trial(lienzo, "sala_informativa", leido("sala_informativa"))

    assert [
        falta for id_ in ("grupo_retiro", "nota_q16", "pool_sala") for falta in prueba.moved(id_)
    ] == []
    assert [falta for id_ in ("grupo_retiro", "nota_q16") for falta in prueba.removed(id_)] == []


def test_a_task_that_goes_to_another_lane_changes_its_lane_and_nothing_else(lienzo: Canvas) -> None:
    prueba = Trial(lienzo, "escalonamiento", leido("escalonamiento"))
    carriles = lienzo.boxes("bpmn:Lane")
    (de, x, y), (a, _, otra) = ((id_, caja[0], caja[1]) for id_, caja in list(carriles.items())[:2])
    tarea = next(
        id_ for id_, caja in lienzo.boxes("bpmn:Task").items() if y < caja[1] < otra and caja[0] > x
    )

    lienzo.move(tarea, 0, otra - y)

    ahora = differences(prueba.before, facts(lienzo.text()))
    bordes = {id_ for id_, lineas in prueba.before.items() if f"attachedToRef={tarea}" in lineas[0]}
    assert {id_: lineas for id_, lineas in ahora.items() if id_ not in (de, a)} == {}
    assert {linea for parte in ahora[de] for linea in parte} == {
        f"flowNodeRef:#{id_}" for id_ in {tarea} | bordes
    }


def test_a_node_that_names_no_flows_goes_on_naming_none(lienzo: Canvas) -> None:
    """Who lists some lists all (BPMN 8.4.13): a list that the canvas began would be half a list."""
    texto = re.sub(r"<bpmn:(incoming|outgoing)>.*?</bpmn:\1>", "", blank())
    lienzo.open(texto)

    lienzo.press("vacio_f2", "insertar", "bpmn:UserTask")

    assert facts(lienzo.text())["vacio_fin"] == facts(texto)["vacio_fin"]


#: diagram → its flows, one of how many is tried, and the narrow ones: beside a frame, a border, or
#: a line between the same shapes
SITIO = {
    "atencion_personalizada": (101, 12, [
        "f_act_5_2_13__svc_registrar_calificacion", "f_evt_espera__msg_llamado", "f_msg_devuelto_titularidad__enl_fila_titularidad",
        "f_msg_siguiente__svc_registrar_calificacion", "f_msg_trasladado__fin_trasladado", "f_poder_corregir",
        "f_tmr_aviso__svc_aviso_coordinador", "f_tmr_cierre__svc_cerrar_abandono",
    ]),
    "escalonamiento": (54, 9, ["f_evt_complemento__tmr_desistimiento", "f_reasignaciones_si", "f_svc_reasignar__x_reasignaciones"]),
    "sala_informativa": (17, 2, ["f_svc_retiro__fin_retiro"]),
    "supuestos/M5_1_01": (10, 1, []),
    "supuestos/M5_1_04": (54, 6, []),
    "supuestos/sin_movimiento": (2, 1, []),
    "reporte_mensual": (19, 2, []),
    "auditoria_semanal": (32, 3, []),
    "comite_interventor": (25, 3, []),
    "comite_calidad": (18, 2, []),
    "supuestos/A4_2_02": (13, 2, []),
    "supuestos/calibracion_f189": (16, 2, []),
    "control_vencimientos": (7, 1, []),
    "control_crm": (13, 1, []),
}  # fmt: skip


@pytest.mark.parametrize("tipo", ["bpmn:UserTask", "bpmn:ExclusiveGateway"])
@pytest.mark.parametrize("nombre", uno_a_uno(SITIO))
@pytest.mark.long
def test_what_is_inserted_leaves_a_sheet_on_which_nothing_collides(
    lienzo: Canvas, nombre: str, tipo: str
) -> None:
    """The rules of the committed drawings (tests/unit/test_layout.py)."""
    prueba, (flujos, salto, angostos) = Trial(lienzo, nombre, leido(nombre)), SITIO[nombre]
    cruces = check.read(etree.fromstring(prueba.content)).crossings()
    assert len(prueba.flows) == flujos
    assert lienzo.with_room(tipo) == prueba.flows

    faltas = {}
    for flujo in sorted({*prueba.flows[::salto], *angostos}):
        lienzo.press(flujo, "insertar", tipo)
        hoja = check.read(etree.fromstring(lienzo.text().encode()))
        faltas[flujo] = [*hoja.problems(), *(["crosses more"] if hoja.crossings() > cruces else [])]
        lienzo.undo_all()

    assert {id_: falta for id_, falta in faltas.items() if falta} == {}


def test_what_is_dropped_on_a_flow_or_added_after_a_task_opens_the_sheet_too(
    lienzo: Canvas,
) -> None:
    prueba = Trial(lienzo, "escalonamiento", leido("escalonamiento"))
    x, y = lienzo.run(
        """
        const [canvas, flujo] = [m.get("canvas"), get("f_svc_reasignar__x_reasignaciones")];
        canvas.zoom(0.6);
        canvas.scrollToElement(flujo, 200);
        m.get("create").start(new MouseEvent("mousemove", { bubbles: true }), m.get("elementFactory").createShape({ type: "bpmn:Task" }));
        const [vista, hoja] = [canvas.viewbox(), canvas.getContainer().getBoundingClientRect()];
        const [p, q] = flujo.waypoints;
        return [hoja.x + ((p.x + q.x) / 2 - vista.x) * vista.scale, hoja.y + ((p.y + q.y) / 2 - vista.y) * vista.scale];
        """
    )
    lienzo.page.mouse.move(x - 60, y)
    lienzo.page.mouse.move(x, y, steps=4)
    lienzo.page.mouse.click(x, y)

    soltada = facts(lienzo.text())
    assert len(soltada.keys() - prueba.before.keys()) == 2
    assert collisions(lienzo.text().encode()) == []
    lienzo.undo_all()
    assert facts(lienzo.text()) == prueba.before

    lienzo.press("svc_reasignar", "agregar-despues", "bpmn:UserTask")

    assert [
        linea for linea in facts(lienzo.text())["svc_reasignar"] if linea.startswith("outgoing")
    ] == ["outgoing:#f_svc_reasignar__x_reasignaciones"]
    assert collisions(lienzo.text().encode()) == []


CONNECT = """
const [origen, destino] = given.map(get);
return m.get("bpmnRules").canConnectSequenceFlow(origen, destino) ? m.get("acomodar").conectar(origen, destino).id : null;
"""


def test_a_flow_by_keyboard_runs_around_what_stands_between_backwards_too(lienzo: Canvas) -> None:
    """From every task to every other: before, it was drawn straight over what stands between
    them."""
    prueba = Trial(lienzo, "sala_informativa", leido("sala_informativa"))
    tareas = sorted(lienzo.ids("bpmn:Task"))
    faltas = {}
    for origen, destino in ((a, b) for a in tareas for b in tareas if a != b):
        if lienzo.run(CONNECT, origen, destino):
            faltas[origen, destino] = collisions(lienzo.text().encode())
            lienzo.undo_all()

    assert len(faltas) > 15
    assert {par: falta for par, falta in faltas.items() if falta} == {}
    assert facts(lienzo.text()) == prueba.before


def test_nothing_is_added_after_what_leads_nowhere(lienzo: Canvas) -> None:
    lienzo.open(leido("atencion_personalizada").decode())

    assert lienzo.press("act_5_2_1", "agregar-despues", "bpmn:UserTask")
    assert not lienzo.press("enl_fila_motivo", "agregar-despues", "bpmn:UserTask")
    assert not lienzo.press("fin_trasladado", "agregar-despues", "bpmn:UserTask")


#: diagram → one of how many nodes is removed, and those that stand alone in their frame
QUITADOS = {
    "atencion_personalizada": (12, ["us_contingencia_crm", "us_fila_manual"]),
    "escalonamiento": (9, ["svc_prorroga"]),
    "sala_informativa": (2, []),
    "reporte_mensual": (2, []),
    "auditoria_semanal": (3, []),
    "comite_calidad": (2, []),
    "comite_interventor": (3, []),
    "supuestos/A4_2_02": (2, []),
    "supuestos/calibracion_f189": (2, []),
    "control_vencimientos": (2, []),
    "control_crm": (2, []),
    "supuestos/M5_1_01": (1, []),
    "supuestos/M5_1_04": (1, []),
}


@pytest.mark.parametrize("nombre", uno_a_uno(QUITADOS))
def test_what_is_removed_leaves_a_sheet_on_which_nothing_collides(
    lienzo: Canvas, nombre: str
) -> None:
    prueba, (salto, solos) = Trial(lienzo, nombre, leido(nombre)), QUITADOS[nombre]
    faltas = {}
    for nodo in sorted({*prueba.nodes[::salto], *solos}):
        lienzo.press(nodo, "Quitar del diagrama")
        faltas[nodo] = collisions(lienzo.text().encode())
        lienzo.undo_all()

    assert {id_: falta for id_, falta in faltas.items() if falta} == {}


def test_a_frame_goes_with_the_last_that_stands_in_it_and_comes_back_with_it(
    lienzo: Canvas,
) -> None:
    """Three stand in the frame of the reassignments."""
    prueba = Trial(lienzo, "escalonamiento", leido("escalonamiento"))
    for nodo, quedan in [
        ("svc_reasignar", True),
        ("x_reasignaciones", True),
        ("us_decide_coord", False),
    ]:
        lienzo.press(nodo, "Quitar del diagrama")
        assert ("grupo_reasignar" in lienzo.ids("bpmn:Group")) is quedan
    lienzo.undo_all()

    assert facts(lienzo.text()) == prueba.before


def test_an_element_is_marked_as_an_assumption_in_the_panel(lienzo: Canvas) -> None:
    """A mark of the file, and one that the file does not have yet; undone, both are gone."""
    prueba = Trial(lienzo, "sala_informativa", leido("sala_informativa"))
    sin_marca = next(
        id_
        for id_ in prueba.nodes
        if not any("categoryValueRef" in linea for linea in prueba.before[id_])
    )
    lienzo.run(
        """
        m.get("selection").select(get(given[0]));
        const panel = document.getElementById("propiedades");
        const control = (clave) => panel.querySelector(`[data-clave="${clave}"]`);
        control("supuesto-supuesto_q15").click();
        await new Promise((sigue) => setTimeout(sigue, 50)); // the panel is drawn again
        control("supuesto-otro").value = "SUPUESTO Q99";
        control("supuesto-otro").dispatchEvent(new Event("change"));
        """,
        sin_marca,
    )

    marcas = etree.fromstring(lienzo.text().encode()).xpath(
        f"//*[@id='{sin_marca}']/*[local-name()='categoryValueRef']/text()"
    )
    assert marcas[0] == "supuesto_q15"
    assert "value=SUPUESTO Q99" in facts(lienzo.text())[marcas[1]][0]
    lienzo.undo_all()
    assert facts(lienzo.text()) == prueba.before


def test_what_is_done_at_once_is_undone_at_once(lienzo: Canvas) -> None:
    """The way out that becomes the default loses its condition; one step of undo takes both back,
    one of redo does both again."""
    prueba = Trial(lienzo, "escalonamiento", leido("escalonamiento"))
    flujo = next(
        id_
        for id_, dice in prueba.before.items()
        if any("conditionExpression" in linea for linea in dice) and "name=Sí" in dice[0]
    )
    lienzo.run(
        "m.get('selection').select(get(given[0])); document.querySelector('[data-clave=flujo-defecto]').click()",
        flujo,
    )
    marcada = lienzo.text()
    assert f'default="{flujo}"' in marcada
    assert "conditionExpression" not in " ".join(facts(marcada)[flujo])

    lienzo.run("m.get('commandStack').undo()")
    assert facts(lienzo.text()) == prueba.before
    lienzo.run("m.get('commandStack').redo()")
    assert facts(lienzo.text()) == facts(marcada)
    lienzo.undo_all()


def test_saving_from_a_control_that_was_not_changed_changes_nothing(lienzo: Canvas) -> None:
    """Ctrl S settles what is being typed: with the focus in a list or a box there is nothing to
    settle."""
    prueba = Trial(lienzo, "escalonamiento", leido("escalonamiento"))
    for nodo, clave in [
        ("us_decide_coord", "tipo"),
        ("us_decide_coord", "formulario"),
        (prueba.flows[0], "agregar-tipo"),
    ]:
        lienzo.run(
            "m.get('selection').select(get(given[0])); document.querySelector(`[data-clave=${given[1]}]`).focus()",
            nodo,
            clave,
        )
        lienzo.page.keyboard.press("Control+s")
    lienzo.run(
        """
        m.get("selection").select(get("us_decide_coord"));
        const casilla = document.querySelector("[data-clave^='aparte-']");
        casilla.closest("details").open = true;
        casilla.focus();
        """
    )
    lienzo.page.keyboard.press("Control+s")

    assert lienzo.errors == []
    assert lienzo.run("return m.get('commandStack').canUndo()") is False
    assert facts(lienzo.text()) == prueba.before


def test_after_something_is_removed_by_keyboard_the_focus_is_on_what_led_to_it(
    lienzo: Canvas,
) -> None:
    Trial(lienzo, "escalonamiento", leido("escalonamiento"))
    entra = lienzo.run("return get('us_decide_coord').incoming[0].source.id")
    lienzo.run(
        "m.get('selection').select(get('us_decide_coord')); document.querySelector('[data-clave^=\"Quitar del diagrama\"]').focus()"
    )
    lienzo.page.keyboard.press("Enter")
    lienzo.page.wait_for_timeout(200)  # the panel is drawn once more

    assert lienzo.ids("bpmn:UserTask").count("us_decide_coord") == 0
    assert lienzo.run("return m.get('selection').get().map((e) => e.id)") == [entra]
    assert lienzo.run("return document.activeElement.id") == "propiedades-titulo"
    lienzo.undo_all()
