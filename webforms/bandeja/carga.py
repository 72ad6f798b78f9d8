"""The board of who coordinates: load and age of each area and officer; from there to remind and to
hand on."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.items import InboxFilter
from engine.types import Noting
from records.casos import bandeja as casos
from records.casos.bandeja import Esperando, Pendiente, carga_de
from records.casos.quietud import CasoQuieto, casos_de
from records.casos.reglas.notas import RECORDATORIO
from records.casos.reglas.quietud import dias_quieta
from records.casos.tablas import TareaQuieta
from records.correo.avisos import aviso, huella
from records.cuentas.ausencias import ausencias_hoy
from records.cuentas.cuentas import cuentas_llamadas
from records.cuentas.marcas import marcar_leida
from records.cuentas.reglas.roles import FUNCIONARIO
from records.cuentas.tablas import Cuenta
from records.lugares.puntos import areas, puntos
from webforms.bandeja.consulta import LIBRE
from webforms.bandeja.lista import Lote, de_todos
from webforms.bandeja.quietas import las_quietas
from webforms.base import formatos
from webforms.base.guias import COORDINADOR, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import SUPERVISA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.casos import a_cargo
from webforms.correo import al_colega
from webforms.tareas.reparto import candidatos_de

rutas = Rutas()

MAX_RECORDADAS, MAX_MENSAJE, MOSTRADAS, QUIETAS = 50, 300, 12, 6


@dataclass(frozen=True, slots=True)
class Subida:
    """A task that rose because nobody touches it, and still stands still."""

    tarea: TareaQuieta
    caso: CasoQuieto | None
    dias: int


def _subidas(session: Session, ahora: dt.datetime) -> tuple[int, list[Subida]]:
    """How many in all, and those that stand still longest."""
    quietas = list(las_quietas(session, actor_actual()).values())
    if not quietas:
        return 0, []
    primeras = quietas[:QUIETAS]
    de_que = casos_de(session, {t.case_key for t in primeras})
    return len(quietas), [
        Subida(t, de_que.get(t.case_key), dias_quieta(t.desde, ahora)) for t in primeras
    ]


def _pendientes(session: Session) -> list[Pendiente]:
    """What waits in the areas that this person leads or coordinates."""
    quien = de_todos(actor_actual())
    tareas = reads.items.open_of(quien, InboxFilter(roles=(FUNCIONARIO,))).subquery()
    return casos.pendientes(session, tareas, ahora=servicios().clock.now())


def _que_esperan(session: Session) -> list[Esperando]:
    """Cases of the same areas that wait for their person: they have no task, and are still the
    area's."""
    lugares = {r.scope for r in de_todos(actor_actual()).roles if r.name == FUNCIONARIO}
    return casos.que_esperan(
        session, None if None in lugares else sorted(lugar for lugar in lugares if lugar)
    )


def _por(tareas: Sequence[Pendiente], campo: str) -> Mapping[str, list[Pendiente]]:
    """Grouped by place or holder, who has most first."""
    grupos: dict[str, list[Pendiente]] = {}
    for tarea in tareas:
        grupos.setdefault(getattr(tarea, campo) or LIBRE, []).append(tarea)
    return dict(sorted(grupos.items(), key=lambda par: (-len(par[1]), par[0])))


@rutas.get(
    "/tablero-de-carga",
    para=SUPERVISA,
    ayuda=Ayuda(_l("Cuánto tiene cada persona, qué vence y qué nadie ha tomado."), COORDINADOR),
    menu=Entrada(Grupo.HOY, _l("Tablero de carga"), 8),
)
def tablero() -> ResponseReturnValue:
    return mostrar_tablero(Lote())


def mostrar_tablero(lote: Lote) -> ResponseReturnValue:
    """With what was chosen to hand on, and what is wrong with it. The area and the person are those
    of the request."""
    s = servicios()
    hoy = formatos.dia_local(s.clock.now())
    with s.uow.reading() as session:
        todas, esperan = _pendientes(session), _que_esperan(session)
        por_area = {
            **_por(todas, "lugar"),
            **{e.area: [] for e in esperan if all(t.lugar != e.area for t in todas)},
        }
        area = request.values.get("area", "")
        area = area if area in por_area else next(iter(por_area), "")
        del_area = [e for e in esperan if e.area == area]
        por_persona = _por(por_area.get(area, []), "tiene")
        por_persona = {
            **por_persona,
            **{e.pedido_por: [] for e in del_area if e.pedido_por not in por_persona},
        }
        persona = request.values.get("persona", "")
        persona = persona if persona in por_persona else next(iter(por_persona), "")
        cuantas_subidas, subidas = _subidas(session, s.clock.now())
        lugares = {a.codigo: a.nombre for a in areas(session)} | {
            p.codigo: p.nombre for p in puntos(session)
        }
        valores = {
            "casos": a_cargo.cifras(session),
            "nombres": nombres_de(session, set(por_persona)) | {LIBRE: _("Sin asignar")},
            "ausentes": ausencias_hoy(session, set(por_persona), s.clock.now()),
            "candidatos": candidatos_de(session, FUNCIONARIO, area, sin=persona) if area else [],
        }
    pagina = render_template(
        "bandeja/tablero.html",
        lote=lote,
        total=carga_de(todas, hoy, esperan=sum(e.cuantos for e in esperan)),
        por_area={
            codigo: carga_de(
                tareas, hoy, esperan=sum(e.cuantos for e in esperan if e.area == codigo)
            )
            for codigo, tareas in por_area.items()
        },
        por_persona={
            quien: carga_de(
                tareas, hoy, esperan=sum(e.cuantos for e in del_area if e.pedido_por == quien)
            )
            for quien, tareas in por_persona.items()
        },
        area=area,
        persona=persona,
        tareas=por_persona.get(persona, []),
        mostradas=MOSTRADAS,
        lugares=lugares,
        subidas=subidas,
        cuantas_subidas=cuantas_subidas,
        libre=LIBRE,
        **valores,
    )
    return pagina, 422 if lote.errores else 200


@rutas.post("/tablero-de-carga/recordar", para=SUPERVISA, haria=_l("Enviar un recordatorio"))
def recordar() -> ResponseReturnValue:
    """A mail to a person, a note on each of their overdue cases, and the tasks unread in their
    inbox again: one command.

    Who replaces an absent person gets the mail. The same reminder twice on a day is one.
    """
    s, actor = servicios(), actor_actual()
    now = s.clock.now()
    area, persona = request.form.get("area", ""), request.form.get("persona", "")
    mensaje = str(limpiar(request.form.get("mensaje", "")))[:MAX_MENSAJE]
    vuelta = redirect(url_for("bandeja.tablero", area=area, persona=persona))
    with s.uow.reading() as session:
        suyas = [
            t
            for t in _pendientes(session)
            if t.tiene == persona and t.lugar == area and t.urgencia in ("critica", "vencida")
        ]
        suyas = suyas[:MAX_RECORDADAS]
        items = reads.items.by_ids(session, [t.id for t in suyas])
        recibe = _quien_recibe(session, persona, now)
        clave = _clave(persona, [t.id for t in suyas], mensaje, now)
        repetido = aviso(session, clave) is not None
        nombres = nombres_de(session, {actor.id, persona})
    nombre = nombres.get(persona, persona)
    if recibe is None:
        flash(_("No hay una cuenta activa que reciba el correo: reasigne sus tareas."), "ambar")
        return vuelta
    if not items:
        flash(_("Esa persona no tiene tareas vencidas."), "ambar")
        return vuelta
    if repetido:
        flash(
            _("Ya le recordó hoy esas tareas a %(nombre)s: no se envió otra vez.", nombre=nombre),
            "ambar",
        )
        return vuelta
    texto = f"Recordatorio a {nombre}: la tarea está vencida." + (f" {mensaje}" if mensaje else "")
    casos_dichos = [(t.radicado or "Sin radicar", t.subtema) for t in suyas]
    correo = al_colega.recordatorio(
        clave, recibe, nombres.get(actor.id, actor.id), casos_dichos, mensaje
    )

    def con_correo(n: Noting) -> None:
        al_colega.enviar(n, correo)
        for item in items:
            marcar_leida(n.session, persona, item.id, None)

    claves = list(dict.fromkeys(item.case_key for item in items))
    s.engine.notes.add_to(
        claves, texto, actor=actor, now=now, kind=RECORDATORIO, records=con_correo
    )
    tareas = ngettext("%(num)s tarea vencida", "%(num)s tareas vencidas", len(items))
    dicho = _(
        "Recordó %(tareas)s: el correo va a %(correo)s y quedan sin leer en su bandeja.",
        tareas=tareas,
        correo=recibe.correo,
    )
    if recibe.usuario != persona:
        dicho = _(
            "Recordó %(tareas)s. %(nombre)s está ausente: el correo va a %(otro)s, que la reemplaza.",
            tareas=tareas,
            nombre=nombre,
            otro=recibe.nombre,
        )
    flash(dicho, "verde")
    return vuelta


def _quien_recibe(session: Session, persona: str, now: dt.datetime) -> Cuenta | None:
    fuera = ausencias_hoy(session, [persona], now).get(persona)
    return next(iter(cuentas_llamadas(session, [fuera.sustituto if fuera else persona])), None)


def _clave(persona: str, ids: Sequence[str], mensaje: str, now: dt.datetime) -> str:
    """The same tasks and words to the same person on a day: the same reminder."""
    return f"recordar_a:{huella('|'.join((persona, *sorted(ids), mensaje)))}:{formatos.dia_local(now).isoformat()}"
