"""`make bench`: what a step, a form and an instance cost on this machine, ours and the peers' in
one run; writes docs/performance.md.

python -m bench [--quick] [--write] [--peers viewflow,operaton] [--no-peers]

Times are medians of one run on one machine: compare the ratios. `--quick` takes a minute or two,
prints, and writes nothing unless told to.
"""

import argparse
import os
import platform
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bench import forms, ours, peers, report
from bench.place import Server, raw_postgres, raw_sqlite, server
from bench.where import share
from engine.clock import SystemClock
from tools.sections import put

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Size:
    rounds: int  # steps of each kind
    instances: int  # finished, for bytes
    seconds: float  # of throughput
    cases: int  # of four parallel tasks


FULL = Size(rounds=200, instances=400, seconds=15.0, cases=60)
QUICK = Size(rounds=30, instances=40, seconds=3.0, cases=8)


def engine_part(title: str, place: ours.Place, raw: report.Once, size: Size) -> report.Engine:
    short, long = (
        ours.engine_step(place, raw, 11, size.rounds),
        ours.engine_step(place, raw, 200, size.rounds),
    )
    return report.Engine(
        title=title,
        short=short,
        long=long,
        job=ours.job_step(place, max(10, size.rounds // 5)),
        statements=ours.statements(place),
        share=share(place, size.rounds),
        client=ours.in_process_step(place, size.rounds),
        bytes_10=ours.bytes_per_instance(place, 10, size.instances),
        bytes_20=ours.bytes_per_instance(place, 20, size.instances),
    )


def socket_part(place: ours.Place, size: Size) -> report.Web:
    alone = forms.one_after_the_other(place, size.rounds)
    return report.Web(
        median=statistics.median(alone),
        p95=sorted(alone)[int(len(alone) * 0.95)],
        together={way: forms.together(place, size.seconds, way) for way in forms.Way},
        four=forms.four_at_once(place, size.cases),
        crowd=forms.crowded(place, size.rounds),
    )


def machine(postgres: Server) -> str:
    packages = ", ".join(
        f"{n} {version(n)}" for n in ("SQLAlchemy", "SpiffWorkflow", "Flask", "psycopg", "waitress")
    )
    return (
        f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}, "
        f"{packages}, SQLite {sqlite3.sqlite_version}, PostgreSQL {postgres.version()}"
    )


def measure(size: Size, only: frozenset[str] | None, keep: Callable[[str], None]) -> str:
    """The report; `keep` gets it once without the peers, so that a run which is cut off there has
    not been for nothing."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="bench-") as name, server(Path(name)) as postgres:
        folder = Path(name)
        say("SQLite")
        place = ours.prepare(folder / "sqlite", f"sqlite:///{folder / 'bench.db'}")
        lite = engine_part("SQLite", place, raw_sqlite(folder), size)
        place.db.dispose()
        with postgres.database("bench") as database:
            say("PostgreSQL")
            place = ours.prepare(folder / "postgres", postgres.url(database))
            great = engine_part("PostgreSQL", place, raw_postgres(postgres.uri(database)), size)
            say("web processes")
            web = socket_part(place, size)
            place.db.dispose()
        others: list[peers.Measured | peers.Skipped] = []
        head = f"{SystemClock().now():%Y-%m-%d %H:%M} UTC: {machine(postgres)}; load average {load:.1f} at the start"
        keep(report.text(head, size.rounds, [lite, great], web, others))
        if only is not None:
            say("peers")
            others = peers.run(postgres, folder, size.rounds, only)
    return report.text(head, size.rounds, [lite, great], web, others)


def say(what: str) -> None:
    sys.stderr.write(f"bench: {what}\n")
    sys.stderr.flush()


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--quick", action="store_true", help="few rounds; prints only")
    arguments.add_argument(
        "--write", action="store_true", help="write docs/performance.md in a quick run too"
    )
    arguments.add_argument(
        "--peers", default="", help="only the peers with one of these words in their name"
    )
    arguments.add_argument("--no-peers", action="store_true")
    given = arguments.parse_args()
    only = None if given.no_peers else frozenset(filter(None, given.peers.lower().split(",")))

    def keep(text: str) -> None:
        if given.write or not given.quick:
            put(ROOT / "docs" / "performance.md", "bench", text)

    text = measure(QUICK if given.quick else FULL, only, keep)
    keep(text)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
