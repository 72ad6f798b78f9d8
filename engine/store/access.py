"""The access chain: one short transaction per entry, chained inside a day and from day to day."""

import datetime as dt
import logging
from dataclasses import dataclass
from functools import partial
from typing import Final

import sqlalchemy as sa
from sqlalchemy import bindparam as b
from sqlalchemy.orm import Session

from common.prepared import Prepared, connection_of
from engine.store import seals, sql
from engine.store.chain import START, access_hash
from engine.store.tables import Access, AccessHead
from engine.types import Actor, Calendar, Data

log = logging.getLogger("access")
#: In `Session.info`: what is to be done once the commit stands.
AFTER_COMMIT: Final = "after_commit"
_HEAD = sql.table(AccessHead)
_NEXT = Prepared(
    sa.update(_HEAD)
    .where(_HEAD.c.day == b("b_day"))
    .values(n=_HEAD.c.n + 1)
    .returning(_HEAD.c.n, _HEAD.c.hash)
)
_BEFORE = Prepared(
    sa.select(_HEAD.c.hash).where(_HEAD.c.day < b("b_day")).order_by(_HEAD.c.day.desc()).limit(1)
)
_NEW_HEAD = Prepared(sa.insert(_HEAD))
_SET_HEAD = Prepared(sa.update(_HEAD).where(_HEAD.c.day == b("b_day")).values(hash=b("b_hash")))
_INSERT = Prepared(sa.insert(sql.table(Access)))


def _next_place(session: Session, day: str) -> tuple[int, bytes]:
    """The next number of the day and the hash before it; holds the day's head row until the
    commit."""
    taken = _NEXT.first(session, {"b_day": day})
    if taken is not None:
        return taken.n, taken.hash
    before = _BEFORE.scalar(session, {"b_day": day})
    _NEW_HEAD.run(session, {"day": day, "n": 1, "hash": before or START})
    return 1, before or START


@dataclass(frozen=True, slots=True)
class AccessLog:
    """The chain of one database; `calendar` says to which day an entry belongs."""

    calendar: Calendar

    def append(
        self,
        session: Session,
        actor: Actor,
        kind: str,
        subject: str,
        now: dt.datetime,
        detail: Data,
    ) -> None:
        """Append one entry, and a line of the log once it stands: whatever takes the log elsewhere
        takes the chain along, and who has the lines knows its hashes. Two first entries of a day
        race on the head's primary key: the loser is run again by the unit of work.
        """
        day = self.calendar.day(now).isoformat()
        n, prev = _next_place(session, day)
        row = {
            "day": day,
            "n": n,
            "at": now,
            "actor_kind": actor.kind,
            "actor_id": actor.id,
            "kind": kind,
            "subject": subject,
            "detail": dict(detail),
        }
        value = access_hash(prev, **row)  # type: ignore[arg-type]  # same names, checked by the tests of the chain
        _INSERT.run(
            session,
            {**row, "hash": value, "seal": seals.of_link(connection_of(session).dialect, value)},
        )
        _SET_HEAD.run(session, {"b_day": day, "b_hash": value})
        line = {
            "kind": kind,
            "actor": actor.id,
            "subject": subject,
            "day": day,
            "n": n,
            "hash": value.hex(),
        }
        session.info.setdefault(AFTER_COMMIT, []).append(partial(log.info, "access", extra=line))
