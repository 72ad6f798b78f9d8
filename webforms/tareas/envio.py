"""Completing a task: validation, the command, and each refusal with what was typed."""

import datetime as dt
from collections.abc import Callable

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import (
    Conflict,
    DraftUnseen,
    EngineError,
    FormChanged,
    InstanceNotActive,
    InvalidValues,
    ItemClosed,
    NotAllowed,
)
from engine.states import InstanceStatus, ItemState
from engine.types import Completed, Data, Records, Value, WorkItem, Writing
from records.base.actos import acto_de
from records.base.errores import ArchivoSinGuardar, Rechazo
from records.casos.archivos import registrar_archivo
from webforms.base.apartados import apartar
from webforms.base.entrada import entero
from webforms.base.formatos import hora
from webforms.base.hojas import Hoja
from webforms.base.quienes import PERSONA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.base.texto_llevado import RETOMAR, retomado
from webforms.campos.formulario import FormSpec, TareaForm
from webforms.tareas.borradores import (
    conservar,
    crudo,
    enviado,
    guardar_lo_enviado,
    guardar_y_salir,
    pagina_que_envia,
)
from webforms.tareas.conflictos import hoja_de_conflicto
from webforms.tareas.guardado import choca, de
from webforms.tareas.lectura import Tarea, construir, elemento_de, leer_item, sin_listas
from webforms.tareas.mostrado import sin_tocar
from webforms.tareas.pagina import al_dia, hoja, vuelta
from webforms.tareas.rechazos import motivo_de_rechazo
from webforms.tareas.siguiente import siguiente

rutas = Rutas()


def _item_mostrado(session: Session, item_id: str) -> WorkItem:
    """What the form was built from, without asking the database again; the state is the engine's to
    check."""
    visto = servicios().mostrados.sacar(item_id)
    if visto is not None and visto.role is not None and actor_actual().has(visto.role, visto.scope):
        return visto
    return leer_item(session, item_id)


@rutas.post("/tarea/<item_id>", para=PERSONA, se_muestra=RETOMAR)
def completar(item_id: str) -> ResponseReturnValue:
    guardando, devuelta = request.form.get("_accion") == "guardar", None
    with servicios().uow.reading() as session:
        item = _item_mostrado(session, item_id)
        tarea = construir(session, item, enviado())
        valido = not retomado() and tarea.form.validate()
        pregunta = valido and (
            request.form.get("_accion") == "ver" or tarea.form.vuelve_a_preguntar()
        )
        valores = tarea.form.valores()
    if guardando or not valido or pregunta:
        if not guardando:
            conservar(item, tarea.form)
        with servicios().uow.reading() as session:
            tarea = al_dia(session, tarea)
            devuelta = _devuelta(
                session, tarea, item, codigo=0 if guardando else 200 if pregunta else 422
            )
    if devuelta is not None:
        return devuelta.mostrar()
    if guardando and tarea.item.state == ItemState.OPEN:
        return guardar_y_salir(item_id, tarea.form, vuelta())
    return _enviar(tarea, valores)


def _devuelta(session: Session, tarea: Tarea, visto: WorkItem, *, codigo: int) -> Hoja | None:
    """The form once more, with what was typed: to be corrected (422), or with what was looked for
    (200); None when nothing stands against saving or sending it."""
    if tarea.item.release != visto.release:
        return _con_otra_version(session, tarea.item.id)
    if retomado():
        return hoja(
            session,
            tarea,
            vuelta(),
            aviso=_("Aquí está lo que había escrito. Todavía no se ha enviado."),
        )
    if codigo and tarea.item.state == ItemState.OPEN:
        return hoja(session, tarea, vuelta(), codigo=codigo)
    return None


def ha_visto(tarea: Tarea) -> Callable[[Data, dt.datetime], bool]:
    """Of the draft that would go with the task: another page of the same person may have saved it,
    and say something else, or this one have seen none of its files."""
    quien, pagina, escrito = actor_actual().id, pagina_que_envia(), sin_listas(crudo(tarea.form))

    def visto(valores: Data, cuando: dt.datetime) -> bool:
        antes = de(valores, cuando, quien)
        if any(c.name in antes.archivos and c.sin_archivo for c in tarea.form.de_archivo):
            return False
        return not choca(antes, pagina) or sin_listas(antes.escrito) == escrito

    return visto


def _con_la_otra(tarea: Tarea, otra: DraftUnseen) -> Hoja:
    """Nothing is sent: this text becomes the draft, the other one an earlier version of it; who
    sends again has seen both."""
    guardar_lo_enviado(tarea.item.id, tarea.form)
    aviso = _(
        "No se envió nada: otra pestaña guardó después un texto distinto, a las %(h)s. Quedó en «Versiones anteriores». "
        "Elija con cuál sigue y envíe.",
        h=hora(otra.saved_at, segundos=True),
    )
    with servicios().uow.reading() as session:
        return hoja(session, al_dia(session, tarea), vuelta(), aviso=aviso, codigo=409)


def _con_otra_version(session: Session, item_id: str) -> Hoja:
    """The case was moved while the person wrote: the form of the new version with what was typed,
    to be looked at and sent again."""
    item = reads.items.item(session, item_id)
    if item.state != ItemState.OPEN:
        return hoja_de_conflicto(session, item, {})
    aviso = _(
        "El caso pasó a otra versión mientras usted escribía, y el formulario cambió. Revise lo que escribió y envíelo otra vez."
    )
    return hoja(session, construir(session, item, enviado()), vuelta(), aviso=aviso, codigo=409)


def _enviar(tarea: Tarea, valores: dict[str, Value]) -> ResponseReturnValue:
    """Ask the engine; each refusal keeps what was typed."""
    s, ajenos = servicios(), tarea.form.ajenos()
    propios = {n: v for n, v in valores.items() if n not in ajenos}
    try:
        hecho = s.engine.items.complete(
            tarea.item.id,
            values=propios,
            actor=actor_actual(),
            now=s.clock.now(),
            records=registros(tarea.spec, tarea.form),
            seen=request.form.get("_version", tarea.item.release, type=entero),
            draft_seen=ha_visto(tarea),
            kept=sin_tocar(tarea.item.id, propios),
        )
    except DraftUnseen as otra:
        return _con_la_otra(tarea, otra).mostrar()
    except (Conflict, InstanceNotActive, NotAllowed, InvalidValues, Rechazo) as rechazo:
        if isinstance(rechazo, InstanceNotActive) and rechazo.status == InstanceStatus.SUSPENDED:
            guardar_lo_enviado(tarea.item.id, tarea.form)
        if isinstance(rechazo, ItemClosed):
            _llevar_a_la_nueva(tarea)
        elif not isinstance(rechazo, Conflict | ArchivoSinGuardar):
            conservar(tarea.item, tarea.form)
        with s.uow.reading() as session:
            rechazada = _rechazada(session, tarea, valores, rechazo)
        return rechazada.mostrar()
    segunda = _segunda(hecho, tarea)
    if segunda is not None:
        return segunda
    return redirect(siguiente(hecho, vuelta(), tarea.item.id, tarea.spec.confirmacion))


def _segunda(hecho: Completed, tarea: Tarea) -> ResponseReturnValue | None:
    """The second part of the page goes to the task that the first one opened for the same person: a
    command and an act of its own. If it is not taken, the page of that task has what was typed."""
    if not tarea.form.continua():
        return None
    actor = actor_actual()
    with servicios().uow.reading() as session:
        for item in hecho.opened:
            suya = item.role is not None and actor.has(item.role, item.scope)
            if (
                suya
                and item.claimed_by in (None, actor.id)
                and elemento_de(session, item).form == tarea.spec.sigue
            ):
                otra = construir(session, item, enviado())
                for campo in otra.form.de_archivo:
                    campo.seguir(tarea.form[campo.name], servicios().archivos)
                valida, valores = otra.form.validate(), otra.form.valores()
                break
        else:
            return None
    if valida:
        return _enviar(otra, valores)
    conservar(item, otra.form)
    with servicios().uow.reading() as session:
        return hoja(session, otra, vuelta(), codigo=422).mostrar()


def _llevar_a_la_nueva(tarea: Tarea) -> None:
    """An extension opens the same activity again: what was typed waits there as the draft of this
    person."""
    actor = actor_actual()
    with servicios().uow.reading() as session:
        abiertas = reads.items.of_case(session, tarea.item.case_key, only_open=True)
    for item in abiertas:
        misma = (item.instance_id, item.element) == (tarea.item.instance_id, tarea.item.element)
        if misma and item.role is not None and actor.has(item.role, item.scope):
            guardar_lo_enviado(item.id, tarea.form)


def _rechazada(
    session: Session, tarea: Tarea, valores: dict[str, Value], rechazo: EngineError | Rechazo
) -> Hoja:
    """What the engine did not take, with the reason: beside the values of who was first, or above
    the form."""
    if isinstance(rechazo, FormChanged):
        return _con_otra_version(session, tarea.item.id)
    tarea = al_dia(session, tarea)
    if isinstance(rechazo, (Conflict, InstanceNotActive)):
        return hoja_de_conflicto(session, tarea.item, valores, rechazo)
    if isinstance(rechazo, NotAllowed):
        return hoja(session, tarea, vuelta(), error=motivo_de_rechazo(rechazo), codigo=403)
    if isinstance(rechazo, InvalidValues):
        error = _(
            "Hay datos que el proceso no acepta: %(campos)s", campos=", ".join(rechazo.problems)
        )
        return hoja(session, tarea, vuelta(), error=error, codigo=422)
    return hoja(session, tarea, vuelta(), error=str(rechazo), codigo=422)


def registros(spec: FormSpec, form: TareaForm) -> Records | None:
    """The business rows of the form, and its files: they are stored when everything else was
    accepted. A generated form has no rows of its own, but its files get theirs."""
    ajenos = form.ajenos()
    campos = [campo.name for campo in form.de_archivo if campo.name not in ajenos]
    enviados = [revisado for n, revisado in form.archivos().items() if n not in ajenos]
    if not campos:
        return spec.records

    def guardar(w: Writing) -> Data | None:
        salidas = spec.records(w) if spec.records is not None else None
        for revisado in enviados:
            apartar(revisado)
        for nombre in campos if spec.records is None else ():
            registrar_archivo(w.session, w.values.get(nombre), acto_de(w))
        return salidas

    return guardar
