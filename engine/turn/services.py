"""Step 5 of a command: local service tasks run until none is left; remote ones are gathered for
their jobs."""

import logging
from collections.abc import Set as AbstractSet

import sqlalchemy as sa

from common.faults import is_outage
from common.language import SPANISH, speaking
from engine.causes import failed
from engine.decide import asked_for, must_be_declared
from engine.errors import BusinessError, LimitReached
from engine.incidents import Trouble
from engine.states import IncidentKind
from engine.store import sql
from engine.store.written import FormsOf, known, part
from engine.turn.cases import CaseTeller
from engine.turn.gathered import Gathered
from engine.turn.messages import Outgoing
from engine.turn.scene import Scene
from engine.turn.workflow import Workflow
from engine.types import Call, Data, Waiting

log = logging.getLogger(__name__)

MAX_LOCAL_CALLS = 1_000  # of one command
# the id of the timer by which an instance goes on with its local service tasks; no token has such
# an id
RESUME = "resume-"
MAX_COMMANDS = 25  # that run local calls one after the other without a wait
NONE: frozenset[str] = frozenset()


class Services:
    """The service tasks of the taken instance."""

    __slots__ = ("case", "commands", "gathered", "outgoing", "scene", "unserved", "workflow")

    def __init__(
        self,
        scene: Scene,
        workflow: Workflow,
        gathered: Gathered,
        outgoing: Outgoing,
        case: CaseTeller,
    ) -> None:
        self.case = case
        self.scene = scene
        self.workflow = workflow
        self.gathered = gathered
        self.outgoing = outgoing
        self.unserved: AbstractSet[str] = NONE  # service tasks that nobody has tried yet
        self.commands = 0  # that ran local calls before this one, without a wait

    def settle(self) -> None:
        """Run local service tasks until none is left; what they cannot do becomes a BPMN error or
        an incident.

        After so many the command ends, that others may write, and a timer that is due now goes on
        (`go_on`).
        """
        tried = set(self.workflow.before.services) - self.unserved
        left = MAX_LOCAL_CALLS
        while todo := [w for w in self.workflow.live.service_tasks() if w.task_id not in tried]:
            if left <= 0:
                self._go_on_later(todo[0])
                break
            for waiting in todo[:left]:
                tried.add(waiting.task_id)
                # else what ran before it took it away
                if waiting.task_id in self.workflow.live.waits().services:
                    self._serve(waiting)
            left -= len(todo)
        self.gathered.steps.extend(self.workflow.live.steps())
        self.gathered.decisions.extend(self.workflow.live.decisions())
        self.outgoing.collect(self.workflow.live.drain())

    def go_on(self, commands: int) -> None:
        """Run the local service tasks that the commands before had no time for."""
        self.commands = commands
        self.unserved = set(self.workflow.before.services) - self._with_others()

    def _with_others(self) -> set[str]:
        """Service tasks that wait for their job, or for people because of an incident."""
        place = {"b_instance": self.scene.instance.id}
        reasons = (sql.TASKS_WITH_JOB, sql.TASKS_WITH_INCIDENT)
        return {row.task_id for reason in reasons for row in reason.all(self.scene.session, place)}

    def _go_on_later(self, next_one: Waiting) -> None:
        if self.commands + 1 >= MAX_COMMANDS:
            error = LimitReached("endless_services", maximum=MAX_LOCAL_CALLS * MAX_COMMANDS)
            self.gathered.incident(next_one, Trouble(error.kind, str(error), error.facts))
            return
        id_ = f"{RESUME}{self.commands + 1}-{self.scene.instance.id}"
        row = {
            "task_id": id_,
            "instance_id": self.scene.instance.id,
            "element": next_one.element,
            "due": self.scene.now,
        }
        sql.INSERT_TIMER.run(self.scene.session, row)

    @speaking(SPANISH)  # what it says of a failure stays with the incident
    def _serve(self, waiting: Waiting) -> None:
        spec = self.workflow.element(waiting.process, waiting.element)
        name = spec.handler or ""
        if name in self.scene.handlers.remote:
            self.gathered.remote.append(waiting)
            return
        savepoint = self.scene.session.begin_nested()
        thrown = len(self.gathered.outbox)
        try:
            outputs = self.scene.handlers.local[name](self._call(waiting)) or {}
            if (action := self.scene.handlers.actions.get(name)) is not None:
                outputs = asked_for(spec, action, outputs)
            must_be_declared(spec, outputs)
        except BusinessError as error:
            savepoint.rollback()
            del self.gathered.outbox[thrown:]
            if not self.workflow.live.fail(waiting.task_id, error.code, self.scene.now):
                self.gathered.incident(
                    waiting,
                    Trouble(IncidentKind.UNCAUGHT, f"{error.code}: {error}", {"code": error.code}),
                )
        except Exception as error:
            # no mistake of the handler: the command is undone, and asked for again
            if is_outage(error):
                raise
            log.exception("handler %s failed in %s", name, self.scene.instance.id)
            savepoint.rollback()
            del self.gathered.outbox[thrown:]
            told = failed(error)
            self.gathered.incident(waiting, Trouble(IncidentKind.HANDLER, told.text, told.facts))
        else:
            savepoint.commit()
            self.workflow.live.complete(waiting.task_id, outputs, self.scene.now)

    def _call(self, waiting: Waiting) -> Call:
        return Call(
            session=self.scene.session,
            now=self.scene.now,
            actor=self.scene.actor,
            instance_id=self.scene.instance.id,
            case_key=self.scene.instance.case_key,
            element=waiting.element,
            task_id=waiting.task_id,
            data=waiting.data,
            enqueue=self.scene.enqueue,
            throw=lambda message, key, payload: self.outgoing.throw(
                waiting.element, message, key, payload
            ),
            inputs=self.workflow.release.inputs(
                self.workflow.element(waiting.process, waiting.element),
                waiting.data,
                self.scene.now,
            ),
            written=lambda: self._known(waiting.data),
            part=lambda name: part(self.scene.session, self.scene.instance.release, name),
            told=lambda: self.case.so_far(waiting.data),
        )

    def _known(self, data: Data) -> Data:
        of = FormsOf(
            self.scene.instance.case_key,
            self.scene.instance.process,
            self.workflow.release.processes,
        )
        return known(self.scene.session, of, data, self.scene.written)

    def retry(self, task_id: str) -> None:
        """A failed service task is tried again by `settle`, or its job is enqueued again; a failed
        rule is run again."""
        self.gathered.mending = task_id
        self.workflow.before.failures.pop(task_id, None)
        self.unserved = set(self.workflow.before.services) - self._with_others()
        waiting = self.workflow.before.services.pop(task_id, None)
        if waiting is None:
            self.workflow.live.retry(task_id, self.scene.now)
            return
        self.scene.session.execute(sa.delete(sql.JOB).where(sql.JOB.c.id == task_id))
