# mypy: disallow-subclassing-any=False
"""Exclusive, parallel and inclusive gateways."""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins import ExclusiveGatewayMixin
from SpiffWorkflow.bpmn.specs.mixins import InclusiveGatewayMixin

from engine.errors import ExpressionError
from engine.spiff.nodes import Core
from engine.spiff.nodes import Node
from engine.spiff.tasks import WAITING
from engine.spiff.tasks import Token
from engine.spiff.tasks import merged
from engine.spiff.workflow import Caught


def _true_outputs(gateway: Any, token: Token) -> Iterator[str]:
    """Names of the outgoing flows whose condition holds, in the order of the diagram."""
    environment = token.workflow.script_engine.environment
    for condition, name in gateway.cond_task_specs:
        if condition is not None and environment.condition(condition.args[0], token.data):
            yield name


def _take(gateway: Any, token: Token, names: list[str]) -> None:
    """Put tokens on these outgoing flows, or on the default flow."""
    if not names:
        names = [name for condition, name in gateway.cond_task_specs if condition is None]
    if not names:
        raise ExpressionError("no condition is true and there is no default flow")
    for name in names:
        token.add(token.workflow.spec.task_specs[name])


class Exclusive(Node, ExclusiveGatewayMixin):
    chooses = True

    def work(self, my_task: Token) -> bool | None:
        first = next(_true_outputs(self, my_task), None)
        _take(self, my_task, [] if first is None else [first])
        return True


class _Join(Core):
    """Tokens that arrived wait; when enough are there, the last one goes on with what all of them changed."""

    joins = True
    _inputs: list[str]

    def arrive(self, my_task: Token) -> bool:
        my_task.inherit()
        if len(self._inputs) == 1:
            return True
        my_task.become(WAITING)
        return False

    def _one_of_each(self, tokens: list[Token]) -> list[Token]:
        """The oldest token of each incoming flow; later ones wait for the next round."""
        wanted = Counter(self._inputs)
        taken = []
        for token in tokens:
            name = token.parent.task_spec.name
            if wanted[name]:
                wanted[name] -= 1
                taken.append(token)
        return taken

    @staticmethod
    def _merge(tokens: list[Token]) -> bool:
        last = tokens[-1]
        try:
            data = merged(tokens)
        except Caught as error:
            last.workflow.top_workflow.fail(last, error, "enter")
            return False
        for token in tokens[:-1]:
            token.cancel()
        last.data = data
        last.ready()
        return True


class Parallel(_Join, Node):
    def join(self, tokens: list[Token]) -> bool:
        taken = self._one_of_each(tokens)
        return len(taken) == len(self._inputs) and self._merge(taken)


class Collect(_Join, Node):
    """Before an activity with a start quantity: as many tokens as it needs become one, whichever flow they came by."""

    def __init__(self, wf_spec: Any, bpmn_id: str, quantity: int, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.quantity = quantity

    def arrive(self, my_task: Token) -> bool:
        my_task.inherit()
        my_task.become(WAITING)
        return False

    def join(self, tokens: list[Token]) -> bool:
        return len(tokens) >= self.quantity and self._merge(tokens[: self.quantity])


class Spread(Node):
    """Behind an activity with a completion quantity: one token becomes as many as it gives."""

    chooses = True

    def __init__(self, wf_spec: Any, bpmn_id: str, quantity: int, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.quantity = quantity

    def leave(self, my_task: Token) -> None:
        for spec in self.outputs:
            for _ in range(self.quantity):
                my_task.add(spec)


class Inclusive(_Join, Node, InclusiveGatewayMixin):
    chooses = True

    def work(self, my_task: Token) -> bool | None:
        _take(self, my_task, list(_true_outputs(self, my_task)))
        return True

    def join(self, tokens: list[Token]) -> bool:
        """Fires unless a token elsewhere can still reach an empty incoming flow, and no flow that has a token (T2)."""
        taken = self._one_of_each(tokens)
        arrived = {token.parent.task_spec.name for token in taken}
        empty = set(self._inputs) - arrived
        if empty:
            for other in tokens[-1].workflow.top_workflow.tokens(tokens[-1].workflow):
                if other.task_spec is self:
                    continue
                reached = self._reach.get(other.task_spec.name, frozenset())
                if reached & empty and not reached & arrived:
                    return False
        return self._merge(taken)

    @cached_property
    def _reach(self) -> dict[str, frozenset[str]]:
        """Element -> incoming flows of this gateway that a token there may still reach without passing the gateway."""
        found: dict[str, set[str]] = {}
        for source in set(self._inputs):
            seen, todo = {source}, [source]
            while todo:
                spec = self._wf_spec.task_specs[todo.pop()]
                found.setdefault(spec.name, set()).add(source)
                before = [each.name for each in spec.inputs if each is not self and each.name not in seen]
                seen.update(before)
                todo += before
        return {name: frozenset(sources) for name, sources in found.items()}
