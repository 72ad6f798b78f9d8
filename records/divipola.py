"""Municipalities by their DANE code: División político-administrativa de Colombia (DIVIPOLA), public data of the DANE.

`divipola.csv` has the municipalities, districts and departmental corregimientos of the list of March 2026, 1,121 of them.
"""

import csv
from pathlib import Path


def _leer() -> dict[str, str]:
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as archivo:
        return {fila["codigo"]: _nombre(fila) for fila in csv.DictReader(archivo)}


def _nombre(fila: dict[str, str]) -> str:
    """Many names are found in several departments."""
    return f"{fila['municipio']}, {fila['departamento']}" if fila["departamento"] else fila["municipio"]


MUNICIPIOS: dict[str, str] = _leer()
