"""What every command shares: what is given, taking the instance, running in one transaction."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from common import spans, trail
from common.metrics import TAKING
from engine.cache import LiveCache
from engine.catalog import Catalog
from engine.clock import Clock
from engine.errors import NotAllowed, NotFound
from engine.jobs.port import Jobs
from engine.states import AccessKind
from engine.store import sql
from engine.store.access import AccessLog
from engine.store.uow import UnitOfWork
from engine.turn import Scene, Taken, Turn
from engine.types import SYSTEM, Actor, Authority, Calendar, Cases, Data, Handlers

T = TypeVar("T")


@dataclass
class Core:
    """What every kind of command is given, and what all do alike: taking an instance, committing,
    telling the access chain."""

    db: sa.Engine
    uow: UnitOfWork
    catalog: Catalog
    cache: LiveCache
    access: AccessLog
    handlers: Handlers
    jobs: Jobs
    clock: Clock
    calendar: Calendar
    authority: Authority
    cases: Cases | None

    def log_access(
        self, actor: Actor, kind: str, subject: str, *, now: dt.datetime, detail: Data | None = None
    ) -> None:
        """One entry in the access chain, in a short transaction of its own. Ids only, never
        personal data."""

        def command(session: Session) -> None:
            self.access.append(session, actor, kind, subject[:120], now, detail or {})

        self.uow.run(command)

    def take(self, session: Session, instance_id: str, actor: Actor, now: dt.datetime) -> Turn:
        """Step 1: the instance is ours until the commit. Raises NotFound."""
        with TAKING.time():
            taken = sql.TAKE.first(session, {"b_instance": instance_id})
        if taken is None:
            raise NotFound(f"instance {instance_id}")
        return self.turn(session, Taken(*taken), actor, now)

    def turn(self, session: Session, taken: Taken, actor: Actor, now: dt.datetime) -> Turn:
        trail.about(taken.case_key)
        release = self.catalog.release(session, taken.release)
        scene = Scene(
            session,
            now,
            actor,
            taken,
            self.handlers,
            self.jobs,
            self.cache,
            partial(self._starters, session),
            self.cases,
        )
        return Turn(scene, release)

    def look(self, session: Session, instance_id: str, now: dt.datetime) -> Turn:
        """The instance as it is stored, without taking it; what is done to its live workflow is
        thrown away."""
        row = sql.INSTANCE_ROW.first(session, {"b_instance": instance_id})
        if row is None:
            raise NotFound(f"instance {instance_id}")
        turn = self.turn(session, Taken(*row), SYSTEM, now)
        turn.workflow.look()
        return turn

    def _starters(self, session: Session, signal: str) -> list[str]:
        """Processes of the release in force that begin with this signal."""
        release = self.catalog.release(session, self.catalog.current(session))
        return [
            spec.id
            for spec in release.processes.values()
            if any(name == signal for _, name in spec.signal_starts)
        ]

    def run(
        self,
        command: Callable[[Session], tuple[T, Turn | None]],
        actor: Actor,
        now: dt.datetime,
        subject: str | None = None,
    ) -> T:
        """Run, commit, then put the live workflow back; a refusal is recorded in the access
        chain."""

        def after(result: tuple[T, Turn | None]) -> None:
            self.jobs.committed()
            if result[1] is not None:
                result[1].keep()

        try:
            with spans.span("command"):
                return self.uow.run(command, after, _stands)[0]
        except NotAllowed as refusal:
            self.jobs.abandoned()
            self.log_access(
                actor,
                AccessKind.REFUSAL,
                subject or "",
                now=now,
                detail={"reason": refusal.reason, **refusal.facts},
            )
            raise
        except BaseException:
            self.jobs.abandoned()
            raise


def _stands(session: Session, result: tuple[Any, Turn | None]) -> bool | None:
    """The journal tells what became of a COMMIT without an answer: our row is there, by its hash,
    or it is not.

    A command without a turn changed nothing that may not be done again. A start that is not there
    may still be on its way when only the network broke: its key, not we, keeps it from being
    doubled.
    """
    turn = result[1]
    if turn is None:
        return False
    bind = {"b_instance": turn.instance.id, "b_rev": turn.instance.rev}
    there = session.execute(sql.JOURNAL_HASH, bind).scalar_one_or_none() == turn.instance.head
    return there or (None if turn.workflow.started else False)
