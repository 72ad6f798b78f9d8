"""What a file is, told by its content: the name and the browser's type prove nothing. A file is
taken when it really opens."""

import io
import json
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import filetype

from webforms.documentos import aparte

MEGA: Final = 1024 * 1024
PDF: Final = "application/pdf"
#: What is taken → how large one may be.
LIMITES: Final[Mapping[str, int]] = {
    PDF: 10 * MEGA,
    "image/jpeg": 10 * MEGA,
    "image/png": 10 * MEGA,
}
LIMITE: Final = max(LIMITES.values())
PIXELES: Final = 50_000_000  #: of a picture; a telephone makes 12 to 50 million
PAGINAS: Final = 500
LECTOR: Final = Path(__file__).with_name("lector.py")
SEGUNDOS: Final = 30.0
COLA: Final = 1024  #: bytes that may follow the end of a PDF: scanners and mail programs leave some
#: What other files are, in the words of who sends one → why it is not taken.
OTROS: Final[Mapping[str, str]] = {
    "application/msword": "oficina",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "oficina",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "oficina",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "oficina",
    "application/vnd.ms-excel": "oficina",
    "application/vnd.ms-powerpoint": "oficina",
    "application/vnd.oasis.opendocument.text": "oficina",
    "application/vnd.oasis.opendocument.spreadsheet": "oficina",
    "application/rtf": "oficina",
    "application/zip": "comprimido",
    "application/x-rar-compressed": "comprimido",
    "application/x-7z-compressed": "comprimido",
    "application/gzip": "comprimido",
    "image/heic": "heic",
    "image/heif": "heic",
    "image/avif": "heic",
    "application/x-msdownload": "programa",
    "application/x-executable": "programa",
}
#: Endings that say of which kind a file is.
DICEN: Final[Mapping[str, frozenset[str]]] = {
    ".pdf": frozenset({PDF}),
    ".jpg": frozenset({"image/jpeg", "image/png"}),
    ".jpeg": frozenset({"image/jpeg", "image/png"}),
    ".png": frozenset({"image/jpeg", "image/png"}),
}


class ArchivoRechazado(Exception):
    """Why a file is not taken; `campos.adjuntado` says it in words."""

    def __init__(self, motivo: str, detalle: str = "") -> None:
        super().__init__(motivo)
        self.motivo = motivo
        self.detalle = detalle


class NoSePuedeVer(Exception):
    """A stored file that could not be drawn now."""


@dataclass(frozen=True, slots=True)
class Leido:
    """What a file is, and what of it is kept."""

    tipo: str
    contenido: bytes
    paginas: int
    trae: tuple[str, ...] = ()  #: what a PDF brings besides its pages
    otra_vez: bool = False  #: it was written again: what came is not what is kept


@dataclass(frozen=True, slots=True)
class Vista:
    """One page as a picture, and what it says."""

    imagen: bytes
    texto: str


def leer(contenido: bytes, nombre: str) -> Leido:
    """ArchivoRechazado: it is empty, too large, not what is taken, not what its name says, or does
    not open."""
    if not contenido:
        raise ArchivoRechazado("vacio")
    tipo = _tipo(contenido, nombre)
    if len(contenido) > LIMITES[tipo]:
        raise ArchivoRechazado("grande", str(LIMITES[tipo] // MEGA))
    terminacion = "." + nombre.lower().rpartition(".")[2].strip()
    if tipo not in DICEN.get(terminacion, {tipo}):
        raise ArchivoRechazado("nombre", tipo)
    if tipo == PDF and _lleva_otro(contenido):
        raise ArchivoRechazado("mixto")
    dicho, limpio = _pedir({"que": "mirar", "tipo": tipo}, contenido, "pesado")
    return Leido(
        tipo,
        limpio or contenido,
        int(dicho["paginas"]),
        tuple(dicho["trae"]),
        otra_vez=bool(limpio),
    )


def pagina(
    contenido: bytes, tipo: str, numero: int, ancho: int, giro: int = 0, *, texto: bool = False
) -> Vista:
    """NoSePuedeVer."""
    orden = {
        "que": "pagina",
        "tipo": tipo,
        "pagina": numero,
        "ancho": ancho,
        "giro": giro,
        "texto": texto,
    }
    try:
        dicho, imagen = _pedir(orden, contenido, "pesado")
    except ArchivoRechazado as porque:
        raise NoSePuedeVer(porque.motivo) from porque
    return Vista(imagen, str(dicho["texto"]))


def copia(contenido: bytes, ancho: int = 1275) -> bytes:
    """A PDF of the same pages as pictures, at 150 points an inch of a letter page: nothing of it
    can run. NoSePuedeVer."""
    try:
        return _pedir({"que": "copia", "tipo": PDF, "ancho": ancho}, contenido, "pesado")[1]
    except ArchivoRechazado as porque:
        raise NoSePuedeVer(porque.motivo) from porque


def _pedir(
    orden: dict[str, Any], contenido: bytes, si_no_termina: str
) -> tuple[dict[str, Any], bytes]:
    entrada = (
        json.dumps({**orden, "pixeles": PIXELES, "paginas": PAGINAS}).encode() + b"\n" + contenido
    )
    try:
        salida = aparte.hacer(LECTOR, entrada, SEGUNDOS)
    except aparte.SinTerminar as porque:
        raise ArchivoRechazado(si_no_termina, str(porque)) from porque
    largo = struct.unpack(">I", salida[:4])[0]
    dicho = json.loads(salida[4 : 4 + largo])
    if "no" in dicho:
        raise ArchivoRechazado(str(dicho["no"]))
    return dicho, salida[4 + largo :]


def _tipo(contenido: bytes, nombre: str) -> str:
    hallado = filetype.guess_mime(contenido)
    if hallado in LIMITES:
        return str(hallado)
    comienzo = contenido[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\0").lower()
    if comienzo.startswith((b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<")):
        raise ArchivoRechazado("web")
    if comienzo.startswith(b"mz"):
        raise ArchivoRechazado("programa")
    if (motivo := OTROS.get(str(hallado))) is not None:
        raise ArchivoRechazado(motivo)
    if zipfile.is_zipfile(io.BytesIO(contenido)):
        raise ArchivoRechazado("comprimido")
    if nombre.lower().endswith(".pdf") and b"%PDF-" in contenido[:1024]:
        raise ArchivoRechazado("mixto")
    raise ArchivoRechazado("tipo")


def _lleva_otro(contenido: bytes) -> bool:
    """A PDF that is another file too: a ZIP opens from its end, a page of the web from anything
    that follows."""
    if zipfile.is_zipfile(io.BytesIO(contenido)):
        return True
    fin = contenido.rfind(b"%%EOF")
    return fin >= 0 and len(contenido[fin + 5 :].strip(b" \t\r\n\0\x1a")) > COLA
