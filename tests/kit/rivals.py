"""Two transactions of PostgreSQL that do the same, one while the other has written and not yet committed: the race between look and write,
each time in the same order."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.store.uow import UnitOfWork

Act = Callable[[Session], object]
PATIENCE = 60.0  # seconds: a loaded machine is slow, not wrong
_WAITING = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"
)


def rivals(db: sa.Engine, first: Act, second: Act | None = None) -> list[BaseException | None]:
    """What each was refused with. `first` has done everything but its COMMIT; then `second` (or the same again) goes as far as it comes:
    to its end, or until it waits for `first`; then `first` commits."""
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
            _until(lambda: other.done() or _waits(db))
        finally:
            go_on.set()
        return [_refusal(one), _refusal(other)]


def _until(seen: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not seen():
        assert time.monotonic() < end, "it neither came to its end nor waits"
        time.sleep(0.002)


def _waits(db: sa.Engine) -> bool:
    with db.connect() as connection:
        return bool(connection.scalar(_WAITING))


def _refusal(done: "Future[object]") -> BaseException | None:
    return done.exception(PATIENCE)
