"""A small world of records: the catalogue, a person with a product, and the steps of a visit in one
line each."""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from engine.store.uow import WRITE, prepare
from records.base.actos import Acto
from records.base.tablas import Base
from records.casos import casos
from records.catalogos.catalogo import cargar_catalogo
from records.personas import personas
from records.personas.tablas import Persona, ServicioAdquirido
from records.visita import turnos
from records.visita.tablas import Turno
from tests.kit import tables
from tests.kit.clock import NOW

PUNTO = "BOG-AGU"
ASESOR = "asesor.bog01"


def at(minutes: float) -> dt.datetime:
    return NOW + dt.timedelta(minutes=minutes)


def populate(db: sa.Engine) -> None:
    tables.make(db, Base)
    with Session(db) as session:
        cargar_catalogo(session)
        session.commit()


@contextmanager
def in_memory() -> Iterator[Session]:
    """A session as commands have it, on a fresh SQLite database in memory."""
    db = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    prepare(db)
    populate(db)
    with Session(db.execution_options(**WRITE), expire_on_commit=False, autoflush=False) as session:
        yield session
    db.dispose()


def plans(session: Session, read: Callable[[], object]) -> list[str]:
    """How the database goes about the statements of a reading."""
    sent: list[tuple[str, Any]] = []

    def note(_c: object, _cur: object, text: str, values: Any, *_rest: object) -> None:
        sent.append((text, values))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        read()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    connection = session.connection()
    word = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    return [
        str(row[-1])
        for text, values in sent
        for row in connection.exec_driver_sql(f"{word} {text}", values)
    ]


def reads_whole(plan: str, tables: Collection[str]) -> bool:
    """One line of a plan, of SQLite or PostgreSQL: one of these tables is read from end to end."""
    found = re.match(r"SCAN (\w+)(?! USING)", plan) or re.search(r"Seq Scan on (\w+)", plan)
    return found is not None and found[1] in tables and "USING" not in plan


def persona(
    session: Session, num_doc: str = "9912345821", nombre: str = "Luz Marina Pérez"
) -> Persona:
    return personas.buscar_o_crear(
        session,
        personas.NuevaPersona(
            tipo_doc="CC", num_doc=num_doc, nombre=nombre, calidad="beneficiario"
        ),
        now=at(-60 * 24 * 30),
    )


def servicio(session: Session, persona_id: int, obligacion: str = "1001") -> int:
    made = ServicioAdquirido(
        persona_id=persona_id,
        linea="PREG",
        obligacion=obligacion,
        sistema_origen="cctex",
        anio_giro=2012,
        estado="vigente",
    )
    session.add(made)
    session.flush()
    return made.id


def turno(
    session: Session,
    minuto: float = 0,
    *,
    peso: int = 1,
    letra: str = "A",
    condicion: str = "ninguna",
    punto_id: str = PUNTO,
    **mas: Any,
) -> Turno:
    """Taken and in the queue."""
    made = turnos.crear_turno(
        session,
        turnos.NuevoTurno(
            punto_id=punto_id,
            motivo_visita="servicio_adquirido",
            condicion=condicion,
            origen="quiosco",
            **mas,
        ),
        Acto("prueba", at(minuto), "k1", instancia_id="i1"),
    )
    turnos.encolar(
        session,
        made.id,
        turnos.Prioridad(peso=peso, envejecimiento_min=30, letra=letra),
        now=at(minuto),
    )
    return session.get_one(Turno, made.id, populate_existing=True)


def attended(session: Session, minuto: float = 5) -> Turno:
    """Called and at the desk."""
    made = turno(session)
    turnos.registrar_llamado(session, made.id, "3", Acto(ASESOR, at(minuto)))
    turnos.registrar_resultado(session, made.id, "3", Acto(ASESOR, at(minuto + 1)), atendido=True)
    session.refresh(made)
    return made


def filed(
    session: Session,
    *,
    tema: str = "R01",
    clase: str = "reclamo",
    num_doc: str = "9912345821",
    minuto: float = 10,
) -> int:
    """A filed case of 15 days."""
    who = persona(session, num_doc)
    made = casos.crear_caso(
        session,
        casos.NuevoCaso(
            turno_id=None,
            punto_id=PUNTO,
            persona_id=who.id,
            clase=clase,
            tema=tema,
            descripcion="El pago de octubre no aparece en el extracto.",
        ),
        Acto(ASESOR, at(minuto), f"k-{num_doc}-{tema}"),
    )
    casos.radicar(session, made.caso_id, Acto(ASESOR, at(minuto)), dias_termino=15, prorroga_max=15)
    return made.caso_id
