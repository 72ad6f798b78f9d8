"""Recurring starts by calendar: never twice, never lost, with several workers, after outages, under
a new release."""

import datetime as dt
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import reads
from engine.commands import Engine, starts as beginnings
from engine.commands.core import Core
from engine.errors import DeployRefused, InvalidValues, NotFound, NotWaiting
from engine.store.tables import Instance, Schedule, ScheduleEvent
from engine.types import Actor, Calendar
from tests.kit import diagrams as m
from tests.kit.cast import ADMIN, FUNCIONARIA
from tests.kit.clock import BOGOTA
from tests.kit.engine import Kit
from tests.kit.threads import at_once

LANES = m.lane("L1", "asesor", "", "a")
DAILY = '<v:schedule each="business_day" at="07:00"/>'
HOLIDAYS = {dt.date(2026, 12, 8): "La Inmaculada Concepción", dt.date(2026, 12, 25): "Navidad"}


@pytest.fixture
def kit(db: sa.Engine) -> Kit:
    made = Kit(db)
    made.engine.core.calendar = Calendar(BOGOTA, HOLIDAYS.get)
    return made


def model(mark: str = DAILY, text: str = "", name: str = "P", variables: str = "") -> bytes:
    """ini (by calendar) > a > fin"""
    start = f'<startEvent id="ini">{m.extension(mark)}<timerEventDefinition>{text}</timerEventDefinition></startEvent>'
    body = start + m.user("a") + m.end("fin") + m.flows("ini>a>fin")
    return m.model(m.process(name, body, lanes=LANES, variables=variables))


def starts(kit: Kit) -> list[str]:
    """Local days on which instances started, in order."""
    with kit.db.connect() as c:
        keys = c.execute(sa.select(Instance.start_key).order_by(Instance.start_key)).scalars()
        return [str(key)[:16] for key in keys]


def events(kit: Kit) -> list[tuple[str, int]]:
    with kit.db.connect() as c:
        return [
            (row.kind, row.number)
            for row in c.execute(
                sa.select(ScheduleEvent.kind, ScheduleEvent.number).order_by(ScheduleEvent.id)
            )
        ]


def row(kit: Kit) -> Schedule:
    with kit.engine.uow.reading() as session:
        return session.execute(sa.select(Schedule)).scalar_one()


def test_each_business_day_starts_one_instance_and_the_holiday_none(kit: Kit) -> None:
    kit.deploy(p=model())  # Tuesday 24 November, 09:00
    assert row(kit).next_at == dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
    assert kit.engine.pump(kit.now) == 0
    kit.clock.move_to(dt.datetime(2026, 12, 4, 11, tzinfo=dt.UTC))
    while kit.engine.pump(kit.now):
        pass
    for _ in range(6 * 24 + 2):
        kit.engine.pump(kit.later(hours=1))
    days = [key[:10] for key in starts(kit)]
    assert days[-5:] == ["2026-12-03", "2026-12-04", "2026-12-07", "2026-12-09", "2026-12-10"]
    assert len(days) == len(set(days)) == 11


def test_the_occurrence_is_the_variable_that_the_diagram_names(kit: Kit) -> None:
    mark = '<v:schedule each="month" business_day="5" at="08:30" variable="corte"/>'
    kit.deploy(p=model(mark, variables="corte:instant"))
    kit.clock.move_to(dt.datetime(2026, 12, 7, 13, 31, tzinfo=dt.UTC))
    kit.engine.pump(kit.now)
    assert [r[0] for r in kit.rows("SELECT data FROM instance")] == [
        '{"corte":"2026-12-07T13:30:00+00:00"}'
    ]


def test_a_cycle_of_the_standard_starts_as_often_as_it_says(kit: Kit) -> None:
    kit.deploy(p=model("", "<timeCycle>R3/2026-11-24T15:00:00Z/P1W</timeCycle>"))
    for _ in range(40):
        kit.engine.pump(kit.later(days=1))
    assert [key[:10] for key in starts(kit)] == ["2026-11-24", "2026-12-01", "2026-12-08"]
    assert row(kit).state == "over"


def test_a_cron_rule_of_another_engine_starts_an_instance_at_each_of_its_moments(kit: Kit) -> None:
    kit.deploy(p=model("", "<timeCycle>0 30 7 ? * MON,THU</timeCycle>"))
    assert row(kit).next_at == dt.datetime(2026, 11, 26, 12, 30, tzinfo=dt.UTC)
    for _ in range(24 * 8):
        kit.engine.pump(kit.later(hours=1))
    assert starts(kit) == ["2026-11-26T12:30", "2026-11-30T12:30"]
    kit.deploy(p=model("", "<timeCycle>0 30 7 ? * MON,THU</timeCycle>"))
    assert row(kit).next_at == dt.datetime(2026, 12, 3, 12, 30, tzinfo=dt.UTC)


def test_after_an_outage_the_last_ten_are_started_and_the_older_recorded(kit: Kit) -> None:
    kit.deploy(p=model())
    kit.later(days=30)  # 21 business days
    for _ in range(15):
        kit.engine.pump(kit.now)
    assert len(starts(kit)) == 10
    assert starts(kit)[-1][:10] == "2026-12-24"
    assert [event for event in events(kit) if event[0] == "given_up"] == [("given_up", 11)]
    assert row(kit).next_at == dt.datetime(2026, 12, 28, 12, tzinfo=dt.UTC)


def test_only_the_last_is_started_when_the_diagram_says_so(kit: Kit) -> None:
    kit.deploy(p=model('<v:schedule each="business_day" missed="last"/>'))
    kit.later(days=10)
    assert kit.engine.pump(kit.now) == 1
    assert kit.engine.pump(kit.now) == 0
    assert [key[:10] for key in starts(kit)] == ["2026-12-04"]


def test_workers_at_the_same_moment_start_each_occurrence_once(kit: Kit) -> None:
    kit.deploy(p=model())
    kit.later(days=8)
    engines = [kit.another_engine() for _ in range(4)]

    def work(engine: Engine) -> None:
        for _ in range(8):
            engine.pump(kit.now)

    assert at_once(partial(work, engine) for engine in engines) == []
    assert len(starts(kit)) == 6
    assert [kind for kind, _ in events(kit)] == ["created"] + ["started"] * 6


def test_a_clock_that_is_set_back_starts_nothing_again(kit: Kit) -> None:
    kit.deploy(p=model())
    kit.later(days=1)
    kit.engine.pump(kit.now)
    kit.later(days=-1)
    kit.engine.pump(kit.now)
    kit.later(days=1)
    kit.engine.pump(kit.now)
    assert len(starts(kit)) == 1


def test_a_pause_starts_nothing_and_is_not_made_up_for(kit: Kit) -> None:
    kit.deploy(p=model())
    kit.engine.schedules.pause("P", "ini", actor=ADMIN, now=kit.now, reason="Vacaciones colectivas")
    kit.engine.pump(kit.later(days=3))
    with kit.engine.uow.reading() as session:
        (paused,) = reads.schedules.listed(session)
    assert reads.schedules.upcoming(paused, 3, kit.engine.calendar) == []
    kit.engine.schedules.resume("P", "ini", actor=ADMIN, now=kit.now, reason="Volvimos")
    assert kit.engine.pump(kit.now) == 0
    kit.engine.pump(kit.later(days=3))
    assert [key[:10] for key in starts(kit)] == ["2026-11-30"]
    assert [kind for kind, _ in events(kit)] == ["created", "paused", "resumed", "started"]
    with pytest.raises(NotWaiting):
        kit.engine.schedules.resume("P", "ini", actor=ADMIN, now=kit.now, reason="Otra vez")
    with pytest.raises(InvalidValues):
        kit.engine.schedules.pause("P", "ini", actor=ADMIN, now=kit.now, reason="  ")
    with pytest.raises(NotFound):
        kit.engine.schedules.pause("P", "otro", actor=ADMIN, now=kit.now, reason="x")
    assert ("programacion_paused", "admin") in kit.rows("SELECT kind, actor_id FROM access")


def test_a_schedule_follows_the_release_in_force(kit: Kit) -> None:
    kit.deploy(p=model())
    before = row(kit).next_at
    kit.deploy(q=m.model(m.process("Q", m.start("s") + m.end("e") + m.flows("s>e"))))
    assert row(kit).next_at == before, "another file changed"
    kit.deploy(p=model('<v:schedule each="week" weekday="friday" at="15:00"/>'))
    assert row(kit).next_at == dt.datetime(2026, 11, 27, 20, tzinfo=dt.UTC)
    kit.deploy(p=m.model(m.process("P", m.start("ini") + m.end("fin") + m.flows("ini>fin"))))
    assert (row(kit).state, row(kit).next_at) == ("gone", None)
    kit.engine.pump(kit.later(days=30))
    assert starts(kit) == []
    kit.deploy(p=model())
    assert row(kit).state == "active"
    assert [kind for kind, _ in events(kit)] == ["created", "changed", "gone", "changed"]


def test_a_start_that_fails_pauses_its_schedule_and_the_others_go_on(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit.deploy(p=model(), q=model(name="Q").replace(b'id="L1"', b'id="L2"'))
    whole = beginnings.begin

    def begin(
        core: Core, session: Session, what: beginnings.Beginning, actor: Actor, now: dt.datetime
    ) -> object:
        if what.process == "P":
            raise RuntimeError("se cayó")
        return whole(core, session, what, actor, now)

    monkeypatch.setattr("engine.commands.schedules.begin", begin)
    kit.engine.pump(kit.later(days=1))
    assert kit.rows("SELECT process FROM instance") == [("Q",)]
    assert kit.rows("SELECT process, state FROM schedule ORDER BY process") == [
        ("P", "paused"),
        ("Q", "active"),
    ]
    assert kit.rows("SELECT reason FROM schedule_event WHERE kind = 'failed'") == [
        ("RuntimeError: se cayó",)
    ]


@pytest.mark.parametrize(
    ("mark", "text", "rule"),
    [
        ('<v:schedule each="fortnight"/>', "", "schedule_rule"),
        ('<v:schedule each="week"/>', "", "schedule_rule"),
        ('<v:schedule each="month"/>', "", "schedule_rule"),
        ('<v:schedule each="month" day="5" business_day="3"/>', "", "schedule_rule"),
        ('<v:schedule each="week" weekday="martes"/>', "", "schedule_rule"),
        ('<v:schedule each="day" at="7pm"/>', "", "schedule_rule"),
        ('<v:schedule each="day" day="3"/>', "", "schedule_rule"),
        ('<v:schedule each="day" variable="nadie"/>', "", "variable_unknown"),
        (DAILY, "<timeCycle>R/P1D</timeCycle>", "schedule_twice"),
        ("", "<timeCycle>R/PT10S</timeCycle>", "schedule_rule"),
        ("", "<timeCycle>R/PT0S</timeCycle>", "schedule_rule"),
        ("", "<timeCycle>cuando_sea</timeCycle>", "schedule_rule"),
        ("", "", "timer_missing"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_at_deploy(
    kit: Kit, mark: str, text: str, rule: str
) -> None:
    with pytest.raises(DeployRefused) as refused:
        kit.engine.releases.deploy({"p.bpmn": model(mark, text)}, actor=FUNCIONARIA, now=kit.now)
    assert rule in {finding.rule for finding in refused.value.findings}
