"""Turn systems of other vendors: what they told us, which ticket is which turn, what they are to
hear, who gives the numbers."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, Clave, Codigo, Nombre, Quien, Texto

POR_APLICAR = text("estado IN ('nuevo', 'espera')")
LISTADO = text("estado = 'listado'")


class DigiturnoEvento(Base):
    """What a turn system says happened to a ticket. Told again it is the same row; told with other
    data it is another one, listed."""

    __tablename__ = "digiturno_evento"
    __table_args__ = (
        UniqueConstraint("sistema", "ticket", "clase", "cuando", "huella"),
        Index(
            "ix_digiturno_evento_por_aplicar",
            "cuando",
            sqlite_where=POR_APLICAR,
            postgresql_where=POR_APLICAR,
        ),
        Index("ix_digiturno_evento_listado", "id", sqlite_where=LISTADO, postgresql_where=LISTADO),
    )

    id: Mapped[Clave]
    sistema: Mapped[Codigo]
    punto: Mapped[Nombre]  # as the system calls it
    # None: nobody has said which of ours that is
    punto_id: Mapped[str | None] = mapped_column(ForeignKey("punto.codigo"))
    ticket: Mapped[Nombre]  # as the system calls it
    clase: Mapped[Codigo]  # records.rules.digiturno.Clase
    cuando: Mapped[dt.datetime]  # by the clock of the system
    recibido: Mapped[dt.datetime]
    medio: Mapped[Codigo]  # aviso | consulta | vista | archivo
    # number, desk, rating; a document only until the event is decided
    datos: Mapped[dict[str, Any]]
    huella: Mapped[str] = mapped_column(String(64))  # of the data as they came
    estado: Mapped[Codigo]  # nuevo | espera | aplicado | sin_efecto | listado | descartado
    # why it waits, is listed, or changed nothing
    motivo: Mapped[Codigo] = mapped_column(default="")
    decidido: Mapped[dt.datetime | None]
    decidido_por: Mapped[Quien | None]  # the rules: "motor"
    nota: Mapped[Texto] = mapped_column(default="")  # what who discarded it wrote
    turno_id: Mapped[int | None] = mapped_column(ForeignKey("turno.id"))


class DigiturnoTicket(Base):
    """A ticket of a turn system and its turn here. `turno_id` is the latest: whoever comes back
    keeps the ticket in a new turn."""

    __tablename__ = "digiturno_ticket"
    __table_args__ = (
        UniqueConstraint("sistema", "punto_id", "fecha", "ticket"),
        Index("ix_digiturno_ticket_punto", "punto_id", "fecha"),
    )

    id: Mapped[Clave]
    sistema: Mapped[Codigo]
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"))
    fecha: Mapped[dt.date]
    ticket: Mapped[Nombre]
    punto: Mapped[Nombre]  # as the system calls it
    numero: Mapped[Codigo]  # as it is printed on the paper
    turno_id: Mapped[int] = mapped_column(ForeignKey("turno.id"), unique=True)
    ultimo: Mapped[dt.datetime]  # the time of the last event that changed something


class DigiturnoSalida(Base):
    """Something that was done here to one of its tickets, which the system is to hear. Found from
    the periods of the turn."""

    __tablename__ = "digiturno_salida"
    __table_args__ = (
        Index(
            "ix_digiturno_salida_pendiente",
            "sistema",
            "id",
            sqlite_where=text("estado = 'pendiente'"),
            postgresql_where=text("estado = 'pendiente'"),
        ),
    )

    id: Mapped[Clave]
    # p<period> or c<turn>: each is told once
    llave: Mapped[str] = mapped_column(String(40), unique=True)
    sistema: Mapped[Codigo]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("digiturno_ticket.id"))
    turno_id: Mapped[int] = mapped_column(ForeignKey("turno.id"), index=True)
    # llamado | rellamado | iniciado | ausente | devuelto | retirado | finalizado | trasladado
    clase: Mapped[Codigo]
    cuando: Mapped[dt.datetime]
    modulo: Mapped[Codigo | None]
    # pendiente | enviada | rechazada | vencida | omitida (the system said it first, or need not
    # know)
    estado: Mapped[Codigo]
    enviada: Mapped[dt.datetime | None]
    intentos: Mapped[int] = mapped_column(default=0)
    siguiente: Mapped[dt.datetime | None]  # not before
    tomada_hasta: Mapped[dt.datetime | None]  # a worker has it
    error: Mapped[Texto] = mapped_column(default="")
    error_causa: Mapped[Codigo] = mapped_column(default="")


class DigiturnoSistema(Base):
    """How it stands with a turn system: until where it was read, when it was last heard."""

    __tablename__ = "digiturno_sistema"

    codigo: Mapped[Codigo] = mapped_column(primary_key=True)
    # until where its events were read, in its own words
    cursor: Mapped[Texto] = mapped_column(default="")
    oido: Mapped[dt.datetime | None]
    preguntado: Mapped[dt.datetime | None]
    falla: Mapped[Texto] = mapped_column(default="")
    falla_desde: Mapped[dt.datetime | None]
    ilegibles: Mapped[int] = mapped_column(default=0)  # rows that are no event
    ilegible: Mapped[Texto] = mapped_column(default="")  # why the last of them is none


class DigiturnoRecibo(Base):
    """A message of a system that was taken: sent again it does nothing."""

    __tablename__ = "digiturno_recibo"
    __table_args__ = (
        UniqueConstraint("sistema", "mensaje"),
        Index("ix_digiturno_recibo_recibido", "recibido"),
    )

    id: Mapped[Clave]
    sistema: Mapped[Codigo]
    mensaje: Mapped[str] = mapped_column(String(200))
    huella: Mapped[str] = mapped_column(String(64))
    recibido: Mapped[dt.datetime]
    eventos: Mapped[int]


class DigiturnoModo(Base):
    """Who gives the numbers at a point from then on; the last row is in force, without one the
    point has its own kiosk."""

    __tablename__ = "digiturno_modo"

    id: Mapped[Clave]
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"), index=True)
    modo: Mapped[Codigo]  # propio | manual | the code of a turn system
    desde: Mapped[dt.datetime]
    quien: Mapped[Quien]  # by itself: "motor"
    razon: Mapped[Texto]
