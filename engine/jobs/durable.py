"""Jobs on DBOS Transact in the application's own database. The only module that imports dbos.

Web processes only enqueue; a worker launches. Each worker holds a lock that dies with it, so that
another worker takes over the running jobs of a dead one (DBOS alone does that only with its
proprietary part).
"""

import base64
import fcntl
import io
import logging
import os
import pickle
import random
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import Any, NoReturn

import orjson
import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer, SetEnqueueOptions
from dbos._serialization import DefaultSerializer
from sqlalchemy.orm import Session

from common import spans, trail
from common.faults import code_of, is_outage
from common.metrics import JOBS
from common.rounds import Round
from engine.causes import failed
from engine.clock import SystemClock
from engine.errors import GiveUp
from engine.jobs.port import FIRST_WAIT, TRIES, Runner, of_queue
from engine.types import Data, Failed

log = logging.getLogger(__name__)

APPLICATION = "ventanilla"
VERSION = "1"  # by hand: DBOS workers run only jobs of their own version
LOCK_CLASS = 7301
LOOKS = 3
CLOCK = SystemClock()
# a job that takes down its fourth worker is given up, before whoever starts workers gives up
# (demo.run: five in a minute)
LIVES = 3
# seconds without a sign of life after which a worker's jobs go to another one (PostgreSQL)
LEASE = 30.0
PENDING = "PENDING"  # the library's word for a job that is being done
# the library's word for a job that was running whenever its workers died
POISONED = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"
SERVICE = "service"  # the queue of a job that names none
POLL = {"service": 0.1, "mail": 0.5, "report": 1.0, "web": 0.5}
LIMITS: dict[str, dict[str, Any]] = {
    "service": {"worker_concurrency": 8},
    "mail": {"worker_concurrency": 2},
    "report": {"worker_concurrency": 1},
    "web": {"worker_concurrency": 2},
}
_hands: set[str] = set()
# set once by the worker before launch; DBOS workflows are module functions
_runner: list[Runner] = []


# --- what stands in the library's tables is data, never code --------------------------------------
class _PlainPickle(pickle.Unpickler):
    """Texts, numbers and lists of them: what jobs of earlier versions hold. Nothing is imported, so
    nothing can be called."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(
            f"{module}.{name} stands in a job, which carries plain data only"
        )


def _read_plain_pickle(_: object, text: str) -> Any:
    return _PlainPickle(io.BytesIO(base64.b64decode(text))).load()


#: Whatever a row says of itself, the library's own reader of pickles is never used: it runs what
#: the row tells it to run.
DefaultSerializer.deserialize = _read_plain_pickle  # type: ignore[method-assign, assignment]  # on purpose
# what a row of ours is called, and how its data may be written
OURS, KINDS = "ventanilla.job", ("portable_json", "py_pickle")


def library_engine(url: str) -> sa.Engine:
    """An Engine of DBOS's own on our URL: DBOS sets SQLite up only on engines that it creates
    itself."""
    db = sa.create_engine(
        url, pool_size=20, pool_pre_ping=not url.startswith("sqlite"), hide_parameters=True
    )
    if db.dialect.name == "sqlite":

        @sa.event.listens_for(db, "connect")
        def _connect(connection: Any, _record: object) -> None:
            connection.isolation_level = "IMMEDIATE"
            for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL"):
                connection.execute(f"PRAGMA {pragma}")

    return db


def migrate(url: str) -> None:
    """Create or upgrade the tables of the job library; run before web and worker start."""
    DBOS.migrate(url)


class JobFailed(Exception):
    """What the job library keeps of a job for which no try is left."""


@DBOS.step(name="ventanilla.try")
def _try(job: str, args: str) -> list[Any] | None:
    """One try; of a failure its text, whether trying again is of use, whether the database was
    away, and its facts.

    A plain value survives any restart, an exception may not.
    """
    given = orjson.loads(args)
    with trail.of_job(f"job {job}", given):
        begun = time.perf_counter()
        try:
            _runner[0].run(job, given)
        except Exception as error:
            JOBS.labels(job, "failed").observe(time.perf_counter() - begun)
            spans.failed()
            log.warning("a try of job %s failed", job, exc_info=True)
            told = failed(error)
            return [told.text, not isinstance(error, GiveUp), is_outage(error), dict(told.facts)]
        JOBS.labels(job, "done").observe(time.perf_counter() - begun)
    return None


@DBOS.workflow(name=OURS, max_recovery_attempts=LIVES)
def _job(job: str, args: str, queue: str = SERVICE, attempt: int = 1) -> None:
    """A failed try gives its place in the queue to others: the next one is a job of its own that
    waits outside the queue."""
    with _in_hand(DBOS.workflow_id):
        try:
            failure = _try(job, args)
        except Exception as error:
            if not is_outage(error):
                raise
            failure = [type(error).__name__, True, True]  # the library could not note the try
        if failure is None:
            return
        text, again, outage, *facts = failure  # a try of an earlier version kept no facts
        # a database that is away is not the job's failure
        if outage or (again and attempt < TRIES):
            _patiently(lambda: _enqueue_again(job, args, queue, attempt if outage else attempt + 1))
            return
        _tell(job, args, of_queue(Failed(text, *facts), queue))
        raise JobFailed(text)


def _enqueue_again(job: str, args: str, queue: str, attempt: int) -> None:
    wait = FIRST_WAIT.total_seconds() * 2 ** max(attempt - 2, 0)
    with SetEnqueueOptions(priority=10, app_version=VERSION, delay_seconds=wait):
        DBOS.enqueue_workflow(queue, _job, job, args, queue, attempt)


def _tell(job: str, args: str, failed: Failed) -> None:
    given = orjson.loads(args)
    with trail.of_job(f"job {job}", given):
        _patiently(lambda: _runner[0].failed(job, given, failed))


def _patiently(act: Callable[[], None]) -> None:
    """What must not be lost is done later, as long as the database is away."""
    while True:
        try:
            act()
        except Exception as error:
            if not is_outage(error):
                raise
            time.sleep(FIRST_WAIT.total_seconds())
        else:
            return


@contextmanager
def _in_hand(key: str | None) -> Iterator[None]:
    """The jobs that a thread of this process is doing now."""
    _hands.add(str(key))
    try:
        yield
    finally:
        _hands.discard(str(key))


def _job_of(key: str) -> tuple[str, str, str] | None:
    """Name, arguments and queue as its row holds them; None: nothing that we wrote. What the
    library cannot read it gives as the text itself."""
    status = DBOS.get_workflow_status(key)
    data: Any = status.input if status is not None else None
    try:
        (job, args, *more), named = data["args"], data["kwargs"]
        queue = str(more[0]) if more else SERVICE
        return (
            (job, args, queue)
            if isinstance(job, str)
            and isinstance(orjson.loads(args), dict)
            and isinstance(named, dict)
            else None
        )
    except (TypeError, ValueError, KeyError, IndexError):
        return None


def _refuse(key: str) -> None:
    log.error("row %r of the job queue holds data that no job has: refused", key)
    DBOS.cancel_workflow(key)


def _give_up(key: str) -> None:
    """People are told, as of any other failure."""
    found = _job_of(key)
    if found is None:
        _refuse(key)
        return
    job, args, queue = found
    _tell(
        job,
        args,
        of_queue(
            Failed("the worker died each time it did this job", {"problem": "worker_lost"}), queue
        ),
    )
    DBOS.cancel_workflow(key)


def _put_back(key: str) -> None:
    if _job_of(key) is None:
        _refuse(key)
        return
    log.warning("job %s was dropped by this worker; it is done again", key)
    DBOS.resume_workflow(key)


class DurableJobs:
    """Enqueues through our connection, so that job and business rows stand or fall together."""

    def __init__(self, url: str) -> None:
        self.db = library_engine(url)
        self._client: DBOSClient | None = None
        self._lock = threading.Lock()

    def _connected(self) -> DBOSClient:
        with self._lock:
            if self._client is None:
                json = DBOSPortableJSONSerializer()
                self._client = DBOSClient(
                    system_database_engine=self.db, application_name=APPLICATION, serializer=json
                )
            return self._client

    def enqueue(self, session: Session, job: str, key: str, args: Data, *, queue: str) -> None:
        self._connected().enqueue_in_transaction(
            session.connection(),
            {
                "workflow_name": OURS,
                "queue_name": queue,
                "workflow_id": key,
                "app_version": VERSION,
                "priority": 10,
            },
            job,
            orjson.dumps(trail.packed(args)).decode(),
            queue,
        )

    def committed(self) -> None:
        """Nothing to do: the job stands with the commit."""

    def abandoned(self) -> None:
        """Nothing to do: the job went with the rollback."""


def _end() -> NoReturn:
    os._exit(70)


class Worker:
    """The process that runs jobs. One on SQLite, as many as wanted on PostgreSQL."""

    def __init__(self, url: str, runner: Runner, lost: Callable[[], NoReturn] = _end) -> None:
        """`lost`: what this process does when its lock is gone, for another worker may already run
        its jobs."""
        self.db = library_engine(url)
        self._lost = lost
        self.id = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}".lower()
        self._postgres = self.db.dialect.name == "postgresql"
        self._rounds = Round("a look at the jobs of dead workers")
        # key -> at how many looks in a row it was in nobody's hand
        self._dropped: dict[str, int] = {}
        _runner[:] = [runner]

    def launch(self) -> None:
        self._hold()
        DBOS(
            config={
                "name": APPLICATION,
                "system_database_engine": self.db,
                "serializer": DBOSPortableJSONSerializer(),
                "executor_id": self.id,
                "application_version": VERSION,
                "use_listen_notify": self._postgres,
                "max_executor_threads": 16,
                "log_level": "WARNING",
            }
        )
        DBOS.launch()
        for queue, limits in LIMITS.items():
            DBOS.register_queue(queue, polling_interval_sec=POLL[queue], **limits)
        threading.Thread(target=self._reap_for_ever, name="reaper", daemon=True).start()

    def stop(self) -> None:
        DBOS.destroy()

    # --- liveness: a lock that PostgreSQL or the operating system releases when the process dies
    def _hold(self) -> None:
        if self._postgres:
            self._connection = self.db.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._connection.exec_driver_sql(
                f"SELECT pg_advisory_lock({LOCK_CLASS}, hashtext(%s))", (self.id,)
            )
        else:
            self._file = self._lock_path(self.id).open("w")
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def _lock_path(self, executor: str) -> Path:
        return Path(f"{self.db.url.database}.worker.{executor}.lock")

    def _lock_of_the_dead(self, executor: str) -> Callable[[], object] | None:
        """Take the other worker's lock; None while it lives. The result gives the lock back."""
        if self._postgres:
            taken = self._connection.exec_driver_sql(
                f"SELECT pg_try_advisory_lock({LOCK_CLASS}, hashtext(%s))", (executor,)
            ).scalar()
            if not taken:
                return None
            return lambda: self._connection.exec_driver_sql(
                f"SELECT pg_advisory_unlock({LOCK_CLASS}, hashtext(%s))", (executor,)
            )
        file = self._lock_path(executor).open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return None
        return file.close

    def _reap_for_ever(self) -> None:
        """At once, so that a worker that is started again goes on where the dead one stopped; then
        every few seconds."""
        told = ""
        while True:
            if self._postgres:
                try:
                    self._connection.exec_driver_sql("SELECT 1")
                except Exception as error:  # noqa: BLE001 - our lock is gone: another worker may already run our jobs
                    log.warning(
                        "the database cut this worker off (%s): it begins anew", code_of(error)
                    )
                    self._lost()
            try:
                self._look()
                told = ""
            except Exception as error:
                if told != code_of(error):  # once, not every few seconds
                    log.exception(
                        "taking over the jobs of dead workers failed; next try in seconds",
                        exc_info=not is_outage(error),
                    )
                told = code_of(error)
            time.sleep(random.uniform(2, 4))  # noqa: S311 - spreading, not secrecy

    def _look(self) -> None:
        """Each step and each job by itself: one that cannot even be told keeps nothing behind it
        waiting, and rests before it is told again."""
        failed: Exception | None = None
        for step in (
            self._take_over,
            self._tell_poisoned,
            self._rescue_dropped,
            self._refuse_foreign,
        ):
            try:
                step()
            except Exception as error:
                if is_outage(error):
                    raise
                failed = failed or error
        self._rounds.failing.forget_what_is_gone(CLOCK.now())
        if failed is not None:
            raise failed

    def _one(self, key: str, work: Callable[[], object]) -> None:
        self._rounds.go(key, CLOCK.now(), work)

    def _take_over(self) -> None:
        running = (
            sa.select(self._jobs.c.executor_id).distinct().where(self._jobs.c.status == PENDING)
        )
        with self.db.connect() as connection:
            others = set(connection.scalars(running)) - {None, self.id}
        for executor in sorted(others):
            release = self._lock_of_the_dead(executor)
            if release is None and self._postgres:
                self._cut_off_the_silent(executor)
            if release is not None:
                try:
                    self._one(
                        f"of {executor}",
                        partial(DBOS._recover_pending_workflows, [executor]),  # noqa: SLF001 - no public call exists; engine.jobs.foreign
                    )
                finally:
                    release()

    def _cut_off_the_silent(self, executor: str) -> None:
        """End the session that holds the lock of a worker which gave no sign of life for a lease:
        it was stopped, or its machine hangs. The next look takes its jobs over; should it wake up,
        it finds its lock gone and ends, and a result that it still delivers finds its task closed.
        """
        silent = (
            "SELECT pg_terminate_backend(a.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
            "WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database() "
            "AND l.classid = %s AND l.objid::bigint = (hashtext(%s)::bigint & 4294967295) "
            "AND a.state_change < now() - %s * interval '1 second'"
        )
        if (
            self._connection.exec_driver_sql(silent, (LOCK_CLASS, executor, LEASE)).first()
            is not None
        ):
            log.warning(
                "worker %s gave no sign of life for %s s: its jobs are taken over", executor, LEASE
            )

    def _tell_poisoned(self) -> None:
        """A job that took its worker down again and again is not tried any more: people are told,
        as of any other failure."""
        poisoned = sa.select(self._jobs.c.workflow_uuid).where(
            self._jobs.c.status == POISONED, self._jobs.c.name == OURS
        )
        with self.db.connect() as connection:
            keys = list(connection.scalars(poisoned))
        for key in keys:
            self._one(f"poisoned {key}", partial(_give_up, key))

    def _rescue_dropped(self) -> None:
        """When the library cannot note the end of a job (the disk is full), it drops the job: ours
        by its row, in nobody's hand. Such a job is put back once it was seen so at three looks;
        between the row and the hand pass moments only. One whose data is none of a job cannot
        begin, however often: it is refused.
        """
        of = self._jobs.c
        ours = sa.select(of.workflow_uuid).where(
            of.status == PENDING, of.name == OURS, of.executor_id == self.id
        )
        with self.db.connect() as connection:
            keys = set(connection.scalars(ours))
        self._dropped = {key: self._dropped.get(key, 0) + 1 for key in keys - _hands}
        for key in [key for key, looks in self._dropped.items() if looks >= LOOKS]:
            del self._dropped[key]
            self._one(f"dropped {key}", partial(_put_back, key))

    def _refuse_foreign(self) -> None:
        """Rows that we did not write are taken out of the queue and reported. A pickle that calls
        something ends as an error of the library when it is read, which says so in the log too.
        """
        of = self._jobs.c
        waiting = sa.select(of.workflow_uuid, of.name, of.serialization).where(
            of.status.in_(("ENQUEUED", "DELAYED", PENDING))
        )
        with self.db.connect() as connection:
            rows = connection.execute(waiting).all()
        for key, name, kind in rows:
            if name != OURS or (kind is not None and kind not in KINDS):
                log.error(
                    "row %r of the job queue was not written by Ventanilla (name %r, data %r): refused",
                    key,
                    name,
                    kind,
                )
                self._one(f"foreign {key}", partial(DBOS.cancel_workflow, key))

    @cached_property
    def _jobs(self) -> sa.TableClause:
        """The library's table of jobs, as far as we read it."""
        columns = ("workflow_uuid", "name", "status", "executor_id", "serialization")
        return sa.table(
            "workflow_status", *map(sa.column, columns), schema="dbos" if self._postgres else None
        )
