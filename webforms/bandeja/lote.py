"""Acts on tasks from the inbox. One command a task on purpose: each stands for itself in the
history of its case, and each is reported."""

from collections.abc import Callable, Sequence

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine.errors import EngineError, NotFound
from engine.types import WorkItem
from records.cuentas import marcas
from records.cuentas.cuentas import cuentas_con_rol
from records.cuentas.reglas.roles import Facultad
from webforms import tareas
from webforms.bandeja import consulta
from webforms.bandeja.carga import mostrar_tablero
from webforms.bandeja.lista import Lote, hoja
from webforms.base import formatos
from webforms.base.personas import nombres_de
from webforms.base.quienes import PERSONA
from webforms.base.rotulos import rotulo
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual, puede
from webforms.base.servicios import servicios
from webforms.campos import dia_escrito, limpiar
from webforms.tareas.dejada import bandeja_dejada
from webforms.tareas.nombres import radicados_de
from webforms.tareas.rechazos import por_que_no

rutas = Rutas()

TOMAR, DEVOLVER, LEER, NO_LEER, REASIGNAR = "tomar", "devolver", "leer", "no_leer", "a:"
MAX_TAREAS, MAX_MOTIVO, MAX_DICHAS = 100, 500, 8


@rutas.post("/bandeja/tomar", para=PERSONA, haria=_l("Tomar la tarea"))
def tomar() -> ResponseReturnValue:
    """«Tomar» of one line, and on to it; when somebody was first, back to the list, which says
    who."""
    item_id = request.form.get("una", "")
    with servicios().uow.reading() as session:
        item = tareas.leer_item(session, item_id)
        motivo = tareas.motivo_de_toma(session, item)
    try:
        tareas.tomar_tarea(item, motivo)
    except EngineError as error:
        with servicios().uow.reading() as session:
            flash(f"{_nombre(session, item)}: {por_que_no(session, error)}", "ambar")
        return redirect(_vuelta())
    return redirect(url_for("tareas.mostrar", item_id=item_id, volver="bandeja"))


@rutas.post("/bandeja/lote", para=PERSONA, haria=_l("Tomar, devolver o pasar las tareas marcadas"))
def hacer() -> ResponseReturnValue:
    """Take, give back or hand on what is marked, with one reason for all. What the board sent goes
    back to the board."""
    s = servicios()
    del_tablero = "tablero" in request.form and puede(
        actor_actual(), Facultad.SUPERVISAR, request.form.get("area") or None
    )
    elegidas = request.form.getlist("item")[:MAX_TAREAS]
    accion, motivo = request.form.get("accion", ""), str(limpiar(request.form.get("motivo", "")))
    c = consulta.de_texto(request.form.get("consulta", ""))
    errores = _faltas(elegidas, accion, motivo)
    if errores and del_tablero:
        return mostrar_tablero(Lote(elegidas, accion, motivo, errores))
    with s.uow.reading() as session:
        if errores:
            return hoja(session, c, Lote(elegidas, accion, motivo, errores)).mostrar()
        hechas, fallidas = [], []
        pasos: list[tuple[WorkItem, Callable[[], object] | str]] = []
        for item_id in elegidas:
            try:
                item = tareas.leer_item(session, item_id, supervisando=True)
            except NotFound:
                continue
            pasos.append((item, _paso(session, item, accion, motivo)))
    for item, paso in pasos:
        if isinstance(paso, str):
            fallidas.append((item, paso))
            continue
        try:
            paso()
            hechas.append(item)
        except EngineError as error:
            with s.uow.reading() as session:
                fallidas.append((item, por_que_no(session, error)))
    with s.uow.reading() as session:
        _informar(session, accion, hechas, fallidas)
    if del_tablero:
        return redirect(
            url_for(
                "bandeja.tablero",
                area=request.form.get("area"),
                persona=request.form.get("persona"),
            )
        )
    return redirect(consulta.con_texto(c.texto))


def _faltas(elegidas: Sequence[str], accion: str, motivo: str) -> list[tuple[str, str]]:
    errores = []
    if not elegidas:
        errores.append(("elegir-todas", _("Elija al menos una tarea")))
    if accion not in (TOMAR, DEVOLVER, LEER, NO_LEER) and not accion.startswith(REASIGNAR):
        errores.append(("accion", _("Elija qué hacer con las tareas")))
    elif (accion == DEVOLVER or accion.startswith(REASIGNAR)) and not 1 <= len(
        motivo
    ) <= MAX_MOTIVO:
        errores.append(("motivo", _("Escriba el motivo, en máximo 500 caracteres")))
    return errores


def _paso(session: Session, item: WorkItem, accion: str, motivo: str) -> Callable[[], object] | str:
    """The command for one task, or why there is none."""
    s, actor = servicios(), actor_actual()
    now = s.clock.now()
    if accion == TOMAR:
        de_quien = tareas.motivo_de_toma(session, item)
        return lambda: tareas.tomar_tarea(item, de_quien)
    if accion in (LEER, NO_LEER):
        leida = now if accion == LEER else None
        return lambda: s.uow.run(
            lambda escribir: marcas.marcar_leida(escribir, actor.id, item.id, leida)
        )
    if accion == DEVOLVER:
        if item.claimed_by is None:
            return str(_("ya estaba sin asignar"))
        return lambda: s.engine.items.release(item.id, actor=actor, now=now, reason=motivo)
    quien = accion.removeprefix(REASIGNAR)
    if quien not in {
        cuenta.usuario for cuenta in cuentas_con_rol(session, item.role or "", item.scope, now)
    }:
        return str(_("esa persona no hace esta tarea"))
    if quien == item.claimed_by:
        return str(_("ya la tenía esa persona"))
    return lambda: s.engine.items.reassign(item.id, to=quien, actor=actor, now=now, reason=motivo)


def _nombre(session: Session, item: WorkItem) -> str:
    return radicados_de(session, [item.case_key]).get(item.case_key, rotulo(item.name))


def _informar(
    session: Session,
    accion: str,
    hechas: Sequence[WorkItem],
    fallidas: Sequence[tuple[WorkItem, str]],
) -> None:
    n = len(hechas)
    if n:
        quien = accion.removeprefix(REASIGNAR)
        frases = {
            TOMAR: _("Tomó %(n)s tareas.", n=n) if n > 1 else _("Tomó 1 tarea."),
            DEVOLVER: _("Devolvió %(n)s tareas.", n=n) if n > 1 else _("Devolvió 1 tarea."),
            LEER: _("Marcó %(n)s como leídas.", n=n),
            NO_LEER: _("Marcó %(n)s sin leer.", n=n),
        }
        nombre = nombres_de(session, {quien}).get(quien, quien)
        reasigno = _("Reasignó %(n)s tareas a %(nombre)s.", n=n, nombre=nombre)
        if n == 1:
            reasigno = _("Reasignó 1 tarea a %(nombre)s.", nombre=nombre)
        flash(frases.get(accion, reasigno), "verde")
    if fallidas:
        dichas = [f"{_nombre(session, item)}: {por_que}" for item, por_que in fallidas[:MAX_DICHAS]]
        if len(fallidas) > MAX_DICHAS:
            dichas.append(_("y %(n)s más", n=len(fallidas) - MAX_DICHAS))
        flash(_("Quedaron como estaban: %(cuales)s.", cuales="; ".join(dichas)), "ambar")


def _vuelta() -> str:
    return consulta.con_texto(consulta.de_texto(request.form.get("consulta", "")).texto)


@rutas.post(
    "/bandeja/tarea/<item_id>/seguimiento",
    para=PERSONA,
    haria=_l("Cambiar el día en que vuelve a mirar la tarea"),
)
def seguir(item_id: str) -> ResponseReturnValue:
    """When this person wants to look at the task again; without a day, no more."""
    s, actor = servicios(), actor_actual()
    with s.uow.reading() as session:
        tareas.leer_item(session, item_id, supervisando=True)
    dia = dia_escrito(request.form.get("dia", ""))
    if dia is None and request.form.get("dia", "").strip():
        flash(_("Escriba la fecha como día/mes/año, por ejemplo 14/10/2026"), "ambar")
        return redirect(url_for("tareas.elegir_persona", item_id=item_id))
    s.uow.run(lambda session: marcas.poner_seguimiento(session, actor.id, item_id, dia))
    flash(
        _("Seguimiento el %(dia)s.", dia=formatos.fecha(dia))
        if dia
        else _("La tarea ya no tiene fecha de seguimiento."),
        "verde",
    )
    return redirect(bandeja_dejada())
