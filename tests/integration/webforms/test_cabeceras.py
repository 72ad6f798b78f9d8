"""What each answer carries, whoever asks; how cookies are called; under which name the place answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import request

from app import Config
from app import create_app
from tests.kit import web as web_kit
from tests.kit.month import NOT_WALKED
from tests.kit.web import WebKit
from tests.kit.web import address_of
from tests.kit.web import csrf
from tests.kit.web import log_in
from webforms.base.cabeceras import FIJAS
from webforms.base.security import galleta

#: Asked for again every few seconds: kept to be compared, and names of systems only.
SE_COMPARAN = frozenset({"sistemas.ahora"})


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.engine.db.dispose()


@pytest.mark.parametrize("dicho", ["malo.test", "ventanilla.test.malo.test", "a b", "[", ""])
def test_an_installed_place_knows_itself_by_its_own_name_only(tmp_path: Path, sqlite_url: str, dicho: str) -> None:
    """Behind a proxy, too, which hands on what a stranger called it."""
    env = {"INSTANCE": str(tmp_path), "DATABASE_URL": sqlite_url, "BASE_URL": "https://ventanilla.test", "TRUSTED_PROXIES": "1"}
    app = create_app(Config.from_environment(env))
    nombrado: list[str] = []
    app.before_request(lambda: nombrado.append(request.host))
    cabeceras = {"Host": dicho, "X-Forwarded-Host": dicho, "X-Forwarded-Proto": "https", "Forwarded": f"host={dicho}"}
    assert app.test_client().get("/health", headers=cabeceras).status_code == 200
    assert nombrado == ["ventanilla.test"]
    assert app.config["SESSION_COOKIE_NAME"] == galleta(app, "ventanilla") == "__Host-ventanilla"
    assert app.config["SESSION_COOKIE_SECURE"] is True


def test_cookies_of_an_encrypted_place_are_of_this_host_alone(web: WebKit) -> None:
    web.app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_NAME="__Host-ventanilla")
    respuesta = log_in(web.app.test_client(), "asesor")
    puestas = respuesta.headers.getlist("Set-Cookie")
    assert {p.partition("=")[0] for p in puestas} == {"__Host-ventanilla", "__Host-conocido"}
    for puesta in puestas:
        partes = {p.strip().partition("=")[0].lower(): p.strip().partition("=")[2] for p in puesta.split(";")[1:]}
        assert (partes["path"], "domain" in partes) == ("/", False)
        assert {"secure", "httponly", "samesite"} <= set(partes)


def test_who_logs_out_leaves_nothing_in_the_memory_of_the_browser(web: WebKit) -> None:
    cliente = web.browser("nadie")
    salida = cliente.post("/salir", data={"csrf_token": csrf(cliente.get("/").text)})
    assert salida.headers["Clear-Site-Data"] == '"cache"'


def test_every_route_answers_with_all_headers_whoever_asks(web: WebKit) -> None:
    """Each address by GET and by POST, from somebody without a login and from an administrator: pages, errors, files, JSON alike."""
    admin, nadie = web.browser("admin"), web.browser()
    reglas = [r for r in web.app.url_map.iter_rules() if r.endpoint not in NOT_WALKED]
    assert len(reglas) > 250
    for regla in reglas:
        camino = address_of(web.app, regla)
        for quien in (nadie, admin):
            for metodo in sorted({"GET", "POST"} & (regla.methods or set())):
                with quien.open(camino, method=metodo) as respuesta:
                    faltan = {n: v for n, v in FIJAS.items() if respuesta.headers.get(n) != v}
                    politica = respuesta.headers.get("Content-Security-Policy", "")
                    assert not faltan, (camino, metodo, faltan)
                    assert "default-src" in politica, (camino, metodo)
                    assert "script-src 'self';" in f"{politica};" or "default-src 'none'" in politica, (camino, metodo, politica)
                    cache = respuesta.headers["Cache-Control"]
                    falta = cache != "no-store" and not camino.startswith("/static/")
                    assert not falta or regla.endpoint in SE_COMPARAN, (camino, metodo, cache)
