"""What a FEEL tree does (DMN 1.5, 10.3.2): it is compiled once to closures and then gives a value
for the names that it sees.

What the standard gives no value is null, as it says; what is too large stops with an
ExpressionError.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from engine.errors import ExpressionError
from engine.feel import arithmetic, syntax, types
from engine.feel.moments import Date
from engine.feel.properties import member
from engine.feel.syntax import Node
from engine.feel.types import Type
from engine.feel.values import (
    LEFT_OUT,
    MAX_CALLS,
    OPEN,
    Code,
    Env,
    Feel,
    Function,
    Range,
    as_list,
    both,
    compare,
    either,
    equal,
    kind,
    within,
)

TESTED: Final = "?"
PARTIAL: Final = "partial"


def compiled(node: Node, known: Mapping[str, Type]) -> Code:
    """`known`: the types that it may name."""
    return _Compiler(known).code(node)


class _Compiler:
    def __init__(self, known: Mapping[str, Type]) -> None:
        self.known = known

    def code(self, node: Node) -> Code:
        make = _MAKERS[type(node)]
        return make(self, node)

    def literal(self, node: syntax.Literal) -> Code:
        value = node.value
        return lambda _: value

    def name(self, node: syntax.Name) -> Code:
        name = node.name

        def look(env: Env) -> Feel:
            env.run.spend()
            return env.get(name)

        return look

    def path(self, node: syntax.Path) -> Code:
        base, name = self.code(node.base), node.member
        return lambda env: member(env.run, base(env), name)

    def negated(self, node: syntax.Negated) -> Code:
        value = self.code(node.value)
        return lambda env: arithmetic.negated(value(env))

    def sign(self, node: syntax.Sign) -> Code:
        first = self.code(node.first)
        others = [(arithmetic.SIGNS[sign], self.code(each)) for sign, each in node.others]

        def reckon(env: Env) -> Feel:
            value = first(env)
            for operation, other in others:
                env.run.spend()
                value = operation(env.run, value, other(env))
            return value

        return reckon

    def comparison(self, node: syntax.Comparison) -> Code:
        sign, left, right = node.sign, self.code(node.left), self.code(node.right)
        return lambda env: compare(env.run, sign, left(env), right(env))

    def logic(self, node: syntax.Logic) -> Code:
        parts = [self.code(part) for part in node.parts]
        join, stop = (both, False) if node.word == "and" else (either, True)

        def decide(env: Env) -> Feel:
            found: Feel = not stop
            for part in parts:
                found = join(found, part(env))
                if found is stop:
                    return found
            return found

        return decide

    def between(self, node: syntax.Between) -> Code:
        value, low, high = self.code(node.value), self.code(node.low), self.code(node.high)

        def test(env: Env) -> Feel:
            found = value(env)
            return both(
                compare(env.run, ">=", found, low(env)), compare(env.run, "<=", found, high(env))
            )

        return test

    # --- unary tests ------------------------------------------------------------------------------
    def in_(self, node: syntax.In) -> Code:
        value, test = self.code(node.value), self.code(node.tests)
        return lambda env: test(Env(env.run, {TESTED: value(env)}, env))

    def tests(self, node: syntax.Tests) -> Code:
        parts = [self.test(each) for each in node.tests]
        if not parts:
            return lambda _: True

        def any_of(env: Env) -> Feel:
            found: Feel = False
            for part in parts:
                found = either(found, part(env))
                if found is True:
                    return True
            return found

        return (lambda env: _opposite(any_of(env))) if node.negated else any_of

    def test(self, node: Node) -> Code:
        """10.3.2.8: a value that is tested against, a list or range of them, or itself true or
        false of `?`."""
        if isinstance(node, syntax.UnaryTest):
            sign, bound = node.sign, self.code(node.bound)
            return lambda env: compare(env.run, sign, env.get(TESTED), bound(env))
        value = self.code(node)
        if reads(node, TESTED):
            return lambda env: found if isinstance(found := value(env), bool) else None
        return lambda env: _accepts(env, value(env))

    def unary_test(self, node: syntax.UnaryTest) -> Code:
        """As a value: a range."""
        sign, bound = node.sign, self.code(node.bound)
        return lambda env: None if (end := bound(env)) is None else _OPEN_RANGES[sign](end)

    def interval(self, node: syntax.Interval) -> Code:
        low, high = self.code(node.low), self.code(node.high)

        def span(env: Env) -> Feel:
            ends = low(env), high(env)
            sound = all(
                end is None or kind(end) in arithmetic.ORDERED for end in ends
            ) and ends != (None, None)
            if sound and None not in ends:
                sound = compare(env.run, "<=", *ends) is True
            return Range(*ends, node.low_closed, node.high_closed) if sound else None

        return span

    # --- control ----------------------------------------------------------------------------------
    def if_(self, node: syntax.If) -> Code:
        condition, then, otherwise = (
            self.code(node.condition),
            self.code(node.then),
            self.code(node.otherwise),
        )
        return lambda env: then(env) if condition(env) is True else otherwise(env)

    def for_(self, node: syntax.For) -> Code:
        iterators = [
            (each.name, self.code(each.items), self.code(each.high) if each.high else None)
            for each in node.iterators
        ]
        return iterate(
            node.word, iterators, self.code(node.body), partial=reads(node.body, PARTIAL)
        )

    def definition(self, node: syntax.Definition) -> Code:
        body, names = self.code(node.body), tuple(node.parameters)
        wanted = [None if each is None else types.resolve(each, self.known) for each in node.types]

        def make(env: Env) -> Feel:
            def call(run: Any, arguments: Sequence[Feel]) -> Feel:
                given = types.taken(run, names, arguments, wanted)
                return None if given is None else body(Env(run, given, env))

            own = tuple(each or types.ANY for each in wanted)
            return Function(names, call, len(names), types=(*own, types.ANY))

        return make

    def call(self, node: syntax.Call) -> Code:
        function, arguments = self.code(node.function), [self.code(each) for each in node.arguments]
        named = node.named

        def call(env: Env) -> Feel:
            found = function(env)
            given = [argument(env) for argument in arguments]
            return invoke(env, found, given, named)

        return call

    def filter(self, node: syntax.Filter) -> Code:
        return choose(self.code(node.base), self.code(node.condition))

    # --- collections ------------------------------------------------------------------------------
    def items(self, node: syntax.Items) -> Code:
        items = [self.code(each) for each in node.items]
        return lambda env: env.run.items([item(env) for item in items])

    def context(self, node: syntax.Context) -> Code:
        entries = [(name, self.code(each)) for name, each in node.entries]

        def make(env: Env) -> Feel:
            found: dict[str, Feel] = {}
            inner = Env(env.run, found, env)
            for name, value in entries:
                env.run.spend()
                found[name] = value(inner)
            return found

        return make

    def instance_of(self, node: syntax.InstanceOf) -> Code:
        value, wanted = self.code(node.value), types.resolve(node.type, self.known)

        def test(env: Env) -> Feel:
            found = value(env)
            if found is None:
                return wanted.name == "null"
            return types.fits(env.run, found, wanted)

        return test


_MAKERS: Final[dict[type, Callable[[_Compiler, Any], Code]]] = {
    syntax.Literal: _Compiler.literal,
    syntax.Name: _Compiler.name,
    syntax.Path: _Compiler.path,
    syntax.Filter: _Compiler.filter,
    syntax.Call: _Compiler.call,
    syntax.Sign: _Compiler.sign,
    syntax.Negated: _Compiler.negated,
    syntax.Comparison: _Compiler.comparison,
    syntax.Logic: _Compiler.logic,
    syntax.Between: _Compiler.between,
    syntax.Tests: _Compiler.tests,
    syntax.In: _Compiler.in_,
    syntax.UnaryTest: _Compiler.unary_test,
    syntax.Interval: _Compiler.interval,
    syntax.If: _Compiler.if_,
    syntax.For: _Compiler.for_,
    syntax.Definition: _Compiler.definition,
    syntax.Items: _Compiler.items,
    syntax.Context: _Compiler.context,
    syntax.InstanceOf: _Compiler.instance_of,
}


def reads(node: Any, name: str) -> bool:
    """Whether a tree names this, at whatever place."""
    return (isinstance(node, syntax.Name) and node.name == name) or any(
        reads(each, name) for each in syntax.inside(node)
    )


def _opposite(value: Feel) -> bool | None:
    return not value if isinstance(value, bool) else None


def _accepts(env: Env, wanted: Feel) -> Feel:
    """Whether a value, a range or a list of such accepts what is tested."""
    tested = env.get(TESTED)
    if isinstance(wanted, Range) and not isinstance(tested, Range):
        return within(env.run, tested, wanted)
    same = equal(env.run, tested, wanted)
    if same is True or not isinstance(wanted, list):
        return same
    return any(
        (within(env.run, tested, each) if isinstance(each, Range) else equal(env.run, tested, each))
        is True
        for each in wanted
    )


_OPEN_RANGES: Final[dict[str, Callable[[Feel], Range]]] = {
    "<": lambda bound: Range(OPEN, bound, low_closed=False, high_closed=False),
    "<=": lambda bound: Range(OPEN, bound, low_closed=False, high_closed=True),
    ">": lambda bound: Range(bound, OPEN, low_closed=False, high_closed=False),
    ">=": lambda bound: Range(bound, OPEN, low_closed=True, high_closed=False),
    "=": lambda bound: Range(bound, bound, sign="="),
    "!=": lambda bound: Range(bound, bound, sign="!="),
}


# --- rounds of for, some, every -------------------------------------------------------------------
Each = tuple[str, Code, Code | None]  # name, items or first, last


def iterate(
    word: str, iterators: Sequence[Each], body: Code, *, partial: bool = True, boxed: bool = False
) -> Code:
    """`word`: for, some or every. `partial`: the body may ask for what was found so far.

    `boxed`: what is no boolean makes the whole null (TCK 1153).
    """

    def collect(env: Env) -> Feel:
        found: list[Feel] = []
        rounds = _rounds(env, iterators)
        if rounds is None:
            return None
        for one in rounds:
            seen = Env(env.run, {PARTIAL: env.run.items([*found])}, one) if partial else one
            found.append(body(seen))
            if len(found) % 100 == 0:
                env.run.items(found)
        return env.run.items(found)

    def judge(env: Env) -> Feel:
        found: bool | None = word == "every"
        rounds = _rounds(env, iterators)
        if rounds is None:
            return None
        for one in rounds:
            answer = body(one)
            if boxed and not isinstance(answer, bool):
                return None
            found = both(found, answer) if word == "every" else either(found, answer)
            if found is (word == "some"):
                return found
        return found

    return collect if word == "for" else judge


def _rounds(env: Env, iterators: Sequence[Each]) -> Iterator[Env] | None:
    """One environment for each combination; later iterators see the earlier names. None: something
    is no list."""
    name, low, high = iterators[0]
    items = low(env) if high is None else _counted(low(env), high(env))
    if isinstance(items, Range):
        items = _counted(items.low, items.high, (not items.low_closed, not items.high_closed))
    if items is None:
        return None
    found = items if isinstance(items, (list, itertools.chain)) else [items]
    return _combined(env, name, found, iterators[1:])


def _combined(env: Env, name: str, items: Any, others: Sequence[Each]) -> Iterator[Env]:
    for item in items:
        env.run.spend()
        one = Env(env.run, {name: item}, env)
        if not others:
            yield one
            continue
        inner = _rounds(one, others)
        if inner is None:
            raise ExpressionError("feel_not_evaluated", construct="for … in null")
        yield from inner


def _counted(low: Feel, high: Feel, leave: tuple[bool, bool] = (False, False)) -> Any:
    """Whole numbers, or days, from one to the other, upwards or downwards."""
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        first, last = arithmetic.whole(low), arithmetic.whole(high)
        make: Callable[[int], Feel] = Decimal
    elif isinstance(low, Date) and isinstance(high, Date):
        first, last, make = low.days, high.days, arithmetic.date_of
    else:
        return None
    if first is None or last is None:
        return None
    step = 1 if first <= last else -1
    first, last = first + step * leave[0], last - step * leave[1]
    return itertools.chain(make(each) for each in range(first, last + step, step))


# --- filters --------------------------------------------------------------------------------------
def choose(base: Code, condition: Code, *, boxed: bool = False) -> Code:
    """`boxed`: a condition that gives neither a boolean nor null makes the whole null (TCK
    1151)."""

    def chosen(env: Env) -> Feel:
        items = base(env)
        return (
            _null_filtered(env, condition)
            if items is None
            else _chosen(env, as_list(items), condition, boxed=boxed)
        )

    return chosen


def _null_filtered(env: Env, condition: Code) -> Feel:
    """10.3.2.5: null is a list without an item, unless it is filtered by place."""
    found = condition(Env(env.run, {"item": None}, env))
    return None if isinstance(found, Decimal) else []


def _chosen(env: Env, items: list[Feel], condition: Code, *, boxed: bool) -> Feel:
    """The item at a place, counted from 1 or backwards from -1; or those for which the condition is
    true."""
    if not items:
        place = condition(Env(env.run, {"item": None}, env))
        return None if isinstance(place, Decimal) else []
    found: list[Feel] = []
    for number, item in enumerate(items):
        env.run.spend()
        names = {"item": item, **item} if isinstance(item, dict) else {"item": item}
        answer = condition(Env(env.run, names, env))
        if number == 0 and isinstance(answer, Decimal):
            return _at(items, answer)
        if boxed and answer is not None and not isinstance(answer, bool):
            return None
        if answer is True:
            found.append(item)
    return found


def _at(items: list[Feel], place: Decimal) -> Feel:
    number = arithmetic.whole(place)
    if number is None or number == 0 or abs(number) > len(items):
        return None
    return items[number - 1 if number > 0 else number]


# --- calls ----------------------------------------------------------------------------------------
def invoke(
    env: Env, function: Feel, given: Sequence[Feel], named: Sequence[str] | None = None
) -> Feel:
    """null for what is no function, or does not take these arguments."""
    if not isinstance(function, Function):
        return None
    chosen = next(
        (
            (each, found)
            for each in (function, *function.others)
            if (found := _arguments(each, given, named)) is not None
        ),
        None,
    )
    if chosen is None:
        return None
    run = env.run
    run.spend()
    run.calls += 1
    if run.calls > MAX_CALLS:
        raise ExpressionError("nested_too_deeply")
    try:
        return chosen[0].call(run, chosen[1])
    finally:
        run.calls -= 1


def _arguments(
    function: Function, given: Sequence[Feel], named: Sequence[str] | None
) -> Sequence[Feel] | None:
    """The arguments in the order of the parameters; None: not this way."""
    if named is not None:
        return _by_name(function, named, given)
    if function.others and function.takes is not None and not function.takes(given):
        return None
    few, many = (
        len(given) < function.least,
        len(given) > len(function.parameters) and not function.variadic,
    )
    return None if few or many else given


def _by_name(function: Function, named: Sequence[str], given: Sequence[Feel]) -> list[Feel] | None:
    if not set(named) <= set(function.parameters) or len(set(named)) < len(named):
        return None
    values = dict(zip(named, given, strict=True))
    if any(name not in values for name in function.parameters[: function.least]):
        return None
    last = max(place for place, name in enumerate(function.parameters) if name in values)
    return [values.get(name, LEFT_OUT) for name in function.parameters[: last + 1]]
