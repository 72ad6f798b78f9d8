"""Blocks: each has one way in and one way out, so a model made of them can always be finished.

Decisions are values that a person writes in a task just before the gateway. What stands beside the
main path and ends apart (the path of an event that does not interrupt, an item of a repetition)
holds tasks only: two of them may run at once, and must not decide by the same variable.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Way = Literal["merge", "terminate", "error"]


@dataclass(frozen=True)
class Timed:
    """A timer on the border of an activity. One that does not interrupt has a path that ends
    apart."""

    id: str
    interrupts: bool
    path: "Block"


@dataclass(frozen=True)
class Caught:
    """An error on the border of an activity: what was thrown inside, and nothing caught nearer."""

    id: str
    code: str
    path: "Block"


@dataclass(frozen=True)
class Repeat:
    kind: Literal["parallel", "sequential"]
    number: int


@dataclass(frozen=True)
class Task:
    """`values`: what may be decided in it, one of them is written to the variable of its name."""

    id: str
    values: tuple[int, ...] = ()
    repeat: Repeat | None = None
    border: tuple[Timed, ...] = ()


@dataclass(frozen=True)
class Row:
    """`parts` one after the other; none: nothing happens."""

    parts: tuple["Block", ...] = ()


@dataclass(frozen=True)
class Choice:
    """Exclusive; the last branch is the default. `apart`: branches with an end of their own."""

    id: str
    decide: Task
    branches: tuple["Block", ...]
    apart: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Fork:
    """All branches; those that are not `apart` come together."""

    id: str
    branches: tuple["Block", ...]
    apart: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Some:
    """Inclusive: the branches whose bit the decision has; with `default`, the last one has no bit
    and is taken for 0."""

    id: str
    decide: Task
    branches: tuple["Block", ...]
    default: bool
    apart: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Loop:
    """The body, and once more while the decision is 1."""

    id: str
    body: "Block"
    decide: Task


@dataclass(frozen=True)
class First:
    """An event gateway: the first of these timers chooses."""

    id: str
    timers: tuple[str, ...]
    branches: tuple["Block", ...]


@dataclass(frozen=True)
class Inside:
    """An embedded sub-process or a called process."""

    id: str
    kind: Literal["sub", "call"]
    body: "Block"
    repeat: Repeat | None = None
    event: Timed | None = None  # an event sub-process in it
    border: tuple[Timed, ...] = ()
    caught: tuple[Caught, ...] = ()


@dataclass(frozen=True)
class Stop:
    """A task, and then an end that stops its scope: it is the last of a branch that has its own
    end."""

    task: Task
    end: str
    code: str = ""  # of the error that it throws; none: a terminate end


Block = Task | Row | Choice | Fork | Some | Loop | First | Inside | Stop


@dataclass
class Maker:
    """Makes a model; the same dice give the same one."""

    dice: random.Random
    count: int = 0
    # of errors thrown in each scope around, not yet caught
    codes: list[list[str]] = field(default_factory=lambda: [[]])

    def model(self, depth: int = 4) -> Block:
        return Row((self.block(depth, safe=True), self.task()))

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def chance(self, likely: float) -> bool:
        return self.dice.random() < likely

    # ---
    def block(self, depth: int, *, safe: bool = False) -> Block:
        """`safe`: nobody waits for the token of this block, it may also end here."""
        if depth == 0:
            return self.task()
        kinds: list[Callable[[], Block]] = [
            *[lambda: self.row(depth - 1, safe=safe)] * 2,
            lambda: self.choice(depth - 1, safe=safe),
            *[lambda: self.fork(depth - 1)] * 2,
            *[lambda: self.some(depth - 1)] * 3,
            lambda: self.loop(depth - 1),
            lambda: self.first(depth - 1),
            *[lambda: self.inside(depth - 1)] * 2,
        ]
        return self.dice.choice(kinds)()

    def branch(self, depth: int) -> Block:
        return Row() if self.chance(0.1) else self.block(self.dice.randint(0, depth))

    def branches(self, depth: int) -> list[Block]:
        return [self.branch(depth) for _ in range(self.dice.randint(2, 3))]

    def task(self) -> Task:
        repeat, border = self.repeat(), self.border()
        return Task(self.name("T"), (), repeat, border)

    def decide(self, *values: int) -> Task:
        return Task(self.name("D"), values)

    def repeat(self) -> Repeat | None:
        if not self.chance(0.12):
            return None
        return Repeat(self.dice.choice(("parallel", "sequential")), self.dice.randint(0, 3))

    def border(self) -> tuple[Timed, ...]:
        if not self.chance(0.2):
            return ()
        return tuple(
            self.timed(interrupts=self.chance(0.5)) for _ in range(self.dice.randint(1, 2))
        )

    def timed(self, *, interrupts: bool) -> Timed:
        path = Row(tuple(Task(self.name("T")) for _ in range(self.dice.randint(0, 2))))
        return Timed(self.name("B"), interrupts, path)

    def row(self, depth: int, *, safe: bool) -> Block:
        parts = [self.block(depth) for _ in range(self.dice.randint(1, 2))]
        return Row((*parts, self.block(depth, safe=safe)))

    def choice(self, depth: int, *, safe: bool) -> Block:
        branches = self.branches(depth)
        apart = {n for n in range(len(branches) - 1) if safe and self.chance(0.2)}
        if self.chance(0.2):
            branches[0], apart = self.stop(), apart | {0}
        return Choice(
            self.name("X"), self.decide(*range(len(branches))), tuple(branches), frozenset(apart)
        )

    def fork(self, depth: int) -> Block:
        branches = self.branches(depth)
        apart = {n for n in range(1, len(branches)) if self.chance(0.15)}
        for n in apart:
            branches[n] = Row(tuple(Task(self.name("T")) for _ in range(self.dice.randint(0, 2))))
        if self.chance(0.15):
            branches.append(self.stop())
            apart.add(len(branches) - 1)
        return Fork(self.name("A"), tuple(branches), frozenset(apart))

    def some(self, depth: int) -> Block:
        branches = self.branches(depth)
        if self.chance(0.15):  # chosen only beside another one
            branches[0] = self.stop()
            return Some(
                self.name("O"),
                self.decide(*range(2, 2 ** len(branches))),
                tuple(branches),
                default=False,
                apart=frozenset({0}),
            )
        default = self.chance(0.4)
        values = range(2 ** (len(branches) - 1)) if default else range(1, 2 ** len(branches))
        return Some(self.name("O"), self.decide(*values), tuple(branches), default)

    def loop(self, depth: int) -> Block:
        return Loop(self.name("L"), self.block(depth), self.decide(0, 1))

    def first(self, depth: int) -> Block:
        branches = self.branches(depth)
        return First(self.name("F"), tuple(self.name("C") for _ in branches), tuple(branches))

    def inside(self, depth: int) -> Block:
        repeat = self.repeat()
        if repeat is not None:
            body: Block = Row(tuple(Task(self.name("T")) for _ in range(self.dice.randint(1, 3))))
            return Inside(
                self.name("S"),
                self.dice.choice(("sub", "call")),
                body,
                repeat,
                border=self.border(),
            )
        self.codes.append([])
        body = self.block(depth, safe=True)
        event = self.timed(interrupts=self.chance(0.5)) if self.chance(0.25) else None
        thrown = self.codes.pop()
        caught = []
        for code in thrown:
            if len(self.codes) == 1 or self.chance(0.7):
                caught.append(
                    Caught(
                        self.name("B"),
                        code,
                        Row(tuple(Task(self.name("T")) for _ in range(self.dice.randint(0, 1)))),
                    )
                )
            else:
                self.codes[-1].append(code)
        return Inside(
            self.name("S"),
            self.dice.choice(("sub", "call")),
            body,
            None,
            event,
            self.border(),
            tuple(caught),
        )

    def stop(self) -> Stop:
        task, code = Task(self.name("T")), ""
        if len(self.codes) > 1 and self.chance(0.5):
            code = self.name("R")
            self.codes[-1].append(code)
        return Stop(task, self.name("Z"), code)
