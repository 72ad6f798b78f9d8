"""Numbers without gaps or repetition. The row of a series stays locked until the command
commits."""

import datetime as dt

from sqlalchemy.orm import Session

from records.base import numeracion_sql as sql
from records.casos.reglas import radicado
from records.plazos.reglas.calendario import dia_local


def siguiente_numero(session: Session, serie: str) -> int:
    """The next number of a series, 1 first: one statement on both databases."""
    numero: int = sql.SIGUIENTE[session.get_bind().dialect.name].scalar(
        session, {"serie": serie, "ultimo": 1}
    )
    return numero


def nuevo_numero(session: Session, patron: str, now: dt.datetime) -> str:
    """The next number of a pattern (`engine.lint.cases`): a series for each pattern, and for each
    year where it names the year. More or fewer zeros are the same series: its numbers grow out of
    them."""
    anio = dia_local(now).year
    serie = f"caso:{radicado.serie_de(patron, anio)}"
    return radicado.segun_patron(patron, anio, siguiente_numero(session, serie))


def nuevo_radicado(session: Session, now: dt.datetime) -> str:
    """The next radicado of the year, in Bogotá."""
    anio = dia_local(now).year
    return radicado.formar(anio, siguiente_numero(session, f"radicado:{anio}"))
