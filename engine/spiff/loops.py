# mypy: disallow-subclassing-any=False
"""Standard loops and multi-instance activities.

The items of a multi-instance activity keep what they write to themselves; only the declared output collection leaves,
in the order of the items. SpiffWorkflow connects the merging of children at run time, which a reload would lose.
"""

from typing import Any
from typing import Final

from SpiffWorkflow.bpmn.specs.mixins import ParallelMultiInstanceTaskMixin
from SpiffWorkflow.bpmn.specs.mixins import SequentialMultiInstanceTaskMixin
from SpiffWorkflow.bpmn.specs.mixins import StandardLoopTaskMixin

from engine.errors import ExpressionError
from engine.errors import LimitReached
from engine.spiff.nodes import Activity
from engine.spiff.tasks import COMPLETED
from engine.spiff.tasks import READY
from engine.spiff.tasks import STARTED
from engine.spiff.tasks import Token
from engine.spiff.workflow import Caught

MAX_ITEMS: Final = 200
ITEM: Final = "item"  # internal data of an item: its place
RESULTS: Final = "results"  # internal data of the whole: place -> output
MERGED: Final = "merged"


class _Repeated(Activity):
    """Common to loops: what happens when one child is done may fail, and may be tried again."""

    task_spec: str

    def child_done(self, my_task: Token, child: Token) -> None:
        try:
            self._collect(my_task, child)
            self.settle(my_task)
        except Caught as error:
            my_task.workflow.top_workflow.fail(my_task, error, "child")

    def _collect(self, my_task: Token, child: Token) -> None:
        raise NotImplementedError

    def settle(self, my_task: Token) -> None:
        raise NotImplementedError

    def _add(self, my_task: Token, **data: Any) -> Token:
        child = my_task.add(my_task.workflow.spec.task_specs[self.task_spec])
        child.triggered = True
        child.data = data
        return child

    def reports(self, token: Token, state: str) -> bool:
        return token.childless and state == "done"


class Loop(StandardLoopTaskMixin, _Repeated):
    def arrive(self, my_task: Token) -> bool:
        my_task.inherit()
        my_task.internal_data[MERGED] = 0
        if self.test_before and not self._goes_on(my_task):
            return True
        my_task.become(STARTED)
        self._next(my_task)
        return False

    def _collect(self, my_task: Token, child: Token) -> None:
        my_task.data = dict(child.data)
        my_task.internal_data[MERGED] += 1

    def settle(self, my_task: Token) -> None:
        if self._goes_on(my_task):
            self._next(my_task)
        else:
            my_task.become(READY)

    def _next(self, my_task: Token) -> None:
        child = self._add(my_task)
        child.task_spec.enter(child)

    def _goes_on(self, my_task: Token) -> bool:
        if self.maximum is not None and my_task.internal_data[MERGED] >= self.maximum:
            return False
        environment = my_task.workflow.script_engine.environment
        return self.condition is None or environment.condition(self.condition, my_task.data)


class _Multi(_Repeated):
    data_input: Any
    data_output: Any
    input_item: Any
    output_item: Any
    cardinality: str | None
    condition: str | None

    def _items(self, my_task: Token) -> list[Any]:
        if self.data_input is not None:
            items = my_task.data.get(self.data_input.bpmn_id)
            if not isinstance(items, list):
                raise ExpressionError(f"{self.data_input.bpmn_id} is {items!r}, not a list")
        else:
            number = my_task.workflow.script_engine.environment.evaluate(self.cardinality, my_task.data)
            if isinstance(number, bool) or not isinstance(number, int) or number < 0:
                raise ExpressionError(f"{self.cardinality} gives {number!r}, not a number of items")
            items = list(range(min(number, MAX_ITEMS + 1)))
        if len(items) > MAX_ITEMS:
            raise LimitReached(f"more than {MAX_ITEMS} items")
        return items

    def _open(self, my_task: Token, place: int, items: list[Any]) -> None:
        data = {} if self.input_item is None else {_variable(self.input_item): items[place]}
        child = self._add(my_task, **data)
        child.internal_data[ITEM] = place
        child.task_spec.enter(child)

    def _collect(self, my_task: Token, child: Token) -> None:
        results = my_task.internal_data.setdefault(RESULTS, {})
        place = str(child.internal_data[ITEM])
        name = None if self.output_item is None else _variable(self.output_item)
        results[place] = None if name is None else child.data.get(name)
        my_task.internal_data[MERGED] = my_task.internal_data.get(MERGED, 0) + 1

    def _done_early(self, my_task: Token) -> bool:
        """The completion condition sees the variables of the whole and three numbers of the standard."""
        if self.condition is None:
            return False
        children = [child for child in my_task.children if child.triggered]
        done = my_task.internal_data.get(MERGED, 0)
        numbers = {
            "numberOfInstances": len(self._items(my_task)),
            "numberOfCompletedInstances": done,
            "numberOfActiveInstances": len(children) - done,
        }
        last = max((c for c in children if c.state == COMPLETED), key=lambda c: c.last_state_change)
        environment = my_task.workflow.script_engine.environment
        return environment.condition(self.condition, {**last.data, **numbers})  # type: ignore[no-any-return]

    def _close(self, my_task: Token) -> None:
        for child in my_task.children:
            child.cancel()
        if self.data_output is not None:
            results = my_task.internal_data.get(RESULTS, {})
            my_task.data[self.data_output.bpmn_id] = [results[place] for place in sorted(results, key=int)]
        my_task.become(READY)


def _variable(item: Any) -> str:
    """A data item has a unique id in the file; its name is the variable, and may be used again elsewhere."""
    return str(item.bpmn_name or item.bpmn_id)


class ParallelMulti(_Multi, ParallelMultiInstanceTaskMixin):
    def arrive(self, my_task: Token) -> bool:
        my_task.inherit()
        items = self._items(my_task)
        my_task.become(STARTED)
        for place in range(len(items)):
            self._open(my_task, place, items)
        if not items:
            self._close(my_task)
        return False

    def settle(self, my_task: Token) -> None:
        if my_task.internal_data[MERGED] == len(self._items(my_task)) or self._done_early(my_task):
            self._close(my_task)


class SequentialMulti(_Multi, SequentialMultiInstanceTaskMixin):
    def arrive(self, my_task: Token) -> bool:
        my_task.inherit()
        items = self._items(my_task)
        my_task.become(STARTED)
        if items:
            self._open(my_task, 0, items)
        else:
            self._close(my_task)
        return False

    def settle(self, my_task: Token) -> None:
        items, done = self._items(my_task), my_task.internal_data[MERGED]
        if done == len(items) or self._done_early(my_task):
            self._close(my_task)
        else:
            self._open(my_task, done, items)
