"""Long and wide instances: each step costs the same at 500 and at 5,000, or the case stops with an
incident; counted, not timed."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa

from engine.compile import compile_release
from engine.errors import DeployRefused
from engine.reads.verification import verify
from engine.spiff import Live, Release, prune, state, waits
from engine.store.tables import Journal, Snapshot
from engine.types import Call, Data, Handlers
from tests.kit import diagrams as m
from tests.kit.cast import SIN_PUNTO
from tests.kit.clock import NOW
from tests.kit.engine import Kit
from tests.kit.play import Everything
from tests.kit.statements import counting


@pytest.fixture
def kit(sqlite_url: str) -> Iterator[Kit]:
    db = sa.create_engine(sqlite_url)
    handlers = Handlers()
    made = Kit(db, handlers)
    sa.event.listen(
        db, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF")
    )
    yield made
    db.dispose()


# --- diagrams -------------------------------------------------------------------------------------
def lane(*nodes: str) -> str:
    return m.lane("L", "asesor", "", *nodes)


def chain(number: int, kind: str) -> bytes:
    names = [f"t{n}" for n in range(number)]
    make = {
        "user": m.user,
        "service": lambda name: m.service(name, handler="h"),
        "task": lambda name: f'<task id="{name}"/>',
    }[kind]
    body = (
        m.start("s")
        + "".join(map(make, names))
        + m.end("e")
        + m.flows(">".join(["s", *names, "e"]))
    )
    return m.model(m.process("P", body, lanes=lane(*names) if kind == "user" else ""))


def rounds(work: str, lanes: str = "", variables: str = "otra:boolean") -> bytes:
    """s > A, again and again until `otra` is false."""
    body = (
        '<startEvent id="s"/><exclusiveGateway id="j"/><exclusiveGateway id="g" default="f_g_j"/><endEvent id="e"/>'
        + work
    )
    return m.model(
        m.process(
            "P",
            body + m.flows("s>j>A>g>j") + m.flow("g", "e", "otra == False"),
            lanes=lanes,
            variables=variables,
        )
    )


USER_ROUNDS = rounds(m.user("A", fields="otra:boolean"), lane("A"), "")


def multi(kind: str, inner: str, *, sequential: bool) -> bytes:
    loop = f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">{inner}</multiInstanceLoopCharacteristics>'
    handler = (
        m.extension('<v:handler name="h"/><v:output name="dato" type="integer"/>')
        if kind == "serviceTask"
        else ""
    )
    body = (
        f'<startEvent id="s"/><{kind} id="A">{handler}{loop}</{kind}><endEvent id="e"/>'
        + m.flows("s>A>e")
    )
    return m.model(
        m.process(
            "P",
            body,
            lanes=lane("A") if kind == "userTask" else "",
            variables="lista:list dato:integer n:integer",
        )
    )


def times(number: int) -> str:
    return f"<loopCardinality>{number}</loopCardinality>"


COLLECTION = (
    "<loopDataInputRef>lista</loopDataInputRef><loopDataOutputRef>salida</loopDataOutputRef>"
    '<inputDataItem id="in1" name="uno"/><outputDataItem id="out1" name="dato"/>'
)


def release(content: bytes) -> Release:
    built, findings = compile_release(
        {"p.bpmn": content}, handlers=Everything(), forms=Everything(), functions={}
    )
    assert built is not None, findings
    return built


# --- counting -------------------------------------------------------------------------------------
@dataclass
class Run:
    """One instance in memory, one task after the other, as the commands do it."""

    live: Live
    written: list[int] = field(default_factory=list)  # bytes of each delta
    looked: list[int] = field(default_factory=list)  # tokens that each step looked at
    snapshots: list[int] = field(default_factory=list)

    @property
    def per_step(self) -> tuple[float, float]:
        """Bytes and tokens of a step, of the last hundred."""
        return sum(self.written[-100:]) / 100, sum(self.looked[-100:]) / 100


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """How many tokens were looked at: to see what waits, and to write what changed."""
    seen: Counter[str] = Counter()
    look, row = waits.WaitsTracker._look, state.row  # noqa: SLF001 - where each token that is looked at passes

    def counting_look(self: waits.WaitsTracker, number: int) -> None:
        seen["tokens"] += 1
        look(self, number)

    def counting_row(token: object) -> list[object]:
        seen["tokens"] += 1
        return row(token)

    with monkeypatch.context() as patch:
        patch.setattr(waits.WaitsTracker, "_look", counting_look)
        patch.setattr(state, "row", counting_row)
        yield seen


def go(
    built: Release, steps: int, data: Data, seen: Counter[str], values: Data | None = None
) -> Run:
    run = Run(built.start("P", data, NOW))
    run.live.begin()
    run.live.snapshot()
    for number in range(steps):
        before = seen["tokens"]
        run.live.begin()
        waits = run.live.waits()
        task = next(iter(waits.items or waits.services))
        run.live.complete(task, values or {}, NOW)
        run.live.steps()
        run.live.changed()
        run.written.append(len(run.live.delta()))
        run.looked.append(seen["tokens"] - before)
        if number % 32 == 0 and run.live.outgrown:
            run.snapshots.append(len(run.live.snapshot()))
    return run


CASES: dict[str, tuple[Callable[[int], bytes], Data, Data]] = {
    "a loop of a user task": (lambda _n: USER_ROUNDS, {}, {"otra": True}),
    "items one after the other": (
        lambda n: multi("userTask", times(n + 1), sequential=True),
        {},
        {},
    ),
    "items at the same time": (lambda n: multi("userTask", times(n + 1), sequential=False), {}, {}),
    "items of a collection": (
        lambda _n: multi("serviceTask", COLLECTION, sequential=False),
        {"lista": list(range(5_001))},
        {"dato": 1},
    ),
    "a chain that was drawn": (lambda n: chain(n + 1, "user"), {}, {}),
}


@pytest.mark.parametrize("name", CASES)
def test_a_step_writes_and_looks_at_as_much_after_5000_steps_as_after_500(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, data, values = CASES[name]
    with counted(monkeypatch) as seen:
        few = go(release(content(500)), 500, data, seen, values)
        many = go(release(content(5_000)), 5_000, data, seen, values)
    for before, after in zip(few.per_step, many.per_step, strict=True):
        assert after < 1.3 * before + 5, (few.per_step, many.per_step)
    assert sum(many.snapshots) < 3 * sum(many.written) + 20 * max(many.snapshots), (
        "snapshots grow as the deltas do"
    )


def test_the_state_of_a_loop_is_bounded_by_its_diagram_and_is_loaded_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    built = release(USER_ROUNDS)
    with counted(monkeypatch) as seen:
        few, many = (go(built, steps, {}, seen, {"otra": True}) for steps in (1_000, 4_000))
    assert max(many.snapshots[-20:]) < 1.5 * max(few.snapshots[-10:])
    base, deltas = many.live.snapshot(), []
    for _ in range(40):
        many.live.complete(many.live.user_tasks()[0].task_id, {"otra": True}, NOW)
        deltas.append(many.live.delta())
    again = built.load("P", base, deltas)
    assert again.user_tasks() == many.live.user_tasks()
    assert again.snapshot() == many.live.snapshot()
    again.complete(again.user_tasks()[0].task_id, {"otra": False}, NOW)
    assert again.finished


def test_a_parallel_loop_forgets_old_rounds_and_joins_as_before() -> None:
    """Each round parts and joins: what the branches changed is still told apart when thousands of
    tokens have gone."""
    body = m.start("s") + m.gate("exclusive", "j") + m.gate("parallel", "p", "q") + m.end("e")
    body += (
        m.user("A", fields="uno:integer")
        + m.user("B", fields="dos:integer")
        + '<exclusiveGateway id="g" default="f_g_j"/>'
    )
    wires = (
        m.flows("s>j>p>A>q>g>j")
        + m.flow("p", "B")
        + m.flow("B", "q")
        + m.flow("g", "e", "uno == 300 and dos == 600")
    )
    built = release(m.model(m.process("P", body + wires, lanes=lane("A", "B"))))
    live = built.start("P", {}, NOW)
    for number in range(1, 301):
        live.complete(
            next(t.task_id for t in live.user_tasks() if t.element == "A"), {"uno": number}, NOW
        )
        if number % 20 == 0:
            live = built.load("P", live.snapshot(), [])
        live.complete(
            next(t.task_id for t in live.user_tasks() if t.element == "B"), {"dos": 2 * number}, NOW
        )
        assert live.failures() == []
        if number % 20 == 10:
            live.snapshot()
    assert live.finished
    assert len(live.snapshot()) < 200 * prune.FINISHED


@pytest.mark.parametrize("sequential", [True, False])
def test_ten_thousand_items_are_done_in_their_order(*, sequential: bool) -> None:
    live = release(multi("serviceTask", COLLECTION, sequential=sequential)).start(
        "P", {"lista": list(range(10_000))}, NOW
    )
    while waits := live.waits().services:
        waiting = next(iter(waits.values()))
        assert waiting.own.keys() == {"uno"}, "each item has its element, and no copy of the rest"
        live.complete(waiting.task_id, {"dato": 2 * int(str(waiting.data["uno"]))}, NOW)
    assert live.finished
    assert live.failures() == []


@pytest.mark.parametrize("number", [10_001, 2_000_000_000])
def test_more_items_than_that_are_an_incident(number: int) -> None:
    live = release(multi("task", "<loopCardinality>n</loopCardinality>", sequential=False)).start(
        "P", {"n": number}, NOW
    )
    assert [(f.element, f.kind) for f in live.failures()] == [("A", "limit")]


def test_an_automatic_chain_of_5000_completes_and_a_loop_without_a_wait_is_an_incident() -> None:
    assert release(chain(5_000, "task")).start("P", {}, NOW).finished
    live = release(rounds('<task id="A"/>')).start("P", {"otra": True}, NOW)
    assert [f.kind for f in live.failures()] == ["limit"]
    assert not live.finished


def test_a_diagram_without_bounds_is_refused(kit: Kit) -> None:
    with pytest.raises(DeployRefused) as refused:
        kit.deploy(p=chain(12_001, "task"))
    assert "process_too_large" in {finding.rule for finding in refused.value.findings}


# --- with the database ----------------------------------------------------------------------------
def called(kit: Kit) -> list[str]:
    """Elements whose handler ran."""
    elements: list[str] = []

    def handler(call: Call) -> Data:
        elements.append(call.element)
        return {}

    kit.handlers.local["h"] = handler
    return elements


def pump(kit: Kit, most: int = 200) -> list[int]:
    done = []
    for _ in range(most):
        done.append(kit.engine.pump(kit.now))
        if not done[-1]:
            break
    return done


def test_a_chain_of_service_tasks_is_done_in_commands_of_bounded_length_each_task_once(
    kit: Kit,
) -> None:
    elements = called(kit)
    kit.deploy(p=chain(2_500, "service"))
    kit.engine.instances.start("P", actor=SIN_PUNTO, now=kit.now)
    assert len(elements) == 1_000, "the person who started it does not wait for all of them"
    assert pump(kit) == [1, 1, 0]
    assert elements == [f"t{n}" for n in range(2_500)]
    assert kit.rows("SELECT status FROM instance") == [("finished",)]
    assert kit.rows("SELECT count(*) FROM incident") == [(0,)]


def test_service_tasks_at_the_same_time_are_done_in_commands_of_bounded_length(kit: Kit) -> None:
    elements = called(kit)
    kit.deploy(p=multi("serviceTask", times(2_200), sequential=False))
    kit.engine.instances.start("P", actor=SIN_PUNTO, now=kit.now)
    kit.engine.core.cache.clear()
    pump(kit)
    assert len(elements) == 2_200
    assert kit.rows("SELECT status FROM instance") == [("finished",)]


def test_a_suspended_case_goes_on_with_its_service_tasks_when_it_is_resumed(kit: Kit) -> None:
    elements = called(kit)
    kit.deploy(p=chain(1_200, "service"))
    kit.engine.instances.start("P", actor=SIN_PUNTO, now=kit.now)
    with kit.db.begin() as c:
        c.execute(sa.text("UPDATE instance SET status = 'suspended'"))
    assert pump(kit) == [0]
    with kit.db.begin() as c:
        c.execute(sa.text("UPDATE instance SET status = 'active'"))
    pump(kit)
    assert len(elements) == 1_200


def test_a_loop_of_service_tasks_without_a_wait_stops_with_an_incident_and_others_are_served(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.turn.services.MAX_LOCAL_CALLS", 40)
    elements = called(kit)
    kit.deploy(p=rounds(m.service("A", handler="h")), q=USER_ROUNDS.replace(b'"P"', b'"Q"'))
    kit.engine.instances.start("P", actor=SIN_PUNTO, now=kit.now, data={"otra": True})
    item = kit.engine.instances.start("Q", actor=SIN_PUNTO, now=kit.now).opened[0].id
    for _ in range(40):
        kit.engine.pump(kit.now)
        item = (
            kit.engine.items.complete(item, values={"otra": True}, actor=SIN_PUNTO, now=kit.now)
            .opened[0]
            .id
        )
    assert len(elements) == 40 * 25
    assert kit.rows("SELECT kind, element FROM incident") == [("limit", "A")]
    assert kit.engine.pump(kit.now) == 0


def test_a_long_case_costs_the_same_statements_per_step_and_its_snapshots_stay_small(
    kit: Kit,
) -> None:
    kit.deploy(p=USER_ROUNDS)
    item = kit.engine.instances.start("P", actor=SIN_PUNTO, now=kit.now).opened[0].id
    sent: list[int] = []
    for _ in range(700):
        with counting(kit.db) as cost:
            item = (
                kit.engine.items.complete(item, values={"otra": True}, actor=SIN_PUNTO, now=kit.now)
                .opened[0]
                .id
            )
        sent.append(len(cost.texts))
    assert max(sent[600:699]) <= max(sent[10:109])
    with kit.db.connect() as c:
        snapshot = c.execute(sa.select(sa.func.length(Snapshot.state))).scalar_one()
        deltas = c.execute(sa.select(sa.func.sum(sa.func.length(Journal.delta)))).scalar_one()
    assert snapshot < deltas
    other = kit.another_engine()
    other.items.complete(item, values={"otra": False}, actor=SIN_PUNTO, now=kit.now)
    assert kit.rows("SELECT status FROM instance") == [("finished",)]
    with kit.engine.uow.reading() as session:
        assert verify(session).faults == ()


# --- what repeats beside a task -------------------------------------------------------------------
def reminders(outputs: str) -> bytes:
    """A task with a cycle at its border; each firing runs a service task and ends."""
    border = '<boundaryEvent id="v" attachedToRef="A" cancelActivity="false"><timerEventDefinition><timeCycle>R/PT1M</timeCycle>'
    body = (
        m.start("s")
        + m.user("A")
        + border
        + "</timerEventDefinition></boundaryEvent>"
        + m.service("h1", handler="h", out=" ".join(outputs.split()))
    )
    body += m.end("e", "e2") + m.flows("s>A>e") + m.flows("v>h1>e2")
    return m.model(m.process("P", body, lanes=lane("A"), variables="avisos:integer"))


def remind(live: Live, number: int, seen: Counter[str], values: Data) -> list[int]:
    """Fires the timer so often; tokens that each firing looked at."""
    looked = []
    for _ in range(number):
        before = seen["tokens"]
        live.begin()
        live.fire(next(iter(live.waits().timers)), NOW)
        live.complete(next(iter(live.waits().services)), values, NOW)
        live.changed()
        live.delta()
        looked.append(seen["tokens"] - before)
        if live.outgrown:
            live.snapshot()
    return looked


def test_the_reminders_of_a_cycle_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    live = release(reminders("")).start("P", {}, NOW)
    live.snapshot()
    with counted(monkeypatch) as seen:
        looked = remind(live, 3_000, seen, {})
    assert sum(looked[-100:]) < 1.3 * sum(looked[400:500]) + 100
    live.complete(live.user_tasks()[0].task_id, {}, NOW)
    assert live.finished


def test_what_a_reminder_changed_reaches_the_end_of_the_case(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    live = release(reminders("avisos:integer")).start("P", {"avisos": 0}, NOW)
    with counted(monkeypatch) as seen:
        remind(live, 1, seen, {"avisos": 1})
        remind(live, 5, seen, {"avisos": 0})  # the value that it had: nothing changed
    live.complete(live.user_tasks()[0].task_id, {}, NOW)
    assert live.finished
    assert b'"avisos":1' in live.snapshot()
