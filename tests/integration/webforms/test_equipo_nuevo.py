"""From a browser that the account has not entered from, whoever has no second factor shows a link
of their mail, too (NEW_BROWSER)."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.http import parse_cookie
from werkzeug.test import TestResponse

from engine.types import SYSTEM
from handlers.enlaces import Enlaces
from records.correo.tablas import Aviso
from records.cuentas.enlaces_de_clave import NAVEGADOR, PRIMERA, de_que
from records.cuentas.reglas.frenos import UNA_HORA
from records.cuentas.tablas import Cuenta, EnlaceDeClave
from tests.kit import web as web_kit
from tests.kit.cast import CLAVE, SESSION_KEY
from tests.kit.telefono import activar, oculto, segundo
from tests.kit.web import BASE_URL, WebKit, csrf, followed, log_in, opened, put
from webforms.cuentas import claves, conocidos
from webforms.cuentas.equipo_nuevo import A_UNA_CUENTA
from webforms.operacion.instalacion import navegadores

PIDE = "Confirme este navegador"


@pytest.fixture
def web(tmp_path: Path, db_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, db_url)
    put(kit.app, new_browser="mail")
    yield kit
    kit.engine.db.dispose()


def cartas(web: WebKit) -> list[Aviso]:
    with web.session() as s:
        return list(
            s.scalars(sa.select(Aviso).where(Aviso.clave.like("clave:%")).order_by(Aviso.id))
        )


def enlace(web: WebKit) -> str:
    """What the newest mail carries."""
    with web.session() as s:
        ultimo = s.scalars(sa.select(EnlaceDeClave).order_by(EnlaceDeClave.id.desc())).first()
        assert ultimo is not None
        return Enlaces("", SESSION_KEY.encode()).url_de_clave(de_que(ultimo))


def abrir_enlace(web: WebKit, cliente: FlaskClient) -> TestResponse:
    camino = opened(cliente, enlace(web))
    pagina = cliente.get(camino)
    assert "continúe y entra" in followed(pagina.text)
    return cliente.post(camino, data={"csrf_token": csrf(pagina.text)})


def seguir(cliente: FlaskClient, pagina: str, **mas: str) -> TestResponse:
    """The button of the page that waits."""
    datos = {
        "csrf_token": csrf(pagina),
        "navegador": oculto(pagina, "navegador"),
        "next": oculto(pagina, "next"),
    }
    return cliente.post("/ingresar/equipo-nuevo", data={**datos, **mas})


def dentro(cliente: FlaskClient) -> bool:
    return cliente.get("/cuenta").status_code == 200


def test_from_a_new_browser_the_password_alone_opens_nothing(web: WebKit) -> None:
    cliente = web.browser()
    assert log_in(cliente, "asesor", "no es la suya").status_code == 422
    assert cartas(web) == [], "nothing is sent to whom a wrong password names"
    hecho = log_in(cliente, "asesor", next="/bandeja")
    assert (hecho.status_code, PIDE in hecho.text, "a••••••@ejemplo.test" in hecho.text) == (
        200,
        True,
        True,
    )
    assert not dentro(cliente)
    (carta,) = cartas(web)
    assert (carta.para, "alguien sabe su contraseña" in carta.texto) == (
        "asesor@ejemplo.test",
        True,
    )
    todavia = seguir(cliente, hecho.text)
    assert (todavia.status_code, "Todavía no ha abierto el enlace" in todavia.text) == (422, True)
    assert not dentro(cliente)
    assert abrir_enlace(web, cliente).location == "/bandeja", (
        "who opens it is in, where they were going"
    )
    assert dentro(cliente)
    cliente.delete_cookie("ventanilla")
    assert log_in(cliente, "asesor", next="/bandeja").location == "/bandeja", (
        "the next time the password is enough here"
    )
    assert PIDE in log_in(web.browser(), "asesor").text, "and nowhere else"
    cliente.delete_cookie("ventanilla")
    assert PIDE in log_in(cliente, "coordinador").text, "for this account alone"
    assert {
        ("enlace_de_clave", "anonimo", "asesor"),
        ("equipo_reconocido", "asesor", "asesor"),
        ("ingreso", "asesor", "asesor"),
    } <= set(web.accesses())


def test_the_link_works_in_the_browser_of_the_password_and_in_no_other(web: WebKit) -> None:
    """Whoever has the password and makes its person click gets nothing; nor who reads the mail and
    has not the password."""
    cliente, ajeno = web.browser(), web.browser()
    pagina = log_in(cliente, "asesor").text
    suyo = enlace(web)
    assert PIDE in log_in(ajeno, "coordinador").text
    camino = opened(ajeno, suyo)
    assert "Solo sirve en el navegador en el que lo pidió" in ajeno.get(camino).text
    assert (
        ajeno.post(camino, data={"csrf_token": csrf(ajeno.get("/ingresar").text)}).status_code
        == 404
    )
    assert seguir(cliente, pagina).status_code == 422
    assert (dentro(cliente), dentro(ajeno)) == (False, False)


def test_a_link_that_is_over_says_what_is_so_of_a_link_that_sets_no_password(web: WebKit) -> None:
    cliente = web.browser()
    pagina = log_in(cliente, "asesor").text
    viejo = enlace(web)
    web.clock.advance(dt.timedelta(minutes=11))
    dicho = followed(cliente.get(opened(cliente, viejo)).text)
    assert "Pida otro como pidió este, en el navegador que va a usar" in dicho, (
        "nobody who administers is needed"
    )
    pagina = log_in(cliente, "asesor").text
    suyo = enlace(web)
    assert abrir_enlace(web, cliente).status_code == 302
    assert PIDE in pagina
    dicho = followed(cliente.get(opened(cliente, suyo)).text)
    assert (
        "el navegador en que se abrió quedó reconocido" in dicho,
        "contraseña que eligió" in dicho,
    ) == (True, False)


def test_the_page_that_waits_goes_on_with_what_was_typed(web: WebKit) -> None:
    cliente, fuera = web.browser("asesor"), web.browser()
    pagina = cliente.get("/cuenta/segundo-factor").text
    datos = {
        "csrf_token": csrf(pagina),
        "_firma": oculto(cliente.get("/cuenta").text, "_firma"),
        "cual": "lo que escribí",
    }
    llevada = fuera.post("/cuenta/sesiones", data=datos).text
    mas = {
        "_firma": oculto(llevada, "_firma"),
        "_llevado": json.dumps(["", [["cual", "lo que escribí"]]]),
    }
    espera = fuera.post(
        "/ingresar", data={"csrf_token": csrf(llevada), "usuario": "asesor", "clave": CLAVE, **mas}
    ).text
    assert PIDE in espera
    llevado = {"_firma": oculto(espera, "_firma"), "_llevado": oculto(espera, "_llevado")}
    todavia = seguir(fuera, espera, **llevado).text
    assert {nombre: oculto(todavia, nombre) for nombre in llevado} == llevado, (
        "it is kept while the link is not open"
    )
    assert abrir_enlace(web, fuera).location == "/", "in another tab"
    vuelve = seguir(fuera, espera, **llevado)
    assert (vuelve.status_code, "lo que escribí" in vuelve.text) == (200, True)
    assert "Cerrar sesiones suyas" in vuelve.text


def test_it_is_sent_again_three_times_an_hour_whatever_strangers_ask_for(web: WebKit) -> None:
    for _vez in range(4):
        fuera = web.browser()
        pedido = {"csrf_token": csrf(fuera.get("/ingresar/equipo").text), "usuario": "asesor"}
        assert fuera.post("/ingresar/equipo", data=pedido).status_code == 200
    cliente = web.browser()
    pagina = log_in(cliente, "asesor", next="/bandeja").text
    for _vez in range(A_UNA_CUENTA.cuantas - 1):
        otra = seguir(cliente, pagina, otra="1")
        assert (otra.status_code, oculto(otra.text, "next")) == (200, "/bandeja")
    de_mas = seguir(cliente, otra.text, otra="1")
    assert (de_mas.status_code, "Ya se enviaron tres enlaces" in followed(de_mas.text)) == (
        429,
        True,
    )
    with web.session() as s:
        suyos = sa.select(EnlaceDeClave).where(
            EnlaceDeClave.clase == NAVEGADOR, EnlaceDeClave.anulado.is_(None)
        )
        assert len(s.scalars(suyos).all()) == 1, "each ends the one before"
    ultimo = enlace(web)
    fuera = web.browser()
    web.clock.advance(dt.timedelta(minutes=5))
    pedido = {"csrf_token": csrf(fuera.get("/ingresar/equipo").text), "usuario": "asesor"}
    fuera.post("/ingresar/equipo", data=pedido)
    camino = opened(cliente, ultimo)
    assert (
        cliente.post(camino, data={"csrf_token": csrf(cliente.get(camino).text)}).location
        == "/bandeja"
    )
    web.clock.advance(UNA_HORA)
    assert PIDE in log_in(web.browser(), "asesor").text


def test_who_has_a_second_factor_is_not_asked(web: WebKit) -> None:
    telefono, _codigos = activar(web.browser("asesor"), web.clock.now)
    web.clock.advance(dt.timedelta(minutes=1))
    cliente = web.browser()
    pagina = log_in(cliente, "asesor").text
    assert "Confirme que es usted" in pagina
    assert segundo(cliente, pagina, telefono.codigo()).status_code == 302
    assert [carta for carta in cartas(web) if carta.para == "asesor@ejemplo.test"] == []


def test_the_link_of_an_invitation_is_the_proof_for_its_browser(web: WebKit) -> None:
    with web.app.app_context():
        dado = claves.dar("asesor", PRIMERA, SYSTEM, por_correo=False).removeprefix(BASE_URL)
    cliente, clave = web.browser(), "tres lámparas sobre el río"
    camino = opened(cliente, dado)
    token = csrf(cliente.get(camino).text)
    assert (
        cliente.post(camino, data={"csrf_token": token, "clave": clave, "otra": clave}).location
        == "/ingresar"
    )
    assert log_in(cliente, "asesor", clave, next="/bandeja").location == "/bandeja"


def test_who_has_no_address_is_told_whom_to_ask(web: WebKit) -> None:
    with web.session() as s, s.begin():
        s.execute(sa.update(Cuenta).where(Cuenta.usuario == "asesor").values(correo=""))
    cliente = web.browser()
    hecho = log_in(cliente, "asesor")
    assert (hecho.status_code, "Su cuenta no tiene un correo" in hecho.text) == (409, True)
    assert "Pídale a quien administra que lo agregue" in hecho.text
    assert cartas(web) == []
    assert not dentro(cliente)


def test_what_waits_ends_with_the_account_as_it_was_and_is_forged_by_nobody(
    web: WebKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    cliente = web.browser()
    pagina = log_in(cliente, "asesor").text
    for firma in ("", "x", oculto(pagina, "navegador")[:-2] + "AA"):
        assert seguir(cliente, pagina, navegador=firma).status_code == 401
    camino = opened(cliente, enlace(web))
    token = csrf(cliente.get(camino).text)
    with web.session() as s, s.begin():
        s.execute(sa.update(Cuenta).where(Cuenta.usuario == "asesor").values(fs_uniquifier="otra"))
    assert seguir(cliente, pagina, otra="1").status_code == 401
    assert cliente.post(camino, data={"csrf_token": token}).location == "/ingresar", (
        "it is known, but its password is asked for anew"
    )
    assert not dentro(cliente)
    otro = web.browser()
    pagina = log_in(otro, "coordinador").text
    monkeypatch.setattr("webforms.cuentas.equipo_nuevo.DE_FUERA", dt.timedelta(seconds=-1))
    assert "Pasaron más de 10 minutos" in seguir(otro, pagina).text


def test_an_agency_without_mail_leaves_it_at_the_password_and_is_told_so(web: WebKit) -> None:
    def dicho() -> str:
        with web.app.test_request_context():
            punto = navegadores()
        return punto.como if punto is not None else ""

    assert dicho() == "bien"
    put(web.app, new_browser="password")
    assert log_in(web.browser(), "asesor").status_code == 302
    assert dicho() == "aviso"
    put(web.app, demo=True)
    assert dicho() == ""


def test_a_desk_keeps_the_people_of_an_office(web: WebKit) -> None:
    """All that fit in the cookie, which browsers keep up to 4096 octets, with its name."""
    cliente = web.browser()
    for n in range(conocidos.CUANTAS):
        with web.app.test_request_context(
            headers={"Cookie": f"{conocidos.GALLETA}={galleta(cliente)}"}
        ):
            conocidos.recordar(f"persona.de.nombre.largo.{n}")
            respuesta = web.app.process_response(web.app.response_class())
        cliente.set_cookie(
            conocidos.GALLETA, parse_cookie(respuesta.headers["Set-Cookie"])[conocidos.GALLETA]
        )
    assert len(galleta(cliente)) < 3500
    with web.app.test_request_context(
        headers={"Cookie": f"{conocidos.GALLETA}={galleta(cliente)}"}
    ):
        assert all(conocidos.cual(f"persona.de.nombre.largo.{n}") for n in range(conocidos.CUANTAS))
        assert conocidos.cual("otra") is None


def galleta(cliente: FlaskClient) -> str:
    puesta = cliente.get_cookie(conocidos.GALLETA)
    return puesta.value if puesta is not None else ""
