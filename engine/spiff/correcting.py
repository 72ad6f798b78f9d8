"""Another value for what was said of a case, wherever it is known: also in what is over, from which a case may go on."""

from contextlib import suppress
from typing import Any
from typing import Final

from engine.errors import KeyMissing
from engine.spiff.data import same
from engine.spiff.definitions import MessageDefinition
from engine.spiff.memory import Repeated
from engine.spiff.memory import Wrote
from engine.spiff.tokens import WAITING
from engine.spiff.workflow import Workflow
from engine.types import Data

_NONE: Final[Any] = object()  # there is no such variable


def correct(top: Workflow, values: Data, old: Data) -> None:
    """As if it had been said so from the beginning: each token that knows the `old` value knows the other one, what is over too. So no
    branch has written it, and what begins from what is over goes on with it. The element of an item is no variable of the process.
    """
    for workflow in top.workflows():
        inherited = _own_around(top, workflow)
        for token in workflow.tasks.values():
            own = inherited | set(token.memory.own)
            asked = {name: value for name, value in values.items() if name not in own}
            token.data = _corrected(token.data, asked, old)
            if token.memory.mended:
                token.own_memory.mended = _corrected(
                    token.memory.mended, {name: asked[name] for name in asked if name in token.memory.mended}, old
                )
            if token.memory.repeated is not None:
                token.own_memory.repeated = _repeated(token.memory.repeated, asked, old)
            awaited = getattr(token.task_spec, "event_definition", None)
            if token.state == WAITING and not token.failed and isinstance(awaited, MessageDefinition) and awaited.spec.key in asked:
                with suppress(KeyMissing):  # emptied, it is found by what it was known by
                    awaited.arm(token)
            top.touch(token)


def _corrected(data: Data, values: Data, old: Data) -> dict[str, Any]:
    return {**data, **{name: value for name, value in values.items() if same(data.get(name, _NONE), old.get(name, _NONE))}}


def _repeated(whole: Repeated, values: Data, old: Data) -> Repeated:
    before = _corrected(whole.before, {name: values[name] for name in values if name in whole.before}, old)
    written = {
        name: tuple(Wrote(_corrected({name: value}, {name: values[name]}, old)[name], item) for value, item in wrote)
        if name in values
        else wrote
        for name, wrote in whole.written.items()
    }
    return Repeated(whole.number, whole.done, before, written)


def _own_around(top: Workflow, workflow: Any) -> frozenset[str]:
    """Names that are an item's own, of the items inside which this scope runs."""
    found: frozenset[str] = frozenset()
    while workflow.parent_task_id is not None:
        owner = top.get_task_from_id(workflow.parent_task_id)
        found, workflow = found.union(owner.memory.own), owner.workflow
    return found
