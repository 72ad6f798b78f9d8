"""One line of migrations for both metadata, business and engine; the tables of the job library are
not ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import sqlalchemy as sa
from alembic import context
from flask import current_app, has_app_context
from sqlalchemy.sql.schema import SchemaItem

from common.accounts import SERVING
from engine.store import guard, rows
from engine.store.tables import Base as EngineBase, RowEntry
from records.base.tablas import todas
from records.sistemas.vigiladas import VIGILADAS

METADATA = [todas(), EngineBase.metadata]

#: DBOS keeps its tables beside ours on SQLite and in a schema of its own on PostgreSQL, and
#: migrates them itself.
DBOS_TABLES = frozenset(
    {
        "application_versions",
        "dbos_migrations",
        "notifications",
        "operation_outputs",
        "queues",
        "streams",
        "workflow_events",
        "workflow_events_history",
        "workflow_input",
        "workflow_output",
        "workflow_schedules",
        "workflow_status",
    }
)


def include_object(
    item: SchemaItem,
    name: str | None,
    kind: str,
    reflected: bool,  # noqa: FBT001 - Alembic's signature
    compare_to: SchemaItem | None,
) -> bool:
    table = name if kind == "table" else getattr(getattr(item, "table", None), "name", None)
    return not (reflected and compare_to is None and table in DBOS_TABLES)


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or name not in DBOS_TABLES


def plain_type(kind: str, item: object, _context: object) -> str | Literal[False]:
    """A migration says what the database stores; our decorators may move or change later."""
    if kind == "type" and isinstance(item, sa.types.TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        include_object=include_object,
        include_name=include_name,
        render_item=plain_type,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    alone, revision, known = (
        not connection.in_transaction(),
        context.get_context().get_current_revision(),
        _wrong_before(connection),
    )
    if alone:
        connection.commit()  # who only read may not write any more once another wrote (SQLite)
    with (
        _rows_unguarded(connection),
        _references_unwatched(connection),
        rows.unwatched(connection),
        context.begin_transaction(),
    ):
        context.run_migrations()
        if context.get_context().get_current_revision() != revision:
            _enter_rows(connection, known)


def _wrong_before(connection: sa.Connection) -> set[tuple[str, rows.Key]]:
    """Rows that were not what their newest entry says; looked for only where there is something to
    migrate."""
    revision = context.get_context().get_current_revision()
    if revision in (None, context.get_head_revision()):
        return set()
    before = _standing(connection)
    differing = rows.differing(connection, before) if before else ()
    return {(other.table, other.key) for other in differing if not other.between}


def _standing(connection: sa.Connection) -> list[sa.Table]:
    """Watched tables as they are before the migrations; none: rows are not entered yet."""
    if not sa.inspect(connection).has_table(RowEntry.__tablename__) or not rows.watched(connection):
        return []
    return rows.standing(connection, [table.name for table in rows.with_ours(VIGILADAS)])


def _enter_rows(connection: sa.Connection, known: set[tuple[str, rows.Key]]) -> None:
    """What the migrations changed counts from now on as it stands; what was changed behind us
    before stays so (docs/evidence.md)."""
    if not sa.inspect(connection).has_table(RowEntry.__tablename__):
        return
    tables = rows.with_ours(VIGILADAS)
    rows.install(connection, tables)
    # who seals: Alembic alone knows no key, and what it makes is watched from the next migration on
    if has_app_context():
        # a revision before the last one lacks columns of ours
        there = rows.standing(connection, [table.name for table in tables])
        rows.enter_changed(connection, there, current_app.config["SECRET_KEY"], known)


@contextmanager
def _rows_unguarded(connection: sa.Connection) -> Iterator[None]:
    """What is written once may have to be written anew by a migration, and is guarded again behind
    the last one."""
    # on SQLite Alembic makes no transaction, so nobody else would commit
    alone = not connection.in_transaction()
    guard.release(connection)
    if alone:
        connection.commit()
    yield
    if alone:
        connection.commit()
    guard.protect(connection, SERVING)
    if alone:
        connection.commit()
    if (
        connection.dialect.name == "sqlite"
        and Path(file := connection.engine.url.database or "").is_file()
    ):
        Path(file).chmod(0o600)  # its owner's alone


@contextmanager
def _references_unwatched(connection: sa.Connection) -> Iterator[None]:
    """SQLite changes a constraint by making its table anew, which it refuses while rows of others
    point there. They are checked before the watch begins again; inside a transaction of somebody
    else nothing can be switched."""
    driver = connection.connection.driver_connection
    if connection.dialect.name != "sqlite" or connection.in_transaction() or driver is None:
        yield
        return
    watched = driver.execute("PRAGMA foreign_keys").fetchone()[0]
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        broken = driver.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"references without a target: {broken[:5]}")
    finally:
        driver.execute(f"PRAGMA foreign_keys={watched}")


def engine() -> sa.Engine:
    """The engine of the application (`flask db …`), or that of `sqlalchemy.url` (Alembic alone)."""
    if has_app_context():
        return current_app.extensions["ventanilla"].db  # type: ignore[no-any-return]  # extensions of Flask are untyped
    return sa.create_engine(context.config.get_main_option("sqlalchemy.url") or "sqlite://")


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with engine().connect() as opened:
        run(opened)
