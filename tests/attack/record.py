"""`make attack-record`: somebody who owns the database, but not the keys, and does not reach the witness, changes it; who notices?

Each attack is made on a fresh copy of a month of the demo: a value, a row, or what needs knowledge of the chains. Then the commands of
the product look: `flask audit verify`, `flask evidence verify` with the folder of a witness. Found is an attack about which one of them
says something that it did not say before. Writes docs/tampering.md, table by table, the misses too.
"""

import argparse
import datetime as dt
import random
import shutil
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from common.instant import Instant
from engine.store import chain
from engine.store import guard
from engine.store.tables import Base as EngineBase
from engine.store.tables import Journal
from engine.store.tables import Json
from engine.types import SYSTEM
from handlers.testigos import EnCarpeta
from records.tables import Base as RecordsBase
from records.vigiladas import SIN_HUELLA
from tests.attack.report import FILE
from tests.attack.report import Result
from tests.attack.report import write
from tests.kit.chance import dice
from tests.kit.month import World
from tests.kit.month import month
from webforms.base.servicios import EXTENSION

TABLES = {table.name: table for base in (EngineBase, RecordsBase) for table in base.metadata.sorted_tables}
#: Of the engine: nobody relies on them, and why.
UNWATCHED = {
    "draft": "what one person is typing into a form",
    "model_draft": "what an analyst is drawing; it counts once it is deployed, and then is a release",
    "log_witness": "what witnesses have seen, as they say; the check asks them and compares",
}
NO_RECORD = UNWATCHED.keys() | SIN_HUELLA.keys()
KNOWING = 0.25  # of the attacks know the chains
#: What a column of SQLite keeps, whatever its type: no moment, no number, no structure, no text; or nothing where something must be.
NO_TEXT = "CAST(x'ff41' AS TEXT)"
ANYWHERE: tuple[object, ...] = (None, "x", "", b"\xff\xfe", -1, 1.5, 10**17, NO_TEXT)
MOMENTS: tuple[object, ...] = ("2026-13-45", "2026-11", "ayer", "2026-11-31 25:00:00", 2**63 - 1)
STRUCTURES: tuple[object, ...] = ("{", "[1]", "null", '"a"', "3", "[null]", '{"a": 1}')
OCTETS: tuple[object, ...] = (b"", b"x", zlib.compress(b"[]"), zlib.compress(b"hola\n"), "texto")
OURS = "la falla es nuestra"  # of a command that fell over
FELL = "FELL OVER"
ENDS = (0, 1)  # nothing is wrong, or something that is named


class Nothing(Exception):
    """It found nothing to do, or the database refused it: another one is tried."""


@dataclass
class Place:
    """A month under a signature, and the state of the file before each attack."""

    world: World
    folder: Path
    rng: random.Random
    said: frozenset[str] = frozenset()
    old: Path = field(init=False)
    clean: Path = field(init=False)

    def __post_init__(self) -> None:
        self.old, self.clean = self.folder / "old.db", self.folder / "clean.db"
        (self.folder / "witness").mkdir()
        extensions = self.world.app.extensions
        extensions[EXTENSION] = replace(extensions[EXTENSION], testigos=(EnCarpeta(self.folder / "witness"),))
        self.command("evidence", "key")
        self.command("evidence", "checkpoint")
        self.keep(self.old)
        self.world.engine.notes.add(self.a_case(), "Llamó la persona", actor=SYSTEM, now=self.world.clock.now(), kind="nota")
        self.command("evidence", "checkpoint")
        self.keep(self.clean)
        self.said = self.look()

    @property
    def file(self) -> Path:
        return Path(str(self.world.engine.db.url.database))

    def a_case(self) -> str:
        with self.world.engine.db.connect() as c:
            return str(c.scalar(sa.text("SELECT case_key FROM instance WHERE case_key IS NOT NULL ORDER BY id LIMIT 1")))

    def command(self, *words: str) -> str:
        """What it says; it may not fall over, whatever lies in the database."""
        done = self.world.app.test_cli_runner().invoke(args=[*words])
        return done.output if done.exit_code in ENDS and OURS not in done.output else f"{done.output}\n{FELL} {' '.join(words)}"

    def keep(self, file: Path) -> None:
        with self.world.engine.db.connect() as c:
            c.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        self.world.engine.db.dispose()
        shutil.copyfile(self.file, file)

    def put(self, file: Path) -> None:
        self.world.engine.db.dispose()
        for suffix in ("-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(file, self.file)

    def notices(self) -> bool:
        """Somebody who looks now is told something new, by commands that end as they should."""
        now = self.look()
        return bool(now - self.said) and not any(line.startswith(FELL) for line in now)

    def look(self) -> frozenset[str]:
        return frozenset((self.command("audit", "verify") + self.command("evidence", "verify")).splitlines())

    @contextmanager
    def sql(self) -> Iterator[sa.Connection]:
        """As whoever owns the file: no trigger, no reference watches."""
        db = sa.create_engine(f"sqlite:///{self.file}")
        try:
            with db.connect() as c:
                c.exec_driver_sql("PRAGMA foreign_keys = OFF")
                guard.release(c)
                yield c
                c.commit()
        except sa.exc.DBAPIError as error:
            raise Nothing from error
        finally:
            db.dispose()


# --- without knowing anything ------------------------------------------------------------------------------------------------
def a_row(place: Place, c: sa.Connection, table: sa.Table) -> sa.RowMapping:
    number = c.scalar(sa.select(sa.func.count()).select_from(table)) or 0
    if not number:
        raise Nothing
    return (
        c.execute(sa.select(table, sa.literal_column("rowid").label("place_of_it")).limit(1).offset(place.rng.randrange(number)))
        .mappings()
        .one()
    )


def a_table(place: Place) -> sa.Table:
    return TABLES[place.rng.choice(sorted(TABLES.keys() - NO_RECORD))]


def other(place: Place, column: sa.Column[Any], value: Any) -> Any:
    """Another value that the column takes."""
    kind = column.type
    if isinstance(kind, Instant | sa.DateTime):
        return (value or dt.datetime(2026, 11, 1, 15, tzinfo=dt.UTC)) + dt.timedelta(days=place.rng.choice((-3, -1, 1, 7)))
    if isinstance(kind, sa.Date):
        return (value or dt.date(2026, 11, 1)) + dt.timedelta(days=1)
    if isinstance(kind, sa.Boolean):
        return not value
    if isinstance(kind, sa.Integer | sa.Numeric):
        return (value or 0) + 1
    if isinstance(kind, sa.LargeBinary):
        return bytes([(value or b"\0")[0] ^ 1]) + (value or b"\0")[1:]
    if isinstance(value, str) and value:
        return value[:-1] + ("a" if value[-1] != "a" else "b")
    if isinstance(value, dict) or isinstance(kind, sa.JSON):
        return {**(value if isinstance(value, dict) else {}), "otro": 1}
    if value is None and isinstance(kind, sa.String):
        return "a"
    raise Nothing


def value_changed(place: Place) -> str:
    table = a_table(place)
    column = place.rng.choice([column for column in table.columns if not column.primary_key] or list(table.columns))
    with place.sql() as c:
        row = a_row(place, c, table)
        new = other(place, column, row[column.name])
        c.execute(sa.update(table).where(sa.literal_column("rowid") == row["place_of_it"]).values({column: new}))
    return table.name


def value_unreadable(place: Place) -> str:
    """What is no value of its column: whoever reads it without care falls over it, and over what lies behind it."""
    table = a_table(place)
    spoil(place, table, place.rng.choice(list(table.columns)))
    return table.name


def spoil(place: Place, table: sa.Table, column: sa.Column[Any]) -> object:
    """What stands there now, in one row."""
    kind = column.type
    fitting = MOMENTS if isinstance(kind, Instant | sa.DateTime | sa.Date | sa.Time) else ()
    fitting += STRUCTURES if isinstance(kind, Json | sa.JSON) else OCTETS if isinstance(kind, sa.LargeBinary) else ()
    new = place.rng.choice((*fitting, *place.rng.sample(ANYWHERE, 4)))
    with place.sql() as c:
        row = c.execute(sa.text(f'SELECT rowid FROM "{table.name}" ORDER BY rowid')).scalars().all()  # noqa: S608 - a table of ours
        if not row:
            raise Nothing
        which, said = place.rng.choice(row), NO_TEXT if new == NO_TEXT else ":new"
        c.exec_driver_sql("PRAGMA writable_schema = ON")
        c.execute(
            sa.text("UPDATE sqlite_master SET sql = replace(sql, ' NOT NULL', '') WHERE name = :n AND type = 'table'"), {"n": table.name}
        )
        c.exec_driver_sql("PRAGMA writable_schema = RESET")
        here = f'"{table.name}" SET "{column.name}" = {said} WHERE rowid = :row AND "{column.name}" IS NOT {said}'
        given = {"row": which} | ({} if new == NO_TEXT else {"new": new})
        if not c.execute(sa.text(f"UPDATE {here}"), given).rowcount:
            raise Nothing
    return new


def row_removed(place: Place) -> str:
    table = a_table(place)
    with place.sql() as c:
        row = a_row(place, c, table)
        c.execute(sa.delete(table).where(sa.literal_column("rowid") == row["place_of_it"]))
    return table.name


def row_invented(place: Place) -> str:
    """A copy of another one, under a key of its own."""
    table = a_table(place)
    with place.sql() as c:
        copied = a_row(place, c, table)
        row = {column.name: copied[column.name] for column in table.columns}
        for column in table.primary_key.columns:
            row[column.name] = other(place, column, row[column.name]) if not isinstance(column.type, sa.Integer) else 900_000_000
        c.execute(sa.insert(table).values(row))
    return table.name


# --- knowing the chains --------------------------------------------------------------------------------------------------------
def an_instance(place: Place, c: sa.Connection) -> sa.Row[Any]:
    rows = c.execute(sa.text("SELECT id, rev FROM instance WHERE rev > 2 ORDER BY id")).all()
    return place.rng.choice(rows)


def newest_cut(place: Place) -> str:
    """No hash is needed: the newest rows go, and the head goes back."""
    with place.sql() as c:
        instance = an_instance(place, c)
        rev = place.rng.randint(1, instance.rev - 1)
        given = {"i": instance.id, "r": rev}
        c.execute(sa.text("DELETE FROM journal WHERE instance_id = :i AND rev > :r"), given)
        c.execute(sa.text("DELETE FROM submission WHERE instance_id = :i AND rev > :r"), given)
        c.execute(sa.text("DELETE FROM snapshot WHERE instance_id = :i AND rev > :r"), given)
        head = "UPDATE instance SET rev = :r, head = (SELECT hash FROM journal WHERE instance_id = :i AND rev = :r) WHERE id = :i"
        c.execute(sa.text(head), given)
    return "journal"


def rehashed(place: Place) -> str:
    """A row says something else, and every hash after it is made anew."""
    journal = Journal.__table__
    with place.sql() as c:
        instance = an_instance(place, c)
        mine = sa.select(journal).where(journal.c.instance_id == instance.id).order_by(journal.c.rev)
        rows = [dict(row) for row in c.execute(mine).mappings()]
        place.rng.choice(rows)["actor_id"] = "otra.persona"
        prev = chain.START
        for row in rows:
            covered = {name: row[name] for name in ("instance_id", "rev", "at", "actor_kind", "actor_id", "kind", "element", "detail")}
            row["prev_hash"] = prev
            prev = row["hash"] = chain.journal_hash(prev, **covered, delta=row["delta"], digest=row["digest"])
            here = sa.and_(journal.c.instance_id == row["instance_id"], journal.c.rev == row["rev"])
            c.execute(sa.update(journal).where(here).values(row))
        c.execute(sa.text("UPDATE instance SET head = :h WHERE id = :i"), {"h": prev, "i": instance.id})
    return "journal"


def case_removed(place: Place) -> str:
    with place.sql() as c:
        instance = an_instance(place, c)
        for table in TABLES.values():
            if "instance_id" in table.columns:
                c.execute(sa.delete(table).where(table.columns["instance_id"] == instance.id))
        c.execute(sa.text("DELETE FROM instance WHERE id = :i"), {"i": instance.id})
    return "instance"


def log_made_anew(place: Place) -> str:
    """Another past, and a log that never saw this one; signed by a key of theirs, since ours is not to be had."""
    table = value_changed(place)
    with place.sql() as c:
        for name in ("log_entry", "log_checkpoint", "log_witness"):
            c.execute(sa.delete(TABLES[name]))
    return table


def all_of_before(place: Place) -> str:
    place.put(place.old)
    return "(whole database)"


BLIND: tuple[Callable[[Place], str], ...] = (value_changed, value_changed, value_unreadable, row_removed, row_invented)
KNOW: tuple[Callable[[Place], str], ...] = (newest_cut, rehashed, case_removed, log_made_anew, all_of_before)


def attack(place: Place) -> tuple[str, str]:
    """What was done, to which table."""
    for _again in range(200):
        act = place.rng.choice(KNOW if place.rng.random() < KNOWING else BLIND)
        try:
            return act.__name__, act(place)
        except Nothing:
            place.put(place.clean)
    raise RuntimeError("nothing can be attacked")


def tampering(folder: Path, seed: int, attacks: int, seconds: float) -> Result:
    """Until so many were tried, or the time is over."""
    end = time.monotonic() + seconds
    tried, found = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    with month(folder) as world:
        place = Place(world, folder, dice(seed))
        while sum(tried.values()) < attacks and time.monotonic() < end:
            which = attack(place)
            tried[which] += 1
            found[which] += place.notices()
            place.put(place.clean)
    return Result(tried, found, seed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attacks", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=20110603)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--out", type=Path, default=FILE)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        (folder := Path(name) / "record" / "here").mkdir(parents=True)  # what it copies lies beside it, of this release
        write(tampering(folder, options.seed, options.attacks, 60 * options.minutes), options.out)


if __name__ == "__main__":
    main()
