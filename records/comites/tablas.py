"""The quality committee (5.2.30–5.2.31): what it takes up, the answers, its sessions with
attendance and votes, minutes, actions.

Rows are not changed, but for two: a session is closed once, and what the committee decided of a
finding is written with its minutes."""

import datetime as dt

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.base.tablas import Base, Clave, Codigo, InstanciaId, Quien, Texto


class Comite(Base):
    """The committee of a month (Q19)."""

    __tablename__ = "comite"

    id: Mapped[Clave]
    mes: Mapped[Codigo] = mapped_column(unique=True)  # "2026-11": in which it is held
    reunido: Mapped[dt.datetime]
    instancia_id: Mapped[InstanciaId]


class ComiteHallazgo(Base):
    """A finding that a committee takes up; `acepta`: what it decided of the answer, with the
    minutes."""

    __tablename__ = "comite_hallazgo"
    __table_args__ = (UniqueConstraint("comite_id", "inconsistencia_id"),)

    id: Mapped[Clave]
    comite_id: Mapped[int] = mapped_column(ForeignKey("comite.id"))
    inconsistencia_id: Mapped[int] = mapped_column(ForeignKey("inconsistencia.id"), index=True)
    acepta: Mapped[bool | None]


class Accion(Base):
    """The answer to a finding (5.2.30): why it happened, what changes, who answers for it, until
    when."""

    __tablename__ = "accion"
    __table_args__ = (UniqueConstraint("comite_id", "inconsistencia_id"),)

    id: Mapped[Clave]
    comite_id: Mapped[int] = mapped_column(ForeignKey("comite.id"))
    inconsistencia_id: Mapped[int] = mapped_column(ForeignKey("inconsistencia.id"), index=True)
    causa: Mapped[Texto]
    accion: Mapped[Texto]
    responsable: Mapped[Quien]
    fecha: Mapped[dt.date]
    por: Mapped[Quien]
    cuando: Mapped[dt.datetime]
    instancia_id: Mapped[InstanciaId]


class AccionCierre(Base):
    """An action was done: what proves it."""

    __tablename__ = "accion_cierre"

    id: Mapped[Clave]
    accion_id: Mapped[int] = mapped_column(ForeignKey("accion.id"), unique=True)
    evidencia: Mapped[Texto]
    archivo_id: Mapped[int | None] = mapped_column(ForeignKey("archivo.id"))
    por: Mapped[Quien]
    cuando: Mapped[dt.datetime]


class ComiteSesion(Base):
    """A session: who was convened, until it is closed by who presides."""

    __tablename__ = "comite_sesion"
    __table_args__ = (UniqueConstraint("comite_id", "numero"),)

    id: Mapped[Clave]
    comite_id: Mapped[int] = mapped_column(ForeignKey("comite.id"))
    numero: Mapped[int]
    convocada: Mapped[dt.datetime]
    para: Mapped[dt.datetime]  # until when it is to be held
    miembros: Mapped[list[str]]
    cerrada: Mapped[dt.datetime | None]
    preside: Mapped[Quien | None]
    desarrollo: Mapped[Texto] = mapped_column(default="")


class ComiteAsistencia(Base):
    """A member is there; by themselves."""

    __tablename__ = "comite_asistencia"
    __table_args__ = (UniqueConstraint("sesion_id", "miembro"),)

    id: Mapped[Clave]
    sesion_id: Mapped[int] = mapped_column(ForeignKey("comite_sesion.id"))
    miembro: Mapped[Quien]
    cuando: Mapped[dt.datetime]


class ComiteVoto(Base):
    """One a member, finding and session."""

    __tablename__ = "comite_voto"
    __table_args__ = (UniqueConstraint("sesion_id", "inconsistencia_id", "miembro"),)

    id: Mapped[Clave]
    sesion_id: Mapped[int] = mapped_column(ForeignKey("comite_sesion.id"))
    inconsistencia_id: Mapped[int] = mapped_column(ForeignKey("inconsistencia.id"))
    miembro: Mapped[Quien]
    voto: Mapped[Codigo]  # acepta | no_acepta | se_abstiene
    motivo: Mapped[Texto]
    cuando: Mapped[dt.datetime]


class ComiteActa(Base):
    """The minutes, frozen."""

    __tablename__ = "comite_acta"

    id: Mapped[Clave]
    comite_id: Mapped[int] = mapped_column(ForeignKey("comite.id"), unique=True)
    levantada: Mapped[dt.datetime]
    contenido: Mapped[bytes] = mapped_column(LargeBinary)  # canonical JSON, compressed
    huella: Mapped[str] = mapped_column(String(64))


class PlanMejora(Base):
    """What the Gerente does about findings that come again; `hallazgos`: which."""

    __tablename__ = "plan_mejora"

    id: Mapped[Clave]
    comite_id: Mapped[int] = mapped_column(ForeignKey("comite.id"), unique=True)
    hallazgos: Mapped[list[str]]
    plan: Mapped[Texto]
    fecha: Mapped[dt.date]
    por: Mapped[Quien]
    cuando: Mapped[dt.datetime]
