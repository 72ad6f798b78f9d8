"""The parts of a FEEL expression, as the parser finds them. Pure data."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Literal:
    value: Any


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class Path:
    base: "Node"
    member: str


@dataclass(frozen=True, slots=True)
class Filter:
    base: "Node"
    condition: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """`named`: the arguments by the names of their parameters, or None: by their place."""

    function: "Node"
    arguments: Sequence["Node"]
    named: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Sign:
    """`+ - * / **`, from left to right: the first, then each with its sign."""

    first: "Node"
    others: Sequence[tuple[str, "Node"]]


@dataclass(frozen=True, slots=True)
class Negated:
    value: "Node"


@dataclass(frozen=True, slots=True)
class Comparison:
    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Logic:
    """`and` or `or` between all parts."""

    word: str
    parts: Sequence["Node"]


@dataclass(frozen=True, slots=True)
class Between:
    value: "Node"
    low: "Node"
    high: "Node"


@dataclass(frozen=True, slots=True)
class Tests:
    """Unary tests: one of them holds; `negated`: none does. Without any: a dash, which always
    holds."""

    tests: Sequence["Node"]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class In:
    value: "Node"
    tests: Tests


@dataclass(frozen=True, slots=True)
class UnaryTest:
    """`> 5`: of what is tested, and as a value a range."""

    sign: str
    bound: "Node"


@dataclass(frozen=True, slots=True)
class Interval:
    low: "Node"
    high: "Node"
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True, slots=True)
class If:
    condition: "Node"
    then: "Node"
    otherwise: "Node"


@dataclass(frozen=True, slots=True)
class Iterator:
    """`name in low..high` or, without `high`, `name in items`."""

    name: str
    items: "Node"
    high: "Node | None"


@dataclass(frozen=True, slots=True)
class For:
    """`word`: for, some or every."""

    word: str
    iterators: Sequence[Iterator]
    body: "Node"


@dataclass(frozen=True, slots=True)
class Definition:
    """`function(a: number) a + 1`; types as they are written, "" without one."""

    parameters: Sequence[str]
    types: Sequence["TypeName | None"]
    body: "Node"


@dataclass(frozen=True, slots=True)
class Items:
    items: Sequence["Node"]


@dataclass(frozen=True, slots=True)
class Context:
    entries: Sequence[tuple[str, "Node"]]


@dataclass(frozen=True, slots=True)
class TypeName:
    """A type as FEEL writes it: `list<number>` is ("list", (number,)); members of a context by
    their names."""

    name: str
    parts: tuple["TypeName", ...] = ()
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InstanceOf:
    value: "Node"
    type: TypeName


Node = (
    Literal | Name | Path | Filter | Call | Sign | Negated | Comparison | Logic | Between | Tests | In | UnaryTest | Interval | If | For
    | Definition | Items | Context | InstanceOf
)  # fmt: skip


def inside(node: Any) -> Sequence[Any]:
    """The parts of a part, and of a list of them; of what is no part, nothing."""
    if isinstance(node, (list, tuple)):
        return node
    return (
        [getattr(node, each.name) for each in fields(node)]
        if type(node).__module__ == __name__
        else ()
    )
