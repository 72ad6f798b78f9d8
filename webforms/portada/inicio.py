"""The first page of who manages: what waits for them, how it goes now, what the last closed month says, what the points owe."""

import datetime as dt
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from typing import Final

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.types import WorkItem
from records import ahora
from records import comites
from records import meses
from records import reportes
from records.puntos import puntos
from records.rules import operacion
from records.rules.calendario import dia_local
from records.rules.indicadores import INDICADORES
from records.rules.indicadores import POCOS
from records.rules.roles import Facultad
from webforms.base import comite as palabras_de_comite
from webforms.base.cifras import decir
from webforms.base.reporte import ESTADOS
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.security import donde_puede
from webforms.base.security import puede
from webforms.base.servicios import servicios
from webforms.base.vencimientos import Vencimiento
from webforms.base.vencimientos import vencimiento

rutas = Rutas()

MOSTRADAS: Final = 30
#: Class of a due date → the head of its group, the most urgent first.
GRUPOS: Final[Mapping[str, Any]] = {
    "critica": _l("Vencidas"),
    "vencida": _l("Vencidas"),
    "por-vencer": _l("Por vencer"),
    "tranquila": _l("Sin urgencia"),
}


@dataclass(frozen=True, slots=True)
class Espera:
    """A task that waits for this person."""

    item: WorkItem
    vence: Vencimiento | None


@dataclass(frozen=True, slots=True)
class NoCumple:
    punto: str
    nombre: str
    valor: str
    antes: str


def _tareas(session: Session, now: dt.datetime) -> tuple[int, dict[str, list[Espera]]]:
    """How many in all, and the first of them by how urgent they are."""
    actor = actor_actual()
    grupos: dict[str, list[Espera]] = {}
    for item in reads.items.inbox(session, actor, limit=MOSTRADAS):
        vence = vencimiento(item.due_at, now)
        grupo = vence.estado if vence is not None else "tranquila"
        grupos.setdefault(grupo, []).append(Espera(item, vence))
    return reads.items.inbox_count(session, actor), {g: grupos[g] for g in GRUPOS if g in grupos}


def _no_cumplen(session: Session, nombres: Mapping[str, str]) -> tuple[dt.date | None, list[NoCumple]]:
    """Points of the last closed month below the target of I3; few are not judged."""
    versiones = meses.versiones(session)
    if not versiones:
        return None, []
    version, i = versiones[0], INDICADORES["I3"]
    anterior = meses.vigente(session, meses.anterior(version.mes))
    antes = {c.clave: c for c in meses.cifras(session, anterior.id, "punto", None) if c.indicador == i.id} if anterior is not None else {}
    suyas = [c for c in meses.cifras(session, version.id, "punto", None) if c.indicador == i.id and c.n >= POCOS]
    malas = sorted((c for c in suyas if i.cumple(c.valor) is False), key=lambda c: (c.valor or 0, nombres.get(c.clave, "")))
    return version.mes, [NoCumple(c.clave, nombres.get(c.clave, c.clave), decir(i, c), decir(i, antes.get(c.clave))) for c in malas]


def _acciones(session: Session, hoy: dt.date) -> dict[str, int]:
    """Findings of audits that are not closed, by how they stand; nothing for who has no part in the committee."""
    if not puede(actor_actual(), Facultad.VER_COMITES):
        return {}
    cuantas: dict[str, int] = {}
    for t in comites.hallazgos(session):
        estado = t.estado(hoy)
        if estado != comites.CERRADA:
            cuantas[estado] = cuantas.get(estado, 0) + 1
    return {e: cuantas[e] for e in comites.ESTADOS if e in cuantas}


def _de_los_puntos(session: Session) -> tuple[dt.date | None, Sequence[reportes.Situacion]]:
    """Of the last closed month, if the points were asked for their reports."""
    versiones = meses.versiones(session)
    situaciones = reportes.situaciones(session, versiones[0].mes) if versiones else []
    return (versiones[0].mes, situaciones) if situaciones else (None, [])


@rutas.get("/inicio")
def inicio() -> ResponseReturnValue:
    now = servicios().clock.now()
    suyos = donde_puede(actor_actual(), Facultad.VER_OPERACION)
    with servicios().uow.reading() as session:
        nombres = {p.codigo: p.nombre for p in puntos(session)}
        total, grupos = _tareas(session, now)
        horas = [h for h in ahora.horas_de_hoy(session, now) if suyos is None or h.punto_id in suyos]
        abiertos = ahora.casos_abiertos(session, now) if suyos is None else None
        mes, no_cumplen = _no_cumplen(session, nombres)
        mes_de_reportes, situaciones = _de_los_puntos(session)
        primera = min(((h.primera, h.punto_id) for h in horas if h.primera is not None), default=None)
        return render_template(
            "portada/inicio.html",
            total=total,
            grupos=grupos,
            dichos=GRUPOS,
            esperan=sum(h.esperan for h in horas),
            mayor_min=int((now - primera[0]).total_seconds() // 60) if primera is not None else None,
            donde=nombres.get(primera[1], "") if primera is not None else "",
            fuera=sum(a.get(operacion.FUERA, 0) for a in abiertos.values()) if abiertos is not None else None,
            mes=mes,
            no_cumplen=no_cumplen,
            acciones=_acciones(session, dia_local(now)),
            mes_de_reportes=mes_de_reportes,
            situaciones=situaciones,
            estados=ESTADOS,
            palabras_de_hallazgo=palabras_de_comite.ESTADOS,
            now=now,
        )
