"""Places of the procedure, areas, counters and files."""

import datetime as dt

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.rules.calendario import ZONA
from records.tables.base import Base, CaseKey, Clave, Codigo, Nombre, Quien


class Punto(Base):
    """A service point (M5-1-02 4.1). Its code ("BOG-AGU") is the process variable `punto_id`."""

    __tablename__ = "punto"

    codigo: Mapped[Codigo] = mapped_column(primary_key=True)
    nombre: Mapped[Nombre]
    ciudad: Mapped[Nombre]
    dane: Mapped[str] = mapped_column(String(5))
    modo_fila: Mapped[Codigo]  # digiturno | manual
    consejeria: Mapped[bool] = mapped_column(default=False)
    hora_apertura: Mapped[dt.time]
    hora_cierre: Mapped[dt.time]
    dias: Mapped[str] = mapped_column(String(7), default="12345")  # ISO week days on which it opens
    # those of them on which it opens in the morning only
    dias_manana: Mapped[str] = mapped_column(String(7), default="")
    # where its half days end or begin
    mediodia: Mapped[dt.time] = mapped_column(default=dt.time(12))
    tz: Mapped[Codigo] = mapped_column(default=lambda: ZONA.key)
    # extended opening: open without a break until then, whatever the hours say
    abierto_hasta: Mapped[dt.datetime | None]
    # an ordinary day, for estimates and demo data
    turnos_dia: Mapped[int] = mapped_column(default=0)
    activo: Mapped[bool] = mapped_column(default=True)


class DatosDeEntidad(Base):
    """The agency as it calls itself; one row, or none as long as nobody has said it."""

    __tablename__ = "datos_de_entidad"

    codigo: Mapped[Codigo] = mapped_column(primary_key=True)  # "entidad"
    nombre: Mapped[Nombre]
    nit: Mapped[Nombre]
    ciudad: Mapped[Nombre]
    dependencia: Mapped[Nombre]


class Puesto(Base):
    """A desk (módulo) of a point."""

    __tablename__ = "puesto"
    __table_args__ = (UniqueConstraint("punto_id", "modulo"),)

    id: Mapped[Clave]
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"))
    modulo: Mapped[Codigo]
    activo: Mapped[bool] = mapped_column(default=True)


class Area(Base):
    """One of the 7 areas of M5-1-02 section 3, or the GAU. Its code is the process variable
    `area_id`."""

    __tablename__ = "area"

    codigo: Mapped[Codigo] = mapped_column(primary_key=True)
    nombre: Mapped[Nombre]
    nivel2: Mapped[Nombre]
    nivel3: Mapped[Nombre]
    correo: Mapped[Nombre]
    activa: Mapped[bool] = mapped_column(default=True)


class Contador(Base):
    """The last number given in a series: "radicado:2026", "ficha:BOG-AGU:2026-11-24:A". See
    records.numeracion."""

    __tablename__ = "contador"

    serie: Mapped[str] = mapped_column(String(80), primary_key=True)
    ultimo: Mapped[int]


class Archivo(Base):
    """A file of the content-addressed store; several rows may name the same content."""

    __tablename__ = "archivo"

    id: Mapped[Clave]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    nombre: Mapped[str] = mapped_column(String(255))
    tipo: Mapped[Nombre]
    bytes: Mapped[int]
    subido_por: Mapped[Quien]
    subido: Mapped[dt.datetime]
    case_key: Mapped[CaseKey | None]
    # the visit in which it came
    turno_id: Mapped[int | None] = mapped_column(ForeignKey("turno.id"))
    # of whom it is, whatever the case
    persona_id: Mapped[int | None] = mapped_column(ForeignKey("persona.id"), index=True)
    paginas: Mapped[int] = mapped_column(default=0)  # 0: it came before they were counted
    # SHA-256 of what came, when it is kept written again
    origen: Mapped[str] = mapped_column(String(64), default="")
    trae: Mapped[list[str]] = mapped_column(default=list)  # what a PDF brings besides its pages
    # limpio | por_revisar | infectado; empty: there was none
    antivirus: Mapped[Codigo] = mapped_column(default="")
    virus: Mapped[str] = mapped_column(String(200), default="")
    revisado: Mapped[dt.datetime | None]  # by the antivirus, when that was later than it came
    eliminado: Mapped[dt.datetime | None]  # content erased by a journaled act; the row stays
    # the step of a case that made it
    tarea: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
