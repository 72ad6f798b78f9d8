"""What a repair does to a token that failed or waits for a result: other values, or past the element."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from typing import Final

from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask

from engine.errors import KeyMissing
from engine.errors import NotRepairable
from engine.spiff.data import detached
from engine.spiff.data import same
from engine.spiff.definitions import MessageDefinition
from engine.spiff.memory import Repeated
from engine.spiff.memory import Wrote
from engine.spiff.tokens import READY
from engine.spiff.tokens import WAITING
from engine.spiff.tokens import Token
from engine.spiff.tokens import element_of
from engine.spiff.workflow import Workflow
from engine.types import Data

_NONE: Final[Any] = object()  # there is no such variable


def edit(token: Token, values: Data) -> None:
    """Give variables other values, before the element is tried again. At a join all tokens get them that should come together."""
    for each in (token, *_companions(token)):
        each.data.update(detached(values))
        each.own_memory.mended = {**each.memory.mended, **detached(values)}
        each.workflow.top_workflow.touch(each)


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
    return whole._replace(before=before, written=written)


def _own_around(top: Workflow, workflow: Any) -> frozenset[str]:
    """Names that are an item's own, of the items inside which this scope runs."""
    found: frozenset[str] = frozenset()
    while workflow.parent_task_id is not None:
        owner = top.get_task_from_id(workflow.parent_task_id)
        found, workflow = found.union(owner.memory.own), owner.workflow
    return found


def _companions(token: Token) -> Iterator[Token]:
    """The tokens that a conflict named, as far as they still wait."""
    active = token.workflow.top_workflow.active
    failed = token.memory.failed
    named: Any = () if failed is None else failed.facts.get("tokens", ())
    for number in named:
        if number in active and number != token.id:
            yield active[number]


def exits(token: Token) -> list[tuple[str, str]]:
    """Where a gateway may send the token: (name of the way, element that it leads to); empty when there is nothing to choose."""
    if not token.task_spec.chooses:
        return []
    return [
        (spec.name, str(getattr(spec, "bpmn_id", None) or spec.name.removesuffix(".BoundaryEventSplit")))
        for spec in token.task_spec.outputs
    ]


def skip(token: Token, values: Data, way: str | None) -> None:
    """The element counts as done with these results, and the token goes on; an event that could not be armed is given up.

    Raises NotRepairable at a join (nothing leads around it: a value has to be chosen) and for a way that is none.
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
    token.data.update(detached(values))
    if isinstance(spec, LoopTask):
        for child in token.children:
            child.cancel()
        token.become(READY)
        return
    if way is not None:
        token.add(token.workflow.spec.task_specs[way])
    token.complete()
