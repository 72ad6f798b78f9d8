"""Moving one instance to another release: tokens stay where they are, with what they wait for and
since when.

Elements match by id, or by a mapping of old to new ids. A token on an element that is gone or
became something else forbids the move. Events that only wait at the border of an activity are an
exception: one that is gone is disarmed, a new one is armed. Due dates never move. Passed elements
that are gone leave a mark, so that the instance can still be read.

The workflow that is moved is changed in place and of no further use when there are problems: give a
copy.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.errors import Problem
from engine.spiff import passed
from engine.spiff.data import Wrote
from engine.spiff.events import Boundary, Catch, EventGateway
from engine.spiff.memory import Undoable
from engine.spiff.nodes import Call, Removed, SubProcess
from engine.spiff.passed import SPLIT
from engine.spiff.tokens import COMPLETED, Token, element_of
from engine.spiff.workflow import Workflow

Rename = Callable[[str], str]


@dataclass(slots=True)
class Moved:
    problems: list[Problem] = field(default_factory=list)
    armed: list[str] = field(default_factory=list)  # elements of the new release
    disarmed: list[str] = field(default_factory=list)  # elements of the old one


@dataclass(frozen=True, slots=True)
class Target:
    """The specs of the process in the new release."""

    spec: BpmnProcessSpec
    inner: Mapping[str, BpmnProcessSpec]
    mapping: Mapping[str, str]
    now: dt.datetime


def move(top: Workflow, target: Target) -> Moved:
    moved = Moved()
    rename = _renamer(top, target.mapping)
    homes = dict(_homes(top, target, rename))
    for workflow, spec in homes.items():
        for token in top.tokens(workflow):
            _check(token, spec, rename, moved)
        _check_places(top.tokens(workflow), rename, moved)
        # names change in the log, which is of no use if there are problems
        for token in workflow.tasks.values():
            memory = token.memory
            if memory.undo_log:
                memory.undo_log = _moved_undo(memory.undo_log, spec, target.inner, rename, moved)
            if memory.handlers is not None:
                left = _moved_undo(memory.handlers.left, spec, target.inner, rename, moved)
                memory.handlers = replace(memory.handlers, left=left)
    if moved.problems:
        return moved
    _give_initial(top, homes)
    _disarm(top, homes, rename, moved)
    old_events = {
        workflow: [rename(name) for name in workflow.spec.event_sub_processes] for workflow in homes
    }
    _change_specs(top, target, homes, rename)
    top.now = target.now
    for workflow in homes:
        _arm_scope(workflow, old_events[workflow], moved)
        for token in [t for t in top.tokens(workflow) if not t.failed]:
            _arm_borders(token, moved)
            _arm_alternatives(token, moved)
    return moved


# --- may it be moved ------------------------------------------------------------------------------
def _homes(top: Workflow, target: Target, rename: Rename) -> Iterator[tuple[Any, BpmnProcessSpec]]:
    """Each scope that runs with its spec in the new release; where there is none, the activity
    around it is the problem."""
    yield top, target.spec
    for sub in top.subprocesses.values():
        spec = target.inner.get(rename(sub.spec.name))
        if spec is not None:
            yield sub, spec


def _check(token: Token, home: BpmnProcessSpec, rename: Rename, moved: Moved) -> None:
    old, new = token.task_spec, home.task_specs.get(rename(token.task_spec.name))
    problem = ""
    facts: dict[str, str] = {}
    if new is None:
        problem = "" if _may_go(token) else "removed"
    elif type(old) is not type(new) or _event(old) is not _event(new):
        problem = "kind_changed"
    elif isinstance(old, (SubProcess, Call)) and rename(old.spec) != new.spec:
        problem, facts = "calls_other", {"old": old.spec, "new": new.spec}
    elif not _has_way(token, new, home, rename) and not _host_is_gone(token, home, rename):
        problem, facts = "way_removed", {"from": element_of(token.parent)}
    if problem:
        moved.problems.append(Problem(problem, {"element": element_of(token), **facts}))


def _check_places(tokens: list[Token], rename: Rename, moved: Moved) -> None:
    """What stood, or came to a join, at different places must not be put into one: the join behind
    would wait in vain."""
    names: dict[str, set[str]] = defaultdict(set)
    for token in tokens:
        if not _may_go(token):
            name = str((token.parent if token.task_spec.joins else token).task_spec.name)
            names[rename(name)].add(name)
    for new, old in names.items():
        if len(old) > 1:
            moved.problems += [
                Problem("put_together", {"element": name, "new": new}) for name in sorted(old)
            ]


def _may_go(token: Token) -> bool:
    """It only waits for something to happen beside the work: without it the case goes on."""
    return isinstance(token.task_spec, Boundary) or token.idle


def _moved_undo(
    entries: tuple[Undoable, ...],
    home: BpmnProcessSpec,
    inner: Mapping[str, BpmnProcessSpec],
    rename: Rename,
    moved: Moved,
) -> tuple[Undoable, ...]:
    """What was done must stay undoable: its handler has to be there."""
    result = []
    for each in entries:
        entry = replace(
            each,
            activity=rename(each.activity),
            handler=rename(each.handler),
            inside=rename(each.inside),
        )
        spec = home.task_specs.get(entry.handler or entry.inside)
        scope = inner.get(spec.spec) if spec is not None and not entry.handler else home
        if spec is None or scope is None:
            moved.problems.append(Problem("undo_removed", {"element": entry.activity}))
        else:
            entries, log = (
                _moved_undo(part, scope, inner, rename, moved)
                for part in (entry.entries, entry.log)
            )
            entry = replace(entry, entries=entries, log=log)
        result.append(entry)
    return tuple(result)


def _host_is_gone(token: Token, home: BpmnProcessSpec, rename: Rename) -> bool:
    return token.host is not None and rename(token.host.task_spec.name) not in home.task_specs


def _event(spec: Any) -> type:
    return type(getattr(spec, "event_definition", None))


def _has_way(token: Token, new: Any, home: BpmnProcessSpec, rename: Rename) -> bool:
    """A token waits for others, at a border or behind an event gateway: it must belong there in the
    new release too."""
    if new.joins:
        return rename(token.parent.task_spec.name) in {spec.name for spec in new.inputs}
    if isinstance(new, Boundary) or (
        isinstance(new, Catch) and isinstance(token.parent.task_spec, EventGateway)
    ):
        source = home.task_specs.get(rename(token.parent.task_spec.name))
        return source is not None and new in source.outputs
    return True


def _renamer(top: Workflow, mapping: Mapping[str, str]) -> Rename:
    """Old spec name -> new one; what stands around an element (its border, its items) is named
    after it."""
    drawn = {
        spec.bpmn_id
        for each in (top.spec, *top.subprocess_specs.values())
        for spec in each.task_specs.values()
        if spec.bpmn_id
    }

    def rename(name: str) -> str:
        if name in mapping:
            return mapping[name]
        if name not in drawn:
            for old, new in mapping.items():
                if name.startswith((old + ".", old + " [")):
                    return new + name[len(old) :]
        return name

    return rename


# --- moving ---------------------------------------------------------------------------------------
def _give_initial(top: Workflow, homes: Mapping[Any, BpmnProcessSpec]) -> None:
    """Variables that only the new release declares, also on what is done: a case may be sent back
    to it, and a join compares with it.

    What runs inside a process sees its variables. Scopes stand behind those around them.
    """
    for workflow, spec in homes.items():
        new = {
            n: v
            for n, v in spec.initial.items()
            if n not in workflow.spec.initial and n not in workflow.data
        }
        first = passed.beginning(workflow)
        if new:
            first.wrote = (Wrote(0, new), *first.wrote)
            workflow.data.update(new)
            top.touch(first)


def _disarm(
    top: Workflow, homes: Mapping[Any, BpmnProcessSpec], rename: Rename, moved: Moved
) -> None:
    for workflow, spec in homes.items():
        for token in top.tokens(workflow):
            if rename(token.task_spec.name) not in spec.task_specs:
                moved.disarmed.append(element_of(token))
                token.cancel()


def _change_specs(
    top: Workflow, target: Target, homes: Mapping[Any, BpmnProcessSpec], rename: Rename
) -> None:
    old, top.subprocess_specs = top.subprocess_specs, dict(target.inner)
    for workflow, spec in homes.items():

        def both(
            scope: str | None, own: tuple[Any, Any] = (workflow.spec, spec)
        ) -> tuple[Any, Any]:
            return own if scope is None else (old.get(scope), target.inner.get(rename(scope)))

        passed.move(workflow, both, rename)
        workflow.spec = spec
        for token in workflow.tasks.values():
            name = token.task_spec.name
            token.task_spec = spec.task_specs.get(rename(name)) or Removed(name)


def _arm_scope(workflow: Any, known: list[str], moved: Moved) -> None:
    """Event sub-processes that the scope did not have."""
    begin = next(token for token in workflow.tasks.values() if token.parent_id is None)
    for name in workflow.spec.event_sub_processes:
        if name not in known:
            _arm(begin, workflow.spec.task_specs[name], moved)


def _arm_borders(token: Token, moved: Moved) -> None:
    """Boundary events that the activity did not have when it began."""
    split = token.workflow.spec.task_specs.get(token.task_spec.name + SPLIT)
    if split is None or token.triggered or isinstance(token.task_spec, (Boundary, Removed)):
        return
    border = token.parent if token.parent.task_spec is split else _surround(token, split)
    known = {child.task_spec.name for child in border.children}
    for spec in split.outputs:
        if spec.name not in known:
            _arm(border, spec, moved)


def _arm_alternatives(token: Token, moved: Moved) -> None:
    """Events behind an event gateway that the gateway did not have."""
    gateway = token.parent
    if gateway is None or not isinstance(gateway.task_spec, EventGateway):
        return
    known = {child.task_spec.name for child in gateway.children}
    for spec in gateway.task_spec.outputs:
        if spec.name not in known:
            _arm(gateway, spec, moved)


def _surround(token: Token, split: Any) -> Token:
    """The activity had no border when it began: put one between it and where it came from. Parents
    stand before children."""
    workflow, parent = token.workflow, token.parent
    border = Token(workflow, split, parent)
    border.become(COMPLETED)
    token.hang_on(border)
    rest = {id_: each for id_, each in workflow.tasks.items() if id_ != border.id}
    workflow.tasks.clear()
    for id_, each in rest.items():
        if each is token:
            workflow.tasks[border.id] = border
        workflow.tasks[id_] = each
    return border


def _arm(parent: Token, spec: Any, moved: Moved) -> None:
    token = parent.add(spec)
    spec.enter(token)
    failed = token.memory.failed
    if token.failed:
        cause = {} if failed is None else {"kind": failed.kind, **failed.facts}
        moved.problems.append(Problem("cannot_arm", {"element": element_of(token), "cause": cause}))
    else:
        moved.armed.append(element_of(token))
