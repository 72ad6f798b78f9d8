"""Reports of escalated cases that are overdue, to the leaders of the areas (control 6-5). Rows stay
as they were determined."""

import datetime as dt

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, Clave, Codigo, InstanciaId, Quien, Texto


class ReporteFallas(Base):
    """What was looked for on one business day; a day without overdue cases has a row, too: it was
    looked at."""

    __tablename__ = "reporte_fallas"

    id: Mapped[Clave]
    dia: Mapped[dt.date] = mapped_column(index=True)
    instancia_id: Mapped[InstanciaId]
    determinado: Mapped[dt.datetime]
    cuantos: Mapped[int]
    # empty with cases: nobody reviewed it, the next day's replaced it
    revisado: Mapped[dt.datetime | None]
    revisado_por: Mapped[Quien | None]
    nota: Mapped[Texto] = mapped_column(default="")
    remitido: Mapped[dt.datetime | None]


class ReporteFallasCaso(Base):
    """A case that was overdue then, where it was, and whose it was."""

    __tablename__ = "reporte_fallas_caso"
    __table_args__ = (UniqueConstraint("reporte_id", "caso_id"),)

    id: Mapped[Clave]
    reporte_id: Mapped[int] = mapped_column(ForeignKey("reporte_fallas.id"))
    caso_id: Mapped[int] = mapped_column(ForeignKey("caso.id"))
    area_id: Mapped[str] = mapped_column(ForeignKey("area.codigo"))
    tiene: Mapped[Quien | None]
    estado: Mapped[Codigo]
    termino: Mapped[Codigo]  # legal | interno: which of its terms had passed, the graver one
    vencia: Mapped[dt.datetime]
