"""The state of an instance: a snapshot, and deltas that lead from one to the next.
`engine.spiff.stored_form` is how both are stored.

With each token stands what it wrote; the variables are made anew from that. Active tokens are
compared by content, since timers and jobs change without a change of state.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from engine.spiff.data import Wrote, changes
from engine.spiff.loops import Multi
from engine.spiff.nodes import Removed
from engine.spiff.stored_form import (
    TOP,
    Delta,
    Head,
    Line,
    Old,
    Row,
    Scope,
    Whole,
    changed_line,
    content,
    line,
    write_delta,
    write_whole,
)
from engine.spiff.tokens import ACTIVE, Token
from engine.spiff.workflow import Sub, Workflow

row = line


def snapshot(top: Workflow) -> bytes:
    scopes = [(_scope(owner, sub), _rows(sub)) for owner, sub in top.subprocesses.items()]
    return write_whole(top.prefix, _head(top), _rows(top), scopes)


def _head(top: Workflow) -> Head:
    return Head(top.number, top.ticks, top.completed)


def _scope(owner: int, sub: Sub) -> Scope:
    return Scope(owner, sub.spec.name, sub.completed)


def _rows(workflow: Any) -> list[Line]:
    return [row(token) for token in workflow.tasks.values()]


class DeltaTracker:
    """Remembers what was written of the active tokens; everything else is known from the workflow's
    own marks."""

    def __init__(self, top: Workflow) -> None:
        self.top = top
        self.seen: dict[int, bytes] = {}
        self.forget()

    def forget(self) -> None:
        """All is written: what follows counts from here."""
        self.seen = {id_: content(row(token)) for id_, token in self.top.active.items()}
        self._clear()

    def written(self) -> None:
        """What was touched since the last delta is stored already."""
        for id_ in self.top.dirty.keys() | self.seen.keys():
            token = self.top.active.get(id_)
            if token is None:
                self.seen.pop(id_, None)
            elif id_ in self.top.dirty:
                self.seen[id_] = content(row(token))
        self._clear()

    def _clear(self) -> None:
        top = self.top
        top.dirty.clear()
        top.dropped.clear()
        top.changed_subs.clear()

    def delta(self) -> bytes:
        """What changed since the last call; b"" for nothing."""
        top = self.top
        rows: list[Line] = []
        for id_ in sorted(top.dirty.keys() | top.active.moving):
            token = top.active.get(id_) or top.dirty[id_]
            now = row(token)
            if token.state & ACTIVE:
                written = content(now)
                if written == self.seen.get(id_):
                    continue
                self.seen[id_] = written
            else:
                self.seen.pop(id_, None)
            rows.append(changed_line(token.workflow.parent_task_id or TOP, now))
        scopes = [_scope(owner, top.subprocesses[owner]) for owner in sorted(top.changed_subs)]
        empty = not (rows or scopes or top.dropped)
        delta = b"" if empty else write_delta(_head(top), rows, scopes, top.dropped)
        self._clear()
        return delta


def restore(top: Workflow, whole: Whole) -> bool:
    """Fill an empty workflow. Tokens come in the order in which they were made: parents first.
    True: an earlier release stored it."""
    old: list[Old] = []
    top.number, top.ticks, top.prefix = whole.head.numbers, whole.head.ticks, whole.prefix
    _fill(top, whole.rows, old)
    for scope, rows in _outer_first(top, whole.scopes):
        sub = top.subprocesses[scope.owner] = top.new_sub(scope.name, scope.owner)
        _fill(sub, rows, old)
        sub.completed = scope.over
    top.completed = whole.head.over
    if old:
        _carry_over(top, old)
    top.replay()
    return bool(old)


def catch_up(top: Workflow, deltas: Iterable[Delta]) -> None:
    """Do to this workflow what another process did to the case meanwhile: as `restore` of all of
    it, for the price of what changed."""
    for delta in deltas:
        for scope in delta.scopes:
            if scope.owner in top.subprocesses:
                top.subprocesses[scope.owner].completed = scope.over
        for owner in delta.dropped:
            top.forget(owner)
        for owner, rows in delta.rows.items():
            if owner == TOP or owner in top.subprocesses:
                _renew(top.subprocesses[owner] if owner else top, rows)
        begun = [
            (scope, delta.rows.get(scope.owner, ()))
            for scope in delta.scopes
            if scope.owner not in {*top.subprocesses, *delta.dropped}
        ]
        for scope, inner in _outer_first(top, begun):
            sub = top.subprocesses[scope.owner] = top.new_sub(scope.name, scope.owner)
            _renew(sub, inner)
            sub.completed = scope.over
        top.number, top.ticks, top.completed = delta.head.numbers, delta.head.ticks, delta.head.over
    top.replay()


def _outer_first(
    top: Workflow, scopes: Sequence[tuple[Scope, Iterable[Row]]]
) -> Iterator[tuple[Scope, Iterable[Row]]]:
    """A scope after the one in which its owner stands."""
    left = sorted(scopes, key=lambda each: each[0].owner)
    while left:
        known = {id_ for workflow in top.workflows() for id_ in workflow.tasks}
        here = [each for each in left if each[0].owner in known]
        if not here:
            raise ValueError("the state has a sub-process without its task")
        yield from here
        left = [each for each in left if each[0].owner not in known]


def _fill(workflow: Any, rows: Iterable[Row], old: list[Old]) -> None:
    top = workflow.top_workflow
    for each in rows:
        if each.old is not None:
            old.append(each.old)
        token = Token.restore(workflow, _spec(workflow, each), each)
        if each.state & ACTIVE:
            top.active[each.id] = token


def _renew(workflow: Any, rows: Iterable[Row]) -> None:
    """These tokens as they are now, the new ones among them."""
    top, tasks = workflow.top_workflow, workflow.tasks
    for each in rows:
        known = tasks.get(each.id)
        if known is None:
            known = Token.restore(workflow, _spec(workflow, each), each)
        else:
            known.renew(each)
        top.touch(known)


def _spec(workflow: Any, row: Row) -> Any:
    specs = workflow.spec.task_specs
    return (
        specs[row.element] if row.state & ACTIVE else specs.get(row.element) or Removed(row.element)
    )


def _carry_over(top: Workflow, old: Iterable[Old]) -> None:
    """Before variables stood in their scope, each row held the difference to a finished ancestor's:
    what a token then had and its parent had not counts as written by it, at its last change, of two
    branches that differ by the later one. Rows of parents stand before those of children, scopes behind those around them."""
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
