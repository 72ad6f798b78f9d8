"""Rows of this room. Citizens: who they are, what they agreed to, whom they act for."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from records.base.tablas import Base, CaseKey, Clave, Codigo, Nombre, Quien, Texto, por_comienzo


class Persona(Base):
    """A citizen as the CRM knows them."""

    __tablename__ = "persona"
    __table_args__ = (UniqueConstraint("tipo_doc", "num_doc"),)

    id: Mapped[Clave]
    tipo_doc: Mapped[str] = mapped_column(String(3))  # CC TI CE PA RC PPT
    num_doc: Mapped[str] = mapped_column(String(20), index=True)
    nombre: Mapped[Nombre] = mapped_column(index=True)
    calidad: Mapped[Codigo]  # beneficiario | deudor_solidario | apoderado | cliente_potencial
    fecha_nac: Mapped[dt.date | None]
    creada: Mapped[dt.datetime]


class PersonaPalabra(Base):
    """The words of the name in force (`rules.nombres`), so that a name is found by the beginnings
    of its words at any size."""

    __tablename__ = "persona_palabra"
    __table_args__ = (Index("ix_persona_palabra_persona", "persona_id", "palabra"),)

    palabra: Mapped[str] = mapped_column(por_comienzo(60), primary_key=True)
    persona_id: Mapped[int] = mapped_column(ForeignKey("persona.id"), primary_key=True)


class Contacto(Base):
    """One datum of a person, dated: 5.2.7 closes the old row and opens a new one; nothing is
    overwritten."""

    __tablename__ = "contacto"
    __table_args__ = (
        Index(
            "uq_contacto_vigente",
            "persona_id",
            "tipo",
            unique=True,
            sqlite_where=text("vigente_hasta IS NULL"),
            postgresql_where=text("vigente_hasta IS NULL"),
        ),
    )

    id: Mapped[Clave]
    persona_id: Mapped[int] = mapped_column(ForeignKey("persona.id"), index=True)
    # nombre direccion municipio telefono_fijo celular correo medio_notificacion
    tipo: Mapped[Codigo]
    valor: Mapped[str] = mapped_column(String(200))
    vigente_desde: Mapped[dt.datetime]
    vigente_hasta: Mapped[dt.datetime | None]
    registrado_por: Mapped[Quien]
    case_key: Mapped[CaseKey | None]


class Consentimiento(Base):
    """What a person answered to "Autoriza tratamiento" (Ley 1581/2012), dated like a contact."""

    __tablename__ = "consentimiento"

    id: Mapped[Clave]
    persona_id: Mapped[int] = mapped_column(ForeignKey("persona.id"), index=True)
    autoriza: Mapped[bool]
    vigente_desde: Mapped[dt.datetime]
    vigente_hasta: Mapped[dt.datetime | None]
    registrado_por: Mapped[Quien]
    case_key: Mapped[CaseKey | None]


class ServicioAdquirido(Base):
    """A product of a person. Balances are not kept here: they come from the legacy systems (reserva
    bancaria)."""

    __tablename__ = "servicio_adquirido"
    __table_args__ = (
        UniqueConstraint("persona_id", "obligacion"),
        Index("ix_servicio_adquirido_obligacion", "obligacion"),
    )

    id: Mapped[Clave]
    persona_id: Mapped[int] = mapped_column(ForeignKey("persona.id"))
    # beneficiario | deudor_solidario
    calidad: Mapped[Codigo] = mapped_column(default="beneficiario")
    linea: Mapped[Codigo]
    obligacion: Mapped[Codigo]
    sistema_origen: Mapped[Codigo]  # a code of records.sistemas.reglas.sistemas
    anio_giro: Mapped[int]
    estado: Mapped[Codigo]  # vigente | cancelado | en_cobro | en_estudio


class Poder(Base):
    """A power of attorney shown at 5.2.5."""

    __tablename__ = "poder"

    id: Mapped[Clave]
    titular_id: Mapped[int] = mapped_column(ForeignKey("persona.id"), index=True)
    apoderado_id: Mapped[int] = mapped_column(ForeignKey("persona.id"), index=True)
    notaria: Mapped[Nombre]
    numero: Mapped[Codigo]
    fecha: Mapped[dt.date]
    vence: Mapped[dt.date | None]
    archivo_id: Mapped[int | None] = mapped_column(ForeignKey("archivo.id"))
    # codes, one after the other with a blank
    facultades: Mapped[str] = mapped_column(String(200), default="")
    estado: Mapped[Codigo]  # valido | rechazado | dudoso
    motivo: Mapped[Texto] = mapped_column(default="")
    registrado: Mapped[dt.datetime]
    registrado_por: Mapped[Quien]
    case_key: Mapped[CaseKey | None]


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
