"""What the records may forget, and when: old contact data, answers of legacy systems, what two CRMs differed in. Only content goes."""

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import ColumnElement
from sqlalchemy import func
from sqlalchemy import null
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from records.tables import Base

_CONTACTO = Base.metadata.tables["contacto"]
_CONSULTA = Base.metadata.tables["consulta_legado"]
_DIFERENCIA = Base.metadata.tables["crm_diferencia"]


def _contactos(antes: dt.datetime) -> ColumnElement[bool]:
    return (_CONTACTO.c.vigente_hasta < antes) & (_CONTACTO.c.valor != "")


def _consultas(antes: dt.datetime) -> ColumnElement[bool]:
    return (_CONSULTA.c.consultada < antes) & _CONSULTA.c.filas.is_not(None)


def _diferencias(antes: dt.datetime) -> ColumnElement[bool]:
    return (_DIFERENCIA.c.decidida < antes) & ((_DIFERENCIA.c.nuestro != "") | (_DIFERENCIA.c.suyo != ""))


def por_borrar(session: Session, *, contactos: dt.datetime, legado: dt.datetime) -> dict[str, int]:
    """How many data of each kind are older than allowed."""
    return {
        "contactos": session.scalar(select(func.count()).select_from(_CONTACTO).where(_contactos(contactos))) or 0,
        "consultas": session.scalar(select(func.count()).select_from(_CONSULTA).where(_consultas(legado))) or 0,
        "diferencias": session.scalar(select(func.count()).select_from(_DIFERENCIA).where(_diferencias(contactos))) or 0,
    }


def borrar(session: Session, *, contactos: dt.datetime, legado: dt.datetime) -> Mapping[str, int]:
    """Empty them: who registered a datum and since when, who asked which system and the hash of the answer, stay."""
    conexion = session.connection()
    return {
        "contactos": conexion.execute(update(_CONTACTO).where(_contactos(contactos)).values(valor="")).rowcount,
        "consultas": conexion.execute(update(_CONSULTA).where(_consultas(legado)).values(filas=null())).rowcount,
        "diferencias": conexion.execute(update(_DIFERENCIA).where(_diferencias(contactos)).values(nuestro="", suyo="")).rowcount,
    }
