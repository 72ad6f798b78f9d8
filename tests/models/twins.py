"""Bad twins: one flow is cut, or one gateway becomes another one. And one that is as good: its ends
are not drawn."""

import random
from copy import deepcopy

from tests.models.drawing import Graph

GATEWAYS = ("exclusive", "parallel", "inclusive")
ENDING = ("task", "inside", *GATEWAYS)  # what may end a path by itself


def cut(graph: Graph, dice: random.Random) -> Graph:
    twin = deepcopy(graph)
    scope = dice.choice([each for each in twin.all() if each.flows])
    scope.flows.remove(dice.choice(scope.flows))
    return twin


def unended(graph: Graph) -> Graph | None:
    """Without the plain ends behind activities and joins: there the same paths end. None: there is
    no such end."""
    twin, taken = deepcopy(graph), 0
    for scope in twin.all():
        leaves = {
            flow.source: sum(other.source == flow.source for other in scope.flows)
            for flow in scope.flows
        }
        for id_ in [each for each, kind in scope.kinds.items() if kind == "end"]:
            sources = [flow.source for flow in scope.flows if flow.target == id_]
            if sources and all(
                scope.kinds[each] in ENDING and leaves[each] == 1 for each in sources
            ):
                scope.flows = [flow for flow in scope.flows if flow.target != id_]
                del scope.kinds[id_]
                taken += 1
    return twin if taken else None


def exchange(graph: Graph, dice: random.Random) -> Graph | None:
    """None: there is no gateway. One that forks keeps its kind: without conditions no other can
    choose."""
    twin = deepcopy(graph)
    found = [
        (scope, id_)
        for scope in twin.all()
        for id_, kind in scope.kinds.items()
        if kind in GATEWAYS
        and (id_ in scope.decides or sum(flow.source == id_ for flow in scope.flows) == 1)
    ]
    if not found:
        return None
    scope, id_ = dice.choice(found)
    scope.kinds[id_] = dice.choice([kind for kind in GATEWAYS if kind != scope.kinds[id_]])
    if scope.kinds[id_] == "parallel":
        for flow in scope.flows:
            if flow.source == id_:
                flow.values, flow.default = None, False
    return twin
