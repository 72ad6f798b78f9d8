"""Login (control 6.1): recorded, throttled, never an open redirect; an expired session does not
cost the text."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from records.cuentas.tablas import Cuenta
from tests.kit import web as web_kit
from tests.kit.cast import CLAVE
from tests.kit.web import WebKit, csrf, hidden, log_in, opened
from webforms.base import assets


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.engine.db.dispose()


def test_an_anonymous_visitor_is_sent_to_the_login_page(web: WebKit) -> None:
    respuesta = web.browser().get("/")
    assert respuesta.status_code == 302
    assert respuesta.location == "/ingresar?next=/"


def test_a_login_and_a_failure_are_recorded(web: WebKit) -> None:
    cliente = web.browser()
    assert log_in(cliente, "asesor", "otra").status_code == 422
    assert log_in(cliente, "Asesor ").status_code == 302
    assert web.accesses() == [
        ("ingreso_fallido", "anonimo", "asesor"),
        ("ingreso", "asesor", "asesor"),
    ]
    with web.session() as s:
        cuenta = s.scalars(sa.select(Cuenta).where(Cuenta.usuario == "asesor")).one()
    assert cuenta.ultimo_ingreso == web.clock.now()


@pytest.mark.postgres
def test_login_throttle_and_devices_work_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    kit = web_kit.build(tmp_path, postgres_url)
    for _intento in range(5):
        assert log_in(kit.browser(), "asesor", "otra").status_code == 422
    assert log_in(kit.browser(), "asesor").status_code == 429
    kit.clock.advance(dt.timedelta(seconds=31))
    assert log_in(kit.browser(), "asesor").status_code == 302
    admin = kit.browser("admin")
    datos = {"tipo": "tablero", "punto": "PAS", "csrf_token": csrf(admin.get("/equipos").text)}
    enlace = re.search(r"/activar/#[\w-]+", admin.post("/equipos", data=datos).text)
    assert enlace
    equipo = kit.browser()
    suya = opened(equipo, enlace[0])
    assert equipo.post(suya, data={"csrf_token": csrf(equipo.get(suya).text)}).status_code == 302
    assert equipo.get("/tablero").status_code == 200
    kit.engine.db.dispose()


def test_a_wrong_password_and_an_unknown_name_read_the_same(web: WebKit) -> None:
    mala = log_in(web.browser(), "asesor", "otra").text
    nadie = log_in(web.browser(), "no.existe", "otra").text
    assert "El usuario o la contraseña no son correctos" in mala
    assert "El usuario o la contraseña no son correctos" in nadie
    assert "<title>Error:" in mala


@pytest.mark.parametrize("nombre", ["asesor", "no.existe"])
def test_after_five_failures_the_right_password_has_to_wait(web: WebKit, nombre: str) -> None:
    for _intento in range(5):
        assert log_in(web.browser(), nombre, "otra").status_code == 422
    frenado = log_in(web.browser(), nombre)
    assert frenado.status_code == 429
    assert "los pausamos hasta las" in frenado.text
    assert "Su cuenta no está bloqueada" in frenado.text
    assert f'value="{nombre}"' in frenado.text


def test_after_the_wait_the_right_password_enters(web: WebKit) -> None:
    for _intento in range(5):
        log_in(web.browser(), "asesor", "otra")
    web.clock.advance(dt.timedelta(seconds=31))
    assert log_in(web.browser(), "asesor").status_code == 302


def test_an_inactive_account_does_not_enter(web: WebKit) -> None:
    with web.session() as s:
        s.execute(sa.update(Cuenta).where(Cuenta.usuario == "asesor").values(activo=False))
        s.commit()
    assert log_in(web.browser(), "asesor").status_code == 422


def test_an_account_that_is_switched_off_loses_its_open_session(web: WebKit) -> None:
    cliente = web.browser("nadie")
    assert cliente.get("/").status_code == 200
    with web.session() as s:
        s.execute(sa.update(Cuenta).where(Cuenta.usuario == "nadie").values(activo=False))
        s.commit()
    assert cliente.get("/").status_code == 302


@pytest.mark.parametrize(
    "destino",
    [
        "https://malo.test/",
        "//malo.test",
        "/\\malo.test",
        "javascript:alert(1)",
        "\\\\malo",
        "http://[",
        "//[",
        "//[malo]/",
        "/\t/malo.test",
    ],
)
def test_the_next_page_is_never_another_site(web: WebKit, destino: str) -> None:
    cliente = web.browser()
    respuesta = log_in(cliente, "asesor", next=destino)
    assert respuesta.location == "/"
    otra_vez = cliente.get("/ingresar", query_string={"next": destino})
    assert (otra_vez.status_code, otra_vez.location) in ((302, "/"), (400, None)), (
        "who has entered is led on, too"
    )


def test_a_local_next_page_is_followed(web: WebKit) -> None:
    assert log_in(web.browser(), "asesor", next="/tarea/abc?x=1").location == "/tarea/abc?x=1"


def test_logging_out_ends_the_session_and_is_recorded(web: WebKit) -> None:
    cliente = web.browser("nadie")
    token = csrf(cliente.get("/").text)
    assert cliente.get("/salir").status_code == 405
    assert cliente.post("/salir", data={"csrf_token": token}).location == "/ingresar"
    assert cliente.get("/").status_code == 302
    assert web.accesses()[-1] == ("salida", "nadie", "nadie")


def test_a_login_without_csrf_token_is_refused_and_may_be_tried_again(web: WebKit) -> None:
    respuesta = web.browser().post("/ingresar", data={"usuario": "asesor", "clave": CLAVE})
    assert respuesta.status_code == 400
    assert 'value="asesor"' in respuesta.text
    assert CLAVE not in respuesta.text


@pytest.mark.parametrize(
    "endpoint", ["/ingresar", "/ingresar/segundo", "/ingresar/llave", "/ingresar/equipo-nuevo"]
)
def test_a_login_page_of_before_its_browser_entered_goes_on_and_ends_no_login(
    web: WebKit, endpoint: str
) -> None:
    """Five tabs that asked for a password when the login ended: one is answered, and the others
    were asked nothing."""
    cliente = web.browser()
    de_antes = csrf(cliente.get("/ingresar?next=/cuenta").text)
    log_in(cliente, "asesor")
    pagina = cliente.get("/cuenta").text
    llevado = {
        "_firma": hidden(pagina, "_firma"),
        "_llevado": json.dumps(["", [["texto", "lo que escribí"]]]),
    }
    dicho = {
        "csrf_token": de_antes,
        "clave": "no se mira",
        **({"usuario": " Asesor"} if endpoint == "/ingresar" else {}),
    }
    antes = web.accesses()
    seguido = cliente.post(endpoint, data={**dicho, "next": "/cuenta"})
    assert (seguido.status_code, seguido.location) == (302, "/cuenta")
    assert cliente.post(endpoint, data={**dicho, "next": "https://otra.test/"}).location == "/"
    devuelto = cliente.post(endpoint, data={**dicho, **llevado})
    assert (
        devuelto.status_code,
        "Todavía no se ha enviado" in devuelto.text,
        "lo que escribí" in devuelto.text,
    ) == (200, True, True)
    assert web.accesses() == antes, "nobody entered, and nothing was counted"
    mismo = cliente.post("/cuenta/idioma", data={"csrf_token": csrf(pagina), "idioma": "es"})
    assert mismo.status_code == 302, "the login of the other tab goes on"
    ajeno = web.browser("coordinador")
    assert "lo que escribí" not in re.sub(
        r'name="_llevado" value="[^"]*"', "", ajeno.post(endpoint, data={**dicho, **llevado}).text
    )
    assert ajeno.post("/ingresar", data={**dicho, "usuario": "asesor"}).status_code == 400, (
        "another account is asked for its password"
    )


def test_a_page_that_answers_what_only_takes_forms_says_which_is_shown(web: WebKit) -> None:
    """js/sesion.js leads there when the login ends: the address of the answer itself would be
    refused (405)."""
    cliente = web.browser("asesor")
    pagina = cliente.get("/cuenta").text
    assert "data-pagina" not in pagina
    devuelto = cliente.post(
        "/cuenta/sesiones", data={"_firma": hidden(pagina, "_firma"), "csrf_token": "de antes"}
    )
    assert "Todavía no se ha enviado" in devuelto.text
    assert cliente.get("/cuenta/sesiones").status_code == 405
    assert 'data-pagina="/cuenta"' in devuelto.text


def test_every_answer_carries_the_security_headers(web: WebKit) -> None:
    respuesta = web.browser().get("/ingresar")
    politica = respuesta.headers["Content-Security-Policy"]
    assert "script-src 'self';" in politica
    assert "unsafe" not in politica
    assert respuesta.headers["X-Content-Type-Options"] == "nosniff"
    assert respuesta.headers["Cache-Control"] == "no-store"
    assert "HttpOnly" in respuesta.headers["Set-Cookie"]
    assert "SameSite=Lax" in respuesta.headers["Set-Cookie"]


def test_a_static_file_with_its_digest_is_kept_for_ever(web: WebKit) -> None:
    cliente = web.browser()
    pagina = cliente.get("/ingresar").text
    url = pagina.split('href="/static/app.css')[1].split('"')[0]
    with (
        cliente.get("/static/app.css" + url.replace("&amp;", "&")) as con,
        cliente.get("/static/app.css") as sin,
    ):
        assert "immutable" in con.headers["Cache-Control"]
        assert sin.headers["Cache-Control"] == "no-cache"
    assert cliente.get("/static/../web.py").status_code == 404


def test_no_static_file_depends_on_who_asks_nor_says_anything_of_a_session(web: WebKit) -> None:
    """With `Vary: Cookie` every cookie that is sent anew makes a browser ask for all of them
    again."""
    with web.app.test_request_context():
        addresses = [
            assets.asset(str(each.relative_to(assets.CARPETA)))
            for each in sorted(assets.CARPETA.rglob("*"))
            if each.is_file()
        ]
    assert len(addresses) > 30
    asked = [
        {},
        {"Accept-Encoding": "gzip"},
        {"Range": "bytes=0-3"},
        {"If-None-Match": "*"},
        {"Cookie": "session=x; idioma=en"},
    ]
    for client in (web.browser(), web.browser("asesor"), web.browser("admin")):
        for address in [
            *addresses,
            *(each.partition("?")[0] for each in addresses[:3]),
            "/static/none.css",
            "/static/app.css?idioma=en",
        ]:
            for method, headers in (
                *(("GET", each) for each in asked),
                ("HEAD", {}),
                ("OPTIONS", {}),
            ):
                with client.open(address, method=method, headers=headers) as answer:
                    said = {name for name in ("Vary", "Set-Cookie") if name in answer.headers}
                    assert not said, (method, address, headers, answer.status_code, answer.headers)


def test_an_unknown_page_says_so_in_spanish(web: WebKit) -> None:
    respuesta = web.browser().get("/no-existe")
    assert respuesta.status_code == 404
    assert "No encontramos esta página" in respuesta.text


def test_an_unknown_page_tells_a_citizen_nothing_of_tasks_and_leads_to_the_public_page_not_to_the_login(
    web: WebKit,
) -> None:
    for ruta in ("/no-existe", "/calificar/no-es-un-enlace", "/turno/no-es-un-turno"):
        pagina = web.browser().get(ruta)
        assert pagina.status_code == 404, ruta
        for ajena in ("tarea", "Ir al inicio", 'href="/"', "/ingresar"):
            assert ajena not in pagina.text, (ruta, ajena)
        assert 'href="/consulta"' in pagina.text
    de_la_casa = web.browser("asesor").get("/no-existe").text
    assert "la tarea o el caso no existen" in de_la_casa
    assert 'href="/"' in de_la_casa


def test_a_failure_shows_a_number_and_no_trace(
    web: WebKit, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(web.app.view_functions, "ingreso.ingresar", lambda: 1 / 0)
    respuesta = web.browser().get("/ingresar")
    assert respuesta.status_code == 500
    assert "Traceback" not in respuesta.text
    assert "ZeroDivision" not in respuesta.text
    numero = respuesta.text.split('numero-problema">')[1][:7]
    assert numero in caplog.text


def test_a_copied_cookie_enters_no_more_after_its_person_logged_out(web: WebKit) -> None:
    cliente, copia, otra = web.browser(), web.browser(), web.browser()
    log_in(cliente, "nadie")
    log_in(otra, "nadie")
    galleta = cliente.get_cookie("ventanilla")
    assert galleta is not None
    copia.set_cookie("ventanilla", galleta.value)
    assert copia.get("/").status_code == 200
    cliente.post("/salir", data={"csrf_token": csrf(cliente.get("/").text)})
    assert copia.get("/").location == "/ingresar?next=/"
    assert otra.get("/").status_code == 200, "another login of the same person goes on"


def test_what_a_script_asks_for_while_nobody_is_in_begins_no_session_beside_that_of_a_login_page(
    web: WebKit,
) -> None:
    """Both leave before either has come: the later cookie would take the token from under the form
    of the other tab."""
    galletas = {
        de: web.browser()
        .get("/ingresar", headers={"Sec-Fetch-Dest": de})
        .headers.getlist("Set-Cookie")
        for de in ("empty", "document")
    }
    assert [
        de
        for de, puestas in galletas.items()
        if any(una.startswith("ventanilla=") for una in puestas)
    ] == ["document"]


def test_two_tabs_that_show_the_login_page_at_once_after_logging_out_share_its_token(
    web: WebKit,
) -> None:
    """Both leave before either has come: the later cookie stays, and both forms are good."""
    cliente, otra = web.browser("nadie"), web.browser()
    cliente.post("/salir", data={"csrf_token": csrf(cliente.get("/").text)})
    if (salida := cliente.get_cookie("ventanilla")) is not None:
        otra.set_cookie("ventanilla", salida.value)
    token = csrf(cliente.get("/ingresar").text)
    otra.get("/ingresar")
    tardia = otra.get_cookie("ventanilla")
    assert tardia is not None
    cliente.set_cookie("ventanilla", tardia.value)
    datos = {"usuario": "asesor", "clave": CLAVE, "csrf_token": token}
    assert cliente.post("/ingresar", data=datos).location == "/"


def test_a_login_ends_after_its_longest_term_however_much_it_is_used(web: WebKit) -> None:
    cliente = web.browser()
    log_in(cliente, "nadie")
    for _hora in range(11):
        web.clock.advance(dt.timedelta(hours=1))
        assert cliente.get("/").status_code == 200
    web.clock.advance(dt.timedelta(hours=1))
    assert cliente.get("/").status_code == 302


def test_a_cookie_of_before_logins_had_names_does_not_enter(web: WebKit) -> None:
    cliente = web.browser()
    with cliente.session_transaction() as sesion:
        sesion.update({"_user_id": "fs-nadie", "_fresh": True, "_permanent": True})
    assert cliente.get("/").status_code == 302


def test_what_was_typed_as_a_user_name_stands_in_no_record(
    web: WebKit, caplog: pytest.LogCaptureFixture
) -> None:
    """People type their password there."""
    for _intento in range(6):
        log_in(web.browser(), "Mi-Clave-Secreta-2026", "otra")
    quienes = {
        asunto
        for clase, _actor, asunto in web.accesses()
        if clase in ("ingreso_fallido", "ingreso_frenado")
    }
    assert len(quienes) == 1, "the same name is seen to be the same"
    assert quienes.pop().startswith("desconocido ")
    with web.engine.db.connect() as c:
        tablas = [sa.table(nombre) for nombre in sa.inspect(c).get_table_names()]
        guardado = [
            str(fila)
            for tabla in tablas
            for fila in c.execute(sa.select(sa.text("*")).select_from(tabla))
        ]
    assert not [fila for fila in [*guardado, caplog.text] if "clave-secreta" in fila.lower()]


@pytest.mark.parametrize("cabecera", ["Host", "X-Forwarded-Host", "Forwarded"])
def test_the_host_that_a_request_names_is_in_no_link_and_no_picture(
    web: WebKit, cabecera: str
) -> None:
    admin, otro = web.browser("admin"), web.browser()
    valor = "host=malo.test" if cabecera == "Forwarded" else "malo.test"
    datos = {"tipo": "tablero", "punto": "PAS", "csrf_token": csrf(admin.get("/equipos").text)}
    galleta = admin.get_cookie("ventanilla")
    assert galleta is not None
    otro.set_cookie(
        "ventanilla", galleta.value, domain="malo.test" if cabecera == "Host" else "localhost"
    )
    pagina = otro.post("/equipos", data=datos, headers={cabecera: valor})
    assert "malo.test" not in pagina.text
    assert f"{web_kit.BASE_URL}/activar/" in pagina.text


def test_no_address_is_made_from_the_request() -> None:
    casa = Path(web_kit.__file__).resolve().parents[2]
    for archivo in [
        *casa.glob("webforms/**/*.py"),
        *casa.glob("webforms/**/*.html"),
        *casa.glob("handlers/**/*.py"),
    ]:
        texto = archivo.read_text("utf-8")
        for palabra in (
            "_external",
            "url_root",
            "host_url",
            "request.host",
            "request.url",
            "request.base_url",
        ):
            assert palabra not in texto.replace("request.url_rule", ""), (archivo, palabra)
