"""What a command throws: messages and signals become rows of the outbox, errors that nobody caught
become incidents."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from engine.decide import must_be_storable
from engine.incidents import Trouble
from engine.states import IncidentKind, OutboxState, ThrownKind
from engine.store import sql
from engine.turn.gathered import Gathered
from engine.turn.scene import Scene
from engine.types import Data, Thrown, Waiting

MAX_HOPS = 100  # messages that one causes after the other, within CHAIN
CHAIN = dt.timedelta(minutes=1)


def signal_start(signal: str, process: str) -> str:
    """The name of a signal on its way to a process that begins with it; no message of a diagram can
    have such a name."""
    return f"\x1f{process}\x1f{signal}"


class Outgoing:
    """What leaves the instance during a command."""

    __slots__ = ("chain_at", "gathered", "hops", "scene")

    def __init__(self, scene: Scene, gathered: Gathered) -> None:
        self.scene = scene
        self.gathered = gathered
        self.hops = 0  # messages that led here one after the other, since `chain_at`
        self.chain_at: dt.datetime | None = None

    def follow_chain(self, hops: int, chain_at: dt.datetime | None) -> None:
        """This command handles a message: what it throws continues its causal chain. A chain counts
        anew after a minute."""
        if chain_at is not None and self.scene.now - chain_at < CHAIN:
            self.hops, self.chain_at = hops, chain_at

    def throw(
        self, element: str, message: str, key: str, payload: Data, *, obligatory: bool = False
    ) -> None:
        self.gathered.outbox.append(
            self._message(element, message, key, payload, obligatory=obligatory)
        )

    def _message(
        self, element: str, message: str, key: str, payload: Data, *, obligatory: bool = False
    ) -> dict[str, Any]:
        must_be_storable(payload)
        hops = self.hops + 1
        if hops > MAX_HOPS and not any(
            each["kind"] == IncidentKind.HOPS for each in self.gathered.incidents
        ):
            where = Waiting(
                f"hops-{self.scene.instance.rev}", element, self.scene.instance.process, {}
            )
            text = f"{message} ({key}): more than {MAX_HOPS} messages of one chain within a minute"
            self.gathered.incident(
                where, Trouble(IncidentKind.HOPS, text, {"message": message, "key": key})
            )
        return {
            "instance_id": self.scene.instance.id,
            "case_key": self.scene.instance.case_key,
            "element": element,
            "message": message,
            "key": key,
            "payload": dict(payload),
            "obligatory": obligatory,
            "at": self.scene.now,
            "state": OutboxState.WAITING if hops <= MAX_HOPS else OutboxState.STOPPED,
            "hops": hops,
            "chain_at": self.chain_at or self.scene.now,
        }

    def broadcast(self, element: str, signal: str) -> None:
        """A row for each task of another instance that waits for the signal at this moment; own
        tasks have it already."""
        row = self._message(element, signal, "", {})
        del row["key"]
        sql.BROADCAST.run(self.scene.session, {f"b_{name}": value for name, value in row.items()})
        instance, outbox = self.scene.instance, self.gathered.outbox
        for process in self.scene.starters(signal):
            # each throw starts an instance of its own
            key = f"{instance.id}-{instance.rev}-{len(outbox)}"
            outbox.append(self._message(element, signal_start(signal, process), key, {}))

    def lost_message(self, element: str, message: str, key: str) -> None:
        """An obligatory message found no receiver."""
        where = Waiting(f"lost-{message}-{key}"[:40], element, self.scene.instance.process, {})
        self.gathered.incident(
            where,
            Trouble(
                IncidentKind.LOST_MESSAGE, f"{message} ({key})", {"message": message, "key": key}
            ),
        )
        sql.INSERT_INCIDENT.run_many(self.scene.session, self.gathered.incidents)

    def collect(self, thrown: Iterable[Thrown]) -> None:
        for event in thrown:
            if event.kind == ThrownKind.MESSAGE:
                self.throw(
                    event.element, event.name, event.key, event.payload, obligatory=event.obligatory
                )
            elif event.kind == ThrownKind.SIGNAL:
                self.broadcast(event.element, event.name)
            elif event.kind == ThrownKind.ESCALATION:
                self.gathered.escalations.append([event.element, event.name])
            elif event.kind == ThrownKind.ERROR:
                where = Waiting(
                    f"error-{self.scene.instance.rev}",
                    event.element,
                    self.scene.instance.process,
                    {},
                )
                self.gathered.incident(
                    where, Trouble(IncidentKind.UNCAUGHT, event.name, {"code": event.name})
                )
