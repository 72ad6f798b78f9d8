"""The language of pages: chosen in the bar, kept by the account and the browser; and what is
written down stays as the agency writes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from common.language import language, said
from records.base.errores import DatoInvalido
from tests.kit import web as web_kit
from tests.kit.cast import CLAVE
from tests.kit.clock import NOW
from tests.kit.web import BASE_URL, WebKit, csrf, followed, log_in
from webforms.base.catalogos import catalogo, hablando
from webforms.base.formatos import fecha, momento


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.engine.db.dispose()


def elegir(cliente: FlaskClient, idioma: str, desde: str = "/bandeja") -> str:
    """Presses the button of the bar on that page; where it leads."""
    datos = {"idioma": idioma, "csrf_token": csrf(cliente.get(desde).text)}
    hecho = cliente.post("/cuenta/idioma", data=datos, headers={"Referer": f"{BASE_URL}{desde}"})
    assert hecho.status_code == 302, hecho.text
    return str(hecho.headers["Location"])


def test_a_person_chooses_once_and_comes_back_to_the_same_page_in_every_browser(
    web: WebKit,
) -> None:
    este, otro = web.browser("coordinador"), web.browser("coordinador")
    assert '<html lang="es-CO">' in este.get("/casos").text
    assert elegir(este, "en", "/casos?q=2026") == "/casos?q=2026"
    for cliente in (este, otro, web.browser("coordinador")):
        pagina = cliente.get("/casos").text
        assert '<html lang="en">' in pagina
        assert ">Cases<" in pagina
    assert ">Casos<" in web.browser("asesor").get("/casos").text  # everybody else's is untouched
    elegir(este, "es")
    assert '<html lang="es-CO">' in otro.get("/casos").text


def test_the_login_page_speaks_what_this_browser_was_told(web: WebKit) -> None:
    nadie = web.browser()
    assert 'href="/ingresar?idioma=en" lang="en">English</a>' in nadie.get("/ingresar").text
    assert "I forgot my password" in nadie.get("/ingresar?idioma=en").text
    assert '<html lang="en">' in nadie.get("/ingresar").text
    assert "Enter your password" in followed(nadie.post("/ingresar", data={"usuario": "asesor", "clave": "", "csrf_token": csrf(
        nadie.get("/ingresar").text)}).text)  # fmt: skip
    log_in(nadie, "asesor", CLAVE)
    # who chose nothing has what the browser was told
    assert '<html lang="en">' in nadie.get("/casos").text


@pytest.mark.parametrize("malo", ["", "xx", "../en", "\x00", "en\r\nX: y"])
def test_a_language_that_is_none_changes_nothing(web: WebKit, malo: str) -> None:
    asesor = web.browser("asesor")
    datos = {"idioma": malo, "csrf_token": csrf(asesor.get("/casos").text)}
    assert asesor.post("/cuenta/idioma", data=datos).status_code in (400, 422)
    assert '<html lang="es-CO">' in asesor.get("/casos").text
    assert (
        '<html lang="es-CO">' in web.browser().get("/ingresar", query_string={"idioma": malo}).text
    )


@pytest.mark.parametrize(
    "ajeno",
    [
        "https://otra.example/casos",
        f"{BASE_URL}//otra.example",
        f"{BASE_URL}/no/hay",
        "",
        "http://[",
    ],
)
def test_it_leads_to_pages_of_ours_only(web: WebKit, ajeno: str) -> None:
    asesor = web.browser("asesor")
    hecho = asesor.post(
        "/cuenta/idioma",
        data={"idioma": "en", "csrf_token": csrf(asesor.get("/casos").text)},
        headers={"Referer": ajeno},
    )
    assert hecho.headers["Location"] == "/cuenta"


def test_the_agency_says_what_is_spoken_to_whoever_chose_nothing(
    tmp_path: Path, sqlite_url: str
) -> None:
    kit = web_kit.build(tmp_path, sqlite_url, idioma="en")
    assert '<html lang="en">' in kit.browser("asesor").get("/casos").text
    assert '<html lang="en">' in kit.browser().get("/consulta").text
    assert 'href="/consulta?idioma=es" lang="es">Español</a>' in kit.browser().get("/consulta").text
    assert '<html lang="es-CO">' in kit.browser().get("/consulta?idioma=es").text
    kit.engine.db.dispose()


@pytest.mark.usefixtures("web")
def test_what_is_said_below_the_pages_has_the_language_of_who_is_answered() -> None:
    rechazo = DatoInvalido("%(documento)s: escriba %(forma)s.", documento="CC", forma="x")
    assert (str(rechazo), language()) == ("CC: escriba x.", "es")
    with hablando("en"):
        assert (str(rechazo), said("hoy"), language()) == ("CC: enter x.", "today", "en")
        assert (fecha(NOW), momento(NOW, NOW.date())) == (
            f"{NOW:%a} {NOW.day} {NOW:%b} {NOW.year}",
            f"today, {momento(NOW)[-5:]}",
        )
        # not the head of the catalogue
        assert catalogo("en").gettext("") == catalogo("en").ugettext("") == ""
    assert said("hoy") == "hoy"  # work in the background writes what is kept
