"""Looking for cases: lists for compliance and managers, the public status page, all the rows of one case."""

import datetime as dt
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Row
from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from records.consultas import Pagina
from records.rules import estados
from records.rules.calendario import instante
from records.tables import Caso
from records.tables import Persona
from records.tables import Tipificacion

#: Counting stops here: a list says "más de 10.000" instead of reading a million rows.
TOPE_CONTEO = 10_001
LOTE = 500


@dataclass(frozen=True, slots=True)
class FiltroCasos:
    """What a list of cases may be narrowed by; None: not by this. Days are local, both included.

    `solo_puntos` and `solo_areas` are what the person may see: a case of one of these points or areas.
    """

    radicado: str | None = None
    tipo_doc: str | None = None
    num_doc: str | None = None
    persona: str | None = None  # part of the name
    persona_id: int | None = None
    punto_id: str | None = None
    area_id: str | None = None
    asesor_id: str | None = None
    estado: str | None = None
    clase: str | None = None
    tema: str | None = None
    desde: dt.date | None = None
    hasta: dt.date | None = None
    abiertos: bool = False
    vencidos: bool = False
    solo_puntos: tuple[str, ...] | None = None
    solo_areas: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class FilaCaso:
    caso_id: int
    radicado: str | None
    case_key: str | None
    recepcion: dt.datetime
    punto_id: str
    persona_id: int
    nombre: str
    tipo_doc: str
    num_doc: str
    clase: str
    tema: str
    subtema: str
    estado: str
    area_id: str | None
    asesor_id: str
    limite_respuesta: dt.datetime | None
    enviado: dt.datetime | None
    vencido: bool


_COLUMNAS = (
    Caso.id,
    Caso.radicado,
    Caso.case_key,
    Caso.recepcion,
    Caso.punto_id,
    Caso.persona_id,
    Persona.nombre,
    Persona.tipo_doc,
    Persona.num_doc,
    Caso.clase,
    Caso.tema,
    Tipificacion.subtema,
    Caso.estado,
    Caso.area_id,
    Caso.asesor_id,
    Caso.limite_respuesta,
    Caso.enviado,
)


def esta_vencido(estado: str, limite_respuesta: dt.datetime | None, now: dt.datetime) -> bool:
    """Overdue: the legal limit has passed and the answer is still owed. While information is missing the clock stands still."""
    detenido = estado in estados.RESUELTOS or estado == estados.REQUERIDO
    return not detenido and limite_respuesta is not None and limite_respuesta < now


def buscar_casos(session: Session, filtro: FiltroCasos, *, now: dt.datetime, pagina: int = 1, tamano: int = 25) -> Pagina[FilaCaso]:
    """A page of the list, latest first: two statements. `total` stops at TOPE_CONTEO."""
    condiciones = _condiciones(filtro, now)
    contar = _con_tablas(select(Caso.id)).where(*condiciones).limit(TOPE_CONTEO).subquery()
    total = session.execute(select(func.count()).select_from(contar)).scalar_one()
    numero = max(1, pagina)
    filas = session.execute(_lista(condiciones).limit(tamano).offset((numero - 1) * tamano))
    return Pagina([_fila(f, now) for f in filas], total, numero, tamano)


def exportar_casos(session: Session, filtro: FiltroCasos, *, now: dt.datetime) -> Iterator[FilaCaso]:
    """Every case of the list, row by row: what the CSV holds."""
    filas = session.execute(_lista(_condiciones(filtro, now)).execution_options(yield_per=LOTE))
    return (_fila(f, now) for f in filas)


def _con_tablas(sentencia: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return sentencia.join(Persona, Persona.id == Caso.persona_id).join(Tipificacion, Tipificacion.codigo == Caso.tema)


def _lista(condiciones: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    return _con_tablas(select(*_COLUMNAS)).where(*condiciones).order_by(Caso.recepcion.desc(), Caso.id.desc())


def _fila(f: Row[*tuple[Any, ...]], now: dt.datetime) -> FilaCaso:
    valores: list[Any] = [*f, esta_vencido(f.estado, f.limite_respuesta, now)]
    return FilaCaso(*valores)


def _condiciones(filtro: FiltroCasos, now: dt.datetime) -> list[ColumnElement[bool]]:
    iguales: dict[Any, object] = {
        Caso.radicado: filtro.radicado,
        Persona.tipo_doc: filtro.tipo_doc,
        Persona.num_doc: filtro.num_doc,
        Caso.persona_id: filtro.persona_id,
        Caso.punto_id: filtro.punto_id,
        Caso.area_id: filtro.area_id,
        Caso.asesor_id: filtro.asesor_id,
        Caso.estado: filtro.estado,
        Caso.clase: filtro.clase,
        Caso.tema: filtro.tema,
    }
    condiciones: list[ColumnElement[bool]] = [columna == valor for columna, valor in iguales.items() if valor]
    condiciones += [Persona.nombre.icontains(palabra, autoescape=True) for palabra in (filtro.persona or "").split()]
    if filtro.desde is not None:
        condiciones.append(Caso.recepcion >= instante(filtro.desde, dt.time(0)))
    if filtro.hasta is not None:
        condiciones.append(Caso.recepcion < instante(filtro.hasta + dt.timedelta(days=1), dt.time(0)))
    if filtro.abiertos:
        condiciones.append(Caso.estado.not_in(estados.RESUELTOS))
    if filtro.vencidos:
        condiciones += [Caso.estado.not_in(estados.RESUELTOS | {estados.REQUERIDO}), Caso.limite_respuesta < now]
    return condiciones + _alcance(filtro)


def _alcance(filtro: FiltroCasos) -> list[ColumnElement[bool]]:
    if filtro.solo_puntos is None and filtro.solo_areas is None:
        return []
    return [Caso.punto_id.in_(filtro.solo_puntos or ()) | Caso.area_id.in_(filtro.solo_areas or ())]


def caso_por_clave(session: Session, case_key: str) -> Caso | None:
    return session.scalar(select(Caso).where(Caso.case_key == case_key).order_by(Caso.id.desc()).limit(1))
