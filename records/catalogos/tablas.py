"""Rows of this room. Lists that an administrator edits, and what they begin with."""

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from records.base.tablas import Base, Codigo, Nombre, Quien


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
