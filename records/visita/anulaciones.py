"""What is written when a process is cancelled: its turn ends, and its case is annulled unless the
citizen has an answer."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.casos import casos
from records.casos.reglas import estados
from records.casos.tablas import Caso
from records.visita import turnos


def cerrar_turno(session: Session, turno_id: int, *, now: dt.datetime) -> None:
    """A turn that is closed already stays as it is."""
    fin = turnos.desenlace(session, turno_id)
    turnos.cerrar_turno(session, turno_id, resultado=fin.resultado, now=now)


def anular_caso(session: Session, case_key: str, motivo: str, acto: Acto) -> None:
    """A visit without a case, and a case that is resolved, stay as they are."""
    caso = session.execute(sa.select(Caso.id, Caso.estado).where(Caso.case_key == case_key)).first()
    if caso is not None and caso.estado not in estados.RESUELTOS:
        casos.cambiar_estado(session, caso.id, estados.ANULADO, acto, motivo)
