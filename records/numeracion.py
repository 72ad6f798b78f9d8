"""Numbers without gaps or repetition. The row of a series stays locked until the command commits."""

import datetime as dt

from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from records.rules import radicado
from records.rules.calendario import dia_local
from records.tables import Contador


def siguiente_numero(session: Session, serie: str) -> int:
    """The next number of a series, 1 first: one statement on both databases."""
    es_postgres = session.get_bind().dialect.name == "postgresql"
    alta = postgresql.insert(Contador) if es_postgres else sqlite.insert(Contador)
    sentencia = (
        alta.values(serie=serie, ultimo=1)
        .on_conflict_do_update(index_elements=[Contador.serie], set_={"ultimo": Contador.ultimo + 1})
        .returning(Contador.ultimo)
    )
    return session.execute(sentencia).scalar_one()


def nuevo_radicado(session: Session, now: dt.datetime) -> str:
    """The next radicado of the year, in Bogotá."""
    anio = dia_local(now).year
    return radicado.formar(anio, siguiente_numero(session, f"radicado:{anio}"))
