"""Step 6 of a command: what waits is compared before and after, and only the difference is written, with journal and head."""

from typing import Any

import sqlalchemy as sa

from engine.incidents import Trouble
from engine.spiff import Waits
from engine.states import ENDED
from engine.states import Act
from engine.states import IncidentState
from engine.states import InstanceStatus
from engine.states import ItemState
from engine.states import JobState
from engine.states import RepairAction
from engine.store import chain
from engine.store import sql
from engine.turn.base import Base
from engine.turn.base import Texts
from engine.types import Value
from engine.types import Waiting
from engine.types import WorkItem

SNAPSHOT_EVERY = 32  # revisions between two looks
SNAPSHOT_AT_LEAST = 1_024


class Writes(Base):
    """Writing."""

    __slots__ = ()

    def write(self, kind: Act, element: str | None, detail: dict[str, Value], texts: Texts | None = None, *, full: bool = False) -> None:
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
        finished = self.live.finished and self.instance.status != InstanceStatus.CANCELLED
        delta = self.live.snapshot() if self.started or full else self.live.delta()
        self.journal(kind, element, detail, delta=delta, texts=texts, finished=finished)

    def journal(
        self,
        kind: Act,
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
        if instance.status == InstanceStatus.FINISHED and not finished:
            self.batch.add(sql.MOVE_HEAD, {"b_instance": instance.id, "b_head": value})
            return
        instance.status = InstanceStatus.FINISHED if finished else instance.status
        ended = self.now if instance.status in ENDED else None
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
                    "state": JobState.OPEN,
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
        self.session.execute(
            sa.update(jobs).where(jobs.c.id.in_(gone), jobs.c.state == JobState.OPEN).values(state=JobState.CANCELLED, done_at=self.now)
        )
        self.session.execute(
            sa.update(incidents)
            .where(incidents.c.instance_id == self.instance.id, incidents.c.task_id.in_(gone), incidents.c.state == IncidentState.OPEN)
            .values(state=IncidentState.RESOLVED, action=RepairAction.GONE, resolved_at=self.now, resolved_by=self.actor.id)
        )

    def _write_failures(self, after: Waits) -> None:
        for task, failure in after.failures.items():
            if task not in self.before.failures:
                where = Waiting(task, failure.element, failure.process or self.instance.process, self.live.data(task))
                self.incident(where, Trouble(failure.kind, failure.error, failure.facts))
