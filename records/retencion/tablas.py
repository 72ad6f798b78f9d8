"""The electronic index of each case file, and what was disposed of by its retention series: acts,
their inventory, objections."""

import datetime as dt

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from records.base.tablas import Base, CaseKey, Clave, Codigo, Nombre, Quien, Texto


class ActaEliminacion(Base):
    """What is disposed of at once, of one series: proposed by one person, approved by another,
    published, then carried out."""

    __tablename__ = "acta_eliminacion"

    id: Mapped[Clave]
    numero: Mapped[Codigo] = mapped_column(unique=True)
    serie: Mapped[Nombre]
    serie_nombre: Mapped[Nombre]
    subserie: Mapped[Nombre]
    anios: Mapped[int]  # in the office and in the archive, as the series said then
    # propuesta | devuelta | retirada | aprobada | publicada | ordenada | ejecutada
    estado: Mapped[Codigo]
    motivo: Mapped[Texto]
    inventario: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)  # CSV
    huella: Mapped[str] = mapped_column(String(64))  # SHA-256 of `inventario`
    propuesta: Mapped[dt.datetime]
    propuesta_por: Mapped[Quien]
    decidida: Mapped[dt.datetime | None]
    decidida_por: Mapped[Quien | None]
    respuesta: Mapped[Texto] = mapped_column(default="")
    # number of the minutes in which the committee approved it
    comite_acta: Mapped[Nombre] = mapped_column(default="")
    comite_fecha: Mapped[dt.date | None]
    publicada: Mapped[dt.date | None]  # the day on which the inventory was put on the web site
    publicada_en: Mapped[str] = mapped_column(String(500), default="")
    publicada_por: Mapped[Quien | None]
    hasta: Mapped[dt.date | None]  # the last day for observations
    ordenada: Mapped[dt.datetime | None]
    ordenada_por: Mapped[Quien | None]
    ejecutada: Mapped[dt.datetime | None]
    retirada_por: Mapped[Quien | None]
    # the act once it is carried out: canonical JSON
    contenido: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    huella_acta: Mapped[str] = mapped_column(String(64), default="")  # SHA-256 of `contenido`


class ExpedienteEnActa(Base):
    """A line of the inventory of an act, and what became of it."""

    __tablename__ = "acta_eliminacion_caso"
    __table_args__ = (
        UniqueConstraint("acta_id", "n"),
        Index(
            "uq_acta_eliminacion_caso_en_curso",
            "case_key",
            unique=True,
            sqlite_where=text("estado IN ('pendiente', 'eliminado')"),
            postgresql_where=text("estado IN ('pendiente', 'eliminado')"),
        ),
    )

    id: Mapped[Clave]
    acta_id: Mapped[int] = mapped_column(ForeignKey("acta_eliminacion.id"))
    n: Mapped[int]
    case_key: Mapped[CaseKey]
    numero: Mapped[str] = mapped_column(String(48))
    procedimiento: Mapped[str] = mapped_column(String(120))
    abierto: Mapped[dt.datetime]
    cerrado: Mapped[dt.datetime]
    cumple: Mapped[dt.date]  # its retention term ended on this day
    documentos: Mapped[int]
    paginas: Mapped[int]
    bytes: Mapped[int] = mapped_column(BigInteger)
    indice: Mapped[str] = mapped_column(String(64))  # hash of its closed index
    estado: Mapped[Codigo]  # pendiente | eliminado | excluido
    # why it was left out: reserva | objecion | abierto | plazo | serie | retirada
    causa: Mapped[Codigo] = mapped_column(default="")
    cuando: Mapped[dt.datetime | None]
    formularios: Mapped[int | None]  # that were erased; None: not yet
    archivos: Mapped[int | None]


class ObjecionEliminacion(Base):
    """What somebody said against an inventory that was published, and what was decided of it."""

    __tablename__ = "acta_eliminacion_objecion"

    id: Mapped[Clave]
    acta_id: Mapped[int] = mapped_column(ForeignKey("acta_eliminacion.id"), index=True)
    de_quien: Mapped[Nombre]
    texto: Mapped[Texto]
    linea: Mapped[int | None]  # `n` of the case that it is about; None: all of the act
    recibida: Mapped[dt.date]
    registrada: Mapped[dt.datetime]
    registrada_por: Mapped[Quien]
    aceptada: Mapped[bool | None]
    respuesta: Mapped[Texto] = mapped_column(default="")
    decidida: Mapped[dt.datetime | None]
    decidida_por: Mapped[Quien | None]
