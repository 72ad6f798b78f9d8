"""Ratings on the tablet of a desk (M5-1-02 5.2.13)."""

import datetime as dt

from flask import abort, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from common.language import marked
from engine import reads
from engine.errors import Conflict, InstanceNotActive, NotFound
from engine.reads.items import InboxFilter
from engine.states import ItemState
from engine.types import WorkItem
from records.cuentas.reglas.frenos import DIEZ_MINUTOS, Cupo
from records.visita.tablas import Turno
from webforms.base.catalogos import IDIOMAS
from webforms.base.idioma import del_lugar, en_cada_idioma
from webforms.base.quienes import TABLETA
from webforms.base.rutas import Rutas
from webforms.base.security import Equipo, actor_actual, equipo_actual
from webforms.base.servicios import servicios
from webforms.base.tardios import MOSTRAR, lo_escrito, solo_mostrar
from webforms.visita.en_pantalla import CalificarEnPantalla
from webforms.visita.llegadas import PROCESO

rutas = Rutas()

ELEMENTO = "act_5_2_13"
FORMULARIO = "usuario.calificar"
EN_TABLETA = ("tableta", "digiturno")  # a rating said aloud is recorded by the adviser


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


TERMINO, TERMINO_EL_TURNO = (
    marked("La calificación terminó"),
    marked("La calificación del turno %(t)s terminó"),
)
OPINAR = marked("Si quiere opinar, dígaselo al asesor.")


def pendiente(session: Session, tableta_: Equipo) -> WorkItem | None:
    """The newest rating that waits at this desk."""
    abiertas = reads.items.inbox(
        session, tableta_.actor, InboxFilter(process=PROCESO, element=ELEMENTO), limit=None
    )
    return max((i for i in abiertas if es_de(i, tableta_)), key=lambda i: i.opened_at, default=None)


def cierra(session: Session, item: WorkItem) -> dt.datetime | None:
    """When the diagram takes the question away: the timer on the activity."""
    elementos = reads.releases.processes(session, servicios().engine.catalog, item.release)[
        item.process
    ].elements
    plazos = (
        due
        for instancia, elemento, due in reads.instances.timers(session, item.case_key)
        if instancia == item.instance_id
        and elemento in elementos
        and elementos[elemento].attached_to == item.element
    )
    return min(plazos, default=None)


@rutas.get("", para=TABLETA)
def espera() -> ResponseReturnValue:
    tableta_ = equipo()
    with servicios().uow.reading() as session:
        item = pendiente(session, tableta_)
        lengua = _idioma_de(session, item) if item is not None else None
        termino = (
            _ficha_de(session, request.args.get("cerrada", ""), tableta_) if item is None else None
        )
    if item is not None:
        return redirect(url_for("tableta.calificar", item_id=item.id, idioma=lengua))
    terminada = en_cada_idioma(TERMINO_EL_TURNO, t=termino) if termino else en_cada_idioma(TERMINO)
    dichas = {"terminada": terminada, "opinar": dict(en_cada_idioma(OPINAR))}
    return render_template(
        "visita/tableta_espera.html",
        equipo=tableta_,
        gracias="gracias" in request.args,
        termino=termino,
        **dichas,
    )


def _ficha_de(session: Session, item_id: str, tableta_: Equipo) -> str | None:
    """The ticket of a question that ended on this tablet without an answer; None: there was
    none."""
    try:
        item = reads.items.item(session, item_id)
    except NotFound:
        return None
    return (
        str(item.data.get("ficha") or "")
        if es_de(item, tableta_) and item.state != ItemState.OPEN
        else None
    )


@rutas.get("/pendiente", para=TABLETA)
def preguntar() -> ResponseReturnValue:
    """For the script of the waiting page: where to go, or null."""
    with servicios().uow.reading() as session:
        item = pendiente(session, equipo())
        lengua = _idioma_de(session, item) if item is not None else None
    return jsonify(
        ir=url_for("tableta.calificar", item_id=item.id, idioma=lengua) if item else None
    )


def _idioma_de(session: Session, item: WorkItem) -> str | None:
    """Another one that the person chose at the kiosk; else the address says nothing, and the page
    is in the agency's again."""
    turno = (
        session.get(Turno, item.data["turno_id"])
        if isinstance(item.data.get("turno_id"), int)
        else None
    )
    return (
        turno.idioma
        if turno is not None and turno.idioma in IDIOMAS and turno.idioma != del_lugar()
        else None
    )


@rutas.get("/vigente/<item_id>", para=TABLETA)
def vigente(item_id: str) -> ResponseReturnValue:
    """For the script of the question: whether it still waits; it ends when the next person is
    called."""
    with servicios().uow.reading() as session:
        item = reads.items.item(session, item_id)
    return jsonify(vigente=es_de(item, equipo()) and item.state == ItemState.OPEN)


@rutas.get("/calificar/<item_id>", para=TABLETA)
def calificar(item_id: str) -> ResponseReturnValue:
    return _mostrar(item_id, CalificarEnPantalla(formdata=None))


def _mostrar(item_id: str, form: CalificarEnPantalla, codigo: int = 200) -> ResponseReturnValue:
    tableta_, now = equipo(), servicios().clock.now()
    with servicios().uow.reading() as session:
        item = reads.items.item(session, item_id)
        if not es_de(item, tableta_):
            abort(404)
        hasta = cierra(session, item)
    if item.state != ItemState.OPEN:
        return redirect(url_for("tableta.espera", idioma=del_lugar(), cerrada=item_id))
    quedan = max(0, int((hasta - now).total_seconds())) if hasta else None
    pagina = render_template(
        "visita/tableta_calificar.html",
        form=form,
        item=item,
        equipo=tableta_,
        quedan=quedan,
        repetible=lo_escrito(),
    )
    return make_response(pagina, codigo)


@rutas.post("/calificar/<item_id>", para=TABLETA, se_muestra=MOSTRAR, cupo=Cupo(120, DIEZ_MINUTOS))
def responder(item_id: str) -> ResponseReturnValue:
    form = CalificarEnPantalla()
    with servicios().uow.reading() as session:
        item = reads.items.item(session, item_id)
        if not es_de(item, equipo()):
            abort(404)
        cerrada = item.state != ItemState.OPEN
    if cerrada and solo_mostrar():
        return _tarde()
    if "no" in request.form and not solo_mostrar():
        form = CalificarEnPantalla(formdata=None)
    elif not form.validate() or form.valor is None or solo_mostrar():
        if form.valor is None and not form.calificacion.errors:
            form.exigir(
                "calificacion", _("Toque una de las cinco caras, o «Prefiero no calificar»")
            )
        return _mostrar(item_id, form, 422)
    registros = servicios().forms[FORMULARIO].records
    try:
        servicios().engine.items.complete(
            item_id,
            values=form.valores(),
            actor=actor_actual(),
            now=servicios().clock.now(),
            records=registros,
        )
    except (Conflict, InstanceNotActive):  # the three minutes are over, or the adviser recorded it
        return _tarde()
    return redirect(url_for("tableta.espera", gracias=1), 303)


def _tarde() -> ResponseReturnValue:
    return make_response(
        render_template("visita/tableta_tarde.html", equipo=equipo(), repetible=lo_escrito()), 409
    )
