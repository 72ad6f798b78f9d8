"""What the check of the record needs as a store grows: `python -m bench.verification [--instances
5000 50000] [--write]`.

Time and memory. A store of each size is filled as for `bench.million` (SQLite), its rows are
entered as a migration does, its log is signed, and each check runs as the command that people give,
in a process of its own, whose peak of memory the kernel tells.
"""

import argparse
import contextlib
import os
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

import app as door
from bench import million
from engine.clock import SystemClock
from engine.store import rows
from engine.store.tables import Journal
from records.sistemas.vigiladas import VIGILADAS
from tests.kit.processes import spawn
from webforms.base.servicios import EXTENSION

TITLE = "Check of the record, SQLite"
CHECKS = (("evidence", "verify"), ("evidence", "verify", "--new"), ("audit", "verify"))
OPEN = 200
PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)
KEY = "of the stores that are checked here, and of no other"


@dataclass(frozen=True)
class Cost:
    seconds: float
    megabytes: float  #: resident at most


def command(env: dict[str, str], *words: str) -> Cost:
    """Raises AssertionError: it found a fault, or could not look. The peak is what /proc says,
    since that of `wait4` counts us, too."""
    begin, most = time.perf_counter(), 0
    process = spawn(
        [sys.executable, "-m", "flask", *words],
        env={**os.environ, **env, "FLASK_APP": "app"},
        cwd=door.ROOT,
    )
    while process.poll() is None:
        with contextlib.suppress(OSError, IndexError):
            most = max(
                most, int(PEAK.findall(Path(f"/proc/{process.pid}/status").read_text("ascii"))[0])
            )
        time.sleep(0.02)
    if process.returncode:
        raise AssertionError(words)
    return Cost(time.perf_counter() - begin, most / 1024)


def filled(folder: Path, instances: int) -> tuple[dict[str, str], str]:
    """A signed store of so many; how commands find it, and what it holds in words."""
    config = door.Config(
        instance=folder,
        database_url=f"sqlite:///{folder / 'ventanilla.db'}",
        secret_key=KEY,
        demo=True,
    )
    app = door.create_app(config)
    million.prepare(app, config)
    db: sa.Engine = app.extensions[EXTENSION].db
    million.grow(db, instances - OPEN, OPEN)
    with db.begin() as connection, rows.unwatched(connection):
        tables = rows.with_ours(VIGILADAS)
        entered = rows.enter_changed(connection, tables, KEY, frozenset())
        lines = connection.scalar(sa.select(sa.func.count()).select_from(Journal))
    said = f"{million.size(db)}; {lines:,} lines of journals, {entered:,} rows entered"
    db.dispose()
    env = {
        "DATABASE_URL": config.database_url,
        "INSTANCE": str(folder),
        "SECRET_KEY": KEY,
        "DEMO": "1",
    }
    command(env, "evidence", "key")
    command(env, "evidence", "checkpoint")
    return env, said


def report(sizes: Sequence[int]) -> list[str]:
    lines = ["| store | check | seconds | MB at most |", "|---|---|---|---|"]
    for instances in sizes:
        with tempfile.TemporaryDirectory() as name:
            env, said = filled(Path(name), instances)
            for words in CHECKS:
                cost = command(env, *words)
                lines.append(
                    f"| {said} | `flask {' '.join(words)}` | {cost.seconds:.1f} | {cost.megabytes:.0f} |"
                )
                said = "the same"
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.verification", description=__doc__)
    parser.add_argument("--instances", type=int, nargs="+", default=[5_000, 50_000])
    parser.add_argument(
        "--write", action="store_true", help="put the result into docs/performance.md"
    )
    given = parser.parse_args()
    when = f"{SystemClock().now():%Y-%m-%d %H:%M} UTC, load average {os.getloadavg()[0]:.1f}."
    lines = [when, "", *report(given.instances)]
    sys.stdout.write("\n".join(lines) + "\n")
    if given.write:
        million.publish(TITLE, lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
