"""Legacy queries: who may be asked about, and what was read (reserva bancaria, control 6-2; 5.2.9)."""

import datetime as dt
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables import Atencion
from records.tables import ConsultaLegado
from records.tables import Persona
from records.tables import ServicioAdquirido

RESPONDIDA = ("ok", "sin_datos")


@dataclass(frozen=True, slots=True)
class Titular:
    """The holder whose identity was verified in a visit, and the adviser who did it."""

    persona_id: int
    tipo_doc: str
    num_doc: str
    asesor_id: str


@dataclass(frozen=True, slots=True)
class Lectura:
    """One answer of one system, to be kept as evidence."""

    sistema: str
    estado: str  # ok | sin_datos | no_disponible | no_configurado
    filas: Sequence[Mapping[str, Any]] = ()
    fecha_corte: dt.datetime | None = None
    fuente: str | None = None
    hash: str | None = None
    ms: int | None = None


def titular_verificado(session: Session, turno_id: int) -> Titular | None:
    """The holder verified at 5.2.4, or at 5.2.5 by a valid power; None once the attention has ended."""
    row = session.execute(
        select(Atencion.persona_id, Persona.tipo_doc, Persona.num_doc, Atencion.asesor_id)
        .join(Persona, Persona.id == Atencion.persona_id)
        .where(Atencion.turno_id == turno_id, Atencion.titularidad == "verificada", Atencion.fin.is_(None))
    ).one_or_none()
    return Titular(row[0], row[1], row[2], row[3]) if row and row[0] else None


def titularidad_verificada(session: Session, turno_id: int, tipo_doc: str, num_doc: str) -> bool:
    """Is this document that of the holder verified in this visit?"""
    titular = titular_verificado(session, turno_id)
    return titular is not None and (titular.tipo_doc, titular.num_doc) == (tipo_doc, num_doc)


def estados(session: Session, turno_id: int, persona_id: int) -> dict[str, str]:
    """What each system last answered about this person in this visit; one that failed has not answered."""
    rows = session.execute(
        select(ConsultaLegado.sistema, ConsultaLegado.estado)
        .where(
            ConsultaLegado.turno_id == turno_id,
            ConsultaLegado.persona_id == persona_id,
            ConsultaLegado.estado.in_(RESPONDIDA),
        )
        .order_by(ConsultaLegado.id)
    )
    return dict(rows.all())


def obligacion(session: Session, servicio_id: int | None, persona_id: int) -> str | None:
    """The number of the obligation of this person's product; None when the case is about no product."""
    if not servicio_id:
        return None
    return session.scalar(
        select(ServicioAdquirido.obligacion).where(ServicioAdquirido.id == servicio_id, ServicioAdquirido.persona_id == persona_id)
    )


def guardar(
    session: Session,
    lectura: Lectura,
    *,
    clave: str,
    turno_id: int,
    titular: Titular,
    now: dt.datetime,
    instancia_id: str | None = None,
    case_key: str | None = None,
) -> None:
    """Keeps one answer. The same `clave` again (a repeated job) is the same row; a failure never hides an answer."""
    row = session.scalar(select(ConsultaLegado).where(ConsultaLegado.clave == clave))
    if row is not None and row.estado in RESPONDIDA and lectura.estado not in RESPONDIDA:
        return
    if row is None:
        row = ConsultaLegado(clave=clave, turno_id=turno_id, persona_id=titular.persona_id, sistema=lectura.sistema)
        session.add(row)
    row.estado = lectura.estado
    row.filas = [dict(fila) for fila in lectura.filas]
    row.fecha_corte, row.fuente, row.hash, row.ms = lectura.fecha_corte, lectura.fuente, lectura.hash, lectura.ms
    row.consultada, row.asesor_id = now, titular.asesor_id
    row.instancia_id, row.case_key = instancia_id, case_key
    session.flush()
