# mypy: disallow-subclassing-any=False
"""Exclusive, parallel and inclusive gateways."""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins import ExclusiveGatewayMixin, InclusiveGatewayMixin

from engine.errors import ExpressionError
from engine.model.expressions import compile_expression
from engine.model.vocabulary import PHASE_NAME
from engine.spiff.nodes import Core, Node
from engine.spiff.tokens import WAITING, Token
from engine.spiff.workflow import Caught


def _true_outputs(
    gateway: Any, token: Token, asked: list[Any] | None = None, more: dict[str, Any] | None = None
) -> Iterator[str]:
    """Names of the outgoing flows whose condition holds, in the order of the diagram."""
    environment = token.workflow.script_engine.environment
    for condition, name in gateway.cond_task_specs if asked is None else asked:
        if condition is not None and environment.condition(
            condition.args[0], {**token.data, **more} if more else token.data
        ):
            yield name


def _names_the_phase(condition: Any) -> bool:
    return condition is not None and PHASE_NAME in compile_expression(condition.args[0]).names


def _take(gateway: Any, token: Token, names: list[str]) -> None:
    """Put tokens on these outgoing flows, or on the default flow."""
    if not names:
        names = [name for condition, name in gateway.cond_task_specs if condition is None]
    if not names:
        raise ExpressionError("no_way_out")
    for name in names:
        token.add(token.workflow.spec.task_specs[name])


class Exclusive(Node, ExclusiveGatewayMixin):
    chooses = True

    def work(self, my_task: Token) -> bool | None:
        first = next(_true_outputs(self, my_task), None)
        _take(self, my_task, [] if first is None else [first])
        return True


class _Join(Core):
    """Tokens that arrived wait; when enough are there, the last one goes on with what all of them
    changed."""

    joins = True
    _inputs: list[str]
    _wf_spec: Any

    def arrive(self, my_task: Token) -> bool:
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
        for token in tokens[:-1]:
            token.cancel()
        tokens[-1].ready()
        return True


class Parallel(_Join, Node):
    def join(self, tokens: list[Token]) -> bool:
        taken = self._one_of_each(tokens)
        return len(taken) == len(self._inputs) and self._merge(taken)


class Collect(_Join, Node):
    """Before an activity with a start quantity: as many tokens as it needs become one, whichever
    flow they came by."""

    def __init__(self, wf_spec: Any, bpmn_id: str, quantity: int, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.quantity = quantity

    def arrive(self, my_task: Token) -> bool:
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


class _Awaiting(_Join):
    """A join that knows which of its incoming flows a token elsewhere in its scope may still
    reach."""

    def _awaited(self, tokens: list[Token], empty: set[str], arrived: set[str]) -> bool:
        """A token may still come to an empty flow, and it could not as well come to one that has a
        token."""
        for other in tokens[-1].workflow.top_workflow.tokens(tokens[-1].workflow):
            if other.task_spec is self:
                continue
            reached = self._reach.get(other.task_spec.name, frozenset())
            if reached & empty and not reached & arrived:
                return True
        return False

    @cached_property
    def _reach(self) -> dict[str, frozenset[str]]:
        """Element -> incoming flows of this gateway that a token there may still reach without
        passing the gateway."""
        found: dict[str, set[str]] = {}
        for source in set(self._inputs):
            seen, todo = {source}, [source]
            while todo:
                spec = self._wf_spec.task_specs[todo.pop()]
                found.setdefault(spec.name, set()).add(source)
                before = [
                    each.name for each in spec.inputs if each is not self and each.name not in seen
                ]
                seen.update(before)
                todo += before
        return {name: frozenset(sources) for name, sources in found.items()}


class Inclusive(_Awaiting, Node, InclusiveGatewayMixin):
    chooses = True

    def work(self, my_task: Token) -> bool | None:
        _take(self, my_task, list(_true_outputs(self, my_task)))
        return True

    def join(self, tokens: list[Token]) -> bool:
        taken = self._one_of_each(tokens)
        arrived = {token.parent.task_spec.name for token in taken}
        empty = set(self._inputs) - arrived
        return not self._awaited(tokens, empty, arrived) and self._merge(taken)


class Complex(_Awaiting, Node, InclusiveGatewayMixin):
    """13.4.5 of BPMN 2.0.2. As a split it is inclusive. As a join it goes on as soon as its
    activation condition holds, then takes in silence, once, what still comes by the other flows,
    and begins anew.

    While it waits for that reset, a token of its own stays at it that holds nothing open and
    remembers the flows that had come. In the reset only conditions that name `waitingForStart` are
    asked: a flow without one has had its token.
    """

    chooses = True
    activation = ""
    # id of an incoming flow, name of the element where it begins
    flows: tuple[tuple[str, str], ...] = ()

    def idle(self, token: Token) -> bool:
        return token.memory.taken is not None

    def work(self, my_task: Token) -> bool | None:
        late = my_task.memory.late
        seen = {PHASE_NAME: not late}
        asked = [pair for pair in self.cond_task_specs if not late or _names_the_phase(pair[0])]
        names = list(_true_outputs(self, my_task, asked, seen))
        if names or not late:
            _take(self, my_task, names)
        return True

    def leave(self, my_task: Token) -> None:
        """What came late and leads nowhere ends here, so that its scope knows."""
        if my_task.memory.late and my_task.childless:
            my_task.add(self._wf_spec.end)

    def join(self, tokens: list[Token]) -> bool:
        mark = next((token for token in tokens if self.idle(token)), None)
        come = self._one_of_each([token for token in tokens if token is not mark])
        return self._activate(come, tokens) if mark is None else self._reset(mark, come)

    def _activate(self, come: list[Token], tokens: list[Token]) -> bool:
        names = [token.parent.task_spec.name for token in tokens]
        counts = {flow: names.count(source) for flow, source in self.flows}
        try:
            seen = {**come[-1].data, **counts, "activationCount": len(tokens)}
            if not come[-1].workflow.script_engine.environment.condition(self.activation, seen):
                if not self._awaited(tokens, set(self._inputs), set()):
                    raise ExpressionError("never_activated", text=self.activation)
                return False
        except Caught as error:
            come[-1].workflow.top_workflow.fail(come[-1], error, "enter")
            return False
        arrived = [token.parent.task_spec.name for token in come]
        last = come[-1]
        if not self._merge(come):
            return False
        if len(arrived) < len(self._inputs):
            mark = last.parent.add(self)
            mark.own_memory.taken = tuple(arrived)
            mark.become(WAITING)
        return True

    def _reset(self, mark: Token, come: list[Token]) -> bool:
        """What was taken already is not waited for again; a second token by such a flow stays for
        the next round."""
        before = set(mark.memory.taken or ())
        late = [token for token in come if token.parent.task_spec.name not in before]
        arrived = {token.parent.task_spec.name for token in late}
        empty = set(self._inputs) - before - arrived
        if self._awaited([mark], empty, arrived):
            return False
        if late:
            late[-1].own_memory.late = True
            if not self._merge(late):
                return False
        mark.cancel()
        return True

    def reports(self, token: Token, state: str) -> bool:
        return super().reports(token, state) and not token.memory.late
