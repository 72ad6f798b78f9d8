"""Port: a turn system of another vendor."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from records.visita.digiturno import Salida
from records.visita.reglas.digiturno import Evento


@dataclass(frozen=True, slots=True)
class EventosLeidos:
    """What a turn system had to tell. `hasta`: where to go on next time; `mas`: there is more;
    `ilegibles`: rows that are no event."""

    eventos: Sequence[Evento]
    hasta: str
    mas: bool = False
    ilegibles: Sequence[str] = ()


class TurnosAfuera(Protocol):
    """A turn system of another vendor, through whichever adapter."""

    @property
    def codigo(self) -> str: ...
    @property
    def nombre(self) -> str: ...
    @property
    def medio(self) -> str:
        """How it is asked: consulta, vista or archivo."""

    @property
    def puntos(self) -> Mapping[str, str]:
        """Its points → ours."""

    @property
    def silencio(self) -> dt.timedelta:
        """So long without a word its points give their own numbers."""

    @property
    def cada(self) -> dt.timedelta | None:
        """How often it is asked for events; None: never, it tells them."""

    @property
    def avisa(self) -> bool:
        """Does it hear what is done here?"""

    def traducir(self, evento: Evento) -> tuple[Evento, str | None]:
        """With our names for services, desks and advisers; and the point of ours, None: nobody has
        said which."""

    def motivo(self, servicio: str) -> str:
        """What its machines call a service, as a reason for a visit (5.2.1)."""

    def verificar(self, encabezados: Mapping[str, str], cuerpo: bytes, now: dt.datetime) -> str:
        """The name of a message that the system signed now, over exactly this content.
        FirmaInvalida."""

    def eventos(self, desde: str, now: dt.datetime) -> EventosLeidos:
        """What happened there since then. FallaDeSistema."""

    def avisar(self, salida: Salida, now: dt.datetime) -> None:
        """It hears of this; told twice it is the same. FallaDeSistema."""

    def probar(self) -> None:
        """Returns when it is there and takes us. FallaDeSistema."""
