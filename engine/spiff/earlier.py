"""States of releases before variables stood in their scope: each row held the difference to a
finished ancestor's variables.

What a token then had and its parent had not counts as written by it, at its last change: of two
branches that differ the later one counts. Read only; what is written next is a whole state of
today.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.spiff.data import Wrote, changes
from engine.spiff.loops import Multi
from engine.spiff.stored_form import Old
from engine.spiff.tokens import ACTIVE
from engine.spiff.workflow import Workflow


def carry_over(top: Workflow, old: Iterable[Old]) -> None:
    """Rows of parents stand before those of children, scopes behind those around them."""
    known: dict[int, Mapping[str, Any]] = {}
    rows = {each.id: each for each in old}
    standing = _led_here(top, rows)
    for workflow in top.workflows():
        for token in workflow.tasks.values():
            row = rows[token.id]
            base: Mapping[str, Any] = {}
            if row.hops:
                parent = token.parent
                for _ in range(row.hops - 1):
                    parent = parent.parent
                base = known[parent.id]
            data = known[token.id] = {
                name: v for name, v in {**base, **row.data}.items() if name not in row.missing
            }
            memory, around = token.memory, token.parent_id or workflow.parent_task_id
            before: Mapping[str, Any] = {} if around is None else known[around]
            whole = None if token.parent is None or not token.triggered else token.parent.task_spec
            if memory.undoing is not None:
                # a release of before called all its names its own
                before, token.own_memory.own = memory.undoing.data, None
            elif memory.item is not None:
                token.own_memory.own = memory.own or ()
                token.own_memory.keeps = isinstance(whole, Multi) and whole.data_output is not None
                before = {name: v for name, v in before.items() if name not in (memory.own or ())}
            wrote = changes(before, data) if token.id in standing else {}
            token.wrote = (Wrote(token.last_state_change, wrote),) if wrote else ()
    for workflow in top.workflows():  # now it is known what has variables of its own
        if workflow is not top:
            top.place(workflow)
        for token in workflow.tasks.values():
            token.data = workflow.data if token.parent is None else token.parent.data
            token.open_layer()


def _led_here(top: Workflow, rows: Mapping[int, Old]) -> set[int]:
    """What all that stands descends from, by every branch: what a case was sent back behind did not
    happen to its variables."""
    found: set[int] = set()
    for workflow in top.workflows():
        todo = list(top.standing(workflow))
        while todo:
            token = todo.pop()
            if token.id not in found:
                found.add(token.id)
                todo += [
                    workflow.tasks[id_] for id_ in rows[token.id].joined if id_ in workflow.tasks
                ]
                todo += [
                    child for child in token.children if child.triggered and token.state & ACTIVE
                ]
                if token.parent is not None:
                    todo.append(token.parent)
    return found
