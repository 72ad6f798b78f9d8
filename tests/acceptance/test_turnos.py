"""Turns and ratings as people meet them: the number stays, who is absent is seen and called again,
nobody rates another's visit."""

from playwright.sync_api import Page, expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import desborde, violaciones
from tests.acceptance.mundo import Mundo
from tests.acceptance.pasos import continuar
from tests.kit.public import Point
from tests.kit.web import WebKit
from webforms.visita.seguimiento import enlace_de_turno

QUIOSCO, TABLETA = "quiosco.bog-agu", "tableta.bog-agu.1"


def limpia(pagina: Page) -> None:
    assert violaciones(pagina) == []
    assert desborde(pagina) <= 0


def con_pasaporte(quiosco: Page, numero: str) -> str:
    """A passport typed on the screen alone: its letters appear with the type."""
    quiosco.goto("/quiosco/condicion/servicio_adquirido?idioma=en")
    quiosco.get_by_text("Enter my ID").click()
    letras = quiosco.get_by_role("group", name="Letter pad")
    expect(letras).to_be_hidden()
    quiosco.get_by_label("Type of ID").select_option("PA")
    for tecla in numero:
        grupo = letras if tecla.isalpha() else quiosco.get_by_role("group", name="Number pad")
        grupo.get_by_role("button", name=tecla, exact=True).click()
    limpia(quiosco)
    quiosco.get_by_role("button", name="Yes, priority service").click()
    return quiosco.locator(".numero").inner_text()


def test_1_5_a_no_show_is_seen_recalled_at_once_given_back_and_keeps_the_number(
    mundo: Mundo,
) -> None:
    quiosco = mundo.equipo(QUIOSCO)
    numero = con_pasaporte(quiosco, "AB12345")
    assert con_pasaporte(quiosco, "AB12345") == numero  # one open turn per document
    turno = Point(WebKit(mundo.app, mundo.engine, mundo.clock), {}).turnos()[-1]
    with mundo.app.test_request_context(base_url=mundo.url):
        celular = mundo.publico(320)
        celular.goto("/turno/" + enlace_de_turno(turno.id).partition("/turno/")[2])
    expect(celular.get_by_text("You are next")).to_be_visible()
    limpia(celular)

    asesora = mundo.persona("asesor.bog01")
    asesora.goto("/atencion")
    if asesora.get_by_label("Módulo").is_visible():
        asesora.get_by_label("Módulo").select_option("1")
        asesora.get_by_role("button", name="Usar").click()
    asesora.get_by_role("button", name="Llamar siguiente").click()
    expect(asesora.get_by_role("button", name="Devolver a la fila")).to_be_visible()
    limpia(asesora)
    celular.reload()
    expect(celular.get_by_text("It is your turn")).to_be_visible()
    expect(celular.get_by_text("Desk 1")).to_be_visible()
    asesora.get_by_role("button", name="Llamar otra vez").click()
    expect(asesora.get_by_text("El tablero llamó otra vez")).to_be_visible()
    p.acorde(asesora, "F8")
    expect(asesora.get_by_text("volvió a la fila con su hora de llegada")).to_be_visible()

    asesora.get_by_role("button", name="Llamar siguiente").click()
    continuar(asesora)  # the person is there; the attention begins, and cannot go on
    expect(asesora.get_by_role("heading", name="Registrar motivo")).to_be_visible()
    p.acorde(asesora, "F8")
    expect(asesora.get_by_role("textbox", name="Por qué no se atiende aquí")).to_be_focused()
    limpia(asesora)
    asesora.keyboard.press("Enter")
    expect(asesora.get_by_text("Escriba el motivo: lo lee quien atienda")).to_be_visible()
    expect(asesora.get_by_role("textbox", name="Por qué no se atiende aquí")).to_be_focused()
    limpia(asesora)
    asesora.keyboard.type("Fue por su documento")
    asesora.keyboard.press("Enter")
    expect(asesora.get_by_role("row", name=numero)).to_contain_text(
        "Devuelto a la fila: Fue por su documento"
    )
    limpia(asesora)
    celular.reload()
    expect(celular.get_by_text("You are back in the queue")).to_be_visible()

    asesora.get_by_role("button", name="Llamar siguiente").click()
    expect(asesora.get_by_text("Devuelto a la fila: Fue por su documento")).to_be_visible()
    for veces in (1, 2):
        asesora.get_by_label("No se presentó").check()
        continuar(asesora)
        expect(asesora.get_by_role("heading", name="Ausentes")).to_be_visible()
        expect(asesora.get_by_text(f"se llamó {veces} de 3 veces")).to_be_visible()
        limpia(asesora)
        asesora.get_by_role("button", name=f"Llamar otra vez {numero}").click()
    asesora.get_by_label("No se presentó").check()
    continuar(asesora)
    celular.reload()
    celular.get_by_role("button", name="I am back").click()
    expect(celular.get_by_text("You are next")).to_be_visible()
    assert celular.locator(".turno-grande .n").inner_text() == numero
    celular.get_by_role("link", name="Give up my ticket").click()
    limpia(celular)
    celular.get_by_role("button", name="Yes, give it up").click()
    expect(celular.get_by_text("This ticket was given up")).to_be_visible()


def test_1_6_the_tablet_asks_for_one_ticket_and_stops_when_the_next_person_is_called(
    mundo: Mundo,
) -> None:
    punto = Point(WebKit(mundo.app, mundo.engine, mundo.clock), {})
    quiosco = mundo.equipo(QUIOSCO)
    for _persona in range(2):
        quiosco.goto("/quiosco/condicion/radicar_documentos")
        quiosco.get_by_role("button", name="No, atención general").click()
        expect(quiosco.locator(".numero")).to_be_visible()
    primero = punto.turnos()[-2]
    punto.until_rating(primero, "1")
    tableta = mundo.equipo(TABLETA, 1024)
    tableta.goto("/tableta")
    expect(tableta.locator(".de-quien")).to_contain_text(f"Turno {primero.ficha}")
    limpia(tableta)
    asesora = mundo.persona("asesor.bog01")
    asesora.goto("/atencion")
    if asesora.get_by_label("Módulo").is_visible():
        asesora.get_by_label("Módulo").select_option("1")
        asesora.get_by_role("button", name="Usar").click()
    asesora.get_by_role("button", name="Llamar siguiente").click()
    expect(tableta.get_by_text("Al terminar la atención podrá calificarla aquí.")).to_be_visible()
    assert mundo.filas(
        "SELECT valor, por_asesor FROM calificacion WHERE turno_id = :t", t=primero.id
    ) == [(None, 0)]
