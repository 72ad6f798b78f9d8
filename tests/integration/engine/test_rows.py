"""What a transaction wrote stands in its entry, whatever code wrote it; what was changed otherwise
does not."""

import datetime as dt
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from common.instant import Instant
from common.prepared import Batch, Prepared
from engine.store import guard, rows, seals, sql
from engine.store.tables import Base as EngineBase, Draft, RowEntry
from engine.store.uow import UnitOfWork, prepare
from tests.kit import tables
from tests.kit.clock import NOW
from tests.kit.statements import counting

OURS = "of the tests"


class Here(DeclarativeBase):
    pass


class Thing(Here):
    __tablename__ = "thing"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    ok: Mapped[bool] = mapped_column(default=True)
    at: Mapped[dt.datetime | None] = mapped_column(Instant)
    hour: Mapped[dt.time | None]
    much: Mapped[float | None] = mapped_column(sa.Double)
    said: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    content: Mapped[bytes | None]


class Pair(Here):
    __tablename__ = "pair"
    left: Mapped[str] = mapped_column(primary_key=True)
    right: Mapped[dt.date] = mapped_column(primary_key=True)
    n: Mapped[int]


class Day(Here):
    __tablename__ = "day"
    day: Mapped[dt.date] = mapped_column(primary_key=True)


THING: Any = Thing.__table__
WATCHED = [THING, Pair.__table__, Day.__table__]
FULL = {
    "ok": True,
    "at": NOW,
    "hour": dt.time(8, 30),
    "much": 3.0,
    "said": {"b": [1, 2.5, None], "a": "ñ\n\t"},
    "content": b"\0\xff",
}


@pytest.fixture
def db(db_url: str) -> Iterator[sa.Engine]:
    db = made(db_url)
    yield db
    db.dispose()


def made(url: str) -> sa.Engine:
    db = sa.create_engine(url)
    prepare(db)
    tables.make(db, EngineBase)
    Here.metadata.create_all(db)
    with db.begin() as connection:
        rows.install(connection, rows.with_ours(WATCHED))
        rows.enter_changed(connection, rows.with_ours(WATCHED), OURS, set())
    rows.watch(db, WATCHED, OURS)
    return db


def test_where_nobody_would_hear_what_is_written_nothing_is(postgres_url: str) -> None:
    made(postgres_url).dispose()
    db = sa.create_engine(postgres_url)  # no `prepare`: its transactions begin without us
    rows.watch(db, WATCHED, OURS)
    with pytest.raises(RuntimeError, match="prepare"), db.begin() as connection:
        connection.execute(sa.insert(THING).values(id=1, name="x"))
    prepare(db)
    assert differences(db) == []
    db.dispose()


@contextmanager
def behind(db: sa.Engine) -> Iterator[sa.Connection]:
    """Somebody at the database, without us."""
    other = sa.create_engine(db.url)
    with other.begin() as connection:
        yield connection
    other.dispose()


def differences(db: sa.Engine) -> list[tuple[str, rows.Key, str]]:
    with db.begin() as connection:
        found = list(rows.differing(connection, rows.with_ours(WATCHED)))
    return [(d.table, d.key, _what(d)) for d in found]


def _what(d: rows.Difference) -> str:
    return (
        "between"
        if d.between
        else "invented"
        if d.entered is None
        else "removed"
        if d.now == rows.GONE
        else "changed"
    )


def entries(db: sa.Engine) -> int:
    with Session(db) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(RowEntry)) or 0


def three(uow: UnitOfWork) -> None:
    uow.run(lambda s: s.add_all([Thing(id=n, name=f"thing {n}", **FULL) for n in (1, 2, 3)]))


def _orm(session: Session) -> None:
    thing = session.get_one(Thing, 1)
    thing.name, thing.content = "other", None
    session.delete(session.get_one(Thing, 2))


def _in_bulk(session: Session) -> None:
    session.execute(sa.update(Thing).where(Thing.ok, Thing.much > 100).values(name="none"))
    session.execute(sa.update(Thing).where(Thing.id > 1).values(name="many"))
    session.execute(sa.delete(Thing).where(Thing.id == 3))
    session.execute(sa.insert(Thing), [{"id": n, "name": "new"} for n in range(10, 40)])
    session.connection().execute(THING.update().where(THING.c.id == 11).values(ok=False))


def _prepared(session: Session) -> None:
    Prepared(sa.insert(THING)).run_many(session, [{"id": n, "name": "p"} for n in (50, 51)])
    Prepared(sa.update(THING).where(THING.c.id == sa.bindparam("b")).values(name="q")).run(
        session, {"b": 50}
    )
    assert (
        Prepared(sa.insert(THING).returning(THING.c.id)).scalar(session, {"id": 52, "name": "r"})
        == 52
    )
    batch = Batch()
    batch.add(
        Prepared(
            sa.update(THING).where(THING.c.id == sa.bindparam("b")).values(much=sa.bindparam("m"))
        ),
        {"b": 1, "m": 0.1},
    )
    batch.add(Prepared(sa.delete(THING).where(THING.c.id == sa.bindparam("b"))), {"b": 2})
    batch.send(session)


def _of_two_columns(session: Session) -> None:
    session.add_all([Pair(left="a\t\n\"'", right=dt.date(2026, 11, 1 + n), n=n) for n in range(3)])
    session.flush()
    session.execute(sa.update(Pair).where(Pair.right == dt.date(2026, 11, 1)).values(n=7))
    session.execute(sa.delete(Pair).where(Pair.right == dt.date(2026, 11, 2)))


def _part_undone(session: Session) -> None:
    session.add(Thing(id=60, name="stays"))
    session.flush()
    inner = session.begin_nested()
    session.add(Thing(id=61, name="goes"))
    session.execute(sa.update(Thing).where(Thing.id == 1).values(name="goes, too"))
    session.flush()
    inner.rollback()
    session.add(Thing(id=62, name="stays"))


@pytest.mark.parametrize("write", [_orm, _in_bulk, _prepared, _of_two_columns, _part_undone])
def test_what_is_written_through_us_is_entered_whatever_writes_it(
    db: sa.Engine, write: Callable[[Session], None]
) -> None:
    uow = UnitOfWork(db)
    three(uow)
    before = entries(db)
    uow.run(write)
    assert entries(db) == before + 1, "one entry of one transaction"
    assert differences(db) == []
    with uow.session() as session:  # of a page, which commits by itself
        session.add(Thing(id=90, name="by a page"))
        session.execute(sa.update(Thing).values(said={"x": 1}))
        session.commit()
    assert entries(db) == before + 2
    assert differences(db) == []


def _load(n: int, session: Session) -> None:
    session.add(Thing(id=n, name="loaded"))


def test_commands_of_a_batch_are_entered_each(db: sa.Engine) -> None:
    uow = UnitOfWork(db)
    before = entries(db)
    with uow.batch(4):
        for n in range(6):
            uow.run(partial(_load, n))
        with uow.session() as session:
            session.add(Thing(id=7, name="within"))
            session.commit()
    assert entries(db) == before + 7
    assert differences(db) == []


def _twice_undone(session: Session) -> None:
    """Savepoints in savepoints, of which the outer one goes back behind what the inner one kept."""
    session.add(Thing(id=60, name="stays"))
    session.flush()
    outer = session.begin_nested()
    session.execute(sa.update(Thing).where(Thing.id == 1).values(name="goes"))
    inner = session.begin_nested()
    session.add(Thing(id=61, name="goes"))
    session.flush()
    inner.commit()
    outer.rollback()
    with session.begin_nested():
        session.execute(sa.update(Thing).where(Thing.id == 60).values(name="stays so"))


def test_savepoints_in_savepoints(db: sa.Engine) -> None:
    uow = UnitOfWork(db)
    three(uow)
    uow.run(_twice_undone)
    assert differences(db) == []


def _joined(session: Session) -> None:
    """As a command does: its entry goes with what it writes last."""
    session.execute(sa.update(Thing).values(name="with an entry"))
    batch, draft = Batch(), sa.insert(sql.table(Draft))
    batch.add(
        Prepared(draft),
        {
            "instance_id": "i",
            "element": "e",
            "person": "p",
            "item_id": "i",
            "draft_values": {},
            "saved_at": NOW,
        },
    )
    rows.join(session.connection(), batch)
    batch.send(session)


def test_an_entry_that_goes_with_other_writes_is_no_statement_of_its_own(postgres_url: str) -> None:
    db = made(postgres_url)
    uow, before = UnitOfWork(db), entries(db)
    three(uow)
    with counting(db) as cost:
        uow.run(_joined)
    assert len(cost.texts) == 2
    assert cost.texts[0].startswith("UPDATE thing")
    assert cost.texts[1].startswith("WITH")
    assert "INSERT INTO row_entry" in cost.texts[1]
    assert entries(db) == before + 2
    assert differences(db) == []
    db.dispose()


def test_what_is_written_behind_a_joined_entry_has_another_and_one_that_is_undone_is_made_again(
    db: sa.Engine,
) -> None:
    uow = UnitOfWork(db)
    three(uow)
    before = entries(db)

    def command(session: Session) -> None:
        session.execute(sa.update(Thing).where(Thing.id == 1).values(name="before"))
        undone = session.begin_nested()
        _joined(session)  # takes what was written before the savepoint, too
        undone.rollback()
        session.execute(sa.update(Thing).where(Thing.id == 2).values(name="behind"))

    uow.run(command)
    assert entries(db) == before + 1
    assert differences(db) == []
    with db.connect() as connection:
        assert connection.scalars(sa.select(Thing.name).order_by(Thing.id)).all() == [
            "before",
            "behind",
            "thing 3",
        ]


def test_writes_into_watched_rows_take_no_entry_with_them_but_leave_one_for_all(
    db: sa.Engine,
) -> None:
    uow = UnitOfWork(db)
    three(uow)
    before = entries(db)

    def command(session: Session) -> None:
        session.execute(sa.update(Thing).where(Thing.id == 1).values(name="first"))
        batch = Batch()
        batch.add(
            Prepared(
                sa.update(THING)
                .where(THING.c.id == sa.bindparam("b"))
                .values(much=sa.bindparam("m"))
            ),
            {"b": 1, "m": 0.1},
        )
        rows.join(session.connection(), batch)
        batch.send(session)

    uow.run(command)
    assert entries(db) == before + 1
    assert differences(db) == []


def test_what_a_transaction_that_said_nothing_left_is_not_entered_by_the_next(
    db: sa.Engine,
) -> None:
    """A text through us is not entered, nor later, with what others write on the same
    connection."""
    three(UnitOfWork(db))
    with db.connect() as connection:
        for write in (
            "UPDATE thing SET name = 'x' WHERE id = 2",
            sa.update(Thing).where(Thing.id == 3).values(name="ours"),
        ):
            with connection.begin():
                connection.execute(sa.text(write) if isinstance(write, str) else write)
    assert differences(db) == [("thing", (2,), "changed")]


@pytest.mark.parametrize("inner", [False, True])
def test_a_first_write_that_was_undone_leaves_the_next_ones_watched(
    db: sa.Engine, *, inner: bool
) -> None:
    """SQLite takes back triggers with the transaction that made them."""
    uow = UnitOfWork(db)
    before = entries(db)

    def command(session: Session) -> None:
        refused = session.begin_nested() if inner else None
        session.add(Thing(id=1, name="refused"))
        session.flush()
        if refused is None:
            raise ArithmeticError
        refused.rollback()
        session.add(Thing(id=2, name="stays"))

    if inner:
        uow.run(command)
    else:
        with pytest.raises(ArithmeticError):
            uow.run(command)
    uow.run(lambda s: s.add(Thing(id=3, name="stays, too")))
    assert entries(db) == before + 1 + inner
    assert differences(db) == []


LAUNDERED: dict[str, tuple[str, Callable[[Session], object]]] = {
    "changed, then changed by us": (
        "UPDATE thing SET name = 'x' WHERE id = 2",
        lambda s: s.execute(sa.update(Thing).values(ok=False)),
    ),
    "changed, then removed by us": (
        "UPDATE thing SET name = 'x' WHERE id = 2",
        lambda s: s.execute(sa.delete(Thing)),
    ),
    "removed, then added by us": (
        "DELETE FROM thing WHERE id = 2",
        lambda s: s.add(Thing(id=2, name="thing 2", **FULL)),
    ),
    "invented, then changed by us": (
        "INSERT INTO thing (id, name, ok) SELECT 9, name, ok FROM thing WHERE id = 2",
        lambda s: s.execute(sa.update(Thing).where(Thing.id == 9).values(ok=False)),
    ),
}


@pytest.mark.parametrize("how", LAUNDERED)
def test_what_somebody_changed_is_named_also_when_we_write_that_row_behind_them(
    db: sa.Engine, how: str
) -> None:
    order, ours = LAUNDERED[how]
    uow = UnitOfWork(db)
    three(uow)
    with behind(db) as connection:
        connection.exec_driver_sql(order)
    uow.run(ours)
    assert differences(db) == [("thing", (9 if "invented" in how else 2,), "between")]
    uow.run(lambda s: s.execute(sa.update(Thing).values(name="once more")))
    assert [what for *_row, what in differences(db)] == ["between"], "it stays named"


def test_a_row_that_we_write_many_times_and_move_is_what_we_wrote(db: sa.Engine) -> None:
    uow = UnitOfWork(db)
    three(uow)

    def command(session: Session) -> None:
        session.execute(sa.update(Thing).where(Thing.id == 1).values(name="a"))
        session.execute(sa.update(Thing).where(Thing.id == 1).values(id=71))
        session.execute(sa.delete(Thing).where(Thing.id == 2))
        session.flush()
        session.execute(sa.insert(Thing).values(id=2, name="again"))
        session.execute(sa.insert(Thing).values(id=80, name="comes"))
        session.execute(sa.delete(Thing).where(Thing.id == 80))

    uow.run(command)
    uow.run(lambda s: s.execute(sa.update(Thing).values(much=1.5)))
    uow.run(lambda s: s.execute(sa.delete(Thing)))
    assert differences(db) == []


def test_an_entry_of_before_says_nothing_of_what_was_there(db: sa.Engine) -> None:
    three(UnitOfWork(db))
    with db.connect() as connection:
        (content,) = connection.scalars(
            sa.select(RowEntry.content).order_by(RowEntry.id.desc()).limit(1)
        )
    new = rows.unpacked(content)
    old = [row._replace(before=rows.UNTOLD) for row in new]
    assert (
        [row.before for row in new],
        rows.unpacked(rows.packed(new)),
        rows.unpacked(rows.packed(old)),
    ) == ([None] * 3, new, old)


def test_rows_of_some_entries_are_compared_alone(db: sa.Engine) -> None:
    uow = UnitOfWork(db)
    uow.run(lambda s: s.add_all([Thing(id=n, name=f"thing {n}") for n in range(50)]))
    first = entries(db)
    uow.run(lambda s: s.execute(sa.update(Thing).where(Thing.id.in_([3, 4])).values(name="since")))
    uow.run(lambda s: s.add(Pair(left="a", right=dt.date(2026, 11, 1), n=1)))
    uow.run(lambda s: s.add(Day(day=dt.date(2026, 11, 1))))
    with behind(db) as connection:
        connection.exec_driver_sql("UPDATE thing SET name = 'x' WHERE id IN (4, 9)")
        last = connection.execute(sa.select(sa.func.max(RowEntry.id))).scalar_one()
        compared = Counter[str]()
        found = list(
            rows.differing_since(
                connection, rows.with_ours(WATCHED), [range(first + 1, last + 1)], set(), compared
            )
        )
    assert [(d.table, d.key) for d in found] == [("thing", (4,))]
    assert compared == {"thing": 2, "pair": 1, "day": 1}


def test_no_log_of_ours_tells_what_stands_in_a_row(
    db: sa.Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """PostgreSQL tells images of rows as notices, which its driver hands to whoever listens."""
    with caplog.at_level(logging.DEBUG):
        UnitOfWork(db).run(lambda s: s.add(Thing(id=1, name="Ana María")))
    assert "Ana María" not in caplog.text
    assert differences(db) == []


def test_what_is_undone_or_only_read_or_of_another_table_makes_no_entry(db: sa.Engine) -> None:
    uow = UnitOfWork(db)
    three(uow)
    before = entries(db)

    def fails(session: Session) -> None:
        session.add(Thing(id=9, name="never"))
        session.flush()
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        uow.run(fails)
    uow.run(lambda s: s.get(Thing, 1))
    uow.run(lambda s: s.execute(sa.update(Thing).where(Thing.id == 77).values(name="nobody")))
    assert entries(db) == before
    assert differences(db) == []


def test_very_much_in_one_transaction_costs_each_row_the_same_and_is_entered(db: sa.Engine) -> None:
    """Many statements: a text that grew with each would be copied with each."""
    uow, many = UnitOfWork(db), 4_000

    def command(session: Session) -> None:
        session.execute(sa.insert(Thing), [{"id": n, "name": "x" * 60} for n in range(many)])
        session.flush()
        inner = session.begin_nested()
        session.execute(sa.update(Thing).values(name="undone"))
        inner.rollback()
        for n in range(0, many, 4):
            session.execute(sa.update(Thing).where(Thing.id == n).values(name="y"))

    uow.run(command)
    assert differences(db) == []


@pytest.mark.postgres
def test_a_command_whose_connection_was_lost_runs_again_and_is_entered_once(
    postgres_url: str,
) -> None:
    db = made(postgres_url)
    uow, before, tries = UnitOfWork(db), entries(db), list[int]()

    def command(session: Session) -> None:
        session.add(Thing(id=1, name="written"))
        session.flush()
        if not tries:
            tries.append(session.scalar(sa.select(sa.func.pg_backend_pid())) or 0)
            with behind(db) as other:
                other.execute(sa.select(sa.func.pg_terminate_backend(tries[0])))
        session.execute(sa.update(Thing).values(name="written twice"))

    uow.run(command)
    assert len(tries) == 1
    assert entries(db) == before + 1
    assert differences(db) == []
    db.dispose()


CHANGES = {
    "value": ("UPDATE thing SET name = 'x' WHERE id = 2", [("thing", (2,), "changed")]),
    "truth": ("UPDATE thing SET ok = NOT ok WHERE id = 2", [("thing", (2,), "changed")]),
    "content": ("UPDATE thing SET content = NULL WHERE id = 2", [("thing", (2,), "changed")]),
    "moment": ("UPDATE thing SET at = NULL WHERE id = 3", [("thing", (3,), "changed")]),
    "removed": ("DELETE FROM thing WHERE id = 1", [("thing", (1,), "removed")]),
    "invented": (
        "INSERT INTO thing (id, name, ok) SELECT 8, name, ok FROM thing WHERE id = 1",
        [("thing", (8,), "invented")],
    ),
    "another key": (
        "UPDATE thing SET id = 9 WHERE id = 1",
        [("thing", (9,), "invented"), ("thing", (1,), "removed")],
    ),
}


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("by", ["a stranger", "text through us"])
def test_what_is_changed_behind_us_is_named(db: sa.Engine, what: str, by: str) -> None:
    three(UnitOfWork(db))
    statement, named = CHANGES[what]
    with behind(db) if by == "a stranger" else db.begin() as connection:
        connection.exec_driver_sql(statement)
    assert differences(db) == named


def test_an_entry_without_our_seal_does_not_count(db: sa.Engine) -> None:
    three(UnitOfWork(db))
    with behind(db) as connection:
        connection.exec_driver_sql("UPDATE thing SET name = 'x' WHERE id = 2")
        (changed,) = [row for row in rows.read(connection, THING) if row[1] == (2,)]
        content = rows.packed([changed])
        made = connection.execute(
            sa.insert(RowEntry)
            .values(content=content, seal=seals.seal(b"guessed", content))
            .returning(RowEntry.id)
        ).scalar_one()
    assert differences(db) == [], "it says what stands there"
    with db.begin() as connection:
        assert not seals.holds(connection.dialect, content, seals.seal(b"guessed", content))
        assert [d.key for d in rows.differing(connection, WATCHED, {made})] == [(2,)]


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"x\n", b"[[1]]\n", b'[["thing",[1]]]\nshort', b"\xff\n", b"[" * 4_000]
)
def test_an_entry_that_cannot_be_read_hides_nothing(db: sa.Engine, content: bytes) -> None:
    three(UnitOfWork(db))
    with db.begin() as connection:
        connection.execute(sa.insert(RowEntry).values(content=content, seal=b""))
        connection.exec_driver_sql("UPDATE thing SET name = 'x' WHERE id = 2")
    assert differences(db) == [("thing", (2,), "changed")]


@pytest.mark.parametrize("there", ["text", 7, "{}\n", '{"thing":[2]}\n' + "x" * 32])
def test_an_entry_that_is_no_bytes_hides_nothing_either(sqlite_url: str, there: object) -> None:
    db = made(sqlite_url)
    three(UnitOfWork(db))
    with behind(db) as connection:
        connection.execute(
            sa.insert(sa.table("row_entry", sa.column("content"), sa.column("seal"))).values(
                content=there, seal=7
            )
        )
        connection.exec_driver_sql("UPDATE thing SET name = 'x' WHERE id = 2")
    assert differences(db) == [("thing", (2,), "changed")]
    db.dispose()


def test_who_migrates_enters_what_changed_but_not_what_was_wrong_before(db: sa.Engine) -> None:
    three(UnitOfWork(db))
    with behind(db) as connection:
        connection.exec_driver_sql("UPDATE thing SET name = 'forged' WHERE id = 2")
    with db.begin() as connection:
        before = rows.standing(connection, ["thing", "pair", "missing"])
        known = {(d.table, d.key) for d in rows.differing(connection, before)}
        assert known == {("thing", (2,))}
        guard.release(connection)
        connection.exec_driver_sql("UPDATE thing SET name = 'migrated ' || id")
        assert rows.enter_changed(connection, rows.with_ours(WATCHED), OURS, known) == 2
    assert differences(db) == [("thing", (2,), "changed")]


def test_who_migrates_is_not_watched_meanwhile(db: sa.Engine) -> None:
    three(UnitOfWork(db))
    with db.begin() as connection, rows.unwatched(connection):
        connection.execute(sa.update(THING).where(THING.c.id == 2).values(name="by a migration"))
    assert differences(db) == [("thing", (2,), "changed")]


def test_who_migrates_may_drop_a_column_of_a_table_that_was_written_on_this_connection(
    sqlite_url: str,
) -> None:
    db = made(sqlite_url)
    with db.connect() as connection:
        with connection.begin():
            connection.execute(sa.insert(Thing).values(id=1, name="before"))
        with rows.unwatched(connection), connection.begin():
            connection.exec_driver_sql("ALTER TABLE thing DROP COLUMN much")
        assert list(rows.differing(connection, rows.standing(connection, ["thing"]))) == [], (
            "it was empty"
        )
    db.dispose()


def test_the_same_row_has_the_same_digest_on_both_databases() -> None:
    """As SQLite and PostgreSQL hand it over."""
    of_sqlite = {
        "id": 1,
        "name": "a",
        "ok": 1,
        "at": "2026-11-25 15:00:00.000000",
        "hour": "08:30:00.000000",
        "much": 3.0,
    }
    of_postgres = {
        "id": 1,
        "name": "a",
        "ok": True,
        "at": "2026-11-25T10:00:00-05:00",
        "hour": "08:30:00",
        "much": 3,
    }
    left = rows.digest(THING, {**of_sqlite, "said": '{"b": 1, "a": [2.5]}', "content": b"x"})
    right = rows.digest(
        THING,
        {
            **of_postgres,
            "said": {"a": [2.5], "b": 1},
            "content": rows.hashlib.sha256(b"x").hexdigest(),
        },
    )
    assert left == right
    assert rows.digest(THING, {**of_sqlite, "said": None}) == rows.digest(THING, of_sqlite), (
        "what is empty is not told"
    )


def test_a_copy_of_an_entry_of_ours_is_known_for_one_although_its_seal_is_right(
    db: sa.Engine,
) -> None:
    """Its row was written since: a copy behind that would say that what stood there before is
    right."""
    uow = UnitOfWork(db)
    three(uow)
    uow.run(lambda s: s.execute(sa.update(Thing).values(name="since")))
    # the same again says so in other letters
    uow.run(lambda s: s.execute(sa.update(Thing).values(name="since")))
    with db.connect() as connection:
        assert list(rows.copied(connection)) == []
    with behind(db) as connection:
        connection.execute(sa.text("UPDATE thing SET name = 'thing 1' WHERE id = 1"))
        copy = (
            sa.select(sa.literal(900), RowEntry.content, RowEntry.seal)
            .order_by(RowEntry.id)
            .offset(1)
            .limit(1)
        )
        connection.execute(sa.insert(RowEntry).from_select(["id", "content", "seal"], copy))
    with db.connect() as connection:
        assert list(rows.copied(connection)) == [900]
