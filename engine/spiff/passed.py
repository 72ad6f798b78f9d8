"""Which activities an instance has passed, also inside a called process or sub-process that is
over, and whether it may go back there.

What ran inside an activity is forgotten when it is over (its history is in the journal). What
stays, on the token of the activity, are its passes: number, moment and place of the latest one
through each activity inside, and why it cannot be gone back to. That is decided at this last moment
at which the whole scope is known, and is bounded by the diagram: items of a repeated activity share
one list. A scope that was opened again in its middle keeps those of the earlier run on its first
token.
"""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit

from engine.spiff.memory import Inside, Passage, Place
from engine.spiff.tokens import ACTIVE, CANCELLED, COMPLETED, Token

SPLIT: Final = ".BoundaryEventSplit"

JOINED: Final = "branch_joined"
OVER: Final = "path_over"
REPEATED: Final = "inside_repeated"  # one of several items, or one round of a loop
TRANSACTION: Final = "inside_transaction"
UNDONE: Final = "undone"  # compensated; or it could not be compensated any more
EVENT: Final = "inside_event"  # the handling of an event that is over
BARRED: Final = "joined_now"  # moved to a release with another branch beside it
GONE: Final = "gone"  # the release has no such activity there


#: Old and new spec of a scope by its old name; None: of the scope in which the token stands.
Homes = Callable[[str | None], tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Pass:
    """The latest time that an activity was passed."""

    # in a scope that still exists: the activity, one around it, or the beginning of a scope that
    # was opened again
    owner: Token
    number: int
    since: int  # what changed later is its consequence, or happened beside it
    place: Place  # empty: the owner itself
    refusal: str


def passes(workflow: Any, *, over: bool) -> Iterator[Pass]:
    """All that was passed in this scope, and inside what is over in it; `over`: so is the scope, or
    will be at once."""
    newest: dict[str, Token] = {}
    latest: dict[str, Token] = {}
    for token in workflow.tasks.values():
        if not _is_shown(token):
            continue
        _keep(newest, token)
        if _is_target(token):
            _keep(latest, token)
    for token in latest.values():
        since = (
            token.last_state_change if token.state == COMPLETED else token.parent.last_state_change
        )
        refusal = _refusal(token, since, over=over) or (BARRED if token.memory.barred else "")
        # it stands there again
        if refusal != OVER or not newest[token.task_spec.name].state & ACTIVE:
            yield Pass(token, token.id, since, (), refusal)
    for token in newest.values():
        for each in token.memory.passed:
            why = (
                each.refusal
                or (EVENT if token.task_spec.idles else "")
                or _refusal(token, each.since, over=over)
            )
            yield Pass(token, each.number, each.since, each.place, why)
    begin = beginning(workflow)
    for each in begin.memory.passed:
        if each.outermost not in newest:
            yield Pass(
                begin,
                each.number,
                each.since,
                each.place,
                each.refusal or _refusal(begin, each.since, over=over),
            )


def record(owner: Token, sub: Any) -> None:
    """What ran inside this activity is over, or is cut off, and will be forgotten."""
    if owner.memory.undoing is not None:
        return
    running = sub.top_workflow.subprocesses
    for token in [token for token in sub.tasks.values() if token.id in running]:
        record(token, running[token.id])
    holder = owner.parent if owner.triggered else owner
    latest = {each.place: each for each in holder.memory.passed if owner.triggered}
    for each in passes(sub, over=True):
        refusal = _for_good(owner, sub, each) or each.refusal
        here = (
            () if is_beginning(each.owner) else (Inside(sub.spec.name, each.owner.task_spec.name),)
        )
        place = (*here, *each.place)
        latest[place] = Passage(each.number, each.since, refusal, place)
    if latest:
        holder.own_memory.passed = tuple(latest.values())
        holder.workflow.top_workflow.touch(holder)


def undo(workflow: Any, activities: Container[Any]) -> None:
    """What was done inside these is being compensated."""
    for token in workflow.tasks.values():
        if getattr(token.task_spec, "bpmn_id", None) in activities and token.memory.passed:
            token.own_memory.passed = tuple(
                replace(each, refusal=UNDONE) for each in token.memory.passed
            )
            workflow.top_workflow.touch(token)


def move(workflow: Any, homes: Homes, rename: Callable[[str], str]) -> None:
    """To another release: names change, and what would now wait in vain at a join is barred."""
    old, new = homes(None)
    for token in workflow.tasks.values():
        if token.task_spec.shown and _joins_alone(new, rename(token.task_spec.name)):
            if token.memory.barred:
                token.own_memory.barred = False
        elif token.task_spec.shown and _joins_alone(old, token.task_spec.name):
            token.own_memory.barred = True
        if token.memory.passed:
            token.own_memory.passed = tuple(
                _moved(each, homes, rename) for each in token.memory.passed
            )


def _moved(passage: Passage, homes: Homes, rename: Callable[[str], str]) -> Passage:
    place = tuple(Inside(rename(scope), rename(activity)) for scope, activity in passage.place)
    steps = [
        (*homes(before.scope), before.activity, after.activity)
        for before, after in zip(passage.place, place, strict=True)
    ]
    refusal = passage.refusal
    if refusal == BARRED and all(_joins_alone(new, after) for _, new, _, after in steps):
        refusal = ""
    elif refusal == "" and any(
        _joins_alone(old, before) and not _joins_alone(new, after)
        for old, new, before, after in steps
    ):
        refusal = BARRED
    return replace(passage, refusal=refusal, place=place)


def _joins_alone(spec: Any, name: str) -> bool:
    """A single token from here meets no join that also waits for one from elsewhere. What is not
    there meets none."""
    start = None if spec is None else spec.task_specs.get(name)
    if start is None:
        return True
    found: dict[str, Any] = {}
    todo = [entrance(spec, name)]
    while todo:
        each = todo.pop()
        if each.name not in found:
            found[each.name] = each
            todo += each.outputs
    return all(each.name in found for join in found.values() if join.joins for each in join.inputs)


def entrance(spec: Any, name: str) -> Any:
    """Where a token enters an activity: before its boundary events."""
    return spec.task_specs.get(name + SPLIT) or spec.task_specs[name]


def landing(top: Any, found: Pass) -> Any:
    """The element of this release at which the case would stand; None: there is none."""
    spec, rest = found.owner.task_spec, found.place
    if is_beginning(found.owner):
        spec, rest = (
            found.owner.workflow.spec.task_specs.get(found.place[0].activity),
            found.place[1:],
        )
    for scope, name in rest:
        home = top.subprocess_specs.get(scope)
        if home is None or getattr(spec, "spec", None) != scope:
            return None
        spec = home.task_specs.get(name)
    return spec if getattr(spec, "shown", False) and not spec.idles else None


def root(token: Token) -> Token:
    """Where the activity was entered: before its boundary events."""
    parent = token.parent
    if parent is None:
        return token
    entered = (
        isinstance(parent.task_spec, BoundaryEventSplit)
        or parent.task_spec.name == token.task_spec.name + SPLIT
    )
    return parent if entered else token


def following(found: Pass) -> dict[int, Token]:
    """What goes when the case goes back."""
    return _after(found.owner)


def beginning(workflow: Any) -> Token:
    first: Token = next(iter(workflow.tasks.values()))
    return first


def is_beginning(token: Token) -> bool:
    return token.parent_id is None


# ---
def _is_shown(token: Token) -> bool:
    """A pass through an activity that people see: neither an item, nor the place from which a case
    was sent on."""
    return (
        token.task_spec.shown
        and not token.triggered
        and not token.memory.sent_back
        and not _only_waited(token)
    )


def _is_target(token: Token) -> bool:
    if token.task_spec.idles:
        return False
    return token.state == COMPLETED or (
        token.state == CANCELLED and isinstance(token.parent.task_spec, BoundaryEventSplit)
    )


def _only_waited(token: Token) -> bool:
    """An event sub-process that nothing started."""
    return token.task_spec.idles and not token.memory.begun


def _keep(found: dict[str, Token], token: Token) -> None:
    known = found.get(token.task_spec.name)
    if known is None or known.last_state_change < token.last_state_change:
        found[token.task_spec.name] = token


def _refusal(owner: Token, since: int, *, over: bool) -> str:
    workflow, after = owner.workflow, _after(owner)
    before = root(owner).parent
    entered = (owner if before is None else before).last_state_change
    # what was passed in an earlier run of the scope is as good as passed at its beginning
    since = max(since, entered)
    beside = [t for t in workflow.tasks.values() if t.id not in after and not _only_waited(t)]
    later = [t for t in beside if t.last_state_change > since]
    if over:  # only if all that happened since was its consequence
        return JOINED if later or any(t.state & ACTIVE for t in beside) else ""
    joins = {t.task_spec.name for t in after.values() if t.task_spec.joins and not t.state & ACTIVE}
    if any(t.task_spec.name in joins and not t.state & ACTIVE for t in later):
        return JOINED
    return "" if any(t.state & ACTIVE for t in after.values()) else OVER


def _for_good(owner: Token, sub: Any, found: Pass) -> str:
    if owner.triggered:
        return REPEATED
    if owner.task_spec.transaction:
        return TRANSACTION
    # it could be undone, and no longer can
    lost = owner.state != COMPLETED and bool(beginning(sub).memory.undo_log)
    undone = any(
        t.memory.undoing is not None and t.last_state_change > found.since
        for t in sub.tasks.values()
    )
    return UNDONE if lost or undone else ""


def _after(token: Token) -> dict[int, Token]:
    """The activity with all that followed; of a scope all but the events that wait in it."""
    todo = (
        [child for child in token.children if not child.task_spec.idles]
        if is_beginning(token)
        else [root(token)]
    )
    found: dict[int, Token] = {}
    while todo:
        each = todo.pop()
        found[each.id] = each
        todo += each.children
    return found
