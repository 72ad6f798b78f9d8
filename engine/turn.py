"""One taken instance during one command: advance it, run its local handlers, write everything that changed.

Order (design: one command): the instance is taken first; the live workflow is fetched only once the command was allowed; what
waits is compared before and after, and only the difference is written.
"""

import datetime as dt
import logging
from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from common.faults import is_outage
from common.prepared import Batch
from engine.cache import LiveCache
from engine.decide import CANCELLED
from engine.decide import must_be_storable
from engine.errors import BusinessError
from engine.errors import InvalidValues
from engine.errors import NotFound
from engine.incidents import OPEN
from engine.incidents import RESOLVED
from engine.incidents import Place
from engine.incidents import Trouble
from engine.incidents import row as incident_row
from engine.jobs.port import Jobs
from engine.spiff import Live
from engine.spiff import Release
from engine.spiff import Waits
from engine.store import chain
from engine.store import sql
from engine.types import Actor
from engine.types import Call
from engine.types import Data
from engine.types import ElementSpec
from engine.types import Handlers
from engine.types import ItemState
from engine.types import Step
from engine.types import Thrown
from engine.types import Value
from engine.types import Waiting
from engine.types import WorkItem

log = logging.getLogger(__name__)

SNAPSHOT_EVERY = 32  # revisions between two looks
SNAPSHOT_AT_LEAST = 1_024
MAX_LOCAL_CALLS = 1_000  # of one command
RESUME = "resume-"  # the id of the timer by which an instance goes on with its local service tasks; no token has such an id
MAX_COMMANDS = 25  # that run local calls one after the other without a wait
MAX_ERROR = 4_000  # characters of an error that are kept
MAX_HOPS = 100  # messages that one causes after the other, within CHAIN
CHAIN = dt.timedelta(minutes=1)


def signal_start(signal: str, process: str) -> str:
    """The name of a signal on its way to a process that begins with it; no message of a diagram can have such a name."""
    return f"\x1f{process}\x1f{signal}"


@dataclass(slots=True)
class Taken:
    """The instance row as it is from now on: nobody else can change it before our commit."""

    id: str
    case_key: str
    process: str
    release: int
    status: str
    rev: int
    head: bytes


@dataclass(slots=True)
class Texts:
    """A form or a free text to be stored as a submission beside the journal row."""

    item_id: str | None
    element: str
    form: str
    values: Data


NOTHING = Waits()


@dataclass(slots=True)
class Turn:
    session: Session
    now: dt.datetime
    actor: Actor
    instance: Taken
    release: Release
    handlers: Handlers
    jobs: Jobs
    cache: LiveCache
    live: Live = field(init=False)
    before: Waits = field(default_factory=lambda: NOTHING)
    opened: list[WorkItem] = field(default_factory=list)
    incidents: list[dict[str, Any]] = field(default_factory=list)
    outbox: list[dict[str, Any]] = field(default_factory=list)
    remote: list[Waiting] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    escalations: list[list[str]] = field(default_factory=list)  # element and code: nobody in the diagram caught them
    watched: Live | None = None  # whose changes since `fetch` are known
    closing: str | None = None  # the item that this command completes
    mending: str | None = None  # the task that a repair tries again: its next failure continues its incident
    again: dict[str, Any] | None = None  # that failure
    batch: Batch = field(default_factory=Batch)  # rows that every command writes
    starters: Callable[[str], Iterable[str]] = lambda _: ()  # signal -> processes that begin with it
    unserved: set[str] = field(default_factory=set)  # service tasks that nobody has tried yet
    commands: int = 0  # that ran local calls before this one, without a wait
    started: bool = False
    fetched: bool = False
    hops: int = 0  # messages that led here one after the other, since `chain_at`
    chain_at: dt.datetime | None = None

    # --- 5 advance ---------------------------------------------------------------------------------------------------
    def fetch(self) -> None:
        """The live workflow at the revision before this command: from the cache, else snapshot and deltas."""
        rev = self.instance.rev - 1
        live = self.cache.take(self.instance.id, rev)
        if live is None:
            live = self.load()
        self.live = live
        self.fetched = True
        self.before, self.watched = live.begin(), live

    def load(self) -> Live:
        """From the database; what is done to it is nobody else's concern."""
        bind = {"b_instance": self.instance.id}
        snapshot = sql.SNAPSHOT_OF.first(self.session, bind)
        since = snapshot.rev if snapshot else 0
        deltas = [bytes(d) for _, d in sql.DELTAS_AFTER.all(self.session, {**bind, "b_rev": since}) if d]
        state = bytes(snapshot.state) if snapshot else deltas.pop(0)
        return self.release.load(self.instance.process, state, deltas)

    def element(self, process: str, element: str) -> ElementSpec:
        spec = self.release.processes.get(process)
        found = spec.elements.get(element) if spec else None
        if found is None:
            raise NotFound(f"element {process}/{element}")
        return found

    def settle(self) -> None:
        """Run local service tasks until none is left; what they cannot do becomes a BPMN error or an incident.

        After so many the command ends, that others may write, and a timer that is due now goes on (`go_on`).
        """
        tried = set(self.before.services) - self.unserved
        left = MAX_LOCAL_CALLS
        while todo := [w for w in self.live.service_tasks() if w.task_id not in tried]:
            if left <= 0:
                self._go_on_later(todo[0])
                break
            for waiting in todo[:left]:
                tried.add(waiting.task_id)
                if waiting.task_id in self.live.waits().services:  # else what ran before it took it away
                    self._serve(waiting)
            left -= len(todo)
        self.steps.extend(self.live.steps())
        self._collect(self.live.drain())

    def go_on(self, commands: int) -> None:
        """Run the local service tasks that the commands before had no time for."""
        self.commands = commands
        self.unserved = set(self.before.services) - self._with_others()

    def _with_others(self) -> set[str]:
        """Service tasks that wait for their job, or for people because of an incident."""
        place = {"b_instance": self.instance.id}
        return {row.task_id for statement in (sql.TASKS_WITH_JOB, sql.TASKS_WITH_INCIDENT) for row in statement.all(self.session, place)}

    def _go_on_later(self, next_one: Waiting) -> None:
        if self.commands + 1 >= MAX_COMMANDS:
            total = MAX_LOCAL_CALLS * MAX_COMMANDS
            self.incident(next_one, Trouble("limit", f"more than {total} service tasks without a wait"))
            return
        id_ = f"{RESUME}{self.commands + 1}-{self.instance.id}"
        row = {"task_id": id_, "instance_id": self.instance.id, "element": next_one.element, "due": self.now}
        sql.INSERT_TIMER.run(self.session, row)

    def _serve(self, waiting: Waiting) -> None:
        spec = self.element(waiting.process, waiting.element)
        name = spec.handler or ""
        if name in self.handlers.remote:
            self.remote.append(waiting)
            return
        savepoint = self.session.begin_nested()
        thrown = len(self.outbox)
        try:
            outputs = self.handlers.local[name](self._call(waiting)) or {}
            self.accept(spec, outputs)
        except BusinessError as error:
            savepoint.rollback()
            del self.outbox[thrown:]
            if not self.live.fail(waiting.task_id, error.code, self.now):
                self.incident(waiting, Trouble("uncaught", f"{error.code}: {error}", {"code": error.code}))
        except Exception as error:
            if is_outage(error):  # no mistake of the handler: the command is undone, and asked for again
                raise
            log.exception("handler %s failed in %s", name, self.instance.id)
            savepoint.rollback()
            del self.outbox[thrown:]
            self.incident(waiting, Trouble("handler", f"{type(error).__name__}: {error}"))
        else:
            savepoint.commit()
            self.live.complete(waiting.task_id, outputs, self.now)

    def _call(self, waiting: Waiting) -> Call:
        return Call(
            session=self.session,
            now=self.now,
            actor=self.actor,
            instance_id=self.instance.id,
            case_key=self.instance.case_key,
            element=waiting.element,
            data=waiting.data,
            enqueue=self.enqueue,
            throw=lambda message, key, payload: self.throw(waiting.element, message, key, payload),
        )

    def accept(self, spec: ElementSpec, outputs: Data) -> None:
        """Refuse outputs that the diagram does not declare: rules could not see them, reviewers would not expect them."""
        declared = {output.name for output in spec.outputs} | {f.name for f in spec.fields if f.decision}
        if spec.message is not None:
            declared.update(spec.message.payload)
        unknown = sorted(set(outputs) - declared)
        if unknown:
            raise InvalidValues(dict.fromkeys(unknown, f"not declared on {spec.id}"))
        must_be_storable(outputs)

    def enqueue(self, job: str, key: str, args: Data, *, queue: str = "service") -> None:
        self.jobs.enqueue(self.session, job, key, args, queue=queue)

    def follow_chain(self, hops: int, chain_at: dt.datetime | None) -> None:
        """This command handles a message: what it throws continues its causal chain. A chain counts anew after a minute."""
        if chain_at is not None and self.now - chain_at < CHAIN:
            self.hops, self.chain_at = hops, chain_at

    def throw(self, element: str, message: str, key: str, payload: Data, *, obligatory: bool = False) -> None:
        self.outbox.append(self._message(element, message, key, payload, obligatory=obligatory))

    def _message(self, element: str, message: str, key: str, payload: Data, *, obligatory: bool = False) -> dict[str, Any]:
        must_be_storable(payload)
        hops = self.hops + 1
        if hops > MAX_HOPS and not any(each["kind"] == "hops" for each in self.incidents):
            where = Waiting(f"hops-{self.instance.rev}", element, self.instance.process, {})
            text = f"{message} ({key}): more than {MAX_HOPS} messages of one chain within a minute"
            self.incident(where, Trouble("hops", text, {"message": message, "key": key}))
        return {
            "instance_id": self.instance.id,
            "case_key": self.instance.case_key,
            "element": element,
            "message": message,
            "key": key,
            "payload": dict(payload),
            "obligatory": obligatory,
            "at": self.now,
            "state": "waiting" if hops <= MAX_HOPS else "detenido",
            "hops": hops,
            "chain_at": self.chain_at or self.now,
        }

    def broadcast(self, element: str, signal: str) -> None:
        """A row for each task of another instance that waits for the signal at this moment; own tasks have it already."""
        row = self._message(element, signal, "", {})
        del row["key"]
        sql.BROADCAST.run(self.session, {f"b_{name}": value for name, value in row.items()})
        for process in self.starters(signal):
            key = f"{self.instance.id}-{self.instance.rev}-{len(self.outbox)}"  # each throw starts an instance of its own
            self.outbox.append(self._message(element, signal_start(signal, process), key, {}))

    def incident(self, waiting: Waiting, trouble: Trouble) -> None:
        place = Place(waiting.task_id, waiting.process, waiting.element)
        trouble = replace(trouble, error=trouble.error[:MAX_ERROR], input=waiting.data)
        row = incident_row(self.instance.id, self.instance.case_key, place, trouble, self.actor, self.now)
        if waiting.task_id == self.mending:
            self.again = row
        else:
            self.incidents.append(row)

    def lost_message(self, element: str, message: str, key: str) -> None:
        """An obligatory message found no receiver."""
        where = Waiting(f"lost-{message}-{key}"[:40], element, self.instance.process, {})
        self.incident(where, Trouble("lost_message", f"{message} ({key})", {"message": message, "key": key}))
        sql.INSERT_INCIDENT.run_many(self.session, self.incidents)

    def retry(self, task_id: str) -> None:
        """A failed service task is tried again by `settle`, or its job is enqueued again; a failed rule is run again."""
        self.mending = task_id
        self.before.failures.pop(task_id, None)
        self.unserved = set(self.before.services) - self._with_others()
        waiting = self.before.services.pop(task_id, None)
        if waiting is None:
            self.live.retry(task_id, self.now)
            return
        self.session.execute(sa.delete(sql.JOB).where(sql.JOB.c.id == task_id))

    def _collect(self, thrown: Iterable[Thrown]) -> None:
        for event in thrown:
            if event.kind == "message":
                self.throw(event.element, event.name, event.key, event.payload, obligatory=event.obligatory)
            elif event.kind == "signal":
                self.broadcast(event.element, event.name)
            elif event.kind == "escalation":
                self.escalations.append([event.element, event.name])
            elif event.kind == "error":
                where = Waiting(f"error-{self.instance.rev}", event.element, self.instance.process, {})
                self.incident(where, Trouble("uncaught", event.name, {"code": event.name}))

    # --- 6 write -----------------------------------------------------------------------------------------------------
    def write(self, kind: str, element: str | None, detail: dict[str, Value], texts: Texts | None = None, *, full: bool = False) -> None:
        """Write the difference between before and now, the journal row and the head. `full`: the row carries the whole state."""
        after = self.live.waits()
        if self.watched is self.live:  # only what changed is compared, however much waits
            changed = self.live.changed()
            self.before, after = self.before.only(changed), after.only(changed)
        self._write_items(after)
        self._write_timers(after)
        self._write_subscriptions(after)
        self._write_remote()
        self._write_failures(after)
        self._close_gone(after, detail.get("job"))
        if self.outbox:
            sql.INSERT_OUTBOX.run_many(self.session, self.outbox)
        if self.incidents:
            sql.INSERT_INCIDENT.run_many(self.session, self.incidents)
        if self.escalations:
            detail["escalations"] = self.escalations
        if self.steps:
            detail["steps"] = [[s.element, s.state] for s in self.steps]
        finished = self.live.finished and self.instance.status != CANCELLED
        delta = self.live.snapshot() if self.started or full else self.live.delta()
        self.journal(kind, element, detail, delta=delta, texts=texts, finished=finished)

    def journal(
        self,
        kind: str,
        element: str | None,
        detail: dict[str, Value],
        *,
        delta: bytes = b"",
        texts: Texts | None = None,
        finished: bool = False,
    ) -> None:
        instance = self.instance
        digest = self._write_texts(texts) if texts is not None else None
        if not self.started and self.fetched and self._wants_snapshot():
            detail["snapshot"] = self._write_snapshot()
        row = {
            "instance_id": instance.id,
            "rev": instance.rev,
            "at": self.now,
            "actor_kind": self.actor.kind,
            "actor_id": self.actor.id,
            "kind": kind,
            "element": element,
            "detail": detail,
            "delta": delta,
            "digest": digest,
        }
        value = chain.journal_hash(instance.head, **row)  # type: ignore[arg-type]  # same names; verify() proves it
        self.batch.add(sql.INSERT_JOURNAL, {**row, "prev_hash": instance.head, "hash": value})
        self._write_head(value, finished=finished)
        self.batch.send(self.session)

    def _write_head(self, value: bytes, *, finished: bool) -> None:
        instance = self.instance
        instance.head = value
        if instance.status == "finished" and not finished:
            self.batch.add(sql.MOVE_HEAD, {"b_instance": instance.id, "b_head": value})
            return
        instance.status = "finished" if finished else instance.status
        ended = self.now if instance.status in ("finished", CANCELLED) else None
        self.batch.add(sql.SET_HEAD, {"b_instance": instance.id, "b_head": value, "b_status": instance.status, "b_ended": ended})

    def _wants_snapshot(self) -> bool:
        """When the deltas have outgrown the last one, so that all snapshots together grow as the deltas do; at times anyhow."""
        rev = self.instance.rev
        return rev % SNAPSHOT_EVERY == 0 and (self.live.outgrown or rev % SNAPSHOT_AT_LEAST == 0)

    def _write_texts(self, texts: Texts) -> bytes:
        salt = chain.new_salt()
        self.batch.add(
            sql.INSERT_SUBMISSION,
            {
                "instance_id": self.instance.id,
                "rev": self.instance.rev,
                "item_id": texts.item_id,
                "element": texts.element,
                "form": texts.form,
                "release": self.instance.release,
                "actor_id": self.actor.id,
                "at": self.now,
                "form_values": dict(texts.values),
                "salt": salt,
            },
        )
        return chain.values_digest(salt, texts.values)

    def _write_snapshot(self) -> str:
        state = self.live.snapshot()
        bind = {"b_instance": self.instance.id}
        sql.DELETE_SNAPSHOT.run(self.session, bind)
        sql.INSERT_SNAPSHOT.run(self.session, {"instance_id": self.instance.id, "rev": self.instance.rev, "state": state})
        return chain.sha256(state).hex()

    def _write_items(self, after: Waits) -> None:
        gone = [task for task in self.before.items if task not in after.items]
        for task in gone:
            done = task == self.closing
            state = ItemState.DONE if done else ItemState.CANCELLED
            self.batch.add(sql.CLOSE_ITEM, {"b_item": task, "b_state": state, "b_at": self.now, "b_by": self.actor.id})
        self.opened = [self._new_item(w) for task, w in after.items.items() if task not in self.before.items]
        if self.closing is not None and self.closing not in self.before.items:  # opened and completed by a start
            self.closing = None
        for item in self.opened:
            self.batch.add(sql.INSERT_ITEM, self._item_row(item))
        cancelled = {self.before.items[task].element for task in gone if task != self.closing}
        for item in self.opened:
            if item.element in cancelled:  # interrupted and come back to: the drafts go to the next item
                sql.DRAFTS_TO_NEXT.run(
                    self.session,
                    {"b_instance": item.instance_id, "b_element": item.element, "b_item": item.id},
                )

    def _new_item(self, waiting: Waiting) -> WorkItem:
        spec = self.element(waiting.process, waiting.element)
        lane = spec.lane
        scope = waiting.data.get(lane.scope) if lane and lane.scope else None
        return WorkItem(
            id=waiting.task_id,
            instance_id=self.instance.id,
            case_key=self.instance.case_key,
            release=self.instance.release,
            process=waiting.process,
            element=waiting.element,
            name=spec.name,
            role=lane.role if lane else None,
            scope=None if scope is None else str(scope),
            state=ItemState.OPEN,
            claimed_by=None,
            opened_at=self.now,
            due_at=self.release.due(spec, waiting.data, self.now),
            priority=self.release.priority(spec, waiting.data),
            closed_at=None,
            closed_by=None,
            data=dict(waiting.data),
        )

    @staticmethod
    def _item_row(item: WorkItem) -> dict[str, Any]:
        return {name: getattr(item, name) for name in WorkItem.__slots__}

    def _write_timers(self, after: Waits) -> None:
        for task, timer in self.before.timers.items():
            if after.timers.get(task) != timer:
                sql.DELETE_TIMER.run(self.session, {"b_task": task})
        new = [
            {"task_id": t.task_id, "instance_id": self.instance.id, "element": t.element, "due": t.due}
            for task, t in after.timers.items()
            if self.before.timers.get(task) != t
        ]
        if new:
            sql.INSERT_TIMER.run_many(self.session, new)

    def _write_subscriptions(self, after: Waits) -> None:
        for task in [task for task in self.before.subscriptions if task not in after.subscriptions]:
            sql.DELETE_SUBSCRIPTION.run(self.session, {"b_task": task})
        new = [
            {
                "task_id": s.task_id,
                "instance_id": self.instance.id,
                "element": s.element,
                "message": s.message,
                "key": s.key,
            }
            for task, s in after.subscriptions.items()
            if task not in self.before.subscriptions
        ]
        if new:
            sql.INSERT_SUBSCRIPTION.run_many(self.session, new)

    def _write_remote(self) -> None:
        for waiting in self.remote:
            spec = self.element(waiting.process, waiting.element)
            sql.INSERT_JOB.run(
                self.session,
                {
                    "id": waiting.task_id,
                    "instance_id": self.instance.id,
                    "task_id": waiting.task_id,
                    "element": waiting.element,
                    "handler": spec.handler,
                    "data": dict(waiting.data),
                    "state": "open",
                    "created_at": self.now,
                },
            )
            key = f"task-{waiting.task_id}-{self.instance.rev}"  # a retry is another job of the library
            self.enqueue("engine.perform", key, {"job_id": waiting.task_id})

    def _close_gone(self, after: Waits, answered: Value) -> None:
        """What failed or waited for a system, and was taken away by something else, waits for nobody any more."""
        before = (*self.before.failures, *self.before.services)
        gone = [task for task in before if task not in after.failures and task not in after.services and task != answered]
        if not gone:
            return
        jobs, incidents = sql.JOB, sql.INCIDENT
        self.session.execute(sa.update(jobs).where(jobs.c.id.in_(gone), jobs.c.state == "open").values(state="cancelled", done_at=self.now))
        self.session.execute(
            sa.update(incidents)
            .where(incidents.c.instance_id == self.instance.id, incidents.c.task_id.in_(gone), incidents.c.state == OPEN)
            .values(state=RESOLVED, action="gone", resolved_at=self.now, resolved_by=self.actor.id)
        )

    def _write_failures(self, after: Waits) -> None:
        for task, failure in after.failures.items():
            if task not in self.before.failures:
                where = Waiting(task, failure.element, failure.process or self.instance.process, self.live.data(task))
                self.incident(where, Trouble(failure.kind, failure.error, failure.facts))
