"""Reads process variables and form values with their types, for handlers and forms alike.

The caller says which of the two it reads: `entero(w.data, "caso_id")` is a variable of the process,
`texto(w.values, "motivo")` what the person wrote. What is missing or of another type is refused,
never guessed.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from records.base.errores import DatoInesperado

Datos = Mapping[str, object]


def entero(datos: Datos, nombre: str) -> int:
    valor = datos.get(nombre)
    if not isinstance(valor, int) or isinstance(valor, bool):
        raise DatoInesperado(nombre, valor)
    return valor


def numero(datos: Datos, nombre: str) -> float:
    valor = datos.get(nombre)
    if not isinstance(valor, int | float) or isinstance(valor, bool):
        raise DatoInesperado(nombre, valor)
    return float(valor)


def opcional(datos: Datos, nombre: str) -> int | None:
    """An integer; None where it is missing, empty or 0."""
    return entero(datos, nombre) if datos.get(nombre) else None


def texto(datos: Datos, nombre: str) -> str:
    """A text; "" where it is missing."""
    valor = datos.get(nombre)
    if valor is not None and not isinstance(valor, str):
        raise DatoInesperado(nombre, valor)
    return valor or ""


def si_no(datos: Datos, nombre: str) -> bool:
    valor = datos.get(nombre)
    if not isinstance(valor, bool):
        raise DatoInesperado(nombre, valor)
    return valor


def marcado(datos: Datos, nombre: str) -> bool:
    """A yes or no that need not be asked; False where it was not."""
    return si_no(datos, nombre) if datos.get(nombre) is not None else False


def lista(datos: Datos, nombre: str) -> list[Any]:
    """Several values; empty where there is none."""
    valor = datos.get(nombre)
    if valor is not None and not isinstance(valor, list):
        raise DatoInesperado(nombre, valor)
    return valor or []


def instante(datos: Datos, nombre: str) -> dt.datetime | None:
    valor = texto(datos, nombre)
    return dt.datetime.fromisoformat(valor) if valor else None


def fecha(datos: Datos, nombre: str) -> dt.date | None:
    valor = texto(datos, nombre)
    return dt.date.fromisoformat(valor) if valor else None


def iso(valor: dt.datetime) -> str:
    """An instant as process data carry it: ISO, UTC."""
    return valor.astimezone(dt.UTC).isoformat()
