"""Files as large as they may be, drawn by somebody who wants the review to take for ever: each is
answered by findings, in time that grows with its size only (figures:
docs/decisions/hostile-diagrams.md)."""

from collections.abc import Callable
from itertools import chain

import pytest

from engine.compile import compile_release
from engine.errors import Finding

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:v="urn:ventanilla:bpmn:1" targetNamespace="x">'
)
START = '<startEvent id="s"/>'
LANE = '<lane id="l{}"><flowNodeRef>s</flowNodeRef></lane>'


def process(inside: str) -> str:
    return f'<process id="p" isExecutable="true">{inside}</process>'


def many(text: Callable[[int], str], number: int) -> str:
    return "".join(map(text, range(number)))


def flows(pairs: list[tuple[str, str]]) -> str:
    return "".join(
        f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>'
        for n, (a, b) in enumerate(pairs)
    )


def dense(kind: str) -> str:
    """7,000 gateways and 21,000 flows, of a generator that always gives the same."""
    pairs = [(f"g{n % 7000}", f"g{(n * 7919 + n // 7000) % 7000}") for n in range(21_000)]
    return process(
        START + many(lambda n: f'<{kind} id="g{n}"/>', 7_000) + flows([("s", "g0"), *pairs])
    )


#: What is drawn → the file without its head, and rules that must be among the findings.
LARGE = {
    "one id 40,000 times": (
        lambda: '<message id="m"/>' * 40_000 + process(START),
        {"id_duplicate"},
    ),
    "40,000 attributes that do not exist": (
        lambda: many(lambda n: f'<message id="m{n}" x="1"/>', 40_000) + process(START),
        {"schema"},
    ),
    "40,000 elements that do not exist": (
        lambda: many(lambda n: f'<messag id="m{n}"/>', 40_000) + process(START),
        {"schema"},
    ),
    "40,000 ids that are none": (
        lambda: many(lambda n: f'<message id="{n}"/>', 40_000) + process(START),
        {"schema"},
    ),
    "40,000 flows from nowhere": (
        lambda: process(START + many(lambda n: f'<sequenceFlow id="f{n}"/>', 40_000)),
        {"schema"},
    ),
    "44,000 tasks": (
        lambda: process(START + many(lambda n: f'<userTask id="t{n}"/>', 44_000)),
        {"process_too_large"},
    ),
    "a chain of 11,000": (
        lambda: process(
            START
            + many(lambda n: f'<userTask id="t{n}"/>', 11_000)
            + flows([(f"t{n}", f"t{n + 1}") for n in range(10_999)])
        ),
        {"unreachable"},
    ),
    "exclusive gateways, each to each": (lambda: dense("exclusiveGateway"), {"condition_missing"}),
    "parallel gateways, each to each": (lambda: dense("parallelGateway"), {"join_deadlock"}),
    "inclusive gateways, each to each": (lambda: dense("inclusiveGateway"), {"condition_missing"}),
    "20,000 lanes of one step": (
        lambda: process(f'<laneSet id="ls">{many(LANE.format, 20_000)}</laneSet>{START}'),
        {"lane_twice"},
    ),
    "11,000 timers on one task": (
        lambda: process(
            f'{START}<userTask id="t"/>'
            + many(
                lambda n: (
                    f'<boundaryEvent id="b{n}" attachedToRef="t"><timerEventDefinition/></boundaryEvent>'
                ),
                11_000,
            )
        ),
        {"flow_missing"},
    ),
    "fifty levels": (
        lambda: process(
            START
            + many(lambda n: f'<subProcess id="q{n}"><startEvent id="z{n}"/>', 50)
            + "</subProcess>" * 50
        ),
        {"end_missing"},
    ),
}


def found(inside: str) -> list[Finding]:
    release, findings = compile_release(
        {"a.bpmn": f"{HEAD}{inside}</definitions>".encode()}, handlers=(), forms=(), functions={}
    )
    assert release is None
    return findings


@pytest.mark.long
@pytest.mark.parametrize("name", LARGE)
def test_a_hostile_file_is_answered_by_findings(name: str) -> None:
    drawn, rules = LARGE[name]
    assert rules <= {finding.rule for finding in found(drawn())}


def test_a_large_file_with_very_many_complaints_is_told_of_once() -> None:
    """The place of each would be looked for among all others: 40,000 took 39 s."""
    wrong = found(
        "\n".join(chain((f'<message id="m{n}" x="1"/>' for n in range(3_100)), [process(START)]))
    )
    told = [finding for finding in wrong if finding.rule == "schema"]
    assert [(finding.params["line"], finding.element) for finding in told] == [("1", None)]


def test_of_ids_that_stand_there_twice_one_rule_tells() -> None:
    rules = [finding.rule for finding in found('<message id="m"/>' * 3_100 + process(START))]
    assert (rules.count("id_duplicate"), rules.count("schema")) == (1, 0)
    assert "schema" in [
        finding.rule for finding in found('<message id="m"/>' * 2 + process(START))
    ], "of few each is told with its place"


@pytest.mark.parametrize("sign", ["'", "&quot;", "]", "|//*", " "])
def test_an_id_or_a_reference_that_would_be_part_of_a_path_is_refused(sign: str) -> None:
    """The library asks for elements by paths that hold ids as they stand in the file."""
    id_ = f"a{sign}b"
    lanes = f'<laneSet id="ls"><lane id="l"><flowNodeRef>{id_}</flowNodeRef></lane></laneSet>'
    for task in (id_, "t"):
        rules = {
            finding.rule for finding in found(process(f'{lanes}{START}<userTask id="{task}"/>'))
        }
        assert "schema" in rules, task
