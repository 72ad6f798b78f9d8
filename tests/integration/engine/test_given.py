"""What the engine does not know by itself: who may do what, which time it is, and where."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from engine.clock import GivenClock
from engine.commands import Engine
from engine.errors import NotAllowed
from engine.types import SYSTEM, Authority, Calendar, Failed, Handlers
from tests.kit import diagrams as m
from tests.kit.cast import ADMIN, WHY
from tests.kit.clock import NOW
from tests.kit.engine import Kit

TOKYO = ZoneInfo("Asia/Tokyo")
DAY = "<timerEventDefinition><timeDate>2026-12-01</timeDate></timerEventDefinition>"
EVE = f'<boundaryEvent id="t" attachedToRef="a" cancelActivity="false">{DAY}</boundaryEvent>'


@pytest.fixture
def kit(db: sa.Engine) -> Kit:
    return Kit(db)


def another(kit: Kit, calendar: Calendar, authority: Authority | None = None) -> Engine:
    wiring = {
        "handlers": Handlers(),
        "jobs": kit.jobs,
        "functions": {},
        "forms": (),
        "clock": GivenClock(NOW),
        "calendar": calendar,
    }
    return Engine(kit.db, **wiring, **({} if authority is None else {"authority": authority}))


def test_by_default_nobody_but_the_system_may_operate_an_instance(kit: Kit) -> None:
    kit.deploy(p=m.in_one_lane(m.user("a", fields="x"), "ini>a>fin"))
    engine = another(kit, Calendar())
    instance = engine.instances.start("P", actor=SYSTEM, now=NOW).instance_id
    for act in (engine.instances.suspend, engine.instances.cancel):
        with pytest.raises(NotAllowed):
            act(instance, reason=WHY, actor=ADMIN, now=NOW)
    engine.instances.suspend(instance, reason=WHY, actor=SYSTEM, now=NOW)


def test_authority_over_one_act_is_none_over_another(kit: Kit) -> None:
    kit.deploy(p=m.in_one_lane(m.user("a", fields="x"), "ini>a>fin"))
    engine = another(kit, Calendar(), Authority(steer=frozenset({"administrador"})))
    instance = engine.instances.start("P", actor=SYSTEM, now=NOW).instance_id
    engine.instances.suspend(instance, reason=WHY, actor=ADMIN, now=NOW)
    with pytest.raises(NotAllowed):
        engine.instances.cancel(instance, reason=WHY, actor=ADMIN, now=NOW)


def test_what_a_job_does_is_dated_by_the_given_clock(kit: Kit) -> None:
    kit.later(days=400)
    kit.engine.jobs.failed("mail", {"key": "k"}, Failed("it does not answer"))
    ((at,),) = kit.rows("SELECT at FROM incident")
    assert at in (kit.now, f"{kit.now:%Y-%m-%d %H:%M:%S.%f}")


@pytest.mark.parametrize(
    ("zone", "due"), [(dt.UTC, "2026-12-01 00:00"), (TOKYO, "2026-11-30 15:00")]
)
def test_a_date_begins_and_a_day_of_the_access_chain_ends_where_the_calendar_says(
    kit: Kit, zone: dt.tzinfo, due: str
) -> None:
    kit.deploy(p=m.in_one_lane(m.user("a", fields="x") + EVE, "ini>a>fin", "t>fin"))
    engine = another(kit, Calendar(zone))
    late = dt.datetime(2026, 11, 24, 20, tzinfo=dt.UTC)
    engine.instances.start("P", actor=SYSTEM, now=late)
    engine.log_access(SYSTEM, "look", "x", now=late)
    assert str(kit.rows("SELECT due FROM timer")[0][0])[:16] == due
    assert kit.rows("SELECT day FROM access WHERE kind = 'look'") == [
        ("2026-11-25" if zone is TOKYO else "2026-11-24",)
    ]
