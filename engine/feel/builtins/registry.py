"""How a built-in function of FEEL is declared: by its signature, as the standard writes it;
arguments that do not fit give null."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from engine.feel.moments import Date, DateTime
from engine.feel.values import LEFT_OUT, Feel, Function, Run, kind

FUNCTIONS: Final[dict[str, Function]] = {}
_SIGNATURE = re.compile(r"(?P<name>[a-z ]+)\((?P<parameters>.*)\)")
_GROUPS: Final = {
    "duration": ("years and months duration", "days and time duration"),
    "day": ("date", "date and time"),
    "moment": ("date", "time", "date and time"),
    "interval": (
        "years and months duration",
        "days and time duration",
        "number",
        "string",
        "date",
        "time",
        "date and time",
    ),
}

Body = Callable[..., Feel]


def feel(*signatures: str) -> Callable[[Body], Body]:
    """`substring(string: string, start position: number, length?: number)`: `?` may be left out,
    `*` may be given several times, a type that ends in `|null` takes null. The body gets the run
    and the arguments; with several signatures the first that fits in number, names and types is
    taken."""

    def keep(body: Body) -> Body:
        first, *others = [_function(text, body) for text in signatures]
        FUNCTIONS[first.name] = replace(first, others=tuple(others))
        return body

    return keep


def _function(signature: str, body: Body) -> Function:
    match = _SIGNATURE.fullmatch(signature)
    if match is None:
        raise ValueError(signature)
    parameters: list[str] = []
    wanted: list[str] = []
    least, variadic = 0, False
    for each in filter(None, match["parameters"].split(", ")):
        parameter, _, type_ = each.partition(": ")
        variadic = variadic or parameter.endswith("*")
        least += not parameter.endswith(("?", "*"))
        parameters.append(parameter.rstrip("?*"))
        wanted.append(type_)

    def fitted(given: Sequence[Feel]) -> list[Feel] | None:
        found = [
            _fitted(value, wanted[min(place, len(wanted) - 1)]) for place, value in enumerate(given)
        ]
        return [value for _, value in found] if all(fits for fits, _ in found) else None

    def call(run: Run, given: Sequence[Feel]) -> Feel:
        values = fitted(given)
        return None if values is None else body(run, *values)

    def takes(given: Sequence[Feel]) -> bool:
        return fitted(given) is not None

    return Function(tuple(parameters), call, least, variadic, match["name"], takes=takes)


def _fitted(value: Feel, wanted: str) -> tuple[bool, Feel]:
    type_, _, nullable = wanted.partition("|")
    if type_ == "any" or (value is None and nullable):
        return True, value
    if type_ == "list":
        return value is not None, value if isinstance(value, list) else [value]
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    found = kind(value)
    if type_ == "number" and isinstance(value, bool):
        return False, None
    if value is LEFT_OUT:
        return True, None
    return found == type_ or found in _GROUPS.get(type_, ()), value


def day_of(value: Date | DateTime) -> Date:
    return value if isinstance(value, Date) else value.date
