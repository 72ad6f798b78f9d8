"""The access chain: one short transaction per entry, chained inside a day and from day to day."""

import datetime as dt
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.store.chain import START
from engine.store.chain import access_hash
from engine.store.tables import Access
from engine.store.tables import AccessHead
from engine.types import Actor
from engine.types import Data

BOGOTA = ZoneInfo("America/Bogota")


def _next_place(session: Session, day: str) -> tuple[int, bytes]:
    """The next number of the day and the hash before it; holds the day's head row until the commit."""
    taken = session.execute(
        sa.update(AccessHead).where(AccessHead.day == day).values(n=AccessHead.n + 1).returning(AccessHead.n, AccessHead.hash)
    ).one_or_none()
    if taken is not None:
        return taken.n, taken.hash
    before = session.execute(
        sa.select(AccessHead.hash).where(AccessHead.day < day).order_by(AccessHead.day.desc()).limit(1)
    ).scalar_one_or_none()
    session.execute(sa.insert(AccessHead).values(day=day, n=1, hash=before or START))
    return 1, before or START


def append(session: Session, actor: Actor, kind: str, subject: str, now: dt.datetime, detail: Data) -> None:
    """Append one entry. Two first entries of a day race on the head's primary key: the loser is run again by its caller."""
    day = now.astimezone(BOGOTA).date().isoformat()
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
    session.execute(sa.insert(Access).values(**row, prev_hash=prev, hash=value))
    session.execute(sa.update(AccessHead).where(AccessHead.day == day).values(hash=value))
