"""Functions of lists and of booleans (DMN 1.5, 10.3.4.2 and 10.3.4.4)."""

import decimal
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from engine.errors import ExpressionError
from engine.feel import arithmetic
from engine.feel.builtins.registry import feel
from engine.feel.values import (
    MAX_LEVELS,
    NUMBERS,
    Feel,
    Function,
    Run,
    both,
    either,
    equal,
    kind,
    number,
    order,
    whole,
)

_A_PAIR: Final = 2  # of parameters
Before = Callable[[Feel, Feel], bool]


@feel("not(negand: any)")
def _not(_: Run, negand: Feel) -> Feel:
    return not negand if isinstance(negand, bool) else None


@feel("list contains(list: list, element: any)")
def _list_contains(run: Run, items: list[Feel], element: Feel) -> Feel:
    return any(equal(run, each, element) is True for each in items)


@feel("count(list: list)")
def _count(_: Run, items: list[Feel]) -> Feel:
    return Decimal(len(items))


def _gathered(given: Sequence[Feel]) -> list[Feel]:
    """`f(list)` or `f(a, b, c)`."""
    return given[0] if len(given) == 1 and isinstance(given[0], list) else list(given)


def _numbers(run: Run, given: Sequence[Feel]) -> list[Decimal] | None:
    """None: something is no number."""
    items = _gathered(given)
    run.spend(len(items))
    return items if all(isinstance(each, Decimal) for each in items) else None


@feel("min(list*: any)")
def _min(run: Run, *given: Feel) -> Feel:
    return _extreme(run, given, -1)


@feel("max(list*: any)")
def _max(run: Run, *given: Feel) -> Feel:
    return _extreme(run, given, 1)


def _extreme(run: Run, given: Sequence[Feel], sign: int) -> Feel:
    items = _gathered(given)
    if not items or kind(items[0]) not in arithmetic.ORDERED:
        return None
    best = items[0]
    for each in items[1:]:
        found = order(run, each, best)
        if found is None:
            return None
        best = each if found == sign else best
    return best


@feel("sum(list*: any)")
def _sum(run: Run, *given: Feel) -> Feel:
    items = _gathered(given)
    if not items:
        return None
    total = items[0]
    if kind(total) not in ("number", "years and months duration", "days and time duration"):
        return None
    for each in items[1:]:
        run.spend()
        total = arithmetic.SIGNS["+"](run, total, each) if kind(each) == kind(total) else None
        if total is None:
            return None
    return total


@feel("mean(list*: any)")
def _mean(run: Run, *given: Feel) -> Feel:
    total = _sum(run, *given)
    return arithmetic.SIGNS["/"](run, total, Decimal(len(_gathered(given))))


@feel("product(list*: any)")
def _product(run: Run, *given: Feel) -> Feel:
    items = _numbers(run, given)
    if not items:
        return None
    total = items[0]
    for each in items[1:]:
        total = NUMBERS.multiply(total, each)
    return number(total)


@feel("median(list*: any)")
def _median(run: Run, *given: Feel) -> Feel:
    items = _numbers(run, given)
    if not items:
        return None
    ordered, middle = sorted(items), len(items) // 2
    return (
        ordered[middle]
        if len(items) % 2
        else NUMBERS.divide(NUMBERS.add(ordered[middle - 1], ordered[middle]), Decimal(2))
    )


@feel("stddev(list*: any)")
def _stddev(run: Run, *given: Feel) -> Feel:
    items = _numbers(run, given)
    if items is None or len(items) <= 1:
        return None
    mean = NUMBERS.divide(_total(items), Decimal(len(items)))
    squares = [
        NUMBERS.multiply(NUMBERS.subtract(each, mean), NUMBERS.subtract(each, mean))
        for each in items
    ]
    return number(NUMBERS.sqrt(NUMBERS.divide(_total(squares), Decimal(len(items) - 1))))


def _total(items: Sequence[Decimal]) -> Decimal:
    total = Decimal(0)
    for each in items:
        total = NUMBERS.add(total, each)
    return total


@feel("mode(list*: any)")
def _mode(run: Run, *given: Feel) -> Feel:
    items = _numbers(run, given)
    if items is None or not given:
        return None
    counts: dict[Decimal, int] = {}
    for each in items:
        counts[each] = counts.get(each, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(value for value, times in counts.items() if times == most)


@feel("all(list*: any|null)")
def _all(_: Run, *given: Feel) -> Feel:
    return _joined(given, empty=True)


@feel("any(list*: any|null)")
def _any(_: Run, *given: Feel) -> Feel:
    return _joined(given, empty=False)


def _joined(given: Sequence[Feel], *, empty: bool) -> Feel:
    if not given or (len(given) == 1 and given[0] is None):
        return None
    found: bool | None = empty
    for each in _gathered(given):
        found = both(found, each) if empty else either(found, each)
    return found


@feel("sublist(list: list, start position: number, length?: number)")
def _sublist(run: Run, items: list[Feel], start: Decimal, length: Decimal | None = None) -> Feel:
    begin, count = whole(start), None if length is None else whole(length)
    if (
        begin is None
        or begin == 0
        or abs(begin) > len(items)
        or (length is not None and (count is None or count < 0))
    ):
        return None
    first = begin - 1 if begin > 0 else len(items) + begin
    if count is not None and first + count > len(items):
        return None
    return run.items(items[first:] if count is None else items[first : first + count])


@feel("append(list: list, item*: any)")
def _append(run: Run, items: list[Feel], *more: Feel) -> Feel:
    return run.items([*items, *more])


@feel("concatenate(list*: list)")
def _concatenate(run: Run, *lists: list[Feel]) -> Feel:
    return run.items([each for items in lists for each in items]) if lists else None


@feel("insert before(list: list, position: number, newItem: any)")
def _insert(run: Run, items: list[Feel], position: Decimal, new: Feel) -> Feel:
    place = _place(items, position)
    return None if place is None else run.items([*items[:place], new, *items[place:]])


def _place(items: Sequence[Feel], position: Decimal) -> int | None:
    """Counted from 1, or backwards from -1."""
    found = whole(position)
    if found is None or found == 0 or abs(found) > len(items):
        return None
    return found - 1 if found > 0 else len(items) + found


@feel("remove(list: list, position: number)")
def _remove(run: Run, items: list[Feel], position: Decimal) -> Feel:
    place = _place(items, position)
    return None if place is None else run.items([*items[:place], *items[place + 1 :]])


@feel(
    "list replace(list: list, position: number, newItem: any)",
    "list replace(list: list, match: function, newItem: any)",
)
def _list_replace(run: Run, items: list[Feel], position: Feel, new: Feel) -> Feel:
    if isinstance(position, Decimal):
        place = _place(items, position.to_integral_value(decimal.ROUND_DOWN))
        return None if place is None else run.items([*items[:place], new, *items[place + 1 :]])
    if not isinstance(position, Function) or len(position.parameters) != _A_PAIR:
        return None
    found = []
    for each in items:
        run.spend()
        answer = position.call(run, [each, new])
        if not isinstance(answer, bool):
            return None
        found.append(new if answer else each)
    return run.items(found)


@feel("reverse(list: list)")
def _reverse(run: Run, items: list[Feel]) -> Feel:
    return run.items(items[::-1])


@feel("index of(list: list, match: any)")
def _index_of(run: Run, items: list[Feel], match: Feel) -> Feel:
    return run.items(
        [Decimal(place) for place, each in enumerate(items, 1) if equal(run, each, match) is True]
    )


@feel("union(list*: list)")
def _union(run: Run, *lists: list[Feel]) -> Feel:
    return _distinct(run, [each for items in lists for each in items]) if lists else None


@feel("distinct values(list: list)")
def _distinct(run: Run, items: list[Feel]) -> Feel:
    found: list[Feel] = []
    for each in items:
        if not any(equal(run, each, other) is True for other in found):
            found.append(each)
    return run.items(found)


@feel("flatten(list: list)")
def _flatten(run: Run, items: list[Feel]) -> Feel:
    return run.items(_flat(run, items, 0))


def _flat(run: Run, items: list[Feel], level: int) -> list[Feel]:
    if level > MAX_LEVELS:
        raise ExpressionError("nested_too_deeply")
    found: list[Feel] = []
    for each in items:
        run.spend()
        found += _flat(run, each, level + 1) if isinstance(each, list) else [each]
    return found


@feel("sort(list: list, precedes?: function)")
def _sort(run: Run, items: list[Feel], precedes: Function | None = None) -> Feel:
    """Stable, by merging: what `precedes` is asked is bounded whatever it answers."""
    if precedes is not None and len(precedes.parameters) != _A_PAIR:
        return None
    if precedes is None and any(order(run, one, items[0]) is None for one in items):
        return None

    def before(one: Feel, other: Feel) -> bool:
        run.spend()
        return (
            order(run, one, other) == -1
            if precedes is None
            else precedes.call(run, [one, other]) is True
        )

    return run.items(_merged([[each] for each in items], before))


def _merged(runs: list[list[Feel]], before: Before) -> list[Feel]:
    while len(runs) > 1:
        pairs = [runs[place : place + 2] for place in range(0, len(runs), 2)]
        runs = [_merge(pair[0], pair[1], before) if pair[1:] else pair[0] for pair in pairs]
    return runs[0] if runs else []


def _merge(left: list[Feel], right: list[Feel], before: Before) -> list[Feel]:
    found, one, other = [], 0, 0
    while one < len(left) and other < len(right):
        if before(right[other], left[one]):
            found.append(right[other])
            other += 1
        else:
            found.append(left[one])
            one += 1
    return found + left[one:] + right[other:]
