"""An expression that begins with `=` is FEEL: the language of decisions, on the evaluator of
decisions, wherever a diagram has one."""

import ast
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.errors import ExpressionError
from engine.feel import syntax, values as feel
from engine.feel.builtins import FUNCTIONS
from engine.feel.evaluate import compiled
from engine.feel.names import Names
from engine.feel.parser import expression
from engine.feel.plain import TEXTS, given, plain
from engine.model.operations import Run, bounded, registered
from engine.types import Value

MARK: Final = "="
_BUILTIN: Final = Names(FUNCTIONS)
_VARIABLE: Final = re.compile(r"[^\W\d_]\w*")


@dataclass(frozen=True, slots=True)
class FeelText:
    """`names`: the variables that it reads; `functions`: those of the product that it calls.
    `tree`: a call of nobody knows what with these variables, for whoever reads of an expression
    what kinds of value it may give: of this one nothing is known before."""

    names: frozenset[str]
    functions: frozenset[str]
    tree: ast.expr
    code: Callable[[Run], Value]


def read(text: str) -> FeelText:
    """`text`: after the mark. ExpressionError: it is no FEEL."""
    node, unknown = expression(text, _BUILTIN)
    called = set(_called(node)) & set(unknown)
    names = sorted(set(unknown) - called)
    for name in (*names, *called):
        if not _VARIABLE.fullmatch(name):
            raise ExpressionError("not_a_name", name=name)
    code = compiled(node, {})

    def run(old: Run) -> Value:
        bounds = feel.Run(old.now)
        seen = {name: given(bounds, old.data.get(name), TEXTS) for name in names}
        seen |= {name: _function(old, name) for name in called}
        return bounded(plain(bounds, code(feel.Env(bounds, seen, feel.Env(bounds, FUNCTIONS)))))

    return FeelText(
        frozenset(names),
        frozenset(called),
        ast.parse(f"FEEL({', '.join(names)})", mode="eval").body,
        run,
    )


def _called(node: Any) -> Sequence[str]:
    """The names that are called, at whatever place."""
    found = (
        [node.function.name]
        if isinstance(node, syntax.Call) and isinstance(node.function, syntax.Name)
        else []
    )
    return [*found, *(name for each in syntax.inside(node) for name in _called(each))]


def _function(old: Run, name: str) -> feel.Function:
    """A function of the product: it takes and gives what a case holds."""

    def call(run: feel.Run, arguments: Sequence[feel.Feel]) -> feel.Feel:
        return given(run, registered(old, name, [plain(run, each) for each in arguments]), TEXTS)

    return feel.Function(("value",), call, variadic=True, name=name)
