"""Who has a task: claim, release, reassign; the text of who came late becomes a note."""

from flask import abort
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import ClaimedByOther
from engine.errors import EngineError
from engine.errors import ItemClosed
from engine.errors import NotAllowed
from engine.types import WorkItem
from records.cuentas import cuentas_con_rol
from webforms.base.asientos import NOTA
from webforms.base.rechazos import motivo_de_rechazo
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.tareas.conflictos import hoja_de_conflicto
from webforms.tareas.lectura import leer_item
from webforms.tareas.pagina import lista
from webforms.tareas.pagina import vuelta

rutas = Rutas()


@rutas.post("/tarea/<item_id>/tomar")
def tomar(item_id: str) -> ResponseReturnValue:
    s = servicios()
    with s.uow.reading() as session:
        item = leer_item(session, item_id)
    try:
        s.engine.items.claim(item_id, actor=actor_actual(), now=s.clock.now())
    except (ClaimedByOther, ItemClosed) as conflicto:
        with s.uow.reading() as session:
            tarde = hoja_de_conflicto(session, reads.items.item(session, item_id), {}, conflicto)
        return tarde.mostrar()
    return redirect(url_for("tareas.mostrar", item_id=item.id))


@rutas.post("/tarea/<item_id>/devolver")
def devolver(item_id: str) -> ResponseReturnValue:
    s = servicios()
    with s.uow.reading() as session:
        leer_item(session, item_id, supervisando=True)
    try:
        s.engine.items.release(item_id, actor=actor_actual(), now=s.clock.now())
    except NotAllowed as rechazo:
        flash(motivo_de_rechazo(rechazo), "rojo")
        return redirect(lista(vuelta()))
    flash(_("La tarea volvió a la bandeja, sin asignar."), "verde")
    return redirect(lista(vuelta()))


@rutas.get("/tarea/<item_id>/reasignar")
def elegir_persona(item_id: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        item = leer_item(session, item_id, supervisando=True)
        personas = candidatos(session, item)
    return render_template("tareas/reasignar.html", item=item, personas=personas, motivo="", elegida="", errores=[])


@rutas.post("/tarea/<item_id>/reasignar")
def reasignar(item_id: str) -> ResponseReturnValue:
    s = servicios()
    elegida, motivo = request.form.get("persona", ""), request.form.get("motivo", "").strip()
    with s.uow.reading() as session:
        item = leer_item(session, item_id, supervisando=True)
        personas = candidatos(session, item)
    errores = []
    if elegida not in dict(personas):
        errores.append(("persona", _("Elija a quién le pasa la tarea")))
    if not 1 <= len(motivo) <= 500:  # noqa: PLR2004 - one short text
        errores.append(("motivo", _("Escriba el motivo, en máximo 500 caracteres")))
    if not errores:
        try:
            s.engine.items.reassign(item_id, to=elegida, actor=actor_actual(), now=s.clock.now(), reason=motivo)
        except NotAllowed as rechazo:
            errores.append(("contenido", motivo_de_rechazo(rechazo)))
    if errores:
        return render_template("tareas/reasignar.html", item=item, personas=personas, motivo=motivo, elegida=elegida, errores=errores), 422
    flash(_("La tarea pasó a %(nombre)s.", nombre=dict(personas)[elegida]), "verde")
    return redirect(lista(vuelta()))


def candidatos(session: Session, item: WorkItem) -> list[tuple[str, str]]:
    """(user name, name) of those who may do the task, without its holder."""
    cuentas = cuentas_con_rol(session, item.role or "", item.scope, servicios().clock.now())
    return [(cuenta.usuario, cuenta.nombre) for cuenta in cuentas if cuenta.usuario != item.claimed_by]


@rutas.post("/tarea/<item_id>/nota")
def anotar(item_id: str) -> ResponseReturnValue:
    """What was typed into a task that somebody else completed becomes a note of the case."""
    s = servicios()
    with s.uow.reading() as session:
        item = leer_item(session, item_id)
    try:
        s.engine.notes.add(item.case_key, request.form.get("texto", ""), actor=actor_actual(), now=s.clock.now(), kind=NOTA)
    except EngineError:
        abort(422)
    flash(_("Agregamos su texto como nota del caso."), "verde")
    return redirect(lista(vuelta()))
