"""A value as a letter says it. Pure."""

import datetime as dt

from engine.types import Value
from records.rules import cartas
from records.rules.calendario import fecha_larga


def en_palabras(valor: Value) -> str:
    """ "Sí", "1.250.000", "lunes 14 de diciembre de 2026"."""
    if valor is None:
        return ""
    if isinstance(valor, bool):
        return "Sí" if valor else "No"
    if isinstance(valor, int):
        return f"{valor:,}".replace(",", ".")
    if isinstance(valor, float):
        return f"{valor:,.2f}".translate(str.maketrans(",.", ".,"))
    if isinstance(valor, list):
        return ", ".join(en_palabras(cada) for cada in valor)
    return _fecha(valor) if isinstance(valor, str) else str(valor)


def _fecha(texto: str) -> str:
    try:
        return cartas.dia(dt.datetime.fromisoformat(texto)) if "T" in texto else fecha_larga(dt.date.fromisoformat(texto))
    except ValueError:
        return texto
