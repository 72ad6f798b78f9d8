"""Slow sockets: crowds that send nothing, half a head, half a body, or a byte now and then, while
one person works beside them."""

import random
import socket
import threading
import time
from contextlib import ExitStack, closing, suppress
from typing import Final

from flask import Flask

from tests.attack.findings import Attack
from webforms.servidor import Servidor

PATIENCE: Final = 20.0  # seconds that a person waits
PAGES: Final = 15  # that the person asks for beside each crowd
IDLE, HALVES = 1_000, 300
CROWDS: Final = {
    "idle": (IDLE, b"", b""),
    "half a head": (HALVES, b"GET /ingresar HTTP/1.1\r\nHost: v\r\nX-Half: ", b""),
    "a letter of the head now and then": (
        HALVES,
        b"GET /ingresar HTTP/1.1\r\nHost: v\r\nX-Half: ",
        b"a",
    ),
    "half a body": (
        HALVES,
        b"POST /ingresar HTTP/1.1\r\nHost: v\r\nContent-Length: 1000\r\n\r\na=1",
        b"a",
    ),
    "a head without end": (
        HALVES,
        b"GET /ingresar HTTP/1.1\r\nHost: v\r\n" + b"X-More: 1\r\n" * 200,
        b"",
    ),
    "letters that are none": (HALVES, b"\x00\xff\r\n\r\n" * 20, b""),
}
WHOLE: Final = b"GET /ingresar HTTP/1.1\r\nHost: v\r\nConnection: close\r\n\r\n"


def crowds(app: Flask, rng: random.Random) -> Attack:
    attack = Attack(
        "slow sockets",
        "connections of crowds that end nothing; beside each the pages of one person are answered",
    )
    server = Servidor(app.wsgi_app, ("127.0.0.1", 0))
    loop = threading.Thread(target=server.servir, daemon=True)
    loop.start()
    try:
        for kind, (number, first, more) in CROWDS.items():
            ones = list[socket.socket]()
            with ExitStack() as open_ones:
                for _each in range(number):
                    with suppress(OSError):  # the server may close what makes no sense
                        one = open_ones.enter_context(
                            closing(
                                socket.create_connection(("127.0.0.1", server.puerto), PATIENCE)
                            )
                        )
                        one.sendall(
                            first[: rng.randrange(len(first) // 2, len(first) + 1)]
                            if first
                            else b""
                        )
                        ones.append(one)
                attack.tried += number
                slow = [n for n in range(PAGES) if not _answered(server.puerto, ones, more)]
                attack.expect(
                    not slow, f"{kind}: {len(slow)} of {PAGES} pages of a person were not answered"
                )
    finally:
        server.parar()
        loop.join(PATIENCE)
    return attack


def _answered(port: int, beside: list[socket.socket], more: bytes) -> bool:
    """In time, and whole, while each of those beside sends some more."""
    for one in beside if more else ():
        with suppress(OSError):
            one.send(more)
    end, read = time.monotonic() + PATIENCE, b""
    try:
        with closing(socket.create_connection(("127.0.0.1", port), PATIENCE)) as person:
            person.sendall(WHOLE)
            while time.monotonic() < end and (piece := person.recv(65_536)):
                read += piece
    except OSError:
        return False
    return read.startswith(b"HTTP/1.1 200") and read.rstrip().endswith(b"</html>")
