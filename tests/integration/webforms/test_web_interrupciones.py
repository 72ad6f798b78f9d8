"""The database is away or full: people read what happened, keep what they typed, and their second
press is enough."""

import html
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.kit import diagrams as m, web as web_kit
from tests.kit.cast import CLAVE
from tests.kit.web import WebKit, csrf, hidden, task_form

LARGO = "El pago <de octubre> está en el banco & falta aplicarlo. " * 60
CAMPOS = ("uno", "dos", "tres")
ESCRITO = {campo: f"{campo} {LARGO.strip()}" for campo in CAMPOS}
ENTERO = 1_073_741_823  # pages


class Disco:
    """How many pages the SQLite file may have, for every connection that is taken from the pool."""

    def __init__(self, db: sa.Engine) -> None:
        self.db, self.paginas = db, ENTERO

        @sa.event.listens_for(db, "checkout")
        def _limitar(conexion: Any, _registro: object, _prestada: object) -> None:
            conexion.execute(f"PRAGMA max_page_count={self.paginas}")

    def lleno(self) -> None:
        with self.db.connect() as conexion:
            self.paginas = int(conexion.exec_driver_sql("PRAGMA page_count").scalar_one())

    def con_espacio(self) -> None:
        self.paginas = ENTERO


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url)
    nodos = (
        m.start("ini")
        + m.user("escribir", fields=" ".join(f"{campo}:longtext!" for campo in CAMPOS))
        + m.user("leer")
        + m.end("fin")
    )
    carril = m.lane("l1", "asesor", "punto_id", "ini", "escribir", "leer", "fin")
    cuerpo = nodos + m.flows("ini > escribir > leer > fin")
    kit.deploy(
        {"prueba.bpmn": m.model(m.process("prueba", cuerpo, lanes=carril, variables="punto_id"))}
    )
    yield kit
    kit.engine.db.dispose()


def llenado(cliente: FlaskClient, tarea: str) -> dict[str, str]:
    pagina = cliente.get(f"/tarea/{tarea}").text
    return {"csrf_token": csrf(pagina), "_firma": hidden(task_form(pagina), "_firma"), **ESCRITO}


def del_formulario(pagina: str) -> dict[str, str]:
    """What a press on the page's only form sends."""
    formulario = pagina[pagina.index("<form") : pagina.index("</form>")]
    campos = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', formulario)
    return {html.unescape(nombre): html.unescape(valor) for nombre, valor in campos}


def test_a_full_disk_is_said_in_words_and_the_form_is_sent_again_from_that_page(
    web: WebKit,
) -> None:
    tarea, cliente, disco = (
        web.begin("prueba", {"punto_id": "BOG-AGU"}),
        web.browser("asesor"),
        Disco(web.engine.db),
    )
    datos = llenado(cliente, tarea)
    disco.lleno()
    respuesta = cliente.post(f"/tarea/{tarea}", data=datos)
    assert respuesta.status_code == 503
    assert respuesta.headers["Retry-After"]
    assert "sin espacio para guardar" in respuesta.text
    assert "Su texto no se perdió" in respuesta.text
    assert html.escape(ESCRITO["dos"], quote=False) in respuesta.text
    assert del_formulario(respuesta.text) == datos
    disco.con_espacio()
    assert cliente.post(f"/tarea/{tarea}", data=del_formulario(respuesta.text)).status_code == 302
    assert web.submitted(tarea) == ESCRITO


def test_nothing_is_half_saved_when_the_disk_is_full(web: WebKit) -> None:
    tarea, cliente, disco = (
        web.begin("prueba", {"punto_id": "BOG-AGU"}),
        web.browser("asesor"),
        Disco(web.engine.db),
    )
    datos = llenado(cliente, tarea)
    tablas = ("instance", "journal", "submission", "work_item", "outbox", "snapshot")

    def todo() -> list[list[Any]]:
        with web.engine.db.connect() as conexion:
            return [
                [
                    tuple(fila)
                    for fila in conexion.execute(
                        sa.select(sa.text("*")).select_from(sa.table(tabla))
                    )
                ]
                for tabla in tablas
            ]

    antes = todo()
    disco.lleno()
    assert cliente.post(f"/tarea/{tarea}", data=datos).status_code == 503
    assert todo() == antes


def test_a_page_that_cannot_be_read_offers_the_same_address_again(web: WebKit) -> None:
    cliente = web.browser("asesor")
    with Falla(web.engine.db, sa.exc.OperationalError("SELECT 1", {}, _sin_servidor())):
        respuesta = cliente.get("/bandeja?orden=vence")
        autoguardado = cliente.get("/bandeja", headers={"Accept": "application/json"})
    assert respuesta.status_code == 503
    assert 'href="/bandeja?orden=vence"' in respuesta.text
    assert "Traceback" not in respuesta.text
    assert autoguardado.status_code == 503
    assert autoguardado.json is not None
    assert "Inténtelo otra vez" in autoguardado.json["mensaje"]


def test_a_login_during_an_outage_does_not_put_the_password_on_the_page(web: WebKit) -> None:
    cliente = web.browser()
    token = csrf(cliente.get("/ingresar").text)
    with Falla(web.engine.db, sa.exc.OperationalError("SELECT 1", {}, _sin_servidor())):
        respuesta = cliente.post(
            "/ingresar", data={"csrf_token": token, "usuario": "asesor", "clave": CLAVE}
        )
    assert respuesta.status_code == 503
    assert CLAVE not in respuesta.text


def test_a_login_that_failed_at_any_of_its_writings_is_sent_again_from_the_same_page(
    web: WebKit,
) -> None:
    """The token of the form stays good: the cookie changes when everything is written, not
    before."""
    cuando, escritas = 0, 0

    @sa.event.listens_for(web.engine.db, "before_cursor_execute")
    def _falla_una(_conexion: object, _cursor: object, sentencia: str, *_resto: object) -> None:
        nonlocal escritas
        escritas += sentencia.startswith(("INSERT", "UPDATE", "DELETE"))
        if cuando and escritas >= cuando:
            lleno = sqlite3.OperationalError("database or disk is full")
            lleno.sqlite_errorname = "SQLITE_FULL"
            raise sa.exc.OperationalError(sentencia, {}, lleno)

    codigos: list[int] = []
    while not codigos or codigos[-1] == 503:
        cliente = web.browser()
        datos = {
            "csrf_token": csrf(cliente.get("/ingresar").text),
            "usuario": "asesor",
            "clave": CLAVE,
        }
        cuando, escritas = len(codigos) + 1, 0
        codigos.append(cliente.post("/ingresar", data=datos).status_code)
        cuando = 0
        assert cliente.post("/ingresar", data=datos).status_code == 302, (
            f"after writing {len(codigos)} of it failed"
        )
    assert codigos[-1] == 302
    assert len(codigos) > 4, "counters, account, access, login"


def test_an_outage_while_the_password_is_changed_shows_none_of_the_three_and_leads_back_to_the_account(
    web: WebKit,
) -> None:
    cliente = web.browser("asesor")
    datos = {
        "csrf_token": csrf(cliente.get("/cuenta").text),
        "clave_actual": CLAVE,
        "clave": "otra nueva",
        "clave_otra": "otra nuevá",
    }
    with Falla(web.engine.db, sa.exc.OperationalError("SELECT 1", {}, _sin_servidor())):
        respuesta = cliente.post("/cuenta/clave", data=datos)
    assert respuesta.status_code == 503
    assert not [
        secreto for secreto in (CLAVE, "otra nueva", "otra nuevá") if secreto in respuesta.text
    ]
    assert 'href="/cuenta/clave"' in respuesta.text
    assert cliente.get("/cuenta/clave").location == "/cuenta"


def test_a_statement_that_is_wrong_stays_an_error_of_ours(web: WebKit) -> None:
    cliente = web.browser("asesor")
    with web.engine.db.begin() as conexion:
        conexion.exec_driver_sql("ALTER TABLE cuenta RENAME TO otra")
    respuesta = cliente.get("/bandeja")
    assert respuesta.status_code == 500
    assert "Número del problema" in respuesta.text


def _sin_servidor() -> Exception:
    return ConnectionError("connection refused")


class Falla:
    """Every new connection or statement fails while it is on."""

    def __init__(self, db: sa.Engine, error: Exception) -> None:
        self.db, self.error = db, error

    def _fail(self, *_args: object) -> None:
        raise self.error

    def __enter__(self) -> None:
        sa.event.listen(self.db, "begin", self._fail, insert=True)

    def __exit__(self, *_error: object) -> None:
        sa.event.remove(self.db, "begin", self._fail)
