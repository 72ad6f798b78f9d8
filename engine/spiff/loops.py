# mypy: disallow-subclassing-any=False
"""Standard loops and multi-instance activities.

With a declared output collection, the items of a multi-instance activity keep what they write to
themselves; only the collection leaves, in the order of the items. Without one, what an item writes
is written for all, and the latest counts. SpiffWorkflow connects the merging of children at run
time, which a reload would lose.
"""

from typing import Any, Final

from SpiffWorkflow.bpmn.specs.mixins import (
    ParallelMultiInstanceTaskMixin,
    SequentialMultiInstanceTaskMixin,
    StandardLoopTaskMixin,
)

from engine.errors import ExpressionError, LimitReached
from engine.model.limits import MAX_ITEMS
from engine.model.operations import brief
from engine.spiff.definitions import Definition, EscalationDefinition, SignalDefinition
from engine.spiff.memory import Repeated
from engine.spiff.nodes import Activity
from engine.spiff.throwing import throw_from_end, throw_signal
from engine.spiff.tokens import ACTIVE, CANCELLED, COMPLETED, READY, STARTED, Token
from engine.spiff.workflow import Caught
from engine.states import IncidentKind, StepState

NOT_BEGUN: Final = Repeated()

EACH: Final = ""
FIRST: Final = "1"
Announcement = tuple[str, Definition]  # when: EACH, FIRST or a condition; what is thrown


class _Repeated(Activity):
    """Common to loops: what happens when one child is done may fail, and may be tried again."""

    holds = True
    repeats = True
    shown = True

    task_spec: str

    def child_done(self, my_task: Token, child: Token) -> None:
        try:
            whole = self.whole(my_task)
            my_task.own_memory.repeated = Repeated(whole.number, whole.done + 1)
            my_task.workflow.top_workflow.touch(my_task)
            self.announce(my_task, child)
            failed = my_task.memory.failed
            # of a release of before: somebody chooses
            disputed = failed is not None and failed.kind == IncidentKind.CONFLICT
            if my_task.state == STARTED and not disputed:
                self.settle(my_task, child)
        except Caught as error:
            my_task.workflow.top_workflow.fail(my_task, error, "child")

    def announce(self, my_task: Token, child: Token) -> None:
        """What is thrown when an item is done; it may take the whole activity away."""

    def settle(self, my_task: Token, last: Token | None = None) -> None:
        """`last` is the item that was done just now; a retry does not know it."""
        raise NotImplementedError

    @staticmethod
    def whole(my_task: Token) -> Repeated:
        return my_task.memory.repeated or NOT_BEGUN

    def _add(self, my_task: Token) -> Token:
        child = my_task.add(my_task.workflow.spec.task_specs[self.task_spec])
        child.triggered = True
        return child

    def reports(self, token: Token, state: str) -> bool:
        return token.childless and state == StepState.DONE


class Loop(StandardLoopTaskMixin, _Repeated):
    def arrive(self, my_task: Token) -> bool:
        my_task.own_memory.repeated = Repeated()
        if self.test_before and not self._goes_on(my_task):
            return True
        my_task.become(STARTED)
        self._next(my_task)
        return False

    def settle(self, my_task: Token, last: Token | None = None) -> None:  # noqa: ARG002 - the condition sees what it wrote
        if self._goes_on(my_task):
            self._next(my_task)
        else:
            my_task.become(READY)

    def _next(self, my_task: Token) -> None:
        child = self._add(my_task)
        child.task_spec.enter(child)

    def _goes_on(self, my_task: Token) -> bool:
        done = self.whole(my_task).done
        if self.maximum is not None and done >= self.maximum:
            return False
        environment = my_task.workflow.script_engine.environment
        seen = {**my_task.data, "loopCounter": done}
        return self.condition is None or environment.condition(self.condition, seen)


class Multi(_Repeated):
    data_input: Any
    data_output: Any
    input_item: Any
    output_item: Any
    cardinality: str | None
    condition: str | None
    announcements: tuple[Announcement, ...] = ()

    def announce(self, my_task: Token, child: Token) -> None:
        """10.3.8, behaviours None (each item), One (the first one) and Complex (where its condition
        holds)."""
        for when, definition in self.announcements:
            if when == FIRST and self.whole(my_task).done > 1:
                continue
            if when not in (EACH, FIRST) and not self._holds(my_task, child, when):
                continue
            if isinstance(definition, SignalDefinition):
                throw_signal(child, definition.name)
            elif isinstance(definition, EscalationDefinition):
                throw_from_end(child, EscalationDefinition, definition.code, definition.name)

    def _holds(self, my_task: Token, child: Token, condition: str) -> bool:
        active = sum(1 for each in my_task.children if each.state & ACTIVE)
        numbers = self._numbers(my_task, self._known_number(my_task), active)
        environment = my_task.workflow.script_engine.environment
        holds: bool = environment.condition(condition, {**child.data, **numbers})
        return holds

    def _known_number(self, my_task: Token) -> int:
        """As it was when the activity began (10.3.8 and table 10.30): another release may say
        another number."""
        known = self.whole(my_task).number
        return self._number(my_task) if known is None else known

    def _number(self, my_task: Token) -> int:
        """How many items there are; the items themselves stay in the collection."""
        if self.data_input is not None:
            items = my_task.data.get(self.data_input.bpmn_id)
            if not isinstance(items, list):
                raise ExpressionError(
                    "not_a_list", name=self.data_input.bpmn_id, value=brief(items)
                )
            number: Any = len(items)
        else:
            number = my_task.workflow.script_engine.environment.evaluate(
                self.cardinality, my_task.data
            )
            if isinstance(number, bool) or not isinstance(number, int) or number < 0:
                raise ExpressionError(
                    "not_a_number_of_items", text=self.cardinality, value=brief(number)
                )
        if number > MAX_ITEMS:
            raise LimitReached("too_many_items", maximum=MAX_ITEMS)
        return int(number)

    def _open(self, my_task: Token, place: int) -> None:
        data = {}
        if self.input_item is not None:
            data[_variable(self.input_item)] = (
                place if self.data_input is None else my_task.data[self.data_input.bpmn_id][place]
            )
        child = self._add(my_task)
        memory = child.own_memory
        memory.item, memory.own = place, tuple(data)
        memory.keeps = self.data_output is not None
        child.open_layer()
        child.write(data)
        child.task_spec.enter(child)

    def _done_early(self, my_task: Token, number: int, active: int, last: Token | None) -> bool:
        """The completion condition sees the variables of the whole and three numbers of the
        standard."""
        if self.condition is None:
            return False
        if last is None:
            last = max(
                (c for c in my_task.children if c.triggered and c.state == COMPLETED),
                key=lambda c: c.last_state_change,
            )
        seen = {**last.data, **self._numbers(my_task, number, active)}
        environment = my_task.workflow.script_engine.environment
        again: bool = environment.condition(self.condition, seen)
        return again

    def _numbers(self, my_task: Token, number: int, active: int) -> dict[str, int]:
        """The attributes of its instances (10.3.8)."""
        return {
            "numberOfInstances": number,
            "numberOfCompletedInstances": self.whole(my_task).done,
            "numberOfActiveInstances": active,
            "numberOfTerminatedInstances": sum(
                1 for each in my_task.children if each.triggered and each.state == CANCELLED
            ),
        }

    def _close(self, my_task: Token) -> None:
        """In the order of the items, whoever was done first."""
        children = my_task.children
        for child in children:
            child.cancel()
        if self.data_output is not None:
            name = _variable(self.output_item)
            done = [child for child in children if child.triggered and child.state == COMPLETED]
            my_task.write(
                {
                    self.data_output.bpmn_id: [
                        c.data.get(name) for c in sorted(done, key=lambda c: c.memory.item)
                    ]
                }
            )
        my_task.become(READY)


def _variable(item: Any) -> str:
    """A data item has a unique id in the file; its name is the variable, and may be used again
    elsewhere."""
    return str(item.bpmn_name or item.bpmn_id)


class ParallelMulti(Multi, ParallelMultiInstanceTaskMixin):
    def arrive(self, my_task: Token) -> bool:
        number = self._number(my_task)
        my_task.own_memory.repeated = Repeated(number)
        my_task.become(STARTED)
        for place in range(number):
            self._open(my_task, place)
        if not number:
            self._close(my_task)
        return False

    def settle(self, my_task: Token, last: Token | None = None) -> None:
        number, done = self._known_number(my_task), self.whole(my_task).done
        if done == number or self._done_early(my_task, number, number - done, last):
            self._close(my_task)


class SequentialMulti(Multi, SequentialMultiInstanceTaskMixin):
    def arrive(self, my_task: Token) -> bool:
        number = self._number(my_task)
        my_task.own_memory.repeated = Repeated(number)
        my_task.become(STARTED)
        if number:
            self._open(my_task, 0)
        else:
            self._close(my_task)
        return False

    def settle(self, my_task: Token, last: Token | None = None) -> None:
        number, done = self._known_number(my_task), self.whole(my_task).done
        if done == number or self._done_early(my_task, number, 0, last):
            self._close(my_task)
        else:
            self._open(my_task, done)
