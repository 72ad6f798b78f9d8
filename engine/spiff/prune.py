"""Finished tokens that nothing needs any more leave a long-lived instance; what happened stands in
the journal.

Kept are the active tokens, what they descend from as far as it matters (their parents, the finished
task from which their variables differ, where branches parted), the results of items of a running
multi-instance activity, and the latest pass through each element with what led to it: a case can
still be sent back there. So the state of a loop of any number of rounds is bounded by its diagram.
Only when much has finished, so that nothing changes for ordinary cases, and only where a full state
is written.
"""

from typing import Any, Final

from engine.spiff.loops import Multi
from engine.spiff.tokens import ACTIVE, COMPLETED, Token
from engine.spiff.workflow import Workflow

FINISHED: Final = 500  # finished tokens of a scope that stay without a look


def prune(top: Workflow) -> None:
    for workflow in top.workflows():
        if len(workflow.tasks) - len(top.tokens(workflow)) > FINISHED:
            _prune(top, workflow)


def _prune(top: Workflow, workflow: Any) -> None:
    kept = _needed(workflow) | _latest(workflow)
    first = next(iter(workflow.tasks.values()))
    if len(kept) == len(workflow.tasks):
        return
    for token in list(workflow.tasks.values()):
        if token.id in kept:
            _hang_on(token, kept)
    first.take_over([token for token in workflow.tasks.values() if token.id not in kept])
    for id_ in [id_ for id_ in workflow.tasks if id_ not in kept]:
        del workflow.tasks[id_]
        top.dirty.pop(id_, None)
    for token in workflow.tasks.values():
        token.child_ids[:] = [
            id_
            for id_ in token.child_ids
            if id_ in kept and workflow.tasks[id_].parent_id == token.id
        ]


def _needed(workflow: Any) -> set[int]:
    kept: set[int] = set()
    for token in workflow.tasks.values():
        parent = token.parent
        if parent is None:
            kept.add(token.id)
        elif (
            token.triggered
            and token.state == COMPLETED
            and parent.state & ACTIVE
            and isinstance(parent.task_spec, Multi)
        ):
            kept.add(token.id)  # the result of an item
        if token.state & ACTIVE:
            kept.add(token.id)
            while parent is not None:  # up to the one from which its variables are told apart
                kept.add(parent.id)
                parent = None if parent.state == COMPLETED else parent.parent
    return kept


def _latest(workflow: Any) -> set[int]:
    """The latest finished token of each element by each way in, with what was before it."""
    latest: dict[tuple[str, str], Token] = {}
    for token in workflow.tasks.values():
        parent = token.parent
        if parent is not None and not token.state & ACTIVE and not token.triggered:
            key = (token.task_spec.name, parent.task_spec.name)
            if key not in latest or latest[key].last_state_change < token.last_state_change:
                latest[key] = token
    kept: set[int] = set()
    for token in latest.values():
        before = [token.parent, token.parent.parent]
        kept.update(each.id for each in (token, *before) if each is not None)
    return kept


def _hang_on(token: Token, kept: set[int]) -> None:
    """To its nearest ancestor that stays."""
    tasks, parent = token.workflow.tasks, token.parent_id
    while parent is not None and parent not in kept:
        parent = tasks[parent].parent_id
    if parent != token.parent_id:
        token.add_to(tasks[parent])
