"""How errors, escalations and signals find who catches them: outwards from where they are thrown,
never sideways."""

from collections.abc import Iterator
from typing import Any

from engine.spiff.definitions import (
    CancelDefinition,
    CodeDefinition,
    ErrorDefinition,
    SignalDefinition,
)
from engine.spiff.tokens import Token
from engine.states import ThrownKind
from engine.types import Thrown


def throw_error(token: Token, code: str) -> bool:
    """An error at this activity: its own boundary event, else the nearest enclosing one. False:
    nobody catches it."""
    return _climb(token, ErrorDefinition, code, [*token.boundaries()])


def throw_from_end(token: Token, kind: type[CodeDefinition], code: str | None, name: str) -> bool:
    """An error or escalation that an event throws. Nobody catches it: reported, and an error ends
    the instance."""
    if _climb(token, kind, code, []):
        return True
    top = token.workflow.top_workflow
    label = ThrownKind.ERROR if kind is ErrorDefinition else ThrownKind.ESCALATION
    top.thrown.append(Thrown(label, token.task_spec.bpmn_id, code or name, "", {}))
    if kind is ErrorDefinition:
        top.stop(top)
    return False


def throw_cancel(token: Token) -> bool:
    """A cancel end event: the cancel boundary event of the transaction around it, or of the
    repeated transaction of which it is a round."""
    owner = _owner(token)
    while owner is not None:
        for boundary in owner.boundaries():
            if isinstance(boundary.task_spec.event_definition, CancelDefinition):
                boundary.task_spec.trigger(boundary)
                return True
        owner = _owner(owner) if owner.triggered else None
    return False


def throw_signal(token: Token, name: str) -> None:
    """To everybody in this instance who waits for it now; it also leaves for the other
    instances."""
    top = token.workflow.top_workflow
    top.thrown.append(Thrown(ThrownKind.SIGNAL, token.task_spec.bpmn_id, name, "", {}))
    for waiting in list(top.waiting(SignalDefinition)):
        if waiting.task_spec.event_definition.name == name and waiting.id in top.active:
            waiting.task_spec.trigger(waiting)


def _climb(
    token: Token, kind: type[CodeDefinition], code: str | None, candidates: list[Token]
) -> bool:
    left: list[Token] = []  # calls that it comes out of
    for inside, events in _levels(token, candidates):
        if inside is not None and inside.task_spec.calls:
            left.append(inside)
        matching = [each for each in events if type(each.task_spec.event_definition) is kind]
        exact = [each for each in matching if each.task_spec.event_definition.code == code]
        open_ = [each for each in matching if each.task_spec.event_definition.code is None]
        for catching in (exact or open_)[:1]:
            subs = token.workflow.top_workflow.subprocesses
            for call in left:
                call.take_back(subs[call.id])
            catching.task_spec.trigger(catching)
            return True
    return False


def _levels(token: Token, candidates: list[Token]) -> Iterator[tuple[Token | None, list[Token]]]:
    """The activity's own boundary events; then scope by scope its event sub-processes, and what
    stands at the border of the activity that it comes out of.

    An event sub-process does not catch what is thrown inside it (10.5.6: it goes to the scope
    around it), though it waits to be started again.
    """
    yield None, candidates
    inside: Token | None = token
    while inside is not None:
        top = inside.workflow.top_workflow
        if not inside.triggered:  # an item of a repetition: the repetition first
            idle = (
                each
                for each in top.tokens(inside.workflow)
                if each.idle and hasattr(each.task_spec, "event_definition")
            )
            yield (
                None,
                [each for each in idle if each.task_spec.bpmn_id != inside.task_spec.bpmn_id],
            )
        inside = _owner(inside)
        if inside is not None:
            yield inside, inside.boundaries()


def _owner(token: Token) -> Token | None:
    """The sub-process or call activity in which a token runs; for an item of a multi-instance task,
    that task."""
    if token.triggered:
        parent: Token = token.parent
        return parent
    id_: Any = token.workflow.parent_task_id
    return None if id_ is None else token.workflow.top_workflow.get_task_from_id(id_)
