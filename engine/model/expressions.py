"""The expression language of docs/modelling.md: parsed by Python's grammar, never run by Python.
What begins with `=` is FEEL.

A text is checked against a list of allowed AST nodes and compiled once to closures. Values are JSON
values; a name without a value is None. Booleans are no numbers here: `1 == True` is false, and only
booleans are conditions.
"""

import ast
import datetime as dt
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from engine.errors import ExpressionError, Rule
from engine.model import feel_texts
from engine.model.operations import (
    BINARY,
    COMPARISONS,
    FUNCTIONS,
    Run,
    boolean,
    bounded,
    brief,
    number,
    part,
    registered,
)
from engine.types import Data, Functions, Value

EXPRESSION: Final = Rule("expression", "Ventanilla", ("expression", "problem"))

MAX_CHARS: Final = 500
MAX_NODES: Final = 100
MAX_PATH: Final = 5  # steps into a value: `order.lines[0].price` has three

_NAME = re.compile(r"[A-Za-zÁÉÍÓÚÜÑáéíóúüñ][A-Za-z0-9_ÁÉÍÓÚÜÑáéíóúüñ]*")
_TEXT_LITERAL = re.compile(r"'[^']*'|\"[^\"]*\"")
_DECIMAL_COMMA = re.compile(r"(?<![\w.])\d+,\d+(?![\w.])")
_FOREIGN = re.compile(r"[$#]\{")
_ONE_EQUALS_SIGN = re.compile(r"(?<![=<>!])=(?!=)")


_Code = Callable[[Run], Value]


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression. Safe to share between threads."""

    text: str
    names: frozenset[str]
    functions: frozenset[str]
    tree: ast.expr = field(repr=False, compare=False)
    code: _Code = field(repr=False, compare=False)

    def __call__(
        self, data: Data, functions: Functions | None = None, now: dt.datetime | None = None
    ) -> Value:
        try:
            return self.code(Run(data, functions or {}, now))
        except ExpressionError as error:
            raise ExpressionError.about(error.problem, expression=self.text) from error
        except RecursionError as error:
            raise ExpressionError("nested_too_deeply", expression=self.text) from error
        except (OverflowError, ValueError) as error:
            raise ExpressionError("number_out_of_range", expression=self.text) from error

    def condition(
        self, data: Data, functions: Functions | None = None, now: dt.datetime | None = None
    ) -> bool:
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
    if text.lstrip().startswith(feel_texts.MARK):
        feel = feel_texts.read(text.strip().removeprefix(feel_texts.MARK))
        return Expression(text.strip(), feel.names, feel.functions, feel.tree, feel.code)
    source = " ".join(text.split())
    if not source:
        raise ExpressionError("empty_expression")
    if len(source) > MAX_CHARS:
        raise ExpressionError("too_many_characters", maximum=MAX_CHARS)
    outside = _TEXT_LITERAL.sub("", source)
    if _FOREIGN.search(outside):
        raise ExpressionError("foreign_expression")
    for sign in "\\", "#":
        if sign in source if sign == "\\" else sign in outside:
            raise ExpressionError("character_refused", character=sign)
    tree = _parse(source)
    if sum(1 for _ in ast.walk(tree)) > MAX_NODES * 3:
        raise ExpressionError("too_many_parts", maximum=MAX_NODES)
    compiler = _Compiler()
    code = compiler.compile(tree)
    for name in compiler.names | compiler.functions | compiler.steps:
        if name not in outside:  # Python's grammar reads some letters as others
            raise ExpressionError("misspelt_name", name=name)
    return Expression(source, frozenset(compiler.names), frozenset(compiler.functions), tree, code)


def _parse(source: str) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = ast.parse(source, mode="eval").body
    except SyntaxError as error:
        _refuse_decimal_comma(source)
        if _ONE_EQUALS_SIGN.search(_TEXT_LITERAL.sub("", source)):
            raise ExpressionError("one_equals_sign") from error
        raise ExpressionError(
            "not_an_expression", detail=error.msg, column=error.offset or 0
        ) from error
    except (ValueError, MemoryError, RecursionError, Warning) as error:
        raise ExpressionError("not_an_expression", detail=type(error).__name__, column=0) from error
    if any(
        isinstance(node, ast.Tuple)
        and not all(isinstance(each, ast.Constant) for each in node.elts)
        for node in ast.walk(tree)
    ):
        _refuse_decimal_comma(source)
    return tree


def _refuse_decimal_comma(source: str) -> None:
    """ "n > 2,5" is two values to the grammar; between brackets a comma may well stand between
    two."""
    outside = _TEXT_LITERAL.sub("", source)
    if (found := _DECIMAL_COMMA.search(outside)) and not re.search(r"\w\(|\[", outside):
        raise ExpressionError("decimal_comma", written=found[0], instead=found[0].replace(",", "."))


class _Compiler:
    def __init__(self) -> None:
        self.names: set[str] = set()
        self.functions: set[str] = set()
        self.steps: set[str] = set()
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
            case ast.Attribute() | ast.Subscript():
                return self._path(node)
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
        checked = bounded(value)
        return lambda _: checked

    def _name(self, node: ast.Name) -> _Code:
        name = node.id
        if not _NAME.fullmatch(name):
            raise ExpressionError("not_a_name", name=name)
        self.names.add(name)
        return lambda run: run.data.get(name)

    def _path(self, node: ast.Attribute | ast.Subscript) -> _Code:
        """Into the value of a variable, by name or by place: it is read, whatever is there. Where
        nothing is, there is no value."""
        steps: list[str | int] = []
        inside: ast.expr = node
        while isinstance(inside, ast.Attribute | ast.Subscript):
            step = (
                inside.attr
                if isinstance(inside, ast.Attribute)
                else getattr(inside.slice, "value", None)
            )
            if (
                isinstance(step, bool)
                or not isinstance(step, str | int)
                or (isinstance(inside, ast.Subscript) and isinstance(step, str))
            ):
                raise ExpressionError("outside_language", construct=type(inside).__name__)
            if isinstance(step, str) and not _NAME.fullmatch(step):
                raise ExpressionError("not_a_name", name=step)
            self.steps |= {step} if isinstance(step, str) else set()
            steps.insert(0, step)
            inside = inside.value
        if not isinstance(inside, ast.Name):
            raise ExpressionError("outside_language", construct=type(node).__name__)
        if len(steps) > MAX_PATH:
            raise ExpressionError("path_too_long", maximum=MAX_PATH)
        self.nodes += len(steps)
        whole = self._name(inside)

        def walk(run: Run) -> Value:
            value = whole(run)
            for step in steps:
                value = part(run, value, step)
            return value

        return walk

    def _list(self, node: ast.List) -> _Code:
        items = [self.compile(item) for item in node.elts]
        return lambda run: [item(run) for item in items]

    def _boolop(self, node: ast.BoolOp) -> _Code:
        parts = [self.compile(value) for value in node.values]
        word = "and" if isinstance(node.op, ast.And) else "or"
        stop = word == "or"

        def run_all(run: Run) -> Value:
            return stop if any(boolean(part(run), word) is stop for part in parts) else not stop

        return run_all

    def _unaryop(self, node: ast.UnaryOp) -> _Code:
        operand = self.compile(node.operand)
        if isinstance(node.op, ast.Not):
            return lambda run: not boolean(operand(run), "not")
        if isinstance(node.op, ast.USub):
            return lambda run: -number(operand(run), "-")
        raise ExpressionError("outside_language", construct=type(node.op).__name__)

    def _binop(self, node: ast.BinOp) -> _Code:
        operation = BINARY.get(type(node.op))
        if operation is None:
            raise ExpressionError("outside_language", construct=type(node.op).__name__)
        left, right = self.compile(node.left), self.compile(node.right)
        return lambda run: bounded(operation(left(run), right(run)))

    def _compare(self, node: ast.Compare) -> _Code:
        tests = []
        for sign in node.ops:
            test = COMPARISONS.get(type(sign))
            if test is None:
                raise ExpressionError("outside_language", construct=type(sign).__name__)
            tests.append(test)
        first, *others = [self.compile(part) for part in (node.left, *node.comparators)]

        def chain(run: Run) -> Value:
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
        builtin = FUNCTIONS.get(name)
        if builtin is not None:
            return lambda run: bounded(builtin(run, [argument(run) for argument in arguments]))
        return lambda run: registered(run, name, [argument(run) for argument in arguments])
