"""Web and workers are killed at random moments and at every point of their work while people are
attended."""

import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.crash.clients import TO_DELIVER, Administrator, World, desks
from tests.crash.ledger import read
from tests.crash.place import Place, place
from tests.crash.proof import Proof, prove
from tests.crash.servers import Processes
from tests.crash.zygote import Config

REST = 60.0  # seconds for jobs and messages to come to rest once nobody dies any more


@dataclass(frozen=True, slots=True)
class Size:
    visits: int
    kills: int
    seconds: float  # no new visit begins after that
    desks: int = 8


@dataclass
class Killed:
    """What an experiment counted and measured."""

    database: str
    seed: int
    visits: int
    escalated: int
    forms: int
    requests: int
    unavailable: int
    seconds: float
    proof: Proof
    kills: Counter[str] = field(default_factory=Counter)  # by kind of process
    points: Counter[tuple[str, str]] = field(default_factory=Counter)  # by (kind of process, point)
    # jobs that took four workers with them, told as incidents and tried again by an administrator
    given_up: int = 0
    statements: int = 0  # different statements after which a process died
    restarts: list[float] = field(default_factory=list)  # seconds from fork to ready
    # seconds that people waited for the answer that a death took
    waits: list[float] = field(default_factory=list)
    # seconds from a death in a job to its next run
    takeovers: list[float] = field(default_factory=list)


def run(folder: Path, url: str, size: Size, seed: int) -> Killed:
    with (
        place(folder, url) as here,
        Processes(Config(str(folder), here.roles(), seed, env=here.env)) as processes,
    ):
        world = here.world(processes.port)
        started = time.monotonic()
        administrator = Administrator(world)
        administrator.start()
        _attend(world, processes, size, started, len(here.roles()))
        processes.order("calm")
        rest(world)
        administrator.over.set()
        administrator.join()
        proof = prove(world, folder)
        result = _counted(here, world, proof, seed, time.monotonic() - started)
        result.given_up = administrator.repaired
        world.db.dispose()
        world.ledger.close()
        return result


def _attend(world: World, processes: Processes, size: Size, started: float, roles: int) -> None:
    """Visits until both numbers are reached or the time is over; the pace of the deaths follows
    that of the visits."""
    left = [size.kills]

    def more() -> bool:
        if time.monotonic() - started > size.seconds:
            return False
        return world.begun < size.visits or left[0] > 0

    world.more = more
    threads = desks(world, size.desks)
    for thread in threads:
        thread.start()
    expected = min(size.seconds, size.visits * 0.8)
    processes.order("deaths", budget=size.kills, mean=_mean(expected, size.kills, roles))
    while any(thread.is_alive() for thread in threads):
        time.sleep(0.5)
        left[0] = processes.order("state")["left"]
        passed, done = time.monotonic() - started, len(world.done) + 1
        remaining = min(size.seconds - passed, max(size.visits - done, 1) * passed / done)
        processes.order("pace", mean=_mean(remaining, left[0], roles))


def _mean(seconds: float, kills: int, roles: int) -> float:
    """Seconds of life of each process so that all of them together die often enough."""
    return min(30.0, max(0.15, 0.8 * roles * seconds / max(kills, 1)))


def rest(world: World, limit: float = REST) -> None:
    """Until the workers have done all that was asked of them."""
    until = time.monotonic() + limit
    schema = "dbos." if world.db.dialect.name == "postgresql" else ""
    pending = f"SELECT count(*) FROM {schema}workflow_status WHERE status IN ('PENDING', 'ENQUEUED', 'DELAYED')"
    while world.one(pending) or world.one(TO_DELIVER) or world.rows(Administrator.GIVEN_UP):
        if time.monotonic() > until:
            left = f"SELECT workflow_uuid, status, recovery_attempts FROM {schema}workflow_status WHERE status <> 'SUCCESS'"
            world.failures.append(f"jobs are left: {world.rows(left)}")
            return
        time.sleep(0.2)


def _counted(here: Place, world: World, proof: Proof, seed: int, seconds: float) -> Killed:
    events = read(here.folder / "events.jsonl")
    killed = Killed(
        database="SQLite" if here.url.startswith("sqlite") else "PostgreSQL",
        seed=seed,
        visits=len(world.done),
        escalated=len(world.escalated),
        forms=sum(line["what"] == "form" for line in read(here.folder / "ledger.jsonl")),
        requests=world.waits.requests,
        unavailable=world.waits.unavailable,
        seconds=seconds,
        proof=proof,
        waits=sorted(world.waits.repeated),
        restarts=sorted(line["took"] for line in events if line["what"] == "ready"),
        takeovers=sorted(_takeovers(events)),
    )
    at_point = {line["pid"]: line["point"] for line in events if line["what"] == "point"}
    killed.statements = len(
        {
            line["detail"]
            for line in events
            if line["what"] == "point" and "statement" in line["point"]
        }
    )
    for line in events:
        if line["what"] == "died" and line["killed"]:
            kind = line["role"].split("-")[0]
            killed.kills[kind] += 1
            killed.points[kind, at_point.get(line["pid"], "at a random moment")] += 1
    return killed


def _takeovers(events: list[dict[str, Any]]) -> list[float]:
    """A job that was running when its worker died: how long until some worker runs it again."""
    running: dict[tuple[int, str], float] = {}
    orphaned: dict[str, float] = {}
    waits = []
    for line in events:
        if line["what"] == "job":
            running[line["pid"], line["key"]] = line["t"]
            if line["key"] in orphaned:
                waits.append(line["t"] - orphaned.pop(line["key"]))
        elif line["what"] == "job done":
            running.pop((line["pid"], line["key"]), None)
        elif line["what"] == "died":
            for pid, key in [k for k in running if k[0] == line["pid"]]:
                del running[pid, key]
                orphaned[key] = line["t"]
    return waits
