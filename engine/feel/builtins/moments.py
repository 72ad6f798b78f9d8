"""Functions of dates, times and durations (DMN 1.5, 10.3.4.1, 10.3.4.7 and 10.3.4.8)."""

import datetime as dt
from decimal import Decimal

from engine.errors import ExpressionError
from engine.feel.builtins.registry import day_of, feel
from engine.feel.moments import (
    SECOND,
    Date,
    DateTime,
    Span,
    Time,
    is_zone,
    make_date,
    make_months,
    make_time,
    months_between,
    of_python,
    read_date,
    read_date_time,
    read_duration,
    read_time,
)
from engine.feel.values import Feel, Run, equal, kind, whole

_MINUTE = 60


@feel("date(from: any)", "date(year: number, month: number, day: number)")
def _date(_: Run, *given: Feel) -> Feel:
    match given:
        case (str() as text,):
            return read_date(text)
        case (Date() | DateTime() as day,):
            return day_of(day)
        case Decimal() as year, Decimal() as month, Decimal() as day:
            numbers = [number for each in (year, month, day) if (number := whole(each)) is not None]
            return make_date(*numbers) if len(numbers) == len(given) else None
    return None


@feel("time(from: any)", "time(hour: number, minute: number, second: number, offset?: any)")
def _time(_: Run, *given: Feel) -> Feel:
    match given:
        case (str() as text,):
            return read_time(text)
        case (Time() as clock,):
            return clock
        case (DateTime() as moment,):
            return moment.time
        case (Date(),):
            return Time(0, 0)
        case (Decimal() as hour, Decimal() as minute, Decimal() as second, *offset):
            return _time_of(hour, minute, second, offset[0] if offset else None)
    return None


def _time_of(hour: Decimal, minute: Decimal, second: Decimal, offset: Feel) -> Feel:
    hours, minutes = whole(hour), whole(minute)
    if (
        hours is None
        or minutes is None
        or not (offset is None or isinstance(offset, Span))
        or not 0 <= second < _MINUTE
    ):
        return None
    if offset is not None and offset.nanos % SECOND:
        return None
    return make_time(
        hours, minutes, int(second * SECOND), None if offset is None else offset.nanos // SECOND
    )


@feel("date and time(from: any)", "date and time(date: any, time: any)")
def _date_and_time(_: Run, *given: Feel) -> Feel:
    match given:
        case (str() as text,):
            return read_date_time(text)
        case (DateTime() as moment,):
            return moment
        case (Date() as day,):
            return DateTime(day, Time(0))
        case (Date() | DateTime() as day, Time() as clock):
            return DateTime(day_of(day), clock)
        case (DateTime() as moment, str() as zone) if is_zone(zone):
            return DateTime(moment.date, Time(moment.time.nanos, zone))
    return None


@feel("duration(from: any)")
def _duration(_: Run, value: Feel) -> Feel:
    if isinstance(value, str):
        return read_duration(value)
    return value if kind(value).endswith("duration") else None


@feel("years and months duration(from: day, to: day)")
def _years_and_months(_: Run, first: Date | DateTime, last: Date | DateTime) -> Feel:
    return make_months(months_between(day_of(first), day_of(last)))


@feel("day of year(date: day)")
def _day_of_year(_: Run, date: Date | DateTime) -> Feel:
    day = day_of(date)
    return Decimal(day.days - Date(day.year, 1, 1).days + 1)


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@feel("day of week(date: day)")
def _day_of_week(_: Run, date: Date | DateTime) -> Feel:
    return _DAYS[day_of(date).weekday - 1]


@feel("month of year(date: day)")
def _month_of_year(_: Run, date: Date | DateTime) -> Feel:
    return _MONTHS[day_of(date).month - 1]


@feel("week of year(date: day)")
def _week_of_year(_: Run, date: Date | DateTime) -> Feel:
    """ISO 8601: the week belongs to the year of its Thursday."""
    day = day_of(date)
    thursday = day.days - day.weekday + 4
    year = next(y for y in (day.year + 1, day.year, day.year - 1) if Date(y, 1, 1).days <= thursday)
    return Decimal((thursday - Date(year, 1, 1).days) // 7 + 1)


@feel("now()")
def _now(run: Run) -> Feel:
    return of_python(_instant(run))


@feel("today()")
def _today(run: Run) -> Feel:
    return of_python(_instant(run)).date


def _instant(run: Run) -> dt.datetime:
    if run.now is None:
        raise ExpressionError("feel_needs_now")
    return run.now


@feel("is(value1?: any, value2?: any)")
def _is(run: Run, one: Feel = None, other: Feel = None) -> Feel:
    """The same value of the same kind: two times are the same only with the same zone."""
    if kind(one) != kind(other):
        return False
    return one == other if isinstance(one, (Time, DateTime)) else equal(run, one, other) is True
