"""Step 5 of a command: local service tasks run until none is left; remote ones are gathered for their jobs."""

import logging

import sqlalchemy as sa

from common.faults import is_outage
from engine.causes import failed
from engine.decide import must_be_storable
from engine.errors import BusinessError
from engine.errors import InvalidValues
from engine.errors import LimitReached
from engine.incidents import Trouble
from engine.states import IncidentKind
from engine.store import sql
from engine.turn.messages import Messages
from engine.types import Call
from engine.types import Data
from engine.types import ElementSpec
from engine.types import Waiting

log = logging.getLogger(__name__)

MAX_LOCAL_CALLS = 1_000  # of one command
RESUME = "resume-"  # the id of the timer by which an instance goes on with its local service tasks; no token has such an id
MAX_COMMANDS = 25  # that run local calls one after the other without a wait


class Services(Messages):
    """Serving."""

    __slots__ = ()

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
            error = LimitReached("endless_services", maximum=MAX_LOCAL_CALLS * MAX_COMMANDS)
            self.incident(next_one, Trouble(error.kind, str(error), error.facts))
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
                self.incident(waiting, Trouble(IncidentKind.UNCAUGHT, f"{error.code}: {error}", {"code": error.code}))
        except Exception as error:
            if is_outage(error):  # no mistake of the handler: the command is undone, and asked for again
                raise
            log.exception("handler %s failed in %s", name, self.instance.id)
            savepoint.rollback()
            del self.outbox[thrown:]
            told = failed(error)
            self.incident(waiting, Trouble(IncidentKind.HANDLER, told.text, told.facts))
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
