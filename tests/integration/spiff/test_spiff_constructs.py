"""Constructs that are rewritten or that our classes carry out: each with its path, the same whether
an instance is kept or reloaded."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

from engine.spiff import Release
from engine.states import ThrownKind
from tests.integration.spiff.test_spiff_replay import walk
from tests.kit.clock import NOW
from tests.kit.diagrams import (
    boundary,
    catch,
    content,
    end,
    event,
    gate,
    message,
    model,
    process,
    service,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.kit.play import Play, findings, release

DEFS = (
    '<signal id="s1" name="Uno"/><signal id="s2" name="Dos"/><escalation id="es" escalationCode="ESC"/>'
    '<error id="er" errorCode="ERR_X"/><signalEventDefinition id="sd1" signalRef="s1"/><message id="m" name="m"/>'
)
ONE, TWO = '<signalEventDefinition signalRef="s1"/>', '<signalEventDefinition signalRef="s2"/>'
ESCALATION = '<escalationEventDefinition escalationRef="es"/>'
UNDO = "<compensateEventDefinition/>"
CANCEL = "<cancelEventDefinition/>"
TERMINATE = "<terminateEventDefinition/>"
COMPLEX = '<complexGateway id="X"><activationCondition>{0}</activationCondition></complexGateway>'
Way = Literal["kept", "reloaded", "two workers"]


def undone(activity: str, handler: str) -> str:
    """The compensation of an activity: boundary event, handler, association."""
    boundary_ = boundary(f"B_{activity}", activity, UNDO)
    node = service(handler).replace("<serviceTask", '<serviceTask isForCompensation="true"')
    return f'{boundary_}{node}<association id="as_{activity}" sourceRef="B_{activity}" targetRef="{handler}" associationDirection="One"/>'


def tail(nodes: str, wires: str) -> str:
    """Associations stand behind the flows: the schema wants artifacts last."""
    whole = content(nodes, wires)
    parts = whole.split("<association")
    artifacts = ["<association" + part.partition("/>")[0] + "/>" for part in parts[1:]]
    return parts[0] + "".join(part.partition("/>")[2] for part in parts[1:]) + "".join(artifacts)


def sub_(id_: str, nodes: str, wires: str, *, tag: str = "subProcess", attributes: str = "") -> str:
    return f'<{tag} id="{id_}" {attributes}>{tail(nodes, wires)}</{tag}>'


def with_quantity(node: str, attribute: str, number: int) -> str:
    return node.replace("<serviceTask", f'<serviceTask {attribute}="{number}"')


def items(behaviour: str, *, number: int = 3, inner: str = "") -> str:
    return (
        f'<serviceTask id="M"><extensionElements><v:handler name="h"/></extensionElements><multiInstanceLoopCharacteristics {behaviour}>'
        f"<loopCardinality>{number}</loopCardinality>{inner}</multiInstanceLoopCharacteristics></serviceTask>"
    )


def whole(nodes: str, wires: str, variables: str = "", *others: str) -> bytes:
    text = process("P", nodes, wires, variables)
    if "<association" in text:
        body = text.removesuffix("</process>")
        parts = body.split("<association")
        text = parts[0] + "".join(p.partition("/>")[2] for p in parts[1:])
        text += (
            "".join("<association" + p.partition("/>")[0] + "/>" for p in parts[1:]) + "</process>"
        )
    return model(text, *others, defs=DEFS)


@dataclass(frozen=True)
class Case:
    content: bytes
    path: str  # what is done, in any order, without starts, gateways and ends
    data: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    order: str = ""  # what must come one after the other


def handler(id_: str, definitions: str, inside: str, *, interrupts: bool = True) -> str:
    """An event sub-process: start, one service task, end."""
    begin = event(
        "startEvent",
        f"{id_}s",
        definitions,
        attributes=f'isInterrupting="{str(interrupts).lower()}"',
    )
    wires = f"{id_}s>{inside} {inside}>{id_}e"
    return f'<subProcess id="{id_}" triggeredByEvent="true">{content(begin + service(inside) + end(f"{id_}e"), wires)}</subProcess>'


CASES: dict[str, Case] = {
    # --- quantities
    "an activity with a start quantity waits for that many tokens, by whichever flow": Case(
        whole(start() + service("A", "B", "C") + with_quantity(service("X"), "startQuantity", 2) + end(), "S>A A>B A>C B>X C>X X>E"), "A B C X"
    ),
    "an activity with a completion quantity gives that many tokens": Case(
        whole(start() + with_quantity(service("A"), "completionQuantity", 3) + service("B") + end(), "S>A A>B B>E"), "A B B B"
    ),
    "tokens that one activity multiplies are collected by another": Case(
        whole(
            start() + with_quantity(service("A"), "completionQuantity", 4) + with_quantity(service("B"), "startQuantity", 2) + end(), "S>A A>B B>E"
        ),
        "A B B",
    ),
    # --- several definitions on one event
    "a throw event with two signals throws both": Case(
        whole(
            start() + gate("parallel", "G") + throw("T", ONE + TWO) + catch("C", ONE) + catch("D", TWO) + service("c", "g") + end("E", "F", "H"),
            "S>G G>T G>C G>D T>E C>c c>F D>g g>H",
        ),
        "T C D c g",
    ),
    "an end event with a signal and a terminate throws first and ends then": Case(
        whole(
            start() + gate("parallel", "G") + f'<endEvent id="E">{TERMINATE}{ONE}</endEvent>' + boundary("B", "U", ONE) + user("U") + service("b")
            + end("F", "H"), "S>G G>E G>U U>F B>b b>H",
        ),
        "B",
    ),
    "a catch event with two definitions goes on with the first that comes": Case(
        whole(
            start() + gate("parallel", "G") + throw("T", TWO) + catch("C", ONE + TWO + timer("PT1H")) + service("c") + end("E", "F"),
            "S>G G>T G>C T>E C>c c>F",
        ),
        "T C c",
    ),
    "a parallel multiple catch event waits for all": Case(
        whole(
            start() + gate("parallel", "G") + throw("T", ONE) + service("x") + throw("U", TWO)
            + event("intermediateCatchEvent", "C", ONE + TWO, attributes='parallelMultiple="true"') + service("c") + end("E", "F"),
            "S>G G>T G>C T>x x>U U>E C>c c>F",
        ),
        "T x U C c", order="U c",
    ),
    "behind an event gateway each definition of a target is raced": Case(
        whole(
            start() + gate("parallel", "G") + gate("eventBased", "R") + catch("C", ONE + TWO) + catch("D", timer("PT1H")) + throw("T", TWO)
            + service("c", "g") + end("E", "F", "H"), "S>G G>R G>T T>E R>C R>D C>c D>g c>F g>H",
        ),
        "T C c",
    ),
    "a boundary event with two definitions is triggered by either": Case(
        whole(
            start() + gate("parallel", "G") + user("U") + boundary("B", "U", ONE + TWO) + throw("T", TWO) + service("b") + end("E", "F", "H"),
            "S>G G>U G>T T>E U>F B>b b>H",
        ),
        "T B b",
    ),
    "an event sub-process whose start has two definitions is started by either": Case(
        whole(
            start() + sub_("SP", start("s") + throw("T", ONE) + throw("U", TWO) + service("x") + end("e") + handler("EV", ONE + TWO, "v", interrupts=False),
                           "s>T T>U U>x x>e") + end(), "S>SP SP>E",
        ),
        "T U v v EV EV x SP",
    ),
    # --- complex gateway
    "a complex gateway splits like an inclusive one": Case(
        whole(start() + gate("complex", "G") + service("A", "B", "C") + end("E", "F", "H"), "S>G G>A?n~>~1 G>B?n~>~2 G>C* A>E B>F C>H", "n:integer"),
        "A B", {"n": 3},
    ),
    "a discriminator goes on once with the first branch and takes the others in silence": Case(
        whole(
            start() + gate("parallel", "G") + service("A", "B", "C") + COMPLEX.format("activationCount &gt;= 1") + service("x") + end(),
            "S>G G>A G>B G>C A>X B>X C>X X>x x>E",
        ),
        "A B C x",
    ),
    "two of three branches are enough": Case(
        whole(
            start() + gate("parallel", "G") + service("A", "B", "C") + COMPLEX.format("activationCount &gt;= 2") + service("x") + end(),
            "S>G G>A G>B G>C A>X B>X C>X X>x x>E",
        ),
        "A B C x", order="B x",
    ),
    "in a loop a discriminator begins anew": Case(
        whole(
            start() + gate("exclusive", "L", "Z") + gate("parallel", "G") + service("A", "B") + service("k", out="n:integer")
            + COMPLEX.format("activationCount &gt;= 2") + end(), "S>L L>G G>A G>B A>X B>X X>k k>Z Z>L?n~&lt;~1 Z>E*".replace("&lt;", "<"), "n:integer",
        ),
        "A B k A B k", {"n": -1}, {"k": {"n": "+1"}},
    ),
    # --- compensation
    "compensation undoes what was completed, the latest first": Case(
        whole(
            start() + service("A", "B", "C") + undone("A", "uA") + undone("B", "uB") + undone("C", "uC") + throw("T", UNDO) + end(),
            "S>A A>B B>T T>C C>E",
        ),
        "A B uB uA T C", order="uB uA C",
    ),
    "compensation of one activity leaves the others": Case(
        whole(
            start() + service("A", "B") + undone("A", "uA") + undone("B", "uB") + throw("T", '<compensateEventDefinition activityRef="A"/>') + end(),
            "S>A A>B B>T T>E",
        ),
        "A B uA T",
    ),
    "what was undone once is not undone again": Case(
        whole(
            start() + service("A") + undone("A", "uA") + throw("T", UNDO) + f'<endEvent id="E">{UNDO}</endEvent>', "S>A A>T T>E",
        ),
        "A uA T",
    ),
    "a completed sub-process is undone inside, at its place in the order": Case(
        whole(
            start() + service("A") + undone("A", "uA") + sub_("SP", start("s") + service("x", "y") + undone("x", "ux") + undone("y", "uy") + end("e"),
                                                            "s>x x>y y>e")
            + service("Z") + undone("Z", "uZ") + throw("T", UNDO) + end(), "S>A A>SP SP>Z Z>T T>E",
        ),
        "A x y SP Z uZ uy ux uA T", order="uZ uy ux uA",
    ),
    "a sub-process with a handler of its own is undone by that handler alone": Case(
        whole(
            start() + sub_("SP", start("s") + service("x") + undone("x", "ux") + end("e"), "s>x x>e") + undone("SP", "uSP") + throw("T", UNDO) + end(),
            "S>SP SP>T T>E",
        ),
        "x SP uSP T",
    ),
    "an event sub-process inside says how its sub-process is undone": Case(
        whole(
            start() + sub_("SP", start("s") + service("x") + undone("x", "ux") + handler("EV", UNDO, "v") + end("e"), "s>x x>e") + service("y")
            + throw("T", UNDO) + end(), "S>SP SP>y y>T T>E",
        ),
        "x SP y v T", order="y v",
    ),
    "what was interrupted is not undone": Case(
        whole(
            start() + gate("parallel", "G") + service("A", "k") + undone("A", "uA") + boundary("B", "A", ONE) + throw("T", ONE) + throw("Z", UNDO)
            + end("E", "F", "H"), "S>G G>A G>T T>k k>Z Z>E A>F B>H",
        ),
        "T B k Z",
    ),
    "each item of a multi-instance activity is undone": Case(
        whole(start() + items('isSequential="true"', number=2) + undone("M", "uM") + throw("T", UNDO) + end(), "S>M M>T T>E"), "M M uM uM T"
    ),
    "a cancelled transaction is undone before its cancel event goes on": Case(
        whole(
            start() + sub_("TX", start("s") + service("x", "y") + undone("x", "ux") + undone("y", "uy") + f'<endEvent id="e">{CANCEL}</endEvent>',
                           "s>x x>y y>e", tag="transaction")
            + boundary("B", "TX", CANCEL) + service("b") + end("E", "F"), "S>TX TX>E B>b b>F",
        ),
        "x y uy ux B b", order="uy ux b",
    ),
    "a handler changes variables and the throw goes on with them": Case(
        whole(
            start() + service("A") + undone("A", "uA").replace('<v:handler name="h"/>', '<v:handler name="h"/><v:output name="x"/>') + throw("T", UNDO)
            + gate("exclusive", "G") + service("si", "no") + end("E", "F"), "S>A A>T T>G G>si?x~==~'si' G>no* si>E no>F", "x",
        ),
        "A uA T si", {"x": ""}, {"uA": {"x": "si"}},
    ),
    # --- ad-hoc
    "a sequential ad-hoc sub-process does each activity once, one after the other": Case(
        whole(start() + sub_("AH", service("A", "B", "C"), "", tag="adHocSubProcess", attributes='ordering="Sequential"') + service("Z") + end(),
              "S>AH AH>Z Z>E"),
        "A B C AH Z", order="A B C Z",
    ),
    "an ad-hoc sub-process is over as soon as its completion condition holds": Case(
        whole(
            start() + sub_("AH", service("A", "B", "C", out="n:integer") + "<completionCondition>n >= 2</completionCondition>".replace(">=", "&gt;="), "",
                           tag="adHocSubProcess", attributes='ordering="Parallel"') + service("Z") + end(), "S>AH AH>Z Z>E",
        ),
        "A B AH Z", {"n": 0}, {"A": {"n": "+1"}, "B": {"n": "+1"}, "C": {"n": "+1"}},
    ),
    # --- multi-instance behaviours
    "behaviour None throws with each item, behaviour All with none": Case(
        whole(
            start() + items('isSequential="true" behavior="None" noneBehaviorEventRef="sd1"') + boundary("B", "M", ONE, interrupts=False) + service("b")
            + end("E", "F"), "S>M M>E B>b b>F",
        ),
        "M M M B B B b b b",
    ),
    "behaviour One throws with the first item only": Case(
        whole(
            start() + items('behavior="One" oneBehaviorEventRef="sd1"') + boundary("B", "M", ONE, interrupts=False) + service("b") + end("E", "F"),
            "S>M M>E B>b b>F",
        ),
        "M M M B b",
    ),
    "complex behaviour throws where its condition holds": Case(
        whole(
            start() + items('behavior="Complex"', inner="<complexBehaviorDefinition><condition>numberOfCompletedInstances == 2</condition>"
                            f'<event id="ev">{ESCALATION}</event></complexBehaviorDefinition>')
            + boundary("B", "M", ESCALATION, interrupts=False) + service("b") + end("E", "F"), "S>M M>E B>b b>F",
        ),
        "M M M B b",
    ),
    # --- conditions
    "a conditional catch event sees what a parallel branch writes": Case(
        whole(
            start() + gate("parallel", "G") + service("A", out="n:integer")
            + catch("C", "<conditionalEventDefinition><condition>n == 5</condition></conditionalEventDefinition>") + service("c") + end("E", "F"),
            "S>G G>A G>C A>E C>c c>F", "n:integer",
        ),
        "A C c", {"n": 0}, {"A": {"n": 5}},
    ),
    # --- neither start nor end
    "without start and end, what no flow leads to begins and what none leaves ends": Case(
        whole(service("A", "B") + sub_("SP", service("x", "y", "z"), "x>y") + gate("parallel", "J") + service("C"), "A>J B>J J>C C>SP"),
        "A B C x y z SP", order="A C SP",
    ),
    # --- references by qualified name, global tasks
    "references may carry the prefix of the file's own name space": Case(
        whole(
            start() + gate("parallel", "G") + throw("T", ONE) + catch("C", ONE) + end("E", "F"), "S>G G>T G>C T>E C>F"
        ).replace(b'targetNamespace="t"', b'targetNamespace="t" xmlns:t="t"').replace(b'signalRef="s1"', b'signalRef="t:s1"'),
        "T C",
    ),
    "a called global task is that task": Case(
        model(
            '<globalTask id="GT"><extensionElements><v:handler name="h"/></extensionElements></globalTask>',
            process("P", start() + '<callActivity id="C" calledElement="GT"/><callActivity id="D" calledElement="GT"/>' + end(), "S>C C>D D>E"),
        ),
        "C D",
    ),
}  # fmt: skip


def played(built: Release, case: Case, way: Way) -> Play:
    """Completes whatever waits, the oldest first, until nothing does."""
    play = Play(built, **case.data)
    other = play
    for _ in range(60):
        if way != "kept":
            play.reload()
        waiting = [*play.live.service_tasks(), *play.live.user_tasks()]
        if not waiting:
            break
        # a second one loads what the first wrote, and the first one goes on after it
        if way == "two workers":
            other.live = built.load("P", play.base, play.deltas)
        element = waiting[0].element
        known = waiting[0].data
        values = {
            k: known[k] + 1 if v == "+1" else v for k, v in case.answers.get(element, {}).items()
        }
        play.do(element, 0, **values)
    return play


# --- what every case must do ----------------------------------------------------------------------
def carried_out(case: Case) -> None:
    """Each element as often as the case says, in its order where it says one, and the instance
    ends."""
    play = played(release(case.content), case, "kept")
    assert play.failures == {}
    done = Counter(each for each in play.path if each in case.path.split())
    assert done == Counter(case.path.split())
    assert play.finished
    order = case.order.split()
    assert [each for each in play.path if each in order] == order or not order


def the_same_however_kept(case: Case) -> None:
    built = release(case.content)
    kept, *others = (played(built, case, way) for way in ("kept", "reloaded", "two workers"))
    for other in others:
        assert (other.path, other.finished, other.failures, other.thrown) == (
            kept.path,
            kept.finished,
            kept.failures,
            kept.thrown,
        )


def the_same_on_walks(case: Case) -> None:
    built = release(case.content)
    # it compares after each move
    assert all(walk(built, "P", dict(case.data), seed, 30) <= 30 for seed in range(4))


@pytest.mark.parametrize("name", CASES)
def test_each_construct_does_what_its_name_says(name: str) -> None:
    carried_out(CASES[name])


@pytest.mark.parametrize("name", CASES)
def test_a_reload_before_every_step_and_two_workers_change_nothing(name: str) -> None:
    the_same_however_kept(CASES[name])


@pytest.mark.parametrize("name", CASES)
def test_on_random_walks_the_rebuilt_instance_equals_the_live_one(name: str) -> None:
    the_same_on_walks(CASES[name])


# --- what is left to say of single ones -----------------------------------------------------------
def test_made_events_wait_and_are_reported_under_the_id_of_the_drawn_one() -> None:
    mark, definition = message("m", key="k")
    nodes = start() + event("intermediateCatchEvent", "C", definition + timer("PT1H"), mark) + end()
    play = Play(release(whole(nodes, "S>C C>E", "k")), k="1")
    assert (play.timers, play.messages) == ({"C": play.timers["C"]}, {"C": ("m", "1")})
    (waiting,) = play.reload().live.subscriptions()
    assert play.live.deliver(waiting.task_id, {}, NOW)
    assert (play.note().path.count("C"), play.finished, play.timers) == (1, True, {})


def test_a_signal_leaves_for_other_instances_and_comes_from_them() -> None:
    nodes = start() + throw("T", ONE) + catch("C", TWO) + end()
    other = process("Q", start("qs") + throw("U", TWO) + end("qe"), "qs>U U>qe")
    play = Play(release(whole(nodes, "S>T T>C C>E", "", other)))
    assert [(each.kind, each.name, each.key) for each in play.thrown] == [("signal", "Uno", "")]
    assert play.messages == {"C": ("Dos", "")}
    assert play.reload().deliver("C")
    assert play.finished


def test_an_activation_condition_that_can_no_longer_become_true_is_a_failure() -> None:
    gateway = '<complexGateway id="X"><activationCondition>activationCount >= 3</activationCondition></complexGateway>'
    nodes = start() + gate("parallel", "G") + user("A", "B") + gateway + end()
    play = Play(release(whole(nodes, "S>G G>A G>B A>X B>X X>E")))
    play.do("A").reload()
    assert play.failures == {}
    play.do("B")
    assert "activationCount >= 3" in play.failures["X"]
    assert not play.finished


def test_an_ad_hoc_sub_process_that_is_done_without_its_condition_is_a_failure() -> None:
    inside = service("A", "B") + "<completionCondition>n &gt;= 2</completionCondition>"
    nodes = (
        start()
        + sub_("AH", inside, "", tag="adHocSubProcess", attributes='ordering="Sequential"')
        + end()
    )
    play = Play(release(whole(nodes, "S>AH AH>E", "n:integer")), n=0)
    play.do("A").reload().do("B")
    assert list(play.failures) == ["B.done.split"] or list(play.failures) == ["B"]
    assert not play.finished


def test_an_error_of_a_handler_goes_to_the_scope_of_the_throw() -> None:
    error = '<errorEventDefinition errorRef="er"/>'
    inside = start("s") + service("x") + undone("x", "ux") + throw("T", UNDO) + end("e")
    nodes = (
        start()
        + sub_("SP", inside, "s>x x>T T>e")
        + boundary("B", "SP", error)
        + service("b")
        + end("E", "F")
    )
    play = Play(release(whole(nodes, "S>SP SP>E B>b b>F")))
    play.do("x").reload()
    assert play.fail("ux", "ERR_X")
    assert play.services == ["b"]
    assert play.reload().do("b").finished


@pytest.mark.parametrize("order", ['isSequential="true" ', ""])
def test_an_interrupting_boundary_event_for_what_items_throw_lets_the_first_win(order: str) -> None:
    """10.3.8: the event is thrown when the first item is done; what catches it and interrupts ends
    the others. Whoever means that says so."""
    nodes = (
        start()
        + items(order + 'behavior="One" oneBehaviorEventRef="sd1"')
        + boundary("B", "M", ONE)
        + service("b")
        + end("E", "F")
    )
    diagram = whole(nodes, "S>M M>E B>b b>F")
    unsaid = diagram.replace(b' cancelActivity="true"', b"")
    assert [(f.rule, f.element, f.severity) for f in findings(unsaid)] == [
        ("multi_behaviour_interrupts", "B", "error")
    ]
    assert [(f.rule, f.element, f.severity) for f in findings(diagram)] == [
        ("multi_behaviour_interrupts", "B", "warning")
    ]
    play = Play(release(diagram)).do("M").reload()
    assert play.services == ["b"]
    assert play.do("b").finished
    assert play.path.count("M") == 1


def test_an_event_sub_process_that_compensates_may_say_so() -> None:
    """10.7.1: `isForCompensation` on an event sub-process says what its start says already."""
    inner = content(event("startEvent", "cs", UNDO) + service("cu") + end("ce"), "cs>cu>ce")
    handler = (
        f'<subProcess id="CE" isForCompensation="true" triggeredByEvent="true">{inner}</subProcess>'
    )
    nodes = (
        start()
        + sub("SP", start("s") + service("a") + end("e") + handler, "s>a>e")
        + throw("T", UNDO)
        + end()
    )
    play = Play(release(whole(nodes, "S>SP>T>E"))).do("a").reload()
    assert play.services == ["cu"]
    assert play.do("cu").finished


def test_a_process_begun_by_an_instantiating_receive_task_may_end_implicitly() -> None:
    """10.3.3, 10.5.3."""
    key = '<extensionElements><v:message key="k"/></extensionElements>'
    nodes = f'<receiveTask id="R" instantiate="true" messageRef="m">{key}</receiveTask>' + user("A")
    built = release(model(process("P", nodes, "R>A", "k"), defs=DEFS))
    play = Play(built, message_start="R", k="1")
    assert play.users == ["A"]
    assert play.reload().do("A").finished


def test_flows_that_nothing_refers_to_need_no_id() -> None:
    """8.3.1; the file keeps them as they were drawn."""
    nodes = start() + user("A") + gate("exclusive", "G") + user("B") + end()
    drawn = whole(nodes, "S>A>G G>B?True G>E* B>E")
    nameless = (
        drawn.replace(b'id="f_S_A" ', b"").replace(b'id="f_B_E" ', b"").replace(b'id="f_G_B" ', b"")
    )
    assert nameless != drawn
    play = Play(release(nameless)).do("A").reload().do("B")
    assert play.finished


def test_a_cycle_that_an_expression_gives_where_one_waits_once_is_told_and_not_cut_short() -> None:
    play = Play(
        release(
            model(
                process(
                    "P",
                    start() + user("A") + catch("C", timer("cuando")) + end(),
                    "S>A>C>E",
                    "cuando:?",
                )
            )
        )
    )
    play.do("A", cuando="R4/PT1S")
    assert play.problems == {"C": "cycle_where_once"}
    assert not play.finished


def test_the_first_of_two_true_conditions_is_the_one_that_the_gateway_lists_first() -> None:
    gateway = '<exclusiveGateway id="G"><incoming>f_S_G</incoming><outgoing>f_G_B</outgoing><outgoing>f_G_A</outgoing></exclusiveGateway>'
    listed = {
        "S": "<outgoing>f_S_G</outgoing>", "A": "<incoming>f_G_A</incoming><outgoing>f_A_E</outgoing>",
        "B": "<incoming>f_G_B</incoming><outgoing>f_B_E</outgoing>", "E": "<incoming>f_A_E</incoming><incoming>f_B_E</incoming>",
    }  # fmt: skip
    tasks = "".join(
        service(id_).replace("</serviceTask>", f"{listed[id_]}</serviceTask>") for id_ in "AB"
    )
    ends = f'<startEvent id="S">{listed["S"]}</startEvent><endEvent id="E">{listed["E"]}</endEvent>'
    play = Play(release(whole(ends + gateway + tasks, "S>G G>A?True G>B?True A>E B>E")), now=NOW)
    assert play.services == ["B"]


def test_sub_processes_keep_their_log_while_they_run_beside_another() -> None:
    """Undoing inside one scope touches nothing of the other."""
    inside = "{0}s>{0}x {0}x>{0}T {0}T>{0}e"
    parts = [
        sub_(
            f"P{n}",
            start(f"{n}s")
            + service(f"{n}x")
            + undone(f"{n}x", f"u{n}x")
            + throw(f"{n}T", UNDO)
            + end(f"{n}e"),
            inside.format(n),
        )
        for n in "ab"
    ]
    nodes = start() + gate("parallel", "G", "J") + "".join(parts) + end()
    play = Play(release(whole(nodes, "S>G G>Pa G>Pb Pa>J Pb>J J>E")))
    play.do("ax").reload().do("uax")
    assert play.services == ["bx"]
    assert play.reload().do("bx").do("ubx").finished


def test_an_interrupting_event_sub_process_also_takes_the_branch_that_threw_to_it() -> None:
    for definition in (ESCALATION, ONE):
        inside = (
            start("s")
            + throw("T", definition)
            + service("x")
            + end("e")
            + handler("EV", definition, "v")
        )
        nodes = start() + sub_("SP", inside, "s>T T>x x>e") + service("z") + end()
        play = Play(release(whole(nodes, "S>SP SP>z z>E")))
        assert play.services == ["v"]
        assert play.reload().do("v").services == ["z"]


@pytest.mark.parametrize("begin", ["M", "R", "C"])
def test_a_process_begins_with_a_message_a_signal_or_what_takes_their_place(begin: str) -> None:
    mark, definition = message("m", key="k")
    starts = {
        "M": event("startEvent", "M", ONE + definition, mark),
        "R": f'<receiveTask id="R" messageRef="m" instantiate="true">{mark}</receiveTask>',
        "C": '<eventBasedGateway id="G" instantiate="true"/>'
        + catch("C", definition, mark)
        + catch("D", TWO),
    }
    wires = {"M": "M>x", "R": "R>x", "C": "G>C G>D C>x D>x"}
    other = process(
        "Q", start("qs") + throw("qT", ONE) + throw("qU", TWO) + end("qe"), "qs>qT qT>qU qU>qe"
    )
    built = release(whole(starts[begin] + service("x") + end(), f"{wires[begin]} x>E", "k", other))
    play = Play(built, message_start=begin, k="1")
    assert (play.services, play.messages) == (["x"], {})
    assert play.reload().do("x").finished
    spec = built.processes["P"]
    assert spec.message_starts == (begin,)
    assert spec.signal_starts == {"M": (("M", "Uno"),), "R": (), "C": (("D", "Dos"),)}[begin]


@pytest.mark.parametrize("reload", [False, True])
def test_a_scope_is_over_only_when_what_came_late_is_there_too(*, reload: bool) -> None:
    nodes = (
        start()
        + gate("parallel", "G")
        + service("A", "B", "C")
        + COMPLEX.format("activationCount &gt;= 1")
        + service("x")
        + end()
    )
    play = Play(release(whole(nodes, "S>G G>A G>B G>C A>X B>X C>X X>x x>E")))
    for element in ("A", "x", "B", "C"):
        assert not play.finished
        (play.reload() if reload else play).do(element)
    assert play.finished


@pytest.mark.parametrize("reload", [False, True])
def test_a_throw_that_does_not_wait_goes_on_and_the_scope_ends_after_the_handler(
    *, reload: bool
) -> None:
    beside = '<compensateEventDefinition waitForCompletion="false"/>'
    nodes = start() + service("A", "x") + undone("A", "uA") + throw("T", beside) + end()
    play = Play(release(whole(nodes, "S>A A>T T>x x>E"))).do("A")
    assert sorted(play.services) == ["uA", "x"]
    for element in ("x", "uA"):
        assert not play.finished
        (play.reload() if reload else play).do(element)
    assert play.finished


@pytest.mark.parametrize("outside", ["process", "sub-process"])
def test_an_escalation_thrown_inside_an_event_sub_process_goes_outwards(outside: str) -> None:
    """10.5.6: what catches it waits to be started again, and still does not catch what is thrown
    inside it."""
    inner = content(
        event("startEvent", "ev0", ESCALATION, attributes=' isInterrupting="false"')
        + throw("et", ESCALATION)
        + user("eu")
        + end("ee"),
        "ev0>eu>et>ee",
    )
    handler = f'<subProcess id="EV" triggeredByEvent="true">{inner}</subProcess>'
    nodes, wires = user("A") + throw("X", ESCALATION) + user("C"), "s>A>X>C>e"
    if outside == "process":
        play = Play(
            release(model(process("P", start("s") + nodes + end("e") + handler, wires), defs=DEFS))
        )
    else:
        around = (
            start()
            + sub("SP", start("s") + nodes + end("e") + handler, wires)
            + end()
            + user("R")
            + end("E2")
        )
        caught = boundary("B", "SP", ESCALATION, interrupts=False)
        play = Play(release(model(process("P", around + caught, "S>SP>E B>R>E2"), defs=DEFS)))
    play.do("A")
    assert sorted(play.users) == ["C", "eu"]
    play.do("eu")
    assert sorted(play.users) == (["C"] if outside == "process" else ["C", "R"])
    assert [t.name for t in play.thrown if t.kind == ThrownKind.ESCALATION] == (
        ["ESC"] if outside == "process" else []
    )
