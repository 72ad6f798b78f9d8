"""Checksums of all our tables: those of a copy are those of what was copied."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from common.sums import sum_of
from engine.reads import verification
from records.base.tablas import todas


@dataclass(frozen=True, slots=True)
class Suma:
    """As the manifest of a backup keeps it."""

    filas: int
    sha256: str


def sumar(connection: sa.Connection) -> Mapping[str, Suma]:
    """Table → sum, by name, as this connection sees them; tables of the job library are its own
    business."""
    juntas = verification.sums(connection) | {
        tabla.name: sum_of(connection, tabla) for tabla in todas().sorted_tables
    }
    return {nombre: Suma(*juntas[nombre]) for nombre in sorted(juntas)}


def diferencias(esperadas: Mapping[str, Suma], halladas: Mapping[str, Suma]) -> list[str]:
    """Names of the tables whose rows are not the same."""
    return sorted(
        n for n in esperadas.keys() | halladas.keys() if esperadas.get(n) != halladas.get(n)
    )
