"""The board of who coordinates: load and age of each area and officer; from there to remind and to hand on."""

from collections.abc import Mapping
from collections.abc import Sequence

from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.items import InboxFilter
from records import bandeja as casos
from records.ausencias import ausencias_hoy
from records.bandeja import Pendiente
from records.bandeja import carga_de
from records.marcas import marcar_leida
from records.puntos import areas
from records.puntos import puntos
from records.rules.roles import FUNCIONARIO
from webforms.bandeja.lista import de_todos
from webforms.base import formatos
from webforms.base.campos import limpiar
from webforms.base.personas import nombres_de
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.tareas.reparto import candidatos_de

rutas = Rutas()

RECORDATORIO = "recordatorio"  #: kind of the note on the case
LIBRE = "-"  #: in the address: what nobody has taken
MAX_RECORDADAS, MAX_MENSAJE, MOSTRADAS = 50, 300, 12


def _pendientes(session: Session) -> list[Pendiente]:
    """What waits in the areas that this person leads or coordinates."""
    quien = de_todos(actor_actual())
    tareas = reads.items.open_of(quien, InboxFilter(roles=(FUNCIONARIO,))).subquery()
    return casos.pendientes(session, tareas, ahora=servicios().clock.now())


def _por(tareas: Sequence[Pendiente], campo: str) -> Mapping[str, list[Pendiente]]:
    """Grouped by place or holder, who has most first."""
    grupos: dict[str, list[Pendiente]] = {}
    for tarea in tareas:
        grupos.setdefault(getattr(tarea, campo) or LIBRE, []).append(tarea)
    return dict(sorted(grupos.items(), key=lambda par: (-len(par[1]), par[0])))


@rutas.get("/tablero-de-carga")
def tablero() -> ResponseReturnValue:
    s = servicios()
    hoy = formatos.dia_local(s.clock.now())
    with s.uow.reading() as session:
        todas = _pendientes(session)
        por_area = _por(todas, "lugar")
        area = request.args.get("area", "")
        area = area if area in por_area else next(iter(por_area), "")
        por_persona = _por(por_area.get(area, []), "tiene")
        persona = request.args.get("persona", "")
        persona = persona if persona in por_persona else next(iter(por_persona), "")
        lugares = {a.codigo: a.nombre for a in areas(session)} | {p.codigo: p.nombre for p in puntos(session)}
        valores = {
            "nombres": nombres_de(session, set(por_persona)) | {LIBRE: _("Sin asignar")},
            "ausentes": ausencias_hoy(session, set(por_persona), s.clock.now()),
            "candidatos": candidatos_de(session, FUNCIONARIO, area, sin=persona) if area else [],
        }
    return render_template(
        "bandeja/tablero.html",
        total=carga_de(todas, hoy),
        por_area={codigo: carga_de(tareas, hoy) for codigo, tareas in por_area.items()},
        por_persona={quien: carga_de(tareas, hoy) for quien, tareas in por_persona.items()},
        area=area,
        persona=persona,
        tareas=por_persona.get(persona, []),
        mostradas=MOSTRADAS,
        lugares=lugares,
        libre=LIBRE,
        **valores,
    )


def _sin_leer(session: Session, persona: str, ids: Sequence[str]) -> None:
    for item_id in ids:
        marcar_leida(session, persona, item_id, None)


@rutas.post("/tablero-de-carga/recordar")
def recordar() -> ResponseReturnValue:
    """A note on each overdue case of a person, one command each; the tasks stand unread in their inbox again."""
    s, actor = servicios(), actor_actual()
    area, persona = request.form.get("area", ""), request.form.get("persona", "")
    mensaje = str(limpiar(request.form.get("mensaje", "")))[:MAX_MENSAJE]
    with s.uow.reading() as session:
        suyas = [t for t in _pendientes(session) if t.tiene == persona and t.lugar == area and t.urgencia in ("critica", "vencida")]
        items = reads.items.by_ids(session, [t.id for t in suyas[:MAX_RECORDADAS]])
        nombre = nombres_de(session, {persona}).get(persona, persona)
    texto = _("Recordatorio a %(nombre)s: la tarea está vencida.", nombre=nombre) + (f" {mensaje}" if mensaje else "")
    for item in items:
        s.engine.notes.add(item.case_key, texto, actor=actor, now=s.clock.now(), kind=RECORDATORIO)
    s.uow.run(lambda session: _sin_leer(session, persona, [item.id for item in items]))
    if items:
        flash(_("Recordó a %(nombre)s %(n)s tareas vencidas: quedan sin leer en su bandeja.", nombre=nombre, n=len(items)), "verde")
    else:
        flash(_("Esa persona no tiene tareas vencidas."), "ambar")
    return redirect(url_for("bandeja.tablero", area=area, persona=persona))
