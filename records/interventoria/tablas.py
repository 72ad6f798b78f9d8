"""What the contract supervisors get each month, by which medium, who acknowledged it, and what they
did with it (5.2.32, A4-2-02).

Rows are never changed, but for the moment at which a link was used."""

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.base.tablas import Base, Clave, Codigo, InstanciaId, Quien, Texto


class PaqueteInterventoria(Base):
    """The month as it is handed over: one ZIP with a manifest of hashes; what is printed are its
    PDFs."""

    __tablename__ = "paquete_interventoria"

    id: Mapped[Clave]
    informe_id: Mapped[int] = mapped_column(ForeignKey("informe_mensual.id"), unique=True)
    mes: Mapped[dt.date] = mapped_column(index=True)
    instancia_id: Mapped[InstanciaId]
    preparado: Mapped[dt.datetime]
    paginas: Mapped[int]  # of the printed set
    archivos: Mapped[list[dict[str, Any]]]  # nombre, sha256, bytes, paginas
    # read only by who takes it
    contenido: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    huella: Mapped[str] = mapped_column(String(64))  # SHA-256 of the ZIP


class EntregaInterventor(Base):
    """One medium sent to one supervisor. Sent again: another row."""

    __tablename__ = "entrega_interventor"
    __table_args__ = (UniqueConstraint("paquete_id", "interventor", "medio", "envio"),)

    id: Mapped[Clave]
    paquete_id: Mapped[int] = mapped_column(ForeignKey("paquete_interventoria.id"))
    interventor: Mapped[Quien]
    medio: Mapped[Codigo]  # fisico | digital
    envio: Mapped[int]
    forma: Mapped[Codigo]  # impreso | enlace | memoria
    radicado: Mapped[Codigo]
    remitido: Mapped[dt.datetime]
    por: Mapped[Quien]
    # of the link; only the mail has the token
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    vence: Mapped[dt.datetime | None]
    descargado: Mapped[dt.datetime | None]


class AcuseInterventor(Base):
    """A supervisor says that one medium arrived."""

    __tablename__ = "acuse_interventor"
    __table_args__ = (UniqueConstraint("paquete_id", "interventor", "medio"),)

    id: Mapped[Clave]
    paquete_id: Mapped[int] = mapped_column(ForeignKey("paquete_interventoria.id"))
    interventor: Mapped[Quien]
    medio: Mapped[Codigo]
    cuando: Mapped[dt.datetime]
    nota: Mapped[Texto] = mapped_column(default="")


class RecordatorioAcuse(Base):
    """A supervisor was asked again for what is not acknowledged."""

    __tablename__ = "recordatorio_acuse"
    __table_args__ = (UniqueConstraint("paquete_id", "interventor", "n"),)

    id: Mapped[Clave]
    paquete_id: Mapped[int] = mapped_column(ForeignKey("paquete_interventoria.id"))
    interventor: Mapped[Quien]
    n: Mapped[int]
    envio: Mapped[int]  # since which sending
    cuando: Mapped[dt.datetime]


class ActaInterventor(Base):
    """The meeting of the supervisors' committee in which the report was presented."""

    __tablename__ = "acta_interventor"

    id: Mapped[Clave]
    paquete_id: Mapped[int] = mapped_column(ForeignKey("paquete_interventoria.id"), unique=True)
    fecha: Mapped[dt.date]
    asistieron: Mapped[list[str]]  # user names of supervisors
    sin_acuse: Mapped[list[str]]  # who had not acknowledged everything by then
    texto: Mapped[Texto]
    por: Mapped[Quien]
    cuando: Mapped[dt.datetime]
    huella: Mapped[str] = mapped_column(String(64))


class PasoSupervision(Base):
    """What is done with a month in A4-2-02 from activity 10: verified, asked, answered, reported,
    certified, archived."""

    __tablename__ = "paso_supervision"
    __table_args__ = (UniqueConstraint("paquete_id", "paso"),)

    id: Mapped[Clave]
    paquete_id: Mapped[int] = mapped_column(ForeignKey("paquete_interventoria.id"))
    # verificacion | requerimiento | descargos | informe | certificado | archivo
    paso: Mapped[Codigo]
    decision: Mapped[bool | None]  # verificacion: it was met; certificado: it may be paid
    descuento: Mapped[int | None] = mapped_column(BigInteger)  # informe: pesos, the sum
    # indicator → what was verified of it (verificacion), or its discount in pesos (informe)
    por_obligacion: Mapped[dict[str, Any] | None]
    texto: Mapped[Texto]
    por: Mapped[Quien]
    cuando: Mapped[dt.datetime]
    huella: Mapped[str] = mapped_column(String(64))  # over the step and the one before
