"""Random structured diagrams, random walks: wherever a case is sent back to or moved, it can still
be finished."""

import random
from itertools import pairwise

import pytest

from engine.spiff import Release
from tests.kit.chance import dice
from tests.kit.diagrams import boundary, end, gate, model, process, start, sub, timer, user
from tests.kit.play import Play, release

DEPTH = 3
STEPS = 400  # of people; more would mean that it never ends


class Drawing:
    """Tasks, choices, branches, loops, sub-processes and called processes inside each other, each
    with one way in and one out."""

    def __init__(self, seed: int, *, richer: bool) -> None:
        self.random = dice(seed)
        self.extra = dice(seed + 1)
        self.richer = richer
        self.number = 0
        self.nodes: list[str] = []
        self.wires: list[str] = []
        self.called: list[str] = []

    def xml(self) -> bytes:
        first, last = self.block(DEPTH)
        wires = [f"S>{first}", *self.wires, f"{last}>E"]
        return model(
            process("P", start() + "".join(self.nodes) + end(), " ".join(wires)), *self.called
        )

    def name(self, kind: str) -> str:
        self.number += 1
        return f"{kind}{self.number}"

    def block(self, depth: int) -> tuple[str, str]:
        kinds = (
            ["task"]
            if depth == 0
            else ["task", "row", "row", "branches", "choice", "loop", "sub", "call"]
        )
        return getattr(self, self.random.choice(kinds))(depth - 1)

    def task(self, _: int = 0) -> tuple[str, str]:
        id_ = self.name("T")
        self.nodes.append(user(id_, out=f"v{id_}:integer"))
        if self.richer and self.extra.random() < 0.3:  # a reminder at its border
            self.nodes += [
                boundary(f"B{id_}", id_, timer("P9D"), interrupts=False),
                end(f"EB{id_}"),
            ]
            self.wires.append(f"B{id_}>EB{id_}")
        if self.richer and self.extra.random() < 0.2:  # a task before it
            self.nodes.append(user(f"N{id_}"))
            self.wires.append(f"N{id_}>{id_}")
            return f"N{id_}", id_
        return id_, id_

    def row(self, depth: int) -> tuple[str, str]:
        parts = [self.block(depth) for _ in range(self.random.randint(2, 3))]
        self.wires += [f"{one[1]}>{other[0]}" for one, other in pairwise(parts)]
        return parts[0][0], parts[-1][1]

    def branches(self, depth: int) -> tuple[str, str]:
        split, join = self.name("G"), self.name("G")
        self.nodes.append(gate("parallel", split, join))
        for _ in range(self.random.randint(2, 3)):
            first, last = self.block(depth)
            self.wires += [f"{split}>{first}", f"{last}>{join}"]
        return split, join

    def choice(self, depth: int) -> tuple[str, str]:
        first, task = self.task()
        split, merge = self.name("G"), self.name("G")
        self.nodes.append(gate("exclusive", split, merge))
        one, other = self.block(depth), self.block(depth)
        self.wires += [
            f"{task}>{split}",
            f"{split}>{one[0]}?v{task}~==~1",
            f"{split}>{other[0]}*",
            f"{one[1]}>{merge}",
            f"{other[1]}>{merge}",
        ]
        return first, merge

    def loop(self, depth: int) -> tuple[str, str]:
        merge, split = self.name("G"), self.name("G")
        self.nodes.append(gate("exclusive", merge, split))
        body, (first, task) = self.block(depth), self.task()
        self.wires += [
            f"{merge}>{body[0]}",
            f"{body[1]}>{first}",
            f"{task}>{split}",
            f"{split}>{merge}?v{task}~==~1",
        ]
        after = self.task()
        self.wires.append(f"{split}>{after[0]}*")
        return merge, after[1]

    def sub(self, depth: int) -> tuple[str, str]:
        id_ = self.name("U")
        return self.bordered(id_, sub(id_, *self.inside(id_, depth)))

    def call(self, depth: int) -> tuple[str, str]:
        id_ = self.name("U")
        self.called.append(process(f"P{id_}", *self.inside(id_, depth)))
        return self.bordered(id_, f'<callActivity id="{id_}" calledElement="P{id_}"/>')

    def bordered(self, id_: str, drawn: str) -> tuple[str, str]:
        """Half of them have an event at their border, which ends apart or, when it interrupts, goes
        on behind them."""
        self.nodes.append(drawn)
        if self.random.random() < 0.5:
            return id_, id_
        if self.random.random() < 0.5:
            self.nodes += [
                boundary(f"X{id_}", id_, timer("P8D"), interrupts=False),
                end(f"EX{id_}"),
            ]
            self.wires.append(f"X{id_}>EX{id_}")
            return id_, id_
        self.nodes += [boundary(f"X{id_}", id_, timer("P8D")), gate("exclusive", f"GX{id_}")]
        self.wires += [f"X{id_}>GX{id_}", f"{id_}>GX{id_}"]
        return id_, f"GX{id_}"

    def inside(self, id_: str, depth: int) -> tuple[str, str]:
        outside = self.nodes, self.wires
        self.nodes, self.wires = [], []
        first, last = self.block(depth)
        inner = (
            start(f"S{id_}") + "".join(self.nodes) + end(f"E{id_}"),
            " ".join([f"S{id_}>{first}", *self.wires, f"{last}>E{id_}"]),
        )
        self.nodes, self.wires = outside
        return inner


def walk(play: Play, chance: random.Random, steps: int) -> None:
    """People complete tasks at random; one that decides a loop says "go on" more often than not."""
    for _ in range(steps):
        if play.finished:
            return
        assert play.failures == {}
        assert play.users, "nobody can go on"
        element = chance.choice(play.users)
        play.do(
            element,
            **({} if element.startswith("N") else {f"v{element}": int(chance.random() < 0.3)}),
        )


def send_back(play: Play, chance: random.Random, *, inside: bool = False) -> str | None:
    """To an activity that is offered, if possible inside one that is over; None when there is
    none."""
    offered = [e for e in play.live.earlier() if not e.refusal]
    if not offered:
        return None
    target = chance.choice([e for e in offered if e.within and inside] or offered)
    play.live.go_back(target.task_id, frozenset(), play.now)
    play.base, play.deltas = play.live.snapshot(), []
    return target.element


@pytest.mark.parametrize("seed", range(40))
def test_a_case_that_is_sent_back_at_random_can_always_be_finished(seed: int) -> None:
    play = Play(release(Drawing(seed, richer=False).xml()))
    chance = dice(seed)
    for _ in range(6):
        walk(play, chance, chance.randint(1, 8))
        element = send_back(play, chance)
        if chance.random() < 0.5:
            play.reload()
        if element is not None:
            assert not play.finished
            assert element.startswith("U") or element in play.users
    walk(play, chance, STEPS)
    assert play.live.finished


@pytest.mark.parametrize("seed", range(100, 160))
def test_a_case_goes_back_into_what_is_over_again_and_again_and_can_be_finished(seed: int) -> None:
    """The activity stands open, with the variables as they were, and a case loaded from bytes
    offers the same ways back."""
    play = Play(release(Drawing(seed, richer=False).xml()))
    chance = dice(seed)
    for _ in range(8):
        walk(play, chance, chance.randint(1, 8))
        # a border: what ran inside is cut off, or something runs beside it
        if chance.random() < 0.3 and play.timers:
            play.fire(chance.choice(sorted(play.timers)))
        offered = play.live.earlier()
        play.reload()
        assert play.live.earlier() == offered
        # those of a called process that still runs go with it
        before = dict(play.live.moved() or {})
        element = send_back(play, chance, inside=True)
        if element is not None:
            assert not play.finished
            assert element.startswith("U") or element in play.users
            assert any(e.element == element and e.within for e in offered) <= (
                play.live.moved() in (None, before) or play.finished
            )
    walk(play, chance, STEPS)
    assert play.live.finished


@pytest.fixture(scope="module", params=range(40))
def versions(request: pytest.FixtureRequest) -> tuple[int, Release, Release]:
    """A drawing, and the same with tasks and reminders added."""
    seed: int = request.param
    return (
        seed,
        release(Drawing(seed, richer=False).xml()),
        release(Drawing(seed, richer=True).xml()),
    )


def test_a_case_that_is_moved_at_random_keeps_its_tasks_and_can_be_finished(
    versions: tuple[int, Release, Release],
) -> None:
    """Only what waits at a join whose way in has changed is refused: here no way out of a branch
    changes, so nothing is."""
    seed, old, new = versions
    chance = dice(seed)
    play = Play(old)
    walk(play, chance, chance.randint(0, 12))
    if play.finished:
        return
    before = sorted(play.users)
    live, moved = new.receive(play.live, "P", {}, play.now)
    assert moved.problems == []
    assert live is not None
    play.live, play.release, play.base, play.deltas = live, new, live.snapshot(), []
    assert sorted(play.users) == before
    reminders = {element for element in play.timers if element.startswith("B")}
    drawn = {element for each in new.processes.values() for element in each.elements}
    assert reminders == {f"B{element}" for element in before} & drawn
    send_back(play, chance)
    play.reload()
    walk(play, chance, STEPS)
    assert play.live.finished
    assert play.timers == {}
