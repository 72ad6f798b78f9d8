"""What a handler gets: a call with its requests, and a mail port without a server that fails as
told."""

import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from engine.types import SYSTEM, Actor, Call, Data, RemoteCall
from records.sistemas.puertos import CorreoFallido, Mensaje


@dataclass
class Requests:
    """Jobs and messages that handlers put into the transaction."""

    jobs: dict[str, tuple[str, Data, str]] = field(default_factory=dict)
    messages: list[tuple[str, str, Data]] = field(default_factory=list)

    def enqueue(self, job: str, key: str, args: Data, *, queue: str = "service") -> None:
        self.jobs.setdefault(key, (job, args, queue))

    def throw(self, message: str, key: str, payload: Data) -> None:
        self.messages.append((message, key, payload))

    def call(
        self,
        session: Session,
        now: dt.datetime,
        data: Data,
        *,
        actor: Actor = SYSTEM,
        element: str = "svc",
    ) -> Call:
        return Call(
            session,
            now,
            actor,
            "inst-1",
            "caso-1",
            element,
            f"tarea-{element}",
            data,
            self.enqueue,
            self.throw,
        )


def remote_call(now: dt.datetime, data: Data) -> RemoteCall:
    return RemoteCall(now, "job-1", "inst-1", "caso-1", "svc", data)


@dataclass
class MailDouble:
    """`fallas` are raised one a call, in order; then everything is taken."""

    failures: list[CorreoFallido] = field(default_factory=list)
    sent: list[Mensaje] = field(default_factory=list)

    def enviar(self, mensaje: Mensaje, now: dt.datetime) -> None:
        assert now.tzinfo is not None
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(mensaje)

    def probar(self) -> None:
        if self.failures:
            raise self.failures[0]
