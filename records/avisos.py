"""Notices with their proof of sending (control 6-3), and deadlines that were not met (4.2, 6-4)."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from records.tables import Aviso
from records.tables import Incumplimiento


def crear_aviso(
    session: Session,
    clave: str,
    *,
    tipo: str,
    para: str,
    asunto: str,
    texto: str,
    now: dt.datetime,
    caso_id: int | None = None,
) -> bool:
    """Keep a notice to be sent. False: this `clave` exists already, nobody is told twice."""
    if session.scalar(select(Aviso.id).where(Aviso.clave == clave)) is not None:
        return False
    session.add(Aviso(clave=clave, caso_id=caso_id, tipo=tipo, para=para, asunto=asunto, texto=texto, creado=now))
    session.flush()
    return True


def aviso(session: Session, clave: str) -> Aviso | None:
    return session.scalar(select(Aviso).where(Aviso.clave == clave))


def marcar_enviado(session: Session, clave: str, *, now: dt.datetime) -> None:
    session.execute(update(Aviso).where(Aviso.clave == clave, Aviso.enviado.is_(None)).values(enviado=now, error=None))


def marcar_fallido(session: Session, clave: str, error: str) -> None:
    session.execute(update(Aviso).where(Aviso.clave == clave, Aviso.enviado.is_(None)).values(error=error))


def avisos_del_caso(session: Session, caso_id: int) -> Sequence[Aviso]:
    return session.scalars(select(Aviso).where(Aviso.caso_id == caso_id).order_by(Aviso.creado, Aviso.id)).all()


def registrar_incumplimiento(session: Session, caso_id: int, *, condicion: str, vencia: dt.datetime, now: dt.datetime) -> None:
    """The limit of 4.2 (to escalate), 6-4 (internal term) or "legal" passed; each once per date."""
    existe = select(Incumplimiento.id).where(
        Incumplimiento.caso_id == caso_id, Incumplimiento.condicion == condicion, Incumplimiento.vencia == vencia
    )
    if session.scalar(existe) is None:
        session.add(Incumplimiento(caso_id=caso_id, condicion=condicion, vencia=vencia, detectado=now))
        session.flush()


def incumplimientos(session: Session, caso_id: int) -> Sequence[Incumplimiento]:
    return session.scalars(select(Incumplimiento).where(Incumplimiento.caso_id == caso_id).order_by(Incumplimiento.vencia)).all()
