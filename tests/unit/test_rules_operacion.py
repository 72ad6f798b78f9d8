"""What is usual, what comes and how a point stands: by hand-made days, with nothing to compare
with, closed, on holidays, with few."""

import datetime as dt
from fractions import Fraction

import pytest

from records.informes.reglas import operacion
from records.informes.reglas.operacion import Parte, Situacion, dias_de_referencia, estado, prever

MARTES = dt.date(2026, 11, 24)
MINUTO = 60


def antes(semanas: int) -> dt.date:
    return MARTES - dt.timedelta(weeks=semanas)


def test_the_days_to_compare_with_are_the_last_known_ones_of_the_same_weekday() -> None:
    conocidos = {antes(n) for n in range(1, 12)} | {
        MARTES - dt.timedelta(days=n) for n in (1, 2, 3)
    }
    assert dias_de_referencia(MARTES, conocidos) == [antes(n) for n in range(1, 9)]
    assert dias_de_referencia(MARTES, conocidos - {antes(2)}, cuantos=3) == [
        antes(1),
        antes(3),
        antes(4),
    ]
    assert dias_de_referencia(MARTES, set()) == []


def test_a_holiday_is_like_no_other_day_of_its_weekday() -> None:
    lunes = dt.date(2026, 11, 23)
    semanas = [lunes - dt.timedelta(weeks=n) for n in range(1, 5)]
    festivo = dt.date(2026, 11, 16)  # Independencia de Cartagena, moved to its Monday
    assert festivo in semanas
    assert festivo not in dias_de_referencia(lunes, set(semanas))
    assert len(dias_de_referencia(lunes, set(semanas))) == len(semanas) - 2, (
        "and 2 November, All Saints"
    )


def test_the_days_are_looked_for_so_far_and_no_further() -> None:
    lejos = antes(4 * operacion.SEMANAS)
    assert dias_de_referencia(MARTES, {lejos}) == [lejos]
    assert dias_de_referencia(MARTES, {lejos - dt.timedelta(weeks=1)}) == []


@pytest.mark.parametrize(
    ("llegadas", "llegan", "entre", "pocos"),
    [
        ([], None, (0, 0), False),
        ([7], Fraction(7), (7, 7), True),
        ([0, 0, 0, 0], Fraction(0), (0, 0), False),
        ([10, 40, 12, 11], Fraction(23, 2), (10, 40), False),
        ([5, 1, 9, 300, 6], Fraction(6), (1, 300), False),
    ],
)
def test_what_comes_is_the_middle_of_what_came_and_says_between_which(
    llegadas: list[int], llegan: Fraction | None, entre: tuple[int, int], *, pocos: bool
) -> None:
    p = prever(llegadas)
    assert (p.llegan, (p.minimo, p.maximo), p.con_pocos, p.dias) == (
        llegan,
        entre,
        pocos,
        len(llegadas),
    )


def test_how_many_fit_into_an_hour_is_of_the_pace_of_the_point() -> None:
    assert operacion.caben(2, Fraction(600)) == 12
    assert operacion.caben(2, None) == 15, "the usual eight minutes where the point has no days"
    assert operacion.caben(0, Fraction(600)) == 0
    assert operacion.caben(1, Fraction(0)) == 7


NORMAL = Situacion(abierto=True, esperan=3, mayor_espera_s=5 * MINUTO, en_puesto=2)
MALO, BUENO = Parte(30, 60), Parte(54, 60)


@pytest.mark.parametrize(
    ("situacion", "esperado"),
    [
        (Situacion(abierto=False, esperan=0, mayor_espera_s=0, en_puesto=0), operacion.CERRADO),
        (
            Situacion(abierto=False, esperan=1, mayor_espera_s=31 * MINUTO, en_puesto=1),
            operacion.CRITICO,
        ),
        (Situacion(abierto=True, esperan=0, mayor_espera_s=0, en_puesto=0), operacion.NORMAL),
        (NORMAL, operacion.NORMAL),
        (
            Situacion(abierto=True, esperan=3, mayor_espera_s=30 * MINUTO, en_puesto=2),
            operacion.RIESGO,
        ),
        (
            Situacion(abierto=True, esperan=3, mayor_espera_s=30 * MINUTO + 1, en_puesto=2),
            operacion.CRITICO,
        ),
        (
            Situacion(abierto=True, esperan=3, mayor_espera_s=15 * MINUTO, en_puesto=2),
            operacion.NORMAL,
        ),
        (
            Situacion(abierto=True, esperan=3, mayor_espera_s=15 * MINUTO + 1, en_puesto=2),
            operacion.RIESGO,
        ),
        (
            Situacion(abierto=True, esperan=3, mayor_espera_s=15 * MINUTO + 1, en_puesto=0),
            operacion.CRITICO,
        ),
        (
            Situacion(abierto=True, esperan=3, mayor_espera_s=5 * MINUTO, en_puesto=0),
            operacion.NORMAL,
        ),
        (
            Situacion(abierto=True, esperan=0, mayor_espera_s=0, en_puesto=2, nivel=MALO),
            operacion.RIESGO,
        ),
        (
            Situacion(abierto=True, esperan=0, mayor_espera_s=0, en_puesto=2, nivel=Parte(2, 19)),
            operacion.NORMAL,
        ),
        (
            Situacion(
                abierto=True, esperan=0, mayor_espera_s=0, en_puesto=2, nivel=MALO, usual=BUENO
            ),
            operacion.BAJO,
        ),
        (
            Situacion(
                abierto=True,
                esperan=0,
                mayor_espera_s=0,
                en_puesto=2,
                nivel=Parte(51, 60),
                usual=BUENO,
            ),
            operacion.NORMAL,
        ),
        (
            Situacion(
                abierto=True, esperan=0, mayor_espera_s=0, en_puesto=2, nivel=BUENO, usual=MALO
            ),
            operacion.NORMAL,
        ),
        (
            Situacion(
                abierto=True, esperan=3, mayor_espera_s=0, en_puesto=1, llegan=Fraction(5), caben=7
            ),
            operacion.RIESGO,
        ),
        (
            Situacion(
                abierto=True, esperan=3, mayor_espera_s=0, en_puesto=1, llegan=Fraction(4), caben=7
            ),
            operacion.NORMAL,
        ),
        (
            Situacion(
                abierto=True, esperan=3, mayor_espera_s=0, en_puesto=0, llegan=Fraction(5), caben=0
            ),
            operacion.NORMAL,
        ),
    ],
)
def test_how_a_point_stands_at_its_limits(situacion: Situacion, esperado: str) -> None:
    assert estado(situacion) == esperado


def test_a_share_of_nobody_is_none_and_of_a_few_is_told_as_few() -> None:
    assert (Parte(0, 0).valor, Parte(0, 0).pocos) == (None, False)
    assert (Parte(1, 19).pocos, Parte(1, 20).pocos, Parte(1, 20).valor) == (
        True,
        False,
        Fraction(1, 20),
    )


def test_the_worst_state_stands_first() -> None:
    assert operacion.ORDEN[0] == operacion.CRITICO
    assert operacion.ORDEN[-1] == operacion.CERRADO
    assert len(set(operacion.ORDEN)) == 5
