"""A page is one read session: what it shows was true at one moment, and no second connection is
taken while it is made."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from engine.store.uow import UnitOfWork
from tests.kit import public as public_kit
from tests.kit.public import Point


@pytest.fixture
def punto(tmp_path: Path, sqlite_url: str) -> Iterator[Point]:
    kit = public_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.web.engine.db.dispose()


@pytest.fixture
def lecturas(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many read sessions were opened, in one number that the test sets back."""
    cuantas = [0]
    abrir = UnitOfWork.reading

    def contada(uow: UnitOfWork) -> AbstractContextManager[object]:
        cuantas[0] += 1
        return abrir(uow)

    monkeypatch.setattr(UnitOfWork, "reading", contada)
    return cuantas


def mirar(punto: Point, lecturas: list[int], usuario: str, ruta: str) -> int:
    cliente = punto.web.browser(usuario)
    lecturas[0] = 0
    respuesta = cliente.get(ruta)
    assert respuesta.status_code == 200, (ruta, respuesta.status_code)
    return lecturas[0]


def test_pages_of_the_attention_and_of_a_case_are_one_read_session_each(
    punto: Point, lecturas: list[int]
) -> None:
    assert mirar(punto, lecturas, "asesor", "/atencion") == 1  # the queue
    punto.take_turn(punto.device("quiosco-1"))
    turno = punto.turnos()[0]
    punto.call_turn(turno, "3")
    assert mirar(punto, lecturas, "asesor", "/atencion") == 1  # the activity in its frame
    tarea = f"/tarea/{punto.open_item(turno, 'act_5_2_2').id}"
    caso = f"/caso/{turno.case_key}"
    paginas = [tarea, f"{tarea}?volver=consola", "/bandeja", "/casos", "/borradores", caso]
    paginas += [f"{caso}/{parte}" for parte in ("historia", "diagrama")]
    assert {ruta: mirar(punto, lecturas, "asesor", ruta) for ruta in paginas} == dict.fromkeys(
        paginas, 1
    )
    de_operacion = [f"{caso}/operar", "/suspendidos"]
    assert {
        ruta: mirar(punto, lecturas, "coordinador", ruta) for ruta in de_operacion
    } == dict.fromkeys(de_operacion, 1)
    assert mirar(punto, lecturas, "revisor", "/cumplimiento") == 1


@pytest.mark.parametrize(
    "ruta",
    [
        "/procesos/",
        "/procesos/escalonamiento.bpmn",
        "/procesos/escalonamiento.bpmn/editar",
        "/administracion/programaciones/",
    ],
)
def test_pages_of_the_analysts_are_one_read_session_each(
    punto: Point, lecturas: list[int], ruta: str
) -> None:
    assert mirar(punto, lecturas, "analista", ruta) <= 1
