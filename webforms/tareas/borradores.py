"""Drafts: autosave, saving to go on later, and the person's list of them."""

from flask import abort
from flask import flash
from flask import jsonify
from flask import redirect
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import reads
from engine.errors import ItemClosed
from engine.types import Value
from webforms.base.envios import presentar
from webforms.base.formatos import hora
from webforms.base.formulario import TareaForm
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.tareas.lectura import elemento_de
from webforms.tareas.lectura import leer_item
from webforms.tareas.lectura import sin_listas
from webforms.tareas.pagina import lista

rutas = Rutas()

LIMITE_BORRADOR = 300_000


def crudo(form: TareaForm) -> dict[str, Value]:
    """What was typed, as typed: the texts of the fields. Files are chosen when the form is sent."""
    return {campo.name: [texto for texto in request.form.getlist(campo.name) if texto] for campo in form.visibles}


def guardar_y_salir(item_id: str, form: TareaForm, volver: str) -> ResponseReturnValue:
    s = servicios()
    s.engine.items.save_draft(item_id, crudo(form), actor=actor_actual(), now=s.clock.now())
    flash(_("Guardamos su borrador. La tarea sigue abierta."), "verde")
    if nombres := [subido.filename for subido in request.files.values() if subido.filename]:
        flash(_("Un borrador no guarda archivos. Elíjalos al completar la tarea: %(n)s.", n=", ".join(nombres)), "ambar")
    return redirect(lista(volver))


@rutas.put("/tarea/<item_id>/borrador")
def borrador(item_id: str) -> ResponseReturnValue:
    """Autosave: {"field": ["typed", …]}. 409 when the item is closed; then the earlier draft stays as it was."""
    if (request.content_length or 0) > LIMITE_BORRADOR:
        abort(413)
    recibido = request.get_json()
    if not isinstance(recibido, dict) or not all(
        isinstance(n, str) and isinstance(v, list) and all(isinstance(t, str) for t in v) for n, v in recibido.items()
    ):
        abort(400)
    s, valores = servicios(), {n: v for n, v in recibido.items() if not n.startswith("_") and n != "csrf_token"}
    with s.uow.reading() as session:
        leer_item(session, item_id)
    try:
        s.engine.items.save_draft(item_id, valores, actor=actor_actual(), now=s.clock.now())
    except ItemClosed:
        return jsonify(error="cerrada", mensaje=_("Otra persona cerró esta actividad. Su texto sigue en esta página.")), 409
    return jsonify(guardado=hora(s.clock.now(), segundos=True))


@rutas.get("/borradores")
def borradores() -> ResponseReturnValue:
    """ "Mis borradores": also those of tasks that somebody else completed."""
    s = servicios()
    with s.uow.reading() as session:
        filas = []
        for visto in reads.items.drafts_of(session, actor_actual().id):
            item = reads.items.item(session, visto.item_id)
            filas.append((item, visto, presentar(sin_listas(visto.values), elemento_de(session, item), s.forms, cubre=False)))
    return render_template("tareas/borradores.html", filas=filas)
