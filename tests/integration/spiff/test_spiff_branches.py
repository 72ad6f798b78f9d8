"""What comes together at a join: changes of every branch, and no conflict with a value that a branch only inherited."""

import pytest

from engine.compile import compile_release
from engine.spiff import Live
from engine.spiff import prune
from tests.kit import diagrams as m
from tests.kit.clock import NOW
from tests.kit.play import Play
from tests.kit.play import release


def _live(body: str) -> Live:
    """ini > a > x; x goes back to a while `seguir`; a reminder leaves a and ends."""
    lanes = m.lane("L", "asesor", "", "ini", "a", "x", "fin", "t", "r", "f2")
    release, findings = compile_release({"p.bpmn": m.model(m.process("P", body, lanes=lanes))}, handlers=(), forms=(), functions={})
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
ROUNDS = m.start("SU") + m.gate("exclusive", "N", "M", "X", "Y") + m.gate("parallel", "F", "J") + m.user("A", "R", "B") + m.end("EU", "ER")
ROUNDS += m.alarm("T", "A", "P1D") + m.user("D", out="n:integer") + m.user("K", out="m:integer")
WIRES = "SU>N N>F F>M M>A A>D D>X X>M?n~==~1 X>J* F>B B>J J>K K>Y Y>N?m~==~1 Y>EU* T>R R>ER"


@pytest.mark.parametrize("finished", [prune.FINISHED, 0], ids=["whole", "pruned"])
@pytest.mark.parametrize("before", [None, 0, 1])
def test_a_reminder_of_an_earlier_round_does_not_outlast_the_last_one_that_came_to_a_join(
    before: int | None, finished: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind a join the case descends from all the branches that came to it, not only from the one that came last."""
    monkeypatch.setattr(prune, "FINISHED", finished)
    nodes = m.start() + m.user("Z", out="n:integer") + m.sub("U", ROUNDS, WIRES) + m.user("W") + m.end()
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
