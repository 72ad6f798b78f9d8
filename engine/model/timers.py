"""Texts of BPMN timers, as the standard writes them, to instants. `now` is always given, and the
`zone` of what has no offset."""

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass
from typing import Final

from engine.errors import ExpressionError
from engine.model.operations import brief
from engine.types import Value

MAX_YEARS: Final = 100
MAX_TEXT: Final = 40
MANY_TIMES: Final = 1_000_000  # repetitions of a cycle stay below

_PARTS: Final = ("years", "months", "weeks", "days", "hours", "minutes", "seconds")
_DURATION = re.compile(
    r"P(?:(?P<years>\d{1,9})Y)?(?:(?P<months>\d{1,9})M)?(?:(?P<weeks>\d{1,9})W)?(?:(?P<days>\d{1,9})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,12}(?:[.,]\d{1,6})?)S)?)?"
)
_CYCLE = re.compile(r"R(?P<times>\d{0,9})/(?P<rest>.+)")
_ISO_START = re.compile(r"\d{4}-?(?:\d{2}|W\d{2})")


@dataclass(frozen=True, slots=True)
class Duration:
    months: int
    rest: dt.timedelta

    def after(self, start: dt.datetime) -> dt.datetime:
        """Months by the calendar: one month after 31 January is the last day of February."""
        month = start.month - 1 + self.months
        year, month = start.year + month // 12, month % 12 + 1
        if year - start.year > MAX_YEARS:
            raise ExpressionError("too_many_years", maximum=MAX_YEARS)
        day = min(start.day, monthrange(year, month)[1])
        return start.replace(year=year, month=month, day=day) + self.rest

    @property
    def empty(self) -> bool:
        return self.months == 0 and self.rest <= dt.timedelta(0)


@dataclass(frozen=True, slots=True)
class Due:
    """The next firing; `left` more follow (-1: without end) at the interval `every`."""

    at: dt.datetime
    left: int = 0
    every: str = ""


def is_literal(text: str) -> bool:
    """True for a text of the standard, false for an expression."""
    return bool(_DURATION.fullmatch(text) and text != "P") or bool(
        _CYCLE.fullmatch(text) or _ISO_START.match(text)
    )


def duration(text: str) -> Duration:
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groupdict().values()):
        raise ExpressionError("not_a_duration", text=text[:MAX_TEXT])
    found = {part: float((match[part] or "0").replace(",", ".")) for part in _PARTS}
    try:
        rest = dt.timedelta(**{part: found[part] for part in _PARTS[2:]})
    except OverflowError as error:
        raise ExpressionError("time_too_long", text=text[:MAX_TEXT]) from error
    months = int(found["years"]) * 12 + int(found["months"])
    if months > MAX_YEARS * 12 or rest > dt.timedelta(days=366 * MAX_YEARS):
        raise ExpressionError("time_too_long", text=text[:MAX_TEXT])
    return Duration(months, rest)


def instant(text: str, zone: dt.tzinfo) -> dt.datetime:
    """A date means its beginning in this zone."""
    if len(text) > MAX_TEXT:
        raise ExpressionError("not_a_date", text=text[:MAX_TEXT])
    try:
        value = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise ExpressionError("not_a_date", text=text[:MAX_TEXT]) from error
    try:
        return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(dt.UTC)
    except OverflowError as error:
        raise ExpressionError("time_too_long", text=text[:MAX_TEXT]) from error


def repeats(text: str) -> bool:
    """Whether this text, as it is written, is a cycle that fires more than once."""
    cycle = _CYCLE.fullmatch(text.strip())
    return cycle is not None and (not cycle["times"] or int(cycle["times"]) > 1)


def first_due(value: Value, now: dt.datetime, zone: dt.tzinfo) -> Due:
    """When a timer that is armed at `now` fires first. `value` is a duration, a cycle, a date or an
    instant."""
    if not isinstance(value, str):
        raise ExpressionError("not_a_timer_value", value=brief(value))
    text = value.strip()
    if text.startswith("P"):
        return Due(_utc(duration(text), now, zone))
    cycle = _CYCLE.fullmatch(text)
    if cycle is None:
        return Due(instant(text, zone))
    return _first_of_cycle(cycle["times"], cycle["rest"].split("/"), now, zone)


def _first_of_cycle(times: str, parts: list[str], now: dt.datetime, zone: dt.tzinfo) -> Due:
    left = int(times) - 1 if times else -1
    if times and not 0 <= left < MANY_TIMES:
        raise ExpressionError("cycle_count")
    match parts:
        case [every]:
            start = _utc(duration(every), now, zone)
        case [begin, every] if not begin.startswith("P"):
            start = instant(begin, zone)
        case _:
            raise ExpressionError("cycle_malformed")
    if duration(every).empty:
        raise ExpressionError("cycle_of_no_length")
    return Due(start, left, every)


def next_due(last: Due, zone: dt.tzinfo) -> Due | None:
    """The firing after `last`, counted from its due date, not from when it really ran."""
    if last.left == 0 or not last.every:
        return None
    return Due(_utc(duration(last.every), last.at, zone), last.left - (last.left > 0), last.every)


def without_missed(last: Due, now: dt.datetime, zone: dt.tzinfo) -> tuple[Due, int]:
    """The latest firing of a cycle that is not in the future, in the place of those before it, and
    how many these are."""
    missed = 0
    span = duration(last.every) if last.every else None
    if span is not None and span.months == 0 and last.at < now:  # years of seconds are one step
        missed = (
            (now - last.at) // span.rest
            if last.left < 0
            else min((now - last.at) // span.rest, last.left)
        )
        last = Due(
            last.at + span.rest * missed, last.left - (missed if last.left > 0 else 0), last.every
        )
    following = next_due(last, zone)
    while following is not None and following.at <= now:
        last, following, missed = following, next_due(following, zone), missed + 1
    return last, missed


def _utc(span: Duration, start: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """Days and months follow the local calendar."""
    return span.after(start.astimezone(zone)).astimezone(dt.UTC)
