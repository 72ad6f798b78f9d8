"""Patterns of declared fields: what people need works, and what could hold the server is refused
when it is deployed."""

import re

import pytest
from hypothesis import given, strategies as st

from engine import patterns
from engine.errors import ExpressionError
from engine.patterns import limit


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"\d{6,10}", "1020304050"),
        (r"(CC|TI|CE)-?\d+", "CC-123"),
        (r"[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+", "Óscar"),
        (r"[^@\s]+@[^@\s]+\.[a-z]{2,6}", "ana@icetex.gov.co"),
        (r"(?:\d{3}-){2}\d{4}", "300-555-1234"),
        (r"\(\d\) \d{7}", "(1) 3821670"),
        (r"[\]\-a]*", "]-a"),
        (r"\d{4}-\d{2}-\d{2}", "2026-11-24"),
        (r"a\{,3\}", "a{,3}"),
        ("", ""),
    ],
)
def test_the_patterns_that_forms_need_are_accepted(pattern: str, text: str) -> None:
    assert len(text) <= limit(pattern)
    assert re.fullmatch(pattern, text)


@pytest.mark.parametrize(
    "pattern",
    [
        "a*a*a{1000}b",
        r"\w*\d*\w*\d{500}",
        "(?:(?:a{1000}){1000}){1000}",
        "(a+)+",
        "(a*)*b",
        "(a|a)*b",
        "(a|aa)+$",
        "(a?){50}a{50}",
        "(?:a{1,50}){1,50}",
        "([a-z]+ ?)+",
        "(.*a){20}",
        ".*.*.*.*.*x",
        "(x+x+)+y",
        r"(\w+\d+)+",
        r"(a)\1",
        "(?=a)a",
        "(?!a)b",
        "(?<=a)b",
        "(?P<x>a)",
        "(?i)a",
        "a**",
        "a+?",
        "a{2}{3}",
        "(",
        ")",
        "[a",
        "*a",
        "a" * 201,
        "(" * 30 + "a" + ")" * 30,
        "a{5000}",
        r"\Aa",
        r"\x41",
        "[z-a]",
        "[[a]",
        "[a[b]",
        "[a--b]",
        "[a||b]",
        "".join(f"{letter}?" for letter in "abcdefghijklmnopqrstuvwxyz"),
        "\\",
        "a{,3}",
        "{2}",
        "a}",
    ],
)
def test_a_pattern_that_could_run_without_end_or_is_none_is_refused(pattern: str) -> None:
    with pytest.raises(ExpressionError):
        limit(pattern)


def test_the_more_ways_a_pattern_has_the_shorter_a_text_may_be() -> None:
    limits = [limit(pattern) for pattern in (r"\d", r"\d+", r"\d+x\d+", r"\d+x\d+x\d+")]
    assert limits[0] == limits[1] == patterns.LONGEST
    assert limits == sorted(limits, reverse=True)
    assert limits[3] ** 3 / 6 <= patterns.BUDGET


def test_a_part_that_is_repeated_a_fixed_number_of_times_costs_as_if_it_were_written_as_often() -> (
    None
):
    assert limit("a*b" + "c" * 100 + "d*e") == limit("a*bc{100}d*e")
    assert limit("a*bc{300}d*") < limit("a*bc{100}d*") < limit("a*bcd*")
    assert limit(".{1000}") == patterns.LONGEST, "alone it is one comparison"


@given(st.text("ab()[]|*+?{}\\d.-1,^$", max_size=30))
def test_any_text_gives_a_limit_or_our_error(text: str) -> None:
    try:
        found = limit(text)
    except ExpressionError:
        return
    assert patterns.SHORTEST <= found <= patterns.LONGEST
    re.compile(text)
