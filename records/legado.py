"""Legacy queries: who may be asked about, and what was read (reserva bancaria, control 6-2; 5.2.9)."""

import datetime as dt
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy import insert
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from common.prepared import Prepared
from records.actos import Acto
from records.tables import Base

RESPONDIDA = ("ok", "sin_datos")
_ATENCION = Base.metadata.tables["atencion"]
_PERSONA = Base.metadata.tables["persona"]
_CONSULTA = Base.metadata.tables["consulta_legado"]
_SERVICIO = Base.metadata.tables["servicio_adquirido"]
_TITULAR = Prepared(
    select(_ATENCION.c.persona_id, _PERSONA.c.tipo_doc, _PERSONA.c.num_doc, _ATENCION.c.asesor_id)
    .join(_PERSONA, _PERSONA.c.id == _ATENCION.c.persona_id)
    .where(_ATENCION.c.turno_id == bindparam("b_turno"), _ATENCION.c.titularidad == "verificada", _ATENCION.c.fin.is_(None))
)
_RESPONDIDOS = Prepared(
    select(_CONSULTA.c.sistema, _CONSULTA.c.estado)
    .where(
        _CONSULTA.c.turno_id == bindparam("b_turno"),
        _CONSULTA.c.persona_id == bindparam("b_persona"),
        or_(*[_CONSULTA.c.estado == estado for estado in RESPONDIDA]),
    )
    .order_by(_CONSULTA.c.id)
)
_OBLIGACION = Prepared(
    select(_SERVICIO.c.obligacion).where(_SERVICIO.c.id == bindparam("b_servicio"), _SERVICIO.c.persona_id == bindparam("b_persona"))
)
_PREVIA = Prepared(select(_CONSULTA.c.id, _CONSULTA.c.estado).where(_CONSULTA.c.clave == bindparam("b_clave")))
_ALTA = Prepared(insert(_CONSULTA))


@dataclass(frozen=True, slots=True)
class Titular:
    """The holder whose identity was verified in a visit, and the adviser who did it."""

    persona_id: int
    tipo_doc: str
    num_doc: str
    asesor_id: str


@dataclass(frozen=True, slots=True)
class Lectura:
    """One answer of one system, to be kept as evidence."""

    sistema: str
    estado: str  # ok | sin_datos | no_disponible | no_configurado
    filas: Sequence[Mapping[str, Any]] = ()
    fecha_corte: dt.datetime | None = None
    fuente: str | None = None
    hash: str | None = None
    ms: int | None = None


def titular_verificado(session: Session, turno_id: int) -> Titular | None:
    """The holder verified at 5.2.4, or at 5.2.5 by a valid power; None once the attention has ended."""
    row = _TITULAR.first(session, {"b_turno": turno_id})
    return Titular(row[0], row[1], row[2], row[3]) if row and row[0] else None


def titularidad_verificada(session: Session, turno_id: int, tipo_doc: str, num_doc: str) -> bool:
    """Is this document that of the holder verified in this visit?"""
    titular = titular_verificado(session, turno_id)
    return titular is not None and (titular.tipo_doc, titular.num_doc) == (tipo_doc, num_doc)


def estados(session: Session, turno_id: int, persona_id: int) -> dict[str, str]:
    """What each system last answered about this person in this visit; one that failed has not answered."""
    return dict(_RESPONDIDOS.all(session, {"b_turno": turno_id, "b_persona": persona_id}))


def obligacion(session: Session, servicio_id: int | None, persona_id: int) -> str | None:
    """The number of the obligation of this person's product; None when the case is about no product."""
    if not servicio_id:
        return None
    numero: str | None = _OBLIGACION.scalar(session, {"b_servicio": servicio_id, "b_persona": persona_id})
    return numero


def guardar(session: Session, lectura: Lectura, turno_id: int, titular: Titular, acto: Acto) -> None:
    """Keeps one answer, once a visit, holder and system: a repeated job is the same row. A failure never hides an answer."""
    clave = f"{turno_id}:{titular.persona_id}:{lectura.sistema}"
    previa = _PREVIA.first(session, {"b_clave": clave})
    if previa is not None and previa.estado in RESPONDIDA and lectura.estado not in RESPONDIDA:
        return
    fila = {
        "estado": lectura.estado,
        "filas": [dict(fila) for fila in lectura.filas],
        "fecha_corte": lectura.fecha_corte,
        "fuente": lectura.fuente,
        "hash": lectura.hash,
        "ms": lectura.ms,
        "consultada": acto.now,
        "asesor_id": acto.quien,
        "instancia_id": acto.instancia_id,
        "case_key": acto.case_key,
    }
    if previa is not None:
        session.execute(update(_CONSULTA).where(_CONSULTA.c.id == previa.id).values(fila))
        return
    quien = {"clave": clave, "turno_id": turno_id, "persona_id": titular.persona_id, "sistema": lectura.sistema, "modo": "automatica"}
    _ALTA.run(session, {**quien, **fila})
