"""Random diagrams, random acts of everybody: the rows of the tables always say what the instance
waits for, and a replay says it too."""

import contextlib

import pytest
import sqlalchemy as sa

from engine.errors import EngineError, MigrationRefused, NotPossible
from engine.types import Call, Data, RemoteCall, Repair
from tests.integration.engine.test_control_random import Drawing
from tests.kit.cast import ADMIN, ANALISTA, COORDINADORA, SIN_PUNTO, WHY
from tests.kit.chance import dice
from tests.kit.diagrams import service
from tests.kit.engine import Kit, sound

ENDED = ("finished", "cancelled")


class WithSystems(Drawing):
    """Some tasks come after a service task, here or at another system."""

    def task(self, _: int = 0) -> tuple[str, str]:
        first, last = super().task()
        if self.random.random() > 0.25:
            return first, last
        id_, handler = self.name("H"), self.random.choice(["aqui", "lejos"])
        self.nodes.append(
            service(id_, out=f"v{id_}:integer").replace('name="h"', f'name="{handler}"')
        )
        self.wires.append(f"{id_}>{first}")
        return id_, last


class Life:
    """One case between two releases, and what may be done to it."""

    def __init__(self, kit: Kit, seed: int) -> None:
        self.kit, self.random = kit, dice(seed)
        self.trouble = 0.3
        kit.handlers.local["aqui"] = self.answer
        kit.handlers.remote["lejos"] = self.answer
        for richer in (False, True):
            kit.deploy(p=WithSystems(seed, richer=richer).xml())
        self.id = kit.engine.instances.start("P", actor=SIN_PUNTO, now=kit.now, data={}).instance_id

    def answer(self, call: Call | RemoteCall) -> Data:
        if self.random.random() < self.trouble:
            raise RuntimeError("no responde")
        return {f"v{call.element}": self.random.randint(0, 9)}

    @property
    def status(self) -> str:
        return str(self.kit.rows("SELECT status FROM instance")[0][0])

    def open_items(self) -> list[str]:
        return sorted(
            str(row[0]) for row in self.kit.rows("SELECT id FROM work_item WHERE state = 'open'")
        )

    def complete(self) -> None:
        for item in self.open_items()[: self.random.randint(0, 2)]:
            element = str(
                self.kit.rows("SELECT element FROM work_item WHERE id = :id", id=item)[0][0]
            )
            values: Data = (
                {} if element.startswith("N") else {f"v{element}": int(self.random.random() < 0.3)}
            )
            with contextlib.suppress(EngineError):  # the other one took it away
                self.kit.engine.items.complete(
                    item, values=values, actor=SIN_PUNTO, now=self.kit.later(minutes=1)
                )

    def claim(self) -> None:
        for item in self.open_items()[:1]:
            self.kit.engine.items.claim(item, actor=SIN_PUNTO, now=self.kit.now)

    def send_back(self) -> None:
        with self.kit.engine.uow.reading() as session:
            earlier = self.kit.engine.instances.earlier(session, self.id, self.kit.now)
        if not earlier:
            return
        target = self.random.choice(earlier)
        try:
            self.kit.engine.instances.go_back(
                self.id,
                target.task_id,
                reason=WHY,
                actor=COORDINADORA,
                now=self.kit.later(minutes=1),
            )
        except NotPossible:
            assert target.refusal
        else:
            assert not target.refusal

    def move(self) -> None:
        """What happens is what the plan said."""
        release = self.random.choice([1, 2])
        with self.kit.engine.uow.reading() as session:
            (plan,) = self.kit.engine.migration.plan(session, [self.id], release, now=self.kit.now)
        before = dict(self.kit.rows("SELECT id, claimed_by FROM work_item WHERE state = 'open'"))
        timers = dict(self.kit.rows("SELECT task_id, due FROM timer"))
        try:
            self.kit.engine.migration.migrate(
                self.id, release, reason=WHY, actor=ANALISTA, now=self.kit.now
            )
        except MigrationRefused as error:
            refused = tuple(error.problems)
        else:
            refused = ()
        assert refused == plan.problems
        if refused:
            return
        after = dict(self.kit.rows("SELECT id, claimed_by FROM work_item WHERE state = 'open'"))
        assert {item.id: item.claimed_by for item in plan.items} == {
            id_: after[id_] for id_ in before.keys() & after.keys()
        }
        assert (len(plan.opens), len(plan.closes)) == (
            len(after.keys() - before.keys()),
            len(before.keys() - after.keys()),
        )
        for task, due in dict(self.kit.rows("SELECT task_id, due FROM timer")).items():
            assert timers.get(task, due) == due

    def repair(self) -> None:
        for number, element in self.kit.rows(
            "SELECT id, element FROM incident WHERE state = 'open'"
        ):
            action = self.random.choice(["retry", "skip", "edit"])
            values: Data = {} if action == "retry" else {f"v{element}": 5}
            self.kit.engine.incidents.resolve(
                int(str(number)), Repair(action, WHY, values=values), actor=ADMIN, now=self.kit.now
            )

    def stand(self) -> None:
        act = (
            self.kit.engine.instances.suspend
            if self.random.random() < 0.3
            else self.kit.engine.instances.resume
        )
        act(self.id, reason=WHY, actor=COORDINADORA, now=self.kit.later(hours=1))

    def cancel(self) -> None:
        if self.random.random() < 0.1:
            self.kit.engine.instances.cancel(self.id, reason=WHY, actor=ADMIN, now=self.kit.now)

    def wait(self) -> None:
        self.kit.engine.pump(self.kit.later(days=self.random.choice([0, 1, 9])))

    def systems(self) -> None:
        self.kit.run_jobs()

    def act(self) -> None:
        acts = [
            self.complete,
            self.complete,
            self.complete,
            self.systems,
            self.systems,
            self.send_back,
            self.send_back,
        ]
        act = self.random.choice(
            [*acts, self.claim, self.move, self.repair, self.stand, self.cancel, self.wait]
        )
        with contextlib.suppress(EngineError):  # refused: suspended, ended
            act()

    def agrees(self) -> None:
        """Items, timers, jobs and incidents are those of the live instance; so is what the journal
        alone leads to."""
        sound(self.kit)
        with self.kit.engine.uow.reading() as session:
            turn = self.kit.engine.core.look(session, self.id, self.kit.now)
            deltas = (
                session.execute(sa.text("SELECT delta FROM journal ORDER BY rev")).scalars().all()
            )
        waits, over = turn.live.waits(), turn.instance.status in ENDED
        rows = {
            "items": {
                row[0] for row in self.kit.rows("SELECT id FROM work_item WHERE state = 'open'")
            },
            "timers": {row[0] for row in self.kit.rows("SELECT task_id FROM timer")},
            "stuck": {
                row[0]
                for row in self.kit.rows("SELECT task_id FROM job WHERE state IN ('open', 'held')")
            }
            | {
                row[0] for row in self.kit.rows("SELECT task_id FROM incident WHERE state = 'open'")
            },
        }
        live = {
            "items": {*waits.items},
            "timers": {*waits.timers},
            "stuck": {*waits.services, *waits.failures},
        }
        assert rows == ({name: set() for name in live} if over else live)
        whole, *later = [bytes(delta) for delta in deltas if delta]
        replayed = turn.release.load("P", whole, later)
        assert (replayed.waits(), replayed.earlier(), replayed.variables()) == (
            waits,
            turn.live.earlier(),
            turn.live.variables(),
        )

    def finish(self) -> None:
        """Whatever was done to it, people and systems can bring it to its end."""
        self.trouble = 0.0
        if self.status == "suspended":
            self.kit.engine.instances.resume(
                self.id, reason=WHY, actor=COORDINADORA, now=self.kit.now
            )
        for _ in range(400):
            if self.status in ENDED:
                return
            self.kit.run_jobs()
            for (number,) in self.kit.rows("SELECT id FROM incident WHERE state = 'open'"):
                self.kit.engine.incidents.resolve(
                    int(str(number)), Repair("retry", WHY), actor=ADMIN, now=self.kit.now
                )
            self.complete()
        raise AssertionError("it stands still")


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_done_to_a_case_its_rows_agree_and_it_can_be_finished(
    db: sa.Engine, seed: int
) -> None:
    life = Life(Kit(db), seed)
    for _ in range(20):
        life.act()
        life.agrees()
    life.finish()
    life.agrees()
