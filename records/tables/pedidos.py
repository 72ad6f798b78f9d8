"""Work that somebody asks for and that takes seconds: a job does it."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, Clave, Codigo, Quien, Texto

_ABIERTO = text("estado IN ('pedido', 'en_curso')")


class Pedido:
    """What all of it has: of which month, who asked, how far it is, how it ended."""

    id: Mapped[Clave]
    mes: Mapped[dt.date]
    por: Mapped[Quien]
    pedido: Mapped[dt.datetime]
    estado: Mapped[Codigo]  # pedido | en_curso | hecho | cancelado | rechazado
    paso: Mapped[Codigo] = mapped_column(default="")
    hechos: Mapped[int] = mapped_column(default=0)
    de: Mapped[int] = mapped_column(default=0)
    por_que: Mapped[Texto] = mapped_column(default="")  # it was refused


class CierrePedido(Pedido, Base):
    """A closing by hand; `paso` is one of meses.PASOS."""

    __tablename__ = "cierre_pedido"
    __table_args__ = (
        Index(
            "uq_cierre_pedido_en_curso",
            "mes",
            unique=True,
            sqlite_where=_ABIERTO,
            postgresql_where=_ABIERTO,
        ),
    )

    motivo: Mapped[Texto] = mapped_column(default="")
    # the version that it made
    mes_id: Mapped[int | None] = mapped_column(ForeignKey("mes_cerrado.id"))


class DocumentosPedido(Pedido, Base):
    """Every document of the reports of a month; `paso` is one of documentos_del_mes.PASOS. The last
    one of a month has its content."""

    __tablename__ = "documentos_pedido"
    __table_args__ = (
        Index(
            "uq_documentos_pedido_en_curso",
            "mes",
            "por",
            unique=True,
            sqlite_where=_ABIERTO,
            postgresql_where=_ABIERTO,
        ),
    )

    # nombre, sha256, bytes, paginas
    archivos: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    huella: Mapped[str] = mapped_column(String(64), default="")  # SHA-256 of the ZIP
    contenido: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
