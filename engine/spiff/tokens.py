# mypy: disallow-subclassing-any=False
"""Tokens: SpiffWorkflow's Task with numbers as ids, no look at the clock, and a completion that we can reason about.

What differs from the original, and why (docs/decisions/spiffworkflow-as-a-base.md): children are created when a task completes instead of
being predicted; a task that was cancelled while it ran does not complete; cancelling reaches what runs inside a
multi-instance task or a sub-process; boundary events are disarmed when their host is done, without join tasks.
"""

from typing import Any
from typing import Final

from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.data import DataConflictError
from engine.spiff.data import merge
from engine.spiff.data import merge_crossed
from engine.spiff.data import same
from engine.spiff.memory import NO_MEMORY
from engine.spiff.memory import Memory
from engine.spiff.stored_form import Row
from engine.states import StepState

WAITING: Final = TaskState.WAITING
READY: Final = TaskState.READY
STARTED: Final = TaskState.STARTED
FUTURE: Final = TaskState.FUTURE
COMPLETED: Final = TaskState.COMPLETED
CANCELLED: Final = TaskState.CANCELLED
ACTIVE: Final = WAITING | READY | STARTED


class Token(Task):
    """One token, or one finished step of an instance; `id` is a number that is unique in the instance."""

    id: int
    data: dict[str, Any]
    memory: Memory = NO_MEMORY  # to be read; own_memory is to be written to
    last_state_change: int
    triggered: bool
    _state: int
    _parent: int | None
    _children: list[int]
    spent = False  # an error end that somebody caught, or what it threw interrupted its own scope: it goes no further

    def __init__(self, workflow: Any, task_spec: Any, parent: "Token | None" = None, state: int = FUTURE) -> None:
        top = workflow.top_workflow
        super().__init__(workflow, task_spec, parent, state=state, id=top.next_number())
        self.last_state_change = top.tick()
        top.touch(self)

    @classmethod
    def restore(cls, workflow: Any, task_spec: Any, row: Row, data: dict[str, Any]) -> "Token":
        """A token as it was stored; `data` are all its variables. Its parent is there already."""
        id_, parent, _, state, changed, triggered, memory, _, _, _ = row
        token, tasks = cls.__new__(cls), workflow.tasks
        token.__dict__ = {
            "workflow": workflow,
            "task_spec": task_spec,
            "id": id_,
            "_parent": parent or None,
            "_state": state,
            "_children": [],
            "last_state_change": changed,
            "triggered": triggered,
            "memory": memory,
            "data": data,
            "thread_id": 0,
        }
        tasks[id_] = token
        if parent:
            tasks[parent].child_ids.append(id_)
        return token

    def renew(self, row: Row, data: dict[str, Any]) -> None:
        """As it was stored since; `data` are all its variables. The caller touches it."""
        _, parent, _, self._state, self.last_state_change, self.triggered, self.memory, _, _, _ = row
        self.data = data
        if parent != (self._parent or 0):
            tasks = self.workflow.tasks
            tasks[self._parent].child_ids.remove(self.id)
            self.add_to(tasks[parent])

    def add(self, task_spec: Any) -> "Token":
        """A token on an outgoing flow, not yet at its element."""
        return Token(self.workflow, task_spec, self)

    def hang_on(self, parent: "Token") -> None:
        """Give it another parent, in the place of the old one."""
        self.parent.child_ids.remove(self.id)
        self.add_to(parent)
        self.workflow.top_workflow.touch(self)

    def add_to(self, parent: "Token") -> None:
        """Its parent from now on; where it was a child before, the caller takes it out."""
        self._parent = parent.id
        parent.child_ids.append(self.id)

    def become(self, value: int) -> None:
        if value != self._state:
            self._state = value
            top = self.workflow.top_workflow
            self.last_state_change = top.tick()
            top.touch(self)

    def inherit(self) -> None:
        memory = self.memory
        if memory is NO_MEMORY:
            self.data = {**self.data, **self.parent.data}
            return
        own = {name: self.data[name] for name in memory.own if name in self.data}
        self.data = {**self.data, **self.parent.data, **own, **memory.mended}
        for name in memory.without:
            self.data.pop(name, None)

    def ready(self) -> None:
        if not self._state & TaskState.FINISHED_MASK:
            self.become(READY)

    @property
    def parent_id(self) -> int | None:
        number: int | None = self._parent
        return number

    @property
    def own_memory(self) -> Memory:
        if self.memory is NO_MEMORY:
            self.memory = Memory()
        return self.memory

    @property
    def child_ids(self) -> list[int]:
        """The list that the base keeps, not a copy: what is put in or taken out becomes or ceases to be a child."""
        return self._children

    @property
    def childless(self) -> bool:
        return not self._children

    @property
    def failed(self) -> bool:
        return self.memory.failed is not None

    @property
    def idle(self) -> bool:
        """It holds nothing open: an event sub-process that nothing has started yet, a complex gateway that will be reset."""
        return (self._state == WAITING or self.memory.brought is not None) and not self.failed and self.task_spec.idle(self)

    @property
    def host(self) -> "Token | None":
        """The activity that this boundary event belongs to."""
        if not isinstance(self.task_spec, BoundaryEvent):
            return None
        return next((t for t in self.parent.children if not isinstance(t.task_spec, BoundaryEvent)), None)

    def boundaries(self) -> "list[Token]":
        """Armed boundary events of this activity."""
        parent = self.parent
        if parent is None or isinstance(self.task_spec, BoundaryEvent) or not parent.task_spec.name.endswith(".BoundaryEventSplit"):
            return []
        return [t for t in parent.children if t is not self and t.state in (WAITING, STARTED) and isinstance(t.task_spec, BoundaryEvent)]

    def run(self) -> None:
        """Do the work of the element; None from the element means that a result comes from outside."""
        result = self.task_spec.work(self)
        if self._state != READY:
            return  # what it did cancelled it
        if result is None:
            self.become(STARTED)
        else:
            self.complete()

    def complete(self) -> None:
        """Order: done, boundary events disarmed, what it throws, then the tokens on its outgoing flows."""
        self.become(COMPLETED)
        top = self.workflow.top_workflow
        top.log_step(self, StepState.DONE)
        for boundary in self.boundaries():
            boundary.cancel()
        self.task_spec.remember(self)
        top.drop_subprocess(self)
        top.leaving.append(self)
        try:
            self.task_spec.leave(self)
        finally:
            top.leaving.pop()
        if self.workflow.closed or self.workflow.completed or self.spent:
            return
        if self.triggered:
            self.parent.task_spec.child_done(self.parent, self)
            return
        if not self.task_spec.chooses:
            for spec in self.task_spec.outputs:
                self.add(spec)
        for child in self.children:
            if child.state == FUTURE:
                child.task_spec.enter(child)

    def cancel(self) -> None:
        """Take this token away, with what runs inside it. A finished task stays as it is."""
        if not self._state & ACTIVE:
            return
        self.become(CANCELLED)
        top = self.workflow.top_workflow
        top.log_step(self, StepState.CANCELLED)
        if self.task_spec.holds:
            for child in self.children:
                child.cancel()
        top.drop_subprocess(self)


def _nearest(lines: list[list[Token]]) -> Token:
    """The latest ancestor in all these lines."""
    first, *others = lines
    shared = {task.id for task in first}
    for line in others:
        shared &= {task.id for task in line}
    return next(task for task in first if task.id in shared)


def merged(tokens: list[Token]) -> dict[str, Any]:
    """The variables of tokens that come together. DataConflictError names who wrote what, and the tokens that wait."""
    branches, lines = [token.data for token in tokens], [_line(token) for token in tokens]
    base = _nearest(lines)
    try:
        if any(each.memory.joined for line in lines for each in line if each.id > base.id):
            return merge_crossed(branches, _Partings(tokens).data)
        return merge(branches, base.data, lambda i, j: _nearest([lines[i], lines[j]]).data)
    except DataConflictError as error:
        error.facts = {
            "tokens": [token.id for token in tokens],
            "conflicts": [
                {"name": name, "values": [{"value": value, **_origin(tokens[place], name)} for place, value in values]}
                for name, values in error.conflicts
            ],
        }
        raise


class _Partings:
    """Where each two of these tokens parted, when they come through joins and so from several branches."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._before: dict[int, dict[int, Token]] = {}
        self._known: dict[tuple[int, int], list[dict[str, Any]]] = {}

    def data(self, i: int, j: int) -> list[dict[str, Any]]:
        """The variables at the latest of what both come from: one place, or several that are not behind each other."""
        pair = (min(i, j), max(i, j))
        if pair not in self._known:
            one, other = self._all_before(i), self._all_before(j)
            shared = one.keys() & other.keys()
            earlier = {before.id for id_ in shared for before in _came_from(one[id_])}
            self._known[pair] = [one[id_].data for id_ in shared - earlier]
        return self._known[pair]

    def _all_before(self, i: int) -> dict[int, Token]:
        if i not in self._before:
            todo, found = _came_from(self._tokens[i]), dict[int, Token]()
            while todo:
                each = todo.pop()
                if each.id not in found:
                    found[each.id] = each
                    todo += _came_from(each)
            self._before[i] = found
        return self._before[i]


def _came_from(token: Token) -> list[Token]:
    """Its parent, and those of the tokens that were put together with it at a join."""
    tasks = token.workflow.tasks
    joined = [tasks[id_] for id_ in token.memory.joined if id_ in tasks]  # else it left a long-lived instance with what came before it
    return joined if token.parent_id is None else [tasks[token.parent_id], *joined]


def _origin(token: Token, name: str) -> dict[str, str]:
    """Which element gave a variable the value that this token has, and by which one its branch arrived."""
    value, writer = token.data.get(name), token
    for ancestor in _line(token):
        if name not in ancestor.data or not same(ancestor.data[name], value):
            break
        writer = ancestor
    return {"element": element_of(writer), "branch": element_of(token.parent)}


def element_of(token: Token) -> str:
    """The element of the diagram at which a token stands; at an end of a scope, the last one that it passed."""
    spec = token.task_spec
    if spec.ends and token.parent is not None:
        return element_of(token.parent)
    return str(getattr(spec, "bpmn_id", None) or spec.name.removesuffix(".BoundaryEventSplit"))


def _line(token: Token) -> list[Token]:
    """Its ancestors, nearest first; behind a join those of the branch that came last."""
    found: list[Token] = []
    tasks, parent = token.workflow.tasks, token.parent_id
    while parent is not None:
        found.append(tasks[parent])
        parent = tasks[parent].parent_id
    return found
