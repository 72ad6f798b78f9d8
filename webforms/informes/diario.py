"""Sums up each day once it is over: its turns from the records, its tasks from the engine. Days
that were missed are made up for."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from common.rounds import attempt
from engine import reads
from engine.types import Transactions
from records.informes import diario
from records.informes.diario import Actividad
from records.plazos.reglas.calendario import JORNADA, instante

ABREN = dt.time(JORNADA[0])


def resumir_un_dia(session: Session, dia: dt.date, now: dt.datetime) -> None:
    """In the session that the caller commits."""
    desde, hasta = diario.limites(dia)
    terminadas = reads.items.worked(session, desde, instante(dia, ABREN), hasta)
    diario.resumir(
        session,
        dia,
        [Actividad(w.process, w.element, w.number, w.waiting, w.working) for w in terminadas],
        now=now,
    )


def resumir_lo_que_falta(
    uow: Transactions, now: dt.datetime, *, seguir: Callable[[], bool] = lambda: True
) -> list[dt.date]:
    """The latest day first, each in its own commit; what is over is never half summed up, and a day
    that cannot be keeps no other waiting. Gives the days that it made."""
    with uow.reading() as session:
        dias: Sequence[dt.date] = diario.faltan(session, now)
    hechos = []
    for dia in dias:
        if not seguir():
            break
        if attempt("the summary of a day", dia, partial(_uno, uow, dia, now)):
            hechos.append(dia)
    return hechos


def _uno(uow: Transactions, dia: dt.date, now: dt.datetime) -> bool:
    try:
        uow.run(partial(resumir_un_dia, dia=dia, now=now))
    except IntegrityError:
        return False  # another worker was faster: the day is there
    return True
