"""Reads process variables with their types; a variable that is missing or of another type is an incident, not a guess."""

import datetime as dt

from engine.types import Data


def entero(data: Data, nombre: str) -> int:
    valor = data.get(nombre)
    if not isinstance(valor, int) or isinstance(valor, bool):
        raise TypeError(f"{nombre}: {valor!r}")
    return valor


def opcional(data: Data, nombre: str) -> int | None:
    """An integer; None where it is missing, empty or 0."""
    return entero(data, nombre) if data.get(nombre) else None


def texto(data: Data, nombre: str) -> str:
    """A text; "" where it is missing."""
    valor = data.get(nombre, "")
    if valor is not None and not isinstance(valor, str):
        raise TypeError(f"{nombre}: {valor!r}")
    return valor or ""


def instante(data: Data, nombre: str) -> dt.datetime | None:
    valor = texto(data, nombre)
    return dt.datetime.fromisoformat(valor) if valor else None


def iso(valor: dt.datetime) -> str:
    """An instant as process data carry it: ISO, UTC."""
    return valor.astimezone(dt.UTC).isoformat()
