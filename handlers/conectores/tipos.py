"""What a connector is: how one system is asked about a verified holder, and how its answer is read.
Nothing else."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from records.sistemas.puertos import Causa, FallaDeSistema

Celda = str | int | bool | None
Fila = Mapping[str, Celda]


class TitularidadNoVerificada(PermissionError):
    """Nobody may read account data without a verified holder (reserva bancaria, control 6-2)."""

    def __init__(self, turno_id: int) -> None:
        super().__init__(f"{self.__doc__} turno {turno_id}")
        self.turno_id = turno_id


class RegistroIlegible(FallaDeSistema):
    """The system answers, but what it holds of this person cannot be read; the sentence says where
    that stands."""

    def __init__(self, detalle: str) -> None:
        super().__init__(detalle, causa=Causa.REGISTRO, pasajera=False)


@dataclass(frozen=True, slots=True)
class Documento:
    """Whose data are asked for, and in which visit the holder was verified; 0: in none, a step of a
    diagram asks."""

    tipo: str
    numero: str
    turno_id: int = 0


@dataclass(frozen=True, slots=True)
class Pregunta:
    """Whose data, who reads them, when, and why: the visit in `doc`. `servicio`: only this
    obligation, None: all."""

    doc: Documento
    persona_id: int
    asesor_id: str
    now: dt.datetime
    servicio: str | None = None


@dataclass(frozen=True, slots=True)
class PreguntaDeCaso:
    """What a step of a diagram asks, outside of any visit. `quien`: who of the agency confirmed in
    the case who the person is. `persona_id`: None, where the CRM does not know them."""

    doc: Documento
    case_key: str
    quien: str
    now: dt.datetime
    persona_id: int | None = None
    servicio: str | None = None


@dataclass(frozen=True, slots=True)
class Respuesta:
    """What a system said: its rows as screens show them, and how old they are."""

    filas: tuple[Fila, ...]
    fecha_corte: dt.date | None


@dataclass(frozen=True, slots=True)
class Probado:
    """A system is there: the day of its data, where it knows it, and what is to be known of it
    although it answers."""

    corte: dt.date | None = None
    nota: str = ""


class Plazo:
    """One try of `segundos`. Whoever starts something that can hang says how it is stopped when
    they are over."""

    def __init__(self, segundos: float) -> None:
        self.segundos = segundos
        self.vencido = False
        self._pendientes: list[Callable[[], None]] = []

    def al_vencer(self, detener: Callable[[], None]) -> None:
        """At once when they are over already: opening a connection may have taken longer."""
        self._pendientes.append(detener)
        if self.vencido:
            detener()

    def vencer(self) -> None:
        self.vencido = True
        for detener in list(self._pendientes):
            detener()


class Conector(Protocol):
    """One system; thread safe. Every failure is a `records.sistemas.puertos.FallaDeSistema` whose cause the
    driver's type or code tells.

    Holder check, read log, time limit, retries, breaker, health and hash are those of the guard
    (`guarda.py`): not here.
    """

    @property
    def sistema(self) -> str:
        """Its code in `records.sistemas.reglas.sistemas`."""

    def preguntar(self, doc: Documento, servicio: str | None, plazo: Plazo) -> Respuesta: ...

    def probar(self, plazo: Plazo) -> Probado:
        """Returns when the system is there; asks for nobody's data."""
