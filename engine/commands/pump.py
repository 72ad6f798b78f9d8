"""What happens without anybody asking: timers come due, recurring starts begin, messages are
delivered. In bounded batches, one command each."""

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from common.faults import is_outage
from common.rounds import Failing, attempt
from engine.causes import failed
from engine.commands.core import Core
from engine.commands.messages import MESSAGE_LIFE, Messages
from engine.commands.schedules import Schedules
from engine.commands.timers import Timers
from engine.incidents import Place, Trouble, row as incident_row
from engine.states import IncidentKind, IncidentState
from engine.store import sql
from engine.store.tables import Incident
from engine.types import SYSTEM, Failed

log = logging.getLogger(__name__)

TOLD_AFTER = 3  # failures in a row, then an incident tells people


class Work(NamedTuple):
    """A command that is due, and what an incident about it would say."""

    key: str
    instance_id: str
    element: str
    command: Callable[[], bool]


class Pump:
    """One look at everything that is due. Several workers may look at once."""

    def __init__(
        self, core: Core, timers: Timers, schedules: Schedules, messages: Messages
    ) -> None:
        self.core = core
        self._timers = timers
        self._schedules = schedules
        self._messages = messages
        self._failing = Failing()

    def once(
        self, now: dt.datetime, limit: int = 100, between: Callable[[], None] = lambda: None
    ) -> int:
        """One batch of each kind. `between` runs after each command: the worker lets others write.
        Returns how many did something."""
        with self.core.uow.reading() as session:
            timers = self._timers.due(session, now, limit + len(self._failing))
        work = [
            Work(
                t.task_id,
                t.instance_id,
                t.element,
                partial(self._timers.fire, t.task_id, t.instance_id, now),
            )
            for t in timers
        ]
        done = self._all(work, now, limit, between)
        with self.core.uow.reading() as session:
            due = self._schedules.due(session, now, limit)
        for each in due:
            done += self._recur(each, now)
            between()
        with self.core.uow.reading() as session:
            rows = self._messages.deliverable(session, limit + len(self._failing))
            old = sql.EXPIRED.all(
                session, {"b_before": now - MESSAGE_LIFE, "b_limit": limit + len(self._failing)}
            )
        sent = [
            Work(f"outbox-{r.id}", "", r.message, partial(self._messages.send, r, now))
            for r in rows
        ]
        done += self._all(sent, now, limit, between)
        lost = [
            Work(
                f"lost-{r.id}",
                r.instance_id,
                "",
                partial(self._messages.give_up, r.id, r.instance_id, now),
            )
            for r in old
        ]
        done += self._all(lost, now, limit, between)
        self._failing.forget_what_is_gone(now)
        return done

    def _all(
        self, work: Sequence[Work], now: dt.datetime, limit: int, between: Callable[[], None]
    ) -> int:
        done = 0
        for each in self._failing.last(
            [each for each in work if not self._failing.rests(each.key, now)]
        )[:limit]:
            done += self._guarded(each, now)
            between()
        return done

    def _guarded(self, work: Work, now: dt.datetime) -> bool:
        """One bad instance must not keep the others waiting. A database that does not answer is
        nobody's fault here."""
        try:
            done = work.command()
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("%s of %s could not be handled", work.key, work.instance_id)
            if self._failing.add(work.key, now) == TOLD_AFTER:
                failure = failed(error)
                attempt(
                    "telling of what cannot be handled",
                    work.key,
                    lambda: self._tell(work, failure, now),
                )
            return False
        self._failing.forget(work.key)
        if not done:  # somebody holds the instance: what is behind it does not wait for that
            self._failing.pause(work.key, now)
        return done

    def _recur(self, candidate: object, now: dt.datetime) -> bool:
        try:
            return self._schedules.start(candidate, now)
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("a recurring start failed")
            reason = f"{type(error).__name__}: {error}"
            attempt(
                "pausing a recurring start",
                reason,
                lambda: self._schedules.fail(candidate, now, reason),
            )
            return False

    def _tell(self, work: Work, failure: Failed, now: dt.datetime) -> None:
        """An incident for the administrators, once."""

        key, instance_id, element, _ = work

        def command(session: Session) -> None:
            known = sa.select(Incident.id).where(
                Incident.task_id == key[:40],
                Incident.instance_id == instance_id,
                Incident.state == IncidentState.OPEN,
            )
            if session.execute(known).first() is None:
                case_key = (
                    sql.CASE_KEY.scalar(session, {"b_instance": instance_id}) if instance_id else ""
                )
                place = Place(key[:40], "", element)
                trouble = Trouble(IncidentKind.MODEL, failure.text[:2_000], failure.facts)
                sql.INSERT_INCIDENT.run(
                    session, incident_row(instance_id, case_key or "", place, trouble, SYSTEM, now)
                )

        self.core.uow.run(command)
