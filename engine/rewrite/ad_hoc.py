"""Ad-hoc sub-processes (10.3.5 and 13.3.5 of BPMN 2.0.2) as plain ones, where the standard leaves
no choice to a person.

Sequential ordering: one activity after the other, in the order of the file, each once. Parallel
ordering with activities of the system only: the same, since one after the other is one of the
orders in which they may run. With activities of people: all side by side. After each activity the
completion condition is asked, on the variables as they are then; the first time that it holds ends
the sub-process. When all are done and it does not hold, nobody knows what should happen next: a
failure.
"""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.model import xml
from engine.model.graph import Scope, stands_apart
from engine.model.marks import add_flow, undrawn_id
from engine.model.vocabulary import ACTIVITIES

TAG: Final = "adHocSubProcess"
_WAITING: Final = frozenset(
    {
        "userTask",
        "manualTask",
        "receiveTask",
        "callActivity",
        "subProcess",
        "transaction",
        "adHocSubProcess",
    }
)


def shapeless(scope: Scope) -> bool:
    """It holds more than activities, alone or one after the other; or it may end between two of
    them without taking others away."""
    chains = list(_chains(scope))
    if len(chains) != len(_roots(scope)) or sum(map(len, chains)) != len(_own(scope)):
        return True
    if any(scope.boundaries(id_) or scope.kind(id_) not in ACTIVITIES for id_ in _own(scope)):
        return True
    return _side_by_side(scope) and not _cancels(scope) and any(len(chain) > 1 for chain in chains)


def endless(scope: Scope) -> bool:
    """Side by side, and nothing says when it is over."""
    return condition(scope) is None and not sequential(scope)


def condition(scope: Scope) -> etree._Element | None:
    found = xml.child(scope.node, "completionCondition")
    return found if xml.text(found) else None


def sequential(scope: Scope) -> bool:
    return bool(scope.node.get("ordering") == "Sequential")


def rewrite(scope: Scope) -> None:
    if xml.local(scope.node) != TAG:
        return
    chains = list(_chains(scope))
    asked = condition(scope)
    side_by_side = _side_by_side(scope)
    for flow in scope.flows:
        scope.node.remove(flow.node)
    scope.node.tag = xml.BPMN + "subProcess"
    for attribute in ("ordering", "cancelRemainingInstances"):
        scope.node.attrib.pop(attribute, None)
    text = xml.text(asked)
    if asked is not None:
        scope.node.remove(asked)
    writer = _Writer(scope, text)
    if side_by_side:
        writer.side_by_side(chains, cancels=_cancels(scope))
    else:
        writer.in_a_row([id_ for chain in chains for id_ in chain])


def _own(scope: Scope) -> list[str]:
    """What is to be carried out: neither handlers of events nor of compensation."""
    return [id_ for id_, node in scope.nodes.items() if not stands_apart(node)]


def _roots(scope: Scope) -> list[str]:
    return [id_ for id_ in _own(scope) if not scope.incoming(id_)]


def _chains(scope: Scope) -> Iterator[list[str]]:
    """Activities that follow one another by sequence flows."""
    for root in _roots(scope):
        chain = [root]
        while (
            len(following := scope.outgoing(chain[-1])) == 1
            and len(scope.incoming(following[0].target)) == 1
        ):
            chain.append(following[0].target)
        if not scope.outgoing(chain[-1]):
            yield chain


def _side_by_side(scope: Scope) -> bool:
    return not sequential(scope) and any(scope.kind(id_) in _WAITING for id_ in _own(scope))


def _cancels(scope: Scope) -> bool:
    return scope.node.get("cancelRemainingInstances", "true") in ("true", "1")


class _Writer:
    """Puts start, end, flows and questions into the scope."""

    def __init__(self, scope: Scope, condition: str) -> None:
        self.scope, self.condition = scope, condition
        self.start, self.end = undrawn_id(scope.id, "start"), undrawn_id(scope.id, "end")
        self._add("startEvent", self.start)
        self._add("endEvent", self.end)

    def in_a_row(self, ids: list[str]) -> None:
        self._flow(self.start, ids[0])
        for id_, following in zip(ids, [*ids[1:], None], strict=True):
            if not self.condition:
                self._flow(id_, following or self.end)
            else:
                self._ask(id_, following, self.end)

    def side_by_side(self, chains: list[list[str]], *, cancels: bool) -> None:
        fork, join, over = (undrawn_id(self.scope.id, role) for role in ("fork", "join", "over"))
        self._add("parallelGateway", fork)
        self._add("parallelGateway", join)
        self._flow(self.start, fork)
        if cancels:
            etree.SubElement(self._add("endEvent", over), xml.BPMN + "terminateEventDefinition")
        for chain in chains:
            self._flow(fork, chain[0])
            for id_, following in zip(chain, [*chain[1:], join], strict=True):
                if cancels:
                    self._ask(id_, following, over)
                else:
                    self._flow(id_, following)
        self._ask(join, None, self.end)

    def _ask(self, id_: str, following: str | None, over: str) -> None:
        """Behind an activity: the condition, else what follows; nothing follows the last one."""
        gateway = undrawn_id(id_, "done")
        node = self._add("exclusiveGateway", gateway)
        self._flow(id_, gateway)
        flow = self._flow(gateway, over)
        etree.SubElement(flow, xml.BPMN + "conditionExpression").text = self.condition
        if following is not None:
            node.set("default", self._flow(gateway, following).get("id", ""))

    def _add(self, kind: str, id_: str) -> etree._Element:
        return etree.SubElement(self.scope.node, xml.BPMN + kind, id=id_)

    def _flow(self, source: str, target: str) -> etree._Element:
        return add_flow(self.scope, f"{source}.to.{target}", source, target)
