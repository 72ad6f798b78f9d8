"""Canonical checksums of all our tables: equal rows give equal sums, whatever the database."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.store.tables import Base as EngineBase
from records.tables import Base as RecordsBase

LOTE = 1_000


@dataclass(frozen=True, slots=True)
class Suma:
    filas: int
    sha256: str


def tablas() -> list[sa.Table]:
    """Ours, by name; those of the job library are its own business."""
    juntas = {**RecordsBase.metadata.tables, **EngineBase.metadata.tables}
    return [juntas[nombre] for nombre in sorted(juntas)]


def sumar(connection: sa.Connection) -> Mapping[str, Suma]:
    """Table → sum of its rows in the order of the primary key, as this connection sees them."""
    return {tabla.name: _suma(connection, tabla) for tabla in tablas()}


def diferencias(esperadas: Mapping[str, Suma], halladas: Mapping[str, Suma]) -> list[str]:
    """Names of the tables whose rows are not the same."""
    return sorted(n for n in esperadas.keys() | halladas.keys() if esperadas.get(n) != halladas.get(n))


def _suma(connection: sa.Connection, tabla: sa.Table) -> Suma:
    huella, filas = hashlib.sha256(), 0
    sentencia = sa.select(tabla).order_by(*[_por_bytes(columna, connection.dialect.name) for columna in tabla.primary_key])
    with connection.execution_options(yield_per=LOTE).execute(sentencia) as resultado:
        for fila in resultado:
            huella.update(json.dumps(list(fila), default=_canonico, sort_keys=True, ensure_ascii=True).encode())
            huella.update(b"\n")
            filas += 1
    return Suma(filas, huella.hexdigest())


def _por_bytes(columna: sa.Column[Any], dialecto: str) -> sa.ColumnElement[Any]:
    """Texts in the order of their code points, which SQLite uses and a locale of PostgreSQL does not."""
    return sa.collate(columna, "C") if dialecto == "postgresql" and isinstance(columna.type, sa.String) else columna


def _canonico(valor: object) -> str:
    if isinstance(valor, dt.datetime):
        return valor.astimezone(dt.UTC).isoformat()
    if isinstance(valor, bytes | memoryview):
        return bytes(valor).hex()
    return str(valor)
