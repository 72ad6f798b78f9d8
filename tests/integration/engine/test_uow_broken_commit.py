"""The connection breaks in or before a COMMIT: what stands is looked up in the journal, what does
not is done again, once."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from engine import reads
from engine.types import Call, Completed, RemoteCall, Started, Value, WorkItem
from tests.kit import diagrams as m
from tests.kit.cast import ASESOR
from tests.kit.engine import Kit

pytestmark = pytest.mark.postgres

BODY = (
    m.start("s")
    + m.user("a", fields="x:number")
    + m.user("b")
    + m.end("e")
    + m.flows("s > a > b > e")
)
MODEL = m.model(
    m.process(
        "p", BODY, lanes=m.lane("l", "asesor", "punto", "s", "a", "b", "e"), variables="punto"
    )
)


class Cable:
    """Cuts the server's end of the session of the next write transaction: just before its COMMIT,
    or just after it."""

    def __init__(self, db: sa.Engine, url: str) -> None:
        self.db, self.url, self.cuts = db, url, 0
        self._after, self._armed = False, False
        self._original: Callable[[Any], None] = db.dialect.do_commit
        db.dialect.do_commit = self._commit

    def cut(self, *, after: bool) -> None:
        self._armed, self._after = True, after

    def _commit(self, connection: Any) -> None:
        session = connection.driver_connection
        if not self._armed or not self._is_write(session):
            self._original(connection)
            return
        self._armed = False
        pid = session.info.backend_pid
        if self._after:
            self._original(connection)
        with psycopg.connect(
            self.url.replace("postgresql+psycopg", "postgresql"), autocommit=True
        ) as admin:
            admin.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        self.cuts += 1
        session.execute("SELECT 1")  # as the server's silence would be noticed

    @staticmethod
    def _is_write(connection: Any) -> bool:
        with connection.cursor() as cursor:
            return (
                cursor.execute("SELECT pg_current_xact_id_if_assigned()").fetchone()[0] is not None
            )


@pytest.fixture
def kit(postgres_url: str) -> Kit:
    db = sa.create_engine(postgres_url)
    return Kit(db)


@pytest.fixture
def cable(kit: Kit, postgres_url: str) -> Cable:
    kit.deploy(p=MODEL)
    return Cable(kit.db, postgres_url)


def start(kit: Kit, key: str | None = None) -> Started:
    return kit.engine.instances.start("p", actor=ASESOR, now=kit.now, data={"punto": "P1"}, key=key)


def complete(kit: Kit, item: str) -> Completed:
    return kit.engine.items.complete(item, values={"x": 1}, actor=ASESOR, now=kit.now)


@pytest.mark.parametrize(
    "after", [False, True], ids=["before the COMMIT arrived", "after the COMMIT was done"]
)
def test_a_completion_whose_commit_got_no_answer_is_done_once_and_said_to_be_done(
    kit: Kit, cable: Cable, *, after: bool
) -> None:
    started = start(kit)
    cable.cut(after=after)
    done = complete(kit, started.opened[0].id)
    assert cable.cuts == 1
    assert [item.element for item in done.opened] == ["b"]
    assert kit.rows("SELECT kind FROM journal ORDER BY rev") == [("start",), ("complete",)]
    assert kit.rows("SELECT count(*) FROM submission") == [(1,)]
    assert complete(kit, started.opened[0].id).repeated
    kit.engine.items.complete(done.opened[0].id, values={}, actor=ASESOR, now=kit.now)
    assert kit.rows("SELECT status FROM instance") == [("finished",)]
    kit.db.dispose()


def test_a_start_that_stands_is_the_answer_and_one_that_does_not_leaves_with_the_error_and_is_repeated_by_its_key(
    kit: Kit, cable: Cable
) -> None:
    cable.cut(after=True)
    assert not start(kit, key="uno").duplicate
    cable.cut(after=False)
    with pytest.raises(OperationalError):
        start(kit, key="dos")
    assert not start(kit, key="dos").duplicate
    assert start(kit, key="dos").duplicate
    assert kit.rows("SELECT start_key FROM instance ORDER BY start_key") == [("dos",), ("uno",)]
    kit.db.dispose()


def test_other_rows_whose_commit_got_no_answer_are_not_guessed_at(kit: Kit, cable: Cable) -> None:
    """Without a journal row nobody can tell: the error leaves."""
    cable.cut(after=True)

    def command(session: Session) -> None:
        session.execute(sa.text("UPDATE instance SET rev = rev"))
        session.execute(sa.text("CREATE TABLE mark (n integer)"))

    with pytest.raises(OperationalError):
        kit.engine.uow.run(command)
    assert kit.rows("SELECT count(*) FROM mark") == [(0,)]
    kit.db.dispose()


def test_a_command_whose_connection_broke_before_the_commit_runs_again(
    kit: Kit, cable: Cable
) -> None:
    assert cable.cuts == 0
    started, runs = start(kit), list[int]()

    def command(session: Session) -> int:
        runs.append(1)
        session.execute(sa.text("UPDATE instance SET rev = rev"))
        if len(runs) == 1:
            pid = session.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
            with kit.db.connect() as admin:
                admin.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
            session.execute(sa.text("SELECT 1"))
        return len(runs)

    assert kit.engine.uow.run(command) == 2
    assert complete(kit, started.opened[0].id).opened
    kit.db.dispose()


def test_an_outage_in_a_service_task_is_no_incident_the_command_is_done_again(
    kit: Kit, postgres_url: str
) -> None:
    calls = list[int]()

    def handler(call: Call) -> None:
        calls.append(1)
        if len(calls) == 1:
            pid = call.session.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
            with psycopg.connect(
                postgres_url.replace("postgresql+psycopg", "postgresql"), autocommit=True
            ) as admin:
                admin.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
            call.session.execute(sa.text("SELECT 1"))

    kit.handlers.local["nota"] = handler
    body = (
        m.start("s")
        + m.user("a", fields="x:number")
        + m.service("n", handler="nota")
        + m.user("b")
        + m.end("e")
    )
    lanes = m.lane("l", "asesor", "punto", "s", "a", "n", "b", "e")
    kit.deploy(
        p=m.model(
            m.process("p", body + m.flows("s > a > n > b > e"), lanes=lanes, variables="punto")
        )
    )
    done = complete(kit, start(kit).opened[0].id)
    assert [item.element for item in done.opened] == ["b"]
    assert len(calls) == 2
    assert kit.rows("SELECT count(*) FROM incident") == [(0,)]
    kit.db.dispose()


def test_the_late_result_of_a_job_that_another_worker_did_meanwhile_changes_nothing(
    kit: Kit,
) -> None:
    other, asked = kit.another_engine(), list[str]()

    def consult(call: RemoteCall) -> dict[str, Value]:
        asked.append(call.key)
        if len(asked) == 1:  # this worker stands still, and the other one takes the job over
            other.jobs.perform(call.key, call.now)
            return {"y": 1}
        return {"y": 2}

    kit.handlers.remote["consulta"] = consult
    body = (
        m.start("s")
        + m.service("n", handler="consulta", out="y:number")
        + m.user("b")
        + m.end("e")
        + m.flows("s > n > b > e")
    )
    kit.deploy(
        p=m.model(
            m.process(
                "p",
                body,
                lanes=m.lane("l", "asesor", "punto", "s", "n", "b", "e"),
                variables="punto",
            )
        )
    )
    start(kit)
    kit.run_jobs()
    assert len(asked) == 2
    assert kit.rows("SELECT kind FROM journal ORDER BY rev") == [("start",), ("job",)]
    assert [dict(item.data)["y"] for item in _open(kit)] == [2]
    assert kit.rows("SELECT count(*) FROM incident") == [(0,)]
    kit.db.dispose()


def _open(kit: Kit) -> list[WorkItem]:
    with kit.engine.uow.reading() as session:
        return reads.items.of_case(
            session, str(kit.rows("SELECT case_key FROM instance")[0][0]), only_open=True
        )
