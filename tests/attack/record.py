"""`make attack-record`: somebody who owns the database changes it; who notices?

Most do not have the keys: they change a value or a row, or what needs knowledge of the chains; they
add acts and accesses behind the last ones; in half of the attacks the product then goes on, writes
what they wrote and signs. Some also have the secret of the web, some all keys of the place. Each
attack is made on a fresh copy of a month of the demo. Then the commands of the product look: `flask
audit verify`, `flask evidence verify` with the folder of a witness that nobody of them reaches.
Found is an attack of which one of them names a fault that it did not name before. Writes
docs/evidence.md, by attacker, act and table, the misses too.
"""

import argparse
import datetime as dt
import os
import random
import shutil
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from common.instant import Instant
from engine.store import chain, guard, rows, seals
from engine.store.tables import Access, Base as EngineBase, Journal, Json, RowEntry
from engine.types import SYSTEM
from handlers.evidencia.testigos import EnCarpeta
from records.base.tablas import Base as RecordsBase
from records.sistemas.vigiladas import SIN_HUELLA, VIGILADAS
from tests.attack.report import FILE, KEYS, OWNER, SECRET, Done, Result, write
from tests.kit.chance import dice
from tests.kit.month import World, month
from webforms.base.servicios import EXTENSION

TABLES = {
    table.name: table for base in (EngineBase, RecordsBase) for table in base.metadata.sorted_tables
}
#: Of the engine: nobody relies on them, and why.
UNWATCHED = {
    "draft": "what one person is typing into a form",
    "model_draft": "what an analyst is drawing; it counts once it is deployed, and then is a release",
    "log_witness": "what witnesses have seen, as they say; the check asks them and compares",
}
NO_RECORD = UNWATCHED.keys() | SIN_HUELLA.keys()
#: Of an act that a signature covers (docs/evidence.md). Those of now are tried in
#: tests/integration/engine/test_seals.py.
NEEDED_NO_MORE = frozenset({"journal.seal", "access.seal"})
WRITTEN = sorted(rows.with_ours(VIGILADAS), key=lambda table: str(table.name))
HALF = 0.5
#: What a column of SQLite keeps, whatever its type: no moment, no number, no structure, no text; or
#: nothing where something must be.
NO_TEXT = "CAST(x'ff41' AS TEXT)"
ANYWHERE: tuple[object, ...] = (None, "x", "", b"\xff\xfe", -1, 1.5, 10**17, NO_TEXT)
MOMENTS: tuple[object, ...] = ("2026-13-45", "2026-11", "ayer", "2026-11-31 25:00:00", 2**63 - 1)
STRUCTURES: tuple[object, ...] = ("{", "[1]", "null", '"a"', "3", "[null]", '{"a": 1}')
OCTETS: tuple[object, ...] = (b"", b"x", zlib.compress(b"[]"), zlib.compress(b"hola\n"), "texto")
OURS = "la falla es nuestra"  # of a command that fell over
FELL = "FELL OVER"
#: of a run, side by side as far as there are processors; the seed and this say what is tried
PARTS = 4
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
    seen: frozenset[Path] = frozenset()
    old: Path = field(init=False)
    clean: Path = field(init=False)

    def __post_init__(self) -> None:
        self.old, self.clean = self.folder / "old.db", self.folder / "clean.db"
        (self.folder / "witness").mkdir()
        extensions = self.world.app.extensions
        extensions[EXTENSION] = replace(
            extensions[EXTENSION], testigos=(EnCarpeta(self.folder / "witness"),)
        )
        self.command("evidence", "key")
        self.command("evidence", "checkpoint")
        self.keep(self.old)
        self.world.engine.notes.add(
            self.a_case(), "Llamó la persona", actor=SYSTEM, now=self.world.clock.now(), kind="nota"
        )
        self.command("evidence", "checkpoint")
        self.keep(self.clean)
        self.seen = frozenset((self.folder / "witness").iterdir())
        self.said = self.look()

    @property
    def file(self) -> Path:
        return Path(str(self.world.engine.db.url.database))

    def a_case(self) -> str:
        with self.world.engine.db.connect() as c:
            return str(
                c.scalar(
                    sa.text(
                        "SELECT case_key FROM instance WHERE case_key IS NOT NULL ORDER BY id LIMIT 1"
                    )
                )
            )

    def command(self, *words: str) -> str:
        return self.world.app.test_cli_runner().invoke(args=[*words]).output

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
        # what it was shown in the attack before
        for later in set((self.folder / "witness").iterdir()) - self.seen:
            later.unlink()

    def notices(self, *, witness: bool = True) -> bool:
        """Somebody who looks now is told of a fault that was not told before, by commands that end
        as they should."""
        now = self.look(witness=witness)
        return bool(now - self.said) and not any(line.startswith(FELL) for line in now)

    def look(self, *, witness: bool = True) -> frozenset[str]:
        """The faults that are named."""
        extensions = self.world.app.extensions
        here = extensions[EXTENSION]
        extensions[EXTENSION] = here if witness else replace(here, testigos=())
        try:
            return frozenset(
                line for of in ("audit", "evidence") for line in self.faults(of, "verify")
            )
        finally:
            extensions[EXTENSION] = here

    def faults(self, *words: str) -> list[str]:
        """What a command that looks names; it may not fall over, whatever lies in the database."""
        done = self.world.app.test_cli_runner().invoke(args=[*words])
        fell = done.exit_code not in ENDS or OURS in done.output
        return [
            *(done.stderr.splitlines() if done.exit_code else ()),
            *([f"{FELL} {' '.join(words)}"] if fell else ()),
        ]

    @property
    def secret(self) -> bytes:
        return seals.key_of(str(self.world.app.config["SECRET_KEY"]))

    def go_on(self) -> None:
        """An hour later somebody looks at a case, and the log is signed."""
        self.world.clock.advance(dt.timedelta(hours=1))
        self.world.engine.log_access(
            SYSTEM, "consulta_caso", self.a_case(), now=self.world.clock.now()
        )
        self.command("evidence", "checkpoint")

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


# --- without knowing anything ---------------------------------------------------------------------
def a_row(place: Place, c: sa.Connection, table: sa.Table) -> sa.RowMapping:
    number = c.scalar(sa.select(sa.func.count()).select_from(table)) or 0
    if not number:
        raise Nothing
    return (
        c.execute(
            sa.select(table, sa.literal_column("rowid").label("place_of_it"))
            .limit(1)
            .offset(place.rng.randrange(number))
        )
        .mappings()
        .one()
    )


def a_table(place: Place) -> sa.Table:
    return TABLES[place.rng.choice(sorted(TABLES.keys() - NO_RECORD))]


def other(place: Place, column: sa.Column[Any], value: Any) -> Any:
    """Another value that the column takes."""
    kind = column.type
    if isinstance(kind, Instant | sa.DateTime):
        return (value or dt.datetime(2026, 11, 1, 15, tzinfo=dt.UTC)) + dt.timedelta(
            days=place.rng.choice((-3, -1, 1, 7))
        )
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


def needed(table: sa.Table) -> list[sa.Column[Any]]:
    return [column for column in table.columns if str(column) not in NEEDED_NO_MORE]


def value_changed(place: Place) -> str:
    table = a_table(place)
    column = place.rng.choice(
        [column for column in needed(table) if not column.primary_key] or list(table.columns)
    )
    with place.sql() as c:
        row = a_row(place, c, table)
        new = other(place, column, row[column.name])
        c.execute(
            sa.update(table)
            .where(sa.literal_column("rowid") == row["place_of_it"])
            .values({column: new})
        )
    return table.name


def value_unreadable(place: Place) -> str:
    """What is no value of its column: whoever reads it without care falls over it, and over what
    lies behind it."""
    table = a_table(place)
    spoil(place, table, place.rng.choice(needed(table)))
    return table.name


def spoil(place: Place, table: sa.Table, column: sa.Column[Any]) -> object:
    """What stands there now, in one row."""
    kind = column.type
    fitting = MOMENTS if isinstance(kind, Instant | sa.DateTime | sa.Date | sa.Time) else ()
    fitting += (
        STRUCTURES
        if isinstance(kind, Json | sa.JSON)
        else OCTETS
        if isinstance(kind, sa.LargeBinary)
        else ()
    )
    new = place.rng.choice((*fitting, *place.rng.sample(ANYWHERE, 4)))
    with place.sql() as c:
        rowid = sa.literal_column("rowid")
        row = c.scalars(sa.select(rowid).select_from(table).order_by(rowid)).all()
        if not row:
            raise Nothing
        which, said = place.rng.choice(row), NO_TEXT if new == NO_TEXT else ":new"
        c.exec_driver_sql("PRAGMA writable_schema = ON")
        c.execute(
            sa.text(
                "UPDATE sqlite_master SET sql = replace(sql, ' NOT NULL', '') WHERE name = :n AND type = 'table'"
            ),
            {"n": table.name},
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
        row = {column.key: copied[column.name] for column in table.columns}
        for column in table.primary_key.columns:
            row[column.key] = (
                other(place, column, row[column.key])
                if not isinstance(column.type, sa.Integer)
                else 900_000_000
            )
        c.execute(sa.insert(table).values(row))
    return table.name


# --- knowing the chains ---------------------------------------------------------------------------
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
        mine = (
            sa.select(journal).where(journal.c.instance_id == instance.id).order_by(journal.c.rev)
        )
        made = [dict(row) for row in c.execute(mine).mappings()]
        place.rng.choice(made)["actor_id"] = "otra.persona"
        for row in rehash(made):
            here = sa.and_(journal.c.instance_id == row["instance_id"], journal.c.rev == row["rev"])
            c.execute(sa.update(journal).where(here).values(row))
        c.execute(
            sa.text("UPDATE instance SET head = :h WHERE id = :i"),
            {"h": made[-1]["hash"], "i": instance.id},
        )
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
    """Another past, and a log that never saw this one; signed by a key of theirs, since ours is not
    to be had."""
    table = value_changed(place)
    with place.sql() as c:
        for name in ("log_entry", "log_checkpoint", "log_witness"):
            c.execute(sa.delete(TABLES[name]))
    return table


def all_of_before(place: Place) -> str:
    place.put(place.old)
    return "(whole database)"


# --- adding to what is there ----------------------------------------------------------------------
def act_added(place: Place, key: bytes | None = None, days: int | None = None) -> str:
    """Behind the last one of a case, of some day before or of now; half of them hide a change
    beside the chain."""
    with place.sql() as c:
        one = an_instance(place, c)
        instance = (
            c.execute(sa.select(TABLES["instance"]).where(TABLES["instance"].c.id == one.id))
            .mappings()
            .one()
        )
        at = place.world.clock.now() - dt.timedelta(
            days=place.rng.randint(0, 30) if days is None else days
        )
        row = {
            "instance_id": instance["id"],
            "rev": instance["rev"] + 1,
            "at": at,
            "actor_kind": "person",
            "actor_id": "asesor.bog01",
        }
        row |= {"kind": "claim", "element": "act_5_2_2", "detail": {}, "delta": b"", "digest": None}
        value = chain.journal_hash(instance["head"], **row)
        c.execute(
            sa.insert(Journal).values(
                **row, hash=value, seal=seals.link(key, value) if key else None
            )
        )
        c.execute(
            sa.update(TABLES["instance"])
            .where(TABLES["instance"].c.id == one.id)
            .values(rev=row["rev"], head=value)
        )
        if place.rng.random() < HALF:
            items = TABLES["work_item"]
            c.execute(
                sa.update(items)
                .where(items.c.instance_id == one.id)
                .values(closed_by="otra.persona", due_at=at)
            )
    return "journal"


def access_added(place: Place, key: bytes | None = None) -> str:
    """Behind the last one of the newest day."""
    with place.sql() as c:
        heads = TABLES["access_head"]
        head = c.execute(sa.select(heads).order_by(heads.c.day.desc()).limit(1)).mappings().one()
        at = place.world.clock.now() - dt.timedelta(days=place.rng.randint(0, 30))
        row = {
            "day": head["day"],
            "n": head["n"] + 1,
            "at": at,
            "actor_kind": "person",
            "actor_id": "asesor.bog01",
        }
        row |= {"kind": "consulta_caso", "subject": place.a_case(), "detail": {}}
        value = chain.access_hash(head["hash"], **row)
        c.execute(
            sa.insert(Access).values(
                **row, hash=value, seal=seals.link(key, value) if key else None
            )
        )
        c.execute(sa.update(heads).where(heads.c.day == head["day"]).values(n=row["n"], hash=value))
    return "access"


def case_added(place: Place) -> str:
    """One that begins now, with acts of before: a copy of another, every hash made anew."""
    with place.sql() as c:
        one = an_instance(place, c)
        instance = dict(
            c.execute(sa.select(TABLES["instance"]).where(TABLES["instance"].c.id == one.id))
            .mappings()
            .one()
        )
        mine = (
            sa.select(Journal.__table__).where(Journal.instance_id == one.id).order_by(Journal.rev)
        )
        rows_ = [dict(row) for row in c.execute(mine).mappings()]
        instance |= {
            "id": "inventada",
            "case_key": "inventado",
            "start_key": None,
            "started_at": place.world.clock.now(),
        }
        made = rehash(
            [{**row, "instance_id": "inventada", "digest": None, "seal": None} for row in rows_]
        )
        c.execute(sa.insert(TABLES["instance"]).values(instance | {"head": made[-1]["hash"]}))
        c.execute(sa.insert(Journal), made)
    return "instance"


def laundered(place: Place) -> str:
    """A value is changed, then the product writes that row as it stands."""
    table = place.rng.choice(WRITTEN)
    column = place.rng.choice(
        [column for column in table.columns if not column.primary_key] or list(table.columns)
    )
    with place.sql() as c:
        row = a_row(place, c, table)
        c.execute(
            sa.update(table)
            .where(of(table, row))
            .values({column: other(place, column, row[column.name])})
        )
    if column.primary_key:
        raise Nothing
    with place.world.engine.uow.session() as session:
        kept = next((c for c in table.columns if not c.primary_key and c is not column), column)
        session.execute(sa.update(table).where(of(table, row)).values({kept: kept}))
        session.commit()
    return table.name


def of(table: sa.Table, row: Mapping[str, Any]) -> sa.ColumnElement[bool]:
    return sa.and_(*(column == row[column.name] for column in table.primary_key.columns))


def rehash(made: list[dict[str, Any]], key: bytes | None = None) -> list[dict[str, Any]]:
    """Every hash of a journal anew, with a key every seal."""
    prev = chain.START
    for row in made:
        covered = {
            name: row[name]
            for name in (
                "instance_id",
                "rev",
                "at",
                "actor_kind",
                "actor_id",
                "kind",
                "element",
                "detail",
            )
        }
        prev = row["hash"] = chain.journal_hash(
            prev, **covered, delta=row["delta"], digest=row["digest"]
        )
        row["seal"] = seals.link(key, prev) if key else row["seal"]
    return made


# --- with the secret of the web, with all keys ----------------------------------------------------
def row_sealed(place: Place) -> str:
    """A value, and an entry of rows that bears our seal."""
    table = place.rng.choice(WRITTEN)
    columns = [column for column in table.columns if not column.primary_key]
    if not columns:
        raise Nothing
    column = place.rng.choice(columns)
    with place.sql() as c:
        row = a_row(place, c, table)
        (before,) = rows.read(c, table, of(table, row))
        c.execute(
            sa.update(table)
            .where(of(table, row))
            .values({column: other(place, column, row[column.name])})
        )
        (now,) = rows.read(c, table, of(table, row))
        content = rows.packed([now._replace(before=before.digest[: rows.BEFORE])], "de otros")
        c.execute(
            sa.insert(RowEntry).values(content=content, seal=seals.seal(place.secret, content))
        )
    return table.name


def act_sealed(place: Place) -> str:
    return act_added(place, place.secret, days=0)


def act_sealed_of_before(place: Place) -> str:
    return act_added(place, place.secret, days=place.rng.randint(1, 30))


def all_made_anew(place: Place) -> str:
    """Another past, sealed, under a log of its own that our keys sign."""
    with place.sql() as c:
        one = an_instance(place, c)
        mine = (
            sa.select(Journal.__table__).where(Journal.instance_id == one.id).order_by(Journal.rev)
        )
        made = [dict(row) for row in c.execute(mine).mappings()]
        place.rng.choice(made)["actor_id"] = "otra.persona"
        for row in rehash(made, place.secret):
            c.execute(
                sa.update(Journal)
                .where(Journal.instance_id == one.id, Journal.rev == row["rev"])
                .values(row)
            )
        c.execute(
            sa.update(TABLES["instance"])
            .where(TABLES["instance"].c.id == one.id)
            .values(head=made[-1]["hash"])
        )
        for name in ("log_entry", "log_checkpoint", "log_witness"):
            c.execute(sa.delete(TABLES[name]))
    place.command("evidence", "checkpoint")
    return "journal"


Act = Callable[[Place], str]
BLIND: tuple[Act, ...] = (value_changed, value_changed, value_unreadable, row_removed, row_invented)
KNOW: tuple[Act, ...] = (newest_cut, rehashed, case_removed, log_made_anew, all_of_before)
ADD: tuple[Act, ...] = (act_added, access_added, case_added, laundered, laundered)
#: Who attacks, how often, and by what.
ATTACKERS: dict[str, tuple[float, tuple[tuple[Act, ...], ...]]] = {
    OWNER: (0.9, (BLIND, BLIND, KNOW, ADD)),
    SECRET: (0.07, ((row_sealed, act_sealed, act_sealed_of_before),)),
    KEYS: (0.03, ((all_made_anew,),)),
}
# behind which the product may go on
THEN = frozenset({*BLIND, *ADD, row_sealed, act_sealed, act_sealed_of_before})


def attack(place: Place, who: str) -> Done:
    for _again in range(200):
        act = place.rng.choice(place.rng.choice(ATTACKERS[who][1]))
        try:
            table = act(place)
        except Nothing:
            place.put(place.clean)
            continue
        if act in THEN and place.rng.random() < HALF:
            place.go_on()
        alone = place.notices(witness=False)
        # a witness names faults beside those, and takes none away
        return Done(who, act.__name__, table, alone or place.notices(), alone)
    raise RuntimeError("nothing can be attacked")


def tampering(folder: Path, seed: int, attacks: int, seconds: float) -> Result:
    """Until so many were tried, or the time is over."""
    end = time.monotonic() + seconds
    done = list[Done]()
    with month(folder) as world:
        place = Place(world, folder, dice(seed))
        began = world.clock.now()
        while len(done) < attacks and time.monotonic() < end:
            (who,) = place.rng.choices([*ATTACKERS], [often for often, _acts in ATTACKERS.values()])
            done.append(attack(place, who))
            place.put(place.clean)
            world.clock.advance(began - world.clock.now())
    return Result(done, seed)


def part(folder: Path, seed: int, attacks: int, seconds: float) -> Sequence[Done]:
    folder.mkdir()
    return tampering(folder, seed, attacks, seconds).done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attacks", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=20110603)
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--out", type=Path, default=FILE)
    options = parser.parse_args()
    seeds = [options.seed + n for n in range(PARTS)]
    with (
        tempfile.TemporaryDirectory() as name,
        ProcessPoolExecutor(mp_context=get_context("spawn")) as pool,
    ):
        # the month that all copy lies beside it, of this release
        (folder := Path(name) / "record").mkdir()
        rounds = -(-PARTS // (os.cpu_count() or 1))
        asked = [
            pool.submit(
                part, folder / str(s), s, options.attacks // PARTS, 60 * options.minutes / rounds
            )
            for s in seeds
        ]
        broken = [of for of in asked if of.exception() is not None]
        write(
            Result([one for of in asked if of not in broken for one in of.result()], options.seed),
            options.out,
        )
        for of in broken:  # what the others found is written by now
            of.result()


if __name__ == "__main__":
    main()
