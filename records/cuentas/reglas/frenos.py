"""How long attempts that fail have to wait, and how often something may be asked for at all.
Pure."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

UN_MINUTO: Final = dt.timedelta(minutes=1)
DIEZ_MINUTOS: Final = dt.timedelta(minutes=10)
UNA_HORA: Final = dt.timedelta(hours=1)
DIA: Final = dt.timedelta(days=1)  #: the longest that anything is remembered
#: Beyond the free ones attempts are looked at one by one: whoever comes meanwhile waits so long.
UN_MOMENTO: Final = dt.timedelta(seconds=2)
_DOBLADOS: Final = 10


@dataclass(frozen=True, slots=True)
class Limite:
    """Of attempts that fail: so many are free; then a wait, doubled by each further one up to the
    longest. Counting begins anew after `olvido` without a failure; `olvido` is never shorter than
    the longest wait."""

    libres: int
    espera: dt.timedelta
    espera_maxima: dt.timedelta
    olvido: dt.timedelta


@dataclass(frozen=True, slots=True)
class Cupo:
    """Of what is done, well or badly: so many in each window of the clock."""

    cuantas: int
    ventana: dt.timedelta

    def comienzo(self, now: dt.datetime) -> dt.datetime:
        """Of the window in which this moment lies."""
        segundos = int(self.ventana.total_seconds())
        return dt.datetime.fromtimestamp(int(now.timestamp()) // segundos * segundos, dt.UTC)


@dataclass(frozen=True, slots=True)
class Cuenta:
    """What is remembered of one key: failures, until when it waits, and when the last was."""

    fallos: int
    hasta: dt.datetime | None
    ultimo: dt.datetime

    def fallidos(self, limite: Limite, now: dt.datetime) -> int:
        return 0 if now - self.ultimo > limite.olvido else self.fallos


def espera_tras(fallos: int, limite: Limite) -> dt.timedelta:
    """How long the next attempt waits after so many failures in a row."""
    if fallos < limite.libres:
        return dt.timedelta()
    return min(limite.espera * (1 << min(fallos - limite.libres, _DOBLADOS)), limite.espera_maxima)


def espera(cuenta: Cuenta | None, limite: Limite, now: dt.datetime, vivos: int = 0) -> dt.timedelta:
    """How long an attempt that comes now has to wait; zero: it may be looked at. `vivos` others are
    being looked at: they count as failures as long as nobody knows, so that guesses side by side
    are no more than guesses one after another."""
    if cuenta is not None and cuenta.hasta is not None and cuenta.hasta > now:
        return cuenta.hasta - now
    fallidos = cuenta.fallidos(limite, now) if cuenta is not None else 0
    return UN_MOMENTO if vivos and fallidos + vivos >= limite.libres else dt.timedelta()
