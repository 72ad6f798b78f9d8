"""The DMN TCK, when it is there: nothing wrong, and what was right stays right."""

from collections import Counter
from pathlib import Path

import pytest

from bench import decisions
from tests.kit import material

#: Files that are right; they may only become more.
RIGHT = {"compliance-level-2": 28, "compliance-level-3": 116}


@pytest.mark.parametrize("level", RIGHT)
def test_no_file_of_the_tck_is_wrong_and_what_was_right_stays_right(level: str) -> None:
    folder: Path = material.folder("dmn-tck") / "TestCases" / level
    if not folder.is_dir():
        pytest.skip(f"the material has no {level}")
    files = decisions.run(folder)
    assert [
        (each.name, result)
        for each in files
        for result in each.results
        if result.verdict == "wrong"
    ] == []
    assert Counter(each.verdict for each in files)["right"] >= RIGHT[level]


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
