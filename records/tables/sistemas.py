"""The systems around the desk, as the worker's looks and the visits' questions found them."""

import datetime as dt
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, Clave, Codigo, Texto


class SistemaEstado(Base):
    """How a system is, by the last look. A row for each code of records.rules.sistemas.NOMBRES that
    was ever looked at."""

    __tablename__ = "sistema_estado"

    sistema: Mapped[Codigo] = mapped_column(primary_key=True)
    estado: Mapped[Codigo]  # responde | no_responde | no_conectado
    desde: Mapped[dt.datetime]
    revisado: Mapped[dt.datetime]
    circuito: Mapped[Codigo]  # cerrado | abierto | prueba
    # en, ms: the looks of the last hour that were answered
    tiempos: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    corte: Mapped[dt.date | None]
    nota: Mapped[Texto] = mapped_column(default="")  # what is to be known of it although it answers
    # of the last look that failed, in the driver's words
    error: Mapped[Texto] = mapped_column(default="")
    causa: Mapped[Codigo] = mapped_column(default="")
    error_en: Mapped[dt.datetime | None]
    avisado: Mapped[dt.datetime | None]  # people were told of this outage


class SistemaSuceso(Base):
    """Something that happened to a system. Only added to."""

    __tablename__ = "sistema_suceso"
    __table_args__ = (Index("ix_sistema_suceso_cuando", "cuando"),)

    id: Mapped[Clave]
    sistema: Mapped[Codigo]
    cuando: Mapped[dt.datetime]
    que: Mapped[Codigo]  # cayo | volvio | limite | abierto | cerrado
    detalle: Mapped[Texto] = mapped_column(default="")
