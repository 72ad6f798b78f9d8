"""Rows of this room. Mail: letters, the queue in which they wait, addresses, what came back."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from records.base.tablas import (
    Base,
    Clave,
    Codigo,
    Nombre,
    Quien,
    Texto,
)


class CartaDevuelta(Base):
    """A letter on paper that came back, and why; it is to be delivered again."""

    __tablename__ = "carta_devuelta"

    id: Mapped[Clave]
    aviso_id: Mapped[int] = mapped_column(ForeignKey("aviso.id"), index=True)
    causa: Mapped[Codigo]
    nota: Mapped[str] = mapped_column(String(300))
    entregada: Mapped[dt.datetime]  # when it had left
    cuando: Mapped[dt.datetime] = mapped_column(index=True)
    por: Mapped[Quien]


class Aviso(Base):
    """A notice to a person or area: the proof of control 6-3 and of every mail. `clave` makes it
    once only."""

    __tablename__ = "aviso"
    __table_args__ = (
        Index("ix_aviso_para_enviado", "para", "enviado"),
        Index(
            "ix_aviso_por_salir",
            "creado",
            sqlite_where=text("enviado IS NULL"),
            postgresql_where=text("enviado IS NULL"),
        ),
        *(
            Index(
                f"ix_aviso_{c}",
                c,
                sqlite_where=text(f"{c} IS NOT NULL"),
                postgresql_where=text(f"{c} IS NOT NULL"),
            )
            for c in ("proximo", "devuelto")
        ),
        Index(
            "ix_aviso_case_key",
            "case_key",
            sqlite_where=text("caso_id IS NULL"),
            postgresql_where=text("caso_id IS NULL"),
        ),
    )

    id: Mapped[Clave]
    clave: Mapped[str] = mapped_column(String(160), unique=True)
    caso_id: Mapped[int | None] = mapped_column(ForeignKey("caso.id"), index=True)
    # of the command that told it; of cases of other procedures all there is
    case_key: Mapped[str | None] = mapped_column(String(64))
    tipo: Mapped[Codigo]
    para: Mapped[Nombre]
    asunto: Mapped[str] = mapped_column(String(300))
    texto: Mapped[Texto]
    creado: Mapped[dt.datetime]
    enviado: Mapped[dt.datetime | None]
    error: Mapped[Texto | None]
    idioma: Mapped[Codigo] = mapped_column(default="es", server_default="es")  # es | en
    # that failed, and may still pass
    intentos: Mapped[int] = mapped_column(default=0, server_default="0")
    proximo: Mapped[dt.datetime | None]  # when it is tried again
    descartado: Mapped[dt.datetime | None]  # nobody tries it any more
    descartado_por: Mapped[Quien | None]
    descartado_porque: Mapped[Texto | None]
    adjuntos: Mapped[list[str] | None]  # SHA-256 of the documents of the case that go with it
    devuelto: Mapped[dt.datetime | None]  # its address sent it back


class DireccionCorreo(Base):
    """What is known of an address of mail. By its hash: who has it stands in `contacto` and in the
    case."""

    __tablename__ = "direccion_correo"

    huella: Mapped[str] = mapped_column(String(64), primary_key=True)
    preguntada: Mapped[dt.datetime | None]
    # of the link that confirms it
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    vence: Mapped[dt.datetime | None]
    confirmada: Mapped[dt.datetime | None]
    dudosa: Mapped[dt.datetime | None]  # it sent a mail back, and nobody has confirmed it since
    dudosa_codigo: Mapped[Codigo | None]  # RFC 3463, "5.1.1"
    # of the link that ends voluntary mails
    baja_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    baja: Mapped[dt.datetime | None]


class Rebote(Base):
    """A message that was read from the mailbox of returned mails. Nothing of its text: only what it
    was taken for."""

    __tablename__ = "rebote"

    id: Mapped[Clave]
    # SHA-256 of its bytes: read twice, it counts once
    huella: Mapped[str] = mapped_column(String(64), unique=True)
    leido: Mapped[dt.datetime] = mapped_column(index=True)
    clase: Mapped[Codigo]  # permanente | temporal | ajeno | ilegible
    codigo: Mapped[Codigo] = mapped_column(default="")
    aviso_id: Mapped[int | None] = mapped_column(ForeignKey("aviso.id"), index=True)
