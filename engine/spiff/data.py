"""Process data: flat names to JSON values. Nested values are never edited in place, only replaced."""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

import orjson

from engine.errors import EngineError
from engine.types import Data
from engine.types import Value


class DataConflictError(EngineError):
    """Two parallel branches wrote one variable differently."""

    def __init__(self, name: str, one: Value, other: Value) -> None:
        super().__init__(f"{name}: one branch wrote {one!r}, another {other!r}")
        self.name, self.one, self.other = name, one, other


def same(one: Value, other: Value) -> bool:
    """Equal including types at every depth: 1, 1.0 and True differ."""
    if one is other:
        return True
    if type(one) is not type(other) or one != other:
        return False
    return not isinstance(one, (list, dict)) or _canonical(one) == _canonical(other)


def _canonical(value: Value) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def own(data: Data) -> dict[str, Any]:
    """A copy that shares nothing mutable with the caller."""
    return {name: deepcopy(v) if isinstance(v, (list, dict)) else v for name, v in data.items()}


def changes(base: Data, data: Data) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in base or not same(base[name], value)}


def merge(base: Data, branches: Iterable[Data]) -> dict[str, Any]:
    """What the branches changed since `base`, put together; DataConflictError if two changed a name differently."""
    written: dict[str, Any] = {}
    for branch in branches:
        for name, value in changes(base, branch).items():
            if name in written and not same(written[name], value):
                raise DataConflictError(name, written[name], value)
            written[name] = value
    return {**base, **written}
