"""A store as it is after years: `python -m bench.million --finished 1000000 --open 10000` fills it,
then measures pages and checks.

A few hundred visits run through the engine (the load of the demo); their rows are then copied with
new ids, chains and digests (bench/clones.py). The same pages are measured in a store with `--small`
finished instances, and the ratio is what counts.
"""

import argparse
import contextlib
import datetime as dt
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy.orm import Session

import app as door
from bench import clones, fill
from demo import carga
from demo.lugar import Lugar
from engine.clock import SystemClock
from engine.commands import Engine
from engine.errors import ItemClosed
from engine.jobs import durable
from engine.reads.verification import verify
from engine.states import ActorKind, ItemState
from engine.store.tables import ITEM_IS_OPEN, Instance, Item
from engine.types import Actor, Role
from records.casos.tablas import Caso, Contador
from records.cuentas.tablas import Cuenta
from records.personas.tablas import Persona
from tests.kit.cast import SESSION_KEY
from tests.kit.web import signed_in
from tools.sections import part, put
from webforms.base.servicios import EXTENSION

TEMPLATES = 300  # visits that the engine runs
SPAN = 31  # days over which they lie
BATCH = 4  # rounds of copies that are written together
SAMPLE = 200  # cases whose chains are checked after filling
ROUNDS = 60
APART = 500_000  # open copies keep their day: their tickets are not those of the closed copies
LIMIT_MS = 50.0
LIMIT_RATIO = 2.0
WHO = "coordinador"
REVIEWER = "cumplimiento"
ADMINISTRATOR = "administrador"
TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "performance.md"


@dataclass(frozen=True, slots=True)
class Filled:
    instances: int
    seconds: float


def prepare(app: Flask, config: door.Config) -> None:
    """Tables, and the visits that the engine runs."""
    now = SystemClock().now()
    lugar = Lugar(config.database_url, config.instance, door.ROOT / "bpmn", config.base_url)
    with app.app_context():
        upgrade()
        durable.migrate(config.database_url)
    carga.cargar(
        door.demo_engine(config), lugar, TEMPLATES, now, lambda _hechas, _total: None, SPAN
    )


def grow(db: sa.Engine, finished: int, still_open: int) -> Filled:
    """Copy cases until there are so many finished instances, and so many open ones."""
    begin = time.perf_counter()
    with db.connect() as connection:
        people, templates, documents = clones.read(connection)
        stride = _stride(connection, clones.OF_CASES)
        apart = _stride(connection, clones.OF_PEOPLE)
        radicados = _highest_radicado(connection)
    closed = [t for t in templates if not t.active]
    open_ = [t for t in templates if t.active]
    need = {
        "closed": finished - sum(t.instances for t in closed),
        "open": still_open - sum(t.active for t in open_),
    }
    if not closed or not open_:
        raise ValueError("the templates must have finished cases and open ones")
    with fill.writing(db) as writer:
        filler = clones.Filler(documents, text_instants=writer.text_instants)
        rows, number, persons = fill.rows(), 0, 0
        while any(n > 0 for n in need.values()):
            number += 1
            if number % clones.VISITS_OF_A_PERSON == 1:
                persons += 1
            back = dt.timedelta(days=number % clones.DAYS)
            copy = clones.Copy(number, number * stride, persons * apart, back, number * radicados)
            if number % clones.VISITS_OF_A_PERSON == 1:
                clones.copy_case(people, filler.values(people, copy), copy, rows)
            for kind, group in (("closed", closed), ("open", open_)):
                for template in group:
                    if need[kind] <= 0:
                        break
                    at = (
                        copy
                        if kind == "closed"
                        else replace(copy, number=number + APART, back=dt.timedelta(0))
                    )
                    clones.copy_case(template, filler.values(template, at), at, rows)
                    need[kind] -= template.active or template.instances
            if number % BATCH == 0:
                writer.write(rows)
                rows = fill.rows()
        writer.write(rows)
    with Session(db) as session, session.begin():
        highest = sa.update(Contador).where(Contador.serie.like("radicado:%"))
        session.execute(
            highest.values(ultimo=Contador.ultimo + number * radicados).execution_options(
                synchronize_session=False
            )
        )
        if db.dialect.name == "postgresql":
            session.execute(sa.text("ANALYZE"))
        instances = session.execute(sa.select(sa.func.count()).select_from(Instance)).scalar_one()
    return Filled(instances, time.perf_counter() - begin)


def _stride(connection: sa.Connection, names: tuple[str, ...]) -> int:
    """More than any id of these tables; the outbox moves with the cases."""
    tables = [
        clones.TABLES[name] for name in (*names, *(["outbox"] if names is clones.OF_CASES else []))
    ]
    highest = [
        connection.execute(sa.select(sa.func.max(t.c.id))).scalar() or 0
        for t in tables
        if "id" in t.c
    ]
    return max(highest) + 1


def _highest_radicado(connection: sa.Connection) -> int:
    series = connection.execute(
        sa.select(Contador.ultimo).where(Contador.serie.like("radicado:%"))
    ).scalars()
    return max(series, default=0)


def check(db: sa.Engine, sample: int) -> int:
    """Chains of cases taken evenly from the whole store; how many were checked. Raises at the first
    fault."""
    with Session(db) as session:
        keys = list(
            session.execute(
                sa.select(Instance.case_key).distinct().order_by(Instance.case_key)
            ).scalars()
        )
        for key in keys[:: max(1, len(keys) // sample)]:
            faults = verify(session, key).faults
            if faults:
                raise AssertionError(f"{key}: {faults[0]}")
        return len(keys[:: max(1, len(keys) // sample)])


# --- measuring ------------------------------------------------------------------------------------
Work = Callable[[], object]


def works(app: Flask) -> Iterator[tuple[str, Work]]:
    """What people do in a full store; each is one page, or the check of one case."""
    services = app.extensions[EXTENSION]
    db: sa.Engine = services.db
    with Session(db) as session:
        caso = session.scalars(
            sa.select(Caso).where(Caso.escalado.is_not(None)).order_by(Caso.id.desc()).limit(1)
        ).one()
        persona = session.get_one(Persona, caso.persona_id)
        session.expunge_all()
    clients = {user: _enter(app, user) for user in (WHO, REVIEWER, ADMINISTRATOR)}
    key = caso.case_key

    def page(address: str, user: str = WHO) -> Work:
        def work() -> None:
            response = clients[user].get(address)
            if response.status_code != HTTPStatus.OK:
                raise AssertionError(f"{address}: {response.status_code}")

        return work

    def audit() -> None:
        with services.uow.reading() as session:
            if verify(session, key).faults:
                raise AssertionError(key)

    engine: Engine = services.engine
    with Session(db) as session:
        item = session.scalars(
            sa.select(Item)
            .where(ITEM_IS_OPEN, Item.element == "act_5_2_16", Item.claimed_by.is_(None))
            .limit(1)
        ).one()
        done = session.scalars(
            sa.select(Item)
            .where(Item.case_key == key, Item.state == ItemState.DONE, Item.closed_by != "")
            .limit(1)
        ).one()
        session.expunge_all()
    officer = Actor(
        ActorKind.PERSON, "funcionario.prueba", frozenset({Role(item.role or "", item.scope)})
    )
    somebody = Actor(
        ActorKind.PERSON, "otra.persona", frozenset({Role(done.role or "", done.scope)})
    )

    def hold() -> None:
        now = SystemClock().now()
        engine.items.claim(item.id, actor=officer, now=now)
        engine.items.release(item.id, actor=officer, now=now)

    def again() -> None:
        """Two people at one task: the second is told, after a look at what the first one sent."""
        with contextlib.suppress(ItemClosed):
            engine.items.complete(done.id, values={}, actor=somebody, now=SystemClock().now())

    yield "bandeja", page("/bandeja")
    yield "bandeja, mías", page("/bandeja?vista=mias")
    yield "bandeja, sin asignar", page("/bandeja?vista=libres")
    yield "bandeja, texto", page(f"/bandeja?q={persona.nombre.split()[-1]}")
    yield "casos", page("/casos")
    yield "casos, página 20", page("/casos?pagina=20")
    yield "casos, radicado", page(f"/casos?radicado={caso.radicado}")
    yield "casos, nombre frecuente", page("/casos?persona=maria")
    yield "casos, nombre completo", page("/casos?persona=" + persona.nombre.replace(" ", "+"))
    yield "casos, nombre de nadie", page("/casos?persona=zzyzx")
    yield "casos, abiertos", page("/casos?abiertos=1")
    yield "casos, vencidos", page("/casos?vencidos=1")
    yield "cumplimiento", page("/cumplimiento", REVIEWER)
    yield "caso", page(f"/caso/{key}")
    yield "historia", page(f"/caso/{key}/historia")
    yield "auditoría de un caso", audit
    yield "incidentes", page("/administracion/incidentes", ADMINISTRATOR)
    yield "suspendidos", page("/suspendidos")
    yield "procesos y versiones", page("/procesos/", ADMINISTRATOR)
    yield "tomar y soltar una tarea", hold
    yield "enviar otra vez lo ya enviado", again


def _enter(app: Flask, user: str) -> FlaskClient:
    with Session(app.extensions[EXTENSION].db) as session:
        key = session.scalars(sa.select(Cuenta.fs_uniquifier).where(Cuenta.usuario == user)).one()
    client = app.test_client()
    with client.session_transaction() as kept:
        kept.update(signed_in(key))
    return client


Times = dict[str, tuple[float, float]]  # p50 and p95 in milliseconds


def measure(small: Flask, large: Flask, rounds: int) -> tuple[Times, Times]:
    """The rounds go over all pages in turn, small and large store side by side: what else the
    machine does meets both."""
    todo = [
        (name, work, work_of_large)
        for (name, work), (_, work_of_large) in zip(works(small), works(large), strict=True)
    ]
    spent: tuple[dict[str, list[float]], dict[str, list[float]]] = (
        {n: [] for n, *_ in todo},
        {n: [] for n, *_ in todo},
    )
    for turn in range(rounds + 2):
        for name, *pair in todo:
            for times, work in zip(spent, pair, strict=True):
                begin = time.perf_counter()
                work()
                if turn > 1:
                    times[name].append(1000 * (time.perf_counter() - begin))
    few, many = (
        {
            name: (statistics.median(t), statistics.quantiles(t, n=20)[18])
            for name, t in times.items()
        }
        for times in spent
    )
    return few, many


def table(small: Times, large: Times) -> tuple[list[str], bool]:
    lines, good = (
        ["| | p50 ms | p95 ms | p95 ms, small store | ratio |", "|---|---|---|---|---|"],
        True,
    )
    for name, (p50, p95) in large.items():
        ratio = p95 / small[name][1]
        good = good and p95 <= LIMIT_MS and ratio <= LIMIT_RATIO
        lines.append(f"| {name} | {p50:.1f} | {p95:.1f} | {small[name][1]:.1f} | {ratio:.1f} |")
    return lines, good


def opened(folder: Path, url: str | None) -> tuple[Flask, door.Config]:
    folder.mkdir(parents=True, exist_ok=True)
    url = url or f"sqlite:///{folder / 'ventanilla.db'}"
    config = door.Config(instance=folder, database_url=url, secret_key=SESSION_KEY, demo=True)
    return door.create_app(config), config


def fill_store(
    app: Flask, config: door.Config, finished: int, still_open: int, sample: int
) -> None:
    db: sa.Engine = app.extensions[EXTENSION].db
    if sa.inspect(db).has_table("instance"):
        sys.exit(
            f"{config.instance} or {config.database_url} holds a store already: give an empty place, or --measure."
        )
    prepare(app, config)
    filled = grow(db, finished, still_open)
    checked = check(db, sample)
    sys.stdout.write(
        f"{filled.instances} instances in {filled.seconds:.0f} s; {checked} cases checked, no fault\n"
    )
    sys.stdout.flush()


def size(db: sa.Engine) -> str:
    with db.connect() as connection:
        counts = dict(
            connection.execute(
                sa.select(Instance.status, sa.func.count()).group_by(Instance.status)
            ).all()
        )
    total, octets = sum(counts.values()), fill.bytes_of(db)
    return f"{total:,} instances ({counts.get('active', 0):,} open), {octets / 1e9:.2f} GB, {octets / total / 1000:.1f} kB each"


def publish(title: str, lines: list[str]) -> None:
    """Into docs/performance.md, in the place of what this database had there."""
    head, *parts = part(DOCUMENT.read_text("utf-8"), "stores").split("\n### ")
    kept = [part.rstrip() for part in parts if not part.startswith(f"{title}\n")]
    new = "\n".join([title, "", *lines])
    put(DOCUMENT, "stores", "\n\n### ".join([head.rstrip(), *sorted([*kept, new])]))


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.million", description=__doc__)
    parser.add_argument("--finished", type=int, default=1_000_000)
    parser.add_argument("--open", type=int, default=10_000, dest="still_open")
    parser.add_argument(
        "--small",
        type=int,
        default=1_000,
        help="finished instances of the store to compare with; as many are open",
    )
    parser.add_argument(
        "--url", help="an empty PostgreSQL database for the large store; else SQLite"
    )
    parser.add_argument("--small-url", help="the same for the small store")
    parser.add_argument(
        "--folder",
        type=Path,
        help="where the SQLite files go and stay; else a folder that is removed",
    )
    parser.add_argument(
        "--measure", action="store_true", help="the stores are filled already: measure them"
    )
    parser.add_argument(
        "--write", action="store_true", help="put the result into docs/performance.md"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--sample", type=int, default=SAMPLE)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        small, small_config = opened(folder / "small", given.small_url)
        large, large_config = opened(folder / "large", given.url)
        if not given.measure:
            fill_store(small, small_config, given.small, given.still_open, given.sample)
            fill_store(large, large_config, given.finished, given.still_open, given.sample)
        rows, good = table(*measure(small, large, given.rounds))
        sizes = [size(app.extensions[EXTENSION].db) for app in (large, small)]
        title = TITLES[large.extensions[EXTENSION].db.dialect.name]
        for app in (small, large):
            app.extensions[EXTENSION].db.dispose()
    when = f"{SystemClock().now():%Y-%m-%d %H:%M} UTC, load average {os.getloadavg()[0]:.1f}, {given.rounds} rounds"
    lines = [f"{when}. Large store: {sizes[0]}. Small store: {sizes[1]}.", "", *rows]
    sys.stdout.write("\n".join([title, *lines]) + "\n")
    if given.write:
        publish(title, lines)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
