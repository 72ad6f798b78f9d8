"""Passwords: hashed and compared with Argon2id, a few at a time. Each takes 64 MiB and a core for a
while, so strangers who send many at once would keep everybody's pages waiting."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

A_LA_VEZ: Final = 2
#: of the eight threads of a web server as many stay free for whoever is in already
EN_FILA: Final = 3
ESPERA: Final = 3.0  #: seconds
SIN_CLAVE: Final = "!"  #: instead of a hash: nothing that anybody could type fits it
ARGON2 = PasswordHasher()
_turno, _fila = threading.BoundedSemaphore(A_LA_VEZ), threading.BoundedSemaphore(A_LA_VEZ + EN_FILA)


class Ocupado(Exception):
    """Too many passwords at once: in a few seconds there is room."""


@contextmanager
def _uno_de_pocos() -> Iterator[None]:
    if not _turno.acquire(timeout=ESPERA):
        raise Ocupado
    try:
        yield
    finally:
        _turno.release()


@contextmanager
def _de_la_fila() -> Iterator[None]:
    """Strangers wait in a short line; who does not fit in comes again."""
    if not _fila.acquire(blocking=False):
        raise Ocupado
    try:
        with _uno_de_pocos():
            yield
    finally:
        _fila.release()


def cifrar_clave(clave: str) -> str:
    """Raises Ocupado."""
    with _de_la_fila():
        return ARGON2.hash(clave)


def envejecida(cifrada: str) -> bool:
    """It was made by other parameters than those of now."""
    return cifrada.startswith("$argon2") and ARGON2.check_needs_rehash(cifrada)


@cache
def _de_nadie() -> str:
    return ARGON2.hash(secrets.token_urlsafe())


def coincide(clave: str, cifrada: str, *, conocido: bool = False) -> bool:
    """Whether it is this password. The same work where there is none, as of an account that does
    not exist. `conocido`: somebody who has been here before, whom no stranger in the line keeps
    out. Raises Ocupado."""
    hay = cifrada.startswith("$argon2")
    with _uno_de_pocos() if conocido else _de_la_fila():
        try:
            ARGON2.verify(cifrada if hay else _de_nadie(), clave)
        except (VerificationError, InvalidHashError):
            return False
    return hay
