"""Statements of records.casos.casos: every step of a case writes some of them."""

import datetime as dt
from typing import NamedTuple

from sqlalchemy import bindparam, func, insert, select, update

from common.prepared import Prepared, Query
from records.base.tablas import tabla_de
from records.casos.reglas import estados
from records.casos.tablas import Caso, CasoEstado, Plazo, Respuesta, Tipificacion
from records.personas.tablas import ServicioAdquirido

_CASO = tabla_de(Caso)
_PLAZO = tabla_de(Plazo)
_ESTADO = tabla_de(CasoEstado)
_RESPUESTA = tabla_de(Respuesta)
_SERVICIO = tabla_de(ServicioAdquirido)
_TIPO = tabla_de(Tipificacion)
_ESTE = _CASO.c.id == bindparam("b_caso")


class FilaCaso(NamedTuple):
    estado: str
    radicado: str | None
    recepcion: dt.datetime
    dias_termino: int | None
    asesor_id: str
    enviado: dt.datetime | None


class FilaTipo(NamedTuple):
    clase: str
    tipo_termino: str


class FilaServicio(NamedTuple):
    persona_id: int
    linea: str
    anio_giro: int


CASO_DE = Query(select(*[_CASO.c[columna] for columna in FilaCaso._fields]).where(_ESTE), FilaCaso)
TIPO_DE = Query(
    select(_TIPO.c.clase, _TIPO.c.tipo_termino).where(_TIPO.c.codigo == bindparam("b_tema")),
    FilaTipo,
)
SERVICIO_DE = Query(
    select(_SERVICIO.c.persona_id, _SERVICIO.c.linea, _SERVICIO.c.anio_giro).where(
        _SERVICIO.c.id == bindparam("b_servicio")
    ),
    FilaServicio,
)
ALTA = Prepared(insert(_CASO).returning(_CASO.c.id))
RADICAR = Prepared(
    update(_CASO)
    .where(_ESTE)
    .values(
        radicado=bindparam("b_radicado"),
        dias_termino=bindparam("b_dias"),
        prorroga_max=bindparam("b_prorroga"),
        limite_escalar=bindparam("b_escalar"),
        limite_respuesta=bindparam("b_respuesta"),
    )
)
A_ESTADO = Prepared(update(_CASO).where(_ESTE).values(estado=bindparam("b_estado")))
A_FINAL = Prepared(
    update(_CASO).where(_ESTE).values(estado=bindparam("b_estado"), cerrado=bindparam("b_cerrado"))
)
RESUELTO = Prepared(
    update(_CASO)
    .where(_ESTE)
    .values(
        estado=estados.CERRADO,
        resuelto_primer_contacto=True,
        respondido=bindparam("b_hecho"),
        enviado=bindparam("b_hecho"),
        cerrado=bindparam("b_hecho"),
    )
)
ENVIADO = Prepared(update(_CASO).where(_ESTE).values(enviado=bindparam("b_hecho")))
TERMINAR_PLAZO = Prepared(
    update(_PLAZO)
    .where(
        _PLAZO.c.caso_id == bindparam("b_caso"),
        _PLAZO.c.tipo == bindparam("b_tipo"),
        _PLAZO.c.vigente_hasta.is_(None),
    )
    .values(vigente_hasta=bindparam("b_hasta"))
)
EMPEZAR_PLAZO = Prepared(insert(_PLAZO))
TERMINAR_ESTADO = Prepared(
    update(_ESTADO)
    .where(_ESTADO.c.caso_id == bindparam("b_caso"), _ESTADO.c.hasta.is_(None))
    .values(hasta=bindparam("b_hasta"))
)
EMPEZAR_ESTADO = Prepared(insert(_ESTADO))
RESPONDER = Prepared(insert(_RESPUESTA).returning(_RESPUESTA.c.id))
ENTREGAR_EN_PUNTO = Prepared(
    update(_RESPUESTA)
    .where(
        _RESPUESTA.c.id
        == select(func.max(_RESPUESTA.c.id))
        .where(_RESPUESTA.c.caso_id == bindparam("b_caso"), _RESPUESTA.c.tipo == "punto")
        .scalar_subquery(),
        _RESPUESTA.c.enviada.is_(None),
    )
    .values(enviada=bindparam("b_hecho"), medio="punto")
)
