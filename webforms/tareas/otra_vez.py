"""Whoever has the task of a case asks the systems again about the person whom the adviser verified:
the figures in dispute may have changed since the visit (5.2.16 to 5.2.18)."""

from concurrent.futures import ThreadPoolExecutor

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine.states import ItemState
from engine.types import WorkItem
from records.base.consultas import obtener
from records.casos.busqueda import caso_por_clave
from records.casos.expediente import consultas_de_la_visita
from records.cuentas.reglas.frenos import UN_MINUTO, Cupo
from records.personas.tablas import Persona
from records.sistemas import legado
from records.sistemas.puertos import OtraVez
from webforms.base.quienes import PERSONA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.tareas.lectura import leer_item
from webforms.tareas.mesa import consultables
from webforms.tareas.pagina import vuelta

rutas = Rutas()


def pregunta(session: Session, item: WorkItem) -> OtraVez | None:
    """What would be asked. None: this task is not theirs, or the visit of its case asked nothing."""
    caso, actor = caso_por_clave(session, item.case_key), actor_actual()
    if (
        caso is None
        or caso.turno_id is None
        or item.claimed_by != actor.id
        or item.state != ItemState.OPEN
        or not consultas_de_la_visita(session, caso)
    ):
        return None
    persona = obtener(session, Persona, caso.persona_id)
    return OtraVez(
        item.case_key,
        caso.turno_id,
        persona.id,
        persona.tipo_doc,
        persona.num_doc,
        legado.obligacion(session, caso.servicio_id, persona.id),
        actor.id,
        servicios().clock.now(),
    )


@rutas.post(
    "/tarea/<item_id>/consultar-otra-vez",
    para=PERSONA,
    haria=_l("Consultar los sistemas otra vez"),
    cupo=Cupo(6, UN_MINUTO),
)
def consultar_otra_vez(item_id: str) -> ResponseReturnValue:
    s, a_quienes = servicios(), consultables()
    with s.uow.reading() as session:
        que = pregunta(session, leer_item(session, item_id))
    adonde = url_for("tareas.mostrar", item_id=item_id, volver=vuelta() or None)
    if que is None or not a_quienes:
        flash(_("No se consultó: la tarea ya no es suya, o ningún sistema está conectado."), "rojo")
        return redirect(adonde)
    with ThreadPoolExecutor(len(a_quienes), "legado") as hilos:
        leidas = list(hilos.map(lambda preguntar: preguntar(que), a_quienes))

    def guardar(session: Session) -> None:
        for leida in leidas:
            legado.guardar_otra_vez(session, leida, que)

    s.uow.run(guardar)
    flash(_("Lo que respondieron los sistemas está junto a lo que se vio en la visita."), "verde")
    return redirect(adonde)
