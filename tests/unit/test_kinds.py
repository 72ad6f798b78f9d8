"""What kinds an expression gives: what is well typed is never told and never fails; what is told
fails whatever the variables hold."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import assume, given, settings, strategies as st

from app import functions
from engine.errors import ExpressionError, Problem
from engine.model.expressions import compile_expression
from engine.model.kinds import (
    ANY,
    OF_TYPE,
    TEXTS,
    Clash,
    Kinds,
    Reading,
    is_always_past,
    name_of,
    of_value,
    read,
    signature,
)
from engine.types import Functions
from tests.kit.clock import NOW

Values = st.SearchStrategy[Any]

OURS = functions()
#: variable → its declared type, and values of that type (a text that is empty, or a time, is rare)
DECLARED: Mapping[str, tuple[str, Values]] = {
    "n": ("integer", st.integers(-900, 900)),
    "m": ("integer", st.integers(-900, 900)),
    "peso": ("number", st.integers(-900, 900) | st.floats(-900, 900)),
    "t": ("text", st.text(alphabet="abcxyz ", min_size=1, max_size=9)),
    "u": ("choice", st.sampled_from(["queja", "reclamo", "solicitud"])),
    "si": ("boolean", st.booleans()),
    "f": (
        "instant",
        st.integers(1_577_836_800, 1_893_456_000).map(
            lambda second: dt.datetime.fromtimestamp(second, dt.UTC).isoformat()
        ),
    ),
    "g": ("date", st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)).map(dt.date.isoformat)),
    "l": ("list", st.lists(st.integers(0, 9), max_size=4)),
}
KNOWN: Mapping[str, Kinds] = {name: OF_TYPE[kind] for name, (kind, _) in DECLARED.items()}
DATA = st.fixed_dictionaries({name: values for name, (_, values) in DECLARED.items()})
#: What a value of the wrong kind is told as. The others speak of numbers, or of what a list holds.
OF_KINDS = {
    "not_comparable",
    "needs_boolean",
    "needs_numbers",
    "not_searchable",
    "nothing_to_measure",
    "structure_compared",
}


def reading(text: str, known: Mapping[str, Kinds] = KNOWN, named: Functions = OURS) -> Reading:
    return read(compile_expression(text), known, named)


def too_large(text: str) -> bool:
    try:
        compile_expression(text)
    except ExpressionError as error:
        return error.problem.code in ("too_many_parts", "too_many_characters")
    return False


def told(text: str, named: Functions = OURS) -> list[tuple[str, str]]:
    return [(clash.rule, clash.part) for clash in reading(text, named=named).clashes]


# --- what is right --------------------------------------------------------------------------------
def _joined(sides: Values, *signs: str) -> Values:
    return st.tuples(sides, st.sampled_from(signs), sides).map(
        lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
    )


whole = st.recursive(
    st.sampled_from(["n", "m", "3", "len(t)", "len(l)", "len('abc')", "len([n, t])"]),
    lambda inner: (
        _joined(inner, "+", "-") | st.tuples(inner, inner).map("min({0[0]}, {0[1]})".format)
    ),
    max_leaves=4,
)
numbers = st.recursive(
    whole | st.just("peso") | whole.map("({} / 4)".format),
    lambda inner: (
        _joined(inner, "+", "-")
        | inner.map("(-{})".format)
        | st.tuples(inner, inner).map("max({0[0]}, {0[1]})".format)
    ),
    max_leaves=4,
)
days = st.sampled_from(["n", "5", "-1", "len(t)", "(n - 3)", "min(n, 8)"])
times = st.sampled_from(["f", "g", "'2026-12-01'", "min(f, g)"]) | days.map(
    "dias_habiles({})".format
)
times |= st.tuples(days, times).map("dias_habiles({0[0]}, {0[1]})".format)
words = st.recursive(
    st.sampled_from(["t", "u", "'queja'", "f", "max(t, u)"]),
    lambda inner: _joined(inner, "+"),
    max_leaves=3,
)
truths = st.recursive(
    st.just("si")
    | _joined(numbers, "<", "<=", ">", ">=", "==", "!=")
    | _joined(words | times, "<", ">=", "==", "!=", "in", "not in")
    | st.tuples(words | numbers, st.lists(words | numbers, max_size=2)).map(
        lambda parts: f"({parts[0]} in [{', '.join(parts[1])}])"
    )
    | st.sampled_from(
        [
            "n in l",
            "n == t",
            "l == [1, 2]",
            "1 < n < peso <= 9",
            "f == None",
            "u != ''",
            "t == None or len(t) > 1",
        ]
    ),
    lambda inner: _joined(inner, "and", "or", "==") | inner.map("(not {})".format),
    max_leaves=4,
)


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(
        st.tuples(st.just(kind), each)
        for kind, each in {
            "number": numbers,
            "time": times,
            "text": words,
            "boolean": truths,
        }.items()
    ),
    DATA,
)
def test_what_is_well_typed_is_never_told_and_never_fails(
    made: tuple[str, str], data: dict[str, Any]
) -> None:
    kind, text = made
    assume(not too_large(text))
    found = reading(text)
    assert found.clashes == ()
    value = compile_expression(text)(data, OURS, NOW)
    assert of_value(value) <= found.kinds, (text, value)
    if kind != "time":
        assert (
            name_of(of_value(value)).split()[0]
            in {
                "number": {"integer", "decimal"},
                "text": {"text", "moment", "span"},
                "boolean": {"boolean"},
            }[kind]
        )


# --- what is wrong --------------------------------------------------------------------------------
anything = st.recursive(
    st.sampled_from(
        [
            *DECLARED,
            "3",
            "2.5",
            "'abc'",
            "'2026-12-01'",
            "'P5D'",
            "True",
            "None",
            "[1, 'a']",
            "dias_habiles(2)",
        ]
    ),
    lambda inner: st.one_of(
        _joined(inner, "==", "!=", "<", ">=", "in", "not in", "and", "or", "+", "-", "*", "/"),
        inner.map("(not {})".format),
        inner.map("(-{})".format),
        inner.map("len({})".format),
        inner.map("dias_habiles({})".format),
        st.tuples(inner, inner).map("min({0[0]}, {0[1]})".format),
        st.tuples(inner, inner).map("dias_habiles({0[0]}, {0[1]})".format),
        st.tuples(inner, inner).map("[{0[0]}, {0[1]}]".format),
    ),
    max_leaves=6,
)


def alone(clash: Clash) -> str:
    """What fails, without what may be answered before it is looked at: the second half of an "and",
    the end of a chain."""
    facts = clash.facts
    if clash.rule == "kinds_apart" and facts["sign"] not in ("min", "max"):
        return f"({facts['left']}) {facts['sign']} ({facts['right']})"
    if clash.rule == "operand_kind" and facts["sign"] in ("and", "or"):
        return f"not ({facts['operand']})"
    if clash.rule == "operand_kind" and facts["sign"] in ("<", ">="):
        return f"({facts['operand']}) < ({facts['operand']})"
    return clash.part


def outcome(text: str, data: dict[str, Any]) -> Any:
    """The value, or the problem."""
    try:
        return compile_expression(text)(data, OURS, NOW)
    except ExpressionError as error:
        return error.problem


@settings(max_examples=500, deadline=None)
@given(anything, st.lists(DATA, min_size=8, max_size=8))
def test_what_is_told_fails_whatever_the_variables_hold_and_what_fails_by_its_kinds_is_told(
    text: str, tried: list[dict[str, Any]]
) -> None:
    assume(not too_large(text))
    found = reading(text)
    for clash in found.clashes:
        # then the part fails with (nearly) all values; a text that happens to be a date, for one,
        # is a date
        results = [outcome(alone(clash), data) for data in tried]
        assert all(isinstance(each, Problem) for each in results), (text, clash, results)
    results = [outcome(text, data) for data in tried]
    if not found.clashes:
        values = [each for each in results if not isinstance(each, Problem)]
        strange = [value for value in values if not of_value(value) & found.kinds]
        assert strange == [], (text, found.kinds)
        if not values and {each.code for each in results} <= OF_KINDS:
            # a list holds what nobody declares, and a name compared with a list or another may be
            # cut short
            assert "l" in compile_expression(text).names or "[" in text, (text, results[0])


# --- one by one -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("t < 3", ("kinds_apart", "t < 3")),
        ("t + 1 == 2", ("kinds_apart", "t + 1")),
        ("f > 5", ("kinds_apart", "f > 5")),
        ("len(n) > 1", ("operand_kind", "len(n)")),
        ("not n", ("operand_kind", "not n")),
        ("si and n", ("operand_kind", "si and n")),
        ("-t", ("operand_kind", "-t")),
        ("si > 1", ("operand_kind", "si > 1")),
        ("n > None", ("operand_kind", "n > None")),
        ("3 in n", ("operand_kind", "3 in n")),
        ("n in t", ("operand_kind", "n in t")),
        ("min(n, t)", ("kinds_apart", "min(n, t)")),
        ("max(n)", ("operand_kind", "max(n)")),
        ("len()", ("function_arguments", "len()")),
        ("min()", ("part_fails", "min()")),
        ("1 / 0", ("part_fails", "1 / 0")),
        ("n / 0 > 1", ("part_fails", "n / 0")),
        ("dias_habiles()", ("function_arguments", "dias_habiles()")),
        ("dias_habiles(1, f, 3)", ("function_arguments", "dias_habiles(1, f, 3)")),
        ("dias_habiles(f)", ("operand_kind", "dias_habiles(f)")),
        ("dias_habiles(2, 3)", ("operand_kind", "dias_habiles(2, 3)")),
        ("dias_habiles(2, t)", ("operand_kind", "dias_habiles(2, t)")),
        ("dias_habiles(n / 2)", ("operand_kind", "dias_habiles(n / 2)")),
        ("dias_habiles(2.5)", ("operand_kind", "dias_habiles(2.5)")),
        ("dias_habiles(99999)", ("part_fails", "dias_habiles(99999)")),
        ("dias_habiles(2, 'mañana')", ("operand_kind", "dias_habiles(2, 'mañana')")),
        ("t == 'sí' and ñ == 'ó' and t < 3", ("kinds_apart", "t < 3")),
    ],
)
def test_a_part_that_can_only_fail_is_told_once_and_where_it_begins(
    text: str, expected: tuple[str, str]
) -> None:
    assert told(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "x < 3",
        "len(x) > 1",
        "x and si",
        "dias_habiles(x)",
        "otra(1, 2)",
        "min(x, t)",
        "x + 1",
        "t in x",
    ],
)
def test_what_is_not_known_is_never_told(text: str) -> None:
    assert told(text) == []


def test_two_kinds_that_a_variable_may_have_are_both_right() -> None:
    known: Mapping[str, Kinds] = {"x": frozenset({"integer", "text"})}
    assert reading("x < 3 and x < 'a' and len(x) > 1", known).clashes == ()
    assert reading("x + 1", known).kinds == {"integer"}
    assert [clash.part for clash in reading("not x", known).clashes] == ["not x"]


def test_the_facts_of_a_clash_name_what_is_needed_and_what_is_there() -> None:
    assert reading("dias_habiles(2, t)").clashes == (
        Clash(
            "operand_kind",
            "dias_habiles(2, t)",
            {"sign": "dias_habiles", "wanted": "moment", "operand": "t", "given": "text"},
        ),
    )
    (clash,) = reading("peso < f").clashes
    assert clash.facts == {
        "left": "peso",
        "found": "number",
        "sign": "<",
        "right": "f",
        "given": "moment",
    }
    (clash,) = reading("dias_habiles()").clashes
    assert clash.facts == {"function": "dias_habiles", "places": "1–2", "number": "0"}


def test_a_function_says_by_its_annotations_what_it_takes_and_gives() -> None:
    plain: dict[str, Callable[..., Any]] = {"plain": lambda n, since=None: n or since}

    def typed(n: float, names: list[str] | None = None, *, now: dt.datetime) -> str:
        return f"{n} {names} {now}"

    made = signature("typed", typed)
    assert made is not None
    assert (made.takes, made.required, made.gives) == (
        (OF_TYPE["number"], frozenset({"list", "none"})),
        1,
        TEXTS,
    )
    assert made.example == "typed(5)"
    other = signature("plain", plain["plain"])
    assert other is not None
    assert (other.takes, other.gives) == ((ANY, ANY), ANY)
    assert told("plain(1, 2, 3)", plain) == [("function_arguments", "plain(1, 2, 3)")]
    assert told("many(1, 2, 3)", {"many": max}) == []
    example = signature("dias_habiles", OURS["dias_habiles"])
    assert example is not None
    assert example.gives == frozenset({"moment"})


def test_a_function_is_tried_only_when_its_annotations_say_that_it_depends_on_its_values() -> None:
    asked: list[int] = []

    def typed(n: int) -> int:
        asked.append(n)
        return n // (n - 1)

    def world() -> int:
        raise ValueError("away")

    named: dict[str, Callable[..., Any]] = {
        "typed": typed,
        "world": world,
        "untyped": lambda n: n // 0,
    }
    assert told("typed(1) > 2", named) == [("part_fails", "typed(1)")]
    assert set(asked) == {1}
    assert told("typed(n) > 2 and world() > 2 and untyped(1) > 2", named) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dias_habiles(-1)", True),
        ("dias_habiles(-20)", True),
        ("dias_habiles(0)", False),
        ("dias_habiles(1)", False),
        ("dias_habiles(-1, '2020-01-01')", False),
        ("'2020-01-01'", False),
        ("dias_habiles(-n)", False),
        ("f", False),
        ("nada(-1)", False),
    ],
)
def test_a_time_that_lies_before_now_whenever_it_is_counted_is_told(
    text: str, expected: Any
) -> None:
    assert is_always_past(compile_expression(text), OURS) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "none"),
        (True, "boolean"),
        (3, "integer"),
        (2.5, "decimal"),
        ("abc", "text"),
        ("2026-12-01", "moment"),
        ("PT5M", "span"),
        ("R3/PT1H", "span"),
        ([1], "list"),
        ({"a": 1}, "structure"),
    ],
)
def test_a_value_is_of_one_kind(value: Any, expected: Any) -> None:
    assert of_value(value) == {expected}
