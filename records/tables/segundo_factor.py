"""The second factor of accounts: an application of codes, and codes for whoever lost it."""

import datetime as dt

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, Clave


class SegundoFactor(Base):
    """The application of codes of an account (RFC 6238). `secreto` is encrypted with a key of this
    place's secret, and says before that with which hash its codes are made
    (records/segundo_factor.py)."""

    __tablename__ = "segundo_factor"

    cuenta_id: Mapped[int] = mapped_column(ForeignKey("cuenta.id"), primary_key=True)
    secreto: Mapped[str] = mapped_column(Text)
    puesto: Mapped[dt.datetime]


class CodigoDeRecuperacion(Base):
    """One of the codes that were printed; only its digest with our key is kept."""

    __tablename__ = "codigo_de_recuperacion"

    id: Mapped[Clave]
    cuenta_id: Mapped[int] = mapped_column(ForeignKey("cuenta.id"), index=True)
    huella: Mapped[str] = mapped_column(String(64), unique=True)
    usado: Mapped[dt.datetime | None]
