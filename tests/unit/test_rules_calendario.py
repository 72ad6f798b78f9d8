"""Business days against the holiday law itself (Ley 51 de 1983), and deadlines that explain
themselves."""

import datetime as dt
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, strategies as st

from records.plazos.reglas import calendario as cal
from tests.kit.clock import local

pytestmark = pytest.mark.usefixtures("everywhere")

FIJOS = ((1, 1), (5, 1), (7, 20), (8, 7), (12, 8), (12, 25))
TRASLADABLES = ((1, 6), (3, 19), (6, 29), (8, 15), (10, 12), (11, 1), (11, 11))
# Thursday, Friday; Ascension, Corpus Christi, Sacred Heart on their Mondays
DE_PASCUA = (-3, -2, 43, 64, 71)
CHIQUINQUIRA = (7, 9)  # since 2026

dias = st.dates(dt.date(2011, 1, 1), dt.date(2030, 12, 31))
naive = dt.datetime.fromisoformat  # hypothesis adds the zone
instantes = st.datetimes(naive("2011-01-01"), naive("2030-12-31"), timezones=st.just(dt.UTC))


def pascua(anio: int) -> dt.date:
    """Easter Sunday (Meeus, Gregorian)."""
    a, b, c = anio % 19, anio // 100, anio % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    mes, dia = divmod(h + k - 7 * m + 114, 31)
    return dt.date(anio, mes, dia + 1)


def al_lunes(dia: dt.date) -> dt.date:
    return dia + dt.timedelta(days=-dia.weekday() % 7)


def festivos_de_ley(anio: int) -> set[dt.date]:
    trasladables = (*TRASLADABLES, CHIQUINQUIRA) if anio >= 2026 else TRASLADABLES
    return (
        {dt.date(anio, *d) for d in FIJOS}
        | {al_lunes(dt.date(anio, *d)) for d in trasladables}
        | {pascua(anio) + dt.timedelta(days=n) for n in DE_PASCUA}
    )


@pytest.mark.parametrize("anio", range(2011, 2031))
def test_the_holidays_of_each_year_are_those_of_the_law(anio: int) -> None:
    assert set(cal.festivos(anio)) == festivos_de_ley(anio)


def test_holidays_have_spanish_names() -> None:
    assert cal.festivos(2026)[dt.date(2026, 12, 8)] == "La Inmaculada Concepción"
    assert (
        cal.festivos(2026)[dt.date(2026, 7, 13)]
        == "Día de Nuestra Señora del Rosario de Chiquinquirá"
    )
    assert dt.date(2025, 7, 14) not in cal.festivos(2025)


@given(dias, st.integers(1, 60))
def test_the_nth_business_day_is_a_business_day_and_has_n_business_days_behind_it(
    dia: dt.date, n: int
) -> None:
    final = cal.sumar_habiles(dia, n)
    assert cal.es_habil(final)
    assert cal.habiles_entre(dia, final) == n


@given(dias, st.integers(1, 60))
def test_a_holiday_or_weekend_never_counts(dia: dt.date, n: int) -> None:
    final = cal.sumar_habiles(dia, n)
    entre = [dia + dt.timedelta(days=k) for k in range(1, (final - dia).days + 1)]
    contados = [d for d in entre if d.weekday() < 5 and d not in festivos_de_ley(d.year)]
    assert len(contados) == n


@pytest.fixture
def como_antes() -> Iterator[None]:
    yield
    cal.situar()
    cal.regir(())


@pytest.mark.usefixtures("como_antes")
@pytest.mark.parametrize(
    ("pais", "descansan"),
    [
        ("CO", {5, 6}),
        ("EG", {4, 5}),
        ("PY", {6}),
        ("IR", {4}),
        ("BN", {4, 6}),
        ("MY-03", {4, 5}),
        ("MY-10", {5, 6}),
    ],
)
def test_until_the_agency_says_otherwise_the_days_of_rest_are_those_of_its_country(
    pais: str, descansan: set[int]
) -> None:
    cal.situar(pais=pais)
    lunes = dt.date(2026, 8, 3)
    assert {n for n in range(7) if cal.descansa(lunes + dt.timedelta(days=n))} == descansan
    assert cal.explicar(local(2026, 8, 3, 10), 10).fines_de_semana == len(
        [
            d
            for k in range(1, 31)
            if (d := lunes + dt.timedelta(days=k)) <= cal.sumar_habiles(lunes, 10)
            and d.weekday() in descansan
        ]
    )


@pytest.mark.usefixtures("como_antes")
def test_a_law_that_moved_the_weekend_holds_from_its_day_on() -> None:
    cal.situar(pais="AE")
    assert [cal.descanso_de_ley(dt.date(anio, 6, 1)) for anio in (2021, 2022)] == [{4, 5}, {5, 6}]


@pytest.mark.usefixtures("como_antes")
@given(
    dias,
    st.integers(1, 60),
    st.frozensets(st.integers(0, 6), min_size=1, max_size=6),
    st.dates(dt.date(2011, 1, 1), dt.date(2030, 12, 31)),
)
def test_what_rests_counts_nothing_from_the_day_on_which_the_agency_says_so(
    dia: dt.date, n: int, descansan: frozenset[int], desde: dt.date
) -> None:
    cal.regir((), [cal.Descanso(desde, descansan)])
    final = cal.sumar_habiles(dia, n)
    entre = [dia + dt.timedelta(days=k) for k in range(1, (final - dia).days + 1)]
    contados = [
        d
        for d in entre
        if d.weekday() not in (descansan if d >= desde else (5, 6))
        and d not in festivos_de_ley(d.year)
    ]
    assert len(contados) == n == cal.habiles_entre(dia, final)
    dicha = cal.explicar(dt.datetime.combine(dia, dt.time(12), cal.ZONA), n)
    assert dicha.vence == final
    assert len(dicha.festivos) + dicha.fines_de_semana + n == len(entre)


@given(dias, st.integers(1, 40))
def test_going_forth_and_back_returns_to_a_business_day(dia: dt.date, n: int) -> None:
    habil = dia if cal.es_habil(dia) else cal.sumar_habiles(dia, 1)
    assert cal.sumar_habiles(cal.sumar_habiles(habil, n), -n) == habil


@given(dias, dias)
def test_business_days_between_are_antisymmetric(a: dt.date, b: dt.date) -> None:
    assert cal.habiles_entre(a, b) == -cal.habiles_entre(b, a)


@given(dias, st.integers(0, 24 * 60 * 60 - 1))
def test_a_day_ends_where_the_next_one_begins_however_many_hours_it_has(
    dia: dt.date, segundo: int
) -> None:
    fin = cal.al_terminar(dia)
    assert (cal.dia_local(fin), cal.ultimo_dia(fin)) == (dia + dt.timedelta(days=1), dia)
    assert cal.instante(dia, dt.time()) < fin
    assert (
        cal.dia_local(cal.instante(dia, dt.time()) + dt.timedelta(seconds=segundo)) == dia
        or segundo >= 23 * 60 * 60
    ), "23 hours, at least"
    assert cal.fin_del_dia(dia) == fin - dt.timedelta(seconds=1)


@given(horas=st.tuples(*[st.integers(0, 6)] * 4), uno=st.booleans(), otro=st.booleans())
def test_two_times_meet_where_one_looks_instant_by_instant(
    horas: tuple[int, int, int, int], *, uno: bool, otro: bool
) -> None:
    a, b, c, d = (local(2026, 3, 29, h) for h in horas)
    hay = [
        t
        for n in range(10)
        if a <= (t := local(2026, 3, 29, n))
        and c <= t
        and (not uno or t < b)
        and (not otro or t < d)
    ]
    if (not uno or a < b) and (not otro or c < d):
        assert cal.se_cruzan(a, b if uno else None, c, d if otro else None) == bool(hay)


@given(instantes, st.integers(1, 60))
def test_a_term_ends_at_the_last_second_of_a_local_day(desde: dt.datetime, n: int) -> None:
    vence = cal.vencimiento(desde, n)
    assert vence.tzinfo is dt.UTC
    assert vence.astimezone(cal.ZONA).time() == dt.time(23, 59, 59)
    assert cal.habiles_entre(cal.dia_local(desde), cal.dia_local(vence)) == n


def test_five_business_days_from_friday_4_december_2026_end_on_monday_14() -> None:
    assert cal.vencimiento(local(2026, 12, 4, 10), 5) == local(2026, 12, 14, 23, 59, 59)


def test_the_day_of_reception_is_the_local_one_also_late_in_the_evening() -> None:
    assert cal.vencimiento(local(2026, 11, 24, 23, 30), 1) == local(2026, 11, 25, 23, 59, 59)


def test_the_explanation_names_the_holiday_that_was_skipped() -> None:
    explicacion = cal.explicar(local(2026, 11, 24, 10), 10)
    assert (
        explicacion.frase
        == "10 días hábiles desde el mar 24 nov; el mar 8 dic es festivo: vence el mié 9 dic"
    )
    assert explicacion.festivos == ((dt.date(2026, 12, 8), "La Inmaculada Concepción"),)
    assert explicacion.fines_de_semana == 4


def test_on_paper_the_explanation_has_whole_dates() -> None:
    en_papel = cal.explicar(local(2026, 11, 24, 10), 10).en_documento
    assert (
        en_papel
        == "10 días hábiles desde el martes 24 de noviembre, sin contar el martes 8 de diciembre, festivo"
    )
    assert (
        cal.explicar(local(2026, 11, 24, 10), 1).en_documento
        == "1 día hábil desde el martes 24 de noviembre"
    )
    assert cal.explicar(local(2026, 12, 21, 10), 8).en_documento == (
        "8 días hábiles desde el lunes 21 de diciembre de 2026, sin contar el viernes 25 de diciembre de 2026"
        " y el viernes 1 de enero de 2027, festivos"
    )


def test_the_explanation_without_holidays_is_short_and_one_day_is_singular() -> None:
    assert (
        cal.explicar(local(2026, 11, 24, 10), 1).frase
        == "1 día hábil desde el mar 24 nov: vence el mié 25 nov"
    )


def test_an_explanation_over_new_year_names_the_years_and_both_holidays() -> None:
    frase = cal.explicar(local(2026, 12, 21, 10), 8).frase
    assert (
        frase
        == "8 días hábiles desde el lun 21 dic 2026; el vie 25 dic y el vie 1 ene son festivos: vence el lun 4 ene 2027"
    )


@given(instantes, st.integers(1, 40))
def test_the_explanation_accounts_for_every_day_of_the_calendar(desde: dt.datetime, n: int) -> None:
    e = cal.explicar(desde, n)
    assert (e.vence - e.desde).days == n + len(e.festivos) + e.fines_de_semana
    assert cal.fin_del_dia(e.vence) == cal.vencimiento(desde, n)
    assert e.datos()["vence"] == e.vence.isoformat()


@given(instantes, st.integers(1, 30))
def test_reminders_come_in_order_within_office_hours_of_business_days(
    desde: dt.datetime, n: int
) -> None:
    mitad, casi, todo = (cal.fraccion(desde, n, parte) for parte in (0.5, 0.8, 1.0))
    assert mitad < casi < todo <= cal.vencimiento(desde, n)
    for aviso in (mitad, casi, todo):
        alli = aviso.astimezone(cal.ZONA)
        assert cal.es_habil(alli.date())
        assert dt.time(8) < alli.time() <= dt.time(17)


def test_half_of_five_days_is_noon_of_the_third() -> None:
    assert cal.fraccion(local(2026, 11, 24, 10), 5, 0.5) == local(2026, 11, 27, 12, 30)


@pytest.mark.parametrize(
    ("desde", "hasta"),
    [
        (local(2026, 11, 24, 10), local(2026, 12, 24, 23, 59, 59)),
        (local(2026, 1, 31, 10), local(2026, 3, 2, 23, 59, 59)),  # 28 February is a Saturday
        (local(2026, 11, 8, 10), local(2026, 12, 9, 23, 59, 59)),  # 8 December is a holiday
        (local(2026, 12, 15, 10), local(2027, 1, 15, 23, 59, 59)),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_next_business_day(
    desde: dt.datetime, hasta: dt.datetime
) -> None:
    assert cal.sumar_mes(desde) == hasta


@pytest.mark.parametrize("dias", [2.5, True, "3", 10**9, -(10**9)])
def test_what_is_no_reasonable_number_of_business_days_is_refused(dias: Any) -> None:
    """Diagrams call it with what a form gave: half a day would be counted for ever."""
    with pytest.raises(ValueError, match="business days"):
        cal.sumar_habiles(dt.date(2026, 11, 24), dias)


@pytest.fixture
def sin_excepciones() -> Iterator[None]:
    cada = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(cada)
    cal.regir(())


@pytest.mark.usefixtures("sin_excepciones")
def test_while_the_exceptions_change_whoever_counts_sees_the_old_or_the_new_ones_whole() -> None:
    siempre, una, otra = (
        cal.Excepcion(dt.date(2026, 11, d), None, abre=False, nombre="Cierre") for d in (25, 26, 27)
    )
    recibido, fin, raros = local(2026, 11, 24, 10), threading.Event(), set[str]()
    cal.regir([siempre, una])

    def contar() -> None:
        while not fin.is_set():
            try:
                dicha = cal.explicar(recibido, 1)
            except KeyError as error:
                raros.add(repr(error))
                continue
            esperado = {
                (dt.date(2026, 11, 27), (siempre.dia, una.dia)),
                (dt.date(2026, 11, 26), (siempre.dia,)),
            }
            if (
                visto := (dicha.vence, tuple(dia for dia, _nombre in dicha.festivos))
            ) not in esperado or cal.es_habil(siempre.dia):
                raros.add(repr(visto))

    hilos = [threading.Thread(target=contar) for _ in range(3)]
    for hilo in hilos:
        hilo.start()
    for vez in range(3_000):
        cal.regir([siempre, otra] if vez % 2 else [siempre, una])
    fin.set()
    for hilo in hilos:
        hilo.join()

    assert raros == set()
    assert cal.festivos(2026).keys() >= {siempre.dia, otra.dia}
    assert una.dia not in cal.festivos(2026)
