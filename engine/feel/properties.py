"""What stands behind a point (DMN 1.5, 10.3.2.10.4): entries of contexts, parts of dates, times,
durations, ranges."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from engine.feel.moments import SECOND, Date, DateTime, Months, Span, Time, offset
from engine.feel.values import NUMBERS, OPEN, Feel, Range, Run


def member(run: Run, value: Feel, name: str) -> Feel:
    """null for what has no such part."""
    run.spend()
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, list):
        return run.items([member(run, each, name) for each in value])
    part = _PARTS.get(type(value), {}).get(name)
    return None if part is None else part(value)


def _number(value: int) -> Decimal:
    return Decimal(value)


def _clock(part: Callable[[Time], Feel]) -> Callable[[Any], Feel]:
    return lambda value: part(value if isinstance(value, Time) else value.time)


def _offset(value: Time | DateTime) -> Feel:
    seconds = offset(value if isinstance(value, DateTime) else DateTime(Date(2000, 1, 1), value))
    return None if seconds is None else Span(seconds * SECOND)


def _zone(value: Time) -> Feel:
    return value.zone if isinstance(value.zone, str) else None


def _second(value: Time) -> Decimal:
    return NUMBERS.divide(Decimal(value.nanos % (60 * SECOND)), Decimal(SECOND))


_OF_DATE: Final[dict[str, Callable[[Any], Feel]]] = {
    "year": lambda value: _number(value.year),
    "month": lambda value: _number(value.month),
    "day": lambda value: _number(value.day),
    "weekday": lambda value: _number(value.weekday),
}
_OF_TIME: Final[dict[str, Callable[[Any], Feel]]] = {
    "hour": _clock(lambda value: _number(value.nanos // (3_600 * SECOND))),
    "minute": _clock(lambda value: _number(value.nanos // (60 * SECOND) % 60)),
    "second": _clock(_second),
    "time offset": _offset,
    "timezone": _clock(_zone),
}


def _of_its_date(part: Callable[[Any], Feel]) -> Callable[[Any], Feel]:
    return lambda value: part(value.date)


def _part_of_span(unit: int, within: int) -> Callable[[Span], Decimal]:
    """Towards zero, with the sign of the whole."""

    def part(value: Span) -> Decimal:
        found = abs(value.nanos) // unit % within if within else abs(value.nanos) // unit
        return _number(-found if value.nanos < 0 else found)

    return part


def _seconds(value: Span) -> Decimal:
    found = NUMBERS.divide(Decimal(abs(value.nanos) % (60 * SECOND)), Decimal(SECOND))
    return -found if value.nanos < 0 and found else found


_PARTS: Final[dict[type, dict[str, Callable[[Any], Feel]]]] = {
    Date: _OF_DATE,
    Time: _OF_TIME,
    DateTime: {**{name: _of_its_date(part) for name, part in _OF_DATE.items()}, **_OF_TIME},
    Months: {
        "years": lambda value: _number(int(value.months / 12)),
        "months": lambda value: _number(abs(value.months) % 12 * (-1 if value.months < 0 else 1)),
    },
    Span: {
        "days": _part_of_span(86_400 * SECOND, 0),
        "hours": _part_of_span(3_600 * SECOND, 24),
        "minutes": _part_of_span(60 * SECOND, 60),
        "seconds": _seconds,
    },
    Range: {
        "start": lambda value: None if value.low is OPEN else value.low,
        "end": lambda value: None if value.high is OPEN else value.high,
        "start included": lambda value: value.low_closed,
        "end included": lambda value: value.high_closed,
    },
}
