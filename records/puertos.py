"""Ports: what handlers need from systems outside, whoever provides it. Legacy systems have theirs in handlers.legado."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol


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
