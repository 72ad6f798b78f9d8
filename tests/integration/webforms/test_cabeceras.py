"""What each answer carries, whoever asks; how cookies are called; under which name the place
answers."""

import ast
import base64
import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import request
from itsdangerous import BadSignature
from werkzeug.http import parse_options_header

from app import Config, create_app
from tests.kit import web as web_kit
from tests.kit.cast import CLAVE
from tests.kit.month import NOT_WALKED
from tests.kit.web import WebKit, address_of, csrf, followed, log_in
from webforms.base import entregas, idioma
from webforms.base.entregas import ENCERRADO
from webforms.base.security import GALLETA_DISPOSITIVO
from webforms.cuentas import conocidos
from webforms.navegador import firmas, galletas
from webforms.navegador.cabeceras import FIJAS
from webforms.navegador.ficha import ConFicha, ficha
from webforms.navegador.galletas import nombre_de
from webforms.visita import puesto

ROOT = Path(__file__).resolve().parents[3]
#: Asked for again every few seconds: kept to be compared, and names of systems only.
SE_COMPARAN = frozenset({"sistemas.ahora"})


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.engine.db.dispose()


@pytest.mark.parametrize("dicho", ["malo.test", "ventanilla.test.malo.test", "a b", "[", ""])
def test_an_installed_place_knows_itself_by_its_own_name_only(
    tmp_path: Path, sqlite_url: str, dicho: str
) -> None:
    """Behind a proxy, too, which hands on what a stranger called it."""
    env = {
        "INSTANCE": str(tmp_path),
        "DATABASE_URL": sqlite_url,
        "BASE_URL": "https://ventanilla.test",
        "TRUSTED_PROXIES": "1",
    }
    app = create_app(Config.from_environment(env))
    nombrado: list[str] = []
    app.before_request(lambda: nombrado.append(request.host))
    cabeceras = {
        "Host": dicho,
        "X-Forwarded-Host": dicho,
        "X-Forwarded-Proto": "https",
        "Forwarded": f"host={dicho}",
    }
    assert app.test_client().get("/health", headers=cabeceras).status_code == 200
    assert nombrado == ["ventanilla.test"]
    assert app.config["SESSION_COOKIE_NAME"] == nombre_de(app, "ventanilla") == "__Host-ventanilla"
    assert app.config["SESSION_COOKIE_SECURE"] is True


def test_cookies_of_an_encrypted_place_are_of_this_host_alone(web: WebKit) -> None:
    web.app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_NAME="__Host-ventanilla")
    respuesta = log_in(web.app.test_client(), "asesor")
    puestas = respuesta.headers.getlist("Set-Cookie")
    assert {p.partition("=")[0] for p in puestas} == {"__Host-ventanilla", "__Host-conocido"}
    for puesta in puestas:
        partes = {
            p.strip().partition("=")[0].lower(): p.strip().partition("=")[2]
            for p in puesta.split(";")[1:]
        }
        assert (partes["path"], "domain" in partes) == ("/", False)
        assert {"secure", "httponly", "samesite"} <= set(partes)


def test_who_logs_out_leaves_nothing_in_the_memory_of_the_browser(web: WebKit) -> None:
    cliente = web.browser("nadie")
    salida = cliente.post("/salir", data={"csrf_token": csrf(cliente.get("/").text)})
    assert salida.headers["Clear-Site-Data"] == '"cache"'


def test_every_route_answers_with_all_headers_whoever_asks(web: WebKit) -> None:
    """Each address by GET and by POST, from somebody without a login and from an administrator:
    pages, errors, files, JSON alike."""
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
                    assert (
                        "script-src 'self';" in f"{politica};" or "default-src 'none'" in politica
                    ), (camino, metodo, politica)
                    tipo = respuesta.headers.get("Content-Type", "").lower()
                    assert not tipo.startswith("text/") or tipo.count("charset=utf-8") == 1, (
                        camino,
                        metodo,
                        tipo,
                    )
                    cache = respuesta.headers["Cache-Control"]
                    falta = cache != "no-store" and not camino.startswith("/static/")
                    assert not falta or regla.endpoint in SE_COMPARAN, (camino, metodo, cache)


def test_the_headers_say_what_they_are_for(web: WebKit) -> None:
    """By their values: the walk over all routes compares with the same constants that set them."""
    cabeceras = web.browser().get("/ingresar", base_url="https://localhost").headers
    assert cabeceras["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert cabeceras["Referrer-Policy"] == "same-origin"
    assert cabeceras["X-Content-Type-Options"] == "nosniff"
    assert cabeceras["X-Frame-Options"] == "DENY"
    assert cabeceras["Cross-Origin-Opener-Policy"] == "same-origin"
    assert cabeceras["Cross-Origin-Resource-Policy"] == "same-origin"
    dicho = dict(
        parte.strip().split(" ", 1) for parte in cabeceras["Content-Security-Policy"].split(";")
    )
    assert dicho == {
        "default-src": "'self'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data:", "font-src": "'self' data:",
        "connect-src": "'self'", "object-src": "'none'", "base-uri": "'none'", "form-action": "'self'", "frame-ancestors": "'none'",
    }  # fmt: skip
    encerrado = dict(parte.strip().partition(" ")[::2] for parte in ENCERRADO.split(";"))
    assert encerrado == {
        "default-src": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "sandbox": "",
    }


def test_every_cookie_of_ours_is_of_this_host_unread_by_scripts_and_not_sent_by_other_pages(
    web: WebKit,
) -> None:
    web.app.config.update(SESSION_COOKIE_SECURE=True)
    with web.app.test_request_context():
        respuesta = web.app.response_class()
        for nombre in (
            GALLETA_DISPOSITIVO,
            idioma.GALLETA,
            puesto.RECORDADO,
            conocidos.GALLETA,
            "llevado-tramites-recibida",
        ):
            galletas.poner(respuesta, nombre, "x", dt.timedelta(days=1))
        puestas = respuesta.headers.getlist("Set-Cookie")
    assert len(puestas) == 5
    for puesta in puestas:
        assert puesta.startswith("__Host-")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {
            parte.strip() for parte in puesta.split(";")
        }
        assert "Domain" not in puesta
    propios = [
        p for p in (ROOT / "webforms").rglob("*.py") if ".set_cookie(" in p.read_text("utf-8")
    ]
    assert [p.name for p in propios] == ["galletas.py"], "nobody sets one another way"


def test_no_method_but_those_of_its_page_is_answered_and_no_folder_is_listed(web: WebKit) -> None:
    for camino in ("/ingresar", "/consulta", "/cuenta", "/static/app.css"):
        for metodo in ("TRACE", "TRACK", "CONNECT", "DEBUG"):
            assert web.browser().open(camino, method=metodo).status_code == 405, (camino, metodo)
    raros = (
        "x" * 5000,
        "js/../../web.py",
        "%2e%2e/web.py",
        "..%2f..%2fapp.py",
        "//etc/passwd",
        "js/%5c..%5cweb.py",
        "ñ%20",
        "a%0d%0ab",
    )
    for carpeta in (
        "/static",
        "/static/",
        "/static/js/",
        "/static/js",
        "/static/dist/",
        *(f"/static/{raro}" for raro in raros),
    ):
        assert web.browser().get(carpeta).status_code in (308, 400, 404), carpeta


def test_a_text_that_was_signed_for_something_else_is_none_here(web: WebKit) -> None:
    with web.app.test_request_context():
        uno = firmas.firmante_con_hora("complemento").dumps([1, "2026-0000001"])
        assert firmas.firmante_con_hora("complemento").loads(uno, max_age=60) == [1, "2026-0000001"]
        for otro in ("estado de un trámite", "solicitud", "formulario", "equipo conocido"):
            with pytest.raises(BadSignature):
                firmas.firmante_con_hora(otro).loads(uno, max_age=60)
    assert (
        web.browser().get(f"/tramites/recibida/{uno}", follow_redirects=True).request.path
        == "/consulta"
    ), "and no case"


def test_what_goes_through_a_browser_is_signed_by_sha_256(web: WebKit) -> None:
    """The token of a form, the cookie of a login, what a page carries."""
    navegador = web.browser()
    ficha = csrf(navegador.get("/ingresar").text)
    log_in(navegador, "asesor")
    galleta = navegador.get_cookie("ventanilla")
    assert galleta is not None
    with web.app.test_request_context():
        llevado = firmas.firmante_con_hora("complemento").dumps([1, "2026-0000001"])
    for firmado in (ficha, galleta.value, llevado):
        firma = firmado.rpartition(".")[2]
        assert (
            len(base64.urlsafe_b64decode(firma + "=" * (-len(firma) % 4)))
            == hashlib.sha256().digest_size
        )


def test_no_answer_shares_with_other_origins_and_no_file_says_its_letters_twice(
    web: WebKit,
) -> None:
    admin = web.browser("admin")
    for camino in ("/personas/exportar", "/ingresar", "/consulta", "/static/app.css"):
        with admin.get(camino, headers={"Origin": "https://malo.test"}) as respuesta:
            assert "Access-Control-Allow-Origin" not in respuesta.headers
            assert respuesta.headers["Content-Type"].lower().count("charset=utf-8") == 1, camino
    for archivo in (ROOT / "webforms").rglob("*.py"):
        assert 'mimetype="text/csv; charset' not in archivo.read_text("utf-8"), archivo


def test_behind_a_proxy_the_address_that_the_proxy_saw_counts(
    tmp_path: Path, sqlite_url: str
) -> None:
    """What the client says of itself before it changes nothing: the brakes count the address that
    our proxy adds."""
    env = {
        "INSTANCE": str(tmp_path),
        "DATABASE_URL": sqlite_url,
        "BASE_URL": "https://ventanilla.test",
        "TRUSTED_PROXIES": "1",
    }
    app, vistas = create_app(Config.from_environment(env)), list[str | None]()
    app.before_request(lambda: vistas.append(request.remote_addr))
    for dicho in ("203.0.113.9", "1.1.1.1, 203.0.113.9", "8.8.8.8, 1.1.1.1, 203.0.113.9"):
        app.test_client().get("/health", headers={"X-Forwarded-For": dicho})
    assert vistas == ["203.0.113.9"] * 3


def test_a_template_is_a_file_and_what_is_typed_is_none(web: WebKit) -> None:
    for archivo in (ROOT / "webforms").rglob("*.py"):
        texto = archivo.read_text("utf-8")
        assert "render_template_string" not in texto, archivo
        assert "from_string(" not in texto, archivo
    pagina = web.browser()
    hecho = log_in(pagina, "{{7777*7777}}{% raise %}", "${7777*7777} #{7777*7777}")
    assert 'value="{{7777*7777}}{% raise %}"' in hecho.text
    assert "60481729" not in hecho.text.split("<main")[1]


def test_no_page_brings_what_a_browser_runs_outside_of_scripts() -> None:
    for plantilla in (ROOT / "webforms").rglob("*.html"):
        assert not re.search(
            r"<(object|embed|applet)\b|javascript:|\son\w+=\"",
            plantilla.read_text("utf-8"),
            re.IGNORECASE,
        ), plantilla


def test_a_failure_shows_no_trace_whatever_the_environment_says(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    monkeypatch.setenv("FLASK_ENV", "development")
    app = create_app(
        Config.from_environment({"INSTANCE": str(tmp_path), "DATABASE_URL": sqlite_url})
    )
    app.view_functions["ingreso.ingresar"] = lambda: 1 / 0
    respuesta = app.test_client().get("/ingresar")
    assert (app.debug, respuesta.status_code) == (False, 500)
    assert "ZeroDivision" not in respuesta.text
    assert "numero-problema" in respuesta.text


def test_what_is_encoded_twice_stays_the_text_that_it_is(web: WebKit) -> None:
    pagina = web.browser("admin").get("/personas?texto=%2527%253Cb%253E").text
    assert 'value="%27%3Cb%3E"' in pagina
    assert "'<b>" not in pagina


def test_data_for_scripts_end_no_script(web: WebKit) -> None:
    with web.app.test_request_context():
        dicho = web.app.jinja_env.from_string("{{ dicho|tojson }}").render(
            dicho="</script><script>alert(1)</script><!--"
        )
    assert "<" not in dicho
    bloques = [
        linea
        for plantilla in (ROOT / "webforms").rglob("*.html")
        for linea in plantilla.read_text("utf-8").splitlines()
        if "application/json" in linea
    ]
    assert len(bloques) >= 2
    assert not [linea for linea in bloques if "|tojson }}</script>" not in linea]


@pytest.mark.parametrize(
    "mas",
    ["next=//malo.test", "next=https://malo.test&next=/casos", "next=/casos&next=//malo.test"],
)
def test_a_parameter_that_comes_twice_or_in_two_places_leads_nowhere_else(
    web: WebKit, mas: str
) -> None:
    cliente = web.browser()
    datos = {
        "csrf_token": csrf(cliente.get("/ingresar").text),
        "usuario": ["asesor", "admin"],
        "clave": [CLAVE, "otra"],
        "next": "/cuenta",
    }
    hecho = cliente.post(f"/ingresar?{mas}&usuario=admin", data=datos)
    assert hecho.location == "/cuenta"
    assert "asesor@ejemplo" in followed(cliente.get("/cuenta").text).replace("<wbr>", "")


@pytest.mark.parametrize(
    "nombre",
    [
        'año "2026"; filename=malo.exe.pdf',
        "a\r\nX-Otra: 1.pdf",
        "тест.pdf",
        "../../etc/passwd",
        "=cmd|' /C calc'!A0.csv",
    ],
    ids=["quotes", "lines", "letters", "path", "formula"],
)
def test_a_file_that_leaves_is_called_by_its_name_and_adds_no_header(
    web: WebKit, nombre: str
) -> None:
    with web.app.test_request_context():
        salida = entregas.adjunto(b"x", nombre, "application/pdf")
    assert salida.headers["Content-Disposition"].startswith("attachment; filename")
    assert not set("\r\n") & set(salida.headers["Content-Disposition"])
    assert "X-Otra" not in salida.headers
    llamado = parse_options_header(salida.headers["Content-Disposition"])[1]["filename"]
    assert llamado == re.sub(r"[\r\n]", " ", nombre)


def test_no_token_of_a_form_is_made_by_sha1(web: WebKit, monkeypatch: pytest.MonkeyPatch) -> None:
    """By nobody: not by a form, not by a page without one, not by what a script asks for."""
    de_verdad, llamadas = hashlib.sha1, []

    def sha1(*partes: Any, **mas: Any) -> Any:
        llamadas.append(partes)
        return de_verdad(*partes, **mas)

    monkeypatch.setattr(hashlib, "sha1", sha1)
    cliente = web.browser()
    assert log_in(cliente, "asesor").status_code == 302
    for camino in ("/cuenta", "/cuenta/segundo-factor", "/bandeja"):
        assert "csrf_token" in cliente.get(camino).text, camino
    with cliente.session_transaction() as sesion:
        crudo = sesion["csrf_token"]
    assert re.fullmatch("[0-9a-f]{64}", crudo)
    anonima = web.browser()
    assert csrf(anonima.get("/ingresar/contrasena").text)
    with anonima.session_transaction() as sesion:
        assert re.fullmatch("[0-9a-f]{64}", sesion["csrf_token"])
        assert sesion["csrf_token"] != crudo
    assert llamadas == []


def test_forms_take_the_token_from_one_place(web: WebKit) -> None:
    """Each form of a page is a `ConFicha`, and nobody else asks Flask-WTF for a token."""
    raiz = ROOT / "webforms"
    de_la_libreria = {
        str(archivo.relative_to(raiz))
        for archivo in raiz.rglob("*.py")
        for nodo in ast.walk(ast.parse(archivo.read_text("utf-8")))
        if isinstance(nodo, ast.ImportFrom)
        and {a.name for a in nodo.names} & {"FlaskForm", "generate_csrf", "csrf_meta_tag"}
    }
    assert de_la_libreria == {"navegador/ficha.py"}
    with web.app.test_request_context():
        assert ConFicha.Meta.csrf_class().generate_csrf_token(None) == ficha()
