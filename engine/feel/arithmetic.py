"""`+ - * / **` of FEEL (DMN 1.5, 10.3.2.14) on numbers, texts, dates, times and durations. null for
what cannot be reckoned."""

import decimal
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from engine.feel.moments import (
    DAY,
    SECOND,
    Date,
    DateTime,
    Months,
    Span,
    Time,
    date_of,
    from_local,
    instant,
    make_months,
    make_span,
    offset,
    plus_months,
)
from engine.feel.values import NUMBERS, Feel, Run, kind, number, whole

__all__ = ["ORDERED", "SIGNS", "date_of", "negated", "whole"]

_MAX_DIGITS: Final = 30  # of a duration, before it is too long
ORDERED: Final = frozenset({
    "number", "string", "date", "time", "date and time", "years and months duration", "days and time duration",
})  # fmt: skip


def negated(value: Feel) -> Feel:
    match value:
        case Decimal():
            return NUMBERS.minus(value)
        case Months():
            return Months(-value.months)
        case Span():
            return Span(-value.nanos)
    return None


def _add(run: Run, one: Feel, other: Feel) -> Feel:
    match one, other:
        case Decimal(), Decimal():
            return number(NUMBERS.add(one, other))
        case str(), str():
            return run.text(one + other)
        case Months(), Months():
            return make_months(one.months + other.months)
        case Span(), Span():
            return make_span(one.nanos + other.nanos)
        case ((Months() | Span()), (Date() | DateTime() | Time())):
            return _shifted(other, one, 1)
        case ((Date() | DateTime() | Time()), (Months() | Span())):
            return _shifted(one, other, 1)
    return None


def _subtract(_: Run, one: Feel, other: Feel) -> Feel:
    match one, other:
        case Decimal(), Decimal():
            return number(NUMBERS.subtract(one, other))
        case Months(), Months():
            return make_months(one.months - other.months)
        case Span(), Span():
            return make_span(one.nanos - other.nanos)
        case ((Date() | DateTime() | Time()), (Months() | Span())):
            return _shifted(one, other, -1)
        case ((Date() | DateTime()), (Date() | DateTime())):
            return _apart(_midnight(one, other), _midnight(other, one))
        case Time(), Time():
            some = Date(2000, 1, 1)
            return _apart(DateTime(some, one), DateTime(some, other))
    return None


def _shifted(when: Feel, by: Months | Span, sign: int) -> Feel:
    match when, by:
        case Date(), Months():
            return plus_months(when, sign * by.months)
        case Date(), Span():
            moved = from_local(when.days * DAY + sign * by.nanos, None)
            return None if moved is None else moved.date
        case DateTime(), Months():
            date = plus_months(when.date, sign * by.months)
            return None if date is None else DateTime(date, when.time)
        case DateTime(), Span():
            return from_local(when.local + sign * by.nanos, when.time.zone)
        case Time(), Span():
            return Time((when.nanos + sign * by.nanos) % DAY, when.zone)
    return None


def _midnight(value: Date | DateTime, beside: Date | DateTime) -> DateTime:
    """A date beside a date and time is midnight of UTC (10.3.2.3.6)."""
    if isinstance(value, DateTime):
        return value
    return DateTime(value, Time(0, 0 if isinstance(beside, DateTime) else None))


def _apart(one: DateTime, other: DateTime) -> Feel:
    if (offset(one) is None) != (offset(other) is None):
        return None
    left, right = instant(one), instant(other)
    return make_span(one.local - other.local if left is None or right is None else left - right)


def _multiply(_: Run, one: Feel, other: Feel) -> Feel:
    match one, other:
        case Decimal(), Decimal():
            return number(NUMBERS.multiply(one, other))
        case Decimal(), (Months() | Span()):
            return _scaled(other, one, NUMBERS.multiply)
        case ((Months() | Span()), Decimal()):
            return _scaled(one, other, NUMBERS.multiply)
    return None


def _divide(_: Run, one: Feel, other: Feel) -> Feel:
    match one, other:
        case Decimal(), Decimal():
            return None if not other else number(NUMBERS.divide(one, other))
        case ((Months() | Span()), Decimal()):
            return None if not other else _scaled(one, other, NUMBERS.divide)
        case Months(), Months():
            return (
                None
                if not other.months
                else number(NUMBERS.divide(Decimal(one.months), Decimal(other.months)))
            )
        case Span(), Span():
            return (
                None
                if not other.nanos
                else number(NUMBERS.divide(Decimal(one.nanos), Decimal(other.nanos)))
            )
    return None


def _scaled(value: Months | Span, by: Decimal, how: Callable[[Decimal, Decimal], Decimal]) -> Feel:
    amount = how(Decimal(value.months if isinstance(value, Months) else value.nanos), by)
    if not amount.is_finite() or amount.adjusted() > _MAX_DIGITS:
        return None
    parts = int(amount.to_integral_value(decimal.ROUND_DOWN))
    return make_months(parts) if isinstance(value, Months) else make_span(parts)


def _power(run: Run, one: Feel, other: Feel) -> Feel:
    if not isinstance(one, Decimal) or not isinstance(other, Decimal):
        return None
    run.spend(20)
    return number(NUMBERS.power(one, other))


SIGNS: Final[dict[str, Callable[[Run, Feel, Feel], Feel]]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "**": _power,
}


def seconds(nanos: int) -> Decimal:
    return NUMBERS.divide(Decimal(nanos), Decimal(SECOND))


def kinds(*values: Feel) -> tuple[str, ...]:
    return tuple(map(kind, values))
