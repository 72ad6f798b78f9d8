"""Dates, times and durations of FEEL (DMN 1.5, 10.3.2.3): years from -999999999, nanoseconds,
offsets and zones by name. Pure values."""

import datetime as dt
import re
import zoneinfo
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

SECOND: Final = 1_000_000_000
DAY: Final = 86_400 * SECOND
MAX_YEAR: Final = 999_999_999
MAX_MONTHS: Final = MAX_YEAR * 12
MAX_SPAN: Final = MAX_YEAR * 366 * DAY
_EPOCH: Final = 719_468  # days from 0000-03-01 to 1970-01-01
_MAX_OFFSET: Final = 14 * 3_600
_MARCH, _MONTHS_OF_YEAR, _HOURS, _SIXTY = 3, 12, 24, 60

Zone = int | str | None  # seconds east of UTC, the name of a zone, or none


@dataclass(frozen=True, slots=True)
class Date:
    year: int
    month: int
    day: int

    @property
    def days(self) -> int:
        """Since 1970-01-01."""
        year, month = (
            (self.year - 1, self.month + 9)
            if self.month < _MARCH
            else (self.year, self.month - _MARCH)
        )
        cycle, of_cycle = divmod(year, 400)
        of_year = (153 * month + 2) // 5 + self.day - 1
        return cycle * 146_097 + of_cycle * 365 + of_cycle // 4 - of_cycle // 100 + of_year - _EPOCH

    @property
    def weekday(self) -> int:
        """1 is Monday."""
        return (self.days + 3) % 7 + 1

    def __str__(self) -> str:
        return f"{'-' if self.year < 0 else ''}{abs(self.year):04}-{self.month:02}-{self.day:02}"


@dataclass(frozen=True, slots=True)
class Time:
    nanos: int  # of the day
    zone: Zone = None

    def __str__(self) -> str:
        seconds, nanos = divmod(self.nanos, SECOND)
        fraction = f".{nanos:09}".rstrip("0") if nanos else ""
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{fraction}{_zone_text(self.zone)}"


@dataclass(frozen=True, slots=True)
class DateTime:
    date: Date
    time: Time

    @property
    def local(self) -> int:
        """Nanoseconds since 1970 of its own clock."""
        return self.date.days * DAY + self.time.nanos

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"


@dataclass(frozen=True, slots=True)
class Months:
    """A duration of years and months."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return f"{'-' if self.months < 0 else ''}P{text or '0M'}"


@dataclass(frozen=True, slots=True)
class Span:
    """A duration of days, hours, minutes and seconds."""

    nanos: int

    def __str__(self) -> str:
        days, rest = divmod(abs(self.nanos), DAY)
        seconds, nanos = divmod(rest, SECOND)
        parts = [(seconds // 3600, "H"), (seconds // 60 % 60, "M")]
        clock = "".join(f"{number}{unit}" for number, unit in parts if number)
        if seconds % 60 or nanos:
            clock += f"{seconds % 60}" + (f".{nanos:09}".rstrip("0") if nanos else "") + "S"
        text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
        return f"{'-' if self.nanos < 0 else ''}P{text or 'T0S'}"


Moment = Date | Time | DateTime | Months | Span


def _zone_text(zone: Zone) -> str:
    if zone is None:
        return ""
    if isinstance(zone, str):
        return f"@{zone}"
    if zone == 0:
        return "Z"
    sign, seconds = ("-", -zone) if zone < 0 else ("+", zone)
    more = f":{seconds % 60:02}" if seconds % 60 else ""
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}{more}"


# --- made and read: None when there is no such date -----------------------------------------------
def leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    return (
        29
        if month == _MARCH - 1 and leap(year)
        else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
    )


def make_date(year: int, month: int, day: int) -> Date | None:
    if (
        abs(year) > MAX_YEAR
        or not 1 <= month <= _MONTHS_OF_YEAR
        or not 1 <= day <= month_length(year, month)
    ):
        return None
    return Date(year, month, day)


def date_of(days: int) -> Date | None:
    """The date so many days after 1970-01-01."""
    cycle, of_cycle = divmod(days + _EPOCH, 146_097)
    year_of_cycle = (of_cycle - of_cycle // 1_460 + of_cycle // 36_524 - of_cycle // 146_096) // 365
    of_year = of_cycle - (365 * year_of_cycle + year_of_cycle // 4 - year_of_cycle // 100)
    month = (5 * of_year + 2) // 153
    day = of_year - (153 * month + 2) // 5 + 1
    from_january = month >= _MONTHS_OF_YEAR - 2  # the last two of a year that begins in March
    month += -9 if from_january else _MARCH
    year = year_of_cycle + cycle * 400 + from_january
    return make_date(year, month, day)


def make_time(hour: int, minute: int, nanos: int, zone: Zone = None) -> Time | None:
    """`nanos`: of the minute."""
    if not (0 <= hour < _HOURS and 0 <= minute < _SIXTY and 0 <= nanos < _SIXTY * SECOND):
        return None
    if isinstance(zone, int) and abs(zone) > _MAX_OFFSET:
        return None
    return Time((hour * 60 + minute) * 60 * SECOND + nanos, zone)


_DATE = re.compile(r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9})[0-9]*)?(Z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z0-9/_+-]{1,60})?"
)
_MONTHS = re.compile(r"(-?)P(?:([0-9]{1,12})Y)?(?:([0-9]{1,12})M)?")
_SPAN = re.compile(
    r"(-?)P(?:([0-9]{1,12})D)?(?:T(?:([0-9]{1,15})H)?(?:([0-9]{1,15})M)?(?:([0-9]{1,18})(?:\.([0-9]{0,9})[0-9]*)?S)?)?"
)


def read_date(text: str) -> Date | None:
    match = _DATE.fullmatch(text)
    return (
        None
        if match is None or match[1] == "-0000"
        else make_date(int(match[1]), int(match[2]), int(match[3]))
    )


def read_time(text: str) -> Time | None:
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    zone: Zone = None
    if match[5]:
        if (read := _read_zone(match[5])) is None:
            return None
        zone = read
    return make_time(
        int(match[1]),
        int(match[2]),
        int(match[3]) * SECOND + int((match[4] or "0").ljust(9, "0")),
        zone,
    )


def _read_zone(text: str) -> int | str | None:
    if text == "Z":
        return 0
    if text.startswith("@"):
        return text[1:] if is_zone(text[1:]) else None
    hours, minutes, seconds = int(text[1:3]), int(text[4:6]), int(text[7:9] or 0)
    return (
        None
        if minutes >= _SIXTY or seconds >= _SIXTY
        else (-1 if text[0] == "-" else 1) * (hours * 3600 + minutes * 60 + seconds)
    )


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def is_zone(name: str) -> bool:
    return name in _zones()


def read_date_time(text: str) -> DateTime | None:
    """A date alone is its midnight."""
    day, letter, clock = text.partition("T")
    date = read_date(day)
    if date is not None and clock.startswith("24:00:00"):  # midnight, of the next day
        date, clock = date_of(date.days + 1), clock.replace("24", "00", 1)
    time = read_time(clock) if letter else Time(0)
    if date is None or time is None or (time.nanos and text[len(day) + 1 :].startswith("24")):
        return None
    return DateTime(date, time)


def read_duration(text: str) -> Months | Span | None:
    if (match := _MONTHS.fullmatch(text)) and (match[2] or match[3]):
        return make_months((-1 if match[1] else 1) * (int(match[2] or 0) * 12 + int(match[3] or 0)))
    match = _SPAN.fullmatch(text)
    if match is None or not any(match.groups()[1:]) or text.endswith("T"):
        return None
    seconds = (
        int(match[2] or 0) * 86_400
        + int(match[3] or 0) * 3_600
        + int(match[4] or 0) * 60
        + int(match[5] or 0)
    )
    return make_span(
        (-1 if match[1] else 1) * (seconds * SECOND + int((match[6] or "0").ljust(9, "0")))
    )


def make_months(months: int) -> Months | None:
    return None if abs(months) > MAX_MONTHS else Months(months)


def make_span(nanos: int) -> Span | None:
    return None if abs(nanos) > MAX_SPAN else Span(nanos)


def read_moment(text: str) -> Moment | None:
    """What `@"…"` means: whichever of them it is."""
    for read in (read_date, read_time, read_duration):
        if (found := read(text)) is not None:
            return found
    return read_date_time(text) if "T" in text else None


# --- reckoning ------------------------------------------------------------------------------------
def offset(when: DateTime) -> int | None:
    """Seconds east of UTC; None without a zone, and for a zone by name outside the years that its
    rules know."""
    zone = when.time.zone
    if zone is None or isinstance(zone, int):
        return zone
    if not dt.MINYEAR < when.date.year < dt.MAXYEAR:
        return None
    seconds = when.time.nanos // SECOND
    clock = dt.time(seconds // 3600, seconds // 60 % 60, seconds % 60)
    found = dt.datetime.combine(
        dt.date(when.date.year, when.date.month, when.date.day), clock, zoneinfo.ZoneInfo(zone)
    ).utcoffset()
    return None if found is None else int(found.total_seconds())


def instant(when: DateTime) -> int | None:
    """Nanoseconds since 1970 in UTC; None without a zone."""
    seconds = offset(when)
    return None if seconds is None else when.local - seconds * SECOND


def from_local(nanos: int, zone: Zone) -> DateTime | None:
    days, rest = divmod(nanos, DAY)
    date = date_of(days)
    return None if date is None else DateTime(date, Time(rest, zone))


def plus_months(date: Date, months: int) -> Date | None:
    """The last day of the month where it has no such day."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return make_date(year, month + 1, min(date.day, month_length(year, month + 1)))


def months_between(first: Date, last: Date) -> int:
    """Whole months from one date to the other, towards zero."""
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        return months - 1
    return months + 1 if months < 0 and last.day > first.day else months


def of_python(when: dt.datetime) -> DateTime:
    """An instant of the product. One without an offset stays without."""
    away = when.utcoffset()
    nanos = ((when.hour * 60 + when.minute) * 60 + when.second) * SECOND + when.microsecond * 1_000
    return DateTime(
        Date(when.year, when.month, when.day),
        Time(nanos, None if away is None else int(away.total_seconds())),
    )
