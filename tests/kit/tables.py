"""The tables of a test database: made once a run, copied for each test. Making them takes longer
than most tests."""

import atexit
import secrets
import shutil
import tempfile
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase

from engine.store import rows
from engine.store.tables import Base as EngineBase
from engine.store.uow import prepare
from records.base.tablas import Base as RecordsBase
from records.sistemas.vigiladas import VIGILADAS

Bases = tuple[type[DeclarativeBase], ...]
ALL: Bases = (RecordsBase, EngineBase)
#: the database from which others are dropped and made; it cannot be replaced itself
SERVERS = "postgres"


def make(db: sa.Engine, *bases: type[DeclarativeBase]) -> None:
    """Those of records and engine, or only of these. What is there already stays; an empty database
    is replaced by a copy."""
    bases = bases or ALL
    if (
        db.dialect.name == "postgresql"
        and db.url.database != SERVERS
        and not sa.inspect(db).get_table_names()
    ):
        _replace(db, bases)
    elif db.dialect.name == "sqlite" and db.url.database and not Path(db.url.database).exists():
        shutil.copyfile(_file(bases), db.url.database)
    else:
        _create(db, bases)


def _create(db: sa.Engine, bases: Bases) -> None:
    there = sa.inspect(db).get_table_names()
    for base in bases:
        base.metadata.create_all(db)
    if not there:
        with db.begin() as connection:
            rows.install(connection, rows.with_ours(VIGILADAS))


@cache
def _file(bases: Bases) -> Path:
    folder = tempfile.TemporaryDirectory(prefix="ventanilla-tables-")
    atexit.register(folder.cleanup)
    path = Path(folder.name) / "tables.db"
    db = sa.create_engine(f"sqlite:///{path}")
    prepare(db)
    _create(db, bases)
    db.dispose()
    return path


def _replace(db: sa.Engine, bases: Bases) -> None:
    name, server = (
        db.url.database,
        db.url.set(database=SERVERS).render_as_string(hide_password=False),
    )
    template = _database(server, bases)
    db.dispose()
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
        connection.exec_driver_sql(
            f'CREATE DATABASE "{name}" TEMPLATE {template} STRATEGY file_copy'
        )
    admin.dispose()


@cache
def _database(server: str, bases: Bases) -> str:
    """On this server, with which it goes."""
    name = f"tables_{secrets.token_hex(6)}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    admin.dispose()
    db = sa.create_engine(sa.make_url(server).set(database=name))
    _create(db, bases)
    db.dispose()
    return name
