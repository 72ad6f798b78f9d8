# mypy: disallow-subclassing-any=False
"""Tokens: SpiffWorkflow's Task with numbers as ids, no look at the clock, and a completion that we
can reason about.

What differs from the original, and why (docs/decisions/spiffworkflow-as-a-base.md): children are
created when a task completes instead of being predicted; a task that was cancelled while it ran
does not complete; cancelling reaches what runs inside a multi-instance task or a sub-process;
boundary events are disarmed when their host is done, without join tasks.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.data import Layer, Wrote, latest
from engine.spiff.memory import NO_MEMORY, Memory
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
    """One token, or one finished step of an instance; `id` is a number that is unique in the
    instance."""

    id: int
    # the variables of its scope: the same object for every token there; an item and a handler that
    # undoes have a Layer
    data: Any
    # what it gave to variables, or what ran inside it did; replaced, never edited
    wrote: tuple[Wrote, ...] = ()
    memory: Memory = NO_MEMORY  # to be read; own_memory is to be written to
    last_state_change: int
    triggered: bool
    _state: int
    _parent: int | None
    _children: list[int]
    # an error end that somebody caught, or what it threw interrupted its own scope: it goes no
    # further
    spent = False

    def __init__(
        self, workflow: Any, task_spec: Any, parent: "Token | None" = None, state: int = FUTURE
    ) -> None:
        top = workflow.top_workflow
        super().__init__(workflow, task_spec, parent, state=state, id=top.next_number())
        self.data = workflow.data if parent is None else parent.data
        self.last_state_change = top.tick()
        top.touch(self)

    @classmethod
    def restore(cls, workflow: Any, task_spec: Any, row: Row) -> "Token":
        """A token as it was stored. Its parent is there already."""
        id_, parent, _, state, changed, triggered, memory, wrote, _ = row
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
            "data": tasks[parent].data if parent else workflow.data,
            "wrote": wrote,
            "thread_id": 0,
        }
        token.open_layer()
        tasks[id_] = token
        if parent:
            tasks[parent].child_ids.append(id_)
        return token

    def renew(self, row: Row) -> None:
        """As it was stored since. The caller touches it."""
        (
            _,
            parent,
            _,
            self._state,
            self.last_state_change,
            self.triggered,
            self.memory,
            self.wrote,
            _,
        ) = row
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

    def own_data(self) -> dict[str, Any] | None:
        """What stands before the variables of the scope around: of an item its own, of a handler
        those of the activity that it undoes."""
        memory = self.memory
        if memory.own is not None:
            return dict.fromkeys(memory.own)
        return (
            None if memory.undoing is None or not memory.undoing.data else dict(memory.undoing.data)
        )

    def open_layer(self) -> None:
        own = None if self.memory is NO_MEMORY else self.own_data()
        if own is not None:
            self.data = Layer(
                own, self.data, keeps=self.memory.keeps, through=self.memory.undoing is not None
            )

    def write(self, values: Mapping[str, Any]) -> None:
        """Give variables of its scope these values; the caller edits none of them afterwards."""
        if not values:
            return
        top = self.workflow.top_workflow
        wrote = Wrote(top.tick(), values)
        self.wrote = latest((*self.wrote, wrote)) if self.wrote else (wrote,)
        self.data.update(values)
        top.written(self)

    def leaves(self) -> Iterable[Wrote]:
        """Of what it wrote, what the scope around knows."""
        own = self.memory.own
        if own is None:
            return self.wrote
        if self.memory.keeps:
            return ()
        return (
            Wrote(at, {name: value for name, value in values.items() if name not in own})
            for at, values in self.wrote
        )

    def take_over(self, others: "Iterable[Token]") -> None:
        """What these wrote, and are forgotten with."""
        found = [each for other in others for each in other.leaves()]
        if found:
            self.wrote = latest([*self.wrote, *found])
            self.workflow.top_workflow.touch(self)

    def take_back(self, called: Any) -> None:
        """What a called process wrote for itself: when it is over, and when it throws what its
        caller catches. One that is interrupted by something else gives nothing back."""
        self.write(dict(called.data.maps[0]))

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
        """The list that the base keeps, not a copy: what is put in or taken out becomes or ceases
        to be a child."""
        return self._children

    @property
    def childless(self) -> bool:
        return not self._children

    @property
    def failed(self) -> bool:
        return self.memory.failed is not None

    @property
    def idle(self) -> bool:
        """It holds nothing open: an event sub-process that nothing has started yet, a complex
        gateway that will be reset."""
        return (
            (self._state == WAITING or self.memory.brought is not None)
            and not self.failed
            and self.task_spec.idle(self)
        )

    @property
    def host(self) -> "Token | None":
        """The activity that this boundary event belongs to."""
        if not isinstance(self.task_spec, BoundaryEvent):
            return None
        return next(
            (t for t in self.parent.children if not isinstance(t.task_spec, BoundaryEvent)), None
        )

    def boundaries(self) -> "list[Token]":
        """Armed boundary events of this activity."""
        parent = self.parent
        if (
            parent is None
            or isinstance(self.task_spec, BoundaryEvent)
            or not parent.task_spec.name.endswith(".BoundaryEventSplit")
        ):
            return []
        return [
            t
            for t in parent.children
            if t is not self
            and t.state in (WAITING, STARTED)
            and isinstance(t.task_spec, BoundaryEvent)
        ]

    def run(self) -> None:
        """Do the work of the element; None from the element means that a result comes from
        outside."""
        result = self.task_spec.work(self)
        if self._state != READY:
            return  # what it did cancelled it
        if result is None:
            self.become(STARTED)
        else:
            self.complete()

    def complete(self) -> None:
        """Order: done, boundary events disarmed, what it throws, then the tokens on its outgoing
        flows."""
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


def element_of(token: Token) -> str:
    """The element of the diagram at which a token stands; at an end of a scope, the last one that
    it passed."""
    spec = token.task_spec
    if spec.ends and token.parent is not None:
        return element_of(token.parent)
    return str(getattr(spec, "bpmn_id", None) or spec.name.removesuffix(".BoundaryEventSplit"))


class Active(dict[int, Token]):
    """The active tokens of an instance by what they wait for, so that a step looks only at those that
    it may concern; keyed by number. A token is put in again whenever its state changes."""

    def __init__(self) -> None:
        super().__init__()
        self.ready: set[int] = set()  # the engine's turn
        self.people: set[int] = set()
        self.services: set[int] = set()
        self.joins: set[int] = set()
        self.ends: set[int] = set()
        self.failed: set[int] = set()  # or has failed: look at the token
        # all but those that wait for people and handlers: they change only by being touched
        self.moving: set[int] = set()
        self._events: dict[type, set[int]] = defaultdict(set)
        self._scopes: dict[int, dict[int, Token]] = {}
        self._places: dict[int, tuple[set[int], ...]] = {}

    def __setitem__(self, id_: int, token: Token) -> None:
        self._leave(id_)
        super().__setitem__(id_, token)
        self._scopes.setdefault(id(token.workflow), {})[id_] = token
        places = tuple(self._groups(token))
        for place in places:
            place.add(id_)
        self._places[id_] = places

    def pop(self, id_: int, default: Any = None) -> Any:
        token = super().pop(id_, None)
        if token is None:
            return default
        self._leave(id_)
        scope = self._scopes[id(token.workflow)]
        del scope[id_]
        if not scope:
            del self._scopes[id(token.workflow)]
        return token

    def _leave(self, id_: int) -> None:
        for place in self._places.pop(id_, ()):
            place.discard(id_)

    def _groups(self, token: Token) -> Iterator[set[int]]:
        spec, state = token.task_spec, token.state
        if token.failed:
            yield self.failed
        if token.failed or not (
            (state == READY and spec.manual) or (state == STARTED and spec.serves)
        ):
            yield self.moving
        if state == READY:
            yield self.people if spec.manual else self.ready
        elif state == STARTED and spec.serves:
            yield self.services
        elif state == WAITING:
            if spec.joins:
                yield self.joins
            if spec.ends:
                yield self.ends
            definition = getattr(spec, "event_definition", None)
            if definition is not None:
                yield self._events[type(definition)]

    def of(self, workflow: Any) -> list[Token]:
        """Those of one scope, in the order in which they became active."""
        return list(self._scopes.get(id(workflow), {}).values())

    def events(self, *kinds: type) -> list[int]:
        """Tokens at events of these kinds, oldest first."""
        return sorted(
            id_ for kind, ids in self._events.items() if issubclass(kind, kinds) for id_ in ids
        )
