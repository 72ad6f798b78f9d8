"""What we lean on in SQLAlchemy's driver layer and in the drivers, and the shape of such a list;
the pins stand in requirements.in.

These names are private, undocumented, or do more for us than their documentation promises. An
upgrade reads this list first: tests/integration/contracts compares each name with the form that it
had, and fails before any other test.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ForeignName:
    """A name of a library that we could not do without."""

    path: str  # package.module:Class.name
    # parameters (`a b= *c **d`), property, attribute (of an instance), class, class attribute,
    # error, module, or the value
    form: str
    why: str


NAMES: Final = (
    ForeignName(
        "sqlalchemy.sql.compiler:SQLCompiler.positiontup",
        "class attribute",
        "the order of parameters that go by place; None where the driver takes them by name (psycopg)",
    ),
    ForeignName(
        "sqlalchemy.sql.compiler:SQLCompiler.binds",
        "attribute",
        "name of a parameter -> its bind: value and type",
    ),
    ForeignName(
        "sqlalchemy.sql.elements:BindParameter.effective_value",
        "property",
        "the value of a parameter that the caller does not give",
    ),
    ForeignName(
        "sqlalchemy.sql.elements:BindParameter.type",
        "property",
        "decides what is done to a value on its way in",
    ),
    ForeignName(
        "sqlalchemy.sql.elements:ClauseElement.compile",
        "self bind= dialect= **kw",
        "compiled for one dialect and one set of column names, which decide the columns of an INSERT",
    ),
    ForeignName(
        "sqlalchemy.sql.selectable:ReturnsRows.exported_columns",
        "property",
        "the columns of a SELECT, in order: what their types do to values on their way out",
    ),
    ForeignName(
        "sqlalchemy.sql.dml:UpdateBase.exported_columns", "property", "the same of RETURNING"
    ),
    ForeignName(
        "sqlalchemy.sql.dml:Insert",
        "class",
        "an INSERT gets the constant defaults of its columns from us",
    ),
    ForeignName(
        "sqlalchemy.sql.schema:ScalarElementColumnDefault",
        "class",
        "a default that is a plain value; other kinds SQLAlchemy works out as it executes, which we do not do",
    ),
    ForeignName("sqlalchemy.sql.schema:ScalarElementColumnDefault.arg", "attribute", "that value"),
    ForeignName(
        "sqlalchemy.types:TypeEngine.dialect_impl",
        "self dialect",
        "the type as this dialect has it",
    ),
    ForeignName(
        "sqlalchemy.types:TypeEngine.bind_processor",
        "self dialect",
        "what the type does to a value on its way in; our Instant replaces it for SQLite",
    ),
    ForeignName(
        "sqlalchemy.types:TypeEngine.result_processor", "self dialect coltype", "on its way out"
    ),
    ForeignName(
        "sqlalchemy.types:TypeDecorator.bind_processor", "self dialect", "overridden by Instant"
    ),
    ForeignName(
        "sqlalchemy.types:TypeDecorator.process_bind_param",
        "self value dialect",
        "overridden by Instant",
    ),
    ForeignName(
        "sqlalchemy.types:TypeDecorator.process_result_value",
        "self value dialect",
        "overridden by Instant",
    ),
    ForeignName("sqlalchemy.types:TypeDecorator.impl", "attribute", "overridden by Instant"),
    ForeignName(
        "sqlalchemy.types:TypeDecorator.cache_ok", "class attribute", "overridden by Instant"
    ),
    ForeignName(
        "sqlalchemy.engine:Connection.dispatch",
        "property",
        "whether somebody listens to statements: then ours go the long way, so that they are heard",
    ),
    ForeignName(
        "sqlalchemy.engine:Connection.connection",
        "property",
        "the pooled connection; its dbapi_connection is the driver's own",
    ),
    ForeignName(
        "sqlalchemy.pool:PoolProxiedConnection.dbapi_connection",
        "attribute",
        "the driver's own connection, on which prepared statements run",
    ),
    ForeignName(
        "sqlalchemy.engine:Connection.in_transaction",
        "self",
        "false: SQLAlchemy has yet to begin the transaction, and must",
    ),
    ForeignName(
        "sqlalchemy.engine:Connection.get_execution_options",
        "self",
        "isolation level, and our mark of a writing transaction",
    ),
    ForeignName(
        "sqlalchemy.engine:Connection.exec_driver_sql",
        "self statement parameters= execution_options=",
        "the long way",
    ),
    ForeignName(
        "sqlalchemy.engine:Connection.invalidate",
        "self exception=",
        "takes a connection out of use that the driver calls lost",
    ),
    ForeignName(
        "sqlalchemy.engine:Engine.hide_parameters",
        "attribute",
        "errors show no values where the engine was told so",
    ),
    ForeignName(
        "sqlalchemy.engine:Dialect.loaded_dbapi",
        "property",
        "the driver's module: its Error is what we catch",
    ),
    ForeignName(
        "sqlalchemy.engine:Dialect.is_disconnect",
        "self e connection cursor",
        "whether an error means that the connection is lost",
    ),
    ForeignName(
        "sqlalchemy.engine.default:DefaultDialect.do_begin",
        "self dbapi_connection",
        "replaced on PostgreSQL: SQLAlchemy calls it on the dialect when a transaction begins",
    ),
    ForeignName(
        "sqlalchemy.engine.default:DefaultDialect.do_commit",
        "self dbapi_connection",
        "replaced on PostgreSQL",
    ),
    ForeignName(
        "sqlalchemy.engine.default:DefaultDialect.do_savepoint",
        "self connection name",
        "replaced: SQLAlchemy compiles each SAVEPOINT anew",
    ),
    ForeignName(
        "sqlalchemy.engine.default:DefaultDialect.do_rollback_to_savepoint",
        "self connection name",
        "replaced",
    ),
    ForeignName(
        "sqlalchemy.engine.default:DefaultDialect.do_release_savepoint",
        "self connection name",
        "replaced",
    ),
    ForeignName(
        "sqlalchemy.engine.default:DefaultDialect.do_ping",
        "self dbapi_connection",
        "asks a connection that was idle for long",
    ),
    ForeignName(
        "sqlalchemy.exc:DBAPIError.instance",
        (
            "cls statement params orig dbapi_base_err hide_parameters= connection_invalidated= dialect= ismulti="
        ),
        "makes of the driver's error the one that SQLAlchemy would raise",
    ),
    ForeignName(
        "sqlalchemy.exc:DBAPIError.connection_invalidated",
        "0",
        "the connection broke: before its COMMIT a command runs again",
    ),
    ForeignName("sqlalchemy.exc:StatementError.orig", "class attribute", "the driver's error"),
    ForeignName(
        "sqlalchemy.exc:InvalidatePoolError",
        "error",
        "raised at checkout: this connection and all older ones are replaced, and the checkout is tried again",
    ),
    ForeignName(
        "sqlalchemy.orm:Session",
        "class",
        "Held is a session on a connection whose transaction somebody else ends",
    ),
    ForeignName(
        "sqlalchemy.orm:Session.__exit__",
        "self type_ value traceback",
        "overridden by Held: a session that nobody asked for anything needs no closing",
    ),
    ForeignName(
        "sqlalchemy.orm:Session.connection",
        "self bind_arguments= execution_options=",
        "the connection of a session's transaction",
    ),
    ForeignName(
        "sqlalchemy.orm:Session.in_transaction", "self", "whether anybody asked it for anything"
    ),
    ForeignName(
        "psycopg:Connection.pgconn",
        "attribute",
        "libpq itself: BEGIN and COMMIT without psycopg's bookkeeping",
    ),
    ForeignName(
        "psycopg:Connection.info", "property", "the encoding in which the server words its errors"
    ),
    ForeignName("psycopg:Connection.autocommit", "property", "then there is no BEGIN"),
    ForeignName(
        "psycopg:Connection.isolation_level", "property", "then psycopg's own BEGIN says which"
    ),
    ForeignName("psycopg.pq.abc:PGconn.exec_", "self command", "one call for BEGIN or COMMIT"),
    ForeignName("psycopg.pq.abc:PGconn.status", "property", "BAD: the connection is lost"),
    ForeignName(
        "psycopg.pq.abc:PGconn.error_message", "property", "how the server or libpq words it"
    ),
    ForeignName(
        "psycopg.pq.abc:PGconn.transaction_status", "property", "IDLE: there is nothing to commit"
    ),
    ForeignName("psycopg.pq.abc:PGresult.status", "property", "COMMAND_OK: it was done"),
    ForeignName("psycopg.pq:ConnStatus.BAD", "1", "see PGconn.status"),
    ForeignName("psycopg.pq:ExecStatus.COMMAND_OK", "1", "see PGresult.status"),
    ForeignName("psycopg.pq:TransactionStatus.IDLE", "0", "see PGconn.transaction_status"),
    ForeignName(
        "psycopg.errors:error_from_result",
        "result encoding=",
        "the error that psycopg would raise of a failed BEGIN or COMMIT",
    ),
)
