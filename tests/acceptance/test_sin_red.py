"""The line is cut while a form is open: nothing that was typed is lost, the page says where it is, and
it is sent once, when the line is back or somebody presses again. One case for each kind of form."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.acceptance.test_escalamiento_largo import consultar_estado

TEXTO = "Dice que pagó en octubre & el banco le entregó «comprobante»"
SIN_RED = "Sin conexión con Ventanilla"
GUARDADO = "queda guardado, cifrado, en esta pestaña de este equipo"
VOLVIO = "Volvió lo que había escrito"
DUDOSO = "No se sabe si se envió"


@dataclass(frozen=True, slots=True)
class Clase:
    """A kind of form."""

    abrir: Callable[[Mundo], Page]
    escribir: Callable[[Page], None]
    campo: str  #: in which `TEXTO` stands
    boton: str
    cuantas: str  #: rows that say it
    una_vez: bool = False  #: once it has been received its page asks for it no more
    con_guion: bool = False  #: a script sends it, and what is sent twice is received once


def _tarea(mundo: Mundo) -> Page:
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.en(asesor, "5.2.3")
    return asesor


def _escribe_motivo(pagina: Page) -> None:
    pagina.get_by_label("Qué necesita la persona").fill(TEXTO)
    p.marcar(pagina, "¿Trae documentos para radicar?", "No")
    p.marcar(pagina, "¿Puede resolverse aquí mismo?", "Sí")


def _caso(mundo: Mundo) -> Page:
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    funcionario = mundo.persona("funcionario.vcc01")
    funcionario.goto(f"/caso/{caso.case_key}")
    return funcionario


def _administracion(mundo: Mundo) -> Page:
    admin = mundo.persona("administrador")
    admin.goto("/calendario")
    return admin


def _escribe_excepcion(pagina: Page) -> None:
    nueva = pagina.locator("form[aria-labelledby=nu]")
    nueva.locator("[name=desde]").fill("14/12/2026")
    nueva.get_by_label("Dónde").select_option("BOG-AGU")
    nueva.locator("[name=nombre]").fill("Inventario")
    nueva.locator("[name=motivo]").fill(TEXTO)


def _publico(mundo: Mundo) -> Page:
    documento = mundo.titular()
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    p.requerir(mundo, caso)
    publico = consultar_estado(mundo, caso, documento)
    publico.get_by_role("link", name="Enviar lo que falta").click()
    expect(publico.get_by_role("heading", level=1)).to_have_text("Enviar lo que falta")
    return publico


CLASES = {
    "tarea": Clase(
        _tarea, _escribe_motivo, "[name=motivo]", "[data-completar]",
        "select count(*) from submission where element = 'act_5_2_3'",
        una_vez=True,
    ),
    "acto del caso": Clase(
        _caso, lambda pagina: pagina.get_by_label("Nota para el equipo").fill(TEXTO), "#texto",
        "button:text('Agregar la nota')", "select count(*) from note",
    ),
    "administración": Clase(
        _administracion, _escribe_excepcion, "form[aria-labelledby=nu] [name=motivo]", "form[aria-labelledby=nu] [type=submit]",
        "select count(*) from excepcion_calendario",
    ),
    "público": Clase(
        _publico, lambda pagina: pagina.locator("textarea").fill(TEXTO), "textarea", "main form [type=submit]",
        "select count(*) from suspension where complemento is not null",
        una_vez=True, con_guion=True,
    ),
}  # fmt: skip
cada = pytest.mark.parametrize("clase", CLASES.values(), ids=CLASES)


def cuantas(mundo: Mundo, clase: Clase) -> int:
    ((n,),) = mundo.filas(clase.cuantas)
    return int(str(n))


def aviso(pagina: Page) -> Locator:
    return pagina.locator("main .sin-red")


def sin_borrador(pagina: Page) -> None:
    """Its draft was tried and is not saved: what a page sends as it is left would go past the line
    that the test cut."""
    while pagina.evaluate("() => typeof reloj !== 'undefined' && reloj !== null"):
        pagina.wait_for_timeout(100)


def se_envio(mundo: Mundo, clase: Clase, pagina: Page, antes: int) -> None:
    """Once, and nothing of it stays in the tab."""
    if clase.una_vez:
        expect(pagina.locator(clase.campo)).to_have_count(0)
    else:
        expect(pagina.locator(clase.campo)).to_have_value("")
    mundo.trabajador.quieto()
    assert cuantas(mundo, clase) == antes + 1
    expect(aviso(pagina)).to_have_count(0)
    assert pagina.evaluate("() => Object.keys(sessionStorage)") == []


@cada
def test_cut_before_it_is_sent_the_text_stays_and_comes_back_when_the_page_is_opened_again(
    mundo: Mundo, clase: Clase
) -> None:
    pagina = clase.abrir(mundo)
    antes, direccion = cuantas(mundo, clase), pagina.url
    pagina.context.set_offline(True)
    clase.escribir(pagina)
    expect(aviso(pagina)).to_contain_text(SIN_RED)
    expect(aviso(pagina)).to_contain_text(GUARDADO)
    pagina.locator(clase.boton).click()
    expect(aviso(pagina)).to_contain_text("no se envió")
    expect(aviso(pagina)).to_be_focused()
    expect(aviso(pagina)).to_be_in_viewport()
    mirar(pagina, "formulario sin red")
    assert "octubre" not in pagina.evaluate("() => JSON.stringify(sessionStorage)")
    sin_borrador(pagina)
    pagina.goto("about:blank")
    pagina.context.set_offline(False)
    pagina.goto(direccion)
    expect(aviso(pagina)).to_contain_text(VOLVIO)
    expect(pagina.locator(clase.campo)).to_have_value(TEXTO)
    mirar(pagina, "volvió lo escrito")
    assert cuantas(mundo, clase) == antes, "nothing was sent"
    pagina.locator(clase.boton).click()
    se_envio(mundo, clase, pagina, antes)


@cada
def test_what_was_pressed_without_a_line_goes_once_when_it_is_back(
    mundo: Mundo, clase: Clase
) -> None:
    pagina = clase.abrir(mundo)
    antes = cuantas(mundo, clase)
    clase.escribir(pagina)
    pagina.context.set_offline(True)
    for _vez in range(2):
        pagina.locator(clase.boton).click()
        expect(aviso(pagina)).to_contain_text("Se envía solo, una vez")
    pagina.context.set_offline(False)
    se_envio(mundo, clase, pagina, antes)


@cada
@pytest.mark.parametrize("recibido", [False, True], ids=["did not arrive", "arrived"])
def test_cut_while_it_is_sent_it_is_there_once(
    mundo: Mundo, clase: Clase, *, recibido: bool
) -> None:
    """The request left, and no answer came."""
    pagina = clase.abrir(mundo)
    antes, direccion = cuantas(mundo, clase), pagina.url
    clase.escribir(pagina)

    def cortar(ruta: Route) -> None:
        if ruta.request.method != "POST":
            ruta.continue_()
            return
        if recibido:
            ruta.fetch(max_redirects=0)
        ruta.abort("connectionreset")

    pagina.route("**/*", cortar)
    pagina.locator(clase.boton).click()
    if clase.con_guion:
        expect(aviso(pagina)).to_contain_text("Se envía solo, una vez")
        pagina.unroute_all()
        se_envio(mundo, clase, pagina, antes)
        return
    expect(pagina).to_have_url(re.compile("^chrome-error:"))
    pagina.unroute_all()
    pagina.goto(direccion)
    if clase.una_vez and recibido:
        expect(pagina.locator(clase.campo)).to_have_count(0)
    else:
        expect(aviso(pagina)).to_contain_text(DUDOSO)
        expect(pagina.locator(clase.campo)).to_have_value(TEXTO)
        assert cuantas(mundo, clase) == antes + recibido, "it is not sent by itself"
        pagina.locator(
            "button:text('Descartar lo que volvió')" if recibido else clase.boton
        ).click()
    if not (clase.una_vez and recibido):
        se_envio(mundo, clase, pagina, antes)
    assert cuantas(mundo, clase) == antes + 1


def test_whoever_goes_on_writing_sends_it_themselves(mundo: Mundo) -> None:
    """Half a sentence does not leave when the line comes back."""
    clase = CLASES["acto del caso"]
    pagina = clase.abrir(mundo)
    clase.escribir(pagina)
    pagina.context.set_offline(True)
    pagina.locator(clase.boton).click()
    expect(aviso(pagina)).to_contain_text("Se envía solo, una vez")
    pagina.locator(clase.campo).press_sequentially(" y además")
    expect(aviso(pagina)).to_contain_text("envíe cuando vuelva la conexión")
    with pagina.expect_response("**/sesion"):
        pagina.context.set_offline(False)
    expect(aviso(pagina)).to_have_count(0)
    assert cuantas(mundo, clase) == 0
    pagina.locator(clase.boton).click()
    expect(
        pagina.get_by_role("region", name="Notas").get_by_role("listitem").first
    ).to_contain_text("y además")
    assert cuantas(mundo, clase) == 1


def test_what_comes_back_on_a_task_does_not_go_over_what_another_tab_has_saved(
    mundo: Mundo,
) -> None:
    asesor = _tarea(mundo)
    campo = "Qué necesita la persona"
    asesor.context.set_offline(True)
    asesor.get_by_label(campo).fill(TEXTO)
    expect(aviso(asesor)).to_contain_text(GUARDADO)
    sin_borrador(asesor)
    direccion = asesor.url
    asesor.goto("about:blank")
    asesor.context.set_offline(False)
    otra = asesor.context.new_page()
    otra.goto(direccion)
    with otra.expect_response(lambda respuesta: respuesta.request.method == "PUT"):
        otra.get_by_label(campo).fill("Lo que escribió en la otra pestaña")
    asesor.goto(direccion)
    expect(asesor.get_by_label(campo)).to_have_value(TEXTO)
    expect(asesor.get_by_role("alert")).to_contain_text("Lo que escribió en la otra pestaña")


def test_a_ticket_that_was_asked_for_without_a_line_is_given_once(mundo: Mundo) -> None:
    """The kiosk keeps nothing of who stood there."""
    quiosco = mundo.equipo("quiosco.bog-agu")
    quiosco.goto("/quiosco/condicion/servicio_adquirido")
    quiosco.locator("summary", has_text="Escribir mi documento").click()
    quiosco.locator("[name=num_doc]").fill("52000123")
    quiosco.context.set_offline(True)
    quiosco.get_by_role("button", name="No, atención general").click()
    expect(aviso(quiosco)).to_contain_text("no se envió")
    mirar(quiosco, "quiosco sin red")
    assert quiosco.evaluate("() => sessionStorage.length") == 0
    quiosco.context.set_offline(False)
    expect(quiosco.locator(".numero")).to_be_visible()
    assert mundo.cuantas("turno") == 1


def test_a_server_that_is_away_is_noticed_while_somebody_writes(mundo: Mundo) -> None:
    """The browser itself says that it is connected."""
    clase = CLASES["acto del caso"]
    pagina = clase.abrir(mundo)
    pagina.route("**/*", lambda ruta: ruta.abort("connectionrefused"))
    pagina.wait_for_timeout(4500)
    clase.escribir(pagina)
    expect(aviso(pagina)).to_contain_text("envíe cuando vuelva la conexión")
    pagina.locator(clase.boton).click()
    expect(aviso(pagina)).to_contain_text("no se envió")
    pagina.unroute_all()
    se_envio(mundo, clase, pagina, 0)
