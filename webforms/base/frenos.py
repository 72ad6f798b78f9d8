"""Doors at which somebody may guess, and how often (docs/decisions/brakes.md). What is counted
stands in the database, for all web processes alike; names, documents, passwords and addresses only
as digests with our key."""

import datetime as dt
import ipaddress
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from sqlalchemy.orm import Session

from records.cuentas import frenos
from records.cuentas.reglas.frenos import UNA_HORA, Cupo, Limite
from webforms.base.security import seudonimo
from webforms.base.servicios import servicios

_MEDIO_MINUTO, _UN_CUARTO = dt.timedelta(seconds=30), dt.timedelta(minutes=15)

#: An account, from devices that it has not entered from.
CUENTA: Final = Limite(5, _MEDIO_MINUTO, _UN_CUARTO, UNA_HORA)
#: An account, from one device that it has entered from.
CONOCIDO: Final = Limite(10, _MEDIO_MINUTO, _UN_CUARTO, UNA_HORA)
#: An address: an office or a network of telephones, so nobody there waits long for what another has
#: done.
DIRECCION: Final = Limite(20, _MEDIO_MINUTO, _MEDIO_MINUTO, UNA_HORA)
#: One password, tried at whichever accounts.
MISMA_CLAVE: Final = Limite(15, dt.timedelta(minutes=1), _UN_CUARTO, dt.timedelta(days=1))
#: What a citizen asks for with: a number, or a document.
CONSULTA: Final = Limite(5, _MEDIO_MINUTO, _UN_CUARTO, UNA_HORA)
#: Digits of the digest of a password: so few that many share them, and nobody learns from them
#: which one it was.
CIFRAS_DE_CLAVE: Final = 5


class Frenado(Exception):
    """Not now. `anotada`: this wait stands in the access chain already."""

    def __init__(self, espera: dt.timedelta, *, anotada: bool = True) -> None:
        super().__init__(espera)
        self.espera, self.anotada = espera, anotada


def de_donde(direccion: str | None) -> str:
    """Who shares this: an address, or the network of 64 bits that a house or an office has of
    IPv6."""
    try:
        ip = ipaddress.ip_address((direccion or "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))


def llave(puerta: str, de_que: str) -> str:
    """The key under which this is counted."""
    return f"{puerta}:{seudonimo(f'{puerta}:{de_que}')}"


def llave_de_clave(clave: str) -> str:
    return f"clave:{seudonimo(f'clave:{clave}')[:CIFRAS_DE_CLAVE]}"


@contextmanager
def intento(claves: Mapping[str, Limite], now: dt.datetime) -> Iterator[Callable[[], None]]:
    """One try: what is given is called when it was a failure. As long as nobody knows, it counts as
    one for those beside it; what a crash cuts off is forgotten with the process that looked at it.
    Raises Frenado when it is taken."""
    s = servicios()
    # before it is read what failed: of two at once the later one sees the earlier
    otros = s.en_curso.tomar(claves)
    try:
        with s.uow.reading() as session:
            tarda = frenos.esperas(session, claves, otros, now)
        _o_frenar(tarda, claves, now)
        yield lambda: s.uow.run(lambda session: frenos.fallo(session, claves, now))
    finally:
        s.en_curso.dejar(claves)


def _o_frenar(tarda: dt.timedelta, claves: Mapping[str, Limite], now: dt.datetime) -> None:
    """A wait is noted once: who knocks on for an hour writes no book. Raises Frenado."""
    if not tarda:
        return
    s = servicios()
    with s.uow.reading() as session:
        falta = frenos.por_anotar(session, claves, now)
    raise Frenado(
        tarda,
        anotada=not (falta and s.uow.run(lambda session: frenos.anotar(session, claves, now))),
    )


def olvidar(session: Session, now: dt.datetime) -> None:
    """Now and then, in a transaction that writes anyway."""
    frenos.olvidar(session, now)


def soltar(session: Session, usuario: str) -> None:
    """The person of this account has shown who they are otherwise: what failed from elsewhere is
    held against nobody."""
    frenos.soltar(session, [llave("cuenta", usuario)])


def gastar(puerta: str, de_que: str, cupo: Cupo, now: dt.datetime) -> None:
    """One more of what may be done so often. Raises Frenado."""

    def uno(session: Session) -> None:
        if tarda := frenos.gastar(session, llave(puerta, de_que), cupo, now):
            raise Frenado(tarda)

    servicios().uow.run(uno)
