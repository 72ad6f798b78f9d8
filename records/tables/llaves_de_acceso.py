"""Passkeys of accounts (WebAuthn)."""

import datetime as dt

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, Clave, Nombre


class LlaveDeAcceso(Base):
    """The public half of a passkey; the other never leaves the device of its person."""

    __tablename__ = "llave_de_acceso"

    id: Mapped[Clave]
    cuenta_id: Mapped[int] = mapped_column(ForeignKey("cuenta.id"), index=True)
    credencial: Mapped[str] = mapped_column(String(1400), unique=True)  # its id, base64url
    publica: Mapped[bytes] = mapped_column(LargeBinary)  # COSE
    contador: Mapped[int]  # of signatures; 0 for those that do not count
    nombre: Mapped[Nombre]  # as its person calls it
    puesta: Mapped[dt.datetime]
    usada: Mapped[dt.datetime | None]
