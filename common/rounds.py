"""One manner for all rounds over what waits: a database that is away ends the round, and nothing is
walked past; whatever else fails is logged, kept and tried again, after a rest that grows, so that
it is never at the head for ever and keeps nothing else waiting."""

import datetime as dt
import logging
import threading
from collections.abc import Callable, Sequence
from typing import Final, Protocol, TypeVar

from common.faults import is_outage

log: Final = logging.getLogger(__name__)  # one for all: who listens to it hears of every round
FIRST_REST: Final = dt.timedelta(seconds=1)
LONGEST_REST: Final = dt.timedelta(minutes=10)
T = TypeVar("T")


class Keyed(Protocol):
    """A piece of work with its key."""

    @property
    def key(self) -> str: ...


K = TypeVar("K", bound=Keyed)


def attempt(what: str, which: object, work: Callable[[], T]) -> T | None:
    """One piece of a round. None: it failed, and the round goes on. An outage of the database is
    raised."""
    try:
        return work()
    except Exception as error:
        if is_outage(error):
            raise
        log.exception("%s could not be done, and is tried again: %s", what, which)
        return None


class Failing:
    """Work that failed rests before it is tried again, longer each time, so that it does not keep
    healthy work waiting."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until: dict[str, tuple[int, dt.datetime]] = {}

    def __len__(self) -> int:
        return len(self._until)

    def rests(self, key: str, now: dt.datetime) -> bool:
        _, until = self._until.get(key, (0, now))
        # a clock that was set back does not prolong it
        return now < until and until - now <= LONGEST_REST

    def last(self, work: Sequence[K]) -> list[K]:
        """In its order, but behind all others what failed before, however long it has rested."""
        return sorted(work, key=lambda each: each.key in self._until)

    def again(self, now: dt.datetime) -> list[str]:
        """What failed and has rested, the longest first."""
        with self._lock:
            known = sorted(self._until.items(), key=lambda each: each[1][1])
        return [key for key, (tries, _until) in known if tries and not self.rests(key, now)]

    def add(self, key: str, now: dt.datetime) -> int:
        """How often it has failed in a row."""
        with self._lock:
            tries = self._until.get(key, (0, now))[0] + 1
            self._until[key] = (
                tries,
                now + min(FIRST_REST * 2 ** min(tries - 1, 12), LONGEST_REST),
            )
            return tries

    def pause(self, key: str, now: dt.datetime) -> None:
        """It did nothing, this time: others go first for a moment."""
        with self._lock:
            self._until.setdefault(key, (0, now + FIRST_REST))

    def forget(self, key: str) -> None:
        with self._lock:
            self._until.pop(key, None)

    def forget_what_is_gone(self, now: dt.datetime) -> None:
        """Whatever rested and did not come again: somebody else did it."""
        with self._lock:
            gone = [
                key
                for key, (tries, until) in self._until.items()
                if until + (LONGEST_REST if tries else FIRST_REST * 0) <= now
            ]
            for key in gone:
                del self._until[key]


class Round:
    """Pieces of work by a key, each guarded, those that failed resting in between."""

    def __init__(self, what: str) -> None:
        self._what = what
        self.failing = Failing()

    def go(self, key: str, now: dt.datetime, work: Callable[[], T]) -> T | None:
        """None: it failed now, or rests. An outage of the database is raised: it is nobody's
        failure."""
        if self.failing.rests(key, now):
            return None
        failed = True

        def noted() -> T:
            nonlocal failed
            done = work()
            failed = False
            return done

        done = attempt(self._what, key, noted)
        if failed:
            self.failing.add(key, now)
        else:
            self.failing.forget(key)
        return done
