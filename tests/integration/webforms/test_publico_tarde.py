"""Forms of the public that come after their session ended: nothing is done, and what was typed is
there again, to be sent once more."""

import datetime as dt
import io
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from records.base.reglas.firmas import token_de_calificacion
from records.casos.tablas import Caso
from records.catalogos.catalogo import cargar_catalogo
from records.visita.calificaciones import crear_enlace
from tests.integration.webforms.test_publico_consulta import (
    PDF,
    RADICADO,
    consultar,
    direccion,
    requerido,
    sembrar_caso,
)
from tests.kit import permit, public as public_kit, web as web_kit
from tests.kit.cast import SESSION_KEY
from tests.kit.clock import NOW
from tests.kit.public import Point
from tests.kit.web import WebKit, csrf, followed, hidden, on_routes, opened
from webforms.base import tardios
from webforms.personas.caracterizacion import permiso_de_responder
from webforms.visita.seguimiento import enlace_de_turno

SUYO = token_de_calificacion(SESSION_KEY.encode(), 1)  # of the one case
LARGO = "El pago de octubre no aparece, y el de noviembre tampoco. " * 20
SIN_ENVIAR = "La página llevaba mucho tiempo abierta y todavía no se recibió nada. Revise lo que hay en ella y envíelo otra vez."


@dataclass
class Abierta:
    """A form as somebody has it before them, filled in."""

    cliente: FlaskClient
    ruta: str
    pagina: str
    escrito: dict[str, str]
    esta: str  #: how the page shows what was typed
    archivo: str = ""  #: name of its field
    al_llegar: int = 303  #: what it is answered with when it is sent in time
    mas: dict[str, str] = field(default_factory=dict)  #: what the button adds

    def enviar(self, pagina: str) -> TestResponse:
        ocultos = {n: hidden(pagina, n) for n in ("_llave", "llave") if f'name="{n}"' in pagina}
        datos: dict[str, Any] = {**ocultos, **self.escrito, **self.mas, "csrf_token": csrf(pagina)}
        if self.archivo:
            datos[self.archivo] = (io.BytesIO(PDF), "recibo de octubre.pdf")
        return self.cliente.post(self.ruta, data=datos)


@pytest.fixture
def punto(tmp_path: Path, sqlite_url: str) -> Iterator[Point]:
    kit = public_kit.build(tmp_path, sqlite_url)
    with kit.web.session() as s:
        cargar_catalogo(s)
        sembrar_caso(s)
        crear_enlace(s, s.scalars(sa.select(Caso.id)).one(), SUYO, now=NOW)
        s.commit()
    yield kit
    kit.web.engine.db.dispose()


@pytest.fixture
def permiso(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url)
    kit.deploy(permit.FILES)
    yield kit
    kit.engine.db.dispose()


def _complemento(punto: Point) -> Abierta:
    requerido(punto)
    cliente = punto.web.browser()
    ruta = direccion(consultar(cliente).text)
    return Abierta(
        cliente,
        ruta,
        cliente.get(ruta).text,
        {"texto": LARGO},
        f">{LARGO.strip()}",
        "archivos",
        200,
    )


def _consulta(punto: Point) -> Abierta:
    cliente = punto.web.browser()
    escrito = {"radicado": RADICADO, "tipo_doc": "CC", "num_doc": "52123456"}
    return Abierta(
        cliente,
        "/consulta",
        cliente.get("/consulta").text,
        escrito,
        'value="52123456"',
        al_llegar=200,
    )


def _calificar(punto: Point) -> Abierta:
    cliente = punto.web.browser()
    ruta = opened(cliente, f"/calificar/#{SUYO}")
    escrito = {"calificacion": "5", "comentario": LARGO[:300]}
    return Abierta(
        cliente, ruta, cliente.get(ruta).text, escrito, LARGO[:300].strip(), al_llegar=200
    )


def _tableta(punto: Point) -> Abierta:
    cliente = punto.device("tableta-3")
    punto.take_turn(punto.device("quiosco-1"), "radicar_documentos")
    ruta = f"/tableta/calificar/{punto.until_rating(punto.turnos()[0], '3').id}"
    escrito = {"calificacion": "4", "comentario": LARGO[:300]}
    return Abierta(cliente, ruta, cliente.get(ruta).text, escrito, LARGO[:300].strip())


def _no_califica(punto: Point) -> Abierta:
    abierta = _tableta(punto)
    abierta.escrito, abierta.mas, abierta.esta = {}, {"no": "1"}, "Prefiero no calificar"
    return abierta


def _quiosco(punto: Point) -> Abierta:
    cliente = punto.device("quiosco-1")
    pagina = cliente.get("/quiosco/condicion/servicio_adquirido?letra=grande").text
    escrito = {
        "motivo_visita": "servicio_adquirido",
        "condicion": "ninguna",
        "tipo_doc": "CC",
        "num_doc": "52123456",
    }
    return Abierta(cliente, "/quiosco/turno?letra=grande", pagina, escrito, 'value="52123456"')


def _retirar(punto: Point) -> Abierta:
    punto.take_turn(punto.device("quiosco-1"))
    with punto.web.app.test_request_context():
        tiquete = enlace_de_turno(punto.turnos()[0].id)
    cliente = punto.web.browser()
    ruta = f"{opened(cliente, tiquete)}/retirar"
    return Abierta(cliente, ruta, cliente.get(ruta).text, {}, "¿Retirar el turno A001?")


def _puerta(punto: Point) -> Abierta:
    cliente = punto.web.browser()
    return Abierta(
        cliente,
        "/calificar/",
        cliente.get("/calificar/").text,
        {"secreto": SUYO},
        f'value="{SUYO}"',
    )


def _solicitud(permiso: WebKit) -> Abierta:
    cliente = permiso.browser()
    pagina = cliente.get("/tramites/permiso").text
    escrito = {**permit.ASKED, "direccion": "Calle 14 n.º 6-25, al lado del parque"}
    return Abierta(
        cliente,
        "/tramites/permiso",
        pagina,
        escrito,
        "Calle 14 n.º 6-25, al lado del parque",
        al_llegar=200,
        mas={"_paso": "revisar"},
    )


def _revisada(permiso: WebKit) -> Abierta:
    abierta = _solicitud(permiso)
    abierta.pagina, abierta.mas = (
        abierta.enviar(abierta.pagina).text,
        {"_paso": "enviar", "acepto": "si"},
    )
    abierta.archivo, abierta.al_llegar = "plano", 303
    return abierta


def _sobre_usted(permiso: WebKit) -> Abierta:
    cliente = permiso.browser()
    with permiso.app.test_request_context():
        ruta = opened(
            cliente, f"/tramites/sobre-usted/#{permiso_de_responder('permiso', 'un-caso')}"
        )
    escrito = {"edad": "mayor", "autorizo": "si"}
    return Abierta(
        cliente, ruta, cliente.get(ruta).text, escrito, '<option value="mayor" selected>'
    )


DEL_PUNTO = (
    ("consulta.complemento", _complemento),
    ("consulta.consulta", _consulta),
    ("calificacion.enlace", _calificar),
    ("tableta.responder", _tableta),
    ("tableta.responder", _no_califica),
    ("quiosco.tomar", _quiosco),
    ("seguimiento.retirar", _retirar),
    ("puerta.llevar", _puerta),
)
DEL_PERMISO = (
    ("tramites.enviar", _solicitud),
    ("tramites.enviar", _revisada),
    ("tramites.responder", _sobre_usted),
)


def guardado(s: Session) -> dict[str, list[str]]:
    """Every row of every table."""
    meta = sa.MetaData()
    meta.reflect(s.connection())
    return {
        nombre: sorted(map(str, s.execute(sa.select(tabla))))
        for nombre, tabla in meta.tables.items()
    }


def termina(abierta: Abierta, como: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if como == "galleta":
        abierta.cliente.delete_cookie("ventanilla")
        return
    luego = int(time.time()) + 31 * 60
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: luego)


def devuelta(abierta: Abierta, tarde: TestResponse) -> TestResponse:
    """What the page of a form that was late sends, by its script or its button."""
    formulario = tarde.text[tarde.text.index("<main") :]
    datos = [
        (n, unescape(v))
        for n, v in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', formulario)
    ]
    accion = re.search(r'<form method="post" action="([^"]+)"', formulario)
    assert accion, tarde.text
    assert unescape(accion[1]) == abierta.ruta
    enviado: dict[str, list[str]] = {}
    for nombre, valor in datos:
        enviado.setdefault(nombre, []).append(valor)
    return abierta.cliente.post(unescape(accion[1]), data=enviado)


def comprobar(
    web: WebKit, endpoint: str, abierta: Abierta, como: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (
        web.app.url_map.bind("").match(abierta.ruta.partition("?")[0], method="POST")[0] == endpoint
    )
    termina(abierta, como, monkeypatch)
    with web.session() as s:
        antes = guardado(s)
    tarde = abierta.enviar(abierta.pagina)
    assert (
        tarde.status_code,
        "Todavía no se recibió" in tarde.text,
        "data-enviar-solo" in tarde.text,
    ) == (400, True, True)
    vuelta = devuelta(abierta, tarde)
    assert vuelta.status_code in (200, 422)
    assert SIN_ENVIAR in followed(vuelta.text)
    assert abierta.esta in unescape(vuelta.text), vuelta.text
    assert ("recibo de octubre.pdf" in vuelta.text) == bool(abierta.archivo)
    with web.session() as s:
        ahora = guardado(s)
    assert {t: filas for t, filas in ahora.items() if filas != antes[t] and t != "freno"} == {}, (
        "nothing is done"
    )
    llego = abierta.enviar(vuelta.text)
    assert llego.status_code == abierta.al_llegar, llego.text
    assert SIN_ENVIAR not in followed(llego.text)


@pytest.mark.parametrize("como", ["reloj", "galleta"])
@pytest.mark.parametrize(("endpoint", "abrir"), DEL_PUNTO)
def test_what_was_typed_at_a_point_is_there_again(
    punto: Point,
    endpoint: str,
    abrir: Callable[[Point], Abierta],
    como: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    comprobar(punto.web, endpoint, abrir(punto), como, monkeypatch)


@pytest.mark.parametrize("como", ["reloj", "galleta"])
@pytest.mark.parametrize(("endpoint", "abrir"), DEL_PERMISO)
def test_what_was_asked_for_online_is_there_again(
    permiso: WebKit,
    endpoint: str,
    abrir: Callable[[WebKit], Abierta],
    como: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    comprobar(permiso, endpoint, abrir(permiso), como, monkeypatch)


def test_each_form_that_shows_itself_is_tried_here() -> None:
    """A view that is named and does what comes to it would do it by a page of ours, without
    anybody's press."""
    se_muestran = {e for e, campo in on_routes("se_muestra").items() if campo == tardios.MOSTRAR}
    assert {endpoint for endpoint, _abrir in (*DEL_PUNTO, *DEL_PERMISO)} == se_muestran


def test_a_page_of_elsewhere_shows_nothing_that_it_wrote(punto: Point) -> None:
    for dice in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://otra.test"},
        {"Origin": "null"},
    ):
        ajena = punto.web.browser().post(
            "/consulta", data={"radicado": "llame al 300 000"}, headers=dice
        )
        assert (
            ajena.status_code,
            "300 000" in ajena.text,
            "No entendimos la solicitud" in ajena.text,
        ) == (400, False, True), dice
    nuestra = punto.web.browser().post(
        "/consulta", data={"radicado": "x-1"}, headers={"Origin": web_kit.BASE_URL}
    )
    assert 'value="x-1"' in nuestra.text


def test_a_browser_that_keeps_no_cookie_is_told_so_and_sends_nothing_for_ever(punto: Point) -> None:
    sin = punto.web.app.test_client(use_cookies=False)
    tarde = sin.post(
        "/consulta",
        data={
            "csrf_token": csrf(sin.get("/consulta").text),
            "radicado": RADICADO,
            "mostrar": "tarde",
        },
    )
    assert "no guarda las cookies" in tarde.text
    assert "data-enviar-solo" not in tarde.text
    assert f"<p>{RADICADO}</p>" in tarde.text, "to be copied"


def test_what_comes_after_the_two_hours_of_its_page_is_shown_to_be_copied(
    punto: Point, monkeypatch: pytest.MonkeyPatch
) -> None:
    abierta, luego = _complemento(punto), int(time.time()) + 121 * 60
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: luego)
    vuelta = devuelta(abierta, abierta.enviar(abierta.pagina))
    assert (vuelta.status_code, LARGO.strip() in vuelta.text) == (410, True)
    assert "No se envió nada" in vuelta.text
    assert punto.web.browser().get("/consulta/complemento/e-0123abcd").location == "/consulta"


def test_passwords_and_what_only_a_button_says_are_not_given_back(punto: Point) -> None:
    cliente = punto.web.browser()
    puesta = cliente.post(
        f"/clave/{SUYO}", data={"clave": "una contraseña larga", "otra": "una contraseña larga"}
    )
    assert (puesta.status_code, "una contraseña larga" in puesta.text) == (400, False)
    punto.take_turn(punto.device("quiosco-1"))
    with punto.web.app.test_request_context():
        ruta = opened(cliente, enlace_de_turno(punto.turnos()[0].id))
    cliente.delete_cookie("ventanilla")
    volvio = cliente.post(f"{ruta}/volvi?idioma=en", data={"csrf_token": "de-antes"})
    assert volvio.status_code == 400
    assert (
        f'<a class="btn btn-primary" href="{ruta}?idioma=en">Open the page again</a>' in volvio.text
    )


def test_half_an_hour_begins_when_the_form_is_shown(
    permiso: WebKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not with the first page of a browser; what a page asks for by itself is no use, nor does it
    bring a session back."""
    cliente, ahora = permiso.browser(), int(time.time())
    for _vez in range(2):
        cliente.get("/consulta")
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: ahora + 29 * 60)
    sola = cliente.get("/consulta", headers={"Sec-Fetch-Dest": "empty"})
    assert sola.headers.getlist("Set-Cookie") == []
    pagina = cliente.get("/tramites/permiso").text
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: ahora + 55 * 60)
    datos = {
        "csrf_token": csrf(pagina),
        "_llave": hidden(pagina, "_llave"),
        "_paso": "revisar",
        **permit.ASKED,
    }
    assert "Revise antes de enviar" in cliente.post("/tramites/permiso", data=datos).text


def test_a_form_of_the_public_that_somebody_of_the_staff_has_open_is_given_back_too(
    permiso: WebKit,
) -> None:
    de_casa = permiso.browser("asesor")
    pagina = de_casa.get("/tramites/permiso").text
    with de_casa.session_transaction() as sesion:
        sesion.pop("csrf_token")  # they entered again in another tab
    permiso.clock.advance(dt.timedelta(minutes=1))
    datos = {
        "csrf_token": csrf(pagina),
        "_llave": hidden(pagina, "_llave"),
        "_paso": "revisar",
        **permit.ASKED,
    }
    assert permit.ASKED["direccion"] in unescape(de_casa.post("/tramites/permiso", data=datos).text)
