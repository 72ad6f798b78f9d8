"""Turns and attentions at any point, written as rows: for what is observed there, where no test
plays the whole visit."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import reads
from engine.commands import Engine
from engine.reads.items import InboxFilter
from engine.states import ActorKind
from engine.types import SYSTEM, Actor, Data, Role, WorkItem
from records.auditorias.tablas import AuditoriaMuestra
from records.base.actos import Acto
from records.personas import personas
from records.personas.tablas import Persona
from records.plazos.reglas.calendario import dia_local
from records.visita.tablas import Atencion, Turno, TurnoPeriodo

AUDITOR = Actor(ActorKind.PERSON, "profesional01", frozenset({Role("profesional_ocm", None)}))


def waits(s: Session, punto_id: str, ficha: str, since: dt.datetime) -> Turno:
    turno = Turno(
        punto_id=punto_id,
        fecha=dia_local(since),
        ficha=ficha,
        letra="A",
        motivo_visita="servicio_adquirido",
        origen="quiosco",
        llegada=since,
        creado=since,
        estado="espera",
    )
    s.add(turno)
    s.flush()
    return turno


def is_attended(
    s: Session, turno: Turno, start: dt.datetime, end: dt.datetime, *, case_key: str | None = None
) -> None:
    persona = s.scalars(sa.select(Persona).order_by(Persona.id).limit(1)).one()
    punto_id, quien = turno.punto_id, "asesor.bog01"
    s.add_all(
        [
            TurnoPeriodo(
                punto_id=punto_id,
                turno_id=turno.id,
                estado="espera",
                inicio=turno.llegada,
                fin=start,
            ),
            TurnoPeriodo(
                punto_id=punto_id,
                turno_id=turno.id,
                estado="atencion",
                inicio=start,
                fin=end,
                asesor_id=quien,
                modulo="1",
            ),
            Atencion(
                punto_id=punto_id,
                turno_id=turno.id,
                asesor_id=quien,
                persona_id=persona.id,
                inicio=start,
                fin=end,
                motivo="Pregunta por su saldo",
                ruta="personalizada",
                resultado="resuelto",
                case_key=case_key,
            ),
        ]
    )
    turno.estado, turno.cerrado, turno.resultado = "cerrado", end, "atendido"
    s.flush()


def observations(s: Session, element: str) -> list[WorkItem]:
    """Open tasks of the F189 about what is observed at a point."""
    todas = reads.items.inbox(
        s, AUDITOR, InboxFilter(process="M5_1_02_f189", element=element), limit=400
    )
    return [item for item in todas if item.data.get("modo") == "sitio"]


def observation_of(s: Session, ficha: str) -> WorkItem:
    """The task about this ticket."""
    de_ficha = (
        sa.select(AuditoriaMuestra.id)
        .join(Turno, Turno.id == AuditoriaMuestra.turno_id)
        .where(Turno.ficha == ficha)
    )
    filas = set(s.scalars(de_ficha))
    return next(item for item in observations(s, "act_5_2_27") if item.data["muestra_id"] in filas)


def hands_in(
    engine: Engine,
    documento: tuple[str, str],
    ficha: str,
    now: dt.datetime,
    medio: str = "direccion",
) -> str:
    """Somebody has handed documents in and wants the answer so (5.2.3 to 5.2.7): M5-1-04 begins.
    The case."""
    with Session(engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        persona_id = personas.id_de_persona(s, *documento)
        assert persona_id is not None
        datos = {
            "direccion": "Calle 10 # 20-30",
            "municipio": "11001",
            "correo": "p@correo.example",
            "medio_notificacion": medio,
        }
        personas.actualizar_datos(s, persona_id, datos, Acto("asesor.bog01", now))
        turno = waits(s, "BOG-AGU", ficha, now)
        is_attended(s, turno, now, now)
        turno_id = turno.id
    data: Data = {"turno_id": turno_id, "punto_id": "BOG-AGU", "persona_id": persona_id}
    begun = engine.instances.start(
        "M5_1_04", actor=SYSTEM, now=now, key=f"RadicarEscrito:{turno_id}", data=data
    )
    with Session(engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        s.get_one(Turno, turno_id).case_key = begun.case_key
    return begun.case_key
