"""The share of ratings that advisers typed, and what an adviser may see of the own ones."""

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.visita import calificaciones, turnos
from tests.kit import records as kit


@pytest.fixture
def session() -> Iterator[Session]:
    with kit.in_memory() as abierta:
        yield abierta


def calificar(
    session: Session,
    valor: int | None,
    *,
    quien: str = kit.ASESOR,
    punto: str = kit.PUNTO,
    por_asesor: bool = False,
) -> None:
    turno = kit.turno(session, punto_id=punto)
    turnos.registrar_llamado(session, turno.id, "3", Acto(quien, kit.at(1)))
    turnos.registrar_resultado(session, turno.id, "3", Acto(quien, kit.at(2)), atendido=True)
    nueva = calificaciones.NuevaCalificacion(valor, por_asesor=por_asesor)
    calificaciones.registrar_calificacion(session, turno.id, nueva, Acto(quien, kit.at(9)))


#: The ratings of these tests are of 24 November.
NOVIEMBRE = (dt.date(2026, 11, 1), dt.date(2026, 11, 30))
DICIEMBRE = kit.at(60 * 24 * 10)


def test_the_share_of_spoken_ratings_is_of_those_that_were_given(session: Session) -> None:
    for valor, dicha in ((5, True), (4, False), (3, False), (2, False), (None, True)):
        calificar(session, valor, por_asesor=dicha)
    visto = calificaciones.calificadas(session, *NOVIEMBRE, DICIEMBRE)
    [punto] = visto.por_punto
    assert (punto.de, punto.pedidas, punto.dadas, punto.dictadas, punto.parte_dictada) == (
        kit.PUNTO,
        5,
        4,
        1,
        0.25,
    )
    [asesor] = visto.por_asesor
    assert (asesor.de, asesor.media) == (kit.ASESOR, None), "four do not hide who gave which"
    for dia in (dt.date(2026, 11, 23), dt.date(2026, 11, 25)):
        assert calificaciones.calificadas(session, dia, dia, DICIEMBRE).por_punto == ()
    for _n in range(6):
        calificar(session, 5)
    assert [
        c.media for c in calificaciones.calificadas(session, *NOVIEMBRE, DICIEMBRE).por_asesor
    ] == [4.4]


def test_means_are_of_whole_months_only_for_two_that_overlap_tell_who_gave_the_difference(
    session: Session,
) -> None:
    for _n in range(12):
        calificar(session, 4)
    primero, ultimo = NOVIEMBRE
    for desde, hasta, now in (
        (primero, ultimo, kit.at(0)),  # it has not ended
        (primero, dt.date(2026, 11, 29), DICIEMBRE),
        (dt.date(2026, 11, 2), ultimo, DICIEMBRE),
        (dt.date(2026, 10, 1), ultimo, DICIEMBRE),
        (dt.date(2026, 11, 24), dt.date(2026, 11, 24), DICIEMBRE),
    ):
        visto = calificaciones.calificadas(session, desde, hasta, now)
        assert [c.media for c in (*visto.por_punto, *visto.por_asesor)] == [None, None]
        assert [c.dadas for c in visto.por_asesor] == [12]
    assert [
        c.media for c in calificaciones.calificadas(session, *NOVIEMBRE, DICIEMBRE).por_punto
    ] == [4.0]


@pytest.mark.parametrize(("resto", "media"), [(0, 4.0), (1, None), (9, None), (10, 3.0)])
def test_a_point_without_its_advisers_tells_nobody_s_rating(
    session: Session, resto: int, media: float | None
) -> None:
    """Ten of one adviser, and of others who have no mean: what is left of the point after
    subtracting is nobody or ten."""
    for _n in range(10):
        calificar(session, 4)
    for n in range(resto):
        calificar(session, 2, quien=f"asesor.bog{2 + n % 2:02}")
    visto = calificaciones.calificadas(session, *NOVIEMBRE, DICIEMBRE)
    assert [(c.dadas, c.media) for c in visto.por_punto] == [(10 + resto, media)]
    assert [c.media for c in visto.por_asesor if c.de == kit.ASESOR] == [4.0]


def test_who_works_at_two_points_has_a_line_for_each(session: Session) -> None:
    """One mean of both would tell the one rating of the second point."""
    for _n in range(10):
        calificar(session, 4)
    calificar(session, 1, punto="PSO-CEN")
    visto = calificaciones.calificadas(session, *NOVIEMBRE, DICIEMBRE)
    assert [(c.punto, c.dadas, c.media) for c in visto.por_asesor] == [
        (kit.PUNTO, 10, 4.0),
        ("PSO-CEN", 1, None),
    ]
    assert [(c.de, c.media) for c in visto.por_punto] == [(kit.PUNTO, 4.0), ("PSO-CEN", None)]


def test_an_adviser_sees_the_own_mean_of_the_month_that_ended_from_ten_ratings_on(
    session: Session,
) -> None:
    for _n in range(9):
        calificar(session, 4)
    calificar(session, None)
    primero, suyas = calificaciones.propias(session, kit.ASESOR, DICIEMBRE)
    assert (primero, suyas.dadas, suyas.media) == (NOVIEMBRE[0], 9, None)
    assert calificaciones.propias(session, "otra", DICIEMBRE)[1].dadas == 0
    calificar(session, 4)
    assert calificaciones.propias(session, kit.ASESOR, DICIEMBRE)[1].media == 4.0
    assert calificaciones.propias(session, kit.ASESOR, kit.at(0))[1].media is None, (
        "this month has not ended"
    )
