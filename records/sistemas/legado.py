"""Legacy queries: who may be asked about, and what was read (reserva bancaria, control 6-2;
5.2.9)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.errores import NoExiste
from records.plazos.reglas.calendario import dia_local, instante
from records.sistemas import legado_sql as sql
from records.sistemas.puertos import Lectura, OtraVez
from records.sistemas.reglas.sistemas import RESPONDIDA
from records.sistemas.tablas import OTRA_VEZ

A_MANO = "a_mano"  #: state of what an adviser found out by another way


@dataclass(frozen=True, slots=True)
class Titular:
    """The holder whose identity was verified in a visit, and the adviser who did it."""

    persona_id: int
    tipo_doc: str
    num_doc: str
    asesor_id: str


def titular_verificado(session: Session, turno_id: int) -> Titular | None:
    """The holder verified at 5.2.4, or at 5.2.5 by a valid power; None once the attention has
    ended."""
    fila = sql.TITULAR.first(session, {"b_turno": turno_id})
    return (
        Titular(fila.persona_id, fila.tipo_doc, fila.num_doc, fila.asesor_id)
        if fila and fila.persona_id
        else None
    )


def titularidad_verificada(session: Session, turno_id: int, tipo_doc: str, num_doc: str) -> bool:
    """Is this document that of the holder verified in this visit?"""
    titular = titular_verificado(session, turno_id)
    return titular is not None and (titular.tipo_doc, titular.num_doc) == (tipo_doc, num_doc)


def estados(session: Session, turno_id: int, persona_id: int) -> dict[str, str]:
    """What each system last answered about this person in this visit; one that failed has not
    answered."""
    return dict(sql.RESPONDIDOS.all(session, {"b_turno": turno_id, "b_persona": persona_id}))


@dataclass(frozen=True, slots=True)
class SinRespuesta:
    """A system that did not answer the last question of today, put by whomever."""

    sistema: str  #: its code
    desde: dt.datetime  #: the first question without an answer since its last answer of today
    ultima: dt.datetime  #: the last one


def sin_respuesta(session: Session, now: dt.datetime) -> list[SinRespuesta]:
    """Only what the questions of the visits have shown: a system that nobody asked today is not
    among them, well or not."""
    hoy = instante(dia_local(now), dt.time(0))
    return [
        SinRespuesta(f.sistema, f.desde, f.ultima)
        for f in sql.SIN_RESPUESTA.all(session, {"b_hoy": hoy})
    ]


def obligacion(session: Session, servicio_id: int | None, persona_id: int) -> str | None:
    """The number of the obligation of this person's product; None when the case is about no
    product."""
    if not servicio_id:
        return None
    numero: str | None = sql.OBLIGACION.scalar(
        session, {"b_servicio": servicio_id, "b_persona": persona_id}
    )
    return numero


def guardar(
    session: Session, lectura: Lectura, turno_id: int, titular: Titular, acto: Acto
) -> None:
    """Keeps one answer, once a visit, holder and system: a repeated job is the same row. A failure
    never hides an answer."""
    clave = f"{turno_id}:{titular.persona_id}:{lectura.sistema}"
    previa = sql.PREVIA.first(session, {"b_clave": clave})
    if previa is not None and previa.estado in RESPONDIDA and lectura.estado not in RESPONDIDA:
        return
    fila = _fila(lectura, acto)
    if previa is not None:
        sql.REESCRIBIR.run(
            session,
            {"b_id": previa.id, **{f"b_{columna}": valor for columna, valor in fila.items()}},
        )
        return
    quien = {
        "clave": clave,
        "turno_id": turno_id,
        "persona_id": titular.persona_id,
        "sistema": lectura.sistema,
        "modo": "automatica",
    }
    sql.ALTA.run(session, {**quien, **fila})


def _fila(lectura: Lectura, acto: Acto) -> dict[str, Any]:
    return {
        "estado": lectura.estado,
        "filas": [dict(fila) for fila in lectura.filas],
        "fecha_corte": lectura.fecha_corte,
        "fuente": lectura.fuente,
        "hash": lectura.hash,
        "ms": lectura.ms,
        "causa": lectura.causa,
        "detalle": lectura.detalle,
        "consultada": acto.now,
        "asesor_id": acto.quien,
        "instancia_id": acto.instancia_id,
        "case_key": acto.case_key,
    }


def guardar_de_paso(
    session: Session, lectura: Lectura, tarea: str, persona_id: int | None, acto: Acto
) -> None:
    """What a step of a diagram was told, once a passage: a further try is the same row. `acto`: of
    who confirmed who the person is."""
    dicho = _fila(lectura, acto)
    clave = f"paso:{tarea}"
    previa = sql.PREVIA.first(session, {"b_clave": clave})
    if previa is not None:
        sql.REESCRIBIR.run(
            session,
            {"b_id": previa.id, **{f"b_{columna}": valor for columna, valor in dicho.items()}},
        )
        return
    de_quien = {
        "clave": clave,
        "turno_id": None,
        "persona_id": persona_id,
        "sistema": lectura.sistema,
        "modo": "automatica",
    }
    sql.ALTA.run(session, {**de_quien, **dicho})


def guardar_otra_vez(session: Session, lectura: Lectura, pregunta: OtraVez) -> None:
    """What a system said to somebody who works on the case: a row of its own each time, beside what
    it said in the visit."""
    clave = f"{pregunta.case_key}:{lectura.sistema}:{pregunta.now.isoformat()}"
    de_quien = {
        "clave": clave,
        "turno_id": None,
        "persona_id": pregunta.persona_id,
        "sistema": lectura.sistema,
        "modo": OTRA_VEZ,
    }
    acto = Acto(pregunta.quien, pregunta.now, pregunta.case_key)
    sql.ALTA.run(session, {**de_quien, **_fila(lectura, acto)})


def guardar_a_mano(
    session: Session, turno_id: int, sistema: str, dicho: Mapping[str, str], acto: Acto
) -> None:
    """What the adviser found out by another way while no system answered. A state of its own: the
    system has not answered. Raises NoExiste when no holder is verified in this visit."""
    titular = titular_verificado(session, turno_id)
    if titular is None:
        raise NoExiste("El turno %(n)s no tiene un titular verificado.", n=turno_id)
    clave = f"{turno_id}:{titular.persona_id}:{sistema}:a_mano:{acto.instancia_id}"
    fila = {
        "estado": A_MANO,
        "filas": [dict(dicho)],
        "fuente": None,
        "hash": None,
        "fecha_corte": None,
        "ms": None,
    }
    quien = {
        "clave": clave,
        "turno_id": turno_id,
        "persona_id": titular.persona_id,
        "sistema": sistema,
        "modo": "manual",
    }
    cuando = {
        "consultada": acto.now,
        "asesor_id": acto.quien,
        "instancia_id": acto.instancia_id,
        "case_key": acto.case_key,
    }
    sql.ALTA.run(session, {**quien, **fila, "causa": "", "detalle": "", **cuando})
