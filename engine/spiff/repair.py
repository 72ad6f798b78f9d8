"""What a person puts right in a running instance: other values, also in what is over, or a token past
the element that failed or waits for a result."""

from contextlib import suppress
from typing import Any, Final

from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask

from engine.errors import KeyMissing, NotRepairable
from engine.spiff.data import Wrote, detached, same
from engine.spiff.definitions import MessageDefinition
from engine.spiff.passed import beginning
from engine.spiff.tokens import READY, WAITING, Token, element_of
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


def edit(token: Token, values: Data) -> None:
    """Give variables other values, before the element is tried again."""
    token.write(detached(values))


def exits(token: Token) -> list[tuple[str, str]]:
    """Where a gateway may send the token: (name of the way, element that it leads to); empty when
    there is nothing to choose."""
    if not token.task_spec.chooses:
        return []
    return [
        (
            spec.name,
            str(getattr(spec, "bpmn_id", None) or spec.name.removesuffix(".BoundaryEventSplit")),
        )
        for spec in token.task_spec.outputs
    ]


def skip(token: Token, values: Data, way: str | None) -> None:
    """The element counts as done with these results, and the token goes on; an event that could not
    be armed is given up.

    Raises NotRepairable at a join (nothing leads around it: a value has to be chosen) and for a way
    that is none.
    """
    spec, failed = token.task_spec, token.memory.failed
    if spec.ends or (spec.joins and (failed is None or failed.phase != "run")):
        raise NotRepairable(f"{element_of(token)} brings tokens together")
    ways = [name for name, _ in exits(token)]
    if (way not in ways) if ways else way is not None:
        raise NotRepairable(f"{way} does not lead on from {element_of(token)}")
    if token.failed:
        token.own_memory.failed = None
    if isinstance(spec, BoundaryEvent) or spec.idles:
        token.cancel()
        return
    token.write(detached(values))
    if isinstance(spec, LoopTask):
        for child in token.children:
            child.cancel()
        token.become(READY)
        return
    if way is not None:
        token.add(token.workflow.spec.task_specs[way])
    token.complete()
