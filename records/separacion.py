"""Duties kept apart beside the diagrams: roles that nobody holds together, and records that name two persons. Every row ever written."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from records.rules.roles import EXCLUSIONES
from records.rules.roles import Exclusion
from records.tables import F189
from records.tables import Cuenta
from records.tables import RevisionCuenta
from records.tables import RolAsignado

PROPIA = "cuenta_propia"  #: control 6-1: nobody decides on their own account
ATENCION_PROPIA = "atencion_propia"  #: 5.2.27: nobody evaluates an attention of their own


@dataclass(frozen=True, slots=True)
class Violacion:
    quien: str
    cuando: dt.datetime


@dataclass(frozen=True, slots=True)
class Probada:
    """A rule by its id, how many accounts, decisions or evaluations it touched, and where it was broken."""

    regla: str
    casos: int
    violaciones: tuple[Violacion, ...]
    exclusion: Exclusion | None = None


def probadas(session: Session) -> list[Probada]:
    return [*(_excluyentes(session, e) for e in EXCLUSIONES), _propia(session), _atencion_propia(session)]


def _excluyentes(session: Session, e: Exclusion) -> Probada:
    """Held at the same time, now or once: a role that ended before the other began is no violation."""
    filas = session.execute(
        select(Cuenta.usuario, RolAsignado.rol, RolAsignado.vigente_desde, RolAsignado.vigente_hasta)
        .join(RolAsignado, RolAsignado.cuenta_id == Cuenta.id)
        .where(RolAsignado.rol.in_(e.unos | e.otros))
    ).all()
    de_cuenta: dict[str, list[Any]] = {}
    for f in filas:
        de_cuenta.setdefault(f.usuario, []).append(f)
    juntos = {
        (usuario, max(uno.vigente_desde, otro.vigente_desde))
        for usuario, suyas in de_cuenta.items()
        for uno in suyas
        for otro in suyas
        if uno.rol in e.unos and otro.rol in e.otros and _se_cruzan(uno, otro)
    }
    return Probada(e.id, len(de_cuenta), tuple(Violacion(*v) for v in sorted(juntos)), e)


def _se_cruzan(uno: Any, otro: Any) -> bool:
    return _antes(uno.vigente_desde, otro.vigente_hasta) and _antes(otro.vigente_desde, uno.vigente_hasta)


def _antes(desde: dt.datetime, hasta: dt.datetime | None) -> bool:
    return hasta is None or desde < hasta


def _propia(session: Session) -> Probada:
    decididas = session.scalar(select(func.count()).where(RevisionCuenta.decision.is_not(None))) or 0
    propias = session.scalars(select(RevisionCuenta).where(RevisionCuenta.decidida_por == RevisionCuenta.usuario)).all()
    return Probada(PROPIA, decididas, tuple(Violacion(f.usuario, f.decidida) for f in propias if f.decidida is not None))


def _atencion_propia(session: Session) -> Probada:
    """A form refuses it, and so do the records: this is what came another way, or from before."""
    hechos = session.scalar(select(func.count()).select_from(F189)) or 0
    propios = session.scalars(select(F189).where(F189.auditor == F189.asesor_id).order_by(F189.id)).all()
    return Probada(ATENCION_PROPIA, hechos, tuple(Violacion(f.auditor, f.hecho) for f in propios))
