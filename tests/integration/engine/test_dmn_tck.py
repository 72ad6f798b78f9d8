"""The DMN TCK, when it is there: nothing wrong, and what was right stays right."""

from collections import Counter
from pathlib import Path

from bench import decisions
from tests.kit import material

#: Files that are right; they may only become more. Of level 3, which the material has not,
#: `bench.decisions` tells.
RIGHT = 28


def test_no_file_of_the_tck_is_wrong_and_what_was_right_stays_right() -> None:
    folder: Path = material.folder("dmn-tck") / "TestCases" / "compliance-level-2"
    files = decisions.run(folder)
    assert [
        (each.name, result)
        for each in files
        for result in each.results
        if result.verdict == "wrong"
    ] == []
    assert Counter(each.verdict for each in files)["right"] >= RIGHT


def test_a_value_that_differs_is_wrong() -> None:
    """The judge itself: a number to eight digits, anything else exactly."""
    one, other = (
        decisions.NUMBERS.create_decimal("1"),
        decisions.NUMBERS.create_decimal("1.000000001"),
    )
    assert decisions.same([one, {"a": "x"}], [other, {"a": "x"}])
    assert not decisions.same(one, decisions.NUMBERS.create_decimal("1.0001"))
    assert not decisions.same([one], [one, one])
    assert not decisions.same({"a": None}, {})
    assert not decisions.same("1", one)
