"""Drafts: autosave, saving to go on later, and the person's list of them."""

import datetime as dt
import secrets
from contextlib import suppress

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from engine import reads
from engine.errors import ItemClosed
from engine.states import ItemState
from engine.types import Data, Value, WorkItem
from records.base.errores import ArchivoSinGuardar
from records.cuentas.reglas.frenos import UN_MINUTO, Cupo
from webforms.base.apartados import apartar
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
from webforms.tareas.guardado import (
    LARGO_MARCA,
    Guardado,
    Pagina,
    choca,
    componer,
    de,
    leer,
    textos_de,
)
from webforms.tareas.lectura import construir, elemento_de, leer_item, sin_listas
from webforms.tareas.pagina import lista, vuelta

rutas = Rutas()

LIMITE_BORRADOR = 300_000


def crudo(form: TareaForm) -> dict[str, Value]:
    """What was typed, as typed: the texts of the fields."""
    return {
        campo.name: [texto for texto in request.form.getlist(campo.name) if texto]
        for campo in form.visibles
        if campo not in form.de_archivo
    }


def enviado() -> MultiDict[str, object]:
    return MultiDict([*request.form.items(multi=True), *request.files.items(multi=True)])


def archivos_nuevos(form: TareaForm) -> dict[str, Value]:
    """What came with the form for its files; None: it was taken away."""
    return {
        campo.name: campo.revisado.archivo.valor() if campo.revisado else None
        for campo in form.de_archivo
        if campo.revisado or campo.quitado
    }


def apartar_los_de(form: TareaForm) -> None:
    """A store that does not answer keeps no text from being kept."""
    for campo in form.de_archivo:
        try:
            if campo.revisado is not None:
                apartar(campo.revisado)
        except ArchivoSinGuardar as falla:
            campo.revisado, campo.archivo = None, campo.conservado
            campo.errors = [*campo.errors, str(falla)]


def pagina_que_envia() -> Pagina:
    """Of the hidden fields of the form."""
    return Pagina(
        request.form.get("_pagina", "")[:LARGO_MARCA],
        request.form.get("_borrador", "")[:LARGO_MARCA],
    )


def guardar(
    item_id: str,
    textos: Data | None,
    pagina: Pagina,
    form: TareaForm | None = None,
    *,
    de_nuevo: bool = False,
) -> dt.datetime:
    """As the draft of this person, with its files and those of `form`; what another page or person
    had left there becomes an earlier version of it. `textos`: None leaves them, and whose page they
    are of, as they stand. Gives when."""
    s, quien = servicios(), actor_actual().id
    if form is not None:
        apartar_los_de(form)
    archivos, now = archivos_nuevos(form) if form is not None else {}, s.clock.now()

    def nuevo(valores: Data | None, cuando: dt.datetime) -> Data:
        antes = de(valores, cuando, quien) if valores is not None else None
        escrito, la_pagina = textos or {}, pagina
        if antes is not None and textos is None:
            escrito = antes.escrito
            la_pagina = Pagina(antes.pagina) if choca(antes, pagina) else pagina
        suyos = {**(antes.archivos if antes is not None else {}), **archivos}
        quedan = {nombre: valor for nombre, valor in suyos.items() if valor is not None}
        return componer(antes, {**escrito, **quedan}, quien, la_pagina, de_nuevo=de_nuevo)

    s.engine.items.save_draft(item_id, nuevo, actor=actor_actual(), now=now)
    for campo in form.de_archivo if form is not None else ():
        campo.quedo()
    return now


def guardar_lo_enviado(item_id: str, form: TareaForm) -> None:
    guardar(item_id, crudo(form), pagina_que_envia(), form)


def conservar(item: WorkItem, form: TareaForm) -> None:
    """The files of a form that comes back: they are not chosen again."""
    if archivos_nuevos(form) and item.claimed_by in (None, actor_actual().id):
        with suppress(ItemClosed):
            guardar(item.id, None, pagina_que_envia(), form)


def guardar_y_salir(item_id: str, form: TareaForm, volver: str) -> ResponseReturnValue:
    s, pagina = servicios(), pagina_que_envia()
    with s.uow.reading() as session:
        item = reads.items.item(session, item_id)
        otra = choca(leer(reads.items.draft(session, item, actor_actual().id)), pagina)
    guardar_lo_enviado(item_id, form)
    dicho = _("Guardamos su borrador. La tarea sigue abierta.")
    if otra:
        dicho = f"{dicho} " + _(
            "Lo que había guardado en otra pestaña queda en la tarea, en «Versiones anteriores»."
        )
    flash(dicho, "verde")
    for campo in form.de_archivo:
        if campo.elegido and campo.errors:
            flash(f"{campo.elegido}: {campo.errors[0]}.", "ambar")
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
        now = guardar(item_id, valores, pagina, de_nuevo=bool(recibido.get("_sobre")))
    except ItemClosed:
        return jsonify(
            error="cerrada",
            mensaje=_("Otra persona cerró esta actividad. Su texto sigue en esta página."),
        ), 409
    return jsonify(guardado=hora(now, segundos=True), visto=now.isoformat())


@rutas.put("/tarea/<item_id>/borrador/<campo>", para=PERSONA, cupo=Cupo(60, UN_MINUTO))
def archivo_de_borrador(item_id: str, campo: str) -> ResponseReturnValue:
    """A file as soon as it is chosen, or taken away. 409: the task is closed, or somebody else's;
    422: why it is not taken; 503: the store does not answer."""
    s = servicios()
    with s.uow.reading() as session:
        item = leer_item(session, item_id)
        if item.claimed_by not in (None, actor_actual().id):
            return jsonify(
                mensaje=_("La tarea la tiene otra persona: el archivo no se guardó.")
            ), 409
        form = construir(session, item, enviado()).form
    suyo = next((otro for otro in form.de_archivo if otro.name == campo), None)
    if suyo is None or (suyo.data is None and not suyo.quitado):
        abort(404)
    if suyo.data is not None and not suyo.validate(form):
        return jsonify(mensaje=suyo.errors[0]), 422
    try:
        now = guardar(item_id, None, pagina_que_envia(), form)
    except ItemClosed:
        return jsonify(
            mensaje=_("Otra persona cerró esta actividad: el archivo no se guardó.")
        ), 409
    if suyo.errors:
        return jsonify(mensaje=suyo.errors[0]), 503
    nombre = suyo.conservado.nombre if suyo.conservado is not None else ""
    return jsonify(nombre=nombre, guardado=hora(now, segundos=True), visto=now.isoformat())


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
