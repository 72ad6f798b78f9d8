"""Digests of the rows that people rely on: what a transaction wrote stands in an entry of the log, committed with it.

The database says itself which rows a transaction wrote, whatever code wrote them, so no place can forget it: PostgreSQL by triggers
that collect their images in a setting of the transaction (`install`), SQLite by temporary triggers of our own connections, which tell us
keys. Before the COMMIT they are read, and one `row_entry` takes their digests, sealed with a key that does not lie in the database.
Whoever changes a row without us makes no entry, or one without a seal; a row then is not what its newest entry says (reads/rows.py).

A transaction that writes no such row costs nothing: its statements say what they write (`common.prepared.Prepared`, and SQLAlchemy's
own). To one that does two are added: on PostgreSQL what the triggers collected and the entry, on SQLite a row by its key and the entry.
"""

import hashlib
import hmac
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from datetime import time
from typing import Any
from weakref import WeakKeyDictionary

import orjson
import sqlalchemy as sa
from sqlalchemy.sql.dml import UpdateBase

from common import prepared
from common.instant import read_instant
from engine.store import chain
from engine.store import sql
from engine.store.tables import WATCHED
from engine.store.tables import RowEntry
from engine.store.tables import RowImage

GONE = bytes(32)  # instead of the digest of a row: it was removed
SETTING = "ventanilla.rows"  # of a transaction, PostgreSQL; it needs no privilege and ends with it, savepoints included
NAME = "rows_written"  # of the function and the triggers
ROW = "written_row"  # no column is called so
WRITTEN, ARMED, NOTES, OFF = "rows_written", "rows_armed", "rows_noted", "rows_off"  # in `info` of a connection of the pool
AT_ONCE = 1_000
ONCE = ""  # among the names of tables in an entry
ASIDE, MOST_COLLECTED = "(aside)", 65_536  # characters of the setting
_ENTRY = prepared.Prepared(sa.insert(sql.table(RowEntry)))
_READ = prepared.Prepared(sa.select(sa.func.current_setting(SETTING, sa.true()), sa.func.set_config(SETTING, "", sa.true())))
RAW = sa.types.NullType()
_CONTENT = sa.type_coerce(RowEntry.content, RAW)

Key = tuple[object, ...]
Row = tuple[str, Key, bytes]  # table, key, digest or GONE


def with_ours(tables: Iterable[sa.Table]) -> list[sa.Table]:
    """These, and those of the engine."""
    return [*tables, *map(sql.table, WATCHED)]


# --- what a row says ------------------------------------------------------------------------------------------------------
def digest(table: sa.Table, values: Mapping[str, object]) -> bytes:
    """Of the columns that hold something, by name: a column that is added later changes nothing while it is empty."""
    said = {str(c.name): _plain(c.type, value) for c in table.columns if (value := values.get(c.name)) is not None}
    return hashlib.sha256(_bytes([str(table.name), said])).digest()


def key(table: sa.Table, values: Mapping[str, object]) -> Key:
    return tuple(_plain(c.type, values.get(c.name)) for c in table.primary_key.columns)


def _bytes(value: object) -> bytes:
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # letters that are none
        return repr(value).encode("utf-8", "backslashreplace")


def _plain(kind: sa.types.TypeEngine[Any], value: Any) -> object:
    """The same on both databases; of what somebody put there that is no value of its column, how it looks."""
    try:
        if isinstance(kind, sa.LargeBinary):
            return value if isinstance(value, str) else hashlib.sha256(value).hexdigest()
        if isinstance(kind, sa.DateTime) or isinstance(getattr(kind, "impl", None), sa.DateTime):
            return chain.moment(read_instant(value))
        if isinstance(kind, sa.Boolean):
            return {0: False, 1: True}[value]
        if isinstance(kind, sa.JSON):
            return orjson.loads(value) if isinstance(value, str) else value
        if isinstance(kind, sa.Float):
            return float(value)
        if isinstance(kind, sa.Time):
            return time.fromisoformat(str(value)).isoformat()
    except (ValueError, TypeError, KeyError, OverflowError):
        return repr(value)
    return value if isinstance(value, str | int | float) else repr(value)


def packed(rows: Sequence[Row], once: str = "") -> bytes:
    """The keys of each table as JSON, a line end, the digests in their order. A key of one column stands as that. `once`: letters that
    no other entry has, so that a copy of it, whose seal is right, is known for one."""
    keys: dict[str, Any] = {ONCE: once} if once else {}
    for table, names, _digest in (ordered := sorted(rows, key=lambda row: row[0])):
        keys.setdefault(str(table), []).append(names[0] if len(names) == 1 else names)
    return _bytes(keys) + b"\n" + b"".join(d for _table, _names, d in ordered)


def unpacked(content: bytes) -> list[Row]:
    """ValueError, TypeError, AttributeError: it is none of ours."""
    heads, _, digests = content.partition(b"\n")
    keys = [(table, each) for table, theirs in orjson.loads(heads).items() if table != ONCE for each in theirs]
    if len(digests) != 32 * len(keys):
        raise ValueError(len(digests))
    return [
        (table, tuple(each) if isinstance(each, list) else (each,), digests[32 * n : 32 * n + 32]) for n, (table, each) in enumerate(keys)
    ]


# --- what a transaction wrote ---------------------------------------------------------------------------------------------
_watches: "WeakKeyDictionary[sa.Dialect, Watch]" = WeakKeyDictionary()


def watch(db: sa.Engine, tables: Iterable[sa.Table], secret: str, older: Iterable[str] = ()) -> None:
    """From now on every commit of this Engine enters what it wrote into these tables and ours. A second call for it does nothing.
    `older`: secrets of before, whose seals still hold; nothing is sealed by them any more."""
    if db.dialect in _watches:
        return
    here = Watch({table.name: table for table in with_ours(tables)}, _sealing(secret), tuple(map(_sealing, older)))
    _watches[db.dialect] = here
    prepared.on_write(db.dialect, here.mark)

    @sa.event.listens_for(db, "before_execute")
    def _before(connection: sa.Connection, statement: Any, *_: object) -> None:
        if isinstance(statement, UpdateBase):
            here.mark(connection, str(getattr(statement.table, "name", "")))

    @sa.event.listens_for(db, "commit")
    def _commit(connection: sa.Connection) -> None:
        if connection.info.pop(WRITTEN, None):
            here.enter(connection)

    @sa.event.listens_for(db, "rollback")
    def _rollback(connection: sa.Connection) -> None:
        if not connection.invalidated and connection.info.pop(WRITTEN, None):  # of a lost one nothing is left to forget
            connection.info.get(NOTES, set()).clear()


def _sealing(secret: str) -> bytes:
    return hashlib.sha256(b"ventanilla rows\n" + secret.encode()).digest()


def seal(sealing: bytes, content: bytes) -> bytes:
    return hmac.digest(sealing, content, "sha256")


def sealed(connection: sa.Connection, content: bytes, by: bytes) -> bool:
    """Whether we made this entry. An Engine that watches nothing knows no key, and makes none."""
    here = _watches.get(connection.dialect)
    return here is None or any(hmac.compare_digest(seal(key, content), by) for key in (here.sealing, *here.older))


@contextmanager
def unwatched(connection: sa.Connection) -> Iterator[None]:
    """For who migrates, and enters what changed by `enter_changed`: tables come and go meanwhile, the entries' own, too."""
    connection.info[OFF] = True
    try:
        yield
    finally:
        connection.info.pop(OFF, None)
        connection.info.pop(ARMED, None)  # triggers went with tables that were made anew
        here = _watches.get(connection.dialect)
        if here is not None:
            here.there = False


def enter_now(connection: sa.Connection) -> None:
    """What was written until now, of a transaction that goes on: a batch of many commands."""
    here = _watches.get(connection.dialect)
    if here is not None and connection.info.pop(WRITTEN, None):
        here.enter(connection)


@dataclass
class Watch:
    tables: Mapping[str, sa.Table]
    sealing: bytes
    older: tuple[bytes, ...] = ()
    there: bool = field(default=False, init=False)  #: the table of the entries is

    def mark(self, connection: sa.Connection, table: str) -> None:
        """A statement that follows writes into this table."""
        if table not in self.tables:
            return
        info = connection.info
        if info.get(OFF) or not self._is_there(connection):
            return
        if connection.dialect.name == "sqlite" and table not in info.setdefault(ARMED, set()):
            info[ARMED] |= arm(connection, [self.tables[table]])
        info[WRITTEN] = True

    def _is_there(self, connection: sa.Connection) -> bool:
        self.there = self.there or sa.inspect(connection).has_table(RowEntry.__tablename__)
        return self.there

    def enter(self, connection: sa.Connection) -> None:
        rows = _from_setting(connection, self.tables) if connection.dialect.name == "postgresql" else _from_notes(connection, self.tables)
        for start in range(0, len(rows), AT_ONCE):
            content = packed(rows[start : start + AT_ONCE], _once())
            _ENTRY.run(connection, {"content": content, "seal": seal(self.sealing, content)})


def _once() -> str:
    return os.urandom(6).hex()


def _from_setting(connection: sa.Connection, tables: Mapping[str, sa.Table]) -> list[Row]:
    """The images that triggers collected; of a row that was written more than once the last one."""
    told = str(_READ.scalar(connection) or "")
    if told.startswith(ASIDE):
        mine = sa.delete(RowImage).where(RowImage.xid == sa.func.txid_current()).returning(RowImage.id, RowImage.image)
        told = "\n".join([image for _id, image in sorted(connection.execute(mine).all())] + [told])
    written: dict[tuple[str, Key], bytes] = {}
    for line in told.split("\n"):
        name, _, rest = line.partition("\t")
        act, _, image = rest.partition("\t")
        table = tables.get(name)
        if table is not None:
            values = orjson.loads(image)
            written[name, key(table, values)] = GONE if act == "D" else digest(table, values)
    return [(name, names, d) for (name, names), d in written.items()]


def _from_notes(connection: sa.Connection, tables: Mapping[str, sa.Table]) -> list[Row]:
    """Each row that was noted, as it stands now: what was noted and undone since is as it was, which is right, too."""
    noted: set[tuple[str, str]] = connection.info[NOTES]
    rows: list[Row] = []
    for name, text in sorted(noted):
        table, names = tables[name], tuple(orjson.loads(text))
        same = [sa.type_coerce(c, RAW).is_not_distinct_from(part) for c, part in zip(table.primary_key.columns, names, strict=True)]
        found = connection.execute(_raw(table).where(*same)).mappings().first()
        rows.append((name, names, GONE if found is None else digest(table, {str(k): v for k, v in found.items()})))
    noted.clear()
    return rows


def _raw(table: sa.Table) -> Any:
    """SQLite: each column as it lies there."""
    return sa.select(*[sa.type_coerce(column, RAW).label(column.name) for column in table.columns])


def _image(table: sa.Table) -> sa.ColumnElement[Any]:
    """PostgreSQL: a row as one value, of what is large its digest alone."""
    told: sa.ColumnElement[Any] = sa.func.pg_catalog.to_jsonb(sa.literal_column(ROW))
    for column in (c for c in table.columns if isinstance(c.type, sa.LargeBinary)):
        content = sa.func.pg_catalog.encode(sa.func.pg_catalog.sha256(sa.literal_column(f"{ROW}.{column.name}")), "hex")
        told = told.op("||")(sa.func.pg_catalog.jsonb_build_object(sa.literal_column(f"'{column.name}'"), content))
    return sa.cast(told, sa.Text)


# --- triggers -------------------------------------------------------------------------------------------------------------
TRIGGER = "CREATE TEMP TRIGGER IF NOT EXISTS @trigger AFTER @act ON main.@table BEGIN @notes END"


def arm(connection: sa.Connection, tables: Iterable[sa.Table]) -> set[str]:
    """SQLite: this connection notes what it writes into these tables. Others do not see it, and do not know the function."""
    noted: set[tuple[str, str]] = connection.info.setdefault(NOTES, set())
    driver: Any = connection.connection.driver_connection
    driver.create_function(NAME, 2, lambda name, key: noted.add((name, key)))
    armed = set()
    for table in tables:
        names = [c.name for c in table.primary_key.columns]
        keys = {side: f"json_array({', '.join(f'{side}.{name}' for name in names)})" for side in ("OLD", "NEW")}
        for act, sides in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
            notes = " ".join(f"SELECT {NAME}('{table.name}', {keys[side]});" for side in sides)
            made = TRIGGER.replace("@trigger", f"{NAME}_{table.name}_{act.lower()}").replace("@act", act).replace("@table", table.name)
            connection.exec_driver_sql(made.replace("@notes", notes))
        armed.add(table.name)
    return armed


#: Collects the images of one statement behind those of the statements before it. A text that has grown long is laid aside, else each of
#: many statements would copy it; the mark in its place says so.
FUNCTION = """CREATE OR REPLACE FUNCTION @name() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE told text;
BEGIN
  SELECT string_agg(TG_TABLE_NAME || chr(9) || left(TG_OP, 1) || chr(9) || @image, chr(10)) INTO told FROM written_row;
  IF told IS NOT NULL THEN
    told := concat_ws(chr(10), nullif(current_setting('@setting', true), ''), told);
    IF length(told) > @most THEN
      INSERT INTO row_image (xid, image) VALUES (txid_current(), told);
      told := '@aside';
    END IF;
    PERFORM set_config('@setting', told, true);
  END IF;
  RETURN NULL;
END $$"""


def install(connection: sa.Connection, tables: Iterable[sa.Table]) -> None:
    """PostgreSQL: triggers on those of these tables that are there; again at any time."""
    if connection.dialect.name != "postgresql":
        return
    there = set(sa.inspect(connection).get_table_names())
    if RowImage.__tablename__ not in there:
        return
    for table in (table for table in tables if table.name in there):
        contents = any(isinstance(c.type, sa.LargeBinary) for c in table.columns)
        function = f"{NAME}_{table.name}" if contents else NAME
        image = str(_image(table).compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))
        made = FUNCTION.replace("@name", function).replace("@setting", SETTING).replace("@image", image)
        made = made.replace("@most", str(MOST_COLLECTED)).replace("@aside", ASIDE)
        connection.exec_driver_sql(made.replace("%", "%%"))
        for act, side in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            connection.exec_driver_sql(
                f"CREATE OR REPLACE TRIGGER {NAME}_{act.lower()} AFTER {act} ON {table.name}"
                f" REFERENCING {side} TABLE AS {ROW} FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
            )


# --- every row against its newest entry -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not what its newest entry says. `entered` None: no entry tells of it; `now` GONE: it is not there."""

    table: str
    key: Key
    entered: bytes | None
    now: bytes


def differing(
    connection: sa.Connection, tables: Sequence[sa.Table], without: AbstractSet[int] = frozenset(), compared: Counter[str] | None = None
) -> Iterator[Difference]:
    """`without`: entries that do not count. `compared`: told how many rows of each table there were. What is compared lies in a file of
    its own meanwhile."""
    with closing(sqlite3.connect("")) as seen:
        seen.execute("CREATE TABLE entered (name, key, digest, PRIMARY KEY (name, key)) WITHOUT ROWID")
        entries = sa.select(RowEntry.id, _CONTENT).order_by(RowEntry.id)
        for n, content in connection.execute(entries.execution_options(yield_per=100)):
            if n not in without:
                _remember(seen, _octets(content))
        for table in tables:
            for row in read(connection, table):
                if compared is not None:
                    compared[table.name] += 1
                text = _bytes(list(row[1])).decode("utf-8", "backslashreplace")
                found = seen.execute("SELECT digest FROM entered WHERE name = ? AND key = ?", (row[0], text)).fetchone()
                seen.execute("DELETE FROM entered WHERE name = ? AND key = ?", (row[0], text))
                entered = None if found is None or found[0] == GONE else found[0]
                if entered != row[2]:
                    yield Difference(row[0], row[1], entered, row[2])
        names = {table.name for table in tables}
        for name, text, entered in seen.execute("SELECT name, key, digest FROM entered WHERE digest <> ? ORDER BY 1, 2", (GONE,)):
            if name in names:
                yield Difference(name, tuple(orjson.loads(text)), entered, GONE)


def _octets(content: object) -> bytes:
    """As it lies there: SQLite keeps in a column what it is given."""
    return bytes(content) if isinstance(content, bytes | memoryview) else b""


def _remember(seen: sqlite3.Connection, content: bytes) -> None:
    try:
        rows = unpacked(content)
    except (ValueError, TypeError, AttributeError):
        return  # its own entry in the log says so
    told = [(name, _bytes(list(names)).decode(), digest) for name, names, digest in rows]
    seen.executemany("INSERT INTO entered VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET digest = excluded.digest", told)


# --- what was there before ------------------------------------------------------------------------------------------------
def standing(connection: sa.Connection, names: Iterable[str]) -> list[sa.Table]:
    """Those of these tables that are there, with the columns that they have now, which a migration may be about to change."""
    found, apart = sa.inspect(connection), type(RowEntry.metadata)()
    there = set(found.get_table_names())
    return [sa.Table(name, apart, autoload_with=connection, resolve_fks=False) for name in names if name in there]


def enter_changed(connection: sa.Connection, tables: Sequence[sa.Table], secret: str, known: AbstractSet[tuple[str, Key]]) -> int:
    """Enters each row that is not what its newest entry says, for who migrates; how many. `known`: what was so before, and stays so.

    The first entry of all holds nothing: it says that from here on rows are watched.
    """
    if not watched(connection):
        _enter(connection, secret, [])
    count, block = 0, list[Row]()
    for other in differing(connection, tables):
        if (other.table, other.key) not in known:
            block.append((other.table, other.key, other.now))
            count += 1
        if len(block) == AT_ONCE:
            _enter(connection, secret, block)
            block = []
    if block:
        _enter(connection, secret, block)
    return count


def watched(connection: sa.Connection) -> bool:
    """Whether rows have been entered since the beginning, or since `enter_changed` saw them all."""
    return _octets(connection.execute(sa.select(_CONTENT).order_by(RowEntry.id).limit(1)).scalar()) == packed([])


def _enter(connection: sa.Connection, secret: str, rows: Sequence[Row]) -> None:
    content = packed(rows, _once() if rows else "")  # the first entry of all is the same everywhere
    _ENTRY.run(connection, {"content": content, "seal": seal(_sealing(secret), content)})


def copied(connection: sa.Connection) -> Iterator[int]:
    """Entries that say what an earlier one says, to the letters that only one of ours has."""
    first = sa.select(sa.func.min(RowEntry.id)).group_by(sa.type_coerce(RowEntry.seal, RAW)).having(sa.func.count() > 1)
    for first_one, content, by in connection.execute(
        sa.select(RowEntry.id, _CONTENT, sa.type_coerce(RowEntry.seal, RAW)).where(RowEntry.id.in_(first)).order_by(RowEntry.id)
    ).all():
        if _has_once(_octets(content)):
            same = sa.select(RowEntry.id).where(sa.type_coerce(RowEntry.seal, RAW) == by, RowEntry.id != first_one)
            yield from connection.scalars(same.order_by(RowEntry.id))


def _has_once(content: bytes) -> bool:
    """Those of before had none, and may say the same."""
    try:
        return ONCE in orjson.loads(content.partition(b"\n")[0])
    except (ValueError, TypeError):
        return False


def of_instances(connection: sa.Connection, table: sa.Table, instances: Sequence[str]) -> Iterator[Mapping[str, object]]:
    """Rows of a table of the engine that belong to these instances, as they lie there."""
    mine = [sa.column("instance_id", sa.String).in_(instances)]
    if "case_key" in table.c:  # it has no other index
        cases = sa.select(sql.INSTANCE.c.case_key).where(sql.INSTANCE.c.id.in_(instances))
        mine.append(sa.column("case_key", sa.String).in_(cases))
    yield from _values(connection, table, *mine)


def read(connection: sa.Connection, table: sa.Table) -> Iterator[Row]:
    """Every row of a table as it stands now."""
    for values in _values(connection, table):
        yield table.name, key(table, values), digest(table, values)


def _values(connection: sa.Connection, table: sa.Table, *where: sa.ColumnElement[bool]) -> Iterator[Mapping[str, object]]:
    if connection.dialect.name == "postgresql":
        images = sa.select(_image(table)).select_from(table.alias(ROW)).where(*where)
        for image in connection.execute(images.execution_options(yield_per=AT_ONCE)).scalars():
            yield orjson.loads(image)
        return
    for row in connection.execute(_raw(table).where(*where).execution_options(yield_per=AT_ONCE)).mappings():
        yield {str(name): value for name, value in row.items()}
