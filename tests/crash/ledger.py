"""Append-only files outside the database: what clients were told, what processes did. A line is one
JSON object.

Every process appends with one write each, so that lines of several processes do not mix and survive
a SIGKILL of their writer; what clients were told is on the disk before they go on.
"""

import json
import os
import time
from pathlib import Path
from typing import Any


class Ledger:
    """One writer's end. `sync` forces each line to the disk."""

    def __init__(self, file: Path, *, sync: bool = False) -> None:
        self._sync = sync
        self._fd = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def write(self, what: str, **facts: object) -> None:
        line = json.dumps(
            {"what": what, "t": time.monotonic(), **facts}, ensure_ascii=False, default=str
        )
        os.write(self._fd, f"{line}\n".encode())
        if self._sync:
            os.fsync(self._fd)

    def close(self) -> None:
        os.close(self._fd)


def read(file: Path) -> list[dict[str, Any]]:
    """The lines so far; times are of CLOCK_MONOTONIC, the same for all processes of the machine."""
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]
