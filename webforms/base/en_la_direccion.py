"""What somebody looks for may name a person, so it stands in no address as it was typed: addresses
lie in logs, histories and bookmarks."""

import base64
import binascii
import contextlib
import hashlib
import hmac
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from webforms.navegador.firmas import llaves

CERRADO: Final = "~"
PARA: Final = b"lo que alguien busca"


def _llaves() -> list[bytes]:
    return [hashlib.sha512(PARA + b"\n" + llave.encode()).digest() for llave in llaves()]


def huella(texto: str) -> str:
    """By which whoever keeps the place can tell whether this was looked for, and nobody what was;
    letters, case and spaces aside."""
    return hmac.digest(
        _llaves()[0], " ".join(texto.casefold().split()).encode("utf-8", "replace"), "sha256"
    ).hex()[:32]


def cerrado(texto: str) -> str:
    """The same text gives the same, so that an address stays the same. Empty stays empty, what is
    closed already stays so."""
    if not texto or abierto(texto) != texto:
        return texto
    octetos = AESSIV(_llaves()[0]).encrypt(texto.encode("utf-8", "replace"), [PARA])
    return CERRADO + base64.urlsafe_b64encode(octetos).decode().rstrip("=")


def abierto(texto: str) -> str:
    """As it was typed; what is not closed by us, as it is: an address of before, or one that a
    person wrote."""
    if not texto.startswith(CERRADO):
        return texto
    letras = texto[len(CERRADO) :]
    try:
        octetos = base64.urlsafe_b64decode(letras + "=" * (-len(letras) % 4))
    except (binascii.Error, ValueError):
        return texto
    for llave in _llaves():
        with contextlib.suppress(InvalidTag, ValueError):
            return AESSIV(llave).decrypt(octetos, [PARA]).decode()
    return texto
