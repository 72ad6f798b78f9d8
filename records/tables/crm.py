"""A CRM outside: which record there is which row here, what is to be written there, where the two
differ."""

import datetime as dt
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, Clave, Codigo, Quien, Texto


class CrmEnlace(Base):
    """A person or a case, and its record in the CRM. `acordado`: field → hash of what both sides
    last held; no datum."""

    __tablename__ = "crm_enlace"
    __table_args__ = (UniqueConstraint("tipo", "local_id"), UniqueConstraint("tipo", "externo_id"))

    id: Mapped[Clave]
    tipo: Mapped[Codigo]  # persona | caso
    local_id: Mapped[int]
    externo_id: Mapped[str] = mapped_column(String(36))
    numero: Mapped[Codigo] = mapped_column(default="")  # as the CRM counts its cases
    acordado: Mapped[dict[str, Any]]
    enviado: Mapped[dt.datetime | None]
    visto: Mapped[dt.datetime | None]
    conciliacion_id: Mapped[int | None]  # the last one that met it


class CrmSalida(Base):
    """Something here changed that the CRM must hear of: written with the change itself, sent when
    the CRM is there. Only added to."""

    __tablename__ = "crm_salida"
    __table_args__ = (
        Index(
            "ix_crm_salida_pendiente",
            "tipo",
            "local_id",
            sqlite_where=text("enviada IS NULL"),
            postgresql_where=text("enviada IS NULL"),
        ),
    )

    id: Mapped[Clave]
    tipo: Mapped[Codigo]  # persona | caso
    local_id: Mapped[int]
    causa: Mapped[Codigo]  # the act of the procedure
    pedida: Mapped[dt.datetime]
    enviada: Mapped[dt.datetime | None]
    intentos: Mapped[int] = mapped_column(default=0)
    siguiente: Mapped[dt.datetime | None]  # not before
    tomada_hasta: Mapped[dt.datetime | None]  # a worker has it
    error: Mapped[Texto] = mapped_column(default="")
    error_causa: Mapped[Codigo] = mapped_column(default="")


class CrmConciliacion(Base):
    """Every record of both sides compared, once."""

    __tablename__ = "crm_conciliacion"

    id: Mapped[Clave]
    comenzo: Mapped[dt.datetime]
    termino: Mapped[dt.datetime | None]
    pedida_por: Mapped[Quien]
    personas: Mapped[int] = mapped_column(default=0)
    casos: Mapped[int] = mapped_column(default=0)
    iguales: Mapped[int] = mapped_column(default=0)  # records without a difference
    enviados: Mapped[int] = mapped_column(default=0)  # fields
    traidos: Mapped[int] = mapped_column(default=0)
    por_decidir: Mapped[int] = mapped_column(default=0)
    faltaban: Mapped[int] = mapped_column(default=0)  # records of ours that the CRM had not
    ajenos: Mapped[int] = mapped_column(default=0)  # records of the CRM that Ventanilla has not
    error: Mapped[Texto] = mapped_column(default="")


class CrmDiferencia(Base):
    """A field in which the two sides differed, and what became of it. The values are emptied with
    the person's data."""

    __tablename__ = "crm_diferencia"
    __table_args__ = (
        Index(
            "uq_crm_diferencia_abierta",
            "tipo",
            "local_id",
            "campo",
            unique=True,
            sqlite_where=text("decidida IS NULL"),
            postgresql_where=text("decidida IS NULL"),
        ),
        Index("ix_crm_diferencia_hallada", "hallada"),
    )

    id: Mapped[Clave]
    conciliacion_id: Mapped[int | None]
    tipo: Mapped[Codigo]
    local_id: Mapped[int]
    campo: Mapped[Codigo]
    nuestro: Mapped[Texto]
    suyo: Mapped[Texto]
    paso: Mapped[Codigo]  # enviar | traer | preguntar
    porque: Mapped[Codigo]
    hallada: Mapped[dt.datetime]
    decidida: Mapped[dt.datetime | None]
    decidida_por: Mapped[Quien | None]  # a rule: "motor"
    queda: Mapped[Codigo | None]  # ventanilla | crm
