"""Service points with their hours, desks, areas, and the kinds of case."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from records.casos.tablas import Tipificacion
from records.cuentas.reglas.roles import TABLETA
from records.lugares.tablas import Area, Dispositivo, Puesto, Punto
from records.plazos.reglas.calendario import (
    MANANA,
    TARDE,
    dia_local,
    es_habil_de_ley,
    excepcion,
    festivos,
    instante,
)


def puntos(session: Session) -> Sequence[Punto]:
    return session.scalars(select(Punto).where(Punto.activo).order_by(Punto.nombre)).all()


def areas(session: Session) -> Sequence[Area]:
    return session.scalars(select(Area).order_by(Area.nombre)).all()


_MODULOS = select(Puesto.modulo).where(Puesto.punto_id == bindparam("punto"), Puesto.activo)


def modulos(session: Session, punto_id: str) -> list[str]:
    """Desks of a point, 2 before 10."""
    nombres = session.scalars(_MODULOS, {"punto": punto_id})
    return sorted(nombres, key=lambda m: (len(m), m))


def medio_calificacion(session: Session, punto_id: str) -> str:
    """How people rate at this point as a rule (5.2.12): on its tablet, at its turn system, else
    aloud."""
    tiene = (
        select(Dispositivo.id)
        .where(Dispositivo.punto_id == punto_id, Dispositivo.tipo == TABLETA, Dispositivo.activo)
        .limit(1)
    )
    if session.scalar(tiene) is not None:
        return "tableta"
    return (
        "digiturno"
        if session.scalar(select(Punto.modo_fila).where(Punto.codigo == punto_id)) == "digiturno"
        else "verbal"
    )


def tipificaciones(session: Session, dia: dt.date) -> Sequence[Tipificacion]:
    """The kinds of case in force on a day, by code."""
    vigentes = (Tipificacion.vigente_hasta.is_(None)) | (Tipificacion.vigente_hasta >= dia)
    return session.scalars(
        select(Tipificacion)
        .where(Tipificacion.vigente_desde <= dia, vigentes)
        .order_by(Tipificacion.codigo)
    ).all()


class ConHorario(Protocol):
    """A point, or what of it is needed to know when it closes."""

    @property
    def codigo(self) -> str: ...
    @property
    def tz(self) -> str: ...
    @property
    def dias_manana(self) -> str: ...
    @property
    def mediodia(self) -> dt.time: ...
    @property
    def hora_cierre(self) -> dt.time: ...
    @property
    def abierto_hasta(self) -> dt.datetime | None: ...


class Horario(NamedTuple):
    codigo: str
    tz: str
    dias_manana: str
    mediodia: dt.time
    hora_cierre: dt.time
    abierto_hasta: dt.datetime | None


def _parte(punto: ConHorario, dia: dt.date) -> str:
    """Of that day it opens, if it does: MANANA, TARDE or all of it. An exception says it before the
    week does."""
    suya = excepcion(dia, punto.codigo)
    if suya is not None and (suya.parte or suya.punto is not None):
        return suya.parte
    return MANANA if str(dia.isoweekday()) in punto.dias_manana else ""


def cierre(punto: ConHorario, now: dt.datetime) -> dt.datetime:
    """When the point closes: on the day of `now`, or when its extended opening ends if that is
    later."""
    tz = ZoneInfo(punto.tz)
    dia = dia_local(now, tz)
    del_dia = instante(
        dia,
        min(punto.mediodia, punto.hora_cierre)
        if _parte(punto, dia) == MANANA
        else punto.hora_cierre,
        tz,
    )
    return del_dia if punto.abierto_hasta is None else max(del_dia, punto.abierto_hasta)


def apertura(punto: Punto, now: dt.datetime) -> dt.datetime:
    tz = ZoneInfo(punto.tz)
    return instante(dia_local(now, tz), _abre_a_las(punto, dia_local(now, tz)), tz)


def _abre_a_las(punto: Punto, dia: dt.date) -> dt.time:
    return (
        max(punto.hora_apertura, punto.mediodia)
        if _parte(punto, dia) == TARDE
        else punto.hora_apertura
    )


def abre_ese_dia(punto: Punto, dia: dt.date) -> bool:
    """On its week days but on holidays, unless an exception of the point or of the agency says
    otherwise.

    An exception that makes a business day a half one for the agency opens no point that is closed
    on that day of the week.
    """
    suya = excepcion(dia, punto.codigo)
    if suya is not None and not (suya.parte and suya.punto is None and es_habil_de_ley(dia)):
        return suya.abre
    return str(dia.isoweekday()) in punto.dias and dia not in festivos(dia.year)


def horario_de(punto: Punto, dia: dt.date) -> tuple[dt.datetime, dt.datetime] | None:
    """From when to when it opens on that day; None: it does not. An opening that was extended is
    not in it: nobody planned it."""
    if not abre_ese_dia(punto, dia):
        return None
    tz, parte = ZoneInfo(punto.tz), _parte(punto, dia)
    desde = _abre_a_las(punto, dia)
    hasta = min(punto.mediodia, punto.hora_cierre) if parte == MANANA else punto.hora_cierre
    return (instante(dia, desde, tz), instante(dia, hasta, tz)) if desde < hasta else None


def esta_abierto(punto: Punto, now: dt.datetime) -> bool:
    """Open on its week days, not on holidays, from the opening to the closing hour; and while its
    opening is extended."""
    if punto.abierto_hasta is not None and now < punto.abierto_hasta:
        return True
    return abre_ese_dia(punto, dia_local(now, ZoneInfo(punto.tz))) and apertura(
        punto, now
    ) <= now < cierre(punto, now)
