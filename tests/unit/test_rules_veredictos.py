"""A deadline is judged on the day on which what it asks was done, else on the day on which the case
ended, else now."""

import datetime as dt

import pytest

from records.casos.reglas import estados
from records.casos.reglas.veredictos import (
    CUMPLIDO,
    INCUMPLIDO,
    SIN_EFECTO,
    SUSPENDIDO,
    VIGENTE,
    Momento,
    veredicto,
)
from tests.kit.clock import bogota

VENCE = bogota(2026, 12, 4, 23, 59, 59)  # a Friday; the Tuesday after it is a holiday
SABADO, LUNES, MIERCOLES = bogota(2026, 12, 5, 8), bogota(2026, 12, 7, 8), bogota(2026, 12, 9, 8)


@pytest.mark.parametrize(
    ("hecho", "estado", "cerrado", "ahora", "cual", "tarde"),
    [
        (None, estados.ESCALADO, None, VENCE, VIGENTE, 0),
        (None, estados.ESCALADO, None, SABADO, INCUMPLIDO, 0),
        (None, estados.ESCALADO, None, MIERCOLES, INCUMPLIDO, 2),
        (VENCE, estados.CERRADO, MIERCOLES, MIERCOLES, CUMPLIDO, 0),
        (LUNES, estados.CERRADO, LUNES, MIERCOLES, INCUMPLIDO, 1),
        # asked for when it had passed: the clock does not stand still
        (None, estados.REQUERIDO, None, MIERCOLES, INCUMPLIDO, 2),
        (None, estados.ANULADO, VENCE, MIERCOLES, SIN_EFECTO, 0),
        (None, estados.TRASLADADO, LUNES, MIERCOLES, INCUMPLIDO, 1),
    ],
)
def test_the_verdict_on_a_deadline(
    hecho: dt.datetime | None,
    estado: str,
    cerrado: dt.datetime | None,
    ahora: dt.datetime,
    cual: str,
    tarde: int,
) -> None:
    dado = veredicto(VENCE, hecho, Momento(estado, cerrado, ahora))
    assert (dado.cual, dado.tarde, dado.hecho) == (cual, tarde, hecho)


def test_a_clock_that_stands_still_is_not_judged_until_what_was_due_is_done() -> None:
    detenido = Momento(estados.REQUERIDO, None, MIERCOLES, detenido=True)
    assert veredicto(VENCE, None, detenido).cual == SUSPENDIDO
    assert veredicto(VENCE, LUNES, detenido).cual == INCUMPLIDO
