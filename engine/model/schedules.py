"""Calendar rules of recurring starts: which moment comes next, and which days were passed over.
Pure; `now` is given.

A rule is read from `<v:schedule>` or from the timer text of the standard on a start event of a
process (docs/modelling.md).
"""

import datetime as dt
from calendar import monthrange
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from engine.errors import ExpressionError
from engine.model import cron, timers
from engine.types import Calendar, Due, Missed, Occurrence, ScheduleRule

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# occurrences of an outage that are still started; older ones are only recorded
MISSED_LIMIT: Final = 10
SHORTEST: Final = dt.timedelta(minutes=1)
FEW: Final = 100  # starts that may follow one another faster
LAST: Final = -1  # the last day of a month

_EACH: Final = ("day", "business_day", "week", "month")
_WRITTEN: Final = ("timer", "cron")  # what has no day of the calendar
_SHIFT: Final = ("same", "next", "previous", "skip")
_MISSED: Final = ("each", "last")
_FITS: Final = {"weekday": "week", "day": "month", "business_day": "month", "months": "month"}
_FURTHEST: Final = 1_500  # days that are looked at for the next occurrence
_ONE: Final = dt.timedelta(days=1)


# --- reading --------------------------------------------------------------------------------------
def read(mark: Mapping[str, str]) -> ScheduleRule:
    """The attributes of `<v:schedule>`; ExpressionError says which one is wrong."""
    each = _one_of("each", mark.get("each", ""), _EACH)
    for name, owner in _FITS.items():
        if name in mark and each != owner:
            raise ExpressionError("attribute_without_each", attribute=name, each=owner)
    if each == "week" and "weekday" not in mark:
        raise ExpressionError("each_without_attribute", each="week", attribute="weekday")
    if each == "month" and ("day" in mark) == ("business_day" in mark):
        raise ExpressionError(
            "each_without_one_of_two", each="month", one="day", other="business_day"
        )
    if "shift" in mark and (each == "business_day" or "business_day" in mark):
        raise ExpressionError("shift_without_effect")
    return ScheduleRule(
        each=each,
        at=_time(mark.get("at", "07:00")),
        weekdays=tuple(
            sorted(
                {
                    WEEKDAYS.index(_one_of("weekday", name, WEEKDAYS))
                    for name in mark.get("weekday", "").split()
                }
            )
        ),
        day=None
        if "day" not in mark
        else LAST
        if mark["day"] == "last"
        else _number("day", mark["day"], 1, 31),
        business_day=_number("business_day", mark["business_day"], -20, 20)
        if "business_day" in mark
        else None,
        months=tuple(
            sorted({_number("months", text, 1, 12) for text in mark.get("months", "").split()})
        ),
        shift=_one_of("shift", mark.get("shift", "same"), _SHIFT),
        missed=_one_of("missed", mark.get("missed", "each"), _MISSED),
        variable=mark.get("variable") or None,
    )


def read_timer(text: str) -> ScheduleRule:
    """The timer text of the standard: a date, a duration or a cycle; or a cron rule."""
    if cron.looks_like(text):
        cron.read(text)
        return ScheduleRule(each="cron", timer=text)
    if not timers.is_literal(text):
        raise ExpressionError("not_a_timer_text", text=text[: timers.MAX_TEXT])
    due = timers.first_due(text, dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.UTC)
    often = (
        due.every
        and timers.next_due(due, dt.UTC) is not None
        and timers.duration(due.every).after(due.at) - due.at < SHORTEST
    )
    if often and not 0 <= due.left < FEW:
        raise ExpressionError("starts_too_often")
    return ScheduleRule(each="timer", timer=text)


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ExpressionError("attribute_choice", attribute=name, allowed=" ".join(allowed))
    return value


def _time(text: str) -> dt.time:
    try:
        return dt.datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 an hour of the local day
    except ValueError as error:
        raise ExpressionError("not_an_hour") from error


def _number(name: str, text: str, low: int, high: int) -> int:
    if not text.lstrip("-").isdecimal() or not low <= int(text) <= high or int(text) == 0:
        raise ExpressionError("attribute_range", attribute=name, low=low, high=high)
    return int(text)


# --- what comes next ------------------------------------------------------------------------------
def first(rule: ScheduleRule, now: dt.datetime, calendar: Calendar) -> Due | None:
    """The first occurrence after `now`, and how many follow it; None when there is none any
    more."""
    if rule.each == "cron":
        return _endless(cron.following(rule.timer, now, calendar.zone))
    if rule.each != "timer":
        found = _next_day(rule, now, calendar)
        return None if found is None else Due(found.at, -1)
    due: timers.Due | None = timers.first_due(rule.timer, now, calendar.zone)
    while due is not None and due.at <= now and timers.next_due(due, calendar.zone) is not None:
        due = _forward(due, now, calendar.zone)
    return None if due is None or due.at <= now else Due(due.at, due.left)


def following(rule: ScheduleRule, last: Due, calendar: Calendar) -> Due | None:
    """The occurrence after `last`."""
    if rule.each == "cron":
        return _endless(cron.following(rule.timer, last.at, calendar.zone))
    if rule.each != "timer":
        found = _next_day(rule, last.at, calendar)
        return None if found is None else Due(found.at, -1)
    if last.left == 0:
        return None
    every = timers.first_due(rule.timer, last.at, calendar.zone).every
    due = timers.next_due(timers.Due(last.at, last.left, every), calendar.zone) if every else None
    return None if due is None else Due(due.at, due.left)


def _endless(at: dt.datetime | None) -> Due | None:
    return None if at is None else Due(at, -1)


def _forward(due: timers.Due, now: dt.datetime, zone: dt.tzinfo) -> timers.Due | None:
    """Steps of equal length are jumped over, months are walked."""
    span = timers.duration(due.every)
    if span.months == 0 and due.left < 0:
        steps = max(1, (now - due.at) // span.rest)
        return timers.Due(due.at + steps * span.rest, due.left, due.every)
    return timers.next_due(due, zone)


def missed(rule: ScheduleRule, due: Due, now: dt.datetime, calendar: Calendar) -> Missed:
    """What is due at `now`: the occurrence to start, the older ones that are given up, and what
    comes after."""
    kept: deque[Due] = deque(maxlen=1 if rule.missed == "last" else MISSED_LIMIT)
    dropped, each = 0, due
    given_up: list[dt.datetime] = []
    while True:
        if len(kept) == kept.maxlen:
            given_up = [*given_up[:1], kept[0].at]
            dropped += 1
        kept.append(each)
        after = following(rule, each, calendar)
        if after is None or after.at > now:
            break
        each = after
    return Missed(kept[0], kept[1] if len(kept) > 1 else after, dropped, tuple(given_up))


def upcoming(
    rule: ScheduleRule, due: Due | None, number: int, calendar: Calendar
) -> list[Occurrence]:
    """The next occurrences, with why they fall where they fall."""
    found: list[Occurrence] = []
    while due is not None and len(found) < number:
        found.append(_explained(rule, due.at, calendar))
        due = following(rule, due, calendar)
    return found


def within(
    rule: ScheduleRule, since: dt.datetime, until: dt.datetime, calendar: Calendar
) -> list[Occurrence]:
    """Those of a calendar rule from `since` on and before `until`, past ones too; a timer text
    counts from when it was put in force, and a cron rule may have any number.
    """
    if rule.each in _WRITTEN:
        return []
    begin, end = calendar.day(since) - 15 * _ONE, calendar.day(until) + 15 * _ONE
    found: dict[dt.datetime, Occurrence] = {}
    for each in _candidates(rule, begin, end, calendar):
        if since <= each.at < until:
            found.setdefault(each.at, each)
    return [found[at] for at in sorted(found)]


def _explained(rule: ScheduleRule, at: dt.datetime, calendar: Calendar) -> Occurrence:
    if rule.each not in _WRITTEN:
        again = _next_day(rule, at - dt.timedelta(minutes=1), calendar)
        if again is not None and again.at == at:
            return again
    return Occurrence(at)


def _next_day(rule: ScheduleRule, after: dt.datetime, calendar: Calendar) -> Occurrence | None:
    """Days may be moved by holidays: the earliest of a window counts, not the first that was
    written down."""
    today = calendar.day(after)
    begin, end, step = today - 15 * _ONE, today + 45 * _ONE, 60
    while (begin - today).days < _FURTHEST:
        found = [each for each in _candidates(rule, begin, end, calendar) if each.at > after]
        if found:
            return min(found, key=lambda each: each.at)
        begin, end = end - 15 * _ONE, end + step * _ONE
    return None


def _candidates(
    rule: ScheduleRule, begin: dt.date, end: dt.date, calendar: Calendar
) -> Iterator[Occurrence]:
    for number in range((end - begin).days):
        day = begin + number * _ONE
        if rule.months and day.month not in rule.months:
            continue
        if rule.business_day is not None:
            if day.day == 1:
                yield from _nth_business_day(rule, day, rule.business_day, calendar)
        elif _wanted(rule, day):
            if rule.each == "business_day":
                if is_business_day(day, calendar):
                    yield _occurrence(rule, day, day, _passed_before(day, calendar), calendar)
            else:
                yield from _shifted(rule, day, calendar)


def _wanted(rule: ScheduleRule, day: dt.date) -> bool:
    if rule.each == "week":
        return day.weekday() in rule.weekdays
    if rule.day is not None:
        last = monthrange(day.year, day.month)[1]
        return day.day == (last if rule.day == LAST else min(rule.day, last))
    return True


def is_business_day(day: dt.date, calendar: Calendar) -> bool:
    return not calendar.rests(day) and calendar.holidays(day) is None


def _passed_before(day: dt.date, calendar: Calendar) -> list[dt.date]:
    """Days that are none, right before a business day."""
    passed, before = [], day - _ONE
    while not is_business_day(before, calendar):
        passed.append(before)
        before -= _ONE
    return passed[::-1]


def _shifted(rule: ScheduleRule, base: dt.date, calendar: Calendar) -> Iterator[Occurrence]:
    if rule.shift == "same" or is_business_day(base, calendar):
        yield _occurrence(rule, base, base, [], calendar)
        return
    if rule.shift == "skip":
        return
    step, day, passed = (_ONE if rule.shift == "next" else -_ONE), base, []
    while not is_business_day(day, calendar):
        passed.append(day)
        day += step
    yield _occurrence(rule, day, base, sorted(passed), calendar)


def _nth_business_day(
    rule: ScheduleRule, first_day: dt.date, number: int, calendar: Calendar
) -> Iterator[Occurrence]:
    days = [first_day + n * _ONE for n in range(monthrange(first_day.year, first_day.month)[1])]
    ordered = days if number > 0 else days[::-1]
    business = [day for day in ordered if is_business_day(day, calendar)]
    if len(business) >= abs(number):
        chosen = business[abs(number) - 1]
        passed = [day for day in ordered[: ordered.index(chosen)] if day not in business]
        yield _occurrence(rule, chosen, chosen, sorted(passed), calendar)


def _occurrence(
    rule: ScheduleRule, day: dt.date, base: dt.date, passed: list[dt.date], calendar: Calendar
) -> Occurrence:
    at = dt.datetime.combine(day, rule.at, calendar.zone).astimezone(dt.UTC)
    named = tuple(
        (each, name)
        for each in passed
        if not calendar.rests(each) and (name := calendar.holidays(each)) is not None
    )
    return Occurrence(at, moved_from=base if base != day else None, holidays=named)


def to_json(rule: ScheduleRule) -> dict[str, Any]:
    """As JSON gives it back, so that it compares with what was stored."""
    return {
        **asdict(rule),
        "at": rule.at.isoformat(),
        "weekdays": list(rule.weekdays),
        "months": list(rule.months),
    }


def from_json(stored: Mapping[str, Any]) -> ScheduleRule:
    """A rule as it was stored."""
    lists = {name: tuple(stored[name]) for name in ("weekdays", "months")}
    return ScheduleRule(**{**stored, "at": dt.time.fromisoformat(stored["at"]), **lists})
