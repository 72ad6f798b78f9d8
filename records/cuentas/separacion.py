"""Separation of duties that no diagram draws: roles that nobody holds together, and records that
name two persons. Every row ever written."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from records.auditorias.tablas import F189, Inconsistencia
from records.comites.tablas import Accion, AccionCierre, ComiteSesion, ComiteVoto
from records.controles.tablas import RevisionCuenta
from records.cuentas.reglas.roles import EXCLUSIONES, Exclusion
from records.cuentas.tablas import Cuenta, RolAsignado
from records.derechos.tablas import SolicitudDatos
from records.plazos.reglas.calendario import se_cruzan
from records.retencion.tablas import ActaEliminacion

PROPIA = "cuenta_propia"  #: control 6-1: nobody decides on their own account
ATENCION_PROPIA = "atencion_propia"  #: 5.2.27: nobody evaluates an attention of their own
#: 5.2.31: nobody votes on a finding about themselves, nor on an action of theirs
VOTO_PROPIO = "voto_propio"
ACCION_PROPIA = "accion_propia"  #: nobody closes the action that they wrote or answer for
#: nobody approves the disposal of files that they proposed
ELIMINACION_PROPIA = "eliminacion_propia"
#: nobody decides on the erasing of a person's data that they asked for
SOLICITUD_PROPIA = "solicitud_propia"


@dataclass(frozen=True, slots=True)
class Violacion:
    quien: str
    cuando: dt.datetime


@dataclass(frozen=True, slots=True)
class Probada:
    """A rule by its id, how many accounts, decisions or evaluations it touched, and where it was
    broken."""

    regla: str
    casos: int
    violaciones: tuple[Violacion, ...]
    exclusion: Exclusion | None = None


def probadas(session: Session) -> list[Probada]:
    de_dos = (
        _propia(session),
        _atencion_propia(session),
        _voto_propio(session),
        _accion_propia(session),
        _eliminacion_propia(session),
        _solicitud_propia(session),
    )
    return [*(_excluyentes(session, e) for e in EXCLUSIONES), *de_dos]


def _excluyentes(session: Session, e: Exclusion) -> Probada:
    """Held at the same time, now or once: a role that ended before the other began is no
    violation."""
    filas = session.execute(
        select(
            Cuenta.usuario, RolAsignado.rol, RolAsignado.vigente_desde, RolAsignado.vigente_hasta
        )
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
        if uno.rol in e.unos and otro.rol in e.otros and _a_la_vez(uno, otro)
    }
    return Probada(e.id, len(de_cuenta), tuple(Violacion(*v) for v in sorted(juntos)), e)


def _a_la_vez(uno: Any, otro: Any) -> bool:
    return se_cruzan(uno.vigente_desde, uno.vigente_hasta, otro.vigente_desde, otro.vigente_hasta)


def _propia(session: Session) -> Probada:
    decididas = (
        session.scalar(select(func.count()).where(RevisionCuenta.decision.is_not(None))) or 0
    )
    propias = session.scalars(
        select(RevisionCuenta).where(RevisionCuenta.decidida_por == RevisionCuenta.usuario)
    ).all()
    return Probada(
        PROPIA,
        decididas,
        tuple(Violacion(f.usuario, f.decidida) for f in propias if f.decidida is not None),
    )


def _atencion_propia(session: Session) -> Probada:
    """A form refuses it, and so do the records: this is what came another way, or from before."""
    hechos = session.scalar(select(func.count()).select_from(F189)) or 0
    propios = session.scalars(
        select(F189).where(F189.auditor == F189.asesor_id).order_by(F189.id)
    ).all()
    return Probada(ATENCION_PROPIA, hechos, tuple(Violacion(f.auditor, f.hecho) for f in propios))


def _voto_propio(session: Session) -> Probada:
    """By the action as it stood when the session voted: that of its committee."""
    votados = session.scalar(select(func.count()).select_from(ComiteVoto)) or 0
    propios = session.execute(
        select(ComiteVoto.miembro, ComiteVoto.cuando)
        .join(Inconsistencia, Inconsistencia.id == ComiteVoto.inconsistencia_id)
        .join(ComiteSesion, ComiteSesion.id == ComiteVoto.sesion_id)
        .outerjoin(
            Accion,
            (Accion.inconsistencia_id == ComiteVoto.inconsistencia_id)
            & (Accion.comite_id == ComiteSesion.comite_id),
        )
        .where(ComiteVoto.miembro.in_((Inconsistencia.asesor_id, Accion.por, Accion.responsable)))
        .order_by(ComiteVoto.id)
    )
    return Probada(VOTO_PROPIO, votados, tuple(Violacion(*fila) for fila in propios))


def _accion_propia(session: Session) -> Probada:
    cerradas = session.scalar(select(func.count()).select_from(AccionCierre)) or 0
    propias = session.execute(
        select(AccionCierre.por, AccionCierre.cuando)
        .join(Accion, Accion.id == AccionCierre.accion_id)
        .where(AccionCierre.por.in_((Accion.por, Accion.responsable)))
        .order_by(AccionCierre.id)
    )
    return Probada(ACCION_PROPIA, cerradas, tuple(Violacion(*fila) for fila in propias))


def _eliminacion_propia(session: Session) -> Probada:
    aprobada = ActaEliminacion.decidida.is_not(None)
    hechas = session.scalar(select(func.count()).select_from(ActaEliminacion).where(aprobada)) or 0
    suyas = select(ActaEliminacion).where(
        aprobada, ActaEliminacion.decidida_por == ActaEliminacion.propuesta_por
    )
    propias = session.scalars(suyas.order_by(ActaEliminacion.id)).all()
    return Probada(
        ELIMINACION_PROPIA,
        hechas,
        tuple(Violacion(f.propuesta_por, f.decidida) for f in propias if f.decidida is not None),
    )


def _solicitud_propia(session: Session) -> Probada:
    # who takes back their own decides nothing
    decidida = SolicitudDatos.estado.in_(("aprobada", "cumplida", "devuelta"))
    hechas = session.scalar(select(func.count()).select_from(SolicitudDatos).where(decidida)) or 0
    suyas = select(SolicitudDatos).where(
        decidida, SolicitudDatos.decidida_por == SolicitudDatos.pedida_por
    )
    propias = session.scalars(suyas.order_by(SolicitudDatos.id)).all()
    return Probada(
        SOLICITUD_PROPIA,
        hechas,
        tuple(Violacion(f.pedida_por, f.decidida) for f in propias if f.decidida is not None),
    )
