"""What comes together at a join: changes of every branch, and no conflict with a value that a
branch only inherited."""

import pytest

from engine.compile import compile_release
from engine.spiff import Live, prune
from tests.kit import diagrams as m
from tests.kit.clock import NOW
from tests.kit.play import Play, release


def _live(body: str) -> Live:
    """ini > a > x; x goes back to a while `seguir`; a reminder leaves a and ends."""
    lanes = m.lane("L", "asesor", "", "ini", "a", "x", "fin", "t", "r", "f2")
    release, findings = compile_release(
        {"p.bpmn": m.model(m.process("P", body, lanes=lanes))}, handlers=(), forms=(), functions={}
    )
    assert release is not None, findings
    return release.start("P", {}, NOW)


def test_a_reminder_of_an_earlier_round_does_not_contradict_a_later_one() -> None:
    timer = (
        '<boundaryEvent id="t" attachedToRef="a" cancelActivity="false"><timerEventDefinition id="td">'
        "<timeDuration>PT5M</timeDuration></timerEventDefinition></boundaryEvent>"
    )
    body = m.start("ini") + m.user("a", fields="favorable seguir:boolean") + timer + m.user("r")
    body += '<exclusiveGateway id="x" default="f_x_fin"/><endEvent id="fin"/><endEvent id="f2"/>'
    body += m.flows("ini>a>x") + m.flow("x", "a", "seguir") + m.flow("x", "fin") + m.flows("t>r>f2")
    live = _live(body)
    reminders = []
    for favorable, seguir in (("no", True), ("parcial", True), ("si", False)):
        live.fire(live.timers()[0].task_id, NOW)
        task = next(w for w in live.user_tasks() if w.element == "a")
        live.complete(task.task_id, {"favorable": favorable, "seguir": seguir}, NOW)
    reminders = [w for w in live.user_tasks() if w.element == "r"]
    assert len(reminders) == 3
    for reminder in reminders:
        live.complete(reminder.task_id, {}, NOW)
    assert live.failures() == []
    assert live.finished


#: While n is 1, A and D once more, beside B; all of it while m is 1. R reminds of A.
ROUNDS = (
    m.start("SU")
    + m.gate("exclusive", "N", "M", "X", "Y")
    + m.gate("parallel", "F", "J")
    + m.user("A", "R", "B")
    + m.end("EU", "ER")
)
ROUNDS += m.alarm("T", "A", "P1D") + m.user("D", out="n:integer") + m.user("K", out="m:integer")
WIRES = "SU>N N>F F>M M>A A>D D>X X>M?n~==~1 X>J* F>B B>J J>K K>Y Y>N?m~==~1 Y>EU* T>R R>ER"


@pytest.mark.parametrize("finished", [prune.FINISHED, 0], ids=["whole", "pruned"])
@pytest.mark.parametrize("before", [None, 0, 1])
def test_a_reminder_of_an_earlier_round_does_not_outlast_the_last_one_that_came_to_a_join(
    before: int | None, finished: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind a join the case descends from all the branches that came to it, not only from the one
    that came last."""
    monkeypatch.setattr(prune, "FINISHED", finished)
    nodes = (
        m.start() + m.user("Z", out="n:integer") + m.sub("U", ROUNDS, WIRES) + m.user("W") + m.end()
    )
    play = Play(release(m.model(m.process("P", nodes, "S>Z Z>U U>W W>E"))))
    play.do("Z", **({} if before is None else {"n": before}))
    for again in (1, 1, 0):
        for n in (1, 0):
            play.fire("T")
            play.do("A").do("D", n=n)
        play.do("B").do("K", m=again)
        play.base, play.deltas = play.live.snapshot(), []
        play.reload()
    assert play.users == ["R"] * 6
    for _ in range(6):
        play.do("R")
    assert play.failures == {}
    assert play.data("W")["n"] == 0


def test_what_was_written_beside_a_terminate_end_is_kept() -> None:
    """Also by a branch that is over, and of two writers the later one counts."""
    inner = (
        m.start("SU")
        + m.gate("parallel", "F")
        + m.user("A", out="a:integer x:integer")
        + m.user("B", out="b:integer")
        + m.user("C")
    )
    inner += (
        m.user("D", out="d:integer x:integer")
        + '<endEvent id="Z"><terminateEventDefinition/></endEvent>'
        + m.end("EU")
    )
    wires = "SU>F F>A A>EU F>B B>C C>EU F>D D>Z"
    play = Play(
        release(
            m.model(
                m.process(
                    "P", m.start() + m.sub("U", inner, wires) + m.user("W") + m.end(), "S>U U>W W>E"
                )
            )
        )
    )
    play.do("A", a=1, x=1).do("B", b=2).do("D", d=3, x=3)
    assert play.data("W") == {"a": 1, "b": 2, "d": 3, "x": 3}


@pytest.mark.parametrize("catcher", ["border", "inside"])
def test_whoever_catches_an_error_sees_what_was_written_beside_it(catcher: str) -> None:
    """The branch that throws knew an older value of n: it does not count against what the other
    branch wrote."""
    error = '<errorEventDefinition errorRef="E1"/>'
    inner = (
        m.start("SU")
        + m.gate("parallel", "F")
        + m.user("A", out="n:integer")
        + m.user("B", "C", out="m:integer")
    )
    inner += f'<endEvent id="Z">{error}</endEvent>' + m.end("EU")
    if catcher == "inside":
        inner += (
            f'<subProcess id="V" triggeredByEvent="true"><startEvent id="SV">{error}</startEvent>'
            + m.user("H")
            + m.end("EV")
        )
        inner += m.flows("SV>H>EV") + "</subProcess>"
    nodes = (
        m.start()
        + m.user("Y", out="n:integer")
        + m.sub("U", inner, "SU>F F>A A>C C>EU F>B B>Z")
        + m.end()
    )
    if catcher == "border":
        nodes += m.boundary("K", "U", error) + m.user("H") + m.end("EH")
    wires = "S>Y Y>U U>E" + (" K>H H>EH" if catcher == "border" else "")
    play = Play(
        release(m.model(m.process("P", nodes, wires), defs='<error id="E1" errorCode="E1"/>'))
    )
    play.do("Y", n=6).do("A", n=1).do("B", m=2)
    assert play.data("H") == {"n": 1, "m": 2}


@pytest.mark.parametrize("before", [None, 0])
def test_an_interruption_carries_over_what_was_written_last_though_a_reminder_moved_later(
    before: int | None,
) -> None:
    """R and Q remind of a round in which n was 1."""
    inner = (
        m.start("SU")
        + m.gate("exclusive", "M")
        + m.user("A", "R", "Q")
        + m.user("D", out="n:integer")
        + m.alarm("T", "A", "P1D")
        + m.end("ER")
    )
    nodes = (
        m.start()
        + m.user("Y", out="n:integer")
        + m.sub("U", inner, "SU>M M>A A>D D>M T>R R>Q Q>ER")
        + m.end()
    )
    nodes += m.alarm("K", "U", "P9D", interrupts=True) + m.user("H") + m.end("EH")
    play = Play(release(m.model(m.process("P", nodes, "S>Y Y>U U>E K>H H>EH"))))
    play.do("Y", **({} if before is None else {"n": before}))
    play.do("A").do("D", n=1)
    play.fire("T")
    play.do("A").do("D", n=0).do("R")
    play.fire("K")
    assert play.data("H")["n"] == 0
