"""The processes under test, seen from outside: a zygote with its children, and a PostgreSQL server
that can be restarted."""

import json
import os
import secrets
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from tests.crash.zygote import Config
from tests.kit import visit as visit_kit
from tests.kit.postgres import sqlalchemy_url, wheel
from tests.kit.processes import spawn

WAIT = 60.0
BACK = 5.0  # seconds


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Nothing hangs: TimeoutError in the main thread, so that every process is stopped on the way
    out."""

    def late(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"not done in {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Processes:
    """Web and worker processes forked on demand; a context manager that leaves none behind."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.port = 0

    def __enter__(self) -> Self:
        order = [sys.executable, "-m", "tests.crash.zygote", json.dumps(asdict(self.config))]
        log = (Path(self.config.folder) / "zygote.log").open("ab")
        env = {**os.environ, "PYTHONPATH": str(visit_kit.ROOT)}
        self._process = spawn(
            order,
            cwd=visit_kit.ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
        log.close()
        self.port = self._answer()["port"]
        return self

    def __exit__(self, *_error: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()  # its children die with it
            self._process.wait()
        self._process.stdout.close()

    def order(self, do: str, **facts: object) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **facts}).encode() + b"\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], WAIT)
        line = self._process.stdout.readline() if ready else b""
        if not line:
            raise RuntimeError(f"the zygote does not answer: {self.log('zygote')}")
        return dict(json.loads(line))

    def log(self, name: str) -> str:
        file = Path(self.config.folder) / f"{name}.log"
        return file.read_text("utf-8", "replace")[-3000:] if file.exists() else ""


class Postgres:
    """A server of the test wheel in a folder of its own; `restart` is what a power cut does to
    it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        postgres = wheel()
        self._pg_ctl = postgres.pg_ctl
        self._server = postgres.server(self._folder, cleanup_mode=None)
        self.url = sqlalchemy_url(self._server)
        return self

    def __exit__(self, *_error: object) -> None:
        self._pg_ctl(
            ["-m", "immediate", "-w", "stop"],
            pgdata=self._folder,
            user=self._server.system_user,
            timeout=30,
        )

    def restart(self) -> float:
        """Every backend is gone at once, without a checkpoint; gives the seconds until the server
        accepts connections again."""
        before = time.monotonic()
        arguments = ["-m", "immediate", "-w", "-l", str(self._folder / "log"), "restart"]
        self._pg_ctl(arguments, pgdata=self._folder, user=self._server.system_user, timeout=60)
        return time.monotonic() - before

    def answers(self) -> bool:
        """Whether it takes a statement; one that is on its way back gets a few seconds."""
        asking, until = sa.create_engine(self.url, poolclass=sa.NullPool), time.monotonic() + BACK
        while True:
            try:
                with asking.connect() as connection:
                    connection.execute(sa.text("SELECT 1"))
            except sa.exc.DBAPIError:
                if time.monotonic() > until:
                    return False
                time.sleep(0.2)
            else:
                return True

    @contextmanager
    def database(self) -> Iterator[str]:
        """URL of an empty database of its own."""
        name = f"c_{secrets.token_hex(6)}"
        admin = sa.create_engine(self.url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        admin.dispose()
        yield make_url(self.url).set(database=name).render_as_string(hide_password=False)
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        admin.dispose()
