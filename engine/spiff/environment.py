# mypy: disallow-subclassing-any=False
"""Our expression language inside SpiffWorkflow's script engine: its specs call the environment
directly."""

import datetime as dt
from collections.abc import Callable
from typing import Any, NoReturn

from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment, PythonScriptEngine

from engine.errors import ExpressionError
from engine.model.expressions import compile_expression
from engine.types import Data, Functions, Value


class Environment(BasePythonScriptEngineEnvironment):
    """Evaluates; executes nothing."""

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


def script_engine(functions: Functions, clock: Callable[[], dt.datetime]) -> PythonScriptEngine:
    return PythonScriptEngine(Environment(functions, clock))
