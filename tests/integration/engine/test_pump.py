"""Timers, messages and signals: on time, once, in order, for each receiver; runaway chains stop
with an incident."""

import datetime as dt
import threading
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from engine import reads
from engine.clock import SystemClock
from engine.commands import Engine
from engine.errors import DeployRefused, InvalidValues
from engine.reads.verification import verify
from engine.states import OutboxState
from engine.store.tables import Journal, Timer
from engine.types import Repair
from tests.kit import diagrams as m
from tests.kit.cast import ADMIN, ASESOR
from tests.kit.engine import Kit
from tests.kit.statements import counting
from tests.kit.threads import at_once
from webforms.comandos.trabajador import Bomba

LANES = m.lane("L1", "asesor", "", "a", "b")


@pytest.fixture
def kit(db: sa.Engine) -> Kit:
    return Kit(db)


def timer(id_: str, text: str, kind: str = "timeDate") -> str:
    return f'<intermediateCatchEvent id="{id_}"><timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition></intermediateCatchEvent>'


def waiting_for_a_date(name: str = "P") -> bytes:
    """s > t (a date) > a > e"""
    body = m.start("s") + timer("t", "cuando") + m.user("a") + m.end("e") + m.flows("s>t>a>e")
    return m.model(m.process(name, body, lanes=LANES, variables="cuando:instant"))


def fired(kit: Kit) -> list[str]:
    """Due dates in the order in which their timers fired; the revision is the only other order
    there is."""
    with kit.db.connect() as c:
        rows = c.execute(
            sa.select(Journal.detail)
            .where(Journal.kind == "timer")
            .order_by(sa.text("rowid" if kit.db.dialect.name == "sqlite" else "ctid"))
        )
        return [row.detail["due"] for row in rows]


def in_threads(engines: list[Engine], work: Any) -> list[BaseException]:
    return at_once(partial(work, engine) for engine in engines)


# --- timers ---------------------------------------------------------------------------------------
def test_timers_fire_in_the_order_of_their_dates_in_bounded_batches(kit: Kit) -> None:
    kit.deploy(p=waiting_for_a_date())
    dates = [kit.now + dt.timedelta(milliseconds=37 * (n * 7 % 30)) for n in range(30)]
    for date in dates:
        kit.engine.instances.start(
            "P",
            actor=ASESOR,
            now=kit.now - dt.timedelta(seconds=1),
            data={"cuando": date.isoformat()},
        )
    now, between = kit.later(seconds=5), list[int]()
    batches = [kit.engine.pump(now, 12, lambda: between.append(1)) for _ in range(4)]
    assert batches == [12, 12, 6, 0]
    assert len(between) == 30, "others may write after each command"
    assert fired(kit) == [date.isoformat() for date in sorted(dates)]


def test_several_workers_fire_each_timer_once(kit: Kit) -> None:
    kit.deploy(p=waiting_for_a_date())
    for _ in range(40):
        kit.engine.instances.start(
            "P",
            actor=ASESOR,
            now=kit.now,
            data={"cuando": (kit.now + dt.timedelta(minutes=1)).isoformat()},
        )
    now = kit.later(minutes=2)

    def work(engine: Engine) -> None:
        for _ in range(12):
            engine.pump(now, 10)

    assert in_threads([kit.another_engine() for _ in range(3)], work) == []
    assert kit.rows("SELECT count(*) FROM timer") == [(0,)]
    assert len(fired(kit)) == 40
    assert kit.rows("SELECT count(*) FROM work_item") == [(40,)]
    with kit.engine.uow.reading() as session:
        assert verify(session).faults == ()


def test_a_clock_that_jumps_fires_late_timers_once_and_early_ones_not(kit: Kit) -> None:
    kit.deploy(p=waiting_for_a_date())
    kit.engine.instances.start(
        "P",
        actor=ASESOR,
        now=kit.now,
        data={"cuando": (kit.now + dt.timedelta(hours=1)).isoformat()},
    )
    assert kit.engine.pump(kit.later(hours=-5)) == 0
    assert kit.engine.pump(kit.later(days=400)) == 1
    assert kit.engine.pump(kit.later(days=-400)) == 0
    assert kit.engine.pump(kit.later(days=400)) == 0


def test_timers_of_instances_that_rest_do_not_stand_in_the_way_of_others(kit: Kit) -> None:
    """Suspended instances with due timers, more of them than a batch."""
    kit.deploy(p=waiting_for_a_date())
    for minutes in (1, 1, 1, 2):
        kit.engine.instances.start(
            "P",
            actor=ASESOR,
            now=kit.now,
            data={"cuando": (kit.now + dt.timedelta(minutes=minutes)).isoformat()},
        )
    with kit.db.begin() as c:
        c.execute(
            sa.text(
                "UPDATE instance SET status = 'suspended' WHERE id IN (SELECT instance_id FROM timer ORDER BY due, task_id LIMIT 3)"
            )
        )
    assert kit.engine.pump(kit.later(minutes=5), 2) == 1
    with kit.db.begin() as c:
        c.execute(sa.text("UPDATE instance SET status = 'active'"))
    assert kit.engine.pump(kit.now) == 3


def test_a_timer_that_cannot_be_handled_rests_and_becomes_one_incident(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit.deploy(p=waiting_for_a_date())
    for _ in range(3):
        kit.engine.instances.start(
            "P",
            actor=ASESOR,
            now=kit.now,
            data={"cuando": (kit.now + dt.timedelta(minutes=1)).isoformat()},
        )
    bad = str(kit.rows("SELECT instance_id FROM timer ORDER BY due, task_id LIMIT 1")[0][0])
    whole = kit.engine.timers.fire

    def fire(task_id: str, instance_id: str, now: dt.datetime) -> bool:
        if instance_id == bad:
            raise RuntimeError("estado roto")
        return whole(task_id, instance_id, now)

    monkeypatch.setattr(kit.engine.timers, "fire", fire)
    assert kit.engine.pump(kit.later(minutes=2), 1) == 0
    assert kit.engine.pump(kit.now, 1) == 1, "the failing one rests, the next has its turn"
    assert kit.engine.pump(kit.now, 1) == 1
    for _ in range(20):
        kit.engine.pump(kit.later(minutes=11), 1)
    assert kit.rows("SELECT instance_id, kind, error FROM incident") == [
        (bad, "model", "RuntimeError: estado roto")
    ]
    monkeypatch.undo()
    assert kit.engine.pump(kit.later(minutes=11), 1) == 1


def test_an_instance_that_somebody_holds_keeps_no_timer_behind_it_waiting(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit.deploy(p=waiting_for_a_date())
    for _ in range(3):
        kit.engine.instances.start(
            "P",
            actor=ASESOR,
            now=kit.now,
            data={"cuando": (kit.now + dt.timedelta(minutes=1)).isoformat()},
        )
    held = str(kit.rows("SELECT instance_id FROM timer ORDER BY due, task_id LIMIT 1")[0][0])
    whole = kit.engine.timers.fire
    monkeypatch.setattr(
        kit.engine.timers,
        "fire",
        lambda task, instance, now: instance != held and whole(task, instance, now),
    )
    assert kit.engine.pump(kit.later(minutes=2), 1) == 0
    assert [kit.engine.pump(kit.now, 1) for _ in range(2)] == [1, 1]
    monkeypatch.undo()
    assert kit.engine.pump(kit.later(seconds=1), 1) == 1


@pytest.mark.parametrize("told", [True, False])
def test_messages_that_cannot_be_given_up_keep_none_behind_them_waiting(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, *, told: bool
) -> None:
    """`told`: their incident can be written; else not even that."""
    body = m.start("s") + event("intermediateThrowEvent", "t", "m1") + m.end("e") + m.flows("s>t>e")
    kit.deploy(p=m.model(PING + m.process("P", body, variables="k")))
    for n in range(4):
        kit.engine.instances.start("P", actor=ASESOR, now=kit.now, data={"k": f"{n}"})
    rows = [row[0] for row in kit.rows("SELECT id FROM outbox ORDER BY id")]
    whole = kit.engine.messages.give_up

    def give_up(row: int, sender: str, now: dt.datetime) -> bool:
        if row in rows[:2]:
            raise RuntimeError("estado roto")
        return whole(row, sender, now)

    monkeypatch.setattr(kit.engine.messages, "give_up", give_up)
    if not told:
        monkeypatch.setattr("engine.commands.pump.incident_row", give_up)
    kit.later(days=60)
    for _ in range(4):
        kit.engine.pump(kit.later(minutes=11), 2)
    assert kit.rows("SELECT count(*) FROM outbox WHERE state = 'waiting'") == [(2,)]


def test_a_loop_around_a_timer_that_is_due_at_once_stops_with_an_incident_and_retry_goes_on(
    kit: Kit,
) -> None:
    body = (
        '<startEvent id="s"/><exclusiveGateway id="j"/><exclusiveGateway id="g" default="f_g_j"/>'
        + timer("t", "PT0S", "timeDuration")
    )
    body += (
        m.user("a", fields="otra:boolean")
        + m.end("e")
        + m.flows("s>j>t>g>j")
        + m.flow("g", "a", "otra == True")
        + m.flows("a>e")
    )
    kit.deploy(p=m.model(m.process("P", body, lanes=LANES)))
    kit.engine.instances.start("P", actor=ASESOR, now=kit.now)
    fires = [kit.engine.pump(kit.now) for _ in range(320)]
    assert sum(fires) < 320
    assert fires[-1] == 0
    ((kind, element),) = kit.rows("SELECT kind, element FROM incident")
    assert (kind, element) == ("limit", "t")
    with kit.engine.uow.reading() as session:
        (incident,) = reads.incidents.open_ones(session)
    kit.engine.incidents.resolve(
        incident.id, Repair("retry", "Se revisó el diagrama"), actor=ADMIN, now=kit.later(minutes=5)
    )
    assert kit.engine.pump(kit.now) == 1


@pytest.mark.parametrize(
    "text", ["R/PT0S", "R3/PT0S", "R0/PT5M", "R/-PT5M", "R-1/PT5M", "R9999999/PT5M"]
)
def test_a_cycle_without_length_or_end_is_refused_at_deploy(kit: Kit, text: str) -> None:
    body = (
        m.start("s") + timer("t", text, "timeCycle") + m.user("a") + m.end("e") + m.flows("s>t>a>e")
    )
    with pytest.raises(DeployRefused):
        kit.deploy(p=m.model(m.process("P", body, lanes=LANES)))


def test_an_extension_moves_the_date_of_a_waiting_timer_in_its_own_commit(kit: Kit) -> None:
    """As P02 does: a message interrupts the task, a new date comes, the task and its timer are
    armed anew."""
    boundary = '<boundaryEvent id="v" attachedToRef="a" cancelActivity="false"><timerEventDefinition><timeDate>limite</timeDate>'
    boundary += "</timerEventDefinition></boundaryEvent>"
    longer = '<boundaryEvent id="x" attachedToRef="a">' + m.extension(
        '<v:message key="k" payload="limite"/>'
    )
    longer += '<messageEventDefinition messageRef="m1"/></boundaryEvent>'
    body = (
        m.start("s")
        + m.gate("exclusive", "j")
        + m.user("a")
        + boundary
        + longer
        + m.user("b")
        + m.end("e")
    )
    body += m.flows("s>j>a>e") + m.flow("x", "j") + m.flows("v>b>e")
    kit.deploy(
        p=m.model(
            m.process("P", body, lanes=LANES, variables="k limite:instant"),
            defs='<message id="m1" name="Prorroga"/>',
        )
    )
    first, second = (kit.now + dt.timedelta(days=days) for days in (5, 10))
    kit.engine.instances.start(
        "P", actor=ASESOR, now=kit.now, data={"k": "1", "limite": first.isoformat()}
    )
    with counting(kit.db) as cost:
        kit.engine.messages.correlate(
            "Prorroga", "1", {"limite": second.isoformat()}, actor=ASESOR, now=kit.now
        )
    assert cost.commits <= 2, "the command, and on some databases the end of a read"
    with kit.db.connect() as c:
        assert list(c.execute(sa.select(Timer.element, Timer.due)).all()) == [("v", second)]
    assert kit.engine.pump(kit.later(days=6)) == 0
    assert kit.engine.pump(kit.later(days=5)) == 1
    assert kit.engine.pump(kit.now) == 0


def test_the_pump_thread_survives_whatever_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that dies in silence would stop all timers."""
    monkeypatch.setattr("webforms.comandos.trabajador.DESPUES_DE_FALLAR", 0.01)
    looks, stop = list[int](), threading.Event()

    class Failing:
        # only its dialect is asked
        db = sa.create_engine("postgresql+psycopg://nobody@localhost/none")
        uow = SimpleNamespace(lookup=lambda _rows, _params: [])  # no exception in the calendar

        def pump(self, _now: dt.datetime, **_rest: object) -> int:
            looks.append(1)
            if len(looks) == 3:
                stop.set()
            raise KeyError("algo que nadie esperaba")

    pump = Bomba(Failing(), SystemClock(), stop)
    pump.start()
    pump.join(timeout=20)
    assert len(looks) == 3


# --- messages -------------------------------------------------------------------------------------
def event(tag: str, id_: str, message: str, extra: str = "") -> str:
    mark = m.extension(f'<v:message key="k" {extra}/>')
    return f'<{tag} id="{id_}">{mark}<messageEventDefinition messageRef="{message}"/></{tag}>'


def for_ever(name: str, throws: str, catches: str, *, begins: bool) -> str:
    """Throws and catches in turn, for ever; the one that begins throws first."""
    throw, catch = (
        event("intermediateThrowEvent", f"t{name}", throws),
        event("intermediateCatchEvent", f"c{name}", catches),
    )
    join = f'<exclusiveGateway id="j{name}"/>'
    order = (
        f"s{name}>j{name}>t{name}>c{name}>j{name}"
        if begins
        else f"s{name}>j{name}>c{name}>t{name}>j{name}"
    )
    return m.process(
        name, f'<startEvent id="s{name}"/>{join}{throw}{catch}{m.flows(order)}', variables="k"
    )


PING = '<message id="m1" name="Ida"/><message id="m2" name="Vuelta"/>'


def ping_pong(kit: Kit) -> None:
    kit.deploy(
        p=m.model(
            for_ever("P", "m1", "m2", begins=True),
            for_ever("Q", "m2", "m1", begins=False),
            defs=PING,
        )
    )


def delivered(kit: Kit) -> int:
    return int(str(kit.rows("SELECT count(*) FROM outbox WHERE state = 'delivered'")[0][0]))


def test_a_key_longer_than_its_column_joins_who_sends_and_who_waits(kit: Kit) -> None:
    ping_pong(kit)
    for process in ("Q", "P"):
        kit.engine.instances.start(process, actor=ASESOR, now=kit.now, data={"k": "ñ" * 300})
    kit.engine.instances.start("Q", actor=ASESOR, now=kit.now, data={"k": "ñ" * 299 + "x"})
    kit.engine.pump(kit.now)
    assert delivered(kit) == 1
    assert max(len(str(key)) for (key,) in kit.rows("SELECT key FROM outbox")) <= 120


def test_two_instances_that_message_each_other_for_ever_stop_after_a_hundred_hops_and_a_retry_sends_on(
    kit: Kit,
) -> None:
    ping_pong(kit)
    kit.engine.instances.start("Q", actor=ASESOR, now=kit.now, data={"k": "1"})
    kit.engine.instances.start("P", actor=ASESOR, now=kit.now, data={"k": "1"})
    for _ in range(150):
        kit.engine.pump(kit.now)
    assert delivered(kit) == 100
    assert kit.rows("SELECT state, hops FROM outbox WHERE state <> 'delivered'") == [
        (OutboxState.STOPPED, 101)
    ]
    ((kind, state),) = kit.rows("SELECT kind, state FROM incident")
    assert (kind, state) == ("hops", "open")
    with kit.engine.uow.reading() as session:
        (incident,) = reads.incidents.open_ones(session)
    kit.engine.incidents.resolve(
        incident.id, Repair("retry", "Se revisó el diagrama"), actor=ADMIN, now=kit.later(minutes=5)
    )
    for _ in range(10):
        kit.engine.pump(kit.now)
    assert delivered(kit) == 110


def test_a_slow_chain_is_no_runaway(kit: Kit) -> None:
    ping_pong(kit)
    kit.engine.instances.start("Q", actor=ASESOR, now=kit.now, data={"k": "1"})
    kit.engine.instances.start("P", actor=ASESOR, now=kit.now, data={"k": "1"})
    for _ in range(130):
        kit.engine.pump(kit.later(seconds=1))
    assert delivered(kit) == 130
    assert kit.rows("SELECT count(*) FROM incident") == [(0,)]


def test_instances_that_message_each_other_at_full_speed_from_several_workers_never_deadlock(
    kit: Kit,
) -> None:
    ping_pong(kit)
    for key in "1234":
        kit.engine.instances.start("Q", actor=ASESOR, now=kit.now, data={"k": key})
        kit.engine.instances.start("P", actor=ASESOR, now=kit.now, data={"k": key})
    now = kit.now

    def work(engine: Engine) -> None:
        for _ in range(130):
            engine.pump(now)

    assert in_threads([kit.another_engine() for _ in range(2)], work) == []
    while kit.engine.pump(now):
        pass
    assert delivered(kit) == 400
    assert kit.rows("SELECT kind, count(*) FROM incident GROUP BY kind") == [("hops", 4)]
    with kit.engine.uow.reading() as session:
        assert verify(session).faults == ()


def test_a_page_that_gives_what_the_message_does_not_declare_is_refused_and_nothing_changes(
    kit: Kit,
) -> None:
    catch = event("intermediateCatchEvent", "c", "m1", 'payload="dato"')
    body = f'<startEvent id="s"/>{catch}{m.user("a")}<endEvent id="e"/>' + m.flows("s>c>a>e")
    kit.deploy(p=m.model(m.process("P", body, lanes=LANES, variables="k dato"), defs=PING))
    kit.engine.instances.start("P", actor=ASESOR, now=kit.now, data={"k": "1"})
    with pytest.raises(InvalidValues):
        kit.engine.messages.correlate(
            "Ida", "1", {}, actor=ASESOR, now=kit.now, records=lambda _w: {"otro": 1}
        )
    done = kit.engine.messages.correlate(
        "Ida", "1", {}, actor=ASESOR, now=kit.now, records=lambda _w: {"dato": "x"}
    )
    assert [item.data["dato"] for item in done.opened] == ["x"]


def test_a_message_for_a_suspended_instance_waits_and_does_not_stand_in_the_way(kit: Kit) -> None:
    ping_pong(kit)
    for key in ("1", "2"):
        kit.engine.instances.start("Q", actor=ASESOR, now=kit.now, data={"k": key}, key=f"q{key}")
    with kit.db.begin() as c:
        c.execute(sa.text("UPDATE instance SET status = 'suspended' WHERE start_key = 'q1'"))
    for key in ("1", "2"):
        kit.engine.instances.start("P", actor=ASESOR, now=kit.now, data={"k": key})
    assert kit.engine.pump(kit.now, 1) == 1
    assert kit.rows("SELECT key FROM outbox WHERE state = 'delivered'") == [("2",)]


# --- signals --------------------------------------------------------------------------------------
def test_a_signal_reaches_each_instance_that_waits_for_it_once_and_none_that_begins_to_wait_later(
    kit: Kit,
) -> None:
    signal = '<signal id="g1" name="Alarma"/>'
    catch = '<intermediateCatchEvent id="c"><signalEventDefinition signalRef="g1"/></intermediateCatchEvent>'
    throw = '<intermediateThrowEvent id="t"><signalEventDefinition signalRef="g1"/></intermediateThrowEvent>'
    receiver = f'<startEvent id="s"/>{catch}{m.user("a")}<endEvent id="e"/>' + m.flows("s>c>a>e")
    sender = f'<startEvent id="s2"/>{throw}<endEvent id="e2"/>' + m.flows("s2>t>e2")
    kit.deploy(
        p=m.model(m.process("R", receiver, lanes=LANES), m.process("S", sender), defs=signal)
    )
    early = [
        kit.engine.instances.start("R", actor=ASESOR, now=kit.now).instance_id for _ in range(3)
    ]
    kit.engine.instances.start("S", actor=ASESOR, now=kit.now)
    kit.engine.instances.start("R", actor=ASESOR, now=kit.now)
    now = kit.now

    def work(engine: Engine) -> None:
        for _ in range(4):
            engine.pump(now)

    assert in_threads([kit.another_engine() for _ in range(2)], work) == []
    got = sorted(str(row[0]) for row in kit.rows("SELECT instance_id FROM work_item"))
    assert got == sorted(early)
    assert kit.rows("SELECT state, count(*) FROM outbox GROUP BY state") == [("delivered", 3)]


def test_a_process_that_begins_with_the_signal_that_it_sends_stops_after_a_hundred_instances(
    kit: Kit,
) -> None:
    definition = '<signalEventDefinition signalRef="g1"/>'
    throw = f'<intermediateThrowEvent id="t">{definition}</intermediateThrowEvent>'
    again = f'<startEvent id="s">{definition}</startEvent>{throw}<endEvent id="e"/>' + m.flows(
        "s>t>e"
    )
    sender = f'<startEvent id="s2"/>{throw}<endEvent id="e2"/>'.replace(
        'id="t"', 'id="t2"'
    ) + m.flows("s2>t2>e2")
    kit.deploy(
        p=m.model(
            m.process("P", again), m.process("S", sender), defs='<signal id="g1" name="Alarma"/>'
        )
    )
    kit.engine.instances.start("S", actor=ASESOR, now=kit.now)
    for _ in range(120):
        kit.engine.pump(kit.now)
    assert kit.rows("SELECT count(*) FROM instance WHERE process = 'P'") == [(100,)]
    assert kit.rows("SELECT kind, count(*) FROM incident GROUP BY kind") == [("hops", 1)]
