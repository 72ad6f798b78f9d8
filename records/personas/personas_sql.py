"""Statements of records.personas.personas."""

import datetime as dt
from typing import NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update

from common.prepared import Prepared, Query
from records.base.tablas import tabla_de
from records.personas.tablas import (
    Consentimiento,
    Contacto,
    Persona,
    PersonaPalabra,
    ServicioAdquirido,
)

_CONTACTO = tabla_de(Contacto)
_CONSENTIDO = tabla_de(Consentimiento)
_SERVICIO = tabla_de(ServicioAdquirido)
_PERSONA = tabla_de(Persona)
_PALABRAS = tabla_de(PersonaPalabra)


class FilaDato(NamedTuple):
    tipo: str
    valor: str


VIGENTES = Query(
    select(_CONTACTO.c.tipo, _CONTACTO.c.valor).where(
        _CONTACTO.c.persona_id == bindparam("b_persona"), _CONTACTO.c.vigente_hasta.is_(None)
    ),
    FilaDato,
)
TERMINAR_DATO = Prepared(
    update(_CONTACTO)
    .where(
        _CONTACTO.c.persona_id == bindparam("b_persona"),
        _CONTACTO.c.tipo == bindparam("b_tipo"),
        _CONTACTO.c.vigente_hasta.is_(None),
    )
    .values(vigente_hasta=bindparam("b_hasta"))
)
DATO = Prepared(insert(_CONTACTO))
AUTORIZA = Prepared(
    select(_CONSENTIDO.c.autoriza).where(
        _CONSENTIDO.c.persona_id == bindparam("b_persona"), _CONSENTIDO.c.vigente_hasta.is_(None)
    )
)
TERMINAR_CONSENTIMIENTO = Prepared(
    update(_CONSENTIDO)
    .where(
        _CONSENTIDO.c.persona_id == bindparam("b_persona"), _CONSENTIDO.c.vigente_hasta.is_(None)
    )
    .values(vigente_hasta=bindparam("b_hasta"))
)
CONSENTIMIENTO = Prepared(insert(_CONSENTIDO))
BORRAR_PALABRAS = Prepared(
    delete(_PALABRAS).where(_PALABRAS.c.persona_id == bindparam("b_persona"))
)
PALABRA = Prepared(insert(_PALABRAS))


class FilaRegistro(NamedTuple):
    persona_id: int
    nombre: str
    fecha_nac: dt.date | None
    calidad: str | None
    linea: str | None
    obligacion: str | None
    anio_giro: int | None
    titular_id: int | None
    titular: str | None


#: The holder of a product of which the person is a joint debtor.
_SUYO, _TITULAR = _SERVICIO.alias("suyo"), _PERSONA.alias("titular")
_DE_QUIEN = (
    (_SUYO.c.obligacion == _SERVICIO.c.obligacion)
    & (_SUYO.c.calidad == "beneficiario")
    & (_SERVICIO.c.calidad != "beneficiario")
)
REGISTRO = Query(
    select(
        _PERSONA.c.id.label("persona_id"),
        _PERSONA.c.nombre,
        _PERSONA.c.fecha_nac,
        _SERVICIO.c.calidad,
        _SERVICIO.c.linea,
        _SERVICIO.c.obligacion,
        _SERVICIO.c.anio_giro,
        _TITULAR.c.id.label("titular_id"),
        _TITULAR.c.nombre.label("titular"),
    )
    .join(_SERVICIO, _SERVICIO.c.persona_id == _PERSONA.c.id, isouter=True)
    .join(_SUYO, _DE_QUIEN, isouter=True)
    .join(_TITULAR, _TITULAR.c.id == _SUYO.c.persona_id, isouter=True)
    .where(_PERSONA.c.tipo_doc == bindparam("b_tipo"), _PERSONA.c.num_doc == bindparam("b_num"))
    .order_by(_SERVICIO.c.anio_giro.desc(), _SERVICIO.c.id),
    FilaRegistro,
)
PERSONA_DE = Prepared(
    select(_PERSONA.c.id).where(
        _PERSONA.c.tipo_doc == bindparam("b_tipo"), _PERSONA.c.num_doc == bindparam("b_num")
    )
)
