"""How long repeated failures have to wait. The rule is pure; the memory is for what has no account: names nobody has, addresses,
documents, radicados."""

import datetime as dt
import ipaddress
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

INTENTOS = 5
ESPERA = dt.timedelta(seconds=30)  # after the fifth failure; doubles with each further one
ESPERA_MAXIMA = dt.timedelta(minutes=15)


def espera_tras(fallos: int, intentos: int = INTENTOS) -> dt.timedelta:
    """How long the next attempt has to wait after so many failures in a row. Pure."""
    if fallos < intentos:
        return dt.timedelta()
    doblado = 1 << min(fallos - intentos, 10)
    return min(ESPERA * doblado, ESPERA_MAXIMA)


def de_donde(direccion: str | None) -> str:
    """Who shares this: an address, or the network of 64 bits that a house or an office has of IPv6."""
    try:
        ip = ipaddress.ip_address((direccion or "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))


@dataclass(frozen=True, slots=True)
class _Cuenta:
    """Failures of one key, until when it waits, and when the last was."""

    fallos: int
    hasta: dt.datetime
    ultimo: dt.datetime


class Freno:
    """Counts attempts that fail, by key. `olvido`: after so long without one a key begins anew; None: it never does."""

    def __init__(self, tamano: int = 4_096, olvido: dt.timedelta | None = None) -> None:
        self._cuentas: OrderedDict[str, _Cuenta] = OrderedDict()
        self._tamano, self._olvido = tamano, olvido
        self._lock = threading.Lock()

    def tomar(self, claves: Mapping[str, int], ahora: dt.datetime) -> bool:
        """Count an attempt for each key before it is looked at, so that parallel guesses are bounded too; False: one of them has
        to wait, and nothing is counted. `claves`: key → how many failures are free."""
        with self._lock:
            antes = {clave: self._de(clave, ahora) for clave in claves}
            if any(cuenta.hasta > ahora for cuenta in antes.values()):
                return False
            for clave, intentos in claves.items():
                fallos = antes[clave].fallos + 1
                self._cuentas[clave] = _Cuenta(fallos, ahora + espera_tras(fallos, intentos), ahora)
                self._cuentas.move_to_end(clave)
            while len(self._cuentas) > self._tamano:
                self._cuentas.popitem(last=False)
            return True

    def devolver(self, claves: Mapping[str, int], ahora: dt.datetime) -> None:
        """The attempt that was counted succeeded: it was no failure. Those before it stay counted, and make nobody wait twice."""
        with self._lock:
            for clave in claves:
                if clave in self._cuentas:
                    cuenta = self._cuentas[clave]
                    solo = cuenta.ultimo == ahora
                    self._cuentas[clave] = _Cuenta(cuenta.fallos - 1, ahora if solo else cuenta.hasta, cuenta.ultimo)
                    if cuenta.fallos == 1:
                        del self._cuentas[clave]

    def _de(self, clave: str, ahora: dt.datetime) -> _Cuenta:
        cuenta = self._cuentas.get(clave)
        if cuenta is None or (self._olvido is not None and ahora - cuenta.ultimo > self._olvido):
            return _Cuenta(0, ahora, ahora)
        return cuenta
