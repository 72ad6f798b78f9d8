"""Step 6 of a command: what waits is compared before and after, and only the difference is written,
with journal and head."""

from typing import Any

import sqlalchemy as sa

from engine.incidents import Trouble
from engine.spiff import Waits
from engine.states import Act, InstanceStatus, ItemState, JobState
from engine.store import incidents, sql
from engine.turn.gathered import Gathered
from engine.turn.journal import Journal, Outcome, Texts
from engine.turn.scene import Scene
from engine.turn.workflow import Workflow
from engine.types import Data, Decision, Value, Waiting, WorkItem


class Writer:
    """Writes at the end of a command, once."""

    __slots__ = ("closing", "gathered", "journal", "scene", "workflow")

    def __init__(self, scene: Scene, workflow: Workflow, gathered: Gathered) -> None:
        self.scene = scene
        self.workflow = workflow
        self.gathered = gathered
        self.closing: str | None = None  # the item that this command completes
        self.journal = Journal(scene, workflow)

    def write(
        self,
        kind: Act,
        element: str | None,
        detail: dict[str, Value],
        texts: Texts | None = None,
        *,
        full: bool = False,
    ) -> None:
        """Write the difference between before and now, the journal row and the head. `full`: the
        row carries the whole state."""
        workflow, gathered, session = self.workflow, self.gathered, self.scene.session
        live = workflow.live
        after = live.waits()
        if workflow.watched is live:  # only what changed is compared, however much waits
            changed = live.changed()
            workflow.before, after = workflow.before.only(changed), after.only(changed)
        self._write_items(workflow.before, after)
        self._write_own(workflow.before, live.waits() if live.carried else after)
        self._write_timers(workflow.before, after)
        self._write_subscriptions(workflow.before, after)
        self._write_remote()
        self._write_failures(workflow.before, after)
        self._close_gone(workflow.before, after, detail.get("job"))
        if gathered.outbox:
            sql.INSERT_OUTBOX.run_many(session, gathered.outbox)
        if gathered.incidents:
            sql.INSERT_INCIDENT.run_many(session, gathered.incidents)
        if gathered.escalations:
            detail["escalations"] = gathered.escalations
        if gathered.steps:
            detail["steps"] = [[s.element, s.state] for s in gathered.steps]
        if gathered.decisions:
            detail["decisions"] = [_told(decision) for decision in gathered.decisions]
        finished = live.finished and self.scene.instance.status != InstanceStatus.CANCELLED
        data = live.moved()
        delta = live.snapshot() if workflow.started or full else live.delta()
        self.journal.add(kind, element, detail, texts, Outcome(delta, finished, data))

    def _write_items(self, before: Waits, after: Waits) -> None:
        gone = [task for task in before.items if task not in after.items]
        for task in gone:
            done = task == self.closing
            state = str(ItemState.DONE if done else ItemState.CANCELLED)
            self.journal.batch.add(
                sql.CLOSE_ITEM,
                {
                    "b_item": task,
                    "b_state": state,
                    "b_at": self.scene.now,
                    "b_by": self.scene.actor.id,
                },
            )
        self.gathered.opened = [
            self._new_item(w) for task, w in after.items.items() if task not in before.items
        ]
        # opened and completed by a start
        if self.closing is not None and self.closing not in before.items:
            self.closing = None
        for item in self.gathered.opened:
            self.journal.batch.add(sql.INSERT_ITEM, self._item_row(item, after.items[item.id].own))
        cancelled = [before.items[task] for task in gone if task != self.closing]
        for item in self.gathered.opened:
            # interrupted and come back to: the drafts go to the next item, of the same turn of a loop
            own = after.items[item.id].own
            former = [w for w in cancelled if w.element == item.element]
            was = next((w for w in former if w.own == own), former[0] if former else None)
            if was is not None:
                cancelled.remove(was)
                sql.DRAFTS_TO_NEXT.run(
                    self.scene.session, {"b_item": was.task_id, "b_next": item.id}
                )

    def _write_own(self, before: Waits, after: Waits) -> None:
        """Of what stood open already, variables of its own that changed; all of them where an
        earlier release wrote the rows."""
        session, carried = self.scene.session, self.workflow.live.carried
        for task, waiting in after.items.items():
            known = before.items.get(task)
            if carried or (known is not None and known.own != waiting.own):
                sql.SET_OWN.run(session, {"b_item": task, "b_own": dict(waiting.own)})
        for task, waiting in after.services.items():
            known = before.services.get(task)
            if carried or (known is not None and known.own != waiting.own):
                sql.SET_OWN_OF_JOB.run(session, {"b_job": task, "b_own": dict(waiting.own)})

    def _new_item(self, waiting: Waiting) -> WorkItem:
        spec = self.workflow.element(waiting.process, waiting.element)
        lane = spec.lane
        scope = waiting.data.get(lane.scope) if lane and lane.scope else None
        holder = waiting.data.get(spec.holder) if spec.holder else None
        return WorkItem(
            id=waiting.task_id,
            instance_id=self.scene.instance.id,
            case_key=self.scene.instance.case_key,
            release=self.scene.instance.release,
            process=waiting.process,
            element=waiting.element,
            name=spec.name,
            role=lane.role if lane else None,
            scope=None if scope is None else str(scope),
            state=ItemState.OPEN,
            claimed_by=str(holder) if holder else None,
            opened_at=self.scene.now,
            due_at=self.workflow.release.due(spec, waiting.data, self.scene.now),
            priority=self.workflow.release.priority(spec, waiting.data),
            closed_at=None,
            closed_by=None,
            data=dict(waiting.data),
        )

    @staticmethod
    def _item_row(item: WorkItem, own: Data) -> dict[str, Any]:
        row = {name: getattr(item, name) for name in WorkItem.__slots__ if name != "data"}
        return {**row, "state": str(item.state), "own": dict(own)}

    def _write_timers(self, before: Waits, after: Waits) -> None:
        for task, timer in before.timers.items():
            if after.timers.get(task) != timer:
                sql.DELETE_TIMER.run(self.scene.session, {"b_task": task})
        new = [
            {
                "task_id": t.task_id,
                "instance_id": self.scene.instance.id,
                "element": t.element,
                "due": t.due,
            }
            for task, t in after.timers.items()
            if before.timers.get(task) != t
        ]
        if new:
            sql.INSERT_TIMER.run_many(self.scene.session, new)

    def _write_subscriptions(self, before: Waits, after: Waits) -> None:
        gone = [
            {"b_task": task}
            for task, s in before.subscriptions.items()
            if after.subscriptions.get(task) != s
        ]
        if gone:
            sql.DELETE_SUBSCRIPTION.run_many(self.scene.session, gone)
        new = [
            {
                "task_id": s.task_id,
                "instance_id": self.scene.instance.id,
                "element": s.element,
                "message": s.message,
                "key": s.key,
            }
            for task, s in after.subscriptions.items()
            if before.subscriptions.get(task) != s
        ]
        if new:
            sql.INSERT_SUBSCRIPTION.run_many(self.scene.session, new)

    def _write_remote(self) -> None:
        for waiting in self.gathered.remote:
            spec = self.workflow.element(waiting.process, waiting.element)
            sql.INSERT_JOB.run(
                self.scene.session,
                {
                    "id": waiting.task_id,
                    "instance_id": self.scene.instance.id,
                    "task_id": waiting.task_id,
                    "element": waiting.element,
                    "handler": spec.handler,
                    "own": dict(waiting.own),
                    "state": JobState.OPEN,
                    "created_at": self.scene.now,
                },
            )
            # a retry is another job of the library
            key = f"task-{waiting.task_id}-{self.scene.instance.rev}"
            self.scene.enqueue("engine.perform", key, {"job_id": waiting.task_id})

    def _close_gone(self, before: Waits, after: Waits, answered: Value) -> None:
        """What failed or waited for a system, and was taken away by something else, waits for
        nobody any more."""
        waited = (*before.failures, *before.services)
        gone = [
            task
            for task in waited
            if task not in after.failures and task not in after.services and task != answered
        ]
        if not gone:
            return
        session, now = self.scene.session, self.scene.now
        waiting = (sql.JOB.c.id.in_(gone), sql.JOB.c.state == JobState.OPEN)
        session.execute(
            sa.update(sql.JOB).where(*waiting).values(state=JobState.CANCELLED, done_at=now)
        )
        incidents.close_gone(session, self.scene.instance.id, gone, self.scene.actor, now)

    def _write_failures(self, before: Waits, after: Waits) -> None:
        for task, failure in after.failures.items():
            if task not in before.failures:
                where = Waiting(
                    task,
                    failure.element,
                    failure.process or self.scene.instance.process,
                    self.workflow.live.data(task),
                )
                self.gathered.incident(where, Trouble(failure.kind, failure.error, failure.facts))


def _told(decision: Decision) -> dict[str, Value]:
    """As the journal keeps it, under its hash: no code of ours has to be there to read it."""
    told: dict[str, Value] = {
        "element": decision.element,
        "table": decision.table,
        "file": decision.file,
        "sha256": decision.sha256,
        "rules": [[number, label] for number, label in decision.rules],
        "inputs": dict(decision.inputs),
        "result": None if decision.result is None else dict(decision.result),
    }
    return {**told, "problem": decision.problem} if decision.problem else told
