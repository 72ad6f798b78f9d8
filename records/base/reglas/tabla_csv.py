"""A list that people keep in a spreadsheet, read as they mean it: semicolon, comma or tab; UTF-8,
with a mark at its begin or without."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from common.language import marked, said
from records.base.reglas.nombres import palabras

MAX_BYTES: Final = 1_000_000
MAX_LINEAS: Final = 5_000
_SEPARADORES: Final = {";": marked("punto y coma"), ",": marked("coma"), "\t": marked("tabulador")}
_FORMULA: Final = ("'=", "'+", "'-", "'@")


class TablaIlegible(ValueError):
    """Why the file is no such list; in words."""


@dataclass(frozen=True, slots=True)
class Fila:
    linea: int  #: of the file, as an editor counts
    datos: Mapping[str, str]  #: column → what it says; "" where it says nothing


@dataclass(frozen=True, slots=True)
class Tabla:
    filas: Sequence[Fila]
    columnas: frozenset[str]
    separador: str  #: its name


def leer(contenido: bytes, columnas: Sequence[str], obligatorias: Sequence[str]) -> Tabla:
    """`columnas`: those that are understood, by the name that heads them. Raises TablaIlegible."""
    texto = _texto(contenido)
    primera = texto.split("\n", 1)[0]
    separador = max(_SEPARADORES, key=primera.count)
    lector = csv.reader(io.StringIO(texto, newline=""), delimiter=separador)
    try:
        leidas = [(lector.line_num, celdas) for celdas in lector]
    except csv.Error as falla:
        raise TablaIlegible(
            said(
                "Una comilla no cierra, o una celda es demasiado larga. Ábralo en la hoja de cálculo y guárdelo otra vez."
            )
        ) from falla
    llenas = [(n, celdas) for n, celdas in leidas if any(c.strip() for c in celdas)]
    if not llenas[1:]:
        raise TablaIlegible(
            said(
                "El archivo no trae ninguna línea: la primera dice las columnas y las demás traen los datos."
            )
        )
    if len(llenas) > MAX_LINEAS + 1:
        raise TablaIlegible(
            said(
                "El archivo trae %(n)s líneas; se reciben hasta %(maximo)s a la vez. Pártalo en varios.",
                n=len(llenas) - 1,
                maximo=MAX_LINEAS,
            )
        )
    cabezas = [_nombre(c) for c in llenas[0][1]]
    while cabezas and not cabezas[-1]:
        cabezas.pop()
    if ajenas := [llenas[0][1][i].strip()[:40] for i, c in enumerate(cabezas) if c not in columnas]:
        raise TablaIlegible(
            said(
                "No se entiende la columna «%(columna)s». Las que hay: %(hay)s.",
                columna=ajenas[0],
                hay=", ".join(columnas),
            )
        )
    if dobles := [c for c in columnas if cabezas.count(c) > 1]:
        raise TablaIlegible(said("La columna «%(columna)s» está dos veces.", columna=dobles[0]))
    if faltan := [c for c in obligatorias if c not in cabezas]:
        hay = ", ".join(columnas)
        raise TablaIlegible(
            said(
                "Falta la columna «%(columna)s» en la primera línea. Las que hay: %(hay)s.",
                columna=faltan[0],
                hay=hay,
            )
        )
    filas = [
        Fila(n, {c: _celda(celdas[i]) if i < len(celdas) else "" for i, c in enumerate(cabezas)})
        for n, celdas in llenas[1:]
    ]
    return Tabla(filas, frozenset(cabezas), _SEPARADORES[separador])


def _texto(contenido: bytes) -> str:
    if len(contenido) > MAX_BYTES:
        raise TablaIlegible(
            said("El archivo pesa más de %(n)s MB. Pártalo en varios.", n=MAX_BYTES // 1_000_000)
        )
    if contenido.startswith(b"PK"):
        raise TablaIlegible(
            said(
                "Es un libro de Excel, no un CSV. En Excel: Guardar como, «CSV UTF-8 (delimitado por comas)»."
            )
        )
    if b"\0" in contenido:
        raise TablaIlegible(
            said(
                "No es un archivo de texto. En Excel: Guardar como, «CSV UTF-8 (delimitado por comas)»."
            )
        )
    try:
        return contenido.decode("utf-8-sig")
    except UnicodeDecodeError as falla:
        linea = contenido.count(b"\n", 0, falla.start) + 1
        raise TablaIlegible(
            said(
                "La línea %(n)s tiene letras en Latin-1 o Windows-1252, y se reciben en UTF-8: las tildes y la ñ se leerían mal. "
                "En Excel: Guardar como, «CSV UTF-8 (delimitado por comas)».",
                n=linea,
            )
        ) from falla


def _nombre(celda: str) -> str:
    return "_".join(palabras(celda))


def _celda(texto: str) -> str:
    """What our own exports guard against formulas is read back as it was."""
    limpio = " ".join("".join(letra if letra.isprintable() else " " for letra in texto).split())
    return limpio[1:] if limpio.startswith(_FORMULA) else limpio
