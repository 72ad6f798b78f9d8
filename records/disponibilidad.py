"""Control 6-6: the CRM is watched; when it did not answer, from when to when, and what of that time was typed in from paper."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from records.actos import Acto
from records.errores import DatoInvalido
from records.errores import NoExiste
from records.rules.calendario import dia_local
from records.tables import CaidaCrm
from records.tables import VigilanciaCrm

POCO = 3600  #: seconds of watching that say nothing as a share
REVISION, LLAMADAS = "revision", "llamadas"  #: what found it


def latido(session: Session, now: dt.datetime) -> None:
    """It was looked at, and answered."""
    dia = dia_local(now)
    hecha = update(VigilanciaCrm).where(VigilanciaCrm.dia == dia)
    hecha = hecha.values(ultima=now, comprobaciones=VigilanciaCrm.comprobaciones + 1).execution_options(synchronize_session=False)
    if not session.execute(hecha.returning(VigilanciaCrm.dia)).first():
        session.add(VigilanciaCrm(dia=dia, primera=now, ultima=now, comprobaciones=1))
        session.flush()


def caer(session: Session, desde: dt.datetime, causa: str, origen: str, acto: Acto) -> CaidaCrm:
    """It does not answer since then. The day was watched, or nobody would know."""
    dia = dia_local(desde)
    if session.get(VigilanciaCrm, dia) is None:
        session.add(VigilanciaCrm(dia=dia, primera=desde, ultima=desde, comprobaciones=0))
    caida = CaidaCrm(dia=dia, desde=desde, causa=causa[:160], origen=origen, instancia_id=acto.instancia_id or "", digitaron="", nota="")
    session.add(caida)
    session.flush()
    return caida


def restablecer(session: Session, caida_id: int, now: dt.datetime) -> None:
    caida = _caida(session, caida_id)
    caida.hasta, caida.segundos = now, max(0, round((now - caida.desde).total_seconds()))
    session.flush()


@dataclass(frozen=True, slots=True)
class Papel:
    """What was on paper, and who typed it in."""

    registros: int
    digitaron: str = ""
    nota: str = ""


def sincronizar(session: Session, caida_id: int, papel: Papel, acto: Acto) -> None:
    """DatoInvalido: there was paper, and nobody typed it in."""
    caida = _caida(session, caida_id)
    if papel.registros and not papel.digitaron.strip():
        raise DatoInvalido("Diga quién digitó los registros en papel.")
    caida.sincronizada, caida.sincronizada_por = acto.now, acto.quien
    caida.registros_papel, caida.digitaron, caida.nota = papel.registros, papel.digitaron.strip(), papel.nota.strip()
    session.flush()


def _caida(session: Session, caida_id: int) -> CaidaCrm:
    hallada = session.get(CaidaCrm, caida_id)
    if hallada is None:
        raise NoExiste(f"No existe la caída {caida_id}.")
    return hallada


def caida(session: Session, caida_id: int) -> CaidaCrm | None:
    return session.get(CaidaCrm, caida_id)


def abierta(session: Session) -> CaidaCrm | None:
    """The one that has not ended."""
    return session.scalars(select(CaidaCrm).where(CaidaCrm.hasta.is_(None)).order_by(CaidaCrm.id.desc()).limit(1)).first()


def caidas(session: Session, desde: dt.date, hasta: dt.date) -> Sequence[CaidaCrm]:
    """Those that began on these days, the latest first."""
    return session.scalars(select(CaidaCrm).where(CaidaCrm.dia >= desde, CaidaCrm.dia <= hasta).order_by(CaidaCrm.desde.desc())).all()


def dias(session: Session, desde: dt.date, hasta: dt.date) -> Sequence[VigilanciaCrm]:
    """The days on which it was watched, the latest first."""
    en = VigilanciaCrm.dia >= desde, VigilanciaCrm.dia <= hasta
    return session.scalars(select(VigilanciaCrm).where(*en).order_by(VigilanciaCrm.dia.desc())).all()


def porcentaje(vigilados: Sequence[VigilanciaCrm], cayo: Sequence[CaidaCrm]) -> float | None:
    """Of the time between the first and the last look of each day, how much of it answered; None: too little was looked at to say so."""
    visto = sum((v.ultima - v.primera).total_seconds() for v in vigilados)
    return 100 * max(0.0, 1 - sum(c.segundos or 0 for c in cayo) / visto) if visto >= POCO else None
