# mypy: disallow-subclassing-any=False
"""Start, catch, throw, boundary and end events, and the event gateway."""

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.events.end_event import EndEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import (
    BoundaryEvent,
    EventBasedGateway,
)
from SpiffWorkflow.bpmn.specs.mixins.events.start_event import StartEvent
from SpiffWorkflow.specs.base import TaskSpec

from engine.errors import ExpressionError
from engine.model import timers
from engine.spiff import compensation
from engine.spiff.definitions import (
    CancelDefinition,
    CodeDefinition,
    CompensateDefinition,
    ConditionalDefinition,
    Definition,
    ErrorDefinition,
    EscalationDefinition,
    MessageDefinition,
    SignalDefinition,
    TerminateDefinition,
    TimerDefinition,
)
from engine.spiff.nodes import Activity, Node, SubProcess
from engine.spiff.throwing import throw_cancel, throw_from_end, throw_signal
from engine.spiff.tokens import ACTIVE, STARTED, WAITING, Token
from engine.states import StepState


class Start(Node, StartEvent):
    """What starts an instance was consumed by the start command."""


class Catch(Activity):
    """Intermediate catch event or receive task: waits until its event is delivered to exactly this
    token."""

    def __init__(
        self, wf_spec: Any, bpmn_id: str, event_definition: Definition, **kwargs: Any
    ) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.event_definition = event_definition

    def arrive(self, my_task: Token) -> bool:
        if not self.event_definition.waits or my_task.memory.chosen:
            return True
        self.event_definition.arm(my_task)
        my_task.become(WAITING)
        return False

    def trigger(self, my_task: Token, payload: dict[str, Any] | None = None) -> None:
        """The event is here. Behind an event gateway the others are no longer waited for."""
        if isinstance(my_task.parent.task_spec, EventGateway):
            for other in my_task.parent.children:
                if other is not my_task:
                    other.cancel()
        my_task.write(payload or {})
        my_task.ready()

    def reports(self, token: Token, state: str) -> bool:
        lost = state == StepState.CANCELLED and isinstance(token.parent.task_spec, EventGateway)
        return self.event_definition.waits and not lost and not self.hidden


class Boundary(Node, BoundaryEvent):
    # names of the events that are awaited together with it, its own included
    awaited_with: tuple[str, ...] = ()

    def arrive(self, my_task: Token) -> bool:
        self.event_definition.arm(my_task)
        my_task.become(WAITING)
        return False

    def trigger(self, my_task: Token, payload: dict[str, Any] | None = None) -> None:
        """Interrupting: the host goes, with what ran in it. Else it stays armed if it repeats."""
        payload = _all_here(my_task, payload)
        if payload is None:
            return
        host = my_task.host
        if self.cancel_activity and host is not None:
            for other in (host, *host.boundaries()):
                if other is not my_task:
                    other.cancel()
        if not self.cancel_activity:
            _arm_again(my_task)
        my_task.write(payload)
        my_task.ready()


class EventSubProcess(SubProcess):
    """Waits from the beginning of its scope; interrupting, it takes the place of all that runs
    there."""

    idles = True
    awaited_with: tuple[str, ...] = ()

    def __init__(
        self,
        wf_spec: Any,
        bpmn_id: str,
        event_definition: Definition,
        *,
        interrupts: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.event_definition, self.cancel_activity = event_definition, interrupts

    def arrive(self, my_task: Token) -> bool:
        self.event_definition.arm(my_task)
        my_task.become(WAITING)
        return False

    def trigger(self, my_task: Token, payload: dict[str, Any] | None = None) -> None:
        payload = _all_here(my_task, payload)
        if payload is None:
            return
        top = my_task.workflow.top_workflow
        if self.cancel_activity:
            for thrower in top.leaving:
                thrower.spent = thrower.spent or thrower.workflow is my_task.workflow
            for other in top.tokens(my_task.workflow):
                if other is not my_task:
                    other.cancel()
        else:
            _arm_again(my_task)
        my_task.write(payload)
        my_task.own_memory.begun = True
        my_task.become(STARTED)
        top.begin(top.create_subprocess(my_task, self.spec), {})

    def reports(self, token: Token, state: str) -> bool:
        return state == StepState.DONE or token.id in token.workflow.top_workflow.subprocesses


def _arm_again(my_task: Token) -> None:
    """A timer fires once unless it is a cycle; all others may come again, a condition after it was
    false."""
    specs = [my_task.workflow.spec.task_specs[name] for name in my_task.task_spec.awaited_with] or [
        my_task.task_spec
    ]
    last = {each.task_spec.name: each for each in my_task.parent.children}
    due = {}
    for spec in specs:
        if isinstance(spec.event_definition, TimerDefinition):
            following = timers.next_due(
                TimerDefinition.due(last[spec.name]), my_task.workflow.top_workflow.zone
            )
            if following is None:
                return
            due[spec.name] = following
    for spec in specs:
        again = my_task.parent.add(spec)
        if spec.name in due:
            again.own_memory.due = due[spec.name]
        if isinstance(spec.event_definition, ConditionalDefinition):
            again.own_memory.seen = True
        spec.enter(again)


class Throw(Node):
    holds = True

    def __init__(
        self, wf_spec: Any, bpmn_id: str, event_definition: Definition, **kwargs: Any
    ) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.event_definition = event_definition

    @property
    def throws(self) -> bool:
        return isinstance(self.event_definition, (SignalDefinition, EscalationDefinition))

    def work(self, my_task: Token) -> bool | None:
        if isinstance(self.event_definition, MessageDefinition):
            self.event_definition.throw(my_task)
        elif isinstance(self.event_definition, CompensateDefinition):
            return _compensate(my_task, self.event_definition)
        return True

    def child_done(self, my_task: Token, child: Token) -> None:
        compensation.child_done(my_task, child)

    def undone(self, my_task: Token) -> None:
        my_task.complete()

    def leave(self, my_task: Token) -> None:
        definition = self.event_definition
        if isinstance(definition, SignalDefinition):
            throw_signal(my_task, definition.name)
        elif isinstance(definition, CodeDefinition):
            throw_from_end(my_task, type(definition), definition.code, definition.name)


def _compensate(my_task: Token, definition: CompensateDefinition) -> bool | None:
    entries = compensation.take(my_task, definition.activity)
    if not entries:
        return True
    if not definition.waits_for_it:
        compensation.begin_beside(my_task, entries)
        return True
    compensation.begin(my_task, entries)
    return None


class End(Node, EndEvent):
    throws = Throw.throws
    holds = True
    child_done = Throw.child_done
    undone = Throw.undone

    def work(self, my_task: Token) -> bool | None:
        if isinstance(self.event_definition, CancelDefinition):
            return self._cancel(my_task)
        return Throw.work(self, my_task)

    def _cancel(self, my_task: Token) -> bool | None:
        """A transaction is cancelled: all that runs in it goes, then what was done in it is
        compensated."""
        for other in my_task.workflow.top_workflow.tokens(my_task.workflow):
            if other is not my_task:
                other.cancel()
        return _compensate(my_task, CompensateDefinition("", None, waits_for_it=True))

    def leave(self, my_task: Token) -> None:
        if isinstance(self.event_definition, ErrorDefinition):
            my_task.spent = True
        Throw.leave(self, my_task)
        if isinstance(self.event_definition, TerminateDefinition):
            top = my_task.workflow.top_workflow
            top.stop(my_task.workflow)
        elif isinstance(self.event_definition, CancelDefinition) and not throw_cancel(my_task):
            raise ExpressionError("uncaught_cancel")


class EventGateway(Node, EventBasedGateway):
    """Passes at once; the events behind it wait side by side, and the first one takes the others
    away."""

    def connect(self, child: Any) -> None:
        TaskSpec.connect(self, child)


def _all_here(token: Token, payload: dict[str, Any] | None) -> dict[str, Any] | None:
    """What all events that are awaited together (`parallelMultiple`) brought, when this one is the last. None: the others are still awaited, and
    this one has been noted."""
    names = token.task_spec.awaited_with
    others = [
        each
        for each in token.parent.children
        if each.task_spec.name in names and each is not token and each.state & ACTIVE
    ]
    if any(each.memory.brought is None for each in others):
        token.own_memory.brought = payload or {}
        token.become(STARTED)
        return None
    brought: dict[str, Any] = {}
    for each in others:
        brought.update(each.memory.brought)
        each.cancel()
    return {**brought, **(payload or {})}
