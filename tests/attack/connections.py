"""Honest connections beside what comes between: children of the server that hold its descriptors,
heads that name no host, a stop.

As a program of its own it is that server: a plain application behind the product's, and children
that are born all the time. A child holds every descriptor from its birth until it runs another
program; here that takes as long as on a machine that is short of everything.
"""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any, Final

from tests.attack.findings import Attack
from tests.kit.chance import dice
from tests.kit.foreign import ROOT
from tests.kit.processes import spawn
from webforms.servidor import Servidor

PATIENCE: Final = 20.0  # seconds
HELD: Final = 0.2  # seconds that a child keeps what it was born with
BETWEEN: Final = 0.02  # seconds between two births
BESIDE: Final = 8  # connections at a time
BODY: Final = b"whole"
#: What follows the first line of a request of this version, and what is said to it.
HEADS: Final = {
    "1.1, one host": (b"1.1", b"Host: v\r\n", b"200"),
    "1.1, a host without a name": (b"1.1", b"Host:\r\n", b"200"),
    "1.0, no host": (b"1.0", b"", b"200"),
    "1.1, no host": (b"1.1", b"", b"400"),
    "1.1, no host but a line like it": (b"1.1", b"Hosts: v\r\nX-Host: v\r\n", b"400"),
    "1.1, two hosts": (b"1.1", b"Host: v\r\nHost: w\r\n", b"400"),
    "1.1, one host twice": (b"1.1", b"Host: v\r\nX: y\r\nhOST: v\r\n", b"400"),
    "1.0, two hosts": (b"1.0", b"Host: v\r\nHost: v\r\n", b"400"),
    "1.1, two hosts in one line": (b"1.1", b"Host: v, w\r\n", b"400"),
    "1.1, a host with a blank in it": (b"1.1", b"Host: v w\r\n", b"400"),
    "1.1, an address for a host": (b"1.1", b"Host: http://v/\r\n", b"400"),
}


def connections(rng: random.Random, number: int) -> Attack:
    attack = Attack(
        "connections",
        "requests while children of the server hold its descriptors, at a stop, with no host or two: each is answered",
    )
    with serving() as port:
        with ThreadPoolExecutor(BESIDE) as people:
            for told in people.map(
                lambda seed: _person(port, dice(seed), number // BESIDE),
                rng.sample(range(1 << 30), BESIDE),
            ):
                attack.tried += number // BESIDE
                attack.broken += told
        for name, (version, head, said) in HEADS.items():
            attack.expect(_said(port, version, head) == said, f"{name}: not {said.decode()}")
    return attack


def _person(port: int, rng: random.Random, number: int) -> list[str]:
    """Some requests in each connection, which the one side closes or the other; gives what was not
    answered."""
    told, left = list[str](), number
    while left:
        some = min(left, rng.randrange(1, 5))
        left -= some
        leaves = rng.random() < 0.5
        with closing(socket.create_connection(("127.0.0.1", port), PATIENCE)) as line:
            for n in range(some):
                more = b"Connection: close\r\n" if leaves and n == some - 1 else b""
                try:
                    line.sendall(b"GET / HTTP/1.1\r\nHost: v\r\n" + more + b"\r\n")
                    read = _answer(line)
                except OSError as error:
                    read = repr(error).encode()
                if not read.startswith(b"HTTP/1.1 200"):
                    told.append(f"request {n + 1} of {some} in its connection: {read[:80]!r}")
                    told += [f"request {m + 1} of {some}, after it" for m in range(n + 1, some)]
                    break
    return told


def _answer(line: socket.socket) -> bytes:
    read = b""
    while not read.endswith(BODY) and (piece := line.recv(65_536)):
        read += piece
    return read


def _said(port: int, version: bytes, head: bytes) -> bytes:
    """To the end of the connection, which is closed after a refusal; else because it is asked
    to."""
    with closing(socket.create_connection(("127.0.0.1", port), PATIENCE)) as line:
        line.sendall(b"GET / HTTP/" + version + b"\r\nConnection: close\r\n" + head + b"\r\n")
        read = b""
        while piece := line.recv(65_536):
            read += piece
    return read[9:12]


# --- the server, a process of its own -------------------------------------------------------------
@contextmanager
def serving() -> Iterator[int]:
    """Its port."""
    child = spawn(
        [sys.executable, "-m", "tests.attack.connections"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert child.stdout is not None
    try:
        yield int(child.stdout.readline())
        child.send_signal(signal.SIGTERM)
        assert child.wait(PATIENCE) == 0
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def _whole(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(BODY)))])
    return [BODY]


def _bear(over: threading.Event) -> None:
    while not over.wait(BETWEEN):
        if os.fork() == 0:
            time.sleep(HELD)
            os._exit(0)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children
    server, over = Servidor(_whole, ("127.0.0.1", 0)), threading.Event()
    signal.signal(signal.SIGTERM, server.parar)
    births = threading.Thread(target=_bear, args=(over,))
    births.start()
    sys.stdout.write(f"{server.puerto}\n")
    sys.stdout.flush()
    server.servir()
    over.set()
    births.join()


if __name__ == "__main__":
    main()
