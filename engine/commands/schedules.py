"""Recurring starts by calendar: each occurrence starts one instance, in the commit that moves the
schedule on.

What happens after an outage: the occurrences that were missed are started one by one, the last ten
at most (or only the last, if the diagram says so); older ones are recorded as given up. While
paused none is due, and none is made up for afterwards.
"""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from common.prepared import Prepared
from engine.commands.core import Core
from engine.commands.starts import Beginning, begin
from engine.errors import InvalidValues, NotFound, NotWaiting
from engine.model import schedules
from engine.states import AccessKind, ScheduleChange, ScheduleState
from engine.store import sql
from engine.store.tables import Instance, Schedule, ScheduleEvent
from engine.store.uow import Undo
from engine.turn import Turn
from engine.types import SYSTEM, Actor, Due, ElementSpec, Missed, ScheduleRule

MAX_REASON = 2_000
Place = tuple[str, str]  # process, start event
SCHEDULE = sql.table(Schedule)
DUE = Prepared(
    sa.select(
        SCHEDULE.c.process,
        SCHEDULE.c.element,
        SCHEDULE.c.rule,
        SCHEDULE.c.next_at,
        SCHEDULE.c.times_left,
    )
    .where(SCHEDULE.c.state == ScheduleState.ACTIVE, SCHEDULE.c.next_at <= sa.bindparam("b_now"))
    .order_by(SCHEDULE.c.next_at, SCHEDULE.c.process, SCHEDULE.c.element)
    .limit(sa.bindparam("b_limit"))
)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a schedule, as it is stored."""

    process: str
    element: str
    kind: ScheduleChange
    at: dt.datetime
    actor_id: str = SYSTEM.id
    occurrence: dt.datetime | None = None
    instance_id: str | None = None
    reason: str = ""
    number: int = 1  # of occurrences, when they are given up


class Schedules:
    """Following the release in force, starting what is due, pausing and resuming."""

    def __init__(self, core: Core) -> None:
        self.core = core

    def pause(
        self, process: str, element: str, *, actor: Actor, now: dt.datetime, reason: str
    ) -> None:
        """Nothing starts until it is resumed. Raises NotWaiting when it is not active."""
        text = _reason(reason)

        def command(session: Session) -> None:
            row = self._switch(
                session, (process, element), ScheduleState.ACTIVE, ScheduleState.PAUSED, now
            )
            _record(
                session,
                Event(
                    process, element, ScheduleChange.PAUSED, now, actor.id, row.next_at, reason=text
                ),
            )
            self.core.access.append(
                session, actor, AccessKind.SCHEDULE_PAUSED, f"{process}/{element}"[:120], now, {}
            )

        self.core.uow.run(command)

    def resume(
        self, process: str, element: str, *, actor: Actor, now: dt.datetime, reason: str
    ) -> None:
        """The next occurrence after now; those of the pause are not made up for."""
        text = _reason(reason)

        def command(session: Session) -> None:
            row = self._switch(
                session, (process, element), ScheduleState.PAUSED, ScheduleState.ACTIVE, now
            )
            self._go_on(session, (process, element), row, now)
            _record(
                session,
                Event(
                    process,
                    element,
                    ScheduleChange.RESUMED,
                    now,
                    actor.id,
                    row.next_at,
                    reason=text,
                ),
            )
            self.core.access.append(
                session, actor, AccessKind.SCHEDULE_RESUMED, f"{process}/{element}"[:120], now, {}
            )

        self.core.uow.run(command)

    def _switch(
        self,
        session: Session,
        place: Place,
        before: ScheduleState,
        after: ScheduleState,
        now: dt.datetime,
    ) -> Any:
        changed = (
            sa.update(Schedule)
            .where(*_at(place), Schedule.state == before)
            .values(state=after, changed_at=now)
        )
        row = session.execute(
            changed.returning(SCHEDULE.c.rule, SCHEDULE.c.next_at, SCHEDULE.c.times_left)
        ).one_or_none()
        if row is not None:
            return row
        if session.execute(sa.select(Schedule.state).where(*_at(place))).one_or_none() is None:
            raise NotFound(f"schedule {'/'.join(place)}")
        raise NotWaiting

    def _go_on(self, session: Session, place: Place, row: Any, now: dt.datetime) -> None:
        """Forward to the first occurrence after now; a limited number of repetitions passes by as
        well."""
        rule, due = (
            schedules.from_json(row.rule),
            None if row.next_at is None else Due(row.next_at, row.times_left),
        )
        while due is not None and due.at <= now:
            due = schedules.missed(rule, due, now, self.core.calendar).after
        session.execute(
            sa.update(Schedule).where(*_at(place)).values(**_standing(due, ScheduleState.ACTIVE))
        )

    # --- the release in force
    def follow_release(self, session: Session, actor: Actor, now: dt.datetime) -> None:
        """A schedule whose rule did not change keeps its next occurrence and its pause."""
        release = self.core.catalog.release(session, self.core.catalog.current(session))
        wanted = {
            (process.id, element.id): element
            for process in release.processes.values()
            for element in process.elements.values()
            if element.schedule is not None
        }
        known = {
            (row.process, row.element): row
            for row in session.execute(sa.select(Schedule)).scalars()
        }
        for place, element in wanted.items():
            self._follow(session, element, known.get(place), actor, now)
        for place, row in known.items():
            if place not in wanted and row.state != ScheduleState.GONE:
                row.state, row.next_at, row.changed_at = ScheduleState.GONE, None, now
                _record(session, Event(*place, ScheduleChange.GONE, now, actor.id))
        session.flush()

    def _follow(
        self,
        session: Session,
        element: ElementSpec,
        row: Schedule | None,
        actor: Actor,
        now: dt.datetime,
    ) -> None:
        rule = element.schedule
        if rule is None:
            return
        if (
            row is not None
            and row.state != ScheduleState.GONE
            and row.rule == schedules.to_json(rule)
        ):
            return
        due = schedules.first(rule, now, self.core.calendar)
        state = (
            ScheduleState.PAUSED
            if row is not None and row.state == ScheduleState.PAUSED
            else ScheduleState.ACTIVE
        )
        values = {**_standing(due, state), "rule": schedules.to_json(rule), "changed_at": now}
        if row is None:
            session.add(Schedule(process=element.process, element=element.id, **values))
        else:
            for name, value in values.items():
                setattr(row, name, value)
        kind = ScheduleChange.CREATED if row is None else ScheduleChange.CHANGED
        _record(
            session,
            Event(element.process, element.id, kind, now, actor.id, due.at if due else None),
        )

    # --- what is due
    def due(self, session: Session, now: dt.datetime, limit: int) -> list[Any]:
        return DUE.all(session, {"b_now": now, "b_limit": limit})

    def start(self, candidate: Any, now: dt.datetime) -> bool:
        """Move the schedule on first: who moves it, starts it. A rival finds it moved and does
        nothing."""
        place, rule = (candidate.process, candidate.element), schedules.from_json(candidate.rule)
        found = schedules.missed(
            rule, Due(candidate.next_at, candidate.times_left), now, self.core.calendar
        )

        def command(session: Session) -> tuple[bool, Turn | None]:
            moved = (
                sa.update(Schedule)
                .where(
                    *_at(place),
                    Schedule.state == ScheduleState.ACTIVE,
                    Schedule.next_at == candidate.next_at,
                )
                .values(**_standing(found.after, ScheduleState.ACTIVE))
                .returning(SCHEDULE.c.rule)
            )
            row = session.execute(moved).one_or_none()
            if row is None or row.rule != candidate.rule:
                raise Undo((False, None))
            return self._start_occurrence(session, place, rule, found, now)

        return self.core.run(command, SYSTEM, now)

    def _start_occurrence(
        self, session: Session, place: Place, rule: ScheduleRule, found: Missed, now: dt.datetime
    ) -> tuple[bool, Turn | None]:
        (process, element), at = place, found.start.at
        if found.dropped:
            first, last = found.given_up[0], found.given_up[-1]
            reason = f"{first.isoformat()} {last.isoformat()}"
            given_up = Event(
                *place,
                ScheduleChange.GIVEN_UP,
                now,
                occurrence=first,
                reason=reason,
                number=found.dropped,
            )
            _record(session, given_up)
        key = f"{at:%Y-%m-%dT%H:%M:%SZ} {element}"[:120]
        known = session.execute(
            sa.select(Instance.id).where(Instance.process == process, Instance.start_key == key)
        ).scalar_one_or_none()
        turn = None
        if known is None:
            data = {} if rule.variable is None else {rule.variable: at.isoformat()}
            started, turn = begin(
                self.core, session, Beginning(process, key, data=data, event=element), SYSTEM, now
            )
            known = started.instance_id
        _record(
            session, Event(*place, ScheduleChange.STARTED, now, occurrence=at, instance_id=known)
        )
        return True, turn

    def fail(self, candidate: Any, now: dt.datetime, error: str) -> None:
        """It pauses itself, with the error as its reason; an administrator resumes it once the
        cause is gone."""

        def command(session: Session) -> None:
            place = (candidate.process, candidate.element)
            paused = sa.update(Schedule).where(*_at(place), Schedule.state == ScheduleState.ACTIVE)
            paused = paused.values(state=ScheduleState.PAUSED, changed_at=now)
            if session.execute(paused.returning(SCHEDULE.c.process)).one_or_none() is not None:
                occurrence, reason = candidate.next_at, error[:MAX_REASON]
                _record(
                    session,
                    Event(*place, ScheduleChange.FAILED, now, occurrence=occurrence, reason=reason),
                )

        self.core.uow.run(command)


def _at(place: Place) -> tuple[sa.ColumnElement[bool], ...]:
    return (Schedule.process == place[0], Schedule.element == place[1])


def _reason(reason: str) -> str:
    text = reason.strip()
    if not text or len(text) > MAX_REASON:
        raise InvalidValues({"reason": f"1..{MAX_REASON}"})
    return text


def _record(session: Session, event: Event) -> None:
    session.execute(sa.insert(ScheduleEvent).values(**asdict(event)))


def _standing(due: Due | None, state: ScheduleState) -> dict[str, Any]:
    """Columns of a schedule that stands at this occurrence."""
    if due is None:
        return {"state": ScheduleState.OVER, "next_at": None, "times_left": 0}
    return {"state": state, "next_at": due.at, "times_left": due.left}
