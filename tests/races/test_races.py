"""Thirty races, half of them on each database; `make crash` runs a thousand on each."""

from pathlib import Path

import pytest

from tests.races import desks, races


@pytest.mark.slow
def test_of_people_timers_and_administrators_at_one_instance_one_order_stands(
    db_url: str, tmp_path: Path
) -> None:
    scores = races.run(tmp_path, db_url, 13, seed=11)
    assert [fault for score in scores.values() for fault in score.faults] == []
    assert sum(score.races for score in scores.values()) >= 10
    assert all(score.races for score in scores.values())


@pytest.mark.slow
def test_two_advisers_get_different_turns_and_a_press_that_comes_twice_is_one_turn(
    db_url: str, tmp_path: Path
) -> None:
    scores = desks.run(tmp_path, db_url, 2, seed=11)
    assert [fault for score in scores.values() for fault in score.faults] == []
    assert all(score.races == 1 for score in scores.values())
