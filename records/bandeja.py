"""The inbox seen from the cases: tasks narrowed, ordered and counted by what is known of the case behind each.

`tareas` is a selectable of open tasks (id, case_key, claimed_by, opened_at, due_at, priority) that whoever keeps the tasks gives.
A case is found by its key, so a list costs one look for each open task and never reads the cases that are over.
"""

import datetime as dt
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import Subquery
from sqlalchemy import case
from sqlalchemy import func
from sqlalchemy import literal
from sqlalchemy import select
from sqlalchemy.orm import Session

from records.rules import estados
from records.rules.calendario import dia_local
from records.rules.calendario import fin_del_dia
from records.tables import Caso
from records.tables import Persona
from records.tables import Punto
from records.tables import Tipificacion

#: From the most urgent: the legal term has passed, the internal one, it ends today or tomorrow, later or never, the clock stands still.
URGENCIAS = ("critica", "vencida", "por-vencer", "tranquila", "pausa")
ORDENES = ("urgente", "prioridad", "antigua", "reciente")
_CORREN = sorted(estados.NOMBRES.keys() - estados.RESUELTOS - {estados.REQUERIDO})


@dataclass(frozen=True, slots=True)
class FiltroBandeja:
    """By what of its case an inbox is narrowed; None: not by this."""

    clase: str | None = None
    tema: str | None = None
    punto_id: str | None = None
    estado: str | None = None
    urgencia: str | None = None
    orden: str = "urgente"
    ids: tuple[str, ...] | None = None  #: only these tasks


def _urgencia(tareas: Subquery, ahora: dt.datetime) -> ColumnElement[int]:
    """The place in URGENCIAS."""
    manana = fin_del_dia(dia_local(ahora) + dt.timedelta(days=1))
    return case(
        (Caso.estado == estados.REQUERIDO, literal(4)),
        ((Caso.limite_respuesta < ahora) & Caso.estado.in_(_CORREN), literal(0)),
        (tareas.c.due_at < ahora, literal(1)),
        (tareas.c.due_at <= manana, literal(2)),
        else_=literal(3),
    )


def _lista(tareas: Subquery, filtro: FiltroBandeja, ahora: dt.datetime, *columnas: Any) -> Select[Any]:
    consulta = select(*columnas).select_from(tareas).outerjoin(Caso, Caso.case_key == tareas.c.case_key)
    iguales = {Caso.clase: filtro.clase, Caso.tema: filtro.tema, Caso.punto_id: filtro.punto_id, Caso.estado: filtro.estado}
    consulta = consulta.where(*[columna == valor for columna, valor in iguales.items() if valor])
    if filtro.ids is not None:
        consulta = consulta.where(tareas.c.id.in_(filtro.ids))
    if filtro.urgencia:
        consulta = consulta.where(_urgencia(tareas, ahora) == URGENCIAS.index(filtro.urgencia))
    return consulta


def _orden(tareas: Subquery, orden: str) -> tuple[Any, ...]:
    t = tareas.c
    por_fecha = (t.due_at.is_(None), t.due_at, t.priority.desc(), t.opened_at, t.id)
    return {
        "prioridad": (t.priority.desc(), *por_fecha),
        "antigua": (t.opened_at, t.id),
        "reciente": (t.opened_at.desc(), t.id),
    }.get(orden, por_fecha)


def en_orden(session: Session, tareas: Subquery, filtro: FiltroBandeja, *, ahora: dt.datetime, limite: int) -> list[tuple[str, str]]:
    """Task id and urgency: the most urgent group first, in it as `orden` says."""
    urgencia = _urgencia(tareas, ahora)
    consulta = _lista(tareas, filtro, ahora, tareas.c.id, urgencia).order_by(urgencia, *_orden(tareas, filtro.orden)).limit(limite)
    return list({id_: (id_, URGENCIAS[n]) for id_, n in session.execute(consulta)}.values())


def por_urgencia(session: Session, tareas: Subquery, filtro: FiltroBandeja, *, ahora: dt.datetime) -> Mapping[str, int]:
    """How many tasks each group has."""
    urgencia = _urgencia(tareas, ahora)
    filas = session.execute(_lista(tareas, filtro, ahora, urgencia, func.count(tareas.c.id.distinct())).group_by(urgencia))
    return {URGENCIAS[n]: cuantas for n, cuantas in filas}


@dataclass(frozen=True, slots=True)
class Asunto:
    """What a line says of the case."""

    radicado: str
    clase: str
    subtema: str
    persona: str
    punto: str
    estado: str
    recepcion: dt.datetime
    dias_termino: int | None
    limite_respuesta: dt.datetime | None
    escalado: dt.datetime | None
    limite_interno: dt.datetime | None


def asuntos(session: Session, casos: Sequence[int]) -> Mapping[int, Asunto]:
    """Case → what it is about, in one statement."""
    if not casos:
        return {}
    filas = session.execute(
        select(
            Caso.id,
            func.coalesce(Caso.radicado, ""),
            Caso.clase,
            Tipificacion.subtema,
            Persona.nombre,
            Punto.nombre,
            Caso.estado,
            Caso.recepcion,
            Caso.dias_termino,
            Caso.limite_respuesta,
            Caso.escalado,
            Caso.limite_interno,
        )
        .join(Tipificacion, Tipificacion.codigo == Caso.tema)
        .join(Persona, Persona.id == Caso.persona_id)
        .join(Punto, Punto.codigo == Caso.punto_id)
        .where(Caso.id.in_(casos))
    )
    return {caso: Asunto(*resto) for caso, *resto in filas}
