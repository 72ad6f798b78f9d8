"""The adviser's console beside its forms: the clock of the attention, what a call costs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from records.tables import Turno
from tests.kit import public as public_kit
from tests.kit.public import Point
from tests.kit.statements import Cost
from tests.kit.statements import counting
from tests.kit.web import csrf


@pytest.fixture
def punto(tmp_path: Path, sqlite_url: str) -> Iterator[Point]:
    kit = public_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.web.engine.db.dispose()


def test_the_adviser_pauses_the_attention_and_goes_on_from_the_same_console(punto: Point) -> None:
    punto.take_turn(punto.device("quiosco-1"))
    turno = punto.turnos()[0]
    punto.call_turn(turno, "3")
    punto.complete(turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "atendido"}, "asesor.llamar")
    asesor = punto.web.browser("asesor")
    for boton, estado in (("Pausar", "pausa"), ("Reanudar", "atencion")):
        pagina = asesor.get("/atencion").text
        assert boton in pagina
        respuesta = asesor.post(f"/atencion/pausar/{turno.id}", data={"csrf_token": csrf(pagina)})
        assert respuesta.status_code == 302
        assert [t.estado for t in punto.turnos()] == [estado]


def test_a_colleague_s_attention_cannot_be_paused(punto: Point) -> None:
    punto.take_turn(punto.device("quiosco-1"))
    turno = punto.turnos()[0]
    punto.call_turn(turno, "3")
    punto.complete(turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "atendido"}, "asesor.llamar")
    colega = punto.web.browser("colega")
    respuesta = colega.post(f"/atencion/pausar/{turno.id}", data={"csrf_token": csrf(colega.get("/atencion").text)})
    assert respuesta.status_code == 404
    assert [t.estado for t in punto.turnos()] == ["atencion"]


def pulsar(punto: Point, asesor: FlaskClient, ruta: str, **datos: str) -> Cost:
    """What a button of the console costs, from the press to the redirect."""
    prueba = csrf(asesor.get("/atencion").text)
    with counting(punto.web.engine.db) as gasto:
        assert asesor.post(ruta, data={"csrf_token": prueba, **datos}).status_code == 302
    return gasto


def en_el_modulo_3(punto: Point) -> FlaskClient:
    asesor = punto.web.browser("asesor")
    datos = {"csrf_token": csrf(asesor.get("/atencion").text), "modulo": "3"}
    assert asesor.post("/atencion/modulo", data=datos).status_code == 302
    return asesor


def test_calling_and_calling_again_are_one_commit_each(punto: Point) -> None:
    """5.2.2: the taken task and the call on the board are one fact; a crash between two commits would leave half of it."""
    punto.take_turn(punto.device("quiosco-1"))
    asesor = en_el_modulo_3(punto)
    assert pulsar(punto, asesor, "/atencion/llamar").written == 1
    turno = punto.turnos()[0]
    assert turno.n_llamados == 1

    punto.complete(turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "ausente"}, "asesor.llamar")
    punto.wait(minutes=2)
    item = punto.open_item(turno, "act_5_2_2")
    assert item.claimed_by is None
    assert pulsar(punto, asesor, f"/atencion/rellamar/{item.id}").written == 1
    assert punto.open_item(turno, "act_5_2_2").claimed_by == "asesor"
    assert punto.turnos()[0].n_llamados == 2


def test_a_call_again_that_cannot_be_noted_takes_nothing(punto: Point) -> None:
    """Both or none: while the turn is closed, the task stays free."""
    punto.take_turn(punto.device("quiosco-1"))
    turno = punto.turnos()[0]
    punto.call_turn(turno, "3")
    punto.complete(turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "ausente"}, "asesor.llamar")
    punto.wait(minutes=2)
    asesor = en_el_modulo_3(punto)
    item = punto.open_item(turno, "act_5_2_2")
    with punto.web.session() as s:
        s.execute(sa.update(Turno).where(Turno.id == turno.id).values(estado="cerrado"))
        s.commit()
    assert pulsar(punto, asesor, f"/atencion/rellamar/{item.id}").written == 0
    assert punto.open_item(turno, "act_5_2_2").claimed_by is None


def test_attending_a_person_at_once_is_one_commit(punto: Point) -> None:
    """«Atender ya»: visit, turn, call and taken task are one fact; a crash between two commits would leave a turn that nobody called."""
    asesor = en_el_modulo_3(punto)
    gasto = pulsar(punto, asesor, "/atencion/recibir", llave="k1", atender="1", motivo_visita="servicio_adquirido")
    assert gasto.written == 1
    turno = punto.turnos()[0]
    assert (turno.estado, turno.n_llamados) == ("llamado", 1)
    assert punto.open_item(turno, "act_5_2_2").claimed_by == "asesor"

    assert pulsar(punto, asesor, "/atencion/recibir", llave="k1", atender="1", motivo_visita="servicio_adquirido").written == 0
    assert len(punto.turnos()) == 1  # pressed twice


def test_who_is_busy_puts_the_next_person_into_the_queue(punto: Point) -> None:
    asesor = en_el_modulo_3(punto)
    for llave in ("k1", "k2"):
        assert pulsar(punto, asesor, "/atencion/recibir", llave=llave, atender="1", motivo_visita="servicio_adquirido").written == 1
    assert [t.estado for t in punto.turnos()] == ["llamado", "espera"]
