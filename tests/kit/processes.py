"""Processes that tests and measurements start: our own orders only."""

import socket
import subprocess
from collections.abc import Sequence
from typing import Any


def run(order: Sequence[str], **options: Any) -> "subprocess.CompletedProcess[Any]":
    """Until it ends; `check=True` where it must succeed."""
    return subprocess.run(order, check=options.pop("check", False), **options)  # noqa: S603 - our own orders


def spawn(order: Sequence[str], **options: Any) -> "subprocess.Popen[Any]":
    return subprocess.Popen(order, **options)  # noqa: S603 - our own orders


def free_ports(number: int) -> list[int]:
    """Ports of this machine that nobody listens at now, all different."""
    asked = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [each.getsockname()[1] for each in asked]
    for each in asked:
        each.close()
    return ports


def listens(port: int) -> bool:
    """Somebody at this port of this machine. Whoever knocks again and again at one where nobody is
    may come from that very port at last, and so meet itself."""
    with socket.socket() as knocking:
        there = knocking.connect_ex(("127.0.0.1", port)) == 0
        return there and knocking.getsockname() != knocking.getpeername()
