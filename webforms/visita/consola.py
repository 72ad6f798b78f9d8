"""The adviser's console: one screen per attention (M5-1-02 5.2.2 to 5.2.12), the queue of the point
between two attentions."""

import contextlib
from collections.abc import Mapping
from dataclasses import replace

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine.errors import Conflict, InstanceNotActive
from engine.types import Delivery, WorkItem, Writing
from records.base.actos import Acto, acto_de
from records.base.datos import entero
from records.base.errores import Rechazo, TurnoNoDisponible
from records.lugares import puntos
from records.visita import atenciones, filas, turnos
from records.visita.reglas import turnos as reglas
from records.visita.reglas.turnos import (
    ESPERA,
    FUERA_DE_ORDEN,
    MOTIVOS_PAUSA,
    PAUSA,
    Eleccion,
)
from records.visita.tablas import Turno
from webforms import tareas
from webforms.base.catalogos import IDIOMAS
from webforms.base.guias import ASESOR, Ayuda
from webforms.base.hojas import Hoja
from webforms.base.menu import Entrada, Grupo
from webforms.base.quienes import ATIENDE
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.visita import aplicativos, curso, fila, llamados, llegadas
from webforms.visita.curso import ModuloOcupado
from webforms.visita.puesto import Puesto, puesto_actual, usar

rutas = Rutas()

REINTENTOS = 8
FILA_MANUAL = "us_fila_manual"


@rutas.get(
    "/atencion",
    para=ATIENDE,
    ayuda=Ayuda(
        _l("Aquí llama el siguiente turno y hace toda la visita sin cambiar de página."), ASESOR
    ),
    menu=Entrada(Grupo.HOY, _l("Atención"), 2, primera=True),
)
def consola() -> ResponseReturnValue:
    s = servicios()
    with s.uow.reading() as session:
        puesto = puesto_actual(session)
        hoja = _hoja(session, puesto)
    return hoja.mostrar()


def _hoja(session: Session, puesto: Puesto) -> Hoja:
    """The activity in course; while a system is asked, what has arrived; between two attentions,
    the queue."""
    item = curso.tarea_en_curso(session, puesto.punto.codigo)
    if item is not None:
        return _en_turno(session, item)
    pedida = aplicativos.consultando(session)
    return fila.hoja(session, puesto) if pedida is None else aplicativos.hoja(session, pedida)


def _en_turno(session: Session, item: WorkItem) -> Hoja:
    return tareas.hoja(session, tareas.construir(session, item, None), "consola")


# --- calling --------------------------------------------------------------------------------------
@rutas.post("/atencion/modulo", para=ATIENDE, haria=_l("Elegir su módulo"))
def elegir_modulo() -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        puesto = puesto_actual(session)
        modulo = request.form.get("modulo", "")
        if modulo not in puntos.modulos(session, puesto.punto.codigo):
            flash(_("Elija su módulo."), "ambar")
            return redirect(url_for("asesor.consola"))
    return usar(
        make_response(redirect(url_for("asesor.consola"))),
        actor_actual().id,
        puesto.punto.codigo,
        modulo,
    )


@rutas.post("/atencion/llamar", para=ATIENDE, haria=_l("Llamar al siguiente turno"))
def llamar() -> ResponseReturnValue:
    """Call the next turn: chosen by the rule, taken by the engine. Who loses the race gets the next
    candidate."""
    s, now = servicios(), servicios().clock.now()
    with s.uow.reading() as session:
        puesto = puesto_actual(session)
        if puesto.modulo is None:
            flash(_("Elija su módulo antes de llamar."), "ambar")
            return redirect(url_for("asesor.consola"))
    # a second press, or the other tab: the console shows who is there
    with contextlib.suppress(ModuloOcupado):
        for _intento in range(REINTENTOS):
            with s.uow.reading() as session:
                eleccion = reglas.siguiente(
                    turnos.turnos_en_espera(session, puesto.punto.codigo), now, puesto.modulo
                )
            if eleccion is None:
                flash(_("No hay turnos en espera."), "ambar")
                break
            if _llamar(eleccion.turno.id, puesto, eleccion.razon):
                break
    return redirect(url_for("asesor.consola"))


def _sigue_ocupado() -> ResponseReturnValue:
    flash(_("Primero termine con la persona que está en su módulo."), "ambar")
    return redirect(url_for("asesor.consola"))


@rutas.get(
    "/atencion/llamar/<int:turno_id>",
    para=ATIENDE,
    ayuda=Ayuda(_l("Aquí dice por qué llama a alguien antes que a quienes esperan."), ASESOR),
)
def por_llamar(turno_id: int) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        puesto = puesto_actual(session)
        turno = _de_mi_punto(session, puesto, turno_id)
        primero = _primero(session, puesto)
    if turno.estado != ESPERA:
        flash(_("Ese turno ya lo llamó otra persona o ya no espera."), "ambar")
        return redirect(url_for("asesor.consola"))
    return _preguntar(primero, url_for("asesor.llamar_turno", turno_id=turno_id), turno.ficha or "")


@rutas.post(
    "/atencion/llamar/<int:turno_id>", para=ATIENDE, haria=_l("Llamar un turno fuera de su orden")
)
def llamar_turno(turno_id: int) -> ResponseReturnValue:
    """Call one turn of the queue. Whom the order does not put first goes first with a reason."""
    with servicios().uow.reading() as session:
        puesto = puesto_actual(session)
        turno = _de_mi_punto(session, puesto, turno_id)
        primero = _primero(session, puesto)
    if puesto.modulo is None:
        flash(_("Elija su módulo antes de llamar."), "ambar")
        return redirect(url_for("asesor.consola"))
    fuera = request.form.get("por_que", "")
    if primero is not None and primero.turno.id == turno_id:
        razon, fuera = primero.razon, ""
    elif turno.estado != ESPERA:
        razon, fuera = "", ""  # the engine says that it waits no more
    elif fuera in FUERA_DE_ORDEN:
        razon = FUERA_DE_ORDEN[fuera]
    else:
        return _preguntar(primero, request.path, turno.ficha or "", falta=True)
    try:
        if not _llamar(turno_id, puesto, razon, fuera):
            flash(_("Ese turno ya lo llamó otra persona o ya no espera."), "ambar")
    except ModuloOcupado:
        return _sigue_ocupado()
    return redirect(url_for("asesor.consola"))


def _de_mi_punto(session: Session, puesto: Puesto, turno_id: int) -> Turno:
    turno = session.get(Turno, turno_id)
    if turno is None or turno.punto_id != puesto.punto.codigo:
        abort(404)
    return turno


def _primero(session: Session, puesto: Puesto) -> Eleccion | None:
    """Whom the order of the queue puts first for this desk."""
    return reglas.siguiente(
        turnos.turnos_en_espera(session, puesto.punto.codigo),
        servicios().clock.now(),
        puesto.modulo,
    )


def _preguntar(
    primero: Eleccion | None,
    accion: str,
    ficha: str = "",
    *,
    llegada: Mapping[str, str] | None = None,
    falta: bool = False,
) -> ResponseReturnValue:
    """Why somebody goes before whom the order puts first. `primero` None: whoever waits was handed
    to another desk. `llegada` is what was said of whoever has no ticket yet."""
    pagina = render_template(
        "visita/fuera_de_orden.html",
        primero=primero,
        espera_min=reglas.minutos(primero.turno.llegada, servicios().clock.now())
        if primero is not None
        else 0,
        accion=accion,
        ficha=ficha,
        llegada=llegada or {},
        razones=FUERA_DE_ORDEN,
        errores=[("por_que", _("Elija por qué pasa antes"))] if falta else [],
    )
    return pagina, 422 if falta else 200


def _llamado(puesto: Puesto, razon: str, fuera: str = "") -> Delivery:
    """`TurnoLlamado` with the call's row; 5.2.2 is taken for this adviser."""

    def anotar(w: Writing) -> None:
        curso.tomar_modulo(w.session, puesto)
        turnos.registrar_llamado(
            w.session,
            entero(w.data, "turno_id"),
            puesto.modulo or "",
            acto_de(w),
            razon[:200],
            fuera_de_orden=fuera or None,
        )

    return Delivery("TurnoLlamado", {}, llamados.LLAMADA, anotar)


def _llamar(turno_id: int, puesto: Puesto, razon: str, fuera: str = "") -> bool:
    """Call a turn that waits, in one commit; the history says why it passed the order by. False: it
    no longer waits."""
    s, llamado = servicios(), _llamado(puesto, razon, fuera)
    try:
        s.engine.messages.correlate(
            llamado.message,
            str(turno_id),
            llamado.payload,
            actor=actor_actual(),
            now=s.clock.now(),
            claim=llamado.claim,
            records=llamado.records,
            reason=f"Fuera de su orden: {razon}" if fuera else "",
        )
    except llamados.SE_FUE:
        return False
    llamados.terminar_calificaciones(puesto)
    return True


@rutas.post("/atencion/rellamar/<int:turno_id>", para=ATIENDE, haria=_l("Volver a llamar un turno"))
def rellamar(turno_id: int) -> ResponseReturnValue:
    """Call an absent person again, at once: the task is taken and the call noted in one commit."""
    with servicios().uow.reading() as session:
        puesto = puesto_actual(session)
        turno = session.get(Turno, turno_id)
    if turno is None or turno.punto_id != puesto.punto.codigo:
        abort(404)
    if puesto.modulo is None:
        flash(_("Elija su módulo antes de llamar."), "ambar")
        return redirect(url_for("asesor.consola"))
    try:
        hecho = llamados.rellamar(
            turno_id, puesto.modulo, lambda session: curso.tomar_modulo(session, puesto)
        )
    except ModuloOcupado:
        return _sigue_ocupado()
    if hecho:
        llamados.terminar_calificaciones(puesto)
    else:
        flash(_("Ese turno ya lo llamó otra persona."), "ambar")
    return redirect(url_for("asesor.consola"))


# --- people who come to the desk ------------------------------------------------------------------
@rutas.post("/atencion/recibir", para=ATIENDE, haria=_l("Recibir a una persona sin tiquete"))
def recibir() -> ResponseReturnValue:
    """A person in line without a ticket (points without Digiturno, quick attention): turn, call and
    desk in three clicks. Whoever stands at the desk is not asked whether they came: 5.2.2 is done
    with it."""
    s, now = servicios(), servicios().clock.now()
    with s.uow.reading() as session:
        puesto = puesto_actual(session)
        libre = not curso.ocupado(session, puesto)
        primero = _primero(session, puesto)
    motivo = request.form.get("motivo_visita", "servicio_adquirido")
    condicion = request.form.get("condicion", "ninguna")
    if motivo not in fila.MOTIVOS or condicion not in ("ninguna", "preferente"):
        abort(422)
    valores = {"motivo_visita": motivo, "condicion": condicion, "tipo_doc": "", "num_doc": ""}
    ya = bool(request.form.get("atender"))
    if ya and libre and not puesto.modulo:
        flash(
            _("Elija su módulo antes de atender: la persona todavía no está en la fila."), "ambar"
        )
        return redirect(url_for("asesor.consola"))
    llave, fuera, llamado = request.form.get("llave", ""), request.form.get("por_que", ""), None
    if ya and libre and puesto.modulo:
        if primero is None or (condicion == "preferente" and not primero.turno.preferente):
            llamado = _llamado(puesto, "Atención rápida en el módulo")
        elif fuera in FUERA_DE_ORDEN:
            llamado = _llamado(puesto, FUERA_DE_ORDEN[fuera], fuera)
        else:
            dicho = {
                "motivo_visita": motivo,
                "condicion": condicion,
                "llave": llave,
                "atender": "1",
            }
            falta = "preguntado" in request.form
            return _preguntar(primero, request.path, llegada=dicho, falta=falta)
    llegada = llegadas.Llegada(valores, llave, llamado=llamado)
    try:
        hecho = llegadas.iniciar(puesto.punto, llegada, actor=actor_actual(), now=now)
    except (
        ModuloOcupado
    ):  # their other tab called somebody in this moment: the person waits for the next free desk
        hecho = llegadas.iniciar(
            puesto.punto, replace(llegada, llamado=None), actor=actor_actual(), now=now
        )
    atendida = any(i.claimed_by == actor_actual().id for i in hecho.opened) or (
        ya and hecho.duplicate
    )
    de_papel = next((i for i in hecho.opened if i.element == FILA_MANUAL), None)
    if atendida:
        llamados.empezar(hecho.opened, puesto.modulo or "")
        llamados.terminar_calificaciones(puesto)
    elif de_papel is not None:
        flash(_("En el punto se dan fichas de papel: escriba el número de la suya."), "ambar")
        return redirect(url_for("tareas.mostrar", item_id=de_papel.id))
    else:
        flash(_("La persona quedó en la fila."), "verde")
    return redirect(url_for("asesor.consola"))


@rutas.post(
    "/atencion/reingresar/<int:turno_id>",
    para=ATIENDE,
    haria=_l("Recibir otra vez a quien no se presentó"),
)
def reingresar(turno_id: int) -> ResponseReturnValue:
    """A no-show is back within 30 minutes (Q3), or somebody whom another point sent has come (Q26):
    a new visit, the old arrival."""
    s, now = servicios(), servicios().clock.now()
    with s.uow.reading() as session:
        puesto = puesto_actual(session)
        turno = session.get(Turno, turno_id)
        if turno is None or turno_id not in {
            r.turno_id for r in filas.reingresos(session, puesto.punto.codigo, now)
        }:
            abort(404)
    hecho = llegadas.iniciar(puesto.punto, llegadas.de_vuelta(turno), actor=actor_actual(), now=now)
    with s.uow.reading() as session:
        nueva = llegadas.turno_de(session, hecho.instance_id).ficha or ""
    if nueva == turno.ficha:
        flash(_("%(f)s volvió a la fila con su número y su hora de llegada.", f=nueva), "verde")
    else:
        flash(
            _(
                "Su turno ahora es %(n)s (antes %(f)s): dígaselo. Conserva su hora de llegada.",
                n=nueva,
                f=turno.ficha or "",
            ),
            "ambar",
        )
    return redirect(url_for("asesor.consola"))


@rutas.post(
    "/atencion/volvio/<item_id>",
    para=ATIENDE,
    haria=_l("Recibir otra vez a quien volvió con el poder"),
)
def volvio(item_id: str) -> ResponseReturnValue:
    """The person is back with the power (5.2.5 → 5.2.1): a new turn in the same visit."""
    s = servicios()
    with s.uow.reading() as session:
        item = tareas.leer_item(session, item_id)
        turno_id = item.data.get("turno_id")
        turno = session.get(Turno, turno_id) if isinstance(turno_id, int) else None
    if item.element != llegadas.PRIMERA or turno is None:
        abort(404)
    valores = {
        "motivo_visita": turno.motivo_visita,
        "condicion": turno.condicion,
        "tipo_doc": turno.tipo_doc or "",
        "num_doc": turno.num_doc or "",
    }
    try:
        s.engine.items.complete(
            item_id,
            values=valores,
            actor=actor_actual(),
            now=s.clock.now(),
            records=s.forms[llegadas.FORMULARIO].records,
        )
    except (Conflict, InstanceNotActive, Rechazo):
        flash(_("Esa visita ya siguió o se cerró."), "ambar")
    else:
        flash(_("%(f)s quedó otra vez en la fila.", f=turno.ficha or ""), "verde")
    return redirect(url_for("asesor.consola"))


@rutas.post(
    "/atencion/idioma/<int:turno_id>", para=ATIENDE, haria=_l("Cambiar el idioma de la persona")
)
def elegir_idioma(turno_id: int) -> ResponseReturnValue:
    """The kiosk's choice put right at the desk."""
    idioma = request.form.get("idioma", "")
    with servicios().uow.reading() as session:
        turno = atenciones.en_curso(session, actor_actual().id)
    if turno is None or turno.id != turno_id or idioma not in IDIOMAS:
        abort(404)
    servicios().uow.run(lambda session: turnos.elegir_idioma(session, turno_id, idioma))
    return redirect(url_for("asesor.consola"))


@rutas.post(
    "/atencion/continuar/<int:turno_id>", para=ATIENDE, haria=_l("Seguir la atención en su módulo")
)
def continuar(turno_id: int) -> ResponseReturnValue:
    """A person comes out of the information room and goes on at this desk (5.2.20)."""
    s = servicios()
    acto = Acto(actor_actual().id, s.clock.now())
    with s.uow.reading() as session:
        puesto = puesto_actual(session)
        suyo = any(
            turno == turno_id
            for _item, turno in curso.pendientes(session, puesto.punto.codigo).por_continuar
        )
    if not suyo:
        abort(404)
    modulo = puesto.modulo
    if modulo is None:
        flash(_("Elija su módulo antes de continuar."), "ambar")
        return redirect(url_for("asesor.consola"))

    def traer(session: Session) -> None:
        curso.tomar_modulo(session, puesto)
        turnos.traer_al_modulo(session, turno_id, modulo, acto)

    try:
        s.uow.run(traer)
    except ModuloOcupado:
        return _sigue_ocupado()
    except TurnoNoDisponible:
        flash(_("Esa visita ya siguió o se cerró."), "ambar")
    else:
        llamados.terminar_calificaciones(puesto)
    return redirect(url_for("asesor.consola"))


@rutas.post(
    "/atencion/pausar/<int:turno_id>", para=ATIENDE, haria=_l("Pausar o seguir la atención")
)
def pausar(turno_id: int) -> ResponseReturnValue:
    """Stop or restart the clock of the attention: pauses do not count as attention time."""
    s = servicios()
    actor, now = actor_actual(), s.clock.now()
    with s.uow.reading() as session:
        turno = atenciones.en_curso(session, actor.id)
        if turno is None or turno.id != turno_id:
            abort(404)
        modulo = puesto_actual(session).modulo or turnos.modulo_del_llamado(session, turno_id)
    if turno.estado == PAUSA:
        s.uow.run(
            lambda session: turnos.reanudar_reloj(session, turno_id, modulo, Acto(actor.id, now))
        )
    else:
        razon = MOTIVOS_PAUSA.get(request.form.get("motivo_pausa", ""))
        s.uow.run(
            lambda session: turnos.detener_reloj(
                session, turno_id, modulo, Acto(actor.id, now), razon
            )
        )
    return redirect(url_for("asesor.consola"))
