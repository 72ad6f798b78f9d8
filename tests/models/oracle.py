"""What a model means, told from its blocks alone: what waits now, and what waits after something was done.

Each block is run with what follows it: `then` is called with the variables when it is done. A `Scope` counts its tokens; when none is
left it is over.
"""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from itertools import count

from tests.models.blocks import Block
from tests.models.blocks import Choice
from tests.models.blocks import First
from tests.models.blocks import Fork
from tests.models.blocks import Inside
from tests.models.blocks import Loop
from tests.models.blocks import Row
from tests.models.blocks import Some
from tests.models.blocks import Stop
from tests.models.blocks import Task
from tests.models.blocks import Timed

Data = dict[str, int]
Then = Callable[[Data], None]


@dataclass(eq=False)
class Wait:
    """Something that a person does (`values`: what may be decided), or a timer."""

    element: str
    go: Then
    values: tuple[int, ...] = ()
    timer: bool = False
    data: Data = field(default_factory=dict)
    born: int = field(default_factory=count().__next__)


@dataclass(eq=False)
class Scope:
    """A running process or sub-process; `data` are the variables that are seen from outside. `over` is called with them."""

    over: Then
    throw: Callable[[str], None]
    data: Data
    around: "Scope | None" = None
    tokens: int = 0
    alive: bool = True
    waits: list[Wait] = field(default_factory=list)  # of its tokens
    events: list[Wait] = field(default_factory=list)  # of its event sub-processes and of borders: they hold nothing open
    inner: list["Scope"] = field(default_factory=list)

    def wait(self, wait: Wait) -> Wait:
        self.waits.append(wait)
        return wait

    def begin(self, block: Block) -> None:
        self.tokens += 1
        self.run(block, dict(self.data), self.end)

    def wrote(self, name: str, value: int) -> None:
        """Variables are written one after the other: what was written last counts, wherever it was inside."""
        self.data[name] = value
        if self.around is not None:
            self.around.wrote(name, value)

    def end(self, _: Data) -> None:
        """A token is at an end."""
        self.tokens -= 1
        if self.tokens == 0 and self.alive:
            self.kill()
            self.over(self.data)

    def kill(self) -> None:
        self.alive = False
        self.clear()

    def clear(self) -> None:
        for each in self.inner:
            each.kill()
        self.inner, self.waits, self.events, self.tokens = [], [], [], 0

    def terminate(self, _: Data) -> None:
        self.kill()
        self.over(self.data)

    def open(self) -> list[Wait]:
        return [*self.waits, *self.events, *(wait for each in self.inner for wait in each.open())]

    # --- blocks -------------------------------------------------------------------------------------------------------
    def run(self, block: Block, data: Data, then: Then, within: "Meetings" = ()) -> None:
        """`within`: the inclusive joins that this token may still come to."""
        match block:
            case Row(parts=()):
                then(data)
            case Row(parts=(first, *rest)):
                self.run(first, data, lambda now: self.run(Row(tuple(rest)), now, then, within), within)
            case Task() | Inside():
                Hosted(self, block, data, then).begin()
            case Choice(decide=decide, branches=branches, apart=apart):

                def chosen(now: Data) -> None:
                    n = now[decide.id]
                    if n in apart:
                        lose(within)
                        self.run(branches[n], now, self.end)
                    else:
                        self.run(branches[n], now, then, within)

                self.run(decide, data, chosen)
            case Fork():
                self.fork(block, data, then, within)
            case Some(decide=decide):
                self.run(decide, data, lambda now: self.some(block, now, then, within))
            case Loop(body=body, decide=decide):

                def once(now: Data) -> None:
                    self.run(body, now, lambda after: self.run(decide, after, again), within)

                def again(now: Data) -> None:
                    (once if now[decide.id] == 1 else then)(now)

                once(data)
            case First():
                self.first(block, data, then, within)
            case Stop(task=task, code=code):
                self.run(task, data, (lambda _: self.throw(code)) if code else self.terminate)

    def first(self, block: First, data: Data, then: Then, within: "Meetings") -> None:
        waits: list[Wait] = []

        def choose(branch: Block) -> Then:
            def go(now: Data) -> None:
                self.waits = [each for each in self.waits if each not in waits]
                self.run(branch, now, then, within)

            return go

        for timer, branch in zip(block.timers, block.branches, strict=True):
            waits.append(self.wait(Wait(timer, choose(branch), timer=True, data=data)))

    def fork(self, block: Fork, data: Data, then: Then, within: "Meetings") -> None:
        """The join waits for all that come to it, also in vain."""
        joining, arrived, joined = len(block.branches) - len(block.apart), 0, dict(data)
        self.tokens += len(block.branches) - 1
        more(within, joining - 1)

        def arrive(now: Data) -> None:
            nonlocal arrived
            arrived += 1
            joined.update({name: value for name, value in now.items() if data.get(name) != value})
            if arrived == joining:
                self.tokens -= joining - 1
                more(within, 1 - joining)
                then(joined)

        for n, branch in enumerate(block.branches):
            if n in block.apart:
                self.run(branch, dict(data), self.end)
            else:
                self.run(branch, dict(data), arrive, within)

    def some(self, block: Some, data: Data, then: Then, within: "Meetings") -> None:
        bits, last = data[block.decide.id], len(block.branches) - 1
        taken = [n for n in range(last + 1) if bits >> n & 1] or [last]
        joining = [n for n in taken if n not in block.apart]
        self.tokens += len(taken) - 1
        more(within, len(joining) - 1)
        meeting = Meeting(self, data, then, within, able=len(joining))
        for n in taken:
            if n in block.apart:
                self.run(block.branches[n], dict(data), self.end)
            else:
                self.run(block.branches[n], dict(data), meeting.arrive, (*within, meeting))


@dataclass(eq=False)
class Meeting:
    """An inclusive join: it waits as long as a token has a way to it."""

    home: Scope
    data: Data
    then: Then
    within: "Meetings"
    able: int
    arrived: int = 0
    joined: Data = field(default_factory=dict)

    def arrive(self, now: Data) -> None:
        self.arrived += 1
        self.joined |= {name: value for name, value in now.items() if self.data.get(name) != value}
        self.look()

    def look(self) -> None:
        if self.arrived == self.able > 0:
            self.able = 0
            self.home.tokens -= self.arrived - 1
            more(self.within, 1 - self.arrived)
            self.then({**self.data, **self.joined})


Meetings = tuple[Meeting, ...]


def more(within: Meetings, tokens: int) -> None:
    for meeting in within:
        meeting.able += tokens


def lose(within: Meetings) -> None:
    """A token goes where no way leads to them."""
    for meeting in reversed(within):
        meeting.able -= 1
        meeting.look()


@dataclass(eq=False)
class Hosted:
    """An activity, its items and what stands on its border."""

    home: Scope
    block: Task | Inside
    data: Data
    then: Then
    left: int = 0
    waits: list[Wait] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)
    timers: list[Wait] = field(default_factory=list)

    def begin(self) -> None:
        repeat = self.block.repeat
        self.left = 1 if repeat is None else repeat.number
        if self.left == 0:
            self.then(self.data)
            return
        self.timers = [Wait(each.id, self.fires(each), timer=True) for each in self.block.border]
        self.home.events += self.timers
        for _ in range(self.left if repeat is not None and repeat.kind == "parallel" else 1):
            self.item()

    def item(self) -> None:
        block = self.block
        if isinstance(block, Task):
            self.waits.append(self.home.wait(Wait(block.id, self.worked, block.values, data=self.data)))
            return
        scope = Scope(self.done, self.thrown, dict(self.data), self.home)
        self.scopes.append(scope)
        self.home.inner.append(scope)
        if block.event is not None:
            scope.events.append(Wait(f"V_{block.event.id}", self.begins(scope, block.event), timer=True))
        scope.begin(block.body)

    def worked(self, data: Data) -> None:
        if self.block.id in data:
            self.home.wrote(self.block.id, data[self.block.id])
        self.done(data)

    def done(self, data: Data) -> None:
        self.left -= 1
        self.home.inner = [each for each in self.home.inner if each.alive]
        if self.left == 0:
            self.disarm()
            self.then(data)
        elif self.block.repeat is not None and self.block.repeat.kind == "sequential":
            self.item()

    def seen(self) -> Data:
        """An event that interrupts sees what was written inside until it happened; one that does not begins beside it, with what it had."""
        return {name: value for each in (self.data, *(scope.data for scope in self.scopes)) for name, value in each.items()}

    def disarm(self) -> None:
        self.home.events = [each for each in self.home.events if each not in self.timers]

    def stop(self) -> None:
        self.disarm()
        self.home.waits = [each for each in self.home.waits if each not in self.waits]
        for scope in self.scopes:
            scope.kill()
        self.home.inner = [each for each in self.home.inner if each.alive]

    def fires(self, event: Timed) -> Then:
        def go(_: Data) -> None:
            if event.interrupts:
                self.stop()
                self.home.run(event.path, self.seen(), self.then)
            else:
                self.home.tokens += 1
                self.home.run(event.path, dict(self.data), self.home.end)

        return go

    def begins(self, scope: Scope, event: Timed) -> Then:
        def go(_: Data) -> None:
            if event.interrupts:
                scope.clear()
            scope.tokens += 1
            scope.run(event.path, dict(scope.data if event.interrupts else self.data), scope.end)

        return go

    def thrown(self, code: str) -> None:
        caught = next((each for each in self.block.caught if each.code == code), None) if isinstance(self.block, Inside) else None
        if caught is None:
            self.home.throw(code)
            return
        self.stop()
        self.home.run(caught.path, self.seen(), self.then)


class Oracle:
    """A running model."""

    def __init__(self, model: Block) -> None:
        self.finished = False
        self.scope = Scope(self._over, self._uncaught, {})
        self.scope.begin(model)

    def _over(self, _: Data) -> None:
        self.finished = True

    def _uncaught(self, code: str) -> None:
        raise AssertionError(code)

    def open(self) -> list[Wait]:
        return self.scope.open()

    def act(self, wait: Wait, value: int | None = None) -> None:
        """Do what waits; it is taken out of what waits before what follows."""
        self._take(self.scope, wait)
        wait.go(wait.data if value is None else {**wait.data, wait.element: value})

    def _take(self, scope: Scope, wait: Wait) -> None:
        for place in (scope.waits, scope.events):
            if wait in place:
                place.remove(wait)
        for each in scope.inner:
            self._take(each, wait)
