"""Which activities an instance has passed, also inside a called process or sub-process that is over, and whether it may go back there.

What ran inside an activity is forgotten when it is over (its history is in the journal). What stays, on the token of the activity,
are its passes: number, moment and place of the latest one through each activity inside, and why it cannot be gone back to. That is
decided at this last moment at which the whole scope is known, and is bounded by the diagram: items of a repeated activity share one
list. A scope that was opened again in its middle keeps those of the earlier run on its first token.
"""

from collections.abc import Callable
from collections.abc import Container
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from typing import Final

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit

from engine.spiff.tokens import ACTIVE
from engine.spiff.tokens import BEGUN
from engine.spiff.tokens import CANCELLED
from engine.spiff.tokens import COMPLETED
from engine.spiff.tokens import LOG
from engine.spiff.tokens import MIDDLE
from engine.spiff.tokens import UNDOING
from engine.spiff.tokens import Token

SPLIT: Final = ".BoundaryEventSplit"
BACK: Final = "back"  # internal data of the token from which a case goes on after it was sent back
PASSED: Final = "passed"  # internal data of an activity that is over, or of the beginning of a scope: [number, moment, refusal, place]

JOINED: Final = "branch_joined"
OVER: Final = "path_over"
REPEATED: Final = "inside_repeated"  # one of several items, or one round of a loop
TRANSACTION: Final = "inside_transaction"
UNDONE: Final = "undone"  # compensated; or it could not be compensated any more
EVENT: Final = "inside_event"  # the handling of an event that is over
BARRED: Final = "joined_now"  # moved to a release with another branch beside it; also internal data of such an activity
GONE: Final = "gone"  # the release has no such activity there

Place = list[list[str]]  # from the owner inwards: name of the scope, name of the activity in it


@dataclass(frozen=True, slots=True)
class Pass:
    """The latest time that an activity was passed."""

    owner: Token  # in a scope that still exists: the activity, one around it, or the beginning of a scope that was opened again
    number: int
    since: int  # what changed later is its consequence, or happened beside it
    place: Place  # empty: the owner itself
    refusal: str


def passes(workflow: Any, *, over: bool) -> Iterator[Pass]:
    """All that was passed in this scope, and inside what is over in it; `over`: so is the scope, or will be at once."""
    newest: dict[str, Token] = {}
    latest: dict[str, Token] = {}
    for token in workflow.tasks.values():
        if not _is_shown(token):
            continue
        _keep(newest, token)
        if _is_target(token):
            _keep(latest, token)
    for token in latest.values():
        since = token.last_state_change if token.state == COMPLETED else token.parent.last_state_change
        refusal = _refusal(token, since, over=over) or token.internal_data.get(BARRED, "")
        if refusal != OVER or not newest[token.task_spec.name].state & ACTIVE:  # it stands there again
            yield Pass(token, token.id, since, [], refusal)
    for token in newest.values():
        yield from _inside(token, over=over)
    begin = beginning(workflow)
    for number, since, refusal, place in begin.internal_data.get(PASSED, ()):
        if place[0][1] not in newest:
            yield Pass(begin, number, since, place, refusal or _refusal(begin, since, over=over))


def record(owner: Token, sub: Any) -> None:
    """What ran inside this activity is over, or is cut off, and will be forgotten."""
    if UNDOING in owner.internal_data:
        return
    running = sub.top_workflow.subprocesses
    for token in [token for token in sub.tasks.values() if token.id in running]:
        record(token, running[token.id])
    holder = owner.parent if owner.triggered else owner
    entries = {_key(entry): entry for entry in holder.internal_data.get(PASSED, ()) if owner.triggered}
    for each in passes(sub, over=True):
        refusal = _for_good(owner, sub, each) or each.refusal
        place = each.place if _is_beginning(each.owner) else [[sub.spec.name, each.owner.task_spec.name], *each.place]
        entry = [each.number, each.since, refusal, place]
        entries[_key(entry)] = entry
    if entries:
        holder.internal_data[PASSED] = list(entries.values())
        holder.workflow.top_workflow.touch(holder)


def undo(workflow: Any, activities: Container[Any]) -> None:
    """What was done inside these is being compensated."""
    for token in workflow.tasks.values():
        if getattr(token.task_spec, "bpmn_id", None) in activities and PASSED in token.internal_data:
            token.internal_data[PASSED] = [[number, since, UNDONE, place] for number, since, _, place in token.internal_data[PASSED]]
            workflow.top_workflow.touch(token)


def move(workflow: Any, homes: Callable[[str | None], tuple[Any, Any]], rename: Callable[[str], str]) -> None:
    """To another release: names change, and what would now wait in vain at a join is barred. `homes`: old and new spec of a scope."""
    for token in [token for token in workflow.tasks.values() if token.task_spec.shown]:
        old, new = homes(None)
        if _joins_alone(new, rename(token.task_spec.name)):
            token.internal_data.pop(BARRED, None)
        elif _joins_alone(old, token.task_spec.name):
            token.internal_data[BARRED] = BARRED
    for entry in [entry for token in workflow.tasks.values() for entry in token.internal_data.get(PASSED, ())]:
        refusal, place = entry[2], [[rename(scope), rename(name)] for scope, name in entry[3]]
        steps = [(homes(scope), name, named) for (scope, name), (_, named) in zip(entry[3], place, strict=True)]
        if refusal == BARRED and all(_joins_alone(new, named) for (_, new), _, named in steps):
            refusal = ""
        elif refusal == "" and any(_joins_alone(old, name) and not _joins_alone(new, named) for (old, new), name, named in steps):
            refusal = BARRED
        entry[2:] = [refusal, place]


def _joins_alone(spec: Any, name: str) -> bool:
    """A single token from here meets no join that also waits for one from elsewhere. What is not there meets none."""
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


def middle(owner: Token) -> Any:
    """Where inside this activity its scope begins; None: at its start."""
    came = owner.parent.parent if root(owner) is not owner else owner.parent
    return came.internal_data.get(MIDDLE)


def set_middle(came: Token, found: Pass) -> None:
    """The activity behind this token begins where `found` was; what was passed before that stays known."""
    if _is_beginning(found.owner):
        beside, within = _split([e for e in found.owner.internal_data[PASSED] if e[1] < found.since], found.place[0][1])
        found.owner.internal_data[PASSED] = beside
        place = found.place[1:]
    else:
        within = [[*e] for e in found.owner.internal_data[PASSED] if e[1] < found.since]
        place = found.place
    if place:
        came.internal_data[MIDDLE] = [place, within]


def enter_middle(begin: Token) -> Any:
    """The element with which this scope begins instead of its start event; None: with that."""
    if MIDDLE not in begin.internal_data:
        return None
    (_, name), *place = begin.internal_data[MIDDLE][0]
    beside, within = _split(begin.internal_data.pop(MIDDLE)[1], name)
    if beside:
        begin.internal_data[PASSED] = beside
    if place:
        begin.internal_data[MIDDLE] = [place, within]
    return entrance(begin.workflow.spec, name)


def entrance(spec: Any, name: str) -> Any:
    """Where a token enters an activity: before its boundary events."""
    return spec.task_specs.get(name + SPLIT) or spec.task_specs[name]


def _split(entries: list[Any], activity: str) -> tuple[list[Any], list[Any]]:
    """Those beside this activity of the outermost scope, and those inside it as seen from there."""
    beside = [entry for entry in entries if entry[3][0][1] != activity]
    within = [[*entry[:3], entry[3][1:]] for entry in entries if entry[3][0][1] == activity and len(entry[3]) > 1]
    return beside, within


def landing(top: Any, found: Pass) -> Any:
    """The element of this release at which the case would stand; None: there is none."""
    spec, rest = found.owner.task_spec, found.place
    if _is_beginning(found.owner):
        spec, rest = found.owner.workflow.spec.task_specs.get(found.place[0][1]), found.place[1:]
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
    entered = isinstance(parent.task_spec, BoundaryEventSplit) or parent.task_spec.name == token.task_spec.name + SPLIT
    return parent if entered else token


def following(found: Pass) -> dict[int, Token]:
    """What goes when the case goes back."""
    return _after(found.owner)


def beginning(workflow: Any) -> Token:
    first: Token = next(iter(workflow.tasks.values()))
    return first


# ---
def _is_shown(token: Token) -> bool:
    """A pass through an activity that people see: neither an item, nor the place from which a case was sent on."""
    return token.task_spec.shown and not token.triggered and BACK not in token.internal_data and not _only_waited(token)


def _is_target(token: Token) -> bool:
    if token.task_spec.idles:
        return False
    return token.state == COMPLETED or (token.state == CANCELLED and isinstance(token.parent.task_spec, BoundaryEventSplit))


def _is_beginning(token: Token) -> bool:
    return token.parent_id is None


def _only_waited(token: Token) -> bool:
    """An event sub-process that nothing started."""
    return token.task_spec.idles and BEGUN not in token.internal_data


def _keep(found: dict[str, Token], token: Token) -> None:
    known = found.get(token.task_spec.name)
    if known is None or known.last_state_change < token.last_state_change:
        found[token.task_spec.name] = token


def _inside(token: Token, *, over: bool) -> Iterator[Pass]:
    for number, since, refusal, place in token.internal_data.get(PASSED, ()):
        why = refusal or (EVENT if token.task_spec.idles else "") or _refusal(token, since, over=over)
        yield Pass(token, number, since, place, why)


def _refusal(owner: Token, since: int, *, over: bool) -> str:
    workflow, after = owner.workflow, _after(owner)
    since = max(since, _entered(owner))  # what was passed in an earlier run of the scope is as good as passed at its beginning
    beside = [t for t in workflow.tasks.values() if t.id not in after and not _only_waited(t)]
    later = [t for t in beside if t.last_state_change > since]
    if over:  # only if all that happened since was its consequence
        return JOINED if later or any(t.state & ACTIVE for t in beside) else ""
    joins = {t.task_spec.name for t in after.values() if t.task_spec.joins and not t.state & ACTIVE}
    if any(t.task_spec.name in joins and not t.state & ACTIVE for t in later):
        return JOINED
    return "" if any(t.state & ACTIVE for t in after.values()) else OVER


def _entered(token: Token) -> int:
    before = root(token).parent
    return token.last_state_change if before is None else before.last_state_change


def _for_good(owner: Token, sub: Any, found: Pass) -> str:
    if owner.triggered:
        return REPEATED
    if owner.task_spec.transaction:
        return TRANSACTION
    lost = owner.state != COMPLETED and bool(beginning(sub).internal_data.get(LOG))  # it could be undone, and no longer can
    undone = any(UNDOING in t.internal_data and t.last_state_change > found.since for t in sub.tasks.values())
    return UNDONE if lost or undone else ""


def _key(entry: list[Any]) -> str:
    return "\n".join(name for step in entry[3] for name in step)


def _after(token: Token) -> dict[int, Token]:
    """The activity with all that followed; of a scope all but the events that wait in it."""
    todo = [child for child in token.children if not child.task_spec.idles] if _is_beginning(token) else [root(token)]
    found: dict[int, Token] = {}
    while todo:
        each = todo.pop()
        found[each.id] = each
        todo += each.children
    return found
