# mypy: disallow-subclassing-any=False
"""What an event waits for or throws. Nothing here looks at the clock or matches by name across
instances."""

from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition

from engine.errors import ExpressionError, KeyMissing
from engine.model import timers
from engine.model.expressions import Expression
from engine.model.operations import brief
from engine.spiff.tokens import Token
from engine.states import ThrownKind
from engine.types import MessageSpec, Thrown


class Definition(EventDefinition):
    """Base: an event that passes at once."""

    waits = False

    def __init__(self, name: str = "") -> None:
        super().__init__(name)

    def arm(self, token: Token) -> None:
        """Fix what the token waits for; ExpressionError when that cannot be computed."""


class NoneDefinition(Definition):
    pass


class TerminateDefinition(Definition):
    pass


class CompensateDefinition(Definition):
    """Undo one activity of this scope, or all that were completed in it."""

    def __init__(self, name: str, activity: str | None, *, waits_for_it: bool) -> None:
        super().__init__(name)
        self.activity, self.waits_for_it = activity, waits_for_it


class CancelDefinition(Definition):
    waits = True


class TimerDefinition(Definition):
    """Its due date is computed once, when it is armed (a waiting timer never moves)."""

    waits = True

    def __init__(
        self, name: str, text: str, expression: Expression | None, *, once: bool = False
    ) -> None:
        super().__init__(name)
        self.text, self.expression, self.once = text, expression, once

    def arm(self, token: Token) -> None:
        if token.memory.due is not None:
            return
        try:
            token.own_memory.due = self._first_due(token)
        except ExpressionError as error:
            raise ExpressionError.about(
                error.problem, property="timer", expression=self.text
            ) from error

    def _first_due(self, token: Token) -> timers.Due:
        top = token.workflow.top_workflow
        functions = top.script_engine.environment.functions
        value = (
            self.text
            if self.expression is None
            else self.expression(token.data, functions, top.now)
        )
        if value is None:
            raise ExpressionError("no_value", text=self.text)
        if (
            self.once
            and self.expression is not None
            and isinstance(value, str)
            and timers.repeats(value)
        ):
            raise ExpressionError("cycle_where_once", text=value[: timers.MAX_TEXT])
        return timers.first_due(value, top.now, top.zone)

    @staticmethod
    def due(token: Token) -> timers.Due:
        """Of a token that is armed."""
        due = token.memory.due
        if due is None:
            raise AssertionError
        return due


class MessageDefinition(Definition):
    waits = True

    def __init__(self, spec: MessageSpec) -> None:
        super().__init__(spec.name)
        self.spec = spec

    def arm(self, token: Token) -> None:
        token.own_memory.key = self._key(token)

    def throw(self, token: Token) -> None:
        """Only the declared variables travel; one without a value travels as None."""
        spec = self.spec
        payload = {name: token.data.get(name) for name in spec.payload}
        thrown = Thrown(
            ThrownKind.MESSAGE,
            token.task_spec.bpmn_id,
            spec.name,
            self._key(token),
            payload,
            spec.obligatory,
        )
        token.workflow.top_workflow.thrown.append(thrown)

    def _key(self, token: Token) -> str:
        value: Any = token.data.get(self.spec.key)
        if value is None or value == "" or isinstance(value, (bool, float, list, dict)):
            raise KeyMissing(
                "key_missing", message=self.spec.name, key=self.spec.key, value=brief(value)
            )
        return str(value)


class SignalDefinition(Definition):
    waits = True


class ConditionalDefinition(Definition):
    """Looked at whenever the instance comes to rest; fires when its condition is true, and again
    when it was false in between."""

    waits = True

    def __init__(self, name: str, condition: Expression) -> None:
        super().__init__(name)
        self.condition = condition


class CodeDefinition(Definition):
    waits = True

    def __init__(self, name: str, code: str | None) -> None:
        super().__init__(name)
        self.code = code


class ErrorDefinition(CodeDefinition):
    pass


class EscalationDefinition(CodeDefinition):
    pass
