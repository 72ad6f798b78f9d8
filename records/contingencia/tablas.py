"""Rows of this room. Work on paper while a system is down (control 6-6): forms, receipts, what is entered afterwards."""

import datetime as dt

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.base.tablas import Base, CaseKey, Clave, Codigo, InstanciaId, Nombre, Quien, Texto


class LotePapel(Base):
    """Blank forms of one kind, printed together: their numbers follow each other in the series of
    the point."""

    __tablename__ = "lote_papel"

    id: Mapped[Clave]
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"), index=True)
    clase: Mapped[Codigo]  # a code of records.contingencia.reglas.papel.CLASES
    desde: Mapped[int]
    hasta: Mapped[int]
    impreso: Mapped[dt.datetime]
    impreso_por: Mapped[Quien]
    anulado: Mapped[dt.datetime | None]
    anulado_por: Mapped[Quien | None]
    anulado_motivo: Mapped[Texto | None]


class CaidaPunto(Base):
    """A time in which a point worked on paper, and the recorded outage that it belongs to, if there
    is one."""

    __tablename__ = "caida_punto"

    id: Mapped[Clave]
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"), index=True)
    desde: Mapped[dt.datetime]
    hasta: Mapped[dt.datetime | None]
    motivo: Mapped[Texto]
    caida_crm_id: Mapped[int | None] = mapped_column(ForeignKey("caida_crm.id"), index=True)
    # of another system: when it fell
    suceso_id: Mapped[int | None] = mapped_column(ForeignKey("sistema_suceso.id"))
    declarada: Mapped[dt.datetime]
    declarada_por: Mapped[Quien]
    terminada: Mapped[dt.datetime | None]  # when its end was told
    terminada_por: Mapped[Quien | None]


class FormatoPapel(Base):
    """A number that was printed. What it says is in the records of its visit; here: both times and
    both people, or why it is none."""

    __tablename__ = "formato_papel"
    __table_args__ = (UniqueConstraint("punto_id", "numero"),)

    id: Mapped[Clave]
    lote_id: Mapped[int] = mapped_column(ForeignKey("lote_papel.id"), index=True)
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"))
    numero: Mapped[int]
    caida_id: Mapped[int | None] = mapped_column(ForeignKey("caida_punto.id"), index=True)
    atendio: Mapped[Quien | None]  # as the paper is signed
    inicio: Mapped[dt.datetime | None]  # as the paper says
    fin: Mapped[dt.datetime | None]
    digitado: Mapped[dt.datetime | None] = mapped_column(index=True)
    digitado_por: Mapped[Quien | None]
    turno_id: Mapped[int | None] = mapped_column(ForeignKey("turno.id"), index=True)
    instancia_id: Mapped[InstanciaId | None]
    case_key: Mapped[CaseKey | None]
    explicacion: Mapped[Codigo | None]  # usado | en_blanco | danado | perdido
    explicacion_nota: Mapped[Nombre | None]
    explicado: Mapped[dt.datetime | None]
    explicado_por: Mapped[Quien | None]


class Recibo(Base):
    """Written in the command that took the form, so that whoever sends it again gets the same
    receipt and nothing is done twice."""

    __tablename__ = "recibo"

    id: Mapped[Clave]
    # made by the device when the person pressed «Terminar»
    llave: Mapped[str] = mapped_column(String(40), unique=True)
    item_id: Mapped[str] = mapped_column(String(64), index=True)
    quien: Mapped[Quien]
    # by the clock of the device; None: it said nothing that is a moment
    escrito: Mapped[dt.datetime | None]
    recibido: Mapped[dt.datetime]
