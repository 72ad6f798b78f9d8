"""A month of 50,000 visits at 23 points: `python -m bench.month` closes it, then makes every
document of it, on this machine.

Rows are written in bulk, as the first half would leave them; from the closing on it is the product
that works: figures, the reports of the points, the joined report, that of complaints, 25 PDFs and
the workbook. The floor is a plain reading of the same rows.
"""

import argparse
import datetime as dt
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.orm import Session

import app as door
from bench.million import publish
from demo import carga
from demo.azar import sembrado
from demo.lugar import Lugar
from engine.clock import SystemClock
from records.base.actos import Acto
from records.base.datos import iso
from records.casos.tablas import Caso, Tipificacion
from records.informes import meses, reportes
from records.informes.reportes import NuevoReporte
from records.lugares.tablas import Punto
from records.personas.tablas import Persona
from records.plazos.reglas.calendario import instante
from records.visita.tablas import Atencion, Calificacion, Turno, TurnoPeriodo
from tests.kit.cast import SESSION_KEY
from webforms.base.servicios import EXTENSION
from webforms.documentos.pdf import componer
from webforms.informes.documentos import informe_pdf, punto_pdf, quejas_pdf
from webforms.informes.libro import libro
from webforms.informes.reporte import hoja

ROOT = Path(__file__).resolve().parents[1]
MONTH, CLOSED = dt.date(2026, 10, 1), dt.datetime(2026, 11, 1, 11, tzinfo=dt.UTC)
LIMIT_S = 60.0
ADVISERS = 4  # of each point
ONE_IN_FIVE = 5  # is not answered at the desk
EARLY = Acto("agente.calidad", CLOSED)


def opened(folder: Path) -> Flask:
    """The product on an empty store with the base of the demo: points, people, accounts,
    products."""
    config = door.Config(
        instance=folder,
        database_url=f"sqlite:///{folder / 'ventanilla.db'}",
        secret_key=SESSION_KEY,
        demo=True,
    )
    app = door.create_app(config)
    with app.app_context():
        upgrade(str(ROOT / "migrations"))
    carga.escribir_base(
        app.extensions[EXTENSION].uow,
        Lugar(config.database_url, folder, ROOT / "bpmn", "http://127.0.0.1"),
        CLOSED,
    )
    return app


def visits(session: Session, number: int) -> None:
    """So many turns of the month with their periods, attention, case and rating."""
    chance = sembrado(number)
    points = list(session.scalars(sa.select(Punto.codigo).order_by(Punto.codigo)))
    themes = list(
        session.execute(
            sa.select(Tipificacion.codigo, Tipificacion.clase).order_by(Tipificacion.codigo)
        )
    )
    people = list(session.scalars(sa.select(Persona.id).order_by(Persona.id)))
    rows: dict[type, list[dict[str, Any]]] = {
        t: [] for t in (Turno, TurnoPeriodo, Atencion, Caso, Calificacion)
    }
    for n in range(1, number + 1):
        point, day = chance.choice(points), MONTH + dt.timedelta(days=chance.randrange(30))
        came = instante(day, dt.time(8)) + dt.timedelta(seconds=chance.randrange(30_000))
        called = came + dt.timedelta(seconds=chance.randrange(1_800))
        left = called + dt.timedelta(seconds=chance.randrange(60, 1_200))
        adviser, key = (
            f"asesor.{point[:3].lower()}{chance.randrange(ADVISERS) + 1:02}",
            f"visita-{n}",
        )
        escalated = n % ONE_IN_FIVE == 0
        theme, kind = chance.choice(themes)
        of_turn = {"turno_id": n, "punto_id": point}
        rows[Turno].append(
            {
                "id": n, "punto_id": point, "fecha": day, "ficha": f"A{n % 999:03}", "letra": "A", "motivo_visita": "servicio_adquirido",
                "origen": "quiosco", "llegada": came, "creado": came, "estado": "cerrado", "resultado": "atendido", "case_key": key,
            }
        )  # fmt: skip
        rows[TurnoPeriodo] += [
            {**of_turn, "estado": state, "inicio": begin, "fin": end, "confiable": True}
            for state, begin, end in (("espera", came, called), ("atencion", called, left))
        ]
        rows[Atencion].append(
            {
                **of_turn, "asesor_id": adviser, "inicio": called, "fin": left, "titularidad": "verificada", "datos_actualizados": True,
                "resuelto_primer_contacto": not escalated, "motivo": "Pregunta por su crédito", "case_key": key,
            }
        )  # fmt: skip
        sent = left + dt.timedelta(days=chance.randrange(1, 20)) if escalated else left
        rows[Caso].append(
            {
                "id": n, "radicado": f"2026-{n:07}", **of_turn, "persona_id": chance.choice(people), "asesor_id": adviser, "clase": kind,
                "tema": theme, "canal": "presencial", "descripcion": "Lo que pide", "recepcion": called, "norma": "LEY1755",
                "tipo_termino": "peticion", "dias_termino": 15, "limite_respuesta": called + dt.timedelta(days=21),
                "estado": "cerrado", "resuelto_primer_contacto": not escalated, "escalado": left if escalated else None,
                "area_id": "VCC" if escalated else None, "limite_interno": left + dt.timedelta(days=14) if escalated else None,
                "respondido": sent if escalated else None, "enviado": sent, "cerrado": sent, "nc": False, "case_key": key,
            }
        )  # fmt: skip
        rows[Calificacion].append(
            {
                **of_turn, "momento": "atencion", "asesor_id": adviser, "fuente": "crm", "valor": chance.randint(1, 5),
                "registrada": left, "registrada_por": adviser,
            }
        )  # fmt: skip
    for table, lines in rows.items():
        session.execute(sa.insert(table), lines)
    session.commit()


def floor(session: Session) -> int:
    """Every row that a closing has to see, read and no more."""
    raw = session.connection().connection.cursor()
    return sum(
        len(raw.execute(str(sa.select(table))).fetchall())
        for table in (Turno, TurnoPeriodo, Atencion, Caso, Calificacion)
    )


def documents(session: Session) -> Iterator[bytes]:
    """The joined report, that of complaints, and that of each point."""
    informe, quejas = (
        reportes.informe(session, MONTH, kind) for kind in (reportes.INTERVENTORIA, reportes.QUEJAS)
    )
    if informe is None or quejas is None:
        raise AssertionError("the month is not joined")
    version = meses.de_id(session, informe.mes_id)
    yield componer(informe_pdf(session, MONTH, informe, version)).contenido
    yield componer(quejas_pdf(session, quejas)).contenido
    for s in reportes.situaciones(session, MONTH):
        made = hoja(session, MONTH, s.punto_id)
        if made is not None:
            yield componer(punto_pdf(session, made)).contenido
    yield libro(session, MONTH, informe, version)


def report_all(session: Session) -> None:
    """Each point, approved; then joined (5.2.23–5.2.26)."""
    closed = meses.vigente(session, MONTH)
    if closed is None:
        raise AssertionError("the month is not closed")
    for point in reportes.pedir(session, MONTH, closed, EARLY):
        made = reportes.generar(
            session, MONTH, point, NuevoReporte("Sin novedades en el mes.", {}), EARLY
        )
        reportes.revisar(
            session, made.id, cumple=True, observaciones={}, acto=Acto("gerente", CLOSED)
        )
    reportes.consolidar(
        session, MONTH, "Sin novedades en el mes.", Acto("gerente.operativo", CLOSED)
    )
    reportes.informe_de_quejas(session, MONTH, EARLY)
    session.commit()


def timed(lines: list[tuple[str, float]], name: str, work: Callable[[], object]) -> None:
    begin = time.perf_counter()
    work()
    lines.append((name, time.perf_counter() - begin))


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.month", description=__doc__)
    parser.add_argument("--visits", type=int, default=50_000)
    parser.add_argument(
        "--write", action="store_true", help="put the result into docs/performance.md"
    )
    given = parser.parse_args()
    lines: list[tuple[str, float]] = []
    made: list[bytes] = []
    with tempfile.TemporaryDirectory() as scratch:
        app = opened(Path(scratch))
        db: sa.Engine = app.extensions[EXTENSION].db
        with (
            app.test_request_context(),
            Session(db.execution_options(ventanilla_write=True)) as session,
        ):
            visits(session, given.visits)
            timed(lines, "floor: the same rows, read", lambda: floor(session))
            timed(
                lines,
                "closing: rows frozen and hashed, every figure of every point, adviser, channel and hour",
                lambda: _close(session),
            )
            timed(
                lines,
                "23 reports made and approved, joined, and that of complaints",
                lambda: report_all(session),
            )
            timed(lines, "25 PDFs and the workbook", lambda: made.extend(documents(session)))
        db.dispose()
    total = sum(seconds for _, seconds in lines[1:])
    rows = [f"| {name} | {seconds:.1f} | {seconds / lines[0][1]:.0f} |" for name, seconds in lines]
    when = f"{iso(SystemClock().now())}, load average {os.getloadavg()[0]:.1f}, {given.visits:,} visits; {len(made)} files"
    text = [
        f"{when}, {sum(map(len, made)) / 1e6:.1f} MB.",
        "",
        "| | s | × floor |",
        "|---|---|---|",
        *rows,
        f"| together | {total:.1f} | |",
    ]
    sys.stdout.write("\n".join([*text, ""]))
    if given.write:
        publish("A month", text)
    return 0 if total <= LIMIT_S else 1


def _close(session: Session) -> None:
    meses.cerrar(session, MONTH, Acto("gerente.operativo", CLOSED))
    session.commit()


if __name__ == "__main__":
    sys.exit(main())
