"""Lists as files for spreadsheets of es-CO."""

import csv
import datetime as dt
import io
from collections.abc import Sequence

from webforms.base.formatos import BOGOTA

BOM = "\ufeff"  #: without it Excel reads UTF-8 as something else


def linea(celdas: Sequence[str]) -> str:
    """Semicolons; a cell that looks like a formula is made text."""
    salida = io.StringIO()
    csv.writer(salida, delimiter=";", lineterminator="\r\n").writerow([f"'{c}" if c[:1] in "=+-@\t\r" and c else c for c in celdas])
    return salida.getvalue()


def en_planilla(cuando: str | dt.datetime) -> str:
    """A moment that a spreadsheet sorts."""
    momento = dt.datetime.fromisoformat(cuando) if isinstance(cuando, str) else cuando
    return f"{momento.astimezone(BOGOTA):%Y-%m-%d %H:%M}"
