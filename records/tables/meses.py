"""Months that were closed: their data as they stood, and the figures that were made of them
(5.2.23). Rows are never changed."""

import datetime as dt

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, Clave, Codigo, Quien, Texto


class MesCerrado(Base):
    """One version of a month. The first is its closing; another one says why it was made, and the
    old one stays."""

    __tablename__ = "mes_cerrado"
    __table_args__ = (UniqueConstraint("mes", "version"),)

    id: Mapped[Clave]
    mes: Mapped[dt.date]  # its first day
    version: Mapped[int]
    cerrado: Mapped[dt.datetime]
    por: Mapped[Quien]
    motivo: Mapped[Texto] = mapped_column(default="")
    # SHA-256 over month, version and the hashes of its tables
    huella: Mapped[str] = mapped_column(String(64))


class MesDatos(Base):
    """The rows of a table of a closed month: canonical JSON lines, compressed; the hash is of the
    lines."""

    __tablename__ = "mes_datos"
    __table_args__ = (UniqueConstraint("mes_id", "tabla"),)

    id: Mapped[Clave]
    mes_id: Mapped[int] = mapped_column(ForeignKey("mes_cerrado.id"))
    tabla: Mapped[Codigo]  # visitas | casos
    filas: Mapped[int]
    huella: Mapped[str] = mapped_column(String(64))
    contenido: Mapped[bytes] = mapped_column(LargeBinary)


class IndicadorMes(Base):
    """A figure of a closed month, of the whole entity or of one point, adviser, channel or hour.
    Its value is `arriba` / `abajo`."""

    __tablename__ = "indicador_mes"
    __table_args__ = (Index("ix_indicador_mes_que", "mes_id", "dimension", "clave"),)

    id: Mapped[Clave]
    mes_id: Mapped[int] = mapped_column(ForeignKey("mes_cerrado.id"))
    indicador: Mapped[Codigo]
    dimension: Mapped[Codigo]
    clave: Mapped[str] = mapped_column(String(80))
    numerador: Mapped[int]
    n: Mapped[int]
    arriba: Mapped[int | None] = mapped_column(BigInteger)  # None: nothing was counted
    abajo: Mapped[int | None] = mapped_column(BigInteger)
