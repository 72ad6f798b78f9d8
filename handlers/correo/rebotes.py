"""A message from the mailbox of returned mails, read without trust: which of ours it answers, and
which addresses it says no for.

`flufl.bounce` knows how servers write that a mail did not arrive. What it says counts only with a
seal of ours: anybody may write to that mailbox, and nobody outside can make a seal
(`handlers.enlaces`).
"""

import email
import hashlib
import logging
import re
from collections.abc import Callable, Iterable
from email import policy
from email.message import Message
from typing import Final

from flufl.bounce import all_failures

from records.correo.correos import Leido
from records.correo.reglas.correos import MAX_REBOTE

log = logging.getLogger(__name__)

MAX_PARTES: Final = 100  # of one message, nested ones counted
ES_PARTE = re.compile(rb"^content-type:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
#: In the Message-ID of the mail that came back, or in the address that it came back to (VERP).
MARCA = re.compile(r"(?:aviso-|\+)([0-9]{1,12}\.[A-Za-z0-9_-]{20}(?:[A-Za-z0-9_-]{2})?)@")
CODIGO = re.compile(r"\b([245]\.[0-9]{1,3}\.[0-9]{1,3})\b")


def leer(crudo: bytes, aviso_de: Callable[[str], int | None]) -> Leido:
    """`aviso_de`: the notice of a seal of ours, None of one that we did not make."""
    huella = hashlib.sha256(crudo).hexdigest()
    if len(crudo) > MAX_REBOTE or len(ES_PARTE.findall(crudo)) > MAX_PARTES:
        return Leido(huella, ilegible=True)
    try:
        mensaje = email.message_from_bytes(crudo, policy=policy.compat32)
        temporales, permanentes = all_failures(mensaje)
        dicho = "\n".join(_textos(mensaje))
    except Exception:
        log.exception("a returned mail could not be read")
        return Leido(huella, ilegible=True)
    marcas = dict.fromkeys(MARCA.findall(dicho))
    ids = [numero for marca in marcas if (numero := aviso_de(marca)) is not None]
    if not temporales and not permanentes:
        return Leido(huella, ids[0] if len(ids) == 1 else None, ilegible=True)
    codigo = next(iter(CODIGO.findall(_estado(dicho))), "")
    # a mail with the seals of two of ours says nothing of either
    return Leido(
        huella,
        ids[0] if len(ids) == 1 else None,
        _direcciones(permanentes),
        _direcciones(temporales),
        codigo,
    )


def _direcciones(halladas: Iterable[bytes]) -> frozenset[str]:
    return frozenset(d.decode("utf-8", "replace").strip().strip("<>").lower() for d in halladas)


def _estado(dicho: str) -> str:
    """Where the code stands: after `Status:` or `Diagnostic-Code:` (RFC 3464), else anywhere."""
    lineas = [
        linea
        for linea in dicho.splitlines()
        if linea.lower().startswith(("status:", "diagnostic-code:"))
    ]
    return "\n".join(lineas) or dicho


def _textos(mensaje: Message) -> Iterable[str]:
    """All headers and texts, decoded."""
    for parte in mensaje.walk():
        yield "\n".join(f"{nombre}: {valor}" for nombre, valor in parte.items())
        if parte.get_content_maintype() == "text":
            contenido = parte.get_payload(decode=True)
            if isinstance(contenido, bytes):
                yield contenido.decode("utf-8", "replace")
