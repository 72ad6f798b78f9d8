"""Whoever adds a rule adds a file that breaks it: the lists of files that are refused, together,
break every rule."""

import datetime as dt
from typing import Any

import pytest
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from engine.errors import Problem
from engine.lint import inputs, lanes, parts
from engine.lint.rules import RULES
from engine.model import vocabulary, xml
from engine.model.files import ReleaseFiles
from engine.spiff.parser import Parser
from engine.types import ActionSpec, InputRule, LaneSpec, When
from tests.integration.lint.test_beside import FORK, ITEMS
from tests.integration.lint.test_lint_constraints import ROWS
from tests.integration.lint.test_lint_lenient import TOLD
from tests.integration.lint.test_lint_limits import HOSTILE
from tests.integration.lint.test_lint_standard import PAIRS
from tests.integration.lint.test_lint_values import CHOICE_OF, chosen
from tests.integration.lint.test_spiff_lint import (
    CANCEL,
    DMN,
    GATES,
    ONCE,
    REFUSED,
    RULE,
    SIGNAL,
    THROWN,
    extended,
    one,
    straight,
    task,
)
from tests.kit.diagrams import (
    boundary,
    catch,
    end,
    extension,
    gate,
    model,
    process,
    start,
    sub,
    timer,
    user,
)
from tests.kit.play import findings
from tests.unit.test_decision_graphs import decision, graph
from tests.unit.test_dmn import SPACE, dmn

TWICE = '<v:schedule each="day"/>'
CALLS = '<callActivity id="C" calledElement="Q"/>'
#: What is refused or told in other tests of its own (their models, in short).
OTHERS = [
    model(process("P", FORK + user("A", "B", fields="n"), "S>F F>A>J F>B>J J>E")),
    model(
        process(
            "P",
            FORK + gate("exclusive", "X", "M") + user("A", fields="n:integer"),
            "S>F F>A>J F>X X>M?n>5 X>M* M>J J>E",
        )
    ),
    model(
        process(
            "P",
            start() + ITEMS.replace("@@@", "").replace("@@", "").replace("@", "false") + end(),
            "S>A>E",
            "people:list",
        )
    ),
    model(
        process("P", start() + ONCE + boundary("B", "X", SIGNAL) + end("E", "F"), "S>X X>E B>F"),
        defs=THROWN,
    ),
    model(
        process(
            "P",
            start()
            + gate("parallel", "F", "J")
            + gate("exclusive", "X")
            + user("A", "B")
            + end("E", "E2"),
            "S>F F>A>J F>B>X X>J?True X>E2* J>E",
        )
    ),
    straight(user("X")).replace(
        b"<flowNodeRef>X<", b"<flowNodeRef>ZZ</flowNodeRef><flowNodeRef>X<"
    ),
    straight(user("X")).replace(
        b"<process ",
        b'<import importType="http://www.w3.org/2001/XMLSchema" location="t.xsd" namespace="u"/><process ',
        1,
    ),
    straight(extended('<z:task xmlns:z="urn:z"/>')),
    one(GATES, "S>A A>G G>B?True G>C?False B>E C>E"),
    one(start() + user("A", "B") + gate("parallel", "G") + end(), "S>G G>A?False G>B A>E B>E"),
    one(
        start()
        + sub("TX", start("s") + f'<endEvent id="e">{CANCEL}</endEvent>', "s>e").replace(
            "subProcess", "transaction"
        )
        + end(),
        "S>TX TX>E",
    ),
    model(
        process("Q", f'<startEvent id="s">{timer("PT1M")}</startEvent>' + end("e"), "s>e"),
        process("P", start() + CALLS + end(), "S>C C>E"),
    ),
    one(
        f'<startEvent id="S"><extensionElements><v:schedule each="week"/></extensionElements>{timer("")}</startEvent>'
        + end(),
        "S>E",
    ),
    chosen("n == 'tal vez'"),
    chosen("n == 3", CHOICE_OF.format("boolean")),
    one(
        f'<startEvent id="S"><extensionElements>{TWICE}</extensionElements>{timer("R/P1D", "timeCycle")}</startEvent>'
        + end(),
        "S>E",
    ),
]
BEGUN = '<startEvent id="S"><extensionElements>{}</extensionElements>{}</startEvent>'
ASKS = '<v:field name="a" label="A"/>'
CASE = '<extensionElements><v:case number="{}"/></extensionElements>'


def opens(pattern: str) -> bytes:
    return straight(user("X")).replace(
        b'isExecutable="true">', f'isExecutable="true">{CASE.format(pattern)}'.encode(), 1
    )


def both_open(one_number: str, other_number: str) -> bytes:
    """Two processes beside each other."""
    numbers = {"P": one_number, "Q": other_number}
    return model(
        *(
            process(p, start(f"s{p}") + end(f"e{p}"), f"s{p}>e{p}").replace(
                'isExecutable="true">', f'isExecutable="true">{CASE.format(numbers[p])}'
            )
            for p in numbers
        )
    )


OTHERS += [
    opens("PEP"),
    opens("PEP-{0}").replace(b'number="PEP-{0}"', b'number="PEP-{0}" anonymous="a"'),
    both_open("EP-{000}", "EP-{00000}"),
    model(
        process("Q", start("s") + end("e"), "s>e").replace(
            'isExecutable="true">', f'isExecutable="true">{CASE.format("Q-{0}")}'
        ),
        process("P", start() + CALLS + end(), "S>C C>E").replace(
            'isExecutable="true">', f'isExecutable="true">{CASE.format("P-{0}")}'
        ),
    ),
    one(BEGUN.format(ASKS, "") + end(), "S>E"),
    one(BEGUN.format('<v:start public="true"/>', "") + end(), "S>E"),
    one(BEGUN.format('<v:start public="true"/>', timer("R/P1D", "timeCycle")) + end(), "S>E"),
    one(BEGUN.format(ASKS, timer("R/P1D", "timeCycle")) + end(), "S>E"),
    model(
        process(
            "P",
            start()
            + catch(
                "C",
                '<messageEventDefinition messageRef="m"/>',
                extension(f'<v:message key="k"/>{ASKS}'),
            )
            + end(),
            "S>C>E",
            "k",
        ),
        defs='<message id="m" name="m"/>',
    ),
]
TABLES = [
    dmn(["- => 1"], policy="PRIORITY"),
    dmn(["- => 1"]).replace(b"</input>", b"<inputValues><text>nada</text></inputValues></input>"),
    dmn(["- => 1"]).replace(
        b'name="r"/>', b'name="r"><outputValues><text>2</text></outputValues></output>'
    ),
    dmn(["- => 1"], policy="OTHER"),
    dmn(["- => 1"], policy="COLLECT", more='aggregation="AVG"'),
    dmn(["x => 1"]),
    dmn(["- | - => 1"]),
    dmn([]),
    dmn([" => 1"], inputs=()),
    dmn(["- => 1"]).replace(b'<decision id="t"', b"<decision"),
    dmn(["- => 1 | 2"], outputs=("r", "r")),
    dmn(["> 1 => 1", "> 2 => 2"]),
    dmn(["> 1 => 1", "> 2 => 2"], policy="FIRST"),
    dmn(
        ["|".join(f"[{n}..{n}]" for _ in "abcdef") + f" => {n}" for n in range(10)], tuple("abcdef")
    ),
    f'<definitions xmlns="{SPACE}"><decision id="d"><literalExpression/></decision></definitions>'.encode(),
    graph(decision("d", "1 +")),
    f'<definitions xmlns="{SPACE}"/>'.encode(),
    b"<definitions/>",
]


def ayer(days: int, *, now: dt.datetime) -> When:
    return When((now - dt.timedelta(days=days)).isoformat())


#: Against what the agency keeps.
HELD = {"asesor": "punto_id"}
LANES = (
    LaneSpec("L", "L", "no es código", None),
    LaneSpec("L", "L", "asesor", "area_id"),
    LaneSpec("L", "L", "asesor", "zona_id"),
)


#: An action that takes one of each kind, and a file in which each is given wrongly.
TAKES = (
    *(InputRule(kind, kind, kind) for kind in ("text", "number", "name", "output", "pattern")),
    InputRule("letter", "letter", "letter", ending=".txt"),
)
WRONG = (
    "".join(
        f'<v:input name="{kind}" value="x"/>' for kind in ("number", "letter", "name", "output")
    )
    + 2 * '<v:input name="no"/>'
)
GIVEN = ReleaseFiles()
GIVEN.add(
    vocabulary.read(
        "f.bpmn",
        xml.parse(
            straight(extended(f'<v:handler name="h"/>{WRONG}<v:input name="text"/>', "serviceTask"))
        ),
    )
)
WORDS = ReleaseFiles(parts={"p/l.txt": b"{nobody}"})
WORDS.add(
    vocabulary.read(
        "f.bpmn",
        xml.parse(
            straight(
                extended('<v:handler name="h"/><v:input name="letter" value="p/l"/>', "serviceTask")
            )
        ),
    )
)
MISSING = ReleaseFiles()
MISSING.add(
    vocabulary.read("f.bpmn", xml.parse(straight(extended('<v:handler name="h"/>', "serviceTask"))))
)
#: Each begins a case of the other.
RING = ReleaseFiles()
for one_id, other_id in (("P", "Q"), ("Q", "P")):
    begins = f'<v:handler name="begin"/><v:input name="process" value="{other_id}"/>'
    drawn = model(process(one_id, start() + extended(begins, "serviceTask") + end(), "S>X>E"))
    RING.add(vocabulary.read(f"{one_id}.bpmn", xml.parse(drawn)))
BEGINS = {"begin": ActionSpec("begin", (InputRule("process", "process", "process"),))}


def broken() -> set[str]:
    files = [
        *(row[1] for row in REFUSED),
        *(row[1] for row in PAIRS),
        *(each for row in ROWS for each in row[2]),
        *HOSTILE.values(),
        *(row[1] for row in TOLD),
        *OTHERS,
    ]
    found = {finding.rule for content in files for finding in findings(content)}
    found |= {
        each.rule
        for lane in LANES
        for each in lanes.check(
            iter([("f.bpmn", lane)]), {"punto_id": "Puntos", "area_id": "Áreas"}, HELD
        )
    }
    found |= {
        each.rule
        for given in (GIVEN, WORDS, MISSING)
        for each in inputs.check(given, {"h": ActionSpec("h", TAKES)})
    }
    found |= {each.rule for each in inputs.check(RING, BEGINS)}
    found |= {each.rule for each in lanes.taken([("permiso/paquete.toml", "Zonas", "NORTE")])}
    found |= {
        each.rule
        for each in parts.check(
            {"Malo.txt": b"", "p/x.txt": b"\xff", "p/y.txt": b"a" * (parts.MAX_BYTES + 1)}
        )
    }
    found |= {
        each.rule for each in parts.check({f"p/{n}.txt": b"" for n in range(parts.MAX_PARTS + 1)})
    }
    sound = straight(user("X"))
    found |= {finding.rule for table in TABLES for finding in findings(sound, t_dmn=table)}
    found |= {
        finding.rule
        for finding in findings(
            straight(extended('<v:due expr="ayer(1)"/>')), functions={"ayer": ayer}
        )
    }
    return found | {
        finding.rule
        for finding in findings(
            straight(RULE.format("otra"), variables="n:integer"), t_dmn=DMN % b"5"
        )
    }


def test_every_rule_is_broken_by_a_file_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    found = broken()

    def refuse(*_: Any) -> None:
        raise ValidationException("no such thing")

    monkeypatch.setattr(Parser, "get_spec", refuse)
    found |= {finding.rule for finding in findings(straight(user("X")))}
    assert sorted(RULES.keys() - found) == []


# --- the schema -----------------------------------------------------------------------------------
SPEC = "<ioSpecification><inputSet/></ioSpecification>"


@pytest.mark.parametrize(
    ("content", "problem", "facts"),
    [
        (straight(task("<nada/>")), "element_unexpected", {"element": "nada"}),
        (straight(task("<incoming>f</incoming><documentation/>")), "element_unexpected", {"element": "documentation"}),
        (straight(task(SPEC)), "content_missing", {"element": "ioSpecification"}),
        (straight(task("", attributes='color="red"')), "attribute_invalid", {"element": "userTask", "attribute": "color"}),
        (straight(task("", attributes='startQuantity="many"')), "attribute_invalid", {"element": "userTask", "attribute": "startQuantity"}),
        (straight(task("").replace('id="X"', 'id="1"')), "attribute_invalid", {"element": "userTask", "attribute": "id"}),
        (straight(user("X") + user("X")), "attribute_invalid", {"element": "userTask", "attribute": "id"}),
        (straight(user("X")).replace(b' targetRef="E"', b""), "attribute_missing", {"element": "sequenceFlow", "attribute": "targetRef"}),
        (straight(user("X")).replace(b"</process>", b"words</process>"), "element_invalid", {"element": "process"}),
    ],
)  # fmt: skip
def test_what_the_schema_complains_of_is_named(
    content: bytes, problem: str, facts: dict[str, str]
) -> None:
    assert Problem(problem, facts) in [
        finding.params["problem"] for finding in findings(content) if finding.rule == "schema"
    ]


@pytest.mark.parametrize(
    "number",
    [
        "{aaaa}-{0000000}",
        "{0}",
        "ep-{aaaa}-{000}",
        "-EP{0}",
        "_{aaaa}A{0}",
        "EP",
        "EP-{0}{0}",
        "EP-{0000000000}",
        "E P{0}",
        "",
    ],
)
def test_a_number_of_a_case_is_never_one_of_m5_1_02_and_can_be_looked_for(number: str) -> None:
    assert "case_number" in {f.rule for f in findings(opens(number))}


@pytest.mark.parametrize("number", ["EP-{aaaa}-{00000}", "9A{0}", "A{0}", "EP/{aaaa}.{0}_X"])
def test_a_number_that_people_can_say_is_taken(number: str) -> None:
    assert findings(opens(number)) == []


@pytest.mark.parametrize(
    ("one_number", "other_number", "meet"),
    [
        ("EP-{000}", "EP-{00000}", True), ("EP-{aaaa}-{0}", "EP-2026-{0}", True), ("A{0}", "A1{0}", True), ("A{0}", "A{aaaa}{0}", True),
        ("A{0}1", "A{0}2", False), ("EP-{aaaa}-{0}", "EP-{0}", False), ("EP-{0}", "PE-{0}", False), ("A{00}", "A1", False),
        ("A-{aaaa}-{0}", "A-1-{0}", False), ("A{0}-1", "A7-{0}", True),
    ],
)  # fmt: skip
def test_no_two_processes_may_give_the_same_number(
    one_number: str, other_number: str, *, meet: bool
) -> None:
    found = {
        f.params.get("process")
        for f in findings(both_open(one_number, other_number))
        if f.rule == "case_number_taken"
    }
    assert found == ({"P", "Q"} if meet else set())
