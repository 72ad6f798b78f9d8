"""What kinds of value an expression may give, told from those of its variables; and which parts of
it can only fail.

A variable may also be without a value: `paid` in `paid == None or not paid`. That says nothing
against an expression, so it counts only where nothing (None) is written. A kind that is not known
may be any, and no part that holds one is told to fail.
"""

import ast
import datetime as dt
import inspect
import itertools
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, cast, get_args

from engine.errors import ExpressionError, Problem
from engine.model import timers
from engine.model.expressions import Expression, compile_expression
from engine.model.operations import BUILTIN, wants_now
from engine.types import Functions, Value, When

#: A text that is an instant or a date is a `moment`, one that says how long, or how often, a
#: `span`; `text` is any other.
Kind = Literal[
    "none", "boolean", "integer", "decimal", "text", "moment", "span", "list", "structure"
]
Kinds = frozenset[Kind]

ANY: Final[Kinds] = frozenset(get_args(Kind))
BOOLEAN: Final[Kinds] = frozenset({"boolean"})
INTEGER: Final[Kinds] = frozenset({"integer"})
NUMBERS: Final[Kinds] = frozenset({"integer", "decimal"})
TEXTS: Final[Kinds] = frozenset({"text", "moment", "span"})
MOMENT: Final[Kinds] = frozenset({"moment"})
TIMES: Final[Kinds] = frozenset({"moment", "span"})
LIST: Final[Kinds] = frozenset({"list"})
NONE: Final[Kinds] = frozenset({"none"})

#: Type of a field or an output → kinds of its values; what is not here may be anything.
OF_TYPE: Final[Mapping[str, Kinds]] = {
    **dict.fromkeys(("text", "longtext", "choice", "email"), frozenset[Kind]({"text"})),
    **dict.fromkeys(("date", "instant"), MOMENT),
    "number": NUMBERS,
    "integer": INTEGER,
    "boolean": BOOLEAN,
    "list": LIST,
}
#: Two days on which an expression without variables is tried: what fails on both has nothing to do
#: with the day.
DAYS: Final = (
    dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC),
    dt.datetime(2031, 7, 9, 12, tzinfo=dt.UTC),
)

_OF_ANNOTATION: Final[Mapping[Any, Kinds]] = {
    bool: BOOLEAN, int: INTEGER, float: NUMBERS, str: TEXTS, list: LIST, type(None): NONE, When: MOMENT,
}  # fmt: skip
_TOGETHER: Final[Mapping[Kinds, str]] = {
    NUMBERS | TEXTS: "number_or_text",
    TEXTS | LIST: "text_or_list",
}
_SIGNS: Final[Mapping[type[ast.AST], str]] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.USub: "-", ast.Not: "not", ast.And: "and", ast.Or: "or",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
_ORDERED: Final = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_AMONG: Final = (ast.In, ast.NotIn)


@dataclass(frozen=True, slots=True)
class Clash:
    """A part of an expression that fails whatever its variables hold; its facts are those of the
    rule of this name."""

    rule: Literal["kinds_apart", "operand_kind", "function_arguments", "part_fails"]
    part: str
    facts: Mapping[str, str | Problem]


@dataclass(frozen=True, slots=True)
class Reading:
    kinds: Kinds
    clashes: tuple[Clash, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """What a registered function takes and gives. `arguments`: a call of it that is right."""

    inspected: inspect.Signature
    takes: tuple[Kinds, ...]
    required: int
    gives: Kinds
    example: str

    @property
    def places(self) -> str:
        """How many values it takes."""
        return (
            str(self.required)
            if self.required == len(self.takes)
            else f"{self.required}–{len(self.takes)}"
        )

    def accepts(self, number: int) -> bool:
        try:
            self.inspected.bind(
                *[None] * number, **{"now": None} if "now" in self.inspected.parameters else {}
            )
        except TypeError:
            return False
        return True


def read(expression: Expression, known: Mapping[str, Kinds], functions: Functions) -> Reading:
    """`known`: what each variable may hold when it holds anything; of those that are not there
    nothing is known."""
    reader = _Reader(expression.text, known, functions)
    kinds = reader.of(expression.tree)
    return Reading(kinds, tuple(reader.clashes))


def of_value(value: Value) -> Kinds:
    match value:
        case None:
            return NONE
        case bool():
            return BOOLEAN
        case int():
            return INTEGER
        case float():
            return frozenset({"decimal"})
        case str():
            return frozenset({_of_text(value)})
    return LIST if isinstance(value, list) else frozenset({"structure"})


def _of_text(value: str) -> Kind:
    try:
        timers.first_due(value, DAYS[0], dt.UTC)
    except ExpressionError:
        return "text"
    return "span" if value.strip().startswith(("P", "R")) else "moment"


def name_of(kinds: Kinds) -> str:
    """Kinds as a finding says them, apart by spaces: whole numbers and others are `number`, all
    that a text may be is `text`."""
    if kinds in _TOGETHER:
        return _TOGETHER[kinds]
    found: set[str] = set(kinds)
    for word, whole in (("number", NUMBERS), ("text", TEXTS), ("time", TIMES)):
        if whole <= found:
            found = (found - whole) | {word}
    return " ".join(sorted(found))


@lru_cache(maxsize=256)
def signature(name: str, function: Any) -> Signature | None:
    """By its annotations; None when Python cannot say, or when it takes more than a list of
    values."""
    try:
        inspected, hints = inspect.signature(function), typing.get_type_hints(function)
    except (TypeError, ValueError, NameError):
        return None
    given = [each for each in inspected.parameters.values() if each.name != "now"]
    places = [
        each for each in given if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
    ]
    if len(places) < len(given):
        return None
    takes = tuple(_of_hint(hints.get(each.name, Any)) for each in places)
    required = sum(each.default is each.empty for each in places)
    example = ", ".join(map(_written, takes[:required]))
    return Signature(
        inspected, takes, required, _of_hint(hints.get("return", Any)), f"{name}({example})"
    )


def _of_hint(hint: Any) -> Kinds:
    parts = (
        get_args(hint)
        if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union
        else (hint,)
    )
    found = [_OF_ANNOTATION.get(typing.get_origin(part) or part) for part in parts]
    return (
        ANY if None in found else frozenset().union(*(each for each in found if each is not None))
    )


def _written(kinds: Kinds) -> str:
    for kind, text in (
        ("integer", "5"),
        ("moment", "'2026-12-01'"),
        ("list", "['a', 'b']"),
        ("boolean", "True"),
    ):
        if kind in kinds and kinds != ANY:
            return text
    return "'abc'"


class _Reader:
    def __init__(self, text: str, known: Mapping[str, Kinds], functions: Functions) -> None:
        self.text, self.known, self.functions = text, known, functions
        self.clashes: list[Clash] = []

    def of(self, node: ast.expr) -> Kinds:
        """A part without variables is also tried, as a whole: 1 / 0 is of the right kinds and gives
        nothing."""
        before = len(self.clashes)
        kinds = self._of(node)
        if len(self.clashes) > before:
            return ANY  # told once, where it begins
        if not isinstance(node, ast.Constant | ast.Name) and self._can_be_tried(node):
            return self._tried(node, kinds)
        return kinds

    def _of(self, node: ast.expr) -> Kinds:
        match node:
            case ast.Constant(value=value):
                return of_value(cast("Value", value))  # the compiler let JSON values through only
            case ast.Name(id=name):
                return self.known.get(name, ANY)
            case ast.List(elts=items):
                for item in items:
                    self.of(item)
                return LIST
            case ast.BoolOp(op=op, values=parts):
                for part in parts:
                    self._need(node, _SIGNS[type(op)], part, self.of(part), BOOLEAN)
                return BOOLEAN
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self._need(node, "not", operand, self.of(operand), BOOLEAN)
            case ast.UnaryOp(op=op, operand=operand):
                return self._need(node, _SIGNS[type(op)], operand, self.of(operand), NUMBERS)
            case ast.BinOp():
                return self._arithmetic(node)
            case ast.Compare():
                return self._comparison(node)
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self._call(node, name, arguments)
            case ast.Attribute(value=ast.Name(id=name)) | ast.Subscript(value=ast.Name(id=name)):
                self._parts(node, name)
        return ANY

    def _parts(self, node: ast.Attribute | ast.Subscript, name: str) -> None:
        """A variable that is declared as something without parts; one without a type may be
        anything that its caller gives."""
        found, wanted = (
            self.known.get(name, ANY),
            LIST if isinstance(node, ast.Subscript) else frozenset[Kind]({"structure"}),
        )
        if found != TEXTS:
            self._need(
                node,
                "." if isinstance(node, ast.Attribute) else "[]",
                node.value,
                found,
                wanted | NONE,
            )

    # --- signs
    def _arithmetic(self, node: ast.BinOp) -> Kinds:
        sign, sides = (
            _SIGNS[type(node.op)],
            [(part, self.of(part)) for part in (node.left, node.right)],
        )
        if isinstance(node.op, ast.Add):
            sides = [
                (part, self._need(node, sign, part, kinds, NUMBERS | TEXTS))
                for part, kinds in sides
            ]
            texts, numbers = (
                all(kinds & wanted for _, kinds in sides) for wanted in (TEXTS, NUMBERS)
            )
            if not texts and not numbers:
                self._apart(node, sign, sides)
            # what is put together of texts may well be a time
            return (TEXTS if texts else frozenset()) | (
                self._number(sides) if numbers else frozenset()
            )
        sides = [(part, self._need(node, sign, part, kinds, NUMBERS)) for part, kinds in sides]
        if not isinstance(node.op, ast.Div):
            return self._number(sides)
        if isinstance(node.right, ast.Constant) and node.right.value == 0:
            self._tell(
                Clash(
                    "part_fails",
                    self._source(node),
                    {"operand": self._source(node), "problem": Problem("division_by_zero")},
                )
            )
        return frozenset({"decimal"})

    @staticmethod
    def _number(sides: Sequence[tuple[ast.expr, Kinds]]) -> Kinds:
        found: set[Kind] = set()
        if all("integer" in kinds for _, kinds in sides):
            found.add("integer")
        if any("decimal" in kinds for _, kinds in sides):
            found.add("decimal")
        return frozenset(found)

    def _comparison(self, node: ast.Compare) -> Kinds:
        parts = [(part, self.of(part)) for part in (node.left, *node.comparators)]
        for op, left, right in zip(node.ops, parts, parts[1:], strict=False):
            sign = _SIGNS.get(type(op), "")
            if isinstance(op, _ORDERED):
                sides = [
                    (part, self._need(node, sign, part, kinds, NUMBERS | TEXTS))
                    for part, kinds in (left, right)
                ]
                if not any(
                    all(kinds & wanted for _, kinds in sides) for wanted in (TEXTS, NUMBERS)
                ):
                    self._apart(node, sign, sides)
            elif isinstance(op, _AMONG):
                where = self._need(node, sign, right[0], right[1], TEXTS | LIST)
                if "list" not in where:
                    self._need(node, sign, left[0], left[1], TEXTS)
        return BOOLEAN

    # --- functions
    def _call(self, node: ast.Call, name: str, arguments: Sequence[ast.expr]) -> Kinds:
        kinds = [self.of(each) for each in arguments]
        if name == "len":
            if len(kinds) != 1:
                return self._miscounted(node, name, "1", len(kinds))
            self._need(node, name, arguments[0], kinds[0], TEXTS | LIST)
            return INTEGER
        if name in BUILTIN:
            return self._extreme(node, name, arguments, kinds)
        made = signature(name, self.functions[name]) if name in self.functions else None
        if made is None:
            return ANY
        if not made.accepts(len(kinds)):
            return self._miscounted(node, name, made.places, len(kinds))
        for argument, found, wanted in zip(arguments, kinds, made.takes, strict=False):
            self._need(node, name, argument, found, wanted)
        return made.gives

    def _extreme(
        self, node: ast.Call, name: str, arguments: Sequence[ast.expr], kinds: Sequence[Kinds]
    ) -> Kinds:
        """Of a list, or of several values that can be compared, each with each."""
        if len(kinds) == 1:
            self._need(node, name, arguments[0], kinds[0], LIST)
            return ANY
        sides = [
            (part, self._need(node, name, part, each, NUMBERS | TEXTS))
            for part, each in zip(arguments, kinds, strict=True)
        ]
        for pair in itertools.combinations(sides, 2):
            if not any(all(found & wanted for _, found in pair) for wanted in (TEXTS, NUMBERS)):
                self._apart(node, name, pair)
                break
        return frozenset().union(*(found for _, found in sides))

    def _miscounted(self, node: ast.Call, name: str, places: str, number: int) -> Kinds:
        self._tell(
            Clash(
                "function_arguments",
                self._source(node),
                {"function": name, "places": places, "number": str(number)},
            )
        )
        return ANY

    # --- what clashes
    def _need(
        self, node: ast.expr, sign: str, part: ast.expr, kinds: Kinds, wanted: Kinds
    ) -> Kinds:
        """What of `kinds` can stand here; when nothing can, that is told and not followed any
        further."""
        if kinds & wanted:
            return kinds & wanted
        facts = {
            "sign": sign,
            "wanted": name_of(wanted - NONE),
            "operand": self._source(part),
            "given": name_of(kinds),
        }
        self._tell(Clash("operand_kind", self._source(node), facts))
        return wanted

    def _apart(self, node: ast.expr, sign: str, sides: Sequence[tuple[ast.expr, Kinds]]) -> None:
        (left, found), (right, given) = sides
        facts = {
            "left": self._source(left),
            "found": name_of(found),
            "sign": sign,
            "right": self._source(right),
            "given": name_of(given),
        }
        self._tell(Clash("kinds_apart", self._source(node), facts))

    def _tell(self, clash: Clash) -> None:
        if clash not in self.clashes:
            self.clashes.append(clash)

    def _source(self, node: ast.expr) -> str:
        return ast.get_source_segment(self.text, node) or ast.unparse(node)

    # --- what has no variables
    def _can_be_tried(self, node: ast.expr) -> bool:
        """A function without values tells how the world is at that moment, and one without
        annotations may do anything."""
        for each in ast.walk(node):
            if (
                isinstance(each, ast.Call)
                and isinstance(each.func, ast.Name)
                and each.func.id not in BUILTIN
            ):
                made = (
                    signature(each.func.id, self.functions[each.func.id])
                    if each.func.id in self.functions
                    else None
                )
                if made is None or not each.args or ANY in (*made.takes, made.gives):
                    return False
        called = {each.func for each in ast.walk(node) if isinstance(each, ast.Call)}
        return not any(isinstance(each, ast.Name) and each not in called for each in ast.walk(node))

    def _tried(self, node: ast.expr, kinds: Kinds) -> Kinds:
        part = self._source(node)
        values: list[Value] = []
        problems: list[Problem] = []
        for day in DAYS:
            try:
                values.append(compile_expression(part)({}, self.functions, day))
            except ExpressionError as error:
                problems.append(error.problem)
        if not values:
            self._tell(Clash("part_fails", part, {"operand": part, "problem": problems[0]}))
        return kinds if problems else frozenset().union(*map(of_value, values))


def is_always_past(expression: Expression, functions: Functions, zone: dt.tzinfo = dt.UTC) -> bool:
    """A time that is counted from now, and lies before it: so many days ago. A date that is written
    out is what it is."""
    if expression.names or not any(
        wants_now(functions[name]) for name in expression.functions if name in functions
    ):
        return False
    found: list[Value] = []
    for day in DAYS:
        try:
            value = expression({}, functions, day)
            if not isinstance(value, str) or timers.first_due(value, day, zone).at >= day:
                return False
        except ExpressionError:
            return False
        found.append(value)
    return found[0] != found[-1]


def variables_in(part: str) -> Iterator[str]:
    """In the order in which they are written."""
    tree = compile_expression(part).tree
    called = {id(each.func) for each in ast.walk(tree) if isinstance(each, ast.Call)}
    named = [
        each for each in ast.walk(tree) if isinstance(each, ast.Name) and id(each) not in called
    ]
    yield from (each.id for each in sorted(named, key=lambda each: (each.lineno, each.col_offset)))
