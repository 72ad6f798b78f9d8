"""Passwords and logins as OWASP ASVS 5.0 asks for (docs/asvs.csv): nothing changes what was typed,
nothing expires, nothing is guessed."""

import datetime as dt
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import extract_parameters
from itsdangerous import TimestampSigner

from engine.types import SYSTEM
from records.cuentas import cifrado, cuentas
from records.cuentas.cifrado import cifrar_clave
from records.cuentas.enlaces_de_clave import NUEVA
from records.cuentas.reglas import contrasenas
from records.cuentas.tablas import Cuenta, EnlaceDeClave
from tests.kit import web as web_kit
from tests.kit.cast import CLAVE
from tests.kit.remembered import DEAR
from tests.kit.web import BASE_URL, WebKit, csrf, log_in, opened, put
from webforms.base import sesiones
from webforms.base.sesiones import Limites
from webforms.cuentas import claves

ROOT = Path(__file__).resolve().parents[3]
PAGINAS = ("/ingresar", "/cuenta")


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.engine.db.dispose()


def enlace(web: WebKit) -> str:
    with web.app.app_context():
        return claves.dar("asesor", NUEVA, SYSTEM, por_correo=False).removeprefix(BASE_URL)


def elegir(web: WebKit, clave: str) -> int:
    """By a link of one use."""
    cliente = web.browser()
    camino = opened(cliente, enlace(web))
    datos = {"csrf_token": csrf(cliente.get(camino).text), "clave": clave, "otra": clave}
    return cliente.post(camino, data=datos).status_code


def entra(web: WebKit, clave: str) -> bool:
    web.clock.advance(dt.timedelta(hours=2))  # no wait of the one before
    return log_in(web.browser(), "asesor", clave).status_code == 302


# --- passwords ------------------------------------------------------------------------------------
@pytest.mark.parametrize("largo", [contrasenas.MINIMO, 64, contrasenas.MAXIMO])
def test_a_long_phrase_is_taken_whole(web: WebKit, largo: int) -> None:
    clave = (
        ("pulir el reloj de la torre con siete ríos muy largos y un pan " * 4)[:largo]
        .strip()
        .ljust(largo, "z")
    )
    assert elegir(web, clave) == 302
    assert entra(web, clave)
    assert not entra(web, clave[:-1]), "cut"
    assert not entra(web, clave.upper()), "another case"
    assert not entra(web, f"{clave} "), "a blank at the end"


@pytest.mark.parametrize(
    "clave",
    [
        "8301947265019384",
        "~!@#$%^&*()_+{}|",
        "🐘🐢🐊🐋🐌🐍🐎🐏🐑🐒🐓🐔🐗🐙🐚🐛",
        "长江后浪推前浪世上新人换旧人也是",
    ],
    ids=["digits", "signs", "pictures", "Chinese"],
)
def test_any_signs_make_a_password(web: WebKit, clave: str) -> None:
    assert elegir(web, clave) == 302
    assert entra(web, clave)


def test_a_password_does_not_expire(web: WebKit) -> None:
    web.clock.advance(dt.timedelta(days=3 * 365))
    assert entra(web, CLAVE)


def test_one_of_the_words_that_everybody_tries_is_refused_by_the_page_that_sets_it(
    web: WebKit,
) -> None:
    """docs/access.md names them."""
    dicho = (ROOT / "docs" / "access.md").read_text("utf-8")
    for palabra in contrasenas.NUESTRAS:
        assert f"`{palabra}`" in dicho, palabra
        assert (
            elegir(web, f"{palabra}{palabra} 2026 2027"[:40].ljust(contrasenas.MINIMO, "1")) == 422
        ), palabra


def test_what_is_stored_is_argon2id_with_a_cost(
    web: WebKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cifrado, "ARGON2", DEAR)
    assert elegir(web, "lámpara verde tres panes") == 302
    with web.session() as s:
        guardada = s.scalars(sa.select(Cuenta.clave_hash).where(Cuenta.usuario == "asesor")).one()
    assert guardada.startswith("$argon2id$")
    costo = extract_parameters(guardada)
    assert (costo.memory_cost, costo.time_cost, costo.salt_len, costo.hash_len) >= (
        19 * 1024,
        2,
        16,
        32,
    )
    assert cifrar_clave("la misma") != cifrar_clave("la misma"), "a salt of its own"


def test_there_are_no_hints_and_no_secret_questions(web: WebKit) -> None:
    columnas = {columna.name for columna in Cuenta.__table__.columns}
    assert not [c for c in columnas if re.search("pista|pregunta|hint|question|recordatorio", c)]
    assert not re.search("pista|pregunta secreta", web.browser().get("/ingresar/contrasena").text)


def test_fields_of_passwords_are_covered_and_let_managers_and_the_clipboard_in(web: WebKit) -> None:
    quien = web.browser()
    paginas = [
        quien.get("/ingresar").text,
        web.browser("asesor").get("/cuenta").text,
        quien.get(opened(quien, enlace(web))).text,
    ]
    campos = [
        campo
        for pagina in paginas
        for campo in re.findall(r'<input[^>]*name="(?:clave|otra|clave_\w+)"[^>]*>', pagina)
    ]
    assert len(campos) == 6
    for campo in campos:
        assert 'type="password"' in campo
        assert re.search('autocomplete="(current|new)-password"', campo), campo
        assert "onpaste" not in campo
        assert "maxlength" not in campo
    guiones = [p.read_text("utf-8") for p in (ROOT / "webforms" / "static" / "js").glob("*.js")]
    assert guiones
    assert not [g for g in guiones if '"paste"' in g]


# --- what is random -------------------------------------------------------------------------------
def test_links_and_logins_have_names_that_nobody_guesses_and_no_two_alike(web: WebKit) -> None:
    tokens = {enlace(web).removeprefix("/clave/#") for _vez in range(40)}
    assert len(tokens) == 40
    assert {len(token) for token in tokens} == {43}, "256 bits"
    with web.session() as s:
        assert len(set(s.scalars(sa.select(EnlaceDeClave.semilla)))) == 40
    nombres = {str(sesiones.valores(web.clock.now())["sesion"]) for _vez in range(40)}
    assert len(nombres) == 40
    assert min(map(len, nombres)) >= 22, "128 bits"
    assert len({claves.sesion_nueva() for _vez in range(40)}) == 40


# --- logins ---------------------------------------------------------------------------------------
def test_a_cookie_of_which_one_letter_is_another_does_not_enter(web: WebKit) -> None:
    cliente = web.browser("nadie")
    galleta = cliente.get_cookie("ventanilla")
    assert galleta is not None
    for donde in (3, len(galleta.value) // 2, len(galleta.value) - 5):
        otra = (
            galleta.value[:donde]
            + ("A" if galleta.value[donde] != "A" else "B")
            + galleta.value[donde + 1 :]
        )
        ajeno = web.browser()
        ajeno.set_cookie("ventanilla", otra)
        assert ajeno.get("/").status_code == 302, donde
    assert cliente.get("/").status_code == 200


def test_a_login_without_use_ends_after_half_an_hour(
    web: WebKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The age of a cookie is told by the clock of the machine."""
    cliente = web.browser()
    log_in(cliente, "nadie")
    ahora = time.time()
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: int(ahora) + 29 * 60)
    assert cliente.get("/").status_code == 200, "and that is a use"
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: int(ahora) + 60 * 60)
    assert cliente.get("/").status_code == 302


def test_logins_of_a_role_may_end_earlier(web: WebKit) -> None:
    minutos, dice = (
        dt.timedelta(minutes=1),
        "Cada sesión se cierra tras 10 minutos sin uso y, a más tardar, a las 2 horas.",
    )
    put(web.app, login_limits={"administrador": Limites(10 * minutos, dt.timedelta(hours=2))})
    admin, asesor = web.browser(), web.browser()
    log_in(admin, "admin")
    log_in(asesor, "asesor")
    assert dice in " ".join(admin.get("/cuenta").text.split())
    assert dice not in " ".join(asesor.get("/cuenta").text.split())
    for _vez in range(11):  # used again and again, until its two hours are over
        web.clock.advance(10 * minutos)
        assert admin.get("/cuenta").status_code == 200
    web.clock.advance(10 * minutos)
    assert admin.get("/cuenta").status_code == 302
    assert asesor.get("/cuenta").status_code == 200, "another role"
    log_in(admin, "admin")
    web.clock.advance(9 * minutos)
    assert admin.get("/cuenta", headers={"Sec-Fetch-Dest": "empty"}).status_code == 200
    web.clock.advance(2 * minutos)
    assert admin.get("/cuenta").status_code == 302, "what a page asks for by itself is no use"


def test_what_a_page_asks_for_by_itself_keeps_no_login_open_and_brings_none_back(
    web: WebKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its answer may come after another login in this browser, with the cookie of before."""
    cliente, sola = web.browser(), {"Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors"}
    log_in(cliente, "nadie")
    cliente.get("/")  # what this page keeps in the cookie is kept
    ahora = time.time()
    web.clock.advance(sesiones.SE_ANOTA * 2)
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: int(ahora) + 29 * 60)
    pedida = cliente.get("/", headers=sola)
    assert (pedida.status_code, pedida.headers.getlist("Set-Cookie")) == (200, [])
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: int(ahora) + 31 * 60)
    assert cliente.get("/", headers=sola).status_code == 302


def test_a_login_that_is_over_is_sent_by_no_page(web: WebKit) -> None:
    """A page that loads again by itself may be answered after its person has entered in another
    tab."""
    cliente = web.browser()
    log_in(cliente, "nadie")
    cliente.get("/cuenta")
    web.clock.advance(sesiones.JORNADA)
    for camino in ("/", "/cuenta", "/ingresar?next=/cuenta"):
        pedida = cliente.get(camino)
        assert "Ingresar a Ventanilla" in pedida.text or pedida.status_code == 302
        assert pedida.headers.getlist("Set-Cookie") == [], camino
    datos = {"csrf_token": csrf(cliente.get("/ingresar").text), "usuario": "nadie", "clave": CLAVE}
    assert cliente.post("/ingresar", data=datos).status_code == 302
    assert cliente.get("/cuenta").status_code == 200


def test_whoever_enters_again_leaves_the_login_of_before(web: WebKit) -> None:
    cliente, copia = web.browser(), web.browser()
    log_in(cliente, "nadie")
    antes = cliente.get_cookie("ventanilla")
    assert antes is not None
    copia.set_cookie("ventanilla", antes.value)
    assert copia.get("/").status_code == 200
    # the login page sends whoever is in to their first page; a form of before still sends
    pagina = cliente.get("/cuenta").text
    datos = {"csrf_token": csrf(pagina), "usuario": "nadie", "clave": CLAVE}
    assert cliente.post("/ingresar", data=datos).status_code == 302
    ahora = cliente.get_cookie("ventanilla")
    assert ahora is not None
    assert ahora.value != antes.value
    assert copia.get("/").status_code == 302
    assert cliente.get("/").status_code == 200


def test_an_account_without_a_password_is_entered_with_none(web: WebKit) -> None:
    with web.session() as s, s.begin():
        cuentas.cuenta(s, "asesor").clave_hash = "!"
    assert not entra(web, "!")
    assert not entra(web, CLAVE)
