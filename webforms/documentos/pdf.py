"""Documents as PDF (docs/decisions/pdf.md): tagged, PDF/UA-1 and PDF/A-3a at once, with the data
behind them attached.

What people wrote goes into a template as data, never as markup. The same order gives the same
bytes: the moment in it is the one at which the report was made, the letters are ours, and nothing
is read but the templates.
"""

import datetime as dt
import json
import re
import struct
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from webforms.documentos import aparte

TIPOGRAFO: Final = Path(__file__).with_name("tipografo.py")
#: Templates lie together: they share a style, and none reads outside of its folder.
HECHOS: Final = Path(__file__).with_name("hechos")
LETRAS: Final = Path(__file__).resolve().parent.parent / "static" / "dist"
SEGUNDOS: Final = 60.0  #: a report of 60 pages takes less than one
#: What no letter of ours can show would leave a hole for who listens to the document: Typst refuses
#: it, so it is told as "�".
SIN_LETRA: Final = re.compile(
    "[^\t\n -~\u00a0-\u024f\u0300-\u0361\u0391-\u03a1\u03a3-\u03c9\u0400-\u045f\u1e00-\u1eff\u2010-\u2027\u2030-\u203a"
    "\u20a0-\u20b9\u2150\u2153-\u215e\u2190-\u21ff\u2200-\u22ff\u25a0-\u25ff\u2605\u2606\u2713\u2717\ufffd]"
)
INVISIBLES: Final = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")


class PDFSinHacer(RuntimeError):
    """The document could not be made: too long, too large, or a fault of the template."""


@dataclass(frozen=True, slots=True)
class Adjunto:
    nombre: str
    texto: str
    que_es: str


@dataclass(frozen=True, slots=True)
class Pedido:
    """A document to be made. `hecho`: the moment that it carries; None of `datos` comes from a
    clock."""

    plantilla: Path
    datos: Mapping[str, Any]
    hecho: dt.datetime
    adjunto: Adjunto | None = None


@dataclass(frozen=True, slots=True)
class Documento:
    contenido: bytes
    paginas: int


def componer(pedido: Pedido, segundos: float = SEGUNDOS) -> Documento:
    """PDFSinHacer: it took longer, or did not end well; nothing of it is left."""
    adjunto = pedido.adjunto
    entradas = {"datos": json.dumps(imprimible(pedido.datos), ensure_ascii=False)}
    if adjunto is not None:
        entradas |= {
            "adjunto": adjunto.texto,
            "adjunto_nombre": adjunto.nombre,
            "adjunto_es": adjunto.que_es,
        }
    orden = {
        "plantilla": str(pedido.plantilla),
        "carpeta": str(pedido.plantilla.parent),
        "letras": str(LETRAS),
        "hecho": pedido.hecho.astimezone(dt.UTC).replace(microsecond=0).isoformat(),
        "datos": entradas,
    }
    try:
        hecho = aparte.hacer(TIPOGRAFO, json.dumps(orden).encode(), segundos)
    except aparte.SinTerminar as porque:
        raise PDFSinHacer(f"{pedido.plantilla.name}: {porque}") from porque
    return Documento(hecho[4:], struct.unpack(">I", hecho[:4])[0])


def imprimible(valor: Any) -> Any:
    """The same with every text as our letters can show it."""
    if isinstance(valor, str):
        return SIN_LETRA.sub(
            "\ufffd", INVISIBLES.sub("", unicodedata.normalize("NFC", valor.replace("\r\n", "\n")))
        )
    if isinstance(valor, Mapping):
        return {clave: imprimible(v) for clave, v in valor.items()}
    if isinstance(valor, Sequence):
        return [imprimible(v) for v in valor]
    return valor
