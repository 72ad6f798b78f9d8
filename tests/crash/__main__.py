"""`make crash`: deaths, races and outages at full size on both databases; writes
docs/reliability.md as it goes.

`--minutes` bounds the whole; a part that has no time left does less and the document says how much.
Ends with 1 when there was a fault.
"""

import argparse
import datetime as dt
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from engine.clock import SystemClock
from tests.crash import kills, outages
from tests.crash.report import FILE, Findings, write
from tests.crash.servers import Postgres, deadline
from tests.races import desks, races

#: Parts of the time for: deaths, races on diagrams of their own, races at the desks; once per
#: database.
SHARE = {"kills": 0.30, "races": 0.09, "desks": 0.02}
OUTAGE = {"restarts": 0.09, "stopped": 0.05, "full": 0.03}


class Run:
    """The parts of one run; each adds to the findings, which are written after each."""

    def __init__(
        self, options: argparse.Namespace, found: Findings, folder: Path, file: Path
    ) -> None:
        self.o, self.found, self.folder, self.file = options, found, folder, file
        self.seconds = options.minutes * 60.0
        self.started = time.monotonic()

    def part(self, name: str, act: Callable[[Path], None]) -> None:
        if self.o.only and name.split(maxsplit=1)[0] not in self.o.only:
            return
        say(f"{(time.monotonic() - self.started) / 60:5.1f} min  {name}")
        place = self.folder / name.replace(" ", "-")
        place.mkdir()
        act(place)
        shutil.rmtree(place, ignore_errors=True)
        self.found.seconds = time.monotonic() - self.started
        write(self.found, self.file)

    def on(self, database: str, url: Callable[[Path], str]) -> None:
        """What runs on both databases."""
        size = kills.Size(self.o.visits, self.o.kills, self.seconds * SHARE["kills"])
        self.part(
            f"kills {database}",
            lambda place: self.found.kills.append(kills.run(place, url(place), size, self.o.seed)),
        )

        def race(place: Path) -> None:
            scores = races.run(
                place, url(place), self.o.races, self.o.seed, self.seconds * SHARE["races"]
            )
            self.found.races.append((database, self.o.seed, scores))

        def desk(place: Path) -> None:
            scores = desks.run(
                place, url(place), self.o.races // 20, self.o.seed, self.seconds * SHARE["desks"]
            )
            self.found.races[-1][2].update(scores)

        self.part(f"races {database}", race)
        if self.found.races:
            self.part(f"races {database} desks", desk)

    def outages(self, server: Postgres) -> None:
        seconds, seed = self.seconds, self.o.seed
        self.part(
            "outages restarts",
            lambda place: self.found.outages.append(
                outages.restarts(
                    place, server, seconds=seconds * OUTAGE["restarts"], gap=(5, 40), seed=seed
                )
            ),
        )

        def stopped(place: Path) -> None:
            with server.database() as url:
                self.found.outages.append(
                    outages.stopped_worker(
                        place, url, stops=4, seconds=seconds * OUTAGE["stopped"], seed=seed
                    )
                )

        def full(place: Path) -> None:
            outage = outages.full_disk(
                place, times=6, seconds=seconds * OUTAGE["full"], seed=seed, mount=True
            )
            self.found.outages.append(outage)
            if "tmpfs" not in outage.what:
                self.found.left_out.append(
                    "A small tmpfs could not be mounted here: the full disk was SQLite's own limit of pages."
                )

        def full_of_postgres(place: Path) -> None:
            outage = outages.full_disk_of_postgres(
                place, times=6, seconds=seconds * OUTAGE["full"], seed=seed
            )
            if outage is None:
                self.found.left_out.append(
                    "PostgreSQL on a full disk: a small tmpfs could not be mounted here."
                )
            else:
                self.found.outages.append(outage)

        self.part("outages stopped worker", stopped)
        self.part("outages full disk", full)
        self.part("outages full disk of PostgreSQL", full_of_postgres)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.crash",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--minutes",
        type=float,
        default=18.0,
        help="of work; the starts of the processes come on top",
    )
    parser.add_argument("--visits", type=int, default=500, help="for each database")
    parser.add_argument("--kills", type=int, default=1000, help="for each database")
    parser.add_argument("--races", type=int, default=1000, help="for each database")
    parser.add_argument("--only", nargs="*", default=[], choices=["kills", "races", "outages"])
    parser.add_argument("--file", type=Path, default=FILE)
    return parser.parse_args()


def main() -> int:
    o = options()
    arguments = " ".join(sys.argv[1:])
    command = f"python -m tests.crash {arguments}".strip()
    found = Findings(
        command, SystemClock().now().astimezone(dt.UTC), wanted=kills.Size(o.visits, o.kills, 0)
    )
    with (
        deadline(o.minutes * 120 + 300),
        tempfile.TemporaryDirectory(prefix="ventanilla-crash-") as name,
    ):
        folder = Path(name)
        folder.chmod(0o755)  # the PostgreSQL of the test wheel has a user of its own
        run = Run(o, found, folder, o.file)
        run.on("SQLite", lambda place: f"sqlite:///{place / 'ventanilla.db'}")
        with Postgres(folder / "pg") as server:
            found.postgres = server_version(server.url)
            with server.database() as one, server.database() as two, server.database() as three:
                urls = {
                    "kills-PostgreSQL": one,
                    "races-PostgreSQL": two,
                    "races-PostgreSQL-desks": three,
                }
                run.on("PostgreSQL", lambda place: urls[place.name])
            run.outages(server)
    for fault in found.faults[:40]:
        say(f"  {' '.join(fault.split())[:300]}")
    say(f"{len(found.faults)} faults in {found.seconds / 60:.1f} minutes; written to {o.file}")
    return 1 if found.faults else 0


def server_version(url: str) -> str:
    db = sa.create_engine(url)
    with db.connect() as connection:
        text = str(connection.exec_driver_sql("SHOW server_version").scalar_one())
    db.dispose()
    return text


if __name__ == "__main__":
    sys.exit(main())
