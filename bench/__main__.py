"""What one step costs on this machine: `python -m bench` prints it, `--write` also puts it into docs/performance.md.

Each time is the median of several rounds, the bare INSERT+commit measured in turn with the steps; ratios compare one run on one database.
"""

import argparse
import os
import platform
import sqlite3
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

import app as door
from engine.clock import SystemClock
from engine.commands import Engine
from engine.jobs.inprocess import InProcessJobs
from engine.store.tables import Base
from engine.types import SYSTEM
from engine.types import Actor
from engine.types import Data
from engine.types import Role
from records.tables import Cuenta
from tests import visita_http as visita
from tests.models import document
from tests.models import flow
from tests.models import flows
from tests.models import lane
from tests.models import process
from tests.models import user
from webforms.servicios import EXTENSION

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 40
AT = (11, 200)  # completed tasks of the instance
FINISHED = 100  # instances of ten tasks whose bytes are counted
USER = "asesor.bog01"
ACTOR = Actor("person", USER, frozenset({Role("asesor", visita.PUNTO)}))
TEXT = "La persona pide el saldo de su crédito y el extracto del mes. " * 15  # about 1 kB, as forms have
TEN = 10


def model() -> bytes:
    """Two tasks of the adviser's lane, again and again until `otra` is false."""
    body = (
        '<startEvent id="s"/><endEvent id="e"/><exclusiveGateway id="j"/><exclusiveGateway id="g" default="f_g_e"/>'
        + user("A", "otra:boolean", "texto:longtext!")
        + user("B", "otra:boolean", "texto:longtext!")
        + flows("s > j > A > B > g > e")
        + flow("g", "j", "otra == True")
    )
    return document(process("Bench", body, lane("L", "asesor", "punto_id", "s", "j", "A", "B", "g", "e"), "punto_id"))


@contextmanager
def databases(folder: Path) -> Iterator[list[tuple[str, str]]]:
    """(name, URL) of an SQLite file and of a PostgreSQL server that lives as long as this."""
    os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="ventanilla-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pgserver  # type: ignore[attr-defined, import-untyped, unused-ignore]  # noqa: PLC0415 - it looks for its runtime folder when it is imported

        server = pgserver.get_server(folder / "pg", cleanup_mode="stop")
    postgres = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    try:
        yield [("SQLite", f"sqlite:///{folder / 'bench.db'}"), ("PostgreSQL", postgres)]
    finally:
        server.cleanup()


@dataclass
class Bench:
    """The whole application on one database."""

    app: Flask
    db: sa.Engine

    @property
    def engine(self) -> Engine:
        engine: Engine = self.app.extensions[EXTENSION].engine
        return engine

    def start(self) -> str:
        started = self.engine.start("Bench", actor=SYSTEM, now=SystemClock().now(), data={"punto_id": visita.PUNTO})
        return started.opened[0].id

    def complete(self, item: str, *, again: bool = True) -> str:
        values: Data = {"otra": again, "texto": TEXT}
        opened = self.engine.complete(item, values=values, actor=ACTOR, now=SystemClock().now()).opened
        return opened[0].id if opened else ""

    def insert(self) -> None:
        """The yardstick: one row of 1.5 kB and its commit, prepared and set up like the engine's own."""
        with self.db.execution_options(ventanilla_write=True).begin() as connection:
            connection.execute(sa.text("INSERT INTO bench_row (body) VALUES (:body)"), {"body": "x" * 1_500})

    def client(self) -> FlaskClient:
        with Session(self.db) as s:
            key = s.scalars(sa.select(Cuenta.fs_uniquifier).where(Cuenta.usuario == USER)).one()
        client = self.app.test_client()
        with client.session_transaction() as session:
            session.update({"_user_id": key, "_fresh": True, "_permanent": True})
        return client


def prepare(folder: Path, url: str) -> Bench:
    folder.mkdir()
    visita.sembrar(folder, url, SystemClock().now())
    app = door.create_app(door.Config(instance=folder, database_url=url, secret_key="bench", jobs=InProcessJobs()))  # noqa: S106 - of the bench
    engine: Engine = app.extensions[EXTENSION].engine
    engine.deploy({"bench.bpmn": model()}, actor=SYSTEM, now=SystemClock().now())
    with engine.db.begin() as connection:
        connection.execute(sa.text("CREATE TABLE bench_row (body TEXT)"))
    return Bench(app, engine.db)


def ms(begin: float) -> float:
    return (time.perf_counter() - begin) * 1_000


def engine_step(bench: Bench, done: int) -> tuple[float, float]:
    """Medians in ms: one step of an instance with about so many tasks done, one bare INSERT; measured in turn."""
    item = bench.start()
    steps: list[float] = []
    bare: list[float] = []
    for _ in range(done - 1):
        item = bench.complete(item)
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        bench.insert()
        bare.append(ms(begin))
        if done < AT[1] and len(steps) % 4 == 3:  # noqa: PLR2004 - stay near the number: a new instance every few steps
            item = bench.start()
            for _ in range(done - 1):
                item = bench.complete(item)
        begin = time.perf_counter()
        item = bench.complete(item)
        steps.append(ms(begin))
    return statistics.median(steps), statistics.median(bare)


def http_step(bench: Bench) -> float:
    """Median in ms of the POST that completes a task: session, user, CSRF, form, submission, journal, redirect."""
    client, item, spent = bench.client(), bench.start(), []
    for _ in range(ROUNDS):
        page = client.get(f"/tarea/{item}").text
        data = {"otra": "si", "texto": TEXT, "csrf_token": visita.oculto(page, "csrf_token")}
        begin = time.perf_counter()
        answer = client.post(f"/tarea/{item}", data=data)
        spent.append(ms(begin))
        if answer.status_code != 302:  # noqa: PLR2004 - taken
            raise RuntimeError(answer.text)
        item = answer.location.rsplit("/", 1)[-1].partition("?")[0]
    return statistics.median(spent)


def statements(bench: Bench) -> list[str]:
    """What one step sends to the database, without BEGIN and COMMIT."""
    item, sent = bench.complete(bench.start()), list[str]()

    def note(_c: object, _k: object, text: str, *_rest: object) -> None:
        sent.append(" ".join(text.split())[:70])

    sa.event.listen(bench.db, "before_cursor_execute", note)
    bench.complete(item)
    sa.event.remove(bench.db, "before_cursor_execute", note)
    return [s for s in sent if not s.startswith(("BEGIN", "COMMIT"))]


def size(bench: Bench) -> int:
    """Bytes of the engine's tables with their indexes, packed."""
    with bench.db.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if bench.db.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
            free = int(connection.exec_driver_sql("PRAGMA freelist_count").scalar_one())
            return (pages - free) * int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())
        total = 0
        for name in Base.metadata.tables:
            connection.exec_driver_sql(f"VACUUM FULL {name}")
            total += int(connection.exec_driver_sql(f"SELECT pg_total_relation_size('{name}')").scalar_one())
        return total


def bytes_per_instance(bench: Bench) -> int:
    before = size(bench)
    for _ in range(FINISHED):
        item = bench.start()
        for n in range(TEN):
            item = bench.complete(item, again=n < TEN - 1)
    return (size(bench) - before) // FINISHED


def server_version(bench: Bench) -> str:
    if bench.db.dialect.name == "sqlite":
        return sqlite3.sqlite_version
    with bench.db.connect() as connection:
        return str(connection.exec_driver_sql("SHOW server_version").scalar_one())


def report(name: str, bench: Bench) -> list[str]:
    lines = [f"## {name} {server_version(bench)}", "", "| measure | value |", "|---|---|"]
    for done in AT:
        step, bare = engine_step(bench, done)
        lines.append(
            f"| engine: user-to-user step, {done} tasks done | {step:.2f} ms; one INSERT+commit {bare:.2f} ms; **{step / bare:.1f}x** |"
        )
    lines.append(f"| HTTP: POST of a form to its redirect (Flask test client) | {http_step(bench):.1f} ms |")
    sent = statements(bench)
    lines.append(
        f"| bytes per finished instance of {TEN} tasks (texts of {len(TEXT.encode())} B each included) | {bytes_per_instance(bench)} |"
    )
    return [*lines, f"| statements of the engine's step | {len(sent)}, 1 commit |", "", *(f"    {s}" for s in sent), ""]


def header() -> list[str]:
    packages = ", ".join(f"{n} {version(n)}" for n in ("SQLAlchemy", "SpiffWorkflow", "Flask", "psycopg"))
    load = os.getloadavg()[0]
    machine = f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"
    return [
        "# Performance",
        "",
        f"`make bench` on {SystemClock().now():%Y-%m-%d}: {machine}, Python {platform.python_version()}, {packages}, load {load:.1f}.",
        f"Medians of {ROUNDS} rounds, both sides durable (SQLite synchronous=FULL, PostgreSQL defaults). Compare ratios, not milliseconds.",
        "",
    ]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--write", action="store_true", help="write docs/performance.md too")
    write, lines = arguments.parse_args().write, header()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with databases(folder) as places:
            for title, url in places:
                bench = prepare(folder / title.lower(), url)
                lines += report(title, bench)
                bench.db.dispose()
    text = "\n".join(lines)
    sys.stdout.write(text)
    if write:
        (ROOT / "docs" / "performance.md").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
