"""The register of all cases of all procedures: their numbers, what they are about, by what they are
found."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, CaseKey, Clave, Codigo, Nombre, por_comienzo


class CasoRegistrado(Base):
    """A case of any procedure. One of M5-1-02 has its state, terms and person in `caso`, and here
    what makes it a case like others."""

    __tablename__ = "registro_caso"
    __table_args__ = (
        Index(
            "ix_registro_caso_otros",
            "abierto",
            sqlite_where=text("caso_id IS NULL"),
            postgresql_where=text("caso_id IS NULL"),
        ),
    )

    id: Mapped[Clave]
    case_key: Mapped[CaseKey]
    # the process of the diagram that opened it
    procedimiento: Mapped[str] = mapped_column(String(120))
    numero: Mapped[str] = mapped_column(por_comienzo(48), unique=True)
    caso_id: Mapped[int | None] = mapped_column(ForeignKey("caso.id"), unique=True)
    clase: Mapped[Nombre] = mapped_column(default="")
    asunto: Mapped[str] = mapped_column(String(300), default="")
    # CC TI CE PA RC PPT; "": its diagram does not say
    tipo_doc: Mapped[str] = mapped_column(String(3), default="", server_default="")
    documento: Mapped[str] = mapped_column(String(40), index=True, default="")
    nombre: Mapped[Nombre] = mapped_column(default="")
    # whoever asked gave no name (Ley 1755 art. 16)
    anonima: Mapped[bool] = mapped_column(default=False, server_default=false())
    correo: Mapped[str] = mapped_column(String(254), default="")
    lugar: Mapped[str] = mapped_column(String(80), default="")
    lugar_nombre: Mapped[Nombre] = mapped_column(default="")
    canal: Mapped[Codigo] = mapped_column(default="")  # persona | en_linea | sistema
    estado: Mapped[Codigo]  # abierto | terminado | anulado
    abierto: Mapped[dt.datetime]
    vence: Mapped[dt.datetime | None]
    cerrado: Mapped[dt.datetime | None]


class DatoRegistrado(Base):
    """A field by which the analyst said that a case is found; the last that was said."""

    __tablename__ = "registro_dato"

    registro_id: Mapped[int] = mapped_column(ForeignKey("registro_caso.id"), primary_key=True)
    campo: Mapped[str] = mapped_column(String(120), primary_key=True)
    rotulo: Mapped[str] = mapped_column(String(300))
    valor: Mapped[str] = mapped_column(String(300))


class PlazoRegistrado(Base):
    """A legal deadline that a step of the diagram registered; the last one is the term of the case,
    those before stay told."""

    __tablename__ = "plazo_registrado"

    id: Mapped[Clave]
    case_key: Mapped[CaseKey]
    nombre: Mapped[Nombre]
    desde: Mapped[dt.datetime]
    dias: Mapped[int | None]  # business days; None: a date was given
    vence: Mapped[dt.datetime]
    registrado: Mapped[dt.datetime]
    # the passage of the step that registered it
    tarea: Mapped[str] = mapped_column(String(64), unique=True)


class MensajeRecibido(Base):
    """A signed call of a system that was taken: the same again is told apart by its name, another
    content under its name by the hash."""

    __tablename__ = "mensaje_recibido"

    sistema: Mapped[Codigo] = mapped_column(primary_key=True)
    mensaje_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    huella: Mapped[str] = mapped_column(String(64))
    mensaje: Mapped[Nombre]  # of the diagram
    case_key: Mapped[CaseKey]
    recibido: Mapped[dt.datetime]


class PalabraRegistrada(Base):
    """A word of what is known of a case, without accents and capitals
    (records/rules/nombres.py)."""

    __tablename__ = "registro_palabra"
    __table_args__ = (Index("ix_registro_palabra_palabra", "palabra", "registro_id"),)

    registro_id: Mapped[int] = mapped_column(ForeignKey("registro_caso.id"), primary_key=True)
    palabra: Mapped[str] = mapped_column(por_comienzo(60), primary_key=True)
