"""The expression language of docs/modelling.md: parsed by Python's grammar, never run by Python.

A text is checked against a list of allowed AST nodes and compiled once to closures. Values are JSON values; a name
without a value is None. Booleans are no numbers here: `1 == True` is false, and only booleans are conditions.
"""

import ast
import datetime as dt
import inspect
import math
import re
import warnings
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from functools import lru_cache
from typing import Any
from typing import Final

from engine.errors import ExpressionError
from engine.errors import Rule
from engine.types import Data
from engine.types import Functions
from engine.types import Value

EXPRESSION: Final = Rule("expression", "Ventanilla", ("expression", "problem"))

MAX_CHARS: Final = 500
MAX_NODES: Final = 100
MAX_STEPS: Final = 1_000
MAX_TEXT: Final = 10_000
MAX_NUMBER: Final = 10**15
MAX_PICTURE: Final = 60  # letters of a value inside a problem
BUILTIN: Final = frozenset({"len", "min", "max"})

_NAME = re.compile(r"[A-Za-zÁÉÍÓÚÜÑáéíóúüñ][A-Za-z0-9_ÁÉÍÓÚÜÑáéíóúüñ]*")
_TEXT_LITERAL = re.compile(r"'[^']*'|\"[^\"]*\"")


@dataclass(slots=True)
class _Run:
    """One evaluation: what it may see, and how much it may still do."""

    data: Data
    functions: Functions
    now: dt.datetime | None
    steps: int = MAX_STEPS

    def spend(self, steps: int) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise ExpressionError("too_many_steps", maximum=MAX_STEPS)


_Code = Callable[[_Run], Value]


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression. Safe to share between threads."""

    text: str
    names: frozenset[str]
    functions: frozenset[str]
    tree: ast.expr = field(repr=False, compare=False)
    code: _Code = field(repr=False, compare=False)

    def __call__(self, data: Data, functions: Functions | None = None, now: dt.datetime | None = None) -> Value:
        try:
            return self.code(_Run(data, functions or {}, now))
        except ExpressionError as error:
            raise ExpressionError.about(error.problem, expression=self.text) from error
        except RecursionError as error:
            raise ExpressionError("nested_too_deeply", expression=self.text) from error
        except (OverflowError, ValueError) as error:
            raise ExpressionError("number_out_of_range", expression=self.text) from error

    def condition(self, data: Data, functions: Functions | None = None, now: dt.datetime | None = None) -> bool:
        value = self(data, functions, now)
        if not isinstance(value, bool):
            raise ExpressionError("not_a_condition", value=brief(value), expression=self.text)
        return value


def names(text: str) -> frozenset[str]:
    """The variables that an expression reads."""
    return compile_expression(text).names


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Expression:
    """ExpressionError says what is outside the language."""
    source = " ".join(text.split())
    if not source:
        raise ExpressionError("empty_expression")
    if len(source) > MAX_CHARS:
        raise ExpressionError("too_many_characters", maximum=MAX_CHARS)
    outside = _TEXT_LITERAL.sub("", source)
    for sign in "\\", "#":
        if sign in source if sign == "\\" else sign in outside:
            raise ExpressionError("character_refused", character=sign)
    tree = _parse(source)
    if sum(1 for _ in ast.walk(tree)) > MAX_NODES * 3:
        raise ExpressionError("too_many_parts", maximum=MAX_NODES)
    compiler = _Compiler()
    code = compiler.compile(tree)
    for name in compiler.names | compiler.functions:
        if name not in outside:  # Python's grammar reads some letters as others
            raise ExpressionError("misspelt_name", name=name)
    return Expression(source, frozenset(compiler.names), frozenset(compiler.functions), tree, code)


def _parse(source: str) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return ast.parse(source, mode="eval").body
    except SyntaxError as error:
        raise ExpressionError("not_an_expression", detail=error.msg, column=error.offset or 0) from error
    except (ValueError, MemoryError, RecursionError, Warning) as error:
        raise ExpressionError("not_an_expression", detail=type(error).__name__, column=0) from error


class _Compiler:
    def __init__(self) -> None:
        self.names: set[str] = set()
        self.functions: set[str] = set()
        self.nodes = 0

    def compile(self, node: ast.expr) -> _Code:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise ExpressionError("too_many_parts", maximum=MAX_NODES)
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                return self._name(node)
            case ast.List():
                return self._list(node)
            case ast.BoolOp():
                return self._boolop(node)
            case ast.UnaryOp():
                return self._unaryop(node)
            case ast.BinOp():
                return self._binop(node)
            case ast.Compare():
                return self._compare(node)
            case ast.Call():
                return self._call(node)
        raise ExpressionError("outside_language", construct=type(node).__name__)

    def _constant(self, node: ast.Constant) -> _Code:
        value = node.value
        if value is not None and not isinstance(value, (str, int, float, bool)):
            raise ExpressionError("outside_language", construct=type(value).__name__)
        if isinstance(value, str) and node.kind is not None:
            raise ExpressionError("prefixed_text")
        checked = _bounded(value)
        return lambda _: checked

    def _name(self, node: ast.Name) -> _Code:
        name = node.id
        if not _NAME.fullmatch(name):
            raise ExpressionError("not_a_name", name=name)
        self.names.add(name)
        return lambda run: run.data.get(name)

    def _list(self, node: ast.List) -> _Code:
        items = [self.compile(item) for item in node.elts]
        return lambda run: [item(run) for item in items]

    def _boolop(self, node: ast.BoolOp) -> _Code:
        parts = [self.compile(value) for value in node.values]
        word = "and" if isinstance(node.op, ast.And) else "or"
        stop = word == "or"

        def run_all(run: _Run) -> Value:
            return stop if any(_boolean(part(run), word) is stop for part in parts) else not stop

        return run_all

    def _unaryop(self, node: ast.UnaryOp) -> _Code:
        operand = self.compile(node.operand)
        if isinstance(node.op, ast.Not):
            return lambda run: not _boolean(operand(run), "not")
        if isinstance(node.op, ast.USub):
            return lambda run: -_number(operand(run), "-")
        raise ExpressionError("outside_language", construct=type(node.op).__name__)

    def _binop(self, node: ast.BinOp) -> _Code:
        operation = _BINARY.get(type(node.op))
        if operation is None:
            raise ExpressionError("outside_language", construct=type(node.op).__name__)
        left, right = self.compile(node.left), self.compile(node.right)
        return lambda run: _bounded(operation(left(run), right(run)))

    def _compare(self, node: ast.Compare) -> _Code:
        tests = []
        for sign in node.ops:
            test = _COMPARISONS.get(type(sign))
            if test is None:
                raise ExpressionError("outside_language", construct=type(sign).__name__)
            tests.append(test)
        first, *others = [self.compile(part) for part in (node.left, *node.comparators)]

        def chain(run: _Run) -> Value:
            left = first(run)
            for test, other in zip(tests, others, strict=True):
                right = other(run)
                if not test(run, left, right):
                    return False
                left = right
            return True

        return chain

    def _call(self, node: ast.Call) -> _Code:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise ExpressionError("only_named_functions")
        name = node.func.id
        if not _NAME.fullmatch(name):
            raise ExpressionError("not_a_function", name=name)
        self.functions.add(name)
        self.nodes += 1
        arguments = [self.compile(argument) for argument in node.args]
        builtin = _FUNCTIONS.get(name)
        if builtin is not None:
            return lambda run: _bounded(builtin(run, [argument(run) for argument in arguments]))
        return lambda run: _registered(run, name, [argument(run) for argument in arguments])


def kind_of(expression: Expression) -> str:
    """What an expression gives whatever the data: boolean, number, text, list, none, never (an error); "" when the data decides."""
    return _kind(expression.tree)


def _kind(tree: ast.expr) -> str:
    match tree:
        case ast.BoolOp() | ast.Compare() | ast.UnaryOp(op=ast.Not()):
            return "boolean"
        case ast.UnaryOp():
            return "number" if _kind(tree.operand) in ("number", "") else "never"
        case ast.BinOp():
            return _kind_of_sum(tree)
        case ast.Call(func=ast.Name(id="len")):
            return "number"
        case ast.List():
            return "list"
        case ast.Constant(value=value):
            return {bool: "boolean", str: "text", type(None): "none"}.get(type(value), "number")
    return ""


def _kind_of_sum(tree: ast.BinOp) -> str:
    """Texts are only added, and to texts; what mixes them with numbers never gives anything."""
    sides = {_kind(tree.left), _kind(tree.right)}
    fits = {"number", "", "text"} if isinstance(tree.op, ast.Add) else {"number", ""}
    if not sides <= fits or {"number", "text"} <= sides:
        return "never"
    if not isinstance(tree.op, ast.Add):
        return "number"
    return next(iter(sides - {""}), "")


# --- values ----------------------------------------------------------------------------------------------------------
def show(value: Value) -> str:
    """A short picture of a value."""
    picture = "no value" if value is None else repr(value)
    return picture if len(picture) <= MAX_PICTURE else f"{picture[: MAX_PICTURE - 3]}..."


def brief(value: Value) -> Value:
    """A value as a fact of a problem: itself, or the beginning of its picture when that is long."""
    return value if len(repr(value)) <= MAX_PICTURE else f"{repr(value)[: MAX_PICTURE - 3]}..."


def _bounded(value: Any) -> Value:
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise ExpressionError("text_too_long", maximum=MAX_TEXT)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        if (isinstance(value, float) and not math.isfinite(value)) or abs(value) > MAX_NUMBER:
            raise ExpressionError("number_out_of_range")
    elif isinstance(value, list):
        if len(value) > MAX_STEPS:
            raise ExpressionError("list_too_long", maximum=MAX_STEPS)
        for item in value:
            _bounded(item)
    elif value is not None and not isinstance(value, (bool, dict)):
        raise ExpressionError("value_of_no_type", type=type(value).__name__)
    return value  # type: ignore[no-any-return]  # JSON values, checked above


def _boolean(value: Value, sign: str) -> bool:
    if not isinstance(value, bool):
        raise ExpressionError("needs_boolean", sign=sign, value=brief(value))
    return value


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _number(value: Value, sign: str) -> int | float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ExpressionError("needs_numbers", sign=sign, value=brief(value))
    return value


def equal(left: Value, right: Value) -> bool:
    """1 equals 1.0, but never True; lists item by item."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, dict) or isinstance(right, dict):
        raise ExpressionError("structure_compared")
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def _add(left: Value, right: Value) -> Value:
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    return _number(left, "+") + _number(right, "+")


def _divide(left: Value, right: Value) -> Value:
    divisor = _number(right, "/")
    if divisor == 0:
        raise ExpressionError("division_by_zero")
    return _number(left, "/") / divisor


_BINARY: dict[type[ast.operator], Callable[[Value, Value], Value]] = {
    ast.Add: _add,
    ast.Sub: lambda left, right: _number(left, "-") - _number(right, "-"),
    ast.Mult: lambda left, right: _number(left, "*") * _number(right, "*"),
    ast.Div: _divide,
}


def _ordered(sign: str, test: Callable[[Any, Any], bool]) -> Callable[[_Run, Value, Value], bool]:
    def compare(_: _Run, left: Value, right: Value) -> bool:
        if (isinstance(left, str) and isinstance(right, str)) or (_is_number(left) and _is_number(right)):
            return test(left, right)
        raise ExpressionError("not_comparable", sign=sign, left=brief(left), right=brief(right))

    return compare


def _equal(run: _Run, left: Value, right: Value) -> bool:
    run.spend(_size(left) + _size(right))
    return equal(left, right)


def _contains(run: _Run, item: Value, items: Value) -> bool:
    """An item of a list, or a text inside a text."""
    if isinstance(items, str) and isinstance(item, str):
        return item in items
    if not isinstance(items, list):
        raise ExpressionError("not_searchable", value=brief(items))
    run.spend(_size(items))
    return any(equal(item, each) for each in items)


def _size(value: Value) -> int:
    return sum(map(_size, value)) + 1 if isinstance(value, list) else 1


_COMPARISONS: dict[type[ast.cmpop], Callable[[_Run, Value, Value], bool]] = {
    ast.Eq: _equal,
    ast.NotEq: lambda run, left, right: not _equal(run, left, right),
    ast.Lt: _ordered("<", lambda left, right: left < right),
    ast.LtE: _ordered("<=", lambda left, right: left <= right),
    ast.Gt: _ordered(">", lambda left, right: left > right),
    ast.GtE: _ordered(">=", lambda left, right: left >= right),
    ast.In: _contains,
    ast.NotIn: lambda run, item, items: not _contains(run, item, items),
}


def _len(run: _Run, arguments: Sequence[Value]) -> Value:
    run.spend(1)
    if len(arguments) != 1 or not isinstance(arguments[0], (str, list)):
        raise ExpressionError("nothing_to_measure")
    return len(arguments[0])


def _extreme(name: str, better: type[ast.cmpop]) -> Callable[[_Run, Sequence[Value]], Value]:
    def pick(run: _Run, arguments: Sequence[Value]) -> Value:
        only = arguments[0] if len(arguments) == 1 else None
        items = only if isinstance(only, list) else arguments
        if not items or (len(arguments) == 1 and not isinstance(only, list)):
            raise ExpressionError("nothing_to_choose", function=name)
        run.spend(len(items))
        best = items[0]
        for item in items[1:]:
            best = item if _COMPARISONS[better](run, item, best) else best
        return best

    return pick


_FUNCTIONS: dict[str, Callable[[_Run, Sequence[Value]], Value]] = {
    "len": _len,
    "min": _extreme("min", ast.Lt),
    "max": _extreme("max", ast.Gt),
}


def _registered(run: _Run, name: str, arguments: list[Value]) -> Value:
    """A function of the product; one with a parameter `now` also gets the command's instant."""
    function = run.functions.get(name)
    if function is None:
        raise ExpressionError("function_missing", function=name)
    run.spend(1)
    more = {"now": run.now} if wants_now(function) else {}
    try:
        return _bounded(function(*arguments, **more))
    except ExpressionError:
        raise
    except Exception as error:
        raise ExpressionError("function_failed", function=name, exception=type(error).__name__, detail=str(error)[:200]) from error


@lru_cache(maxsize=256)
def wants_now(function: Callable[..., Value]) -> bool:
    return "now" in inspect.signature(function).parameters
