"""Values of FEEL (DMN 1.5, 10.3.2): how they are compared, and how much one evaluation may make of
them.

A number is a Decimal of 34 digits, a text str, a list list, a context dict; null, true and false
are Python's.
"""

import datetime as dt
import decimal
import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from engine.errors import ExpressionError
from engine.feel.moments import SECOND, Date, DateTime, Months, Span, Time, instant

MAX_STEPS: Final = 50_000
MAX_TEXT: Final = 10_000
MAX_LIST: Final = 10_000
MAX_CALLS: Final = 60  # inside each other
MAX_LEVELS: Final = 30  # of lists and contexts inside each other
# decimal128
NUMBERS: Final = decimal.Context(prec=34, Emax=6144, Emin=-6143, rounding=decimal.ROUND_HALF_EVEN)
NUMBERS.clear_traps()

Feel = Any  # a value of FEEL


class Run:
    """One evaluation: how much it may still do. `strict`: a table that decides nothing is an error,
    not null. `rules`: of each table that decided (by the key of its decision), the numbers of the
    rules that did and what their authors say of them."""

    __slots__ = ("calls", "left", "now", "rules", "strict")

    def __init__(self, now: dt.datetime | None = None, *, strict: bool = False) -> None:
        self.now, self.strict, self.left, self.calls = now, strict, MAX_STEPS, 0
        self.rules: dict[str, Sequence[tuple[int, str]]] = {}

    def spend(self, steps: int = 1) -> None:
        self.left -= steps
        if self.left < 0:
            raise ExpressionError("too_many_steps", maximum=MAX_STEPS)

    def length(self, letters: int) -> None:
        """A text of so many letters is going to be made."""
        if letters > MAX_TEXT:
            raise ExpressionError("text_too_long", maximum=MAX_TEXT)

    def text(self, value: str) -> str:
        """A text that was made."""
        self.length(len(value))
        self.spend(1 + len(value) // 100)
        return value

    def items(self, value: list[Feel]) -> list[Feel]:
        """A list that was made."""
        if len(value) > MAX_LIST:
            raise ExpressionError("list_too_long", maximum=MAX_LIST)
        self.spend(1 + len(value) // 10)
        return value


class Env:
    """The names that an expression sees while it is evaluated: its own, then those around it."""

    __slots__ = ("names", "outer", "run")

    def __init__(self, run: Run, names: Mapping[str, Feel], outer: "Env | None" = None) -> None:
        self.run, self.names, self.outer = run, names, outer

    def get(self, name: str) -> Feel:
        here: Env | None = self
        while here is not None:
            if name in here.names:
                return here.names[name]
            here = here.outer
        return None


Code = Callable[[Env], Feel]


def nothing(_: Env) -> Feel:
    """The code of what is not there: null."""
    return None


class Mark(enum.Enum):
    OPEN = "open"
    LEFT_OUT = "left out"


OPEN: Final = Mark.OPEN  # a range has no end on that side
LEFT_OUT: Final = Mark.LEFT_OUT  # an argument that was not given, before one that was


@dataclass(frozen=True, slots=True)
class Range:
    """`[low..high]`; `sign`: of `(= 5)` and `(!= 5)`, whose ends are both 5."""

    low: Feel
    high: Feel
    low_closed: bool = True
    high_closed: bool = True
    sign: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """`parameters`: names, in order; `call` gets their values. `types`: of the parameters and of
    the result, as the author wrote them."""

    parameters: tuple[str, ...]
    call: Callable[[Run, Sequence[Feel]], Feel]
    least: int = 0  # so many of them must be given
    variadic: bool = False  # the last may be given several times
    name: str = ""
    types: tuple[Any, ...] = field(default=())
    takes: Callable[[Sequence[Feel]], bool] | None = None  # None: whatever
    others: "tuple[Function, ...]" = ()  # other ways to call it, each with parameters of its own


def kind(value: Feel) -> str:
    """The FEEL type of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    return _KINDS.get(type(value), "any")


_KINDS: Final[dict[type, str]] = {
    Decimal: "number",
    str: "string",
    list: "list",
    dict: "context",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    Months: "years and months duration",
    Span: "days and time duration",
    Range: "range",
    Function: "function",
}


def number(value: Decimal) -> Decimal | None:
    """A number that was made: null where there is none (division by zero, beyond 6144 digits)."""
    return value if value.is_finite() else None


def whole(value: Decimal) -> int | None:
    return (
        int(value)
        if value == value.to_integral_value() and abs(value) < Decimal(10) ** 20
        else None
    )


# --- comparing ------------------------------------------------------------------------------------
def equal(run: Run, one: Feel, other: Feel, level: int = 0) -> bool | None:
    """10.3.2.13: null where the two are of different kinds."""
    run.spend()
    if one is None or other is None:
        return one is None and other is None
    type_, other_type = kind(one), kind(other)
    if type_ != other_type:
        return None
    if level > MAX_LEVELS:
        raise ExpressionError("nested_too_deeply")
    if type_ == "list":
        return len(one) == len(other) and all_equal(run, zip(one, other, strict=True), level)
    if type_ == "context":
        return one.keys() == other.keys() and all_equal(
            run, ((value, other[name]) for name, value in one.items()), level
        )
    if type_ == "range":
        same = (one.low_closed, one.high_closed, one.sign) == (
            other.low_closed,
            other.high_closed,
            other.sign,
        )
        return same and all_equal(run, ((one.low, other.low), (one.high, other.high)), level)
    if type_ in ("time", "date and time"):
        return _same_moment(one, other)
    return one is other if type_ == "function" else bool(one == other)


def all_equal(run: Run, pairs: Any, level: int) -> bool:
    return all(equal(run, one, other, level + 1) is True for one, other in pairs)


def _same_moment(one: Feel, other: Feel) -> bool | None:
    """To the second: what is finer does not count (TCK 0068)."""
    if (_zone(one) is None) != (_zone(other) is None):
        return None
    places = (_local(one), _local(other)) if _zone(one) is None else (_place(one), _place(other))
    return (
        None
        if places[0] is None or places[1] is None
        else places[0] // SECOND == places[1] // SECOND
    )


def _zone(value: Feel) -> Any:
    return value.zone if isinstance(value, Time) else value.time.zone


_SOME_DAY: Final = Date(2000, 1, 1)


def _place(value: Feel) -> int | None:
    """On the line of its kind, in nanoseconds of UTC; None without a zone."""
    return instant(DateTime(_SOME_DAY, value)) if isinstance(value, Time) else instant(value)


def order(run: Run, one: Feel, other: Feel) -> int | None:
    """-1, 0 or 1; None where the two cannot be put in order."""
    run.spend()
    type_ = kind(one)
    if type_ != kind(other) or type_ not in _ORDERED:
        return None
    if type_ in ("time", "date and time"):
        if (_zone(one) is None) != (_zone(other) is None):
            return None
        left, right = (
            (_local(one), _local(other)) if _zone(one) is None else (_place(one), _place(other))
        )
        if left is None or right is None:
            return None
    else:
        left, right = _ORDERED[type_](one), _ORDERED[type_](other)
    if type_ in ("time", "date and time"):
        left, right = left // SECOND, right // SECOND
    return (left > right) - (left < right)


def _local(value: Feel) -> int:
    return value.nanos if isinstance(value, Time) else value.local


_ORDERED: Final[dict[str, Callable[[Any], Any]]] = {
    "number": lambda value: value,
    "string": lambda value: value,
    "date": lambda value: (value.year, value.month, value.day),
    "time": _local,
    "date and time": _local,
    "years and months duration": lambda value: value.months,
    "days and time duration": lambda value: value.nanos,
}

_SIGNS: Final[dict[str, Callable[[int], bool]]] = {
    "<": lambda found: found < 0,
    "<=": lambda found: found <= 0,
    ">": lambda found: found > 0,
    ">=": lambda found: found >= 0,
}


def compare(run: Run, sign: str, one: Feel, other: Feel) -> bool | None:
    """`=`, `!=`, `<`, `<=`, `>`, `>=`."""
    if sign in ("=", "!="):
        same = equal(run, one, other)
        return same if same is None or sign == "=" else not same
    found = order(run, one, other)
    return None if found is None else _SIGNS[sign](found)


def within(run: Run, value: Feel, span: Range) -> bool | None:
    """Whether a range includes a value."""
    if span.sign == "!=":
        return compare(run, "!=", value, span.low)
    above = (
        True
        if span.low is OPEN
        else compare(run, ">=" if span.low_closed else ">", value, span.low)
    )
    below = (
        True
        if span.high is OPEN
        else compare(run, "<=" if span.high_closed else "<", value, span.high)
    )
    return both(above, below)


def both(one: Feel, other: Feel) -> bool | None:
    """Three-valued `and`: what is no boolean counts as null."""
    if one is False or other is False:
        return False
    return True if one is True and other is True else None


def either(one: Feel, other: Feel) -> bool | None:
    if one is True or other is True:
        return True
    return False if one is False and other is False else None


def as_list(value: Feel) -> list[Feel]:
    return value if isinstance(value, list) else [value]
