"""Passkeys: put in one's own account, and entering with one instead of password and second factor;
what is not asked for enters nobody."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import itsdangerous
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from records.correo.tablas import Aviso
from records.cuentas.reglas.roles import ADMINISTRADOR
from records.cuentas.tablas import Cuenta, LlaveDeAcceso
from tests.kit import web as web_kit
from tests.kit.llave import PRESENT, Passkey
from tests.kit.telefono import activar, oculto
from tests.kit.web import WebKit, csrf, log_in, put


@pytest.fixture
def web(tmp_path: Path, db_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, db_url)
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def llave() -> Passkey:
    return Passkey()


def guardar(quien: FlaskClient, llave: Passkey, nombre: str = "Portátil") -> TestResponse:
    token = csrf(quien.get("/cuenta/llaves").text)
    dicho = quien.post("/cuenta/llaves/opciones", headers={"X-CSRFToken": token}).get_json()
    datos = {
        "pregunta": dicho["pregunta"],
        "respuesta": llave.made(dicho["opciones"]),
        "nombre": nombre,
        "csrf_token": token,
    }
    return quien.post("/cuenta/llaves", data=datos)


def preguntar(navegador: FlaskClient) -> tuple[Any, dict[str, str]]:
    """What the login page asks of a key, and what goes back with the answer."""
    token = csrf(navegador.get("/ingresar").text)
    dicho = navegador.post("/ingresar/llave/opciones", headers={"X-CSRFToken": token}).get_json()
    return dicho["opciones"], {"pregunta": dicho["pregunta"], "csrf_token": token}


def entrar(navegador: FlaskClient, llave: Passkey) -> TestResponse:
    opciones, datos = preguntar(navegador)
    return navegador.post("/ingresar/llave", data={**datos, "respuesta": llave.signed(opciones)})


def test_a_key_that_was_put_enters_without_password_and_is_told_by_mail(
    web: WebKit, llave: Passkey
) -> None:
    asesor = web.browser("asesor")
    assert guardar(asesor, llave).status_code == 302
    pagina = asesor.get("/cuenta/llaves").text
    assert "Portátil" in pagina
    assert "todavía no" in pagina
    navegador = web.browser()
    assert entrar(navegador, llave).status_code == 302
    assert "Andrés Salcedo" in navegador.get("/cuenta").text
    assert "todavía no" not in asesor.get("/cuenta/llaves").text
    assert {("llave_puesta", "asesor", "asesor"), ("ingreso", "asesor", "asesor")} <= set(
        web.accesses()
    )
    with web.session() as s:
        assert s.scalars(sa.select(Aviso.para).where(Aviso.clave.like("llave_puesta:%"))).all() == [
            "asesor@ejemplo.test"
        ]


def test_a_key_enters_although_the_role_works_with_a_second_factor_only(
    web: WebKit, llave: Passkey
) -> None:
    put(web.app, second_factor=(ADMINISTRADOR,))
    admin = web.browser("admin")
    assert admin.get("/personas").status_code == 302
    assert guardar(admin, llave).status_code == 302, "who has none yet may put it"
    assert admin.get("/personas").status_code == 200
    assert entrar(web.browser(), llave).status_code == 302
    # the password alone is not enough any more
    con_clave = log_in(web.browser(), "admin")
    assert con_clave.status_code == 200
    assert "Use la llave de acceso" in con_clave.text


def test_after_the_password_only_a_key_of_that_account_will_do(web: WebKit, llave: Passkey) -> None:
    guardar(web.browser("admin"), llave)
    suya = Passkey(id=b"otra")
    guardar(web.browser("asesor"), suya)
    for firma, codigo in ((suya, 422), (llave, 302)):
        navegador = web.browser()
        pagina = log_in(navegador, "admin").text
        opciones, datos = preguntar(navegador)
        dicho = {
            **datos,
            "csrf_token": csrf(pagina),
            "pendiente": oculto(pagina, "pendiente"),
            "respuesta": firma.signed(opciones),
        }
        assert navegador.post("/ingresar/llave", data=dicho).status_code == codigo
    assert web.browser("asesor").get("/personas").status_code == 403


def test_with_both_either_is_asked_for(web: WebKit, llave: Passkey) -> None:
    guardar(web.browser("asesor"), llave)
    activar(web.browser("asesor"), web.clock.now)
    pagina = log_in(web.browser(), "asesor").text
    assert "Código de 6 cifras" in pagina
    assert "Entrar con una llave de acceso" in pagina


@pytest.mark.parametrize(
    "que",
    [
        "another page",
        "another place",
        "nobody verified",
        "another key",
        "the question of another",
        "twice",
        "late",
        "counted back",
        "letters",
    ],
)
def test_what_was_not_asked_for_enters_nobody(
    web: WebKit, llave: Passkey, que: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    guardar(web.browser("asesor"), llave)
    navegador = web.browser()
    opciones, datos = preguntar(navegador)
    if que == "another page":
        llave.origin = "https://ventanilla.test.malo.example"
    elif que == "another place":
        llave.rp = "malo.example"
    elif que == "nobody verified":
        llave.flags = PRESENT
    elif que == "another key":
        llave = Passkey(id=llave.id)
    elif que == "the question of another":
        opciones = {**opciones, "challenge": preguntar(web.browser())[0]["challenge"]}
    elif que == "twice":
        assert (
            navegador.post(
                "/ingresar/llave", data={**datos, "respuesta": llave.signed(opciones)}
            ).status_code
            == 302
        )
        navegador = web.browser()
        datos["csrf_token"] = csrf(navegador.get("/ingresar").text)
    elif que == "counted back":
        assert entrar(web.browser(), llave).status_code == 302
        llave.count = 0
    respuesta = llave.signed(opciones)
    if que == "letters":
        respuesta = (
            '{"id": [1], "response": "\ud800"}'.encode("utf-8", "surrogatepass").decode("latin-1")
            + "x" * 30_000
        )
    elif que == "late":
        monkeypatch.setattr(
            itsdangerous.TimestampSigner, "get_timestamp", lambda _self: int(time.time()) + 301
        )
    dicho = navegador.post("/ingresar/llave", data={**datos, "respuesta": respuesta})
    assert dicho.status_code == 422
    assert "Esa llave no sirve aquí" in dicho.text
    assert navegador.get("/cuenta").status_code == 302


def test_a_key_that_counts_nothing_enters_again_and_again(web: WebKit) -> None:
    llave = Passkey(step=0)
    guardar(web.browser("asesor"), llave)
    assert [entrar(web.browser(), llave).status_code for _vez in range(3)] == [302, 302, 302]


def test_of_an_account_that_is_switched_off_no_key_enters(web: WebKit, llave: Passkey) -> None:
    guardar(web.browser("asesor"), llave)
    with web.session() as s, s.begin():
        s.execute(sa.update(Cuenta).where(Cuenta.usuario == "asesor").values(activo=False))
    assert entrar(web.browser(), llave).status_code == 422


def test_many_tries_from_one_place_are_braked(web: WebKit, llave: Passkey) -> None:
    assert {entrar(web.browser(), llave).status_code for _vez in range(40)} == {422, 429}


def test_putting_one_says_what_is_wrong(web: WebKit, llave: Passkey) -> None:
    asesor = web.browser("asesor")
    assert "Escriba cómo se llama la llave" in guardar(asesor, llave, " ").text
    assert guardar(asesor, Passkey(origin="https://malo.example")).status_code == 422
    assert guardar(asesor, llave).status_code == 302
    assert "ya está en una cuenta" in guardar(web.browser("colega"), llave).text
    for n in range(9):
        assert guardar(asesor, Passkey(id=bytes([n]) * 16)).status_code == 302
    assert "Ya tiene 10 llaves" in guardar(asesor, Passkey(id=b"once")).text


def test_one_that_is_taken_away_enters_no_more(web: WebKit, llave: Passkey) -> None:
    asesor, colega = web.browser("asesor"), web.browser("colega")
    guardar(asesor, llave)
    token = {"csrf_token": csrf(colega.get("/cuenta/llaves").text)}
    assert colega.post("/cuenta/llaves/1/quitar", data=token).status_code == 422, "of somebody else"
    assert (
        asesor.post(
            "/cuenta/llaves/1/quitar", data={"csrf_token": csrf(asesor.get("/cuenta/llaves").text)}
        ).status_code
        == 302
    )
    assert entrar(web.browser(), llave).status_code == 422
    with web.session() as s:
        assert s.scalars(sa.select(LlaveDeAcceso)).all() == []
        assert s.scalars(
            sa.select(Aviso.para).where(Aviso.clave.like("llave_quitada:%"))
        ).all() == ["asesor@ejemplo.test"]


def test_who_lost_them_asks_who_administers(web: WebKit, llave: Passkey) -> None:
    guardar(web.browser("asesor"), llave)
    admin = web.browser("admin")
    pagina = admin.get("/personas/asesor").text
    assert "Tiene 1 llave de acceso: también se quita." in pagina
    datos = {
        "csrf_token": csrf(pagina),
        "motivo": "Perdió el portátil",
        "identificado": "en_persona",
    }
    assert admin.post("/personas/asesor/segundo-factor", data=datos).status_code == 302
    assert entrar(web.browser(), llave).status_code == 422
    assert log_in(web.browser(), "asesor").status_code == 302


@pytest.mark.parametrize(
    "direccion", ["http://127.0.0.1:8000", "http://ventanilla.test", "https://[::1]"]
)
def test_where_browsers_give_none_nothing_is_offered(web: WebKit, direccion: str) -> None:
    put(web.app, base_url=direccion)
    assert "data-llave" not in web.browser().get("/ingresar").text
    asesor = web.browser("asesor")
    token = {"X-CSRFToken": csrf(asesor.get("/cuenta/llaves").text)}
    for ruta in ("/ingresar/llave/opciones", "/cuenta/llaves/opciones"):
        assert asesor.post(ruta, headers=token).status_code == 404
    assert "solo a una dirección con nombre" in asesor.get("/cuenta/llaves").text
