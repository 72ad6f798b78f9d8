"""People at browsers of the release of before, and the steps of docs/operate.md in the middle of
their work: backup, tables, new processes.

Runs with the release of before on its path: its people, its ledger, its proof. Web and workers are
processes of either release.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.crash.clients import desks
from tests.crash.kills import rest
from tests.crash.ledger import read
from tests.crash.place import place
from tests.crash.proof import prove
from tests.crash.servers import Postgres, deadline
from tests.kit.processes import run, spawn

READY = 90.0  # seconds until a process answers
LIMIT = 900.0


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def programs() -> str:
    """Those of the server that the tests bring, of its own version."""
    found = find_spec("pgserver")
    return str(Path(str(found.origin)).parent / "pginstall" / "bin") if found else ""


class Release:
    """The processes of one release."""

    def __init__(self, root: Path, env: dict[str, str], port: int, log: Path) -> None:
        self.root, self.port, self._log = root, port, log
        self.env = {**os.environ, **env, "PYTHONPATH": str(root), "PG_BIN": programs()}
        self._processes: list[subprocess.Popen[bytes]] = []

    def order(self, *words: str) -> None:
        done = run(
            [sys.executable, "-m", "flask", "--app", "app", *words],
            cwd=self.root,
            env=self.env,
            capture_output=True,
        )
        if done.returncode:
            raise RuntimeError(
                f"flask {' '.join(words)}: {done.stdout.decode()}{done.stderr.decode()}"
            )

    def start(self, *words: str) -> None:
        with self._log.open("ab") as log:
            order = [sys.executable, "-m", "flask", "--app", "app", *words]
            self._processes.append(
                spawn(order, cwd=self.root, env=self.env, stdout=log, stderr=log)
            )

    def serve(self) -> float:
        """Web and worker; gives the seconds until the web answers."""
        begun = time.monotonic()
        self.start("serve", "--port", str(self.port))
        self.start("worker")
        while time.monotonic() - begun < READY:
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", self.port)) == 0:
                    return time.monotonic() - begun
            time.sleep(0.05)
        said = self._log.read_text("utf-8", "replace")[-3000:]
        raise TimeoutError(f"the web does not answer\n{said}")

    def stop(self) -> list[int]:
        for process in self._processes:
            process.terminate()
        ended = [process.wait(60) for process in self._processes]
        self._processes.clear()
        return ended


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'ventanilla.db'}"
        return
    with Postgres(folder / "pg") as server, server.database() as url:
        yield url


def main(old: Path, new: Path, folder: Path, kind: str, visits: int) -> int:
    with deadline(LIMIT), database(kind, folder) as url:
        instance = folder / "instance"
        instance.mkdir()
        port, log = free_port(), folder / "processes.log"
        made = Release(old, {"DATABASE_URL": url, "INSTANCE": str(instance)}, port, log)
        made.order("db", "upgrade")
        with place(instance, url) as here:
            env = {
                **here.env,
                "SECRET_KEY": "of-both-releases-of-this-experiment-0123456789",
                "PORT": str(port),
            }
            before, after = (Release(root, env, port, log) for root in (old, new))
            before.serve()
            world = here.world(port)
            world.more = lambda: world.begun < visits
            threads = desks(world, 6)
            for thread in threads:
                thread.start()
            try:
                while len(world.done) < visits // 3:
                    time.sleep(0.2)
                away = replace(before, after, folder)
                for thread in threads:
                    thread.join(LIMIT)
                alive = [thread for thread in threads if thread.is_alive()]
                rest(world)
                proof = prove(world, instance)
            finally:
                before.stop()
                after.stop()
            forms = sum(line["what"] == "form" for line in read(instance / "ledger.jsonl"))
            faults = [*proof.faults, *(f"a desk hangs: {thread.name}" for thread in alive)]
            waited = max(world.waits.repeated, default=0.0)
            say(
                f"{kind}: {len(world.done)} visits, {forms} forms acknowledged, {away:.1f} s without a web process,"
            )
            say(
                f"  the longest wait of a person {waited:.1f} s, {world.waits.unavailable} pages «inténtelo otra vez»,"
            )
            say(
                f"  lost {len(proof.lost)}, doubled {len(proof.doubled)}, stuck {len(proof.stuck)}, broken {len(proof.broken)}"
            )
            for fault in faults[:20]:
                say(f"  FAULT {fault}")
            if faults:
                say(log.read_text("utf-8", "replace")[-3000:])
            world.db.dispose()
            world.ledger.close()
            return 1 if faults else 0


def replace(before: Release, after: Release, folder: Path) -> float:
    """As docs/operate.md says it; gives the seconds without a web process."""
    before.order("backup", str(folder / "before.tar.gz"))
    gone = time.monotonic()
    before.stop()
    after.order("db", "upgrade")
    after.serve()
    return time.monotonic() - gone


if __name__ == "__main__":
    given = [Path(each) for each in sys.argv[1:4]]
    sys.exit(main(*given, sys.argv[4], int(sys.argv[5])))
