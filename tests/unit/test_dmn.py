"""Decision tables: cells, hit policies, and the lint that finds gaps and overlaps by trying every
region."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from engine.errors import DecisionError, ExpressionError, Problem
from engine.lint.tables import MAX_OVERLAPS, check_table
from engine.model import xml
from engine.model.cells import cell
from engine.model.decision_tables import Table, read
from engine.model.graph_decisions import read as read_file

SPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def dmn(
    rules: Any,
    inputs: Any = ("x",),
    outputs: Any = ("r",),
    policy: Any = "UNIQUE",
    more: Any = "",
    types: Any = None,
) -> bytes:
    """A file with one table; each rule is "cell | cell => output | output"."""
    ins = "".join(
        f'<input id="i{n}"><inputExpression typeRef="{(types or {}).get(name, "")}"><text>{name}</text></inputExpression></input>'
        for n, name in enumerate(inputs)
    )
    outs = "".join(f'<output id="o{n}" name="{name}"/>' for n, name in enumerate(outputs))
    rows = ""
    for rule in rules:
        left, _, right = rule.partition("=>")
        entries = "".join(
            f"<inputEntry><text>{escape(t)}</text></inputEntry>" for t in left.split("|") if inputs
        )
        results = "".join(
            f"<outputEntry><text>{escape(t)}</text></outputEntry>" for t in right.split("|")
        )
        rows += f"<rule>{entries}{results}</rule>"
    return (
        f'<definitions xmlns="{SPACE}"><decision id="t"><decisionTable hitPolicy="{policy}" {more}>'
        f"{ins}{outs}{rows}</decisionTable></decision></definitions>"
    ).encode()


def escape(text: Any) -> str:
    return text.strip().replace("&", "&amp;").replace("<", "&lt;")


def table(*args: Any, **kwargs: Any) -> Table:
    tables, findings = read("t.dmn", xml.parse(dmn(*args, **kwargs)))
    assert findings == []
    return tables[0]


def rules_of(*args: Any, **kwargs: Any) -> list[str]:
    return [f.rule for f in check_table("t.dmn", table(*args, **kwargs))]


@pytest.mark.parametrize(
    ("text", "yes", "no"),
    [
        ("-", ["a", None, 1, True], []),
        ("", ["a", None], []),
        ('"a"', ["a"], ["b", None, 1]),
        ('"a","b"', ["a", "b"], ["c", None]),
        ('"a, b", "c"', ["a, b", "c"], ["a", "b"]),
        ("5", [5, 5.0], [6, "5", None, True]),
        ("1", [1], [True]),
        ("true", [True], [False, 1, "true", None]),
        ("false", [False], [0, None]),
        ("null", [None], ["", 0, False]),
        ("> 5", [6, 5.1], [5, None, "6", True]),
        (">= 5", [5], [4.9]),
        ("< -1.5", [-2], [-1.5]),
        ("<= 5", [5, -1], [6]),
        ("[1..5]", [1, 5, 3], [0, 6, None, "3"]),
        ("]1..5[", [2, 4.9], [1, 5]),
        ("(1..5]", [5, 1.1], [1]),
        (
            '< date("2026-03-01")',
            ["2026-02-28"],
            ["2026-03-01", "28/02/2026", None, 5, "2026-02-28T10:00:00"],
        ),
        ('date("2026-03-01")', ["2026-03-01"], ["2026-03-02", None]),
        (
            '[date("2026-01-01")..date("2026-12-31")]',
            ["2026-01-01", "2026-12-31"],
            ["2027-01-01", "x"],
        ),
        ('>= time("08:00:00")', ["08:00:00", "17:30"], ["07:59:59", None]),
        (
            '> date and time("2026-01-01T00:00:00Z")',
            ["2026-01-01T01:00:00+00:00"],
            ["2026-01-01T01:00:00", "2025-12-31T19:00:00-05:00"],
        ),
        ('> duration("P1D")', ["PT25H", "P2D"], ["P1D", "P1M", "PT24H"]),
        ('<= duration("P1Y")', ["P12M", "P1Y"], ["P13M", "P300D"]),
        ('not(date("2026-03-01"))', ["2026-03-02", "x"], ["2026-03-01", None]),
        ('@"2026-03-01", @"P1M"', ["2026-03-01", "P1M"], ["2026-03-02"]),
        ('["2026-01-01".."2026-12-31"]', ["2026-11-24"], ["2027-01-01", 2026]),
        ('not("a","b")', ["c", 1], ["a", "b", None]),
        ("not(> 5)", [5], [6, None]),
        ("< 1, > 3", [0, 4], [1, 2, 3]),
    ],
)
def test_a_cell_accepts_exactly_what_it_says(text: Any, yes: Any, no: Any) -> None:
    test = cell(text).test
    assert [value for value in yes if not test(value)] == []
    assert [value for value in no if test(value)] == []


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "'a'",
        "[5..1]",
        "[1..'x']",
        "> true",
        "> null",
        "not(abc)",
        '"a" "b"',
        "1..5",
        '"a',
        "=5",
    ],
)
def test_a_cell_that_is_no_test_is_refused(text: Any) -> None:
    with pytest.raises(ExpressionError):
        cell(text)


def test_a_unique_table_gives_the_outputs_of_its_one_rule() -> None:
    decided = table(
        ['"a" | > 5 => "uno" | 1', '"a" | <= 5 => "dos" | 2', "- | - => null | 0"],
        ("x", "n"),
        ("r", "s"),
    )
    assert decided.decide({"x": "a", "n": 6}) == {"r": "uno", "s": 1}
    assert decided.decide({"x": "a", "n": 5}) == {"r": "dos", "s": 2}
    assert decided.decide({"x": "b", "n": None}) == {"r": None, "s": 0}


def test_two_matching_rules_of_a_unique_table_are_an_error_that_names_them() -> None:
    with pytest.raises(DecisionError) as caught:
        table(["> 1 => 1", "> 2 => 2"]).decide({"x": 3})
    assert caught.value.problem == Problem(
        "many", {"table": "t", "inputs": {"x": 3}, "rules": "1, 2"}
    )


def test_no_matching_rule_is_an_error_and_never_an_empty_answer() -> None:
    for policy in "UNIQUE", "COLLECT", "FIRST":
        with pytest.raises(DecisionError) as caught:
            table(['"a" => 1', '"b" => 2'], policy=policy).decide({"x": "z"})
        assert caught.value.problem == Problem("no_rule", {"table": "t", "inputs": {"x": "z"}})
        assert caught.value.code == "ERR_DMN_SIN_REGLA"


def test_a_variable_without_a_value_matches_only_dashes_and_null() -> None:
    with pytest.raises(DecisionError, match="no rule"):
        table(['"a" => 1', 'not("a") => 2']).decide({})
    assert table(['"a" => 1', "null => 2"]).decide({}) == {"r": 2}


def test_first_takes_the_first_row_and_the_else_row_last() -> None:
    decided = table(["> 1 => 1", "> 2 => 2", "- => 0"], policy="FIRST")
    assert [decided.decide({"x": x})["r"] for x in (3, 2, 1)] == [1, 1, 0]


def test_collect_gives_lists_in_the_order_of_the_rules() -> None:
    decided = table(
        ['> 1 => "a" | 1', '> 2 => "b" | 2', '> 5 => "c" | 3'], outputs=("r", "s"), policy="COLLECT"
    )
    assert decided.decide({"x": 3}) == {"r": ["a", "b"], "s": [1, 2]}


def test_an_input_may_be_an_expression() -> None:
    assert table(["> 10 => true", "<= 10 => false"], ("a + b",)).decide({"a": 6, "b": 5}) == {
        "r": True
    }


def test_an_input_that_cannot_be_computed_is_a_decision_error() -> None:
    with pytest.raises(DecisionError) as caught:
        table(["- => 1"], ("a + b",)).decide({"a": 1})
    facts = {"sign": "+", "value": None, "expression": "a + b", "table": "t"}
    assert caught.value.problem == Problem("needs_numbers", facts)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (dmn(["- => 1"], policy="OTHER"), "dmn_hit_policy"),
        (dmn(["- => 1"], policy="COLLECT", more='aggregation="AVG"'), "dmn_aggregation"),
        (dmn(["- => 1"], policy="FIRST", more='aggregation="SUM"'), "dmn_aggregation"),
        (dmn(['- => "a"'], policy="COLLECT", more='aggregation="SUM"'), "dmn_aggregation"),
        (
            dmn(["- => 1 | 2"], outputs=("r", "s"), policy="COLLECT", more='aggregation="COUNT"'),
            "dmn_aggregation",
        ),
        (dmn(["- => 1"], policy="PRIORITY"), "dmn_priorities"),
        (dmn(["- => 1"], policy="OUTPUT ORDER"), "dmn_priorities"),
        (dmn(["x => 1"]), "dmn_cell"),
        (dmn(["- => x"]), "dmn_cell"),
        (dmn(["- | - => 1"]), "dmn_rule_size"),
        (dmn([]), "dmn_rules"),
        (dmn([" => 1"], inputs=()), "dmn_inputs"),
        (dmn(["- => 1"]).replace(b'<decision id="t"', b"<decision"), "dmn_id_missing"),
        (dmn(["- => 1"], ("x.y()",)), "expression"),
        (dmn(["- => 1 | 2"], outputs=("r", "r")), "dmn_outputs"),
        (
            f'<definitions xmlns="{SPACE}"><decision id="d"><literalExpression/></decision></definitions>'.encode(),
            "dmn_not_a_table",
        ),
        (f'<definitions xmlns="{SPACE}"/>'.encode(), "dmn_empty"),
        (b"<definitions/>", "dmn_not_dmn"),
    ],
)
def test_a_table_that_we_do_not_run_is_refused_with_its_reason(content: Any, rule: Any) -> None:
    tables, findings = read("t.dmn", xml.parse(content))
    assert tables == []
    assert rule in [f.rule for f in findings]


def test_the_lint_finds_an_overlap_and_gives_an_example() -> None:
    (found,) = check_table(
        "t.dmn", table(['"a" | > 5 => 1', '"a" | > 7 => 2', "- | - => 3"], ("x", "n"))
    )
    assert found.rule == "dmn_overlap"
    assert found.params["rules"] == "1, 2"
    assert found.params["example"] == Problem("case", {"x": "a", "n": 8.0})


def test_the_lint_finds_a_gap_between_two_intervals() -> None:
    (found,) = check_table("t.dmn", table(["< 5 => 1", "> 5 => 2"]))
    assert (found.rule, found.params["example"]) == ("dmn_gap", Problem("case", {"x": 5.0}))


def test_an_else_row_closes_every_gap_and_overlaps_with_nothing() -> None:
    assert rules_of(["< 5 => 1", "> 7 => 2", "- => 3"]) == []


def test_intervals_of_whole_numbers_leave_no_gap_between_neighbours() -> None:
    assert rules_of(["<= 1998 => 1", ">= 1999 => 2"], types={"x": "integer"}) == []
    assert rules_of(["<= 1998 => 1", ">= 1999 => 2"]) == ["dmn_gap"]


def test_true_and_false_are_all_booleans() -> None:
    assert rules_of(["true => 1", "false => 2"]) == []
    assert rules_of(["true => 1"], types={"x": "boolean"}) == ["dmn_gap"]


def test_texts_other_than_the_written_ones_are_a_gap() -> None:
    assert rules_of(['"a" => 1', '"b" => 2']) == ["dmn_gap"]


def test_a_rule_behind_a_wider_one_is_never_used() -> None:
    assert rules_of(["> 1 => 1", "> 2 => 2", "- => 0"], policy="FIRST") == ["dmn_rule_unused"]


def test_a_first_table_needs_an_else_row() -> None:
    assert "dmn_no_else" in rules_of(["> 1 => 1", "<= 1 => 2"], policy="FIRST")


def test_rules_of_collect_may_overlap() -> None:
    assert rules_of(["> 1 => 1", "> 2 => 2", "<= 1 => 3"], policy="COLLECT") == []


def with_values(content: bytes, column: str, tag: str, values: str) -> Table:
    """The same table, with the values that a column may hold."""
    element = f"<{tag}><text>{escape(values)}</text></{tag}>"
    close = "</input>" if tag == "inputValues" else "</output>"
    if tag == "outputValues":
        content = content.replace(
            f'<output id="{column}" name="r"/>'.encode(),
            f'<output id="{column}" name="r"></output>'.encode(),
        )
    before, _, after = content.decode().partition(f'id="{column}"')
    tables, findings = read(
        "t.dmn",
        xml.parse((before + f'id="{column}"' + after.replace(close, element + close, 1)).encode()),
    )
    assert findings == []
    return tables[0]


def test_what_an_input_may_hold_leaves_no_gap() -> None:
    """The simplest published tables: every allowed value has its rule."""
    rules = ['"a" => 1', '"b" => 2']
    assert rules_of(rules) == ["dmn_gap"]
    assert [
        f.rule
        for f in check_table("t.dmn", with_values(dmn(rules), "i0", "inputValues", '"a","b"'))
    ] == []
    assert [
        f.rule
        for f in check_table("t.dmn", with_values(dmn(rules), "i0", "inputValues", '"a","b","c"'))
    ] == ["dmn_gap"]
    assert [
        f.rule
        for f in check_table(
            "t.dmn", with_values(dmn(["< 5 => 1", ">= 5 => 2"]), "i0", "inputValues", "[0..9]")
        )
    ] == []


def test_priority_takes_the_output_that_comes_first_among_its_values() -> None:
    rules = ['> 1 => "baja"', '> 5 => "alta"', '<= 1 => "media"']
    decided = with_values(
        dmn(rules, policy="PRIORITY"), "o0", "outputValues", '"alta","media","baja"'
    )
    assert [decided.decide({"x": x})["r"] for x in (9, 3, 0)] == ["alta", "baja", "media"]
    assert [f.rule for f in check_table("t.dmn", decided)] == []


def test_output_order_gives_a_list_by_priority_and_rule_order_by_row() -> None:
    rules = ['> 1 => "baja"', '> 5 => "alta"', "- => null"]
    values = '"alta","media","baja",null'
    ordered = with_values(dmn(rules, policy="OUTPUT ORDER"), "o0", "outputValues", values)
    assert ordered.decide({"x": 9}) == {"r": ["alta", "baja", None]}
    assert table(rules, policy="RULE ORDER").decide({"x": 9}) == {"r": ["baja", "alta", None]}


def test_any_takes_rules_that_agree_and_refuses_rules_that_do_not() -> None:
    assert table(["> 1 => 1", "> 2 => 1", "<= 1 => 0"], policy="ANY").decide({"x": 5}) == {"r": 1}
    assert rules_of(["> 1 => 1", "> 2 => 1", "<= 1 => 0"], policy="ANY") == []
    assert rules_of(["> 1 => 1", "> 2 => 2", "<= 1 => 0"], policy="ANY") == ["dmn_overlap"]
    with pytest.raises(DecisionError) as caught:
        table(["> 1 => 1", "> 2 => 2"], policy="ANY").decide({"x": 5})
    assert caught.value.problem.code == "many"


@pytest.mark.parametrize(
    ("aggregation", "expected"), [("SUM", 6), ("MIN", 1), ("MAX", 3), ("COUNT", 3)]
)
def test_collect_sums_counts_and_takes_the_least_or_greatest(
    aggregation: str, expected: int
) -> None:
    decided = table(
        ["> 1 => 1", "> 2 => 2", "> 3 => 3"], policy="COLLECT", more=f'aggregation="{aggregation}"'
    )
    assert decided.decide({"x": 9}) == {"r": expected}
    if aggregation == "COUNT":
        assert decided.decide({"x": 0}) == {"r": 0}
        assert check_findings(decided) == []
    else:
        with pytest.raises(DecisionError, match="no rule"):
            decided.decide({"x": 0})


def check_findings(decided: Table) -> list[str]:
    return [f.rule for f in check_table("t.dmn", decided)]


@pytest.mark.parametrize(
    ("variable", "decision", "name"),
    [
        ('<variable name="total"/>', 'id="t" name="Tarifa del mes"', "total"),
        ("", 'id="t" name="tarifa"', "tarifa"),
        ("", 'id="t"', "t"),
    ],
)
def test_a_single_output_without_a_name_is_named_by_the_decision(
    variable: str, decision: str, name: str
) -> None:
    """8.3.4 of DMN 1.3."""
    content = (
        dmn(["- => 1"])
        .replace(b' name="r"', b"")
        .replace(b'<decision id="t">', f"<decision {decision}>{variable}".encode())
    )
    tables, findings = read("t.dmn", xml.parse(content))
    assert findings == []
    assert tables[0].decide({"x": 0}) == {name: 1}


def test_an_output_is_one_of_its_values_and_what_cannot_be_read_is_told() -> None:
    """Told, and the table still runs: it may have been put in force before these were read."""
    for tag, values, rule in (
        ("outputValues", "2, 3", "dmn_output_value"),
        ("inputValues", "nada", "dmn_values"),
    ):
        inner = f"<{tag}><text>{values}</text></{tag}>"
        content = dmn(["- => 1"]).replace(
            b'name="r"/>', f'name="r">{inner if tag == "outputValues" else ""}</output>'.encode()
        )
        content = content.replace(
            b"</input>", f"{inner if tag == 'inputValues' else ''}</input>".encode()
        )
        tables, findings = read("t.dmn", xml.parse(content))
        assert [f.rule for f in findings] == [rule]
        assert tables[0].decide({"x": 0}) == {"r": 1}


def test_dates_leave_no_gap_between_neighbours_and_one_where_a_day_is_missing() -> None:
    days = ['< date("2026-03-01") => 1', '>= date("2026-03-01") => 2']
    assert rules_of(days) == []
    assert rules_of([days[0], '> date("2026-03-01") => 2']) == ["dmn_gap"]
    assert rules_of(['< duration("P1D") => 1', '>= duration("PT24H") => 2']) == []
    assert table(['< date("2026-03-01") => date("2026-04-01")', "- => null"]).decide(
        {"x": "2026-01-01"}
    ) == {"r": "2026-04-01"}


numbers = st.integers(-20, 20)
cells_of_numbers = st.one_of(
    st.just("-"),
    numbers.map(str),
    st.tuples(st.sampled_from(["<", "<=", ">", ">="]), numbers).map(lambda t: f"{t[0]} {t[1]}"),
    st.tuples(st.sampled_from("[]"), numbers, st.integers(0, 9), st.sampled_from("[]")).map(
        lambda t: f"{t[0]}{t[1]}..{t[1] + t[2]}{t[3]}"
    ),
).flatmap(lambda text: st.sampled_from([text, f"not({text})"]) if text != "-" else st.just(text))


@given(
    st.lists(cells_of_numbers, min_size=1, max_size=5),
    st.lists(st.integers(-25, 25) | st.floats(-25, 25), max_size=10),
)
def test_a_table_without_findings_decides_every_number(cells: Any, probes: Any) -> None:
    unique = table(
        [f"{text} => {place}" for place, text in enumerate(cells)], types={"x": "number"}
    )
    found = {finding.rule for finding in check_table("t.dmn", unique)}
    for probe in probes:
        matching = [rule for rule in unique.rules if rule.matches([probe])]
        special = [rule for rule in matching if rule is not unique.otherwise]
        assert matching or "dmn_gap" in found
        assert len(special) <= 1 or "dmn_overlap" in found


@given(cells_of_numbers, st.floats(-30, 30))
def test_not_is_the_contrary_of_every_test(text: Any, number: Any) -> None:
    if not text.startswith("not") and text != "-":
        assert cell(f"not({text})").test(number) is not cell(text).test(number)


def test_a_table_with_too_many_regions_to_try_is_refused() -> None:
    columns = tuple("abcdef")
    rules = ["|".join(f"[{n}..{n}]" for _ in columns) + f" => {n}" for n in range(10)]
    assert "dmn_too_large_to_check" in rules_of(rules, columns)


def test_a_table_that_collects_of_many_columns_is_checked_column_by_column() -> None:
    """Each judges another answer: nobody needs to try all answers together."""
    columns = tuple("abcdefghijklmnop")
    rules = [
        "|".join("-" if other != place else f'"{text}"' for other in range(16)) + " => 1"
        for place in range(16)
        for text in ("si", "no")
    ]
    assert rules_of(rules, columns, policy="COLLECT") == ["dmn_gap"]
    assert rules_of([*rules, "|".join("-" * 16) + " => 0"], columns, policy="COLLECT") == []
    never = "|".join(["> 5", *"-" * 15]) + " => 1"
    number_of = with_values(
        dmn([*rules[2:], "|".join("-" * 16) + " => 0", never], columns, policy="COLLECT"),
        "i0",
        "inputValues",
        "[0..5]",
    )
    assert check_findings(number_of) == ["dmn_rule_unused"]


def test_a_table_that_collects_and_whose_regions_nobody_can_try_is_refused() -> None:
    columns = tuple(f"c{n}" for n in range(12))
    last = ["-|" * 11 + "< 5 => 1", "-|" * 11 + ">= 5 => 1"]
    assert rules_of(last, columns, policy="COLLECT") == []
    assert rules_of([*last, "|".join(["[1..3]"] * 12) + " => 1"], columns, policy="COLLECT") == [
        "dmn_too_large_to_check"
    ]
    wide = tuple(f"c{n}" for n in range(101))
    assert rules_of(["|".join(["1"] * 101) + " => 1"], wide, policy="COLLECT") == [
        "dmn_too_large_to_check"
    ]


@given(
    st.lists(st.tuples(cells_of_numbers, cells_of_numbers), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(-25, 25), st.integers(-25, 25)), max_size=10),
)
def test_a_table_that_collects_has_a_rule_for_each_pair_or_is_said_to_have_none(
    cells: Any, probes: Any
) -> None:
    collects = table(
        [f"{x} | {y} => 1" for x, y in cells],
        ("x", "y"),
        policy="COLLECT",
        types={"x": "number", "y": "number"},
    )
    found = list(check_table("t.dmn", collects))
    unused = {finding.params["rule"] for finding in found if finding.rule == "dmn_rule_unused"}
    for probe in probes:
        matching = {rule.id for rule in collects.rules if rule.matches(probe)}
        assert matching or "dmn_gap" in {finding.rule for finding in found}
        assert not matching & unused


def test_not_every_pair_of_a_bad_table_is_named() -> None:
    assert 0 < rules_of(["- => 1"] * 60).count("dmn_overlap") <= MAX_OVERLAPS


def test_a_table_whose_file_says_its_input_data_may_be_incomplete_as_the_standard_has_it() -> None:
    """Told, not refused; in a file of ours a gap stays an error."""
    for rules, policy in ((["> 1 => 1", "> 3 => 2"], "FIRST"), (["> 1 => 1"], "UNIQUE")):
        content = dmn(rules, policy=policy)
        declared = content.replace(b"<decision ", b'<inputData id="i" name="x"/><decision ', 1)
        for file, severity in ((content, "error"), (declared, "warning")):
            (one,), _graphs, findings = read_file("t.dmn", xml.parse(file))
            assert findings == []
            told = {each.rule: each.severity for each in check_table("t.dmn", one)}
            assert told["dmn_gap"] == severity
            assert told.get("dmn_no_else", severity) == severity


def test_an_input_reads_into_a_variable_and_into_nothing_else() -> None:
    """A path of the expression language: data only, whatever Python calls by that name."""
    reads_into = table(['"a" => 1', "- => 2"], ("x.real",), policy="FIRST")
    assert reads_into.decide({"x": {"real": "a"}}) == {"r": 1}
    assert reads_into.decide({"x": {}}) == {"r": 2}
    with pytest.raises(DecisionError) as caught:
        reads_into.decide({"x": 1})
    assert caught.value.problem.code == "no_parts"
