"""The port that commands and workers see."""

import datetime as dt
from dataclasses import replace
from typing import Protocol

from sqlalchemy.orm import Session

from engine.types import Data, Failed


class Runner(Protocol):
    """Does one job. Raises to be tried again, GiveUp not to be; `failed` is told when no try is
    left."""

    def run(self, job: str, args: Data) -> None: ...

    def failed(self, job: str, args: Data, failure: Failed) -> None: ...


class Jobs(Protocol):
    """Enqueues inside the caller's transaction; the same key is the same job."""

    def enqueue(self, session: Session, job: str, key: str, args: Data, *, queue: str) -> None: ...

    def committed(self) -> None:
        """The command that enqueued stands."""

    def abandoned(self) -> None:
        """The command that enqueued was rolled back."""


def of_queue(failure: Failed, queue: str) -> Failed:
    """A failure that says in which queue its job stood: a repair puts it there again."""
    return replace(failure, facts={**failure.facts, "queue": queue})


#: How many times a job is tried, and the wait before the second try; each wait doubles.
TRIES = 4
FIRST_WAIT = dt.timedelta(seconds=1)
