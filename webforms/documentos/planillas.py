"""Lists as files for spreadsheets of es-CO."""

import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from flask_babel import gettext as _

from records.plazos.reglas.calendario import ZONA

NEGATIVO: Final = re.compile(r"-\d+(,\d+)?")
BOM = "\ufeff"  #: without it Excel reads UTF-8 as something else


class NoEsPlanilla(ValueError):
    """A file that cannot be read as a list; its text is for whoever sent it."""


def leer(contenido: bytes, filas: int) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Head, and (number of the line, cells) of each line that is not empty. Semicolons or commas;
    UTF-8, or as Excel saves it here."""
    try:
        texto = contenido.decode("utf-8-sig")
    except UnicodeDecodeError:
        texto = contenido.decode("cp1252", errors="replace")
    if "\0" in texto or "\ufffd" in texto:
        raise NoEsPlanilla(
            _("El archivo no es un CSV: ábralo en su hoja de cálculo y guárdelo como «CSV UTF-8».")
        )
    primera = texto.partition("\n")[0]
    lector = csv.reader(io.StringIO(texto, newline=""), delimiter=";" if ";" in primera else ",")
    try:
        todas = [(lector.line_num, [celda.strip() for celda in fila]) for fila in lector]
    except csv.Error as error:
        raise NoEsPlanilla(
            _(
                "La línea %(n)s del archivo no se puede leer: le sobra o le falta una comilla.",
                n=lector.line_num,
            )
        ) from error
    llenas = [(numero, celdas) for numero, celdas in todas if any(celdas)]
    if not llenas[1:]:
        raise NoEsPlanilla(
            _(
                "El archivo no tiene filas: la primera línea nombra las columnas, y cada una de las demás es un caso."
            )
        )
    if len(llenas) > filas + 1:
        raise NoEsPlanilla(
            _(
                "El archivo tiene %(n)s filas y se reciben hasta %(m)s. Divídalo en varios.",
                n=len(llenas) - 1,
                m=filas,
            )
        )
    return llenas[0][1], llenas[1:]


def linea(celdas: Sequence[str]) -> str:
    """Semicolons; a cell that looks like a formula is made text. A negative number is none."""
    salida = io.StringIO()
    csv.writer(salida, delimiter=";", lineterminator="\r\n").writerow(
        [f"'{c}" if _formula(c) else c for c in celdas]
    )
    return salida.getvalue()


def _formula(celda: str) -> bool:
    return celda[:1] in "=+-@\t\r" and bool(celda) and NEGATIVO.fullmatch(celda) is None


def en_decimal(valor: float | Fraction | None) -> str:
    """With a decimal comma, to the hundredth, as spreadsheets of es-CO read it."""
    return "" if valor is None else f"{float(valor):.2f}".rstrip("0").rstrip(".").replace(".", ",")


def en_planilla(cuando: str | dt.datetime) -> str:
    """A moment that a spreadsheet sorts."""
    momento = dt.datetime.fromisoformat(cuando) if isinstance(cuando, str) else cuando
    return f"{momento.astimezone(ZONA):%Y-%m-%d %H:%M}"
