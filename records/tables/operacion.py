"""What keeps this installation running: processes that live, backups that were made, what
administrators were told."""

import datetime as dt

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, Clave, Codigo, Nombre, Quien, Texto

_ABIERTO = text("hasta IS NULL")


class Latido(Base):
    """A web process or worker that says every few seconds that it lives. Those that ended or fell
    silent are forgotten after a day."""

    __tablename__ = "latido"

    proceso: Mapped[Quien] = mapped_column(primary_key=True)
    clase: Mapped[Codigo]  # web | trabajador
    equipo: Mapped[Nombre]
    version: Mapped[Codigo]  # of the tables that its program knows
    empezo: Mapped[dt.datetime]
    visto: Mapped[dt.datetime]
    termino: Mapped[dt.datetime | None]  # it was asked to


class VistaDeProceso(Base):
    """What a worker found at its last look, of a system or of something to be looked after. Each
    has a row of its own: two workers may see different worlds."""

    __tablename__ = "vista_de_proceso"

    que: Mapped[Quien] = mapped_column(primary_key=True)  # sistema:… | novedad:… | crm_afuera
    proceso: Mapped[Quien] = mapped_column(primary_key=True)
    estado: Mapped[Codigo]
    cuando: Mapped[dt.datetime]


class RespaldoHecho(Base):
    """A backup that was written whole."""

    __tablename__ = "respaldo_hecho"
    __table_args__ = (Index("ix_respaldo_hecho_cuando", "cuando"),)

    id: Mapped[Clave]
    cuando: Mapped[dt.datetime]
    archivo: Mapped[Nombre]
    tamano: Mapped[int] = mapped_column(BigInteger)
    quien: Mapped[Quien]


class AvisoDeOperacion(Base):
    """Something that administrators have to look after, from when it was noticed until it was
    over."""

    __tablename__ = "aviso_de_operacion"
    __table_args__ = (
        Index(
            "ix_aviso_de_operacion_abierto",
            "codigo",
            unique=True,
            sqlite_where=_ABIERTO,
            postgresql_where=_ABIERTO,
        ),
        Index("ix_aviso_de_operacion_desde", "desde"),
    )

    id: Mapped[Clave]
    codigo: Mapped[Codigo]
    desde: Mapped[dt.datetime]
    hasta: Mapped[dt.datetime | None]
    dice: Mapped[Texto]
    hacer: Mapped[Texto]
    avisado: Mapped[dt.datetime | None]
