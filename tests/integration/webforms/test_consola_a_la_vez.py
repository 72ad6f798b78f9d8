"""One adviser, two tabs, both pressed at once: one person at the desk (5.2.2). PostgreSQL: on
SQLite writers come one after the other."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from records.visita.tablas import TurnoPeriodo
from tests.kit import public as public_kit
from tests.kit.public import Point
from tests.kit.rivals import side_by_side
from tests.kit.web import csrf, hidden

pytestmark = pytest.mark.postgres
PULSA = Callable[[], int]


@pytest.fixture
def punto(tmp_path: Path, postgres_url: str) -> Iterator[Point]:
    """Two people wait."""
    kit = public_kit.build(tmp_path, postgres_url)
    for quiosco in ("quiosco-1", "quiosco-2"):
        kit.take_turn(kit.device(quiosco))
    yield kit
    kit.web.engine.db.dispose()


def pestana(punto: Point) -> FlaskClient:
    """Of the adviser at desk 3."""
    asesor = punto.web.browser("asesor")
    asesor.post(
        "/atencion/modulo", data={"csrf_token": csrf(asesor.get("/atencion").text), "modulo": "3"}
    )
    return asesor


def boton(asesor: FlaskClient, ruta: str, **mas: str) -> PULSA:
    pagina = asesor.get("/atencion").text
    datos = {
        "csrf_token": csrf(pagina),
        **({"llave": hidden(pagina, "llave")} if mas else {}),
        **mas,
    }
    return lambda: asesor.post(ruta, data=datos).status_code


def siguiente(_punto: Point, una: FlaskClient, otra: FlaskClient) -> list[PULSA]:
    return [boton(pestana, "/atencion/llamar") for pestana in (una, otra)]


def elegidos(punto: Point, una: FlaskClient, otra: FlaskClient) -> list[PULSA]:
    return [
        boton(p, f"/atencion/llamar/{turno.id}", por_que="acordado")
        for p, turno in zip((una, otra), punto.turnos(), strict=True)
    ]


def vuelto_a_llamar(punto: Point, una: FlaskClient, otra: FlaskClient) -> list[PULSA]:
    ausente = punto.turnos()[0]
    punto.call_turn(ausente, "3")
    punto.complete(
        ausente, "act_5_2_2", {"modulo": "3", "resultado_llamado": "ausente"}, "asesor.llamar"
    )
    return [boton(una, f"/atencion/rellamar/{ausente.id}"), boton(otra, "/atencion/llamar")]


DE_PRISA = {"motivo_visita": "servicio_adquirido", "atender": "1", "por_que": "urgencia"}


def sin_turno(_punto: Point, una: FlaskClient, otra: FlaskClient) -> list[PULSA]:
    return [
        boton(una, "/atencion/recibir", **DE_PRISA),
        boton(otra, "/atencion/llamar"),
    ]


@pytest.mark.parametrize("pulsan", [siguiente, elegidos, vuelto_a_llamar, sin_turno])
def test_two_tabs_of_an_adviser_that_call_at_once_bring_one_person(
    punto: Point, pulsan: Callable[[Point, FlaskClient, FlaskClient], list[PULSA]]
) -> None:
    acts = pulsan(punto, pestana(punto), pestana(punto))
    assert side_by_side(punto.web.engine.db, ["turno"], acts) == [302, 302]
    with punto.web.session() as s:
        en_el_modulo = s.scalars(
            sa.select(TurnoPeriodo.turno_id).where(
                TurnoPeriodo.fin.is_(None),
                TurnoPeriodo.estado.in_(("llamado", "atencion")),
                TurnoPeriodo.asesor_id == "asesor",
            )
        ).all()
    assert len(en_el_modulo) == 1, en_el_modulo
