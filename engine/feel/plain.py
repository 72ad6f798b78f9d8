"""Between the JSON values of a case and the values of FEEL: numbers are read digit by digit, dates
and durations are texts of ISO 8601."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from engine.errors import ExpressionError
from engine.feel.moments import (
    Date,
    DateTime,
    Months,
    Span,
    Time,
    read_date,
    read_date_time,
    read_duration,
    read_moment,
    read_time,
)
from engine.feel.types import ANY, Type
from engine.feel.values import MAX_LEVELS, NUMBERS, Feel, Run, kind
from engine.types import Value

MAX_INTEGER: Final = 2**63 - 1
#: Of an expression that knows no types: a text stays one, whatever it looks like.
TEXTS: Final = Type("as it is")
_READ: Final[dict[str, Callable[[str], Feel]]] = {
    "date": read_date,
    "time": read_time,
    "date and time": read_date_time,
    "duration": read_duration,
    "days and time duration": read_duration,
    "years and months duration": read_duration,
}


def given(run: Run, value: Value, wanted: Type | None, level: int = 0) -> Feel:
    """A value of a case as FEEL has it; a text becomes a date only where its type says so.
    ExpressionError: nothing says whether it is a text or a date, and it may be either."""
    run.spend()
    if level > MAX_LEVELS:
        raise ExpressionError("nested_too_deeply")
    type_ = wanted or ANY
    match value:
        case bool() | None:
            return value
        case int() | float():
            return NUMBERS.create_decimal(repr(value))
        case str():
            if type_.name == ANY.name and read_moment(value) is not None:
                raise ExpressionError("text_or_moment", text=value)
            return _READ[type_.name](value) if type_.name in _READ else run.text(value)
        case list():
            item = type_.item if type_.name == "list" else type_
            return run.items([given(run, each, item, level + 1) for each in value])
        case dict():
            other = TEXTS if type_ is TEXTS else ANY
            return {
                name: given(run, each, type_.members.get(name, other), level + 1)
                for name, each in value.items()
            }
    raise ExpressionError("value_of_no_type", type=type(value).__name__)


def plain(run: Run, value: Feel, level: int = 0) -> Value:
    """A value of FEEL as a case keeps it. ExpressionError: it keeps no such value."""
    run.spend()
    if level > MAX_LEVELS:
        raise ExpressionError("nested_too_deeply")
    match value:
        case bool() | None | str():
            return value
        case Decimal():
            return _number(value)
        case Date() | Time() | DateTime() | Months() | Span():
            return str(value)
        case list():
            return [plain(run, each, level + 1) for each in value]
        case dict():
            return {name: plain(run, each, level + 1) for name, each in value.items()}
    raise ExpressionError("value_of_no_type", type=kind(value))


def _number(value: Decimal) -> int | float:
    """Whole numbers exactly; others to the 15 to 17 digits that a case keeps."""
    if value == value.to_integral_value():
        if abs(value) > MAX_INTEGER:
            raise ExpressionError("number_out_of_range")
        return int(value)
    return float(value)
