"""The duties of a month: the days that the procedure and the calendar give them, and what is done,
late, to come, or not on record."""

import datetime as dt
from collections.abc import Iterator

import pytest
from hypothesis import given, strategies as st

from records.plazos.reglas.calendario import (
    ZONA,
    Descanso,
    dia_local,
    es_habil,
    festivos,
    regir,
    ultimo_dia,
)
from records.plazos.reglas.obligaciones import (
    HECHA,
    NO_CONSTA,
    PENDIENTE,
    VENCIDA,
    Clase,
    Compromiso,
    Convocada,
    Entrega,
    Hechos,
    Obligacion,
    Reunido,
    casilla,
    cierre_de_auditoria,
    limite_de_reportes,
    obligaciones,
    relevo_de_accesos,
    relevo_de_fallas,
    semanas,
    ventana,
)
from tests.kit.clock import local

pytestmark = pytest.mark.usefixtures("everywhere")

NOVIEMBRE, ENERO = dt.date(2026, 11, 1), dt.date(2027, 1, 1)
FIN = (23, 59, 59)


def de(todas: list[Obligacion], clase: Clase) -> list[tuple[dt.datetime | None, str, str]]:
    return [(o.cuando, o.estado, o.de) for o in todas if o.clase is clase]


# --- the reports of a month (5.2.23–5.2.26) -------------------------------------------------------
def test_reports_are_due_on_the_fifth_business_day_of_a_month_that_begins_with_a_holiday() -> None:
    inicios = {Clase.CIERRE: [local(2026, 11, 1, 6), local(2026, 12, 1, 6)]}
    hechos = Hechos(cerrados=frozenset({"2026-10"}), reportes={"2026-10": (14, 23)})
    todas = obligaciones(inicios, hechos, local(2026, 11, 6, 16))
    assert de(todas, Clase.CIERRE) == [
        (local(2026, 11, 1, 6), HECHA, "2026-10"),
        (local(2026, 12, 1, 6), PENDIENTE, "2026-11"),
    ]
    octubre, noviembre = [o for o in todas if o.clase is Clase.REPORTES]
    assert (octubre.cuando, octubre.estado, octubre.hechos, octubre.total) == (
        local(2026, 11, 9, *FIN),
        PENDIENTE,
        14,
        23,
    )
    assert octubre.porque is not None
    assert octubre.porque.festivos == (
        (dt.date(2026, 11, 2), festivos(2026)[dt.date(2026, 11, 2)]),
    )
    assert noviembre.cuando == local(2026, 12, 7, *FIN), (
        "what the calendar is still to start is told with its term"
    )

    tarde = obligaciones(inicios, hechos, local(2026, 11, 10))
    assert de(tarde, Clase.REPORTES)[0][1] == VENCIDA
    todos = Hechos(cerrados=frozenset({"2026-10"}), reportes={"2026-10": (23, 23)})
    assert de(obligaciones(inicios, todos, local(2026, 11, 10)), Clase.REPORTES)[0][1] == HECHA


def test_january_closes_december_of_the_year_before() -> None:
    """New Year is a holiday on which a month is closed all the same; the three kings move to the
    11th."""
    inicios = {Clase.CIERRE: [local(2027, 1, 1, 6)]}
    todas = obligaciones(inicios, Hechos(), local(2026, 12, 31))
    assert [(o.clase, o.cuando, o.de) for o in todas] == [
        (Clase.CIERRE, local(2027, 1, 1, 6), "2026-12"),
        (Clase.REPORTES, local(2027, 1, 8, *FIN), "2026-12"),
    ]


def test_a_month_without_turns_owes_no_report_and_one_that_nobody_closed_is_late() -> None:
    inicios, now = {Clase.CIERRE: [local(2026, 11, 1, 6)]}, local(2026, 11, 20)
    sin_turnos = obligaciones(inicios, Hechos(cerrados=frozenset({"2026-10"})), now)
    assert [(o.clase, o.estado) for o in sin_turnos] == [(Clase.CIERRE, HECHA)]
    olvidado = obligaciones(inicios, Hechos(por_cerrar=frozenset({"2026-10"})), now)
    assert [(o.clase, o.estado) for o in olvidado] == [(Clase.CIERRE, VENCIDA)]
    antes_de_todo = obligaciones(inicios, Hechos(), now)
    assert [(o.clase, o.estado) for o in antes_de_todo] == [(Clase.CIERRE, NO_CONSTA)]


# --- audits (5.2.27–5.2.29) -----------------------------------------------------------------------
def test_an_audit_runs_from_its_monday_to_its_friday_across_the_years() -> None:
    lunes = [local(2026, 12, 21, 7), local(2026, 12, 28, 7), local(2027, 1, 4, 7)]
    hechos = Hechos(auditorias={"2026-W53": (local(2027, 1, 1, 17), False)})
    todas = obligaciones({Clase.MUESTRA: lunes}, hechos, local(2027, 1, 2))
    assert de(todas, Clase.MUESTRA) == [
        (lunes[0], NO_CONSTA, "2026-W52"),
        (lunes[1], HECHA, "2026-W53"),
        (lunes[2], PENDIENTE, "2027-W01"),
    ]
    assert de(todas, Clase.AUDITORIA) == [
        (local(2027, 1, 1, 17), VENCIDA, "2026-W53"),
        (local(2027, 1, 8, 17), PENDIENTE, "2027-W01"),
    ], "of a week that nobody audited nothing is closed"
    hecha = Hechos(auditorias={"2026-W53": (local(2027, 1, 1, 17), True)})
    assert (
        de(obligaciones({Clase.MUESTRA: lunes[1:2]}, hecha, local(2027, 1, 2)), Clase.AUDITORIA)[0][
            1
        ]
        == HECHA
    )


# --- the committee (5.2.30, 5.2.31) ---------------------------------------------------------------
def test_a_committee_that_is_to_come_is_told_with_the_terms_that_follow() -> None:
    octavo = local(2026, 11, 12, 8)
    todas = obligaciones({Clase.COMITE: [octavo]}, Hechos(), local(2026, 11, 3))
    assert [(o.clase, o.cuando) for o in todas] == [
        (Clase.COMITE, octavo),
        (Clase.RESPUESTAS, local(2026, 11, 20, *FIN)),  # the 16th is a holiday
        (Clase.SESION, None),
    ]


@pytest.mark.parametrize(
    ("reunido", "sesiones", "esperado"),
    [
        # informative: nothing to answer (Q21)
        (Reunido(local(2026, 11, 12, 8), 0, 0, convocado=True), (), [HECHA]),
        (Reunido(local(2026, 11, 12, 8), 5, 3, convocado=False), (), [HECHA, VENCIDA, PENDIENTE]),
        (
            Reunido(local(2026, 11, 12, 8), 5, 5, convocado=True),
            (Convocada("2026-11", local(2026, 11, 18), local(2026, 11, 23, *FIN), cerrada=True),),
            [HECHA, HECHA, HECHA],
        ),
        (
            Reunido(local(2026, 11, 12, 8), 5, 5, convocado=True),
            (Convocada("2026-11", local(2026, 11, 18), local(2026, 11, 23, *FIN), cerrada=False),),
            [HECHA, HECHA, VENCIDA],
        ),
    ],
)
def test_what_a_committee_owes_is_as_far_as_it_is(
    reunido: Reunido, sesiones: tuple[Convocada, ...], esperado: list[str]
) -> None:
    hechos = Hechos(comites={"2026-11": reunido}, sesiones=sesiones)
    todas = obligaciones({Clase.COMITE: [local(2026, 11, 12, 8)]}, hechos, local(2026, 11, 26))
    assert [o.estado for o in todas] == esperado


def test_a_committee_that_never_met_owes_no_answers_and_an_action_has_its_own_day() -> None:
    compromisos = (
        Compromiso("H-063", dt.date(2026, 11, 25), cerrada=False),
        Compromiso("H-064", dt.date(2026, 11, 20), cerrada=True),
    )
    todas = obligaciones(
        {Clase.COMITE: [local(2026, 11, 12, 8)]},
        Hechos(compromisos=compromisos),
        local(2026, 11, 26),
    )
    assert [(o.clase, o.estado, o.de) for o in todas] == [
        (Clase.COMITE, NO_CONSTA, "2026-11"),
        (Clase.ACCION, HECHA, "H-064"),
        (Clase.ACCION, VENCIDA, "H-063"),
    ]


# --- delivery (5.2.32) ----------------------------------------------------------------------------
def test_a_delivery_waits_for_the_joined_report_then_has_two_days_and_its_receipts_three() -> None:
    debido = {"2026-10": (23, 23)}
    antes = obligaciones({}, Hechos(reportes=debido), local(2026, 11, 10))
    assert [(o.clase, o.cuando, o.de) for o in antes] == [(Clase.REMITIR, None, "2026-10")]

    entrega = Entrega(
        "2026-10",
        local(2026, 11, 12, 9),
        de=6,
        remitidos=6,
        acusados=4,
        remitido=local(2026, 11, 13, 10),
    )
    todas = obligaciones({}, Hechos(reportes=debido, entregas=(entrega,)), local(2026, 11, 19, 8))
    assert [(o.clase, o.cuando, o.estado, o.hechos, o.total) for o in todas] == [
        (Clase.REMITIR, local(2026, 11, 17, *FIN), HECHA, 6, 6),
        (Clase.ACUSE, local(2026, 11, 19, *FIN), PENDIENTE, 4, 6),
    ]
    tarde = obligaciones({}, Hechos(entregas=(entrega,)), local(2026, 11, 20))
    assert de(tarde, Clase.ACUSE)[0][1] == VENCIDA, "nothing counts as received by time"


# --- controls of section 6 ------------------------------------------------------------------------
def test_a_review_that_nobody_ended_is_late_when_the_next_one_begins() -> None:
    martes = local(2026, 11, 17, 7)  # the Monday is a holiday
    assert relevo_de_accesos(dt.date(2026, 11, 17)) == local(2026, 11, 23, 6, 55)
    assert relevo_de_fallas(dt.date(2026, 11, 13)) == local(2026, 11, 17, 7, 25)
    inicios = {Clase.ACCESOS: [martes], Clase.FALLAS: [local(2026, 11, 13, 7, 30)]}
    abiertas = Hechos(accesos={"2026-W47": False}, fallas={dt.date(2026, 11, 13): False})
    assert [o.estado for o in obligaciones(inicios, abiertas, local(2026, 11, 17, 7))] == [
        PENDIENTE,
        PENDIENTE,
    ]
    assert [o.estado for o in obligaciones(inicios, abiertas, local(2026, 11, 23, 7))] == [
        VENCIDA,
        VENCIDA,
    ]
    hechas = Hechos(accesos={"2026-W47": True}, fallas={dt.date(2026, 11, 13): True})
    assert [o.estado for o in obligaciones(inicios, hechas, local(2026, 11, 23, 7))] == [
        HECHA,
        HECHA,
    ]
    assert [o.estado for o in obligaciones(inicios, Hechos(), local(2026, 11, 23, 7))] == [
        NO_CONSTA,
        NO_CONSTA,
    ]
    assert [o.estado for o in obligaciones(inicios, Hechos(), local(2026, 11, 13, 7))] == [
        PENDIENTE,
        PENDIENTE,
    ]


# --- the table ------------------------------------------------------------------------------------
def test_the_weeks_of_a_month_are_those_with_one_of_its_week_days() -> None:
    assert [fila[0] for fila in semanas(NOVIEMBRE)] == [
        dt.date(2026, 11, d) for d in (2, 9, 16, 23, 30)
    ]
    assert [fila[0] for fila in semanas(ENERO)] == [
        dt.date(2026, 12, 28),
        *(dt.date(2027, 1, d) for d in (4, 11, 18, 25)),
    ]
    assert casilla(dt.date(2026, 11, 1), semanas(NOVIEMBRE)) == dt.date(2026, 11, 2), (
        "a Sunday before its first week"
    )
    assert casilla(dt.date(2027, 1, 31), semanas(ENERO)) == dt.date(2027, 1, 29), (
        "a Sunday after its last week"
    )
    assert ventana(NOVIEMBRE) == (local(2026, 11, 1), local(2026, 12, 5))


@pytest.fixture
def como_antes() -> Iterator[None]:
    yield
    regir(())


@pytest.mark.usefixtures("como_antes")
def test_the_weeks_have_the_days_on_which_the_agency_does_not_rest() -> None:
    regir((), [Descanso(dt.date(2026, 1, 1), frozenset({4, 5}))])
    assert [(fila[0], fila[-1], len(fila)) for fila in semanas(NOVIEMBRE)] == [
        (dt.date(2026, 11, d), dt.date(2026, 11, d + 4), 5) for d in (1, 8, 15, 22)
    ] + [(dt.date(2026, 11, 29), dt.date(2026, 12, 3), 5)]
    assert casilla(dt.date(2026, 11, 6), semanas(NOVIEMBRE)) == dt.date(2026, 11, 8), (
        "a Friday: the Sunday after it"
    )
    regir((), [Descanso(dt.date(2026, 1, 1), frozenset({6}))])
    assert [fila[0] for fila in semanas(NOVIEMBRE)] == [
        dt.date(2026, 11, d) for d in (2, 9, 16, 23, 30)
    ]
    assert {d.weekday() for fila in semanas(NOVIEMBRE) for d in fila} == set(range(6))
    regir((), [Descanso(dt.date(2026, 11, 16), frozenset({4, 5}))])
    assert {d.weekday() for fila in semanas(NOVIEMBRE) for d in fila} == {0, 1, 2, 3, 4, 6}, (
        "Saturday rests all the month, Friday in a part"
    )


@pytest.mark.usefixtures("como_antes")
@given(
    st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31)),
    st.frozensets(st.integers(0, 6), min_size=1, max_size=6),
)
def test_every_day_of_the_window_has_its_place_whatever_rests(
    dia: dt.date, descansan: frozenset[int]
) -> None:
    regir((), [Descanso(dt.date(2020, 1, 1), descansan)])
    mes = dia.replace(day=1)
    filas, (desde, hasta) = semanas(mes), ventana(mes)
    mostrados = {d for fila in filas for d in fila}
    assert not any(d.weekday() in descansan for d in mostrados)
    assert dia in mostrados or dia.weekday() in descansan
    primero = dia_local(desde)
    for n in range((ultimo_dia(hasta) - primero).days + 1):
        assert casilla(primero + dt.timedelta(days=n), filas) in mostrados


@given(st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31)))
def test_every_day_of_the_window_of_a_month_has_its_place_on_the_table(dia: dt.date) -> None:
    mes = dia.replace(day=1)
    filas, (desde, hasta) = semanas(mes), ventana(mes)
    mostrados = {d for fila in filas for d in fila}
    assert dia in mostrados or dia.weekday() > 4
    primero = dia_local(desde)
    for n in range((ultimo_dia(hasta) - primero).days + 1):
        assert casilla(primero + dt.timedelta(days=n), filas) in mostrados


@given(st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31)))
def test_the_terms_that_forms_and_pages_share(dia: dt.date) -> None:
    mes = dia.replace(day=1)
    limite = limite_de_reportes(mes)
    ultimo = dia_local(limite)
    siguiente = (mes + dt.timedelta(days=31)).replace(day=1)
    assert (
        sum(
            es_habil(siguiente + dt.timedelta(days=n)) for n in range((ultimo - siguiente).days + 1)
        )
        == 5
    )
    assert es_habil(ultimo)
    cierre = cierre_de_auditoria(dia).astimezone(ZONA)
    assert cierre.hour == 17
    despues = [cierre.date() + dt.timedelta(days=n) for n in range(1, 5 - cierre.weekday())]
    assert es_habil(cierre.date())
    assert not any(map(es_habil, despues)), "the last business day until Friday"
    assert cierre.isocalendar()[:2] == dia.isocalendar()[:2]


@pytest.mark.parametrize(
    ("lunes", "cierra"),
    [
        (dt.date(2026, 12, 21), dt.date(2026, 12, 24)),  # Christmas is a Friday
        (dt.date(2027, 3, 22), dt.date(2027, 3, 24)),  # Thursday and Friday of Holy Week
        (dt.date(2026, 11, 30), dt.date(2026, 12, 4)),
    ],
)
def test_an_audit_closes_on_the_last_business_day_of_its_week(
    lunes: dt.date, cierra: dt.date
) -> None:
    cierre = cierre_de_auditoria(lunes).astimezone(ZONA)
    assert (cierre.date(), cierre.hour) == (cierra, 17)
