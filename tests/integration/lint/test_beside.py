"""Who writes a variable beside whom: told where it can happen, not where one comes after the
other."""

import pytest

from tests.kit.diagrams import boundary, end, gate, model, process, start, sub, timer, user
from tests.kit.play import findings

RULES = {"written_beside", "read_beside", "written_by_items"}
Told = set[tuple[str, str, str]]
FORK = start() + gate("parallel", "F", "J") + end()
ITEMS = (
    '<userTask id="A"><extensionElements><v:field name="n" label="n" type="integer" decision="true"/></extensionElements>'
    '<multiInstanceLoopCharacteristics isSequential="@"><loopDataInputRef>people</loopDataInputRef>@@'
    '<inputDataItem id="who" name="who"/>@@@'
    "</multiInstanceLoopCharacteristics></userTask>"
)


def told(nodes: str, wires: str, variables: str = "") -> Told:
    """(rule, element, variable) of what is told of elements beside each other."""
    found = findings(model(process("P", nodes, wires, variables)))
    assert [f for f in found if f.severity == "error"] == []
    return {
        (f.rule, str(f.element), str(f.params["name"]))
        for f in found
        if f.rule in ("written_beside", "read_beside", "written_by_items")
    }


@pytest.mark.parametrize("kind", ["parallel", "inclusive"])
def test_two_branches_that_write_one_variable_are_told_and_what_follows_them_is_not(
    kind: str,
) -> None:
    nodes = start() + gate(kind, "F", "J") + end() + user("A", "B", "C", fields="n:integer")
    paths = (
        "S>F F>A?True F>B?True A>J B>J J>C>E" if kind == "inclusive" else "S>F F>A>J F>B>J J>C>E"
    )
    assert told(nodes, paths) == {("written_beside", "A", "n")}


def test_of_two_ways_of_which_one_is_gone_nothing_is_told() -> None:
    nodes = start() + gate("exclusive", "F", "J") + end() + user("A", "B", fields="n:integer")
    assert told(nodes, "S>F F>A?x F>B* A>J B>J J>E", "x:boolean") == set()


def test_branches_within_a_loop_are_beside_each_other_and_its_rounds_are_not() -> None:
    nodes = (
        FORK
        + gate("exclusive", "M", "X")
        + user("A", fields="n:integer")
        + user("B", fields="n:integer")
        + user("C", fields="x:boolean")
    )
    assert told(nodes, "S>M>F F>A>J F>B>J J>C>X X>M?x X>E*") == {("written_beside", "A", "n")}


def test_a_branch_that_decides_by_what_the_other_writes_is_told() -> None:
    nodes = FORK + gate("exclusive", "X", "M") + user("A", fields="n:integer") + user("B", "C")
    assert told(nodes, "S>F F>A>J F>X X>B?n>5 X>C* B>M C>M M>J J>E") == {("read_beside", "X", "n")}


def test_what_waits_for_a_condition_is_there_to_see_what_others_write() -> None:
    condition = (
        "<conditionalEventDefinition><condition>n > 5</condition></conditionalEventDefinition>"
    )
    wait = f'<intermediateCatchEvent id="W">{condition}</intermediateCatchEvent>'
    assert (
        told(FORK + wait + user("A", fields="n:integer"), "S>F F>A>J F>W>J J>E", "n:integer")
        == set()
    )


@pytest.mark.parametrize(
    ("interrupts", "expected"), [(False, {("written_beside", "A", "n")}), (True, set())]
)
def test_an_event_that_does_not_interrupt_leads_beside_its_activity(
    *, interrupts: bool, expected: Told
) -> None:
    nodes = (
        start()
        + user("A", "B", fields="n:integer")
        + boundary("T", "A", timer("PT1H"), interrupts=interrupts)
        + end("E", "E2")
    )
    assert told(nodes, "S>A>E T>B>E2") == expected


def test_what_stands_inside_a_sub_process_runs_beside_what_is_beside_it() -> None:
    nodes = (
        FORK
        + sub("SP", start("s") + user("A", fields="n:integer") + end("e"), "s>A>e")
        + user("B", fields="n:integer")
    )
    assert told(nodes, "S>F F>SP>J F>B>J J>E") == {("written_beside", "A", "n")}


def test_an_event_sub_process_that_does_not_interrupt_runs_beside_all_of_its_scope() -> None:
    inner = (
        f'<startEvent id="h" isInterrupting="false">{timer("PT1H")}</startEvent>'
        + user("H", fields="n:integer")
        + end("he")
    )
    handler = sub("EV", inner, "h>H>he").replace(
        "<subProcess", '<subProcess triggeredByEvent="true"'
    )
    assert told(start() + user("A", fields="n:integer") + end() + handler, "S>A>E") == {
        ("written_beside", "A", "n")
    }


@pytest.mark.parametrize(
    ("sequential", "output", "expected"),
    [
        ("false", "", {("written_by_items", "A", "n")}),
        ("true", "", set()),
        ("false", "<loopDataOutputRef>all</loopDataOutputRef>", set()),
    ],
)
def test_items_side_by_side_write_one_variable_unless_an_output_keeps_each(
    sequential: str, output: str, expected: Told
) -> None:
    kept = '<outputDataItem id="n" name="n"/>' if output else ""
    activity = ITEMS.replace("@@@", kept).replace("@@", output).replace("@", sequential)
    assert told(start() + activity + end(), "S>A>E", "people:list") == expected
