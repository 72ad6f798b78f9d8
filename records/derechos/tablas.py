"""What a person asked to be done with what is held about them: each part, what was decided of it
and what became of it."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from records.base.tablas import Base, CaseKey, Clave, Codigo, Nombre, Quien, Texto


class SolicitudDatos(Base):
    """Asked for by one person, decided by another, then carried out. One of a person is in course
    at a time."""

    __tablename__ = "solicitud_datos"
    __table_args__ = (
        Index(
            "uq_solicitud_datos_en_curso",
            "persona_id",
            unique=True,
            sqlite_where=text("estado IN ('pedida', 'aprobada')"),
            postgresql_where=text("estado IN ('pedida', 'aprobada')"),
        ),
    )

    id: Mapped[Clave]
    numero: Mapped[Codigo] = mapped_column(unique=True)
    persona_id: Mapped[int] = mapped_column(ForeignKey("persona.id"), index=True)
    solicitud: Mapped[Nombre]  # the number under which they asked
    recibida: Mapped[dt.date]
    responder: Mapped[dt.date]  # fifteen business days later
    fundamento: Mapped[Texto]
    estado: Mapped[Codigo]  # pedida | devuelta | retirada | aprobada | cumplida
    pedida: Mapped[dt.datetime]
    pedida_por: Mapped[Quien]
    decidida: Mapped[dt.datetime | None]
    decidida_por: Mapped[Quien | None]
    respuesta: Mapped[Texto] = mapped_column(default="")
    cumplida: Mapped[dt.datetime | None]
    # the act once it is carried out: canonical JSON
    contenido: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    huella: Mapped[str] = mapped_column(String(64), default="")  # SHA-256 of `contenido`
    # what verifying the chains of their cases said before and after
    cadenas: Mapped[dict[str, Any] | None]


class ParteDeSolicitud(Base):
    """One part of what is held about them, and what becomes of it."""

    __tablename__ = "solicitud_datos_parte"
    __table_args__ = (UniqueConstraint("solicitud_id", "n"),)

    id: Mapped[Clave]
    solicitud_id: Mapped[int] = mapped_column(ForeignKey("solicitud_datos.id"))
    n: Mapped[int]
    que: Mapped[Codigo]  # contactos | legado | visita | caso | nombre
    case_key: Mapped[CaseKey | None]  # of a visit or a case
    hacer: Mapped[Codigo]  # suprimir | restringir | conservar
    estado: Mapped[Codigo]  # pendiente | hecha | no
    # why it was not done: reserva | en_curso | con_casos
    causa: Mapped[Codigo] = mapped_column(default="")
    datos: Mapped[int] = mapped_column(default=0)  # how many were erased
    huella: Mapped[str] = mapped_column(String(64), default="")  # of them, under a key of the place
    cuando: Mapped[dt.datetime | None]
