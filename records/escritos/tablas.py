"""How a written case is answered (M5-1-04 act. 5–7): who signed, how it left and whether it
arrived, under what it is archived."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from records.base.tablas import (
    Base,
    CaseKey,
    Clave,
    Codigo,
    Nombre,
    Quien,
    Texto,
)


class Escrito(Base):
    """What a person hands in to be filed (M5-1-04): its case has subject, term and area, and may have
    several deliveries. Those of the first version have no case."""

    __tablename__ = "escrito"
    __table_args__ = (
        Index(
            "ix_escrito_por_completar",
            "falta_hasta",
            sqlite_where=text("falta IS NOT NULL AND completado IS NULL"),
            postgresql_where=text("falta IS NOT NULL AND completado IS NULL"),
        ),
    )

    id: Mapped[Clave]
    turno_id: Mapped[int] = mapped_column(ForeignKey("turno.id"), unique=True)
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"))
    persona_id: Mapped[int | None] = mapped_column(ForeignKey("persona.id"))
    caso_id: Mapped[int | None] = mapped_column(ForeignKey("caso.id"), index=True)
    folios: Mapped[int]
    asunto: Mapped[str] = mapped_column(String(300))
    falta: Mapped[Texto | None]  # what is missing of an incomplete delivery (art. 17 Ley 1755)
    falta_hasta: Mapped[dt.datetime | None]
    completado: Mapped[dt.datetime | None]  # what was missing came
    completado_por: Mapped[Quien | None]
    archivo_id: Mapped[int | None] = mapped_column(ForeignKey("archivo.id"))
    recibido: Mapped[dt.datetime]
    recibido_por: Mapped[Quien]
    radicado: Mapped[str | None] = mapped_column(String(16), index=True)  # of its case
    radicado_en: Mapped[dt.datetime | None] = mapped_column(index=True)
    novedad: Mapped[Texto | None]  # why pages and folios of what was digitised do not agree
    digitalizado: Mapped[dt.datetime | None]
    digitalizado_por: Mapped[Quien | None]
    case_key: Mapped[CaseKey | None]


class EscritoDocumento(Base):
    """One of the documents of a delivery, with its folios in the order of the file."""

    __tablename__ = "escrito_documento"
    __table_args__ = (UniqueConstraint("escrito_id", "n"),)

    id: Mapped[Clave]
    escrito_id: Mapped[int] = mapped_column(ForeignKey("escrito.id"))
    n: Mapped[int]
    nombre: Mapped[str] = mapped_column(String(200))
    folio_desde: Mapped[int]
    folio_hasta: Mapped[int]
    soporte: Mapped[Codigo]  # original | copia
    archivo_id: Mapped[int | None] = mapped_column(ForeignKey("archivo.id"))
    paginas: Mapped[int | None]  # of its image


class DocumentoSuelto(Base):
    """A document that came in and belongs to no case yet; what was decided of it, by whom and why.
    Its row stays."""

    __tablename__ = "documento_suelto"
    __table_args__ = (
        Index(
            "ix_documento_suelto_por_pasar",
            "llego",
            sqlite_where=text("destino IS NULL"),
            postgresql_where=text("destino IS NULL"),
        ),
    )

    id: Mapped[Clave]
    archivo_id: Mapped[int] = mapped_column(ForeignKey("archivo.id"), unique=True)
    remitente: Mapped[Nombre]
    asunto: Mapped[str] = mapped_column(String(300))
    canal: Mapped[Codigo]  # ventanilla | correo | mensajeria
    llego: Mapped[dt.date]
    recibido: Mapped[dt.datetime]
    recibido_por: Mapped[Quien]
    destino: Mapped[Codigo | None]  # caso | apartado; None: nobody decided yet
    case_key: Mapped[CaseKey | None]
    motivo: Mapped[Texto | None]
    decidido: Mapped[dt.datetime | None]
    decidido_por: Mapped[Quien | None]


class DocumentoDevuelto(Base):
    """That a document filed to a case is not of it: asked for by one person, decided by another.
    What was filed where stays told."""

    __tablename__ = "documento_devuelto"
    __table_args__ = (
        Index(
            "uq_documento_devuelto_pendiente",
            "suelto_id",
            unique=True,
            sqlite_where=text("decidido IS NULL"),
            postgresql_where=text("decidido IS NULL"),
        ),
    )

    id: Mapped[Clave]
    suelto_id: Mapped[int] = mapped_column(ForeignKey("documento_suelto.id"), index=True)
    case_key: Mapped[CaseKey]  # the wrong one
    motivo: Mapped[Texto]
    pedido: Mapped[dt.datetime]
    pedido_por: Mapped[Quien]
    decidido: Mapped[dt.datetime | None]
    decidido_por: Mapped[Quien | None]
    aprobado: Mapped[bool | None]
    respuesta: Mapped[Texto | None]


class Firma(Base):
    """A letter that was signed, with the hash of its text; the text is the answer that is sent."""

    __tablename__ = "firma"

    id: Mapped[Clave]
    caso_id: Mapped[int] = mapped_column(ForeignKey("caso.id"), index=True)
    respuesta_id: Mapped[int] = mapped_column(ForeignKey("respuesta.id"), unique=True)
    por: Mapped[Quien]
    calidad: Mapped[Codigo]  # lider | coordinacion
    cuando: Mapped[dt.datetime]
    huella: Mapped[str] = mapped_column(String(64))  # SHA-256 of the text


class Envio(Base):
    """The letter on its way with its guide, or handed over at the point; what became of it; the
    notice in place of one that came back."""

    __tablename__ = "envio"

    id: Mapped[Clave]
    caso_id: Mapped[int] = mapped_column(ForeignKey("caso.id"), unique=True)
    respuesta_id: Mapped[int] = mapped_column(ForeignKey("respuesta.id"), unique=True)
    medio: Mapped[Codigo]  # certificado | punto
    operador: Mapped[Codigo | None]
    guia: Mapped[str | None] = mapped_column(String(30), unique=True)
    direccion: Mapped[Nombre]  # "": handed over at the point
    municipio: Mapped[Nombre]
    fecha: Mapped[dt.date]
    limite: Mapped[dt.datetime | None]  # of the answer, when it was sent
    registrado: Mapped[dt.datetime]
    por: Mapped[Quien]
    resultado: Mapped[Codigo | None]  # entregado | devuelto
    resultado_fecha: Mapped[dt.date | None]
    causa: Mapped[Codigo | None]  # why it came back
    recibe: Mapped[Nombre | None]  # who got it, as the operator or the point says
    resultado_por: Mapped[Quien | None]
    resultado_registrado: Mapped[dt.datetime | None]
    aviso_lugar: Mapped[Texto | None]  # where the notice stood (CPACA art. 69)
    aviso_desde: Mapped[dt.date | None]
    aviso_hasta: Mapped[dt.date | None]
    aviso_por: Mapped[Quien | None]


class Archivado(Base):
    """The file of a case, closed under its series: which folios and which files, by their hashes.
    Never changed."""

    __tablename__ = "archivado"

    id: Mapped[Clave]
    caso_id: Mapped[int] = mapped_column(ForeignKey("caso.id"), unique=True)
    serie: Mapped[Nombre]
    subserie: Mapped[Nombre]
    anios_gestion: Mapped[int]
    anios_central: Mapped[int]
    disposicion: Mapped[Codigo]  # seleccion | conservacion | eliminacion
    folio_desde: Mapped[int]
    folio_hasta: Mapped[int]
    cuando: Mapped[dt.datetime]
    # canonical JSON: documents, files, letter, sending
    contenido: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    huella: Mapped[str] = mapped_column(String(64))  # SHA-256 of `contenido`
