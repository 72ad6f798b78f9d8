"""What a repair does to a token that failed or waits for a result: other values, or past the
element."""

from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask

from engine.errors import NotRepairable
from engine.spiff.data import detached
from engine.spiff.tokens import READY, Token, element_of
from engine.types import Data


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
