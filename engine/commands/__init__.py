"""The commands of the engine. Each takes exactly one instance, in one transaction with one commit,
in this order:

1 take     UPDATE instance SET rev = rev + 1 … RETURNING: blocks while a rival holds it; from here
nobody else changes it 2 read     the item, timer, outbox row or job, only now 3 decide   pure; a
refusal rolls everything back and goes to the access chain in a transaction of its own 4 records
the caller writes business rows 5 advance  the live workflow (cache, else snapshot + deltas), local
handlers each in a savepoint 6 write    submission, journal, head, items, timers, subscriptions,
outbox, jobs 7 commit   then, and only then, the live workflow goes back into the cache
"""

import datetime as dt
from collections.abc import Callable, Container
from contextlib import AbstractContextManager

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.cache import LiveCache
from engine.catalog import Catalog
from engine.clock import Clock
from engine.commands.core import Core
from engine.commands.corrections import Corrections
from engine.commands.deadlines import Deadlines
from engine.commands.erasures import Erasures, delete_drafts, delete_drafts_of
from engine.commands.evidence import Evidence
from engine.commands.incidents import Repairs
from engine.commands.instances import Instances
from engine.commands.items import Items
from engine.commands.jobs import RemoteTasks
from engine.commands.messages import Messages
from engine.commands.migration import KeptItem, Migration, Plan
from engine.commands.notes import Notes
from engine.commands.pump import Pump
from engine.commands.releases import Releases
from engine.commands.schedules import Schedules
from engine.commands.timers import Timers
from engine.jobs.inprocess import InProcessJobs
from engine.jobs.port import Jobs
from engine.store.access import AccessLog
from engine.store.tables import Base
from engine.store.uow import UnitOfWork, prepare
from engine.types import (
    NOBODY,
    WEEKENDS_ONLY,
    Actor,
    Authority,
    Calendar,
    Cases,
    Data,
    Functions,
    Handlers,
    Lanes,
)


class Engine:
    """The engine of one database: a face for each kind of command over one core. Thread safe."""

    def __init__(
        self,
        db: sa.Engine,
        *,
        handlers: Handlers,
        jobs: Jobs,
        functions: Functions,
        forms: Container[str],
        clock: Clock,
        calendar: Calendar = WEEKENDS_ONLY,
        authority: Authority = NOBODY,
        lanes: Lanes | None = None,
        cases: Cases | None = None,
        cache_size: int = 2_000,
    ) -> None:
        core = Core(
            db=db,
            uow=UnitOfWork(db),
            catalog=Catalog(
                handlers=handlers, forms=forms, functions=functions, zone=calendar.zone, lanes=lanes
            ),
            cache=LiveCache(cache_size),
            access=AccessLog(calendar),
            handlers=handlers,
            jobs=jobs,
            clock=clock,
            calendar=calendar,
            authority=authority,
            cases=cases,
        )
        self.core = core
        self._functions, self._forms = functions, forms
        self.db, self.uow, self.catalog = core.db, core.uow, core.catalog  # what readers need
        self.instances = Instances(core)
        self.items = Items(core)
        self.messages = Messages(core)
        self.timers = Timers(core)
        self.schedules = Schedules(core)
        self.jobs = RemoteTasks(core)
        self.incidents = Repairs(core, self.instances.go_back)
        self.migration = Migration(core)
        self.releases = Releases(core, self.schedules.follow_release)
        self.notes = Notes(core)
        self.evidence = Evidence(core)
        self.corrections = Corrections(core)
        self.deadlines = Deadlines(core)
        self.erasures = Erasures(core)
        self._pump = Pump(core, self.timers, self.schedules, self.messages)

    @property
    def calendar(self) -> Calendar:
        """The calendar by which schedules move."""
        return self.core.calendar

    def pump(
        self, now: dt.datetime, limit: int = 100, between: Callable[[], None] = lambda: None
    ) -> int:
        """Do what nobody asks for: one batch of due timers, recurring starts, messages on their
        way; a command each.

        `between` runs after each command: the worker lets others write. Returns how many did
        something.
        """
        return self._pump.once(now, limit, between)

    def log_access(
        self, actor: Actor, kind: str, subject: str, *, now: dt.datetime, detail: Data | None = None
    ) -> None:
        """One entry in the access chain, in a short transaction of its own. Ids only, never
        personal data."""
        self.core.log_access(actor, kind, subject, now=now, detail=detail)

    def log_access_in(
        self,
        session: Session,
        actor: Actor,
        kind: str,
        subject: str,
        *,
        now: dt.datetime,
        detail: Data,
    ) -> None:
        """The same in the transaction of a command: what it did and the entry stand together."""
        self.core.access.append(session, actor, kind, subject[:120], now, detail)

    def elsewhere(self, db: sa.Engine, *, clock: Clock, handlers: Handlers) -> "Engine":
        """The same engine over an empty database of its own, to try something out: it leaves
        nothing behind elsewhere. Its jobs wait for ever, places and roles are not compared with
        those of the agency, and nothing begins by the calendar."""
        prepare(db)
        Base.metadata.create_all(db)
        other = Engine(
            db,
            handlers=handlers,
            jobs=InProcessJobs(),
            functions=self._functions,
            forms=self._forms,
            clock=clock,
            calendar=self.calendar,
            cases=self.core.cases,
        )
        other.releases = Releases(other.core, lambda _session, _actor, _now: None)
        return other

    def batch(self, size: int) -> AbstractContextManager[None]:
        """Commit every `size` commands; for loading, by one thread of one process."""
        return self.uow.batch(size)


__all__ = ["Engine", "KeptItem", "Plan", "delete_drafts", "delete_drafts_of"]
