"""Devices: a link that works once, a cookie that no script reads, revoked at once."""

import datetime as dt
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.kit import web as web_kit
from tests.kit.rivals import side_by_side
from tests.kit.web import WebKit, csrf, opened

DATOS = {"tipo": "quiosco", "punto": "BOG-AGU", "modulo": ""}


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def admin(web: WebKit) -> FlaskClient:
    return web.browser("admin")


def registrar(admin: FlaskClient, **datos: str) -> str:
    """The path of the activation link."""
    respuesta = admin.post(
        "/equipos", data={**DATOS, **datos, "csrf_token": csrf(admin.get("/equipos").text)}
    )
    encontrado = re.search(r"/activar/#[\w-]+", respuesta.text)
    assert encontrado, respuesta.text
    return encontrado[0]


def activar(cliente: FlaskClient, enlace: str) -> int:
    enlace = opened(cliente, enlace)
    pagina = cliente.get(enlace)
    if pagina.status_code == 404:
        return 404
    return cliente.post(enlace, data={"csrf_token": csrf(pagina.text)}).status_code


def test_a_link_makes_one_browser_the_device_and_nobody_else(
    web: WebKit, admin: FlaskClient
) -> None:
    enlace, quiosco = registrar(admin), web.browser()
    assert activar(quiosco, enlace) == 302
    galleta = quiosco.get_cookie("dispositivo")
    assert galleta is not None
    assert galleta.http_only
    assert quiosco.get("/quiosco").status_code == 200
    assert activar(web.browser(), enlace) == 404
    assert ("equipo_registrado", "admin", "equipo/quiosco.bog-agu.1") in web.accesses()


@pytest.mark.postgres
def test_two_of_a_kind_that_are_registered_at_once_have_a_name_each(
    tmp_path: Path, postgres_url: str
) -> None:
    web = web_kit.build(tmp_path, postgres_url)
    side_by_side(
        web.engine.db, ["dispositivo"], [partial(registrar, web.browser("admin")) for _ in range(2)]
    )
    assert {subject for kind, _who, subject in web.accesses() if kind == "equipo_registrado"} == {
        "equipo/quiosco.bog-agu.1",
        "equipo/quiosco.bog-agu.2",
    }
    web.engine.db.dispose()


def test_looking_at_the_link_does_not_use_it_up(web: WebKit, admin: FlaskClient) -> None:
    enlace = registrar(admin)
    curioso = web.browser()
    assert curioso.get(opened(curioso, enlace)).status_code == 200
    assert activar(web.browser(), enlace) == 302


def test_a_link_is_good_for_a_day(web: WebKit, admin: FlaskClient) -> None:
    enlace = registrar(admin)
    web.clock.advance(dt.timedelta(hours=25))
    assert activar(web.browser(), enlace) == 404


def test_the_code_of_the_link_is_not_a_key(web: WebKit, admin: FlaskClient) -> None:
    codigo = registrar(admin).removeprefix("/activar/#")
    intruso = web.browser()
    for valor in (codigo, f"act:{codigo}"):
        intruso.set_cookie("dispositivo", valor)
        assert intruso.get("/quiosco").status_code == 403


def test_a_revoked_device_is_refused_at_once(web: WebKit, admin: FlaskClient) -> None:
    quiosco = web.browser()
    activar(quiosco, registrar(admin))
    token = csrf(admin.get("/equipos").text)
    assert (
        admin.post("/equipos/quiosco.bog-agu.1/revocar", data={"csrf_token": token}).status_code
        == 302
    )
    assert quiosco.get("/quiosco").status_code == 403
    assert "Revocado" in admin.get("/equipos").text


def test_a_new_link_ends_the_old_cookie(web: WebKit, admin: FlaskClient) -> None:
    viejo, nuevo = web.browser(), web.browser()
    activar(viejo, registrar(admin))
    pagina = admin.post(
        "/equipos/quiosco.bog-agu.1/enlace", data={"csrf_token": csrf(admin.get("/equipos").text)}
    )
    encontrado = re.search(r"/activar/#[\w-]+", pagina.text)
    assert encontrado
    assert viejo.get("/quiosco").status_code == 403
    assert activar(nuevo, encontrado[0]) == 302
    assert nuevo.get("/quiosco").status_code == 200


def test_a_tablet_stands_at_a_desk(admin: FlaskClient) -> None:
    respuesta = admin.post(
        "/equipos",
        data={**DATOS, "tipo": "tableta", "csrf_token": csrf(admin.get("/equipos").text)},
    )
    assert respuesta.status_code == 422
    assert "Escriba el módulo donde está la tableta" in respuesta.text


def test_a_device_may_do_only_what_its_kind_does(web: WebKit, admin: FlaskClient) -> None:
    tablero = web.browser()
    activar(tablero, registrar(admin, tipo="tablero"))
    assert tablero.get("/quiosco").status_code == 403
    assert tablero.get("/equipos").status_code == 302, "a device is not a person"


@pytest.mark.parametrize("codigo", ["no.existe", "<script>"])
def test_an_unknown_device_is_not_found(admin: FlaskClient, codigo: str) -> None:
    token = csrf(admin.get("/equipos").text)
    assert admin.post(f"/equipos/{codigo}/revocar", data={"csrf_token": token}).status_code == 404
