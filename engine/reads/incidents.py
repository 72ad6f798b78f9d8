"""Reads about incidents for screens: grouped by cause, one by one, of a case. Nothing here writes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.incidents import OPEN
from engine.store.tables import Incident


@dataclass(frozen=True, slots=True)
class Cause:
    """Incidents that are alike: how many, since when, of which the latest is the example."""

    cause: str
    number: int
    cases: int
    first: dt.datetime
    last: dt.datetime
    tries: int
    example: Incident


def open_number(session: Session) -> int:
    return session.execute(sa.select(sa.func.count()).select_from(Incident).where(Incident.state == OPEN)).scalar_one()


def causes(session: Session, *, limit: int = 100) -> list[Cause]:
    """Open incidents by cause, those that stop most cases first."""
    rows = session.execute(
        sa.select(
            Incident.cause,
            sa.func.count(Incident.id).label("number"),
            sa.func.count(sa.distinct(Incident.case_key)).label("cases"),
            sa.func.min(Incident.at).label("first"),
            sa.func.max(sa.func.coalesce(Incident.last_at, Incident.at)).label("last"),
            sa.func.sum(Incident.tries).label("tries"),
            sa.func.max(Incident.id).label("example"),
        )
        .where(Incident.state == OPEN)
        .group_by(Incident.cause)
        .order_by(sa.desc("number"), "first")
        .limit(limit)
    ).all()
    examples = {i.id: i for i in session.execute(sa.select(Incident).where(Incident.id.in_([r.example for r in rows]))).scalars()}
    return [Cause(r.cause, r.number, r.cases, r.first, r.last, r.tries, examples[r.example]) for r in rows]


def of_cause(session: Session, cause: str, *, limit: int = 500) -> Sequence[Incident]:
    """Open incidents that are alike, oldest first."""
    query = sa.select(Incident).where(Incident.state == OPEN, Incident.cause == cause)
    return session.execute(query.order_by(Incident.at, Incident.id).limit(limit)).scalars().all()


def resolved(session: Session, *, limit: int = 100) -> Sequence[Incident]:
    """Latest first."""
    query = sa.select(Incident).where(Incident.state != OPEN)
    return session.execute(query.order_by(Incident.resolved_at.desc(), Incident.id.desc()).limit(limit)).scalars().all()


def incident(session: Session, number: int) -> Incident:
    """Raises NotFound."""
    found = session.get(Incident, number)
    if found is None:
        raise NotFound(f"incident {number}")
    return found


def named(session: Session, numbers: Sequence[int]) -> Sequence[Incident]:
    """Those of these numbers that exist, in their order."""
    found = {i.id: i for i in session.execute(sa.select(Incident).where(Incident.id.in_(numbers))).scalars()}
    return [found[n] for n in numbers if n in found]


def open_of_case(session: Session, case_key: str) -> Sequence[Incident]:
    """Oldest first."""
    query = sa.select(Incident).where(Incident.case_key == case_key, Incident.state == OPEN)
    return session.execute(query.order_by(Incident.at, Incident.id)).scalars().all()


def listed(session: Session, *, only_open: bool = True, case_key: str | None = None) -> Sequence[Incident]:
    query = sa.select(Incident).order_by(Incident.at.desc(), Incident.id.desc())
    if only_open:
        query = query.where(Incident.state == "open")
    if case_key is not None:
        query = query.where(Incident.case_key == case_key)
    return session.execute(query.limit(500)).scalars().all()
