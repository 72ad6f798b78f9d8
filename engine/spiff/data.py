"""Process data: flat names to JSON values. Nested values are never edited in place, only replaced.

One dictionary a scope: all tokens of a process, of its sub-processes and of what it calls hold the
same one. An item and a handler that undoes have a layer of their own before it.
"""

from collections import ChainMap
from collections.abc import Iterable
from copy import deepcopy
from typing import Any, NamedTuple

import orjson

from engine.types import Data, Value


def same(one: Value, other: Value) -> bool:
    """Equal including types at every depth: 1, 1.0 and True differ."""
    if one is other:
        return True
    if type(one) is not type(other) or one != other:
        return False
    return not isinstance(one, (list, dict)) or _canonical(one) == _canonical(other)


def _canonical(value: Value) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def detached(data: Data) -> dict[str, Any]:
    """A copy that shares nothing mutable with the caller."""
    return {name: deepcopy(v) if isinstance(v, (list, dict)) else v for name, v in data.items()}


def changes(base: Data, data: Data) -> dict[str, Any]:
    return {
        name: value
        for name, value in data.items()
        if name not in base or not same(base[name], value)
    }


class Wrote(NamedTuple):
    """Values that a token gave to variables, and when: of all that are known of a name the latest
    is what stands."""

    at: int
    values: Data


def latest(all_: Iterable[Wrote]) -> tuple[Wrote, ...]:
    """Without what was written over, the oldest first."""
    known: set[str] = set()
    kept = []
    for at, values in sorted(all_, key=lambda each: each.at, reverse=True):
        left = {name: value for name, value in values.items() if name not in known}
        if left:
            known.update(left)
            kept.append(Wrote(at, left))
    return tuple(reversed(kept))


class Layer(ChainMap[str, Any]):
    """Names of its own before those of the scope around. `keeps`: what is written stays here;
    `through`: it also goes on."""

    def __init__(
        self, own: dict[str, Any], around: Any, *, keeps: bool = False, through: bool = False
    ) -> None:
        super().__init__(own, around)
        self.keeps, self.through = keeps, through

    def inside(self, scope: Any) -> bool:
        """Whoever holds this scope sees what is written to this layer."""
        while isinstance(scope, Layer):
            if scope is self:
                return True
            scope = scope.maps[1]
        return False

    def __setitem__(self, name: str, value: Any) -> None:
        own, around = self.maps
        here = self.keeps or name in own
        if here:
            own[name] = value
        if self.through or not here:
            around[name] = value
