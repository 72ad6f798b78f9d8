"""Lists as files for spreadsheets of es-CO."""

import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from webforms.base.formatos import BOGOTA

NEGATIVO: Final = re.compile(r"-\d+(,\d+)?")
BOM = "\ufeff"  #: without it Excel reads UTF-8 as something else


def linea(celdas: Sequence[str]) -> str:
    """Semicolons; a cell that looks like a formula is made text. A negative number is none."""
    salida = io.StringIO()
    csv.writer(salida, delimiter=";", lineterminator="\r\n").writerow([f"'{c}" if _formula(c) else c for c in celdas])
    return salida.getvalue()


def _formula(celda: str) -> bool:
    return celda[:1] in "=+-@\t\r" and bool(celda) and NEGATIVO.fullmatch(celda) is None


def en_decimal(valor: float | Fraction | None) -> str:
    """With a decimal comma, to the hundredth, as spreadsheets of es-CO read it."""
    return "" if valor is None else f"{round(float(valor), 2):g}".replace(".", ",")


def en_planilla(cuando: str | dt.datetime) -> str:
    """A moment that a spreadsheet sorts."""
    momento = dt.datetime.fromisoformat(cuando) if isinstance(cuando, str) else cuando
    return f"{momento.astimezone(BOGOTA):%Y-%m-%d %H:%M}"
