"""What a model means, told from its blocks alone: what waits now, and what waits after something
was done.

Each block is run with what follows it: `then` is called when it is done. A `Scope` counts its
tokens; when none is left it is over. A process has one set of variables: each element reads what
stands there now, and writes there. A called process has its own before those of its caller, and
gives them back when it is over or throws what its caller catches.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from tests.models.blocks import (
    Block,
    Choice,
    First,
    Fork,
    Inside,
    Loop,
    Row,
    Some,
    Stop,
    Task,
    Timed,
)

Data = dict[str, int]
Then = Callable[[], None]


@dataclass(eq=False)
class Variables:
    """Of a process; `around`: those of the process that called it."""

    around: "Variables | None" = None
    own: Data = field(default_factory=dict)

    def seen(self) -> Data:
        return {**(self.around.seen() if self.around is not None else {}), **self.own}

    def give_back(self) -> None:
        if self.around is not None:
            self.around.own |= self.own


@dataclass(eq=False)
class Wait:
    """Something that a person does (`values`: what may be decided), or a timer."""

    element: str
    go: Then
    values: tuple[int, ...] = ()
    timer: bool = False
    variables: Variables = field(default_factory=Variables)
    born: int = field(default_factory=count().__next__)

    @property
    def data(self) -> Data:
        return {} if self.timer else self.variables.seen()


@dataclass(eq=False)
class Scope:
    """A running process or sub-process."""

    over: Then
    throw: Callable[[str], None]
    variables: Variables
    tokens: int = 0
    alive: bool = True
    waits: list[Wait] = field(default_factory=list)  # of its tokens
    # of its event sub-processes and of borders: they hold nothing open
    events: list[Wait] = field(default_factory=list)
    inner: list["Scope"] = field(default_factory=list)

    def wait(self, wait: Wait) -> Wait:
        self.waits.append(wait)
        return wait

    def begin(self, block: Block) -> None:
        self.tokens += 1
        self.run(block, self.end)

    def end(self) -> None:
        """A token is at an end."""
        self.tokens -= 1
        if self.tokens == 0 and self.alive:
            self.terminate()

    def kill(self) -> None:
        self.alive = False
        self.clear()

    def clear(self) -> None:
        for each in self.inner:
            each.kill()
        self.inner, self.waits, self.events, self.tokens = [], [], [], 0

    def terminate(self) -> None:
        self.kill()
        self.over()

    def open(self) -> list[Wait]:
        return [*self.waits, *self.events, *(wait for each in self.inner for wait in each.open())]

    # --- blocks -----------------------------------------------------------------------------------
    def run(self, block: Block, then: Then, within: "Meetings" = ()) -> None:
        """`within`: the inclusive joins that this token may still come to."""
        match block:
            case Row(parts=()):
                then()
            case Row(parts=(first, *rest)):
                self.run(first, lambda: self.run(Row(tuple(rest)), then, within), within)
            case Task() | Inside():
                Hosted(self, block, then).begin()
            case Choice(decide=decide, branches=branches, apart=apart):

                def chosen() -> None:
                    n = self.decided(decide)
                    if n in apart:
                        lose(within)
                        self.run(branches[n], self.end)
                    else:
                        self.run(branches[n], then, within)

                self.run(decide, chosen)
            case Fork():
                self.fork(block, then, within)
            case Some(decide=decide):
                self.run(decide, lambda: self.some(block, then, within))
            case Loop(body=body, decide=decide):

                def once() -> None:
                    self.run(body, lambda: self.run(decide, again), within)

                def again() -> None:
                    (once if self.decided(decide) == 1 else then)()

                once()
            case First():
                self.first(block, then, within)
            case Stop(task=task, code=code):
                self.run(task, (lambda: self.throw(code)) if code else self.terminate)

    def decided(self, task: Task) -> int:
        return self.variables.seen()[task.id]

    def first(self, block: First, then: Then, within: "Meetings") -> None:
        waits: list[Wait] = []

        def choose(branch: Block) -> Then:
            def go() -> None:
                self.waits = [each for each in self.waits if each not in waits]
                self.run(branch, then, within)

            return go

        for timer, branch in zip(block.timers, block.branches, strict=True):
            waits.append(self.wait(Wait(timer, choose(branch), timer=True)))

    def fork(self, block: Fork, then: Then, within: "Meetings") -> None:
        """The join waits for all that come to it, also in vain."""
        joining, arrived = len(block.branches) - len(block.apart), 0
        self.tokens += len(block.branches) - 1
        more(within, joining - 1)

        def arrive() -> None:
            nonlocal arrived
            arrived += 1
            if arrived == joining:
                self.tokens -= joining - 1
                more(within, 1 - joining)
                then()

        for n, branch in enumerate(block.branches):
            if n in block.apart:
                self.run(branch, self.end)
            else:
                self.run(branch, arrive, within)

    def some(self, block: Some, then: Then, within: "Meetings") -> None:
        bits, last = self.decided(block.decide), len(block.branches) - 1
        taken = [n for n in range(last + 1) if bits >> n & 1] or [last]
        joining = [n for n in taken if n not in block.apart]
        self.tokens += len(taken) - 1
        more(within, len(joining) - 1)
        meeting = Meeting(self, then, within, able=len(joining))
        for n in taken:
            if n in block.apart:
                self.run(block.branches[n], self.end)
            else:
                self.run(block.branches[n], meeting.arrive, (*within, meeting))


@dataclass(eq=False)
class Meeting:
    """An inclusive join: it waits as long as a token has a way to it."""

    home: Scope
    then: Then
    within: "Meetings"
    able: int
    arrived: int = 0

    def arrive(self) -> None:
        self.arrived += 1
        self.look()

    def look(self) -> None:
        if self.arrived == self.able > 0:
            self.able = 0
            self.home.tokens -= self.arrived - 1
            more(self.within, 1 - self.arrived)
            self.then()


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
    then: Then
    left: int = 0
    waits: list[Wait] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)
    timers: list[Wait] = field(default_factory=list)

    def begin(self) -> None:
        repeat = self.block.repeat
        self.left = 1 if repeat is None else repeat.number
        if self.left == 0:
            self.then()
            return
        self.timers = [Wait(each.id, self.fires(each), timer=True) for each in self.block.border]
        self.home.events += self.timers
        for _ in range(self.left if repeat is not None and repeat.kind == "parallel" else 1):
            self.item()

    def item(self) -> None:
        block = self.block
        if isinstance(block, Task):
            self.waits.append(
                self.home.wait(
                    Wait(block.id, self.done, block.values, variables=self.home.variables)
                )
            )
            return
        variables = Variables(self.home.variables) if block.kind == "call" else self.home.variables

        def over() -> None:
            variables.give_back()
            self.done()

        def thrown(code: str) -> None:
            variables.give_back()
            self.thrown(code)

        calls = block.kind == "call"
        scope = Scope(over if calls else self.done, thrown if calls else self.thrown, variables)
        self.scopes.append(scope)
        self.home.inner.append(scope)
        if block.event is not None:
            scope.events.append(
                Wait(f"V_{block.event.id}", self.begins(scope, block.event), timer=True)
            )
        scope.begin(block.body)

    def done(self) -> None:
        self.left -= 1
        self.home.inner = [each for each in self.home.inner if each.alive]
        if self.left == 0:
            self.disarm()
            self.then()
        elif self.block.repeat is not None and self.block.repeat.kind == "sequential":
            self.item()

    def disarm(self) -> None:
        self.home.events = [each for each in self.home.events if each not in self.timers]

    def stop(self) -> None:
        self.disarm()
        self.home.waits = [each for each in self.home.waits if each not in self.waits]
        for scope in self.scopes:
            scope.kill()
        self.home.inner = [each for each in self.home.inner if each.alive]

    def fires(self, event: Timed) -> Then:
        def go() -> None:
            if event.interrupts:
                self.stop()
                self.home.run(event.path, self.then)
            else:
                self.home.tokens += 1
                self.home.run(event.path, self.home.end)

        return go

    def begins(self, scope: Scope, event: Timed) -> Then:
        def go() -> None:
            if event.interrupts:
                scope.clear()
            scope.tokens += 1
            scope.run(event.path, scope.end)

        return go

    def thrown(self, code: str) -> None:
        caught = (
            next((each for each in self.block.caught if each.code == code), None)
            if isinstance(self.block, Inside)
            else None
        )
        if caught is None:
            self.home.throw(code)
            return
        self.stop()
        self.home.run(caught.path, self.then)


class Oracle:
    """A running model."""

    def __init__(self, model: Block) -> None:
        self.finished = False
        self.scope = Scope(self._over, self._uncaught, Variables())
        self.scope.begin(model)

    def _over(self) -> None:
        self.finished = True

    def _uncaught(self, code: str) -> None:
        raise AssertionError(code)

    def open(self) -> list[Wait]:
        return self.scope.open()

    def act(self, wait: Wait, value: int | None = None) -> None:
        """Do what waits; it is taken out of what waits before what follows."""
        self._take(self.scope, wait)
        if value is not None:
            wait.variables.own[wait.element] = value
        wait.go()

    def _take(self, scope: Scope, wait: Wait) -> None:
        for place in (scope.waits, scope.events):
            if wait in place:
                place.remove(wait)
        for each in scope.inner:
            self._take(each, wait)
