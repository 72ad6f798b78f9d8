"""The pages of managers beside a million cases: `python -m bench.dashboards [--cases N] [--url
postgresql://…] [--write]`.

A small demo is loaded; a case, a turn with its periods and the days that are over are then written
for years, as plain rows, and a busy day of today. Each page is asked in turn with a page that shows
nothing but the bar: the ratio to it is what the page itself costs.
"""

import argparse
import datetime as dt
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

import app as door
from bench.million import TITLES, publish
from demo import carga
from demo.lugar import Lugar
from engine.clock import GivenClock, SystemClock
from engine.jobs import durable
from records.base.tablas import Base
from records.casos.tablas import Caso
from records.informes.tablas import DiaActividad, DiaAsesor, DiaHora, DiaResumido
from records.lugares.tablas import Punto
from records.personas.tablas import Persona
from records.plazos.reglas.calendario import dia_local, instante, sumar_habiles
from records.visita.tablas import Turno, TurnoPeriodo
from tests.kit.cast import SESSION_KEY
from tests.kit.clock import NOW
from tests.kit.web import browser_of
from webforms.base.servicios import EXTENSION

VISITS = 60  # of the demo: its diagrams, accounts and a few cases
SPAN = 31  # days over which they lie
TODAY = 2_400  # turns: 50,000 a month over 21 days
DAYS = 900  # business days before today
CHUNK = 20_000
ROUNDS = 120
WARM = 3  # rounds that fill caches
LIMIT_MS = 100.0
WHO = "gerente.operativo"
FLOOR = "/?ajeno=1"  # the bar and a sentence
PAGES = (
    "/gerencia", "/gerencia/ahora", "/gerencia/muro/ahora", "/gerencia/punto/BOG-AGU", "/gerencia/turnos?cual=tarde",
    "/gerencia/casos?termino=fuera", "/gerencia?mapa=M5_1_02_escalonamiento",
)  # fmt: skip
MINUTE = dt.timedelta(minutes=1)
Row = dict[str, Any]


def prepare(app: Flask, config: door.Config) -> None:
    lugar = Lugar(config.database_url, config.instance, door.ROOT / "bpmn", config.base_url)
    with app.app_context():
        upgrade()
        durable.migrate(config.database_url)
    carga.cargar(door.demo_engine(config), lugar, VISITS, NOW, lambda _done, _total: None, SPAN)


def turns(cases: int, points: list[str], first: int) -> Iterator[tuple[Row, list[Row]]]:
    """One for each case on the days before, and those of today; each with its periods."""
    today = dia_local(NOW)
    days = [sumar_habiles(today, -n) for n in range(1, DAYS + 1)]
    for n in range(cases + TODAY):
        now = n >= cases
        day = today if now else days[n % DAYS]
        came = instante(day, dt.time(8)) + (n % (110 if now else 480)) * MINUTE
        waiting, at_desk = now and n % 40 == 0, now and n % 40 == 1
        state = "espera" if waiting else "atencion" if at_desk else "cerrado"
        point = {"punto_id": points[n % len(points)]}
        turn = {
            **point, "id": first + n, "fecha": day, "ficha": f"B{n}", "letra": "B", "motivo_visita": "servicio_adquirido",
            "origen": "quiosco", "llegada": came, "creado": came, "estado": state, "resultado": "atendido" if state == "cerrado" else None,
        }  # fmt: skip
        of = {**point, "turno_id": first + n}
        called = came + (n % 20) * MINUTE
        periods: list[Row] = [
            {
                **of,
                "estado": "espera",
                "inicio": came,
                "fin": None if waiting else called,
                "asesor_id": None,
            }
        ]
        if not waiting:
            ends = None if at_desk else called + 9 * MINUTE
            periods.append(
                {
                    **of,
                    "estado": "atencion",
                    "inicio": called,
                    "fin": ends,
                    "asesor_id": f"asesor.{n % 86}",
                }
            )
        yield turn, periods


def cases_of(
    number: int, still_open: int, points: list[str], areas: list[str], person: int
) -> Iterator[Row]:
    for n in range(number):
        received = NOW - dt.timedelta(days=n % DAYS, minutes=n % 400)
        opened = n < still_open
        longer = n % DAYS if opened else 0  # the open ones are due around today
        yield {
            "punto_id": points[n % len(points)], "persona_id": person, "asesor_id": "asesor.bog01", "clase": "reclamo", "tema": "R01",
            "descripcion": "x", "recepcion": received, "norma": "LEY1755", "tipo_termino": "peticion", "area_id": areas[n % len(areas)],
            "estado": "en_analisis" if opened else "cerrado", "cerrado": None if opened else received,
            "limite_respuesta": received + dt.timedelta(days=longer + 21 - n % 25),
            "limite_interno": received + dt.timedelta(days=longer + 7 - n % 9),
        }  # fmt: skip


def days_before(points: list[str]) -> Iterator[tuple[type[Base], Row]]:
    counted = (
        "visitas",
        "abandonos",
        "medibles",
        "a_tiempo",
        "esperas",
        "espera_s",
        "atenciones",
        "atencion_s",
    )
    for back in range(1, DAYS * 7 // 5):
        day = dia_local(NOW) - dt.timedelta(days=back)
        yield DiaResumido, {"fecha": day, "resumido": NOW, "abiertos": 0}
        for n, point in enumerate(points):
            for hour in range(8, 17):
                yield (
                    DiaHora,
                    {
                        "fecha": day,
                        "punto_id": point,
                        "franja": hour,
                        **dict.fromkeys(counted, 5 + (n + back) % 7),
                    },
                )
            for adviser in range(4):
                who = {"fecha": day, "punto_id": point, "asesor_id": f"asesor.{n}.{adviser}"}
                yield DiaAsesor, {**who, "turnos": 20, "atenciones": 19, "atencion_s": 9_000}
        for element in range(40):
            what = {"fecha": day, "proceso": "M5_1_02_atencion", "elemento": f"act_{element}"}
            yield DiaActividad, {**what, "veces": 100, "espera_s": 5_000, "trabajo_s": 9_000}


def fill(db: sa.Engine, cases: int, still_open: int) -> float:
    """Seconds."""
    begin = time.perf_counter()
    with db.connect() as connection:
        points = list(connection.execute(sa.select(Punto.codigo).order_by(Punto.codigo)).scalars())
        person = connection.execute(sa.select(sa.func.min(Persona.id))).scalar_one()
        first = (connection.execute(sa.select(sa.func.max(Turno.id))).scalar() or 0) + 1
        areas = list(connection.execute(sa.text("SELECT codigo FROM area")).scalars())
    with db.connect().execution_options(ventanilla_write=True) as connection, connection.begin():
        of_turns = turns(cases, points, first)
        while chunk := list(islice(of_turns, CHUNK)):
            connection.execute(sa.insert(Turno), [turn for turn, _ in chunk])
            connection.execute(
                sa.insert(TurnoPeriodo), [period for _, periods in chunk for period in periods]
            )
        of_cases = cases_of(cases, still_open, points, areas, person)
        while rows := list(islice(of_cases, CHUNK)):
            connection.execute(sa.insert(Caso), rows)
        for table in (DiaResumido, DiaHora, DiaAsesor, DiaActividad):
            connection.execute(sa.delete(table))  # the few days of the demo
        of_days: dict[type[Base], list[Row]] = {}
        for of_table, row in days_before(points):
            of_days.setdefault(of_table, []).append(row)
        for of_table, many in of_days.items():
            connection.execute(sa.insert(of_table), many)
    with db.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return time.perf_counter() - begin


def measure(app: Flask, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each page; in every round the floor is asked before each of them."""
    client = browser_of(app, app.extensions[EXTENSION].db, WHO)
    spent: dict[str, list[float]] = {address: [] for address in (FLOOR, *PAGES)}
    for turn in range(rounds + WARM):
        for address in [a for page in PAGES for a in (FLOOR, page)]:
            begin = time.perf_counter()
            response = client.get(address)
            if response.status_code != HTTPStatus.OK:
                raise AssertionError(f"{address}: {response.status_code}")
            if turn >= WARM:
                spent[address].append(1000 * (time.perf_counter() - begin))
    return spent


def table(spent: dict[str, list[float]]) -> tuple[list[str], bool]:
    p95 = {address: statistics.quantiles(times, n=20)[18] for address, times in spent.items()}
    lines = ["| | p50 ms | p95 ms | p95 / floor |", "|---|---|---|---|"]
    lines += [
        f"| {a} | {statistics.median(t):.1f} | {p95[a]:.1f} | {p95[a] / p95[FLOOR]:.1f} |"
        for a, t in spent.items()
    ]
    return lines, all(value <= LIMIT_MS for value in p95.values())


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.dashboards", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--open", type=int, default=10_000, dest="still_open")
    parser.add_argument("--url", help="an empty PostgreSQL database; else SQLite")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument(
        "--write", action="store_true", help="put the result into docs/performance.md"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        url = given.url or f"sqlite:///{folder / 'ventanilla.db'}"
        config = door.Config(
            instance=folder,
            database_url=url,
            secret_key=SESSION_KEY,
            demo=True,
            clock=GivenClock(NOW),
        )
        app = door.create_app(config)
        prepare(app, config)
        db: sa.Engine = app.extensions[EXTENSION].db
        seconds = fill(db, given.cases, given.still_open)
        sys.stdout.write(f"{given.cases:,} cases and turns in {seconds:.0f} s\n")
        sys.stdout.flush()
        rows, good = table(measure(app, given.rounds))
        title = f"Pages of managers, {TITLES[db.dialect.name]}"
        db.dispose()
    when = f"{SystemClock().now():%Y-%m-%d %H:%M} UTC, load average {os.getloadavg()[0]:.1f}, {given.rounds} rounds"
    lines = [
        f"{when}. {given.cases:,} cases ({given.still_open:,} open), as many turns, {TODAY:,} of them of today.",
        "",
        *rows,
    ]
    sys.stdout.write("\n".join([title, *lines]) + "\n")
    if given.write:
        publish(title, lines)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
