"""What stays of a finished instance: at most 12 kB for ten tasks, and twice the tasks cost no more
than twice the bytes."""

import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bench import models
from bench.ours import size
from engine.clock import GivenClock
from engine.commands import Engine
from engine.jobs.inprocess import InProcessJobs
from engine.store.tables import Base
from engine.store.uow import prepare
from engine.types import SYSTEM, Actor, Handlers, Role
from tests.kit.clock import NOW

ACTOR = Actor("person", "asesor.bog01", frozenset({Role("asesor", "BOG-AGU")}))
LOG_HEAD, LOG_PAGE = 32, 24 + 4096  # of the write-ahead log of SQLite
INSTANCES = 80  # a table grows by pages: enough of them that one page more or less does not count


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder: Path = tmp_path_factory.mktemp("bytes")
    db = sa.create_engine(f"sqlite:///{folder / 'ventanilla.db'}")
    prepare(db)
    Base.metadata.create_all(db)
    engine = Engine(
        db,
        handlers=Handlers(),
        jobs=InProcessJobs(),
        functions={},
        forms=frozenset(),
        clock=GivenClock(NOW),
    )
    engine.releases.deploy(
        {f"lineal{n}.bpmn": models.ours(n) for n in (10, 20)}, actor=SYSTEM, now=NOW
    )
    yield engine
    db.dispose()


def bytes_each(engine: Engine, steps: int) -> float:
    before = size(engine.db)
    with engine.batch(1_000):
        for _ in range(INSTANCES):
            (item,) = engine.instances.start(
                f"Lineal{steps}", actor=SYSTEM, now=NOW, data={"punto_id": "BOG-AGU"}
            ).opened
            for _step in range(steps):
                done = engine.items.complete(item.id, values=models.FORM, actor=ACTOR, now=NOW)
                item = done.opened[0] if done.opened else item
            assert done.finished
    return (size(engine.db) - before) / INSTANCES


@pytest.mark.slow
def test_a_finished_instance_of_ten_tasks_keeps_twelve_kilobytes_at_most_and_twenty_tasks_about_twice_that(
    engine: Engine,
) -> None:
    ten, twenty = bytes_each(engine, 10), bytes_each(engine, 20)
    assert ten <= 12_000
    assert twenty <= 2.1 * ten


@pytest.mark.slow
def test_a_step_in_a_store_with_others_writes_a_dozen_pages_at_most(engine: Engine) -> None:
    """Each page is written to the log and synced before a person gets an answer."""
    bytes_each(engine, 10)
    (item,) = engine.instances.start(
        "Lineal20", actor=SYSTEM, now=NOW, data={"punto_id": "BOG-AGU"}
    ).opened
    log = Path(f"{engine.db.url.database}-wal")
    written = []
    for _ in range(19):
        with engine.db.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        (item,) = engine.items.complete(item.id, values=models.FORM, actor=ACTOR, now=NOW).opened
        written.append((log.stat().st_size - LOG_HEAD) // LOG_PAGE)
    assert statistics.median(written) <= 12, written
