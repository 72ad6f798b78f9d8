"""Another value for what was said of a case, wherever it is known: also in what is over, from which
a case may go on."""

from contextlib import suppress
from typing import Any, Final

from engine.errors import KeyMissing
from engine.spiff.data import Wrote, same
from engine.spiff.definitions import MessageDefinition
from engine.spiff.passed import beginning
from engine.spiff.tokens import WAITING
from engine.spiff.workflow import Workflow
from engine.types import Data

_NONE: Final[Any] = object()  # there is no such variable


def correct(top: Workflow, values: Data, old: Data) -> None:
    """As if it had been said so from the beginning: each token that knows the `old` value knows the
    other one, what is over too. So no branch has written it, and what begins from what is over goes
    on with it. The element of an item is no variable of the process.
    """
    for workflow in top.workflows():
        inherited = _own_around(top, workflow)
        for token in workflow.tasks.values():
            own = inherited | set(token.memory.own or ())
            asked = {name: value for name, value in values.items() if name not in own}
            token.wrote = tuple(
                Wrote(
                    at,
                    {
                        n: asked[n] if n in asked and same(v, old.get(n, _NONE)) else v
                        for n, v in said.items()
                    },
                )
                for at, said in token.wrote
            )
            top.touch(token)
    first = beginning(top)
    first.wrote = (
        Wrote(0, {name: value for name, value in values.items() if name not in old}),
        *first.wrote,
    )
    top.replay()
    for token in top.waiting(MessageDefinition):
        awaited = token.task_spec.event_definition
        if awaited.spec.key in values and token.state == WAITING:
            with suppress(KeyMissing):  # emptied, it is found by what it was known by
                awaited.arm(token)


def _own_around(top: Workflow, workflow: Any) -> frozenset[str]:
    """Names that are an item's own, of the items inside which this scope runs."""
    found: frozenset[str] = frozenset()
    while workflow.parent_task_id is not None:
        owner = top.get_task_from_id(workflow.parent_task_id)
        found, workflow = found.union(owner.memory.own or ()), owner.workflow
    return found
