"""Cron rules of other engines on a timer start: `0 7 * * MON-FRI`, with seconds `0 0/15 8-17 * *
?`. Pure.

Five fields are minute, hour, day, month and weekday, as Unix has them; six begin with a second; a
seventh is any year. Of each: `*`, `?`, a number, a list, a range, a step. What engines read in two
ways is refused: a weekday as a number beside seconds (some count from Sunday, some from Monday),
and a day of the month together with a weekday. So is what they do not share (`L`, `W`, `#`).
"""

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from engine.errors import ExpressionError

_FIELD: Final = re.compile(r"[0-9A-Za-z*?/,-]+")
_UNIX, _WITH_SECONDS, _WITH_YEAR = 5, 6, 7
_MONTHS: Final = (
    "JAN",
    "FEB",
    "MAR",
    "APR",
    "MAY",
    "JUN",
    "JUL",
    "AUG",
    "SEP",
    "OCT",
    "NOV",
    "DEC",
)
_WEEKDAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_SUNDAY: Final = 7  # Unix has two numbers for it
_FURTHEST: Final = 8 * 366 + 1  # days to the next 29 February, whichever years have none
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cron:
    second: int
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]  # 0 is Sunday

    def on(self, day: dt.date) -> bool:
        return (
            day.month in self.months
            and day.day in self.days
            and (day.weekday() + 1) % 7 in self.weekdays
        )


def looks_like(text: str) -> bool:
    fields = text.split()
    return (
        _UNIX <= len(fields) <= _WITH_YEAR
        and all(map(_FIELD.fullmatch, fields))
        and any("*" in each or "?" in each for each in fields)
    )


@lru_cache(maxsize=256)
def read(text: str) -> Cron:
    """ExpressionError says what is wrong."""
    fields = [each.upper() for each in text.split()]
    plain = len(fields) == _UNIX
    if len(fields) == _WITH_YEAR and fields.pop() not in ("*", "?"):
        raise ExpressionError("cron_malformed", text=text)
    if not plain and not re.fullmatch(r"[0-5]?\d", fields[0]):
        raise ExpressionError("starts_too_often")  # several seconds of one minute
    second = 0 if plain else int(fields.pop(0))
    minute, hour, day, month, weekday = fields
    if not {day, weekday} & {"*", "?"}:
        raise ExpressionError("cron_two_days", text=text)
    if not plain and re.search(r"\d", weekday.partition("/")[0]):
        raise ExpressionError("cron_weekday", text=text)
    found = Cron(
        second,
        tuple(sorted(_values(text, minute, 0, 59))),
        tuple(sorted(_values(text, hour, 0, 23))),
        frozenset(_values(text, day, 1, 31)),
        frozenset(_values(text, month, 1, 12, _MONTHS, 1)),
        frozenset(
            each % _SUNDAY
            for each in _values(text, weekday, 0, _SUNDAY if plain else _SUNDAY - 1, _WEEKDAYS, 0)
        ),
    )
    # 2024 has a 29 February
    if not any(each <= monthrange(2024, month)[1] for each in found.days for month in found.months):
        raise ExpressionError("cron_malformed", text=text)
    return found


def _values(
    text: str, field: str, low: int, high: int, names: tuple[str, ...] = (), first: int = 0
) -> set[int]:
    """A list of numbers, ranges and steps; names stand for numbers from `first` on."""
    found: set[int] = set()
    for part in field.split(","):
        span, slash, step = part.partition("/")
        begin, dash, end = ("", "", "") if span in ("*", "?") else span.partition("-")
        try:
            since = (
                low if not begin else names.index(begin) + first if begin in names else int(begin)
            )
            until = high if not begin or (slash and not dash) else since
            if dash:
                until = names.index(end) + first if end in names else int(end)
            width = int(step) if slash else 1
        except ValueError as error:
            raise ExpressionError("cron_malformed", text=text) from error
        if not span or not low <= since <= until <= high or width < 1:
            raise ExpressionError("cron_malformed", text=text)
        found |= set(range(since, until + 1, width))
    return found


def following(text: str, after: dt.datetime, zone: dt.tzinfo) -> dt.datetime | None:
    """The first moment of the rule after this one, by the clock of the zone."""
    rule, day = read(text), after.astimezone(zone).date()
    for _ in range(_FURTHEST):
        if rule.on(day):
            hours = ((hour, minute) for hour in rule.hours for minute in rule.minutes)
            moments = (
                dt.datetime.combine(day, dt.time(hour, minute, rule.second), zone).astimezone(
                    dt.UTC
                )
                for hour, minute in hours
            )
            found = next((each for each in moments if each > after), None)
            if found is not None:
                return found
        day += _DAY
    return None
