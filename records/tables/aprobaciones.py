"""Changes to the law of the house that one person asked for and another decides."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, Clave, Codigo, Quien, Texto


class Aprobacion(Base):
    """The same change waits once at a time."""

    __tablename__ = "aprobacion"
    __table_args__ = (
        Index(
            "uq_aprobacion_pendiente",
            "huella",
            unique=True,
            sqlite_where=text("decidida IS NULL"),
            postgresql_where=text("decidida IS NULL"),
        ),
    )

    id: Mapped[Clave]
    obra: Mapped[Codigo]  # what would be done: webforms/aprobaciones/obras.py
    sujeto: Mapped[str] = mapped_column(String(200))
    pedido: Mapped[dict[str, Any]]  # with what, as whoever asked wrote it
    # of the three above, without the reason, and of the files
    huella: Mapped[str] = mapped_column(String(64))
    motivo: Mapped[Texto]
    pedida: Mapped[dt.datetime]
    pedida_por: Mapped[Quien]
    decidida: Mapped[dt.datetime | None]
    decidida_por: Mapped[str | None] = mapped_column(String(80))
    aprobada: Mapped[bool | None]
    respuesta: Mapped[str | None] = mapped_column(Text)


class ArchivoPorAprobar(Base):
    """A file of one that waits, as it was when it was asked for; it goes with the decision."""

    __tablename__ = "archivo_por_aprobar"

    aprobacion_id: Mapped[int] = mapped_column(ForeignKey("aprobacion.id"), primary_key=True)
    nombre: Mapped[str] = mapped_column(String(200), primary_key=True)
    contenido: Mapped[bytes] = mapped_column(LargeBinary)
