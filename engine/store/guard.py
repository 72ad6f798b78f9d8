"""Rows that are written once: no account that serves people may change or remove one.

On PostgreSQL by privileges: one account owns and migrates, web and worker have others
(deploy/postgresql/roles.sql), to which each migration gives what they need. On SQLite, which has no
accounts, by triggers and by a file that is its owner's alone. Whoever owns the database can undo
both; that is found by the signed log (docs/evidence.md).
"""

from collections.abc import Sequence

import sqlalchemy as sa

#: Written once, and read for ever. `submission` is not among them: its values are erased by a
#: journaled act.
APPEND_ONLY = (
    "journal",
    "access",
    "note",
    "release",
    "release_file",
    "file_content",
    "log_entry",
    "log_checkpoint",
    "row_entry",
)
SCHEMAS = ("public", "dbos")
ACTS = ("UPDATE", "DELETE")


def _there(connection: sa.Connection) -> list[str]:
    found = sa.inspect(connection)
    return [table for table in APPEND_ONLY if found.has_table(table)]


def _trigger(table: str, act: str) -> str:
    return f"once_{table}_{act.lower()}"


def release(connection: sa.Connection) -> None:
    """Before a migration, which may have to write them anew."""
    if connection.dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for act in ACTS:
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {_trigger(table, act)}")


def protect(connection: sa.Connection, serving: Sequence[str]) -> None:
    """After it, and again at any time. `serving`: accounts that serve people."""
    release(connection)
    if connection.dialect.name == "sqlite":
        for table in _there(connection):
            for act in ACTS:
                refusal = f"SELECT RAISE(ABORT, '{table}: what is written once is never changed')"
                connection.exec_driver_sql(
                    f"CREATE TRIGGER {_trigger(table, act)} BEFORE {act} ON {table} BEGIN {refusal}; END"
                )
    elif connection.dialect.name == "postgresql":
        _grant(connection, serving)


def _grant(connection: sa.Connection, serving: Sequence[str]) -> None:
    """To the accounts that are there, of the schemas that are there; by the owner alone."""
    owned = connection.scalar(
        sa.text(
            "SELECT bool_and(tableowner = current_user) FROM pg_tables WHERE schemaname = 'public'"
        )
    )
    roles = set(connection.scalars(sa.text("SELECT rolname FROM pg_roles"))) & set(serving)
    schemas = set(connection.scalars(sa.text("SELECT nspname FROM pg_namespace"))) & set(SCHEMAS)
    if not owned:
        return
    for role in sorted(roles):
        for schema in sorted(schemas):
            connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {role}")
            connection.exec_driver_sql(
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}"
            )
            connection.exec_driver_sql(
                f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}"
            )
            connection.exec_driver_sql(
                f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO {role}"
            )
        for table in _there(connection):
            connection.exec_driver_sql(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")


def changeable(connection: sa.Connection) -> list[str]:
    """Of these tables those whose rows this connection may change or remove."""
    tables = _there(connection)
    if connection.dialect.name == "sqlite":
        triggers = set(
            connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        )
        return [
            table for table in tables if not all(_trigger(table, act) in triggers for act in ACTS)
        ]
    may = sa.text("SELECT has_table_privilege(:t, 'UPDATE, DELETE, TRUNCATE')")
    return [table for table in tables if connection.scalar(may, {"t": table})]
