"""The share of ratings that advisers typed, and what an adviser may see of the own ones."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from records import calificaciones
from records import turnos
from records.actos import Acto
from tests.kit import records as kit


@pytest.fixture
def session() -> Iterator[Session]:
    with kit.in_memory() as abierta:
        yield abierta


def calificar(session: Session, valor: int | None, *, por_asesor: bool = False) -> None:
    turno = kit.turno(session)
    turnos.registrar_llamado(session, turno.id, "3", Acto(kit.ASESOR, kit.at(1)))
    turnos.registrar_resultado(session, turno.id, "3", Acto(kit.ASESOR, kit.at(2)), atendido=True)
    nueva = calificaciones.NuevaCalificacion(valor, por_asesor=por_asesor)
    calificaciones.registrar_calificacion(session, turno.id, nueva, Acto(kit.ASESOR, kit.at(9)))


def test_the_share_of_spoken_ratings_is_of_those_that_were_given(session: Session) -> None:
    for valor, dicha in ((5, True), (4, False), (3, False), (2, False), (None, True)):
        calificar(session, valor, por_asesor=dicha)
    [punto] = calificaciones.por_punto(session, kit.at(0))
    assert (punto.de, punto.pedidas, punto.dadas, punto.dictadas, punto.parte_dictada) == (kit.PUNTO, 5, 4, 1, 0.25)
    [asesor] = calificaciones.por_asesor(session, kit.at(0))
    assert (asesor.de, asesor.media) == (kit.ASESOR, None), "four do not hide who gave which"
    assert calificaciones.por_punto(session, kit.at(10)) == []
    assert calificaciones.por_punto(session, kit.at(0), kit.at(9)) == []
    for _n in range(6):
        calificar(session, 5)
    assert [c.media for c in calificaciones.por_asesor(session, kit.at(0), kit.at(10))] == [4.4]


def test_an_adviser_sees_the_own_mean_after_ten_ratings(session: Session) -> None:
    for _n in range(9):
        calificar(session, 4)
    calificar(session, None)
    assert (calificaciones.propias(session, kit.ASESOR, kit.at(0)).media, calificaciones.propias(session, "otra", kit.at(0)).dadas) == (
        None,
        0,
    )
    calificar(session, 4)
    assert calificaciones.propias(session, kit.ASESOR, kit.at(0)).media == 4.0
