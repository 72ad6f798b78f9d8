"""Processes that tests and measurements start: our own orders only."""

import socket
import subprocess
from collections.abc import Sequence
from typing import Any


def run(order: Sequence[str], **options: Any) -> "subprocess.CompletedProcess[Any]":
    """Until it ends; `check=True` where it must succeed."""
    return subprocess.run(order, check=options.pop("check", False), **options)


def spawn(order: Sequence[str], **options: Any) -> "subprocess.Popen[Any]":
    return subprocess.Popen(order, **options)


def free_ports(number: int) -> list[int]:
    """Ports of this machine that nobody listens at now, all different."""
    asked = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [each.getsockname()[1] for each in asked]
    for each in asked:
        each.close()
    return ports


def listens(port: int) -> bool:
    """Somebody does at this port of this machine."""
    with socket.socket() as knocking:
        return knocking.connect_ex(("127.0.0.1", port)) == 0
