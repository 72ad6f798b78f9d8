"""The same by a token game on the drawn graph, also for a diagram that is made of no blocks. Of
variables the latest value counts.

Independent of the engine: an inclusive join waits while a token elsewhere in its scope has a way to
one of its empty incoming flows that does not pass the join, and none to one that has a token
(13.4.3 of BPMN 2.0.2).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.models.blocks import Inside, Task
from tests.models.drawing import Flow, Graph
from tests.models.oracle import Data, Wait

MAX_TOKENS = 60


class Explosion(Exception):
    """Tokens that multiply in a loop."""


@dataclass(eq=False)
class Running:
    """A scope that runs."""

    graph: Graph
    over: Callable[[], None]
    throw: Callable[[str], None]
    data: Data
    alive: bool = True
    parked: list[Flow] = field(default_factory=list)  # tokens that wait at a join
    hosts: list["Host"] = field(default_factory=list)
    # of event gateways: where their token stands
    waits: dict[Wait, str] = field(default_factory=dict)
    events: list[Wait] = field(default_factory=list)
    entering: list[Flow] = field(default_factory=list)

    def begin(self, start: str) -> None:
        for id_, kind in self.graph.kinds.items():
            if kind in ("event", "event!"):
                self.events.append(
                    Wait(id_, self._event(id_, interrupts=kind == "event!"), timer=True)
                )
        self.leave(start)
        self.settle()

    def _event(self, id_: str, *, interrupts: bool) -> Callable[[], None]:
        def go() -> None:
            if interrupts:
                self.clear()
            host = Host(self, id_)
            self.hosts.append(host)
            inner = Running(self.graph.inner[id_], host.item_done, self.throw, self.data)
            host.scopes.append(inner)
            inner.begin(next(n for n, kind in inner.graph.kinds.items() if kind == "start"))
            self.settle()

        return go

    def clear(self) -> None:
        for host in self.hosts:
            host.stop()
        self.parked, self.hosts, self.waits, self.events, self.entering = [], [], {}, [], []

    def kill(self) -> None:
        self.alive = False
        self.clear()

    def open(self) -> list[Wait]:
        inner = [wait for host in self.hosts for wait in host.open()]
        return [*self.waits, *self.events, *inner]

    # --- moving -----------------------------------------------------------------------------------
    def leave(self, node: str) -> None:
        self.entering += self._chosen(node)

    def _chosen(self, node: str) -> list[Flow]:
        flows = [flow for flow in self.graph.flows if flow.source == node]
        kind, variable = self.graph.kinds[node], self.graph.decides.get(node)
        if variable is None or kind not in ("exclusive", "inclusive"):
            return flows
        true = [
            flow for flow in flows if flow.values is not None and self.data[variable] in flow.values
        ]
        chosen = true or [flow for flow in flows if flow.default]
        return chosen[:1] if kind == "exclusive" else chosen

    def settle(self) -> None:
        """Until every token waits."""
        while self.alive:
            if self.entering:
                self.enter(self.entering.pop(0))
            elif not self.join():
                break
            if len(self.entering) + len(self.parked) + len(self.hosts) > MAX_TOKENS:
                raise Explosion
        if self.alive and not (self.parked or self.hosts or self.waits):
            self.kill()
            self.over()

    def enter(self, flow: Flow) -> None:
        node = flow.target
        match self.graph.kinds[node]:
            case "exclusive" | "catch":
                self.leave(node)
            case "parallel" | "inclusive":
                self.parked.append(flow)
            case "task" | "inside":
                host = Host(self, node)
                self.hosts.append(host)
                host.begin()
            case "first":
                group: list[Wait] = []
                for way in self._chosen(node):
                    wait = Wait(way.target, self._first(way.target, group), timer=True)
                    group.append(wait)
                    self.waits[wait] = node
            case "terminate":
                self.kill()
                self.over()
            case "error":
                self.throw(self.graph.codes[node])

    def _first(self, catch: str, group: list[Wait]) -> Callable[[], None]:
        def go() -> None:
            for wait in group:
                self.waits.pop(wait, None)
            self.leave(catch)
            self.settle()

        return go

    def join(self) -> bool:
        """One join that can go on."""
        for node, kind in self.graph.kinds.items():
            if kind not in ("parallel", "inclusive"):
                continue
            here = [flow for flow in self.parked if flow.target == node]
            into = [flow for flow in self.graph.flows if flow.target == node]
            come = [flow for flow in into if flow in here]
            if come and (
                len(come) == len(into)
                or (kind == "inclusive" and not self._awaited(node, into, come))
            ):
                for flow in come:
                    self.parked.remove(flow)
                self.leave(node)
                return True
        return False

    def _awaited(self, node: str, into: list[Flow], come: list[Flow]) -> bool:
        places = [flow.target for flow in self.parked if flow.target != node]
        places += [place for host in self.hosts for place in host.places()] + list(
            self.waits.values()
        )
        for place in places:
            reached = self._reach(place, node)
            if any(flow in reached for flow in into if flow not in come) and not any(
                flow in reached for flow in come
            ):
                return True
        return False

    def _reach(self, place: str, node: str) -> list[Flow]:
        seen, todo, found = {place}, [place], list[Flow]()
        while todo:
            each = todo.pop()
            for flow in self.graph.flows:
                if flow.source == each:
                    if flow.target == node:
                        found.append(flow)
                    elif flow.target not in seen:
                        seen.add(flow.target)
                        todo.append(flow.target)
        return found


@dataclass(eq=False)
class Host:
    """An activity that runs, with what stands on its border."""

    home: Running
    node: str
    left: int = 1
    waits: list[Wait] = field(default_factory=list)
    scopes: list[Running] = field(default_factory=list)
    timers: list[Wait] = field(default_factory=list)

    def begin(self) -> None:
        block = self.home.graph.blocks[self.node]
        self.left = 1 if block.repeat is None else block.repeat.number
        if self.left == 0:
            self._leave()
            return
        border = self.home.graph.hosts
        self.timers = [
            Wait(
                id_, self._fires(id_, interrupts=self.home.graph.kinds[id_] == "timer!"), timer=True
            )
            for id_, host in border.items()
            if host == self.node and self.home.graph.kinds[id_] in ("timer", "timer!")
        ]
        for _ in range(
            self.left if block.repeat is not None and block.repeat.kind == "parallel" else 1
        ):
            self._item(block)

    def _item(self, block: Task | Inside) -> None:
        if isinstance(block, Task):
            self.waits.append(Wait(block.id, self.item_done, block.values))
            return
        graph = self.home.graph.inner[self.node]
        scope = Running(graph, self.item_done, self._thrown, self.home.data)
        self.scopes.append(scope)
        scope.begin(f"S_{graph.id}")

    def item_done(self) -> None:
        self.scopes = [each for each in self.scopes if each.alive]
        self.left -= 1
        block = self.home.graph.blocks.get(self.node)
        if self.left == 0:
            self._leave()
        elif block is not None and block.repeat is not None and block.repeat.kind == "sequential":
            self._item(block)

    def _leave(self) -> None:
        if self in self.home.hosts:
            self.home.hosts.remove(self)
        if self.node in self.home.graph.blocks:
            self.home.leave(self.node)

    def stop(self) -> None:
        for scope in self.scopes:
            scope.kill()
        self.waits, self.timers, self.scopes = [], [], []

    def open(self) -> list[Wait]:
        return [
            *self.waits,
            *self.timers,
            *(wait for scope in self.scopes for wait in scope.open()),
        ]

    def places(self) -> list[str]:
        return [self.node, *(timer.element for timer in self.timers)]

    def _fires(self, id_: str, *, interrupts: bool) -> Callable[[], None]:
        def go() -> None:
            if interrupts:
                self.stop()
                self.home.hosts.remove(self)
            self.home.leave(id_)
            self.home.settle()

        return go

    def _thrown(self, code: str) -> None:
        graph = self.home.graph
        caught = next(
            (
                id_
                for id_, host in graph.hosts.items()
                if host == self.node and graph.codes.get(id_) == code
            ),
            None,
        )
        if caught is None:
            self.home.throw(code)
            return
        self.stop()
        self.home.hosts.remove(self)
        self.home.leave(caught)


class Game:
    """A running model."""

    def __init__(self, graph: Graph) -> None:
        self.finished = False
        self.top = Running(graph, self._over, self._uncaught, {})
        self.top.begin(f"S_{graph.id}")

    def _over(self) -> None:
        self.finished = True

    def _uncaught(self, _: str) -> None:
        self.top.kill()
        self.finished = True

    def open(self) -> list[Wait]:
        return self.top.open()

    def act(self, wait: Wait, value: int | None = None) -> None:
        owner = self._take(self.top, wait)
        if value is not None:
            self.top.data[wait.element] = value
        wait.go()
        for scope in reversed(owner):  # from where it happened outwards
            scope.settle()

    def _take(self, scope: Running, wait: Wait) -> list[Running]:
        """Take it away from where it waits; the scopes around that."""
        if wait in scope.events:
            scope.events.remove(wait)
            return [scope]
        if wait in scope.waits:
            return [scope]
        for host in scope.hosts:
            for place in (host.waits, host.timers):
                if wait in place:
                    place.remove(wait)
                    return [scope]
            for inner in host.scopes:
                found = self._take(inner, wait)
                if found:
                    return [scope, *found]
        return []
