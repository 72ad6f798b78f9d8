"""Messages between pages and instances, and between instances through the outbox."""

import datetime as dt
import hashlib
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from common.prepared import Prepared
from engine import decide
from engine.commands.core import Core
from engine.commands.starts import Beginning, begin
from engine.errors import NotFound, NotWaiting
from engine.states import Act, InstanceStatus, OutboxState, TextOf
from engine.store import sql
from engine.store.tables import kept_key
from engine.store.uow import Undo
from engine.turn import Texts, Turn, signal_start
from engine.types import SYSTEM, Actor, Completed, Data, ProcessSpec, Records, Started, Value

MAX_START_KEY = 120  # letters, as the column of an instance holds them
MESSAGE_LIFE = dt.timedelta(days=7)


def _deliverable(starts: tuple[str, ...]) -> Prepared:
    """Built once for a release: the worker asks each second, and what loads a history after each
    timer."""
    here = sa.and_(
        sql.INSTANCE.c.id == sql.SUBSCRIPTION.c.instance_id,
        sql.INSTANCE.c.status == InstanceStatus.ACTIVE,
    )
    match = sa.and_(
        sql.SUBSCRIPTION.c.message == sql.OUTBOX.c.message,
        sql.SUBSCRIPTION.c.key == sql.OUTBOX.c.key,
    )
    columns = (sql.OUTBOX.c.id, sql.OUTBOX.c.message, sql.OUTBOX.c.key, sql.OUTBOX.c.target)
    on_the_way = sql.OUTBOX.c.state == OutboxState.WAITING
    waiting = (
        sa.select(*columns)
        .join(sql.SUBSCRIPTION, match)
        .join(sql.INSTANCE, here)
        .where(on_the_way, sql.OUTBOX.c.key != "")
    )
    signals = sa.select(*columns).where(on_the_way, sql.OUTBOX.c.target.is_not(None))
    starting = sa.or_(sa.false(), *(sql.OUTBOX.c.message == name for name in starts))
    begins = sa.select(*columns).where(on_the_way, sql.OUTBOX.c.target.is_(None), starting)
    both = sa.union(waiting, signals, begins).subquery()
    return Prepared(sa.select(both).order_by(both.c.id).limit(sa.bindparam("b_limit")))


def _start_key(process: ProcessSpec, event: str, key: str) -> str:
    """Of messages that begin one instance together, whichever comes first does. One that its column
    cannot hold is told by its digest: the same for a page, a call and the outbox, whose column
    holds a `kept_key`."""
    message = process.elements[event].message
    whole = f"{process.starts_together.get(event) or (message.name if message is not None else '')}:{key}"
    return (
        whole
        if len(whole) <= MAX_START_KEY
        else f"{whole[:50]}#{hashlib.sha256(whole.encode()).hexdigest()}"
    )


class Messages:
    """Messages of pages and of the outbox; a message may also start an instance. Signals are
    messages to every task that waited."""

    def __init__(self, core: Core) -> None:
        self.core = core
        # by the messages that begin a process in a release
        self._deliverable: dict[tuple[str, ...], Prepared] = {}

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
        reason: str = "",
    ) -> Completed:
        """Deliver a message from a page to the instance that waits for this key; with `claim` the
        item of that element, opened by it, is taken for the actor in the same commit; `reason`, of
        a message without a form, is kept with its entry in the history. Raises NotWaiting when
        nobody waits any more.
        """

        def command(session: Session) -> tuple[Completed, Turn]:
            found = sql.SUBSCRIBER.first(session, {"b_message": message, "b_key": key})
            if found is None:
                raise NotWaiting
            turn = self.core.take(session, found.instance_id, actor, now)  # 1 take
            if sql.STILL_SUBSCRIBED.first(session, {"b_task": found.task_id}) is None:  # 2 read
                raise NotWaiting
            decide.must_be_active(turn.instance.status)  # 3 decide
            turn.fetch()
            texts = turn.deliver(found.task_id, payload, records)  # 4 records, 5 advance
            if reason:
                texts = Texts(None, found.element, Act.MESSAGE, {TextOf.REASON: reason})
            # 6 write
            turn.write(
                Act.MESSAGE, found.element, {"message": message, "key": key, "claim": claim}, texts
            )
            if claim is not None:
                turn.hand_opened(claim, actor.id)
            return turn.completed(), turn  # 7 commit

        return self.core.run(command, actor, now, subject=f"{message}/{key}")

    def hand_over(
        self,
        task_id: str,
        values: Data,
        *,
        actor: Actor,
        now: dt.datetime,
        records: Records | None = None,
        by_call: bool = False,
    ) -> Completed:
        """Deliver what somebody, or with `by_call` a system, says to the very task that waits for
        it: its form is kept with the entry. Raises NotWaiting, and NotAllowed unless the diagram
        lets them (`<v:delivery>`).
        """

        def command(session: Session) -> tuple[Completed, Turn]:
            found = sql.SUBSCRIBED_TASK.first(session, {"b_task": task_id})
            if found is None:
                raise NotWaiting
            turn = self.core.take(session, found.instance_id, actor, now)  # 1 take
            if sql.STILL_SUBSCRIBED.first(session, {"b_task": task_id}) is None:  # 2 read
                raise NotWaiting
            decide.must_be_active(turn.instance.status)  # 3 decide
            turn.fetch()
            waiting = turn.live.waiting(task_id)
            if waiting is None:
                raise NotWaiting
            spec = turn.element(waiting.process, waiting.element)
            if not (by_call and spec.delivery is not None and spec.delivery.webhook):
                decide.must_be_let_deliver(spec, actor)
            texts = turn.deliver(task_id, values, records)  # 4 records, 5 advance
            detail: dict[str, Value] = {
                "message": spec.message.name if spec.message else "",
                "task": task_id,
            }
            turn.write(Act.MESSAGE, spec.id, detail, texts)  # 6 write
            return turn.completed(), turn  # 7 commit

        return self.core.run(command, actor, now, subject=task_id)

    def begin(
        self,
        process: str,
        event: str,
        values: Data,
        *,
        key: str,
        actor: Actor,
        now: dt.datetime,
        records: Records | None = None,
        by_call: bool = False,
    ) -> Started:
        """A process begins with the message that somebody, or with `by_call` a system, hands over;
        with a key that came before, by whatever way, it is the instance of then. Raises NotFound,
        and NotAllowed unless the diagram lets them (`<v:delivery>`).
        """

        def command(session: Session) -> tuple[Started, Turn | None]:
            release = self.core.catalog.release(session, self.core.catalog.current(session))
            spec = release.processes.get(process)
            if spec is None or event not in spec.message_starts:
                raise NotFound(f"message start {event} of {process}")
            element = spec.elements[event]
            if not (by_call and element.delivery is not None and element.delivery.webhook):
                decide.must_be_let_deliver(element, actor)
            decide.must_be_storable(values)
            start_key = _start_key(spec, event, kept_key(key))
            known = sql.INSTANCE_BY_KEY.scalar(session, {"b_process": process, "b_key": start_key})
            # until 0072 the digest was of the key as it came
            if known is None and kept_key(key) != key:
                known = sql.INSTANCE_BY_KEY.scalar(
                    session, {"b_process": process, "b_key": _start_key(spec, event, key)}
                )
            if known is not None:
                return Started(
                    known, sql.CASE_KEY.scalar(session, {"b_instance": known}), duplicate=True
                ), None
            return begin(
                self.core,
                session,
                Beginning(process, start_key, None, values, event=event, records=records),
                actor,
                now,
            )

        return self.core.run(command, actor, now, subject=f"{process}/{event}")

    def deliverable(self, session: Session, limit: int) -> list[Any]:
        """Messages with a receiver that can take them: a task that waits for the key, a target, or
        a process that starts with it."""
        starts = tuple(sorted(self._message_starts(session)))
        statement = self._deliverable.get(starts)
        if statement is None:
            statement = self._deliverable[starts] = _deliverable(starts)
        return statement.all(session, {"b_limit": limit})

    def _message_starts(self, session: Session) -> dict[str, tuple[str, str]]:
        """Message name, or the name that a signal has on its way to a process → (process, start
        event) in the release in force."""
        try:
            release = self.core.catalog.release(session, self.core.catalog.current(session))
        except NotFound:
            return {}
        by_message = {
            name: (spec.id, event)
            for spec in release.processes.values()
            for event in spec.message_starts
            for name in spec.elements[event].message.names  # type: ignore[union-attr]  # a message start has a message
        }
        signals = {
            signal_start(name, spec.id): (spec.id, event)
            for spec in release.processes.values()
            for event, name in spec.signal_starts
        }
        return {**by_message, **signals}

    def send(self, candidate: Any, now: dt.datetime) -> bool:
        """Hand one message over: the receiver is taken and the row marked in the same commit."""

        def command(session: Session) -> tuple[bool, Turn | None]:
            found = self._receiver(session, candidate)
            if found is None:
                return self._send_start(session, candidate, now)
            turn = self.core.take(session, found.instance_id, SYSTEM, now)  # 1 take
            row = sql.OUTBOX_ROW.first(session, {"b_id": candidate.id})  # 2 read
            still = sql.STILL_SUBSCRIBED.first(session, {"b_task": found.task_id})
            if row is None or still is None or turn.instance.status != InstanceStatus.ACTIVE:
                raise Undo((False, None))  # 3 decide
            turn.outgoing.follow_chain(row.hops, row.chain_at)
            turn.fetch()
            texts = turn.deliver(found.task_id, row.payload)  # 5 advance
            # 6 write
            turn.write(
                Act.MESSAGE,
                found.element,
                {"message": row.message, "key": row.key, "from": row.instance_id},
                texts,
            )
            self._mark(session, row.id, OutboxState.DELIVERED, turn.instance.id, now)
            return True, turn

        return self.core.run(command, SYSTEM, now)

    def _receiver(self, session: Session, candidate: Any) -> Any:
        if candidate.target is not None:
            return sql.SUBSCRIBED_TASK.first(session, {"b_task": candidate.target})
        return sql.SUBSCRIBER.first(
            session, {"b_message": candidate.message, "b_key": candidate.key}
        )

    def _send_start(
        self, session: Session, candidate: Any, now: dt.datetime
    ) -> tuple[bool, Turn | None]:
        row = sql.OUTBOX_ROW.first(session, {"b_id": candidate.id})
        # a signal, and its task has gone on meanwhile
        if row is not None and candidate.target is not None:
            self._mark(session, row.id, OutboxState.NO_RECEIVER, None, now)
            return True, None
        target = self._message_starts(session).get(candidate.message)
        if target is None or row is None:
            return False, None
        process, event = target
        release = self.core.catalog.release(session, self.core.catalog.current(session))
        key = _start_key(release.processes[process], event, row.key)
        known = sql.INSTANCE_BY_KEY.scalar(session, {"b_process": process, "b_key": key})
        if known is not None:
            self._mark(session, row.id, OutboxState.DUPLICATE, known, now)
            return True, None
        what = Beginning(
            process, key, row.case_key, row.payload, event=event, hops=row.hops, since=row.chain_at
        )
        _, turn = begin(self.core, session, what, SYSTEM, now)
        self._mark(session, row.id, OutboxState.DELIVERED, turn.instance.id, now)
        return True, turn

    def _mark(
        self, session: Session, row: int, state: OutboxState, receiver: str | None, now: dt.datetime
    ) -> None:
        sql.OUTBOX_DONE.run(
            session, {"b_id": row, "b_state": state, "b_receiver": receiver, "b_at": now}
        )

    def give_up(self, row_id: int, sender: str, now: dt.datetime) -> bool:
        def command(session: Session) -> tuple[bool, Turn | None]:
            turn = self.core.take(session, sender, SYSTEM, now)  # 1 take
            row = sql.OUTBOX_ROW.first(session, {"b_id": row_id})  # 2 read
            if row is None:
                raise Undo((False, None))
            self._mark(session, row.id, OutboxState.NO_RECEIVER, None, now)
            if row.obligatory:
                turn.fetch()
                turn.outgoing.lost_message(row.element, row.message, row.key)
            turn.journal(Act.LOST, row.element, {"message": row.message, "key": row.key})  # 6 write
            return True, turn  # 7 commit

        return self.core.run(command, SYSTEM, now)
