"""Statements of records.sistemas.legado."""

import datetime as dt
from typing import NamedTuple

from sqlalchemy import bindparam, func, insert, or_, select, update

from common.prepared import Prepared, Query
from records.base.tablas import tabla_de
from records.personas.tablas import Persona, ServicioAdquirido
from records.sistemas.puertos import Causa
from records.sistemas.reglas.sistemas import RESPONDIDA, SISTEMAS
from records.sistemas.tablas import ConsultaLegado
from records.visita.tablas import Atencion

_ATENCION = tabla_de(Atencion)
_PERSONA = tabla_de(Persona)
_CONSULTA = tabla_de(ConsultaLegado)
_SERVICIO = tabla_de(ServicioAdquirido)


class FilaTitular(NamedTuple):
    persona_id: int | None
    tipo_doc: str
    num_doc: str
    asesor_id: str


class FilaRespondida(NamedTuple):
    sistema: str
    estado: str


class FilaSinRespuesta(NamedTuple):
    sistema: str
    desde: dt.datetime
    ultima: dt.datetime


class FilaPrevia(NamedTuple):
    id: int
    estado: str


TITULAR = Query(
    select(_ATENCION.c.persona_id, _PERSONA.c.tipo_doc, _PERSONA.c.num_doc, _ATENCION.c.asesor_id)
    .join(_PERSONA, _PERSONA.c.id == _ATENCION.c.persona_id)
    .where(
        _ATENCION.c.turno_id == bindparam("b_turno"),
        _ATENCION.c.titularidad == "verificada",
        _ATENCION.c.fin.is_(None),
    ),
    FilaTitular,
)
RESPONDIDOS = Query(
    select(_CONSULTA.c.sistema, _CONSULTA.c.estado)
    .where(
        _CONSULTA.c.turno_id == bindparam("b_turno"),
        _CONSULTA.c.persona_id == bindparam("b_persona"),
        or_(*[_CONSULTA.c.estado == estado for estado in RESPONDIDA]),
    )
    .order_by(_CONSULTA.c.id),
    FilaRespondida,
)
_RESPONDIO = _CONSULTA.alias("respondio")
_ULTIMA_RESPUESTA = (
    select(func.max(_RESPONDIO.c.consultada))
    .where(
        _RESPONDIO.c.sistema == _CONSULTA.c.sistema,
        or_(*[_RESPONDIO.c.estado == estado for estado in RESPONDIDA]),
        _RESPONDIO.c.consultada >= bindparam("b_hoy"),
    )
    .scalar_subquery()
)
SIN_RESPUESTA = Query(
    select(
        _CONSULTA.c.sistema,
        func.min(_CONSULTA.c.consultada).label("desde"),
        func.max(_CONSULTA.c.consultada).label("ultima"),
    )
    .where(
        or_(*[_CONSULTA.c.sistema == s.codigo for s in SISTEMAS]),
        _CONSULTA.c.estado == "no_disponible",
        _CONSULTA.c.causa != Causa.REGISTRO,  # it answers everybody else
        _CONSULTA.c.consultada > func.coalesce(_ULTIMA_RESPUESTA, bindparam("b_hoy")),
        _CONSULTA.c.consultada >= bindparam("b_hoy"),
    )
    .group_by(_CONSULTA.c.sistema)
    .order_by(_CONSULTA.c.sistema),
    FilaSinRespuesta,
)
OBLIGACION = Prepared(
    select(_SERVICIO.c.obligacion).where(
        _SERVICIO.c.id == bindparam("b_servicio"), _SERVICIO.c.persona_id == bindparam("b_persona")
    )
)
PREVIA = Query(
    select(_CONSULTA.c.id, _CONSULTA.c.estado).where(_CONSULTA.c.clave == bindparam("b_clave")),
    FilaPrevia,
)
ALTA = Prepared(insert(_CONSULTA))
_DICHO = ("estado", "filas", "fecha_corte", "fuente", "hash", "ms", "causa", "detalle")
_RESPUESTA = (*_DICHO, "consultada", "asesor_id", "instancia_id", "case_key")
REESCRIBIR = Prepared(
    update(_CONSULTA)
    .where(_CONSULTA.c.id == bindparam("b_id"))
    .values({columna: bindparam(f"b_{columna}") for columna in _RESPUESTA})
)
