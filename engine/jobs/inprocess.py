"""Jobs in this process, run when asked: nothing survives a crash, the clock is given."""

import threading

from sqlalchemy.orm import Session

from engine.causes import failed
from engine.errors import GiveUp
from engine.jobs.port import TRIES, Runner, of_queue
from engine.types import Data


class InProcessJobs:
    """Keeps what committed commands enqueued until `run_all`."""

    def __init__(self) -> None:
        self._local = threading.local()
        self._lock = threading.Lock()
        # key -> job, arguments, queue, which try
        self._queue: dict[str, tuple[str, Data, str, int]] = {}
        self._known: set[str] = set()

    def _staged(self) -> list[tuple[str, str, Data, str]]:
        staged: list[tuple[str, str, Data, str]] | None = getattr(self._local, "staged", None)
        if staged is None:
            staged = self._local.staged = []
        return staged

    def enqueue(self, session: Session, job: str, key: str, args: Data, *, queue: str) -> None:  # noqa: ARG002 - the port's shape
        self._staged().append((job, key, dict(args), queue))

    def committed(self) -> None:
        staged = self._staged()
        with self._lock:
            for job, key, args, queue in staged:
                if key not in self._known:
                    self._known.add(key)
                    self._queue[key] = (job, args, queue, 1)
        staged.clear()

    def abandoned(self) -> None:
        self._staged().clear()

    def run_all(self, runner: Runner, limit: int = 10_000) -> int:
        """Run what is queued, and what that enqueues, until nothing is left. Returns how many were
        done or given up."""
        done = 0
        while done < limit:
            with self._lock:
                key = next(iter(self._queue), None)
                if key is None:
                    return done
                job, args, queue, attempt = self._queue.pop(key)
            if self._over(runner, job, args, queue, attempt):
                done += 1
            else:
                with self._lock:
                    self._queue[key] = (job, args, queue, attempt + 1)  # behind the others
        return done

    @staticmethod
    def _over(runner: Runner, job: str, args: Data, queue: str, attempt: int) -> bool:
        """One try. True: it was done, or no further one is of use."""
        try:
            runner.run(job, args)
        except Exception as error:  # noqa: BLE001 - a job may fail in any way; the last failure is recorded
            if attempt < TRIES and not isinstance(error, GiveUp):
                return False
            runner.failed(job, args, of_queue(failed(error), queue))
        return True
