"""After a task with which somebody hands a case on: what was done, where the case is now and its
terms, said once, on the next page.

The browser carries only which task it was; everything said is read again when it is shown, so it
says how things stand by then.
"""

from flask import flash, session as sesion
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine import reads
from engine.types import Data, WorkItem
from records.casos.busqueda import caso_por_clave
from records.casos.expediente import expediente
from webforms.base import palabras
from webforms.base.formatos import dia_local, fecha
from webforms.base.personas import nombre_de
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos.formulario import Contexto
from webforms.plazos.palabras import plazos_vistos
from webforms.tareas.elementos import titulo_de_elemento
from webforms.tareas.envios import especificacion
from webforms.tareas.lectura import elemento_de
from webforms.tareas.nombres import nombres_de_casos

ENVIADA = "tarea_enviada"  #: in the session of the browser: the task whose word is still to be said


def recordar(item_id: str) -> None:
    sesion[ENVIADA] = item_id


def olvidar() -> str:
    """The task whose word is due; it is said once or never, so nothing old stands above a later
    page."""
    return str(sesion.pop(ENVIADA, ""))


def despedir(session: Session, item_id: str, case_key: str) -> None:
    """Say it, if the task was of this case."""
    if not item_id:
        return
    item = reads.items.item(session, item_id)
    if item.case_key == case_key and item.closed_by == actor_actual().id:
        flash(
            " ".join(
                filter(
                    None,
                    (
                        _hecho(session, item),
                        _donde_quedo(session, item),
                        _terminos(session, case_key),
                    ),
                )
            ),
            "verde",
        )


def de_otra_cosa(session: Session, item_id: str, siguiente: WorkItem) -> bool:
    """What comes next did not follow: it was open by then (the report of another point, the F189 of
    another attention). What was done is said first. What a task opens at once is gone to without
    this page.
    """
    if not item_id:
        return False
    cerrada = reads.items.item(session, item_id).closed_at
    return cerrada is not None and siguiente.opened_at <= cerrada


def _hecho(session: Session, item: WorkItem) -> str:
    s, elemento = servicios(), elemento_de(session, item)
    spec = especificacion(elemento, s.forms)
    if spec.hecho is not None:
        contexto = Contexto(session, item, elemento, actor_actual(), s.clock.now(), s.archivos)
        if dicho := spec.hecho(contexto, _valores(session, item)):
            return dicho
    caso, tarea = (
        nombres_de_casos(session, {item.case_key}).get(item.case_key),
        titulo_de_elemento(item.element, item.name),
    )
    return str(
        _("Terminó «%(t)s» del caso %(c)s.", t=tarea, c=caso)
        if caso
        else _("Terminó «%(t)s».", t=tarea)
    )


def _valores(session: Session, item: WorkItem) -> Data:
    envios = reads.history.submissions(session, item.case_key)
    return next((dict(e.values) for e in reversed(envios) if e.item_id == item.id and e.values), {})


def _donde_quedo(session: Session, item: WorkItem) -> str:
    """Who has what follows; what was open before it does not follow from it."""
    frases = []
    for otra in reads.items.of_case(session, item.case_key, only_open=True):
        if item.closed_at is not None and otra.opened_at < item.closed_at:
            continue
        titulo, lugar = titulo_de_elemento(otra.element, otra.name), palabras.lugar(otra.scope)
        if otra.claimed_by:
            frases.append(
                _("Sigue «%(t)s»: la tiene %(n)s.", t=titulo, n=nombre_de(session, otra.claimed_by))
            )
        elif lugar:
            frases.append(_("Sigue «%(t)s» en %(l)s, sin asignar.", t=titulo, l=lugar))
        else:
            frases.append(_("Sigue «%(t)s», sin asignar.", t=titulo))
    return " ".join(str(f) for f in frases)


def _terminos(session: Session, case_key: str) -> str:
    """What counts now; while the clock stands still, until when the person may answer."""
    caso = caso_por_clave(session, case_key)
    if caso is None or caso.enviado is not None:
        return ""
    e, ahora = expediente(session, caso.id), servicios().clock.now()
    abierta = e.suspension_abierta
    if abierta is not None and e.suspension_que_detiene(caso.limite_respuesta) is None:
        hasta = fecha(abierta.vence, dia_local(ahora))
        return str(
            _(
                "El término legal ya había vencido y sigue vencido. La persona tiene hasta el %(d)s para responder.",
                d=hasta,
            )
        )
    if abierta is not None:
        hasta = fecha(abierta.vence, dia_local(ahora))
        return str(
            _(
                "El plazo queda suspendido: la persona tiene hasta el %(d)s. Mientras tanto está en «Espera al ciudadano».",
                d=hasta,
            )
        )
    corren = [p for p in plazos_vistos(e, ahora) if not p.cumplido]
    return " ".join(f"{p.nombre}: {p.frase[:1].lower()}{p.frase[1:]}, {p.fecha}." for p in corren)
