"""Any user task: its form, drafts, completion, conflicts, claim, release, reassign. The console and the inbox lead here."""

import datetime as dt
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from typing import Any

from flask import Blueprint
from flask import abort
from flask import current_app
from flask import flash
from flask import jsonify
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from engine import queries
from engine.decide import SUSPENDED
from engine.errors import ClaimedByOther
from engine.errors import Conflict
from engine.errors import EngineError
from engine.errors import FormChanged
from engine.errors import InstanceNotActive
from engine.errors import InvalidValues
from engine.errors import ItemClosed
from engine.errors import NotAllowed
from engine.errors import NotFound
from engine.incident_reads import open_of_case
from engine.queries import DraftView
from engine.store.tables import Instance
from engine.store.tables import Job
from engine.types import Completed
from engine.types import Data
from engine.types import ElementSpec
from engine.types import ItemState
from engine.types import Records
from engine.types import Value
from engine.types import WorkItem
from engine.types import Writing
from records.archivos import registrar_archivo
from records.cuentas import cuentas_con_rol
from records.errores import Rechazo
from webforms.conflictos import pagina_de_conflicto
from webforms.envios import especificacion
from webforms.envios import presentar
from webforms.errores import motivo_de_rechazo
from webforms.formatos import hora
from webforms.forms.base import Contexto
from webforms.forms.base import FormSpec
from webforms.forms.base import TareaForm
from webforms.llevar import retomado
from webforms.personas import nombres_de
from webforms.plantillas import titulo_de_elemento
from webforms.security import actor_actual
from webforms.servicios import servicios

bp = Blueprint("tareas", __name__)

#: Where a completed task leads when its case has no further task for this person: `?volver=`.
VUELTAS = {"consola": "asesor.consola", "fila": "asesor.consola", "bandeja": "bandeja.bandeja"}
#: `?volver=` → (template, what it needs beside the task): a page that shows the form of a task inside its own frame.
MARCOS: dict[str, tuple[str, Callable[[Session, "Tarea"], dict[str, Any]]]] = {}
SUPERVISAN = ("coordinador_gau", "administrador")
LIMITE_BORRADOR = 300_000


@dataclass(frozen=True, slots=True)
class Tarea:
    """A work item with what its page needs, read in one short transaction."""

    item: WorkItem
    elemento: ElementSpec
    spec: FormSpec
    form: TareaForm
    borrador: DraftView | None
    ayuda: tuple[tuple[str, str], ...] = ()
    anteriores: tuple[tuple[str, str, dt.datetime, list[tuple[str, str]]], ...] = ()  #: (activity, person, when, values)
    estado: str = "active"  #: of the instance
    sueltos: tuple[tuple[str, str], ...] = ()  #: (label, text) of a draft whose fields the form of this version no longer has


# --- reading ----------------------------------------------------------------------------------------------------------
def elemento_de(session: Session, item: WorkItem) -> ElementSpec:
    release = servicios().engine.catalog.release(session, item.release)
    return release.processes[item.process].elements[item.element]


def leer_item(session: Session, item_id: str, *, supervisando: bool = False) -> WorkItem:
    """The item, if it is of a lane of this actor. Unknown and foreign ids get the same 404; the foreign ones are recorded."""
    item, actor = queries.item(session, item_id), actor_actual()
    suya = item.role is not None and actor.has(item.role, item.scope)
    if suya or (supervisando and any(actor.has(rol, None) for rol in SUPERVISAN)):
        return item
    servicios().engine.log_access(actor, "rechazo", item_id, now=servicios().clock.now(), detail={"reason": "lane"})
    raise NotFound(f"item {item_id}")


def construir(session: Session, item: WorkItem, datos: MultiDict[str, object] | None) -> Tarea:
    """The form filled with `datos` as typed, else with the person's draft, else with what is known of the case."""
    s, elemento = servicios(), elemento_de(session, item)
    if datos is None:
        s.vistas.guardar(item)
    spec = especificacion(elemento, s.forms)
    contexto = Contexto(session, item, elemento, actor_actual(), s.clock.now(), s.archivos)
    borrador = queries.draft(session, item, contexto.actor.id) if datos is None else None
    escrito = datos if datos is not None else _escrito(borrador)
    conocido = spec.prefill(contexto) if spec.prefill and escrito is None else {}
    form = spec.form(contexto, formdata=escrito, data=spec.form.nombres(conocido))
    return Tarea(item, elemento, spec, form, borrador)


def con_lecturas(session: Session, tarea: Tarea) -> Tarea:
    """What only a page needs: a form that is accepted does without it."""
    contexto = replace(tarea.form.contexto, session=session)
    ayuda = tuple(tarea.spec.ayuda(contexto)) if tarea.spec.ayuda else ()
    borrador = tarea.borrador or queries.draft(session, tarea.item, contexto.actor.id)
    return replace(
        tarea,
        ayuda=ayuda,
        borrador=borrador,
        anteriores=tuple(_anteriores(session, tarea.item)),
        estado=session.scalars(select(Instance.status).where(Instance.id == tarea.item.instance_id)).one(),
        sueltos=tuple(_sueltos(session, tarea, borrador)),
    )


def _sueltos(session: Session, tarea: Tarea, borrador: DraftView | None) -> list[tuple[str, str]]:
    """What was typed into fields that went with an earlier version of the activity, under the label that they had there."""
    guardado = _sin_listas(borrador.values) if borrador is not None else {}
    enviado = {n: ", ".join(v) for n, v in request.form.lists() if not n.startswith("_") and n != "csrf_token" and any(v)}
    escrito = {**guardado, **enviado}
    propios = {campo.name for campo in tarea.form}
    sobran = {nombre: valor for nombre, valor in escrito.items() if nombre not in propios}
    if not sobran:
        return []
    etiquetas: dict[str, str] = {}
    for numero in reversed(queries.releases_of(session, tarea.item.instance_id)):
        for proceso in servicios().engine.catalog.release(session, numero).processes.values():
            etiquetas |= {f.name: f.label for e in proceso.elements.values() for f in e.fields if f.name in sobran}
    return [(etiquetas.get(nombre, nombre), str(valor)) for nombre, valor in sobran.items()]


def _escrito(borrador: DraftView | None) -> MultiDict[str, object] | None:
    if borrador is None:
        return None
    pares = ((n, v) for n, valores in borrador.values.items() for v in (valores if isinstance(valores, list) else [valores]))
    return MultiDict(pares)


def _anteriores(session: Session, item: WorkItem) -> list[tuple[str, str, dt.datetime, list[tuple[str, str]]]]:
    """What was recorded in the case before this task, latest first."""
    s = servicios()
    envios = [envio for envio in queries.submissions(session, item.case_key) if envio.item_id]
    nombres = nombres_de(session, {envio.actor_id for envio in envios})
    visto = []
    for envio in reversed(envios):
        elementos = {n: e for p in s.engine.catalog.release(session, envio.release).processes.values() for n, e in p.elements.items()}
        elemento = elementos.get(envio.element)
        valores = presentar(envio.values, elemento, s.forms)
        visto.append(
            (
                titulo_de_elemento(envio.element, elemento.name if elemento else envio.element),
                nombres.get(envio.actor_id, envio.actor_id),
                envio.at,
                valores,
            )
        )
    return visto


# --- showing ----------------------------------------------------------------------------------------------------------
def pagina(tarea: Tarea, *, aviso: str = "", error: str = "", codigo: int = 200) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        tarea = con_lecturas(session, tarea)
    errores = tarea.form.errores()
    if error:
        errores = [("contenido", error), *errores]
    plantilla, mas = tarea.spec.template, dict[str, Any]()
    if _volver() in MARCOS:
        plantilla, contexto = MARCOS[_volver()]
        with servicios().uow.reading() as session:
            mas = contexto(session, tarea)
    return (
        render_template(plantilla, tarea=tarea, item=tarea.item, form=tarea.form, errores=errores, aviso=aviso, volver=_volver(), **mas),
        codigo,
    )


def _volver() -> str:
    return request.args.get("volver", "") if request.args.get("volver", "") in VUELTAS else ""


@bp.get("/tarea/<item_id>")
def mostrar(item_id: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        item = leer_item(session, item_id)
        if item.state != ItemState.OPEN:
            return pagina_de_conflicto(session, item, {}, codigo=409)
        tarea = construir(session, item, None)
    return pagina(tarea)


# --- completing -------------------------------------------------------------------------------------------------------
def _item_mostrado(session: Session, item_id: str) -> WorkItem:
    """What the form was built from, without asking the database again; the state is the engine's to check."""
    visto = servicios().vistas.sacar(item_id)
    if visto is not None and visto.role is not None and actor_actual().has(visto.role, visto.scope):
        return visto
    return leer_item(session, item_id)


def _al_dia(tarea: Tarea) -> Tarea:
    """A page follows: it shows the item as it is now."""
    with servicios().uow.reading() as session:
        return replace(tarea, item=queries.item(session, tarea.item.id))


@bp.post("/tarea/<item_id>")
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
    tarea = _al_dia(tarea)
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
        item = queries.item(session, item_id)
        if item.state != ItemState.OPEN:
            return pagina_de_conflicto(session, item, {}, codigo=409)
        tarea = construir(session, item, MultiDict([*request.form.items(multi=True), *request.files.items(multi=True)]))
    aviso = _("El caso pasó a otra versión mientras usted escribía, y el formulario cambió. Revise lo que escribió y envíelo otra vez.")
    return pagina(tarea, aviso=aviso, codigo=409)


def _enviar(tarea: Tarea, valores: dict[str, Value]) -> ResponseReturnValue:
    """Ask the engine; each refusal keeps what was typed."""
    s = servicios()
    try:
        hecho = s.engine.complete(
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
        if isinstance(conflicto, InstanceNotActive) and conflicto.status == SUSPENDED:
            s.engine.save_draft(tarea.item.id, _crudo(tarea.form), actor=actor_actual(), now=s.clock.now())
        with s.uow.reading() as session:
            return pagina_de_conflicto(session, queries.item(session, tarea.item.id), valores, conflicto=conflicto, codigo=409)
    except NotAllowed as rechazo:
        return pagina(_al_dia(tarea), error=motivo_de_rechazo(rechazo), codigo=403)
    except InvalidValues as invalido:
        return pagina(
            _al_dia(tarea), error=_("Hay datos que el proceso no acepta: %(campos)s", campos=", ".join(invalido.problems)), codigo=422
        )
    except Rechazo as rechazo:
        return pagina(_al_dia(tarea), error=str(rechazo), codigo=422)
    return redirect(siguiente(hecho))


def _registros(spec: FormSpec, form: TareaForm) -> Records | None:
    """The business rows of the form. A generated form has none, but its files get their rows."""
    if spec.records is not None or not form.archivos():
        return spec.records
    nombres = tuple(form.archivos())

    def guardar(w: Writing) -> None:
        for nombre in nombres:
            valor = w.values[nombre]
            if isinstance(valor, Mapping):
                registrar_archivo(w.session, valor, actor_id=w.actor.id, now=w.now, case_key=w.case_key)

    return guardar


def siguiente(hecho: Completed) -> str:
    """The console; else the person's next task in this case; else a page that knows whether one is coming."""
    actor = actor_actual()
    suyas = [i for i in hecho.opened if i.role is not None and actor.has(i.role, i.scope) and i.claimed_by in (None, actor.id)]
    if hecho.incidents and not suyas:
        return url_for("incidentes.en_reparacion", case_key=hecho.case_key)
    if _volver() == "consola" and VUELTAS["consola"] in current_app.view_functions:
        return url_for(VUELTAS["consola"])
    for item in suyas:
        return url_for("tareas.mostrar", item_id=item.id, volver=_volver() or None)
    return url_for("tareas.seguir", case_key=hecho.case_key, volver=_volver() or None)


@bp.get("/seguir/<case_key>")
def seguir(case_key: str) -> ResponseReturnValue:
    """Leads to the next task of the case; while a system is asked, a page that looks again each second."""
    with servicios().uow.reading() as session:
        item = queries.next_item(session, actor_actual(), case_key)
        espera = item is None and espera_un_sistema(session, case_key)
        detenido = item is None and not espera and bool(open_of_case(session, case_key))
    if item is not None:
        return redirect(url_for("tareas.mostrar", item_id=item.id, volver=_volver() or None))
    if espera:
        return render_template("espera.html"), 202
    if detenido:
        return redirect(url_for("incidentes.en_reparacion", case_key=case_key))
    return redirect(_lista())


def espera_un_sistema(session: Session, case_key: str) -> bool:
    abierto = select(Job.id).join(Instance, Instance.id == Job.instance_id).where(Instance.case_key == case_key, Job.state == "open")
    return session.execute(abierto.limit(1)).first() is not None


def _lista() -> str:
    for endpoint in (VUELTAS.get(_volver(), ""), "bandeja.bandeja"):
        if endpoint in current_app.view_functions:
            return url_for(endpoint)
    return url_for("inicio.inicio")


# --- drafts -----------------------------------------------------------------------------------------------------------
def _crudo(form: TareaForm) -> dict[str, Value]:
    """What was typed, as typed: the texts of the fields, files by their token."""
    crudo: dict[str, Value] = {}
    for campo in form.visibles:
        textos = [texto for texto in request.form.getlist(campo.name) if texto]
        if getattr(campo, "archivo", None):
            textos = [campo.guardado]
        crudo[campo.name] = list(textos)
    return crudo


def guardar_y_salir(item_id: str, form: TareaForm) -> ResponseReturnValue:
    s = servicios()
    s.engine.save_draft(item_id, _crudo(form), actor=actor_actual(), now=s.clock.now())
    flash(_("Guardamos su borrador. La tarea sigue abierta."), "verde")
    return redirect(_lista())


@bp.put("/tarea/<item_id>/borrador")
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
        s.engine.save_draft(item_id, valores, actor=actor_actual(), now=s.clock.now())
    except ItemClosed:
        return jsonify(error="cerrada", mensaje=_("Otra persona cerró esta actividad. Su texto sigue en esta página.")), 409
    return jsonify(guardado=hora(s.clock.now(), segundos=True))


@bp.get("/borradores")
def borradores() -> ResponseReturnValue:
    """ "Mis borradores": also those of tasks that somebody else completed."""
    s = servicios()
    with s.uow.reading() as session:
        filas = []
        for visto in queries.drafts_of(session, actor_actual().id):
            item = queries.item(session, visto.item_id)
            filas.append((item, visto, presentar(_sin_listas(visto.values), elemento_de(session, item), s.forms)))
    return render_template("borradores.html", filas=filas)


def _sin_listas(valores: Data) -> dict[str, Value]:
    return {n: ", ".join(map(str, v)) if isinstance(v, list) else v for n, v in valores.items() if v}


# --- who has it -------------------------------------------------------------------------------------------------------
@bp.post("/tarea/<item_id>/tomar")
def tomar(item_id: str) -> ResponseReturnValue:
    s = servicios()
    with s.uow.reading() as session:
        item = leer_item(session, item_id)
    try:
        s.engine.claim(item_id, actor=actor_actual(), now=s.clock.now())
    except (ClaimedByOther, ItemClosed) as conflicto:
        with s.uow.reading() as session:
            return pagina_de_conflicto(session, queries.item(session, item_id), {}, conflicto=conflicto, codigo=409)
    return redirect(url_for("tareas.mostrar", item_id=item.id))


@bp.post("/tarea/<item_id>/devolver")
def devolver(item_id: str) -> ResponseReturnValue:
    s = servicios()
    with s.uow.reading() as session:
        leer_item(session, item_id, supervisando=True)
    try:
        s.engine.release(item_id, actor=actor_actual(), now=s.clock.now())
    except NotAllowed as rechazo:
        flash(motivo_de_rechazo(rechazo), "rojo")
        return redirect(_lista())
    flash(_("La tarea volvió a la bandeja, sin asignar."), "verde")
    return redirect(_lista())


@bp.get("/tarea/<item_id>/reasignar")
def elegir_persona(item_id: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        item = leer_item(session, item_id, supervisando=True)
        personas = candidatos(session, item)
    return render_template("reasignar.html", item=item, personas=personas, motivo="", elegida="", errores=[])


@bp.post("/tarea/<item_id>/reasignar")
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
            s.engine.reassign(item_id, to=elegida, actor=actor_actual(), now=s.clock.now(), reason=motivo)
        except NotAllowed as rechazo:
            errores.append(("contenido", motivo_de_rechazo(rechazo)))
    if errores:
        return render_template("reasignar.html", item=item, personas=personas, motivo=motivo, elegida=elegida, errores=errores), 422
    flash(_("La tarea pasó a %(nombre)s.", nombre=dict(personas)[elegida]), "verde")
    return redirect(_lista())


def candidatos(session: Session, item: WorkItem) -> list[tuple[str, str]]:
    """(user name, name) of those who may do the task, without its holder."""
    cuentas = cuentas_con_rol(session, item.role or "", item.scope, servicios().clock.now())
    return [(cuenta.usuario, cuenta.nombre) for cuenta in cuentas if cuenta.usuario != item.claimed_by]


@bp.post("/tarea/<item_id>/nota")
def anotar(item_id: str) -> ResponseReturnValue:
    """What was typed into a task that somebody else completed becomes a note of the case."""
    s = servicios()
    with s.uow.reading() as session:
        item = leer_item(session, item_id)
    try:
        s.engine.note(item.case_key, request.form.get("texto", ""), actor=actor_actual(), now=s.clock.now())
    except EngineError:
        abort(422)
    flash(_("Agregamos su texto como nota del caso."), "verde")
    return redirect(_lista())
