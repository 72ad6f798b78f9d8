"""Texts of FEEL become syntax trees (DMN 1.5, 10.3.1): expressions, and the unary tests of cells.
All bounded."""

import re
import sys
from collections.abc import Iterator as Each
from contextlib import contextmanager
from typing import Any, Final, NoReturn

from engine.errors import ExpressionError
from engine.feel import syntax
from engine.feel.moments import read_moment
from engine.feel.names import KEYWORDS, SPACE, WORD, Names, normal, word
from engine.feel.syntax import Node, TypeName
from engine.feel.values import NUMBERS

MAX_CHARS: Final = 4_000
MAX_PARTS: Final = 1_000
MAX_DEPTH: Final = 40
_MAX_CHAIN: Final = 60  # of members, filters and calls one after the other

_GAP = re.compile(rf"(?:{SPACE}|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r"\\(U[0-9A-Fa-f]{6}|u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_NAMED = re.compile(rf"({WORD}(?:{SPACE}+{WORD})*){SPACE}*:")
_KEY = re.compile(rf'(?:"((?:[^"\\]|\\.)*)"|([^\s"\[\]{{}}:,][^"\[\]{{}}:,]*?)){SPACE}*:')
_VARIABLE = re.compile(rf"({WORD}(?:{SPACE}+{WORD})*?)(?={SPACE}+in(?!{WORD}))")
_PARAMETER = re.compile(rf"({WORD}(?:[ \t\n]+{WORD})*)")
_COMPARISONS: Final = ("<=", ">=", "!=", "<", ">", "=")
#: The parts of dates, times, durations and ranges, outside of the members of contexts.
PROPERTIES: Final = Names((
    "year", "month", "day", "weekday", "hour", "minute", "second", "time offset", "timezone", "years", "months", "days", "hours",
    "minutes", "seconds", "start", "end", "start included", "end included",
))  # fmt: skip
TYPES: Final = Names((
    "number", "string", "boolean", "date", "time", "date and time", "duration", "days and time duration", "years and months duration",
    "Any", "Null", "list", "context", "function", "range", "any", "dateTime", "dayTimeDuration", "yearMonthDuration",
))  # fmt: skip


def expression(
    text: str, names: Names, members: Names | None = None, types: Names = TYPES
) -> tuple[Node, list[str]]:
    """A tree, and the names in it that nothing gives. ExpressionError: it is no FEEL, or too large.
    `members`: of contexts, and those that this text adds."""
    parser = _Parser(text, names, members, types)
    return parser.all(parser.expression), parser.unknown


def unary_tests(
    text: str, names: Names, members: Names | None = None, types: Names = TYPES
) -> tuple[syntax.Tests, list[str]]:
    """The unary tests of a cell; what is tested is called `?`."""
    parser = _Parser(text, Names(["?"], names), members, types)
    return parser.all(parser.unary_tests), parser.unknown


def type_name(text: str, types: Names = TYPES) -> TypeName:
    """A type as `typeRef` or FEEL write it."""
    parser = _Parser(text, Names(), None, types)
    found: TypeName = parser.all(parser.type)
    return found


class _Parser:
    def __init__(self, text: str, names: Names, members: Names | None, types: Names) -> None:
        if len(text) > MAX_CHARS:
            raise ExpressionError("too_many_characters", maximum=MAX_CHARS)
        self.source, self.at, self.names = text, 0, names
        self.members = Names((), PROPERTIES) if members is None else members
        self.types = types
        self.parts = self.depth = 0
        self.in_interval = False
        self.unknown: list[str] = []

    def all(self, read: Any) -> Any:
        try:
            self.gap()
            if self.at == len(self.source):
                raise ExpressionError("empty_expression")
            found = read()
        except RecursionError as error:
            raise ExpressionError("nested_too_deeply") from error
        if self.at < len(self.source):
            self.fail()
        return found

    # --- signs and words --------------------------------------------------------------------------
    def fail(self) -> NoReturn:
        if self.at == len(self.source):
            raise ExpressionError("not_an_expression", detail="end", column=self.at)
        raise ExpressionError(
            "feel_not_read", near=self.source[self.at : self.at + 30], column=self.at + 1
        )

    def gap(self) -> None:
        match = _GAP.match(self.source, self.at)
        if match:
            self.at = match.end()

    def sees(self, sign: str) -> bool:
        return self.source.startswith(sign, self.at)

    def takes(self, sign: str) -> bool:
        if not self.sees(sign):
            return False
        self.at += len(sign)
        self.gap()
        return True

    def needs(self, sign: str) -> None:
        if not self.takes(sign):
            self.fail()

    def sees_word(self, *words: str) -> bool:
        return word(self.source, self.at) in words

    def takes_word(self, text: str) -> bool:
        if word(self.source, self.at) != text:
            return False
        self.at += len(text)
        self.gap()
        return True

    def needs_word(self, text: str) -> None:
        if not self.takes_word(text):
            self.fail()

    def matched(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.source, self.at)
        if match:
            self.at = match.end()
            self.gap()
        return match

    def part(self, node: Node) -> Node:
        self.parts += 1
        if self.parts > MAX_PARTS:
            raise ExpressionError("too_many_parts", maximum=MAX_PARTS)
        return node

    @contextmanager
    def inside(self, *names: str) -> Each[None]:
        """One level deeper, where these names are known besides."""
        outer, interval = self.names, self.in_interval
        self.names = Names(names, outer) if names else outer
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError("nested_too_deeply")
        yield
        self.depth -= 1
        self.names, self.in_interval = outer, interval

    # --- expressions ------------------------------------------------------------------------------
    def expression(self) -> Node:
        with self.inside():
            if self.names.longest(self.source, self.at) is None:
                if self.takes_word("if"):
                    return self.if_()
                for each in ("for", "some", "every"):
                    if self.takes_word(each):
                        return self.for_(each)
            return self.disjunction()

    def if_(self) -> Node:
        condition = self.expression()
        self.needs_word("then")
        then = self.expression()
        self.needs_word("else")
        return self.part(syntax.If(condition, then, self.expression()))

    def for_(self, kind: str) -> Node:
        iterators: list[syntax.Iterator] = []
        with self.inside(*(["partial"] if kind == "for" else [])):
            while True:
                match = self.matched(_VARIABLE)
                if match is None:
                    self.fail()
                self.needs_word("in")
                items = self.expression()
                high = self.expression() if self.takes("..") else None
                iterators.append(syntax.Iterator(normal(match[1]), items, high))
                self.names = Names([match[1]], self.names)
                if not self.takes(","):
                    break
            self.needs_word("return" if kind == "for" else "satisfies")
            return self.part(syntax.For(kind, iterators, self.expression()))

    def disjunction(self) -> Node:
        return self.logic("or", lambda: self.logic("and", self.comparison))

    def logic(self, sign: str, read: Any) -> Node:
        parts = [read()]
        while self.takes_word(sign):
            parts.append(read())
        first: Node = parts[0]
        return first if len(parts) == 1 else self.part(syntax.Logic(sign, parts))

    def comparison(self) -> Node:
        left = self.sum()
        while True:
            sign = next((each for each in _COMPARISONS if self.sees(each)), None)
            if sign is not None:
                self.at += len(sign)
                self.gap()
                left = self.part(syntax.Comparison(sign, left, self.sum()))
            elif self.takes_word("between"):
                low = self.sum()
                self.needs_word("and")
                left = self.part(syntax.Between(left, low, self.sum()))
            elif self.takes_word("in"):
                left = self.part(syntax.In(left, self.in_tests()))
            else:
                return left

    def in_tests(self) -> syntax.Tests:
        """One test, or several between brackets."""
        begin = self.at
        if self.takes("("):
            with self.inside():
                several = self.several_tests()
                if self.takes(")") and not self.sees("."):
                    return several
            self.at = begin
        return syntax.Tests([self.unary_test()])

    def signs(self, signs: tuple[str, ...], read: Any) -> Node:
        first, others = read(), []
        while (
            sign := next((each for each in signs if self.sees(each)), None)
        ) is not None and not (sign == "*" and self.sees("**")):
            self.at += len(sign)
            self.gap()
            others.append((sign, read()))
            self.part(first)
        return syntax.Sign(first, others) if others else first

    def sum(self) -> Node:
        return self.signs(("+", "-"), self.product)

    def product(self) -> Node:
        return self.signs(("*", "/"), self.power)

    def power(self) -> Node:
        return self.signs(("**",), self.negation)

    def negation(self) -> Node:
        signs = 0
        while self.takes("-"):
            signs += 1
        value = self.instance_of()
        for _ in range(signs):
            value = self.part(syntax.Negated(value))
            if signs > MAX_DEPTH:
                raise ExpressionError("nested_too_deeply")
        return value

    def instance_of(self) -> Node:
        value = self.chain()
        if self.sees_word("instance"):
            self.takes_word("instance")
            self.needs_word("of")
            return self.part(syntax.InstanceOf(value, self.type()))
        return value

    def chain(self) -> Node:
        """A value, then what is asked of it: members, filters, calls."""
        value = self.primary()
        for _ in range(_MAX_CHAIN):
            if self.sees(".") and not self.sees(".."):
                self.takes(".")
                value = self.part(syntax.Path(value, self.member()))
            elif not self.in_interval and self.takes("["):
                with self.inside("item"):
                    outer, self.names = self.names, _Open(self.members, self.names)
                    condition = self.expression()
                    self.names = outer
                self.needs("]")
                value = self.part(syntax.Filter(value, condition))
            elif self.takes("("):
                value = self.call(value)
            else:
                return value
        raise ExpressionError("nested_too_deeply")

    def member(self) -> str:
        found = self.members.longest(self.source, self.at)
        plain = word(self.source, self.at)
        if found is None or found[1] - self.at < len(plain):
            if not plain:
                self.fail()
            found = (plain, self.at + len(plain))
        self.at = found[1]
        self.gap()
        return found[0]

    def call(self, function: Node) -> Node:
        arguments: list[Node] = []
        named: list[str] = []
        while not self.takes(")"):
            if arguments:
                self.needs(",")
            match = self.matched(_NAMED)
            if match:
                named.append(normal(match[1]))
            arguments.append(self.expression())
        if named and len(named) != len(arguments):
            self.fail()
        return self.part(syntax.Call(function, arguments, named or None))

    def primary(self) -> Node:
        if not (self.sees("..")) and (match := self.matched(_NUMBER)):
            value = NUMBERS.create_decimal(match[0])
            if not value.is_finite():
                raise ExpressionError("number_out_of_range")
            return self.part(syntax.Literal(value))
        if self.sees('"'):
            return self.part(syntax.Literal(self.text()))
        if self.takes("@"):
            return self.at_literal()
        if self.takes("["):
            return self.list_or_interval()
        if self.takes("]"):
            with self.inside():
                return self.interval(self.expression(), closed=False)
        if self.takes("("):
            return self.brackets()
        if self.takes("{"):
            return self.context()
        return self.name()

    def text(self) -> str:
        match = self.matched(_TEXT)
        return self.fail() if match is None else self.unescaped(match[1])

    def unescaped(self, raw: str) -> str:
        def one(match: re.Match[str]) -> str:
            code = match[1]
            if len(code) > 1:
                point = int(code[1:], 16)
                return chr(point) if point <= sys.maxunicode else self.fail()
            return _ESCAPES.get(code, match[0])

        text = _ESCAPE.sub(one, raw)
        text = _SURROGATES.sub(
            lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text
        )
        return self.fail() if re.search("[\0\ud800-\udfff]", text) else text

    def at_literal(self) -> Node:
        value = read_moment(self.text())
        return self.part(syntax.Literal(value))

    def list_or_interval(self) -> Node:
        with self.inside():
            items: list[Node] = []
            while not self.takes("]"):
                if items:
                    self.needs(",")
                items.append(self.item())
                if len(items) == 1 and self.sees(".."):
                    return self.interval(items[0], closed=True)
            return self.part(syntax.Items(items))

    def item(self) -> Node:
        """Of a list: an expression, or a unary test that is a range."""
        return self.unary_test() if any(map(self.sees, _COMPARISONS)) else self.expression()

    def interval(self, low: Node, *, closed: bool) -> Node:
        self.needs("..")
        self.in_interval = True  # a bracket that opens closes it
        high = self.expression()
        self.in_interval = False
        ends = next((each for each in ("]", ")", "[") if self.takes(each)), None)
        return (
            self.fail()
            if ends is None
            else self.part(syntax.Interval(low, high, closed, ends == "]"))
        )

    def brackets(self) -> Node:
        with self.inside():
            value = self.item()
            if self.sees(".."):
                return self.interval(value, closed=False)
        self.needs(")")
        return value

    def context(self) -> Node:
        entries: list[tuple[str, Node]] = []
        with self.inside():
            while not self.takes("}"):
                if entries:
                    self.needs(",")
                match = self.matched(_KEY)
                if match is None:
                    self.fail()
                key = self.unescaped(match[1]) if match[1] is not None else normal(match[2])
                if any(key == each for each, _ in entries):
                    self.fail()
                value = self.expression()
                entries.append((key, value))
                self.members.add(key)
                self.names = Names([key], self.names)
        return self.part(syntax.Context(entries))

    def name(self) -> Node:
        found = self.names.longest(self.source, self.at)
        plain = word(self.source, self.at)
        if found is None or found[1] - self.at < len(plain):
            if plain in ("true", "false", "null"):
                self.at += len(plain)
                self.gap()
                return self.part(
                    syntax.Literal({"true": True, "false": False, "null": None}[plain])
                )
            if plain == "function" and self.source[self.at + 8 :].lstrip().startswith("("):
                self.takes_word("function")
                return self.definition()
            if plain in ("if", "for", "some", "every"):
                return self.expression()
            if not plain or (plain in KEYWORDS and plain != "not") or plain[0].isdigit():
                self.fail()
            self.unknown.append(plain)
            found = (plain, self.at + len(plain))
        self.at = found[1]
        self.gap()
        return self.part(syntax.Name(found[0]))

    def definition(self) -> Node:
        self.needs("(")
        names: list[str] = []
        types: list[TypeName | None] = []
        while not self.takes(")"):
            if names:
                self.needs(",")
            match = self.matched(_PARAMETER)
            if match is None:
                self.fail()
            names.append(normal(match[1]))
            types.append(self.type() if self.takes(":") else None)
        if self.sees_word("external"):
            raise ExpressionError("feel_not_evaluated", construct="external")
        with self.inside(*names):
            return self.part(syntax.Definition(names, types, self.expression()))

    # --- types ------------------------------------------------------------------------------------
    def type(self) -> TypeName:
        with self.inside():
            found = self.types.longest(self.source, self.at)
            plain = word(self.source, self.at)
            if found is None or found[1] - self.at < len(plain):
                if not plain:
                    self.fail()
                found = (plain, self.at + len(plain))
            self.at = found[1]
            self.gap()
            while self.sees(".") and not self.sees(".."):  # of an imported model
                self.takes(".")
                found = (f"{found[0]}.{self.member()}", 0)
            name = found[0]
            parts: list[TypeName] = []
            members: list[str] = []
            if self.takes("<"):
                while not self.takes(">"):
                    if parts:
                        self.needs(",")
                    if name == "context":
                        match = self.matched(_KEY)
                        members.append(
                            self.fail() if match is None else normal(match[2] or match[1])
                        )
                    parts.append(self.type())
            if name == "function" and self.takes("->"):
                parts.append(self.type())
            return TypeName(name, tuple(parts), tuple(members))

    # --- unary tests ------------------------------------------------------------------------------
    def unary_tests(self) -> syntax.Tests:
        if self.source.strip() == "-":
            self.at = len(self.source)
            return syntax.Tests(())
        begin = self.at
        if self.takes_word("not") and self.takes("("):
            with self.inside():
                found = self.several_tests()
            if self.takes(")") and self.at == len(self.source):
                return syntax.Tests(found.tests, negated=True)
        self.at = begin
        return self.several_tests()

    def several_tests(self) -> syntax.Tests:
        found = [self.unary_test()]
        while self.takes(","):
            found.append(self.unary_test())
        return syntax.Tests(found)

    def unary_test(self) -> Node:
        sign = next((each for each in _COMPARISONS if self.sees(each)), None)
        if sign is None:
            return self.expression()
        self.at += len(sign)
        self.gap()
        return self.part(syntax.UnaryTest(sign, self.sum()))


class _Open(Names):
    """Inside a filter the members of what is filtered are names too."""

    def __init__(self, members: Names, outer: Names) -> None:
        super().__init__((), outer)
        self._members = members

    def longest_of_its_own(self, text: str, at: int) -> tuple[str, int] | None:
        return self._members.longest(text, at)
