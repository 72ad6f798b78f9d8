"""What the evidence costs beside the chains: `python -m bench.evidence [--rounds 300]` writes
docs/evidence.md.

Two places of each database: one as it is, one whose rows are not watched and whose log is never
looked at. Steps of both are measured in turn, so that both see the same machine: one that writes
nothing of the business, one that writes a row of it, one that hands over a job.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

import sqlalchemy as sa

from bench import models, ours
from bench.ours import Place
from bench.place import ms, server, timed
from common.notes import Signer
from engine.clock import SystemClock
from engine.store import rows
from engine.types import Writing
from records.correo.tablas import Aviso
from records.sistemas.vigiladas import VIGILADAS
from tests.kit.statements import counting
from tools.sections import put

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "evidence.md"
HEAD = """## What it costs

Written by `python -m bench.evidence` on @when, both sides measured in turn.
The chains themselves (journal, access) are on both: what is compared is the digest of each business row, sealed in the commit that writes
it, and the log that looks at everything and is signed.

| database | what | with | without | ratio | target | |
|---|---|---|---|---|---|---|"""
SIGNER = Signer.new("bench.example/log")
TASKS, MOST_TIME, MOST_BYTES = 10, 1.10, 1.15


@dataclass
class Pair:
    """The same place with and without."""

    title: str
    watched: Place
    bare: Place

    @property
    def both(self) -> tuple[Place, Place]:
        return self.watched, self.bare


def bare(folder: Path, url: str) -> Place:
    """Nothing notes what is written, neither the database nor we."""
    with mock.patch.object(rows, "watch"):
        place = ours.prepare(folder, url)
    if place.db.dialect.name == "postgresql":
        with place.db.begin() as connection:
            for table in rows.with_ours(VIGILADAS):
                for act in ("insert", "update", "delete"):
                    connection.exec_driver_sql(f"DROP TRIGGER {rows.NAME}_{act} ON {table.name}")
    return place


_numbers = count()


def a_notice(writing: Writing) -> None:
    """A row of the business, as a step of a procedure writes one to three of them."""
    notice = {
        "clave": f"bench:{next(_numbers)}",
        "tipo": "tarea",
        "para": "asesor.bog01",
        "asunto": "Tiene una tarea nueva",
    }
    writing.session.execute(
        sa.insert(Aviso).values(**notice, texto="Le llegó una tarea. " * 8, creado=writing.now)
    )


def step(place: Place, item: str, records: Callable[[Writing], Any] | None) -> str:
    opened = place.engine.items.complete(
        item,
        values={**models.FORM, "ok": True},
        actor=ours.ACTOR,
        now=SystemClock().now(),
        records=records,
    ).opened
    return opened[0].id if opened else ""


def steps(pair: Pair, records: Callable[[Writing], Any] | None, rounds: int) -> tuple[float, float]:
    """Medians in ms, with and without."""
    spent: tuple[list[float], list[float]] = ([], [])
    while len(spent[0]) < rounds:
        items = [place.start("Lineal200")[0] for place in pair.both]
        for n in range(min(rounds, 190)):
            for which in (0, 1) if n % 2 else (1, 0):
                begin = time.perf_counter()
                items[which] = step(pair.both[which], items[which], records)
                spent[which].append(ms(begin))
    warm = rounds // 5
    return statistics.median(spent[0][warm:]), statistics.median(spent[1][warm:])


def jobs(pair: Pair, rounds: int) -> tuple[float, float]:
    """Medians in ms of the step that hands over a job and the command that takes its answer,
    together."""
    waiting = sa.text("SELECT id FROM work_item WHERE state = 'open' AND process = 'ConTrabajo'")
    items = [place.start("ConTrabajo")[0] for place in pair.both]
    spent: tuple[list[float], list[float]] = ([], [])
    for n in range(rounds):
        for which in (0, 1) if n % 2 else (1, 0):
            place = pair.both[which]
            took = timed(partial(place.complete, items[which]))
            with place.db.connect() as connection:
                job = str(
                    connection.execute(
                        sa.text("SELECT id FROM job WHERE state = 'open'")
                    ).scalar_one()
                )
            spent[which].append(
                took + timed(partial(place.engine.jobs.perform, job, SystemClock().now()))
            )
            with place.db.connect() as connection:
                items[which] = str(connection.execute(waiting).scalar_one())
    warm = rounds // 5
    return statistics.median(spent[0][warm:]), statistics.median(spent[1][warm:])


def statements(place: Place, records: Callable[[Writing], Any] | None) -> int:
    (item,) = place.start("Lineal11")
    item = step(place, item, records)
    with counting(place.db) as cost:
        step(place, item, records)
    return len(cost.texts)


def octets(
    pair: Pair, records: Callable[[Writing], Any] | None, instances: int
) -> tuple[float, float]:
    """Bytes of an instance of ten tasks, with its entries of the log, which looks once at each: as
    at one that ends within an hour."""
    found = []
    for place, looked_at in ((pair.watched, True), (pair.bare, False)):
        if looked_at:
            place.engine.evidence.checkpoint([SIGNER], now=SystemClock().now())
        before = _size(place.db)
        for _ in range(instances):
            (item,) = place.start(f"Lineal{TASKS}")
            while item:
                item = step(place, item, records)
        if looked_at:
            place.engine.evidence.checkpoint([SIGNER], now=SystemClock().now())
        found.append((_size(place.db) - before) / instances)
    return found[0], found[1]


def _size(db: sa.Engine) -> int:
    """Of the engine, and of the rows of the business."""
    more = 0
    if db.dialect.name == "postgresql":
        with db.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"VACUUM FULL {Aviso.__tablename__}")
            more = int(
                connection.exec_driver_sql(
                    f"SELECT pg_total_relation_size('{Aviso.__tablename__}')"
                ).scalar_one()
            )
    return ours.size(db) + more


def measured(pair: Pair, rounds: int) -> Iterator[str]:
    for what, records in (
        ("a step that writes nothing of the business", None),
        ("a step that writes a row of the business", a_notice),
    ):
        counts = [statements(place, records) for place in pair.both]
        yield line(
            pair,
            f"{what}, ms; statements {counts[0]} / {counts[1]}",
            *steps(pair, records, rounds),
            MOST_TIME,
        )
        yield line(
            pair,
            f"bytes of an instance of {TASKS} tasks of such steps",
            *octets(pair, records, rounds),
            MOST_BYTES,
        )
    yield line(
        pair,
        "a job: the step that hands it over and its answer, ms",
        *jobs(pair, max(20, rounds // 3)),
        MOST_TIME,
    )


def line(pair: Pair, what: str, watched: float, bare: float, most: float) -> str:
    ratio = watched / bare
    numbers = " | ".join(
        f"{value:,.0f}" if value > ours.HTTP_OK else f"{value:.2f}" for value in (watched, bare)
    )
    return f"| {pair.title} | {what} | {numbers} | {ratio:.2f}x | ≤ {most:.2f}x | {'met' if ratio <= most else '**missed**'} |"


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--rounds", type=int, default=300)
    arguments.add_argument("--print", action="store_true", dest="only_print", help="write nothing")
    given = arguments.parse_args()
    load, lines = os.getloadavg()[0], list[str]()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        postgres = stack.enter_context(server(folder))
        names = [stack.enter_context(postgres.database(name)) for name in ("watched", "bare")]
        for title, urls in (
            ("SQLite", [f"sqlite:///{folder / f'{name}.db'}" for name in names]),
            ("PostgreSQL", [postgres.url(name) for name in names]),
        ):
            pair = Pair(
                title,
                ours.prepare(folder / f"{title}-1", urls[0]),
                bare(folder / f"{title}-2", urls[1]),
            )
            lines += measured(pair, given.rounds)
            for place in pair.both:
                place.db.dispose()
    when = f"{SystemClock().now():%Y-%m-%d %H:%M} UTC; load average {load:.1f} at the start; medians of {given.rounds}"
    text = "\n".join([HEAD.replace("@when", when), *lines])
    sys.stdout.write(text + "\n")
    if not given.only_print:
        put(DOCUMENT, "cost", text)


if __name__ == "__main__":
    main()
