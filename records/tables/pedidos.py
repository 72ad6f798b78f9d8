"""Work that somebody asks for and that takes seconds: a job does it."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import LargeBinary
from sqlalchemy import String
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from records.tables.base import Base
from records.tables.base import Clave
from records.tables.base import Codigo
from records.tables.base import Quien
from records.tables.base import Texto

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
    __table_args__ = (Index("uq_cierre_pedido_en_curso", "mes", unique=True, sqlite_where=_ABIERTO, postgresql_where=_ABIERTO),)

    motivo: Mapped[Texto] = mapped_column(default="")
    mes_id: Mapped[int | None] = mapped_column(ForeignKey("mes_cerrado.id"))  # the version that it made


class DocumentosPedido(Pedido, Base):
    """Every document of the reports of a month; `paso` is one of documentos_del_mes.PASOS. The last one of a month has its content."""

    __tablename__ = "documentos_pedido"
    __table_args__ = (Index("uq_documentos_pedido_en_curso", "mes", "por", unique=True, sqlite_where=_ABIERTO, postgresql_where=_ABIERTO),)

    archivos: Mapped[list[dict[str, Any]]] = mapped_column(default=list)  # nombre, sha256, bytes, paginas
    huella: Mapped[str] = mapped_column(String(64), default="")  # SHA-256 of the ZIP
    contenido: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
