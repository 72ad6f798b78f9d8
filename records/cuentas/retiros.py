"""Ends of employment that come with a day: planned with who gets what, withdrawn until then, done
by the clock when that day is over."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from records.base import cambios
from records.base.actos import Acto
from records.base.cambios import Anotado, De
from records.base.errores import DatoInvalido, Separado
from records.casos.reglas import estados
from records.casos.tablas import Caso
from records.cuentas import cuentas
from records.cuentas.personal import CUENTA, queda_quien_administre, retirar
from records.cuentas.separacion import PROPIA
from records.cuentas.tablas import RetiroPrevisto
from records.lugares.tablas import Dispositivo
from records.plazos.reglas.calendario import al_terminar, dia_local

PREVISTO, EN_CURSO, HECHO, DESISTIDO = "previsto", "en_curso", "hecho", "desistido"
QUE: Final = "retiro"  #: what of the account changes
MAX_DIAS: Final = 400


def planear(
    session: Session,
    usuario: str,
    ultimo_dia: dt.date,
    reparto: Mapping[str, str],
    motivo: str,
    acto: Acto,
) -> list[Anotado]:
    """That day is the last one on which they enter. DatoInvalido: none to come, one is planned, the
    last administrator; Separado."""
    if usuario == acto.quien:
        raise Separado(PROPIA, "Nadie se retira a sí mismo: pídalo a otra persona que administre.")
    hoy = dia_local(acto.now)
    if not hoy <= ultimo_dia <= hoy + dt.timedelta(days=MAX_DIAS):
        raise DatoInvalido("El último día va de hoy a dentro de %(n)s días.", n=MAX_DIAS)
    dicho = cambios.exigir_motivo(motivo)
    suya = cuentas.cuenta_sola(session, usuario)  # two who plan at once come one after the other
    if not suya.activo:
        raise DatoInvalido("La cuenta ya está inactiva.")
    if previsto(session, usuario) is not None:
        raise DatoInvalido("Ya tiene un último día: desista de ese antes de poner otro.")
    queda_quien_administre(session, usuario, acto.now)
    cuando = al_terminar(ultimo_dia)
    fila = RetiroPrevisto(
        usuario=usuario,
        ultimo_dia=ultimo_dia,
        cuando=cuando,
        reparto=dict(reparto),
        motivo=dicho,
        registrado=acto.now,
        registrado_por=acto.quien,
        estado=PREVISTO,
    )
    session.add(fila)
    suya.activa_hasta = cuando
    session.flush()
    return [
        cambios.anotar(
            session,
            De(CUENTA, usuario, QUE),
            {},
            {"ultimo_dia": ultimo_dia.isoformat()},
            dicho,
            acto,
        )
    ]


def desistir(session: Session, usuario: str, motivo: str, acto: Acto) -> list[Anotado]:
    """They stay. DatoInvalido: nothing is planned, or it was done."""
    suya = cuentas.cuenta_sola(session, usuario)
    fila = previsto(session, usuario)
    if fila is None or fila.cuando <= acto.now:
        raise DatoInvalido("No hay un retiro previsto del que desistir.")
    if usuario == acto.quien:
        raise Separado(
            PROPIA, "Nadie decide sobre su propio retiro: pídalo a otra persona que administre."
        )
    dicho = cambios.exigir_motivo(motivo)
    # who and why stand in the history of the account
    fila.estado, fila.terminado = DESISTIDO, acto.now
    suya.activa_hasta = None
    session.flush()
    return [
        cambios.anotar(
            session,
            De(CUENTA, usuario, QUE),
            {"ultimo_dia": fila.ultimo_dia.isoformat()},
            {},
            dicho,
            acto,
        )
    ]


def previsto(session: Session, usuario: str) -> RetiroPrevisto | None:
    return session.scalar(
        select(RetiroPrevisto).where(
            RetiroPrevisto.usuario == usuario, RetiroPrevisto.estado == PREVISTO
        )
    )


def llegados(session: Session, now: dt.datetime, limite: int = 20) -> Sequence[RetiroPrevisto]:
    """Those whose last day is over, the first first; then those of which tasks wait to be moved, in
    no order: none that cannot move keeps another one waiting."""
    en_curso = RetiroPrevisto.estado == EN_CURSO
    por_hacer = en_curso | ((RetiroPrevisto.estado == PREVISTO) & (RetiroPrevisto.cuando <= now))
    orden = (en_curso, case((~en_curso, RetiroPrevisto.cuando)), func.random())
    return session.scalars(
        select(RetiroPrevisto).where(por_hacer).order_by(*orden).limit(limite)
    ).all()


def cumplir(session: Session, retiro_id: int, acto: Acto) -> list[Anotado]:
    """The account closes, its roles and absences end. Once: another worker that comes later finds
    it done."""
    fila = session.get(
        RetiroPrevisto, retiro_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if fila is None or fila.estado != PREVISTO:
        return []
    cubre = {
        int(clave.removeprefix(DE_AUSENCIA)): quien
        for clave, quien in fila.reparto.items()
        if clave.startswith(DE_AUSENCIA)
    }
    try:
        with session.begin_nested():
            hechos = retirar(session, fila.usuario, cubre, fila.motivo, acto)
    except (
        DatoInvalido
    ):  # whoever was to cover somebody does other work by now, or is away too: nobody does
        hechos = retirar(session, fila.usuario, {}, fila.motivo, acto)
    fila.estado = EN_CURSO
    session.flush()
    return hechos


def retirar_ya(
    session: Session, usuario: str, cubre: Mapping[int, str], motivo: str, acto: Acto
) -> list[Anotado]:
    """Now, whatever day was planned."""
    hechos = retirar(session, usuario, cubre, motivo, acto)
    if (fila := previsto(session, usuario)) is not None:
        fila.estado, fila.terminado = HECHO, acto.now
        session.flush()
    return hechos


def terminar(session: Session, retiro_id: int, now: dt.datetime) -> None:
    fila = session.get_one(RetiroPrevisto, retiro_id)
    fila.estado, fila.terminado = HECHO, now
    session.flush()


#: begins what says who covers an absence; the rest says who gets the tasks of a lane
DE_AUSENCIA: Final = "ausencia-"


# --- what else bears their name -------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ASuNombre:
    """What stays as it is, and people ask about."""

    casos: int  #: open ones that they received
    equipos: Sequence[str]  #: devices that they registered and that are in use


def a_su_nombre(session: Session, usuario: str) -> ASuNombre:
    abiertos = (
        select(func.count())
        .select_from(Caso)
        .where(Caso.asesor_id == usuario, Caso.estado.not_in(estados.FINALES))
    )
    equipos = (
        select(Dispositivo.codigo)
        .where(Dispositivo.registrado_por == usuario, Dispositivo.activo)
        .order_by(Dispositivo.codigo)
    )
    return ASuNombre(session.scalar(abiertos) or 0, session.scalars(equipos).all())
