"""Cells of decision tables: literals and unary tests of S-FEEL (DMN 1.3, 9), with dates, times and
durations written as such.

A value of a process that is a date, a time or a duration is a text of ISO 8601; only `date("…")`
and its like compare it as one.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from engine.errors import ExpressionError
from engine.model.operations import equal
from engine.types import Value

MAX_CELL: Final = 1_000

_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,10})?")
_TEXT = re.compile(r'"([^"]*)"')
_OPEN, _CLOSE = ("[", "]", "("), ("[", "]", ")")
_COMPARISON = re.compile(r"(<=|>=|<|>)\s*(.+)")
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_BETWEEN_TESTS = re.compile(r',(?=(?:[^"]*"[^"]*")*[^"]*$)')
_MOMENT = re.compile(r'(?:(date and time|date|time|duration)\s*\(\s*"([^"]*)"\s*\)|@"([^"]*)")')

Test = Callable[[Value], bool]


@dataclass(frozen=True, slots=True)
class Cell:
    """One unary test, and the values at which its truth may change (for the lint)."""

    text: str
    test: Test
    points: tuple["Value | Moment", ...] = ()

    @property
    def dash(self) -> bool:
        return self.text in ("", "-")


# --- literals -------------------------------------------------------------------------------------
def literal(text: str) -> Value:
    """What an output gives: a number, "text", true, false or null; a date, time or duration as its
    text."""
    value = _operand(text)
    return value.text if isinstance(value, Moment) else value


def literals(text: str) -> tuple[Value, ...]:
    """A list of them, as output values stand in a table."""
    return tuple(literal(part) for part in _BETWEEN_TESTS.split(text))


def _operand(text: str) -> "Value | Moment":
    text = text.strip()
    if match := _TEXT.fullmatch(text):
        return match[1]
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    if match := _MOMENT.fullmatch(text):
        return _moment(text, match[1], match[2] if match[3] is None else match[3])
    try:
        return {"true": True, "false": False, "null": None}[text]
    except KeyError:
        problem = (
            ExpressionError("not_a_cell_value", text=text)
            if text
            else ExpressionError("empty_value")
        )
        raise problem from None


# --- dates, times and durations -------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Moment:
    """`kind` says what may be compared with it: with a zone only what has one, months only with
    months."""

    kind: str
    at: Any
    text: str

    def near(self) -> tuple[str, ...]:
        """Just before it, itself, just after it: as texts that a variable may hold."""
        try:
            return _BEFORE_AND_AFTER[self.kind.partition(" in ")[0]](self.at, self.text)
        except OverflowError:  # the first and the last of all dates
            return (self.text,)


def _moment(text: str, kind: str | None, content: str) -> Moment:
    """`kind` None: `@"…"`, whatever it is."""
    for name, read in _READ.items():
        if kind in (None, name) and (found := read(content)) is not None:
            return found
    raise ExpressionError("not_a_cell_value", text=text)


def _date(text: str) -> Moment | None:
    try:
        return (
            Moment("date", dt.date.fromisoformat(text), text)
            if re.fullmatch(r"\d{4}-\d\d-\d\d", text)
            else None
        )
    except ValueError:
        return None


def _time(text: str) -> Moment | None:
    try:
        return (
            Moment("time", dt.time.fromisoformat(text), text)
            if re.fullmatch(r"\d\d:\d\d(:\d\d(\.\d{1,6})?)?", text)
            else None
        )
    except ValueError:
        return None


def _date_and_time(text: str) -> Moment | None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", text):
        return None
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return Moment("date and time" if at.tzinfo is None else "date and time in a zone", at, text)


_DURATION = re.compile(
    r"(?P<minus>-?)P(?:(?P<y>\d{1,4})Y)?(?:(?P<m>\d{1,5})M)?"
    r"(?:(?P<d>\d{1,6})D)?(?:T(?:(?P<H>\d{1,6})H)?(?:(?P<M>\d{1,6})M)?(?:(?P<S>\d{1,9})S)?)?"
)


def _duration(text: str) -> Moment | None:
    """9.3 of DMN: of years and months, or of days and shorter; nobody can say which of P1M and P30D
    is longer."""
    match = _DURATION.fullmatch(text)
    if match is None or text.endswith(("P", "T")):
        return None
    number = {name: int(value or 0) for name, value in match.groupdict().items() if name != "minus"}
    sign = -1 if match["minus"] else 1
    months = number["y"] * 12 + number["m"]
    seconds = number["d"] * 86_400 + number["H"] * 3_600 + number["M"] * 60 + number["S"]
    if months and seconds:
        return None
    if match["y"] is not None or match["m"] is not None:
        return Moment("months", sign * months, text)
    return Moment("seconds", sign * seconds, text)


_READ: Final[dict[str, Callable[[str], Moment | None]]] = {
    "date": _date,
    "time": _time,
    "date and time": _date_and_time,
    "duration": _duration,
}


def _around(at: Any, text: str, step: dt.timedelta) -> tuple[str, ...]:
    return ((at - step).isoformat(), text, (at + step).isoformat())


def _around_time(at: dt.time, text: str) -> tuple[str, ...]:
    day = dt.datetime.combine(dt.date(2000, 1, 2), at)
    second = dt.timedelta(seconds=1)
    return (
        *(
            (each.time().isoformat())
            for each in (day - second, day + second)
            if each.date() == day.date()
        ),
        text,
    )


def _around_number(at: int, text: str, unit: str) -> tuple[str, ...]:
    return (*(f"{'-' if n < 0 else ''}{unit.format(abs(n))}" for n in (at - 1, at + 1)), text)


_BEFORE_AND_AFTER: Final[dict[str, Callable[[Any, str], tuple[str, ...]]]] = {
    "date": lambda at, text: _around(at, text, dt.timedelta(days=1)),
    "date and time": lambda at, text: _around(at, text, dt.timedelta(seconds=1)),
    "time": _around_time,
    "months": lambda at, text: _around_number(at, text, "P{}M"),
    "seconds": lambda at, text: _around_number(at, text, "PT{}S"),
}


# --- tests ----------------------------------------------------------------------------------------
def cell(text: str) -> Cell:
    """A unary test. ExpressionError when it is none."""
    text = text.strip()
    if len(text) > MAX_CELL:
        raise ExpressionError("cell_too_long", maximum=MAX_CELL)
    if text in ("", "-"):
        return Cell("-", lambda _: True)
    if negated := _NOT.fullmatch(text):
        inner = _alternatives(negated[1])
        return Cell(text, lambda value: value is not None and not inner.test(value), inner.points)
    return _alternatives(text)


def _alternatives(text: str) -> Cell:
    parts = [_single(part.strip()) for part in _BETWEEN_TESTS.split(text)]
    if len(parts) == 1:
        return parts[0]
    points = tuple(point for part in parts for point in part.points)
    return Cell(text, lambda value: any(part.test(value) for part in parts), points)


def _single(text: str) -> Cell:
    if text[:1] in _OPEN and text[-1:] in _CLOSE and ".." in text:
        return _interval(text)
    if match := _COMPARISON.fullmatch(text):
        bound = _ordered(match[2])
        return Cell(text, _ordering(match[1], bound), (bound,))
    value = _operand(text)
    if isinstance(value, Moment):
        return Cell(text, _ordering("=", value), (value,))
    return Cell(text, lambda given: equal(given, value), (value,))


def _interval(text: str) -> Cell:
    """[1..5], ]1..5[ or (1..5)."""
    first, _, last = text[1:-1].partition("..")
    low, high = _ordered(first), _ordered(last)
    if not _ordering("<=", high)(low.text if isinstance(low, Moment) else low):
        raise ExpressionError("empty_interval", text=text)
    above = _ordering(">=" if text[0] == "[" else ">", low)
    below = _ordering("<=" if text[-1] == "]" else "<", high)
    return Cell(text, lambda value: above(value) and below(value), (low, high))


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
    "=": lambda one, other: one == other,
}


def _ordering(sign: str, bound: "Value | Moment") -> Test:
    order = _ORDER[sign]
    if not isinstance(bound, Moment):
        return lambda value: _comparable(value, bound) and order(value, bound)
    read = (
        _duration if bound.kind in ("months", "seconds") else _READ[bound.kind.partition(" in ")[0]]
    )

    def test(value: Value) -> bool:
        found = read(value) if isinstance(value, str) else None
        return found is not None and found.kind == bound.kind and order(found.at, bound.at)

    return test


def _ordered(text: str) -> "Value | Moment":
    value = _operand(text)
    if value is None or isinstance(value, bool):
        raise ExpressionError("no_order", text=text)
    return value


def is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _comparable(one: Value, other: Value) -> bool:
    return (is_number(one) and is_number(other)) or (
        isinstance(one, str) and isinstance(other, str)
    )
