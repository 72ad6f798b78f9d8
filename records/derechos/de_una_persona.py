"""Everything that is held about one person (Ley 1581 de 2012, art. 8 a): their row, and each row
that belongs to it, however far.

Which tables those are is read off the foreign keys, so that a new table is not forgotten. What is
held about whoever attended them is not theirs, nor is what is held about whom they stand for as an
attorney: of that only the power itself.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from common.instant import Instant
from records.base.tablas import tabla_de, todas
from records.casos import registro
from records.casos.tablas import Archivo, Caso
from records.derechos import miradas
from records.personas.tablas import Persona
from records.visita.tablas import Atencion, Turno

#: About the work of whoever attended them, of officers and committees (docs/data.md).
DE_QUIEN_ATENDIO: Final = frozenset(
    {
        *(
            "accion",
            "accion_cierre",
            "auditoria_muestra",
            "calibracion",
            "calibracion_criterio",
            "calibracion_f189",
            "comite_hallazgo",
        ),
        *(
            "comite_voto",
            "f189",
            "f189_acuse",
            "f189_criterio",
            "incumplimiento",
            "inconsistencia",
            "investigacion",
            "no_conformidad",
        ),
        "reporte_fallas_caso",
    }
)
DERIVADAS: Final = frozenset({"persona_palabra", "registro_palabra"})  # words to search by
#: Columns that say of whom a row is. One of another person is told only to their attorney, and
#: nothing that hangs on it.
TITULAR: Final = ("persona_id", "titular_id")
#: Rows that only a document says to be theirs.
_POR_SU_DOCUMENTO: Final[Mapping[str, Callable[[Persona], sa.ColumnElement[bool]]]] = {
    Turno.__tablename__: miradas.turno_suyo,
    Atencion.__tablename__: miradas.sin_verificar,
}
# secrets, and sums that say nothing to a person
CALLADAS: Final = frozenset({"token_hash", "huella", "hash", "hash_pagina"})


@dataclass(frozen=True, slots=True)
class DeUnaPersona:
    """`filas`: table → rows, columns by name, as JSON has values; `claves`: of their cases in the
    engine; `archivos`: sha256 → name."""

    filas: Mapping[str, list[dict[str, Any]]]
    claves: frozenset[str]
    archivos: Mapping[str, str] = field(default_factory=dict)


def todo(session: Session, persona_id: int) -> DeUnaPersona:
    """NoResultFound: there is no such person."""
    persona = session.get_one(Persona, persona_id)
    claves, antes = set(registro.claves_de_persona(session, persona)), -1
    ajenas, filas = _de_otra(session, persona_id), dict[str, list[dict[str, Any]]]()
    # a table may be read before the one that says which cases are theirs
    while len(claves) > antes:
        antes = len(claves)
        filas = _filas(session, persona, claves, ajenas)
    guardados = [f for f in filas.get(Archivo.__tablename__, ()) if "eliminado" not in f]
    return DeUnaPersona(
        filas, frozenset(claves), {str(f["sha256"]): str(f.get("nombre", "")) for f in guardados}
    )


def _de_otra(session: Session, persona_id: int) -> set[str]:
    """Visits and cases of somebody else, whoever took the turn or stood for them."""
    ajenas = sa.union(
        sa.select(Atencion.case_key).where(
            Atencion.persona_id != persona_id, Atencion.case_key.is_not(None)
        ),
        sa.select(Caso.case_key).where(Caso.persona_id != persona_id, Caso.case_key.is_not(None)),
    )
    return {str(clave) for clave in session.scalars(ajenas)}


def _filas(
    session: Session, persona: Persona, claves: set[str], ajenas: set[str]
) -> dict[str, list[dict[str, Any]]]:
    """Table → rows; adds to `claves` the cases that they say are theirs."""
    persona_id = persona.id
    suyas: dict[str, set[object]] = {"persona": {persona_id}}
    filas = {"persona": [_dicha(tabla_de(Persona), vars(persona))]}
    for tabla in todas().sorted_tables:
        if tabla.name in DE_QUIEN_ATENDIO | DERIVADAS | {"persona"}:
            continue
        de_quien = _de_quien(tabla, suyas, claves) if _llega(tabla, suyas) else []
        if tabla.name in _POR_SU_DOCUMENTO:
            de_quien.append(_POR_SU_DOCUMENTO[tabla.name](persona))
        hallada = (
            sa.select(tabla)
            .where(sa.or_(sa.false(), *de_quien))
            .order_by(*tabla.primary_key.columns)
        )
        halladas = [dict(f) for f in session.execute(hallada).mappings()] if de_quien else []
        propias = [
            f
            for f in halladas
            if _titular(f) in (None, persona_id) and f.get("case_key") not in ajenas
        ]
        como_apoderado = [
            f for f in halladas if f.get("apoderado_id") == persona_id and f not in propias
        ]
        if not (propias or como_apoderado):
            continue
        filas[tabla.name] = [
            *(_dicha(tabla, f) for f in propias),
            *(_dicha(tabla, _como_apoderado(tabla, f)) for f in como_apoderado),
        ]
        suyas[tabla.name] = {
            f[llave.name] for f in propias for llave in list(tabla.primary_key.columns)[:1]
        }
        claves |= {str(f["case_key"]) for f in propias if f.get("case_key")}
    return filas


def _llega(tabla: sa.Table, suyas: Mapping[str, set[object]]) -> bool:
    """Whether a column of it can say whose it is."""
    return "case_key" in tabla.columns or any(
        clave.column.table.name in suyas for c in tabla.columns for clave in c.foreign_keys
    )


def _de_quien(
    tabla: sa.Table, suyas: Mapping[str, set[object]], claves: set[str]
) -> list[sa.ColumnElement[bool]]:
    llaves = [(c, k.column.table.name) for c in tabla.columns for k in c.foreign_keys]
    dicen: list[sa.ColumnElement[bool]] = [
        c.in_(suyas[donde]) for c, donde in llaves if donde in suyas
    ]
    if "case_key" in tabla.columns:
        dicen.append(tabla.columns["case_key"].in_(claves))
    return dicen


def _titular(fila: Mapping[str, Any]) -> object:
    return next((fila[columna] for columna in TITULAR if fila.get(columna) is not None), None)


def _como_apoderado(tabla: sa.Table, fila: Mapping[str, Any]) -> dict[str, Any]:
    """That they stood for somebody, where and when; not for whom, nor what was asked."""
    dias = {str(c.name) for c in tabla.columns if isinstance(c.type, Instant | sa.Date)}
    return {
        columna: valor
        for columna, valor in fila.items()
        if columna in dias | {"id", "apoderado_id", "punto_id", "calidad"}
    }


def _dicha(tabla: sa.Table, fila: Mapping[str, Any]) -> dict[str, Any]:
    return {
        str(c.name): _valor(fila[c.name])
        for c in tabla.columns
        if c.name not in CALLADAS and fila.get(c.name) is not None
    }


def _valor(valor: Any) -> Any:
    if isinstance(valor, dt.datetime | dt.date | dt.time):
        return valor.isoformat()
    if isinstance(valor, bytes):
        return f"sha256:{hashlib.sha256(valor).hexdigest()}"
    return valor if isinstance(valor, str | int | float | bool | list | dict) else str(valor)
