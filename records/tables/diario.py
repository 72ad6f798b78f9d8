"""Days that are over, summed up once: what each point, adviser and activity did. `flask daily`
makes them again of their rows."""

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, Nombre, Quien


class DiaResumido(Base):
    """A day that was summed up. `abiertos`: turns of it that had not ended then; such a day is
    summed up again on the next one."""

    __tablename__ = "dia_resumido"

    fecha: Mapped[dt.date] = mapped_column(primary_key=True)
    resumido: Mapped[dt.datetime]
    abiertos: Mapped[int]


class DiaHora(Base):
    """The turns that came to a point in one hour of a day, counted as the indicators of a month
    count them (I1 to I4)."""

    __tablename__ = "dia_hora"

    fecha: Mapped[dt.date] = mapped_column(primary_key=True)
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"), primary_key=True)
    franja: Mapped[int] = mapped_column(primary_key=True)  # hour of arrival, local
    visitas: Mapped[int]
    abandonos: Mapped[int]  # I4
    medibles: Mapped[int]  # of I3: their wait is known, or they left
    a_tiempo: Mapped[int]  # of these, within the limit
    esperas: Mapped[int]  # turns whose wait is known
    espera_s: Mapped[int]
    atenciones: Mapped[int]  # turns whose attention is known
    atencion_s: Mapped[int]


class DiaAsesor(Base):
    """What an adviser attended at a point on a day; compared with nobody but themselves."""

    __tablename__ = "dia_asesor"

    fecha: Mapped[dt.date] = mapped_column(primary_key=True)
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"), primary_key=True)
    asesor_id: Mapped[Quien] = mapped_column(primary_key=True, index=True)
    turnos: Mapped[int]
    atenciones: Mapped[int]  # those of them whose time is known
    atencion_s: Mapped[int]


class DiaActividad(Base):
    """The tasks of one activity that were completed on a day: how long they waited for somebody,
    and were in somebody's hands."""

    __tablename__ = "dia_actividad"

    fecha: Mapped[dt.date] = mapped_column(primary_key=True)
    proceso: Mapped[Nombre] = mapped_column(primary_key=True)
    elemento: Mapped[Nombre] = mapped_column(primary_key=True)
    veces: Mapped[int]
    espera_s: Mapped[int]
    trabajo_s: Mapped[int]
