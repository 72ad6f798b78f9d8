"""Compensation (10.7.1 and 13.5.5 of BPMN 2.0.2): what was completed is undone by its handlers, the
latest first.

Each scope keeps a log on its first token: a completed activity that has a handler, with its
variables at that moment; a completed sub-process with the log of what ran inside it; a repeated
activity, once it is completed as a whole, with its rounds (13.3.2: it is one activity, so of one
that runs or was interrupted no round is undone). A throw takes what it undoes out of the log, so
nothing is undone twice, and runs the handlers one after the other as children of its own token. A
sub-process is undone in a new run of it that only runs handlers. A throw in an event sub-process
also undoes what was completed around it; these handlers are children of that event sub-process.
"""

from dataclasses import replace
from typing import Any

from engine.spiff import passed
from engine.spiff.data import detached
from engine.spiff.memory import Handlers, Undoable, Undoing
from engine.spiff.tokens import ACTIVE, COMPLETED, READY, STARTED, Token


def remember(token: Token) -> None:
    """Called when an activity is completed."""
    spec = token.task_spec
    if token.memory.undoing is not None:
        return
    if spec.repeats:
        rounds = token.memory.undo_log
        if rounds:
            token.own_memory.undo_log = ()
            _log(token.workflow, rounds)
        return
    if spec.undo is not None:
        done = Undoable(spec.bpmn_id, spec.undo, detached(token.data))
    else:
        sub = token.workflow.top_workflow.subprocesses.get(token.id)
        if sub is None or not spec.undone_inside:
            return
        inner, by = _first(sub).memory.undo_log, sub.spec.undone_by
        done = Undoable(spec.bpmn_id, inside=spec.name, entries=inner)
        # an event sub-process inside says what undoing it means, and may undo what ran beside it
        if by is not None:
            done = replace(done, entries=(Undoable(by, by, detached(token.data)),), log=inner)
        if not done.entries:
            return
    if token.triggered and token.parent.task_spec.repeats:
        token.parent.own_memory.undo_log += (done,)
        token.workflow.top_workflow.touch(token.parent)
    else:
        _log(token.workflow, (done,))


def _log(workflow: Any, done: tuple[Undoable, ...]) -> None:
    first = _first(workflow)
    first.own_memory.undo_log += done
    workflow.top_workflow.touch(first)


def take(token: Token, activity: str | None) -> tuple[Undoable, ...]:
    """What a throw in this scope undoes: one activity, or all; the next one last."""
    taken, home, workflow = (
        _take(token.workflow, activity),
        _handler_around(token.workflow),
        token.workflow,
    )
    while home is not None:
        workflow = home.workflow
        taken = (*(replace(each, home=home.id) for each in _take(workflow, activity)), *taken)
        home = _handler_around(workflow)
    return taken


def _take(workflow: Any, activity: str | None) -> tuple[Undoable, ...]:
    first = _first(workflow)
    log = first.memory.undo_log
    taken = tuple(each for each in log if activity in (None, each.activity))
    if taken:
        passed.undo(workflow, {each.activity for each in taken})
        first.own_memory.undo_log = tuple(
            each for each in log if activity not in (None, each.activity)
        )
        workflow.top_workflow.touch(first)
    return taken


def _handler_around(workflow: Any) -> Token | None:
    """The event sub-process that runs as this workflow; None: it is none."""
    if workflow.parent_task_id is None:
        return None
    owner: Token = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
    around = owner.workflow.spec
    return (
        owner if owner.task_spec.name in (*around.event_sub_processes, around.undone_by) else None
    )


def begin(token: Token, entries: tuple[Undoable, ...], *, beside: bool = False) -> None:
    """Run the handlers from now on; `next_one` is called again by each that is done."""
    token.own_memory.handlers = Handlers(entries, beside)
    token.become(STARTED)
    next_one(token)


def begin_beside(token: Token, entries: tuple[Undoable, ...]) -> None:
    """The same without holding up the throw."""
    side = token.parent.add(token.task_spec)
    begin(side, entries, beside=True)


def child_done(token: Token, child: Token) -> None:
    """A handler is done: what it changed counts from now on."""
    undoing = child.memory.undoing or Undoing({})
    if undoing.throw is not None:
        token = token.workflow.top_workflow.get_task_from_id(undoing.throw)
        if token.memory.handlers is None or not token.state & ACTIVE:
            return  # the throw was taken away meanwhile
    next_one(token)


def next_one(token: Token) -> None:
    """The next handler; after the last one the token goes on."""
    handlers, top = token.memory.handlers, token.workflow.top_workflow
    if handlers is None or not handlers.left:
        token.own_memory.handlers = None
        if handlers is not None and handlers.beside:
            token.become(COMPLETED)
            last = token.add(token.workflow.spec.end)  # its scope was not over before
            last.task_spec.enter(last)
        else:
            token.task_spec.undone(token)
        return
    *left, entry = handlers.left
    token.own_memory.handlers = replace(handlers, left=tuple(left))
    top.touch(token)
    parent = token if entry.home is None else top.get_task_from_id(entry.home)
    child = parent.add(parent.workflow.spec.task_specs[entry.handler or entry.inside])
    child.triggered = True
    child.own_memory.undoing = Undoing(entry.data, None if parent is token else token.id)
    child.open_layer()
    if entry.handler:
        child.task_spec.enter(child)
        return
    child.become(STARTED)
    sub = top.create_subprocess(child, child.task_spec.spec)
    root = Token(sub, sub.spec.start)
    root.own_memory.handlers = Handlers(entry.entries)
    if entry.log:
        root.own_memory.undo_log = entry.log
    root.become(READY)


def _first(workflow: Any) -> Token:
    first: Token = next(iter(workflow.tasks.values()))
    return first
