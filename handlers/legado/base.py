"""The one read-only interface of all legacy systems: ask for a verified holder's data, answer with a state."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from typing import Protocol

Celda = str | int | bool | None
Fila = Mapping[str, Celda]
Estado = Literal["ok", "sin_datos", "no_disponible"]


class TitularidadNoVerificada(PermissionError):
    """Nobody may read account data without a verified holder (reserva bancaria, control 6-2)."""

    def __init__(self, turno_id: int) -> None:
        super().__init__(f"{self.__doc__} turno {turno_id}")
        self.turno_id = turno_id


class FallaDeSistema(Exception):
    """The legacy system did not answer; `pasajera` says whether asking again may help."""

    def __init__(self, detalle: str, *, pasajera: bool) -> None:
        super().__init__(detalle)
        self.detalle = detalle
        self.pasajera = pasajera


@dataclass(frozen=True, slots=True)
class Documento:
    """Whose data are asked for, and in which visit the holder was verified."""

    tipo: str
    numero: str
    turno_id: int


@dataclass(frozen=True, slots=True)
class Resultado:
    """What a system said. `hash` is over source, cut-off and rows: the evidence of what the adviser could read."""

    estado: Estado
    filas: tuple[Fila, ...]
    fecha_corte: dt.date | None
    fuente: str
    hash: str
    ms: int
    detalle: str = ""  # why it is not available


@dataclass(frozen=True, slots=True)
class Salud:
    sistema: str
    disponible: bool
    circuito: Literal["cerrado", "abierto", "prueba"]
    ms: int
    detalle: str = ""


#: Is this document that of the holder verified in this visit? Reads what was persisted at 5.2.4 or 5.2.5.
Verificada = Callable[[Documento], bool]


class Conector(Protocol):
    """Never raises but TitularidadNoVerificada: a failing system is the state "no_disponible"."""

    @property
    def sistema(self) -> str: ...

    def consultar(self, doc: Documento, servicio: str | None) -> Resultado: ...

    def salud(self) -> Salud: ...


def huella(fuente: str, fecha_corte: dt.date | None, filas: tuple[Fila, ...]) -> str:
    """SHA-256 over canonical JSON: two readers of the same answer get the same text."""
    contenido = {"fuente": fuente, "fecha_corte": fecha_corte.isoformat() if fecha_corte else None, "filas": filas}
    texto = json.dumps(contenido, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(texto.encode()).hexdigest()
