"""A connection that the server closed is noticed when it leaves the pool, without asking the server
each time.

SQLAlchemy's own check sends a statement at every checkout, a round trip that costs as much as a row
by its key. A server that stopped or was killed leaves its end of the socket closed, which the
kernel knows; only a connection that has something to say or that was idle for long is asked.
"""

import select
import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import InvalidatePoolError

IDLE_SECONDS = 30.0  # a network may have dropped a silent connection


def watch(db: sa.Engine) -> None:
    """Replace `pool_pre_ping` on this PostgreSQL engine; connections older than a found dead one
    are dropped with it."""

    @sa.event.listens_for(db, "checkin")
    def _checkin(_connection: Any, record: Any) -> None:
        record.info["ventanilla_idle_since"] = time.monotonic()

    @sa.event.listens_for(db, "checkout")
    def _checkout(connection: Any, record: Any, _proxy: object) -> None:
        since = record.info.get("ventanilla_idle_since")
        if since is None:  # new
            return
        if (_has_word(connection) or time.monotonic() - since > IDLE_SECONDS) and not _answers(
            db, connection
        ):
            raise InvalidatePoolError


def _has_word(connection: Any) -> bool:
    """Something came in while nobody listened: a notice, or the end."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _answers(db: sa.Engine, connection: Any) -> bool:
    try:
        return bool(db.dialect.do_ping(connection))
    except db.dialect.loaded_dbapi.Error:
        return False
