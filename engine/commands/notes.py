"""Notes and observations on a case."""

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.commands.core import Core
from engine.errors import InvalidValues
from engine.store import chain
from engine.store.tables import Note
from engine.types import Actor

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
        records: Callable[[Session], None] | None = None,
    ) -> None:
        """Append a note or an observation to a case. Raises InvalidValues when it is empty or too long.

        `records` writes the business rows that go with it, in the same commit.
        """
        clean = text.strip()
        if not clean or len(clean) > MAX_NOTE:
            raise InvalidValues({"text": f"1..{MAX_NOTE}"})
        digest = chain.sha256(clean.encode())

        def command(session: Session) -> None:
            session.execute(sa.insert(Note).values(case_key=case_key, kind=kind, actor_id=actor.id, at=now, text=clean, digest=digest))
            self.core.access.append(session, actor, kind, case_key, now, {"digest": digest.hex()})
            if records is not None:
                records(session)

        self.core.uow.run(command)
