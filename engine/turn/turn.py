"""The turn of one command: its parts, and the steps of a command by their names."""

from dataclasses import replace

from common import spans
from common.metrics import COMMANDS
from engine import decide
from engine.errors import NotWaiting
from engine.spiff import Live, Release
from engine.states import Act, InstanceStatus
from engine.store import sql
from engine.turn.cases import CaseTeller
from engine.turn.gathered import Gathered
from engine.turn.journal import Texts
from engine.turn.messages import Outgoing
from engine.turn.scene import Scene
from engine.turn.services import Services
from engine.turn.workflow import Workflow
from engine.turn.writes import Writer
from engine.types import Completed, Data, ElementSpec, Records, Value, WorkItem, Writing


class Turn:
    """One taken instance during one command."""

    __slots__ = (
        "actor",
        "case",
        "gathered",
        "instance",
        "now",
        "outgoing",
        "scene",
        "services",
        "session",
        "workflow",
        "writer",
    )

    def __init__(self, scene: Scene, release: Release) -> None:
        self.scene = scene
        self.session, self.now, self.actor, self.instance = (
            scene.session,
            scene.now,
            scene.actor,
            scene.instance,
        )
        self.workflow = Workflow(scene, release)
        self.case = CaseTeller(scene, self.workflow)
        self.gathered = Gathered(scene)
        self.outgoing = Outgoing(scene, self.gathered)
        self.services = Services(scene, self.workflow, self.gathered, self.outgoing, self.case)
        self.writer = Writer(scene, self.workflow, self.gathered)

    @property
    def live(self) -> Live:
        return self.workflow.live

    @property
    def release(self) -> Release:
        return self.workflow.release

    def element(self, process: str, element: str) -> ElementSpec:
        """What the release of the instance says about it. Raises NotFound."""
        return self.workflow.element(process, element)

    # --- 4 records
    def run(
        self, records: Records | None, data: Data, values: Data, spec: ElementSpec | None = None
    ) -> Data:
        """The caller writes its business rows. What it gives back is what the element declares;
        without one it is dropped."""
        if records is None:
            return {}
        instance = self.instance
        ids = (instance.id, instance.case_key, instance.release)
        writing = Writing(
            self.session, self.now, self.actor, *ids, data, values, self.scene.enqueue
        )
        outputs = records(writing) or {}
        self.session.flush()
        if spec is None:
            return {}
        decide.must_be_declared(spec, outputs)
        return outputs

    # --- 5 advance
    def fetch(self) -> None:
        """The live workflow at the revision before this command: from the cache, else snapshot and
        deltas."""
        self.workflow.fetch()
        self.case.watch()

    def settle(self) -> None:
        """Run local service tasks until none is left; what they cannot do becomes a BPMN error or
        an incident."""
        self.services.settle()

    def deliver(self, task_id: str, payload: Data, records: Records | None = None) -> Texts | None:
        """Steps 4 and 5 of a message; gives the form that came with it, to be kept. Raises
        NotWaiting when the task waits no more."""
        decide.must_be_storable(payload)
        waiting = self.live.waiting(task_id)
        if waiting is None:
            raise NotWaiting
        spec = self.element(waiting.process, waiting.element)
        outputs = self.run(records, waiting.data, payload, spec)
        said = self.hear(spec, payload)
        heard = decide.without_texts(spec, payload)
        if not self.live.deliver(task_id, {**heard, **outputs}, self.now):
            raise NotWaiting
        self.settle()
        return said

    def hear(self, spec: ElementSpec, payload: Data) -> Texts | None:
        """What a message says of its case, and the form that came with it: the fields of the
        element that waits."""
        self.case.hear(spec, payload)
        said = {field.name: payload[field.name] for field in spec.fields if field.name in payload}
        self.scene.written = {**self.scene.written, **said}
        return Texts(None, spec.id, "declared", said) if said else None

    # --- 6 write
    def write(
        self,
        kind: Act,
        element: str | None,
        detail: dict[str, Value],
        texts: Texts | None = None,
        *,
        full: bool = False,
    ) -> None:
        """The difference between before and now, the journal row and the head. `full`: the row
        carries the whole state."""
        self.writer.write(kind, element, detail, texts, full=full)
        self.case.write()

    def journal(
        self, kind: Act, element: str | None, detail: dict[str, Value], texts: Texts | None = None
    ) -> None:
        """The journal row and the head of a command that did not advance the workflow."""
        self.writer.journal.add(kind, element, detail, texts)

    def hand(self, item_id: str, to: str | None) -> None:
        """An open item to a person, or back to its lane."""
        sql.CLAIM_ITEM.run(self.session, {"b_item": item_id, "b_by": to})

    def hand_opened(self, element: str, to: str) -> None:
        """The item of this element, if this command opened one, to a person; after `write`."""
        self.gathered.opened = [
            self._handed(item, to) if item.element == element else item
            for item in self.gathered.opened
        ]

    def _handed(self, item: WorkItem, to: str) -> WorkItem:
        self.hand(item.id, to)
        return replace(item, claimed_by=to)

    # --- 7 commit
    def keep(self) -> None:
        """After the commit, and only then, the live workflow goes back into the cache."""
        instance = self.instance
        if self.writer.journal.kind:
            COMMANDS.labels(self.writer.journal.kind).inc()
            spans.note(
                f"command {self.writer.journal.kind}",
                ventanilla__instance=instance.id,
                ventanilla__rev=instance.rev,
            )
        if self.workflow.fetched:
            self.scene.cache.put(instance.id, instance.rev, self.workflow.live)
        else:
            self.scene.cache.keep(instance.id, instance.rev)

    def completed(self) -> Completed:
        """What the caller is told."""
        return Completed(
            self.instance.id,
            self.instance.case_key,
            self.instance.rev,
            tuple(self.gathered.opened),
            finished=self.instance.status == InstanceStatus.FINISHED,
            incidents=len(self.gathered.incidents) + (self.gathered.again is not None),
        )
