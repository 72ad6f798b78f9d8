"""Jobs on DBOS Transact in the application's own database. The only module that imports dbos.

Web processes only enqueue; a worker launches. Each worker holds a lock that dies with it, so that another worker takes
over the running jobs of a dead one (DBOS alone does that only with its proprietary part).
"""

import fcntl
import logging
import os
import random
import secrets
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from dbos import DBOS
from dbos import DBOSClient
from dbos import error as dbos_error
from sqlalchemy.orm import Session

from engine.jobs.port import FIRST_WAIT
from engine.jobs.port import TRIES
from engine.jobs.port import Runner
from engine.types import Data

log = logging.getLogger(__name__)

APPLICATION = "ventanilla"
VERSION = "1"  # by hand: DBOS workers run only jobs of their own version
LOCK_CLASS = 7301
POLL = {"service": 0.1, "mail": 0.5, "report": 1.0}
LIMITS: dict[str, dict[str, Any]] = {
    "service": {"worker_concurrency": 8},
    "mail": {"worker_concurrency": 2},
    "report": {"worker_concurrency": 1},
}
_runner: list[Runner] = []  # set once by the worker before launch; DBOS workflows are module functions


def library_engine(url: str) -> sa.Engine:
    """An Engine of DBOS's own on our URL: DBOS sets SQLite up only on engines that it creates itself."""
    db = sa.create_engine(url, pool_size=20)
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


@DBOS.step(
    name="ventanilla.try",
    retries_allowed=True,
    max_attempts=TRIES,
    interval_seconds=FIRST_WAIT.total_seconds(),
    backoff_rate=2,
)
def _try(job: str, args: str) -> None:
    _runner[0].run(job, orjson.loads(args))


@DBOS.workflow(name="ventanilla.job", max_recovery_attempts=5)
def _job(job: str, args: str) -> None:
    try:
        _try(job, args)
    except dbos_error.DBOSMaxStepRetriesExceeded as exhausted:
        _told(job, args, exhausted.errors[-1])
        raise
    except Exception as error:
        _told(job, args, error)
        raise


def _told(job: str, args: str, cause: Exception) -> None:
    """The reason that people read is that of the last try, not that there was no further one."""
    _runner[0].failed(job, orjson.loads(args), f"{type(cause).__name__}: {cause}")


class DurableJobs:
    """Enqueues through our connection, so that job and business rows stand or fall together."""

    def __init__(self, url: str) -> None:
        self.db = library_engine(url)
        self._client: DBOSClient | None = None
        self._lock = threading.Lock()

    def _connected(self) -> DBOSClient:
        with self._lock:
            if self._client is None:
                self._client = DBOSClient(system_database_engine=self.db, application_name=APPLICATION)
            return self._client

    def enqueue(self, session: Session, job: str, key: str, args: Data, *, queue: str) -> None:
        self._connected().enqueue_in_transaction(
            session.connection(),
            {
                "workflow_name": "ventanilla.job",
                "queue_name": queue,
                "workflow_id": key,
                "app_version": VERSION,
                "priority": 10,
            },
            job,
            orjson.dumps(dict(args)).decode(),
        )

    def committed(self) -> None:
        """Nothing to do: the job stands with the commit."""

    def abandoned(self) -> None:
        """Nothing to do: the job went with the rollback."""


class Worker:
    """The process that runs jobs. One on SQLite, as many as wanted on PostgreSQL."""

    def __init__(self, url: str, runner: Runner) -> None:
        self.db = library_engine(url)
        self.id = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}".lower()
        self._postgres = self.db.dialect.name == "postgresql"
        _runner[:] = [runner]

    def launch(self) -> None:
        self._hold()
        DBOS(
            config={
                "name": APPLICATION,
                "system_database_engine": self.db,
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
            self._connection.exec_driver_sql(f"SELECT pg_advisory_lock({LOCK_CLASS}, hashtext(%s))", (self.id,))
        else:
            self._file = self._lock_path(self.id).open("w")
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def _lock_path(self, executor: str) -> Path:
        return Path(f"{self.db.url.database}.worker.{executor}.lock")

    def _lock_of_the_dead(self, executor: str) -> Callable[[], object] | None:
        """Take the other worker's lock; None while it lives. The result gives the lock back."""
        if self._postgres:
            taken = self._connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({LOCK_CLASS}, hashtext(%s))", (executor,)).scalar()
            if not taken:
                return None
            return lambda: self._connection.exec_driver_sql(f"SELECT pg_advisory_unlock({LOCK_CLASS}, hashtext(%s))", (executor,))
        file = self._lock_path(executor).open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return None
        return file.close

    def _reap_for_ever(self) -> None:
        while True:
            time.sleep(random.uniform(2, 4))  # noqa: S311 - spreading, not secrecy
            if self._postgres:
                try:
                    self._connection.exec_driver_sql("SELECT 1")
                except Exception:  # noqa: BLE001 - our lock is gone: another worker may already run our jobs
                    os._exit(70)
            try:
                self._take_over()
            except Exception:  # this thread must not die, or nobody takes over
                log.exception("taking over the jobs of dead workers failed; next try in seconds")

    def _take_over(self) -> None:
        schema = "dbos." if self._postgres else ""
        running = f"SELECT DISTINCT executor_id FROM {schema}workflow_status WHERE status = 'PENDING'"  # noqa: S608 - constant
        with self.db.connect() as connection:
            others = {row[0] for row in connection.exec_driver_sql(running)} - {None, self.id}
        for executor in sorted(others):
            release = self._lock_of_the_dead(executor)
            if release is not None:
                try:
                    DBOS._recover_pending_workflows([executor])  # noqa: SLF001 - no public call exists; contract-tested
                finally:
                    release()
