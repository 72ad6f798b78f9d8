"""An engine on a given clock with in-process jobs, and what a test does to one running case of
process P."""

import datetime as dt
from dataclasses import dataclass, field

import sqlalchemy as sa

from engine import reads
from engine.clock import GivenClock
from engine.commands import Engine
from engine.jobs.inprocess import InProcessJobs
from engine.reads.verification import verify
from engine.store.tables import Base
from engine.types import Data, Failed, Handlers, WorkItem
from tests.kit import tables
from tests.kit.cast import ASESOR, AUTHORITY, FUNCIONARIA
from tests.kit.clock import CALENDAR, NOW


class RunnerAt:
    """Runs jobs of the in-process queue at the clock's time."""

    def __init__(self, engine: Engine, clock: GivenClock) -> None:
        self._engine, self._clock = engine, clock
        self.failures: list[str] = []

    def run(self, job: str, args: Data) -> None:
        self._engine.jobs.run_at(job, args, self._clock.now())

    def failed(self, job: str, args: Data, failure: Failed) -> None:
        self.failures.append(failure.text)
        self._engine.jobs.failed(job, args, failure)


@dataclass
class Kit:
    db: sa.Engine
    handlers: Handlers = field(default_factory=Handlers)
    clock: GivenClock = field(default_factory=lambda: GivenClock(NOW))
    jobs: InProcessJobs = field(default_factory=InProcessJobs)
    forms: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        tables.make(self.db, Base)
        self.engine = self.another_engine()
        self.runner = RunnerAt(self.engine, self.clock)

    def another_engine(self) -> Engine:
        """As another process would have it: nothing in memory."""
        return Engine(
            self.db,
            handlers=self.handlers,
            jobs=self.jobs,
            functions={},
            forms=self.forms,
            clock=self.clock,
            calendar=CALENDAR,
            authority=AUTHORITY,
        )

    def deploy(self, **files: bytes) -> None:
        named = {f"{name}.bpmn": content for name, content in files.items()}
        self.engine.releases.deploy(named, actor=FUNCIONARIA, now=self.now)

    @property
    def now(self) -> dt.datetime:
        return self.clock.now()

    def later(self, **delta: float) -> dt.datetime:
        self.clock.advance(dt.timedelta(**delta))
        return self.now

    def run_jobs(self) -> int:
        return self.jobs.run_all(self.runner)

    def rows(self, text: str, **bound: object) -> list[tuple[object, ...]]:
        with self.db.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(text), bound)]


# --- one running case -----------------------------------------------------------------------------
def begin(kit: Kit, **data: object) -> str:
    return kit.engine.instances.start(
        "P", actor=ASESOR, now=kit.now, data={"punto": "P1", **data}
    ).instance_id


def opened(kit: Kit, instance: str) -> dict[str, WorkItem]:
    with kit.engine.uow.reading() as session:
        return {i.element: i for i in reads.items.of_case(session, instance, only_open=True)}


def do(kit: Kit, instance: str, element: str, **values: object) -> None:
    kit.engine.items.complete(
        opened(kit, instance)[element].id, values=values, actor=ASESOR, now=kit.later(minutes=1)
    )


def entries(kit: Kit, instance: str) -> list[reads.history.Entry]:
    with kit.engine.uow.reading() as session:
        return reads.history.of_case(session, kit.engine.catalog, instance)


def earlier(kit: Kit, instance: str) -> dict[str, str]:
    """Element → why the case cannot go back to it."""
    with kit.engine.uow.reading() as session:
        return {
            e.element: e.refusal for e in kit.engine.instances.earlier(session, instance, kit.now)
        }


def sound(kit: Kit) -> None:
    """The chains hold, and another process that has nothing in memory can go on."""
    with kit.engine.uow.reading() as session:
        assert verify(session).faults == ()
    kit.engine.core.cache.clear()
