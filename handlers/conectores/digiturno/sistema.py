"""A turn system: its adapter, and its words for our points, services, desks and advisers."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from handlers.conectores.digiturno.firma import Firmante
from records.sistemas.puertos import FirmaInvalida
from records.visita.digiturno import Salida
from records.visita.puertos import EventosLeidos
from records.visita.reglas.digiturno import Evento

#: of a service that nobody has named (SUPUESTO): the adviser says otherwise at 5.2.3
MOTIVO: Final = "servicio_adquirido"


class Adaptador(Protocol):
    """How a system is reached. Thread safe."""

    @property
    def medio(self) -> str: ...
    @property
    def avisa(self) -> bool: ...
    def eventos(self, desde: str, now: dt.datetime, /) -> EventosLeidos: ...
    def avisar(self, salida: Salida, now: dt.datetime, /) -> None: ...
    def probar(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Nombres:
    """What the system says → what it is here. A point must be named; of a desk or an adviser that
    is not, the name is the same."""

    puntos: Mapping[str, str]
    servicios: Mapping[str, str] = field(default_factory=dict)
    modulos: Mapping[str, str] = field(default_factory=dict)
    asesores: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SistemaDeTurnos:
    """`firmante`: of the messages that it sends; None: it sends none."""

    codigo: str
    nombre: str
    adaptador: Adaptador
    nombres: Nombres
    firmante: Firmante | None = None
    silencio: dt.timedelta = dt.timedelta(minutes=10)
    cada: dt.timedelta | None = None

    @property
    def medio(self) -> str:
        return self.adaptador.medio

    @property
    def puntos(self) -> Mapping[str, str]:
        return self.nombres.puntos

    @property
    def avisa(self) -> bool:
        return self.adaptador.avisa

    def traducir(self, evento: Evento) -> tuple[Evento, str | None]:
        datos = dict(evento.datos)
        for nombre, propios in (
            ("modulo", self.nombres.modulos),
            ("asesor", self.nombres.asesores),
        ):
            if nombre in datos:
                datos[nombre] = propios.get(datos[nombre], datos[nombre])
        return replace(evento, datos=datos), self.nombres.puntos.get(evento.punto)

    def motivo(self, servicio: str) -> str:
        return self.nombres.servicios.get(servicio, MOTIVO)

    def verificar(self, encabezados: Mapping[str, str], cuerpo: bytes, now: dt.datetime) -> str:
        if self.firmante is None:
            raise FirmaInvalida
        return self.firmante.verificar(encabezados, cuerpo, now)

    def eventos(self, desde: str, now: dt.datetime) -> EventosLeidos:
        return self.adaptador.eventos(desde, now)

    def avisar(self, salida: Salida, now: dt.datetime) -> None:
        self.adaptador.avisar(salida, now)

    def probar(self) -> None:
        self.adaptador.probar()
