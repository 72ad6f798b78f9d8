"""Links with a secret: it stands behind the `#`, goes to the server in a form, and then has a name in the session of that browser."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import request
from flask.testing import FlaskClient

from engine.types import SYSTEM
from handlers.enlaces import Enlaces
from records.enlaces_de_clave import NUEVA
from tests.kit import web as web_kit
from tests.kit.web import BASE_URL
from tests.kit.web import WebKit
from tests.kit.web import csrf
from tests.kit.web import opened
from webforms.acceso.puerta import DETRAS
from webforms.base import claves
from webforms.base import llevados

SECRETO = "un-secreto-de-muchas-letras-0123456789"


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def pedidas(web: WebKit) -> list[str]:
    """Each address that a browser sends, as logs of servers and proxies have it, with the one it came from."""
    dichas: list[str] = []

    @web.app.before_request
    def anotar() -> None:
        dichas.extend((request.url, request.referrer or ""))

    return dichas


def test_each_link_that_leaves_has_its_secret_behind_the_sign(web: WebKit) -> None:
    enlaces = Enlaces(BASE_URL, b"secreto")
    salen = [enlaces.url(1), enlaces.url_de_entrega(1), enlaces.url_de_direccion("a"), enlaces.url_de_clave("b")]
    with web.app.app_context():
        salen.append(claves.dar("asesor", NUEVA, SYSTEM, por_correo=False))
    admin = web.browser("admin")
    datos = {"tipo": "tablero", "punto": "PAS", "csrf_token": csrf(admin.get("/equipos").text)}
    (equipo,) = re.findall(r'id="enlace">([^<]+)<', admin.post("/equipos", data=datos).text)
    salen.append(html.unescape(equipo))
    for enlace in salen:
        puerta, _signo, secreto = enlace.removeprefix(BASE_URL).partition("#")
        assert puerta in DETRAS, enlace
        assert len(secreto) >= 32, enlace
    assert "#" not in enlaces.url_de_baja("c"), "mail programs ask for it by themselves (RFC 8058), and send nothing behind a #"


@pytest.mark.parametrize("puerta", DETRAS)
def test_no_address_that_is_sent_has_the_secret(web: WebKit, pedidas: list[str], puerta: str) -> None:
    cliente = web.browser()
    ruta = opened(cliente, f"{BASE_URL}{puerta}#{SECRETO}")
    assert re.fullmatch(rf"{puerta}e-[0-9a-f]{{8}}", ruta)
    respuesta = cliente.get(ruta)
    assert respuesta.status_code < 500
    assert respuesta.headers["Referrer-Policy"] == "same-origin"
    assert opened(cliente, f"{puerta}#{SECRETO}") == ruta, "it is opened again, and called the same"
    assert pedidas
    assert [p for p in pedidas if SECRETO in p] == []


@pytest.mark.parametrize("puerta", DETRAS)
def test_its_name_opens_nothing_in_another_browser_nor_at_another_door(web: WebKit, puerta: str) -> None:
    cliente = web.browser()
    ruta = opened(cliente, f"{puerta}#{SECRETO}")
    ajeno = web.browser().get(ruta)
    assert (ajeno.status_code, ajeno.location) == (303, puerta)
    for otra in set(DETRAS) - {puerta}:
        assert cliente.get(ruta.replace(puerta, otra)).location == otra


@pytest.mark.parametrize("puerta", DETRAS)
def test_a_link_of_before_is_taken_out_of_the_address_before_anything_is_done(web: WebKit, puerta: str) -> None:
    """Of a mail that was sent while links had their secret in the path."""
    cliente = web.browser()
    vieja = cliente.get(f"{puerta}{SECRETO}?idioma=en")
    assert vieja.status_code == 303
    assert re.fullmatch(rf"{puerta}e-[0-9a-f]{{8}}\?idioma=en", vieja.location)
    assert cliente.get(vieja.location).status_code < 500


def test_a_page_that_was_open_sends_nothing_to_an_address_with_a_secret(web: WebKit) -> None:
    with web.app.app_context():
        token = claves.dar("asesor", NUEVA, SYSTEM, por_correo=False).partition("#")[2]
    cliente = web.browser()
    datos = {"csrf_token": csrf(cliente.get("/ingresar").text), "clave": "lámpara verde tres panes", "otra": "lámpara verde tres panes"}
    enviada = cliente.post(f"/clave/{token}", data=datos)
    assert (enviada.status_code, token in enviada.location) == (303, False)
    assert "Su contraseña nueva" in cliente.get(enviada.location).text, "nothing was set: it is asked for"


@pytest.mark.parametrize("pegado", ["{}", "  {} ", "https://ventanilla.test/clave/#{}", "/clave/{}", "#{}"])
def test_who_has_no_script_copies_the_code_or_the_whole_address(web: WebKit, pegado: str) -> None:
    with web.app.app_context():
        token = claves.dar("asesor", NUEVA, SYSTEM, por_correo=False).partition("#")[2]
    cliente = web.browser()
    puerta = cliente.get("/clave/").text
    assert "Es lo que sigue al signo #" in puerta
    hecho = cliente.post("/clave/", data={"csrf_token": csrf(puerta), "secreto": pegado.format(token)})
    assert "Su contraseña nueva" in cliente.get(hecho.location).text


@pytest.mark.parametrize("pegado", ["", "corto", "x" * 600, "https://ventanilla.test/clave/#", "\u0000"])
def test_what_is_no_code_is_told_at_its_field(web: WebKit, pegado: str) -> None:
    cliente = web.browser()
    hecho = cliente.post("/clave/", data={"csrf_token": csrf(cliente.get("/clave/").text), "secreto": pegado})
    assert hecho.status_code in (400, 422)
    assert hecho.status_code == 400 or re.search("Copie el código|Está incompleto|demasiado largo", hecho.text)


def test_a_browser_keeps_some_and_the_oldest_goes(web: WebKit) -> None:
    cliente = web.browser()
    rutas = [opened(cliente, f"/clave/#{SECRETO}{n}") for n in range(llevados.CUANTOS + 1)]
    assert [ida(cliente, ruta) for ruta in rutas] == [303] + [404] * llevados.CUANTOS


def ida(cliente: FlaskClient, ruta: str) -> int:
    return cliente.get(ruta).status_code
