"""What every part of a turn knows: who acts, when, on which instance, in which transaction, with
what the engine has for it."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from engine.cache import LiveCache
from engine.jobs.port import Jobs
from engine.types import Actor, Cases, Data, Handlers


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
class Scene:
    """One for a turn; its parts hold it, it holds none of them."""

    session: Session
    now: dt.datetime
    actor: Actor
    instance: Taken
    handlers: Handlers
    jobs: Jobs
    cache: LiveCache
    starters: Callable[[str], Iterable[str]]  # signal -> processes that begin with it
    cases: Cases | None = None
    # what the form of this command says: its row is written at the end
    written: Data = field(default_factory=dict)

    def enqueue(self, job: str, key: str, args: Data, *, queue: str = "service") -> None:
        self.jobs.enqueue(self.session, job, key, args, queue=queue)
