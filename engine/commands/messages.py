"""Messages between pages and instances, and timers."""

import datetime as dt
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import decide
from engine.commands.core import replace_holder
from engine.commands.starts import Starts
from engine.errors import EngineError
from engine.errors import NotFound
from engine.errors import NotWaiting
from engine.store import sql
from engine.store.tables import Outbox
from engine.store.tables import SubscriptionRow
from engine.store.uow import Undo
from engine.turn import Turn
from engine.types import SYSTEM
from engine.types import Actor
from engine.types import Completed
from engine.types import Data
from engine.types import Records
from engine.types import Writing

log = logging.getLogger(__name__)

MESSAGE_LIFE = dt.timedelta(days=7)


class Messages(Starts):
    """Messages of pages, of the outbox, and due timers; a message may also start an instance."""

    def correlate(
        self,
        message: str,
        key: str,
        payload: Data,
        *,
        actor: Actor,
        now: dt.datetime,
        claim: str | None = None,
        records: Records | None = None,
        may: Callable[[Data], None] | None = None,
    ) -> Completed:
        """Deliver a message from a page to the instance that waits for this key; with `claim` the item of that element,
        opened by it, is taken for the actor in the same commit. Raises NotWaiting when nobody waits any more.
        """

        def command(session: Session) -> tuple[Completed, Turn]:
            found = sql.SUBSCRIBER.first(session, {"b_message": message, "b_key": key})
            if found is None:
                raise NotWaiting
            turn = self._take(session, found.instance_id, actor, now)
            if sql.STILL_SUBSCRIBED.first(session, {"b_task": found.task_id}) is None:
                raise NotWaiting
            decide.must_be_active(turn.instance.status)
            self._deliver(turn, found.task_id, payload, records, may)
            turn.write("message", found.element, {"message": message, "key": key, "claim": claim})
            if claim is not None:
                self._claim_opened(turn, claim)
            return self._completed(turn), turn

        return self._run_turn(command, actor, now, subject=f"{message}/{key}")

    def _deliver(
        self,
        turn: Turn,
        task_id: str,
        payload: Data,
        records: Records | None = None,
        may: Callable[[Data], None] | None = None,
    ) -> None:
        turn.fetch()
        data = turn.live.data(task_id)
        if may is not None:
            may(data)
        outputs: Data = {}
        if records is not None:
            writing = Writing(turn.session, turn.now, turn.actor, turn.instance.id, turn.instance.case_key, data, payload)
            outputs = records(writing) or {}
            turn.session.flush()
        if not turn.live.deliver(task_id, {**payload, **outputs}, turn.now):
            raise NotWaiting
        turn.settle()

    def _claim_opened(self, turn: Turn, element: str) -> None:
        for place, item in enumerate(turn.opened):
            if item.element == element:
                sql.CLAIM_ITEM.run(turn.session, {"b_item": item.id, "b_by": turn.actor.id})
                turn.opened[place] = replace_holder(item, turn.actor.id)

    def pump(self, now: dt.datetime, limit: int = 100) -> int:
        """Fire due timers and deliver waiting messages, one command each. Returns how many commands did something."""
        done = 0
        with self.uow.reading() as session:
            due = sql.DUE_TIMERS.all(session, {"b_now": now, "b_limit": limit})
        for timer in due:
            done += self._guarded(partial(self._fire, timer.task_id, timer.instance_id, now))
        with self.uow.reading() as session:
            rows = self._deliverable(session, limit)
        for row in rows:
            done += self._guarded(partial(self._send, row, now))
        return done + self._expire(now, limit)

    def _guarded(self, command: Callable[[], bool]) -> bool:
        """One bad instance must not keep the others waiting."""
        try:
            return command()
        except EngineError:
            log.exception("a timer or message could not be handled")
            return False

    def _fire(self, task_id: str, instance_id: str, now: dt.datetime) -> bool:
        def command(session: Session) -> tuple[bool, Turn | None]:
            turn = self._take(session, instance_id, SYSTEM, now)
            due = sql.TIMER_STILL_DUE.first(session, {"b_task": task_id, "b_now": now})
            if due is None or turn.instance.status != decide.ACTIVE:
                raise Undo((False, None))
            turn.fetch()
            element = turn.before.timers[task_id].element if task_id in turn.before.timers else None
            if not turn.live.fire(task_id, now):
                raise NotWaiting
            turn.settle()
            turn.write("timer", element, {})
            return True, turn

        return self._run_turn(command, SYSTEM, now)

    def _deliverable(self, session: Session, limit: int) -> list[Any]:
        """Messages with a receiver: one who waits for the key, or a process that starts with it."""
        waiting = (
            sa.select(Outbox.id, Outbox.message, Outbox.key)
            .join(SubscriptionRow, sa.and_(SubscriptionRow.message == Outbox.message, SubscriptionRow.key == Outbox.key))
            .where(Outbox.state == "waiting")
        )
        starts = self._message_starts(session)
        starting = sa.select(Outbox.id, Outbox.message, Outbox.key).where(Outbox.state == "waiting", Outbox.message.in_(list(starts)))
        both = sa.union(waiting, starting).subquery()
        return list(session.execute(sa.select(both).order_by(both.c.id).limit(limit)).all())

    def _message_starts(self, session: Session) -> dict[str, tuple[str, str]]:
        """Message name → (process, start event) in the release in force."""
        try:
            release = self.catalog.release(session, self.catalog.current(session))
        except NotFound:
            return {}
        return {
            spec.elements[event].message.name: (spec.id, event)  # type: ignore[union-attr]  # a message start has a message
            for spec in release.processes.values()
            for event in spec.message_starts
        }

    def _send(self, candidate: Any, now: dt.datetime) -> bool:
        """Hand one message over: the receiver is taken and the row marked in the same commit."""

        def command(session: Session) -> tuple[bool, Turn | None]:
            found = sql.SUBSCRIBER.first(session, {"b_message": candidate.message, "b_key": candidate.key})
            if found is None:
                return self._send_start(session, candidate, now)
            turn = self._take(session, found.instance_id, SYSTEM, now)
            row = sql.OUTBOX_ROW.first(session, {"b_id": candidate.id})
            still = sql.STILL_SUBSCRIBED.first(session, {"b_task": found.task_id})
            if row is None or still is None or turn.instance.status != decide.ACTIVE:
                raise Undo((False, None))
            self._deliver(turn, found.task_id, row.payload)
            turn.write("message", found.element, {"message": row.message, "key": row.key, "from": row.instance_id})
            self._mark(session, row.id, "delivered", turn.instance.id, now)
            return True, turn

        return self._run_turn(command, SYSTEM, now)

    def _send_start(self, session: Session, candidate: Any, now: dt.datetime) -> tuple[bool, Turn | None]:
        target = self._message_starts(session).get(candidate.message)
        row = sql.OUTBOX_ROW.first(session, {"b_id": candidate.id})
        if target is None or row is None:
            return False, None
        process, event = target
        key = f"{row.message}:{row.key}"
        known = sql.INSTANCE_BY_KEY.scalar(session, {"b_process": process, "b_key": key})
        if known is not None:
            self._mark(session, row.id, "duplicate", known, now)
            return True, None
        _, turn = self._start(
            session,
            process,
            actor=SYSTEM,
            now=now,
            key=key,
            case_key=row.case_key,
            data=row.payload,
            first=None,
            message_start=event,
        )
        self._mark(session, row.id, "delivered", turn.instance.id, now)
        return True, turn

    def _mark(self, session: Session, row: int, state: str, receiver: str | None, now: dt.datetime) -> None:
        sql.OUTBOX_DONE.run(session, {"b_id": row, "b_state": state, "b_receiver": receiver, "b_at": now})

    def _expire(self, now: dt.datetime, limit: int) -> int:
        """Close messages that found no receiver in seven days, in the journal of their sender."""
        with self.uow.reading() as session:
            old = sql.EXPIRED.all(session, {"b_before": now - MESSAGE_LIFE, "b_limit": limit})
        return sum(self._guarded(partial(self._give_up, row.id, row.instance_id, now)) for row in old)

    def _give_up(self, row_id: int, sender: str, now: dt.datetime) -> bool:
        def command(session: Session) -> tuple[bool, Turn | None]:
            turn = self._take(session, sender, SYSTEM, now)
            row = sql.OUTBOX_ROW.first(session, {"b_id": row_id})
            if row is None:
                raise Undo((False, None))
            self._mark(session, row.id, "sin destinatario", None, now)
            if row.obligatory:
                turn.fetch()
                turn.lost_message(row.element, row.message, row.key)
            turn.journal("lost", row.element, {"message": row.message, "key": row.key})
            return True, turn

        return self._run_turn(command, SYSTEM, now)
