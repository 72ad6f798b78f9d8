"""Conditions of other engines, `${price > 100 && !approved}`, in our expression language, where
that says the same.

Taken: names with their paths (`order.price`, `orders[1].price`), texts, numbers, `true`, `false`,
`null`, comparisons, `&&`, `||`, `!`, their words (`and`, `eq`, `gt`, …), `empty`, and arithmetic
but for the rest of a division. What calls code, chooses (`a ? b : c`) or mixes text and expression
stays as it is written, and is refused. Nothing is run. A comparison is ours: `'1'` is not `1`.
"""

import re
from typing import Final

from lxml import etree

from engine.errors import ExpressionError
from engine.model import xml
from engine.model.expressions import compile_expression
from engine.model.vocabulary import TIMER_TEXTS

_EXPRESSIONS: Final = tuple(
    xml.BPMN + name
    for name in (
        *(
            "conditionExpression",
            "condition",
            "loopCardinality",
            "loopCondition",
            "completionCondition",
            "activationCondition",
        ),
        *TIMER_TEXTS,
    )
)
_WHOLE: Final = re.compile(r"[$#]\{([^{}]*)\}")
_TEXT: Final = re.compile(r"'[^'\\]*'|\"[^\"\\]*\"")
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<text>'[^'\\]*'|\"[^\"\\]*\")|(?P<number>\d+(?:\.\d+)?)|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/<>!().\[\]]))"
)
_WORDS: Final = {
    "and": "&&", "or": "||", "not": "!", "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=", "div": "/",
}  # fmt: skip
_VALUES: Final = {"true": "True", "false": "False", "null": "None"}
#: what a multi-instance activity knows of itself, by the names of other engines and by those of the
#: standard
_COUNTS: Final = {
    "nrOfInstances": "numberOfInstances",
    "nrOfActiveInstances": "numberOfActiveInstances",
    "nrOfCompletedInstances": "numberOfCompletedInstances",
}
_OURS: Final = {"&&": "and", "||": "or"}
#: how tightly a sign holds its sides in our language; in that of others a comparison holds looser
#: than an order, and `!` tighter
_LEVELS: Final = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "/"))
_TIGHT: Final = {
    "||": 1,
    "&&": 2,
    "!": 3,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">="), 4),
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
}
_SIGNED, _ATOM = 7, 8
_DEEPEST: Final = 20


class NotSimple(ValueError):
    """It says more than our language can."""


def to_our_language(root: etree._Element) -> None:
    """Changes the tree in place; the bytes of the file are kept elsewhere. What cannot be said
    stays as it is."""
    for node in root.iter(*_EXPRESSIONS):
        written = _WHOLE.fullmatch(xml.text(node))
        if written is None or len(node):
            continue
        try:
            said = translated(written[1])
            compile_expression(said)
        except (NotSimple, ExpressionError):
            continue
        timer = xml.local(node) in TIMER_TEXTS and _TEXT.fullmatch(said)
        node.text = said[1:-1] if timer else said


def translated(source: str) -> str:
    """What stands between the braces, in our language. Raises NotSimple."""
    reader = _Reader(source)
    said, _ = reader.either(0)
    if reader.tokens:
        raise NotSimple(source)
    return said


def _tokens(source: str) -> list[str]:
    found, place = [], 0
    source = source.rstrip()
    while place < len(source):
        token = _TOKEN.match(source, place)
        if token is None:
            raise NotSimple(source)
        found.append(token[0].strip())
        place = token.end()
    return [_WORDS.get(each, each) for each in found]


class _Reader:
    """By descent; each method gives what it read, and how tightly that holds together."""

    def __init__(self, source: str) -> None:
        self.tokens, self.depth = _tokens(source), 0

    def next(self) -> str:
        if not self.tokens:
            raise NotSimple("it ends too early")
        return self.tokens.pop(0)

    def comes(self, *signs: str) -> bool:
        return bool(self.tokens) and self.tokens[0] in signs

    def either(self, level: int) -> tuple[str, int]:
        if level == len(_LEVELS):
            return self.single()
        left = self.either(level + 1)
        while self.comes(*_LEVELS[level]):
            sign = self.next()
            right = self.either(level + 1)
            tight = _TIGHT[sign]
            # comparisons in a row would be a chain
            begins = tight if sign in ("||", "&&", "+", "-", "*", "/") else tight + 1
            left = f"{_held(left, begins)} {_OURS.get(sign, sign)} {_held(right, tight + 1)}", tight
        return left

    def single(self) -> tuple[str, int]:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise NotSimple("too deep")
        try:
            return self._single()
        finally:
            self.depth -= 1

    def _single(self) -> tuple[str, int]:
        first = self.next()
        if first == "!":
            return f"not {_held(self.single(), _TIGHT['!'])}", _TIGHT["!"]
        if first == "-":
            return f"-{_held(self.single(), _SIGNED)}", _SIGNED
        if first == "(":
            inside = self.either(0)
            if self.next() != ")":
                raise NotSimple(first)
            return inside
        if first == "empty":
            what = _held(self.single(), _ATOM)
            return f"{what} == None or {what} == '' or {what} == []", _TIGHT["||"]
        if first[0] in "'\"" or first[0].isdigit():
            return first, _ATOM
        if not (first[0].isalpha() or first[0] == "_"):
            raise NotSimple(first)
        return (
            (_VALUES[first], _ATOM)
            if first in _VALUES
            else (self._path(_COUNTS.get(first, first)), _ATOM)
        )

    def _path(self, name: str) -> str:
        while self.comes(".", "["):
            if self.next() == ".":
                step = self.next()
                if not step.isidentifier():
                    raise NotSimple(step)
                name += f".{step}"
            else:
                place = self.next()
                name += f"[{place}]"
                if not place.isdigit() or self.next() != "]":
                    raise NotSimple(name)
        if self.comes("("):
            raise NotSimple(name)
        return name


def _held(said: tuple[str, int], at_least: int) -> str:
    text, tight = said
    return text if tight >= at_least else f"({text})"
