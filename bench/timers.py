"""10,000 timers due in one second: how fast they drain and what people wait meanwhile.

`python -m bench.timers [--timers N] [--database sqlite|postgresql]`

The worker is a process of its own (two on PostgreSQL), as in production; this process is the web
and completes tasks all the time, first with nothing due, then while the timers drain. Times are of
this machine and this run: compare the two columns.
"""

import argparse
import datetime as dt
import multiprocessing
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.place import databases
from engine.clock import SystemClock
from engine.commands import Engine
from engine.jobs.inprocess import InProcessJobs
from engine.store.sql import TIMER
from engine.store.tables import Base
from engine.store.uow import prepare
from engine.types import SYSTEM, Handlers
from tests.kit.cast import SIN_PUNTO
from tests.kit.diagrams import flow, flows, lane, model, process, user
from webforms.comandos.trabajador import Bomba

QUIET = 300  # steps of people with nothing due
PAUSE = 0.01  # seconds between two steps of a person


def timed_models() -> dict[str, bytes]:
    """T waits for a date, then for a person; U asks the same person again and again."""
    catch = '<intermediateCatchEvent id="t"><timerEventDefinition><timeDate>cuando</timeDate></timerEventDefinition></intermediateCatchEvent>'
    body = '<startEvent id="s"/><endEvent id="e"/>' + catch + user("a") + flows("s>t>a>e")
    timer = model(
        process("T", body, lanes=lane("L1", "asesor", "", "a"), variables="cuando:instant")
    )
    body = '<startEvent id="s"/><endEvent id="e"/><exclusiveGateway id="j"/><exclusiveGateway id="g" default="f_g_e"/>'
    body += user("a", fields="otra:boolean") + flows("s>j>a>g>e") + flow("g", "j", "otra == True")
    return {
        "t.bpmn": timer,
        "u.bpmn": model(process("U", body, lanes=lane("L2", "asesor", "", "a"))),
    }


def engine(url: str) -> Engine:
    db = sa.create_engine(url)
    prepare(db)
    return Engine(
        db, handlers=Handlers(), jobs=InProcessJobs(), functions={}, forms=(), clock=SystemClock()
    )


def work(url: str, stop: Any) -> None:
    """What `flask worker` does for timers."""
    halt = threading.Event()
    pump = Bomba(engine(url), SystemClock(), halt)
    pump.start()
    stop.wait()
    halt.set()
    pump.join(timeout=10)


class Person:
    """Completes one task after the other."""

    def __init__(self, motor: Engine) -> None:
        self.motor = motor
        self.item = motor.instances.start("U", actor=SYSTEM, now=SystemClock().now()).opened[0].id

    def step(self) -> float:
        begin = time.perf_counter()
        self.item = (
            self.motor.items.complete(
                self.item, values={"otra": True}, actor=SIN_PUNTO, now=SystemClock().now()
            )
            .opened[0]
            .id
        )
        return (time.perf_counter() - begin) * 1_000


def p95(spent: list[float]) -> str:
    high = statistics.quantiles(spent, n=20)[-1]
    return f"p50 {statistics.median(spent):.1f}, p95 {high:.1f}, max {max(spent):.0f} ms of {len(spent)} steps"


def left(db: sa.Engine) -> int:
    with db.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM timer").scalar_one())


def measure(url: str, timers: int, workers: int) -> list[str]:
    motor = engine(url)
    Base.metadata.create_all(motor.db)
    motor.releases.deploy(timed_models(), actor=SYSTEM, now=SystemClock().now())
    due = SystemClock().now() + dt.timedelta(days=1)
    with motor.batch(500):
        for number in range(timers):
            at = due + dt.timedelta(seconds=number / timers)
            motor.instances.start(
                "T", actor=SYSTEM, now=SystemClock().now(), data={"cuando": at.isoformat()}
            )
    person, calm, busy = Person(motor), [], []
    for _ in range(QUIET):
        calm.append(person.step())
        time.sleep(PAUSE)
    with motor.db.begin() as connection:  # all of them, in one second that is now
        connection.execute(sa.update(TIMER).values(due=SystemClock().now()))
    stop = multiprocessing.get_context("spawn").Event()
    processes = [
        multiprocessing.get_context("spawn").Process(target=work, args=(url, stop))
        for _ in range(workers)
    ]
    for each in processes:
        each.start()
    while left(motor.db) == timers:  # the workers start
        time.sleep(PAUSE)
    begin = time.perf_counter()
    while left(motor.db):
        busy.append(person.step())
        time.sleep(PAUSE)
    spent = time.perf_counter() - begin
    stop.set()
    for each in processes:
        each.join()
    motor.db.dispose()
    return [
        f"quiet   {p95(calm)}",
        f"drain   {timers} timers in {spent:.1f} s, {timers / spent:.0f} a second, {workers} worker(s)",
        f"busy    {p95(busy)}",
    ]


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--timers", type=int, default=10_000)
    arguments.add_argument("--database", choices=("sqlite", "postgresql"))
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name, databases(Path(name)) as places:
        for title, url in places:
            if given.database in (None, title.lower()):
                sys.stdout.write(
                    "\n".join(
                        [title, *measure(url, given.timers, 1 if title == "SQLite" else 2), ""]
                    )
                )


if __name__ == "__main__":
    main()
