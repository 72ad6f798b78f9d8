"""The inbox: tasks of the person's lanes by urgency, due first; filters stand in the address."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import EngineError
from engine.reads.items import InboxFilter
from engine.types import WorkItem
from records.busqueda import claves_de
from records.rules.roles import USUARIO
from records.tables import Caso
from records.tables import Persona
from records.tables import Tipificacion
from webforms import tareas
from webforms.base.personas import nombres_de
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios

rutas = Rutas()

LIMITE = 100
DEL_CIUDADANO = (USUARIO,)
PRONTO = dt.timedelta(days=2)
CRITICA = dt.timedelta(days=5)
VISTAS = (("mias", _l("Mías")), ("libres", _l("Sin asignar")), ("todas", _l("Todas")))
GRUPOS = (
    ("critica", _l("Vencidas hace más de 5 días")),
    ("vencida", _l("Vencidas")),
    ("por-vencer", _l("Por vencer")),
    ("tranquila", _l("Sin urgencia")),
)


@dataclass(frozen=True, slots=True)
class Asunto:
    """What a line says of the case."""

    radicado: str
    tema: str
    persona: str


def grupo(item: WorkItem, now: dt.datetime) -> str:
    """The urgency group of a task. Pure."""
    if item.due_at is None or item.due_at > now + PRONTO:
        return "tranquila"
    if item.due_at > now:
        return "por-vencer"
    return "critica" if item.due_at < now - CRITICA else "vencida"


def asuntos(session: Session, items: Sequence[WorkItem]) -> dict[str, Asunto]:
    """Item id → what its case is about, in one statement."""
    casos = {i.id: i.data["caso_id"] for i in items if isinstance(i.data.get("caso_id"), int)}
    filas = session.execute(
        sa.select(Caso.id, Caso.radicado, Tipificacion.subtema, Persona.nombre)
        .join(Tipificacion, Tipificacion.codigo == Caso.tema)
        .join(Persona, Persona.id == Caso.persona_id)
        .where(Caso.id.in_(set(casos.values())))
    )
    por_caso = {f.id: Asunto(f.radicado or "", f.subtema, f.nombre) for f in filas}
    return {item: por_caso[caso] for item, caso in casos.items() if caso in por_caso}


def _holder(vista: str) -> str | None:
    return {"mias": actor_actual().id, "libres": ""}.get(vista)


@rutas.get("/bandeja")
def bandeja() -> ResponseReturnValue:
    s, actor = servicios(), actor_actual()
    vista = request.args.get("vista", "todas")
    texto = request.args.get("q", "").strip()[:60]
    actividad = request.args.get("actividad", "")[:60]
    with s.uow.reading() as session:
        roles = tuple({r.name for r in actor.roles} - set(DEL_CIUDADANO))
        conteos = {v: reads.items.inbox_count(session, actor, InboxFilter(holder=_holder(v), roles=roles)) for v, _t in VISTAS}
        filtro = InboxFilter(holder=_holder(vista), element=actividad or None, roles=roles, case_keys=_claves(session, texto))
        items = reads.items.inbox(session, actor, filtro, limit=LIMITE)
        de_que = asuntos(session, items)
        nombres = nombres_de(session, {i.claimed_by for i in items if i.claimed_by})
        quietas = reads.instances.suspended_among(session, {i.instance_id for i in items})
        actividades = {
            element: reads.releases.element_name(session, s.engine.catalog, release, element)
            for release, element in reads.items.inbox_elements(session, actor, InboxFilter(roles=roles))
        }
    now = s.clock.now()
    grupos = [(clase, titulo, [i for i in items if grupo(i, now) == clase]) for clase, titulo in GRUPOS]
    return render_template(
        "bandeja/lista.html",
        grupos=[g for g in grupos if g[2]],
        vistas=VISTAS,
        vista=vista,
        conteos=conteos,
        texto=texto,
        actividad=actividad,
        actividades=sorted(actividades.items(), key=lambda par: par[1]),
        asuntos=de_que,
        nombres=nombres,
        suspendidas=quietas,
        total=len(items),
        limite=LIMITE,
    )


def _claves(session: Session, texto: str) -> tuple[str, ...] | None:
    """Case keys whose radicado, person or topic has the text; None: no text, no filter."""
    if not texto:
        return None
    return tuple(claves_de(session, texto))


@rutas.post("/bandeja/tomar")
def tomar() -> ResponseReturnValue:
    """Take the marked tasks; those that somebody else took meanwhile are told."""
    s, tomadas, perdidas = servicios(), 0, 0
    for item_id in request.form.getlist("item")[:50]:
        try:
            with s.uow.reading() as session:
                tareas.leer_item(session, item_id)
            s.engine.items.claim(item_id, actor=actor_actual(), now=s.clock.now())
            tomadas += 1
        except EngineError:
            perdidas += 1
    if tomadas:
        flash(_("Tomó %(n)s tareas.", n=tomadas) if tomadas > 1 else _("Tomó 1 tarea."), "verde")
    if perdidas:
        flash(_("%(n)s ya las tenía otra persona o se cerraron.", n=perdidas), "ambar")
    if not tomadas and not perdidas:
        flash(_("Marque las tareas que quiere tomar."), "ambar")
    return redirect(url_for("bandeja.bandeja", vista=request.form.get("vista", "todas")))
