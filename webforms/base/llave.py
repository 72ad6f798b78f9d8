"""The private key that signs the log of the evidence: a file outside of the database, for its owner only."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app

from common.notes import BadNote
from common.notes import Signer


class LlaveMala(Exception):
    """The file is there and holds no key, or everybody may read it."""


def archivo() -> Path:
    return Path(current_app.config["EVIDENCE_KEY"])


def firmante() -> Signer | None:
    """None: this place signs nothing. Raises LlaveMala, and OSError of the disk."""
    lugar = archivo()
    if not lugar.exists():
        return None
    if lugar.stat().st_mode & 0o077:
        raise LlaveMala
    try:
        return Signer.read(lugar.read_text("utf-8"))
    except (BadNote, UnicodeDecodeError) as error:
        raise LlaveMala from error


def nueva(nombre: str) -> Signer:
    """Made and kept. FileExistsError: there is one. BadNote: no note can carry this name."""
    hecha = Signer.new(nombre or nombre_propio())
    abierto = os.open(archivo(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(abierto, "w", encoding="utf-8") as destino:
        destino.write(hecha.secret + "\n")
        destino.flush()
        os.fsync(destino.fileno())
    return hecha


def nombre_propio() -> str:
    """The log is called by the address of the place: www.entidad.gov.co/registro."""
    direccion = urlsplit(str(current_app.config["BASE_URL"]))
    return f"{direccion.netloc}{direccion.path.rstrip('/')}/registro"
