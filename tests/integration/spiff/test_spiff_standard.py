"""Constructs of BPMN 2.0.2 by their sections: what each does, the same whether an instance is kept
or reloaded."""

import pytest
import sqlalchemy as sa

from tests.integration.spiff.test_spiff_constructs import (
    CANCEL,
    DEFS,
    ESCALATION,
    ONE,
    TWO,
    UNDO,
    Case,
    carried_out,
    handler,
    sub_,
    the_same_however_kept,
    the_same_on_walks,
    undone,
    whole,
)
from tests.kit.cast import ASESOR
from tests.kit.clock import NOW
from tests.kit.diagrams import (
    boundary,
    catch,
    end,
    event,
    gate,
    message,
    model,
    process,
    service,
    start,
    throw,
    timer,
    user,
)
from tests.kit.engine import Kit
from tests.kit.play import Play, findings, release

ERROR = '<errorEventDefinition errorRef="er"/>'
HIGH = "<conditionalEventDefinition><condition>n &gt; 2</condition></conditionalEventDefinition>"
ALL = 'parallelMultiple="true"'


def undo_of(activity: str) -> str:
    return f'<compensateEventDefinition activityRef="{activity}"/>'


def border(id_: str, host: str, definitions: str, *, interrupts: bool) -> str:
    return event(
        "boundaryEvent",
        id_,
        definitions,
        attributes=f'attachedToRef="{host}" cancelActivity="{str(interrupts).lower()}" {ALL}',
    )


def together(*thrown: str, interrupts: bool = True) -> bytes:
    """A task whose border waits for two signals; beside it a branch that throws."""
    throws = "".join(throw(f"T{n}", each) for n, each in enumerate(thrown))
    wires = (
        "G>T0 "
        + " ".join(f"T{n}>T{n + 1}" for n in range(len(thrown) - 1))
        + f" T{len(thrown) - 1}>E"
    )
    nodes = (
        start()
        + gate("parallel", "G")
        + user("U")
        + border("B", "U", ONE + TWO, interrupts=interrupts)
        + throws
        + service("b")
        + end("E", "F", "H")
    )
    return whole(
        nodes,
        f"S>G G>U {wires} U>F B>b b>H",
        "",
        process(
            "Q", start("qs") + throw("qT", ONE) + throw("qU", TWO) + end("qe"), "qs>qT qT>qU qU>qe"
        ),
    )


def watching(where: str) -> bytes:
    """Something that runs whenever n rises above 2, and work that changes n."""
    steps = service("A", "C", "D", out="n:integer")
    if where == "event sub-process":
        return whole(
            start() + steps + end() + handler("EV", HIGH, "v", interrupts=False),
            "S>A A>C C>D D>E",
            "n:integer",
        )
    inside = sub_("SP", start("s") + steps + end("e"), "s>A A>C C>D D>e")
    return whole(
        start()
        + inside
        + boundary("EV", "SP", HIGH, interrupts=False)
        + service("v")
        + end("E", "F"),
        "S>SP SP>E EV>v v>F",
        "n:integer",
    )


def repeated(loop: str) -> bytes:
    task = service("A", out="n:integer").replace("</serviceTask>", f"{loop}</serviceTask>")
    return whole(
        start() + task + gate("exclusive", "X") + service("si", "no") + end("E", "F"),
        "S>A A>X X>si?n~==~2 X>no* si>E no>F",
        "n:integer",
    )


def items(number: str, *, sequential: str = "true", condition: str = "") -> str:
    inner = f"<completionCondition>{condition}</completionCondition>" if condition else ""
    return f'<multiInstanceLoopCharacteristics isSequential="{sequential}"><loopCardinality>{number}</loopCardinality>{inner}</multiInstanceLoopCharacteristics>'


def failing(throws: str, undoing: str) -> bytes:
    """A sub-process that fails after one activity; its event sub-process undoes."""
    inside = start("s") + service("x") + undone("x", "ux") + throws
    undoer = event("startEvent", "Vs", ERROR) + service("v") + event("endEvent", "Ve", undoing)
    content = f'<subProcess id="V" triggeredByEvent="true">{undoer}<sequenceFlow id="V1" sourceRef="Vs" targetRef="v"/><sequenceFlow id="V2" sourceRef="v" targetRef="Ve"/></subProcess>'
    return whole(
        start() + sub_("SP", inside + content, "s>x x>e") + service("z") + end(), "S>SP SP>z z>E"
    )


def undone_by_hand() -> bytes:
    """What undoes a sub-process may itself undo what ran in it."""
    undoer = (
        event("startEvent", "Vs", UNDO)
        + service("v")
        + throw("Vt", undo_of("x"))
        + service("w")
        + end("Ve")
    )
    flows_ = "".join(
        f'<sequenceFlow id="V{n}" sourceRef="{a}" targetRef="{b}"/>'
        for n, (a, b) in enumerate([("Vs", "v"), ("v", "Vt"), ("Vt", "w"), ("w", "Ve")])
    )
    content = f'<subProcess id="V" triggeredByEvent="true">{undoer}{flows_}</subProcess>'
    inside = start("s") + service("x") + undone("x", "ux") + end("e") + content
    return whole(
        start() + sub_("SP", inside, "s>x x>e") + throw("T", UNDO) + service("z") + end(),
        "S>SP SP>T T>z z>E",
    )


CALLED = '<callActivity id="C" calledElement="Q"/>'
STARTS = event("startEvent", "qm", message("m", key="k")[1], message("m", key="k")[0])

CASES: dict[str, Case] = {
    "10.5.4: a boundary event that waits for all its events interrupts with the last one": Case(together(ONE, TWO), "B b"),
    "10.5.4: one that does not interrupt lets the activity go on": Case(together(TWO, ONE, interrupts=False), "B b U"),
    "10.5.4: with one of them nothing has happened": Case(together(ONE), "U"),
    "10.5.4: the same one twice is still one": Case(together(ONE, ONE), "U"),
    "10.5.4: one that does not interrupt happens each time that all have come": Case(together(ONE, TWO, TWO, ONE, interrupts=False), "B B b b U"),
    "10.5.2: an event sub-process waits for all its events": Case(
        whole(
            start() + gate("parallel", "G") + throw("T", ONE) + throw("Z", TWO) + service("x") + end("E", "F") + handler("EV", ONE + TWO, "v", interrupts=False).replace('isInterrupting="false"', f'isInterrupting="false" {ALL}'),
            "S>G G>T T>Z Z>E G>x x>F",
        ),
        "T Z v EV x",
    ),
    "10.5.2: a conditional event sub-process begins again when its condition was false in between": Case(
        watching("event sub-process"), "A C D v v", {"n": 0}, {"A": {"n": 5}, "C": {"n": 1}, "D": {"n": 9}}
    ),
    "10.5.2: it does not begin again while its condition stays true": Case(
        watching("event sub-process"), "A C D v", {"n": 0}, {"A": {"n": 5}, "C": {"n": 6}, "D": {"n": 9}}
    ),
    "10.5.4: a conditional boundary event happens again when its condition was false in between": Case(
        watching("border"), "A C D EV EV v v", {"n": 0}, {"A": {"n": 5}, "C": {"n": 1}, "D": {"n": 9}}
    ),
    "10.7.2: an error handler of a sub-process undoes what was completed in it": Case(failing(event("endEvent", "e", ERROR), UNDO), "x v ux z", order="x v ux z"),
    "10.7.2: it may say which activity": Case(failing(event("endEvent", "e", ERROR), undo_of("x")), "x v ux z", order="x v ux z"),
    "10.7.1: what undoes a sub-process may undo an activity that ran in it": Case(undone_by_hand(), "x v ux w z", order="x v ux w z"),
    "10.3.5: a cancelled round of a repeated transaction cancels all of it": Case(
        whole(
            start() + sub_("TX", items("2") + start("s") + service("x") + undone("x", "ux") + f'<endEvent id="e">{CANCEL}</endEvent>', "s>x x>e", tag="transaction") + boundary("B", "TX", CANCEL) + service("b") + end("E", "F"),
            "S>TX TX>E B>b b>F",
        ),
        "x ux B b",
    ),
    "10.3.8: without an output collection the items write for all": Case(repeated(items("2")), "A A si", {"n": 0}, {"A": {"n": "+1"}}),
    "10.3.8: the completion condition sees what the items wrote": Case(repeated(items("5", condition="n &gt;= 2")), "A A si", {"n": 0}, {"A": {"n": "+1"}}),
    "10.3.8: items side by side write for all, and who writes nothing takes nothing back": Case(
        whole(start() + sub_("M", items("2", sequential="0") + start("s") + service("A", out="n:integer") + service("B") + end("e"), "s>A A>B B>e") + gate("exclusive", "X") + service("si", "no") + end("E", "F"), "S>M M>X X>si?n~==~2 X>no* si>E no>F", "n:integer"),
        "A A B B si", {"n": 0}, {"A": {"n": 2}},
    ),
    "10.3.8: no item has been terminated while items are completed": Case(repeated(items("3", condition="numberOfTerminatedInstances == 0")), "A no", {"n": 0}),
    "10.3.8: a loop knows how often it has run": Case(
        repeated("<standardLoopCharacteristics><loopCondition>loopCounter &lt; 3</loopCondition></standardLoopCharacteristics>"), "A A A no", {"n": 0}
    ),
    "10.3.8: testBefore, however the schema lets it be written": Case(
        repeated('<standardLoopCharacteristics testBefore=" 1 "><loopCondition>n &gt; 2</loopCondition></standardLoopCharacteristics>'), "no", {"n": 0}
    ),
    "10.3.5: an ad-hoc sub-process has boundary events": Case(
        whole(
            start() + gate("parallel", "G") + sub_("AH", user("A", "D"), "", tag="adHocSubProcess", attributes='ordering="Sequential"') + boundary("B", "AH", ONE) + throw("T", ONE) + service("b") + end("E", "F", "H"),
            "S>G G>AH AH>E G>T T>F B>b b>H",
        ),
        "T B b",
    ),
    "10.5.2: a called process begins at the start that waits for nothing": Case(
        whole(start() + CALLED + end(), "S>C C>E", "k", process("Q", start("qs") + STARTS + service("x", "y") + end("qe", "qf"), "qs>x x>qe qm>y y>qf", "k")), "x C"
    ),
    "10.5.2: a called process without start and end": Case(whole(start() + CALLED + end(), "S>C C>E", "", process("Q", service("x", "y"), "x>y")), "x y C"),
    "10.5.1: a link, a compensation and an error may be defined beside the process": Case(
        whole(
            start() + service("A") + boundary("cb", "A", "<eventDefinitionRef>dc</eventDefinitionRef>") + service("uA").replace("<serviceTask", '<serviceTask isForCompensation="true"') + '<association id="as" sourceRef="cb" targetRef="uA"/>'
            + throw("L", "<eventDefinitionRef>dl</eventDefinitionRef>") + catch("M", "<eventDefinitionRef>dl</eventDefinitionRef>") + throw("T", "<eventDefinitionRef>dc</eventDefinitionRef>") + end(),
            "S>A A>L M>T T>E",
        ).replace(b"<process", b'<linkEventDefinition id="dl" name="aqui"/><compensateEventDefinition id="dc"/><process', 1),
        "A L uA T",
    ),
    "8.4.6: an expression may carry documentation and comments": Case(
        whole(start() + gate("exclusive", "X") + service("si", "no") + end("E", "F"), "S>X X>si?n~==~2 X>no* si>E no>F", "n:integer").replace(b"n == 2", b"<documentation>dos</documentation> n <!-- igual --> == 2"), "si", {"n": 2}
    ),
    "10.5.3: an escalation of an event sub-process is caught around it": Case(
        whole(
            start() + sub_("SP", start("s") + service("x") + event("endEvent", "e", ERROR) + handler("EV", ERROR, "v").replace('<endEvent id="EVe"/>', event("endEvent", "EVe", ESCALATION)), "s>x x>e") + service("z") + end() + handler("OV", ESCALATION, "o", interrupts=False),
            "S>SP SP>z z>E",
        ),
        "x v o z",
    ),
    "10.3.5: an error in a handler that does not interrupt is caught beside it": Case(
        whole(
            start() + sub_("SP", start("s") + throw("T", ESCALATION) + user("U") + end("e") + handler("EV", ESCALATION, "v", interrupts=False).replace('<endEvent id="EVe"/>', event("endEvent", "EVe", ERROR)) + handler("OV", ERROR, "o"), "s>T T>U U>e") + service("z") + end(),
            "S>SP SP>z z>E",
        ),
        "T v o OV SP z",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_section_is_carried_out(name: str) -> None:
    carried_out(CASES[name])


@pytest.mark.parametrize("name", CASES)
def test_a_reload_before_every_step_and_two_workers_change_nothing(name: str) -> None:
    the_same_however_kept(CASES[name])


@pytest.mark.parametrize("name", CASES)
def test_on_random_walks_the_rebuilt_instance_equals_the_live_one(name: str) -> None:
    the_same_on_walks(CASES[name])


# --- items ----------------------------------------------------------------------------------------
def each_item(kind: str, sequential: str) -> bytes:
    loop = f'<multiInstanceLoopCharacteristics isSequential="{sequential}"><loopDataInputRef>lista</loopDataInputRef><inputDataItem id="i1" name="uno"/></multiInstanceLoopCharacteristics>'
    node = {
        "service": service("A").replace("</serviceTask>", f"{loop}</serviceTask>"),
        "user": user("A").replace("</userTask>", f"{loop}</userTask>"),
        "sub-process": sub_("M", loop + start("s") + service("A") + end("e"), "s>A A>e"),
        "call": f'<callActivity id="M" calledElement="Q">{loop}</callActivity>',
    }[kind]
    id_ = "A" if kind in ("service", "user") else "M"
    called = (
        process("Q", start("qs") + service("A") + end("qe"), "qs>A A>qe", "uno:integer")
        if kind == "call"
        else ""
    )
    return whole(
        start() + node + service("Z") + end(),
        f"S>{id_} {id_}>Z Z>E",
        "lista:list uno:integer",
        called,
    )


@pytest.mark.parametrize("sequential", ["true", "false"])
@pytest.mark.parametrize("number", [3, 201])
@pytest.mark.parametrize("kind", ["service", "user", "sub-process", "call"])
def test_every_item_sees_its_own_element_whatever_the_process_calls_by_that_name(
    kind: str, number: int, sequential: str
) -> None:
    """10.3.8, inputDataItem."""
    elements = list(range(100, 100 + number))
    play = Play(release(each_item(kind, sequential)), lista=elements, uno=1)
    seen = []
    while waiting := [
        each
        for each in (*play.live.service_tasks(), *play.live.user_tasks())
        if each.element == "A"
    ]:
        seen += [each.data["uno"] for each in waiting]
        for _ in waiting if number < 10 else waiting[:2]:
            play.reload().do("A")
        if number > 10:
            break
    assert seen == (elements if number < 10 or sequential == "false" else elements[:1])
    if number < 10:
        assert play.data("Z")["uno"] == 1


# --- what begins a process ------------------------------------------------------------------------
def test_a_start_may_wait_for_a_signal_and_for_a_time() -> None:
    """10.5.2, Multiple."""
    other = process("Q", start("qs") + throw("qT", ONE) + end("qe"), "qs>qT qT>qe")
    spec = release(
        whole(
            event("startEvent", "S", ONE + timer("PT1H")) + service("x") + end(),
            "S>x x>E",
            "",
            other,
        )
    ).processes["P"]
    assert spec.signal_starts == (("S", "Uno"),)
    assert spec.elements["S"].schedule is not None


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("R3/PT10S", []),
        ("R100/PT1S", []),
        ("R101/PT1S", ["schedule_rule"]),
        ("R/PT10S", ["schedule_rule"]),
    ],
)
def test_a_few_starts_may_follow_one_another_fast(text: str, rules: list[str]) -> None:
    content = model(
        process(
            "P",
            event("startEvent", "S", timer(text, "timeCycle")) + service("x") + end(),
            "S>x x>E",
        )
    )
    assert [finding.rule for finding in findings(content)] == rules


@pytest.mark.parametrize("task", ["sendTask", "receiveTask"])
def test_a_task_that_names_only_an_operation_has_its_message(task: str) -> None:
    """10.3.3: the message of an operation is what goes into it."""
    operation = '<interface id="i" name="i"><operation id="op" name="op"><inMessageRef>m</inMessageRef></operation></interface>'
    nodes = start() + f'<{task} id="T" operationRef="op">{message("m")[0]}</{task}>' + end()
    play = Play(release(model(process("P", nodes, "S>T T>E", "k"), defs=DEFS + operation)), k="1")
    assert play.messages == ({"T": ("m", "1")} if task == "receiveTask" else {})
    assert [(each.kind, each.name, each.key) for each in play.thrown] == (
        [] if task == "receiveTask" else [("message", "m", "1")]
    )


def test_events_awaited_together_wait_only_for_what_has_not_come() -> None:
    """10.5.4: a time that has come is due no more, and a second message of the same name is not
    taken."""
    mark, definition = message("m", key="k", payload="x")
    together_ = event(
        "boundaryEvent", "B", definition + timer("PT1H"), mark, f'attachedToRef="U" {ALL}'
    )
    nodes = start() + user("U") + together_ + service("b") + end("E", "F")
    play = Play(release(whole(nodes, "S>U U>E B>b b>F", "k x")), k="1")
    assert (play.messages, play.timers.keys()) == ({"B": ("m", "1")}, {"B"})
    (awaited,) = play.live.subscriptions()
    assert play.live.deliver(awaited.task_id, {"x": "llegó"}, NOW)
    play.note()
    assert (play.messages, play.timers.keys(), play.users) == ({}, {"B"}, ["U"])
    (waiting,) = play.reload().live.timers()
    assert play.live.fire(waiting.task_id, NOW)
    play.note()
    assert (play.users, play.services) == ([], ["b"])
    assert play.reload().data("b")["x"] == "llegó"


def test_a_process_may_be_divided_in_two_ways() -> None:
    """10.8: a task stands in one lane of each lane set; the one with a role says whose it is."""
    other = '<laneSet id="zones"><lane id="zone"><flowNodeRef>A</flowNodeRef><flowNodeRef>S</flowNodeRef></lane></laneSet>'
    nodes = start() + user("A") + end()
    for content in (
        process("P", nodes, "S>A A>E").replace("<laneSet", other + "<laneSet", 1),
        process("P", other + nodes, "S>A A>E"),
    ):
        assert findings(model(content)) == []
        lane = release(model(content)).processes["P"].elements["A"].lane
        assert lane is not None
        assert lane.role == "asesor"


def awaiting(*messages: str) -> bytes:
    """P begins with either message and waits for the other; Q throws these, one after the other."""
    (mark, one), (_, two) = message("m", key="k", payload="k"), message("m2", key="k", payload="k")
    nodes = (
        '<eventBasedGateway id="R" instantiate="true" eventGatewayType="Parallel"/>'
        + catch("C", one, mark)
        + catch("D", two, mark)
    )
    begun = process(
        "P",
        nodes + service("cc", "dd") + gate("parallel", "J") + service("x") + end(),
        "R>C R>D C>cc D>dd cc>J dd>J J>x x>E",
        "k",
    )
    throws = "".join(throw(f"T{n}", message(name)[1], mark) for n, name in enumerate(messages))
    wires = (
        "qs>T0 "
        + " ".join(f"T{n}>T{n + 1}" for n in range(len(messages) - 1))
        + f" T{len(messages) - 1}>qe"
    )
    return model(
        begun,
        process("Q", start("qs") + throws + end("qe"), wires, "k"),
        defs=DEFS + '<message id="m2" name="m2"/>',
    )


@pytest.mark.parametrize(("first", "other"), [("C", "D"), ("D", "C")])
def test_an_event_gateway_that_begins_with_one_message_waits_for_the_others(
    first: str, other: str
) -> None:
    """10.6.6, Parallel."""
    built = release(awaiting("m"))
    assert built.processes["P"].starts_together == {"C": "R", "D": "R"}
    play = Play(built, message_start=first, k="1")
    assert (play.services, list(play.messages)) == ([first.lower() * 2], [other])
    play.reload().do(first.lower() * 2)
    assert play.deliver(other)
    assert play.reload().do(other.lower() * 2).services == ["x"]
    assert play.do("x").finished


@pytest.mark.parametrize("messages", [("m", "m2"), ("m2", "m"), ("m", "m", "m2")])
def test_messages_of_one_key_begin_one_instance_together(
    db: sa.Engine, messages: tuple[str, ...]
) -> None:
    kit = Kit(db)
    kit.handlers.local["h"] = lambda _: {}
    kit.deploy(p=awaiting(*messages))
    kit.engine.instances.start("Q", actor=ASESOR, now=kit.now, data={"k": "1"})
    kit.engine.instances.start("Q", actor=ASESOR, now=kit.now, data={"k": "2"})
    while kit.engine.pump(kit.now) + kit.run_jobs():
        pass
    assert (
        sorted(kit.rows("select process, status from instance where process = 'P'"))
        == [("P", "finished")] * 2
    )
