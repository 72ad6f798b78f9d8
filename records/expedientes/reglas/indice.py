"""The electronic index of a case file: its documents in their order, with the pages that each
takes. Pure; the sources of each field are in docs/archive.md."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from common.language import marked
from records.plazos.reglas.calendario import ZONA

ELECTRONICO, DIGITALIZADO, FISICO = marked("Electrónico"), marked("Digitalizado"), marked("Físico")
SHA256: Final = "SHA-256"
#: of a form: its values may be erased, and the proof says nothing of what they were
CON_SAL: Final = marked("SHA-256 con sal")
FORMATOS: Final[Mapping[str, str]] = {
    "application/pdf": "PDF",
    "image/jpeg": "JPG",
    "image/png": "PNG",
}
TEXTO, WEB, PAPEL, DATOS = "TXT", "HTML", "PAPEL", "JSON"
ELIMINADO: Final = marked("Documento eliminado")  #: what one is called of which nothing is left


@dataclass(frozen=True, slots=True)
class Documento:
    """One document of a file. `tamano` None: not known any more, or of paper. `por_acto`: what
    erased it, in words; "": it is there."""

    id: str
    nombre: str
    tipologia: str
    declarado: dt.datetime
    incorporado: dt.datetime
    huella: str
    funcion: str
    paginas: int
    formato: str
    tamano: int | None
    origen: str
    por_acto: str = ""


@dataclass(frozen=True, slots=True)
class Renglon:
    """A document in its place: `orden` from 1, pages through the whole file."""

    orden: int
    inicio: int
    fin: int
    documento: Documento


@dataclass(frozen=True, slots=True)
class Carpeta:
    """A case file: `cerrado` None while it is open. `serie` "": no series governs it yet."""

    case_key: str
    numero: str
    procedimiento: str
    abierto: dt.datetime
    cerrado: dt.datetime | None
    serie: str = ""
    serie_nombre: str = ""
    subserie: str = ""


def foliar(documentos: Iterable[Documento]) -> list[Renglon]:
    """In the order in which they came into the file; what came at once, in that in which it was
    declared."""
    hechos: list[Renglon] = []
    pagina = 1
    for orden, d in enumerate(
        sorted(documentos, key=lambda d: (d.incorporado, d.declarado, d.id)), start=1
    ):
        hechos.append(Renglon(orden, pagina, pagina + max(d.paginas, 1) - 1, d))
        pagina += max(d.paginas, 1)
    return hechos


def paginas(renglones: Sequence[Renglon]) -> int:
    return renglones[-1].fin if renglones else 0


def momento(cuando: dt.datetime | None) -> str:
    return cuando.astimezone(ZONA).isoformat(timespec="seconds") if cuando is not None else ""


def campos(r: Renglon) -> dict[str, str]:
    """The fields of `DocumentoIndizado`, in their order."""
    d = r.documento
    return {
        "Id": d.id,
        "Nombre_Documento": d.nombre,
        "Tipologia_Documental": d.tipologia,
        "Fecha_Creacion_Documento": momento(d.declarado),
        "Fecha_Declaracion_Documento_Archivo": momento(d.declarado),
        "Fecha_Incorporacion_Expediente": momento(d.incorporado),
        "Valor_Huella": d.huella,
        "Funcion_Resumen": d.funcion,
        "Orden_Documento_Expediente": str(r.orden),
        "Pagina_Inicio": str(r.inicio),
        "Pagina_Fin": str(r.fin),
        "Formato": d.formato,
        "Tamano": str(d.tamano) if d.tamano is not None else "",
        "Origen": d.origen,
    }
