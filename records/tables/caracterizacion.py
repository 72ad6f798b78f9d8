"""Who is served, as they said of themselves: of no case and of no person."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, Codigo


class Caracterizacion(Base):
    """What somebody told of themselves, by their own consent; no row says whose it is, nor when it
    was told but the quarter.

    The only row that may be deleted: whoever has the key that was told to them takes their consent
    back.
    """

    __tablename__ = "caracterizacion"
    __table_args__ = (Index("ix_caracterizacion_cuenta", "trimestre", "procedimiento"),)

    #: SHA-256 of a secret that only the person has; and no number, which would tell the order in
    #: which people answered.
    llave: Mapped[str] = mapped_column(String(64), primary_key=True)
    procedimiento: Mapped[str] = mapped_column(String(120))
    trimestre: Mapped[str] = mapped_column(String(6))  # 2026-4
    consentimiento: Mapped[Codigo]  # which text was accepted
    edad: Mapped[Codigo] = mapped_column(default="")
    genero: Mapped[Codigo] = mapped_column(default="")
    etnia: Mapped[Codigo] = mapped_column(default="")
    discapacidad: Mapped[Codigo] = mapped_column(default="")
    zona: Mapped[Codigo] = mapped_column(default="")
