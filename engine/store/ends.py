"""How transactions begin, part and end on each database: as plain texts, without what SQLAlchemy
and psycopg wrap around them."""

from typing import Any

import sqlalchemy as sa

from common.prepared import begin, execute
from engine.store import rows


def savepoints(dialect: Any) -> None:
    """As texts: every service task has one, and SQLAlchemy compiles its own anew each time."""
    dialect.do_savepoint = savepoint
    dialect.do_rollback_to_savepoint = back_to
    dialect.do_release_savepoint = release


def savepoint(connection: sa.Connection, name: str) -> None:
    execute(connection, f"SAVEPOINT {name}")
    rows.savepoint(connection, name)


def back_to(connection: sa.Connection, name: str) -> None:
    execute(connection, f"ROLLBACK TO SAVEPOINT {name}")
    rows.back_to(connection, name)


def release(connection: sa.Connection, name: str) -> None:
    execute(connection, f"RELEASE SAVEPOINT {name}")


def of_sqlite(db: sa.Engine) -> None:
    """A command's transaction takes the file for writing at once, a read's does not."""

    @sa.event.listens_for(db, "begin")
    def _begin(connection: sa.Connection) -> None:
        write = connection.get_execution_options().get("ventanilla_write")
        begin(connection, "BEGIN IMMEDIATE" if write else "BEGIN")


def of_psycopg(dialect: Any) -> None:
    """BEGIN and COMMIT as one call of libpq each; psycopg, which asks libpq for the state of its
    transaction, sees them."""
    import psycopg  # noqa: PLC0415 - who works on a SQLite file loads no PostgreSQL driver

    def say(connection: Any, words: bytes) -> None:
        server = connection.pgconn
        result = server.exec_(words)
        if result.status == psycopg.pq.ExecStatus.COMMAND_OK:
            return
        if server.status == psycopg.pq.ConnStatus.BAD:
            raise psycopg.OperationalError(
                server.error_message.decode("utf-8", "replace").strip() or "the connection is lost"
            )
        raise psycopg.errors.error_from_result(result, encoding=connection.info.encoding)

    def start(proxy: Any) -> None:
        if not proxy.autocommit and proxy.isolation_level is None:  # else psycopg says which one
            say(proxy.dbapi_connection, b"BEGIN")
        rows.begins(dialect, proxy)

    def end(proxy: Any) -> None:
        if proxy.pgconn.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            rows.commits(dialect, proxy)
            say(proxy.dbapi_connection, b"COMMIT")

    dialect.do_begin = start
    dialect.do_commit = end
