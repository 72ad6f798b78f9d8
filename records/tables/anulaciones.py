"""Numbers of cases that somebody asked to annul, and what another person decided."""

import datetime as dt

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, CaseKey, Clave, Quien, Texto


class AnulacionDeNumero(Base):
    """One that is not decided yet at a time."""

    __tablename__ = "anulacion_de_numero"
    __table_args__ = (
        Index(
            "uq_anulacion_de_numero_pendiente",
            "case_key",
            unique=True,
            sqlite_where=text("decidida IS NULL"),
            postgresql_where=text("decidida IS NULL"),
        ),
    )

    id: Mapped[Clave]
    case_key: Mapped[CaseKey]
    motivo: Mapped[Texto]
    pedida: Mapped[dt.datetime]
    pedida_por: Mapped[Quien]
    decidida: Mapped[dt.datetime | None]
    decidida_por: Mapped[str | None] = mapped_column(String(80))
    aprobada: Mapped[bool | None]
    respuesta: Mapped[str | None] = mapped_column(String(2000))
