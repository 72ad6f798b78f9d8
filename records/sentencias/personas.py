"""Statements of records.personas."""

from typing import NamedTuple

from sqlalchemy import bindparam
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from common.prepared import Prepared
from common.prepared import Query
from records.tables import Base

_CONTACTO = Base.metadata.tables["contacto"]
_CONSENTIDO = Base.metadata.tables["consentimiento"]
_SERVICIO = Base.metadata.tables["servicio_adquirido"]
_PERSONA = Base.metadata.tables["persona"]
_PALABRAS = Base.metadata.tables["persona_palabra"]


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
    .where(_CONTACTO.c.persona_id == bindparam("b_persona"), _CONTACTO.c.tipo == bindparam("b_tipo"), _CONTACTO.c.vigente_hasta.is_(None))
    .values(vigente_hasta=bindparam("b_hasta"))
)
DATO = Prepared(insert(_CONTACTO))
AUTORIZA = Prepared(
    select(_CONSENTIDO.c.autoriza).where(_CONSENTIDO.c.persona_id == bindparam("b_persona"), _CONSENTIDO.c.vigente_hasta.is_(None))
)
TERMINAR_CONSENTIMIENTO = Prepared(
    update(_CONSENTIDO)
    .where(_CONSENTIDO.c.persona_id == bindparam("b_persona"), _CONSENTIDO.c.vigente_hasta.is_(None))
    .values(vigente_hasta=bindparam("b_hasta"))
)
CONSENTIMIENTO = Prepared(insert(_CONSENTIDO))
BORRAR_PALABRAS = Prepared(delete(_PALABRAS).where(_PALABRAS.c.persona_id == bindparam("b_persona")))
PALABRA = Prepared(insert(_PALABRAS))
CUANTOS = Prepared(select(func.count()).select_from(_SERVICIO).where(_SERVICIO.c.persona_id == bindparam("b_persona")))
PERSONA_DE = Prepared(select(_PERSONA.c.id).where(_PERSONA.c.tipo_doc == bindparam("b_tipo"), _PERSONA.c.num_doc == bindparam("b_num")))
