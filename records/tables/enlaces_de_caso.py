"""Cases of any procedure that somebody linked."""

import datetime as dt

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, CaseKey, Clave, Codigo, Quien, Texto


class EnlaceDeCaso(Base):
    """`desde` stands to `hacia` as `clase` says. Taken away it stays, with who did it and why."""

    __tablename__ = "enlace_de_caso"
    __table_args__ = (
        Index(
            "uq_enlace_de_caso_vigente",
            "pareja",
            "clase",
            unique=True,
            sqlite_where=text("quitado IS NULL"),
            postgresql_where=text("quitado IS NULL"),
        ),
    )

    id: Mapped[Clave]
    desde: Mapped[CaseKey]
    hacia: Mapped[CaseKey]
    # both keys in their order: two cases are linked once in a way, from whichever side
    pareja: Mapped[str] = mapped_column(String(130))
    clase: Mapped[Codigo]
    motivo: Mapped[Texto]
    puesto: Mapped[dt.datetime]
    puesto_por: Mapped[Quien]
    quitado: Mapped[dt.datetime | None]
    quitado_por: Mapped[str | None] = mapped_column(String(80))
    quitado_motivo: Mapped[str | None] = mapped_column(String(2000))
