"""FEEL: what its texts mean, what is refused, and that no text runs long, grows without end or
looks behind what it is given."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from engine.errors import EngineError, ExpressionError, Problem
from engine.feel import parser
from engine.feel.builtins import FUNCTIONS
from engine.feel.builtins.texts import written
from engine.feel.evaluate import TESTED, compiled
from engine.feel.names import Names
from engine.feel.plain import given as from_case, plain
from engine.feel.types import Type
from engine.feel.values import MAX_STEPS, Env, Run
from tests.kit.chance import dice
from tests.kit.hostile_feel import ATTACKS, ESCAPES

BUILTIN = Names(FUNCTIONS)
#: Why what an attack asks for is not given.
BOUNDS = {
    "too_many_steps", "text_too_long", "list_too_long", "nested_too_deeply", "too_many_parts", "too_many_characters", "feel_not_evaluated",
    "number_out_of_range", "repeat_too_large",
}  # fmt: skip
WORDS = """for in return if then else some every satisfies function null true 1 -3 1E300 "a" partial item a ? ( ) [ ] { } .. , : + - * /
    ** = != < >= and or not between [1..3] (>5)"""
NOW = dt.datetime(2026, 12, 2, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=-5)))


def value(text: str, run: Run | None = None, **names: Any) -> Any:
    known = {name.replace("_", " "): from_case(Run(), each, None) for name, each in names.items()}
    tree, _unknown = parser.expression(text, Names(known, BUILTIN))
    run = run or Run(NOW)
    return compiled(tree, {})(Env(run, known, Env(run, FUNCTIONS)))


def said(text: str, **names: Any) -> str:
    return written(Run(), value(text, **names))


def passes(cell: str, tested: Any) -> Any:
    tree, _unknown = parser.unary_tests(cell, BUILTIN)
    run = Run()
    return compiled(tree, {})(Env(run, {TESTED: tested}, Env(run, FUNCTIONS)))


@pytest.mark.parametrize(
    ("text", "result"),
    [
        # numbers are decimal, of 34 digits
        ("0.1 + 0.2 = 0.3", "true"),
        ("9007199254740993 = 9007199254740992", "false"),
        ("1 / 3", "0.3333333333333333333333333333333333"),
        ("1 / 0", "null"),
        ("-2 ** 2", "4"),
        ("2 ** 3 ** 2", "64"),
        ("(10 + 20) / (-5 * 3)", "-2"),
        ("1 + 2 * 3 - 4", "3"),
        ("decimal(2.5, 0)", "2"),
        ("round half up(2.5, 0)", "3"),
        ("floor(-1.5)", "-2"),
        ("modulo(-10, 3)", "2"),
        ("modulo(1E6144, 3)", "null"),
        # null and the logic of three values
        ("null + 1", "null"),
        ('"a" + 1', "null"),
        ("true and null", "null"),
        ("false and null", "false"),
        ("true or null", "true"),
        ('false or "x"', "null"),
        ("not(null)", "null"),
        ("null = null", "true"),
        ('1 = "1"', "null"),
        ('1 < "2"', "null"),
        ("if null then 1 else 2", "2"),
        # choices, loops, quantifiers
        ("for i in 1..4 return i * i", "[1, 4, 9, 16]"),
        ("for i in 3..1 return i", "[3, 2, 1]"),
        ("for i in [1, 2], j in [i, 10] return i + j", "[2, 11, 4, 12]"),
        ("for i in 1..6 return if i < 3 then 1 else partial[-1] + partial[-2]", "[1, 1, 2, 3, 5, 8]"),
        ("some x in [1, 2, 3] satisfies x > 2", "true"),
        ("every x in [] satisfies false", "true"),
        ("every x in [1, null] satisfies x > 0", "null"),
        # ranges and tests
        ("5 in [1..5)", "false"),
        ("5 in (> 3)", "true"),
        ("5 in (< 3, 5)", "true"),
        ("5 between 1 and 5", "true"),
        ("[1..3] = [1..3)", "false"),
        ("(< 10).end", "10"),
        ("1 in [null..2]", "null"),
        # lists, contexts, paths, filters
        ("[1, 2, 3, 4][item > 2]", "[3, 4]"),
        ("[1, 2, 3][-1]", "3"),
        ("[1, 2, 3][4]", "null"),
        ("[{a: 1, b: 2}, {a: 3, b: 4}][b > 2].a", "[3]"),
        ("{a: 1, total tax: a + 1, c: total tax * 2}.c", "4"),
        ('{"a-b": 1}.a-b', "1"),
        ("{a: {b: [1, 2]}}.a.b[2]", "2"),
        ("null[1]", "null"),
        ("[{net price: 1}, {net price: 9}][some x in [2] satisfies net price > x].net price", "[9]"),
        ("flatten([[1, [2]], 3])", "[1, 2, 3]"),
        ("sort([3, 1, 2], function(x, y) x > y)", "[3, 2, 1]"),
        ("(function(a, b) a - b)(b: 1, a: 3)", "2"),
        # texts
        ('substring("foobar", -2, 1)', "a"),
        ('string length("\\U01F40E")', "1"),
        ('upper case("ñ")', "Ñ"),
        ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
        ('matches("foobar", "^Fo*b", "i")', "true"),
        ('split("a;b;;c", ";")', '["a", "b", "", "c"]'),
        ('number("1 000,5", " ", ",")', "1000.5"),
        ('string([1, "a", {b: 2}])', '[1, "a", {b: 2}]'),
        # dates, times, durations
        ('date("2024-01-31") + @"P1M"', "2024-02-29"),
        ('@"2024-03-01" - @"2024-02-01"', "P29D"),
        ('date and time("2018-12-08T00:00:00@Europe/Paris") = date and time("2018-12-07T23:00:00Z")', "true"),
        ('@"2018-12-08T00:00:00" = @"2018-12-08T00:00:00Z"', "null"),
        ('@"23:30:00" + @"PT1H"', "00:30:00"),
        ('duration("P1Y2M") < duration("P15M")', "true"),
        ('duration("P1M") < duration("P31D")', "null"),
        ('date("2023-02-29")', "null"),
        ('years and months duration(date("2011-12-22"), date("2013-08-24"))', "P1Y8M"),
        ('day of week(date("2026-12-02"))', "Wednesday"),
        ('week of year(date("2027-01-01"))', "53"),
        ('@"2026-12-02T10:00:00-05:00".time offset', "-PT5H"),
        ("today()", "2026-12-02"),
        ("now()", "2026-12-02T09:30:00-05:00"),
        # kinds
        ("1 instance of number", "true"),
        ('[1, "a"] instance of list<number>', "false"),
        ("null instance of number", "false"),
        ("(function(a: number) a) instance of function<number> -> Any", "true"),
        # what only looks like something
        ("1 // a remark", "1"),
        ("/* and */ 2", "2"),
        ("nobody(1)", "null"),
        ("abs(1, 2)", "null"),
        ('abs("1")', "null"),
    ],
)  # fmt: skip
def test_what_a_text_means(text: str, result: str) -> None:
    assert said(text) == result


def test_names_of_several_words_are_the_longest_that_is_known() -> None:
    assert said("Monthly Fee * 2 - Fee", Monthly_Fee=10, Fee=1) == "19"
    assert said("Monthly  Fee", Monthly_Fee=10, Monthly=1) == "10"
    assert said("a - b", a=3, b=1) == "2"
    tree, unknown = parser.expression("a-b + c", Names(["a-b", "a", "b"]))
    assert compiled(tree, {})(Env(Run(), {"a-b": Decimal(7), "c": Decimal(1)})) == 8
    assert unknown == ["c"]


@pytest.mark.parametrize(
    ("cell", "yes", "no"),
    [
        ("-", [1, None], []),
        ("> 5", [6], [5, None, "6"]),
        ("[1..5], 9", [1, 9], [6]),
        ("not(1, 2)", [3], [1]),
        ('"a", "b"', ["a"], ["c", 1]),
        ("? > 2 and ? < 5", [3], [2, 6]),
        ("[1, 2, 3]", [2], [4]),
        ("string length(?) = 2", ["ab"], ["a"]),
        ("null", [None], [0]),
    ],
)  # fmt: skip
def test_cells_are_unary_tests(cell: str, yes: list[Any], no: list[Any]) -> None:
    assert [each for each in yes if passes(cell, from_case(Run(), each, None)) is not True] == []
    assert [each for each in no if passes(cell, from_case(Run(), each, None)) is True] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_expression"),
        ("1 +", "not_an_expression"),
        ("1 2", "feel_not_read"),
        ("[1", "not_an_expression"),
        ("if true then 1", "not_an_expression"),
        ("for x return 1", "feel_not_read"),
        ("f(a: 1, 2) + 1", "feel_not_read"),
        ("{a: 1, a: 2}", "feel_not_read"),
        ('"\\u0000"', "not_an_expression"),
        ('"\\ud800"', "not_an_expression"),
        ("1 instance of nothing", "feel_type_unknown"),
        ('function(a) external {java: {class: "x"}}', "feel_not_evaluated"),
        ("1E7000", "number_out_of_range"),
    ],
)
def test_what_is_no_feel_or_not_ours_is_refused_when_it_is_read(text: str, code: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        value(text)
    assert caught.value.problem.code == code


@pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS)
def test_no_text_runs_long_or_grows_without_end(text: str) -> None:
    """It is refused, or ends within its steps; and a case could keep what it gives."""
    run, problem = Run(NOW), ""
    try:
        plain(Run(), value(text, run, a=1))
    except ExpressionError as error:
        problem = error.problem.code
    assert problem in BOUNDS or (not problem and 0 <= run.left < MAX_STEPS)


@pytest.mark.parametrize("text", ESCAPES)
def test_nothing_is_seen_behind_a_value(text: str) -> None:
    assert value(text, a=1) is None


def test_nothing_but_an_error_of_ours_comes_out_of_any_text() -> None:
    """Words of the language in any order; the same ones in each run."""
    chance = dice(31)
    words = [*FUNCTIONS, *WORDS.split(), "instance of", '@"P1D"', "{a: 1}"]
    read = 0
    for _ in range(3_000):
        text = " ".join(chance.choices(words, k=chance.randint(1, 12)))
        try:
            written(Run(), value(text, a=1))
            read += 1
        except EngineError:
            continue
    assert read > 50


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12
    )
)
def test_numbers_are_written_and_read_without_loss(number: Decimal) -> None:
    text = said(f"{number}")
    assert value(text) == number


@given(st.dates(), st.integers(-40_000, 40_000))
def test_days_are_counted_as_everybody_counts_them(day: dt.date, days: int) -> None:
    try:
        other = day + dt.timedelta(days=days)
    except OverflowError:
        return
    assert said(f'@"{day}" + @"{"-" if days < 0 else ""}P{abs(days)}D"') == other.isoformat()
    assert said(f'@"{other}" - @"{day}" = @"{"-" if days < 0 else ""}P{abs(days)}D"') == "true"
    assert said(f'@"{day}".weekday') == str(day.isoweekday())
    assert said(f'week of year(@"{day}")') == str(day.isocalendar().week)


def test_values_go_into_a_case_and_out_of_it_as_they_were() -> None:
    run = Run()
    kept = {"n": 7, "f": 0.1, "t": "x", "l": [1, None, True], "o": {"a": -2.5}}
    assert plain(run, from_case(run, kept, None)) == kept
    assert from_case(run, 0.1, None) == Decimal("0.1")
    assert from_case(run, "2026-12-02", Type("date")) == value('@"2026-12-02"')
    assert from_case(run, "el 2", Type("date")) is None
    with pytest.raises(ExpressionError) as caught:
        plain(run, value("function(x) x"))
    assert caught.value.problem == Problem("value_of_no_type", {"type": "function"})
    with pytest.raises(ExpressionError) as caught:
        plain(run, value("2 ** 70"))
    assert caught.value.problem.code == "number_out_of_range"
