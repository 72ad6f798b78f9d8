"""Plays all ways a scope can go, to find a parallel join that would wait for ever."""

import itertools
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Final

from engine.model import xml
from engine.model.graph import Flow
from engine.model.graph import Scope
from engine.model.graph import started_together

MAX_STATES: Final = 2_000
MAX_TOKENS: Final = 8
MAX_PARTS: Final = 6  # 64 ways are enough

Marking = frozenset[tuple[str, int]]  # flow -> tokens on it


def find_deadlock(scope: Scope) -> str | None:
    """The join at which tokens wait while nothing else can move. None: no such end, or too many ways to try all."""
    begins = [scope.roots()] if scope.implicit_ends else _begins(scope)
    return next(filter(None, (_from(scope, together) for together in begins)), None)


def _begins(scope: Scope) -> list[list[str]]:
    """Each start by itself, but those that one instance awaits together."""
    groups: dict[str, list[str]] = {}
    for start in scope.starts():
        groups.setdefault(started_together(scope.nodes[start]) or start, []).append(start)
    return list(groups.values())


def _from(scope: Scope, starts: list[str]) -> str | None:
    by_id = {flow.id: flow for flow in scope.flows}
    first: Marking = frozenset((flow.id, 1) for start in starts for flow in scope.outgoing(start))
    seen, todo = {first}, [first]
    while todo and len(seen) < MAX_STATES:
        marking = todo.pop()
        following = [*_moves(scope, by_id, marking)]
        if marking and not following:
            waiting = {flow_id for flow_id, _ in marking}
            return next(flow.target for flow in scope.flows if flow.id in waiting)
        for each in following:
            if each not in seen and sum(n for _, n in each) <= MAX_TOKENS:
                seen.add(each)
                todo.append(each)
    return None


def _moves(scope: Scope, by_id: Mapping[str, Flow], marking: Marking) -> Iterator[Marking]:
    tokens = dict(marking)
    for target in {by_id[id_].target for id_ in tokens}:
        incoming = [flow.id for flow in scope.incoming(target)]
        here = [id_ for id_ in incoming if id_ in tokens]
        match scope.kind(target):
            case "parallelGateway":
                if len(here) == len(incoming):
                    yield _after(tokens, here, [flow.id for flow in scope.outgoing(target)])
            case "inclusiveGateway":
                yield from _inclusive(scope, target, tokens, here)
            case "complexGateway" if len(incoming) > 1:
                yield from _complex(scope, target, tokens, here)
            case _:
                taken = _enough(tokens, here, _quantity(scope, target, "startQuantity"))
                for ids in taken:
                    yield from _single(scope, target, tokens, ids)


def _quantity(scope: Scope, id_: str, attribute: str) -> int:
    text = scope.nodes[id_].get(attribute, "1")
    return max(int(text), 1) if text.isdecimal() else 1


def _enough(tokens: dict[str, int], here: list[str], needed: int) -> list[list[str]]:
    """The tokens that an activity takes when it starts: one of any flow, or as many as it needs of all together."""
    if needed == 1:
        return [[id_] for id_ in here]
    all_ = [id_ for id_ in here for _ in range(tokens[id_])]
    return [all_[:needed]] if len(all_) >= needed else []


def _single(scope: Scope, target: str, tokens: dict[str, int], taken: list[str]) -> Iterator[Marking]:
    """Exclusive choices, activities (done, or interrupted by a boundary event), events."""
    outgoing = [each.id for source in (target, *scope.linked(target)) for each in scope.outgoing(source)]
    if scope.kind(target) == "complexGateway":
        yield from (_after(tokens, taken, chosen) for chosen in _subsets(outgoing))
    elif scope.kind(target) in ("exclusiveGateway", "eventBasedGateway"):
        yield from (_after(tokens, taken, [each]) for each in outgoing)
    else:
        for each in _implicit(scope, target, outgoing):
            chosen = each * _quantity(scope, target, "completionQuantity")
            yield _after(tokens, taken, chosen)
            for boundary in scope.boundaries(target):
                aside = [each.id for each in scope.outgoing(boundary)]
                if not aside:
                    continue  # compensation: nothing happens while the activity runs
                interrupts = not xml.is_false(scope.nodes[boundary], "cancelActivity")
                yield _after(tokens, taken, aside if interrupts else chosen + aside)


def _implicit(scope: Scope, target: str, outgoing: list[str]) -> Iterator[list[str]]:
    """Several flows out of an activity: all of them, or with conditions any of them."""
    if any(flow.condition is not None for flow in scope.outgoing(target)):
        yield from _subsets(outgoing)
    else:
        yield outgoing


def _inclusive(scope: Scope, target: str, tokens: dict[str, int], here: list[str]) -> Iterator[Marking]:
    """Approximation: the join may fire when no other token can still arrive; what cannot be seen so is left to the run."""
    others = [flow for flow in scope.flows if flow.id in tokens and flow.id not in here]
    if not any(_leads(scope, flow.target, target) for flow in others):
        for chosen in _subsets([flow.id for flow in scope.outgoing(target)]):
            yield _after(tokens, here, chosen)


def _complex(scope: Scope, target: str, tokens: dict[str, int], here: list[str]) -> Iterator[Marking]:
    """Approximation: it goes on with what has come, or takes one that came late."""
    for chosen in _subsets([flow.id for flow in scope.outgoing(target)]):
        yield _after(tokens, here, chosen)
    yield from (_after(tokens, [id_], []) for id_ in here)


def _leads(scope: Scope, source: str, target: str) -> bool:
    seen, todo = {source}, [source]
    while todo:
        id_ = todo.pop()
        if id_ == target:
            return True
        following = [flow.target for flow in scope.outgoing(id_)] + scope.linked(id_)
        following += [flow.target for boundary in scope.boundaries(id_) for flow in scope.outgoing(boundary)]
        new = [each for each in following if each not in seen]
        seen.update(new)
        todo += new
    return False


def _subsets(items: list[str]) -> Iterator[list[str]]:
    if len(items) > MAX_PARTS:
        yield items
        return
    for size in range(1, len(items) + 1):
        yield from map(list, itertools.combinations(items, size))


def _after(tokens: dict[str, int], taken: list[str], given: list[str]) -> Marking:
    result = dict(tokens)
    for id_ in taken:
        result[id_] -= 1
    for id_ in given:
        result[id_] = result.get(id_, 0) + 1
    return frozenset((id_, number) for id_, number in result.items() if number)
