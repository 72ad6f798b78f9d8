"""Writes rows in bulk: SQLite by executemany with the indexes made afterwards, PostgreSQL by
COPY."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import sqlalchemy as sa

from bench.clones import COLUMNS, OF_CASES, OF_PEOPLE, TABLES, Rows

WITH_NUMBERS = (*OF_PEOPLE, *OF_CASES, "outbox")  # tables whose `id` the database counts


class Writer(Protocol):
    text_instants: bool

    def write(self, rows: Rows) -> None: ...


def rows() -> Rows:
    return defaultdict(list)


class _Sqlite:
    text_instants = True

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw

    def write(self, rows: Rows) -> None:
        for name, lines in rows.items():
            columns = ", ".join(f'"{column}"' for column in COLUMNS[name])
            marks = ", ".join("?" * len(COLUMNS[name]))
            self._raw.executemany(f"INSERT INTO {name} ({columns}) VALUES ({marks})", lines)


class _Postgres:
    text_instants = False

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def write(self, rows: Rows) -> None:
        for name in TABLES:
            columns = ", ".join(f'"{column}"' for column in COLUMNS[name])
            if name in rows:
                with self._cursor.copy(f"COPY {name} ({columns}) FROM STDIN") as copy:
                    for line in rows[name]:
                        copy.write_row(line)


@contextmanager
def writing(db: sa.Engine) -> Iterator[Writer]:
    """Indexes that are not constraints go before the rows come, and are made again after them."""
    indexes = [index for table in TABLES.values() for index in table.indexes if not index.unique]
    with db.begin() as connection:
        for index in indexes:
            index.drop(connection, checkfirst=True)
    raw = db.raw_connection()
    try:
        yield from _sqlite(raw) if db.dialect.name == "sqlite" else _postgres(raw)
    finally:
        raw.close()
    with db.begin() as connection:
        for index in indexes:
            index.create(connection)
        if db.dialect.name == "postgresql":
            for name in WITH_NUMBERS:
                if "id" in COLUMNS[name]:
                    connection.exec_driver_sql(
                        f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"
                    )


def _sqlite(connection: Any) -> Iterator[Writer]:
    raw = connection.driver_connection
    raw.isolation_level = None
    raw.execute("PRAGMA foreign_keys=OFF")
    raw.execute("PRAGMA synchronous=OFF")
    raw.execute("PRAGMA cache_size=-400000")
    raw.execute("BEGIN IMMEDIATE")
    yield _Sqlite(raw)
    raw.execute("COMMIT")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.execute("PRAGMA foreign_keys=ON")
    raw.execute("PRAGMA synchronous=FULL")


def _postgres(connection: Any) -> Iterator[Writer]:
    with connection.cursor() as cursor:
        # copies are whole: no look-up of each foreign key
        cursor.execute("SET session_replication_role = replica")
        yield _Postgres(cursor)
        cursor.execute("SET session_replication_role = DEFAULT")
    connection.commit()


def bytes_of(db: sa.Engine) -> int:
    """Size of the database."""
    with db.connect() as connection:
        if db.dialect.name == "postgresql":
            return int(
                connection.exec_driver_sql(
                    "SELECT pg_database_size(current_database())"
                ).scalar_one()
            )
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        return int(pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one())
