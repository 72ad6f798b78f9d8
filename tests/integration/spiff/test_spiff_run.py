"""How an instance runs: tokens, data, messages, timers, errors. Every diagram here is as small as
the rule it shows."""

import datetime as dt
from typing import Any

import pytest

from engine.errors import ExpressionError, NotFound
from engine.spiff import Release
from tests.kit.clock import NOW, bogota
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
    sub,
    throw,
    timer,
    user,
)
from tests.kit.play import Play, release

MESSAGES = '<message id="M" name="Aviso"/><message id="N" name="Otro"/>'
ERRORS = '<error id="ERR" name="Falla" errorCode="ERR_CRM"/><error id="ERR2" errorCode="OTRO"/>'
CALL = '<callActivity id="{0}" calledElement="Q"/>'


def timed(element: Any, minutes: Any) -> dict[str, dt.datetime]:
    return {element: NOW + dt.timedelta(minutes=minutes)}


# --- tokens and data ------------------------------------------------------------------------------
def test_a_completed_task_hands_its_variables_to_the_next_one() -> None:
    play = Play(
        release(model(process("P", start() + user("A", "B") + end(), "S>A A>B B>E"))), caso=7
    )
    assert play.users == ["A"]
    play.do("A", titular=True, docs=["cedula"])
    assert play.data("B") == {"caso": 7, "titular": True, "docs": ["cedula"]}
    play.do("B")
    assert play.finished
    assert play.path == ["S", "A", "B", "E"]


def test_the_data_that_a_command_shows_or_takes_are_copies() -> None:
    play = Play(release(model(process("P", start() + user("A", "B") + end(), "S>A A>B B>E"))))
    docs = ["cedula"]
    play.do("A", docs=docs)
    docs.append("poder")
    play.data("B")["docs"].append("x")
    play.live.user_tasks()[0].data["docs"].append("y")
    assert play.data("B")["docs"] == ["cedula"]


def test_a_task_that_no_longer_waits_cannot_be_completed_again() -> None:
    play = Play(release(model(process("P", start() + user("A", "B") + end(), "S>A A>B B>E"))))
    task = play.find("A")
    play.do("A")
    assert play.live.complete(task, {}, NOW) is False
    assert play.live.complete("other-instance-4", {}, NOW) is False
    assert play.users == ["B"]


def test_the_first_true_condition_in_the_file_decides_and_the_default_takes_the_rest() -> None:
    nodes = start() + user("A", "B", "C", "D") + gate("exclusive", "G") + end()
    built = release(
        model(process("P", nodes, "S>A A>G G>B?n~>~5 G>C?n~>~3 G>D* B>E C>E D>E", "n:integer"))
    )
    for n, expected in ((6, "B"), (4, "C"), (3, "D")):
        assert Play(built).do("A", n=n).users == [expected]


def test_parallel_branches_meet_with_the_variables_of_both() -> None:
    nodes = start() + user("A", "B", "C") + gate("parallel", "G", "J") + end()
    play = Play(release(model(process("P", nodes, "S>G G>A G>B A>J B>J J>C C>E"))), x=0)
    play.do("A", a=1)
    assert play.users == ["B"]
    play.do("B", b=[2])
    assert play.data("C") == {"x": 0, "a": 1, "b": [2]}


def test_of_parallel_branches_that_write_one_variable_the_later_counts() -> None:
    nodes = start() + user("A", "B", "C") + gate("parallel", "G", "J") + end()
    built = release(model(process("P", nodes, "S>G G>A G>B A>J B>J J>C C>E")))
    play = Play(built, x=0).do("A", x=1).reload()
    assert play.data("B") == {"x": 1}, "each branch sees what the other wrote"
    assert play.do("B", x=True).data("C") == {"x": True}


def test_a_parallel_join_in_a_loop_waits_again_for_both_branches() -> None:
    nodes = (
        start()
        + user("A", "B", "C")
        + gate("parallel", "G", "J")
        + gate("exclusive", "X", "M")
        + end()
    )
    wires = "S>M M>G G>A G>B A>J B>J J>C C>X X>M?otra X>E*"
    play = Play(release(model(process("P", nodes, wires, "otra:boolean"))))
    for number in range(3):
        play.do("A", a=number).do("B", b=number).reload()
        assert play.users == ["C"]
        play.do("C", otra=True)
        assert play.users == ["A", "B"]
        play.do("A", a=10)
        assert play.users == ["B"], "a token of an earlier round must not open the join"
        play.do("B", b=10)
        play.do("C", otra=True)
    play.do("A").do("B").do("C", otra=False)
    assert play.finished


def test_an_inclusive_join_waits_for_the_branches_that_can_still_reach_it() -> None:
    """SpiffWorkflow fired as soon as the direct branch arrived, and ran what follows twice."""
    nodes = (
        start()
        + user("A", "B", "Z")
        + gate("inclusive", "D", "J")
        + gate("exclusive", "X", "M")
        + end()
    )
    wires = "S>D D>A?True D>B?True D>M?False A>J B>X X>M?sigue X>E* M>J J>Z Z>E"
    play = Play(release(model(process("P", nodes, wires, "sigue:boolean"))))
    play.do("A")
    assert play.users == ["B"]
    play.reload().do("B", sigue=True)
    assert play.users == ["Z"]
    play.do("Z")
    assert play.finished
    assert play.path.count("Z") == 1
    alone = Play(play.release).do("A").do("B", sigue=False)
    assert alone.users == ["Z"], "the other branch ended elsewhere: nothing can arrive any more"


def test_an_inclusive_gateway_without_a_true_condition_takes_the_default_or_fails() -> None:
    nodes = start() + user("A", "B", "C") + gate("inclusive", "D") + end()
    built = release(model(process("P", nodes, "S>A A>D D>B?n~>~1 D>C* B>E C>E", "n:integer")))
    assert Play(built).do("A", n=2).users == ["B"]
    assert Play(built).do("A", n=1).users == ["C"]


def test_a_branch_that_a_terminate_end_cancelled_does_not_run() -> None:
    """SpiffWorkflow ran what a terminate end had cancelled in the same step."""
    nodes = (
        start()
        + gate("parallel", "G")
        + service("A")
        + end("E")
        + '<endEvent id="T"><terminateEventDefinition/></endEvent>'
    )
    play = Play(release(model(process("P", nodes, "S>G G>T G>A A>E"))))
    assert play.finished
    assert play.services == []


def test_a_terminate_end_inside_a_sub_process_ends_only_that_sub_process() -> None:
    inner = (
        start("s")
        + gate("parallel", "g")
        + user("a")
        + end("e")
        + '<endEvent id="t"><terminateEventDefinition/></endEvent>'
    )
    nodes = start() + sub("SP", inner, "s>g g>a g>t a>e") + user("B") + end()
    play = Play(release(model(process("P", nodes, "S>SP SP>B B>E"))))
    assert play.users == ["B"]
    assert ("a", "cancelled") in play.done


def test_a_loop_without_a_wait_becomes_a_failure_instead_of_running_for_ever() -> None:
    nodes = start() + user("A") + gate("exclusive", "M", "X") + "<task id='T'/>" + end()
    play = Play(release(model(process("P", nodes, "S>A A>M M>T T>X X>M?n~==~1 X>E*", "n:integer"))))
    play.do("A", n=1)
    assert list(play.problems.values()) == ["endless_loop"]
    assert "A" in play.path


# --- what fails and is tried again ----------------------------------------------------------------
def test_a_condition_that_fails_keeps_the_completion_and_runs_again_on_retry() -> None:
    broken = {"is": True}

    def saldo() -> int:
        if broken["is"]:
            raise ValueError("sin conexión")
        return 5

    nodes = start() + user("A", "B", "C") + gate("exclusive", "G") + end()
    built = release(
        model(process("P", nodes, "S>A A>G G>B?saldo()~>~3 G>C* B>E C>E")),
        functions={"saldo": saldo},
    )
    play = Play(built).do("A", x=1)
    assert play.path == ["S", "A"]
    assert play.failures == {
        "G": "saldo() > 3: function failed (function='saldo', exception='ValueError', detail='sin conexión')"
    }
    play.reload().retry("G")
    assert list(play.failures) == ["G"]
    broken["is"] = False
    play.reload().retry("G")
    assert play.failures == {}
    assert play.users == ["B"]
    assert play.data("B") == {"x": 1}


def test_a_failure_in_one_branch_leaves_the_other_running_and_the_instance_open() -> None:
    nodes = (
        start()
        + user("A", "B", "C")
        + gate("parallel", "P1")
        + gate("exclusive", "G")
        + end("E", "F")
    )
    built = release(
        model(process("P", nodes, "S>P1 P1>A P1>B A>G G>C?n~>~3 G>E* C>E B>F", "n:integer"))
    )
    play = Play(built).do("A")
    assert list(play.failures) == ["G"]
    play.do("B")
    assert not play.finished


@pytest.mark.parametrize(
    ("mark", "kind", "value", "problem"),
    [
        ("""<v:due expr="max(n, '2026-12-01')"/>""", "n", 3, "not_comparable"),
        ('<v:due expr="n"/>', "n:?", "x", "not_a_date"),
        ('<v:due expr="n"/>', "n:instant", "x", "not_a_date"),
        ('<v:priority expr="n"/>', "n:integer", "x", "not_a_priority"),
    ],
)
def test_a_due_date_or_priority_that_cannot_be_computed_is_a_failure_of_that_task(
    mark: str, kind: str, value: Any, problem: str
) -> None:
    nodes = (
        start()
        + user("A")
        + f'<userTask id="B"><extensionElements>{mark}</extensionElements></userTask>'
        + end()
    )
    play = Play(release(model(process("P", nodes, "S>A A>B B>E", kind)))).do("A", n=value)
    assert problem == play.problems["B"]
    assert play.path == ["S", "A"]


# --- sub-processes and calls ----------------------------------------------------------------------
def test_an_embedded_sub_process_sees_all_variables_and_gives_back_all_changes() -> None:
    nodes = (
        start()
        + sub("SP", start("s") + user("a", "b") + end("e"), "s>a a>b b>e")
        + user("B")
        + end()
    )
    play = Play(release(model(process("P", nodes, "S>SP SP>B B>E"))), x=1)
    assert play.data("a") == {"x": 1}
    play.do("a", y=[2]).reload().do("b", x=3)
    assert play.data("B") == {"x": 3, "y": [2]}
    assert play.live.user_tasks()[0].process == "P"
    assert play.path == ["S", "s", "a", "b", "e", "SP"]


def test_a_call_activity_runs_a_process_of_another_file() -> None:
    calling = model(process("P", start() + CALL.format("C") + user("B") + end(), "S>C C>B B>E"))
    called = model(process("Q", start("s") + user("q") + end("e"), "s>q q>e"))
    built = release(calling, called)
    assert built.processes["P"].uses == {"1.bpmn"}
    play = Play(built, x=1)
    (waiting,) = play.live.user_tasks()
    assert (waiting.element, waiting.process, waiting.data) == ("q", "Q", {"x": 1})
    play.reload().do("q", y=2)
    assert play.data("B") == {"x": 1, "y": 2}


def test_two_calls_of_one_process_side_by_side_do_not_mix() -> None:
    calling = process("P", start() + gate("parallel", "G", "J") + CALL.format("C1") + CALL.format("C2") + user("B") + end(),
                      "S>G G>C1 G>C2 C1>J C2>J J>B B>E")  # fmt: skip
    play = Play(release(model(calling, process("Q", start("s") + user("q") + end("e"), "s>q q>e"))))
    assert play.users == ["q", "q"]
    play.do("q", 1, segundo=True).reload().do("q", primero=True)
    assert play.data("B") == {"primero": True, "segundo": True}


# --- messages -------------------------------------------------------------------------------------
def waiting_twice() -> bytes:
    mark, definition = message("M")
    nodes = (
        start()
        + gate("parallel", "G")
        + catch("C1", definition, mark)
        + catch("C2", definition, mark)
        + user("A", "B")
        + end()
    )
    return model(process("P", nodes, "S>G G>C1 G>C2 C1>A C2>B A>E B>E", "k"), defs=MESSAGES)


def test_a_message_reaches_exactly_the_given_task_and_never_another_of_the_same_name() -> None:
    """SpiffWorkflow lets any waiting task of that name take it."""
    play = Play(release(waiting_twice()), k=12)
    assert play.messages == {"C1": ("Aviso", "12"), "C2": ("Aviso", "12")}
    task = play.find("C2")
    assert play.deliver("C2", respuesta="sí")
    assert play.users == ["B"]
    assert list(play.messages) == ["C1"]
    assert play.data("B") == {"k": 12, "respuesta": "sí"}
    assert play.live.deliver(task, {}, NOW) is False


@pytest.mark.parametrize("key", [None, "", True, 1.5, ["a"]])
def test_a_message_without_a_usable_key_is_a_failure_and_not_a_wait_for_anything(key: Any) -> None:
    play = Play(release(waiting_twice()), k=key)
    assert set(play.failures) == {"C1", "C2"}
    assert play.messages == {}


def test_a_thrown_message_carries_only_the_declared_variables() -> None:
    mark, definition = message("M", payload="a b")
    nodes = start() + throw("T", definition, mark) + user("A") + end()
    play = Play(
        release(model(process("P", nodes, "S>T T>A A>E", "k a b secreto"), defs=MESSAGES)),
        k="7",
        a=[1],
        secreto="x",
    )
    (thrown,) = play.thrown
    assert (thrown.kind, thrown.element, thrown.name, thrown.key) == ("message", "T", "Aviso", "7")
    assert thrown.payload == {"a": [1], "b": None}
    assert play.live.drain() == []


def test_a_message_start_takes_the_payload_and_the_other_starts_stay_silent() -> None:
    mark, definition = message("M", payload="k x")
    nodes = start() + event("startEvent", "S2", definition, mark) + user("A", "B") + end()
    built = release(model(process("P", nodes, "S>A A>E S2>B B>E"), defs=MESSAGES))
    assert built.processes["P"].message_starts == ("S2",)
    play = Play(built, message_start="S2", k="1", x=2)
    assert play.users == ["B"]
    assert play.data("B") == {"k": "1", "x": 2}
    assert Play(built).users == ["A"]
    with pytest.raises(NotFound):
        built.start("P", {}, NOW, message_start="S")


# --- the event gateway ----------------------------------------------------------------------------
def race() -> Release:
    mark, definition = message("M")
    nodes = (
        start() + gate("eventBased", "G") + catch("CM", definition, mark) + catch("CT", timer("PT5M"))
        + catch("CT2", timer("PT9M")) + user("A", "B", "C") + end()
    )  # fmt: skip
    return release(
        model(
            process("P", nodes, "S>G G>CM G>CT G>CT2 CM>A CT>B CT2>C A>E B>E C>E", "k"),
            defs=MESSAGES,
        )
    )


def test_behind_an_event_gateway_the_first_event_takes_the_others_away() -> None:
    play = Play(race(), k="1")
    assert play.timers == timed("CT", 5) | timed("CT2", 9)
    late = play.find("CT")
    play.reload()
    assert play.deliver("CM")
    assert (play.users, play.timers, play.messages) == (["A"], {}, {})
    assert play.live.fire(late, NOW) is False
    play.do("A")
    assert play.finished


def test_each_timer_of_an_event_gateway_fires_its_own_branch() -> None:
    play = Play(race(), k="1")
    play.fire("CT2")
    assert play.users == ["C"]


# --- timers ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "kind", "data", "due"),
    [
        ("PT5M", "timeDuration", {}, NOW + dt.timedelta(minutes=5)),
        ("P5D", "timeDuration", {}, NOW + dt.timedelta(days=5)),
        ("P1M", "timeDuration", {}, bogota(2026, 12, 24, 9)),
        ("'PT5M'", "timeDuration", {}, NOW + dt.timedelta(minutes=5)),
        ("plazo", "timeDuration", {"plazo": "P10D"}, NOW + dt.timedelta(days=10)),
        ("2026-12-01T08:00:00-05:00", "timeDate", {}, dt.datetime(2026, 12, 1, 13, tzinfo=dt.UTC)),
        ("2026-12-01", "timeDate", {}, dt.datetime(2026, 12, 1, 5, tzinfo=dt.UTC)),
        (
            "fecha",
            "timeDate",
            {"fecha": "2026-12-01T15:00:00+00:00"},
            dt.datetime(2026, 12, 1, 15, tzinfo=dt.UTC),
        ),
        ("dias_habiles(5)", "timeDate", {}, NOW + dt.timedelta(days=7)),
        ("R3/PT1H", "timeCycle", {}, NOW + dt.timedelta(hours=1)),
    ],
)
def test_a_timer_is_due_when_its_text_says_and_its_date_never_moves(
    text: Any, kind: Any, data: Any, due: Any
) -> None:
    functions = {"dias_habiles": lambda n, *, now: (now + dt.timedelta(days=n + 2)).isoformat()}
    nodes = (
        start()
        + user("A")
        + boundary("T", "A", timer(text, kind), interrupts=False)
        + service("X")
        + end("E", "F")
    )
    play = Play(
        release(
            model(process("P", nodes, "S>A A>E T>X X>F", "plazo:? fecha:instant")),
            functions=functions,
        ),
        **data,
    )
    assert play.timers == {"T": due}
    play.live.advance(NOW + dt.timedelta(days=400))
    assert play.reload().timers == {"T": due}, "only fire() fires, however late it is"
    assert play.fire("T")
    assert play.services == ["X"]


def test_a_timer_whose_date_cannot_be_computed_is_a_failure_and_its_task_stays_open() -> None:
    nodes = (
        start()
        + user("A", "B")
        + boundary("T", "B", timer("fecha", "timeDate"), interrupts=False)
        + service("X")
        + end("E", "F")
    )
    built = release(model(process("P", nodes, "S>A A>B B>E T>X X>F", "fecha:instant")))
    play = Play(built).do("A", fecha="mañana")
    assert play.users == ["B"]
    assert play.problems["T"] == "not_a_date"
    play.do("B")
    assert play.finished


def test_a_non_interrupting_timer_fires_once_and_its_task_goes_on() -> None:
    nodes = (
        start()
        + user("A")
        + boundary("T", "A", timer("PT5M"), interrupts=False)
        + service("X")
        + end("E", "F")
    )
    play = Play(release(model(process("P", nodes, "S>A A>E T>X X>F"))))
    late = play.find("T")
    assert play.fire("T")
    assert (play.users, play.services, play.timers) == (["A"], ["X"], {})
    assert play.live.fire(late, NOW) is False
    play.reload().do("A")
    assert not play.finished
    play.do("X")
    assert play.finished


def test_a_cycle_arms_itself_again_counted_from_its_due_date() -> None:
    nodes = (
        start()
        + user("A")
        + boundary("T", "A", timer("R3/PT1H", "timeCycle"), interrupts=False)
        + service("X")
        + end("E", "F")
    )
    play = Play(release(model(process("P", nodes, "S>A A>E T>X X>F"))))
    for hours in (1, 2, 3):
        assert play.timers == timed("T", 60 * hours)
        play.now = NOW + dt.timedelta(hours=hours, minutes=20)
        play.reload().fire("T")
    assert play.timers == {}
    assert play.services == ["X", "X", "X"]
    play.do("A")
    assert play.services == ["X", "X", "X"], "what the reminder started goes on"


def test_an_interrupting_timer_takes_its_task_and_the_other_timers_away() -> None:
    nodes = (
        start() + user("A", "B") + boundary("T", "A", timer("PT5M")) + boundary("R", "A", timer("PT1M"), interrupts=False)
        + service("X") + end("E", "F")
    )  # fmt: skip
    play = Play(release(model(process("P", nodes, "S>A A>E T>B B>F R>X X>F"))))
    task = play.find("A")
    play.fire("T")
    assert (play.users, play.timers) == (["B"], {})
    assert ("A", "cancelled") in play.done
    assert play.live.complete(task, {}, NOW) is False


# --- errors, escalations, signals -----------------------------------------------------------------
def test_a_service_task_waits_started_until_its_result_comes() -> None:
    nodes = start() + service("A") + user("B") + end()
    play = Play(release(model(process("P", nodes, "S>A A>B B>E"))))
    assert play.services == ["A"]
    play.reload().do("A", n_productos=2)
    assert play.data("B") == {"n_productos": 2}


def test_an_error_reaches_only_the_boundary_of_its_own_task_and_never_a_sibling() -> None:
    """SpiffWorkflow also fired the boundary of the parallel task with the same code."""
    nodes = (
        start() + gate("parallel", "G") + service("A", "B") + boundary("EA", "A", '<errorEventDefinition errorRef="ERR"/>')
        + boundary("EB", "B", '<errorEventDefinition errorRef="ERR"/>') + user("HA", "HB") + end()
    )  # fmt: skip
    play = Play(
        release(
            model(process("P", nodes, "S>G G>A G>B A>E B>E EA>HA EB>HB HA>E HB>E"), defs=ERRORS)
        )
    )
    assert play.fail("A", "DESCONOCIDO") is False
    assert play.services == ["A", "B"]
    assert play.reload().fail("A", "ERR_CRM") is True
    assert play.users == ["HA"]
    assert play.services == ["B"]


def test_an_error_inside_a_call_reaches_the_nearest_scope_around_it_with_its_variables() -> None:
    calling = process(
        "P",
        start() + gate("parallel", "G") + CALL.format("C1") + CALL.format("C2")
        + boundary("B1", "C1", '<errorEventDefinition errorRef="ERR"/>')
        + boundary("B2", "C2", '<errorEventDefinition errorRef="ERR"/>') + user("H1", "H2") + end(),
        "S>G G>C1 G>C2 C1>E C2>E B1>H1 B2>H2 H1>E H2>E",
    )  # fmt: skip
    called = process("Q", start("s") + user("q") + service("w") + end("e"), "s>q q>w w>e")
    play = Play(release(model(calling, called, defs=ERRORS)))
    play.do("q", 1, quien="dos").do("q", quien="uno")
    task = next(w.task_id for w in play.live.service_tasks() if w.data["quien"] == "dos")
    assert play.live.fail(task, "ERR_CRM", NOW)
    play.note()
    assert play.users == ["H2"]
    assert play.data("H2") == {"quien": "dos"}
    assert [w.data for w in play.live.service_tasks()] == [{"quien": "uno"}]
    assert play.reload().users == ["H2"]


def test_an_exact_error_code_goes_before_a_boundary_that_catches_everything() -> None:
    nodes = (
        start() + service("A") + boundary("ANY", "A", "<errorEventDefinition/>")
        + boundary("ONE", "A", '<errorEventDefinition errorRef="ERR"/>') + user("HA", "HO") + end()
    )  # fmt: skip
    built = release(model(process("P", nodes, "S>A A>E ANY>HA ONE>HO HA>E HO>E"), defs=ERRORS))
    play = Play(built)
    play.fail("A", "ERR_CRM")
    assert play.users == ["HO"]
    other = Play(built)
    other.fail("A", "OTRO")
    assert other.users == ["HA"]


def test_an_error_end_is_caught_outside_or_reported() -> None:
    inner = (
        start("s")
        + user("a")
        + '<endEvent id="e"><errorEventDefinition errorRef="ERR"/></endEvent>'
    )
    caught = (
        start()
        + sub("SP", inner, "s>a a>e")
        + boundary("B", "SP", '<errorEventDefinition errorRef="ERR"/>')
        + user("H")
        + end()
    )
    play = Play(release(model(process("P", caught, "S>SP SP>E B>H H>E"), defs=ERRORS))).do(
        "a", motivo="x"
    )
    assert play.users == ["H"]
    assert play.data("H") == {"motivo": "x"}
    assert play.thrown == []
    uncaught = start() + sub("SP", inner, "s>a a>e") + end()
    play = Play(release(model(process("P", uncaught, "S>SP SP>E"), defs=ERRORS))).do("a")
    assert [(t.kind, t.element, t.name) for t in play.thrown] == [("error", "e", "ERR_CRM")]


def test_an_escalation_does_not_stop_what_throws_it() -> None:
    definition = '<escalationEventDefinition escalationRef="ESC"/>'
    inner = start("s") + throw("t", definition) + user("a") + end("e")
    nodes = (
        start()
        + sub("SP", inner, "s>t t>a a>e")
        + boundary("B", "SP", definition, interrupts=False)
        + service("X")
        + end("E", "F")
    )
    defs = '<escalation id="ESC" escalationCode="VENCIDO"/>'
    play = Play(release(model(process("P", nodes, "S>SP SP>E B>X X>F"), defs=defs)))
    assert (play.users, play.services, play.thrown) == (["a"], ["X"], [])
    alone = start() + throw("t", definition) + user("a") + end()
    play = Play(release(model(process("P", alone, "S>t t>a a>E"), defs=defs)))
    assert [(t.kind, t.name) for t in play.thrown] == [("escalation", "VENCIDO")]
    assert play.users == ["a"]


def test_a_signal_reaches_everyone_in_this_instance_who_waits_for_it() -> None:
    definition = '<signalEventDefinition signalRef="SIG"/>'
    nodes = (
        start() + gate("parallel", "G") + user("A", "B", "C", "H") + catch("C1", definition) + boundary("BD", "B", definition)
        + f'<endEvent id="F">{definition}</endEvent>' + end()
    )  # fmt: skip
    wires = "S>G G>A G>B G>C1 A>F B>E C1>C C>E BD>H H>E"
    play = Play(release(model(process("P", nodes, wires), defs='<signal id="SIG" name="Cierre"/>')))
    assert play.users == ["A", "B"]
    play.reload().do("A")
    assert sorted(play.users) == ["C", "H"]


# --- event sub-processes and conditions -----------------------------------------------------------
def handler(definition: str, mark: str = "", *, interrupts: bool = True) -> str:
    first = event(
        "startEvent", "hs", definition, mark, f'isInterrupting="{str(interrupts).lower()}"'
    )
    wires = '<sequenceFlow id="h1" sourceRef="hs" targetRef="H"/><sequenceFlow id="h2" sourceRef="H" targetRef="he"/>'
    return f'<subProcess id="EV" triggeredByEvent="true">{first}{user("H")}<endEvent id="he"/>{wires}</subProcess>'


def test_an_interrupting_event_sub_process_takes_the_place_of_what_runs_in_its_scope() -> None:
    mark, definition = message("M")
    nodes = (
        start()
        + user("A", "B")
        + service("W")
        + gate("parallel", "G")
        + end()
        + handler(definition, mark)
    )
    play = Play(
        release(model(process("P", nodes, "S>G G>A G>W A>B B>E W>E", "k"), defs=MESSAGES)), k="1"
    )
    play.do("A", visto=True).reload()
    assert play.messages == {"EV": ("Aviso", "1")}
    assert play.deliver("EV", motivo="x")
    assert (play.users, play.services, play.messages) == (["H"], [], {})
    assert play.data("H") == {"k": "1", "visto": True, "motivo": "x"}
    play.reload().do("H")
    assert play.finished


def test_a_non_interrupting_event_sub_process_runs_beside_its_scope_and_may_come_again() -> None:
    mark, definition = message("M")
    nodes = start() + user("A") + end() + handler(definition, mark, interrupts=False)
    play = Play(release(model(process("P", nodes, "S>A A>E", "k"), defs=MESSAGES)), k="1")
    play.deliver("EV")
    play.reload().deliver("EV")
    assert sorted(play.users) == ["A", "H", "H"]
    play.do("A")
    assert not play.finished
    play.do("H").do("H")
    assert play.finished
    assert play.messages == {}


def test_an_event_sub_process_that_nothing_starts_does_not_keep_its_scope_open() -> None:
    nodes = (
        start()
        + sub("SP", start("s") + user("a") + end("e") + handler(timer("PT1H")), "s>a a>e")
        + user("B")
        + end()
    )
    play = Play(release(model(process("P", nodes, "S>SP SP>B B>E"))))
    assert play.timers == timed("EV", 60)
    play.reload().do("a")
    assert (play.users, play.timers) == (["B"], {})
    assert ("EV", "cancelled") not in play.done


def test_an_error_is_caught_by_the_event_sub_process_of_its_scope_before_the_border() -> None:
    definition = '<errorEventDefinition errorRef="ERR"/>'
    inner = (
        start("s") + user("a") + f'<endEvent id="e">{definition}</endEvent>' + handler(definition)
    )
    nodes = (
        start()
        + sub("SP", inner, "s>a a>e")
        + boundary("B", "SP", definition)
        + user("C", "D")
        + end()
    )
    play = Play(release(model(process("P", nodes, "S>SP SP>C B>D C>E D>E"), defs=ERRORS)))
    play.do("a", x=1)
    assert (play.users, play.thrown) == (["H"], [])
    play.do("H", x=2)
    assert play.users == ["C"]
    assert play.data("C") == {"x": 2}


def test_an_error_that_nobody_catches_ends_the_instance_and_is_reported() -> None:
    inner = (
        start("s")
        + user("a")
        + '<endEvent id="e"><errorEventDefinition errorRef="ERR"/></endEvent>'
    )
    nodes = start() + gate("parallel", "G") + user("B") + sub("SP", inner, "s>a a>e") + end()
    play = Play(release(model(process("P", nodes, "S>G G>B G>SP SP>E B>E"), defs=ERRORS))).do("a")
    assert play.finished
    assert [(t.kind, t.name) for t in play.thrown] == [("error", "ERR_CRM")]
    assert ("B", "cancelled") in play.done


def test_a_conditional_boundary_event_sees_the_variables_inside_its_sub_process() -> None:
    definition = (
        "<conditionalEventDefinition><condition>saldo == 0</condition></conditionalEventDefinition>"
    )
    nodes = (
        start()
        + sub("SP", start("s") + user("a", "b") + end("e"), "s>a a>b b>e")
        + boundary("C", "SP", definition)
        + user("H")
        + end()
    )
    built = release(model(process("P", nodes, "S>SP SP>E C>H H>E", "saldo:integer")))
    assert Play(built).do("a", saldo=3).users == ["b"]
    assert Play(built).reload().do("a", saldo=0).users == ["H"]


# --- repeated activities --------------------------------------------------------------------------
def multi(attributes: Any = "", inner: Any = "", loop: Any = None) -> Release:
    mi = loop or (
        f"<multiInstanceLoopCharacteristics {attributes}><loopDataInputRef>areas</loopDataInputRef>"
        '<loopDataOutputRef>respuestas</loopDataOutputRef><inputDataItem id="area"/><outputDataItem id="respuesta"/>'
        f"{inner}</multiInstanceLoopCharacteristics>"
    )
    task = f'<userTask id="A"><extensionElements><v:output name="respuesta"/></extensionElements>{mi}</userTask>'
    return release(
        model(
            process(
                "P",
                start() + task + user("B") + end(),
                "S>A A>B B>E",
                "areas:list respuestas:list n:integer",
            )
        )
    )


def test_items_of_a_multi_instance_task_keep_their_variables_to_themselves_and_leave_outputs_in_order() -> (
    None
):
    play = Play(multi(), areas=["x", "y", "z"])
    assert [w.data["area"] for w in play.live.user_tasks()] == ["x", "y", "z"]
    play.do("A", 2, respuesta="c", secreto=1).reload().do("A", 0, respuesta="a").reload().do(
        "A", respuesta="b"
    )
    assert play.data("B") == {"areas": ["x", "y", "z"], "respuestas": ["a", "b", "c"]}


def test_a_sequential_multi_instance_task_opens_one_item_after_the_other() -> None:
    play = Play(multi('isSequential="true"'), areas=["x", "y"])
    assert [w.data["area"] for w in play.live.user_tasks()] == ["x"]
    play.do("A", respuesta=1).reload()
    assert [w.data["area"] for w in play.live.user_tasks()] == ["y"]
    play.do("A", respuesta=2)
    assert play.data("B")["respuestas"] == [1, 2]


def test_a_completion_condition_ends_a_multi_instance_task_early() -> None:
    play = Play(
        multi(inner="<completionCondition>respuesta == 'no'</completionCondition>"),
        areas=["x", "y", "z"],
    )
    play.do("A", 1, respuesta="sí").do("A", 1, respuesta="no")
    assert play.users == ["B"]
    assert play.data("B")["respuestas"] == ["sí", "no"]


def test_a_multi_instance_task_over_nothing_is_passed() -> None:
    assert Play(multi(), areas=[]).data("B")["respuestas"] == []


def test_a_multi_instance_task_over_something_that_is_no_list_is_a_failure() -> None:
    assert Play(multi(), areas="x").problems == {"A": "not_a_list"}


def test_a_standard_loop_runs_while_its_condition_holds_and_at_most_its_maximum() -> None:
    loop = '<standardLoopCharacteristics loopMaximum="3"><loopCondition>n &lt; 5</loopCondition></standardLoopCharacteristics>'
    play = Play(multi(loop=loop), n=0)
    play.do("A", n=1).reload().do("A", n=9)
    assert play.users == ["B"]
    limited = Play(multi(loop=loop), n=0)
    limited.do("A").do("A").do("A")
    assert limited.users == ["B"]


def test_a_boundary_event_takes_all_items_of_a_multi_instance_call_away() -> None:
    items = '<loopDataInputRef>areas</loopDataInputRef><inputDataItem id="area"/>'
    mi = f"<multiInstanceLoopCharacteristics>{items}</multiInstanceLoopCharacteristics>"
    call = f'<callActivity id="C" calledElement="Q">{mi}</callActivity>'
    nodes = start() + call + boundary("T", "C", timer("PT5M")) + user("H") + end()
    called = process("Q", start("s") + user("q") + end("e"), "s>q q>e", "area")
    play = Play(
        release(model(process("P", nodes, "S>C C>E T>H H>E", "areas:list"), called)),
        areas=["x", "y"],
    )
    assert [w.data["area"] for w in play.live.user_tasks()] == ["x", "y"]
    play.do("q")
    play.reload().fire("T")
    assert play.users == ["H"]
    assert play.reload().users == ["H"]


# --- due dates and priorities ---------------------------------------------------------------------
def test_due_dates_and_priorities_are_expressions_over_the_variables() -> None:
    mark = (
        '<extensionElements><v:due expr="fecha"/><v:priority expr="peso * 2"/></extensionElements>'
    )
    nodes = start() + f'<userTask id="A">{mark}</userTask>' + user("B") + end()
    built = release(model(process("P", nodes, "S>A A>B B>E", "fecha:instant peso:integer")))
    elements = built.processes["P"].elements
    data = {"fecha": "2026-12-01", "peso": 3}
    assert built.due(elements["A"], data, NOW) == dt.datetime(2026, 12, 1, 5, tzinfo=dt.UTC)
    assert built.priority(elements["A"], data) == 6
    assert (built.due(elements["B"], data, NOW), built.priority(elements["B"], data)) == (None, 0)
    fixed = release(
        model(
            process("P", nodes.replace('expr="fecha"', 'expr="P5D"'), "S>A A>B B>E", "peso:integer")
        )
    )
    assert fixed.due(fixed.processes["P"].elements["A"], data, NOW) == NOW + dt.timedelta(days=5)
    with pytest.raises(ExpressionError):
        built.priority(elements["A"], {"peso": "x"})
