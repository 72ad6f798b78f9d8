"""The instance that a command took, its live workflow, and what the command gathers until it writes."""

import datetime as dt
import logging
from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from common.prepared import Batch
from engine.cache import LiveCache
from engine.errors import NotFound
from engine.incidents import Place
from engine.incidents import Trouble
from engine.incidents import row as incident_row
from engine.jobs.port import Jobs
from engine.spiff import Live
from engine.spiff import Release
from engine.spiff import Waits
from engine.store import sql
from engine.types import Actor
from engine.types import Data
from engine.types import ElementSpec
from engine.types import Handlers
from engine.types import Step
from engine.types import Waiting
from engine.types import WorkItem

log = logging.getLogger(__name__)
MAX_ERROR = 4_000  # characters of an error that are kept


@dataclass(slots=True)
class Taken:
    """The instance row as it is from now on: nobody else can change it before our commit."""

    id: str
    case_key: str
    process: str
    release: int
    status: str
    rev: int
    head: bytes


@dataclass(slots=True)
class Texts:
    """A form or a free text to be stored as a submission beside the journal row."""

    item_id: str | None
    element: str
    form: str
    values: Data


NOTHING = Waits()


@dataclass(slots=True)
class Base:
    """What a command knows of its instance, and what it has gathered to write."""

    session: Session
    now: dt.datetime
    actor: Actor
    instance: Taken
    release: Release
    handlers: Handlers
    jobs: Jobs
    cache: LiveCache
    live: Live = field(init=False)
    before: Waits = field(default_factory=lambda: NOTHING)
    opened: list[WorkItem] = field(default_factory=list)
    incidents: list[dict[str, Any]] = field(default_factory=list)
    outbox: list[dict[str, Any]] = field(default_factory=list)
    remote: list[Waiting] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    escalations: list[list[str]] = field(default_factory=list)  # element and code: nobody in the diagram caught them
    watched: Live | None = None  # whose changes since `fetch` are known
    closing: str | None = None  # the item that this command completes
    mending: str | None = None  # the task that a repair tries again: its next failure continues its incident
    again: dict[str, Any] | None = None  # that failure
    batch: Batch = field(default_factory=Batch)  # rows that every command writes
    starters: Callable[[str], Iterable[str]] = lambda _: ()  # signal -> processes that begin with it
    unserved: set[str] = field(default_factory=set)  # service tasks that nobody has tried yet
    commands: int = 0  # that ran local calls before this one, without a wait
    started: bool = False
    fetched: bool = False
    hops: int = 0  # messages that led here one after the other, since `chain_at`
    chain_at: dt.datetime | None = None

    def fetch(self) -> None:
        """The live workflow at the revision before this command: from the cache, else snapshot and deltas."""
        rev = self.instance.rev - 1
        live = self.cache.take(self.instance.id, rev)
        if live is None:
            live = self.load()
        self.live = live
        self.fetched = True
        self.before, self.watched = live.begin(), live

    def load(self) -> Live:
        """From the database; what is done to it is nobody else's concern."""
        bind = {"b_instance": self.instance.id}
        snapshot = sql.SNAPSHOT_OF.first(self.session, bind)
        since = snapshot.rev if snapshot else 0
        deltas = [bytes(d) for _, d in sql.DELTAS_AFTER.all(self.session, {**bind, "b_rev": since}) if d]
        state = bytes(snapshot.state) if snapshot else deltas.pop(0)
        return self.release.load(self.instance.process, state, deltas)

    def element(self, process: str, element: str) -> ElementSpec:
        spec = self.release.processes.get(process)
        found = spec.elements.get(element) if spec else None
        if found is None:
            raise NotFound(f"element {process}/{element}")
        return found

    def enqueue(self, job: str, key: str, args: Data, *, queue: str = "service") -> None:
        self.jobs.enqueue(self.session, job, key, args, queue=queue)

    def incident(self, waiting: Waiting, trouble: Trouble) -> None:
        place = Place(waiting.task_id, waiting.process, waiting.element)
        trouble = replace(trouble, error=trouble.error[:MAX_ERROR], input=waiting.data)
        row = incident_row(self.instance.id, self.instance.case_key, place, trouble, self.actor, self.now)
        if waiting.task_id == self.mending:
            self.again = row
        else:
            self.incidents.append(row)
