"""What the officer's desk shows of a case in a browser: the way that it took, on the screen and on
paper."""

import re

from playwright.sync_api import Page, expect

from tests.acceptance import pasos as p
from tests.acceptance.mundo import Mundo

QUIETA = re.compile(r"\bquieto\b")
#: Of the lines of this colour under an element: whether each has a head of its own drawing and of
#: its own colour.
PUNTAS = """(r) => [...r.querySelectorAll(".djs-connection.hecho > .djs-visual > path")].map((linea) => {
  const [, punta] = /#([^"')]+)/.exec(getComputedStyle(linea).markerEnd);
  const trazo = linea.closest("svg").querySelector(`[id="${punta}"] > *`);
  return trazo !== null && getComputedStyle(trazo).fill === getComputedStyle(linea).stroke;
})"""
VERDE = (
    "(r) => getComputedStyle(r.querySelector('.djs-connection.hecho > .djs-visual > path')).stroke"
)
OTRAS = "(r) => getComputedStyle(r.querySelector('.djs-connection:not(.hecho) > .djs-visual > path')).stroke"


def pintados(pagina: Page, dibujo: str) -> set[str]:
    lineas = pagina.locator(f"{dibujo} .djs-connection.hecho")
    return {str(linea.get_attribute("data-element-id")) for linea in lineas.all()}


def test_the_diagram_of_a_case_paints_the_flows_that_it_took_with_their_heads(mundo: Mundo) -> None:
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    coordinador = mundo.persona("coordinador")
    coordinador.goto(f"/caso/{caso.case_key}/diagrama")
    for region in coordinador.locator(".bpmn[data-xml-url]").all():
        expect(region).to_have_attribute("data-estado", "listo")

    # the visit: the holder was verified and the rating was asked for; the lines beside that way
    # join places that were visited, too
    visita = pintados(coordinador, "#diagrama-2")
    assert {"f_evt_espera__msg_llamado", "f_act_5_2_12__act_5_2_13"} <= visita
    assert not visita & {
        "f_calificar_no",
        "f_titular_no",
        "f_titularidad_potencial",
        "f_evt_espera__tmr_cierre",
    }
    escalado = pintados(coordinador, "#diagrama-1")
    assert "f_svc_fechas__sp_analisis" in escalado, "into the sub-process in which it waits"

    for medio, donde in (("screen", "#diagrama-1"), ("print", "#diagrama-1 + .papel")):
        coordinador.emulate_media(media=medio)
        dibujo = coordinador.locator(donde)
        assert dibujo.evaluate(VERDE) != dibujo.evaluate(OTRAS)
        puntas = dibujo.evaluate(PUNTAS)
        assert puntas, medio
        assert all(puntas), medio
    p.sin_faltas(mundo)


def test_an_inbox_says_how_old_it_is_and_what_is_there_without_the_filters(mundo: Mundo) -> None:
    p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    funcionario = mundo.persona("funcionario.vcc01", 1920)
    funcionario.goto("/bandeja?q=nada")
    expect(funcionario.get_by_text("En «Toda mi bandeja» hay 1.")).to_be_visible()
    funcionario.get_by_role("link", name="Quitar todos los filtros").click()
    expect(funcionario.locator("li.fila")).to_have_count(1)
    texto, boton = (
        funcionario.get_by_label("Número, persona o asunto"),
        funcionario.get_by_role("button", name="Filtrar"),
    )
    (uno, otro) = (donde.bounding_box() for donde in (texto, boton))
    assert uno
    assert otro
    assert abs(uno["y"] - otro["y"]) < uno["height"], "all filters stand in one row"

    marca = funcionario.locator("[data-vivo]")
    expect(marca).not_to_have_class(QUIETA)
    funcionario.context.set_offline(True)
    funcionario.evaluate(
        "() => { const antes = Date.now.bind(Date); Date.now = () => antes() + 200_000; }"
    )
    expect(funcionario.locator("[data-sin-conexion]")).to_contain_text("no llega nada nuevo")
    expect(marca).to_have_text("Actualizada hace 3 min")
    expect(marca).to_have_class(QUIETA)
