"""A worker that is silent, a job that kills its workers, a job whose end could not be noted: each
job is done, or told, once."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.jobs.durable import DurableJobs, migrate
from engine.store.uow import prepare
from tests.kit.processes import spawn

ROOT = Path(__file__).resolve().parents[3]
#: `python -c … URL FILE`: appends what it does to the file; "waits" stays in its job until the file
#: with .go is there.
WORKER = """
import pathlib, sqlite3, sys, threading, time
from sqlalchemy.exc import OperationalError
from dbos._sys_db import SystemDatabase
from engine.jobs import durable
url, target = sys.argv[1], pathlib.Path(sys.argv[2])
durable.LEASE = 2.0

def write(text):
    with target.open("a") as file:
        file.write(f"{text}\\n")

class Writes:
    def run(self, job, args):
        write(f"{job} begun")
        if job == "full":
            raise_once.append(1)
        if job == "away" and not target.with_suffix(".go").exists():
            error = sqlite3.OperationalError("disk is full")
            error.sqlite_errorname = "SQLITE_FULL"
            raise OperationalError("INSERT", {}, error)
        while job == "waits" and not target.with_suffix(".go").exists():
            time.sleep(0.05)
        write(f"{job} done")

    def failed(self, job, args, failure):
        write(f"{job} failed: {failure.text}")
        if job == "poison-1":
            raise ValueError("it cannot even be told")

raise_once = []
original = SystemDatabase.update_workflow_outcome

def outcome(self, *args, **kwargs):
    if raise_once:
        raise_once.clear()
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))
    return original(self, *args, **kwargs)

SystemDatabase.update_workflow_outcome = outcome
durable.Worker(url, Writes()).launch()
write("launched")
threading.Event().wait()
"""


class Bench:
    """A migrated database, an enqueuing side, and the lines that the workers wrote."""

    def __init__(self, url: str, folder: Path) -> None:
        migrate(url)
        self.url, self.file = url, folder / "lines.txt"
        self.file.touch()
        self.db = sa.create_engine(url)
        prepare(self.db)
        self.jobs = DurableJobs(url)
        self.status = (
            "dbos.workflow_status" if self.db.dialect.name == "postgresql" else "workflow_status"
        )

    def enqueue(self, job: str) -> None:
        with Session(self.db.execution_options(ventanilla_write=True)) as session, session.begin():
            self.jobs.enqueue(session, job, f"key-{job}", {}, queue="service")

    def state_of(self, job: str) -> str:
        """As the job library keeps it."""
        with self.db.connect() as connection:
            asked = sa.text(f"SELECT status FROM {self.status} WHERE workflow_uuid = :key")
            return str(connection.execute(asked, {"key": f"key-{job}"}).scalar_one())

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        process = spawn([sys.executable, "-c", WORKER, self.url, str(self.file)], cwd=ROOT)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def until(self, true: Callable[[list[str]], bool], seconds: float = 60) -> list[str]:
        limit = time.monotonic() + seconds
        while not true(lines := self.file.read_text().splitlines()):
            assert time.monotonic() < limit, lines
            time.sleep(0.05)
        return [line for line in lines if line != "launched"]

    def go(self) -> None:
        self.file.with_suffix(".go").touch()


@pytest.fixture
def bench(db_url: str, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(db_url, tmp_path)
    yield bench
    bench.db.dispose()
    bench.jobs.db.dispose()


@pytest.mark.slow
@pytest.mark.postgres
def test_a_worker_that_is_silent_for_a_lease_loses_its_job_and_ends_when_it_wakes_up(
    postgres_url: str, tmp_path: Path
) -> None:
    bench = Bench(postgres_url, tmp_path)
    bench.enqueue("waits")
    with bench.worker() as silent:
        bench.until(lambda lines: "waits begun" in lines)
        silent.send_signal(signal.SIGSTOP)
        with bench.worker():
            bench.until(lambda lines: lines.count("waits begun") == 2)
            bench.go()
            bench.until(lambda lines: "waits done" in lines)
            silent.send_signal(signal.SIGCONT)
            assert silent.wait(30) == 70
    bench.db.dispose()
    bench.jobs.db.dispose()


def poison(bench: Bench) -> None:
    """Every job took down its worker each time."""
    with bench.db.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE {bench.status} SET status = 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'"
        )


@pytest.mark.slow
def test_a_job_that_took_down_its_worker_each_time_is_told_as_failed_once_and_not_tried_again(
    bench: Bench,
) -> None:
    bench.enqueue("poison")
    poison(bench)
    with bench.worker():
        bench.until(lambda lines: any("failed" in line for line in lines))
        # one that dies before this tells it again
        bench.until(lambda _lines: bench.state_of("poison") == "CANCELLED")
    with bench.worker():
        bench.until(lambda lines: lines.count("launched") == 2)
        bench.enqueue("other")
        lines = bench.until(lambda lines: "other done" in lines)
    assert lines == [
        "poison failed: the worker died each time it did this job",
        "other begun",
        "other done",
    ]


@pytest.mark.slow
def test_a_job_of_which_nobody_can_be_told_keeps_none_behind_it_waiting(bench: Bench) -> None:
    for n in (1, 2):
        bench.enqueue(f"poison-{n}")
    poison(bench)
    with bench.worker():
        # it is tried again
        bench.until(lambda lines: sum("poison-1 failed" in line for line in lines) > 1)
        bench.until(lambda _lines: bench.state_of("poison-2") == "CANCELLED")


@pytest.mark.slow
def test_a_job_whose_end_could_not_be_noted_is_done_again_without_a_restart(bench: Bench) -> None:
    bench.enqueue("full")
    with bench.worker():
        bench.until(lambda lines: lines.count("full begun") == 1)
        done = f"SELECT status FROM {bench.status} WHERE workflow_uuid = 'key-full'"
        limit = time.monotonic() + 60
        while time.monotonic() < limit:
            with bench.db.connect() as connection:
                if connection.exec_driver_sql(done).scalar() == "SUCCESS":
                    break
            time.sleep(0.1)
        else:
            pytest.fail(str(bench.until(bool)))


@pytest.mark.slow
def test_a_database_that_is_full_for_longer_than_all_tries_is_not_the_jobs_failure(
    bench: Bench,
) -> None:
    bench.enqueue("away")
    with bench.worker():
        lines = bench.until(lambda lines: lines.count("away begun") == 5)
        assert not [line for line in lines if "failed" in line]
        bench.go()
        bench.until(lambda lines: "away done" in lines)
