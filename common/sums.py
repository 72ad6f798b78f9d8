"""Canonical checksums of tables: equal rows give equal sums, whatever the database."""

import datetime as dt
import hashlib
import json
from typing import Any, NamedTuple

import sqlalchemy as sa

BLOCK = 1_000  # rows in memory


class Sum(NamedTuple):
    """How many rows a table has, and what they are."""

    rows: int
    sha256: str


def sum_of(connection: sa.Connection, table: sa.Table) -> Sum:
    """Of the rows in the order of the primary key, as this connection sees them."""
    digest, rows = hashlib.sha256(), 0
    query = sa.select(table).order_by(
        *[_by_bytes(column, connection.dialect.name) for column in table.primary_key]
    )
    with connection.execution_options(yield_per=BLOCK).execute(query) as result:
        for row in result:
            digest.update(
                json.dumps(
                    list(row), default=_canonical, sort_keys=True, ensure_ascii=True
                ).encode()
            )
            digest.update(b"\n")
            rows += 1
    return Sum(rows, digest.hexdigest())


def _by_bytes(column: sa.Column[Any], dialect: str) -> sa.ColumnElement[Any]:
    """Texts in the order of their code points, which SQLite uses and a locale of PostgreSQL does
    not."""
    return (
        sa.collate(column, "C")
        if dialect == "postgresql" and isinstance(column.type, sa.String)
        else column
    )


def _canonical(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value)
