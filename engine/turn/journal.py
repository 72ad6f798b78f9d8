"""The journal row of a command, with what is chained to it: the form or text, the snapshot, the
head of the instance."""

from dataclasses import dataclass
from typing import NamedTuple

from common.prepared import Batch, connection_of
from engine.states import ENDED, Act, InstanceStatus
from engine.store import chain, rows, seals, sql
from engine.turn.scene import Scene
from engine.turn.workflow import SNAPSHOT_EVERY, Workflow
from engine.types import Data, Value

SNAPSHOT_AT_LEAST = 1_024


@dataclass(slots=True)
class Texts:
    """A form or a free text to be stored as a submission beside the journal row."""

    item_id: str | None
    element: str
    form: str
    values: Data


class Outcome(NamedTuple):
    """What the command did to the workflow."""

    delta: bytes
    finished: bool
    data: Data | None = None  # the variables of the process, when they changed


UNMOVED = Outcome(b"", finished=False)


class Journal:
    """Written once, as the last thing of a command; `batch` is sent with it."""

    __slots__ = ("_scene", "_workflow", "batch", "kind")

    def __init__(self, scene: Scene, workflow: Workflow) -> None:
        self._scene = scene
        self._workflow = workflow
        self.batch = Batch()  # rows that every command writes
        self.kind = ""  # of the row, once it is written

    def add(
        self,
        kind: Act,
        element: str | None,
        detail: dict[str, Value],
        texts: Texts | None = None,
        outcome: Outcome = UNMOVED,
    ) -> None:
        """The journal row and the head."""
        self.kind = str(kind)
        instance = self._scene.instance
        digest = self._write_texts(texts) if texts is not None else None
        if not self._workflow.started and self._workflow.fetched and self._wants_snapshot():
            detail["snapshot"] = self._write_snapshot()
        row = {
            "instance_id": instance.id,
            "rev": instance.rev,
            "at": self._scene.now,
            # plain words: drivers bind members of an enumeration several times slower
            "actor_kind": str(self._scene.actor.kind),
            "actor_id": self._scene.actor.id,
            "kind": str(kind),
            "element": element,
            "detail": detail,
            "delta": outcome.delta,
            "digest": digest,
        }
        value = chain.journal_hash(instance.head, **row)  # type: ignore[arg-type]  # same names; verify() proves it
        connection = connection_of(self._scene.session)
        self.batch.add(
            sql.INSERT_JOURNAL,
            {**row, "hash": value, "seal": seals.of_link(connection.dialect, value)},
        )
        self._write_head(value, outcome)
        rows.join(connection, self.batch)
        self.batch.send(self._scene.session)

    def _write_head(self, value: bytes, outcome: Outcome) -> None:
        instance, moved = self._scene.instance, outcome.data is not None
        instance.head = value
        bind: dict[str, object] = {"b_instance": instance.id, "b_head": value}
        if moved:
            bind["b_data"] = dict(outcome.data or {})
        if instance.status == InstanceStatus.FINISHED and not outcome.finished:
            self.batch.add(sql.MOVE_HEAD_AND_DATA if moved else sql.MOVE_HEAD, bind)
            return
        bind["b_status"] = instance.status = (
            InstanceStatus.FINISHED if outcome.finished else instance.status
        )
        if instance.status in ENDED:
            bind["b_ended"] = self._scene.now
            self.batch.add(sql.END_HEAD_AND_DATA if moved else sql.END_HEAD, bind)
        else:
            self.batch.add(sql.SET_HEAD_AND_DATA if moved else sql.SET_HEAD, bind)

    def _wants_snapshot(self) -> bool:
        """When the deltas have outgrown the last one, so that all snapshots together grow as the
        deltas do; at times anyhow."""
        rev = self._scene.instance.rev
        return rev % SNAPSHOT_EVERY == 0 and (
            self._workflow.live.outgrown or rev % SNAPSHOT_AT_LEAST == 0
        )

    def _write_texts(self, texts: Texts) -> bytes:
        salt = chain.new_salt()
        self.batch.add(
            sql.INSERT_SUBMISSION,
            {
                "instance_id": self._scene.instance.id,
                "rev": self._scene.instance.rev,
                "item_id": texts.item_id,
                "element": texts.element,
                "form": texts.form,
                "release": self._scene.instance.release,
                "actor_id": self._scene.actor.id,
                "at": self._scene.now,
                "form_values": dict(texts.values),
                "salt": salt,
            },
        )
        return chain.values_digest(salt, texts.values)

    def _write_snapshot(self) -> str:
        state = self._workflow.live.snapshot()
        session, instance = self._scene.session, self._scene.instance
        sql.DELETE_SNAPSHOT.run(session, {"b_instance": instance.id})
        sql.INSERT_SNAPSHOT.run(
            session, {"instance_id": instance.id, "rev": instance.rev, "state": state}
        )
        return chain.sha256(state).hex()
