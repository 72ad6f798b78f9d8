"""What came from a device that had been without network: one row for each sending, by the key that
the device gave it."""

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, Clave, Quien


class Recibo(Base):
    """Written in the command that took the form, so that whoever sends it again gets the same
    receipt and nothing is done twice."""

    __tablename__ = "recibo"

    id: Mapped[Clave]
    # made by the device when the person pressed «Terminar»
    llave: Mapped[str] = mapped_column(String(40), unique=True)
    item_id: Mapped[str] = mapped_column(String(64), index=True)
    quien: Mapped[Quien]
    # by the clock of the device; None: it said nothing that is a moment
    escrito: Mapped[dt.datetime | None]
    recibido: Mapped[dt.datetime]
