"""Cases of which nothing is erased while somebody may still need them."""

import datetime as dt

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, CaseKey, Clave, Quien, Texto


class ReservaLegal(Base):
    """One of a case that was not lifted at a time."""

    __tablename__ = "reserva_legal"
    __table_args__ = (
        Index(
            "uq_reserva_legal_vigente",
            "case_key",
            unique=True,
            sqlite_where=text("levantada IS NULL"),
            postgresql_where=text("levantada IS NULL"),
        ),
    )

    id: Mapped[Clave]
    case_key: Mapped[CaseKey]
    motivo: Mapped[Texto]
    puesta: Mapped[dt.datetime]
    puesta_por: Mapped[Quien]
    levantada: Mapped[dt.datetime | None]
    levantada_por: Mapped[str | None] = mapped_column(String(80))
    motivo_fin: Mapped[str | None] = mapped_column(String(500))
