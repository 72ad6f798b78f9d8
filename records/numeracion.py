"""Numbers without gaps or repetition. The row of a series stays locked until the command commits."""

import datetime as dt
from typing import Any

from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from common.prepared import Prepared
from records.rules import radicado
from records.rules.calendario import dia_local
from records.tables import Base

_CONTADOR = Base.metadata.tables["contador"]


def _siguiente(alta: Any) -> Prepared:
    return Prepared(
        alta.on_conflict_do_update(index_elements=[_CONTADOR.c.serie], set_={"ultimo": _CONTADOR.c.ultimo + 1}).returning(
            _CONTADOR.c.ultimo
        )
    )


_SIGUIENTE = {"postgresql": _siguiente(postgresql.insert(_CONTADOR)), "sqlite": _siguiente(sqlite.insert(_CONTADOR))}


def siguiente_numero(session: Session, serie: str) -> int:
    """The next number of a series, 1 first: one statement on both databases."""
    numero: int = _SIGUIENTE[session.get_bind().dialect.name].scalar(session, {"serie": serie, "ultimo": 1})
    return numero


def nuevo_radicado(session: Session, now: dt.datetime) -> str:
    """The next radicado of the year, in Bogotá."""
    anio = dia_local(now).year
    return radicado.formar(anio, siguiente_numero(session, f"radicado:{anio}"))
