"""Statements compiled once and handed to the driver.

Executing a Core statement looks up its compiled form and works out parameters and result columns
anew each time, which costs several times what the database needs for a row by its key. A `Prepared`
keeps all of that: the text, the order of its parameters and what its types do to values on their
way in and out. It runs on the session's own connection, so transactions, events and errors are
those of SQLAlchemy. Not for `IN` with a list, nor for statements that vary.
"""

import re
from collections import namedtuple
from collections.abc import Callable, Container, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import Connection, Executable, LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.dml import Insert, UpdateBase
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.types import TypeEngine

R = TypeVar("R", bound=tuple[Any, ...])
Params = Mapping[str, Any]
#: Told before a statement writes: on which connection, into which table.
OnWrite = Callable[[Connection, str], None]
Processor = Callable[[Any], Any]
_NOTHING: Params = {}
# among the attributes of a dialect, where every statement finds it soonest
_ON_WRITE = "ventanilla_on_write"
_BY_NAME = re.compile(r"%\((\w+)\)s")
MOST_PARTS = 12  # of one joined statement: more have too many shapes to be prepared


def on_write(dialect: Dialect, tables: Container[str], told: OnWrite) -> None:
    """From now on this is told of every statement here that writes into one of these tables through
    an Engine of this dialect."""
    setattr(dialect, _ON_WRITE, (tables, told))


class Prepared:
    """One statement. `params` are the names of its binds; of an INSERT the columns, always the same
    ones in a place."""

    def __init__(self, statement: Executable, row: "type[tuple[Any, ...]] | None" = None) -> None:
        self._statement = statement
        self._row = row
        self._forms: dict[tuple[str, ...], _Form] = {}
        self.into = (
            str(getattr(statement.table, "name", "")) if isinstance(statement, UpdateBase) else ""
        )

    def run(self, session: Session | Connection, params: Params = _NOTHING) -> int:
        """Execute; gives the number of rows that it touched."""
        form = self.form(connection_of(session), params)
        cursor = _send(session, form.text, form.bind(params))
        count: int = cursor.rowcount
        cursor.close()
        return count

    def run_many(self, session: Session | Connection, rows: Sequence[Params]) -> None:
        """Execute once for each row; all rows have the keys of the first."""
        connection = connection_of(session)
        form = self.form(connection, rows[0])
        connection.exec_driver_sql(
            form.text, form.bind(rows[0]) if len(rows) == 1 else [form.bind(row) for row in rows]
        )

    def first(self, session: Session | Connection, params: Params = _NOTHING) -> Any | None:
        """The first row as a named tuple, or None."""
        form, cursor = self._select(session, params)
        row = cursor.fetchone()
        cursor.close()
        return None if row is None else form.row(row)

    def all(self, session: Session | Connection, params: Params = _NOTHING) -> list[Any]:
        form, cursor = self._select(session, params)
        rows = cursor.fetchall()
        cursor.close()
        return [form.row(row) for row in rows]

    def scalar(self, session: Session | Connection, params: Params = _NOTHING) -> Any:
        """The first column of the first row, or None."""
        row = self.first(session, params)
        return None if row is None else row[0]

    def _select(self, session: Session | Connection, params: Params) -> "tuple[_Form, Any]":
        form = self.form(connection_of(session), params)
        return form, _send(session, form.text, form.bind(params))

    def form(self, connection: Connection, params: Params) -> "_Form":
        if (
            self.into
            and (watched := connection.dialect.__dict__.get(_ON_WRITE)) is not None
            and self.into in watched[0]
        ):
            watched[1](connection, self.into)
        return self.of(connection.dialect, params)

    def of(self, dialect: Dialect, params: Params) -> "_Form":
        key = (dialect.name, *params)
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = _Form(self._statement, dialect, list(params), self._row)
        return form


class Query(Prepared, Generic[R]):
    """A statement with rows, each a NamedTuple of the class `row`, whose fields are the columns in
    their order."""

    def __init__(self, statement: Executable, row: type[R]) -> None:
        names = tuple(c.key for c in getattr(statement, "exported_columns", ()))
        if getattr(row, "_fields", None) != names:
            raise TypeError(f"{row.__name__}: the columns are {names}")
        super().__init__(statement, row)

    if TYPE_CHECKING:  # the same, with the type of the rows

        def first(self, session: Session | Connection, params: Params = _NOTHING) -> R | None: ...

        def all(self, session: Session | Connection, params: Params = _NOTHING) -> list[R]: ...


def execute(session: Session | Connection, text: str) -> None:
    """A statement of this dialect without parameters and without rows, as it stands: a savepoint,
    its release."""
    _send(session, text, ()).close()


def begin(connection: Connection, text: str) -> None:
    """The BEGIN of a driver that leaves it to us; for the event of that name."""
    if connection.dispatch.before_cursor_execute:
        connection.exec_driver_sql(text)
    else:
        _by_driver(connection, connection.connection.dbapi_connection, text, ()).close()


class Batch:
    """Writes collected and sent together: to PostgreSQL as one statement (its manual, 7.8.4),
    elsewhere one after the other.

    The parts of one statement do not see each other's rows, so no two of them may concern the same
    row.
    """

    def __init__(self) -> None:
        self._writes: list[tuple[Prepared, Params]] = []

    def add(self, statement: Prepared, params: Params) -> None:
        self._writes.append((statement, params))

    @property
    def tables(self) -> set[str]:
        """Into which it writes."""
        return {statement.into for statement, _params in self._writes}

    def send(self, session: Session | Connection) -> None:
        connection, writes, self._writes = connection_of(session), self._writes, []
        if connection.dialect.name != "postgresql" or not 1 < len(writes) <= MOST_PARTS:
            for statement, params in writes:
                form = statement.form(connection, params)
                _send(session, form.text, form.bind(params)).close()
            return
        forms = tuple([statement.form(connection, params) for statement, params in writes])
        bound: list[Any] = []
        for form, (_, params) in zip(forms, writes, strict=True):
            bound += form.bind(params)
        _send(session, _joined(forms), tuple(bound)).close()


@cache
def _joined(forms: "tuple[_Form, ...]") -> str:
    parts = [form.text for form in forms]
    return (
        "WITH "
        + ", ".join(f"w{place} AS ({part})" for place, part in enumerate(parts[:-1]))
        + " "
        + parts[-1]
    )


class _Form:
    """A statement compiled for one dialect and one set of parameter names; parameters go by their
    place."""

    def __init__(self, statement: Any, dialect: Dialect, names: list[str], row: Any = None) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=names)
        defaults = _constants(statement) if isinstance(statement, Insert) else {}
        self.text, order = str(compiled), compiled.positiontup
        if order is None:  # psycopg: by name, which costs it a dictionary for each statement
            order = _BY_NAME.findall(self.text)
            self.text = _BY_NAME.sub("%s", self.text)
        self._binds = [
            (
                n,
                defaults.get(n, compiled.binds[n].effective_value),
                _inward(compiled.binds[n].type, dialect),
            )
            for n in order
        ]
        columns: Sequence[ColumnElement[Any]] = list(getattr(statement, "exported_columns", ()))
        outward = [(place, _outward(c.type, dialect)) for place, c in enumerate(columns)]
        self._outward = [(place, process) for place, process in outward if process is not None]
        self._make: Callable[[Sequence[Any]], Any] = (
            row._make if row else _named([c.key or "_" for c in columns])
        )

    def bind(self, params: Params) -> tuple[Any, ...]:
        get = params.get
        return tuple(
            [
                get(name, value) if process is None else process(get(name, value))
                for name, value, process in self._binds
            ]
        )

    def row(self, row: Sequence[Any]) -> Any:
        if not self._outward:
            return self._make(row)
        values = list(row)
        for place, process in self._outward:
            values[place] = process(values[place])
        return self._make(values)


class Held(Session):
    """A session on a connection whose transaction somebody else began and ends; statements of this
    module find it without asking."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(
            connection,
            expire_on_commit=False,
            autoflush=False,
            join_transaction_mode="rollback_only",
        )
        self.held = connection
        self.driver = _driver(connection)

    def __exit__(self, *_: object) -> None:
        if self.in_transaction():  # else nobody asked it for anything
            self.close()


def connection_of(session: Session | Connection) -> Connection:
    if isinstance(session, Held):
        return session.held
    return session.connection() if isinstance(session, Session) else session


def _driver(connection: Connection) -> Any:
    """The driver's own connection; None where somebody listens, or where SQLAlchemy has yet to
    begin the transaction."""
    if connection.dispatch.before_cursor_execute or not (
        connection.in_transaction() or _by_itself(connection)
    ):
        return None
    return connection.connection.dbapi_connection


def _send(session: Session | Connection, text: str, params: Any) -> Any:
    """A cursor that has executed this: if possible the driver's own, which is several times cheaper
    than SQLAlchemy's result."""
    connection = connection_of(session)
    driver = session.driver if isinstance(session, Held) else _driver(connection)
    return (
        connection.exec_driver_sql(text, params)
        if driver is None
        else _by_driver(connection, driver, text, params)
    )


def _by_driver(connection: Connection, driver: Any, text: str, params: Any) -> Any:
    cursor = driver.cursor()
    try:
        cursor.execute(text, params)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _translated(connection, text, params, error) from error
    return cursor


def _by_itself(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT")


def _translated(connection: Connection, text: str, params: Any, error: Exception) -> Exception:
    """The error as SQLAlchemy raises it; a connection that is gone is taken out of use, as
    SQLAlchemy does."""
    dialect = connection.dialect
    gone = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)  # type: ignore[arg-type]  # the driver's own error
    if gone:
        connection.invalidate(error)
    base = dialect.loaded_dbapi.Error
    hide = connection.engine.hide_parameters
    return DBAPIError.instance(
        text,
        params,
        error,
        base,
        hide_parameters=hide,
        connection_invalidated=gone,
        dialect=dialect,
    )


def _inward(kind: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    if isinstance(kind, LargeBinary):
        return None  # both drivers take bytes as they are
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _outward(kind: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _named(names: list[str]) -> Callable[[Sequence[Any]], Any]:
    make: Callable[[Sequence[Any]], Any] = namedtuple("Row", names, rename=True)._make  # type: ignore[attr-defined]  # noqa: PYI024 - the names are those of the statement
    return make


def _constants(statement: Insert) -> dict[str, Any]:
    """Defaults of the columns of a table that are plain values."""
    return {
        c.key: c.default.arg
        for c in statement.table.columns
        if isinstance(c.default, ScalarElementColumnDefault)
    }
