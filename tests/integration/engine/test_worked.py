"""What a day was worked on: since a task was there, taken, and its person free; the rest is
waiting, and nothing of it is lost."""

import datetime as dt
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.items import Worked
from engine.store.uow import prepare
from engine.types import Actor, Role
from tests.kit import diagrams as m
from tests.kit.clock import bogota
from tests.kit.engine import Kit

MARIA, PEDRO = (Actor("person", quien, frozenset({Role("asesor")})) for quien in ("maria", "pedro"))
HOURS = (bogota(2026, 11, 24), bogota(2026, 11, 24, 8), bogota(2026, 11, 25))
MIN = 60


@pytest.fixture
def kit(tmp_path: object) -> Iterator[Kit]:
    db = sa.create_engine(f"sqlite:///{tmp_path}/v.db")
    prepare(db)
    kit = Kit(db)
    nodes = m.start("s") + m.user("a", fields="x") + m.user("b", fields="y") + m.end("e")
    kit.deploy(
        p=m.model(
            m.process(
                "p",
                nodes + m.flows("s > a > b > e"),
                lanes=m.lane("l", "asesor", "", "s", "a", "b", "e"),
            )
        )
    )
    yield kit
    db.dispose()


def begin(kit: Kit, *at: int) -> str:
    kit.clock.move_to(bogota(2026, 11, *at))
    return kit.engine.instances.start("p", actor=MARIA, now=kit.now).opened[0].id


def complete(kit: Kit, item: str, who: Actor, *at: int) -> str | None:
    kit.clock.move_to(bogota(2026, 11, *at))
    opened = kit.engine.items.complete(item, values={}, actor=who, now=kit.now).opened
    return opened[0].id if opened else None


def take(kit: Kit, item: str, who: Actor, *at: int) -> None:
    kit.clock.move_to(bogota(2026, 11, *at))
    kit.engine.items.claim(item, actor=who, now=kit.now)


def worked(kit: Kit) -> dict[str, Worked]:
    with Session(kit.db) as session:
        return {w.element: w for w in reads.items.worked(session, *HOURS)}


def test_a_task_is_worked_on_since_it_was_taken_on_the_day_it_ended(kit: Kit) -> None:
    item = begin(kit, 23, 15)
    take(kit, item, MARIA, 24, 9, 30)
    complete(kit, item, MARIA, 24, 9, 50)
    assert worked(kit) == {"a": Worked("p", "a", 1, waiting=(18 * 60 + 30) * MIN, working=20 * MIN)}


def test_who_holds_it_from_days_before_works_on_it_since_the_office_opened(kit: Kit) -> None:
    item = begin(kit, 20, 15)
    take(kit, item, MARIA, 20, 16)
    complete(kit, item, MARIA, 24, 8, 40)
    assert worked(kit)["a"].working == 40 * MIN
    assert worked(kit)["a"].waiting == (3 * 24 + 17) * 60 * MIN


def test_before_the_office_opens_since_midnight_at_most(kit: Kit) -> None:
    item = begin(kit, 23, 15)
    take(kit, item, MARIA, 23, 16)
    complete(kit, item, MARIA, 24, 6)
    assert worked(kit)["a"].working == 6 * 60 * MIN


def test_two_tasks_of_one_person_share_the_time_and_another_person_s_do_not(kit: Kit) -> None:
    one, two, other = begin(kit, 23, 15), begin(kit, 23, 15, 1), begin(kit, 23, 15, 2)
    for item, who in ((one, MARIA), (two, MARIA), (other, PEDRO)):
        take(kit, item, who, 23, 16)
    complete(kit, one, MARIA, 24, 9)
    complete(kit, other, PEDRO, 24, 9, 10)
    complete(kit, two, MARIA, 24, 9, 15)
    assert worked(kit)["a"].number == 3
    assert worked(kit)["a"].working == (60 + 70 + 15) * MIN


def test_what_follows_at_once_waits_for_nobody_and_other_days_are_not_counted(kit: Kit) -> None:
    item = begin(kit, 24, 10)
    take(kit, item, MARIA, 24, 10)
    siguiente = complete(kit, item, MARIA, 24, 10, 5)
    assert siguiente is not None
    take(kit, siguiente, MARIA, 24, 10, 5)
    complete(kit, siguiente, MARIA, 24, 10, 12)
    assert worked(kit)["b"] == Worked("p", "b", 1, waiting=0, working=7 * MIN)
    late = begin(kit, 24, 23)
    take(kit, late, MARIA, 24, 23)
    complete(kit, late, MARIA, 25, 0, 30)
    assert worked(kit)["a"].number == 1
    assert HOURS[1] - HOURS[0] == dt.timedelta(hours=8)
