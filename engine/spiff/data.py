"""Process data: flat names to JSON values. Nested values are never edited in place, only replaced."""

from collections.abc import Callable
from collections.abc import Sequence
from copy import deepcopy
from typing import Any
from typing import Final

import orjson

from engine.errors import EngineError
from engine.states import IncidentKind
from engine.types import Data
from engine.types import Value

Conflicts = list[tuple[str, list[tuple[int, Value]]]]


class DataConflictError(EngineError):
    """Parallel branches wrote variables differently: by name, the branches that did and what each wrote."""

    kind = IncidentKind.CONFLICT

    def __init__(self, conflicts: Conflicts) -> None:
        super().__init__("; ".join(f"{name}: one branch wrote {', another '.join(repr(v) for _, v in wrote)}" for name, wrote in conflicts))
        self.conflicts = conflicts


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
    return {name: value for name, value in data.items() if name not in base or not same(base[name], value)}


def merge(branches: Sequence[Data], base: Data, shared: Callable[[int, int], Data]) -> dict[str, Any]:
    """What the branches changed since `base`, put together; DataConflictError with every name that two changed differently.

    `shared(i, j)` is what branches i and j had where they parted. A branch that still has that value inherited it and
    wrote nothing: a reminder that started in an earlier round of a loop does not contradict the later round.
    """
    changed = [changes(base, branch) for branch in branches]
    merged = dict(base)
    conflicts: Conflicts = []
    for name in dict.fromkeys(name for each in changed for name in each):
        writers = [i for i, each in enumerate(changed) if name in each]
        own = [i for i in writers if not any(_inherited(name, changed, shared, i, j) for j in writers if j != i)] or writers
        first = changed[own[0]][name]
        if not all(same(first, changed[other][name]) for other in own[1:]):
            conflicts.append((name, [(i, changed[i][name]) for i in own]))
        merged[name] = first
    if conflicts:
        raise DataConflictError(conflicts)
    return merged


def _inherited(name: str, changed: Sequence[Data], shared: Callable[[int, int], Data], i: int, j: int) -> bool:
    """Branch i has what it had when it parted from j, and j has changed it since."""
    before = shared(i, j).get(name)
    return same(changed[i][name], before) and not same(changed[j][name], before)


def merge_crossed(branches: Sequence[Data], partings: Callable[[int, int], Sequence[Data]]) -> dict[str, Any]:
    """The same for branches that come through joins: any two may have parted later than all together, even at several places.

    `partings(i, j)` is what branches i and j had there. A branch counts for a variable unless another one changed what both had.
    """
    merged: dict[str, Any] = {}
    conflicts: Conflicts = []
    for name in dict.fromkeys(name for branch in branches for name in branch):
        values = [branch.get(name, _NONE) for branch in branches]
        own = list(range(len(branches)))
        if not all(same(values[0], value) for value in values[1:]):
            own = [i for i in own if not any(_superseded(name, values, partings, i, j) for j in own)] or own
        first = values[own[0]]
        if not all(same(first, values[other]) for other in own[1:]):
            conflicts.append((name, [(i, values[i]) for i in own if values[i] is not _NONE]))
        merged[name] = first
    if conflicts:
        raise DataConflictError(conflicts)
    return merged


_NONE: Final[Any] = object()  # the branch has no such variable


def _superseded(name: str, values: Sequence[Value], partings: Callable[[int, int], Sequence[Data]], i: int, j: int) -> bool:
    """Branch i has what it had when it parted from j, and j has something else."""
    return not same(values[i], values[j]) and any(same(values[i], before.get(name, _NONE)) for before in partings(i, j))
