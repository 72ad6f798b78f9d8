"""Functions of ranges (DMN 1.5, 10.3.4.9): Allen's relations between points and ranges, or between
ranges."""

from collections.abc import Callable
from decimal import Decimal

from engine.errors import ExpressionError
from engine.feel import syntax
from engine.feel.builtins.registry import FUNCTIONS, feel
from engine.feel.names import Names
from engine.feel.parser import expression
from engine.feel.values import OPEN, Feel, Range, Run, compare, kind

Test = Callable[[Run, Range, Range], Feel]


def _ranges(one: Feel, other: Feel) -> tuple[Range, Range] | None:
    """Both as ranges: a point is a closed range of itself. None: one of them is unbounded or
    null."""
    found = []
    for value in (one, other):
        span = value if isinstance(value, Range) else Range(value, value)
        if span.sign == "!=" or any(end is None or end is OPEN for end in (span.low, span.high)):
            return None
        found.append(span)
    return (found[0], found[1]) if kind(found[0].low) == kind(found[1].low) else None


def _less(run: Run, one: Feel, other: Feel) -> bool:
    return compare(run, "<", one, other) is True


def _same(run: Run, one: Feel, other: Feel) -> bool:
    return compare(run, "=", one, other) is True


def _relation(name: str, parameters: str, test: Test) -> None:
    @feel(f"{name}({parameters})")
    def call(run: Run, one: Feel, other: Feel) -> Feel:
        found = _ranges(one, other)
        return None if found is None else test(run, *found)


def _before(run: Run, one: Range, other: Range) -> bool:
    return _less(run, one.high, other.low) or (
        _same(run, one.high, other.low) and not (one.high_closed and other.low_closed)
    )


def _meets(run: Run, one: Range, other: Range) -> bool:
    return one.high_closed and other.low_closed and _same(run, one.high, other.low)


def _starts_before(run: Run, one: Range, other: Range) -> bool:
    return _less(run, one.low, other.low) or (
        _same(run, one.low, other.low) and one.low_closed and not other.low_closed
    )


def _ends_before(run: Run, one: Range, other: Range) -> bool:
    return _less(run, one.high, other.high) or (
        _same(run, one.high, other.high) and other.high_closed and not one.high_closed
    )


def _overlaps(run: Run, one: Range, other: Range) -> bool:
    return not _before(run, one, other) and not _before(run, other, one)


def _same_start(run: Run, one: Range, other: Range) -> bool:
    return one.low_closed == other.low_closed and _same(run, one.low, other.low)


def _same_end(run: Run, one: Range, other: Range) -> bool:
    return one.high_closed == other.high_closed and _same(run, one.high, other.high)


def _includes(run: Run, one: Range, other: Range) -> bool:
    return not _starts_before(run, other, one) and not _ends_before(run, one, other)


def _finishes(run: Run, one: Range, other: Range) -> bool:
    return _same_end(run, one, other) and not _starts_before(run, one, other)


def _starts(run: Run, one: Range, other: Range) -> bool:
    return _same_start(run, one, other) and not _ends_before(run, other, one)


def _coincides(run: Run, one: Range, other: Range) -> bool:
    return _same_start(run, one, other) and _same_end(run, one, other)


def _overlaps_before(run: Run, one: Range, other: Range) -> bool:
    return (
        _overlaps(run, one, other)
        and _starts_before(run, one, other)
        and not _ends_before(run, other, one)
    )


def _turned(test: Test) -> Test:
    return lambda run, one, other: test(run, other, one)


_TWO = "range1: range, range2: range"
_relation("before", "point1: any, point2: any", _before)
_relation("after", "point1: any, point2: any", _turned(_before))
_relation("meets", _TWO, _meets)
_relation("met by", _TWO, _turned(_meets))
_relation("overlaps", _TWO, _overlaps)
_relation("overlaps before", _TWO, _overlaps_before)
_relation("overlaps after", _TWO, _turned(_overlaps_before))
_relation("finishes", "point: any, range: range", _finishes)
_relation("finished by", "range: range, point: any", _turned(_finishes))
_relation("includes", "range: range, point: any", _includes)
_relation("during", "point: any, range: range", _turned(_includes))
_relation("starts", "point: any, range: range", _starts)
_relation("started by", "range: range, point: any", _turned(_starts))
_relation("coincides", "point1: any, point2: any", _coincides)


_OF_TEXT = frozenset({"date", "time", "date and time", "duration"})


@feel("range(from: string)")
def _range(run: Run, text: str) -> Feel:
    """A range as FEEL writes it, of literals only."""
    run.spend(1 + len(text))
    try:
        tree, _ = expression(text, Names(_OF_TEXT))
    except ExpressionError:
        return None
    if not isinstance(tree, syntax.Interval):
        return None
    low, high = _end(run, tree.low), _end(run, tree.high)
    if low is None or high is None or compare(run, "<=", low, high) is not True:
        return None
    return Range(low, high, tree.low_closed, tree.high_closed)


def _end(run: Run, node: syntax.Node) -> Feel:
    match node:
        case syntax.Literal(value):
            return value
        case syntax.Negated(syntax.Literal(Decimal() as value)):
            return -value
        case syntax.Call(syntax.Name(name), [syntax.Literal(str() as text)], None) if (
            name in _OF_TEXT
        ):
            return FUNCTIONS[name].call(run, [text])
    return None
