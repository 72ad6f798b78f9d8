"""Completing a task: validation, the command, and each refusal with what was typed."""

from flask import redirect
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from engine import reads
from engine.errors import Conflict
from engine.errors import FormChanged
from engine.errors import InstanceNotActive
from engine.errors import InvalidValues
from engine.errors import NotAllowed
from engine.states import InstanceStatus
from engine.states import ItemState
from engine.types import Records
from engine.types import Value
from engine.types import WorkItem
from engine.types import Writing
from records.actos import acto_de
from records.archivos import registrar_archivo
from records.errores import Rechazo
from webforms.base.formulario import FormSpec
from webforms.base.formulario import TareaForm
from webforms.base.llevar import retomado
from webforms.base.rechazos import motivo_de_rechazo
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.tareas.borradores import crudo
from webforms.tareas.borradores import guardar_y_salir
from webforms.tareas.conflictos import pagina_de_conflicto
from webforms.tareas.lectura import Tarea
from webforms.tareas.lectura import construir
from webforms.tareas.lectura import leer_item
from webforms.tareas.sigue import siguiente
from webforms.tareas.vista import al_dia
from webforms.tareas.vista import pagina

rutas = Rutas()


def _item_mostrado(session: Session, item_id: str) -> WorkItem:
    """What the form was built from, without asking the database again; the state is the engine's to check."""
    visto = servicios().vistas.sacar(item_id)
    if visto is not None and visto.role is not None and actor_actual().has(visto.role, visto.scope):
        return visto
    return leer_item(session, item_id)


@rutas.post("/tarea/<item_id>")
def completar(item_id: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        item = _item_mostrado(session, item_id)
        datos = MultiDict([*request.form.items(multi=True), *request.files.items(multi=True)])
        tarea = construir(session, item, datos)
        valido = not retomado() and tarea.form.validate()
        valores = tarea.form.valores()
    guardando = request.form.get("_accion") == "guardar"
    if valido and not guardando:
        return _enviar(tarea, valores)
    tarea = al_dia(tarea)
    if tarea.item.release != item.release:
        return _con_otra_version(item_id)
    if retomado():
        return pagina(tarea, aviso=_("Aquí está lo que había escrito. Todavía no se ha enviado."))
    if guardando and tarea.item.state == ItemState.OPEN:
        return guardar_y_salir(item_id, tarea.form)
    if not valido and tarea.item.state == ItemState.OPEN:
        return pagina(tarea, codigo=422)
    return _enviar(tarea, valores)


def _con_otra_version(item_id: str) -> ResponseReturnValue:
    """The case was moved while the person wrote: the form of the new version with what was typed, to be looked at and sent again."""
    with servicios().uow.reading() as session:
        item = reads.items.item(session, item_id)
        if item.state != ItemState.OPEN:
            return pagina_de_conflicto(session, item, {}, codigo=409)
        tarea = construir(session, item, MultiDict([*request.form.items(multi=True), *request.files.items(multi=True)]))
    aviso = _("El caso pasó a otra versión mientras usted escribía, y el formulario cambió. Revise lo que escribió y envíelo otra vez.")
    return pagina(tarea, aviso=aviso, codigo=409)


def _enviar(tarea: Tarea, valores: dict[str, Value]) -> ResponseReturnValue:
    """Ask the engine; each refusal keeps what was typed."""
    s = servicios()
    try:
        hecho = s.engine.items.complete(
            tarea.item.id,
            values=valores,
            actor=actor_actual(),
            now=s.clock.now(),
            records=_registros(tarea.spec, tarea.form),
            seen=request.form.get("_version", tarea.item.release, type=int),
        )
    except FormChanged:
        return _con_otra_version(tarea.item.id)
    except (Conflict, InstanceNotActive) as conflicto:
        if isinstance(conflicto, InstanceNotActive) and conflicto.status == InstanceStatus.SUSPENDED:
            s.engine.items.save_draft(tarea.item.id, crudo(tarea.form), actor=actor_actual(), now=s.clock.now())
        with s.uow.reading() as session:
            return pagina_de_conflicto(session, reads.items.item(session, tarea.item.id), valores, conflicto=conflicto, codigo=409)
    except NotAllowed as rechazo:
        return pagina(al_dia(tarea), error=motivo_de_rechazo(rechazo), codigo=403)
    except InvalidValues as invalido:
        return pagina(
            al_dia(tarea), error=_("Hay datos que el proceso no acepta: %(campos)s", campos=", ".join(invalido.problems)), codigo=422
        )
    except Rechazo as rechazo:
        return pagina(al_dia(tarea), error=str(rechazo), codigo=422)
    return redirect(siguiente(hecho))


def _registros(spec: FormSpec, form: TareaForm) -> Records | None:
    """The business rows of the form. A generated form has none, but its files get their rows."""
    if spec.records is not None or not form.archivos():
        return spec.records
    nombres = tuple(form.archivos())

    def guardar(w: Writing) -> None:
        for nombre in nombres:
            registrar_archivo(w.session, w.values[nombre], acto_de(w))

    return guardar
