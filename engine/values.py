"""Values of process variables against the types that diagrams declare; pure."""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from engine.types import Data, ProcessSpec, Value


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_instant(value: Value) -> bool:
    try:
        return isinstance(value, str) and dt.datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _is_date(value: Value) -> bool:
    try:
        return isinstance(value, str) and dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_text(value: Value) -> bool:
    return isinstance(value, str)


_TESTS: Final[Mapping[str, Callable[[Value], bool]]] = {
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "instant": _is_instant,
    "date": _is_date,
    "list": lambda value: isinstance(value, list),
    "file": lambda value: isinstance(value, dict),
}


def fits(kind: str, value: Value) -> bool:
    """Whether a value is of a declared type; nothing (None) is of every type, and a type that is
    not known takes anything."""
    if value is None or not kind:
        return True
    return _TESTS.get(kind, _is_text)(value)


def run_through(processes: Mapping[str, ProcessSpec], begun: Iterable[str]) -> list[ProcessSpec]:
    """These processes and those that they call, directly or not."""
    found: dict[str, ProcessSpec] = {}
    todo = sorted(begun)
    while todo:
        process = processes.get(todo.pop())
        if process is not None and process.id not in found:
            found[process.id] = process
            todo += [
                element.called
                for element in process.elements.values()
                if element.called is not None
            ]
    return list(found.values())


def declared(processes: Mapping[str, ProcessSpec], first: str) -> dict[str, str]:
    """Variable → type, as the elements of the diagrams declare it; where two differ, the process
    `first` is right."""
    found: dict[str, str] = {}
    for spec in sorted(processes.values(), key=lambda each: each.id != first):
        for element in spec.elements.values():
            for field in element.fields:
                if field.decision:
                    found.setdefault(field.name, field.type)
            for output in element.outputs:
                found.setdefault(output.name, output.type)
        for name, kind in spec.variables.items():
            found.setdefault(name, kind)
    return found


def misfits(types: Mapping[str, str], values: Data) -> dict[str, str]:
    """Name → type of the values that are not of it."""
    return {
        name: types[name]
        for name, value in values.items()
        if name in types and not fits(types[name], value)
    }


MAX_INTEGER: Final = 2**63 - 1


def unstorable(data: Data) -> dict[str, str]:
    """Name → type of the values that JSON would not give back as they are: dates, decimals, tuples,
    endless numbers, broken texts."""
    return {
        name: type(value).__name__
        for name, value in data.items()
        if not _keeps(name) or not _keeps(value)
    }


def _keeps(value: object) -> bool:
    match value:
        case None | bool():
            return True
        case str():
            return value.isascii() or _is_unicode(value)
        case int():
            return abs(value) <= MAX_INTEGER
        case float():
            return math.isfinite(value)
        case list():
            return all(map(_keeps, value))
        case dict():
            return all(
                isinstance(name, str) and _keeps(name) and _keeps(each)
                for name, each in value.items()
            )
    return False


def _is_unicode(text: str) -> bool:
    """Half a surrogate pair can be written nowhere."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
