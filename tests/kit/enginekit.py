"""An engine on a given clock with in-process jobs, for tests of the engine and of what stands on it."""

import datetime as dt
from dataclasses import dataclass
from dataclasses import field

import sqlalchemy as sa

from engine.clock import GivenClock
from engine.commands import Engine
from engine.jobs.inprocess import InProcessJobs
from engine.store.tables import Base
from engine.types import Actor
from engine.types import Data
from engine.types import Handlers
from engine.types import Role

START = dt.datetime(2026, 11, 24, 14, 0, tzinfo=dt.UTC)  # a Tuesday, 09:00 in Bogotá

ASESOR = Actor("person", "asesor.uno", frozenset({Role("asesor", "P1")}))
COLEGA = Actor("person", "asesor.dos", frozenset({Role("asesor", "P1")}))
FORASTERO = Actor("person", "asesor.lejos", frozenset({Role("asesor", "P2")}))
ADMINISTRADORA = Actor("person", "admin", frozenset({Role("administrador", None)}))
FUNCIONARIA = Actor("person", "funcionaria", frozenset({Role("funcionario", None)}))


class RunnerAt:
    """Runs jobs of the in-process queue at the clock's time."""

    def __init__(self, engine: Engine, clock: GivenClock) -> None:
        self._engine, self._clock = engine, clock
        self.failures: list[str] = []

    def run(self, job: str, args: Data) -> None:
        self._engine.run_at(job, args, self._clock.now())

    def failed(self, job: str, args: Data, error: str) -> None:
        self.failures.append(error)
        self._engine.failed(job, args, error)


@dataclass
class Kit:
    db: sa.Engine
    handlers: Handlers = field(default_factory=Handlers)
    clock: GivenClock = field(default_factory=lambda: GivenClock(START))
    jobs: InProcessJobs = field(default_factory=InProcessJobs)
    forms: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        Base.metadata.create_all(self.db)
        self.engine = self.another_engine()
        self.runner = RunnerAt(self.engine, self.clock)

    def another_engine(self) -> Engine:
        """As another process would have it: nothing in memory."""
        return Engine(self.db, handlers=self.handlers, jobs=self.jobs, functions={}, forms=self.forms)

    def deploy(self, **files: bytes) -> None:
        named = {f"{name}.bpmn": content for name, content in files.items()}
        self.engine.deploy(named, actor=FUNCIONARIA, now=self.now)

    @property
    def now(self) -> dt.datetime:
        return self.clock.now()

    def later(self, **delta: float) -> dt.datetime:
        self.clock.advance(dt.timedelta(**delta))
        return self.now

    def run_jobs(self) -> int:
        return self.jobs.run_all(self.runner)

    def rows(self, text: str) -> list[tuple[object, ...]]:
        with self.db.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(text))]
