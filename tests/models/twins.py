"""Bad twins: one flow is cut, or one gateway becomes another one."""

import random
from copy import deepcopy

from tests.models.drawing import Graph

GATEWAYS = ("exclusive", "parallel", "inclusive")


def cut(graph: Graph, dice: random.Random) -> Graph:
    twin = deepcopy(graph)
    scope = dice.choice([each for each in twin.all() if each.flows])
    scope.flows.remove(dice.choice(scope.flows))
    return twin


def exchange(graph: Graph, dice: random.Random) -> Graph | None:
    """None: there is no gateway. One that forks keeps its kind: without conditions no other can choose."""
    twin = deepcopy(graph)
    found = [
        (scope, id_)
        for scope in twin.all()
        for id_, kind in scope.kinds.items()
        if kind in GATEWAYS and (id_ in scope.decides or sum(flow.source == id_ for flow in scope.flows) == 1)
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
