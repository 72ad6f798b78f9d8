"""What the records may forget, and when: contact data, answers of legacy systems, what CRMs and
turn systems said, documents of no case.

Only content goes. How long each is kept says the retention series that governs it
(`Serie.gobierna`); without one, `SUPUESTOS`.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Select, String, cast, func, null, or_, select, update
from sqlalchemy.orm import Session

from records.base.consultas import tandas
from records.base.tablas import tabla_de
from records.casos.tablas import Archivo
from records.escritos import sueltos
from records.escritos.tablas import DocumentoDevuelto, DocumentoSuelto
from records.expedientes.tablas import SerieDocumental
from records.personas.tablas import Contacto
from records.retencion import reservas
from records.sistemas.reglas.sistemas import DATO_PERSONAL
from records.sistemas.tablas import ConsultaLegado, CrmDiferencia
from records.visita.tablas import DigiturnoEvento

_CONTACTO = tabla_de(Contacto)
_CONSULTA = tabla_de(ConsultaLegado)
_DIFERENCIA = tabla_de(CrmDiferencia)
_EVENTO = tabla_de(DigiturnoEvento)


FORMULARIOS, CONTACTOS, LEGADO, SUELTOS = "formularios", "contactos", "legado", "sueltos"
#: Years, until the agency has a series that governs it (docs/assumptions.md).
SUPUESTOS: Final[Mapping[str, float]] = {FORMULARIOS: 8, CONTACTOS: 5, LEGADO: 1, SUELTOS: 2}
ELIMINAR: Final = "eliminar"  #: the only disposition by which anything is erased here
SIN_NOMBRE: Final = "eliminado"  #: what a file is called of which nothing is left


@dataclass(frozen=True, slots=True)
class Plazo:
    """How long something is kept. `serie`: what says so; empty: nothing does yet."""

    anios: float
    serie: str = ""
    se_borra: bool = True


def plazos(session: Session, hoy: dt.date) -> dict[str, Plazo]:
    """Of each, as the series in force today say. Where several govern it, the one that keeps it
    longest."""
    vigentes = select(SerieDocumental).where(
        SerieDocumental.gobierna.in_(SUPUESTOS),
        SerieDocumental.vigente_desde <= hoy,
        SerieDocumental.vigente_hasta.is_(None) | (SerieDocumental.vigente_hasta >= hoy),
    )
    hallados = {que: Plazo(anios) for que, anios in SUPUESTOS.items()}
    for serie in session.scalars(vigentes.order_by(SerieDocumental.codigo)):
        suyo, antes = (
            Plazo(serie.gestion + serie.central, serie.codigo, serie.disposicion == ELIMINAR),
            hallados.get(serie.gobierna),
        )
        if (
            antes is None
            or not antes.serie
            or (not suyo.se_borra, suyo.anios) > (not antes.se_borra, antes.anios)
        ):
            hallados[serie.gobierna] = suyo
    return hallados


def _contactos(antes: dt.datetime) -> ColumnElement[bool]:
    return (
        (_CONTACTO.c.vigente_hasta < antes)
        & (_CONTACTO.c.valor != "")
        & _CONTACTO.c.persona_id.not_in(reservas.personas())
    )


def _consultas(antes: dt.datetime) -> ColumnElement[bool]:
    libre = _CONSULTA.c.persona_id.is_(None) | _CONSULTA.c.persona_id.not_in(reservas.personas())
    return (_CONSULTA.c.consultada < antes) & _CONSULTA.c.filas.is_not(None) & libre


def _diferencias(antes: dt.datetime) -> ColumnElement[bool]:
    return (_DIFERENCIA.c.decidida < antes) & (
        (_DIFERENCIA.c.nuestro != "") | (_DIFERENCIA.c.suyo != "")
    )


def _eventos(antes: dt.datetime) -> ColumnElement[bool]:
    """Documents and comments in what a turn system said and nobody has looked at: of the rest none
    is kept (records/visita/digiturno.py)."""
    escrito = cast(_EVENTO.c.datos, String)
    return (_EVENTO.c.recibido < antes) & or_(
        *[escrito.contains(f'"{nombre}"') for nombre in DATO_PERSONAL]
    )


def _sueltos(antes: dt.datetime) -> Select[int]:
    """Files of documents that were put aside before then and are still there."""
    return (
        select(Archivo.id)
        .join(DocumentoSuelto, DocumentoSuelto.archivo_id == Archivo.id)
        .where(
            DocumentoSuelto.destino == sueltos.APARTADO,
            DocumentoSuelto.decidido < antes,
            Archivo.eliminado.is_(None),
        )
    )


@dataclass(frozen=True, slots=True)
class Antes:
    """What is older than each of these may go."""

    contactos: dt.datetime
    legado: dt.datetime
    sueltos: dt.datetime


def por_borrar(session: Session, antes: Antes) -> dict[str, int]:
    """How many data of each kind are older than allowed."""
    return {
        "contactos": session.scalar(
            select(func.count()).select_from(_CONTACTO).where(_contactos(antes.contactos))
        )
        or 0,
        "consultas": session.scalar(
            select(func.count()).select_from(_CONSULTA).where(_consultas(antes.legado))
        )
        or 0,
        "diferencias": session.scalar(
            select(func.count()).select_from(_DIFERENCIA).where(_diferencias(antes.contactos))
        )
        or 0,
        "eventos": session.scalar(
            select(func.count()).select_from(_EVENTO).where(_eventos(antes.contactos))
        )
        or 0,
        "sueltos": session.scalar(
            select(func.count()).select_from(_sueltos(antes.sueltos).subquery())
        )
        or 0,
    }


def borrar(session: Session, antes: Antes, now: dt.datetime) -> Mapping[str, int]:
    """Empty them: who registered a datum and since when, who asked which system and the hash of the
    answer, who put a document aside, stay. The content of a document goes with the next sweep of
    the store (webforms/documentos/barrido.py).
    """
    conexion = session.connection()
    quedan = session.scalars(_sueltos(antes.sueltos)).all()
    for parte in tandas(quedan):
        conexion.execute(
            update(Archivo).where(Archivo.id.in_(parte)).values(eliminado=now, nombre=SIN_NOMBRE)
        )
        suyos = select(DocumentoSuelto.id).where(DocumentoSuelto.archivo_id.in_(parte))
        conexion.execute(
            update(DocumentoDevuelto)
            .where(DocumentoDevuelto.suelto_id.in_(suyos))
            .values(motivo="", respuesta="")
        )
        conexion.execute(
            update(DocumentoSuelto)
            .where(DocumentoSuelto.archivo_id.in_(parte))
            .values(remitente="", asunto="", motivo="")
        )
    return {
        "contactos": conexion.execute(
            update(_CONTACTO).where(_contactos(antes.contactos)).values(valor="")
        ).rowcount,
        "consultas": conexion.execute(
            update(_CONSULTA).where(_consultas(antes.legado)).values(filas=null())
        ).rowcount,
        "diferencias": conexion.execute(
            update(_DIFERENCIA).where(_diferencias(antes.contactos)).values(nuestro="", suyo="")
        ).rowcount,
        "eventos": conexion.execute(
            update(_EVENTO).where(_eventos(antes.contactos)).values(datos={})
        ).rowcount,
        "sueltos": len(quedan),
    }
