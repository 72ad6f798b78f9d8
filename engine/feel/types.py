"""Types of FEEL and of item definitions (DMN 1.5, 7.3.3 and 10.3.2.9): what conforms to them,
exactly or nearly."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from engine.errors import ExpressionError
from engine.feel.moments import Date, DateTime, Time
from engine.feel.syntax import TypeName
from engine.feel.values import MAX_LEVELS, OPEN, Feel, Function, Run, kind


@dataclass(slots=True)
class Type:
    """`name`: of FEEL. `item`: of a list or a range. `members`: of a context, by name. `allowed`: a
    further test of the values; `parameters` and `item`: of a function, what it takes and gives."""

    name: str
    item: "Type | None" = None
    members: dict[str, "Type"] = field(default_factory=dict)
    parameters: "tuple[Type, ...] | None" = None
    allowed: Callable[[Run, Feel], bool] | None = None


ANY: Final = Type("any")
_SIMPLE: Final = {
    "number": "number", "string": "string", "boolean": "boolean", "date": "date", "time": "time", "date and time": "date and time",
    "dateTime": "date and time", "days and time duration": "days and time duration", "dayTimeDuration": "days and time duration",
    "years and months duration": "years and months duration", "yearMonthDuration": "years and months duration",
    "Any": "any", "any": "any", "Null": "null", "context": "context", "list": "list", "function": "function", "range": "range",
    "duration": "duration",
}  # fmt: skip


def resolve(name: TypeName, known: Mapping[str, Type]) -> Type:
    """What a type of a text means. ExpressionError: nothing is called so."""
    if name.name in known:
        return known[name.name]
    simple = _SIMPLE.get(name.name)
    if simple is None:
        raise ExpressionError("feel_type_unknown", name=name.name)
    parts = [resolve(part, known) for part in name.parts]
    if simple == "context" and parts:
        return Type("context", members=dict(zip(name.members, parts, strict=True)))
    if simple == "function" and parts:
        return Type("function", item=parts[-1], parameters=tuple(parts[:-1]))
    return Type(simple, item=parts[0]) if simple in ("list", "range") and parts else Type(simple)


def fits(run: Run, value: Feel, wanted: Type, level: int = 0, *, allowed: bool = False) -> bool:
    """`instance of`, for anything but null; `allowed`: and one of the values that a type is
    restricted to."""
    run.spend()
    if level > MAX_LEVELS:
        raise ExpressionError("nested_too_deeply")
    found = kind(value)
    if wanted.name == "any":
        right = True
    elif wanted.name == "duration":
        right = found.endswith("duration")
    elif found != wanted.name:
        return False
    elif found == "list":
        right = wanted.item is None or all(
            _member(run, each, wanted.item, level, allowed=allowed) for each in value
        )
    elif found == "context":
        right = all(
            name in value and _member(run, value[name], type_, level, allowed=allowed)
            for name, type_ in wanted.members.items()
        )
    elif found == "range":
        right = wanted.item is None or all(
            end is None or end is OPEN or fits(run, end, wanted.item, level + 1)
            for end in (value.low, value.high)
        )
    elif found == "function":
        right = wanted.parameters is None or _function_fits(value, wanted, told=not allowed)
    else:
        right = True
    return right and (not allowed or wanted.allowed is None or wanted.allowed(run, value))


def _member(run: Run, value: Feel, wanted: Type, level: int, *, allowed: bool) -> bool:
    return value is None or fits(run, value, wanted, level + 1, allowed=allowed)


def _function_fits(value: Function, wanted: Type, *, told: bool) -> bool:
    """Parameters that take at least what is wanted, and a result that is no more than that; `told`:
    what it does not say of its result is anything, else it may be right."""
    parameters = wanted.parameters or ()
    if value.variadic or len(value.parameters) != len(parameters):
        return False
    own = value.types or (ANY,) * (len(parameters) + 1)
    takes = all(within(given, taken) for given, taken in zip(parameters, own, strict=False))
    return takes and (
        wanted.item is None or (own[-1] is ANY and not told) or within(own[-1], wanted.item)
    )


def within(one: Type, other: Type, level: int = 0) -> bool:
    """Whether every value of one type is of the other (10.3.2.9.2)."""
    if other.name == "any" or one.name == "null":
        return True
    if one.name != other.name or level > MAX_LEVELS:
        return other.name == "duration" and one.name.endswith("duration")
    if one.name in ("list", "range"):
        return other.item is None or (
            one.item is not None and within(one.item, other.item, level + 1)
        )
    if one.name == "context":
        return all(
            name in one.members and within(one.members[name], type_, level + 1)
            for name, type_ in other.members.items()
        )
    if one.name == "function" and other.parameters is not None:
        if one.parameters is None or len(one.parameters) != len(other.parameters):
            return False
        return all(
            within(b, a, level + 1) for a, b in zip(one.parameters, other.parameters, strict=True)
        ) and (
            other.item is None or (one.item is not None and within(one.item, other.item, level + 1))
        )
    return True


def conform(run: Run, value: Feel, wanted: Type | None) -> Feel:
    """10.3.2.9.4: a value as its type wants it: itself; the only item of a list; a list of it; the
    midnight of a date; else null."""
    if wanted is None or value is None or fits(run, value, wanted, allowed=True):
        return value
    if (
        isinstance(value, list)
        and len(value) == 1
        and wanted.name != "list"
        and fits(run, value[0], wanted, allowed=True)
    ):
        return value[0]
    if (
        wanted.name == "list"
        and not isinstance(value, list)
        and fits(run, [value], wanted, allowed=True)
    ):
        return [value]
    if wanted.name == "date and time" and isinstance(value, Date):
        return DateTime(value, Time(0, 0))
    return None


def taken(
    run: Run, names: Sequence[str], arguments: Sequence[Feel], wanted: Sequence[Type | None]
) -> dict[str, Feel] | None:
    """Arguments by the names of the parameters, as their types want them; None where one does not
    conform (10.3.2.13.1)."""
    found = {
        name: conform(run, value, type_)
        for name, value, type_ in zip(names, arguments, wanted, strict=True)
    }
    return (
        None
        if any(
            found[name] is None and value is not None
            for name, value in zip(names, arguments, strict=True)
        )
        else found
    )
