"""The mail port without a server: keeps what was sent, and fails as told."""

import datetime as dt
from dataclasses import dataclass
from dataclasses import field

from records.puertos import CorreoFallido
from records.puertos import Mensaje


@dataclass
class CorreoDePrueba:
    """`fallas` are raised one a call, in order; then everything is taken."""

    fallas: list[CorreoFallido] = field(default_factory=list)
    enviados: list[Mensaje] = field(default_factory=list)

    def enviar(self, mensaje: Mensaje, now: dt.datetime) -> None:
        assert now.tzinfo is not None
        if self.fallas:
            raise self.fallas.pop(0)
        self.enviados.append(mensaje)
