"""What a command writes into journal and access chain bears a seal: who has the database, and no
key, adds nothing to them unseen."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.reads.evidence import verify_log
from engine.reads.verification import verify
from engine.states import Act, Flaw, LogFlaw, LogKind
from engine.store import chain, rows, seals
from engine.store.log import GRACE
from engine.store.tables import Access, AccessHead, Instance, Item, Journal
from engine.types import SYSTEM
from tests.integration.engine.test_log import KEYS, Place, a_place, go_on
from tests.kit.cast import FUNCIONARIA

OURS = "of these tests"
OTHER = "guessed"


@pytest.fixture
def place(db: sa.Engine) -> Place:
    rows.watch(db, [], OURS)
    return a_place(db)


def named(place: Place) -> set[tuple[LogFlaw, str]]:
    return {(fault.what, fault.kind) for fault in place.faults()}


def of_chains(place: Place, case: str | None = None) -> list[Flaw]:
    with place.kit.engine.uow.reading_one_state() as session:
        return [fault.what for fault in verify(session, case).faults]


def act(place: Place, at: dt.datetime, secret: str = "", **others: Any) -> None:
    """Somebody adds an act behind the last one: the hash is public."""
    with Session(place.kit.db) as s, s.begin():
        instance = s.get_one(Instance, place.instance)
        row = {
            "instance_id": instance.id,
            "rev": instance.rev + 1,
            "at": at,
            "actor_kind": "person",
            "actor_id": "otra",
            "kind": Act.CLAIM,
        }
        row |= {"element": "dos", "detail": {}, "delta": b"", "digest": None, **others}
        value = chain.journal_hash(bytes(instance.head), **row)
        s.add(
            Journal(
                **row, hash=value, seal=seals.link(seals.key_of(secret), value) if secret else None
            )
        )
        instance.rev, instance.head = instance.rev + 1, value


def view(place: Place, at: dt.datetime, secret: str = "") -> None:
    """The same behind the last access."""
    with Session(place.kit.db) as s, s.begin():
        head = s.scalars(sa.select(AccessHead).order_by(AccessHead.day.desc())).first()
        assert head is not None
        row = {
            "day": head.day,
            "n": head.n + 1,
            "at": at,
            "actor_kind": "person",
            "actor_id": "otra",
            "kind": "x",
            "subject": "caso-1",
        }
        value = chain.access_hash(bytes(head.hash), **row, detail={})
        s.add(
            Access(
                **row,
                detail={},
                hash=value,
                seal=seals.link(seals.key_of(secret), value) if secret else None,
            )
        )
        head.n, head.hash = head.n + 1, value


def test_what_commands_write_bears_a_seal_and_is_whole(place: Place) -> None:
    go_on(place, "caso-1")
    place.kit.engine.log_access(FUNCIONARIA, "consulta_caso", "caso-1", now=place.kit.now)
    with Session(place.kit.db) as s:
        written = [
            *s.execute(sa.select(Journal.hash, Journal.seal)),
            *s.execute(sa.select(Access.hash, Access.seal)),
        ]
    assert len(written) > 6
    assert all(row.seal == seals.link(seals.key_of(OURS), bytes(row.hash)) for row in written)
    assert (named(place), of_chains(place)) == (set(), [])
    place.look()
    assert (named(place), of_chains(place)) == (set(), [])


@pytest.mark.parametrize(
    ("octets", "holds"),
    [(seals.OCTETS, True), (seals.OF_BEFORE, True), (0, False), (8, False), (31, False)],
)
def test_an_entry_of_a_release_of_before_holds_and_a_part_of_a_seal_does_not(
    place: Place, octets: int, *, holds: bool
) -> None:
    by = seals.seal(seals.key_of(OURS), b"of rows", octets)
    assert seals.holds(place.kit.db.dialect, b"of rows", by) is holds


ADDED: dict[str, tuple[Callable[..., None], LogKind]] = {
    "an act": (act, LogKind.ACT),
    "an access": (view, LogKind.VIEW),
}


@pytest.mark.parametrize("secret", ["", OTHER])
@pytest.mark.parametrize("what", ADDED)
def test_a_row_that_somebody_added_to_a_chain_is_named_before_and_behind_the_next_signatures(
    place: Place, what: str, secret: str
) -> None:
    add, kind = ADDED[what]
    add(place, place.kit.now, secret)
    assert named(place) == {(LogFlaw.SEAL, kind)}
    assert of_chains(place) == [Flaw.SEAL]
    for _look in range(2):
        place.kit.later(hours=1)
        place.kit.engine.log_access(FUNCIONARIA, "consulta_caso", "caso-2", now=place.kit.now)
        place.look()
        assert named(place) == {(LogFlaw.SEAL, kind)}
        assert of_chains(place) == [Flaw.SEAL]
    assert of_chains(place, "caso-1") == ([Flaw.SEAL] if kind == LogKind.ACT else [])
    assert of_chains(place, "caso-2") == []


@pytest.mark.parametrize("what", ADDED)
def test_one_that_is_taken_away_again_stays_named(place: Place, what: str) -> None:
    add, kind = ADDED[what]
    add(place, place.kit.now)
    place.look()
    with Session(place.kit.db) as s, s.begin():
        s.execute(
            sa.delete(Journal if kind == LogKind.ACT else Access).where(
                sa.column("actor_id") == "otra"
            )
        )
    assert (LogFlaw.SEAL, kind) in named(place)


@pytest.mark.parametrize("what", ADDED)
def test_one_with_an_entry_of_the_log_beside_it_is_named_by_who_signs(
    place: Place, what: str
) -> None:
    """As if a look had taken it in."""
    add, kind = ADDED[what]
    add(place, place.kit.now)
    of_act = "'instance', id, rev, head, head FROM instance WHERE id = :i"
    of_view = "'access', day, n, hash, hash FROM access_head WHERE day = (SELECT max(day) FROM access_head)"
    told = "INSERT INTO log_entry (n, kind, subject, rev, head, facts) SELECT (SELECT max(n) + 1 FROM log_entry), "
    place.sql(told + (of_act if kind == LogKind.ACT else of_view))
    place.look()
    assert (LogFlaw.SEAL, kind) in named(place)


@pytest.mark.parametrize("what", ADDED)
def test_with_the_secret_even_nothing_is_added_to_the_time_before_a_look(
    place: Place, what: str
) -> None:
    add, kind = ADDED[what]
    add(place, place.kit.now - dt.timedelta(days=20), OURS)
    assert named(place) == {(LogFlaw.UNSEEN, kind)}
    place.kit.later(hours=1)
    place.look()
    assert named(place) == {(LogFlaw.UNSEEN, kind)}


def test_an_act_that_was_under_way_at_a_look_is_none_of_before(place: Place) -> None:
    act(place, place.kit.now - GRACE, OURS)
    view(place, place.kit.now - GRACE, OURS)
    assert named(place) == set()


BESIDE = {
    "who did a task": (
        sa.update(Item).where(Item.state == "done").values(closed_by="otra"),
        LogKind.STATE,
    ),
    "whose a task is": (
        sa.update(Item).where(Item.state == "open").values(claimed_by="otra"),
        LogKind.STATE,
    ),
    "until when": (
        sa.update(Item)
        .where(Item.state == "open")
        .values(due_at=dt.datetime(2030, 1, 1, tzinfo=dt.UTC)),
        LogKind.STATE,
    ),
    "its state": (sa.update(Instance).values(status="finished"), LogKind.INSTANCE),
    "its beginning": (
        sa.update(Instance).values(started_at=dt.datetime(2030, 1, 1, tzinfo=dt.UTC)),
        LogKind.INSTANCE,
    ),
}


@pytest.mark.parametrize("what", BESIDE)
def test_an_act_that_somebody_added_hides_nothing_beside_its_chain(place: Place, what: str) -> None:
    changed, kind = BESIDE[what]
    with place.kit.db.begin() as c:
        table = changed.table
        c.execute(
            changed.where(
                (table.c.instance_id if kind == LogKind.STATE else table.c.id) == place.instance
            )
        )
    act(place, place.kit.now)
    assert {(LogFlaw.SEAL, LogKind.ACT), (LogFlaw.FACTS, kind)} <= named(place)
    place.kit.later(hours=1)
    place.look()
    assert (LogFlaw.SEAL, LogKind.ACT) in named(place)


def test_a_secret_of_before_holds_until_it_is_taken_from_the_list(db: sa.Engine) -> None:
    rows.watch(db, [], OURS)
    place = a_place(db)
    go_on(place, "caso-1")
    seals.use(db.dialect, "a new one", [OURS])
    go_on(place, "caso-2")
    assert named(place) == set()
    place.look()
    seals.use(db.dialect, "a new one")
    assert named(place) == set()  # what is signed was looked at


@pytest.mark.parametrize("what", ADDED)
def test_where_nothing_was_ever_signed_one_behind_ours_is_named_and_a_secret_that_was_forgotten_accuses_nobody(
    place: Place, what: str
) -> None:
    place.sql("DELETE FROM log_checkpoint", "DELETE FROM log_entry")
    seals.use(place.kit.db.dialect, "another one, which forgot the first")
    assert of_chains(place) == []
    go_on(place, "caso-1")
    place.kit.engine.log_access(FUNCIONARIA, "consulta_caso", "caso-1", now=place.kit.now)
    assert of_chains(place) == []
    ADDED[what][0](place, place.kit.now)
    assert of_chains(place) == [Flaw.SEAL]


def test_of_what_is_new_one_that_somebody_added_is_named(place: Place) -> None:
    checked = place.report().checked
    act(place, place.kit.now)
    view(place, place.kit.now)
    with place.kit.engine.uow.reading_one_state() as session:
        report = verify_log(session, KEYS, since=checked)
    assert {(fault.what, fault.kind) for fault in report.faults} == {
        (LogFlaw.SEAL, LogKind.ACT),
        (LogFlaw.SEAL, LogKind.VIEW),
    }
    place.look()
    place.kit.engine.instances.start(
        "p", actor=SYSTEM, now=place.kit.now, case_key="caso-9", data={"punto_id": "P1"}
    )
    with place.kit.engine.uow.reading_one_state() as session:
        assert {fault.kind for fault in verify_log(session, KEYS, since=checked).faults} == {
            LogKind.ACT,
            LogKind.VIEW,
        }


@pytest.mark.parametrize("column", ["closed_by", "closed_at", "opened_at"])
def test_who_did_a_task_and_when_is_what_the_journal_says_also_in_a_case_that_went_on(
    place: Place, column: str
) -> None:
    value = "otra" if column == "closed_by" else dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
    with place.kit.db.begin() as c:
        mine = Item.__table__.c.instance_id == place.instance
        c.execute(sa.update(Item).where(mine, Item.state == "done").values({column: value}))
    go_on(place, "caso-1")
    place.look()
    assert of_chains(place, "caso-1") == of_chains(place) == [Flaw.TASK]
