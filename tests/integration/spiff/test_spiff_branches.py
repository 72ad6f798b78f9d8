"""What comes together at a join: changes of every branch, and no conflict with a value that a branch only inherited."""

from engine.compile import compile_release
from engine.spiff import Live
from tests.kit import diagrams as m
from tests.kit.clock import NOW


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
