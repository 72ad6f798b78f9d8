"""Who has a task: claim, release, reassign; the text of who came late becomes a note."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from common.language import SPANISH, speaking
from engine import reads
from engine.errors import ClaimedByOther, EngineError, ItemClosed, NotAllowed
from engine.types import WorkItem
from records.casos.reglas.notas import NOTA
from records.cuentas.ausencias import ausencias_hoy
from records.cuentas.cuentas import cuentas_con_rol
from records.cuentas.marcas import marcas
from records.cuentas.reglas.roles import LIDER, Facultad
from records.cuentas.tablas import Cuenta
from webforms.base import formatos
from webforms.base.guias import COORDINADOR, Ayuda
from webforms.base.personas import nombre_de
from webforms.base.quienes import PERSONA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual, puede
from webforms.base.servicios import servicios
from webforms.tareas.conflictos import hoja_de_conflicto
from webforms.tareas.lectura import leer_item
from webforms.tareas.nombres import nombres_de_casos
from webforms.tareas.pagina import lista, vuelta
from webforms.tareas.rechazos import motivo_de_rechazo

rutas = Rutas()

MAX_MOTIVO = 500


@rutas.post("/tarea/<item_id>/tomar", para=PERSONA, haria=_l("Tomar la tarea"))
def tomar(item_id: str) -> ResponseReturnValue:
    s = servicios()
    with s.uow.reading() as session:
        item = leer_item(session, item_id)
        motivo = motivo_de_toma(session, item)
    try:
        tomar_tarea(item, motivo)
    except (ClaimedByOther, ItemClosed) as conflicto:
        with s.uow.reading() as session:
            tarde = hoja_de_conflicto(session, reads.items.item(session, item_id), {}, conflicto)
        return tarde.mostrar()
    return redirect(url_for("tareas.mostrar", item_id=item.id, volver=vuelta() or None))


def motivo_de_toma(session: Session, item: WorkItem) -> str:
    """What the history says, in its own language, of a task that is taken from somebody who is
    away; empty when nobody holds it."""
    titular = item.claimed_by
    if titular is None or titular not in actor_actual().stands_for:
        return ""
    nombre = nombre_de(session, titular)
    ausencia = ausencias_hoy(session, [titular], servicios().clock.now()).get(titular)
    if ausencia is None:
        return f"En reemplazo de {nombre}"
    with speaking(SPANISH):  # it is kept
        desde, hasta = formatos.desde_cuando(ausencia), formatos.hasta_cuando(ausencia)
    return f"En reemplazo de {nombre}, ausente del {desde} al {hasta}"


def tomar_tarea(item: WorkItem, motivo: str) -> None:
    """Take a task of one's lane: one that nobody holds, or with `motivo_de_toma` that of somebody
    who is away. Raises as a claim does."""
    s, actor = servicios(), actor_actual()
    if motivo:
        s.engine.items.reassign(item.id, to=actor.id, actor=actor, now=s.clock.now(), reason=motivo)
    else:
        s.engine.items.claim(item.id, actor=actor, now=s.clock.now())


@rutas.post("/tarea/<item_id>/devolver", para=PERSONA, haria=_l("Devolver la tarea a su grupo"))
def devolver(item_id: str) -> ResponseReturnValue:
    """Back to the lane, with a reason."""
    s, motivo = servicios(), request.form.get("motivo", "").strip()
    with s.uow.reading() as session:
        item = leer_item(session, item_id, supervisando=True)
    if not 1 <= len(motivo) <= MAX_MOTIVO:
        return _repartir(
            item_id,
            [("motivo_devolver", _("Escriba por qué devuelve la tarea, en máximo 500 caracteres"))],
        )
    try:
        s.engine.items.release(item_id, actor=actor_actual(), now=s.clock.now(), reason=motivo)
    except NotAllowed as rechazo:
        flash(motivo_de_rechazo(rechazo), "rojo")
        return redirect(lista(vuelta(), item.case_key))
    flash(_("La tarea volvió a la bandeja, sin asignar."), "verde")
    return redirect(lista(vuelta(), item.case_key))


@rutas.get(
    "/tarea/<item_id>/reasignar",
    para=PERSONA,
    ayuda=Ayuda(_l("Aquí pasa una tarea a otra persona, con el motivo."), COORDINADOR),
)
def elegir_persona(item_id: str) -> ResponseReturnValue:
    return _repartir(item_id, [])


def _repartir(item_id: str, errores: list[tuple[str, str]]) -> ResponseReturnValue:
    """Who gets the task, or back to the lane: with what was typed and, after an error, why not."""
    s = servicios()
    with s.uow.reading() as session:
        item = leer_item(session, item_id, supervisando=True)
        personas = candidatos(session, item)
        ausente = (
            ausencias_hoy(session, [item.claimed_by], s.clock.now()).get(item.claimed_by)
            if item.claimed_by
            else None
        )
        tiene = nombre_de(session, item.claimed_by)
        de_que = nombres_de_casos(session, [item.case_key]).get(item.case_key)
        lideres = _lideres(session, item, s.clock.now())
        marca = marcas(session, actor_actual().id, [item_id]).get(item_id)
    puede_pasarla = _puede_pasarla(item)
    pagina = render_template(
        "tareas/reasignar.html",
        item=item,
        de_que=de_que,
        puede_pasarla=puede_pasarla,
        volver=vuelta(),
        atras=lista(vuelta() or "caso", item.case_key),
        personas=personas,
        ausente=ausente,
        tiene=tiene,
        lideres=lideres,
        seguimiento=marca.seguimiento if marca else None,
        escrito=request.form,
        errores=errores,
    )
    return pagina, 422 if errores else 200


def _puede_pasarla(item: WorkItem) -> bool:
    """As the engine decides: whoever holds it, replaces its holder or supervises its place; what
    nobody holds, anybody of its lane."""
    actor = actor_actual()
    libre = item.claimed_by is None and item.role is not None and actor.has(item.role, item.scope)
    return (
        libre
        or item.claimed_by in {actor.id, *actor.stands_for}
        or puede(actor, Facultad.SUPERVISAR, item.scope)
    )


@rutas.post("/tarea/<item_id>/reasignar", para=PERSONA, haria=_l("Pasar la tarea a otra persona"))
def reasignar(item_id: str) -> ResponseReturnValue:
    s = servicios()
    elegida, motivo = request.form.get("persona", ""), request.form.get("motivo", "").strip()
    with s.uow.reading() as session:
        item = leer_item(session, item_id, supervisando=True)
        personas = {p.usuario: p.nombre for p in candidatos(session, item)}
    errores = []
    if elegida not in personas:
        errores.append(("persona", _("Elija a quién le pasa la tarea")))
    if not 1 <= len(motivo) <= MAX_MOTIVO:
        errores.append(("motivo", _("Escriba el motivo, en máximo 500 caracteres")))
    if not errores:
        try:
            s.engine.items.reassign(
                item_id, to=elegida, actor=actor_actual(), now=s.clock.now(), reason=motivo
            )
        except NotAllowed as rechazo:
            errores.append(("contenido", motivo_de_rechazo(rechazo)))
    if errores:
        return _repartir(item_id, errores)
    flash(_("La tarea pasó a %(nombre)s.", nombre=personas[elegida]), "verde")
    return redirect(lista(vuelta(), item.case_key))


def _lideres(session: Session, item: WorkItem, ahora: dt.datetime) -> list[Cuenta]:
    """Whom the holder may ask: those who lead the area of the task and are here, the first two by
    name."""
    if item.scope is None or item.claimed_by != actor_actual().id:
        return []
    lideres = [
        c
        for c in cuentas_con_rol(session, LIDER, item.scope, ahora)
        if c.usuario != item.claimed_by
    ]
    fuera = ausencias_hoy(session, [c.usuario for c in lideres], ahora)
    return [c for c in lideres if c.usuario not in fuera][:2]


@dataclass(frozen=True, slots=True)
class Candidato:
    """Somebody who may be given a task, and how many they hold."""

    usuario: str
    nombre: str
    tiene: int
    ausente_hasta: dt.date | None


def candidatos(session: Session, item: WorkItem) -> list[Candidato]:
    """Those who may do the task, without its holder: who is here and has least comes first."""
    aparte = reads.releases.element_of(session, servicios().engine.catalog, item).not_same_person_as
    excluidos = reads.items.who_did(session, item.case_key, aparte) if aparte else set()
    return candidatos_de(session, item.role or "", item.scope, sin={item.claimed_by, *excluidos})


def candidatos_de(
    session: Session, rol: str, lugar: str | None, *, sin: Collection[str | None] = ()
) -> list[Candidato]:
    ahora = servicios().clock.now()
    cuentas = [c for c in cuentas_con_rol(session, rol, lugar, ahora) if c.usuario not in sin]
    usuarios = [c.usuario for c in cuentas]
    cuantas, fuera = (
        reads.items.number_held(session, usuarios),
        ausencias_hoy(session, usuarios, ahora),
    )
    gente = [
        Candidato(
            c.usuario,
            c.nombre,
            cuantas.get(c.usuario, 0),
            fuera[c.usuario].hasta if c.usuario in fuera else None,
        )
        for c in cuentas
    ]
    return sorted(gente, key=lambda p: (p.ausente_hasta is not None, p.tiene, p.nombre))


@rutas.post("/tarea/<item_id>/nota", para=PERSONA, haria=_l("Dejar su texto como nota del caso"))
def anotar(item_id: str) -> ResponseReturnValue:
    """What was typed into a task that somebody else completed becomes a note of the case."""
    s = servicios()
    with s.uow.reading() as session:
        item = leer_item(session, item_id)
    try:
        s.engine.notes.add(
            item.case_key,
            request.form.get("texto", ""),
            actor=actor_actual(),
            now=s.clock.now(),
            kind=NOTA,
        )
    except EngineError:
        abort(422)
    flash(_("Agregamos su texto como nota del caso."), "verde")
    return redirect(lista(vuelta(), item.case_key))
