"""A queue of the job library, and workers that are real processes and write down what they did."""

import base64
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.jobs.durable import DurableJobs, migrate
from engine.store.uow import prepare
from tests.kit.processes import spawn

ROOT = Path(__file__).resolve().parents[2]
#: A worker whose jobs append to a file: `python - URL FILE`. "sleep" stays in its job until it is
#: killed or the file says go.
WORKER = """
import pathlib, sys, threading, time
from engine.jobs import durable
url, target = sys.argv[1], pathlib.Path(sys.argv[2])

class Writes:
    def run(self, job, args):
        with target.open("a") as file:
            file.write(f"{job} {args['n']}\\n")
        if job == "fails":
            raise RuntimeError("no")
        while job == "waits" and not target.with_suffix(".go").exists():
            time.sleep(0.05)
        if job == "waits":
            with target.open("a") as file:
                file.write(f"finished {args['n']}\\n")

    def failed(self, job, args, failure):
        with target.open("a") as file:
            file.write(f"failed {args['n']} {failure.text}\\n")

durable.Worker(url, Writes()).launch()
threading.Event().wait()
"""


class Banco:
    """A migrated database, an enqueuing side, and the lines that the workers wrote."""

    def __init__(self, url: str, carpeta: Path) -> None:
        migrate(url)
        self.url, self.file = url, carpeta / "lines.txt"
        self.file.touch()
        self.db = sa.create_engine(url)
        prepare(self.db)
        self.jobs = DurableJobs(url)

    def session(self) -> Session:
        return Session(self.db.execution_options(ventanilla_write=True))

    def enqueue(self, job: str, n: int, *, key: str | None = None) -> None:
        with self.session() as session, session.begin():
            self.jobs.enqueue(session, job, key or f"{job}-{n}", {"n": n}, queue="service")

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        process = spawn(
            [sys.executable, "-c", WORKER, self.url, str(self.file)], cwd=ROOT, env={**os.environ}
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def table(self, name: str, *columns: str) -> sa.TableClause:
        """One of the library's."""
        return sa.table(
            name,
            *map(sa.column, columns),
            schema="dbos" if self.db.dialect.name == "postgresql" else None,
        )

    @property
    def jobs_of_library(self) -> sa.TableClause:
        return self.table(
            "workflow_status", "workflow_uuid", "name", "status", "inputs", "serialization"
        )

    def write_inputs(self, pickled: object) -> None:
        """As somebody with the database, or an earlier version, wrote them."""
        text = base64.b64encode(pickle.dumps(pickled)).decode()
        with self.db.begin() as c:
            c.execute(sa.update(self.table("workflow_input", "inputs")).values(inputs=text))
            c.execute(
                sa.update(self.jobs_of_library).values(inputs=text, serialization="py_pickle")
            )

    def statuses(self) -> dict[str, str]:
        of = self.jobs_of_library.c
        with self.db.connect() as c:
            return dict(c.execute(sa.select(of.workflow_uuid, of.status)).all())

    def lines(self) -> list[str]:
        return self.file.read_text().splitlines()

    def until(self, true: Callable[[list[str]], bool], seconds: float = 40) -> list[str]:
        limit = time.monotonic() + seconds
        while not true(self.lines()):
            assert time.monotonic() < limit, self.lines()
            time.sleep(0.05)
        return self.lines()


@contextmanager
def banco_of(url: str, folder: Path) -> Iterator[Banco]:
    banco = Banco(url, folder)
    yield banco
    banco.db.dispose()
    banco.jobs.db.dispose()
