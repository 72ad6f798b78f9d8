"""Uploaded files, stored by the SHA-256 of their content outside the database: instance/archivos/aa/bb…."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

LIMITE = 10 * 1024 * 1024
#: How the content of an accepted file begins: the name and the browser's type prove nothing.
FIRMAS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
EXTENSIONES = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


class ArchivoRechazado(Exception):
    """The file is empty, too large or of a type that is not accepted; `motivo` says which."""

    def __init__(self, motivo: str) -> None:
        super().__init__(motivo)
        self.motivo = motivo


class ArchivoDistinto(Exception):
    """What is stored under this hash has another one, or is not there: nobody is given it as what was handed in."""

    def __init__(self, sha256: str, *, falta: bool) -> None:
        super().__init__(f"{sha256}: {'missing' if falta else 'changed'}")
        self.falta = falta


@dataclass(frozen=True, slots=True)
class Archivo:
    sha256: str
    nombre: str
    tipo: str
    bytes: int

    def valor(self) -> dict[str, str | int]:
        """The value of a file field in a submission."""
        return {"sha256": self.sha256, "nombre": self.nombre, "tipo": self.tipo, "bytes": self.bytes}


def tipo_de(contenido: bytes) -> str | None:
    return next((tipo for firma, tipo in FIRMAS.items() if contenido.startswith(firma)), None)


def nombre_limpio(nombre: str, tipo: str) -> str:
    """The file name without folders, control characters and a foreign ending; what a person reads, never a path."""
    base = nombre.replace("\\", "/").rpartition("/")[2]
    limpio = "".join(c for c in base if c.isprintable() and c not in '<>:"|?*').strip(". ")[:120]
    return limpio if limpio.lower().endswith((EXTENSIONES[tipo], ".jpeg")) else f"{limpio or 'archivo'}{EXTENSIONES[tipo]}"


def _leer(flujo: BinaryIO, nombre: str) -> tuple[Archivo, bytes]:
    contenido = flujo.read(LIMITE + 1)
    if not contenido:
        raise ArchivoRechazado("vacio")
    if len(contenido) > LIMITE:
        raise ArchivoRechazado("grande")
    tipo = tipo_de(contenido)
    if tipo is None:
        raise ArchivoRechazado("tipo")
    return Archivo(hashlib.sha256(contenido).hexdigest(), nombre_limpio(nombre, tipo), tipo, len(contenido)), contenido


class Almacen:
    def __init__(self, carpeta: Path) -> None:
        self.carpeta = carpeta

    def ruta(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):  # noqa: PLR2004 - digits of a SHA-256
            message = "not a SHA-256"
            raise ValueError(message)
        return self.carpeta / sha256[:2] / sha256[2:]

    def leer(self, sha256: str) -> bytes:
        """The content, compared with its hash each time that it leaves. ArchivoDistinto."""
        try:
            contenido = self.ruta(sha256).read_bytes()
        except OSError as error:
            raise ArchivoDistinto(sha256, falta=True) from error
        if hashlib.sha256(contenido).hexdigest() != sha256:
            raise ArchivoDistinto(sha256, falta=False)
        return contenido

    def revisar(self, flujo: BinaryIO, nombre: str) -> Archivo:
        """What this file would be kept as; ArchivoRechazado when it would not. Nothing is stored."""
        return _leer(flujo, nombre)[0]

    def guardar(self, flujo: BinaryIO, nombre: str) -> Archivo:
        """Check and store. The same content is stored once; a crash leaves no half file under its name."""
        archivo, contenido = _leer(flujo, nombre)
        destino = self.ruta(archivo.sha256)
        if not destino.exists():
            destino.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=destino.parent, delete=False) as parcial:
                parcial.write(contenido)
                parcial.flush()
                os.fsync(parcial.fileno())
            Path(parcial.name).replace(destino)
        return archivo
