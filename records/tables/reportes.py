"""Monthly reports of the points with their review, and what is made of all of them (5.2.23–5.2.26).
Rows are never changed."""

import datetime as dt

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, Clave, Codigo, InstanciaId, Quien, Texto


class ReportePedido(Base):
    """The points that owe a report of a month: those that worked when it was closed, if anybody
    came in it."""

    __tablename__ = "reporte_pedido"
    __table_args__ = (UniqueConstraint("mes", "punto_id"),)

    id: Mapped[Clave]
    mes: Mapped[dt.date]  # its first day
    punto_id: Mapped[Codigo]
    pedido: Mapped[dt.datetime]
    instancia_id: Mapped[InstanciaId]


class ReportePunto(Base):
    """A version of the report of a point: the closed month that its figures are of, and what its
    author says of them."""

    __tablename__ = "reporte_punto"
    __table_args__ = (UniqueConstraint("mes", "punto_id", "version"),)

    id: Mapped[Clave]
    mes: Mapped[dt.date]  # its first day
    punto_id: Mapped[Codigo]
    version: Mapped[int]
    mes_id: Mapped[int] = mapped_column(ForeignKey("mes_cerrado.id"))
    instancia_id: Mapped[InstanciaId]
    autor: Mapped[Quien]
    hecho: Mapped[dt.datetime]
    comentarios: Mapped[Texto]
    # what was adjusted (5.2.25); empty: the first one
    cambio: Mapped[Texto] = mapped_column(default="")
    # SHA-256 over all of it, the hash of its month included
    huella: Mapped[str] = mapped_column(String(64))


class ReporteNota(Base):
    """What somebody says of one figure of a report, or of all of it (`indicador` empty)."""

    __tablename__ = "reporte_nota"
    __table_args__ = (UniqueConstraint("reporte_id", "tipo", "indicador"),)

    id: Mapped[Clave]
    reporte_id: Mapped[int] = mapped_column(ForeignKey("reporte_punto.id"))
    # comentario (of its author) | observacion (of the review) | respuesta (in the next version)
    tipo: Mapped[Codigo]
    indicador: Mapped[Codigo]
    texto: Mapped[Texto]


class ReporteRevision(Base):
    """The review of a version (5.2.24)."""

    __tablename__ = "reporte_revision"

    id: Mapped[Clave]
    reporte_id: Mapped[int] = mapped_column(ForeignKey("reporte_punto.id"), unique=True)
    cumple: Mapped[bool]
    por: Mapped[Quien]
    cuando: Mapped[dt.datetime]


class InformeMensual(Base):
    """A report of the whole entity: to the contract supervisors (5.2.26), or of complaints (section
    7). What it says is frozen in it."""

    __tablename__ = "informe_mensual"
    __table_args__ = (UniqueConstraint("mes", "tipo", "version"),)

    id: Mapped[Clave]
    mes: Mapped[dt.date]
    tipo: Mapped[Codigo]  # interventoria | quejas
    version: Mapped[int]
    mes_id: Mapped[int] = mapped_column(ForeignKey("mes_cerrado.id"))
    instancia_id: Mapped[InstanciaId]
    por: Mapped[Quien]
    hecho: Mapped[dt.datetime]
    conclusiones: Mapped[Texto] = mapped_column(default="")
    contenido: Mapped[bytes] = mapped_column(LargeBinary)  # canonical JSON, compressed
    huella: Mapped[str] = mapped_column(String(64))
