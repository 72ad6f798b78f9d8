"""Which joins are refused, which only told: an end that stops its scope leaves nobody waiting (BPMN
10.5.3, 13.4.4)."""

import pytest

from tests.kit.diagrams import (
    boundary,
    catch,
    end,
    event,
    gate,
    model,
    process,
    start,
    sub,
    timer,
    user,
)
from tests.kit.play import findings

TERMINATE = event("endEvent", "T", "<terminateEventDefinition/>")
ERROR = event("endEvent", "T", '<errorEventDefinition errorRef="ERR"/>')
ESCALATION = event("endEvent", "T", '<escalationEventDefinition escalationRef="ESC"/>')
DEFS = '<error id="ERR" name="e" errorCode="e"/><escalation id="ESC" name="x" escalationCode="x"/>'
CAUGHT_ERROR = '<errorEventDefinition errorRef="ERR"/>'
CAUGHT_ESCALATION = '<escalationEventDefinition escalationRef="ESC"/>'
FORK = gate("parallel", "F", "J") + gate("exclusive", "X") + user("A") + user("B")
FORKED = "S>F F>A>J F>B>X X>J?True X>T* J>E"
LOOP = (
    gate("inclusive", "I", "J") + gate("exclusive", "M", "X") + user("A") + user("B"),
    "S>M>I I>A?True I>B?True I>J* A>J B>J J>X X>M?True X>E*",
)


def told(nodes: str, wires: str) -> list[tuple[str, str | None]]:
    """What is found of joins: (rule, element)."""
    found = findings(model(process("P", nodes, wires), defs=DEFS))
    assert {f.rule for f in found if f.severity == "error"} <= {"join_deadlock"}, found
    return [(f.rule, f.element) for f in found if f.rule.startswith("join_")]


def inside(nodes: str, wires: str, *others: str, around: str = "S>SP>E") -> tuple[str, str]:
    """The same in a sub-process, with what lies beside it."""
    return start() + sub("SP", nodes, wires) + end() + "".join(others), around


def test_a_terminate_end_beside_a_join_leaves_nobody_waiting() -> None:
    assert told(start() + FORK + TERMINATE + end(), FORKED) == []


def test_an_error_that_the_sub_process_throws_ends_it() -> None:
    inner = start("s") + FORK + ERROR + end("e")
    wires = FORKED.replace("S>F", "s>F").replace("J>E", "J>e")
    assert (
        told(
            *inside(
                inner, wires, boundary("C", "SP", CAUGHT_ERROR), user("R"), around="S>SP>E C>R>E"
            )
        )
        == []
    )


@pytest.mark.parametrize(
    ("kind", "expected"), [("interrupting", []), ("non-interrupting", [("join_may_wait", "J")])]
)
def test_an_escalation_ends_its_scope_when_what_catches_it_interrupts(
    kind: str, expected: list[tuple[str, str]]
) -> None:
    inner = start("s") + FORK + ESCALATION + end("e")
    wires = FORKED.replace("S>F", "s>F").replace("J>E", "J>e")
    catcher = boundary("C", "SP", CAUGHT_ESCALATION, interrupts=kind == "interrupting")
    assert (
        told(*inside(inner, wires, catcher, user("R"), end("E2"), around="S>SP>E C>R>E2"))
        == expected
    )


def test_a_plain_end_beside_a_join_is_told_and_not_refused() -> None:
    """One of the two ways completes."""
    assert told(start() + FORK + end("E", "T"), FORKED) == [("join_may_wait", "J")]


def test_a_join_that_nothing_completes_is_refused() -> None:
    nodes = start() + gate("exclusive", "X") + gate("parallel", "J") + user("A") + user("B") + end()
    assert told(nodes, "S>X X>A?True X>B* A>J B>J J>E") == [("join_deadlock", "J")]


def test_an_interrupting_timer_that_leads_past_a_join_is_told() -> None:
    nodes = (
        start()
        + gate("parallel", "F", "J")
        + user("A")
        + user("B")
        + boundary("C", "A", timer("PT1H"))
        + end("E", "E2")
    )
    assert told(nodes, "S>F F>A>J F>B>J J>E C>E2") == [("join_may_wait", "J")]


def test_an_inclusive_join_inside_a_loop_waits_for_what_the_run_waits_for() -> None:
    """A token that would have to pass the join itself to come to an empty flow is not awaited."""
    assert told(start() + LOOP[0] + end(), LOOP[1]) == []


def test_a_token_that_may_still_come_by_either_flow_is_not_awaited() -> None:
    nodes = (
        start()
        + gate("parallel", "F")
        + gate("exclusive", "X")
        + gate("inclusive", "J")
        + user("A")
        + user("B")
        + end()
    )
    assert told(nodes, "S>F F>A>J F>B>X X>J?True X>E* J>E") == []


def test_of_several_joins_that_wait_the_one_of_the_first_flow_is_named() -> None:
    nodes = (
        start()
        + gate("exclusive", "X")
        + gate("parallel", "K", "J")
        + user("A", "B")
        + end("E", "E2")
    )
    assert told(nodes, "S>X X>A?True X>B* A>J A>K B>J B>K J>E K>E2") == [("join_deadlock", "J")]


def test_an_event_that_waits_is_no_join() -> None:
    assert told(start() + catch("W", timer("PT1H")) + end(), "S>W>E") == []
