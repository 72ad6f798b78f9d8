"""Lists that the agency keeps, roles that only its diagrams know, and what administrators
changed."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, Clave, Codigo, Nombre, Quien, Texto


class Lista(Base):
    """A list of places or groups for which roles are held, beside points and areas. `variable` is
    what a lane's `scope` names."""

    __tablename__ = "lista"

    codigo: Mapped[Codigo] = mapped_column(primary_key=True)
    nombre: Mapped[Nombre]
    variable: Mapped[Codigo] = mapped_column(unique=True)
    activa: Mapped[bool] = mapped_column(default=True)
    creada: Mapped[dt.datetime]
    creada_por: Mapped[Quien]


class ListaValor(Base):
    """A value of a list. Its code is that of no other value, point or area: a role held for it is
    held for nothing else."""

    __tablename__ = "lista_valor"

    codigo: Mapped[Codigo] = mapped_column(primary_key=True)
    lista: Mapped[str] = mapped_column(ForeignKey("lista.codigo"), index=True)
    nombre: Mapped[Nombre]
    activo: Mapped[bool] = mapped_column(default=True)


class RolDeCarril(Base):
    """A role that a lane of a diagram named when it came into force; those of the product stand in
    `records/rules/roles.py`."""

    __tablename__ = "rol"

    codigo: Mapped[Codigo] = mapped_column(primary_key=True)
    nombre: Mapped[Nombre]
    # the variable of the list for whose values it is held; empty: for the whole agency
    alcance: Mapped[Codigo]
    desde: Mapped[dt.datetime]
    creado_por: Mapped[Quien]


class Cambio(Base):
    """What an administrator changed, with what stood before and why; written with the change, never
    changed itself."""

    __tablename__ = "cambio"
    __table_args__ = (Index("ix_cambio_sujeto", "clase", "sujeto"),)

    id: Mapped[Clave]
    clase: Mapped[Codigo]  # cuenta | punto | area | lista | …
    sujeto: Mapped[Quien]
    que: Mapped[Codigo]  # what of it: "rol", "nombre", "creada" …
    antes: Mapped[dict[str, Any]]
    despues: Mapped[dict[str, Any]]
    motivo: Mapped[Texto]
    cuando: Mapped[dt.datetime]
    quien: Mapped[Quien]


class ExcepcionCalendario(Base):
    """A day that is not as the calendar says: open or closed, for the whole agency or for one
    point. It is undone, never deleted."""

    __tablename__ = "excepcion_calendario"

    id: Mapped[Clave]
    dia: Mapped[dt.date] = mapped_column(index=True)
    # None: the whole agency
    punto_id: Mapped[str | None] = mapped_column(ForeignKey("punto.codigo"))
    abre: Mapped[bool]
    # manana | tarde: it opens only then; empty: the whole day
    parte: Mapped[Codigo] = mapped_column(default="")
    nombre: Mapped[Nombre]  # as people read it: "Día del servidor público"
    registrada: Mapped[dt.datetime]
    registrada_por: Mapped[Quien]
    anulada: Mapped[dt.datetime | None]


class DescansoSemanal(Base):
    """From which day on the agency rests on which days of the week, until a later row says
    otherwise. It is undone, never deleted."""

    __tablename__ = "descanso_semanal"

    id: Mapped[Clave]
    desde: Mapped[dt.date]
    dias: Mapped[str] = mapped_column(String(7))  # ISO week days: "67" are Saturday and Sunday
    registrado: Mapped[dt.datetime]
    registrado_por: Mapped[Quien]
    anulado: Mapped[dt.datetime | None]


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
