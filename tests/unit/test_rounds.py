"""One manner for all rounds: an outage is raised, the rest is logged, kept, tried again, and never
at the head for ever."""

import datetime as dt
import itertools
import logging
import sqlite3
from collections.abc import Callable

import pytest
from sqlalchemy.exc import OperationalError

from common.rounds import LONGEST_REST, Round
from tests.kit.clock import NOW

SECOND = dt.timedelta(seconds=1)


def away() -> OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = "SQLITE_IOERR"
    return OperationalError("SELECT", {}, error)


def raising(error: Exception) -> Callable[[], bool]:
    def work() -> bool:
        raise error

    return work


def test_what_fails_is_logged_rests_longer_each_time_and_is_done_in_the_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    found, now, tries = Round("a piece"), NOW, []
    for _ in range(14):
        assert found.go("bad", now, raising(ValueError("no"))) is None
        tries.append(now)
        assert found.failing.again(now) == []
        while not found.failing.again(now):
            now += SECOND
    rests = [after - before for before, after in itertools.pairwise(tries)]
    assert rests == sorted(rests)
    assert (rests[0], rests[-1]) == (SECOND, LONGEST_REST)
    assert [r.levelno for r in caplog.records] == [logging.ERROR] * 14
    assert found.go("bad", now, lambda: "done") == "done"
    assert len(found.failing) == 0


def test_while_one_rests_nothing_of_it_is_done_and_everything_behind_it_is() -> None:
    found, done = Round("a piece"), []
    work = {
        "a": raising(ValueError("no")),
        "b": lambda: done.append("b"),
        "c": lambda: done.append("c"),
    }
    for key, piece in work.items():
        found.go(key, NOW, piece)
    found.go("a", NOW, lambda: done.append("a"))
    assert done == ["b", "c"]


def test_a_database_that_is_away_ends_the_round_and_is_nobodys_failure() -> None:
    found = Round("a piece")
    with pytest.raises(OperationalError):
        found.go("a", NOW, raising(away()))
    assert not found.failing.rests("a", NOW)
    assert found.go("a", NOW, lambda: "done") == "done"


def test_what_somebody_else_did_meanwhile_is_forgotten() -> None:
    found = Round("a piece")
    found.go("a", NOW, raising(ValueError("no")))
    found.failing.pause("held", NOW)
    found.failing.forget_what_is_gone(NOW)
    assert len(found.failing) == 2
    found.failing.forget_what_is_gone(NOW + SECOND)
    assert found.failing.again(NOW + SECOND) == ["a"], (
        "what was only held is nothing to be tried again"
    )
    found.failing.forget_what_is_gone(NOW + LONGEST_REST + 2 * SECOND)
    assert len(found.failing) == 0
