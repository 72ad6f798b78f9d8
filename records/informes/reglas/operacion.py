"""The points as they are now: what is usual at this hour, what comes in the next one, how a point
stands. Pure.

Nothing here is a promise: what comes is what came on the same weekday at the same hour, and says of
how many days. The limits are those of the indicators (I1.p90, I3, I4): no others are made up.
"""

import datetime as dt
from collections.abc import Container, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Final

from records.informes.reglas.indicadores import ESPERA_A_TIEMPO, INDICADORES, POCOS, cambio_claro
from records.plazos.reglas.calendario import festivos
from records.visita.reglas.turnos import ATENCION_MIN

SEMANAS: Final = 8  #: as many days of the same weekday say what is usual
BASTAN: Final = 4  #: with fewer days a forecast is told as what it is
ESPERA_LARGA: Final = 30 * 60  # I1.p90
_UNA_SEMANA: Final = dt.timedelta(days=7)
_ATRAS: Final = 4  #: so many times the weeks are looked through for days without a holiday


def dias_de_referencia(
    hoy: dt.date, resumidos: Container[dt.date], cuantos: int = SEMANAS
) -> list[dt.date]:
    """The last days of the same weekday that are known and were no holiday; a holiday is like no
    other Monday. The latest first."""
    dias = (hoy - n * _UNA_SEMANA for n in range(1, _ATRAS * cuantos + 1))
    return [dia for dia in dias if dia in resumidos and dia not in festivos(dia.year)][:cuantos]


@dataclass(frozen=True, slots=True)
class Prevision:
    """`dias`: of how many days it is made; without one there is nothing to say."""

    llegan: Fraction | None
    minimo: int
    maximo: int
    dias: int

    @property
    def con_pocos(self) -> bool:
        return 0 < self.dias < BASTAN


def prever(llegadas: Sequence[int]) -> Prevision:
    """The arrivals of the hour on each day that was like today: the middle one, and between which
    they were."""
    if not llegadas:
        return Prevision(None, 0, 0, 0)
    return Prevision(Fraction(median(llegadas)), min(llegadas), max(llegadas), len(llegadas))


def caben(asesores: int, atencion_s: Fraction | None) -> int:
    """How many people these advisers can attend in an hour, at the pace of the point; without one,
    at the usual of the entity."""
    pace = atencion_s or Fraction(int(ATENCION_MIN * 60))
    return int(asesores * 3600 / pace)


@dataclass(frozen=True, slots=True)
class Parte:
    """A share: how many of how many."""

    cumplen: int
    todos: int

    @property
    def valor(self) -> Fraction | None:
        return Fraction(self.cumplen, self.todos) if self.todos else None

    @property
    def pocos(self) -> bool:
        return 0 < self.todos < POCOS


NADA: Final = Parte(0, 0)
#: How a point stands, the worst first; the value is the class of the badge.
CRITICO, BAJO, RIESGO, NORMAL, CERRADO = "critica", "vencida", "por-vencer", "hecha", "borrador"
ORDEN: Final = (CRITICO, BAJO, RIESGO, NORMAL, CERRADO)


@dataclass(frozen=True, slots=True)
class Situacion:
    """What is known of a point now. `nivel`: of I3 so far today; `usual`: the same up to this hour
    of the days that were like today."""

    abierto: bool
    esperan: int
    mayor_espera_s: int
    en_puesto: int  #: advisers who have called somebody today and are not absent
    nivel: Parte = NADA
    usual: Parte = NADA
    llegan: Fraction | None = None
    caben: int = 0


def estado(s: Situacion) -> str:
    """The first that holds. Few are not judged, and neither is what chance gives."""
    if not s.abierto and not s.esperan:
        return CERRADO
    if s.mayor_espera_s > ESPERA_LARGA or (
        s.esperan and not s.en_puesto and s.mayor_espera_s > ESPERA_A_TIEMPO
    ):
        return CRITICO
    nivel, usual = s.nivel.valor, s.usual.valor
    if (
        nivel is not None
        and usual is not None
        and nivel < usual
        and cambio_claro((s.usual.cumplen, s.usual.todos), (s.nivel.cumplen, s.nivel.todos))
    ):
        return BAJO
    bajo_la_meta = not s.nivel.pocos and INDICADORES["I3"].cumple(nivel) is False
    no_caben = s.llegan is not None and s.en_puesto > 0 and s.esperan + s.llegan > s.caben
    if s.mayor_espera_s > ESPERA_A_TIEMPO or bajo_la_meta or no_caben:
        return RIESGO
    return NORMAL
