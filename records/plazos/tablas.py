"""Rows of this room. Business days and terms: which days count, until when something is due, and why that day."""

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from records.base.tablas import Base, Clave, Codigo, Nombre, Quien


class ExcepcionCalendario(Base):
    """A day that is not as the calendar says: open or closed, for the whole agency or for one
    point. It is undone, never deleted."""

    __tablename__ = "excepcion_calendario"

    id: Mapped[Clave]
    dia: Mapped[dt.date] = mapped_column(index=True)
    # None: the whole agency
    punto_id: Mapped[str | None] = mapped_column(ForeignKey("punto.codigo"))
    abre: Mapped[bool]
    # manana | tarde: it opens only then; empty: the whole day
    parte: Mapped[Codigo] = mapped_column(default="")
    nombre: Mapped[Nombre]  # as people read it: "Día del servidor público"
    registrada: Mapped[dt.datetime]
    registrada_por: Mapped[Quien]
    anulada: Mapped[dt.datetime | None]


class DescansoSemanal(Base):
    """From which day on the agency rests on which days of the week, until a later row says
    otherwise. It is undone, never deleted."""

    __tablename__ = "descanso_semanal"

    id: Mapped[Clave]
    desde: Mapped[dt.date]
    dias: Mapped[str] = mapped_column(String(7))  # ISO week days: "67" are Saturday and Sunday
    registrado: Mapped[dt.datetime]
    registrado_por: Mapped[Quien]
    anulado: Mapped[dt.datetime | None]
