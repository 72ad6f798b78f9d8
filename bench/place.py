"""Where a run takes place: a PostgreSQL server of the test wheel, SQLite files, and the floor that
every ratio is divided by."""

import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import sqlalchemy as sa

from tests.kit.postgres import wheel

ROW = "x" * 1_500  # about what one step of an engine writes


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL with the settings of its makers (fsync on), reached by TCP: the peers' drivers
    know no other way."""

    port: int

    def uri(self, name: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    @contextmanager
    def database(self, name: str) -> Iterator[str]:
        """An empty database; gives its name."""
        with psycopg.connect(self.uri("postgres"), autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name}".encode())
        yield name
        with psycopg.connect(self.uri("postgres"), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def version(self) -> str:
        with psycopg.connect(self.uri("postgres")) as connection:
            return connection.info.parameter_status("server_version") or ""


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    postgres, data, port = wheel(), folder / "pg", free_port()
    made = postgres.server(data, cleanup_mode=None)
    options = ["-o", f"-h 127.0.0.1 -p {port} -k ''"]
    postgres.pg_ctl(
        ["-w", "-l", str(data / "log"), *options, "restart"],
        pgdata=data,
        user=made.system_user,
        timeout=60,
    )
    try:
        yield Server(port)
    finally:
        postgres.pg_ctl(
            ["-m", "fast", "-w", "stop"], pgdata=data, user=made.system_user, timeout=60
        )


@contextmanager
def databases(folder: Path) -> Iterator[list[tuple[str, str]]]:
    """(name, URL) of an SQLite file and of a PostgreSQL database that live as long as this."""
    with server(folder) as postgres, postgres.database("bench") as name:
        yield [("SQLite", f"sqlite:///{folder / 'bench.db'}"), ("PostgreSQL", postgres.url(name))]


# --- the floor ------------------------------------------------------------------------------------
def raw_sqlite(folder: Path) -> Callable[[], None]:
    """One row and its commit by the bare driver, durable as ours is."""
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE IF NOT EXISTS floor (id INTEGER PRIMARY KEY, body TEXT)")

    def once() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO floor (body) VALUES (?)", (ROW,))
        connection.execute("COMMIT")

    return once


def raw_postgres(uri: str) -> Callable[[], None]:
    """One row in a transaction, prepared by the driver, as psycopg does by default."""
    connection = psycopg.connect(uri)
    connection.execute("CREATE TABLE IF NOT EXISTS floor (id bigserial PRIMARY KEY, body text)")
    connection.commit()

    def once() -> None:
        connection.execute("INSERT INTO floor (body) VALUES (%s)", (ROW,))
        connection.commit()

    return once


def pooled(db: sa.Engine) -> Callable[[], None]:
    """The same through our own pool and transaction: what a program that does nothing else would
    pay."""
    with db.begin() as connection:
        connection.execute(sa.text("CREATE TABLE bench_row (body TEXT)"))
    writing, insert = (
        db.execution_options(ventanilla_write=True),
        sa.text("INSERT INTO bench_row (body) VALUES (:body)"),
    )

    def once() -> None:
        with writing.begin() as connection:
            connection.execute(insert, {"body": ROW})

    return once


def ms(begin: float) -> float:
    return (time.perf_counter() - begin) * 1_000


def timed(once: Callable[[], object]) -> float:
    begin = time.perf_counter()
    once()
    return ms(begin)
