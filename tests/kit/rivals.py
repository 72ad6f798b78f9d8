"""Two at once on PostgreSQL, each time in the same order: one while the other has written and not
yet committed, or both up to what they write first."""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.store.uow import UnitOfWork

T = TypeVar("T")
Act = Callable[[Session], object]
PATIENCE = 60.0  # seconds: a loaded machine is slow, not wrong
_WAITING = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"
)


def rivals(db: sa.Engine, first: Act, second: Act | None = None) -> list[BaseException | None]:
    """What each was refused with. `first` has done everything but its COMMIT; then `second` (or the
    same again) goes as far as it comes: to its end, or until it waits for `first`; then `first`
    commits."""
    uow, written, go_on = UnitOfWork(db), threading.Event(), threading.Event()

    def held(session: Session) -> None:
        first(session)
        session.flush()
        written.set()
        assert go_on.wait(PATIENCE), "nobody let it go on"

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(uow.run, held)
        _until(lambda: written.is_set() or one.done())
        other = pool.submit(uow.run, second or first)
        try:
            _until(lambda: other.done() or bool(_waiting(db)))
        finally:
            go_on.set()
        return [_refusal(one), _refusal(other)]


def side_by_side(db: sa.Engine, tables: Iterable[str], acts: Sequence[Callable[[], T]]) -> list[T]:
    """What each gave. They look as long as they like; nobody writes any of these tables before all
    have come to that, or to their end."""
    with ThreadPoolExecutor(len(acts)) as pool, db.connect() as held:
        names = ", ".join(f'"{name}"' for name in tables)
        held.exec_driver_sql(f"LOCK TABLE {names} IN SHARE MODE")
        going = [pool.submit(act) for act in acts]
        try:
            _until(lambda: sum(each.done() for each in going) + _waiting(db) >= len(going))
        finally:
            held.rollback()
        return [each.result(PATIENCE) for each in going]


def _until(seen: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not seen():
        assert time.monotonic() < end, "it neither came to its end nor waits"
        time.sleep(0.002)


def _waiting(db: sa.Engine) -> int:
    with db.connect() as connection:
        return int(connection.scalar(_WAITING) or 0)


def _refusal(done: Future[object]) -> BaseException | None:
    return done.exception(PATIENCE)
