"""What a case waits for besides a person: a date, something that must arrive, a system, a delivery,
another part of the case."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.instances import InstanceView
from engine.states import RUNNING
from webforms.base import palabras
from webforms.base.rotulos import rotulo
from webforms.base.security import actor_actual
from webforms.casos.operacion import elementos, titulo
from webforms.tareas import mensajes
from webforms.tareas.mensajes import Esperado


@dataclass(frozen=True, slots=True)
class Espera:
    """One wait that is no task: what must come, and when at the latest or when it comes by
    itself."""

    que: str
    cuando: dt.datetime | None = None
    tarea: str = ""  #: of a message that this person hands over on a page
    como: str = ""  #: how else it arrives


def esperas(session: Session, instancias: Iterable[InstanceView]) -> list[Espera]:
    """Of every running part of the case. Reminders and deadlines that only watch over a task are no
    wait."""
    return [espera for i in instancias if i.status in RUNNING for espera in _de(session, i)]


def _de(session: Session, instancia: InstanceView) -> list[Espera]:
    conocidos, espera = elementos(session, instancia), reads.operation.waits(session, instancia.id)
    vigilan = {id_ for id_, spec in conocidos.items() if spec.type == "boundaryEvent"}
    de_mensaje = {
        name
        for id_, spec in conocidos.items()
        if spec.message is not None and id_ not in vigilan
        for name in spec.message.names
    }
    entregables = mensajes.con_elemento(
        session, reads.operation.awaited(session, case_key=instancia.case_key)
    )
    de_alguien = [e for e in entregables if e.espera.instance_id == instancia.id]
    sin_quien = [
        m
        for m in espera.messages
        if m in de_mensaje and m not in {e.espera.message for e in de_alguien}
    ]
    llegadas = [Espera(str(_("Que ocurra: %(m)s", m=palabras.mensaje(m)))) for m in sin_quien]
    llegadas += [_entregable(e) for e in de_alguien]
    fechas = [
        Espera(str(_("Una fecha: %(t)s", t=titulo(conocidos, e))), vence)
        for e, vence in espera.timers
        if e not in vigilan
    ]
    sistemas = [
        Espera(str(_("La respuesta de un sistema: %(t)s", t=titulo(conocidos, e))))
        for e in espera.jobs
    ]
    # nobody need take them
    avisos = {
        id_
        for id_, spec in conocidos.items()
        if spec.message is not None and not spec.message.obligatory
    }
    entregas = [
        Espera(str(_("Entregar a otra parte del proceso: %(m)s", m=palabras.mensaje(m))))
        for m, e in espera.outbox
        if e not in avisos
    ]
    return [*llegadas, *fechas, *sistemas, *entregas]


def _entregable(esperado: Esperado) -> Espera:
    """What the diagram calls it, who hands it over, and the way to do it for whoever may."""
    roles = ", ".join(
        palabras.rol(rol)
        for rol in (esperado.elemento.delivery.roles if esperado.elemento.delivery else ())
    )
    maneras = [str(_("Lo entrega: %(r)s", r=roles))] if roles else []
    if esperado.por_sistema:
        maneras.append(str(_("Lo entrega otro sistema, con firma")))
    mia = esperado.espera.task_id if esperado.puede(actor_actual()) else ""
    return Espera(rotulo(esperado.elemento.name), None, mia, ". ".join(maneras))
