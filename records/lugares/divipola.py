"""Municipalities by their DANE code: División político-administrativa de Colombia (DIVIPOLA),
public data of the DANE.

`divipola.csv` has the municipalities, districts and departmental corregimientos of the list of
March 2026, 1,121 of them.
"""

import csv
from pathlib import Path


def _leer() -> dict[str, str]:
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as archivo:
        return {fila["codigo"]: _nombre(fila) for fila in csv.DictReader(archivo)}


def _nombre(fila: dict[str, str]) -> str:
    """Many names are found in several departments."""
    return (
        f"{fila['municipio']}, {fila['departamento']}"
        if fila["departamento"]
        else fila["municipio"]
    )


MUNICIPIOS: dict[str, str] = _leer()
_CODIGOS = {nombre.casefold(): codigo for codigo, nombre in MUNICIPIOS.items()}


def nombre(codigo: str) -> str:
    """As people write it; a code that is not in the list stands as it is."""
    return MUNICIPIOS.get(codigo, codigo)


def codigo(nombre: str) -> str | None:
    """Of a municipality that is written as in the list."""
    return _CODIGOS.get(nombre.strip().casefold())
