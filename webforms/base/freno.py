"""How long repeated failures of a login have to wait. The rule is pure; the memory is for names without an account."""

import datetime as dt
import threading
from collections import OrderedDict

INTENTOS = 5
ESPERA = dt.timedelta(seconds=30)  # after the fifth failure; doubles with each further one
ESPERA_MAXIMA = dt.timedelta(minutes=15)


def espera_tras(fallos: int) -> dt.timedelta:
    """How long the next attempt has to wait after so many failures in a row. Pure."""
    if fallos < INTENTOS:
        return dt.timedelta()
    doblado = 1 << min(fallos - INTENTOS, 10)
    return min(ESPERA * doblado, ESPERA_MAXIMA)


class FrenoDeDesconocidos:
    """The same waiting for names that have no account, so that waiting does not tell which names exist."""

    def __init__(self, tamano: int = 4_096) -> None:
        self._fallos: OrderedDict[str, tuple[int, dt.datetime]] = OrderedDict()
        self._tamano = tamano
        self._lock = threading.Lock()

    def tomar(self, nombre: str, ahora: dt.datetime) -> bool:
        """Count an attempt; False when it has to wait."""
        with self._lock:
            fallos, hasta = self._fallos.pop(nombre, (0, ahora))
            espera = hasta > ahora
            if not espera:
                fallos += 1
                hasta = ahora + espera_tras(fallos)
            self._fallos[nombre] = (fallos, hasta)
            while len(self._fallos) > self._tamano:
                self._fallos.popitem(last=False)
            return not espera

    def olvidar(self, nombre: str) -> None:
        """A success: nobody is guessing."""
        with self._lock:
            self._fallos.pop(nombre, None)
