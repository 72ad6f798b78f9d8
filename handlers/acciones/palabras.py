"""A value as a letter says it, in the language that is spoken. Pure."""

import datetime as dt
import re
from typing import Final

from common.language import said
from engine.types import Value
from records.correo.reglas import cartas

#: As forms and diagrams write a day and an instant: Python reads more, and a document number is no
#: date.
_FECHA: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}.*)?")
#: Below, four digits stand together, as Spanish writes them: a year stays one.
_DE_CINCO_CIFRAS: Final = 10_000


def en_palabras(valor: Value) -> str:
    """ "Sí", "1.250.000", "lunes 14 de diciembre de 2026"."""
    if valor is None:
        return ""
    if isinstance(valor, bool):
        return said("Sí") if valor else said("No")
    if isinstance(valor, int | float):
        decimales = ".2f" if isinstance(valor, float) else "d"
        miles = "," if abs(valor) >= _DE_CINCO_CIFRAS else ""
        return format(valor, miles + decimales).translate(str.maketrans(",.", ".,"))
    if isinstance(valor, list):
        return ", ".join(en_palabras(cada) for cada in valor)
    return _fecha(valor) if isinstance(valor, str) else str(valor)


def _fecha(texto: str) -> str:
    if _FECHA.fullmatch(texto) is None:
        return texto
    try:
        return (
            cartas.dia(dt.datetime.fromisoformat(texto))
            if "T" in texto
            else cartas.dia_del_calendario(dt.date.fromisoformat(texto))
        )
    except (ValueError, OverflowError):  # of no month, or before the first day there is
        return texto
