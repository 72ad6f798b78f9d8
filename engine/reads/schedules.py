"""Recurring starts: when each comes next, and what happened to it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.store.tables import Instance
from engine.store.tables import Schedule
from engine.store.tables import ScheduleEvent


def listed(session: Session) -> Sequence[Schedule]:
    """All of them, what comes next first, those that the diagrams no longer have at the end."""
    order = (sa.case((Schedule.state == "gone", 1), else_=0), Schedule.next_at.is_(None), Schedule.next_at, Schedule.process)
    return session.execute(sa.select(Schedule).order_by(*order)).scalars().all()


def schedule(session: Session, process: str, element: str) -> Schedule | None:
    return session.get(Schedule, (process, element))


def events(session: Session, process: str, element: str, limit: int = 50) -> Sequence[Any]:
    """What happened to a schedule, the latest first, with the case that an occurrence started."""
    columns = (
        ScheduleEvent.at,
        ScheduleEvent.actor_id,
        ScheduleEvent.kind,
        ScheduleEvent.occurrence,
        ScheduleEvent.reason,
        ScheduleEvent.number,
        Instance.case_key,
    )
    query = sa.select(*columns).outerjoin(Instance, Instance.id == ScheduleEvent.instance_id)
    query = query.where(ScheduleEvent.process == process, ScheduleEvent.element == element)
    return session.execute(query.order_by(ScheduleEvent.id.desc()).limit(limit)).all()
