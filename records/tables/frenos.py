"""What is remembered of attempts that failed: under a digest with our key, so that no name,
document or address stands here."""

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base


class Freno(Base):
    """One key of one door (webforms/base/frenos.py); gone a day after its last use."""

    __tablename__ = "freno"

    # door, and digest of what it is about
    clave: Mapped[str] = mapped_column(String(64), primary_key=True)
    # failures in a row; of a quota, what was used of its window
    fallos: Mapped[int] = mapped_column(default=0)
    hasta: Mapped[dt.datetime | None]  # no attempt is looked at before
    anotado: Mapped[dt.datetime | None]  # the wait that stands in the access chain already
    # the last failure; of a quota, the beginning of its window
    ultimo: Mapped[dt.datetime] = mapped_column(index=True)
