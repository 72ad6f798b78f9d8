"""Rows of this room. Where work is done: points, desks, devices, municipalities, the agency itself."""

import datetime as dt

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.base.tablas import Base, Clave, Codigo, Nombre, Quien
from records.plazos.reglas.calendario import ZONA


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


class Dispositivo(Base):
    """A kiosk, board or rating tablet; only the hash of its token is kept. `codigo` is the id of
    its Actor."""

    __tablename__ = "dispositivo"

    id: Mapped[Clave]
    codigo: Mapped[Quien] = mapped_column(unique=True)
    tipo: Mapped[Codigo]  # quiosco | tablero | tableta
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"), index=True)
    modulo: Mapped[Codigo | None]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    activo: Mapped[bool] = mapped_column(default=True)
    registrado: Mapped[dt.datetime]
    registrado_por: Mapped[Quien]
    visto: Mapped[dt.datetime | None]
