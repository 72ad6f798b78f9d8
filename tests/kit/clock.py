"""The one "now" of the tests; every other instant is told from it or written as an hour of
Bogotá."""

import datetime as dt
from zoneinfo import ZoneInfo

from engine.types import Calendar
from records.plazos.reglas.calendario import ZONA

BOGOTA = ZoneInfo("America/Bogota")
CALENDAR = Calendar(BOGOTA)
#: A Tuesday, 09:00 in Bogotá: the points are open, and the day before was a working day.
NOW = dt.datetime(2026, 11, 24, 14, tzinfo=dt.UTC)
# of tests/kit/moved_clock.py: names the file that says how far ahead the clock is
AHEAD = "TESTS_CLOCK_AHEAD"
MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


def later(**delta: float) -> dt.datetime:
    """So long after NOW; what is negative lies before it."""
    return NOW + dt.timedelta(**delta)


def bogota(year: int, month: int, day: int, *hour: int) -> dt.datetime:
    """A local hour, in UTC."""
    return dt.datetime(year, month, day, *hour, tzinfo=BOGOTA).astimezone(dt.UTC)


def local(year: int, month: int, day: int, *hour: int) -> dt.datetime:
    """An hour where the agency is at the time of asking: Bogotá, or what `everywhere` of
    conftest.py makes of it."""
    return dt.datetime(year, month, day, *hour, tzinfo=ZONA)


class Seconds:
    """A clock of seconds that goes on only when a test says so, in place of `time.monotonic`."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now
