"""A visit begins (M5-1-02 5.2.1): one command starts the process and gives the turn, at the kiosk
or at a desk."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.reads.items import InboxFilter, inbox
from engine.types import Actor, Data, Delivery, FirstForm, Records, Started, WorkItem, Writing
from records.casos.registro import PROCESO_DE_CASO
from records.lugares.tablas import Punto
from records.personas.tablas import Persona
from records.plazos.reglas.calendario import dia_local
from records.visita.reglas.turnos import CERRADO, TRASLADADO, llegada_de_reingreso
from records.visita.tablas import Atencion, Turno
from webforms.base.servicios import servicios

Registros = Callable[[Writing], None]

PROCESO: Final = PROCESO_DE_CASO
# of one instance: the visit, and the information room inside it
PROCESOS = (PROCESO, "M5_1_02_sala")
PRIMERA = "act_5_2_1"
FORMULARIO = "usuario.tomar_turno"


@dataclass(frozen=True, slots=True)
class Llegada:
    """A person who begins a visit. `anterior` is the turn that it goes on with; `llamado`, the call
    of the desk where the person stands.

    `llave` comes from a form, of any length: the same one is the same visit, an empty one is no
    key.
    """

    valores: Data
    llave: str
    anterior: int | None = None
    llamado: Delivery | None = None


def iniciar(
    punto: Punto,
    llegada: Llegada,
    *,
    actor: Actor,
    now: dt.datetime,
    registros: Records | None = None,
) -> Started:
    """Start the visit, give the turn and call it, if it is called at once, in one commit. A double
    press gives one turn.

    `registros` makes the turn otherwise than the form: of a ticket that another system has
    given."""
    datos: Data = {
        "punto_id": punto.codigo,
        "punto_ciudad": punto.ciudad,
        "modo_fila": punto.modo_fila,
        "calificar_escalados": True,
        "visita_anterior": str(llegada.anterior or ""),
    }
    primera = FirstForm(
        PRIMERA,
        llegada.valores,
        registros or servicios().forms[FORMULARIO].records,
        llegada.llamado,
    )
    clave = (
        f"{actor.id}:{hashlib.sha256(llegada.llave.encode()).hexdigest()[:32]}"
        if llegada.llave
        else None
    )
    return servicios().engine.instances.start(
        PROCESO, actor=actor, now=now, key=clave, data=datos, first=primera
    )


def de_vuelta(turno: Turno) -> Llegada:
    """The visit that goes on with a closed turn: same reason, preference and document; once,
    whoever notes it."""
    valores: Data = {
        "motivo_visita": turno.motivo_visita,
        "condicion": turno.condicion,
        "tipo_doc": turno.tipo_doc or "",
        "num_doc": turno.num_doc or "",
    }
    return Llegada(valores, f"reingreso-{turno.id}", turno.id)


def turno_de(session: Session, instancia_id: str) -> Turno:
    """The latest turn of a visit."""
    return session.scalars(
        sa.select(Turno)
        .where(Turno.instancia_id == instancia_id)
        .order_by(Turno.id.desc())
        .limit(1)
    ).one()


def turno_abierto(session: Session, tipo_doc: str, num_doc: str, now: dt.datetime) -> Turno | None:
    """The turn that this document has open today, wherever: there is never a second one."""
    if not num_doc:
        return None
    suyo = (
        Turno.num_doc == num_doc,
        Turno.tipo_doc == tipo_doc,
        Turno.fecha == dia_local(now),
        Turno.estado != CERRADO,
    )
    return session.scalar(sa.select(Turno).where(*suyo))


def visita_anterior(
    session: Session, punto_id: str, tipo_doc: str, num_doc: str, now: dt.datetime
) -> int | None:
    """The turn that this visit goes on with: a pending power (Q6), a no-show of the last 30 minutes
    (Q3), or one that another point sent here today (Q26)."""
    if not num_doc:
        return None
    ultima = session.scalar(
        sa.select(Turno)
        .where(Turno.num_doc == num_doc, Turno.tipo_doc == tipo_doc)
        .order_by(Turno.id.desc())
        .limit(1)
    )
    if ultima is None or ultima.cerrado is None:
        return None
    reingresa = ultima.resultado == "ausente" and ultima.punto_id == punto_id
    if reingresa and llegada_de_reingreso(ultima.llegada, ultima.cerrado, now) is None:
        return None
    viene = (
        ultima.resultado == TRASLADADO
        and ultima.destino_punto_id == punto_id
        and ultima.fecha == dia_local(now)
    )
    return ultima.id if reingresa or viene or ultima.resultado == "poder_pendiente" else None


def vuelve_hoy(session: Session, actor: Actor, tipo_doc: str, num_doc: str) -> WorkItem | None:
    """The open 5.2.1 of a person who left today to fetch the power (Q6): its visit goes on, no new
    one begins."""
    if not num_doc:
        return None
    abiertas = {
        i.data.get("turno_id"): i
        for i in inbox(session, actor, InboxFilter(process=PROCESO, element=PRIMERA))
    }
    turnos = [turno for turno in abiertas if isinstance(turno, int)]
    if not turnos:
        return None
    suyas = sa.select(Persona.id).where(Persona.tipo_doc == tipo_doc, Persona.num_doc == num_doc)
    hallado = session.scalar(
        sa.select(Turno.id)
        .outerjoin(Atencion, Atencion.turno_id == Turno.id)
        .where(
            Turno.id.in_(turnos),
            sa.or_(
                sa.and_(Turno.tipo_doc == tipo_doc, Turno.num_doc == num_doc),
                Turno.persona_id.in_(suyas),
                Atencion.persona_id.in_(suyas),
                Atencion.apoderado_id.in_(suyas),
            ),
        )
        .order_by(Turno.id.desc())
        .limit(1)
    )
    return abiertas.get(hallado)
