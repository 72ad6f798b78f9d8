"""Service points with their hours, desks, areas, and the kinds of case."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.rules.calendario import dia_local
from records.rules.calendario import excepcion
from records.rules.calendario import festivos
from records.rules.calendario import instante
from records.rules.roles import TABLETA
from records.tables import Area
from records.tables import Dispositivo
from records.tables import Puesto
from records.tables import Punto
from records.tables import Tipificacion


def puntos(session: Session) -> Sequence[Punto]:
    return session.scalars(select(Punto).where(Punto.activo).order_by(Punto.nombre)).all()


def areas(session: Session) -> Sequence[Area]:
    return session.scalars(select(Area).order_by(Area.nombre)).all()


def modulos(session: Session, punto_id: str) -> list[str]:
    """Desks of a point, 2 before 10."""
    nombres = session.scalars(select(Puesto.modulo).where(Puesto.punto_id == punto_id, Puesto.activo))
    return sorted(nombres, key=lambda m: (len(m), m))


def medio_calificacion(session: Session, punto_id: str) -> str:
    """How people rate at this point as a rule (5.2.12): on its tablet, at its turn system, else aloud."""
    tiene = select(Dispositivo.id).where(Dispositivo.punto_id == punto_id, Dispositivo.tipo == TABLETA, Dispositivo.activo).limit(1)
    if session.scalar(tiene) is not None:
        return "tableta"
    return "digiturno" if session.scalar(select(Punto.modo_fila).where(Punto.codigo == punto_id)) == "digiturno" else "verbal"


def tipificaciones(session: Session, dia: dt.date) -> Sequence[Tipificacion]:
    """The kinds of case in force on a day, by code."""
    vigentes = (Tipificacion.vigente_hasta.is_(None)) | (Tipificacion.vigente_hasta >= dia)
    return session.scalars(select(Tipificacion).where(Tipificacion.vigente_desde <= dia, vigentes).order_by(Tipificacion.codigo)).all()


class ConHorario(Protocol):
    """A point, or what of it is needed to know when it closes."""

    @property
    def tz(self) -> str: ...
    @property
    def hora_cierre(self) -> dt.time: ...
    @property
    def abierto_hasta(self) -> dt.datetime | None: ...


class Horario(NamedTuple):
    tz: str
    hora_cierre: dt.time
    abierto_hasta: dt.datetime | None


def cierre(punto: ConHorario, now: dt.datetime) -> dt.datetime:
    """When the point closes: on the day of `now`, or when its extended opening ends if that is later."""
    tz = ZoneInfo(punto.tz)
    del_dia = instante(dia_local(now, tz), punto.hora_cierre, tz)
    return del_dia if punto.abierto_hasta is None else max(del_dia, punto.abierto_hasta)


def apertura(punto: Punto, now: dt.datetime) -> dt.datetime:
    tz = ZoneInfo(punto.tz)
    return instante(dia_local(now, tz), punto.hora_apertura, tz)


def abre_ese_dia(punto: Punto, dia: dt.date) -> bool:
    """On its week days but on holidays, unless an exception of the point or of the agency says otherwise."""
    suya = excepcion(dia, punto.codigo)
    return suya.abre if suya is not None else str(dia.isoweekday()) in punto.dias and dia not in festivos(dia.year)


def horario_de(punto: Punto, dia: dt.date) -> tuple[dt.datetime, dt.datetime] | None:
    """From when to when it opens on that day; None: it does not. An opening that was extended is not in it: nobody planned it."""
    if not abre_ese_dia(punto, dia):
        return None
    tz = ZoneInfo(punto.tz)
    return instante(dia, punto.hora_apertura, tz), instante(dia, punto.hora_cierre, tz)


def esta_abierto(punto: Punto, now: dt.datetime) -> bool:
    """Open on its week days, not on holidays, from the opening to the closing hour; and while its opening is extended."""
    if punto.abierto_hasta is not None and now < punto.abierto_hasta:
        return True
    return abre_ese_dia(punto, dia_local(now, ZoneInfo(punto.tz))) and apertura(punto, now) <= now < cierre(punto, now)
