"""What an incident says, and which incidents are alike; pure."""

import datetime as dt
import hashlib
import re
from dataclasses import dataclass, field
from typing import Any, Final

from engine.states import IncidentKind, IncidentState, RepairAction
from engine.types import Actor, Data

#: Of messages: no token of a process stands where they failed.
OF_MESSAGES: Final = (IncidentKind.LOST_MESSAGE, IncidentKind.HOPS)
#: Facts by which one cause is told from another at the same element; an unknown exception by its
#: class and where it came from.
WIDTH: Final = 40  # of an id
_LIKENESS: Final = ("problem", "expression", "exception", "at", "code", "message")


@dataclass(frozen=True, slots=True)
class Place:
    """Where it happened: the token (or what stands for one) and its element."""

    task_id: str
    process: str
    element: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happened: its kind, the error as the program says it, JSON facts, the variables as they
    were."""

    kind: IncidentKind
    error: str
    facts: Data = field(default_factory=dict)
    input: Data = field(default_factory=dict)
    tries: int = 1


def handle(key: str) -> str:
    """What stands for a task in the incident of a plain job: its key, or the beginning of its hash
    when it is long."""
    return key if len(key) <= WIDTH else hashlib.sha256(key.encode()).hexdigest()[:WIDTH]


def cause(place: Place, trouble: Trouble) -> str:
    """The same for the same problem at the same element; what the data were, and how the error
    words it, does not count."""
    same = [
        place.process,
        place.element,
        trouble.kind,
        *(str(trouble.facts.get(name, "")) for name in _LIKENESS),
    ]
    conflicts: Any = trouble.facts.get("conflicts") or ()
    same += [conflict["name"] for conflict in conflicts]
    return hashlib.sha256("\n".join(same).encode()).hexdigest()[:16]


def row(
    instance_id: str, case_key: str, place: Place, trouble: Trouble, actor: Actor, now: dt.datetime
) -> dict[str, Any]:
    """An open incident as it is stored."""
    return {
        "instance_id": instance_id,
        "case_key": case_key,
        "task_id": place.task_id,
        "process": place.process,
        "element": place.element,
        "kind": trouble.kind,
        "error": trouble.error,
        "state": IncidentState.OPEN,
        "at": now,
        "tries": trouble.tries,
        "last_at": now,
        "cause": cause(place, trouble),
        "facts": dict(trouble.facts),
        "input": dict(trouble.input),
        "actor_kind": actor.kind,
        "actor_id": actor.id,
    }


_TOKEN = re.compile(r"[0-9a-f]{16}-\d+")


def has_token(kind: str, process: str, task_id: str) -> bool:
    """Whether a token of a process stands at the failed element: it can be tried again, edited,
    skipped."""
    return bool(process) and kind not in OF_MESSAGES and _TOKEN.fullmatch(task_id) is not None


def actions(kind: str, process: str, task_id: str) -> tuple[RepairAction, ...]:
    """What may be done about an incident (`engine.types.Repair.action`), the usual thing first."""
    if not process or kind in OF_MESSAGES:
        return (RepairAction.RETRY, RepairAction.CLOSE)
    if not has_token(kind, process, task_id):
        return (RepairAction.BACK, RepairAction.CLOSE)
    if kind == IncidentKind.CONFLICT:
        return (RepairAction.EDIT, RepairAction.BACK)
    return (RepairAction.RETRY, RepairAction.EDIT, RepairAction.SKIP, RepairAction.BACK)
