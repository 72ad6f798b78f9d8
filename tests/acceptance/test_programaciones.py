"""Recurring starts in the browser: axe, 320 pixels, the keyboard alone."""

from playwright.sync_api import expect

from engine.types import SYSTEM
from tests import models as m
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo


def test_an_administrator_reads_the_next_dates_and_pauses_by_keyboard(mundo: Mundo) -> None:
    administradora = mundo.persona("administrador")
    administradora.goto("/administracion/programaciones/")
    mirar(administradora, "programaciones, ninguna")
    mark = m.extension('<v:schedule each="business_day" at="07:00"/>')
    nodos = f'<startEvent id="ini" name="Cada día hábil">{mark}<timerEventDefinition/></startEvent><endEvent id="fin"/>'
    modelo = m.document(m.process("informe", nodos + m.flows("ini>fin")))
    mundo.engine.deploy({"informe.bpmn": modelo}, actor=SYSTEM, now=mundo.clock.now())
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
