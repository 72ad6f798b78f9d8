"""The commands of the engine. Each takes exactly one instance, in one transaction with one commit, in this order:

1 take     UPDATE instance SET rev = rev + 1 … RETURNING: blocks while a rival holds it; from here nobody else changes it
2 read     the item, timer, outbox row or job, only now
3 decide   pure; a refusal rolls everything back and goes to the access chain in a transaction of its own
4 records  the caller writes business rows
5 advance  the live workflow (cache, else snapshot + deltas), local handlers each in a savepoint
6 write    submission, journal, head, items, timers, subscriptions, outbox, jobs
7 commit   then, and only then, the live workflow goes back into the cache
"""

import datetime as dt
import logging
import secrets
import time
from collections.abc import Callable
from collections.abc import Container
from collections.abc import Iterable
from collections.abc import Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import Any
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine import decide
from engine.cache import LiveCache
from engine.catalog import Catalog
from engine.clock import SystemClock
from engine.errors import BusinessError
from engine.errors import EngineError
from engine.errors import Finding
from engine.errors import InvalidValues
from engine.errors import ItemClosed
from engine.errors import NotAllowed
from engine.errors import NotFound
from engine.errors import NotWaiting
from engine.jobs.port import Jobs
from engine.store import access
from engine.store import chain
from engine.store import sql
from engine.store.tables import Draft
from engine.store.tables import Incident
from engine.store.tables import Instance
from engine.store.tables import Item
from engine.store.tables import ModelDraft
from engine.store.tables import Note
from engine.store.tables import Outbox
from engine.store.tables import ProcessVersion
from engine.store.tables import SubscriptionRow
from engine.store.uow import Undo
from engine.store.uow import UnitOfWork
from engine.turn import NOTHING
from engine.turn import Taken
from engine.turn import Texts
from engine.turn import Turn
from engine.types import SYSTEM
from engine.types import Actor
from engine.types import Completed
from engine.types import Data
from engine.types import Deployed
from engine.types import FirstForm
from engine.types import Functions
from engine.types import Handlers
from engine.types import Records
from engine.types import RemoteCall
from engine.types import Started
from engine.types import Value
from engine.types import WorkItem
from engine.types import Writing

T = TypeVar("T")
log = logging.getLogger(__name__)

MESSAGE_LIFE = dt.timedelta(days=7)
MAX_NOTE = 4_000


def new_id() -> str:
    """A text id that sorts by the time of its making."""
    return f"{time.time_ns() // 1_000_000:011x}{secrets.token_hex(5)}"


class Engine:
    """The engine of one database. Thread safe."""

    def __init__(
        self,
        db: sa.Engine,
        *,
        handlers: Handlers,
        jobs: Jobs,
        functions: Functions,
        forms: Container[str],
        cache_size: int = 2_000,
    ) -> None:
        self.db = db
        self.handlers = handlers
        self.jobs = jobs
        self.uow = UnitOfWork(db)
        self.catalog = Catalog(handlers=handlers, forms=forms, functions=functions)
        self.cache = LiveCache(cache_size)
        self._clock = SystemClock()

    # --- releases ----------------------------------------------------------------------------------------------------
    def deploy(
        self,
        files: Mapping[str, bytes],
        *,
        actor: Actor,
        now: dt.datetime,
        remove: Iterable[str] = (),
        base: int | None = None,
        note: str = "",
    ) -> Deployed:
        """Put the files in force as a new release. Raises DeployRefused with every finding, or StaleBase."""
        gone = tuple(remove)
        deployed = self.uow.run(
            lambda session: self.catalog.deploy(session, files, actor=actor, now=now, remove=gone, base=base, note=note)
        )
        self.log_access(actor, "despliegue", f"release/{deployed.release}", now=now, detail={"files": sorted(files)})
        return deployed

    def check(self, files: Mapping[str, bytes], remove: Iterable[str] = ()) -> list[Finding]:
        """What a deployment of these files would say, errors and warnings."""
        with self.uow.reading() as session:
            return self.catalog.check(session, files, remove)

    def save_model_draft(self, file: str, content: bytes, *, actor: Actor, now: dt.datetime) -> None:
        """Keep an analyst's unfinished file on the server; it is in force nowhere. Its base stays the release it was begun on."""

        def command(session: Session) -> None:
            known = session.get(ModelDraft, (actor.id, file))
            base = known.base_release if known is not None else self.catalog.current_or_none(session) or 0
            session.merge(ModelDraft(author=actor.id, file=file, base_release=base, content=content, saved_at=now))
            session.flush()

        self.uow.run(command)

    def drop_model_draft(self, file: str, *, actor: Actor) -> None:
        self.uow.run(lambda session: session.execute(sa.delete(ModelDraft).where(ModelDraft.author == actor.id, ModelDraft.file == file)))

    # --- start -------------------------------------------------------------------------------------------------------
    def start(
        self,
        process: str,
        *,
        actor: Actor,
        now: dt.datetime,
        key: str | None = None,
        case_key: str | None = None,
        data: Data | None = None,
        first: FirstForm | None = None,
    ) -> Started:
        """Start an instance under the release in force; with `first` its first user task is completed in the same commit.

        With a `key` that was used before, the existing instance is the answer.
        """

        def command(session: Session) -> tuple[Started, Turn]:
            return self._start(session, process, actor=actor, now=now, key=key, case_key=case_key, data=data or {}, first=first)

        try:
            return self._run_turn(command, actor, now)
        except IntegrityError:
            existing = self._existing(process, key)
            if existing is None:
                raise
            return existing

    def _existing(self, process: str, key: str | None) -> Started | None:
        if key is None:
            return None
        with self.uow.reading() as session:
            row = session.execute(
                sa.select(Instance.id, Instance.case_key).where(Instance.process == process, Instance.start_key == key)
            ).one_or_none()
        return Started(row.id, row.case_key, duplicate=True) if row else None

    def _start(
        self,
        session: Session,
        process: str,
        *,
        actor: Actor,
        now: dt.datetime,
        key: str | None,
        case_key: str | None,
        data: Data,
        first: FirstForm | None,
        message_start: str | None = None,
    ) -> tuple[Started, Turn]:
        number = self.catalog.current(session)
        release = self.catalog.release(session, number)
        if process not in release.processes:
            raise NotFound(f"process {process}")
        instance_id = new_id()
        taken = Taken(instance_id, case_key or instance_id, process, number, decide.ACTIVE, 1, chain.START)
        session.execute(
            sa.insert(sql.INSTANCE),
            {
                "id": taken.id,
                "case_key": taken.case_key,
                "process": process,
                "release": number,
                "status": taken.status,
                "rev": 1,
                "head": chain.START,
                "start_key": key,
                "started_at": now,
            },
        )
        turn = self._turn(session, taken, actor, now)
        turn.started = True
        turn.fetched = True
        turn.live = release.start(process, dict(data), now, message_start=message_start)
        turn.settle()
        texts = self._first(turn, first) if first is not None else None
        turn.write("start", first.element if first else None, {"key": key or ""}, texts)
        return Started(taken.id, taken.case_key, tuple(turn.opened)), turn

    def _first(self, turn: Turn, first: FirstForm) -> Texts:
        """Complete the first user task inside the start; the actor must be of its lane."""
        waiting = next((w for w in turn.live.user_tasks() if w.element == first.element), None)
        if waiting is None:
            raise NotFound(f"element {first.element}")
        spec = turn.element(waiting.process, waiting.element)
        scope = waiting.data.get(spec.lane.scope) if spec.lane and spec.lane.scope else None
        if turn.actor.kind != "system" and not (
            spec.lane and spec.lane.role and turn.actor.has(spec.lane.role, None if scope is None else str(scope))
        ):
            raise NotAllowed("lane", role=(spec.lane.role or "") if spec.lane else "", scope=str(scope), element=spec.id)
        self._fill(turn, waiting.task_id, waiting.process, waiting.element, waiting.data, first.values, first.records)
        return Texts(waiting.task_id, spec.id, spec.form or "declared", first.values)

    # --- work items --------------------------------------------------------------------------------------------------
    def complete(self, item_id: str, *, values: Data, actor: Actor, now: dt.datetime, records: Records | None = None) -> Completed:
        """Complete a user task with its form.

        Raises ItemClosed or ClaimedByOther (somebody was first), NotAllowed, InstanceNotActive, NotFound.
        The same person with the same values again gets success and nothing is done twice.
        """

        def command(session: Session) -> tuple[Completed, Turn | None]:
            turn, item, has_draft = self._take_item(session, item_id, actor, now)  # 1, 2
            try:
                spec = self._may_complete(turn, item)  # 3
            except ItemClosed:
                again = self._repeated(session, item, values, actor)
                if again is None:
                    raise
                raise Undo((again, None)) from None
            turn.fetch()
            turn.closing = item.id
            self._fill(turn, item.id, item.process, item.element, item.data, values, records)  # 4, 5
            texts = Texts(item.id, item.element, spec.form or "declared", values)
            turn.write("complete", item.element, {"item": item.id}, texts)  # 6
            if has_draft:
                session.execute(
                    sql.DELETE_DRAFT,
                    {"b_instance": item.instance_id, "b_element": item.element, "b_person": actor.id},
                )
            return self._completed(turn), turn

        return self._run_turn(command, actor, now, subject=item_id)

    def _take_item(self, session: Session, item_id: str, actor: Actor, now: dt.datetime) -> tuple[Turn, WorkItem, bool]:
        taken = session.execute(sql.TAKE_BY_ITEM, {"b_item": item_id}).one_or_none()
        if taken is None:
            raise NotFound(f"item {item_id}")
        row = session.execute(sql.ITEM_WITH_DRAFT, {"b_item": item_id, "b_person": actor.id}).one()
        turn = self._turn(session, Taken(*taken), actor, now)
        return turn, as_item(row), bool(row.has_draft)

    def _may_complete(self, turn: Turn, item: WorkItem) -> Any:
        decide.must_belong(item, turn.actor)
        decide.must_be_open(item)
        decide.must_be_active(turn.instance.status)
        decide.must_not_be_taken(item, turn.actor)
        spec = turn.element(item.process, item.element)
        if spec.not_same_person_as:
            earlier = turn.session.execute(
                sql.WHO_COMPLETED, {"b_case": item.case_key, "b_elements": list(spec.not_same_person_as)}
            ).scalars()
            decide.must_be_another_person(spec, earlier, turn.actor)
        return spec

    def _fill(
        self,
        turn: Turn,
        task_id: str,
        process: str,
        element: str,
        data: Data,
        values: Data,
        records: Records | None,
    ) -> None:
        spec = turn.element(process, element)
        outputs: Data = {}
        if records is not None:
            writing = Writing(turn.session, turn.now, turn.actor, turn.instance.id, turn.instance.case_key, data, values)
            outputs = records(writing) or {}
            turn.session.flush()
            turn.accept(spec, outputs)
        turn.live.complete(task_id, {**decide.split_values(spec, dict(values)), **outputs}, turn.now)
        turn.settle()

    def _repeated(self, session: Session, item: WorkItem, values: Data, actor: Actor) -> Completed | None:
        """The answer to a double click or a sent-again form: success, if person and values are the same."""
        row = session.execute(sql.SUBMISSION_OF_ITEM, {"b_item": item.id}).one_or_none()
        if row is None or row.actor_id != actor.id or row.form_values != dict(values):
            return None
        opened = session.execute(sa.select(Item).where(Item.instance_id == item.instance_id, Item.state == "open")).scalars()
        return Completed(item.instance_id, item.case_key, row.rev, tuple(map(as_item, opened)), repeated=True)

    def claim(self, item_id: str, *, actor: Actor, now: dt.datetime) -> WorkItem:
        """Take an item for oneself. Raises ClaimedByOther when somebody was first."""

        def command(session: Session) -> tuple[WorkItem, Turn]:
            turn, item, _ = self._take_item(session, item_id, actor, now)
            decide.must_belong(item, actor)
            decide.must_be_open(item)
            decide.must_be_active(turn.instance.status)
            decide.must_not_be_taken(item, actor)
            self._set_holder(turn, item, actor.id, "claim")
            return item, turn

        return self._run_turn(command, actor, now, subject=item_id)

    def release(self, item_id: str, *, actor: Actor, now: dt.datetime) -> WorkItem:
        """Give an item back to its lane."""
        return self._hand_over(item_id, None, "release", actor=actor, now=now, reason="")

    def reassign(self, item_id: str, *, to: str, actor: Actor, now: dt.datetime, reason: str = "") -> WorkItem:
        """Give an item to another person of its lane; the caller has checked that `to` belongs to it."""
        return self._hand_over(item_id, to, "reassign", actor=actor, now=now, reason=reason)

    def _hand_over(self, item_id: str, to: str | None, kind: str, *, actor: Actor, now: dt.datetime, reason: str) -> WorkItem:
        def command(session: Session) -> tuple[WorkItem, Turn]:
            turn, item, _ = self._take_item(session, item_id, actor, now)
            decide.must_be_open(item)
            decide.must_be_active(turn.instance.status)
            if not (kind == "reassign" and item.claimed_by is None and item.role and actor.has(item.role, item.scope)):
                decide.must_hold_or_supervise(item, actor, decide.Supervision())
            texts = Texts(item.id, item.element, kind, {"motivo": reason}) if reason else None
            self._set_holder(turn, item, to, kind, texts)
            return item, turn

        return self._run_turn(command, actor, now, subject=item_id)

    def _set_holder(self, turn: Turn, item: WorkItem, to: str | None, kind: str, texts: Texts | None = None) -> None:
        turn.session.execute(sql.CLAIM_ITEM, {"b_item": item.id, "b_by": to})
        detail: dict[str, Value] = {"item": item.id, "from": item.claimed_by, "to": to}
        turn.journal(kind, item.element, detail, texts=texts)

    def save_draft(self, item_id: str, values: Data, *, actor: Actor, now: dt.datetime) -> None:
        """Keep what a person is typing. Raises ItemClosed when the item is no longer open: the draft stays as it was."""

        def command(session: Session) -> None:
            row = session.execute(sql.ITEM_BY_ID, {"b_item": item_id}).one_or_none()
            if row is None:
                raise NotFound(f"item {item_id}")
            item = as_item(row)
            decide.must_belong(item, actor)
            decide.must_be_open(item)
            session.merge(
                Draft(
                    instance_id=item.instance_id,
                    element=item.element,
                    person=actor.id,
                    item_id=item_id,
                    draft_values=dict(values),
                    saved_at=now,
                )
            )
            session.flush()

        self.uow.run(command)

    # --- messages and timers -----------------------------------------------------------------------------------------
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
            found = session.execute(sql.SUBSCRIBER, {"b_message": message, "b_key": key}).one_or_none()
            if found is None:
                raise NotWaiting
            turn = self._take(session, found.instance_id, actor, now)
            if session.execute(sql.STILL_SUBSCRIBED, {"b_task": found.task_id}).one_or_none() is None:
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
                turn.session.execute(sql.CLAIM_ITEM, {"b_item": item.id, "b_by": turn.actor.id})
                turn.opened[place] = replace_holder(item, turn.actor.id)

    def pump(self, now: dt.datetime, limit: int = 100) -> int:
        """Fire due timers and deliver waiting messages, one command each. Returns how many commands did something."""
        done = 0
        with self.uow.reading() as session:
            due = session.execute(sql.DUE_TIMERS, {"b_now": now, "b_limit": limit}).all()
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
            due = session.execute(sql.TIMER_STILL_DUE, {"b_task": task_id, "b_now": now}).one_or_none()
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
            found = session.execute(sql.SUBSCRIBER, {"b_message": candidate.message, "b_key": candidate.key}).one_or_none()
            if found is None:
                return self._send_start(session, candidate, now)
            turn = self._take(session, found.instance_id, SYSTEM, now)
            row = session.execute(sql.OUTBOX_ROW, {"b_id": candidate.id}).one_or_none()
            still = session.execute(sql.STILL_SUBSCRIBED, {"b_task": found.task_id}).one_or_none()
            if row is None or still is None or turn.instance.status != decide.ACTIVE:
                raise Undo((False, None))
            self._deliver(turn, found.task_id, row.payload)
            turn.write("message", found.element, {"message": row.message, "key": row.key, "from": row.instance_id})
            self._mark(session, row.id, "delivered", turn.instance.id, now)
            return True, turn

        return self._run_turn(command, SYSTEM, now)

    def _send_start(self, session: Session, candidate: Any, now: dt.datetime) -> tuple[bool, Turn | None]:
        target = self._message_starts(session).get(candidate.message)
        row = session.execute(sql.OUTBOX_ROW, {"b_id": candidate.id}).one_or_none()
        if target is None or row is None:
            return False, None
        process, event = target
        key = f"{row.message}:{row.key}"
        known = session.execute(sa.select(Instance.id).where(Instance.process == process, Instance.start_key == key)).scalar_one_or_none()
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
        session.execute(sql.OUTBOX_DONE, {"b_id": row, "b_state": state, "b_receiver": receiver, "b_at": now})

    def _expire(self, now: dt.datetime, limit: int) -> int:
        """Close messages that found no receiver in seven days, in the journal of their sender."""
        with self.uow.reading() as session:
            old = session.execute(
                sa.select(Outbox.id, Outbox.instance_id).where(Outbox.state == "waiting", Outbox.at < now - MESSAGE_LIFE).limit(limit)
            ).all()
        return sum(self._guarded(partial(self._give_up, row.id, row.instance_id, now)) for row in old)

    def _give_up(self, row_id: int, sender: str, now: dt.datetime) -> bool:
        def command(session: Session) -> tuple[bool, Turn | None]:
            turn = self._take(session, sender, SYSTEM, now)
            row = session.execute(sql.OUTBOX_ROW, {"b_id": row_id}).one_or_none()
            if row is None:
                raise Undo((False, None))
            self._mark(session, row.id, "sin destinatario", None, now)
            if row.obligatory:
                turn.fetch()
                turn.lost_message(row.element, row.message, row.key)
            turn.journal("lost", row.element, {"message": row.message, "key": row.key})
            return True, turn

        return self._run_turn(command, SYSTEM, now)

    # --- remote service tasks ----------------------------------------------------------------------------------------
    def perform(self, job_id: str, now: dt.datetime) -> None:
        """Call the remote handler of a job and deliver its result. Raises whatever the handler raises, to be tried again."""
        with self.uow.reading() as session:
            job = session.execute(sql.JOB_BY_ID, {"b_job": job_id}).one_or_none()
            if job is None or job.state != "open":
                return
            case_key = session.execute(sa.select(Instance.case_key).where(Instance.id == job.instance_id)).scalar_one()
        call = RemoteCall(now, job.id, job.instance_id, case_key, job.element, job.data)
        try:
            outputs = self.handlers.remote[job.handler](call) or {}
        except BusinessError as error:
            self._deliver_job(job_id, now, code=error.code, text=str(error))
        else:
            self._deliver_job(job_id, now, outputs=outputs)

    def _deliver_job(self, job_id: str, now: dt.datetime, *, outputs: Data | None = None, code: str | None = None, text: str = "") -> bool:
        """Give a result, a BPMN error or a failure to the task that waits; False when it no longer waits."""

        def command(session: Session) -> tuple[bool, Turn | None]:
            job = session.execute(sql.JOB_BY_ID, {"b_job": job_id}).one()
            turn = self._take(session, job.instance_id, SYSTEM, now)
            job = session.execute(sql.JOB_BY_ID, {"b_job": job_id}).one()
            turn.fetch()
            waiting = turn.before.services.get(job.task_id)
            if job.state != "open" or waiting is None:
                raise Undo((False, None))
            state = self._apply_result(turn, waiting, outputs, code, text)
            session.execute(sql.CLOSE_JOB, {"b_job": job_id, "b_state": state, "b_at": now})
            turn.settle()
            turn.write("job", job.element, {"job": job_id, "state": state, "error": code or ""})
            return True, turn

        return self._run_turn(command, SYSTEM, now)

    def _apply_result(self, turn: Turn, waiting: Any, outputs: Data | None, code: str | None, text: str) -> str:
        if outputs is not None:
            try:
                turn.accept(turn.element(waiting.process, waiting.element), outputs)
            except InvalidValues as error:
                turn.incident(waiting, "handler", str(error))
                return "failed"
            turn.live.complete(waiting.task_id, outputs, turn.now)
            return "done"
        if code is not None and turn.live.fail(waiting.task_id, code, turn.now):
            return "error"
        turn.incident(waiting, "handler", text)
        return "failed"

    # jobs.Runner
    def run(self, job: str, args: Data) -> None:
        now = self._clock.now()
        self.run_at(job, args, now)

    def run_at(self, job: str, args: Data, now: dt.datetime) -> None:
        if job == "engine.perform":
            self.perform(str(args["job_id"]), now)
        else:
            self.handlers.jobs[job](now, args)

    def failed(self, job: str, args: Data, error: str) -> None:
        """No try is left: a remote task raises its incident, a plain job is recorded for the administrator."""
        now = self._clock.now()
        if job == "engine.perform":
            self._deliver_job(str(args["job_id"]), now, text=error)
            return
        row = {
            "instance_id": str(args.get("instance_id", "")),
            "case_key": str(args.get("case_key", "")),
            "task_id": str(args.get("key", "")),
            "process": "",
            "element": job,
            "kind": "job",
            "error": error,
            "state": "open",
            "at": now,
            "tries": 1,
        }
        self.uow.run(lambda session: session.execute(sa.insert(sql.INCIDENT), row))

    def retry(self, incident_id: int, *, actor: Actor, now: dt.datetime) -> Completed:
        """Try the failed task of an incident again; it is resolved when the task gets through."""

        def command(session: Session) -> tuple[Completed, Turn]:
            found = session.execute(sa.select(Incident).where(Incident.id == incident_id)).scalar_one_or_none()
            if found is None:
                raise NotFound(f"incident {incident_id}")
            turn = self._take(session, found.instance_id, actor, now)
            session.refresh(found)
            if found.state != "open":
                raise NotWaiting
            decide.must_be_active(turn.instance.status)
            turn.fetch()
            turn.retry(found.task_id)
            turn.settle()
            turn.write("retry", found.element, {"incident": incident_id})
            still = any(i["task_id"] == found.task_id for i in turn.incidents)
            state = "retried" if still else "resolved"
            session.execute(
                sa.update(Incident).where(Incident.id == incident_id).values(state=state, resolved_at=now, resolved_by=actor.id)
            )
            return self._completed(turn), turn

        return self._run_turn(command, actor, now, subject=f"incident/{incident_id}")

    # --- beside the instances ----------------------------------------------------------------------------------------
    def note(self, case_key: str, text: str, *, actor: Actor, now: dt.datetime, kind: str = "nota") -> None:
        """Append a note or an observation to a case. Raises InvalidValues when it is empty or too long."""
        clean = text.strip()
        if not clean or len(clean) > MAX_NOTE:
            raise InvalidValues({"texto": f"1..{MAX_NOTE}"})
        digest = chain.sha256(clean.encode())

        def command(session: Session) -> None:
            session.execute(sa.insert(Note).values(case_key=case_key, kind=kind, actor_id=actor.id, at=now, text=clean, digest=digest))
            access.append(session, actor, kind, case_key, now, {"digest": digest.hex()})

        self.uow.run(command)

    def log_access(self, actor: Actor, kind: str, subject: str, *, now: dt.datetime, detail: Data | None = None) -> None:
        """One entry in the access chain, in a short transaction of its own. Ids only, never personal data."""

        def command(session: Session) -> None:
            access.append(session, actor, kind, subject[:120], now, detail or {})

        try:
            self.uow.run(command)
        except IntegrityError:  # two first entries of a day: the other one made the head row
            self.uow.run(command)

    def batch(self, size: int) -> AbstractContextManager[None]:
        """Commit every `size` commands; for loading, by one thread of one process."""
        return self.uow.batch(size)

    # --- plumbing ----------------------------------------------------------------------------------------------------
    def _take(self, session: Session, instance_id: str, actor: Actor, now: dt.datetime) -> Turn:
        taken = session.execute(sql.TAKE, {"b_instance": instance_id}).one_or_none()
        if taken is None:
            raise NotFound(f"instance {instance_id}")
        return self._turn(session, Taken(*taken), actor, now)

    def _turn(self, session: Session, taken: Taken, actor: Actor, now: dt.datetime) -> Turn:
        release = self.catalog.release(session, taken.release)
        return Turn(session, now, actor, taken, release, self.handlers, self.jobs, self.cache, before=NOTHING)

    def _completed(self, turn: Turn) -> Completed:
        return Completed(
            turn.instance.id,
            turn.instance.case_key,
            turn.instance.rev,
            tuple(turn.opened),
            finished=turn.instance.status == "finished",
        )

    def _run_turn(
        self,
        command: Callable[[Session], tuple[T, Turn | None]],
        actor: Actor,
        now: dt.datetime,
        subject: str | None = None,
    ) -> T:
        """Run, commit, then put the live workflow back; a refusal is recorded in the access chain."""

        def after(result: tuple[T, Turn | None]) -> None:
            self.jobs.committed()
            turn = result[1]
            if turn is None:
                return
            if turn.fetched:
                self.cache.put(turn.instance.id, turn.instance.rev, turn.live)
            else:
                self.cache.keep(turn.instance.id, turn.instance.rev)

        try:
            return self.uow.run(command, after)[0]
        except NotAllowed as refusal:
            self.jobs.abandoned()
            self.log_access(actor, "rechazo", subject or "", now=now, detail={"reason": refusal.reason, **refusal.facts})
            raise
        except BaseException:
            self.jobs.abandoned()
            raise


def as_item(row: Any) -> WorkItem:
    """A work item from a row of its table or from the mapped object."""
    return WorkItem(**{name: getattr(row, name) for name in WorkItem.__slots__})


def replace_holder(item: WorkItem, holder: str) -> WorkItem:
    return WorkItem(**{**{name: getattr(item, name) for name in WorkItem.__slots__}, "claimed_by": holder})


__all__ = ["Engine", "ProcessVersion", "as_item", "new_id"]
