"""Open cases: the one definition that every figure of them and every list behind a figure has. A
case is open until its answer was sent, or it ended otherwise."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, case, func, or_, select, text
from sqlalchemy.orm import Session

from records.base.consultas import Pagina
from records.casos.detenidos import esta_detenido
from records.casos.reglas import estados
from records.casos.tablas import Caso, Tipificacion
from records.plazos.reglas.calendario import dia_local, fin_del_dia, sumar_habiles

#: How old an open case is, by its terms; the worst last.
CON_TIEMPO, POR_VENCER, PLAZO_INTERNO, FUERA, DETENIDO = (
    "con_tiempo",
    "por_vencer",
    "plazo_interno",
    "fuera",
    "detenido",
)
TERMINOS: Final = (CON_TIEMPO, POR_VENCER, PLAZO_INTERNO, FUERA, DETENIDO)


def _termino(now: dt.datetime) -> ColumnElement[str]:
    """How old a case is by its terms: what stands still is not late, and the legal term comes
    before the internal one."""
    manana = fin_del_dia(sumar_habiles(dia_local(now), 1))
    return case(
        (esta_detenido(), DETENIDO),
        (Caso.limite_respuesta < now, FUERA),
        (Caso.limite_interno < now, PLAZO_INTERNO),
        (or_(Caso.limite_respuesta <= manana, Caso.limite_interno <= manana), POR_VENCER),
        else_=CON_TIEMPO,
    )


def por_area(
    session: Session, now: dt.datetime, areas: Collection[str] | None = None
) -> Mapping[str, Mapping[str, int]]:
    """Area → how many of its open cases are how old; "" are those that no area has yet. `areas` None: of
    all."""
    termino = _termino(now).label("termino")
    por_area: dict[str, dict[str, int]] = defaultdict(dict)
    contados = (
        select(Caso.area_id, termino, func.count())
        .where(_abierto(session), *_de(areas))
        .group_by(Caso.area_id, "termino")
    )
    for area, cual, n in session.execute(contados):
        por_area[area or ""][cual] = n
    return por_area


def _abierto(session: Session) -> ColumnElement[bool]:
    """SQLite knows how many cases a state has on average, not that nearly all are over: told so, it
    reads the open ones only."""
    abierto = Caso.estado.in_(estados.ABIERTOS)
    return (
        func.likelihood(abierto, text("0.01"))
        if session.get_bind().dialect.name == "sqlite"
        else abierto
    )


def _de(areas: Collection[str] | None) -> list[ColumnElement[bool]]:
    return [] if areas is None else [func.coalesce(Caso.area_id, "").in_(tuple(areas))]


@dataclass(frozen=True, slots=True)
class Cifras:
    """Of the open cases: all, those over their legal term, those that are due today or on the next
    business day."""

    total: int
    fuera: int
    por_vencer: int


def cifras(session: Session, now: dt.datetime, areas: Collection[str] | None) -> Cifras:
    contados = por_area(session, now, areas).values()
    fuera, por_vencer = (sum(de.get(t, 0) for de in contados) for t in (FUERA, POR_VENCER))
    return Cifras(sum(sum(de.values()) for de in contados), fuera, por_vencer)


@dataclass(frozen=True, slots=True)
class CasoAbierto:
    """A line of the list behind the bar of an area; nobody's name stands in it."""

    radicado: str
    area_id: str
    punto_id: str
    subtema: str
    recepcion: dt.datetime
    limite_interno: dt.datetime | None
    limite_respuesta: dt.datetime | None
    termino: str
    case_key: str


def lista(
    session: Session,
    now: dt.datetime,
    *,
    areas: Collection[str] | None,
    terminos: Collection[str],
    pagina: int,
    tamano: int,
) -> Pagina[CasoAbierto]:
    """The one that was due first stands first."""
    termino = _termino(now)
    donde = [_abierto(session), *_de(areas)]
    if terminos:
        donde.append(termino.in_(tuple(terminos)))
    cuantos = select(func.count()).select_from(Caso).where(*donde)
    total = session.scalar(cuantos) or 0
    consulta = (
        select(
            Caso.radicado, Caso.area_id, Caso.punto_id, Tipificacion.subtema, Caso.recepcion, Caso.limite_interno, Caso.limite_respuesta,
            termino.label("termino"), Caso.case_key,
        )
        .join(Tipificacion, Tipificacion.codigo == Caso.tema)
        .where(*donde)

        .order_by(func.coalesce(Caso.limite_respuesta, Caso.recepcion), Caso.id)
        .limit(tamano)
        .offset((pagina - 1) * tamano)
    )  # fmt: skip
    filas = session.execute(consulta)
    return Pagina(
        [CasoAbierto(f[0] or "", f[1] or "", *f[2:8], f[8] or "") for f in filas],
        total,
        pagina,
        tamano,
    )
