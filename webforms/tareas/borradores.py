"""Drafts: autosave, saving to go on later, and the person's list of them."""

import secrets

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import ItemClosed
from engine.states import ItemState
from engine.types import Value, WorkItem
from records.cuentas.reglas.frenos import UN_MINUTO, Cupo
from webforms.base.entrada import entero
from webforms.base.formatos import hora
from webforms.base.guias import FUNCIONARIO, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.quienes import PERSONA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos.formulario import TareaForm
from webforms.personas.cubierto import cubre
from webforms.tareas.envios import presentar
from webforms.tareas.guardado import LARGO_MARCA, Guardado, Pagina, choca, componer, leer, textos_de
from webforms.tareas.lectura import elemento_de, leer_item, sin_listas
from webforms.tareas.pagina import lista, vuelta

rutas = Rutas()

LIMITE_BORRADOR = 300_000


def crudo(form: TareaForm) -> dict[str, Value]:
    """What was typed, as typed: the texts of the fields. Files are chosen when the form is sent."""
    return {
        campo.name: [texto for texto in request.form.getlist(campo.name) if texto]
        for campo in form.visibles
    }


def pagina_que_envia() -> Pagina:
    """Of the hidden fields of the form."""
    return Pagina(
        request.form.get("_pagina", "")[:LARGO_MARCA],
        request.form.get("_borrador", "")[:LARGO_MARCA],
    )


def guardar(
    item_id: str, textos: dict[str, Value], pagina: Pagina, *, de_nuevo: bool = False
) -> None:
    """As the draft of this person; what another page or person had left there becomes an earlier
    version of it."""
    s, quien = servicios(), actor_actual().id
    with s.uow.reading() as session:
        antes = leer(reads.items.draft(session, reads.items.item(session, item_id), quien))
    nuevo = componer(antes, textos, quien, pagina, de_nuevo=de_nuevo)
    s.engine.items.save_draft(item_id, nuevo, actor=actor_actual(), now=s.clock.now())


def guardar_y_salir(item_id: str, form: TareaForm, volver: str) -> ResponseReturnValue:
    s, pagina = servicios(), pagina_que_envia()
    with s.uow.reading() as session:
        item = reads.items.item(session, item_id)
        otra = choca(leer(reads.items.draft(session, item, actor_actual().id)), pagina)
    guardar(item_id, crudo(form), pagina)
    dicho = _("Guardamos su borrador. La tarea sigue abierta.")
    if otra:
        dicho = f"{dicho} " + _(
            "Lo que había guardado en otra pestaña queda en la tarea, en «Versiones anteriores»."
        )
    flash(dicho, "verde")
    if nombres := [subido.filename for subido in request.files.values() if subido.filename]:
        flash(
            _(
                "Un borrador no guarda archivos. Elíjalos al completar la tarea: %(n)s.",
                n=", ".join(nombres),
            ),
            "ambar",
        )
    return redirect(lista(volver, item.case_key))


@rutas.put("/tarea/<item_id>/borrador", para=PERSONA, cupo=Cupo(240, UN_MINUTO))
def borrador(item_id: str) -> ResponseReturnValue:
    """Autosave: {"field": ["typed", …]}. 409 when the item is closed, or when another page has
    saved meanwhile: nothing changes then."""
    if (request.content_length or 0) > LIMITE_BORRADOR:
        abort(413)
    recibido = request.get_json()
    if not isinstance(recibido, dict) or not all(
        isinstance(n, str) and isinstance(v, list) and all(isinstance(t, str) for t in v)
        for n, v in recibido.items()
    ):
        abort(400)
    s, valores = (
        servicios(),
        {n: v for n, v in recibido.items() if not n.startswith("_") and n != "csrf_token"},
    )
    pagina = Pagina(
        *("".join(recibido.get(nombre, []))[:LARGO_MARCA] for nombre in ("_pagina", "_borrador"))
    )
    with s.uow.reading() as session:
        item = leer_item(session, item_id)
        antes = leer(reads.items.draft(session, item, actor_actual().id))
        if item.state == ItemState.OPEN and antes is not None and choca(antes, pagina):
            return _otra_pestana(session, item, antes)
    try:
        guardar(item_id, valores, pagina, de_nuevo=bool(recibido.get("_sobre")))
    except ItemClosed:
        return jsonify(
            error="cerrada",
            mensaje=_("Otra persona cerró esta actividad. Su texto sigue en esta página."),
        ), 409
    now = s.clock.now()
    return jsonify(guardado=hora(now, segundos=True), visto=now.isoformat())


def _otra_pestana(session: Session, item: WorkItem, antes: Guardado) -> ResponseReturnValue:
    """What the other page has saved, to be read here before this one decides."""
    mensaje = _(
        "Otra pestaña guardó este borrador a las %(h)s. Lo que escribe aquí todavía no se guarda.",
        h=hora(antes.cuando, segundos=True),
    )
    otro = presentar(
        sin_listas(antes.textos),
        elemento_de(session, item),
        servicios().forms,
        cubre=cubre(item.case_key),
    )
    return jsonify(error="otra_pestana", mensaje=mensaje, otro=otro, visto=antes.marca), 409


@rutas.post("/tarea/<item_id>/borrador", para=PERSONA, haria=_l("Elegir con qué borrador seguir"))
def elegir_borrador(item_id: str) -> ResponseReturnValue:
    """Begin anew, or go back to an earlier version: what stood there becomes the latest of the
    earlier ones."""
    s, quien = servicios(), actor_actual().id
    cual = request.form.get("version", type=entero)
    with s.uow.reading() as session:
        item = leer_item(session, item_id)
        antes = leer(reads.items.draft(session, item, quien))
    if antes is None or (cual is not None and not 0 <= cual < len(antes.anteriores)):
        abort(404)
    textos = antes.anteriores[cual].textos if cual is not None else {}
    try:
        nuevo = componer(antes, textos, quien, Pagina(secrets.token_hex(8)), de_nuevo=True)
        s.engine.items.save_draft(item_id, nuevo, actor=actor_actual(), now=s.clock.now())
    except ItemClosed:
        flash(_("La tarea ya se cerró: su borrador está en «Mis borradores»."), "ambar")
    else:
        flash(
            _("Aquí está esa versión.")
            if cual is not None
            else _("Empieza de cero. Lo anterior quedó en «Versiones anteriores»."),
            "verde",
        )
    return redirect(url_for("tareas.mostrar", item_id=item_id, volver=vuelta() or None))


@rutas.get(
    "/borradores",
    para=PERSONA,
    ayuda=Ayuda(_l("Formularios que empezó y todavía no ha enviado."), FUNCIONARIO),
    menu=Entrada(Grupo.HOY, _l("Mis borradores")),
)
def borradores() -> ResponseReturnValue:
    """ "Mis borradores": also those of tasks that somebody else completed."""
    s = servicios()
    with s.uow.reading() as session:
        filas = []
        for visto in reads.items.drafts_of(session, actor_actual().id):
            item, textos = (
                reads.items.item(session, visto.item_id),
                sin_listas(textos_de(visto.values)),
            )
            if textos:
                filas.append(
                    (
                        item,
                        visto,
                        presentar(textos, elemento_de(session, item), s.forms, cubre=False),
                    )
                )
    return render_template("tareas/borradores.html", filas=filas)
