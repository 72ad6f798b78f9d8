"""What the signs and functions of the expression language do with values, and how much one
evaluation may do."""

import ast
import datetime as dt
import inspect
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from engine.errors import ExpressionError
from engine.types import Data, Functions, Value

MAX_STEPS: Final = 1_000
MAX_TEXT: Final = 10_000
MAX_NUMBER: Final = 10**15
MAX_PICTURE: Final = 60  # letters of a value inside a problem
BUILTIN: Final = frozenset({"len", "min", "max"})


@dataclass(slots=True)
class Run:
    """One evaluation: what it may see, and how much it may still do."""

    data: Data
    functions: Functions
    now: dt.datetime | None
    steps: int = MAX_STEPS

    def spend(self, steps: int) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise ExpressionError("too_many_steps", maximum=MAX_STEPS)


# --- values ---------------------------------------------------------------------------------------
def show(value: Value) -> str:
    """A short picture of a value."""
    picture = "no value" if value is None else repr(value)
    return picture if len(picture) <= MAX_PICTURE else f"{picture[: MAX_PICTURE - 3]}..."


def brief(value: Value) -> Value:
    """A value as a fact of a problem: itself, or the beginning of its picture when that is long."""
    return value if len(repr(value)) <= MAX_PICTURE else f"{repr(value)[: MAX_PICTURE - 3]}..."


def bounded(value: Any) -> Value:
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise ExpressionError("text_too_long", maximum=MAX_TEXT)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        if (isinstance(value, float) and not math.isfinite(value)) or abs(value) > MAX_NUMBER:
            raise ExpressionError("number_out_of_range")
    elif isinstance(value, list):
        if len(value) > MAX_STEPS:
            raise ExpressionError("list_too_long", maximum=MAX_STEPS)
        for item in value:
            bounded(item)
    elif value is not None and not isinstance(value, (bool, dict)):
        raise ExpressionError("value_of_no_type", type=type(value).__name__)
    checked: Value = value
    return checked


def boolean(value: Value, sign: str) -> bool:
    if not isinstance(value, bool):
        raise ExpressionError("needs_boolean", sign=sign, value=brief(value))
    return value


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def number(value: Value, sign: str) -> int | float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ExpressionError("needs_numbers", sign=sign, value=brief(value))
    return value


def equal(left: Value, right: Value) -> bool:
    """1 equals 1.0, but never True; lists item by item."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, dict) or isinstance(right, dict):
        raise ExpressionError("structure_compared")
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def part(run: Run, value: Value, step: str | int) -> Value:
    """What a value holds under a name, or a list at a place. Where nothing is, there is no
    value."""
    run.spend(1)
    if value is None:
        return None
    if isinstance(step, str) and isinstance(value, dict):
        return bounded(value.get(step))
    if isinstance(step, int) and isinstance(value, list):
        return bounded(value[step]) if step < len(value) else None
    raise ExpressionError("no_parts", step=step, value=brief(value))


def _add(left: Value, right: Value) -> Value:
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    return number(left, "+") + number(right, "+")


def _divide(left: Value, right: Value) -> Value:
    divisor = number(right, "/")
    if divisor == 0:
        raise ExpressionError("division_by_zero")
    return number(left, "/") / divisor


BINARY: dict[type[ast.operator], Callable[[Value, Value], Value]] = {
    ast.Add: _add,
    ast.Sub: lambda left, right: number(left, "-") - number(right, "-"),
    ast.Mult: lambda left, right: number(left, "*") * number(right, "*"),
    ast.Div: _divide,
}


def _ordered(sign: str, test: Callable[[Any, Any], bool]) -> Callable[[Run, Value, Value], bool]:
    def compare(_: Run, left: Value, right: Value) -> bool:
        if (isinstance(left, str) and isinstance(right, str)) or (
            _is_number(left) and _is_number(right)
        ):
            return test(left, right)
        raise ExpressionError("not_comparable", sign=sign, left=brief(left), right=brief(right))

    return compare


def _equal(run: Run, left: Value, right: Value) -> bool:
    run.spend(_size(left) + _size(right))
    return equal(left, right)


def _contains(run: Run, item: Value, items: Value) -> bool:
    """An item of a list, or a text inside a text."""
    if isinstance(items, str) and isinstance(item, str):
        return item in items
    if not isinstance(items, list):
        raise ExpressionError("not_searchable", value=brief(items))
    run.spend(_size(items))
    return any(equal(item, each) for each in items)


def _size(value: Value) -> int:
    return sum(map(_size, value)) + 1 if isinstance(value, list) else 1


COMPARISONS: dict[type[ast.cmpop], Callable[[Run, Value, Value], bool]] = {
    ast.Eq: _equal,
    ast.NotEq: lambda run, left, right: not _equal(run, left, right),
    ast.Lt: _ordered("<", lambda left, right: left < right),
    ast.LtE: _ordered("<=", lambda left, right: left <= right),
    ast.Gt: _ordered(">", lambda left, right: left > right),
    ast.GtE: _ordered(">=", lambda left, right: left >= right),
    ast.In: _contains,
    ast.NotIn: lambda run, item, items: not _contains(run, item, items),
}


def _len(run: Run, arguments: Sequence[Value]) -> Value:
    run.spend(1)
    if len(arguments) != 1 or not isinstance(arguments[0], (str, list)):
        raise ExpressionError("nothing_to_measure")
    return len(arguments[0])


def _extreme(name: str, better: type[ast.cmpop]) -> Callable[[Run, Sequence[Value]], Value]:
    def pick(run: Run, arguments: Sequence[Value]) -> Value:
        only = arguments[0] if len(arguments) == 1 else None
        items = only if isinstance(only, list) else arguments
        if not items or (len(arguments) == 1 and not isinstance(only, list)):
            raise ExpressionError("nothing_to_choose", function=name)
        run.spend(len(items))
        best = items[0]
        for item in items[1:]:
            best = item if COMPARISONS[better](run, item, best) else best
        return best

    return pick


FUNCTIONS: dict[str, Callable[[Run, Sequence[Value]], Value]] = {
    "len": _len,
    "min": _extreme("min", ast.Lt),
    "max": _extreme("max", ast.Gt),
}


def registered(run: Run, name: str, arguments: list[Value]) -> Value:
    """A function of the product; one with a parameter `now` also gets the command's instant."""
    function = run.functions.get(name)
    if function is None:
        raise ExpressionError("function_missing", function=name)
    run.spend(1)
    more = {"now": run.now} if wants_now(function) else {}
    try:
        return bounded(function(*arguments, **more))
    except ExpressionError:
        raise
    except Exception as error:
        raise ExpressionError(
            "function_failed",
            function=name,
            exception=type(error).__name__,
            detail=str(error)[:200],
        ) from error


@lru_cache(maxsize=256)
def wants_now(function: Callable[..., Value]) -> bool:
    return "now" in inspect.signature(function).parameters
