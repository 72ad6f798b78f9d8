"""Recurring starts in the browser: axe, 320 pixels, the keyboard alone."""

import re

from playwright.sync_api import expect

from engine.types import SYSTEM
from tests.acceptance.lupa import mirar, violaciones
from tests.acceptance.mundo import Mundo
from tests.kit import diagrams as m
from webforms.paquetes.plantilla import diagrama_vacio


def test_an_administrator_reads_the_next_dates_and_pauses_by_keyboard(mundo: Mundo) -> None:
    administradora = mundo.persona("administrador")
    administradora.goto("/administracion/programaciones/")
    mirar(administradora, "programaciones, ninguna")
    mark = m.extension('<v:schedule each="business_day" at="07:00"/>')
    nodos = f'<startEvent id="ini" name="Cada día hábil">{mark}<timerEventDefinition/></startEvent><endEvent id="fin"/>'
    modelo = m.model(m.process("informe", nodos + m.flows("ini>fin")))
    mundo.engine.releases.deploy({"informe.bpmn": modelo}, actor=SYSTEM, now=mundo.clock.now())
    mundo.pasan(days=15)
    administradora.reload()
    mirar(administradora, "programaciones")
    administradora.get_by_role("link", name="informe", exact=True).click()
    expect(administradora.get_by_role("heading", name="Próximas fechas")).to_be_visible()
    expect(administradora.get_by_text("Inició un caso").first).to_be_visible()
    mirar(administradora, "una programación")
    boton = administradora.get_by_role("button", name="Poner en pausa")
    boton.press("Enter")
    expect(administradora.locator(".resumen-error")).to_be_focused()
    mirar(administradora, "una programación, sin motivo")
    administradora.get_by_label("Motivo").press_sequentially("Se revisa el informe")
    boton.press("Enter")
    expect(administradora.get_by_text("En pausa", exact=True)).to_be_visible()
    mirar(administradora, "una programación, en pausa")


def test_an_analyst_gives_a_start_its_calendar_in_the_panel(mundo: Mundo) -> None:
    texto = diagrama_vacio("informe", "El informe").decode()
    analista = mundo.persona("analista")
    mundo.engine.releases.deploy(
        {"informe.bpmn": con_reloj(texto).encode()}, actor=SYSTEM, now=mundo.clock.now()
    )
    analista.goto("/procesos/informe.bpmn/editar")
    expect(analista.locator("#editor")).to_have_attribute("data-estado", "listo")
    analista.evaluate(
        """() => {
          const m = document.getElementById("editor").modeler;
          m.get("selection").select(m.get("elementRegistry").filter((e) => e.type === "bpmn:StartEvent")[0]);
        }"""
    )
    analista.get_by_label("Cada cuánto").select_option("month")
    expect(analista.get_by_label("Tiempo", exact=True)).to_have_count(0)
    analista.get_by_label("Qué días cuenta", exact=True).select_option("business_day")
    numero = analista.get_by_label("Número", exact=True)
    numero.fill("5")
    numero.press("Tab")
    hora = analista.get_by_label("A qué hora")
    hora.fill("08:30")
    hora.press("Tab")
    xml = str(
        analista.evaluate(
            "async () => (await document.getElementById('editor').modeler.saveXML()).xml"
        )
    )
    (regla,) = re.findall(r"<v:schedule [^>]*>", xml)
    assert {'each="month"', 'business_day="5"', 'at="08:30"'} <= set(
        regla.replace("/>", " ").split()
    )
    assert "timeCycle" not in xml
    assert violaciones(analista) == []
    mundo.engine.releases.deploy(
        {"informe.bpmn": xml.encode()}, actor=SYSTEM, now=mundo.clock.now()
    )
    analista.goto("/administracion/programaciones/")
    expect(analista.get_by_text("El día hábil número 5 de cada mes a las 8:30")).to_be_visible()


def test_what_is_typed_while_the_panel_is_drawn_again_is_not_lost(mundo: Mundo) -> None:
    """A slow machine draws the panel for one change after the next one has begun."""
    mundo.engine.releases.deploy(
        {"informe.bpmn": con_reloj(diagrama_vacio("informe", "El informe").decode()).encode()},
        actor=SYSTEM,
        now=mundo.clock.now(),
    )
    analista = mundo.persona("analista")
    analista.goto("/procesos/informe.bpmn/editar")
    expect(analista.locator("#editor")).to_have_attribute("data-estado", "listo")
    xml = analista.evaluate(
        """async () => {
          const m = document.getElementById("editor").modeler;
          m.get("selection").select(m.get("elementRegistry").filter((e) => e.type === "bpmn:StartEvent")[0]);
          const rotulo = (texto) => [...document.querySelectorAll("label")].find((l) => l.textContent === texto);
          const control = (texto) => document.getElementById(rotulo(texto).htmlFor);
          const cuanto = control("Cada cuánto");
          cuanto.value = "month";
          cuanto.dispatchEvent(new Event("change", { bubbles: true }));
          await new Promise((r) => setTimeout(r, 200));
          const nombre = control("Nombre");
          nombre.focus();
          nombre.value = "Cada mes";
          nombre.dispatchEvent(new Event("change", { bubbles: true }));  // the panel is to be drawn again
          const hora = control("A qué hora");
          hora.focus();
          hora.value = "08:30";
          hora.dispatchEvent(new Event("input", { bubbles: true }));  // typed, not yet left
          await new Promise((r) => setTimeout(r, 200));
          if (!hora.isConnected) return "drawn over";
          hora.dispatchEvent(new Event("change", { bubbles: true }));
          await new Promise((r) => setTimeout(r, 200));
          return (await m.saveXML()).xml;
        }"""
    )
    assert 'at="08:30"' in xml
    assert 'name="Cada mes"' in xml


def con_reloj(texto: str) -> str:
    """The plain start becomes a timer start."""
    inicio = re.search(r"<bpmn:startEvent[^>]*>(.*?)</bpmn:startEvent>", texto, re.DOTALL)
    assert inicio is not None
    reloj = "<bpmn:timerEventDefinition><bpmn:timeCycle>R/P1M</bpmn:timeCycle></bpmn:timerEventDefinition>"
    return texto.replace(
        inicio[0], inicio[0].replace("</bpmn:startEvent>", f"{reloj}</bpmn:startEvent>"), 1
    )
