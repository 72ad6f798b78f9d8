"""State of an instance as bytes: a snapshot, and deltas that lead from one to the next.

JSON with one row per token: number, parent's number, element, state, order of change, triggered, internal data, changed
data, removed names, hops. Data are the difference to the nearest finished ancestor, `hops` up; values compare with their
types at every depth. Active rows are compared by content, since timers and jobs change without a change of state.
"""

from collections.abc import Iterable
from collections.abc import Iterator
from typing import Any
from typing import Final

import orjson

from engine.spiff.data import same
from engine.spiff.removed import Gone
from engine.spiff.tokens import ACTIVE
from engine.spiff.tokens import COMPLETED
from engine.spiff.tokens import Token
from engine.spiff.workflow import Sub
from engine.spiff.workflow import Workflow

VERSION: Final = 1
Row = list[Any]
State = dict[str, Any]


def row(token: Token) -> Row:
    tasks = token.workflow.tasks
    parent, hops = tasks.get(token.parent_id), 1
    while parent is not None and parent.state != COMPLETED:
        parent, hops = tasks.get(parent.parent_id), hops + 1
    base = {} if parent is None else parent.data
    data = token.data
    changed = {k: v for k, v in data.items() if k not in base or not same(base[k], v)}
    missing = [k for k in base if k not in data]
    return [
        token.id,
        token.parent_id or 0,
        token.task_spec.name,
        token.state,
        token.last_state_change,
        int(token.triggered),
        token.internal_data or 0,
        changed or 0,
        missing or 0,
        0 if parent is None else hops,
    ]


def snapshot(top: Workflow) -> bytes:
    scopes = [[owner, sub.spec.name, sub.completed, _rows(sub)] for owner, sub in top.subprocesses.items()]
    return orjson.dumps({"v": VERSION, "p": top.prefix, **_head(top), "t": _rows(top), "s": scopes})


def _head(top: Workflow) -> State:
    return {"n": top.number, "k": top.ticks, "d": top.completed}


def _rows(workflow: Any) -> list[Row]:
    return [row(token) for token in workflow.tasks.values()]


class Tracker:
    """Remembers what was written of the active tokens; everything else is known from the workflow's own marks."""

    def __init__(self, top: Workflow) -> None:
        self.top = top
        self.seen: dict[int, bytes] = {}
        self.forget()

    def forget(self) -> None:
        """All is written: what follows counts from here."""
        top = self.top
        top.dirty.clear()
        top.dropped.clear()
        top.changed_subs.clear()
        self.seen = {id_: orjson.dumps(row(token)) for id_, token in top.active.items()}

    def delta(self) -> bytes:
        """What changed since the last call; b"" for nothing."""
        top = self.top
        rows: list[Row] = []
        for id_ in sorted(top.dirty.keys() | top.active.moving):
            token = top.active.get(id_) or top.dirty[id_]
            line = row(token)
            if token.state & ACTIVE:
                content = orjson.dumps(line)
                if content == self.seen.get(id_):
                    continue
                self.seen[id_] = content
            else:
                self.seen.pop(id_, None)
            rows.append([token.workflow.parent_task_id or 0, *line])
        subs = [[owner, top.subprocesses[owner].spec.name, top.subprocesses[owner].completed] for owner in sorted(top.changed_subs)]
        result: State = {**_head(top), "t": rows, "s": subs, "x": top.dropped.copy()}
        empty = not (rows or subs or top.dropped)
        top.dirty.clear()
        top.dropped.clear()
        top.changed_subs.clear()
        return b"" if empty else orjson.dumps(result)


# --- reading ----------------------------------------------------------------------------------------------------------
def fold(whole: State, deltas: Iterable[State]) -> State:
    """The state after these deltas. A full state among them (sent back, migrated) takes the place of all before."""
    scopes = _by_owner(whole)
    for delta in deltas:
        if "v" in delta:
            whole, scopes = delta, _by_owner(delta)
            continue
        whole.update({key: delta[key] for key in ("n", "k", "d")})
        for owner, name, done in delta["s"]:
            known = scopes.get(owner)
            scopes[owner] = (name, done, {} if known is None else known[2])
        for owner in delta["x"]:
            scopes.pop(owner, None)
        for owner, *line in delta["t"]:
            if owner in scopes:
                scopes[owner][2][line[0]] = line
    _, _, rows = scopes.pop(TOP)
    scopes_of_state = [[owner, name, done, list(inner.values())] for owner, (name, done, inner) in scopes.items()]
    return {**whole, "t": list(rows.values()), "s": scopes_of_state}


TOP: Final = 0  # in the place of an owner: the process itself


def _by_owner(state: State) -> dict[int, tuple[str, bool, dict[int, Row]]]:
    """Name, whether it is over, and rows by token of each scope."""
    scopes = {owner: (name, done, {line[0]: line for line in rows}) for owner, name, done, rows in state["s"]}
    return {TOP: ("", False, {line[0]: line for line in state["t"]}), **scopes}


def restore(top: Workflow, state: State) -> None:
    """Fill an empty workflow. Tokens come in the order in which they were made: parents first."""
    top.number, top.ticks, top.prefix = state["n"], state["k"], state["p"]
    _fill(top, state["t"])
    for owner, name, done, rows in _outer_first(top, state["s"]):
        sub = Sub(top.subprocess_specs[name], owner, top, deserializing=True)
        top.subprocesses[owner] = sub
        _fill(sub, rows)
        sub.completed = done
    top.completed = state["d"]


def _outer_first(top: Workflow, scopes: list[Any]) -> Iterator[Any]:
    """A scope after the one in which its owner stands."""
    left = sorted(scopes, key=lambda scope: scope[0])
    while left:
        known = {id_ for workflow in top.workflows() for id_ in workflow.tasks}
        here = [scope for scope in left if scope[0] in known]
        if not here:
            raise ValueError("the state has a sub-process without its task")
        yield from here
        left = [scope for scope in left if scope not in here]


def _fill(workflow: Any, rows: list[Row]) -> None:
    top, tasks, specs = workflow.top_workflow, workflow.tasks, workflow.spec.task_specs
    for id_, parent, name, state, changed, triggered, internal, data, missing, hops in rows:
        base: Any = tasks[parent] if hops else None
        for _ in range(hops - 1):
            base = tasks[base.parent_id]
        own = {**({} if base is None else base.data), **(data or {})}
        for each in missing or ():
            del own[each]
        token = Token.restore(
            workflow,
            specs[name] if state & ACTIVE else specs.get(name) or Gone(name),
            id=id_,
            parent=parent or None,
            state=state,
            changed=changed,
            triggered=bool(triggered),
            internal=internal or {},
            data=own,
        )
        if state & ACTIVE:
            top.active[id_] = token
