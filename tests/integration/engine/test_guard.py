"""What is written once is changed by nobody who serves people, and they do all their work:
triggers, and accounts of PostgreSQL."""

import os
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from common.accounts import SERVING
from common.notes import Signer
from engine.jobs.durable import DurableJobs, migrate as migrate_jobs
from engine.store import guard, rows
from engine.store.uow import prepare
from engine.types import SYSTEM
from tests.integration.engine.test_verify import tres_pasos
from tests.kit.cast import ASESOR, FUNCIONARIA
from tests.kit.engine import Kit
from tests.kit.processes import spawn
from tests.kit.queue import WORKER

WORD = "clave"
ROOT = Path(__file__).resolve().parents[3]


def migrate(db: sa.Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with db.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    """Of whoever serves people, in a database that its owner migrated."""
    given = str(request.getfixturevalue(f"{request.param}_url"))
    owned(given)
    return given if request.param == "sqlite" else account(given, "ventanilla_worker")


def owned(url: str) -> None:
    owner = sa.create_engine(url)
    prepare(owner)
    if owner.dialect.name == "postgresql":
        with owner.begin() as connection:
            connection.exec_driver_sql("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
            for role in SERVING:
                there = connection.scalar(
                    sa.text("SELECT 1 FROM pg_roles WHERE rolname = :r"), {"r": role}
                )
                connection.exec_driver_sql(
                    f"{'ALTER' if there else 'CREATE'} ROLE {role} LOGIN PASSWORD '{WORD}'"
                )
        migrate_jobs(url)
    migrate(owner)
    owner.dispose()


def account(url: str, role: str) -> str:
    return make_url(url).set(username=role, password=WORD).render_as_string(hide_password=False)


@pytest.fixture
def kit(url: str) -> Iterator[Kit]:
    db = sa.create_engine(url)
    prepare(db)
    kit = Kit(db)
    kit.deploy(p=tres_pasos())
    item = (
        kit.engine.instances.start(
            "p", actor=ASESOR, now=kit.now, case_key="caso-1", data={"punto_id": "P1"}
        )
        .opened[0]
        .id
    )
    kit.engine.items.complete(
        item, values={"a": "lo escrito"}, actor=ASESOR, now=kit.later(minutes=1)
    )
    kit.engine.notes.add("caso-1", "Llamó la persona", actor=ASESOR, now=kit.now, kind="nota")
    kit.engine.log_access(FUNCIONARIA, "consulta_caso", "caso-1", now=kit.now)
    with db.begin() as connection:
        rows.enter_changed(connection, [], "de las pruebas", set())
    kit.engine.evidence.checkpoint([Signer.new("ventanilla.example/registro")], now=kit.now)
    yield kit
    db.dispose()


@pytest.mark.parametrize("table", guard.APPEND_ONLY)
def test_no_row_of_it_is_changed_or_removed(kit: Kit, table: str) -> None:
    column = sa.column(sa.inspect(kit.db).get_columns(table)[0]["name"])
    held = sa.table(table, column)
    with kit.db.connect() as connection:
        before = connection.scalar(sa.select(sa.func.count()).select_from(held))
    assert before
    for order in (sa.update(held).values({column: column}), sa.delete(held)):
        with (
            pytest.raises(sa.exc.DBAPIError, match=r"never changed|permission denied"),
            kit.db.begin() as connection,
        ):
            connection.execute(order)
    with kit.db.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(held)) == before


def test_who_serves_people_can_do_all_their_work(kit: Kit) -> None:
    """What a command writes, a case that ends and is erased, a diagram put in force, a job that is
    run."""
    with kit.db.connect() as connection:
        assert guard.changeable(connection) == []
    for name in ("b", "c"):
        (item,) = kit.rows("SELECT id FROM work_item WHERE state = 'open'")
        kit.engine.items.complete(
            str(item[0]), values={name: "más"}, actor=ASESOR, now=kit.later(minutes=1)
        )
    ((instance,),) = kit.rows("SELECT id FROM instance")
    assert (
        kit.engine.erasures.erase_forms(
            str(instance),
            detail={"reason": "Lo pidió la persona"},
            actor=SYSTEM,
            now=kit.later(days=1),
        )
        == 3
    )
    assert kit.rows("SELECT count(*) FROM submission WHERE form_values IS NOT NULL") == [(0,)]


@pytest.mark.postgres
def test_jobs_are_enqueued_and_run_by_accounts_that_make_no_table(
    postgres_url: str, tmp_path: Path
) -> None:
    owned(postgres_url)
    web, worker = (account(postgres_url, role) for role in SERVING)
    db, lines = sa.create_engine(web), tmp_path / "lines.txt"
    prepare(db)
    jobs = DurableJobs(web)
    with Session(db) as session, session.begin():
        jobs.enqueue(session, "writes", "writes-1", {"n": 1}, queue="service")
    process = spawn(
        [sys.executable, "-c", WORKER, worker, str(lines)], cwd=ROOT, env={**os.environ}
    )
    try:
        end = time.monotonic() + 120
        while not (lines.exists() and lines.read_text("utf-8") == "writes 1\n"):
            assert time.monotonic() < end
            assert process.poll() is None
            time.sleep(0.1)
        with pytest.raises(sa.exc.DBAPIError, match="permission denied"), db.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE public.otra (id integer)")
    finally:
        process.kill()
        process.wait()
        jobs.db.dispose()
        db.dispose()


def test_the_file_is_its_owners_alone_and_doctor_knows_what_could_be_changed(
    sqlite_url: str, tmp_path: Path
) -> None:
    db = sa.create_engine(sqlite_url)
    prepare(db)
    migrate(db)
    with db.begin() as connection:
        assert guard.changeable(connection) == []
        guard.protect(connection, ())  # again does no harm
        connection.exec_driver_sql("DROP TRIGGER once_journal_update")
        assert guard.changeable(connection) == ["journal"]
        guard.release(connection)
        assert guard.changeable(connection) == list(guard.APPEND_ONLY)
    assert stat.S_IMODE((tmp_path / "ventanilla.db").stat().st_mode) == 0o600
    db.dispose()
