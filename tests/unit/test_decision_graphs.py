"""Decision graphs: own models of each kind, what a business rule task gets of them, and what is
refused when the file is read."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, strategies as st

from engine.errors import Finding, Problem
from engine.model import decision_tables, xml
from engine.model.decision_tables import DMN_CELL
from engine.model.graph_decisions import GraphDecision, read, variable
from tests.unit.test_dmn import SPACE, cells_of_numbers, dmn, escape

NOW = dt.datetime(2026, 12, 2, 9, tzinfo=dt.UTC)


def graph(*parts: str, more: str = "") -> bytes:
    return f'<definitions xmlns="{SPACE}" namespace="urn:t" {more}>{"".join(parts)}</definitions>'.encode()


def asks(name: str, kind: str = "", id_: str = "") -> str:
    return f'<inputData id="{id_ or variable(name)}" name="{name}"><variable name="{name}" typeRef="{kind}"/></inputData>'


def box(text: str) -> str:
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def decision(name: str, logic: str, *needs: str, kind: str = "", id_: str = "") -> str:
    """`needs`: "i:x" input data, "d:x" a decision, "k:x" knowledge, by id."""
    tags = {
        "i": ("informationRequirement", "requiredInput"),
        "d": ("informationRequirement", "requiredDecision"),
        "k": ("knowledgeRequirement", "requiredKnowledge"),
    }
    wires = ""
    for need in needs:
        outer, inner = tags[need[0]]
        wires += f'<{outer}><{inner} href="#{need[2:]}"/></{outer}>'
    return (
        f'<decision id="{id_ or variable(name)}" name="{name}"><variable name="{name}" typeRef="{kind}"/>'
        f"{wires}{logic if logic.startswith('<') else box(logic)}</decision>"
    )


def knows(name: str, logic: str, *parameters: str, needs: str = "", kind: str = "") -> str:
    taken = "".join(f'<formalParameter name="{each}"/>' for each in parameters)
    wire = (
        f'<knowledgeRequirement><requiredKnowledge href="#{needs}"/></knowledgeRequirement>'
        if needs
        else ""
    )
    body = logic if logic.startswith("<") else box(logic)
    return (
        f'<businessKnowledgeModel id="{variable(name)}" name="{name}"><variable name="{name}" typeRef="{kind}"/>'
        f"<encapsulatedLogic>{taken}{body}</encapsulatedLogic>{wire}</businessKnowledgeModel>"
    )


def entry(name: str, logic: str) -> str:
    named = f'<variable name="{name}"/>' if name else ""
    return f"<contextEntry>{named}{logic if logic.startswith('<') else box(logic)}</contextEntry>"


def table(
    rules: list[str],
    inputs: tuple[str, ...] = ("x",),
    outputs: tuple[str, ...] = ("r",),
    policy: str = "UNIQUE",
    more: str = "",
) -> str:
    """The table of a file of tables alone."""
    text = dmn(rules, inputs, outputs, policy, more).decode()
    return text[text.index("<decisionTable") : text.index("</decision>")]


def found(content: bytes, id_: str) -> GraphDecision:
    tables, graphs, findings = read("g.dmn", xml.parse(content))
    assert (tables, findings) == ([], [])
    return next(each for each in graphs if each.id == id_)


def refused(content: bytes, *others: bytes) -> list[Finding]:
    tables, graphs, findings = read(
        "g.dmn", xml.parse(content), [xml.parse(each) for each in others]
    )
    assert (tables, graphs) == ([], [])
    return findings


def codes(findings: list[Finding]) -> set[str]:
    problems = (each.params.get("problem") for each in findings)
    return {each.code for each in problems if isinstance(each, Problem)}


def result(content: bytes, id_: str, **data: Any) -> Any:
    answer = found(content, id_).ask(data, NOW)
    assert answer.error is None, answer.error
    return answer.result


PAYMENT = graph(
    '<itemDefinition name="tLoan"><itemComponent name="amount"><typeRef>number</typeRef></itemComponent>'
    '<itemComponent name="interest rate"><typeRef>number</typeRef></itemComponent></itemDefinition>',
    asks("Loan", "tLoan"),
    asks("yearly fee", "number"),
    knows("monthly part", "(amount * rate) / 12", "amount", "rate"),
    decision(
        "Monthly Payment",
        "monthly part(Loan.amount, Loan.interest rate) + yearly fee / 12",
        "i:Loan",
        "i:yearly_fee",
        "k:monthly_part",
    ),
)


def test_an_expression_on_what_a_case_holds_and_on_knowledge() -> None:
    one = found(PAYMENT, "Monthly_Payment")
    assert (one.names, one.outputs) == ({"Loan", "yearly_fee"}, ("Monthly_Payment",))
    answer = one.ask(
        {"Loan": {"amount": 1200, "interest rate": 0.1}, "yearly_fee": 6, "other": 1}, NOW
    )
    assert (answer.result, answer.rules) == ({"Monthly_Payment": 10.5}, ())
    assert answer.inputs == {"Loan": {"amount": 1200, "interest rate": 0.1}, "yearly_fee": 6}


def test_a_decision_is_evaluated_after_those_that_it_requires_and_tells_the_rules_of_its_own_table() -> (
    None
):
    content = graph(
        asks("age", "number"),
        decision("risk", table(["< 25 => 2 * 2", ">= 25 => 1"], ("age",), ("risk",)), "i:age"),
        decision(
            "fee",
            table(
                [
                    "> 2 => risk * 10 | &quot;alto&quot;".replace("&quot;", '"'),
                    '<= 2 => 0 | "bajo"',
                ],
                ("risk",),
                ("fee", "band"),
            ),
            "d:risk",
        ),
    )
    answer = found(content, "fee").ask({"age": 20}, NOW)
    assert (answer.result, answer.rules) == ({"fee": 40, "band": "alto"}, ((1, ""),))
    assert result(content, "fee", age=30) == {"fee": 0, "band": "bajo"}


def test_contexts_invocations_lists_relations_and_functions() -> None:
    def quoted(text: str) -> str:
        return box(f'"{text}"')

    called = (
        '<invocation><literalExpression><text>twice</text></literalExpression><binding><parameter name="n"/>'
        + box("x + 1")
        + "</binding></invocation>"
    )
    columns = '<column name="name"/><column name="price"/>'
    lines = f"<row>{quoted('a')}{box('x')}</row><row>{quoted('b')}{box('5')}</row>"
    rows = f"<relation>{columns}{lines}</relation>"
    local = f'<functionDefinition><formalParameter name="n"/>{box("n * n")}</functionDefinition>'
    content = graph(
        asks("x", "number"),
        knows("twice", "n * 2", "n"),
        decision("called", called, "i:x", "k:twice"),
        decision("listed", f"<list>{box('x')}{box('x + 1')}</list>", "i:x"),
        decision("priced", rows, "i:x"),
        decision("dear", "priced[price > 4].name", "d:priced"),
        decision(
            "whole",
            f"<context>{entry('square', local)}{entry('of next', 'square(x + 1)')}</context>",
            "i:x",
        ),
        decision("last", f"<context>{entry('a', 'x')}{entry('', 'a + 1')}</context>", "i:x"),
    )
    assert result(content, "called", x=3) == {"called": 8}
    assert result(content, "listed", x=3) == {"listed": [3, 4]}
    assert result(content, "priced", x=3) == {
        "priced": [{"name": "a", "price": 3}, {"name": "b", "price": 5}]
    }
    assert result(content, "dear", x=3) == {"dear": ["b"]}
    assert result(content, "last", x=3) == {"last": 4}
    assert found(content, "whole").ask({"x": 1}, NOW).error is not None  # a case keeps no function


def test_boxed_choices_filters_and_loops() -> None:
    def of(tag: str, *parts: tuple[str, str], more: str = "") -> str:
        return (
            f"<{tag} {more}>"
            + "".join(f"<{name}>{box(text)}</{name}>" for name, text in parts)
            + f"</{tag}>"
        )

    each = 'iteratorVariable="n"'
    content = graph(
        asks("x", "number"),
        decision(
            "chosen",
            of("conditional", ("if", "x > 1"), ("then", '"many"'), ("else", '"one"')),
            "i:x",
        ),
        decision("kept", of("filter", ("in", "[1, 2, 3]"), ("match", "item >= x")), "i:x"),
        decision(
            "squares",
            of("for", ("in", "1..x"), ("return", "n * n"), more=each).replace("1..x", "[1..x]"),
            "i:x",
        ),
        decision(
            "any",
            of("some", ("in", "[1, 2]"), ("satisfies", "n > x"), more=each),
            "i:x",
            id_="any_",
        ),
        decision(
            "all",
            of("every", ("in", "[1, 2]"), ("satisfies", "n > x"), more=each),
            "i:x",
            id_="all_",
        ),
    )
    assert [result(content, name, x=2) for name in ("chosen", "kept", "squares")] == [
        {"chosen": "many"}, {"kept": [2, 3]}, {"squares": [1, 4]},
    ]  # fmt: skip
    assert [result(content, name, x=1) for name in ("any_", "all_")] == [
        {"any": True},
        {"all": False},
    ]


def test_a_service_is_called_like_a_function() -> None:
    service = (
        '<decisionService id="s" name="fee service"><outputDecision href="#fee"/><encapsulatedDecision href="#base"/>'
        '<inputData href="#age"/></decisionService>'
    )
    content = graph(
        asks("age", "number"),
        decision("base", "age * 2", "i:age"),
        decision("fee", "base + 1", "d:base"),
        service,
        decision("both", "fee service(10) + fee service(age: 20)", "k:s"),
    )
    assert result(content, "both") == {"both": 62}


def test_types_make_dates_of_texts_and_refuse_other_kinds() -> None:
    content = graph(
        '<itemDefinition name="tDays" isCollection="true"><typeRef>date</typeRef></itemDefinition>',
        '<itemDefinition name="tColour"><typeRef>string</typeRef><allowedValues><text>"red", "green"</text></allowedValues>'
        "</itemDefinition>",
        asks("day", "date"), asks("days", "tDays"), asks("colour", "tColour"),
        decision("until", 'day + duration("P1M")', "i:day", kind="date"),
        decision("before", "count(days[item < day])", "i:day", "i:days"),
        decision("named", "colour", "i:colour"),
    )  # fmt: skip
    assert result(content, "until", day="2024-01-31") == {"until": "2024-02-29"}
    assert result(content, "until", day="pronto") == {"until": None}
    assert result(content, "before", day="2026-01-02", days=["2026-01-01", "2026-01-02"]) == {
        "before": 1
    }
    untyped = found(graph(asks("day"), decision("year", "day.year", "i:day")), "year").ask(
        {"day": "2024-01-31"}, NOW
    )
    assert untyped.error is not None
    assert untyped.error.problem.code == "text_or_moment"
    assert [result(content, "named", colour=each) for each in ("red", "blue")] == [
        {"named": "red"},
        {"named": None},
    ]


@pytest.mark.parametrize(
    ("policy", "more", "expected"),
    [
        ("UNIQUE", "", "many"),
        ("FIRST", "", 1),
        ("ANY", "", "many"),
        ("RULE ORDER", "", [1, 3]),
        ("COLLECT", "", [1, 3]),
        ("COLLECT", 'aggregation="SUM"', 4),
        ("COLLECT", 'aggregation="COUNT"', 2),
        ("COLLECT", 'aggregation="MAX"', 3),
    ],
)
def test_the_policies_of_tables_of_a_graph(policy: str, more: str, expected: Any) -> None:
    content = graph(
        asks("x", "number"),
        knows("same", "n", "n"),
        decision(
            "r", table(["> 1 => same(1)", "> 2 => 3"], policy=policy, more=more), "i:x", "k:same"
        ),
    )
    answer = found(content, "r").ask({"x": 5}, NOW)
    assert (answer.error.problem.code if answer.error else (answer.result or {})["r"]) == expected
    none = found(content, "r").ask({"x": 0}, NOW)
    if "COUNT" in more:
        assert none.result == {"r": 0}
    else:
        assert none.error is not None
        assert (none.error.problem.code, none.error.problem.facts["inputs"]) == (
            "no_rule",
            {"x": 0},
        )


@pytest.mark.parametrize("policy", ["PRIORITY", "OUTPUT ORDER"])
def test_the_order_of_output_values(policy: str) -> None:
    made = table(['> 1 => "low"', '> 2 => f("high")'], policy=policy).replace(
        'name="r"/>', 'name="r"><outputValues><text>"high","low"</text></outputValues></output>'
    )
    content = graph(asks("x", "number"), knows("f", "n", "n"), decision("r", made, "i:x", "k:f"))
    answer = found(content, "r").ask({"x": 5}, NOW)
    assert (answer.result, answer.rules) == (
        ({"r": "high"}, ((2, ""),))
        if policy == "PRIORITY"
        else ({"r": ["high", "low"]}, ((2, ""), (1, "")))
    )


def test_a_default_output_where_no_rule_matches() -> None:
    made = table(["> 1 => f(1)"]).replace(
        'name="r"/>', 'name="r"><defaultOutputEntry><text>7</text></defaultOutputEntry></output>'
    )
    assert result(
        graph(asks("x"), knows("f", "n", "n"), decision("r", made, "i:x", "k:f")), "r", x=0
    ) == {"r": 7}


def test_a_file_may_import_another_of_its_release() -> None:
    lib = f'<definitions xmlns="{SPACE}" namespace="urn:lib">{knows("twice", "n * 2", "n")}</definitions>'.encode()
    bring = f'<import name="lib" namespace="urn:lib" importType="{SPACE}"/>'
    content = graph(bring, asks("x"), decision("r", "lib.twice(x)", "i:x", "k:twice")).replace(
        b'href="#twice"', b'href="urn:lib#twice"'
    )
    _tables, (one,), findings = read("g.dmn", xml.parse(content), [xml.parse(lib)])
    assert findings == []
    assert one.ask({"x": 4}, NOW).result == {"r": 8}
    assert [f.rule for f in refused(content)] == ["dmn_graph"]


RING = (decision("a", "b", "d:b"), decision("b", "a", "d:a"))
OTHER_LANGUAGE = (
    '<literalExpression expressionLanguage="urn:other"><text>1</text></literalExpression>'
)
JAVA = graph(knows("f", "1"), decision("r", "f()", "k:f")).replace(
    b"<encapsulatedLogic>", b'<encapsulatedLogic kind="Java">'
)
NO_POLICY = "<decisionTable hitPolicy='OTHER'><output/></decisionTable>"


@pytest.mark.parametrize(
    ("content", "rule", "problem"),
    [
        (graph(decision("r", "x + 1")), "dmn_graph", "feel_name_unknown"),
        (graph(decision("r", "1 2")), "dmn_graph", "feel_not_read"),
        (graph(asks("x", "tNone"), decision("r", "x", "i:x")), "dmn_graph", "feel_type_unknown"),
        (graph(*RING), "dmn_graph", "nested_too_deeply"),
        (graph(decision("r", "1", "d:gone")), "dmn_graph", "feel_not_evaluated"),
        (graph(decision("r", OTHER_LANGUAGE)), "dmn_graph", "feel_not_evaluated"),
        (JAVA, "dmn_graph", "feel_not_evaluated"),
        (
            graph(asks("a b", id_="i"), asks("a_b"), decision("r", "a b + a_b", "i:i", "i:a_b")),
            "dmn_graph",
            "feel_not_evaluated",
        ),
        (graph(decision("r", NO_POLICY), decision("s", "1")), "dmn_graph", "feel_not_evaluated"),
        (graph(decision("r", "1"), decision("r", "2")), "dmn_graph", "attribute_invalid"),
        (
            graph(asks("a", id_="i"), asks("a"), decision("r", "a", "i:i", "i:a")),
            "dmn_graph",
            "attribute_invalid",
        ),
        (graph(decision("r", "<literalExpression/>")), "dmn_not_a_table", None),
        (graph(decision("r", "1").replace('id="r" ', "")), "dmn_id_missing", None),
        (graph(decision("¿?", "1", id_="r")), "dmn_outputs", None),
    ],
)
def test_what_is_not_evaluated_is_refused_when_the_file_is_read(
    content: bytes, rule: str, problem: str | None
) -> None:
    findings = refused(content)
    assert rule in {each.rule for each in findings}
    assert problem is None or problem in codes(findings)


def test_what_requires_a_refused_decision_is_refused_with_it() -> None:
    findings = refused(graph(decision("a", "1 +"), decision("b", "a", "d:a"), decision("c", "1")))
    assert [each.element for each in findings] == ["a", "b"]


def test_a_chain_of_decisions_has_an_end() -> None:
    chain = [
        decision("d0", "1"),
        *(decision(f"d{n}", f"d{n - 1} + 1", f"d:d{n - 1}") for n in range(1, 90)),
    ]
    assert codes(refused(graph(*chain[::-1]))) == {"nested_too_deeply"}
    assert result(graph(*chain[:30]), "d29") == {"d29": 30}


def test_a_file_that_would_take_long_to_read_is_refused_or_read_soon() -> None:
    """Counted in what is looked up, not in time: names of one first word are found piece by
    piece."""
    assert codes(refused(graph(*(decision(f"d{n}", "1") for n in range(2_001))))) == {
        "too_many_parts"
    }
    assert codes(refused(graph(*(decision(f"d{n}", "1 + " * 900 + "1") for n in range(120))))) == {
        "too_many_characters"
    }
    chain = [
        f'<itemDefinition name="t{n}"><typeRef>t{n + 1}</typeRef></itemDefinition>'
        for n in range(3_000)
    ]
    assert codes(refused(graph(*chain, '<itemDefinition name="t3000"/>', decision("r", "1")))) == {
        "nested_too_deeply"
    }
    ring = '<itemDefinition name="a"><typeRef>b</typeRef></itemDefinition><itemDefinition name="b"><typeRef>a</typeRef></itemDefinition>'
    assert codes(refused(graph(ring, decision("r", "1")))) == {"feel_not_evaluated"}
    wide = "<context>" + "".join(entry(f"a {n}", "1") for n in range(5_000)) + "</context>"
    assert len(result(graph(decision("r", wide)), "r")["r"]) == 5_000


def test_a_table_that_was_always_read_is_read_as_before() -> None:
    tables, graphs, findings = read("t.dmn", xml.parse(dmn(["> 1 => 1", "<= 1 => 0"])))
    assert (len(tables), graphs, findings) == (1, [], [])
    _, _, findings = read("t.dmn", xml.parse(dmn(["abc => 1"])))
    assert [each.rule for each in findings] == [DMN_CELL.code]


@given(
    st.lists(cells_of_numbers, min_size=1, max_size=5),
    st.lists(st.integers(-25, 25) | st.floats(-25, 25), min_size=1, max_size=10),
)
def test_both_readers_of_tables_decide_alike(cells: list[str], probes: list[float]) -> None:
    """What the reader of plain tables decides, the evaluator of graphs does, too: the else row
    apart, which DMN does not know."""
    rules = [f"{text} => {place}" for place, text in enumerate(cells)]
    (plain,), _ = decision_tables.read("t.dmn", xml.parse(dmn(rules, policy="COLLECT")))
    other = found(
        graph(
            asks("x"),
            knows("f", "n", "n"),
            decision("r", table([*rules, "null => f(0)"], policy="COLLECT"), "i:x", "k:f"),
        ),
        "r",
    )
    for probe in probes:
        assert other.ask({"x": probe}, NOW).result == plain.ask({"x": probe}).result
