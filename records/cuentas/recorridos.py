"""Which first walks an account has closed. A convenience, not evidence."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.cuentas.tablas import RecorridoCerrado


def cerrados(session: Session, usuario: str, cuales: Collection[str]) -> set[str]:
    """Of these, those that this person closed."""
    return set(
        session.scalars(
            select(RecorridoCerrado.recorrido).where(
                RecorridoCerrado.usuario == usuario, RecorridoCerrado.recorrido.in_(cuales)
            )
        )
    )


def cerrar(session: Session, usuario: str, cual: str, now: dt.datetime) -> None:
    """Closed twice is closed."""
    if session.get(RecorridoCerrado, (usuario, cual)) is None:
        session.add(RecorridoCerrado(usuario=usuario, recorrido=cual, cerrado=now))
        session.flush()
