"""Ports: what handlers and webforms need from systems outside, whoever provides it."""

import datetime as dt
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from typing import Literal
from typing import Protocol


# --- queue system (5.2.1, 5.2.2) -----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class EventoTurno:
    """Idempotent by (sistema, ticket, evento, en)."""

    sistema: str
    ticket: str
    evento: Literal["emitido", "llamado", "iniciado", "finalizado", "calificado"]
    en: dt.datetime
    modulo: str = ""
    valor: int | None = None


class DigiturnoNoDisponible(Exception):
    """The queue system does not answer; the diagram goes on with the manual queue."""


class Digiturno(Protocol):
    """`emitir` gives the ticket that the citizen sees; all of them raise DigiturnoNoDisponible."""

    def emitir(self, punto_id: str, turno_id: int, letra: str, now: dt.datetime) -> str: ...

    def llamar(self, punto_id: str, ficha: str, modulo: str, now: dt.datetime) -> None: ...

    def iniciar(self, punto_id: str, ficha: str, now: dt.datetime) -> None: ...

    def finalizar(self, punto_id: str, ficha: str, now: dt.datetime) -> None: ...

    def calificar(self, punto_id: str, ficha: str, valor: int | None, now: dt.datetime) -> None: ...

    def eventos(self, desde: dt.datetime) -> Sequence[EventoTurno]: ...


# --- CRM (5.2.4 to 5.2.15) -----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Producto:
    id: int
    linea: str
    obligacion: str
    estado: str
    anio_giro: int
    sistema_origen: str


@dataclass(frozen=True, slots=True)
class FichaPersona:
    """What the CRM knows of a person: identity, data in force by kind, products."""

    persona_id: int
    tipo_doc: str
    num_doc: str
    nombre: str
    datos: Mapping[str, str]
    productos: tuple[Producto, ...]


class CRMNoDisponible(Exception):
    """The CRM does not answer; the diagram goes on with the contingency on paper."""


class CRM(Protocol):
    """Looking up is a call; what we write is a row of our own, and `publicar` pushes it later."""

    def consultar(self, tipo_doc: str, num_doc: str) -> FichaPersona | None: ...

    def publicar(self, tipo: str, clave: str, datos: Mapping[str, Any]) -> None: ...

    def salud(self) -> bool: ...


# --- mail ------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Mensaje:
    """`clave` becomes the Message-ID: the same mail sent twice can be told."""

    clave: str
    para: str
    asunto: str
    texto: str


class CorreoFallido(Exception):
    """The mail was not accepted; `permanente`: trying again is useless."""

    def __init__(self, mensaje: str, *, permanente: bool) -> None:
        super().__init__(mensaje)
        self.permanente = permanente


class Correo(Protocol):
    def enviar(self, mensaje: Mensaje, now: dt.datetime) -> None: ...
