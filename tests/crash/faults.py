"""Where a forked web or worker process dies: at a moment, or at a point of its work. Only tests
import this.

The points are put on after the fork, by events of SQLAlchemy and by wrapping methods; nothing of it
is in the product.
"""

import os
import random
import signal
import sqlite3
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from mmap import mmap
from typing import Any

import sqlalchemy as sa

from engine.cache import LiveCache
from engine.commands.jobs import RemoteTasks
from handlers.conectores.guarda import Guarda
from handlers.correo.smtp import CorreoSMTP
from tests.crash.ledger import Ledger

#: Points of both processes. "write" is a transaction of the product that writes; "library" one of
#: the job library.
WRITES = (
    "write: before BEGIN",
    "write: after a statement",
    "write: before COMMIT",
    "write: after COMMIT",
    "live instance put into the cache",
)
WEB_POINTS = (*WRITES, "answer made, not sent")
WORKER_POINTS = (
    *WRITES,
    "library: after a statement",
    "library: before COMMIT",
    "library: after COMMIT",
    "job begun",
    "job done, not recorded",
    "mail taken by the server, not noted",
    "C&CTEX has answered, not noted",
)
MOMENT = "at a random moment"
#: A point may be passed some times before the process dies there, so that every statement and every
#: commit has its turn.
SKIPS = {"write: after a statement": 24, "library: after a statement": 12}


@dataclass(frozen=True, slots=True)
class Plan:
    """Die at `point`, after `after` seconds of life and `skip` passes; at a moment if the point is
    not reached in `PATIENCE`."""

    point: str
    after: float
    skip: int = 0
    stop: bool = False  # SIGSTOP instead: the supervisor lets it continue later

    @staticmethod
    def draw(rng: random.Random, points: tuple[str, ...], mean: float) -> "Plan":
        point = rng.choice((*points, MOMENT, MOMENT, MOMENT))
        return Plan(point, rng.expovariate(1 / mean), rng.randrange(SKIPS.get(point, 3)))


PATIENCE = 3.0
MANY = 1_073_741_823  # pages: no limit of ours


class Shared:
    """What supervisor and children share without talking: whether deaths are on, how many pages an
    SQLite file may have."""

    def __init__(self) -> None:
        self._memory = mmap(-1, 16)
        self.pages = MANY

    @property
    def deaths(self) -> bool:
        return self._memory[0] == 1

    @deaths.setter
    def deaths(self, on: bool) -> None:
        self._memory[0] = int(on)

    @property
    def pages(self) -> int:
        return int(struct.unpack_from("q", self._memory, 8)[0])

    @pages.setter
    def pages(self, number: int) -> None:
        struct.pack_into("q", self._memory, 8, number)


class Faults:
    """Counts passes of the planned point and kills its own process there."""

    def __init__(self, role: str, plan: Plan | None, shared: Shared, events: Ledger) -> None:
        self._role, self._plan, self._shared, self._events = role, plan, shared, events
        self._armed_at = time.monotonic() + (plan.after if plan else 0)
        self._passes = 0
        self._lock = threading.Lock()
        self._local = threading.local()

    def reach(self, point: str, detail: str = "") -> None:
        plan = self._plan
        if (
            plan is None
            or point != plan.point
            or time.monotonic() < self._armed_at
            or not (self._shared.deaths or plan.stop)
        ):
            return
        with self._lock:
            self._passes += 1
            if self._passes <= plan.skip:
                return
            if plan.stop:
                self._plan = None
                self._events.write(
                    "stopped", role=self._role, pid=os.getpid(), point=point, detail=detail
                )
                os.kill(os.getpid(), signal.SIGSTOP)
                return
            self._events.write(
                "point", role=self._role, pid=os.getpid(), point=point, detail=detail
            )
            os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(60)  # the signal is on its way

    # --- putting the points on
    def install(self) -> None:
        self._on_statements()
        self._on_commits()
        self._after(LiveCache, "put", "live instance put into the cache")
        self._after(LiveCache, "keep", "live instance put into the cache")
        self._after(
            CorreoSMTP,
            "enviar",
            "mail taken by the server, not noted",
            lambda args: str(args[1].clave),
            event="mail",
        )
        self._after(
            Guarda,
            "consultar",
            "C&CTEX has answered, not noted",
            lambda args: f"{args[0].sistema.codigo} {args[1].doc.turno_id} {args[1].servicio}",
            event="cctex",
        )
        self._on_jobs()
        self._on_space()

    def _on_statements(self) -> None:
        @sa.event.listens_for(sa.Engine, "begin", insert=True)
        def _begin(connection: sa.Connection) -> None:
            if _writes(connection):
                self.reach("write: before BEGIN")

        @sa.event.listens_for(sa.Engine, "after_cursor_execute")
        def _executed(
            connection: sa.Connection, _cursor: Any, statement: str, *_rest: object
        ) -> None:
            if _writes(connection):
                self.reach("write: after a statement", _short(statement))
            elif statement.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
                connection.info["wrote"] = True
                self.reach("library: after a statement", _short(statement))

    def _on_commits(self) -> None:
        """SQLAlchemy tells of a commit before it; what follows it is seen where its connection has
        committed, in the same thread."""

        @sa.event.listens_for(sa.Engine, "commit")
        def _commit(connection: sa.Connection) -> None:
            kind = (
                "write"
                if _writes(connection)
                else "library"
                if connection.info.pop("wrote", False)
                else ""
            )
            self._local.committing = kind
            if kind:
                self.reach(f"{kind}: before COMMIT")

        original: Callable[[sa.Connection], None] = sa.Connection._commit_impl  # noqa: SLF001 - whoever commits for the dialect

        def commit(connection: sa.Connection) -> None:
            original(connection)
            kind, self._local.committing = getattr(self._local, "committing", ""), ""
            if kind:
                self.reach(f"{kind}: after COMMIT")

        sa.Connection._commit_impl = commit  # noqa: SLF001 - in this process only

    def _after(
        self,
        owner: type,
        method: str,
        point: str,
        detail: Callable[[tuple[Any, ...]], str] = lambda _args: "",
        event: str = "",
    ) -> None:
        original = getattr(owner, method)

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            result = original(*args, **kwargs)
            if event:
                self._events.write(event, role=self._role, pid=os.getpid(), key=detail(args))
            self.reach(point, detail(args))
            return result

        setattr(owner, method, wrapped)

    def _on_jobs(self) -> None:
        original = RemoteTasks.run

        def run(tasks: RemoteTasks, job: str, args: Any) -> None:
            key = f"{job}:{args.get('job_id') or args.get('clave') or args.get('key') or args.get('turno_id') or sorted(args.items())}"
            self._events.write("job", role=self._role, pid=os.getpid(), key=key)
            self.reach("job begun", key)
            original(tasks, job, args)
            self._events.write("job done", role=self._role, pid=os.getpid(), key=key)
            self.reach("job done, not recorded", key)

        RemoteTasks.run = run

    def _on_space(self) -> None:
        """A limit of pages is a full disk that needs no mount and no root."""
        shared = self._shared

        @sa.event.listens_for(sa.pool.Pool, "checkout")
        def _limit(connection: Any, _record: object, _proxy: object) -> None:
            if isinstance(connection, sqlite3.Connection):
                connection.execute(f"PRAGMA max_page_count={shared.pages}")

    def around(self, app: Callable[..., Any]) -> Callable[..., Any]:
        """The WSGI application, dying with its answer in its hand."""

        def wsgi(environ: Any, start_response: Any) -> Any:
            answer = app(environ, start_response)
            self.reach("answer made, not sent", environ.get("PATH_INFO", ""))
            return answer

        return wsgi


def _writes(connection: sa.Connection) -> bool:
    return bool(connection.get_execution_options().get("ventanilla_write"))


def _short(statement: str) -> str:
    return " ".join(statement.split()[:3])[:60]
