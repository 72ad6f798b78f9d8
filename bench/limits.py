"""Long and wide cases: what a step costs at the beginning and at the end. `python -m bench.limits
[--steps 5000] [--case loop]`.

SQLite without waiting for the disk, so that the engine's own work shows; CPU time, so that a busy
machine shows less. A step that grew with the length of its case would show in the last column.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from engine.clock import SystemClock
from engine.commands import Engine
from engine.jobs.inprocess import InProcessJobs
from engine.store.tables import Base
from engine.store.uow import prepare
from engine.types import SYSTEM, Handlers
from tests.kit.diagrams import flow, flows, lane, model, process, user


def chain(number: int) -> bytes:
    names = [f"t{n}" for n in range(number)]
    body = (
        '<startEvent id="s"/>'
        + "".join(map(user, names))
        + '<endEvent id="e"/>'
        + flows(">".join(["s", *names, "e"]))
    )
    return model(process("P", body, lanes=lane("L", "asesor", "", *names)))


def loop(_number: int) -> bytes:
    body = '<startEvent id="s"/><endEvent id="e"/><exclusiveGateway id="j"/><exclusiveGateway id="g" default="f_g_e"/>'
    body += user("a", fields="otra:boolean") + flows("s>j>a>g>e") + flow("g", "j", "otra == True")
    return model(process("P", body, lanes=lane("L", "asesor", "", "a")))


def items(number: int, *, sequential: bool) -> bytes:
    inner = f"<loopCardinality>{number}</loopCardinality>"
    marker = f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">{inner}</multiInstanceLoopCharacteristics>'
    body = f'<startEvent id="s"/><userTask id="a">{marker}</userTask><endEvent id="e"/>' + flows(
        "s>a>e"
    )
    return model(process("P", body, lanes=lane("L", "asesor", "", "a")))


CASES: dict[str, Callable[[int], bytes]] = {
    "chain": chain,
    "loop": loop,
    "sequential": lambda number: items(number, sequential=True),
    "parallel": lambda number: items(number, sequential=False),
}


def measure(name: str, steps: int, folder: Path) -> str:
    db = sa.create_engine(f"sqlite:///{folder / name}.db")
    prepare(db)
    sa.event.listen(
        db, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF")
    )
    Base.metadata.create_all(db)
    clock = SystemClock()
    engine = Engine(
        db, handlers=Handlers(), jobs=InProcessJobs(), functions={}, forms=(), clock=clock
    )
    begin = time.process_time()
    engine.releases.deploy({"p.bpmn": CASES[name](steps)}, actor=SYSTEM, now=clock.now())
    deployed = time.process_time()
    opened = deque(engine.instances.start("P", actor=SYSTEM, now=clock.now()).opened)
    started, spent = time.process_time(), list[float]()
    while opened and len(spent) < steps:
        item = opened.popleft()
        before = time.process_time()
        opened += engine.items.complete(
            item.id, values={"otra": True} if name == "loop" else {}, actor=SYSTEM, now=clock.now()
        ).opened
        spent.append((time.process_time() - before) * 1_000)
    with db.connect() as connection:
        size = connection.exec_driver_sql("SELECT sum(length(delta)) FROM journal").scalar_one()
        snapshot = connection.exec_driver_sql(
            "SELECT coalesce(max(length(state)), 0) FROM snapshot"
        ).scalar_one()
    db.dispose()
    tenth = max(1, len(spent) // 10)
    times = f"{statistics.median(spent[:tenth]):.2f} | {statistics.median(spent[-tenth:]):.2f} | {size // len(spent)} | {snapshot // 1_000}"
    return f"| {name} | {len(spent)} | {deployed - begin:.2f} s | {started - deployed:.2f} s | {times} |"


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--steps", type=int, default=5_000)
    arguments.add_argument("--case", choices=tuple(CASES))
    given = arguments.parse_args()
    sys.stdout.write(
        "| case | steps | deploy | start | first tenth, ms a step | last tenth | delta, bytes a step | last snapshot, kB |\n"
    )
    sys.stdout.write("|---|---|---|---|---|---|---|---|\n")
    with tempfile.TemporaryDirectory() as folder:
        for name in CASES if given.case is None else (given.case,):
            sys.stdout.write(measure(name, given.steps, Path(folder)) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
