"""What we rely on from the job library, on both databases, with workers that are real processes."""

import base64
import json
import os
import pickle
import signal
import time
from collections.abc import Iterator
from contextvars import Context
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.kit.queue import Banco, banco_of


@pytest.fixture
def banco(db_url: str, tmp_path: Path) -> Iterator[Banco]:
    with banco_of(db_url, tmp_path) as banco:
        yield banco


@pytest.mark.slow
def test_a_job_stands_and_falls_with_our_transaction_and_the_same_key_runs_once(
    banco: Banco,
) -> None:
    with banco.session() as session:
        banco.jobs.enqueue(session, "writes", "lost", {"n": 1}, queue="service")
        session.rollback()
    banco.enqueue("writes", 2, key="same")
    banco.enqueue("writes", 3, key="same")
    with banco.worker():
        banco.until(bool)
        banco.enqueue("writes", 4)
        assert banco.until(lambda lines: "writes 4" in lines) == ["writes 2", "writes 4"]


@pytest.mark.slow
def test_a_failing_job_is_tried_four_times_then_told_as_failed_once(banco: Banco) -> None:
    banco.enqueue("fails", 1)
    with banco.worker():
        lines = banco.until(lambda lines: any(line.startswith("failed") for line in lines))
    assert lines[:4] == ["fails 1"] * 4
    assert lines[4:] == ["failed 1 RuntimeError: no"]


@pytest.mark.slow
def test_the_job_of_a_killed_worker_is_taken_over_and_finished_once(banco: Banco) -> None:
    """On PostgreSQL by a worker that lives beside it, on SQLite by the one that is started next."""
    beside = banco.db.dialect.name == "postgresql"
    banco.enqueue("waits", 1)
    with banco.worker() as first:
        banco.until(lambda lines: lines == ["waits 1"])
        if not beside:
            first.send_signal(signal.SIGKILL)
            first.wait()
        with banco.worker():
            if beside:
                banco.enqueue("writes", 2)
                banco.until(lambda lines: "writes 2" in lines)
                first.send_signal(signal.SIGKILL)
                first.wait()
            banco.until(lambda lines: lines.count("waits 1") == 2)
            banco.file.with_suffix(".go").touch()
            lines = banco.until(lambda lines: "finished 1" in lines)
    assert lines.count("finished 1") == 1


@pytest.mark.slow
@pytest.mark.postgres
def test_the_job_of_a_living_worker_is_not_taken_from_it(postgres_url: str, tmp_path: Path) -> None:
    banco = Banco(postgres_url, tmp_path)
    banco.enqueue("waits", 1)
    with banco.worker():
        banco.until(lambda lines: lines == ["waits 1"])
        with banco.worker():
            time.sleep(6)  # longer than two looks at the dead
            banco.file.with_suffix(".go").touch()
            assert banco.until(lambda lines: "finished 1" in lines) == ["waits 1", "finished 1"]
    banco.db.dispose()
    banco.jobs.db.dispose()


@pytest.mark.slow
def test_fifty_poisoned_jobs_do_not_keep_fifty_good_ones_waiting(banco: Banco) -> None:
    """The good ones, enqueued last, are all done before any poisoned one has had its last try."""
    for n in range(50):
        banco.enqueue("fails", n)
    for n in range(50):
        banco.enqueue("writes", n)
    with banco.worker():
        lines = banco.until(
            lambda lines: sum(line.startswith("failed") for line in lines) == 50, seconds=120
        )
    assert sorted(line for line in lines if line.startswith("writes")) == sorted(
        f"writes {n}" for n in range(50)
    )
    assert sum(line.startswith("fails ") for line in lines) == 200
    last_good = max(place for place, line in enumerate(lines) if line.startswith("writes"))
    first_given_up = min(place for place, line in enumerate(lines) if line.startswith("failed"))
    assert last_good < first_given_up


class Runs:
    """What a pickle may hold that somebody with the database wrote: a call."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (os.system, (f"touch {self.file}",))


@pytest.mark.slow
def test_jobs_are_written_as_json(banco: Banco) -> None:
    # by nobody's request: one of a test before may have left its trail
    Context().run(banco.enqueue, "writes", 1)
    with banco.db.connect() as c:
        kind = c.scalar(sa.select(banco.jobs_of_library.c.serialization))
        inputs = c.scalar(sa.select(banco.table("workflow_input", "inputs").c.inputs))
    assert (kind, json.loads(inputs)["positionalArgs"][:2]) == (
        "portable_json",
        ["writes", '{"n":1}'],
    )


@pytest.mark.slow
@pytest.mark.parametrize("place", ["inputs", "step"])
def test_a_pickle_in_the_tables_of_the_library_runs_nothing(
    banco: Banco, tmp_path: Path, place: str
) -> None:
    """Whoever writes into the database does not command the worker: the row is refused, the next
    job is done."""
    touched = tmp_path / "touched"
    banco.enqueue("writes", 1)
    if place == "inputs":
        banco.write_inputs({"args": (Runs(touched),), "kwargs": {}})
    else:
        text = base64.b64encode(pickle.dumps(Runs(touched))).decode()
        outputs = banco.table(
            "operation_outputs",
            "workflow_uuid",
            "function_id",
            "function_name",
            "output",
            "serialization",
        )
        row = {
            "workflow_uuid": "writes-1",
            "function_id": 1,
            "function_name": "ventanilla.try",
            "output": text,
        }
        with banco.db.begin() as c:
            c.execute(sa.insert(outputs).values(**row, serialization="py_pickle"))
    with banco.worker():
        banco.enqueue("writes", 2)
        banco.until(lambda lines: "writes 2" in lines)
        time.sleep(0.5)
    assert not touched.exists()
    assert "writes 1" not in banco.lines()


@pytest.mark.slow
def test_a_job_of_an_earlier_version_is_still_done(banco: Banco) -> None:
    """Its row holds texts in a pickle: plain data, which needs nothing imported."""
    banco.enqueue("writes", 1)
    banco.write_inputs({"args": ("writes", '{"n":1}', "service"), "kwargs": {}})
    with banco.worker():
        banco.until(lambda lines: "writes 1" in lines)


@pytest.mark.slow
def test_a_row_that_is_no_job_of_ours_is_refused_and_reported(banco: Banco) -> None:
    banco.enqueue("writes", 1)
    with banco.db.begin() as c:
        c.execute(sa.update(banco.jobs_of_library).values(name="somebody.else"))
    with banco.worker():
        banco.enqueue("writes", 2)
        banco.until(lambda lines: "writes 2" in lines)
        banco.until(lambda _: banco.statuses() == {"writes-1": "CANCELLED", "writes-2": "SUCCESS"})
