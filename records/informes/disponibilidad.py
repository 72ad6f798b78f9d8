"""Control 6-6: the CRM is watched; when it did not answer, from when to when, and what of that time
was typed in from paper."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.errores import DatoInvalido, NoExiste
from records.informes.reglas.indicadores import dentro
from records.informes.tablas import CaidaCrm, VigilanciaCrm
from records.plazos.reglas.calendario import al_terminar, dia_local, instante

POCO = 3600  #: seconds of watching that say nothing as a share
#: what found it; the last: it was the one outside, ours answered
REVISION, LLAMADAS, AFUERA = "revision", "llamadas", "afuera"


def latido(session: Session, now: dt.datetime) -> None:
    """It was looked at, and answered."""
    _mirada(session, now, 1)


def mirada(session: Session, now: dt.datetime) -> None:
    """It was looked at, and did not answer: the day was watched."""
    _mirada(session, now, 0)


def _mirada(session: Session, now: dt.datetime, respondio: int) -> None:
    hoy = dia_local(now)
    hecha = update(VigilanciaCrm).where(VigilanciaCrm.dia == hoy)
    hecha = hecha.values(
        ultima=now, comprobaciones=VigilanciaCrm.comprobaciones + respondio
    ).execution_options(synchronize_session=False)
    if not session.execute(hecha.returning(VigilanciaCrm.dia)).first():
        session.add(VigilanciaCrm(dia=hoy, primera=now, ultima=now, comprobaciones=respondio))
        session.flush()


def caer(session: Session, desde: dt.datetime, causa: str, origen: str, acto: Acto) -> CaidaCrm:
    """It does not answer since then. The day was watched, or nobody would know."""
    hoy = dia_local(desde)
    if session.get(VigilanciaCrm, hoy) is None:
        session.add(VigilanciaCrm(dia=hoy, primera=desde, ultima=desde, comprobaciones=0))
    caida = CaidaCrm(
        dia=hoy,
        desde=desde,
        causa=causa[:160],
        origen=origen,
        instancia_id=acto.instancia_id or "",
        digitaron="",
        nota="",
    )
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
    caida.registros_papel, caida.digitaron, caida.nota = (
        papel.registros,
        papel.digitaron.strip(),
        papel.nota.strip(),
    )
    session.flush()


def _caida(session: Session, caida_id: int) -> CaidaCrm:
    hallada = session.get(CaidaCrm, caida_id)
    if hallada is None:
        raise NoExiste("No existe la caída %(n)s.", n=caida_id)
    return hallada


def caida(session: Session, caida_id: int) -> CaidaCrm | None:
    return session.get(CaidaCrm, caida_id)


def abierta(session: Session) -> CaidaCrm | None:
    """The one that has not ended."""
    return session.scalars(
        select(CaidaCrm).where(CaidaCrm.hasta.is_(None)).order_by(CaidaCrm.id.desc()).limit(1)
    ).first()


def caidas(session: Session, desde: dt.date, hasta: dt.date) -> Sequence[CaidaCrm]:
    """Those that touch these days, whenever they began, the latest first."""
    tocan = (
        CaidaCrm.desde < al_terminar(hasta),
        or_(CaidaCrm.hasta.is_(None), CaidaCrm.hasta > instante(desde, dt.time())),
    )
    return session.scalars(
        select(CaidaCrm).where(*tocan).order_by(CaidaCrm.desde.desc(), CaidaCrm.id.desc())
    ).all()


def dias(session: Session, desde: dt.date, hasta: dt.date) -> Sequence[VigilanciaCrm]:
    """The days on which it was watched, the latest first."""
    en = VigilanciaCrm.dia >= desde, VigilanciaCrm.dia <= hasta
    return session.scalars(
        select(VigilanciaCrm).where(*en).order_by(VigilanciaCrm.dia.desc())
    ).all()


def porcentaje(
    vigilados: Sequence[VigilanciaCrm], cayo: Sequence[CaidaCrm], desde: dt.date, hasta: dt.date
) -> float | None:
    """Of the time of these days of which it is known, from the first to the last look of each and
    while it was down, how much of it answered; None: too little was looked at to say so. An outage
    counts with what lies in these days; one that goes on, till the last look.
    """
    if sum((v.ultima - v.primera).total_seconds() for v in vigilados) < POCO:
        return None
    ultima, abre, cierra = (
        max(v.ultima for v in vigilados),
        instante(desde, dt.time()),
        al_terminar(hasta),
    )
    cayeron = [(max(c.desde, abre), min(c.hasta or ultima, cierra)) for c in cayo]
    sabido = dentro(abre, cierra, [*((v.primera, v.ultima) for v in vigilados), *cayeron])
    return 100 * (1 - dentro(abre, cierra, cayeron) / sabido)
