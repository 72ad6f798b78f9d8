"""Due date and priority of a user task, from their expressions, at the moment it opens."""

import datetime as dt

from engine.errors import ExpressionError
from engine.model import timers
from engine.model.expressions import compile_expression
from engine.model.operations import brief
from engine.types import Data, Functions


def due_at(
    text: str | None, data: Data, functions: Functions, now: dt.datetime, zone: dt.tzinfo
) -> dt.datetime | None:
    """An expression that gives an instant, a date or a duration, or one of these as the standard
    writes it."""
    if text is None:
        return None
    try:
        value = text if timers.is_literal(text) else compile_expression(text)(data, functions, now)
        return None if value is None else timers.first_due(value, now, zone).at
    except ExpressionError as error:
        raise ExpressionError.about(error.problem, property="due", expression=text) from error


def priority_of(text: str | None, data: Data, functions: Functions, now: dt.datetime | None) -> int:
    """Larger is more urgent; without an expression, or without a value, 0."""
    if text is None:
        return 0
    try:
        value = compile_expression(text)(data, functions, now)
    except ExpressionError as error:
        raise ExpressionError.about(error.problem, property="priority", expression=text) from error
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ExpressionError(
            "not_a_priority", text=text, value=brief(value), property="priority", expression=text
        )
    return round(value)
