"""Links with a secret: it stands behind the `#`, goes to the server in a form, and then has a name
in the session of that browser."""

import base64
import hashlib
import hmac
import html
import re
import string
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import request
from flask.testing import FlaskClient

from engine.types import SYSTEM
from handlers.enlaces import Enlaces
from records.correo import direcciones
from records.cuentas.enlaces_de_clave import NUEVA
from tests.kit import web as web_kit
from tests.kit.web import BASE_URL, WebKit, csrf, log_in, opened
from webforms.base import llevados
from webforms.cuentas import claves
from webforms.cuentas.puerta import DETRAS
from webforms.navegador.firmas import firmante_con_hora
from webforms.personas.caracterizacion import permiso_de_responder

#: Those whose links are sent, and those to which only a page of ours leads.
TODAS = (*DETRAS, *sorted(llevados.SIN_ENLACE))
SECRETO = "un-secreto-de-muchas-letras-0123456789"


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def pedidas(web: WebKit) -> list[str]:
    """Each address that a browser sends, as logs of servers and proxies have it, with the one it
    came from."""
    dichas: list[str] = []

    @web.app.before_request
    def anotar() -> None:
        dichas.extend((request.url, request.referrer or ""))

    return dichas


def test_each_link_that_leaves_has_its_secret_behind_the_sign(web: WebKit) -> None:
    enlaces = Enlaces(BASE_URL, b"secreto")
    salen = [
        enlaces.url(1),
        enlaces.url_de_entrega(1),
        enlaces.url_de_direccion("a"),
        enlaces.url_de_clave("b"),
    ]
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
    assert "#" not in enlaces.url_de_baja("c"), (
        "mail programs ask for it by themselves (RFC 8058), and send nothing behind a #"
    )


@pytest.mark.parametrize("puerta", DETRAS)
def test_no_address_that_is_sent_has_the_secret(
    web: WebKit, pedidas: list[str], puerta: str
) -> None:
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
def test_its_name_opens_nothing_in_another_browser_nor_at_another_door(
    web: WebKit, puerta: str
) -> None:
    cliente = web.browser()
    ruta = opened(cliente, f"{puerta}#{SECRETO}")
    ajeno = web.browser().get(ruta)
    assert (ajeno.status_code, ajeno.location) == (303, puerta)
    for otra in set(DETRAS) - {puerta}:
        assert cliente.get(ruta.replace(puerta, otra)).location == otra


@pytest.mark.parametrize("puerta", TODAS)
def test_a_link_of_before_is_taken_out_of_the_address_before_anything_is_done(
    web: WebKit, puerta: str
) -> None:
    """Of a mail that was sent while links had their secret in the path."""
    cliente = web.browser()
    vieja = cliente.get(f"{puerta}{SECRETO}?idioma=en")
    assert vieja.status_code == 303
    assert re.fullmatch(rf"{puerta}e-[0-9a-f]{{8}}\?idioma=en", vieja.location)
    assert cliente.get(vieja.location).status_code < 500


def test_a_form_that_was_open_during_the_upgrade_is_taken_as_it_was_sent(web: WebKit) -> None:
    """What it holds is nowhere else: an answer that led on would lose it."""
    with web.app.app_context():
        token = claves.dar("asesor", NUEVA, SYSTEM, por_correo=False).partition("#")[2]
    cliente = web.browser()
    datos = {
        "csrf_token": csrf(cliente.get("/ingresar").text),
        "clave": "lámpara verde tres panes",
        "otra": "otra que no es igual",
    }
    enviada = cliente.post(f"/clave/{token}", data=datos)
    assert (enviada.status_code, "No es igual a la de arriba" in enviada.text) == (422, True)
    hecho = cliente.post(f"/clave/{token}", data={**datos, "otra": datos["clave"]})
    assert (hecho.status_code, hecho.location) == (302, "/ingresar")
    assert log_in(web.browser(), "asesor", datos["clave"]).status_code == 302


@pytest.mark.parametrize("puerta", TODAS)
@pytest.mark.parametrize(
    "mas",
    [
        "endpoint=x",
        "_method=PATCH",
        "_external=1",
        "_anchor=x",
        "token=x&firma=x&activacion=x",
        "a=1&a=2",
    ],
)
def test_what_is_asked_for_besides_is_no_part_of_how_an_address_is_made(
    web: WebKit, puerta: str, mas: str
) -> None:
    vieja = web.browser().get(f"{puerta}{SECRETO}?{mas}")
    assert vieja.status_code == 303
    assert re.fullmatch(rf"{puerta}e-[0-9a-f]{{8}}\?{re.escape(mas)}", vieja.location)


@pytest.mark.parametrize("puerta", sorted(llevados.SIN_ENLACE))
def test_who_comes_without_the_page_that_was_kept_is_told_where_to_ask(
    web: WebKit, puerta: str
) -> None:
    """No link leads there and nobody has a code, so none is asked for."""
    cliente = web.browser()
    sin = cliente.get(f"{puerta}e-0123abcd", follow_redirects=True)
    assert (sin.status_code, sin.request.path) == (200, "/consulta")
    assert "Este navegador ya no guarda esa página" in sin.text
    assert "Código del enlace" not in sin.text
    ruta = cliente.get(f"{puerta}{SECRETO}").location
    assert web.browser().get(ruta).location == "/consulta", "its name is good for nothing elsewhere"
    assert (
        "Código del enlace"
        in cliente.get("/tramites/sobre-usted/e-0123abcd", follow_redirects=True).text
    ), "of that one links are kept"


@pytest.mark.parametrize("puerta", TODAS)
def test_what_strangers_hand_over_leaves_room_in_the_cookie(web: WebKit, puerta: str) -> None:
    """Browsers take none of more than 4096 octets with its name and attributes, and who is in would
    be in no more."""
    cliente, largo = (
        web.browser("asesor"),
        (llevados.LARGO_FIRMADO if puerta in llevados.DURAN else llevados.LARGO).stop - 1,
    )
    for n in range(llevados.CUANTOS + 2):
        # nothing to compress
        azar = base64.urlsafe_b64encode(hashlib.shake_256(str(n).encode()).digest(600)).decode()
        puestas = cliente.get(f"{puerta}{azar[:largo]}").headers.getlist("Set-Cookie")
        assert max(len(puesta) for puesta in puestas) < 3900
    muy_larga = cliente.get(f"{puerta}{'x' * (largo + 1)}")
    assert not re.search(r"/e-[0-9a-f]{8}$", muy_larga.location or ""), "longer than ours are"
    assert cliente.get("/cuenta").status_code == 200


def test_the_longest_that_is_signed_fits(web: WebKit) -> None:
    proceso, caso = (
        string.ascii_letters * 2 + "0123456789_-.ab"[: 120 - 104],
        hashlib.sha256(b"").hexdigest()[:40],
    )
    with web.app.test_request_context():
        dichos = [
            firmante_con_hora("solicitud").dumps([caso, proceso, False]),
            permiso_de_responder(proceso, caso),
        ]
        assert max(len(dicho) for dicho in dichos) <= 290
        assert all(llevados.sirve(llevados.RECIBIDA, dicho) for dicho in dichos)


@pytest.mark.parametrize("puerta", TODAS)
def test_the_same_signed_again_takes_no_room_and_what_is_read_is_the_last_to_go(
    web: WebKit, puerta: str
) -> None:
    cliente = web.browser()
    primera, segunda = (cliente.get(f"{puerta}uno-que-no-dice-mas-{n}").location for n in "ab")
    for n in range(20):
        assert (
            cliente.get(f"{puerta}{SECRETO}.{n:06}.sello").location
            == cliente.get(f"{puerta}{SECRETO}.{n:06}.otro").location
        )
    assert estan(cliente, puerta, primera, segunda) == [True, True]
    for n in range(llevados.CUANTOS - 1):
        cliente.get(primera)
        cliente.get(f"{puerta}{SECRETO}{n}")
    assert estan(cliente, puerta, primera, segunda) == [True, False]


def estan(cliente: FlaskClient, puerta: str, *rutas: str) -> list[bool]:
    """Which of these are in this browser: each page says something else of a secret that is
    nobody's."""
    sin = "Este navegador ya no guarda" if puerta == llevados.COMPLEMENTO else "Código del enlace"
    if puerta != llevados.RECIBIDA:
        return [sin not in cliente.get(ruta, follow_redirects=True).text for ruta in rutas]
    valor = cliente.get_cookie("llevado-tramites-recibida")
    assert valor
    return [ruta.removeprefix(puerta) in base64_de(valor.value) for ruta in rutas]


def base64_de(valor: str) -> str:
    """What a signed value says."""
    dicho = valor.removeprefix(".").partition(".")[0]
    octetos = base64.urlsafe_b64decode(dicho + "=" * (-len(dicho) % 4))
    return (zlib.decompress(octetos) if valor.startswith(".") else octetos).decode()


@pytest.mark.parametrize(
    "pegado", ["{}", "  {} ", "https://ventanilla.test/clave/#{}", "/clave/{}", "#{}"]
)
def test_who_has_no_script_copies_the_code_or_the_whole_address(web: WebKit, pegado: str) -> None:
    with web.app.app_context():
        token = claves.dar("asesor", NUEVA, SYSTEM, por_correo=False).partition("#")[2]
    cliente = web.browser()
    puerta = cliente.get("/clave/").text
    assert "Es lo que sigue al signo #" in puerta
    hecho = cliente.post(
        "/clave/", data={"csrf_token": csrf(puerta), "secreto": pegado.format(token)}
    )
    assert "Su contraseña nueva" in cliente.get(hecho.location).text


@pytest.mark.parametrize(
    "pegado", ["", "corto", "x" * 600, "https://ventanilla.test/clave/#", "\u0000"]
)
def test_what_is_no_code_is_told_at_its_field(web: WebKit, pegado: str) -> None:
    cliente = web.browser()
    hecho = cliente.post(
        "/clave/", data={"csrf_token": csrf(cliente.get("/clave/").text), "secreto": pegado}
    )
    assert hecho.status_code in (400, 422)
    assert hecho.status_code == 400 or re.search(
        "Copie el código|Está incompleto|demasiado largo", hecho.text
    )


def test_a_browser_keeps_some_and_the_oldest_goes(web: WebKit) -> None:
    cliente = web.browser()
    rutas = [opened(cliente, f"/clave/#{SECRETO}{n}") for n in range(llevados.CUANTOS + 1)]
    assert [ida(cliente, ruta) for ruta in rutas] == [303] + [404] * llevados.CUANTOS


def ida(cliente: FlaskClient, ruta: str) -> int:
    return cliente.get(ruta).status_code


# --- the one whose secret is its address ----------------------------------------------------------
PARA = "ana.rojas@ciudadana.example"


@pytest.fixture
def baja(web: WebKit) -> str:
    """As a voluntary mail to somebody has it."""
    enlaces = Enlaces(BASE_URL, web_kit.SESSION_KEY.encode())
    with web.session() as s:
        for direccion in (PARA, "otra@ciudadana.example"):
            assert direcciones.con_baja(
                s, direccion, enlaces.token_de_baja(direcciones.huella(direccion))
            )
        s.commit()
    return enlaces.url_de_baja(direcciones.huella(PARA)).removeprefix(BASE_URL)


def todo(web: WebKit) -> dict[str, list[dict[str, object]]]:
    """Every row of every table, but those of the log of rows, which tells of each."""
    meta = sa.MetaData()
    with web.session() as s:
        meta.reflect(s.connection())
        return {
            n: [dict(f) for f in s.execute(sa.select(t)).mappings()]
            for n, t in meta.tables.items()
            if n != "row_entry"
        }


def test_the_address_that_ends_mails_says_nothing_of_anybody(web: WebKit, baja: str) -> None:
    """What it is made of is known to nobody who lacks our key, whose digest it is; it is kept as a
    hash; its pages name nobody."""
    token = baja.removeprefix("/correo/baja/")
    octetos = base64.urlsafe_b64decode(f"{token}=")
    clave = web_kit.SESSION_KEY.encode()
    assert octetos == hmac.digest(
        clave, f"baja-de-correo:{direcciones.huella(PARA)}".encode(), "sha256"
    )
    assert octetos != hmac.digest(
        b"otra", f"baja-de-correo:{direcciones.huella(PARA)}".encode(), "sha256"
    )
    guardado = str(todo(web))
    assert (token in guardado, hashlib.sha256(token.encode()).hexdigest() in guardado) == (
        False,
        True,
    )
    cliente = web.browser()
    paginas = [cliente.get(baja), cliente.post(baja), cliente.get(baja), cliente.get(f"{baja}x")]
    assert [p.status_code for p in paginas] == [200, 200, 200, 404]
    for pagina in paginas:
        assert [
            p for p in ("ana", "rojas", "ciudadana.example", token) if p in pagina.text.lower()
        ] == []
        assert pagina.headers.getlist("Set-Cookie") == [], "it makes nobody known"
        assert (pagina.headers["Cache-Control"], pagina.headers["Referrer-Policy"]) == (
            "no-store",
            "same-origin",
        )


def test_the_address_that_ends_mails_does_that_and_nothing_else(web: WebKit, baja: str) -> None:
    """To look at it does nothing: programs look at what stands in a mail. Mail programs send it,
    without a session (RFC 8058)."""
    antes, cliente = todo(web), web.browser()
    for metodo in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
        cliente.open(baja, method=metodo)
    assert todo(web) == antes
    for _vez in range(2):
        hecho = web.app.test_client(use_cookies=False).post(
            baja, data={"List-Unsubscribe": "One-Click"}
        )
        assert hecho.status_code == 200
    despues = todo(web)
    assert {n for n in antes if despues[n] != antes[n]} == {"direccion_correo"}
    cambios = [
        {c for c in vieja if vieja[c] != nueva[c]}
        for vieja, nueva in zip(antes["direccion_correo"], despues["direccion_correo"], strict=True)
    ]
    suya = [fila["huella"] == direcciones.huella(PARA) for fila in antes["direccion_correo"]]
    assert cambios == [{"baja"} if es else set() for es in suya], (
        "of that address alone, and it stays as confirmed or doubtful as it was"
    )


def test_what_ends_mails_opens_nothing_and_nothing_else_ends_them(web: WebKit, baja: str) -> None:
    token, antes = baja.removeprefix("/correo/baja/"), todo(web)
    for puerta in DETRAS:
        cliente = web.browser()
        ruta = opened(cliente, f"{puerta}#{token}")
        abre, envia = (
            cliente.get(ruta),
            cliente.post(ruta, data={"csrf_token": csrf(cliente.get("/consulta").text)}),
        )
        assert {abre.status_code, envia.status_code} <= {302, 404, 405}, puerta
        assert abre.status_code != 302 or abre.location == "/tramites", puerta
    assert (
        web.browser()
        .get("/", headers={"Authorization": f"Bearer {token}", "Cookie": f"ventanilla={token}"})
        .status_code
        == 302
    )
    enlaces = Enlaces(BASE_URL, web_kit.SESSION_KEY.encode())
    otros = [
        enlaces.token(1),
        enlaces.token_de_entrega(1),
        enlaces.token_de_direccion("a"),
        enlaces.token_de_clave("b"),
        SECRETO,
    ]
    assert [web.browser().post(f"/correo/baja/{otro}").status_code for otro in otros] == [
        404
    ] * len(otros)
    assert {n for n, filas in todo(web).items() if filas != antes[n]} <= {"freno"}, (
        "how often it was tried"
    )


def test_who_only_asks_what_there_is_uses_no_link(web: WebKit) -> None:
    """HEAD, with which programs look at links: once it was taken for what a form sends, without any
    token."""
    enlaces, cliente = Enlaces(BASE_URL, web_kit.SESSION_KEY.encode()), web.browser()
    with web.session() as s:
        direcciones.preguntar(s, PARA, now=web.clock.now())
        direcciones.con_enlace(s, PARA, enlaces.token_de_direccion("x"))
        s.commit()
    suya = opened(cliente, enlaces.url_de_direccion("x"))
    antes = todo(web)
    vista = cliente.head(suya)
    assert (vista.status_code, vista.data) == (200, b"")
    assert int(vista.headers["Content-Length"]) == len(cliente.get(suya).data)
    assert todo(web) == antes


def test_no_view_is_asked_by_another_name_than_get_and_those_that_send(web: WebKit) -> None:
    vistos: set[str] = set()
    for endpoint in web.app.view_functions:
        web.app.view_functions[endpoint] = lambda **_partes: vistos.add(request.method) or "visto"
    cliente = web.browser("admin")
    for regla in web.app.url_map.iter_rules():
        if "GET" in (regla.methods or set()):
            for metodo in ("HEAD", "OPTIONS"):
                cliente.open(web_kit.address_of(web.app, regla), method=metodo)
    assert vistos == {"GET"}
