"""`make machines`: two web and two worker machines, each a network of its own, on one PostgreSQL;
one of each is lost while people work.

Network namespaces on a bridge, so it needs root on Linux; nothing outside of this process' own
network sees them. People come through a relay that does what a reverse proxy does: a machine that
cannot be reached is passed over. Ends with 1 when there was a fault.
"""

import itertools
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from tests.crash.clients import desks
from tests.crash.kills import rest
from tests.crash.ledger import read
from tests.crash.place import Place, place
from tests.crash.proof import prove
from tests.crash.servers import deadline
from tests.kit.foreign import ROOT
from tests.kit.postgres import wheel
from tests.kit.processes import run, spawn

NET, HOST, PORT = "10.77.0", "10.77.0.1", 8000
READY, LIMIT = 90.0, 900.0
VISITS = 40
APART = "VENTANILLA_MACHINES"
#: As deploy/postgresql/roles.sql: a machine whose plug is pulled says no goodbye, and what its
#: sessions hold is given back by these alone.
KEEPALIVE = (
    "tcp_keepalives_idle=10",
    "tcp_keepalives_interval=5",
    "tcp_keepalives_count=3",
    "tcp_user_timeout=30000",
)


def do(*order: str) -> None:
    run(order, check=True, capture_output=True)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextmanager
def bridge() -> Iterator[None]:
    do("ip", "link", "set", "lo", "up")
    do("ip", "link", "add", "casa", "type", "bridge")
    do("ip", "address", "add", f"{HOST}/24", "dev", "casa")
    do("ip", "link", "set", "casa", "up")
    yield


class Machine:
    """A network of its own with one address, and the processes in it."""

    def __init__(self, name: str, number: int, here: Place, log: Path) -> None:
        self.name, self.address, self._log = name, f"{NET}.{number}", log
        self.env = {
            **os.environ,
            **here.env,
            "SMTP_HOST": HOST,
            "TRUSTED_NETWORK": f"{NET}.0/24",
            "NEW_BROWSER": "password",
            "SECRET_KEY": "of-all-machines-of-this-experiment-0123456789",
            "FLASK_APP": "app",
        }
        do("ip", "netns", "add", name)
        do("ip", "link", "add", f"{name}-a", "type", "veth", "peer", "name", "eth0", "netns", name)
        do("ip", "link", "set", f"{name}-a", "master", "casa", "up")
        for words in (
            ("address", "add", f"{self.address}/24", "dev", "eth0"),
            ("link", "set", "eth0", "up"),
            ("link", "set", "lo", "up"),
        ):
            do("ip", "-netns", name, *words)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *words: str) -> None:
        order = ["ip", "netns", "exec", self.name, sys.executable, "-m", "flask", *words]
        with self._log.open("ab") as log:
            self._process = spawn(order, cwd=ROOT, env=self.env, stdout=log, stderr=log)

    def answers(self) -> bool:
        with socket.socket() as asked:
            asked.settimeout(1)
            return asked.connect_ex((self.address, PORT)) == 0

    def lose(self) -> None:
        """As a machine whose plug is pulled: no process ends, nothing is told to anybody."""
        do("ip", "link", "set", f"{self.name}-a", "down")
        self.end(signal.SIGKILL)

    def end(self, how: int = signal.SIGTERM) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(60)
            self._process = None


class Relay(threading.Thread):
    """A connection each to the next of these addresses that answers."""

    def __init__(self, here: tuple[str, int], there: list[tuple[str, int]]) -> None:
        super().__init__(daemon=True)
        self._turn = itertools.cycle(there)
        self._of = len(there)
        self._listen = socket.create_server(here, backlog=128)
        self.port: int = self._listen.getsockname()[1]
        self.taken: dict[str, int] = dict.fromkeys((address for address, _port in there), 0)

    def run(self) -> None:
        while True:
            client, _from = self._listen.accept()
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with closing(client):
            for _try in range(self._of):
                where = next(self._turn)
                with suppress(OSError), socket.create_connection(where, timeout=1) as server:
                    self.taken[where[0]] += 1
                    server.settimeout(30)
                    back = threading.Thread(target=_copy, args=(server, client), daemon=True)
                    back.start()
                    _copy(client, server)
                    back.join(30)
                    return


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A server that listens on the bridge, as one on a machine of its own would."""
    postgres = wheel()
    server = postgres.server(folder, cleanup_mode=None)
    with (folder / "pg_hba.conf").open("a") as rules:
        rules.write(f"host all all {NET}.0/24 trust\n")
    alive = "".join(f" -c {setting}" for setting in KEEPALIVE)
    order = [
        "-w",
        "-l",
        str(folder / "log"),
        "-o",
        f"-h {HOST} -p 5432 -k {folder}{alive}",
        "restart",
    ]
    postgres.pg_ctl(order, pgdata=folder, user=server.system_user, timeout=60)
    try:
        yield f"postgresql+psycopg://postgres@{HOST}:5432/postgres"
    finally:
        postgres.pg_ctl(
            ["-m", "immediate", "-w", "stop"], pgdata=folder, user=server.system_user, timeout=30
        )


def attend(folder: Path, url: str) -> int:
    instance = folder / "instance"
    instance.mkdir()
    with place(instance, url) as here, ExitStack() as ending:
        log = folder / "processes.log"
        # the mail server, for all of them
        Relay((HOST, here.smtp_port), [("127.0.0.1", here.smtp_port)]).start()
        webs = [Machine(f"web{n}", 20 + n, here, log) for n in (1, 2)]
        workers = [Machine(f"worker{n}", 30 + n, here, log) for n in (1, 2)]
        for machine in (*webs, *workers):
            ending.callback(machine.end)
        for machine in webs:
            machine.start("serve", "--host", machine.address, "--port", str(PORT))
        for machine in workers:
            machine.start("worker", "--esperar")
        until = time.monotonic() + READY
        while not all(machine.answers() for machine in webs):
            if time.monotonic() > until:
                say(log.read_text("utf-8", "replace")[-3000:])
                return 1
            time.sleep(0.2)
        relay = Relay(("127.0.0.1", 0), [(machine.address, PORT) for machine in webs])
        relay.start()
        world = here.world(relay.port)
        world.more = lambda: world.begun < VISITS
        threads = desks(world, 6)
        for thread in threads:
            thread.start()
        while len(world.done) < VISITS // 3:
            time.sleep(0.2)
        webs[0].lose()
        workers[0].lose()
        for thread in threads:
            thread.join(LIMIT)
        rest(world, 120)
        proof = prove(world, instance)
        forms = sum(line["what"] == "form" for line in read(instance / "ledger.jsonl"))
        say(
            f"{len(world.done)} visits, {forms} forms; a web and a worker machine lost; connections {relay.taken}"
        )
        waited = max(world.waits.repeated, default=0.0)
        say(
            f"  the longest wait of a person {waited:.1f} s; mails {proof.mails} (again {proof.mails_again})"
        )
        say(
            f"  lost {len(proof.lost)}, doubled {len(proof.doubled)}, stuck {len(proof.stuck)}, broken {len(proof.broken)}"
        )
        for fault in proof.faults[:20]:
            say(f"  FAULT {fault}")
        if proof.faults:
            say(log.read_text("utf-8", "replace")[-3000:])
        world.db.dispose()
        world.ledger.close()
        return 1 if proof.faults else 0


def main() -> int:
    if os.environ.get(APART) is None:  # into a network of its own, which goes with this process
        again = ["unshare", "--net", "--mount", "--fork", sys.executable, "-m", "tests.machines"]
        return int(run(again, cwd=ROOT, env={**os.environ, APART: "1"}).returncode)
    do("mount", "-t", "tmpfs", "tmpfs", "/run")  # names of networks are files there
    with (
        tempfile.TemporaryDirectory(prefix="ventanilla-machines-") as name,
        deadline(LIMIT),
        bridge(),
    ):
        folder = Path(name)
        folder.chmod(0o755)
        with postgresql(folder / "pg") as url:
            return attend(folder, url)


if __name__ == "__main__":
    sys.exit(main())
