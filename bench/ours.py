"""What our engine and our pages cost in one process: the step, the step with a job, the POST of a
form, bytes."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

import app as door
from bench import models
from bench.place import ms, pooled, timed
from engine.clock import SystemClock
from engine.commands import Engine
from engine.jobs.durable import migrate
from engine.store.tables import Base
from engine.types import SYSTEM
from records.cuentas.tablas import Cuenta
from tests.kit import visit as visita
from tests.kit.cast import PUNTO, SESSION_KEY, person
from tests.kit.statements import counting
from tests.kit.web import signed_in
from webforms.base.servicios import EXTENSION

ACTOR = person("asesor.bog01", f"asesor@{PUNTO}")
HTTP_OK = 302  # taken: on to the next task


@dataclass
class Place:
    """The whole application on one database."""

    app: Flask
    db: sa.Engine
    floor: Callable[[], None]

    @property
    def engine(self) -> Engine:
        engine: Engine = self.app.extensions[EXTENSION].engine
        return engine

    def start(self, process: str) -> list[str]:
        started = self.engine.instances.start(
            process, actor=SYSTEM, now=SystemClock().now(), data={"punto_id": PUNTO}
        )
        return [item.id for item in started.opened]

    def complete(self, item: str, *, ok: bool = True) -> str:
        """Gives the task that is open now, "" for none."""
        opened = self.engine.items.complete(
            item, values={**models.FORM, "ok": ok}, actor=ACTOR, now=SystemClock().now()
        ).opened
        return opened[0].id if opened else ""

    def signed_in(self, user: str) -> FlaskClient:
        with Session(self.db) as s:
            key = s.scalars(sa.select(Cuenta.fs_uniquifier).where(Cuenta.usuario == user)).one()
        client = self.app.test_client()
        with client.session_transaction() as session:
            session.update(signed_in(key))
        return client


def prepare(folder: Path, url: str) -> Place:
    """Catalogue, people, accounts and the product's own diagrams, and those of the bench beside
    them."""
    folder.mkdir()
    visita.seed(folder, url, SystemClock().now())
    migrate(url)
    app = door.create_app(door.Config(instance=folder, database_url=url, secret_key=SESSION_KEY))
    engine: Engine = app.extensions[EXTENSION].engine
    engine.core.handlers.remote["bench/lejos"] = lambda _call: None
    diagrams = {f"lineal{n}.bpmn": models.ours(n) for n in (10, 11, 20, 200)}
    engine.releases.deploy(
        {**diagrams, "trabajo.bpmn": models.with_job(), "cuatro.bpmn": models.four()},
        actor=SYSTEM,
        now=SystemClock().now(),
    )
    return Place(app, engine.db, pooled(engine.db))


@dataclass(frozen=True, slots=True)
class Step:
    """Medians in ms of steps and of bare rows measured in turn with them."""

    step: float
    pooled: float
    raw: float


def engine_step(place: Place, raw: Callable[[], None], steps: int, rounds: int) -> Step:
    """Steps of `Lineal<steps>`: all of an 11-task instance, the last fifty of a 200-task one."""
    spent: list[float] = []
    bare: list[float] = []
    driver: list[float] = []
    while len(spent) < rounds:
        (item,) = place.start(f"Lineal{steps}")
        for n in range(steps - 1):  # the last step ends the instance: it opens nothing
            if n < steps - 51:
                item = place.complete(item)
                continue
            bare.append(timed(place.floor))
            driver.append(timed(raw))
            begin = time.perf_counter()
            item = place.complete(item)
            spent.append(ms(begin))
    return Step(statistics.median(spent), statistics.median(bare), statistics.median(driver))


def job_step(place: Place, rounds: int) -> tuple[float, float]:
    """Medians in ms: the step that hands a job to the durable queue in its commit, and the command
    that takes the job's answer."""
    waiting = sa.text("SELECT id FROM work_item WHERE state = 'open' AND process = 'ConTrabajo'")
    (item,) = place.start("ConTrabajo")
    given: list[float] = []
    answered: list[float] = []
    for _ in range(rounds):
        given.append(timed(partial(place.complete, item)))
        with place.db.connect() as connection:
            job = str(
                connection.execute(sa.text("SELECT id FROM job WHERE state = 'open'")).scalar_one()
            )
        answered.append(timed(partial(place.engine.jobs.perform, job, SystemClock().now())))
        with place.db.connect() as connection:
            item = str(connection.execute(waiting).scalar_one())
    return statistics.median(given), statistics.median(answered)


def in_process_step(place: Place, rounds: int) -> float:
    """Median in ms of the POST of a form to its redirect, without a socket: how viewflow's figure
    is measured too."""
    client, item, spent = place.signed_in(ACTOR.id), "", list[float]()
    while len(spent) < rounds:
        if not item:
            (item,) = place.start("Lineal200")
        csrf = visita.hidden(client.get(f"/tarea/{item}").text, "csrf_token")
        form = {"ok": "si", "texto": models.FORM["texto"], "csrf_token": csrf}
        begin = time.perf_counter()
        answer = client.post(f"/tarea/{item}", data=form)
        spent.append(ms(begin))
        item = next_item(answer.status_code, answer.location)
    return statistics.median(spent)


def next_item(status: int, location: str | None) -> str:
    """The next task of the person, "" when the case has none."""
    if status != HTTP_OK or location is None:
        raise RuntimeError(f"answer {status}")
    return location.rsplit("/", 1)[-1].partition("?")[0] if "/tarea/" in location else ""


def statements(place: Place) -> list[str]:
    """What one step sends to the database, without BEGIN and COMMIT."""
    (item,) = place.start("Lineal11")
    item = place.complete(item)
    with counting(place.db) as cost:
        place.complete(item)
    return [" ".join(text.split()) for text in cost.texts]


# --- bytes ----------------------------------------------------------------------------------------
def size(db: sa.Engine) -> int:
    """Bytes of the engine's tables with their indexes, packed."""
    with db.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if db.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            pages, free, each = (
                int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
                for name in ("page_count", "freelist_count", "page_size")
            )
            return (pages - free) * each
        total = 0
        for name in Base.metadata.tables:
            connection.exec_driver_sql(f"VACUUM FULL {name}")
            total += int(
                connection.exec_driver_sql(f"SELECT pg_total_relation_size('{name}')").scalar_one()
            )
        return total


def bytes_per_instance(place: Place, steps: int, instances: int) -> int:
    before = size(place.db)
    for _ in range(instances):
        (item,) = place.start(f"Lineal{steps}")
        while item:
            item = place.complete(item)
    return (size(place.db) - before) // instances
