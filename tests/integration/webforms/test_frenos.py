"""Brakes (docs/decisions/brakes.md): they stop who guesses, in every web process and from every
side, and nobody else."""

import datetime as dt
import io
import re
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.types import SYSTEM
from handlers.enlaces import Enlaces
from records.correo.tablas import Aviso
from records.cuentas import cifrado
from records.cuentas.enlaces_de_clave import PRIMERA, de_que
from records.cuentas.reglas.frenos import Cupo
from records.cuentas.tablas import EnlaceDeClave, Freno
from tests.kit import web as web_kit
from tests.kit.cast import CLAVE, SESSION_KEY
from tests.kit.threads import at_once
from tests.kit.web import BASE_URL, WebKit, csrf, followed, on_routes, opened
from webforms import cupos
from webforms.base import frenos
from webforms.base.en_curso import EnCurso
from webforms.base.frenos import CONOCIDO, CUENTA, DIRECCION, MISMA_CLAVE
from webforms.base.quienes import PUBLICO
from webforms.base.servicios import EXTENSION
from webforms.cuentas import claves
from webforms.salas import PERMISOS


@pytest.fixture
def web(tmp_path: Path, db_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, db_url)
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def en_sqlite(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.engine.db.dispose()


def entrar(
    web: WebKit,
    usuario: str,
    clave: str = CLAVE,
    *,
    de: str = "198.51.100.7",
    con: FlaskClient | None = None,
) -> int:
    """From an address of the world, with a browser that nobody knows unless one is given."""
    browser = con or web.browser()
    page = browser.get("/ingresar").text
    datos = {"csrf_token": csrf(page), "usuario": usuario, "clave": clave}
    return browser.post("/ingresar", data=datos, environ_base={"REMOTE_ADDR": de}).status_code


def mal_veces(web: WebKit, usuario: str, veces: int) -> list[int]:
    """Wrong ones, each from another address and with another password: what a network of machines
    does."""
    return [
        entrar(web, usuario, f"mala {usuario} {n}", de=f"203.0.{n // 250}.{n % 250}")
        for n in range(veces)
    ]


# --- an account -----------------------------------------------------------------------------------
def test_an_account_is_not_kept_locked_from_outside(web: WebKit) -> None:
    suyo = web.browser()
    assert entrar(web, "asesor", con=suyo) == 302
    suyo.delete_cookie("ventanilla")
    assert set(mal_veces(web, "asesor", 12)) == {422, 429}
    assert entrar(web, "asesor", de="192.0.2.44") == 429, (
        "from a browser that nobody knows the right one waits too"
    )
    assert entrar(web, "asesor", con=suyo) == 302, "where its person has been before nobody waits"


def test_a_known_browser_has_a_counter_of_its_own_and_of_its_own_account_only(
    en_sqlite: WebKit,
) -> None:
    web, suyo = en_sqlite, en_sqlite.browser()
    assert entrar(web, "asesor", con=suyo) == 302
    suyo.delete_cookie("ventanilla")
    assert [entrar(web, "asesor", f"mala {n}", con=suyo) for n in range(CONOCIDO.libres + 1)] == [
        422
    ] * CONOCIDO.libres + [429]
    assert entrar(web, "asesor", de="192.0.2.44") == 302, (
        "what was guessed there keeps nobody out elsewhere"
    )
    assert [
        entrar(web, "coordinador", f"mala {n}", con=suyo) for n in range(CUENTA.libres + 1)
    ] == [422] * CUENTA.libres + [429]


@pytest.mark.parametrize(
    "dicho", ["", "x", "a.b.c", "\x00", "ñ" * 300], ids=["empty", "x", "dots", "nul", "long"]
)
def test_a_cookie_that_is_not_ours_makes_no_browser_a_known_one(
    en_sqlite: WebKit, dicho: str
) -> None:
    browser = en_sqlite.browser()
    browser.set_cookie("conocido", dicho)
    assert set(mal_veces(en_sqlite, "asesor", CUENTA.libres)) == {422}
    assert entrar(en_sqlite, "asesor", con=browser) == 429


def test_the_person_shows_by_mail_that_a_browser_is_theirs(web: WebKit) -> None:
    mal_veces(web, "asesor", CUENTA.libres)
    browser = web.browser()
    assert entrar(web, "asesor", con=browser) == 429
    pedir(browser, "equipo", "asesor@ejemplo.test")
    with web.session() as s:
        carta = s.scalars(sa.select(Aviso).where(Aviso.clave.like("clave:%"))).one()
        assert (carta.para, "desde un equipo en el que usted no había entrado" in carta.texto) == (
            "asesor@ejemplo.test",
            True,
        )
    camino = opened(browser, enlace_pedido(web))
    pagina = browser.get(camino)
    assert "Sí, este es mi equipo" in pagina.text
    assert browser.post(camino, data={"csrf_token": csrf(pagina.text)}).location == "/ingresar"
    assert entrar(web, "asesor", "mala", con=browser) == 422, (
        "the link opens nothing: the password is still asked for"
    )
    assert entrar(web, "asesor", con=browser) == 302
    assert browser.get(opened(browser, enlace_pedido(web))).status_code == 404, "it works once"
    assert ("equipo_reconocido", "asesor", "asesor") in web.accesses()


def pedir(browser: FlaskClient, que: str, quien: str, de: str = "192.0.2.9") -> TestResponse:
    pagina = browser.get(f"/ingresar/{que}").text
    return browser.post(
        f"/ingresar/{que}",
        data={"csrf_token": csrf(pagina), "usuario": quien},
        environ_base={"REMOTE_ADDR": de},
    )


def enlace_de(web: WebKit, usuario: str, clase: claves.Clase) -> str:
    """What the mail carries; asked for by whoever is nobody yet, as the page does."""
    with web.app.app_context():
        return claves.dar(usuario, clase, SYSTEM, por_correo=False).removeprefix(BASE_URL)


def enlace_pedido(web: WebKit) -> str:
    """What the newest mail carries of those that were asked for on the page."""
    with web.session() as s:
        ultimo = s.scalars(sa.select(EnlaceDeClave).order_by(EnlaceDeClave.id.desc())).first()
        assert ultimo is not None
        return Enlaces("", SESSION_KEY.encode()).url_de_clave(de_que(ultimo))


def test_the_link_of_a_browser_works_in_the_browser_that_asked_for_it_and_in_no_other(
    web: WebKit,
) -> None:
    suyo, ajeno = web.browser(), web.browser()
    pedir(suyo, "equipo", "asesor")
    enlace = enlace_pedido(web)
    pedir(ajeno, "equipo", "coordinador")  # it has asked, too, but for another one
    ruta = opened(ajeno, enlace)
    pagina = ajeno.get(ruta)
    assert (pagina.status_code, "Solo sirve en el navegador en el que lo pidió" in pagina.text) == (
        404,
        True,
    )
    assert (
        ajeno.post(ruta, data={"csrf_token": csrf(ajeno.get("/ingresar").text)}).status_code == 404
    )
    assert ajeno.get_cookie("conocido") is None
    pedir(suyo, "contrasena", "nadie")
    ruta = opened(suyo, enlace)
    assert suyo.post(ruta, data={"csrf_token": csrf(suyo.get(ruta).text)}).location == "/ingresar"
    assert suyo.get_cookie("conocido") is not None


def test_a_later_link_takes_the_place_of_the_one_before_in_the_same_browser(
    en_sqlite: WebKit,
) -> None:
    """What was asked for last is what works, also where the page was sent twice."""
    browser, enlaces = en_sqlite.browser(), []
    for _vez in range(3):
        pedir(browser, "equipo", "asesor")
        enlaces.append(enlace_pedido(en_sqlite))
    for _vez in range(2):
        # no further mail leaves within the hour
        assert pedir(browser, "equipo", "asesor").status_code == 200
    assert [browser.get(opened(browser, enlace)).status_code for enlace in enlaces] == [
        404,
        404,
        200,
    ]


def test_what_is_asked_for_from_outside_is_good_for_ten_minutes(web: WebKit) -> None:
    browser = web.browser()
    for que in ("contrasena", "equipo"):
        pedida = pedir(browser, que, "asesor")
        assert "durante 10 minutos" in followed(pedida.text)
        ruta = opened(browser, enlace_pedido(web))
        web.clock.advance(dt.timedelta(minutes=9, seconds=59))
        assert browser.get(ruta).status_code == 200
        web.clock.advance(dt.timedelta(seconds=1))
        assert "Venció" in browser.get(ruta).text


def test_a_link_for_a_browser_sets_no_password_and_one_for_a_password_does_not_stand_for_a_browser(
    en_sqlite: WebKit,
) -> None:
    browser = en_sqlite.browser()
    pedir(browser, "equipo", "asesor")
    camino = opened(browser, enlace_pedido(en_sqlite))
    pagina = browser.get(camino).text
    datos = {
        "csrf_token": csrf(pagina),
        "clave": "lámpara verde tres panes",
        "otra": "lámpara verde tres panes",
    }
    assert browser.post(camino, data=datos).location == "/ingresar"
    assert entrar(en_sqlite, "asesor") == 302, "the password is the one of before"


def test_whoever_forgot_the_password_gets_a_link_and_the_page_says_the_same_of_an_account_that_does_not_exist(
    web: WebKit,
) -> None:
    hay, no_hay = (
        pedir(web.browser(), "contrasena", quien) for quien in ("ASESOR ", "nadie.de.aqui")
    )
    limpia = re.compile(r'(value|data-red)="[^"]*"')
    assert limpia.sub("", hay.text) == limpia.sub("", no_hay.text)
    assert "Por seguridad no decimos si existe" in hay.text
    with web.session() as s:
        assert [a.para for a in s.scalars(sa.select(Aviso).where(Aviso.clave.like("clave:%")))] == [
            "asesor@ejemplo.test"
        ]


def test_nobody_outside_ends_a_link_that_an_administrator_gave_nor_fills_a_mailbox(
    web: WebKit,
) -> None:
    dado = enlace_de(web, "asesor", PRIMERA)
    for _vez in range(6):
        assert pedir(web.browser(), "contrasena", "asesor").status_code == 200
    with web.session() as s:
        assert len(s.scalars(sa.select(Aviso).where(Aviso.clave.like("clave:%"))).all()) == 3
    quien = web.browser()
    assert quien.get(opened(quien, dado)).status_code == 200


def test_links_are_not_asked_for_without_end_from_one_address(
    en_sqlite: WebKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "webforms.cuentas.recuperar.DE_UNA_DIRECCION", Cupo(2, dt.timedelta(hours=1))
    )
    browser = en_sqlite.browser()
    assert [pedir(browser, "contrasena", f"x{n}").status_code for n in range(3)] == [200, 200, 429]
    assert pedir(browser, "contrasena", "x", de="192.0.2.10").status_code == 200
    ultima = pedir(browser, "contrasena", "quien.soy")
    assert 'value="quien.soy"' in ultima.text
    assert "Puede pedir otro a las" in ultima.text


# --- many accounts --------------------------------------------------------------------------------
def test_one_password_is_not_tried_at_all_accounts(web: WebKit) -> None:
    """Each account is tried once, from an address of its own: neither counter of those would see
    it."""
    codigos = [
        entrar(web, f"persona.{n}", "Bogotá2026Bogotá", de=f"203.0.113.{n}")
        for n in range(MISMA_CLAVE.libres + 3)
    ]
    assert codigos == [422] * MISMA_CLAVE.libres + [429] * 3
    assert entrar(web, "asesor", "Medellín2026Medellín", de="203.0.113.99") == 422, (
        "another password is looked at"
    )
    assert entrar(web, "asesor", de="203.0.113.99") == 302


def test_one_address_does_not_try_all_accounts_and_an_office_is_not_shut_out(web: WebKit) -> None:
    suyo = web.browser()
    assert entrar(web, "asesor", con=suyo) == 302
    suyo.delete_cookie("ventanilla")
    codigos = [entrar(web, f"persona.{n}", f"clave {n}") for n in range(DIRECCION.libres + 2)]
    assert codigos == [422] * DIRECCION.libres + [429] * 2
    assert entrar(web, "asesor", con=suyo) == 302, (
        "of the same office, at the desk where they were yesterday"
    )
    assert entrar(web, "coordinador") == 429
    web.clock.advance(DIRECCION.espera)
    assert entrar(web, "coordinador") == 302, "and a new desk waits half a minute at most"


# --- what is counted ------------------------------------------------------------------------------
def test_attempts_that_a_crash_cut_off_keep_nobody_out(web: WebKit) -> None:
    """Seed 777026: an honest officer was locked out by logins that kills had cut off between
    counting and checking. What a process that is killed had taken is nowhere but in its memory:
    another one on the same database knows nothing of it."""
    with ExitStack() as cortados:
        with web.app.test_request_context():
            for _kill in range(CUENTA.libres):
                cortados.enter_context(
                    frenos.intento({frenos.llave("cuenta", "asesor"): CUENTA}, web.clock.now())
                )
        assert entrar(web, "asesor") == 429, (
            "while they are looked at, guesses side by side are bounded"
        )
        # the process that comes after it
        web.app.extensions[EXTENSION] = replace(web.app.extensions[EXTENSION], en_curso=EnCurso())
        assert [entrar(web, "asesor") for _vez in range(3)] == [302] * 3
    with web.session() as s:
        assert s.scalars(sa.select(Freno)).all() == [], "and whoever enters writes nothing of it"


def test_guesses_side_by_side_are_no_more_than_one_after_another(web: WebKit) -> None:
    codigos: list[int] = []

    def tratar(n: int) -> None:
        codigos.append(entrar(web, "asesor", f"mala {n}", de=f"203.0.113.{n}"))

    assert not at_once([partial(tratar, n) for n in range(12)])
    looked_at = [c for c in codigos if c == 422]
    assert 0 < len(looked_at) <= CUENTA.libres, codigos
    assert set(codigos) <= {422, 429, 503}


def test_a_wait_is_in_the_record_once_however_often_somebody_knocks(web: WebKit) -> None:
    mal_veces(web, "asesor", CUENTA.libres + 30)
    clases = [clase for clase, _quien, _que in web.accesses()]
    assert (clases.count("ingreso_fallido"), clases.count("ingreso_frenado")) == (CUENTA.libres, 1)
    web.clock.advance(CUENTA.espera)
    mal_veces(web, "asesor", 3)
    assert [clase for clase, _quien, _que in web.accesses()].count("ingreso_frenado") == 2


def test_what_is_counted_names_nobody_and_is_forgotten_after_a_day(web: WebKit) -> None:
    mal_veces(web, "asesor", 2)
    entrar(web, "Mi-Clave-Secreta-2026", "otra")
    with web.session() as s:
        filas = [str((f.clave, f.fallos)) for f in s.scalars(sa.select(Freno))]
    assert len(filas) > 4
    assert not [f for f in filas if "asesor" in f or "203.0" in f or "198.51" in f or "ecreta" in f]
    web.clock.advance(dt.timedelta(days=1, seconds=1))
    assert entrar(web, "asesor") == 302
    with web.session() as s:
        assert s.scalars(sa.select(Freno)).all() == []


def test_strangers_who_send_many_passwords_at_once_leave_the_pages_to_the_others(
    en_sqlite: WebKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hash that takes long, 32 strangers: two are looked at, three wait in line, the others are
    told at once; nobody is counted."""
    dentro, fuera = threading.Semaphore(0), threading.Event()
    de_verdad = cifrado.ARGON2.verify

    class Lento:
        def verify(self, cifrada: str, clave: str) -> bool:
            dentro.release()
            fuera.wait(30)
            return de_verdad(cifrada, clave)

        def hash(self, _clave: str) -> str:
            return web_kit.HASH

    monkeypatch.setattr(cifrado, "ARGON2", Lento())
    monkeypatch.setattr(cifrado, "ESPERA", 60.0)
    codigos: list[int] = []

    def tratar(n: int) -> None:
        codigos.append(entrar(en_sqlite, f"x{n}", f"mala {n}", de=f"203.0.113.{n}"))

    extranos = [threading.Thread(target=tratar, args=(n,)) for n in range(32)]
    for extrano in extranos:
        extrano.start()
    for _uno in range(cifrado.A_LA_VEZ):
        assert dentro.acquire(timeout=30)
    limite = time.monotonic() + 30
    while len(codigos) < 32 - cifrado.A_LA_VEZ - cifrado.EN_FILA and time.monotonic() < limite:
        time.sleep(0.01)
    assert codigos == [503] * (32 - cifrado.A_LA_VEZ - cifrado.EN_FILA)
    assert en_sqlite.browser().get("/consulta").status_code == 200
    fuera.set()
    for extrano in extranos:
        extrano.join()
    assert sorted(codigos) == [422] * (cifrado.A_LA_VEZ + cifrado.EN_FILA) + [503] * 27
    with en_sqlite.session() as s:
        assert sum(s.scalars(sa.select(Freno.fallos).where(Freno.clave.like("cuenta:%")))) == 5, (
            "who was not looked at did not fail"
        )


# --- quotas ---------------------------------------------------------------------------------------
def test_each_address_that_strangers_may_write_to_has_a_quota_or_a_brake_of_its_own(
    en_sqlite: WebKit,
) -> None:
    frenados = {
        "ingreso.ingresar", "ingreso.segundo", "ingreso.con_llave", "ingreso.con_equipo", "ingreso.pedir_enlace",
        "consulta.consulta", "tramites.enviar",  # their own, in their modules
        "ingreso.salir",  # undoes a login only
        "ingreso.poner_clave", "dispositivos.confirmar",  # behind a token that nobody guesses
        "puerta.llevar",  # keeps nothing but a cookie; what it hands over is looked at behind it
        "correo.baja",  # servers of mail send it for their people, many from one address
        "digiturno_entrada.recibir", "mensajes_entrada.recibir",  # signed by a machine
    }  # fmt: skip
    escriben = {
        r.endpoint for r in en_sqlite.app.url_map.iter_rules() if (r.methods or set()) - cupos.LEEN
    }
    publicos = {e for e in escriben if PERMISOS[e] is PUBLICO}
    con_cupo = set(on_routes("cupo"))
    assert publicos - frenados == con_cupo & publicos
    assert con_cupo <= escriben


def test_too_many_sendings_with_files_wait_and_lose_nothing(
    en_sqlite: WebKit, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(cupos, "CON_ARCHIVOS", Cupo(2, dt.timedelta(hours=1)))
    browser = en_sqlite.browser("admin")
    token = csrf(browser.get("/personas/importar").text)

    camino = next(
        r.rule for r in en_sqlite.app.url_map.iter_rules() if r.endpoint == "personas.ensayar"
    )

    def enviar() -> TestResponse:
        archivo = (io.BytesIO(b"usuario,nombre\n"), "gente.csv")
        return browser.post(
            camino, data={"csrf_token": token, "motivo": "Llegan en enero", "archivo": archivo}
        )

    assert [enviar().status_code == 429 for _vez in range(3)] == [False, False, True]
    pagina = enviar()
    assert "Llegaron muchos envíos seguidos" in pagina.text
    assert "Llegan en enero" in pagina.text
    assert "gente.csv" in pagina.text
    assert int(pagina.headers["Retry-After"]) <= 3600
    assert "Todavía no se guardó nada" in pagina.text
    assert "too many were sent to" in caplog.text
    en_sqlite.clock.advance(dt.timedelta(hours=1))
    assert enviar().status_code != 429


def test_drafts_of_one_person_are_bounded_and_those_of_others_go_on(
    en_sqlite: WebKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    memoria, cupo = cupos.EnMemoria(), Cupo(2, dt.timedelta(minutes=1))
    ahora = en_sqlite.clock.now()
    monkeypatch.setattr(cupos, "PERSONAS", 3)
    for quien in ("ana", "ana", "luis"):
        memoria.gastar(quien, cupo, ahora)
    with pytest.raises(frenos.Frenado):
        memoria.gastar("ana", cupo, ahora)
    memoria.gastar("luis", cupo, ahora)
    memoria.gastar("ana", cupo, ahora + cupo.ventana)
    for n in range(9):
        memoria.gastar(f"x{n}", cupo, ahora)
    assert len(memoria) == 3
