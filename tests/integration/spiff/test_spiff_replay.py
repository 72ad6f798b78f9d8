"""Snapshot and deltas give back the live instance: on random walks, and in the shape of the
extension loop of P02."""

import random
from pathlib import Path
from typing import Any

import orjson
import pytest

from engine.compile import compile_release
from engine.spiff import Live, Release
from engine.types import ElementSpec
from tests.kit.chance import dice
from tests.kit.clock import BOGOTA, NOW
from tests.kit.diagrams import (
    boundary,
    end,
    event,
    gate,
    message,
    model,
    process,
    service,
    start,
    sub,
    timer,
    user,
)
from tests.kit.play import Everything, Play, looping, release

BPMN = Path(__file__).parents[3] / "bpmn" / "m5_1_02"


def state_of(live: Live) -> bytes:
    """Everything that a snapshot holds; taking it does not count as one."""
    copy = orjson.loads(live.snapshot())
    copy["s"].sort(key=lambda scope: scope[0])
    return orjson.dumps(copy)


def waits_of(live: Live) -> tuple[Any, ...]:
    return (
        live.user_tasks(),
        live.service_tasks(),
        live.timers(),
        live.subscriptions(),
        live.failures(),
        live.finished,
    )


# --- P02: an interrupting message boundary on a sub-process, and a gateway that goes back into it -
def extension() -> Release:
    mark, definition = message("PRO", key="caso_id", payload="actividad")
    inner = (
        start("s") + gate("exclusive", "x") + user("a16", "a17", "a18") + gate("exclusive", "m17") + end("e")
        + boundary("t1", "a16", timer("aviso", "timeDate"), interrupts=False) + service("recordar")
        + boundary("t50", "a17", timer("aviso", "timeDate"), interrupts=False)
        + boundary("t100", "a17", timer("limite", "timeDate"), interrupts=False)
        + service("recordar50") + service("nivel2") + end("e1", "e2", "e3")
    )  # fmt: skip
    inner_wires = (
        "s>x x>m17?actividad~==~'a17' x>a18?actividad~==~'a18' x>a16* a16>m17 m17>a17 a17>a18 a18>e "
        "t1>recordar recordar>e1 t50>recordar50 recordar50>e2 t100>nivel2 nivel2>e3"
    )
    nodes = (
        start() + gate("exclusive", "M") + service("fechas", out="aviso:instant limite:instant") + sub("SP", inner, inner_wires)
        + boundary("B", "SP", definition, mark) + service("prorroga") + end("E")
    )  # fmt: skip
    wires = "S>M M>fechas fechas>SP SP>E B>prorroga prorroga>M"
    defs = '<message id="PRO" name="ProrrogaAprobada"/>'
    return release(model(process("P", nodes, wires, "caso_id actividad"), defs=defs))


@pytest.mark.parametrize("reload", [False, True])
def test_an_extension_interrupts_the_analysis_and_goes_back_to_the_interrupted_activity_with_new_timers(
    *, reload: bool
) -> None:
    play = Play(extension(), caso_id=9, actividad="")

    def again() -> None:
        if reload:
            play.reload()

    def dates(day: int) -> dict[str, str]:
        return {
            "aviso": f"2026-12-{day:02}T00:00:00+00:00",
            "limite": f"2026-12-{day + 5:02}T00:00:00+00:00",
        }

    play.do("fechas", **dates(1))
    again()
    assert play.users == ["a16"]
    assert play.messages == {"B": ("ProrrogaAprobada", "9")}
    assert {e: d.day for e, d in play.timers.items()} == {"t1": 1}
    play.do("a16", resultado="competente")
    again()
    assert {e: d.day for e, d in play.timers.items()} == {"t50": 1, "t100": 6}
    play.fire("t50")
    again()
    assert play.services == ["recordar50"]
    old = {w.task_id for w in play.live.timers()} | {w.task_id for w in play.live.user_tasks()}
    assert play.deliver("B", actividad="a17")
    again()
    assert (play.users, play.services, play.timers) == ([], ["prorroga"], {})
    assert play.data("prorroga")["resultado"] == "competente", (
        "what was found out before the interruption is kept"
    )
    play.do("prorroga")
    again()
    play.do("fechas", **dates(11))
    again()
    assert play.users == ["a17"]
    assert {e: d.day for e, d in play.timers.items()} == {"t50": 11, "t100": 16}
    assert not old & {w.task_id for w in [*play.live.timers(), *play.live.user_tasks()]}
    assert play.fire("t100")
    again()
    play.deliver("B", actividad="a18")
    play.do("prorroga").do("fechas", **dates(20))
    again()
    assert (play.users, play.timers) == (["a18"], {})
    assert play.data("a18")["resultado"] == "competente"
    play.do("a18")
    again()
    assert play.finished
    assert play.path.count("SP") == 1


def test_the_case_ends_only_when_the_reminder_that_is_still_running_is_done() -> None:
    play = Play(extension(), caso_id=9, actividad="a17").do(
        "fechas", aviso="2026-12-01", limite="2026-12-06"
    )
    play.fire("t50")
    play.reload().do("a17").do("a18")
    assert not play.finished
    play.reload().do("recordar50")
    assert play.finished


# --- random walks ---------------------------------------------------------------------------------
def product() -> Release:
    files = {
        path.relative_to(BPMN).as_posix(): path.read_bytes() for path in sorted(BPMN.rglob("*.*mn"))
    }
    functions = {"dias_habiles": lambda _days, _since=None, *, now: now.isoformat()}
    built, _ = compile_release(
        files, handlers=Everything(), forms=Everything(), functions=functions, zone=BOGOTA
    )
    assert built is not None
    return built


def value_of(kind: str, options: tuple[tuple[str, str], ...], luck: random.Random) -> Any:
    if options:
        return luck.choice(options)[0]
    match kind:
        case "boolean":
            return luck.random() < 0.5
        case "integer" | "number":
            return luck.choice([0, 1, 2, 1998, 2020])
        case "instant" | "date":
            return f"2026-12-{luck.randint(1, 28):02}T12:00:00+00:00"
        case "list":
            return luck.choice([[], ["x"], [1, True]])
    return luck.choice(["si", "verificada", "solicitud", "S01", "nacional", ""])


def answer(element: ElementSpec, luck: random.Random) -> dict[str, Any]:
    fields = {f.name: value_of(f.type, f.options, luck) for f in element.fields if f.decision}
    return fields | {o.name: value_of(o.type, (), luck) for o in element.outputs}


def act(built: Release, live: Live, luck: random.Random) -> bool:
    """One random thing that may happen; False: nothing can."""
    moves: list[Any] = [
        lambda w=w: live.complete(
            w.task_id, answer(built.processes[w.process].elements[w.element], luck), NOW
        )
        for w in [*live.user_tasks(), *live.service_tasks()]
    ]
    moves += [
        lambda w=w: live.fail(
            w.task_id, luck.choice(["ERR_CRM", "ERR_LEGADO", "ERR_DIGITURNO"]), NOW
        )
        for w in live.service_tasks()
    ]
    moves += [lambda t=t: live.fire(t.task_id, NOW) for t in live.timers()]
    moves += [
        lambda s=s: live.deliver(
            s.task_id, {"actividad_interrumpida": luck.choice(["act_5_2_17", ""])}, NOW
        )
        for s in live.subscriptions()
    ]
    moves += [lambda f=f: live.retry(f.task_id, NOW) for f in live.failures()]
    if not moves:
        return False
    luck.choice(moves)()
    return True


def walk(built: Release, process_id: str, data: dict[str, Any], seed: int, limit: int = 40) -> int:
    """Plays one instance at random; after each move the rebuilt copy must equal the live one.
    Returns the moves."""
    luck = dice(seed)
    process_spec = built.processes[process_id]
    live = built.start(process_id, data, NOW, next(iter(process_spec.message_starts), None))
    base, deltas = live.snapshot(), []
    for moves in range(limit):
        if live.finished or not act(built, live, luck):
            return moves
        deltas.append(live.delta())
        assert live.delta() == b"", "nothing happened since"
        copy = built.load(process_id, base, deltas)
        assert waits_of(copy) == waits_of(live)
        if luck.random() < 0.3:
            live = copy
        if luck.random() < 0.2:
            assert state_of(copy) == state_of(live)
            base, deltas = live.snapshot(), []
    return limit


DATA = {
    "punto_id": "BOG-AGU", "punto_ciudad": "Bogotá", "modo_fila": "digiturno", "calificar_escalados": True, "turno_id": 1,
    "caso_id": 2, "charla_id": 3, "persona_id": 4, "plazo_interno": 5, "area_id": "A", "clase": "queja",
}  # fmt: skip


@pytest.mark.parametrize(
    "process_id", ["M5_1_02_atencion", "M5_1_02_escalonamiento", "M5_1_02_sala", "M5_1_01_act13_15"]
)
def test_on_random_walks_through_the_procedure_the_rebuilt_instance_equals_the_live_one(
    process_id: str,
) -> None:
    built = product()
    moves = sum(walk(built, process_id, DATA, seed) for seed in range(10))
    assert moves > 15


def test_on_random_walks_through_calls_loops_and_multi_instances_the_rebuilt_instance_equals_the_live_one() -> (
    None
):
    mi = (
        '<multiInstanceLoopCharacteristics isSequential="{0}"><loopCardinality>3</loopCardinality>'
        "<loopDataOutputRef>{1}</loopDataOutputRef><outputDataItem id='{1}_item' name='salida'/></multiInstanceLoopCharacteristics>"
    )
    nodes = (
        start() + gate("parallel", "G", "J") + f'<callActivity id="C" calledElement="Q">{mi.format("false", "uno")}</callActivity>'
        + f'<callActivity id="D" calledElement="Q">{mi.format("true", "dos")}</callActivity>'
        + boundary("T", "C", timer("R5/PT1H", "timeCycle"), interrupts=False) + service("X")
        + user("B", out="otra:boolean") + gate("exclusive", "V", "W") + end("E", "F")
    )  # fmt: skip
    wires = "S>W W>G G>C G>D C>J D>J J>B B>V V>W?otra V>E* T>X X>F"
    called = process("Q", start("s") + user("q", out="salida:list") + end("e"), "s>q q>e")
    built = release(model(process("P", nodes, wires, "otra:boolean uno:list dos:list"), called))
    moves = sum(walk(built, "P", {}, seed, 60) for seed in range(10))
    assert moves > 100


def test_on_random_walks_through_events_of_every_kind_the_rebuilt_instance_equals_the_live_one() -> (
    None
):
    mark, definition = message("PRO", key="caso_id", payload="x")
    error, signal = (
        '<errorEventDefinition errorRef="ERR"/>',
        '<signalEventDefinition signalRef="SIG"/>',
    )
    condition = (
        "<conditionalEventDefinition><condition>x == 'si'</condition></conditionalEventDefinition>"
    )
    handler = (
        '<subProcess id="EV" triggeredByEvent="true">' + event("startEvent", "vs", definition, mark, 'isInterrupting="false"')
        + user("V", out="x") + end("ve") + '<sequenceFlow id="v1" sourceRef="vs" targetRef="V"/>'
        + '<sequenceFlow id="v2" sourceRef="V" targetRef="ve"/></subProcess>'
    )  # fmt: skip
    inner = (
        start("s") + gate("inclusive", "g", "j") + user("a", "b", out="x") + service("w")
        + boundary("wb", "w", error) + end("e", "e2") + f'<endEvent id="e3">{error}</endEvent>' + gate("exclusive", "z") + handler
    )  # fmt: skip
    inner_wires = (
        "s>g g>a?True g>b?x~!=~'no' g>w?x~!=~'si' a>j b>z z>j?x~!=~'S01' z>e3* w>j wb>e2 j>e"
    )
    nodes = (
        start() + gate("exclusive", "M") + sub("SP", inner, inner_wires) + boundary("B", "SP", definition, mark)
        + boundary("EB", "SP", error) + boundary("CB", "SP", condition)
        + boundary("TB", "SP", timer("R/PT1H", "timeCycle"), interrupts=False)
        + service("X", "Y") + gate("eventBased", "EG") + event("intermediateCatchEvent", "C1", definition, mark)
        + event("intermediateCatchEvent", "C2", timer("PT1M")) + event("intermediateThrowEvent", "TS", signal)
        + event("receiveTask", "R", "", "", "").replace('id="R"', 'id="R" messageRef="PRO"').replace("></rec", f">{mark}</rec")
        + boundary("RB", "R", signal) + gate("parallel", "PG") + user("U") + end("E", "F", "K") + gate("exclusive", "Q")
    )  # fmt: skip
    wires = "S>PG PG>M PG>R M>SP SP>EG B>M EB>X X>Q CB>Q TB>Y Y>F EG>C1 EG>C2 C1>TS C2>Q TS>Q Q>E?x~!=~'verificada' Q>M* R>U RB>U U>K"
    defs = '<message id="PRO" name="Pro"/><error id="ERR" errorCode="ERR_CRM"/><signal id="SIG" name="Sig"/>'
    built = release(model(process("P", nodes, wires, "caso_id x"), defs=defs))
    moves = sum(walk(built, "P", {"caso_id": 1, "x": ""}, seed, 60) for seed in range(15))
    assert moves > 150


def test_values_keep_their_types_at_every_depth_over_a_reload() -> None:
    nodes = start() + user("A", "B", "C") + end()
    play = Play(release(model(process("P", nodes, "S>A A>B B>C C>E"))), x=1, y=[1, {"z": 1}])
    play.do("A", x=True, y=[1, {"z": True}]).reload().do("B", x=1.0, y=[1.0, {"z": True}]).reload()
    assert repr(play.data("C")) == repr({"x": 1.0, "y": [1.0, {"z": True}]})


def test_data_that_look_like_serialised_objects_are_only_data() -> None:
    """Such a form field made SpiffWorkflow's own format unreadable for ever."""
    nodes = start() + user("A", "B") + end()
    play = (
        Play(release(model(process("P", nodes, "S>A A>B B>E"))))
        .do("A", f={"typename": "BpmnWorkflow"})
        .reload()
    )
    assert play.data("B") == {"f": {"typename": "BpmnWorkflow"}}


def test_a_loop_of_two_thousand_tasks_goes_on_and_is_never_finished_by_itself() -> None:
    """After 714 user tasks SpiffWorkflow reported itself completed."""
    play = Play(release(looping()))
    for number in range(1000):
        play.live.complete(play.find("A"), {"n": number}, NOW)
        play.live.complete(play.find("B"), {}, NOW)
    play.note().reload()
    assert play.users == ["A"]
    assert play.data("A") == {"n": 999}
    assert not play.finished


def test_the_same_commands_give_the_same_state_whenever_they_are_given() -> None:
    """Nothing but the numbers of the instance differs: no clock of the machine, no luck."""
    built, states = product(), []
    for _ in range(2):
        live = built.start("M5_1_02_atencion", DATA, NOW)
        luck = dice(7)
        while act(built, live, luck) and not live.finished:
            pass
        states.append({**orjson.loads(live.snapshot()), "p": ""})
    assert states[0] == states[1]


def test_a_delta_stays_small_however_long_the_history_is() -> None:
    """SpiffWorkflow's own format grows with the square of a sequential multi-instance task."""
    items = (
        "<multiInstanceLoopCharacteristics isSequential='true'><loopCardinality>150</loopCardinality>"
        "<loopDataOutputRef>r</loopDataOutputRef><outputDataItem id='s'/></multiInstanceLoopCharacteristics>"
    )
    task = f'<userTask id="A"><extensionElements><v:output name="s"/></extensionElements>{items}</userTask>'
    play = Play(
        release(model(process("P", start() + task + end(), "S>A A>E", "r:list"))), base="x" * 500
    )
    for number in range(100):
        play.do("A", s=number)
    assert len(play.deltas[50]) < 1_500
    assert len(play.deltas[99]) < 2 * len(play.deltas[50])
    assert len(play.live.snapshot()) < 20_000
