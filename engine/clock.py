"""The only place that reads the time of the machine; everything else takes `now` (time is a
value)."""

import datetime as dt
import threading
from typing import Protocol

UTC = dt.UTC


class Clock(Protocol):
    """Gives the present moment as an aware datetime in UTC."""

    def now(self) -> dt.datetime: ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> dt.datetime:
        return dt.datetime.now(UTC)


class GivenClock:
    """A clock that stands still until it is moved: tests, demo data and simulation."""

    def __init__(self, at: dt.datetime) -> None:
        self._lock = threading.Lock()
        self._at = at.astimezone(UTC)

    def now(self) -> dt.datetime:
        with self._lock:
            return self._at

    def move_to(self, at: dt.datetime) -> None:
        with self._lock:
            self._at = at.astimezone(UTC)

    def advance(self, by: dt.timedelta) -> None:
        with self._lock:
            self._at += by
