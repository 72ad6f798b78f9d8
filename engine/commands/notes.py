"""Notes and observations on cases."""

import datetime as dt
from collections.abc import Callable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.commands.core import Core
from engine.errors import InvalidValues
from engine.store import chain
from engine.store.tables import Note
from engine.types import Actor, Data, Noting

MAX_NOTE = 4_000


class Notes:
    """Appending to a case beside its instances."""

    def __init__(self, core: Core) -> None:
        self.core = core

    def add(
        self,
        case_key: str,
        text: str,
        *,
        actor: Actor,
        now: dt.datetime,
        kind: str,
        records: Callable[[Noting], None] | None = None,
    ) -> None:
        """Append a note or an observation to a case. Raises InvalidValues when it is empty or too
        long.

        `records` writes the business rows and enqueues the jobs (mail) that go with it, in the same
        commit.
        """
        self.add_to((case_key,), text, actor=actor, now=now, kind=kind, records=records)

    def add_to(
        self,
        case_keys: Sequence[str],
        text: str,
        *,
        actor: Actor,
        now: dt.datetime,
        kind: str,
        records: Callable[[Noting], None] | None = None,
    ) -> None:
        """The same note on several cases, in one commit."""
        clean = text.strip()
        if not clean or len(clean) > MAX_NOTE:
            raise InvalidValues({"text": f"1..{MAX_NOTE}"})
        digest = chain.sha256(clean.encode())
        jobs = self.core.jobs

        def command(session: Session) -> None:
            def enqueue(job: str, key: str, args: Data, *, queue: str = "service") -> None:
                jobs.enqueue(session, job, key, args, queue=queue)

            for case_key in case_keys:
                session.execute(
                    sa.insert(Note).values(
                        case_key=case_key,
                        kind=kind,
                        actor_id=actor.id,
                        at=now,
                        text=clean,
                        digest=digest,
                    )
                )
                self.core.access.append(
                    session, actor, kind, case_key, now, {"digest": digest.hex()}
                )
            if records is not None:
                records(Noting(session, now, actor, case_keys, enqueue))

        try:
            self.core.uow.run(command, lambda _: jobs.committed())
        except BaseException:
            jobs.abandoned()
            raise
