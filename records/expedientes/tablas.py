"""Rows of this room. The file of a case: its documents, its index, the series under which it is kept."""

import datetime as dt

from sqlalchemy import BigInteger, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.base.tablas import Base, CaseKey, Clave, Codigo, Nombre


class SerieDocumental(Base):
    """How long documents of a kind are kept, and what becomes of them then; a term that changes is
    a new row."""

    __tablename__ = "serie_documental"

    codigo: Mapped[Codigo] = mapped_column(primary_key=True)
    nombre: Mapped[Nombre]
    gestion: Mapped[int]  # years in the office
    central: Mapped[int]  # years in the archive
    disposicion: Mapped[Codigo]  # conservar | eliminar | seleccionar | digitalizar
    # what `flask retention` forgets by it; empty: nothing
    gobierna: Mapped[Codigo] = mapped_column(default="")
    subserie: Mapped[Nombre] = mapped_column(default="")
    # whose case files, of one that governs those; empty: of all others
    procedimiento: Mapped[str] = mapped_column(String(120), default="")
    vigente_desde: Mapped[dt.date]
    vigente_hasta: Mapped[dt.date | None]


class IndiceExpediente(Base):
    """The index of a case as it was closed. What comes later makes another version; only an act of
    disposal empties `contenido`."""

    __tablename__ = "indice_expediente"
    __table_args__ = (UniqueConstraint("case_key", "version"),)

    id: Mapped[Clave]
    case_key: Mapped[CaseKey]
    version: Mapped[int]
    hecho: Mapped[dt.datetime]
    documentos: Mapped[int]
    paginas: Mapped[int]
    contenido: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # XML
    huella: Mapped[str] = mapped_column(String(64))  # SHA-256 of `contenido`
    anterior: Mapped[str] = mapped_column(String(64), default="")  # `huella` of the version before
    bytes: Mapped[int] = mapped_column(BigInteger)  # of its documents
