"""Recurring starts: when each comes next, and what happened to it."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.model import schedules
from engine.states import ScheduleState
from engine.store.tables import Instance, Schedule, ScheduleEvent
from engine.types import Calendar, Due, Occurrence, ScheduleRule


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """A start event that the calendar starts."""

    process: str
    element: str
    rule: ScheduleRule
    state: ScheduleState
    next_at: dt.datetime | None
    times_left: int
    changed_at: dt.datetime


def _view(row: Schedule) -> ScheduleView:
    rule = schedules.from_json(row.rule)
    return ScheduleView(
        row.process,
        row.element,
        rule,
        ScheduleState(row.state),
        row.next_at,
        row.times_left,
        row.changed_at,
    )


def listed(session: Session) -> list[ScheduleView]:
    """All of them, what comes next first, those that the diagrams no longer have at the end."""
    order = (
        sa.case((Schedule.state == ScheduleState.GONE, 1), else_=0),
        Schedule.next_at.is_(None),
        Schedule.next_at,
        Schedule.process,
    )
    return [_view(row) for row in session.execute(sa.select(Schedule).order_by(*order)).scalars()]


def schedule(session: Session, process: str, element: str) -> ScheduleView | None:
    row = session.get(Schedule, (process, element))
    return _view(row) if row is not None else None


def upcoming(view: ScheduleView, number: int, calendar: Calendar) -> list[Occurrence]:
    """The next occurrences with why they fall where they fall; none while it is paused."""
    if view.state != ScheduleState.ACTIVE or view.next_at is None:
        return []
    return schedules.upcoming(view.rule, Due(view.next_at, view.times_left), number, calendar)


def within(
    view: ScheduleView, since: dt.datetime, until: dt.datetime, calendar: Calendar
) -> list[Occurrence]:
    """The occurrences that the rule gives between two moments, past ones too, whatever became of
    them."""
    return schedules.within(view.rule, since, until, calendar)


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a schedule."""

    at: dt.datetime
    actor_id: str
    kind: str  #: created, changed, gone, started, given_up, paused, resumed, failed
    occurrence: dt.datetime | None
    #: as written; of given_up the first and the last instant, with a space between them
    reason: str
    number: int  #: occurrences that it speaks of
    case_key: str | None  #: of the case that the occurrence started


def events(session: Session, process: str, element: str, limit: int = 50) -> list[Event]:
    """The latest first."""
    of_event = (
        ScheduleEvent.at,
        ScheduleEvent.actor_id,
        ScheduleEvent.kind,
        ScheduleEvent.occurrence,
        ScheduleEvent.reason,
    )
    query = sa.select(*of_event, ScheduleEvent.number, Instance.case_key).outerjoin(
        Instance, Instance.id == ScheduleEvent.instance_id
    )
    query = query.where(ScheduleEvent.process == process, ScheduleEvent.element == element)
    return [
        Event(*row) for row in session.execute(query.order_by(ScheduleEvent.id.desc()).limit(limit))
    ]
