"""Digests of the rows that people rely on: what a transaction wrote stands in an entry of the log,
committed with it.

The database says itself what a transaction wrote, whatever code wrote it, so no place can forget
it: PostgreSQL by triggers whose notices come with the answer of each statement (`install`), SQLite
by temporary triggers of our own connections. Before the COMMIT one `row_entry` takes their digests,
sealed with a key that does not lie in the database. Whoever changes a row without us makes no
entry, or one without a seal; a row then is not what its newest entry says. An entry also says what
a row was before it was written, so a change by somebody else is named even if we write the row
again behind it.

A transaction that writes no such row costs nothing: its statements say what they write
(`common.prepared.Prepared`, and SQLAlchemy's own). To one that does the entry is added: a command's
goes with what it writes last (`join`), so it is no statement more on PostgreSQL.
"""

import hashlib
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import time
from functools import cache
from itertools import islice
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import orjson
import sqlalchemy as sa
from sqlalchemy.sql.dml import UpdateBase

from common import prepared
from common.instant import read_instant
from common.prepared import Batch
from engine.store import chain, seals, sql
from engine.store.tables import WATCHED, RowEntry

GONE = bytes(32)  # instead of the digest of a row: it was removed
UNTOLD = b""  # instead of what a row was before: by an entry of before 0091, or of who migrates
BEFORE = 16  # octets of the digest of what it was
# before the name of a table in an entry: rows that were not there, rows that were
ADDED, AGAIN = "+", "~"
SAID = "ventanilla.rows\n"  # before the images in a notice of PostgreSQL
SIDES = OLD, NEW = "OLD", "NEW"  # of a row that is written
NAME = "rows_written"  # of the function and the triggers
ROW = "written_row"  # no column is called so
# in `info` of a connection of the pool
WRITTEN, ARMED, TOLD, OFF = "rows_written", "rows_armed", "rows_told", "rows_off"
AT_ONCE = 1_000
MOST_IMAGES = 200  # that wait for the commit as they came; of more the digests are kept
ONCE = ""  # among the names of tables in an entry
_ENTRY = prepared.Prepared(sa.insert(sql.table(RowEntry)).inline())
RAW = sa.types.NullType()
_CONTENT = sa.type_coerce(RowEntry.content, RAW)

Key = tuple[object, ...]
Plain = Callable[[object], object]


class Row(NamedTuple):
    table: str
    key: Key
    digest: bytes  #: or GONE
    before: bytes | None = UNTOLD  #: beginning of the digest that it had; None: it was not there


def with_ours(tables: Iterable[sa.Table]) -> list[sa.Table]:
    """These, and those of the engine."""
    return [*tables, *map(sql.table, WATCHED)]


# --- what a row says ------------------------------------------------------------------------------
def digest(table: sa.Table, values: Mapping[str, object]) -> bytes:
    """Of the columns that hold something, by name: a column that is added later changes nothing
    while it is empty."""
    said = {
        name: plain(value)
        for name, plain in _columns(table)
        if (value := values.get(name)) is not None
    }
    return hashlib.sha256(_bytes([str(table.name), said])).digest()


def key(table: sa.Table, values: Mapping[str, object]) -> Key:
    return tuple(
        [
            None if (value := values.get(name)) is None else plain(value)
            for name, plain in _key(table)
        ]
    )


@cache
def _columns(table: sa.Table) -> tuple[tuple[str, Plain], ...]:
    return tuple((str(c.name), _plain(c.type)) for c in table.columns)


@cache
def _key(table: sa.Table) -> tuple[tuple[str, Plain], ...]:
    return tuple((str(c.name), _plain(c.type)) for c in table.primary_key.columns)


def _bytes(value: object) -> bytes:
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # letters that are none
        return repr(value).encode("utf-8", "backslashreplace")


def _plain(kind: sa.types.TypeEngine[Any]) -> Plain:
    """Makes values the same on both databases; of what somebody put there that is no value of its
    column, how it looks."""
    if isinstance(kind, sa.LargeBinary):
        return _or_looks(
            lambda value: value if isinstance(value, str) else hashlib.sha256(value).hexdigest()
        )
    if isinstance(kind, sa.DateTime) or isinstance(getattr(kind, "impl", None), sa.DateTime):
        return _or_looks(lambda value: chain.moment(read_instant(value)))
    if isinstance(kind, sa.Boolean):
        return _or_looks({0: False, 1: True}.__getitem__)
    if isinstance(kind, sa.JSON):
        return _or_looks(lambda value: orjson.loads(value) if isinstance(value, str) else value)
    if isinstance(kind, sa.Float):
        return _or_looks(float)
    if isinstance(kind, sa.Time):
        return _or_looks(lambda value: time.fromisoformat(str(value)).isoformat())
    return _as_it_is


def _as_it_is(value: object) -> object:
    return value if isinstance(value, str | int | float) else repr(value)


def _or_looks(read: Callable[[Any], object]) -> Plain:
    def plain(value: object) -> object:
        try:
            return read(value)
        except (ValueError, TypeError, KeyError, OverflowError):
            return repr(value)

    return plain


def packed(rows: Sequence[Row], once: str = "") -> bytes:
    """The keys of each table as JSON, a line end, the digests in their order. A key of one column
    stands as that. `once`: letters that no other entry has, so that a copy of it, whose seal is
    right, is known for one."""
    keys: dict[str, Any] = {ONCE: once} if once else {}
    named = [
        (
            f"{'' if row.before == UNTOLD else ADDED if row.before is None else AGAIN}{row.table}",
            row,
        )
        for row in rows
    ]
    for name, row in (ordered := sorted(named, key=lambda each: each[0])):
        keys.setdefault(name, []).append(row.key[0] if len(row.key) == 1 else row.key)
    return (
        _bytes(keys) + b"\n" + b"".join(row.digest + (row.before or b"") for _name, row in ordered)
    )


def unpacked(content: bytes) -> list[Row]:
    """ValueError, TypeError, AttributeError: it is none of ours."""
    heads, _, digests = content.partition(b"\n")
    rows, place = list[Row](), 0
    for name, keys in orjson.loads(heads).items():
        for each in keys if name != ONCE else ():
            digest, end = (
                digests[place : place + 32],
                place + 32 + (BEFORE if name.startswith(AGAIN) else 0),
            )
            before = (
                digests[place + 32 : end]
                if name.startswith(AGAIN)
                else None
                if name.startswith(ADDED)
                else UNTOLD
            )
            rows.append(
                Row(
                    name.lstrip(ADDED + AGAIN),
                    tuple(each) if isinstance(each, list) else (each,),
                    digest,
                    before,
                )
            )
            place = end
    if len(digests) != place:
        raise ValueError(len(digests))
    return rows


# --- what a transaction wrote ---------------------------------------------------------------------
class Told:
    """What the database told of the transaction of a connection, in its order; what a savepoint
    takes back is forgotten."""

    __slots__ = ("_digested", "_entered", "_savepoints", "lines")

    def __init__(self) -> None:
        #: images of PostgreSQL, of SQLite, or what was made of them
        self.lines: list[str | tuple[Any, ...] | list[Row]] = []
        self._entered = self._digested = 0  # how many of them
        self._savepoints: dict[str, tuple[int, int]] = {}

    def hear(self, line: str | tuple[Any, ...], tables: Mapping[str, sa.Table]) -> None:
        """Of what grows long the digests alone are kept; each line is read once."""
        self.lines.append(line)
        if len(self.lines) - self._digested >= MOST_IMAGES:
            self.lines[self._digested :] = [
                list(_rows_of(line, tables)) for line in self.lines[self._digested :]
            ]
            self._digested = len(self.lines)

    def clear(self) -> None:
        self.lines.clear()
        self._savepoints.clear()
        self._entered = self._digested = 0

    def savepoint(self, name: str) -> None:
        self._savepoints[name] = (len(self.lines), self._entered)

    def back_to(self, name: str) -> None:
        """An entry that was made behind it is undone, too. One that is not known was made before
        anything was told."""
        lines, self._entered = self._savepoints.get(name, (0, 0))
        del self.lines[lines:]
        self._digested = min(self._digested, lines)

    def take(self, tables: Mapping[str, sa.Table]) -> list[Row]:
        """What has no entry yet; of a row that was written more than once what it is now, and what
        it was before all of that."""
        new, self._entered = self.lines[self._entered :], len(self.lines)
        found: dict[tuple[str, Key], Row] = {}
        for row in (row for line in new for row in _rows_of(line, tables)):
            first = found.setdefault(row[:2], row)
            found[row[:2]] = row._replace(before=first.before)
        return list(found.values())


def _rows_of(
    line: str | tuple[Any, ...] | list[Row], tables: Mapping[str, sa.Table]
) -> Iterator[Row]:
    """Of a line: images of a row before and after (PostgreSQL), the columns of one of the two in
    the order of the table (SQLite), or what was made of it before."""
    if isinstance(line, list):
        yield from line
        return
    if isinstance(line, tuple):
        name, side, *values = line
        yield _row(
            tables[name],
            side,
            {str(c.name): value for c, value in zip(tables[name].columns, values, strict=True)},
        )
        return
    name, *images = line.split("\t", 2)
    if name in tables:
        yield from (
            _row(tables[name], side, orjson.loads(image))
            for side, image in zip(SIDES, images, strict=True)
            if image
        )


def _row(table: sa.Table, side: str, values: Mapping[str, object]) -> Row:
    """What it was is gone until it is told what it is now."""
    said = digest(table, values)
    return Row(
        table.name, key(table, values), *((GONE, said[:BEFORE]) if side == OLD else (said, None))
    )


_watches: "WeakKeyDictionary[sa.Dialect, Watch]" = WeakKeyDictionary()


def watch(
    db: sa.Engine, tables: Iterable[sa.Table], secret: str, older: Iterable[str] = ()
) -> None:
    """From now on every commit of this Engine enters what it wrote into these tables and ours. A
    second call for it does nothing. `older`: secrets of before, whose seals still hold; nothing is
    sealed by them any more."""
    if db.dialect in _watches:
        return
    here = Watch({table.name: table for table in with_ours(tables)}, seals.key_of(secret))
    _watches[db.dialect] = here
    seals.use(db.dialect, secret, older)

    prepared.on_write(db.dialect, here.tables, here.mark)

    plain: Any = db.dialect.execution_ctx_cls

    def pre_exec(context: Any) -> None:
        """Says what a statement of SQLAlchemy is about to write. A listener of its events would
        cost each step 25 µs."""
        plain.pre_exec(context)
        statement = getattr(context.compiled, "statement", None)
        if (
            isinstance(statement, UpdateBase)
            and (table := getattr(statement.table, "name", "")) in here.tables
        ):
            here.mark(context.root_connection, str(table))

    marking: Any = type("Marking", (plain,), {"pre_exec": pre_exec})
    db.dialect.execution_ctx_cls = marking
    if db.dialect.name != "sqlite":
        return  # store/ends.py says when a transaction begins and ends, for the same reason

    @sa.event.listens_for(db, "begin")
    def _begin(connection: sa.Connection) -> None:
        begins(connection.dialect, connection.connection)

    @sa.event.listens_for(db, "commit")
    def _commit(connection: sa.Connection) -> None:
        enter_now(connection)

    @sa.event.listens_for(db, "rollback")
    def _rollback(connection: sa.Connection) -> None:
        if not connection.invalidated:  # of a lost one nothing is left to forget
            connection.info.pop(WRITTEN, None)
            connection.info.pop(ARMED, None)  # SQLite takes triggers back, too


def begins(dialect: sa.Dialect, driver: Any) -> None:
    """A transaction, on this connection of the pool."""
    here = _watches.get(dialect)
    if here is None:
        return
    if (told := driver.info.get(TOLD)) is None:
        told = driver.info[TOLD] = Told()
        hear(dialect, driver.driver_connection, told, here.tables)
    told.clear()
    driver.info.pop(WRITTEN, None)


def commits(dialect: sa.Dialect, driver: Any) -> None:
    """PostgreSQL: a transaction is about to; whoever wrote, and did not ask for an entry, has
    one."""
    here = _watches.get(dialect)
    if here is not None and driver.info.pop(WRITTEN, None):
        for entry in here.entries(driver.info):
            form = _ENTRY.of(dialect, entry)
            driver.cursor().execute(form.text, form.bind(entry))


def savepoint(connection: sa.Connection, name: str) -> None:
    """For who makes one (store/ends.py): the event of SQLAlchemy does not tell its name."""
    told = connection.info.get(TOLD)
    if told is not None:
        told.savepoint(name)


def back_to(connection: sa.Connection, name: str) -> None:
    connection.info.pop(ARMED, None)  # SQLite takes triggers back, too
    told = connection.info.get(TOLD)
    if told is not None:
        told.back_to(name)


@contextmanager
def unwatched(connection: sa.Connection) -> Iterator[None]:
    """For who migrates, and enters what changed by `enter_changed`: tables come and go meanwhile,
    the entries' own, too."""
    connection.info[OFF] = True
    _disarm(connection)
    try:
        yield
    finally:
        connection.info.pop(OFF, None)
        connection.info.pop(ARMED, None)  # triggers went with tables that were made anew
        connection.info.get(TOLD, Told()).clear()
        here = _watches.get(connection.dialect)
        if here is not None:
            here.there = False


def enter_now(connection: sa.Connection) -> None:
    """What was written until now, of a transaction that goes on: a batch of many commands."""
    here = _watches.get(connection.dialect)
    if here is not None and connection.info.pop(WRITTEN, None):
        for entry in here.entries(connection.info):
            _ENTRY.run(connection, entry)


def join(connection: sa.Connection, batch: Batch) -> None:
    """The entry of what was written until now goes with these writes, without a way of its own to
    the database. Where they write watched rows themselves one entry before the commit takes all."""
    here = _watches.get(connection.dialect)
    if here is not None and connection.info.get(WRITTEN) and batch.tables.isdisjoint(here.tables):
        for entry in here.entries(connection.info):
            batch.add(_ENTRY, entry)


@dataclass
class Watch:
    tables: Mapping[str, sa.Table]
    sealing: bytes
    there: bool = field(default=False, init=False)  #: the table of the entries is

    def mark(self, connection: sa.Connection, table: str) -> None:
        """A statement that follows writes into this table, one of ours."""
        info = connection.info
        if info.get(OFF) or not self._is_there(connection):
            return
        # nobody hears what the database tells, so the row would stand without an entry
        if TOLD not in info:
            raise RuntimeError(
                "store/uow.py `prepare` comes before `watch`, and both before the transaction"
            )
        if connection.dialect.name == "sqlite" and table not in (
            armed := info.setdefault(ARMED, set())
        ):
            arm(connection, self.tables[table])
            armed.add(table)
        info[WRITTEN] = True

    def _is_there(self, connection: sa.Connection) -> bool:
        self.there = self.there or sa.inspect(connection).has_table(RowEntry.__tablename__)
        return self.there

    def entries(self, info: Mapping[Any, Any]) -> Iterator[prepared.Params]:
        written = info[TOLD].take(self.tables)
        for start in range(0, len(written), AT_ONCE):
            content = packed(written[start : start + AT_ONCE], _once())
            yield {"content": content, "seal": seals.seal(self.sealing, content)}


def _once() -> str:
    return os.urandom(6).hex()


def _raw(table: sa.Table) -> Any:
    """SQLite: each column as it lies there."""
    return sa.select(*[sa.type_coerce(column, RAW).label(column.name) for column in table.columns])


def _image(table: sa.Table) -> sa.ColumnElement[Any]:
    """PostgreSQL: a row as one value, of what is large its digest alone."""
    told: sa.ColumnElement[Any] = sa.func.pg_catalog.to_jsonb(sa.literal_column(ROW))
    for column in (c for c in table.columns if isinstance(c.type, sa.LargeBinary)):
        content = sa.func.pg_catalog.encode(
            sa.func.pg_catalog.sha256(sa.literal_column(f"{ROW}.{column.name}")), "hex"
        )
        told = told.op("||")(
            sa.func.pg_catalog.jsonb_build_object(sa.literal_column(f"'{column.name}'"), content)
        )
    return sa.cast(told, sa.Text)


# --- triggers -------------------------------------------------------------------------------------
TRIGGER = "CREATE TEMP TRIGGER IF NOT EXISTS @trigger AFTER @act ON main.@table BEGIN @told END"


def hear(dialect: sa.Dialect, driver: Any, told: Told, tables: Mapping[str, sa.Table]) -> None:
    """What triggers tell on this connection, from now on. Others do not see those of SQLite, and do
    not know the function."""
    if dialect.name == "sqlite":
        driver.create_function(NAME, -1, lambda *line: told.hear(line, tables))
        return

    def said(notice: Any) -> None:
        text = notice.message_primary or ""
        if text.startswith(SAID):
            told.hear(text[len(SAID) :], tables)

    driver.add_notice_handler(said)


def arm(connection: sa.Connection, table: sa.Table) -> None:
    """SQLite: from now on this connection is told what it writes into this table."""
    old, new = (
        f"SELECT {NAME}('{table.name}', '{side}', {', '.join(f'{side}.{c.name}' for c in table.columns)});"
        for side in SIDES
    )
    for act, told in (("INSERT", new), ("UPDATE", f"{old} {new}"), ("DELETE", old)):
        made = (
            TRIGGER.replace("@trigger", f"{NAME}_{table.name}_{act.lower()}")
            .replace("@act", act)
            .replace("@table", table.name)
        )
        connection.exec_driver_sql(made.replace("@told", told))


def _disarm(connection: sa.Connection) -> None:
    """SQLite: the triggers name every column, and would keep one from being dropped. Past
    SQLAlchemy: no transaction begins by it."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite" and driver is not None:
        named = driver.execute(
            "SELECT name FROM sqlite_temp_master WHERE type = 'trigger' AND name LIKE ?",
            (f"{NAME}%",),
        ).fetchall()
        for (name,) in named:
            driver.execute(f"DROP TRIGGER temp.{name}")


#: Tells what one row was and is. INFO always reaches the client, and no log of the server unless
#: somebody wants all of it there. A trigger of each row: one of each statement, with its table of
#: rows, cost twice as much where a step writes one.
FUNCTION = """CREATE OR REPLACE FUNCTION @name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    RAISE INFO '@said%		%', TG_TABLE_NAME, @new;
  ELSIF TG_OP = 'DELETE' THEN
    RAISE INFO '@said%	%	', TG_TABLE_NAME, @old;
  ELSE
    RAISE INFO '@said%	%	%', TG_TABLE_NAME, @old, @new;
  END IF;
  RETURN NULL;
END $$"""


def install(connection: sa.Connection, tables: Iterable[sa.Table]) -> None:
    """PostgreSQL: triggers on those of these tables that are there; again at any time."""
    if connection.dialect.name != "postgresql":
        return
    there = set(sa.inspect(connection).get_table_names())
    for table in (table for table in tables if table.name in there):
        contents = any(isinstance(c.type, sa.LargeBinary) for c in table.columns)
        function = f"{NAME}_{table.name}" if contents else NAME
        image = str(
            _image(table).compile(
                dialect=connection.dialect, compile_kwargs={"literal_binds": True}
            )
        )
        made = FUNCTION.replace("@name", function).replace("@said", SAID)
        for side in ("old", "new"):
            made = made.replace(f"@{side}", image.replace(ROW, side.upper()))
        connection.exec_driver_sql(made.replace("%", "%%"))
        for act in ("INSERT", "UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE OR REPLACE TRIGGER {NAME}_{act.lower()} AFTER {act} ON {table.name} FOR EACH ROW EXECUTE FUNCTION {function}()"
            )


# --- every row against its newest entry -----------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not what its newest entry says. `entered` None: no entry tells of it; `now`
    GONE: it is not there."""

    table: str
    key: Key
    entered: bytes | None
    now: bytes
    between: bool = False  #: it was another one before we wrote it again


def differing(
    connection: sa.Connection,
    tables: Sequence[sa.Table],
    without: AbstractSet[int] = frozenset(),
    compared: Counter[str] | None = None,
) -> Iterator[Difference]:
    """`without`: entries that do not count. `compared`: told how many rows of each table there
    were. What is compared lies in a file of its own meanwhile."""
    with closing(sqlite3.connect("")) as seen:
        seen.execute(
            "CREATE TABLE entered (name, key, digest, PRIMARY KEY (name, key)) WITHOUT ROWID"
        )
        entries = sa.select(RowEntry.id, _CONTENT).order_by(RowEntry.id)
        for n, content in connection.execute(entries.execution_options(yield_per=100)):
            if n not in without:
                yield from _remember(seen, _octets(content))
        for table in tables:
            for row in read(connection, table):
                if compared is not None:
                    compared[table.name] += 1
                text = _bytes(list(row.key)).decode("utf-8", "backslashreplace")
                found = seen.execute(
                    "SELECT digest FROM entered WHERE name = ? AND key = ?", (row.table, text)
                ).fetchone()
                seen.execute("DELETE FROM entered WHERE name = ? AND key = ?", (row.table, text))
                entered = None if found is None or found[0] == GONE else found[0]
                if entered != row.digest:
                    yield Difference(row.table, row.key, entered, row.digest)
        names = {table.name for table in tables}
        for name, text, entered in seen.execute(
            "SELECT name, key, digest FROM entered WHERE digest <> ? ORDER BY 1, 2", (GONE,)
        ):
            if name in names:
                yield Difference(name, tuple(orjson.loads(text)), entered, GONE)


def differing_since(
    connection: sa.Connection,
    tables: Sequence[sa.Table],
    entries: Sequence[range],
    without: AbstractSet[int],
    compared: Counter[str],
) -> Iterator[Difference]:
    """The same for rows of which these entries tell, all that were made since some moment. What was
    changed without one is not found."""
    told: dict[str, dict[Key, bytes]] = {}
    for run in sorted(entries, key=lambda run: run.start):
        theirs = (
            sa.select(RowEntry.id, _CONTENT)
            .where(RowEntry.id >= run.start, RowEntry.id < run.stop)
            .order_by(RowEntry.id)
        )
        for n, content in connection.execute(theirs):
            for row in _unpacked(_octets(content)) if n not in without else ():
                of_table = told.setdefault(row.table, {})
                if row.key in of_table and _other_before(row, of_table[row.key]):
                    yield Difference(
                        row.table, row.key, of_table[row.key], row.digest, between=True
                    )
                of_table[row.key] = row.digest
    for table in tables:
        mine = iter(told.get(table.name, {}).items())
        while block := dict(islice(mine, AT_ONCE // 2)):
            # of whatever it is called there
            columns = [
                sa.type_coerce(sa.column(str(c.name)), RAW) for c in table.primary_key.columns
            ]
            # a day is told as text, which PostgreSQL compares with no day
            alone = [sa.literal(names[0], RAW) for names in block]
            where = (
                columns[0].in_(alone) if len(columns) == 1 else sa.tuple_(*columns).in_(list(block))
            )
            now = {row.key: row.digest for row in read(connection, table, where)}
            compared[table.name] += len(now)
            for names, entered in block.items():
                if entered != (stands := now.get(names, GONE)):
                    yield Difference(
                        table.name, names, None if entered == GONE else entered, stands
                    )


def _octets(content: object) -> bytes:
    """As it lies there: SQLite keeps in a column what it is given."""
    return bytes(content) if isinstance(content, bytes | memoryview) else b""


def _unpacked(content: bytes) -> list[Row]:
    """Nothing of what is none of ours: its own entry in the log says so."""
    try:
        return unpacked(content)
    except (ValueError, TypeError, AttributeError):
        return []


def _other_before(row: Row, entered: bytes) -> bool:
    """Whether a row that we wrote again was not what the entry before says. `entered` GONE: it was
    not there."""
    return row.before != UNTOLD and (row.before or GONE[:BEFORE]) != entered[:BEFORE]


def _remember(seen: sqlite3.Connection, content: bytes) -> Iterator[Difference]:
    """What an entry says counts from now on; gives rows that were not what the entry before
    said."""
    for row in _unpacked(content):
        of = row.table, _bytes(list(row.key)).decode()
        if row.before != UNTOLD:
            found = seen.execute(
                "SELECT digest FROM entered WHERE name = ? AND key = ?", of
            ).fetchone()
            if _other_before(row, GONE if found is None else found[0]):
                yield Difference(
                    row.table,
                    row.key,
                    None if found is None else found[0],
                    row.digest,
                    between=True,
                )
        seen.execute(
            "INSERT INTO entered VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET digest = excluded.digest",
            (*of, row.digest),
        )


# --- what was there before ------------------------------------------------------------------------
def standing(connection: sa.Connection, names: Iterable[str]) -> list[sa.Table]:
    """Those of these tables that are there, with the columns that they have now, which a migration
    may be about to change."""
    found, apart = sa.inspect(connection), type(RowEntry.metadata)()
    there = set(found.get_table_names())
    return [
        sa.Table(name, apart, autoload_with=connection, resolve_fks=False)
        for name in names
        if name in there
    ]


def enter_changed(
    connection: sa.Connection,
    tables: Sequence[sa.Table],
    secret: str,
    known: AbstractSet[tuple[str, Key]],
) -> int:
    """Enters each row that is not what its newest entry says, for who migrates; how many. `known`:
    what was so before, and stays so.

    The first entry of all holds nothing: it says that from here on rows are watched.
    """
    if not watched(connection):
        _enter(connection, secret, [])
    count, block = 0, list[Row]()
    for other in differing(connection, tables):
        if (other.table, other.key) not in known and not other.between:
            block.append(Row(other.table, other.key, other.now))
            count += 1
        if len(block) == AT_ONCE:
            _enter(connection, secret, block)
            block = []
    if block:
        _enter(connection, secret, block)
    return count


def watched(connection: sa.Connection) -> bool:
    """Whether rows have been entered since the beginning, or since `enter_changed` saw them all."""
    return _octets(
        connection.execute(sa.select(_CONTENT).order_by(RowEntry.id).limit(1)).scalar()
    ) == packed([])


def _enter(connection: sa.Connection, secret: str, rows: Sequence[Row]) -> None:
    content = packed(rows, _once() if rows else "")  # the first entry of all is the same everywhere
    _ENTRY.run(connection, {"content": content, "seal": seals.seal(seals.key_of(secret), content)})


def copied(connection: sa.Connection) -> Iterator[int]:
    """Entries that say what an earlier one says, to the letters that only one of ours has."""
    first = (
        sa.select(sa.func.min(RowEntry.id))
        .group_by(sa.type_coerce(RowEntry.seal, RAW))
        .having(sa.func.count() > 1)
    )
    for first_one, content, by in connection.execute(
        sa.select(RowEntry.id, _CONTENT, sa.type_coerce(RowEntry.seal, RAW))
        .where(RowEntry.id.in_(first))
        .order_by(RowEntry.id)
    ).all():
        if _has_once(_octets(content)):
            same = sa.select(RowEntry.id).where(
                sa.type_coerce(RowEntry.seal, RAW) == by, RowEntry.id != first_one
            )
            yield from connection.scalars(same.order_by(RowEntry.id))


def _has_once(content: bytes) -> bool:
    """Those of before had none, and may say the same."""
    try:
        return ONCE in orjson.loads(content.partition(b"\n")[0])
    except (ValueError, TypeError):
        return False


def of_instances(
    connection: sa.Connection, table: sa.Table, instances: Sequence[str]
) -> Iterator[Mapping[str, object]]:
    """Rows of a table of the engine that belong to these instances, as they lie there."""
    mine = [sa.column("instance_id", sa.String).in_(instances)]
    if "case_key" in table.c:  # it has no other index
        cases = sa.select(sql.INSTANCE.c.case_key).where(sql.INSTANCE.c.id.in_(instances))
        mine.append(sa.column("case_key", sa.String).in_(cases))
    yield from _values(connection, table, *mine)


def read(
    connection: sa.Connection, table: sa.Table, *where: sa.ColumnElement[bool]
) -> Iterator[Row]:
    """Every row of a table as it stands now, or those of which this is so."""
    for values in _values(connection, table, *where):
        yield Row(table.name, key(table, values), digest(table, values))


def _values(
    connection: sa.Connection, table: sa.Table, *where: sa.ColumnElement[bool]
) -> Iterator[Mapping[str, object]]:
    if connection.dialect.name == "postgresql":
        images = sa.select(_image(table)).select_from(table.alias(ROW)).where(*where)
        for image in connection.execute(images.execution_options(yield_per=AT_ONCE)).scalars():
            yield orjson.loads(image)
        return
    for row in connection.execute(
        _raw(table).where(*where).execution_options(yield_per=AT_ONCE)
    ).mappings():
        yield {str(name): value for name, value in row.items()}
