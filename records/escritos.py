"""Documents filed for M5-1-04 (5.2.3): received with their folios, then filed under the same series as cases."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.actos import Acto
from records.errores import NoExiste
from records.numeracion import nuevo_radicado
from records.tables import Escrito


@dataclass(frozen=True, slots=True)
class NuevoEscrito:
    punto_id: str
    persona_id: int | None
    folios: int
    asunto: str
    archivo_id: int | None


def recibir_escrito(session: Session, turno_id: int, recibido: NuevoEscrito, acto: Acto) -> int:
    """Act. 1. A document a turn: again gives the same."""
    previo = escrito(session, turno_id)
    if previo is not None:
        return previo.id
    nuevo = Escrito(
        turno_id=turno_id,
        punto_id=recibido.punto_id,
        persona_id=recibido.persona_id,
        folios=recibido.folios,
        asunto=recibido.asunto,
        archivo_id=recibido.archivo_id,
        recibido=acto.now,
        recibido_por=acto.quien,
        case_key=acto.case_key,
    )
    session.add(nuevo)
    session.flush()
    return nuevo.id


def escrito(session: Session, turno_id: int) -> Escrito | None:
    return session.scalar(select(Escrito).where(Escrito.turno_id == turno_id))


def radicar_escrito(session: Session, turno_id: int, *, now: dt.datetime) -> str:
    """Act. 2. Again gives the same number."""
    hallado = escrito(session, turno_id)
    if hallado is None:
        raise NoExiste(f"El turno {turno_id} no tiene documentos recibidos.")
    if hallado.radicado is None:
        hallado.radicado, hallado.radicado_en = nuevo_radicado(session, now), now
        session.flush()
    return hallado.radicado
