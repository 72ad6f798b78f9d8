"""How errors, escalations and signals find who catches them: outwards from where they are thrown, never sideways (T7)."""

from collections.abc import Iterator
from typing import Any

from engine.spiff.definitions import CancelDefinition
from engine.spiff.definitions import CodeDefinition
from engine.spiff.definitions import ErrorDefinition
from engine.spiff.definitions import SignalDefinition
from engine.spiff.tasks import Token
from engine.types import Thrown


def throw_error(token: Token, code: str) -> bool:
    """An error at this activity: its own boundary event, else the nearest enclosing one. False: nobody catches it."""
    return _climb(token, ErrorDefinition, code, [*token.boundaries()])


def throw_from_end(token: Token, kind: type[CodeDefinition], code: str | None, name: str) -> None:
    """An error or escalation end or throw event; reported if nobody catches it."""
    if not _climb(token, kind, code, []):
        label = "error" if kind is ErrorDefinition else "escalation"
        top = token.workflow.top_workflow
        top.thrown.append(Thrown(label, token.task_spec.bpmn_id, code or name, "", {}))
        if kind is ErrorDefinition and token.workflow.parent_task_id is None:
            top.stop(token.workflow, token.data)


def throw_cancel(token: Token) -> bool:
    """A cancel end event: the cancel boundary event of the transaction around it."""
    owner = _owner(token)
    caught = [] if owner is None else [b for b in owner.boundaries() if isinstance(b.task_spec.event_definition, CancelDefinition)]
    for boundary in caught[:1]:
        boundary.task_spec.trigger(boundary, inner=token)
    return bool(caught)


def throw_signal(token: Token, name: str) -> None:
    """To everybody in this instance who waits for it now."""
    top = token.workflow.top_workflow
    for waiting in list(top.waiting(SignalDefinition)):
        if waiting.task_spec.event_definition.name == name and waiting.id in top.active:
            waiting.task_spec.trigger(waiting)


def _climb(token: Token, kind: type[CodeDefinition], code: str | None, candidates: list[Token]) -> bool:
    for boundaries in _levels(token, candidates):
        matching = [b for b in boundaries if type(b.task_spec.event_definition) is kind]
        exact = [b for b in matching if b.task_spec.event_definition.code == code]
        open_ = [b for b in matching if b.task_spec.event_definition.code is None]
        for boundary in (exact or open_)[:1]:
            boundary.task_spec.trigger(boundary, inner=token)
            return True
    return False


def _levels(token: Token, candidates: list[Token]) -> Iterator[list[Token]]:
    """Boundary events of the activity itself, then of each scope around it."""
    yield candidates
    owner = _owner(token)
    while owner is not None:
        yield owner.boundaries()
        owner = _owner(owner)


def _owner(token: Token) -> Token | None:
    """The sub-process or call activity in which a token runs; for an item of a multi-instance task, that task."""
    if token.triggered:
        parent: Token = token.parent
        return parent
    id_: Any = token.workflow.parent_task_id
    return None if id_ is None else token.workflow.top_workflow.get_task_from_id(id_)
