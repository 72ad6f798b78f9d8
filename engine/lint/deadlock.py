"""Plays all ways a scope can go, to find a join that would wait for ever."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Final

from lxml import etree

from engine.model import xml
from engine.model.graph import (
    Flow,
    Scope,
    event_definitions,
    is_event_sub_process,
    started_together,
)

MAX_STATES: Final = 2_000
MAX_TOKENS: Final = 8
MAX_PARTS: Final = 6  # 64 ways are enough

Marking = frozenset[tuple[str, int]]  # flow -> tokens on it
# the flows into a gateway by which a token on a flow may still come
Reached = Callable[[Flow, str], frozenset[str]]
OVER: Final[Marking] = frozenset()  # no token left, or an end that stops the scope
STOPS: Final = frozenset(
    {"terminateEventDefinition", "errorEventDefinition", "cancelEventDefinition"}
)


@dataclass(frozen=True, slots=True)
class Stuck:
    """Tokens wait at this element while nothing else can move: `always`, whatever way the scope
    goes, or only on some ways."""

    element: str
    always: bool


@dataclass(frozen=True, slots=True)
class _Node:
    """What of an element stays the same while its scope is played."""

    kind: str
    incoming: list[str]
    outgoing: list[str]
    needed: int  #: tokens that it takes when it starts
    given: list[list[str]]  #: each way to leave it: the flows on which it puts a token
    stops: bool
    may_stop: bool


def find_deadlock(scope: Scope) -> Stuck | None:
    """None: no such end, or too many ways to try all. Of several elements the first of the file is
    named."""
    begins = [scope.roots()] if scope.implicit_start else _begins(scope)
    found = [each for each in (_from(scope, together) for together in begins) if each is not None]
    return next((each for each in found if each.always), found[0] if found else None)


def _begins(scope: Scope) -> list[list[str]]:
    """Each start by itself, but those that one instance awaits together."""
    groups: dict[str, list[str]] = {}
    for start in scope.starts():
        groups.setdefault(started_together(scope.nodes[start]) or start, []).append(start)
    return list(groups.values())


def _from(scope: Scope, starts: list[str]) -> Stuck | None:
    """Every marking that can be reached from these starts, up to a number that nobody waits for."""
    reached, node_of = cache(partial(_reached, scope)), cache(partial(_node, scope))
    first: Marking = frozenset((flow.id, 1) for start in starts for flow in scope.outgoing(start))
    seen, todo, waiting = {first}, [first], set[str]()
    while todo and len(seen) < MAX_STATES:
        marking = todo.pop()
        following = [*_moves(scope, node_of, reached, marking)]
        if marking and not following:
            waiting |= {flow_id for flow_id, _ in marking}
        for each in following:
            if each not in seen and sum(n for _, n in each) <= MAX_TOKENS:
                seen.add(each)
                todo.append(each)
    if not waiting:
        return None
    element = next(flow.target for flow in scope.flows if flow.id in waiting)
    return Stuck(element, always=OVER not in seen and not todo)


def _node(scope: Scope, id_: str) -> _Node:
    throws = scope.kind(id_) in ("endEvent", "intermediateThrowEvent")
    return _Node(
        scope.kind(id_),
        [flow.id for flow in scope.incoming(id_)],
        [flow.id for flow in scope.outgoing(id_)],
        _quantity(scope, id_, "startQuantity"),
        [*_given(scope, id_)],
        stops=throws and _stops(scope, id_),
        may_stop=throws and _may_stop(scope, id_),
    )


def _moves(
    scope: Scope, node_of: Callable[[str], _Node], reached: Reached, marking: Marking
) -> Iterator[Marking]:
    tokens = dict(marking)
    for target in dict.fromkeys(flow.target for flow in scope.flows if flow.id in tokens):
        node = node_of(target)
        here = [id_ for id_ in node.incoming if id_ in tokens]
        match node.kind:
            case "parallelGateway":
                if len(here) == len(node.incoming):
                    yield _after(tokens, here, node.outgoing)
            case "inclusiveGateway":
                yield from _inclusive(scope, target, reached, tokens)
            case "complexGateway" if len(node.incoming) > 1:
                yield from _complex(node, tokens, here)
            case _ if node.stops:
                yield OVER
            case _:
                for ids in _enough(tokens, here, node.needed):
                    yield from (_after(tokens, ids, given) for given in node.given)
                if node.may_stop:
                    yield OVER


def _stops(scope: Scope, id_: str) -> bool:
    """10.5.3: terminate, error and cancel end the scope, and so does an escalation that is caught
    by something that interrupts it."""
    thrown = event_definitions(scope.nodes[id_])
    if scope.kind(id_) == "endEvent" and any(xml.local(each) in STOPS for each in thrown):
        return True
    return any(
        _interrupts(scope, each) is True
        for each in thrown
        if xml.local(each) == "escalationEventDefinition"
    )


def _may_stop(scope: Scope, id_: str) -> bool:
    """An escalation that nothing in this process catches: who calls the process may interrupt
    it."""
    thrown = event_definitions(scope.nodes[id_])
    return any(
        _interrupts(scope, each) is None
        for each in thrown
        if xml.local(each) == "escalationEventDefinition"
    )


def _interrupts(scope: Scope, thrown: etree._Element) -> bool | None:
    """Whether what catches an escalation of this scope, inside it or further outwards, ends the
    scope. None: nothing here catches it."""
    inside: etree._Element | None = scope.node
    while inside is not None and xml.local(inside) not in ("definitions", ""):
        starts = (
            start
            for each in xml.children(inside, "subProcess")
            if is_event_sub_process(each)
            for start in xml.children(each, "startEvent")
        )
        for catcher, attribute in (
            *((each, "isInterrupting") for each in starts),
            *((each, "cancelActivity") for each in _attached(inside)),
        ):
            if _catches(catcher, thrown):
                return not xml.is_false(catcher, attribute)
        inside = inside.getparent()
    return None


def _attached(activity: etree._Element) -> list[etree._Element]:
    around = activity.getparent()
    if around is None:
        return []
    return [
        each
        for each in xml.children(around, "boundaryEvent")
        if each.get("attachedToRef") == activity.get("id")
    ]


def _catches(catcher: etree._Element, thrown: etree._Element) -> bool:
    """10.5.6: by the same escalation, or by a catcher that names none, or one without a code."""
    caught = [
        each
        for each in event_definitions(catcher)
        if xml.local(each) == "escalationEventDefinition"
    ]
    root = catcher.getroottree().getroot()
    open_ = {
        None,
        *(
            each.get("id")
            for each in xml.children(root, "escalation")
            if not each.get("escalationCode")
        ),
    }
    return any(
        each.get("escalationRef") in {*open_, thrown.get("escalationRef")} for each in caught
    )


def _quantity(scope: Scope, id_: str, attribute: str) -> int:
    text = scope.nodes[id_].get(attribute, "1")
    return max(int(text), 1) if text.isdecimal() else 1


def _enough(tokens: dict[str, int], here: list[str], needed: int) -> list[list[str]]:
    """The tokens that an activity takes when it starts: one of any flow, or as many as it needs of
    all together."""
    if needed == 1:
        return [[id_] for id_ in here]
    all_ = [id_ for id_ in here for _ in range(tokens[id_])]
    return [all_[:needed]] if len(all_) >= needed else []


def _given(scope: Scope, target: str) -> Iterator[list[str]]:
    """Exclusive choices, activities (done, or interrupted by a boundary event), events."""
    outgoing = [
        each.id for source in (target, *scope.linked(target)) for each in scope.outgoing(source)
    ]
    if scope.kind(target) == "complexGateway":
        yield from _subsets(outgoing)
    elif scope.kind(target) in ("exclusiveGateway", "eventBasedGateway"):
        yield from ([[each] for each in outgoing] or [[]])
    else:
        for each in _implicit(scope, target, outgoing):
            chosen = each * _quantity(scope, target, "completionQuantity")
            yield chosen
            for boundary in scope.boundaries(target):
                aside = [each.id for each in scope.outgoing(boundary)]
                if not aside:
                    continue  # compensation: nothing happens while the activity runs
                interrupts = not xml.is_false(scope.nodes[boundary], "cancelActivity")
                yield aside if interrupts else chosen + aside


def _implicit(scope: Scope, target: str, outgoing: list[str]) -> Iterator[list[str]]:
    """Several flows out of an activity: all of them, or with conditions any of them."""
    if any(flow.condition is not None for flow in scope.outgoing(target)):
        yield from _subsets(outgoing)
    else:
        yield outgoing


def _inclusive(
    scope: Scope, target: str, reached: Reached, tokens: dict[str, int]
) -> Iterator[Marking]:
    """13.4.4, as the run does it: awaited is a token elsewhere that may still come by an empty
    flow, and not by one that has one."""
    incoming = [flow.id for flow in scope.incoming(target)]
    here = [id_ for id_ in incoming if id_ in tokens]
    empty = set(incoming).difference(here)
    for ways in (
        reached(flow, target)
        for flow in scope.flows
        if flow.id in tokens and flow.id not in incoming
    ):
        if ways & empty and ways.isdisjoint(here):
            return
    for chosen in _subsets([flow.id for flow in scope.outgoing(target)]):
        yield _after(tokens, here, chosen)


def _complex(node: _Node, tokens: dict[str, int], here: list[str]) -> Iterator[Marking]:
    """Approximation: it goes on with what has come, or takes one that came late."""
    for chosen in _subsets(node.outgoing):
        yield _after(tokens, here, chosen)
    yield from (_after(tokens, [id_], []) for id_ in here)


def _reached(scope: Scope, flow: Flow, gateway: str) -> frozenset[str]:
    """The flows into a gateway by which a token on this flow may still come to it, without passing
    it."""
    found, seen, todo = set[str](), {flow.target}, [flow.target]
    while todo:
        id_ = todo.pop()
        following = [
            each for source in (id_, *scope.boundaries(id_)) for each in scope.outgoing(source)
        ]
        found |= {each.id for each in following if each.target == gateway}
        new = {each.target for each in following if each.target != gateway} | set(scope.linked(id_))
        todo += new - seen
        seen |= new
    return frozenset(found)


def _subsets(items: list[str]) -> Iterator[list[str]]:
    """None of them only where there are none: there the path ends."""
    if not items or len(items) > MAX_PARTS:
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
