"""What is going on at this adviser's desk, and what else is theirs: the visit in course, their
tasks, those of the point."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine import reads
from engine.reads.items import InboxFilter
from engine.types import WorkItem
from records.base.errores import Rechazo
from records.casos import casos
from records.cuentas import ausencias, cuentas
from records.cuentas.reglas.roles import ASESOR, USUARIO
from records.visita import atenciones
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.visita import aplicativos, llegadas
from webforms.visita.llamados import LLAMADA
from webforms.visita.puesto import Puesto

#: Tasks of the lane Usuario that the citizen does alone, on a device.
DEL_CIUDADANO = ("act_5_2_1", "act_5_2_13")


def tarea_en_curso(session: Session, punto_id: str) -> WorkItem | None:
    """The call that this adviser made, else the next activity of the person at the desk. Tasks of
    other visits never get here."""
    actor = actor_actual()
    llamadas = [i for i in reads.items.held_by(session, actor.id) if i.element == LLAMADA]
    if llamadas:
        return llamadas[-1]
    turno = atenciones.en_curso(session, actor.id)
    if turno is None or turno.case_key is None or turno.punto_id != punto_id:
        return None
    mias = [
        i
        for i in reads.items.of_case(session, turno.case_key, only_open=True)
        if i.instance_id == turno.instancia_id
        and _puede(i)
        and i.role is not None
        and actor.has(i.role, i.scope)
    ]
    return mias[0] if mias else None


def ocupado(session: Session, puesto: Puesto) -> bool:
    """Somebody is at this desk: nobody else is called to it."""
    return (
        tarea_en_curso(session, puesto.punto.codigo) is not None
        or aplicativos.consultando(session) is not None
    )


class ModuloOcupado(Rechazo):
    """The other tab of this adviser was faster."""


def tomar_modulo(session: Session, puesto: Puesto) -> None:
    """In the command that brings somebody to this desk: of two at once, the second sees the first.
    ModuloOcupado."""
    cuentas.de_a_una(session, actor_actual().id)
    if ocupado(session, puesto):
        raise ModuloOcupado


def _puede(item: WorkItem) -> bool:
    return not _del_ciudadano(item) and item.claimed_by in (None, actor_actual().id)


def _del_ciudadano(item: WorkItem) -> bool:
    """A rating said aloud is recorded by the adviser, who asked for it that way (5.2.12)."""
    return item.element in DEL_CIUDADANO and item.data.get("medio_calificacion") != "verbal"


@dataclass(frozen=True, slots=True)
class Pendientes:
    """`por_continuar`: who came out of the information room and is this adviser's (the item, its
    turn)."""

    suyas: tuple[WorkItem, ...]
    por_continuar: tuple[tuple[WorkItem, int], ...]
    # nobody's: a talk to give, the answer for a colleague who is away
    del_punto: tuple[WorkItem, ...]


def pendientes(session: Session, punto_id: str) -> Pendientes:
    """Open tasks beside the visit at the desk, by whose they are; what belongs to a colleague who
    is here is not shown."""
    actor = actor_actual()
    libres = InboxFilter(roles=(ASESOR, USUARIO), without=(LLAMADA,), free_or_of=actor.id)
    abiertas = [i for i in reads.items.inbox(session, actor, libres, limit=None) if _puede(i)]
    duenos = _duenos(session, abiertas)
    ausentes = ausencias.fuera(
        session, {d for d in duenos.values() if d != actor.id}, servicios().clock.now()
    )
    mias = [i for i in abiertas if i.claimed_by == actor.id or duenos.get(i.id) == actor.id]
    visitas_mias = {i.id: turno for i in mias if (turno := _turno(i)) is not None}
    return Pendientes(
        tuple(i for i in mias if i.id not in visitas_mias),
        tuple((i, visitas_mias[i.id]) for i in mias if i.id in visitas_mias),
        tuple(
            i
            for i in abiertas
            if i.scope == punto_id
            and i.claimed_by is None
            and (i.id not in duenos or duenos[i.id] in ausentes)
        ),
    )


def _turno(item: WorkItem) -> int | None:
    """The turn whose visit the task belongs to; None for those of a case that is already with an
    area, or of a talk."""
    turno = item.data.get("turno_id")
    return turno if item.process in llegadas.PROCESOS and isinstance(turno, int) else None


def _duenos(session: Session, items: Collection[WorkItem]) -> Mapping[str, str]:
    """Whose each task is, by item: who attends the visit, else the adviser of the case. Tasks
    without either are nobody's."""
    turnos = {i.id: turno for i in items if (turno := _turno(i)) is not None}
    de_casos = {
        i.id: caso
        for i in items
        if i.id not in turnos and isinstance(caso := i.data.get("caso_id"), int)
    }
    por_turno = atenciones.asesores(session, set(turnos.values()))
    por_caso = casos.asesores(session, set(de_casos.values()))
    duenos = {item: por_turno[t] for item, t in turnos.items() if t in por_turno}
    return duenos | {item: por_caso[c] for item, c in de_casos.items() if c in por_caso}
