"""Going back to an earlier activity, and stopping an instance. Nothing that was done is removed: the case goes on from a new token.

Going back is sound when what followed the activity can be taken away as a whole. Two ways in which it cannot: a join put
together the branch of the activity with another branch (that one would be waited for in vain), or the path that followed
was itself taken away by something that still runs.
"""

from collections.abc import Container
from collections.abc import Iterator
from typing import Any
from typing import Final

from engine.spiff.data import changes
from engine.spiff.loops import Loop
from engine.spiff.loops import ParallelMulti
from engine.spiff.loops import SequentialMulti
from engine.spiff.nodes import Call
from engine.spiff.nodes import Split
from engine.spiff.nodes import SubProcess
from engine.spiff.nodes import Work
from engine.spiff.tasks import ACTIVE
from engine.spiff.tasks import CANCELLED
from engine.spiff.tasks import COMPLETED
from engine.spiff.tasks import Token
from engine.spiff.workflow import Workflow

SPLIT: Final = ".BoundaryEventSplit"
BACK: Final = "back"  # internal data of the token from which a case goes on after it was sent back
JOINED: Final = "branch_joined"
OVER: Final = "path_over"

_TARGETS = (Work, SubProcess, Call, Loop, ParallelMulti, SequentialMulti)


def targets(top: Workflow) -> Iterator[Token]:
    """The latest pass through each activity that people see, in every scope that still exists, oldest first."""
    for workflow in top.workflows():
        latest: dict[str, Token] = {}
        for token in workflow.tasks.values():
            known = latest.get(token.task_spec.name)
            if _is_target(token) and (known is None or known.last_state_change < token.last_state_change):
                latest[token.task_spec.name] = token
        yield from sorted(latest.values(), key=lambda token: token.last_state_change)


def _is_target(token: Token) -> bool:
    if not isinstance(token.task_spec, _TARGETS) or token.task_spec.idles or token.triggered or BACK in token.internal_data:
        return False
    return token.state == COMPLETED or (token.state == CANCELLED and isinstance(token.parent.task_spec, Split))


def refusal(token: Token) -> str:
    """Why the case cannot go back to this activity; "" when it can."""
    workflow = token.workflow
    after = _subtree(_root(token))
    later = [t for t in workflow.tasks.values() if t.id not in after and t.last_state_change > token.last_state_change]
    if workflow.completed:  # only if all that happened since was its consequence
        return JOINED if later else ""
    joins = {t.task_spec.name for t in after.values() if t.task_spec.joins and not t.state & ACTIVE}
    if any(t.task_spec.name in joins and not t.state & ACTIVE for t in later):
        return JOINED
    return "" if any(t.state & ACTIVE for t in after.values()) else OVER


def go_back(top: Workflow, token: Token, kept: Container[str]) -> None:
    """Take away what followed the activity and enter it again, with the variables that it had, except those in `kept`.

    `kept` names the results of effects (ids, answers of systems): what was done stays done, so it stays known.
    """
    workflow, root = token.workflow, _root(token)
    after = _subtree(root)
    anchor = root.parent
    known: dict[str, Any] = {}
    for other in sorted(after.values(), key=lambda t: t.last_state_change):
        if other.state & ACTIVE or workflow.completed:
            known.update({k: v for k, v in changes(anchor.data, top.inner_data(other)).items() if k in kept})
    for other in list(after.values()):
        other.cancel()
    workflow.completed = False
    again = anchor.add(anchor.task_spec)
    again.data = {**anchor.data, **known}
    again.internal_data[BACK] = 1
    again.become(COMPLETED)
    specs = workflow.spec.task_specs
    entry = again.add(specs.get(token.task_spec.name + SPLIT) or specs[token.task_spec.name])
    entry.task_spec.enter(entry)


def stop(top: Workflow) -> None:
    """Take every token away; the instance is over without having reached an end."""
    for token in list(top.active.values()):
        token.cancel()
    top.completed = True


def _root(token: Token) -> Token:
    """Where the activity was entered: before its boundary events."""
    parent = token.parent
    return parent if isinstance(parent.task_spec, Split) or parent.task_spec.name == token.task_spec.name + SPLIT else token


def _subtree(root: Token) -> dict[int, Token]:
    found: dict[int, Token] = {}
    todo = [root]
    while todo:
        token = todo.pop()
        found[token.id] = token
        todo += token.children
    return found
