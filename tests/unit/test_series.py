"""When the term of a closed file is over: by the day, also where the year has no such day, and the
same as one moment for a query."""

import datetime as dt

import pytest

from records.expedientes.series import NUNCA, cumple, cumplidos_antes_de
from records.plazos.reglas.calendario import instante


@pytest.mark.parametrize(
    ("cerrado", "anios", "dia"),
    [
        ("2026-11-24", 8, "2034-11-24"),
        ("2024-02-29", 1, "2025-03-01"),
        ("2024-02-29", 4, "2028-02-29"),
        ("2026-01-01", 0, "2026-01-01"),
    ],
)
def test_so_many_years_later_on_the_same_day(cerrado: str, anios: int, dia: str) -> None:
    assert cumple(
        instante(dt.date.fromisoformat(cerrado), dt.time(23, 59)), anios
    ) == dt.date.fromisoformat(dia)


@pytest.mark.parametrize("anios", [0, 1, 2, 4, 8])
@pytest.mark.parametrize(
    "hoy",
    [
        "2028-02-28",
        "2028-02-29",
        "2028-03-01",
        "2029-02-28",
        "2029-03-01",
        "2030-12-31",
        "2031-01-01",
    ],
)
def test_the_moment_of_the_query_and_the_day_of_each_file_agree(hoy: str, anios: int) -> None:
    hoy_ = dt.date.fromisoformat(hoy)
    cerca = dt.date(hoy_.year - anios, hoy_.month, 1)
    for dias in range(-3, 35):
        for hora in (dt.time(0), dt.time(23, 59, 59)):
            cerrado = instante(cerca + dt.timedelta(days=dias), hora)
            assert (cumple(cerrado, anios) <= hoy_) == (
                cerrado < cumplidos_antes_de(hoy_, anios)
            ), cerrado


@pytest.mark.parametrize("anios", [1_900, 2_026, 7_974, 100_000, 200_000])
def test_a_term_beyond_the_calendar_is_never_over(anios: int) -> None:
    cerrado = instante(dt.date(2026, 2, 28), dt.time(12))
    assert cumple(cerrado, anios) > dt.date(2200, 1, 1)
    assert cumple(instante(dt.date(2024, 2, 29), dt.time(12)), 200_000) == NUNCA
    assert cerrado >= cumplidos_antes_de(dt.date(2200, 1, 1), anios)
