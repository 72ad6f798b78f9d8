"""Models whose events write and read the variables of one scope tree, and what they mean.

Branches run beside each other; on the borders of activities, beside whole scopes and on the way
stand timers, messages, signals and conditions, which interrupt or not. All read and write three
variables; only an item of a repetition and a called process have some for themselves. Whatever is
triggered comes to rest at a task at once, so that one act never has two readers in a race.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Literal

from engine.spiff import Release
from tests.kit import diagrams as m
from tests.kit.play import Play

NAMES = ("a", "b", "c")
VALUES = range(4)
ITEMS = [1, 2]
SIGNALS = ("G1", "G2")
ACTS = 120  # a message that does not interrupt may come for ever
EVENTS = 0.3  # of the acts, when people could do something too
Data = dict[str, object]
Then = Callable[[], None]
Kind = Literal["timer", "message", "signal", "condition"]


# --- what a model is made of ----------------------------------------------------------------------
@dataclass(frozen=True)
class Task:
    """A person writes these variables."""

    id: str
    writes: tuple[str, ...]
    border: "tuple[Event, ...]" = ()
    many: "Many | None" = None


@dataclass(frozen=True)
class Many:
    """One for each of ITEMS, which it knows as `name`; with `collects` it keeps what it writes, and
    `b` of all becomes a list."""

    parallel: bool
    name: str
    collects: bool = False


@dataclass(frozen=True)
class Event:
    """`name`: the variable that a message brings or a condition reads, or the signal."""

    id: str
    kind: Kind
    name: str
    value: int
    interrupts: bool = True
    path: "Row" = ()


@dataclass(frozen=True)
class Catch:
    event: Event


@dataclass(frozen=True)
class Throw:
    id: str
    signal: str


@dataclass(frozen=True)
class Choice:
    id: str
    name: str
    value: int
    yes: Task
    no: Task


@dataclass(frozen=True)
class Fork:
    id: str
    branches: "tuple[Row, ...]"


@dataclass(frozen=True)
class Inside:
    """A sub-process, its items or a called process."""

    id: str
    calls: bool
    body: "Row"
    beside: tuple[Event, ...]
    border: tuple[Event, ...]
    many: Many | None = None


Part = Task | Catch | Throw | Choice | Fork | Inside
Row = tuple[Part, ...]


@dataclass
class Maker:
    dice: random.Random
    number: int = 0

    def model(self) -> Inside:
        """The process: its branches, and what stands beside them."""
        fork = Fork(self.name("F"), tuple(self.row(2) for _ in range(self.dice.randint(2, 3))))
        return Inside("P", calls=True, body=(fork, self.task()), beside=self.beside(2), border=())

    def name(self, kind: str) -> str:
        self.number += 1
        return f"{kind}{self.number}"

    def row(self, depth: int) -> Row:
        return tuple(part for _ in range(self.dice.randint(1, 2)) for part in self.parts(depth))

    def parts(self, depth: int) -> Row:
        kinds = [
            "task",
            "catch",
            "throw",
            "choice",
            *(["fork", "inside", "inside"] if depth else []),
        ]
        match self.dice.choice(kinds):
            case "task":
                return (self.task(border=True),)
            case "catch":
                return Catch(self.event("C")), self.task()
            case "throw":
                return (
                    self.task(border=True),
                    Throw(self.name("W"), self.dice.choice(SIGNALS)),
                    self.task(),
                )
            case "choice":
                return (Choice(self.name("X"), *self.looked_at(), self.task(), self.task()),)
            case "fork":
                return Fork(
                    self.name("F"), tuple(self.row(depth - 1) for _ in range(2))
                ), self.task()
            case _:
                many = self.many() if self.dice.random() < 0.4 else None
                calls = many is None and self.dice.random() < 0.5
                body = self.row(depth - 1)
                inside = Inside(self.name("S"), calls, body, self.beside(1), self.events(1), many)
                return inside, self.task()

    def task(self, *, border: bool = False) -> Task:
        if border and self.dice.random() < 0.2:
            many = self.many(collects=self.dice.random() < 0.4)
            return Task(
                self.name("T"), ("b",) if many.collects else self.some(), self.events(1), many
            )
        return Task(self.name("T"), self.some(), self.events(2) if border else ())

    def many(self, *, collects: bool = False) -> Many:
        return Many(self.dice.random() < 0.5, self.dice.choice(("a", "who")), collects)

    def some(self) -> tuple[str, ...]:
        return tuple(sorted(self.dice.sample(NAMES, self.dice.randint(1, 2))))

    def looked_at(self) -> tuple[str, int]:
        return self.dice.choice(NAMES), self.dice.choice(VALUES)

    def beside(self, most: int) -> tuple[Event, ...]:
        """Two that wait for the same beside one scope are refused."""
        same = {
            "timer": "",
            "signal": "{0.name}",
            "condition": "{0.name} {0.value}",
            "message": "{0.id}",
        }
        found = {(each.kind, same[each.kind].format(each)): each for each in self.events(most)}
        return tuple(found.values())

    def events(self, most: int) -> tuple[Event, ...]:
        return tuple(self.event("B", path=True) for _ in range(self.dice.randint(0, most)))

    def event(self, letter: str, *, path: bool = False) -> Event:
        kind: Kind = self.dice.choice(("timer", "message", "signal", "condition"))
        name, value = self.looked_at()
        name = self.dice.choice(SIGNALS) if kind == "signal" else name
        row = (self.task(), *(self.parts(0) if self.dice.random() < 0.4 else ())) if path else ()
        return Event(self.name(letter), kind, name, value, self.dice.random() < 0.4, row)


# --- as XML ---------------------------------------------------------------------------------------
@dataclass
class Drawer:
    called: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def xml(self, model: Inside) -> bytes:
        whole = self.process(model)
        defs = "".join(f'<signal id="{name}" name="{name}"/>' for name in SIGNALS)
        defs += "".join(f'<message id="{name}" name="{name}"/>' for name in self.messages)
        return m.model(whole, *self.called, _another(), defs=defs)

    def process(self, inside: Inside) -> str:
        nodes, wires = self.scope(inside.id, inside.body, inside.beside)
        return m.process(inside.id, nodes, wires, "a:integer b:integer c:integer k people:list")

    def scope(
        self, id_: str, body: Row, beside: tuple[Event, ...], start: str = ""
    ) -> tuple[str, str]:
        nodes, wires, last = self.row(body, f"S_{id_}")
        for event in beside:
            shape, mark = self.definition(event)
            begin = m.event(
                "startEvent",
                f"S_{event.id}",
                shape,
                mark,
                f'isInterrupting="{str(event.interrupts).lower()}"',
            )
            inner, lines = self.scope(event.id, event.path, (), begin)
            nodes += m.sub(event.id, inner, lines).replace(
                "<subProcess", '<subProcess triggeredByEvent="true"'
            )
        return (start or m.start(f"S_{id_}")) + nodes + m.end(f"E_{id_}"), f"{wires} {last}>E_{id_}"

    def row(self, row: Row, last: str) -> tuple[str, str, str]:
        nodes, wires = "", ""
        for part in row:
            more, lines, last = self.part(part, last)
            nodes, wires = nodes + more, f"{wires} {lines}"
        return nodes, wires, last

    def part(self, part: Part, last: str) -> tuple[str, str, str]:
        """Its nodes, its lines and the node where it goes on."""
        match part:
            case Task():
                fields = " ".join(f"{name}:integer" for name in part.writes)
                task = m.user(part.id, fields=fields).replace(
                    "</userTask>", _repeated(part.id, part.many) + "</userTask>"
                )
                return self.bordered(part.id, part.border, task, f"{last}>{part.id}")
            case Inside(id=id_, calls=True):
                self.called.append(self.process(replace(part, id=f"Q_{id_}")))
                return self.bordered(id_, part.border, m.call(id_, f"Q_{id_}"), f"{last}>{id_}")
            case Inside(id=id_):
                drawn = m.sub(id_, *self.scope(id_, part.body, part.beside)).replace(
                    ">", f">{_repeated(id_, part.many)}", 1
                )
                return self.bordered(id_, part.border, drawn, f"{last}>{id_}")
            case Catch(event=event):
                return m.catch(event.id, *self.definition(event)), f"{last}>{event.id}", event.id
            case Throw(id=id_, signal=signal):
                return (
                    m.throw(id_, f'<signalEventDefinition signalRef="{signal}"/>'),
                    f"{last}>{id_}",
                    id_,
                )
            case Choice(id=id_):
                merge, (yes, no) = f"M_{id_}", (part.yes.id, part.no.id)
                nodes = (
                    m.gate("exclusive", id_, merge)
                    + self.part(part.yes, "")[0]
                    + self.part(part.no, "")[0]
                )
                return (
                    nodes,
                    f"{last}>{id_} {id_}>{yes}?{part.name}~==~{part.value} {id_}>{no}* {yes}>{merge} {no}>{merge}",
                    merge,
                )
            case Fork(id=id_, branches=branches):
                join = f"J_{id_}"
                nodes, wires = m.gate("parallel", id_, join), f"{last}>{id_}"
                for branch in branches:
                    more, lines, end = self.row(branch, id_)
                    nodes, wires = nodes + more, f"{wires} {lines} {end}>{join}"
                return nodes, wires, join

    def bordered(
        self, host: str, border: tuple[Event, ...], nodes: str, wires: str
    ) -> tuple[str, str, str]:
        after = host
        for event in border:
            path, lines, last = self.row(event.path, event.id)
            nodes += (
                m.boundary(event.id, host, *self.definition(event), interrupts=event.interrupts)
                + path
            )
            if event.interrupts:
                merge = f"M_{event.id}"
                nodes, wires, after = (
                    nodes + m.gate("exclusive", merge),
                    f"{wires} {lines} {after}>{merge} {last}>{merge}",
                    merge,
                )
            else:
                nodes, wires = (
                    nodes + m.end(f"E_{event.id}"),
                    f"{wires} {lines} {last}>E_{event.id}",
                )
        return nodes, wires, after

    def definition(self, event: Event) -> tuple[str, str]:
        match event.kind:
            case "timer":
                return m.timer("P1D"), ""
            case "message":
                self.messages.append(f"N_{event.id}")
                mark, shape = m.message(f"N_{event.id}", key="k", payload=event.name)
                return shape, mark
            case "signal":
                return f'<signalEventDefinition signalRef="{event.name}"/>', ""
            case "condition":
                condition = f"<condition>{event.name} == {event.value}</condition>"
                return f"<conditionalEventDefinition>{condition}</conditionalEventDefinition>", ""


def _another() -> str:
    """A process that throws the signals too."""
    throws = "".join(
        m.throw(f"O_{name}", f'<signalEventDefinition signalRef="{name}"/>') for name in SIGNALS
    )
    return m.process(
        "O",
        m.start("S_O") + throws + m.end("E_O"),
        f"S_O>{'>'.join(f'O_{name}' for name in SIGNALS)}>E_O",
    )


def _repeated(id_: str, many: Many | None) -> str:
    if many is None:
        return ""
    output = f"<loopDataOutputRef>all_{id_}</loopDataOutputRef>" if many.collects else ""
    item = f'<outputDataItem id="o_{id_}" name="b"/>' if many.collects else ""
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(not many.parallel).lower()}"><loopDataInputRef>people</loopDataInputRef>'
        f'{output}<inputDataItem id="i_{id_}" name="{many.name}"/>{item}</multiInstanceLoopCharacteristics>'
    )


# --- what it means --------------------------------------------------------------------------------
@dataclass(eq=False)
class Variables:
    """`keeps`: all that is written here stays; else what stands here already."""

    around: "Variables | None" = None
    own: Data = field(default_factory=dict)
    keeps: bool = True

    def seen(self) -> Data:
        return {**(self.around.seen() if self.around is not None else {}), **self.own}

    def write(self, values: Data) -> None:
        for name, value in values.items():
            if self.around is None or self.keeps or name in self.own:
                self.own[name] = value
            else:
                self.around.write({name: value})


@dataclass(eq=False)
class Wait:
    """A task or an event; `go` is what follows."""

    element: str
    what: Task | Event
    variables: Variables
    go: Then
    was: bool = False  # of a condition: it has happened, and not been false since
    born: int = field(default_factory=count().__next__)


@dataclass(eq=False)
class Scope:
    """What runs in a process, a sub-process or an item; `armed` holds nothing open."""

    variables: Variables
    over: Then
    tokens: int = 0
    ended: int = 0
    # what follows gateways at which all have come together
    joined: list[Then] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    armed: list[Wait] = field(default_factory=list)
    inner: "list[Scope]" = field(default_factory=list)

    def every(self) -> Iterator["Scope"]:
        yield self
        for each in self.inner:
            yield from each.every()

    def clear(self) -> None:
        for each in self.inner:
            each.clear()
        self.waits, self.armed, self.inner, self.joined, self.tokens, self.ended = (
            [],
            [],
            [],
            [],
            0,
            0,
        )

    def end(self) -> None:
        self.ended += 1


class Meaning:
    """A running model."""

    def __init__(self, model: Inside, start: Data) -> None:
        self.finished = False
        self.whole = Scope(Variables(own=dict(start)), self._over)
        self._begin(self.whole, model.body, model.beside)
        self._settle()

    def _over(self) -> None:
        self.finished = True

    def open(self) -> list[Wait]:
        return sorted(
            (w for scope in self.whole.every() for w in (*scope.waits, *scope.armed)),
            key=lambda each: each.born,
        )

    def act(self, wait: Wait, values: Data) -> None:
        wait.variables.write(values)
        self._trigger(wait)
        self._settle()

    def _trigger(self, wait: Wait) -> None:
        for scope in self.whole.every():
            for place in (scope.waits, scope.armed):
                if wait in place:
                    place.remove(wait)
        wait.go()

    def _settle(self) -> None:
        """Conditions before what comes together or is over: its tokens rest there."""
        while self._condition() or self._join() or self._end():
            pass

    def _condition(self) -> bool:
        """The oldest that holds and did not."""
        for wait in self.open():
            if isinstance(wait.what, Event) and wait.what.kind == "condition":
                holds = wait.variables.seen()[wait.what.name] == wait.what.value
                if holds and not wait.was:
                    self._trigger(wait)
                    return True
                wait.was = holds
        return False

    def _join(self) -> bool:
        for scope in self.whole.every():
            if scope.joined:
                scope.joined.pop(0)()
                return True
        return False

    def _end(self) -> bool:
        for scope in self.whole.every():
            if 0 < scope.tokens == scope.ended:
                scope.clear()
                scope.over()
                return True
        return False

    # ---
    def _begin(self, scope: Scope, body: Row, beside: tuple[Event, ...]) -> None:
        for event in beside:
            self._beside(scope, event)
        scope.tokens += 1
        self._row(scope, body, scope.end)

    def _beside(self, scope: Scope, event: Event, *, was: bool = False) -> None:
        def go() -> None:
            if event.interrupts:
                scope.clear()
            elif event.kind != "timer":
                self._beside(scope, event, was=True)
            scope.tokens += 1
            self._row(scope, event.path, scope.end)

        scope.armed.append(Wait(event.id, event, scope.variables, go, was))

    def _row(self, scope: Scope, row: Row, then: Then) -> None:
        if not row:
            then()
            return
        part, follows = row[0], lambda: self._row(scope, row[1:], then)
        match part:
            case Task() | Inside():
                self._activity(scope, part, follows)
            case Catch(event=event):
                scope.waits.append(Wait(event.id, event, scope.variables, follows))
            case Throw(signal=signal):
                here = Wait(part.id, Event(part.id, "timer", "", 0), scope.variables, follows)
                scope.waits.append(here)
                catching = [
                    w
                    for w in self.open()
                    if isinstance(w.what, Event)
                    and (w.what.kind, w.what.name) == ("signal", signal)
                ]
                for each in catching:
                    if each in self.open():
                        self._trigger(each)
                if here in scope.waits:  # nobody who caught it took the thrower away
                    self._trigger(here)
            case Choice():
                chosen = part.yes if scope.variables.seen()[part.name] == part.value else part.no
                self._row(scope, (chosen,), follows)
            case Fork(branches=branches):
                scope.tokens += len(branches) - 1
                left = [len(branches)]

                def arrive() -> None:
                    left[0] -= 1
                    if not left[0]:
                        scope.joined.append(on)

                def on() -> None:
                    scope.tokens -= len(branches) - 1
                    follows()

                for branch in branches:
                    self._row(scope, branch, arrive)

    def _activity(self, scope: Scope, part: Task | Inside, then: Then) -> None:
        """With its items and its border."""
        running: list[Wait | Scope] = []
        border: list[Wait] = []
        kept: list[Variables] = []
        many = part.many
        left = list(ITEMS) if many is not None else [0]

        def arm(event: Event, *, was: bool = False) -> None:
            border.append(Wait(event.id, event, scope.variables, lambda: fires(event), was))
            scope.armed.append(border[-1])

        def fires(event: Event) -> None:
            if event.interrupts:
                leave()
                self._row(scope, event.path, then)
            else:
                if event.kind != "timer":
                    arm(event, was=True)
                scope.tokens += 1
                self._row(scope, event.path, scope.end)

        def leave() -> None:
            scope.waits = [each for each in scope.waits if each not in running]
            scope.armed = [each for each in scope.armed if each not in border]
            for each in running:
                if isinstance(each, Scope):
                    each.clear()
            scope.inner = [each for each in scope.inner if each not in running]

        def item(value: object) -> None:
            variables = scope.variables
            if many is not None:
                variables = Variables(variables, {many.name: value}, keeps=many.collects)
                kept.append(variables)
            elif isinstance(part, Inside) and part.calls:
                variables = Variables(variables)
            if isinstance(part, Task):
                running.append(Wait(part.id, part, variables, done))
                scope.waits.append(running[-1])
                return
            inner = Scope(variables, lambda: over(inner))
            running.append(inner)
            scope.inner.append(inner)
            self._begin(inner, part.body, part.beside)

        def over(inner: Scope) -> None:
            scope.inner.remove(inner)
            if isinstance(part, Inside) and part.calls:
                scope.variables.write(inner.variables.own)
            done()

        undone = [len(left)]

        def done() -> None:
            undone[0] -= 1
            if undone[0] and many is not None and not many.parallel:
                item(left.pop(0))
            elif not undone[0]:
                leave()
                if many is not None and many.collects:
                    scope.variables.write({f"all_{part.id}": [each.own["b"] for each in kept]})
                then()

        for event in part.border:
            arm(event)
        for _ in range(1 if many is None or not many.parallel else len(left)):
            item(left.pop(0))


# --- both side by side ----------------------------------------------------------------------------
START: Data = {"a": 0, "b": 0, "c": 0, "k": "x", "people": ITEMS}
Seen = tuple[str, tuple[tuple[str, str], ...]]


def walk(model: Inside, release: Release, dice: random.Random, *, reload: bool) -> str:
    """The same acts in the engine and in the meaning; what waits and what it sees is compared after
    each. "": they agreed."""
    meaning, play = Meaning(model, START), Play(release, **START)
    acts: list[str] = []
    while len(acts) < ACTS:
        if reload:
            play.reload()
        live = play.live
        waiting = [*live.user_tasks(), *live.timers(), *live.subscriptions()]
        found = Counter(_seen(each.element, live.sees(each.task_id)) for each in waiting)
        shown = [
            w for w in meaning.open() if isinstance(w.what, Task) or w.what.kind != "condition"
        ]
        meant = Counter(_seen(w.element, w.variables.seen()) for w in shown)
        if (found, live.finished) != (meant, meaning.finished) or live.failures():
            there, missing = dict(found - meant), dict(meant - found)
            return f"after {' '.join(acts)}: {there} over={live.finished} {live.failures()}; meant {missing} over={meaning.finished}"
        if live.finished:
            known, own = _seen("", live.variables()), _seen("", meaning.whole.variables.own)
            return "" if known == own else f"after {' '.join(acts)}: left {known}; meant {own}"
        people, events = (
            [w for w in shown if isinstance(w.what, Task)],
            [w for w in shown if isinstance(w.what, Event)],
        )
        chosen = (
            dice.choice(events if events and (not people or dice.random() < EVENTS) else people)
            if shown
            else None
        )
        if chosen is None:
            return ""  # conditions alone wait, and nobody is left who writes
        mine = _seen(chosen.element, chosen.variables.seen())
        oldest = min(
            (w for w in shown if _seen(w.element, w.variables.seen()) == mine), key=lambda w: w.born
        )
        task_id = next(
            each.task_id for each in waiting if _seen(each.element, live.sees(each.task_id)) == mine
        )
        values: Data = {}
        match oldest.what:
            case Task(writes=writes):
                values = {name: dice.choice(VALUES) for name in writes}
                live.complete(task_id, values, play.now)
            case Event(kind="timer"):
                live.fire(task_id, play.now)
            case Event(kind="message", name=name):
                values = {name: dice.choice(VALUES)}
                live.deliver(task_id, values, play.now)
            case _:
                live.deliver(task_id, {}, play.now)
        play.note()
        meaning.act(oldest, values)
        acts.append(f"{chosen.element}{sorted(values.items()) or ''}".replace(" ", ""))
    return ""


def _seen(element: str, data: object) -> Seen:
    assert isinstance(data, dict) or hasattr(data, "items")
    return element, tuple(sorted((name, repr(value)) for name, value in data.items()))
