# mypy: disallow-subclassing-any=False
"""The workflow of one instance: SpiffWorkflow's, with an index of active tokens instead of walks
through the task tree."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, Final, NoReturn

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment, PythonScriptEngine
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.exceptions import SpiffWorkflowException

from engine.causes import facts_of
from engine.errors import EngineError, ExpressionError, LimitReached
from engine.model.expressions import compile_expression
from engine.spiff.data import Layer
from engine.spiff.definitions import ConditionalDefinition
from engine.spiff.memory import NO_MEMORY, Failed, Middle, Phase
from engine.spiff.tokens import ACTIVE, CANCELLED, COMPLETED, FUTURE, READY, WAITING, Active, Token
from engine.states import IncidentKind, StepState
from engine.types import Data, Decision, Functions, Step, Thrown, Value

MAX_STEPS: Final = 25_000  # engine steps of one command; more is a loop without a wait
MAX_DEPTH: Final = 30  # nested sub-processes and calls

Caught = (EngineError, SpiffWorkflowException)


class Sub(BpmnSubWorkflow):
    """A running sub-process or called process."""

    closed = False


class Environment(BasePythonScriptEngineEnvironment):
    """Our expression language, which the specs of SpiffWorkflow call: evaluates, executes nothing."""

    def __init__(self, functions: Functions, clock: Callable[[], dt.datetime]) -> None:
        super().__init__({})
        self.functions, self.clock = functions, clock

    def evaluate(
        self, expression: str, context: Data, external_context: Data | None = None
    ) -> Value:
        data = {**context, **external_context} if external_context else context
        return compile_expression(expression)(data, self.functions, self.clock())

    def condition(self, expression: str, context: Data) -> bool:
        return compile_expression(expression).condition(context, self.functions, self.clock())

    def execute(self, _script: str, *_: Any, **__: Any) -> NoReturn:
        raise ExpressionError("script_refused")

    def call_service(self, *_: Any, **__: Any) -> NoReturn:
        raise ExpressionError("service_refused")


class Workflow(BpmnWorkflow):
    closed = False

    def __init__(
        self,
        spec: BpmnProcessSpec,
        specs: dict[str, BpmnProcessSpec],
        functions: Functions,
        zone: dt.tzinfo,
        prefix: str,
    ) -> None:
        self.active = Active()
        self.dirty: dict[int, Token] = {}
        self.touched: set[int] = set()  # since somebody looked at what waits
        self.moved = True  # variables of the process may have changed since somebody looked
        self.dropped: list[int] = []
        self.changed_subs: set[int] = set()
        self.leaving: list[Token] = []  # tokens that are done and throw just now
        self.number = 0
        self.ticks = 0
        self.prefix, self.zone = prefix, zone
        self.now = dt.datetime.min.replace(tzinfo=dt.UTC)
        self.thrown: list[Thrown] = []
        self.steps: list[Step] = []
        self.decisions: list[Decision] = []
        super().__init__(
            spec,
            specs,
            script_engine=PythonScriptEngine(Environment(functions, self.clock)),
            deserializing=True,
        )

    def clock(self) -> dt.datetime:
        """The instant of the running command."""
        return self.now

    # --- bookkeeping ------------------------------------------------------------------------------
    def next_number(self) -> int:
        self.number += 1
        return self.number

    def tick(self) -> int:
        """Order of changes; takes the place of the machine's clock."""
        self.ticks += 1
        return self.ticks

    def touch(self, token: Token) -> None:
        if token.workflow.closed:
            return
        self.dirty[token.id] = token
        self.touched.add(token.id)
        if token.state & ACTIVE:
            self.active[token.id] = token
        else:
            self.active.pop(token.id, None)

    def log_step(self, token: Token, state: StepState) -> None:
        if token.task_spec.reports(token, state):
            self.steps.append(Step(token.task_spec.bpmn_id, state, token.workflow.spec.process))

    def tokens(self, workflow: Any) -> list[Token]:
        return self.active.of(workflow)

    def workflows(self) -> Iterator[Any]:
        yield self
        yield from self.subprocesses.values()

    # --- what the specs call ----------------------------------------------------------------------
    def create_subprocess(self, my_task: Token, spec_name: str) -> Sub:
        sub = self.new_sub(spec_name, my_task.id)
        if sub.depth > MAX_DEPTH:
            raise LimitReached("nested_processes", maximum=MAX_DEPTH)
        self.subprocesses[my_task.id] = sub
        self.changed_subs.add(my_task.id)
        return sub

    def new_sub(self, spec_name: str, owner: int) -> Sub:
        sub = Sub(self.subprocess_specs[spec_name], owner, self, deserializing=True)
        self.place(sub)
        return sub

    def place(self, sub: Sub) -> None:
        """Where its variables are."""
        owner = self.get_task_from_id(sub.parent_task_id)
        sub.data = Layer({}, owner.data, keeps=True) if owner.task_spec.calls else owner.data

    def begin(
        self,
        workflow: Any,
        data: dict[str, Any],
        start: str | None = None,
        middle: Middle | None = None,
    ) -> None:
        """Put the first token into an empty workflow; `start` chooses among several start events,
        `middle` names another place."""
        root = Token(workflow, workflow.spec.start)
        root.write(data)
        if start is not None:
            root.own_memory.start = start
        if middle is not None:
            root.own_memory.middle = middle
        root.become(READY)

    def drop_subprocess(self, owner: Token) -> None:
        """Forget what ran inside a task that is over; its history is in the journal."""
        sub = self.subprocesses.pop(owner.id, None)
        if sub is None:
            return
        owner.task_spec.forget(owner, sub)
        for token in self.tokens(sub):
            token.cancel()
        if not owner.task_spec.calls:
            owner.take_over(sub.tasks.values())
        elif owner.state == COMPLETED:
            owner.take_back(sub)
        self._close(sub)
        self.changed_subs.discard(owner.id)
        self.dropped.append(owner.id)

    def forget(self, owner: int) -> None:
        """Another process dropped what ran inside this task."""
        sub = self.subprocesses.pop(owner, None)
        if sub is not None:
            self._close(sub)

    def _close(self, sub: Sub) -> None:
        sub.closed = True
        for id_ in sub.tasks:
            self.active.pop(id_, None)
            self.dirty.pop(id_, None)
            self.touched.add(id_)

    def finish(self, workflow: Any) -> None:
        """The process, called process or sub-process is over."""
        workflow.completed = True
        if workflow.parent_task_id is None:
            return
        self.changed_subs.add(workflow.parent_task_id)
        owner = self.get_task_from_id(workflow.parent_task_id)
        owner.become(READY)

    def stop(self, workflow: Any) -> None:
        """Terminate: all other tokens of this scope go."""
        for token in self.tokens(workflow):
            token.cancel()
        self.finish(workflow)

    def fail(self, token: Token, error: Exception, phase: Phase) -> None:
        """The token stays where it is, as a failure, until a retry."""
        token.own_memory.failed = Failed(
            str(error), phase, getattr(error, "kind", IncidentKind.MODEL), facts_of(error)
        )
        if phase != "child":
            token.become(WAITING)
        self.touch(token)

    def trigger(self, token: Token, payload: dict[str, Any]) -> None:
        """A message or a timer reaches this token."""
        try:
            token.task_spec.trigger(token, payload)
        except Caught as error:
            self.fail(token, error, "run")

    def retry(self, token: Token) -> None:
        failed, token.own_memory.failed = token.memory.failed, None
        phase = "enter" if failed is None else failed.phase
        self.touch(token)
        if phase == "run":
            token.become(READY)
        elif phase == "child":
            try:
                token.task_spec.settle(token)
            except Caught as error:
                self.fail(token, error, phase)
        else:
            token.become(FUTURE)
            token.task_spec.enter(token)

    # --- variables --------------------------------------------------------------------------------
    def written(self, token: Token) -> None:
        """A token wrote. Who waits for people or systems and sees what only this scope has is
        looked at again."""
        if not token.workflow.closed:
            self.dirty[token.id] = token
        scope = token.data
        if not isinstance(scope, Layer):
            self.moved = True
            return
        self.moved = self.moved or not scope.keeps
        waiting = (self.active.people, self.active.services)
        self.touched |= {
            number
            for group in waiting
            for number in group
            if scope.inside(self.active[number].data)
        }

    def replay(self) -> None:
        """Make the variables of all scopes anew from what is known to have been written."""
        self.data.clear()
        writes = []
        for workflow in self.workflows():
            if (
                workflow is not self
                and self.get_task_from_id(workflow.parent_task_id).task_spec.calls
            ):
                workflow.data.maps[0] = {}
            for token in workflow.tasks.values():
                own = None if token.memory is NO_MEMORY else token.own_data()
                if own is not None:
                    token.data.maps[0] = own
                writes += [(at, values, token.data) for at, values in token.wrote]
        writes.sort(key=lambda each: each[0])
        for _, values, data in writes:
            data.update(values)
        self.moved = True
        self.touched |= self.active.people | self.active.services

    def known(self) -> dict[str, Any]:
        """The variables of the process, and what the processes that it calls have given to theirs
        and it does not know yet."""
        found = dict(self.data)
        for sub in self.subprocesses.values():
            owner = self.get_task_from_id(sub.parent_task_id)
            if owner.task_spec.calls and not owner.triggered:
                found.update(sub.data.maps[0])
        return found

    def standing(self, workflow: Any) -> list[Token]:
        """Its active tokens; of a scope that is over those with which it ended."""
        if not workflow.completed:
            return self.tokens(workflow)
        done = max(
            (t for t in workflow.tasks.values() if t.state == COMPLETED),
            key=lambda t: t.last_state_change,
        )
        cut = [
            t
            for t in workflow.tasks.values()
            if t.state == CANCELLED and t.last_state_change > done.last_state_change
        ]
        return [done, *cut]

    # --- running ----------------------------------------------------------------------------------
    def settle(self) -> None:
        """Run until every token waits for something outside, or failed."""
        left = MAX_STEPS
        while not self.completed:
            ready = sorted(self.active.ready)
            if not ready:
                if self._fire_conditions() or self._fire_joins() or self._fire_ends():
                    continue
                return
            calm = [id_ for id_ in ready if not self.active[id_].task_spec.throws]
            if not calm and self._fire_joins():
                continue
            # whoever is to catch a signal of a parallel branch is there before it is thrown
            for id_ in calm or ready[:1]:
                token = self.active.get(id_)
                if token is None or token.state != READY:
                    continue  # another one of this batch took it away
                left -= 1
                if left < 0:
                    self.fail(token, LimitReached("endless_loop", maximum=MAX_STEPS), "run")
                else:
                    self._run(token)

    def _run(self, token: Token) -> None:
        try:
            token.run()
        except Caught as error:
            if not token.workflow.closed:
                self.fail(token, error, "run")

    def _fire_conditions(self) -> bool:
        """Conditional events, one at a time: what it does may change the others."""
        for token in self.waiting(ConditionalDefinition):
            condition, data = token.task_spec.event_definition.condition, token.data
            try:
                holds = condition.condition(
                    data, self.script_engine.environment.functions, self.now
                )
            except Caught as error:
                self.fail(token, error, "enter")
                return True
            if not holds and token.memory.seen:
                token.own_memory.seen = False
                self.touch(token)
            if holds and not token.memory.seen:
                self.trigger(token, {})
                return True
        return False

    def _fire_joins(self) -> bool:
        """Parallel and inclusive gateways that have what they wait for."""
        groups: dict[tuple[int, str], list[Token]] = defaultdict(list)
        for id_ in sorted(self.active.joins):
            token = self.active[id_]
            groups[id(token.workflow), token.task_spec.name].append(token)
        fired = False
        for tokens in groups.values():
            if not any(token.failed for token in tokens):
                fired = tokens[0].task_spec.join(tokens) or fired
        return fired

    def _fire_ends(self) -> bool:
        """Scopes in which nothing is left but tokens that reached an end."""
        scopes = {
            id(self.active[id_].workflow): self.active[id_].workflow
            for id_ in sorted(self.active.ends)
        }
        fired = False
        for scope in scopes.values():
            left = [
                token
                for token in sorted(self.tokens(scope), key=lambda token: token.id)
                if not token.idle
            ]
            if left and all(token.task_spec.ends and not token.failed for token in left):
                fired = left[0].task_spec.join(left) or fired
        return fired

    def waiting(self, *kinds: type) -> Iterator[Token]:
        """Armed catch events of these kinds, oldest first."""
        for id_ in self.active.events(*kinds):
            token = self.active.get(id_)
            if token is not None and not token.failed:
                yield token
