"""After a call (5.2.2): called once more; who is absent; ratings that end."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import Conflict, InstanceNotActive
from engine.reads.items import InboxFilter
from engine.types import Data, WorkItem, Writing
from records.base.actos import Acto, acto_de
from records.base.datos import entero
from records.base.errores import TurnoNoDisponible
from records.lugares import puntos
from records.lugares.tablas import Punto
from records.visita import turnos
from records.visita.tablas import Atencion, Turno
from webforms.base.quienes import ATIENDE
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.visita import llegadas
from webforms.visita.puesto import Puesto, puesto_actual

rutas = Rutas()

LLAMADA = "act_5_2_2"
FORMULARIO = "asesor.llamar"
CALIFICA = "act_5_2_13"
SE_FUE = (Conflict, InstanceNotActive, TurnoNoDisponible)


#: Where an attention that was begun may still be given back: nobody is verified, no case exists.
EMPEZADA = ("act_5_2_3", "act_5_2_4")
#: Where whoever is attended may leave and the visit ends: no case is filed yet (SUPUESTO Q3).
SIN_RADICAR = (*EMPEZADA, "act_5_2_5", "us_contingencia_crm", "act_5_2_7", "act_5_2_8")


@dataclass(frozen=True, slots=True)
class Destinos:
    """Where a turn may be handed: the other desks of the point, the other points (code, name)."""

    modulos: Sequence[str] = ()
    puntos: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Salida:
    """What was asked for and cannot be done yet: shown again as it was typed, with what is
    missing."""

    accion: str = ""
    motivo: str = ""
    destino: str = ""
    errores: tuple[tuple[str, str], ...] = ()


def destinos(session: Session, puesto: Puesto) -> Destinos:
    modulos = [m for m in puntos.modulos(session, puesto.punto.codigo) if m != puesto.modulo]
    activos = (
        sa.select(Punto.codigo, Punto.nombre)
        .where(Punto.activo, Punto.codigo != puesto.punto.codigo)
        .order_by(Punto.nombre)
    )
    return Destinos(modulos, [(f.codigo, f.nombre) for f in session.execute(activos)])


def _llamado_por_mi(session: Session, turno_id: int) -> Turno:
    """A turn that this adviser has called and that has not come to the desk yet."""
    mias = reads.items.held_by(session, actor_actual().id)
    turno = session.get(Turno, turno_id)
    if turno is None or not any(
        i.element == LLAMADA and i.data.get("turno_id") == turno_id for i in mias
    ):
        abort(404)
    return turno


def a_la_consola(dicho: str, tono: str = "verde") -> ResponseReturnValue:
    flash(dicho, tono)
    return redirect(url_for("asesor.consola"))


@rutas.post(
    "/atencion/otra-vez/<int:turno_id>", para=ATIENDE, haria=_l("Repetir el llamado en el tablero")
)
def repetir(turno_id: int) -> ResponseReturnValue:
    """Board and chime once more, without another call being counted."""
    s, actor = servicios(), actor_actual()
    now = s.clock.now()
    with s.uow.reading() as session:
        turno, modulo = _llamado_por_mi(session, turno_id), puesto_actual(session).modulo
        del_llamado = modulo or turnos.modulo_del_llamado(session, turno_id) or ""
    try:
        s.uow.run(
            lambda session: turnos.repetir_llamado(
                session, turno_id, del_llamado, Acto(actor.id, now)
            )
        )
    except TurnoNoDisponible:
        return a_la_consola(_("Ese turno ya no está llamado."), "ambar")
    return a_la_consola(_("El tablero llamó otra vez a %(f)s.", f=turno.ficha or ""))


def mensaje(
    nombre: str,
    turno_id: int,
    registros: llegadas.Registros | None = None,
    *,
    toma: str | None = None,
    motivo: str = "",
) -> bool:
    """One message to the visit of a turn, in one commit. False: it no longer waits for it."""
    s = servicios()
    try:
        s.engine.messages.correlate(
            nombre,
            str(turno_id),
            {},
            actor=actor_actual(),
            now=s.clock.now(),
            claim=toma,
            records=registros,
            reason=motivo,
        )
    except SE_FUE:
        return False
    return True


def empezar(abiertas: Sequence[WorkItem], modulo: str) -> None:
    """Of who was called and stands at this desk: the attention begins. What else happened meanwhile
    leaves 5.2.2 to be answered."""
    s, actor = servicios(), actor_actual()
    for item in abiertas:
        if item.element == LLAMADA and item.claimed_by == actor.id:
            valores: Data = {"modulo": modulo, "resultado_llamado": "atendido"}
            registros = s.forms[FORMULARIO].records
            with contextlib.suppress(*SE_FUE):
                s.engine.items.complete(
                    item.id, values=valores, actor=actor, now=s.clock.now(), records=registros
                )


# --- absent ---------------------------------------------------------------------------------------
def rellamar(turno_id: int, modulo: str, tomar_modulo: Callable[[Session], None]) -> bool:
    """An absent person called again, at once or when the two minutes are over, in one commit.
    False: another desk did."""
    s = servicios()

    def anotar(w: Writing) -> None:
        tomar_modulo(w.session)
        turnos.registrar_llamado(w.session, turno_id, modulo, acto_de(w))

    with s.uow.reading() as session:
        turno = session.get(Turno, turno_id)
        abiertas = (
            reads.items.of_case(session, turno.case_key, only_open=True)
            if turno is not None and turno.case_key
            else []
        )
    item = next((i for i in abiertas if i.element == LLAMADA), None)
    if item is None:
        return mensaje("TurnoLlamado", turno_id, anotar, toma=LLAMADA)
    try:
        s.engine.items.claim(item.id, actor=actor_actual(), now=s.clock.now(), records=anotar)
    except SE_FUE:
        return False
    return True


# --- ratings --------------------------------------------------------------------------------------
def terminar_calificaciones(puesto: Puesto) -> None:
    """The next person was called: what the tablet still asks for the one before ends as «no
    califica» (5.2.13)."""
    actor = actor_actual()
    with servicios().uow.reading() as session:
        filtro = InboxFilter(process=llegadas.PROCESO, element=CALIFICA, scope=puesto.punto.codigo)
        abiertas = reads.items.inbox(session, actor, filtro, limit=None)
        deben = {entero(i.data, "turno_id"): i for i in abiertas}
        mios = set(
            session.scalars(
                sa.select(Atencion.turno_id).where(
                    Atencion.turno_id.in_(deben), Atencion.asesor_id == actor.id
                )
            )
        )
    for turno_id, item in deben.items():
        if turno_id in mios or (
            puesto.modulo is not None and item.data.get("modulo") == puesto.modulo
        ):
            mensaje("SiguienteLlamado", turno_id)
