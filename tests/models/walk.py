"""Walking a model: the same acts in the engine and in the oracle, and what waits is compared after
each."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from engine.spiff import Release
from tests.kit.play import Play
from tests.models.oracle import Wait

ACTS = 400  # more would mean that it never ends
TIMERS = 0.15  # of the acts, when people could do something too

# element and the variables that a task shows; timers show none
Waiting = Counter[tuple[str, tuple[tuple[str, object], ...]]]


@dataclass(frozen=True)
class Stand:
    """Where a case stands."""

    waiting: Waiting
    finished: bool
    failures: tuple[str, ...] = ()


class Hand(Protocol):
    """One running case of process P."""

    def stand(self) -> Stand: ...
    def do(
        self, element: str, shown: Mapping[str, object] | None, values: Mapping[str, int]
    ) -> None:
        """`shown`: of several tasks at the element, one with these variables."""

    def fire(self, timer: str) -> None: ...


class Meaning(Protocol):
    """An oracle."""

    @property
    def finished(self) -> bool: ...
    def open(self) -> list[Wait]: ...
    def act(self, wait: Wait, value: int | None = None) -> None: ...


def shown(element: str, data: Mapping[str, object]) -> tuple[str, tuple[tuple[str, object], ...]]:
    return element, tuple(sorted(data.items()))


class InMemory:
    """`reload`: rebuilt from what is stored after every act."""

    def __init__(self, release: Release, *, reload: bool) -> None:
        self.play, self.reload = Play(release), reload

    def stand(self) -> Stand:
        live = self.play.live
        tasks = [shown(task.element, task.data) for task in live.user_tasks()]
        timers = [(timer.element, ()) for timer in live.timers()]
        failures = tuple(f"{each.element}: {each.error}" for each in live.failures())
        return Stand(Counter([*tasks, *timers]), self.play.finished, failures)

    def do(
        self, element: str, shown: Mapping[str, object] | None, values: Mapping[str, int]
    ) -> None:
        tasks = [task for task in self.play.live.user_tasks() if task.element == element]
        number = next(n for n, task in enumerate(tasks) if shown in (None, task.data))
        self.play.do(element, number, **values)
        self._again()

    def fire(self, timer: str) -> None:
        self.play.fire(timer)
        self._again()

    def _again(self) -> None:
        if self.reload:
            self.play.reload()


def choose(dice: random.Random, open_: list[Wait]) -> Wait:
    people = [wait for wait in open_ if not wait.timer]
    timers = [wait for wait in open_ if wait.timer]
    return dice.choice(timers if timers and (not people or dice.random() < TIMERS) else people)


def walk(meaning: Meaning, hand: Hand, dice: random.Random) -> str:
    """Until both are over. "": they agreed all the way; else where they parted."""
    acts: list[str] = []
    while len(acts) < ACTS:
        waits = meaning.open()
        meant = Stand(
            Counter((w.element, ()) if w.timer else shown(w.element, w.data) for w in waits),
            meaning.finished,
        )
        found = hand.stand()
        if found != meant:
            return _differ(acts, found, meant)
        if not waits:
            return ""
        _act(choose(dice, waits), meaning, hand, dice, acts)
    return f"no end after {' '.join(acts)}"


def follow(meaning: Meaning, hand: Hand, dice: random.Random) -> str:
    """The same for a diagram that need not end, and that may end in an incident: variables are not
    compared."""
    acts: list[str] = []
    while len(acts) < ACTS // 4:
        waits = meaning.open()
        meant, found = (
            Stand(Counter((w.element, ()) for w in waits), meaning.finished),
            hand.stand(),
        )
        if found.failures:
            return ""
        bare = Stand(
            Counter((element, ()) for element, _ in found.waiting.elements()), found.finished
        )
        if bare != meant:
            return _differ(acts, bare, meant)
        if not waits:
            return ""
        chosen = choose(dice, waits)
        oldest = min(
            (wait for wait in waits if wait.element == chosen.element), key=lambda wait: wait.born
        )
        _act(oldest, meaning, hand, dice, acts, any_data=True)
    return ""


def _act(
    wait: Wait,
    meaning: Meaning,
    hand: Hand,
    dice: random.Random,
    acts: list[str],
    *,
    any_data: bool = False,
) -> None:
    value = dice.choice(wait.values) if wait.values else None
    acts.append(wait.element if value is None else f"{wait.element}={value}")
    data = None if any_data else dict(wait.data)
    meaning.act(wait, value)
    if wait.timer:
        hand.fire(wait.element)
    else:
        hand.do(wait.element, data, {} if value is None else {wait.element: value})


def _differ(acts: list[str], found: Stand, meant: Stand) -> str:
    there, missing = dict(found.waiting - meant.waiting), dict(meant.waiting - found.waiting)
    return f"after {' '.join(acts)}: {there} {found.failures} over={found.finished}; meant {missing} over={meant.finished}"
