"""Availability of the CRM (control 6-6): on which days it was watched, when it did not answer, what
was typed in afterwards."""

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, Clave, Codigo, InstanciaId, Nombre, Quien, Texto


class VigilanciaCrm(Base):
    """A day on which the worker looked whether the CRM answers, how often, from when to when; no
    row: nobody looked."""

    __tablename__ = "vigilancia_crm"

    dia: Mapped[dt.date] = mapped_column(primary_key=True)
    primera: Mapped[dt.datetime]
    ultima: Mapped[dt.datetime]
    comprobaciones: Mapped[int]


class CaidaCrm(Base):
    """A time during which the CRM did not answer, and the paper of that time."""

    __tablename__ = "caida_crm"

    id: Mapped[Clave]
    dia: Mapped[dt.date] = mapped_column(index=True)
    desde: Mapped[dt.datetime]
    hasta: Mapped[dt.datetime | None]
    segundos: Mapped[int | None]
    causa: Mapped[Nombre]  # the database's own name of the error
    origen: Mapped[Codigo]  # revision | llamadas: the worker's look, or calls that failed
    instancia_id: Mapped[InstanciaId]
    sincronizada: Mapped[dt.datetime | None]
    sincronizada_por: Mapped[Quien | None]
    registros_papel: Mapped[int | None]
    digitaron: Mapped[Texto] = mapped_column(default="")
    nota: Mapped[Texto] = mapped_column(default="")
