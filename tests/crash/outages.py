"""PostgreSQL dies and comes back, a worker is stopped past its lease and goes on, the disk is full:
while people are attended."""

import contextlib
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.clients import World, desks
from tests.crash.faults import MANY
from tests.crash.kills import rest
from tests.crash.ledger import read
from tests.crash.place import place
from tests.crash.proof import Proof, prove
from tests.crash.servers import Postgres, Processes
from tests.crash.zygote import Config
from tests.kit.chance import dice
from tests.kit.processes import run

LEASE = 4.0  # seconds, in this experiment
SERVERS_DISK = 400  # megabytes: catalogue, the application's tables, its WAL
SEEN = 8.0  # seconds within which somebody should meet the full disk


@dataclass
class Outage:
    """What happened while something was away."""

    what: str
    database: str
    seed: int
    visits: int
    times: int  # restarts, stops, full disks
    unavailable: int  # pages that said "try again"
    proof: Proof
    waits: list[float] = field(default_factory=list)
    away: list[float] = field(default_factory=list)  # seconds of each
    notes: str = ""


def _attending(world: World, seconds: float, count: int, trouble: Callable[[], bool]) -> None:
    """Visits begin for so long; `trouble` is asked again and again and says whether it goes on."""
    until = time.monotonic() + seconds
    goes_on = [True]
    world.more = lambda: time.monotonic() < until and goes_on[0]
    threads = desks(world, count)
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        if goes_on[0]:
            goes_on[0] = trouble()
        time.sleep(0.05)


@contextmanager
def _set(
    folder: Path, url: str, seed: int, lease: float | None = None
) -> Iterator[tuple[World, Processes]]:
    with (
        place(folder, url) as here,
        Processes(Config(str(folder), here.roles(), seed, env=here.env, lease=lease)) as processes,
    ):
        world = here.world(processes.port)
        yield world, processes
        world.db.dispose()
        world.ledger.close()


def restarts(
    folder: Path,
    server: Postgres,
    *,
    seconds: float,
    gap: tuple[float, float],
    seed: int,
    count: int = 8,
    most: int = 1_000,
) -> Outage:
    """`pg_ctl -m immediate restart`: every session is cut, nothing is written to the disk first.
    The last visits end in peace."""
    rng, away = dice(seed), list[float]()
    with server.database() as url, _set(folder, url, seed) as (world, _):
        next_at, until = [time.monotonic() + rng.uniform(*gap)], time.monotonic() + seconds

        def trouble() -> bool:
            if world.begun and len(away) < most and next_at[0] <= time.monotonic() < until:
                away.append(server.restart())
                next_at[0] = time.monotonic() + rng.uniform(*gap)
            return True

        _attending(world, seconds, count, trouble)
        rest(world)
        return _ended(
            "PostgreSQL restarted with -m immediate", "PostgreSQL", seed, world, away, folder
        )


def stopped_worker(
    folder: Path, url: str, *, stops: int, seconds: float, seed: int, count: int = 4
) -> Outage:
    """One of the workers is stopped in the middle of a job, until after its lease, and then goes on
    with what it had."""
    database = "SQLite" if url.startswith("sqlite") else "PostgreSQL"
    with _set(folder, url, seed, LEASE) as (world, processes):
        processes.order("stops", role="worker-0", budget=stops, seconds=LEASE * 3)

        def trouble() -> bool:
            time.sleep(0.2)
            state = processes.order("state")
            return bool(state["stops"] or state["standing"])

        _attending(world, seconds, count, trouble)
        processes.order("calm")
        rest(world)
        proof = prove(world, folder)
        events = read(folder / "events.jsonl")
        stopped = {(line["pid"], line["t"]) for line in events if line["what"] == "stopped"}
        continued = {line["pid"]: line["t"] for line in events if line["what"] == "continued"}
        late = [
            line
            for line in events
            if line["what"] == "job done" and line["t"] > continued.get(line["pid"], float("inf"))
        ]
        ended = [
            line
            for line in events
            if line["what"] == "died" and line["pid"] in continued and not line["killed"]
        ]
        return Outage(
            "a worker stopped past its lease, then continued",
            database,
            seed,
            len(world.done),
            len(stopped),
            world.waits.unavailable,
            proof,
            sorted(world.waits.repeated),
            [LEASE * 3] * len(stopped),
            f"{len(late)} late results, {len(ended)} of them ended themselves because their jobs had been taken over",
        )


# --- a full disk ----------------------------------------------------------------------------------
@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """A small tmpfs on this folder; False where nobody may mount."""
    folder.mkdir(parents=True, exist_ok=True)
    order = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    mounted = (
        os.geteuid() == 0
        and sys.platform == "linux"
        and run(order, capture_output=True).returncode == 0
    )
    try:
        yield mounted
    finally:
        if mounted:
            run(["umount", "-l", str(folder)])


class Ballast:
    """A file that takes the rest of a small disk."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "ballast"

    def fill(self) -> None:
        with self._file.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))

    def free(self) -> None:
        self._file.unlink(missing_ok=True)


class Pages:
    """SQLite itself allows no further page: needs no mount and no root."""

    def __init__(self, processes: Processes, file: Path) -> None:
        self._processes, self._file = processes, file

    def fill(self) -> None:
        with contextlib.closing(sqlite3.connect(self._file)) as connection:
            pages = int(connection.execute("PRAGMA page_count").fetchone()[0])
        self._processes.order("pages", number=pages)

    def free(self) -> None:
        self._processes.order("pages", number=MANY)


class ServersDisk:
    """The disk of a PostgreSQL server. One that gave up for want of space is started again, as its
    administrator would."""

    def __init__(self, server: Postgres, ballast: Ballast) -> None:
        self._server, self._ballast, self.started_again = server, ballast, 0

    def fill(self) -> None:
        self._ballast.fill()

    def free(self) -> None:
        self._ballast.free()
        if not self._server.answers():
            self._server.restart()
            self.started_again += 1


def full_disk(
    folder: Path, *, times: int, seconds: float, seed: int, mount: bool, count: int = 4
) -> Outage:
    """SQLite: the disk is full for some seconds, again and again."""
    disk = folder / "disco"
    with contextlib.ExitStack() as stack:
        mounted = mount and stack.enter_context(small_disk(disk, 160))
        disk.mkdir(parents=True, exist_ok=True)
        world, processes = stack.enter_context(
            _set(folder, f"sqlite:///{disk / 'ventanilla.db'}", seed)
        )
        space = Ballast(disk) if mounted else Pages(processes, disk / "ventanilla.db")
        away = _filled(world, space, times=times, seconds=seconds, seed=seed, count=count)
        what = f"the disk full ({'a small tmpfs' if mounted else 'no further page allowed'})"
        return _ended(what, "SQLite", seed, world, away, folder)


def full_disk_of_postgres(
    folder: Path, *, times: int, seconds: float, seed: int, count: int = 4
) -> Outage | None:
    """The same for a PostgreSQL server, whose WAL is on the full disk too; None where nobody may
    mount."""
    disk = folder / "disco"
    with contextlib.ExitStack() as stack:
        if not stack.enter_context(small_disk(disk, SERVERS_DISK)):
            return None
        disk.chmod(0o755)  # the server of the test wheel has a user of its own
        server = stack.enter_context(Postgres(disk / "pg"))
        url = stack.enter_context(server.database())
        world, _ = stack.enter_context(_set(folder, url, seed))
        space = ServersDisk(server, Ballast(disk))
        away = _filled(world, space, times=times, seconds=seconds, seed=seed, count=count)
        found = _ended("the disk full (a small tmpfs)", "PostgreSQL", seed, world, away, folder)
        found.notes = f"times that the server itself gave up and had to be started again: {space.started_again}"
        return found


def _filled(
    world: World,
    space: Ballast | Pages | ServersDisk,
    *,
    times: int,
    seconds: float,
    seed: int,
    count: int,
) -> list[float]:
    """People are attended, the disk is full and free in turn; gives the seconds of each time."""
    rng, away = dice(seed), list[float]()
    change, full_since, pages = [0.0], [0.0], [0]

    def trouble() -> bool:
        unseen = (
            full_since[0]
            and world.waits.unavailable == pages[0]
            and time.monotonic() < full_since[0] + SEEN
        )
        if time.monotonic() < change[0] or not world.begun or unseen:
            return True
        if full_since[0]:
            space.free()
            away.append(time.monotonic() - full_since[0])
            full_since[0] = 0.0
            change[0] = time.monotonic() + rng.uniform(2, 5)
            return len(away) < times
        space.fill()
        full_since[0], pages[0] = time.monotonic(), world.waits.unavailable
        change[0] = full_since[0] + rng.uniform(1, 3)
        return True

    try:
        _attending(world, seconds, count, trouble)
    finally:
        space.free()
    rest(world)
    return away


def _ended(
    what: str, database: str, seed: int, world: World, away: list[float], folder: Path
) -> Outage:
    proof = prove(world, folder)
    waits = world.waits
    return Outage(
        what,
        database,
        seed,
        len(world.done),
        len(away),
        waits.unavailable,
        proof,
        sorted(waits.repeated),
        sorted(away),
    )
