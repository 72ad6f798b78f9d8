"""Compensation (10.7.1 and 13.5.5 of BPMN 2.0.2): what was completed is undone by its handlers, the latest first.

Each scope keeps a log on its first token: a completed activity that has a handler, with its variables at that moment; a completed
sub-process with the log of what ran inside it. A throw takes what it undoes out of the log, so nothing is undone twice, and runs
the handlers one after the other as children of its own token. A sub-process is undone in a new run of it that only runs handlers.
A throw in an event sub-process also undoes what was completed around it; these handlers are children of that event sub-process.
"""

from typing import Any
from typing import Final

from engine.spiff import passed
from engine.spiff.data import changes
from engine.spiff.data import own
from engine.spiff.tokens import ACTIVE
from engine.spiff.tokens import COMPLETED
from engine.spiff.tokens import LOG
from engine.spiff.tokens import OWN
from engine.spiff.tokens import READY
from engine.spiff.tokens import STARTED
from engine.spiff.tokens import UNDOING
from engine.spiff.tokens import Token

LEFT: Final = "undo_left"  # internal data of a token that runs handlers: entries to come, the next one last
FOR: Final = "undo_for"  # internal data of a handler that runs around the event sub-process of the throw: number of the throw
BESIDE: Final = "undo_beside"  # internal data: nobody waits for it

Entry = dict[str, Any]


def remember(token: Token) -> None:
    """Called when an activity is completed."""
    spec = token.task_spec
    if UNDOING in token.internal_data:
        return
    if spec.undo is not None:
        entry: Entry = {"activity": spec.bpmn_id, "handler": spec.undo, "data": own(token.data)}
    else:
        sub = token.workflow.top_workflow.subprocesses.get(token.id)
        if sub is None or not spec.undone_inside:
            return
        inner, by = _first(sub).internal_data.get(LOG, []), sub.spec.undone_by
        entry = {"activity": spec.bpmn_id, "inside": spec.name, "entries": inner}
        if by is not None:  # an event sub-process inside says what undoing it means, and may undo what ran beside it
            entry |= {"entries": [{"activity": by, "handler": by, "data": own(token.data)}], "log": inner}
        if not entry["entries"]:
            return
    first = _first(token.workflow)
    first.internal_data.setdefault(LOG, []).append(entry)
    token.workflow.top_workflow.touch(first)


def take(token: Token, activity: str | None) -> list[Entry]:
    """What a throw in this scope undoes: one activity, or all; the next one last."""
    taken, home, workflow = _take(token.workflow, activity), _handler_around(token.workflow), token.workflow
    while home is not None:
        workflow = home.workflow
        taken = [{**entry, "home": home.id} for entry in _take(workflow, activity)] + taken
        home = _handler_around(workflow)
    return taken


def _take(workflow: Any, activity: str | None) -> list[Entry]:
    first = _first(workflow)
    log: list[Entry] = first.internal_data.get(LOG, [])
    taken = [entry for entry in log if activity in (None, entry["activity"])]
    if taken:
        passed.undo(workflow, {entry["activity"] for entry in taken})
        first.internal_data[LOG] = [entry for entry in log if activity not in (None, entry["activity"])]
        workflow.top_workflow.touch(first)
    return taken


def _handler_around(workflow: Any) -> Token | None:
    """The event sub-process that runs as this workflow; None: it is none."""
    if workflow.parent_task_id is None:
        return None
    owner: Token = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
    around = owner.workflow.spec
    return owner if owner.task_spec.name in (*around.event_sub_processes, around.undone_by) else None


def begin(token: Token, entries: list[Entry]) -> None:
    """Run the handlers from now on; `next_one` is called again by each that is done."""
    token.internal_data[LEFT] = entries
    token.become(STARTED)
    next_one(token)


def begin_beside(token: Token, entries: list[Entry]) -> None:
    """The same without holding up the throw."""
    side = token.parent.add(token.task_spec)
    side.data = dict(token.data)
    side.internal_data[BESIDE] = 1
    begin(side, entries)


def child_done(token: Token, child: Token) -> None:
    """A handler is done: what it changed counts from now on."""
    if FOR in child.internal_data:
        token = token.workflow.top_workflow.get_task_from_id(child.internal_data[FOR])
        if LEFT not in token.internal_data or not token.state & ACTIVE:
            return  # the throw was taken away meanwhile
    token.data.update(changes(child.internal_data[UNDOING], child.data))
    next_one(token)


def next_one(token: Token) -> None:
    """The next handler; after the last one the token goes on."""
    left: list[Entry] = token.internal_data[LEFT]
    top = token.workflow.top_workflow
    if not left:
        del token.internal_data[LEFT]
        if token.internal_data.pop(BESIDE, None):
            token.become(COMPLETED)
            last = token.add(token.workflow.spec.end)  # its scope was not over before
            last.task_spec.enter(last)
        else:
            token.task_spec.undone(token)
        return
    entry = left.pop()
    top.touch(token)
    parent = token if "home" not in entry else top.get_task_from_id(entry["home"])
    child = parent.add(parent.workflow.spec.task_specs[entry.get("handler") or entry["inside"]])
    child.triggered = True
    child.data = {**token.data, **entry.get("data", {})}
    if parent is not token:
        child.internal_data |= {FOR: token.id, OWN: list(child.data)}
    child.internal_data[UNDOING] = dict(child.data)
    if "handler" in entry:
        child.task_spec.enter(child)
        return
    child.become(STARTED)
    sub = top.create_subprocess(child, child.task_spec.spec)
    root = Token(sub, sub.spec.start)
    root.data = dict(child.data)
    root.internal_data[LEFT] = entry["entries"]
    if "log" in entry:
        root.internal_data[LOG] = entry["log"]
    root.become(READY)


def _first(workflow: Any) -> Token:
    first: Token = next(iter(workflow.tasks.values()))
    return first
