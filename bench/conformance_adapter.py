"""Our engine under the conformance kit, in three modes that must give the same answers.

    python3 run.py betsy --path <repository>/bench --adapter conformance_adapter:Memory     (or SqliteReload, Postgres)

The kit is found through CONFORMANCE_KIT (default ../shared/conformance). The engine is driven by
its public commands only: deploy, start, complete, pump on a given clock, jobs in process. Memory
keeps the live instances of one engine and runs operations as local handlers. SqliteReload makes a
new engine before every command and runs every operation as a remote job, so the state is saved,
forgotten and loaded before every single task. Postgres does the same with two workers in turn that
each keep what they know. Long operations (the kit's intervals) are remote in all modes: two workers
take jobs at the same time.
"""
# ruff: noqa: E402 - the kit and this repository are made importable first

import atexit
import datetime as dt
import itertools
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
KIT: Final = Path(os.environ.get("CONFORMANCE_KIT", ROOT.parent / "shared" / "conformance"))
sys.path[:0] = [each for each in (str(ROOT), str(KIT)) if each not in sys.path]

import sqlalchemy as sa
from harness.adapter import (
    BusinessError as KitError,
    DeployError,
    Draft,
    EngineAdapter,
    Outcome,
    Probe,
    Problem,
    RunError,
)
from harness.sandbox import Evaluator, NotInLanguage
from lxml import etree

from bench.conformance_dialect import BPMN, ROLE, START_VALUES, Dialect
from engine import reads
from engine.clock import GivenClock
from engine.commands import Engine
from engine.errors import BusinessError, DeployRefused, EngineError, Finding
from engine.jobs.inprocess import InProcessJobs
from engine.model.expressions import compile_expression
from engine.store.tables import Base, Journal
from engine.store.uow import prepare
from engine.types import Actor, Data, Failed, Handlers, Role
from tests.kit.clock import NOW
from tests.kit.postgres import sqlalchemy_url, wheel
from webforms.paquetes import hallazgos

PERSON: Final = Actor("person", "conformidad", frozenset({Role(ROLE, None)}))
SLOW: Final = "CREATE_TIMESTAMP_LOG"
WORKERS: Final = 2
MOMENT: Final = 0.001  # seconds after which an idle worker looks again
SECOND: Final = dt.timedelta(seconds=1)
PATIENCE: Final = 3.0  # seconds that a long operation waits for a second one


@dataclass
class Deployment:
    """One model in a database of its own, the clock, and what its tasks did."""

    db: sa.Engine
    remote: bool
    probe: Probe = field(default_factory=Probe)
    clock: GivenClock = field(default_factory=lambda: GivenClock(NOW))
    jobs: InProcessJobs = field(default_factory=InProcessJobs)
    handlers: Handlers = field(default_factory=Handlers)
    pump: Callable[[], object] = lambda: None  # due timers and messages of this moment
    # one worker at a time lets it pass
    time: threading.Lock = field(default_factory=threading.Lock)
    plain: frozenset[str] = frozenset()  # processes that start by themselves
    side_by_side: threading.Barrier = field(default_factory=lambda: threading.Barrier(WORKERS))

    @property
    def now(self) -> dt.datetime:
        return self.clock.now()

    def engine(self) -> Engine:
        return Engine(
            self.db,
            handlers=self.handlers,
            jobs=self.jobs,
            functions={},
            forms=frozenset(),
            clock=self.clock,
        )

    def register(self, xml: bytes) -> None:
        """A handler for every operation that the model names."""
        for node in etree.fromstring(xml).iter("{urn:ventanilla:bpmn:1}handler"):
            name = node.get("name", "")
            if self.remote or name.startswith(SLOW):
                self.handlers.remote[name] = lambda call, name=name: self._perform(name, call.data)
            else:
                self.handlers.local[name] = lambda call, name=name: self._perform(name, call.data)

    def _perform(self, operation: str, data: Data) -> Data:
        variables = dict(data)
        if operation.startswith(SLOW):
            self._meet()
        try:
            began, seconds = (
                self.now,
                self.probe.perform("" if operation == "NOTHING" else operation, variables),
            )
        except KitError as error:
            raise BusinessError(error.code) from error
        if seconds:
            self._pass(began + dt.timedelta(seconds=seconds))
        return {
            name: value
            for name, value in variables.items()
            if name not in data or data[name] != value
        }

    def _pass(self, until: dt.datetime) -> None:
        """While a long operation is at work the clock goes on, and what becomes due happens before
        its result is there."""
        with self.time:
            while self.now < until:
                self.clock.advance(min(SECOND, until - self.now))
                self.pump()

    def _meet(self) -> None:
        """Long operations that two workers hold at the same time begin together, however busy the
        machine is; one alone goes on."""
        with suppress(threading.BrokenBarrierError):
            self.side_by_side.wait(PATIENCE)


class _Adapter(EngineAdapter):
    """What the three modes share. `_engine` says which engine takes the next command."""

    dialect = "python"
    style = "service"
    remote = True

    def __init__(self) -> None:
        self.translator = Dialect()
        self.workers = ThreadPoolExecutor(WORKERS)

    def finish(self) -> None:
        """No more models."""
        self.workers.shutdown()

    def translate(self, xml: bytes) -> bytes:
        return self.translator(xml)

    # --- what a mode decides ----------------------------------------------------------------------
    def _database(self) -> sa.Engine:
        raise NotImplementedError

    def engine_of(self, dep: Deployment) -> Engine:
        raise NotImplementedError

    # --- deployment -------------------------------------------------------------------------------
    def deploy(self, xml: bytes, filename: str) -> Deployment:
        dep = Deployment(self._database(), self.remote)
        try:
            dep.register(xml)
            self.engine_of(dep).releases.deploy(
                {filename: _in_utf8(xml)}, actor=PERSON, now=dep.now
            )
        except DeployRefused as refusal:
            self.close(dep)
            errors = [finding for finding in refusal.findings if finding.severity == "error"]
            raise DeployError(" ".join(map(sentence, errors))) from refusal
        except etree.XMLSyntaxError as error:
            self.close(dep)
            raise DeployError(str(error)) from error
        dep.pump = lambda: self.engine_of(dep).pump(dep.now)
        dep.plain = frozenset(_plain_processes(etree.fromstring(xml)))
        return dep

    def close(self, dep: Deployment) -> None:
        self._forget(dep.db)

    def _forget(self, db: sa.Engine) -> None:
        """Nothing of this deployment is needed any more."""
        db.dispose()

    def open_draft(self, xml: bytes, filename: str) -> Draft:
        """As the analyst's page reads a file: kept as a draft on the server, its findings said in
        Spanish."""
        db = self._database()
        try:
            engine = Deployment(db, self.remote).engine()
            engine.releases.save_draft(filename, xml, actor=PERSON, now=NOW)
            with engine.uow.reading() as session:
                (kept,) = reads.releases.model_drafts(session, PERSON.id)
                content = bytes(kept.content)
            errors = [
                finding
                for finding in engine.releases.check({filename: _in_utf8(xml)})
                if finding.severity == "error"
            ]
            return Draft(
                content,
                [
                    Problem(finding.element or _root_id(xml), sentence(finding))
                    for finding in errors
                ],
            )
        finally:
            self._forget(db)

    # --- running ----------------------------------------------------------------------------------
    def start(self, dep: Deployment, process_id: str, variables: Mapping[str, Any]) -> None:
        if process_id not in dep.plain:
            return
        data = {name: value for name, value in variables.items() if name in START_VALUES}
        self._command(
            dep,
            lambda engine: engine.instances.start(process_id, actor=PERSON, now=dep.now, data=data),
        )

    def user_tasks(self, dep: Deployment) -> list[str]:
        with self.engine_of(dep).uow.reading() as session:
            return [
                item.id
                for item in sorted(
                    reads.items.inbox(session, PERSON), key=lambda item: (item.opened_at, item.id)
                )
            ]

    def complete(self, dep: Deployment, task: str) -> None:
        self._command(
            dep, lambda engine: engine.items.complete(task, values={}, actor=PERSON, now=dep.now)
        )

    def advance(self, dep: Deployment, seconds: float) -> None:
        dep.clock.advance(dt.timedelta(seconds=seconds))
        self._settle(dep)

    def outcome(self, dep: Deployment) -> Outcome:
        return dep.probe.outcome

    def _command(self, dep: Deployment, command: Any) -> None:
        try:
            command(self.engine_of(dep))
        except EngineError as error:
            dep.probe.outcome.error = "runtime"
            raise RunError(f"{type(error).__name__}: {error}") from error
        self._settle(dep)

    def _settle(self, dep: Deployment) -> None:
        """Jobs, timers and messages until nothing moves; then look for incidents."""
        while self._run_jobs(dep) + self.engine_of(dep).pump(dep.now):
            pass
        self._incidents(dep)

    def _run_jobs(self, dep: Deployment) -> int:
        """Short operations one after the other, each by the worker whose turn it is; of long ones
        two at the same time."""
        runner = _Runner(self, dep)
        if not any(name.startswith(SLOW) for name in dep.handlers.remote):
            return dep.jobs.run_all(runner)
        crew = _Crew(dep.jobs, runner)
        runs = [self.workers.submit(crew.work) for _ in range(WORKERS)]
        return sum(run.result() for run in runs)

    def _incidents(self, dep: Deployment) -> None:
        with self.engine_of(dep).uow.reading() as session:
            found = [
                (incident.kind, incident.element, incident.error)
                for incident in reads.incidents.open_ones(session)
            ]
            details = session.execute(sa.select(Journal.detail)).scalars().all()
        if any(detail.get("escalations") for detail in details):
            dep.probe.outcome.error = "escalation_event"
        if any(kind in ("uncaught", "error") for kind, _, _ in found):
            dep.probe.outcome.error = "error_event"
        technical = [
            f"{element}: {error}"
            for kind, element, error in found
            if kind not in ("uncaught", "error")
        ]
        if technical:
            dep.probe.outcome.error = "runtime"
            raise RunError(technical[0])


@dataclass
class _Crew:
    """Workers that take one job after the other until none of them has anything to do."""

    jobs: InProcessJobs
    runner: "_Runner"
    busy: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def work(self) -> int:
        done = 0
        while True:
            with self.lock:
                self.busy += 1
            taken = self.jobs.run_all(self.runner, 1)
            with self.lock:
                self.busy -= 1
                idle = self.busy == 0
            done += taken
            if not taken and idle:
                return done
            if not taken:
                time.sleep(MOMENT)


@dataclass
class _Runner:
    """Performs jobs at the deployment's time, each by the engine whose turn it is."""

    adapter: _Adapter
    dep: Deployment

    def run(self, job: str, args: Data) -> None:
        self.adapter.engine_of(self.dep).jobs.run_at(job, args, self.dep.now)

    def failed(self, job: str, args: Data, failure: Failed) -> None:
        self.adapter.engine_of(self.dep).jobs.failed(job, args, failure)


class _Sqlite(_Adapter):
    """A new database file for every deployment, in memory where the machine has such a folder."""

    def __init__(self) -> None:
        super().__init__()
        shm = Path("/dev/shm")  # noqa: S108 - a private folder is made inside
        self._folder = Path(
            tempfile.mkdtemp(prefix="conformance-", dir=shm if shm.is_dir() else None)
        )
        atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        self._number = itertools.count()
        self._template = self._folder / "empty.db"
        db = sa.create_engine(f"sqlite:///{self._template}")
        Base.metadata.create_all(db)
        db.dispose()

    def _database(self) -> sa.Engine:
        path = self._folder / f"{next(self._number)}.db"
        shutil.copyfile(self._template, path)
        db = sa.create_engine(f"sqlite:///{path}")
        prepare(db)
        return db

    def finish(self) -> None:
        super().finish()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _forget(self, db: sa.Engine) -> None:
        super()._forget(db)
        path = Path(str(db.url.database))
        for each in path.parent.glob(f"{path.name}*"):
            each.unlink()


class Memory(_Sqlite):
    name = "Ventanilla, live instances in memory"
    remote = False

    def __init__(self) -> None:
        super().__init__()
        self._engines: dict[int, Engine] = {}

    def engine_of(self, dep: Deployment) -> Engine:
        return self._engines.setdefault(id(dep), dep.engine())

    def close(self, dep: Deployment) -> None:
        self._engines.pop(id(dep), None)
        super().close(dep)


class SqliteReload(_Sqlite):
    name = "Ventanilla on SQLite, forgotten and loaded before every step"

    def engine_of(self, dep: Deployment) -> Engine:
        return dep.engine()


class Postgres(_Adapter):
    """A schema for every deployment; that of one that is closed is emptied and used again."""

    name = "Ventanilla on PostgreSQL, two workers in turn"

    def __init__(self) -> None:
        super().__init__()
        self._url = os.environ.get("CONFORMANCE_PG") or _own_server()
        self._empty = ";".join(
            str(sa.delete(table)) for table in reversed(Base.metadata.sorted_tables)
        )
        self._free: list[sa.Engine] = []
        self._all: list[sa.Engine] = []
        self._engines: dict[int, Iterator[Engine]] = {}

    def _database(self) -> sa.Engine:
        if self._free:
            db = self._free.pop()
            with db.begin() as connection:
                connection.exec_driver_sql(self._empty)
            return db
        schema = f"conformance_{len(self._all)}"
        options = f"-c synchronous_commit=off -c search_path={schema}"  # no crash is tested here
        db = sa.create_engine(self._url, connect_args={"options": options})
        with db.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
        Base.metadata.create_all(db)
        self._all.append(db)
        return db

    def finish(self) -> None:
        super().finish()
        for db in self._all:
            db.dispose()

    def engine_of(self, dep: Deployment) -> Engine:
        if id(dep) not in self._engines:
            self._engines[id(dep)] = itertools.cycle([dep.engine() for _ in range(WORKERS)])
        return next(self._engines[id(dep)])

    def close(self, dep: Deployment) -> None:
        self._engines.pop(id(dep), None)
        super().close(dep)

    def _forget(self, db: sa.Engine) -> None:
        super()._forget(db)
        self._free.append(db)


class Expressions(Evaluator):
    """The language of conditions. There are no scripts."""

    name = "Ventanilla's expressions"

    def evaluate(self, source: str, names: dict[str, Any]) -> Any:
        functions = {name: value for name, value in names.items() if callable(value)}
        data = {name: value for name, value in names.items() if not callable(value)}
        return compile_expression(source)(data, functions, NOW)

    def execute(self, source: str, names: dict[str, Any]) -> Any:  # noqa: ARG002 - the shape of the base
        raise NotInLanguage("scripts")


def sentence(finding: Finding) -> str:
    """Element, rule and remedy in one line."""
    where = f"«{finding.element}»: " if finding.element else ""
    return f"{where}{hallazgos.frase(finding)} [{finding.rule}]"


def _plain_processes(root: etree._Element) -> Iterator[str]:
    """Processes with a start that waits for nothing, or without any."""
    for process in root.iter(BPMN + "process"):
        starts = process.findall(BPMN + "startEvent")
        if not starts and not any(
            (node.get("instantiate") or "").strip() in ("true", "1") for node in process
        ):
            yield process.get("id", "")
        for start in starts:
            if not any(
                str(each.tag).endswith(("EventDefinition", "eventDefinitionRef")) for each in start
            ):
                yield process.get("id", "")


def _in_utf8(xml: bytes) -> bytes:
    """Suites write in several encodings; an analyst exports in UTF-8, the only one that is
    taken."""
    try:
        root = etree.fromstring(xml)
    except etree.XMLSyntaxError:
        return xml
    written = (root.getroottree().docinfo.encoding or "UTF-8").upper()
    return (
        xml
        if written in ("UTF-8", "US-ASCII", "ASCII")
        else etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    )


def _root_id(xml: bytes) -> str | None:
    """What concerns the whole file belongs to its root element."""
    try:
        return etree.fromstring(xml).get("id")
    except etree.XMLSyntaxError:
        return None


@cache
def _own_server() -> str:
    """URL of the PostgreSQL of the wheel, stopped at exit."""
    return sqlalchemy_url(
        wheel().server(tempfile.mkdtemp(prefix="conformance-"), cleanup_mode="stop")
    )
