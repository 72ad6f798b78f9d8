"""Connections of PostgreSQL: a dead one is replaced before anybody meets it, and asking whether it
lives costs no statement."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from common.prepared import Prepared
from engine.store import uow
from engine.store.tables import ReleaseLine
from engine.store.uow import UnitOfWork
from tests.kit.statements import counting

pytestmark = pytest.mark.postgres
BACKEND = "SELECT pg_backend_pid()"


@pytest.fixture
def db(postgres_url: str) -> Iterator[sa.Engine]:
    db = sa.create_engine(postgres_url, pool_size=5)
    uow.prepare(db)
    yield db
    db.dispose()


def backend(work: UnitOfWork) -> int:
    with work.reading() as session:
        return int(session.execute(sa.text(BACKEND)).scalar_one())


def test_connections_that_the_server_killed_are_replaced_unseen(
    db: sa.Engine, postgres_url: str
) -> None:
    work, killer = UnitOfWork(db), sa.create_engine(postgres_url)
    with db.connect() as one, db.connect() as two:
        killed = {int(c.execute(sa.text(BACKEND)).scalar_one()) for c in (one, two)}
    with killer.connect() as connection:
        for pid in killed:
            connection.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    killer.dispose()
    assert {backend(work), backend(work)}.isdisjoint(killed)


def test_a_living_connection_is_used_again_without_a_question(db: sa.Engine) -> None:
    work = UnitOfWork(db)
    first = backend(work)
    with counting(db) as cost:
        assert backend(work) == first
    assert cost.texts == [BACKEND]


def test_a_connection_that_dies_in_the_middle_is_told_from_a_statement_that_fails(
    db: sa.Engine, postgres_url: str
) -> None:
    work, statement, killer = (
        UnitOfWork(db),
        Prepared(sa.select(sa.literal_column("pg_backend_pid()").label("pid"))),
        sa.create_engine(postgres_url),
    )

    def dies(session: Session) -> None:
        pid = statement.scalar(session)
        with killer.connect() as connection:
            connection.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        statement.first(session)

    def fails(session: Session) -> None:
        Prepared(sa.select(sa.literal_column("1 / 0"))).first(session)

    with pytest.raises(sa.exc.DBAPIError) as dead, Session(db) as session:
        dies(session)
    assert dead.value.connection_invalidated
    with pytest.raises(sa.exc.DataError) as wrong, Session(db) as session:
        fails(session)
    assert not wrong.value.connection_invalidated
    assert work.lookup(statement, {})
    killer.dispose()


def test_what_was_prepared_survives_a_read(db: sa.Engine) -> None:
    """psycopg drops its prepared statements after a ROLLBACK: reads must not end with one."""
    work = UnitOfWork(db)
    for _ in range(10):
        backend(work)
    with work.reading() as session:
        prepared = session.execute(
            sa.text("SELECT count(*) FROM pg_prepared_statements WHERE statement = :s"),
            {"s": BACKEND},
        )
        assert prepared.scalar_one() == 1


def test_what_a_reader_leaves_unsaved_is_dropped(db: sa.Engine) -> None:
    work = UnitOfWork(db)
    ReleaseLine.__table__.create(db)
    with work.reading() as session:
        session.add(ReleaseLine(id=1, current=7))
    with work.reading() as session:
        assert session.get(ReleaseLine, 1) is None


def test_a_statement_by_itself_opens_no_transaction(db: sa.Engine) -> None:
    work, statement = (
        UnitOfWork(db),
        Prepared(
            sa.select(
                sa.func.pg_current_xact_id_if_assigned().label("xact"), sa.func.now().label("at")
            )
        ),
    )
    one, two = (work.lookup(statement, {})[0] for _ in range(2))
    assert one.xact is None
    assert one.at < two.at
