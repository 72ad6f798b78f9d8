"""One command, one transaction, one commit, in one place; the command runs again after a lost race
of the database."""

import logging
import random
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from common.faults import code_of, is_retryable
from common.prepared import Held, Params, Prepared
from engine.store import ends, pool, rows
from engine.store.access import AFTER_COMMIT

T = TypeVar("T")
#: Looks up whether the commit of this result was done: yes, no, or nobody can tell.
Stands = Callable[[Session, T], bool | None]
log = logging.getLogger(__name__)


class Undo(Exception):
    """Roll back what the command wrote so far and answer with `result`."""

    def __init__(self, result: Any) -> None:
        super().__init__()
        self.result = result


ATTEMPTS = 3
WRITE = {"ventanilla_write": True}
_prepared: "weakref.WeakSet[sa.Engine]" = weakref.WeakSet()
LOOK_AGAIN = (0.1, 0.2, 0.4, 0.8, 1.5)  # seconds between two tries to ask what became of a COMMIT


def prepare(db: sa.Engine) -> None:
    """Set what our transactions need on this database; a second call for the same Engine does
    nothing."""
    if db in _prepared:
        return
    _prepared.add(db)
    ends.savepoints(db.dialect)
    if db.dialect.name != "sqlite":
        pool.watch(db)
        ends.of_psycopg(db.dialect)
        return

    @sa.event.listens_for(db, "connect")
    def _connect(connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None  # we emit BEGIN ourselves
        cursor = connection.cursor()
        for pragma in (
            "busy_timeout=10000",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    ends.of_sqlite(db)


def _done(result: T, after: Callable[[T], None] | None, session: Session) -> T:
    for told in session.info.pop(AFTER_COMMIT, ()):
        told()
    if after is not None:
        after(result)
    return result


def _commit(session: Held) -> None:
    """Of a session that did not begin the transaction of its connection."""
    session.commit()
    transaction = session.held.get_transaction()
    if transaction is not None:
        transaction.commit()


@contextmanager
def _session(db: sa.Engine) -> Iterator[Session]:
    with Session(db, expire_on_commit=False, autoflush=False) as session:
        yield session
        session.expunge_all()
        # after a ROLLBACK psycopg forgets every statement that it had prepared on the connection
        session.commit()


class UnitOfWork:
    """Runs commands. `run` gives each a fresh session; inside `batch` they share one transaction,
    each in a savepoint."""

    def __init__(self, db: sa.Engine) -> None:
        self.db = db
        self._write = db.execution_options(**WRITE)
        self._single = (
            db
            if db.dialect.name == "sqlite"
            else db.execution_options(isolation_level="AUTOCOMMIT")
        )
        self._one_state = (
            db
            if db.dialect.name == "sqlite"
            else db.execution_options(isolation_level="REPEATABLE READ")
        )
        self._batch: Held | None = None
        self._batched = 0
        self._batch_size = 0

    def run(
        self,
        command: Callable[[Session], T],
        after: Callable[[T], None] | None = None,
        stands: Stands[T] | None = None,
    ) -> T:
        """Run in one transaction. `after` runs once the commit stands (live workflow back into the
        cache).

        When the connection breaks before the COMMIT, nothing was done and the command runs again.
        When it breaks in the COMMIT, nobody knows: `stands` looks the result up on a new
        connection. True: it was done. False: it was not, run again. None, or no `stands`: the error
        leaves, and whoever asked asks again.
        """
        if self._batch is not None:
            return self._run_batched(self._batch, command, after)
        attempt = 0
        while True:
            attempt += 1
            sent: list[tuple[T, Session]] = []
            try:
                with (
                    self._write.connect() as connection,
                    connection.begin(),
                    Held(connection) as session,
                ):
                    result = command(session)
                    session.flush()
                    rows.enter_now(connection)
                    sent.append((result, session))
            except Undo as undo:
                answer: T = undo.result
                return answer
            except DBAPIError as error:
                if (
                    sent
                    and error.connection_invalidated
                    and self._stands(stands, sent[0][0], error)
                ):
                    return _done(sent[0][0], after, sent[0][1])
                if attempt == ATTEMPTS or not (is_retryable(error) or error.connection_invalidated):
                    raise
                log.info("command runs again after %s", code_of(error))  # never its values
                time.sleep(random.uniform(0.005, 0.05) * attempt)  # noqa: S311 - spreading, not secrecy
            else:
                return _done(result, after, session)

    def _stands(self, stands: Stands[T] | None, result: T, error: DBAPIError) -> bool:
        """Whether a COMMIT without an answer was done. The server may need some seconds to come
        back."""
        if stands is None:
            raise error
        for pause in (*LOOK_AGAIN, None):
            try:
                with self.reading() as session:
                    answer = stands(session, result)
            except DBAPIError:
                if pause is None:
                    raise error from None
                time.sleep(pause)
                continue
            log.warning(
                "the connection broke in a COMMIT; it %s",
                {True: "stands", False: "does not stand", None: "may stand"}[answer],
            )
            if answer is None:
                raise error
            return answer
        raise AssertionError  # pragma: no cover - the loop returns or raises

    def _run_batched(
        self, session: Held, command: Callable[[Session], T], after: Callable[[T], None] | None
    ) -> T:
        ends.savepoint(session.held, "command")
        try:
            result = command(session)
            session.flush()
            rows.enter_now(session.held)
        except BaseException as refusal:
            session.expunge_all()
            session.info.pop(AFTER_COMMIT, None)
            ends.back_to(session.held, "command")
            ends.release(session.held, "command")
            if isinstance(refusal, Undo):
                answer: T = refusal.result
                return answer
            raise
        ends.release(session.held, "command")
        session.expunge_all()  # what the next command reads is what the database has
        _done(result, after, session)
        self._batched += 1
        if self._batched >= self._batch_size:
            _commit(session)
            session.held.begin()
            self._batched = 0
        return result

    @contextmanager
    def batch(self, size: int) -> Iterator[None]:
        """Commit every `size` commands: loading demo data and benchmarks by one process, never
        serving people."""
        with self._write.connect() as connection:
            connection.begin()
            with Held(connection) as session:
                self._batch, self._batch_size, self._batched = session, size, 0
                try:
                    yield
                    _commit(session)
                finally:
                    self._batch = None

    def session(self) -> Session:
        """A session of the caller's own, for what handlers do outside of a command; inside a batch,
        a part of it."""
        if self._batch is not None:
            return Session(
                self._batch.held, expire_on_commit=False, join_transaction_mode="create_savepoint"
            )
        return Session(self._write, expire_on_commit=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session to read (inside a batch: the batch's). What a caller leaves unsaved in it is
        dropped.

        SQLite: a read transaction, which sees one state. PostgreSQL: each statement by itself, as
        READ COMMITTED sees it anyhow, without the round trips of a BEGIN and a COMMIT.
        """
        if self._batch is not None:
            yield self._batch
            return
        with _session(self._single) as session:
            yield session

    @contextmanager
    def reading_one_state(self) -> Iterator[Session]:
        """A session to read what must fit together, or more rows than fit into memory: one state of
        the database, while others write."""
        if self._batch is not None:
            yield self._batch
            return
        with _session(self._one_state) as session:
            yield session

    def lookup(self, statement: Prepared, params: Params) -> list[Any]:
        """The rows of one statement by itself, without the round trips of a transaction around
        it."""
        if self._batch is not None:
            return statement.all(self._batch, params)
        with self._single.connect() as connection:
            return statement.all(connection, params)
