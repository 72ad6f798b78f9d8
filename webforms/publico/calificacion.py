"""Ratings: on the tablet of a desk (M5-1-02 5.2.13), and of an answer through a link of one use (M5-1-01 act. 15)."""

import datetime as dt

import sqlalchemy as sa
from flask import Blueprint
from flask import abort
from flask import jsonify
from flask import make_response
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import Conflict
from engine.errors import InstanceNotActive
from engine.reads.items import InboxFilter
from engine.types import WorkItem
from records.calificaciones import calificar_respuesta
from records.calificaciones import huella
from records.errores import EnlaceInvalido
from records.tables import Caso
from records.tables import EnlaceCalificacion
from webforms.base.security import Equipo
from webforms.base.security import actor_actual
from webforms.base.security import equipo_actual
from webforms.base.servicios import servicios
from webforms.base.visitas import PROCESO
from webforms.forms.usuario import Calificar
from webforms.publico.formularios import SinCaso

tableta: Blueprint = Blueprint("tableta", __name__, url_prefix="/tableta")
bp: Blueprint = Blueprint("calificacion", __name__, url_prefix="/calificar")

ELEMENTO = "act_5_2_13"
FORMULARIO = "usuario.calificar"
EN_TABLETA = ("tableta", "digiturno")  # a rating said aloud is recorded by the adviser


class CalificarEnPantalla(SinCaso, Calificar):
    """The person sees a desk and a ticket."""


# --- the tablet of a desk --------------------------------------------------------------------------------------------
def equipo() -> Equipo:
    hallado = equipo_actual()
    if hallado is None:
        abort(403)
    return hallado


def es_de(item: WorkItem, tableta_: Equipo) -> bool:
    """Whether this rating is asked for on this tablet. Pure."""
    return (
        item.element == ELEMENTO
        and item.scope == tableta_.punto_id
        and str(item.data.get("modulo") or "") == (tableta_.modulo or "")
        and item.data.get("medio_calificacion") in EN_TABLETA
    )


def pendiente(session: Session, tableta_: Equipo) -> WorkItem | None:
    """The newest rating that waits at this desk."""
    abiertas = reads.items.inbox(session, tableta_.actor, InboxFilter(process=PROCESO, element=ELEMENTO))
    return max((i for i in abiertas if es_de(i, tableta_)), key=lambda i: i.opened_at, default=None)


def cierra(session: Session, item: WorkItem) -> dt.datetime | None:
    """When the diagram takes the question away: the timer on the activity."""
    elementos = reads.releases.processes(session, servicios().engine.catalog, item.release)[item.process].elements
    plazos = (
        due
        for instancia, elemento, due in reads.instances.timers(session, item.case_key)
        if instancia == item.instance_id and elemento in elementos and elementos[elemento].attached_to == item.element
    )
    return min(plazos, default=None)


@tableta.get("")
def espera() -> ResponseReturnValue:
    tableta_ = equipo()
    with servicios().uow.reading() as session:
        item = pendiente(session, tableta_)
    if item is not None:
        return redirect(url_for("tableta.calificar", item_id=item.id))
    return render_template("publico/tableta_espera.html", equipo=tableta_, gracias="gracias" in request.args)


@tableta.get("/pendiente")
def preguntar() -> ResponseReturnValue:
    """For the script of the waiting page: where to go, or null."""
    with servicios().uow.reading() as session:
        item = pendiente(session, equipo())
    return jsonify(ir=url_for("tableta.calificar", item_id=item.id) if item else None)


@tableta.get("/calificar/<item_id>")
def calificar(item_id: str) -> ResponseReturnValue:
    return _mostrar(item_id, CalificarEnPantalla(formdata=None))


def _mostrar(item_id: str, form: CalificarEnPantalla, codigo: int = 200) -> ResponseReturnValue:
    tableta_, now = equipo(), servicios().clock.now()
    with servicios().uow.reading() as session:
        item = reads.items.item(session, item_id)
        if not es_de(item, tableta_):
            abort(404)
        hasta = cierra(session, item)
    if item.state != "open":
        return redirect(url_for("tableta.espera"))
    quedan = max(0, int((hasta - now).total_seconds())) if hasta else None
    pagina = render_template("publico/tableta_calificar.html", form=form, item=item, equipo=tableta_, quedan=quedan)
    return make_response(pagina, codigo)


@tableta.post("/calificar/<item_id>")
def responder(item_id: str) -> ResponseReturnValue:
    form = CalificarEnPantalla()
    with servicios().uow.reading() as session:
        if not es_de(reads.items.item(session, item_id), equipo()):
            abort(404)
    if "no" in request.form:
        form = CalificarEnPantalla(formdata=None)
    elif not form.validate() or form.valor is None:
        if form.valor is None and not form.calificacion.errors:
            form.exigir("calificacion", "Toque una de las cinco caras, o «Prefiero no calificar»")
        return _mostrar(item_id, form, 422)
    registros = servicios().forms[FORMULARIO].records
    try:
        servicios().engine.complete(item_id, values=form.valores(), actor=actor_actual(), now=servicios().clock.now(), records=registros)
    except (Conflict, InstanceNotActive):  # the three minutes are over, or the adviser recorded it
        return make_response(render_template("publico/tableta_tarde.html", equipo=equipo()), 409)
    return redirect(url_for("tableta.espera", gracias=1), 303)


# --- the link that came with an answer -------------------------------------------------------------------------------
def _enlace(session: Session, token: str) -> tuple[EnlaceCalificacion, str] | None:
    """The link and the radicado of its case."""
    fila = session.execute(
        sa.select(EnlaceCalificacion, Caso.radicado)
        .join(Caso, Caso.id == EnlaceCalificacion.caso_id)
        .where(EnlaceCalificacion.token_hash == huella(token))
    ).one_or_none()
    return (fila[0], fila[1] or "") if fila else None


def _mensaje(causa: str, codigo: int) -> ResponseReturnValue:
    return make_response(render_template("publico/enlace.html", causa=causa), codigo)


@bp.get("/<token>")
@bp.post("/<token>")
def enlace(token: str) -> ResponseReturnValue:
    now = servicios().clock.now()
    with servicios().uow.reading() as session:
        hallado = _enlace(session, token)
    if hallado is None:
        return _mensaje("desconocido", 404)
    fila, radicado = hallado
    if fila.usado is not None:
        return _mensaje("usado", 410)
    if now > fila.vence:
        return _mensaje("vencido", 410)
    if request.method == "GET":
        return _calificar_respuesta(CalificarEnPantalla(formdata=None), radicado, fila.vence)
    form = CalificarEnPantalla()
    if not form.validate() or form.valor is None:
        if form.valor is None and not form.calificacion.errors:
            form.exigir("calificacion", "Elija una de las cinco caras")
        return _calificar_respuesta(form, radicado, fila.vence, 422)
    return _guardar(token, form, now)


def _calificar_respuesta(form: CalificarEnPantalla, radicado: str, vence: dt.datetime, codigo: int = 200) -> ResponseReturnValue:
    return make_response(render_template("publico/calificar_respuesta.html", form=form, radicado=radicado, vence=vence), codigo)


def _guardar(token: str, form: CalificarEnPantalla, now: dt.datetime) -> ResponseReturnValue:
    valores = form.valores()
    motivo, comentario = str(valores["motivo_calificacion"] or ""), str(valores["comentario"] or "")
    valor = form.valor or 0
    try:
        servicios().uow.run(lambda s: calificar_respuesta(s, token, valor=valor, now=now, motivo=motivo, comentario=comentario))
    except EnlaceInvalido:  # somebody with the same link was faster
        return _mensaje("usado", 410)
    return _mensaje("gracias", 200)
