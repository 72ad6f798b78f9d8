"""What hinders nobody is told and not refused, and then it runs as anybody would read it."""

import pytest

from tests.integration.lint.test_lint_constraints import drawing, line, shape, styled
from tests.kit.diagrams import (
    alarm,
    boundary,
    call,
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
from tests.kit.play import Play, findings, release

CODES = '<error id="ANY"/><error id="EX" errorCode="X"/><escalation id="ESC"/><escalation id="V" escalationCode="V"/>'
ERROR = '<errorEventDefinition errorRef="{}"/>'
ESCALATION = '<escalationEventDefinition escalationRef="{}"/>'


def one(nodes: str, wires: str, variables: str = "", defs: str = CODES) -> bytes:
    return model(process("P", nodes, wires, variables), defs=defs)


DANGLING = one(start() + gate("parallel", "F") + user("A", "B") + end(), "S>F F>A>E F>B")
NO_END = one(start() + user("A"), "S>A")
IN_SUB = one(
    start()
    + sub("SP", start("s") + gate("parallel", "f") + user("a", "b") + end("e"), "s>f f>a f>b>e")
    + user("Z")
    + end(),
    "S>SP>Z>E",
)
JOIN = one(start() + gate("parallel", "F", "J") + user("A", "B"), "S>F F>A>J F>B>J")
TWICE = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
REPEATED = one(start() + f'<userTask id="A" name="A">{TWICE}</userTask>' + user("B"), "S>B>A")
OPEN_ERROR = one(
    start() + service("X") + boundary("B", "X", ERROR.format("ANY")) + user("R") + end("E", "F"),
    "S>X>E B>R>F",
)
OPEN_ESCALATION = one(
    start()
    + sub("SP", start("s") + event("endEvent", "e", ESCALATION.format("V")), "s>e")
    + boundary("B", "SP", ESCALATION.format("ESC"))
    + user("R")
    + end("E", "F"),
    "S>SP>E B>R>F",
)
OPEN_HANDLER = one(
    start()
    + service("X")
    + f'<subProcess id="H" triggeredByEvent="true">{event("startEvent", "hs", ERROR.format("ANY"))}<userTask id="R" name="R"/>'
    + '<endEvent id="he"/>'
    + '<sequenceFlow id="h1" sourceRef="hs" targetRef="R"/><sequenceFlow id="h2" sourceRef="R" targetRef="he"/></subProcess>'
    + end(),
    "S>X>E",
)
#: of two codes of one activity, the exact one catches first
BOTH = one(
    start()
    + service("X")
    + boundary("B", "X", ERROR.format("ANY"))
    + boundary("C", "X", ERROR.format("EX"))
    + user("R", "Q")
    + end("E", "F", "G"),
    "S>X>E B>R>F C>Q>G",
)
SHORT_LISTS = one(start() + user("A") + end(), "S>A>E").replace(
    b'<endEvent id="E"/>', b'<endEvent id="E"><incoming>f_A_E</incoming></endEvent>'
)
NAMELESS = OPEN_HANDLER.replace(b'<subProcess id="H" ', b"<subProcess ")

TOLD: list[tuple[str, bytes, str | None]] = [
    ("flow_ends_here", DANGLING, "B"),
    ("flow_ends_here", NO_END, "A"),
    ("flow_ends_here", IN_SUB, "a"),
    ("flow_ends_here", JOIN, "J"),
    ("code_open", OPEN_ERROR, "B"),
    ("code_open", OPEN_ESCALATION, "B"),
    ("code_open", OPEN_HANDLER, "hs"),
    ("id_given", NAMELESS, "P-subProcess-1"),
    ("flow_list_short", SHORT_LISTS, "S"),
    ("flow_list_short", SHORT_LISTS, "A"),
    ("drawing_unknown", drawing(shape("ZZ")), "shape"),
    ("drawing_unknown", drawing(line("ZZ")), "line"),
    ("drawing_unknown", drawing(shape("A"), plane="ZZ"), None),
    ("drawing_unknown", drawing(shape("A", 'choreographyActivityShape="ZZ"')), "shape"),
    ("drawing_unknown", styled("ZZ"), None),
]


@pytest.mark.parametrize(
    ("rule", "content", "element"), TOLD, ids=[f"{n}-{row[0]}" for n, row in enumerate(TOLD)]
)
def test_it_is_a_warning_at_its_element_and_nothing_else_is_wrong(
    rule: str, content: bytes, element: str | None
) -> None:
    found = findings(content)
    assert [f for f in found if f.severity == "error"] == []
    told = [f.element for f in found if f.rule == rule]
    assert told
    assert element is None or element in told
    Play(release(content))


def test_a_path_without_an_end_ends_there_and_the_others_go_on() -> None:
    play = Play(release(DANGLING)).do("B").reload()
    assert not play.finished
    assert play.do("A").finished
    assert play.path == ["S", "F", "B", "A", "E"]


def test_a_process_without_any_end_is_over_when_its_last_activity_is() -> None:
    play = Play(release(NO_END)).reload().do("A")
    assert play.finished
    assert play.path == ["S", "A"]


def test_a_sub_process_is_over_when_all_of_its_paths_are() -> None:
    play = Play(release(IN_SUB)).do("b").reload()
    assert play.users == ["a"]
    assert play.do("a").users == ["Z"]
    assert play.do("Z").finished


@pytest.mark.parametrize(("kind", "passes"), [("exclusive", 2), ("inclusive", 1), ("parallel", 1)])
def test_each_kind_of_join_without_a_way_out_ends_what_comes(kind: str, passes: int) -> None:
    drawn = one(
        start() + gate("parallel", "F") + gate(kind, "J") + user("A", "B"), "S>F F>A>J F>B>J"
    )
    assert {f.rule for f in findings(drawn)} == {"flow_ends_here"}
    play = Play(release(drawn)).do("A").reload()
    assert not play.finished
    assert play.do("B").finished
    assert play.path.count("J") == passes


def test_what_a_boundary_event_or_an_event_sub_process_leads_to_may_end_without_an_end() -> None:
    drawn = one(start() + user("A", "R") + alarm("K", "A", "PT1H"), "S>A K>R")
    play = Play(release(drawn))
    assert play.fire("K")
    assert not play.do("A").reload().finished
    assert play.do("R").finished
    handler = f'<startEvent id="hs" isInterrupting="false">{timer("PT1H")}</startEvent><userTask id="R" name="R"/>'
    flow = '<sequenceFlow id="h1" sourceRef="hs" targetRef="R"/>'
    inside = f'<subProcess id="H" triggeredByEvent="true">{handler}{flow}</subProcess>'
    drawn = one(start() + user("A") + end() + inside, "S>A>E")
    play = Play(release(drawn))
    assert play.fire("H")
    assert not play.do("A").reload().finished
    assert play.do("R").finished


@pytest.mark.parametrize("more", ['startQuantity="2"', 'completionQuantity="2"'])
def test_quantities_of_an_activity_without_a_way_out(more: str) -> None:
    nodes = (
        start()
        + gate("parallel", "F")
        + user("A", "B")
        + user("C").replace('id="C"', f'id="C" {more}')
    )
    play = Play(release(one(nodes, "S>F F>A>C F>B>C"))).do("A").do("B").reload()
    for _ in range(1 if more.startswith("start") else 2):
        assert not play.finished
        play.do("C")
    assert play.finished


def test_an_escalation_that_anything_catches_ends_the_wait_of_a_join() -> None:
    """The join can never be reached by both, but who catches all interrupts the scope before: no
    deadlock is told."""
    throws = event("intermediateThrowEvent", "t", ESCALATION.format("V"))
    inside = (
        start("s") + gate("exclusive", "x") + gate("parallel", "j") + throws + user("a") + end("e")
    )
    drawn = one(
        start()
        + sub("SP", inside, "s>x x>a?n~==~1 x>t* a>j t>j j>e")
        + boundary("B", "SP", ESCALATION.format("ESC"))
        + end("E", "F"),
        "S>SP>E B>F",
        "n:integer",
    )
    named = drawn.replace(b'escalationRef="ESC"', b'escalationRef="V"')
    assert [f.rule for f in findings(drawn) if f.rule.startswith("join")] == [
        f.rule for f in findings(named) if f.rule.startswith("join")
    ]


def test_two_event_sub_processes_that_catch_all_are_one_too_many() -> None:
    def handler(id_: str, ref: str) -> str:
        begins = event("startEvent", f"s{id_}", f"<errorEventDefinition{ref}/>")
        wire = f'<sequenceFlow id="f{id_}" sourceRef="s{id_}" targetRef="e{id_}"/>'
        return f'<subProcess id="{id_}" triggeredByEvent="true">{begins}<endEvent id="e{id_}"/>{wire}</subProcess>'

    both = one(
        start() + service("X") + handler("H", ' errorRef="ANY"') + handler("I", "") + end(), "S>X>E"
    )
    assert "event_sub_process_twice" in [f.rule for f in findings(both) if f.severity == "error"]


def test_a_join_without_a_way_out_waits_for_all_and_ends() -> None:
    play = Play(release(JOIN)).do("A").reload()
    assert not play.finished
    assert play.do("B").finished


def test_several_flows_one_of_which_leads_to_an_activity_without_a_way_out_and_repetitions_end_too() -> (
    None
):
    built = release(one(start() + user("A", "B", "C"), "S>A A>B A>C"))
    play = Play(built).do("A").reload()
    assert sorted(play.users) == ["B", "C"]
    assert play.do("C").do("B").finished
    repeated = Play(release(REPEATED)).do("B")
    assert len(repeated.users) == 2
    assert repeated.do("A").reload().do("A").finished


def test_a_called_process_without_an_end_gives_back_to_its_caller() -> None:
    inner = process("Q", start("q") + user("qa", fields="n:integer"), "q>qa")
    play = Play(
        release(model(process("P", start() + call("C", "Q") + user("Z") + end(), "S>C>Z>E"), inner))
    )
    play.do("qa", n=7).reload()
    assert play.users == ["Z"]
    assert play.data("Z")["n"] == 7


@pytest.mark.parametrize("code", ["X", "anything"])
def test_a_catch_event_without_a_code_catches_any_error(code: str) -> None:
    play = Play(release(OPEN_ERROR))
    assert play.fail("X", code)
    assert play.reload().users == ["R"]
    assert play.do("R").path[-1] == "F"


def test_the_event_with_the_code_comes_before_the_one_that_catches_all() -> None:
    play = Play(release(BOTH))
    assert play.fail("X", "X")
    assert play.users == ["Q"]
    play = Play(release(BOTH))
    assert play.fail("X", "other")
    assert play.users == ["R"]


def test_an_escalation_and_an_event_sub_process_without_a_code_catch_all() -> None:
    assert Play(release(OPEN_ESCALATION)).reload().users == ["R"]
    play = Play(release(OPEN_HANDLER))
    assert play.fail("X", "whatever")
    assert play.reload().do("R").finished


def test_what_throws_still_needs_its_code() -> None:
    thrown = one(start() + event("endEvent", "E", ERROR.format("ANY")), "S>E")
    assert "code_missing" in [f.rule for f in findings(thrown) if f.severity == "error"]


def test_the_flows_that_are_drawn_count_not_the_list_that_forgets_one() -> None:
    play = Play(release(SHORT_LISTS)).do("A")
    assert play.path == ["S", "A", "E"]


def test_the_order_of_a_choice_is_that_of_the_list_then_that_of_the_file() -> None:
    drawn = one(
        start() + gate("exclusive", "G") + user("A", "B", "C") + end(),
        "S>G G>A?n~==~1 G>B?n~==~1 G>C* A>E B>E C>E",
        "n:integer",
    )
    assert Play(release(drawn), n=1).users == ["A"]
    listed = drawn.replace(
        b'<exclusiveGateway id="G" default="f_G_C"/>',
        b'<exclusiveGateway id="G" default="f_G_C"><outgoing>f_G_B</outgoing></exclusiveGateway>',
    )
    assert listed != drawn
    assert Play(release(listed), n=1).users == ["B"]


def test_what_has_no_id_gets_one_the_same_for_the_same_file_and_runs() -> None:
    given = [(f.element, f.params["element"]) for f in findings(NAMELESS) if f.rule == "id_given"]
    assert given == [("P-subProcess-1", "subProcess")]
    assert given == [
        (f.element, f.params["element"]) for f in findings(NAMELESS) if f.rule == "id_given"
    ]
    play = Play(release(NAMELESS))
    assert play.fail("X", "whatever")
    assert play.reload().users == ["R"]
    assert set(release(NAMELESS).processes["P"].elements) == {
        "S",
        "X",
        "E",
        "P-subProcess-1",
        "hs",
        "R",
        "he",
    }


def test_ids_that_we_give_differ_between_processes_and_from_what_is_there() -> None:
    one_file, other = (
        model(
            process(
                id_,
                start(f"s{id_}") + user(f"a{id_}") + "<task/>" + end(f"e{id_}"),
                f"s{id_}>a{id_}>e{id_}",
            ).replace("<task/>", extra)
        )
        for id_, extra in (("P", '<task id="P-task-2-"/><task/>'), ("Q", "<task/>"))
    )
    given = {f.element for f in findings(one_file, other) if f.rule == "id_given"}
    assert given == {"P-task-2", "Q-task-1"}


MESSAGES = '<message id="M" name="Solicitud"/><message id="N" name="Queja"/>'


def started() -> bytes:
    mark, first = message("M", "k", "k")
    both = f'<startEvent id="S">{mark}{first}<messageEventDefinition messageRef="N"/></startEvent>'
    return one(both + user("A") + end(), "S>A>E", "k", defs=MESSAGES)


def test_a_start_with_several_messages_begins_with_any_of_them() -> None:
    assert [f for f in findings(started()) if f.severity == "error"] == []
    built = release(started())
    spec = built.processes["P"].elements["S"].message
    assert spec is not None
    assert spec.names == ("Solicitud", "Queja")
    assert Play(built, message_start="S", k="1").users == ["A"]


def test_a_second_message_without_a_name_is_refused() -> None:
    unnamed = started().replace(b'<message id="N" name="Queja"/>', b'<message id="N"/>')
    assert "message_unnamed" in [f.rule for f in findings(unnamed) if f.severity == "error"]
