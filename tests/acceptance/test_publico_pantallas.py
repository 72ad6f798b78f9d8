"""The citizen's screens in a browser: they move by themselves, need no mouse, work without scripts,
and axe finds nothing."""

import datetime as dt
import re
import threading
from collections.abc import Callable
from http import HTTPStatus

import pypdfium2
import pytest
from playwright.sync_api import Page, Route, expect
from werkzeug.serving import make_server

from engine.types import WorkItem
from tests.acceptance.lupa import desborde, mirar, violaciones
from tests.acceptance.mundo import Mundo
from tests.kit.public import Point
from tests.kit.web import WebKit
from webforms.base.security import GALLETA_DISPOSITIVO
from webforms.visita.seguimiento import enlace_de_turno

QUIOSCO, TABLERO, TABLETA = "quiosco.bog-agu", "tablero.bog-agu", "tableta.bog-agu.1"
CADA_MIRADA = 2_000  # tableta.js
PULGADA_EN_PUNTOS = 72
MM_POR_PULGADA = 25.4


@pytest.fixture
def punto(mundo: Mundo) -> Point:
    """What advisers do meanwhile, without a browser."""
    return Point(WebKit(mundo.app, mundo.engine, mundo.clock), {})


def tomar(
    pagina: Page, motivo: str = "Mi crédito o servicio", condicion: str = "No, atención general"
) -> str:
    pagina.goto("/quiosco")
    pagina.get_by_role("link", name=motivo).click()
    pagina.get_by_role("button", name=condicion).click()
    return pagina.locator(".numero").inner_text()


def limpia(pagina: Page) -> None:
    assert violaciones(pagina) == []
    assert desborde(pagina) <= 0


# --- kiosk ----------------------------------------------------------------------------------------
def test_two_touches_give_a_ticket_and_the_kiosk_goes_back_to_the_start(mundo: Mundo) -> None:
    quiosco = mundo.equipo(QUIOSCO)
    quiosco.clock.install()
    quiosco.clock.resume()
    assert re.fullmatch(r"A\d{3}", tomar(quiosco))
    quiosco.clock.fast_forward(16_000)
    expect(quiosco.get_by_role("heading", name="¿A qué viene hoy?")).to_be_visible()


def test_the_number_pad_writes_the_document(mundo: Mundo, punto: Point) -> None:
    quiosco = mundo.equipo(QUIOSCO)
    quiosco.goto("/quiosco/condicion/servicio_adquirido")
    quiosco.get_by_text("Escribir mi documento").click()
    quiosco.get_by_label("Tipo de documento").select_option("CC")
    pad = quiosco.get_by_role("group", name="Teclado de números")
    for tecla in ("5", "2", "9", "Borrar", "1", "0", "0"):
        pad.get_by_role("button", name=tecla, exact=True).click()
    quiosco.get_by_role("button", name="No, atención general").click()
    expect(quiosco.locator(".numero")).to_be_visible()
    assert punto.turnos()[-1].num_doc == "52100"


def test_two_quick_presses_give_one_turn(mundo: Mundo, punto: Point) -> None:
    quiosco = mundo.equipo(QUIOSCO)
    antes = len(punto.turnos())
    quiosco.goto("/quiosco/condicion/informacion_general")
    quiosco.get_by_role("button", name="No, atención general").dblclick()
    expect(quiosco.locator(".numero")).to_be_visible()
    assert len(punto.turnos()) == antes + 1


def test_an_abandoned_second_step_goes_back_to_the_start(mundo: Mundo) -> None:
    quiosco = mundo.equipo(QUIOSCO)
    quiosco.clock.install()
    quiosco.goto("/quiosco/condicion/informacion_general")
    quiosco.clock.run_for(91_000)
    expect(quiosco.get_by_role("heading", name="¿A qué viene hoy?")).to_be_visible()


def test_only_a_kiosk_with_printer_prints_by_itself(mundo: Mundo) -> None:
    quiosco = mundo.equipo(QUIOSCO)
    quiosco.add_init_script("window.impresas = 0; window.print = () => { window.impresas += 1; };")
    tomar(quiosco)
    assert quiosco.evaluate("impresas") == 0
    quiosco.goto("/quiosco?imprimir=1")
    quiosco.get_by_role("link", name="Información general").click()
    quiosco.get_by_role("button", name="No, atención general").click()
    expect(quiosco.locator(".numero")).to_be_visible()
    assert quiosco.evaluate("impresas") == 1


def test_the_ticket_is_one_sheet_of_80_mm_without_buttons(mundo: Mundo) -> None:
    quiosco = mundo.equipo(QUIOSCO)
    numero = tomar(quiosco, condicion="Sí, atención preferencial")
    documento = pypdfium2.PdfDocument(quiosco.pdf(prefer_css_page_size=True))
    try:
        assert len(documento) == 1
        hoja = documento[0]
        assert round(hoja.get_width() / PULGADA_EN_PUNTOS * MM_POR_PULGADA) == 80
        texto = hoja.get_textpage()
        impreso = texto.get_text_range()
        texto.close()
        hoja.close()
    finally:
        documento.close()
    assert numero in impreso
    assert "Terminar" not in impreso
    assert "preferen" not in impreso


def test_the_kiosk_works_without_scripts(mundo: Mundo) -> None:
    contexto = mundo.browser.new_context(base_url=mundo.url, java_script_enabled=False)
    mundo.contextos.append(contexto)
    contexto.add_cookies(mundo.equipo(QUIOSCO).context.cookies())
    quiosco = contexto.new_page()
    tomar(quiosco)
    expect(quiosco.locator(".numero")).to_be_visible()


def test_the_kiosk_can_be_used_with_the_keyboard_alone(mundo: Mundo) -> None:
    quiosco = mundo.equipo(QUIOSCO)
    quiosco.goto("/quiosco")
    for _vez in range(8):
        quiosco.keyboard.press("Tab")
        if "Información general" in str(quiosco.evaluate("document.activeElement.innerText")):
            break
    quiosco.keyboard.press("Enter")
    expect(quiosco.get_by_text("Paso 2 de 2")).to_be_visible()
    for _vez in range(8):
        quiosco.keyboard.press("Tab")
        if "atención preferencial" in str(quiosco.evaluate("document.activeElement.innerText")):
            break
    quiosco.keyboard.press("Enter")
    expect(quiosco.locator(".numero")).to_contain_text("P")


# --- board ----------------------------------------------------------------------------------------
def test_a_call_is_on_the_board_within_three_seconds(mundo: Mundo, punto: Point) -> None:
    numero = tomar(mundo.equipo(QUIOSCO))
    tablero = mundo.equipo(TABLERO, ancho=1920)
    tablero.goto("/tablero")
    punto.call_turn(punto.turnos()[-1], "1")
    expect(tablero.locator("[data-grande] b").first).to_have_text(numero)
    expect(tablero.locator("#anuncio")).to_contain_text(f"Turno {numero}, módulo 1")


def test_simultaneous_calls_are_shown_one_after_the_other_with_a_chime_each(
    mundo: Mundo, punto: Point
) -> None:
    quiosco = mundo.equipo(QUIOSCO)
    numeros = [tomar(quiosco) for _persona in range(3)]
    tablero = mundo.equipo(TABLERO, ancho=1920)
    tablero.clock.install()
    tablero.clock.resume()
    tablero.goto("/tablero")
    tablero.get_by_role("button", name="Activar sonido").click()
    expect(tablero.get_by_role("button", name="Sonido activado")).to_be_visible()
    for turno, modulo in zip(punto.turnos()[-3:], "123", strict=True):
        punto.call_turn(turno, modulo)
    grande = tablero.locator("[data-grande] b")
    for vuelta, (numero, modulo) in enumerate(zip(numeros, "123", strict=True)):
        expect(grande.first).to_have_text(numero)
        expect(grande.last).to_have_text(f"Módulo {modulo}")
        expect(tablero.locator(".tablero")).to_have_attribute("data-timbres", str(vuelta + 2))
        tablero.clock.fast_forward(6_100)


def test_the_board_goes_on_after_the_server_starts_again(mundo: Mundo, punto: Point) -> None:
    numero = tomar(mundo.equipo(QUIOSCO))
    tablero = mundo.equipo(TABLERO, ancho=1920)
    galletas = tablero.context.cookies()
    primero = Servidor(mundo, 0)
    direccion = f"http://127.0.0.1:{primero.puerto}"
    tablero.context.add_cookies(
        [{"name": GALLETA_DISPOSITIVO, "value": galletas[0]["value"], "url": direccion}]
    )
    tablero.goto(f"{direccion}/tablero")
    primero.parar()
    expect(tablero.get_by_text("Sin conexión, reintentando")).to_be_visible(timeout=10_000)
    punto.call_turn(punto.turnos()[-1], "1")
    segundo = Servidor(mundo, primero.puerto)
    try:
        expect(tablero.locator("[data-grande] b").first).to_have_text(numero)
        expect(tablero.get_by_text("Sin conexión, reintentando")).to_be_hidden()
    finally:
        tablero.goto("about:blank")
        segundo.parar()


class Servidor:
    """One more server of the same application, which can be stopped."""

    def __init__(self, mundo: Mundo, puerto: int) -> None:
        self._servidor = make_server("127.0.0.1", puerto, mundo.app, threaded=True)
        self._hilo = threading.Thread(target=self._servidor.serve_forever, daemon=True)
        self._hilo.start()
        self.puerto = self._servidor.port

    def parar(self) -> None:
        self._servidor.shutdown()
        self._servidor.server_close()
        self._hilo.join(5)


# --- rating tablet --------------------------------------------------------------------------------
@pytest.fixture
def preguntada(mundo: Mundo, punto: Point) -> Page:
    """The tablet was idle when the rating was asked for at its desk."""
    tableta = mundo.equipo(TABLETA, ancho=1024)
    tableta.goto("/tableta")
    expect(tableta.get_by_role("heading", name="Módulo 1")).to_be_visible()
    tomar(mundo.equipo(QUIOSCO), "Entregar documentos")
    punto.until_rating(punto.turnos()[-1], "1")
    expect(tableta.get_by_role("heading", name="¿Cómo califica la atención")).to_be_visible()
    return tableta


def test_the_question_appears_by_itself_and_a_low_rating_shows_its_reasons(
    mundo: Mundo, preguntada: Page
) -> None:
    expect(preguntada.get_by_text("La espera fue larga")).to_be_hidden()
    preguntada.get_by_label("Mala", exact=False).nth(1).check()
    preguntada.get_by_text("La espera fue larga").click()
    preguntada.get_by_role("button", name="Enviar mi calificación").click()
    expect(preguntada.get_by_role("heading", name="Gracias")).to_be_visible()
    assert mundo.filas("SELECT valor, motivo FROM calificacion ORDER BY id DESC LIMIT 1") == [
        (2, "espera")
    ]


def test_a_face_can_be_chosen_with_the_arrow_keys(mundo: Mundo, preguntada: Page) -> None:
    preguntada.locator("input[name=calificacion]").first.focus()
    for tecla in ("ArrowRight", "ArrowRight", "ArrowRight"):
        preguntada.keyboard.press(tecla)
    preguntada.keyboard.press("Enter")
    expect(preguntada.get_by_role("heading", name="Gracias")).to_be_visible()
    assert mundo.filas("SELECT valor FROM calificacion ORDER BY id DESC LIMIT 1") == [(4,)]


def detenida(mundo: Mundo, punto: Point) -> tuple[Page, WorkItem]:
    """A tablet that asks, on which no second passes by itself: not while axe looks at it, nor on a
    loaded machine."""
    tomar(mundo.equipo(QUIOSCO), "Entregar documentos")
    item = punto.until_rating(punto.turnos()[-1], "1")
    tableta = mundo.equipo(TABLETA, ancho=1024)
    tableta.clock.install(time=mundo.clock.now())
    tableta.clock.pause_at(mundo.clock.now() + dt.timedelta(hours=1))  # it may only be moved on
    tableta.goto(f"/tableta/calificar/{item.id}")
    return tableta, item


def test_the_time_left_is_shown_and_the_question_goes_away_when_it_is_over(
    mundo: Mundo, punto: Point
) -> None:
    tableta, item = detenida(mundo, punto)
    tiempo = tableta.locator("[data-tiempo]")
    tableta.clock.run_for(19_000)
    expect(tiempo).to_have_text("2 minutos y 41 segundos")
    tableta.clock.run_for(160_000)
    expect(tiempo).to_have_text("1 segundo")
    mundo.pasan(minutes=3)
    tableta.clock.run_for(1_500)
    expect(
        tableta.get_by_role(
            "heading", name=f"La calificación del turno {item.data['ficha']} terminó"
        )
    ).to_be_visible()
    contexto = mundo.browser.new_context(
        base_url=mundo.url, storage_state=tableta.context.storage_state()
    )
    mundo.contextos.append(contexto)
    quieta = contexto.new_page()  # axe and the ruler need a clock that goes, and the page not to
    quieta.route("**/tableta.js*", lambda ruta: ruta.abort())
    quieta.goto(tableta.url)
    mirar(quieta, "la pregunta que terminó")
    tableta.clock.run_for(9_000)
    expect(tableta.get_by_role("heading", name="Módulo 1")).to_be_visible()
    assert mundo.filas(
        "SELECT valor, registrada_por FROM calificacion ORDER BY id DESC LIMIT 1"
    ) == [(None, "motor")]


def test_a_face_that_was_chosen_is_sent_before_the_question_goes_away(
    mundo: Mundo, punto: Point
) -> None:
    tableta, _item = detenida(mundo, punto)
    tableta.locator("input[value='5']").check()
    tableta.clock.run_for(178_000)
    expect(tableta.get_by_role("heading", name="Gracias")).to_be_visible()
    assert mundo.filas("SELECT valor FROM calificacion ORDER BY id DESC LIMIT 1") == [(5,)]


def test_whoever_sends_a_rating_is_thanked_although_the_tablet_looks_whether_the_question_still_waits(
    mundo: Mundo, punto: Point
) -> None:
    """The look that comes between the sending and its answer would find the question closed: by
    this rating."""
    tomar(mundo.equipo(QUIOSCO), "Entregar documentos")
    item = punto.until_rating(punto.turnos()[-1], "1")
    tableta = mundo.equipo(TABLETA, ancho=1024)
    tableta.goto(f"/tableta/calificar/{item.id}")

    def despacio(ruta: Route) -> None:
        if ruta.request.method != "POST":
            return ruta.continue_()
        respuesta = ruta.fetch(max_redirects=0)
        assert respuesta.status == HTTPStatus.SEE_OTHER
        tableta.wait_for_timeout(CADA_MIRADA + 500)
        return ruta.fulfill(response=respuesta)

    tableta.route(f"**/tableta/calificar/{item.id}", despacio)
    tableta.locator("input[value='5']").check()
    tableta.get_by_role("button", name="Enviar mi calificación").click()
    expect(tableta.get_by_role("heading", name="Gracias")).to_be_visible()
    assert mundo.filas("SELECT valor FROM calificacion ORDER BY id DESC LIMIT 1") == [(5,)]


# --- all of them: axe, reflow ---------------------------------------------------------------------
def abrir(ruta: str) -> Callable[[Page], None]:
    return lambda pagina: pagina.goto(ruta) and None


def con_documento_malo(pagina: Page) -> None:
    pagina.goto("/quiosco/condicion/servicio_adquirido")
    pagina.get_by_text("Escribir mi documento").click()
    pagina.get_by_label("Tipo de documento").select_option("CC")
    pagina.get_by_label("Número de documento").fill("1")
    pagina.get_by_role("button", name="No, atención general").click()
    expect(pagina.locator(".resumen-error")).to_be_focused()


PANTALLAS: dict[str, tuple[str, Callable[[Page], object]]] = {
    "motivo": (QUIOSCO, abrir("/quiosco")),
    "motivo en inglés, letra grande": (QUIOSCO, abrir("/quiosco?idioma=en&letra=grande")),
    "condición": (QUIOSCO, abrir("/quiosco/condicion/servicio_adquirido")),
    "condición con error": (QUIOSCO, con_documento_malo),
    "tiquete": (QUIOSCO, tomar),
    "tablero": (TABLERO, abrir("/tablero")),
    "tableta en espera": (TABLETA, abrir("/tableta")),
    "consulta": ("", abrir("/consulta")),
    "enlace que no es válido": ("", abrir("/calificar/otro")),
    "complemento que venció": ("", abrir("/consulta/complemento/otra")),
}


@pytest.mark.parametrize("ancho", [320, 1080, 1280])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    mundo: Mundo, punto: Point, ancho: int
) -> None:
    tomar(mundo.equipo(QUIOSCO))
    punto.call_turn(punto.turnos()[-1], "1")
    for nombre, (equipo, llegar) in PANTALLAS.items():
        pagina = mundo.equipo(equipo, ancho=ancho) if equipo else mundo.publico(ancho=ancho)
        if ancho == 1080:  # the kiosk stands upright
            pagina.set_viewport_size({"width": 1080, "height": 1920})
        llegar(pagina)
        assert (nombre, violaciones(pagina)) == (nombre, [])
        assert (nombre, desborde(pagina)) == (nombre, 0)


@pytest.mark.parametrize("ancho", [320, 1024])
def test_the_rating_page_is_clean_also_with_an_error(
    mundo: Mundo, punto: Point, ancho: int
) -> None:
    tomar(mundo.equipo(QUIOSCO), "Entregar documentos")
    item = punto.until_rating(punto.turnos()[-1], "1")
    tableta = mundo.equipo(TABLETA, ancho=ancho)
    tableta.goto(f"/tableta/calificar/{item.id}")
    limpia(tableta)
    tableta.locator("input[value='1']").check()
    tableta.get_by_role("button", name="Enviar mi calificación").click()
    expect(tableta.locator(".resumen-error")).to_be_focused()
    limpia(tableta)


def test_touch_targets_of_the_kiosk_are_at_least_48_pixels_high(mundo: Mundo) -> None:
    quiosco = mundo.equipo(QUIOSCO, ancho=1080)
    for ruta in ("/quiosco", "/quiosco/condicion/servicio_adquirido"):
        quiosco.goto(ruta)
        bajos = quiosco.evaluate(
            "[...document.querySelectorAll('main a, main button, main summary, header .btn')].filter(e => e.checkVisibility())"
            ".map(e => [e.innerText, e.getBoundingClientRect().height]).filter(([, alto]) => alto < 48)"
        )
        assert (ruta, bajos) == (ruta, [])


# --- public status --------------------------------------------------------------------------------
def test_a_wrong_pair_is_told_in_an_alert_that_has_the_focus(mundo: Mundo) -> None:
    pagina = mundo.publico(ancho=320)
    pagina.goto("/consulta")
    pagina.get_by_label("Radicado").fill("2026-9999999")
    pagina.get_by_label("Tipo de documento").select_option("CC")
    pagina.get_by_label("Número de documento").fill("52123456")
    pagina.get_by_role("button", name="Consultar").click()
    aviso = pagina.get_by_role("alert")
    expect(aviso).to_contain_text("No encontramos un caso con ese radicado y ese documento")
    expect(aviso).to_be_focused()
    expect(pagina.get_by_label("Radicado")).to_have_value("2026-9999999")
    limpia(pagina)


def test_the_status_of_a_turn_on_the_phone_follows_the_call(mundo: Mundo, punto: Point) -> None:
    quiosco = mundo.equipo(QUIOSCO)
    tomar(quiosco)
    with mundo.app.test_request_context():
        ruta = enlace_de_turno(punto.turnos()[-1].id).partition("/turno/")[2]
    celular = mundo.publico(ancho=320)
    celular.clock.install()
    celular.goto(f"/turno/{ruta}")
    limpia(celular)
    punto.call_turn(punto.turnos()[-1], "1")
    celular.clock.run_for(10_500)
    expect(celular.get_by_text("Es su turno")).to_be_visible()
    expect(celular.locator(".modulo")).to_have_text("Módulo 1")
