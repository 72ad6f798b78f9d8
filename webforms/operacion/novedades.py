"""What administrators have to look after is noted from when it is noticed until it is over, and
told once, by mail."""

import datetime as dt
import logging
from collections import deque
from dataclasses import replace
from typing import Final

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine.commands import Engine
from engine.types import Data
from records.sistemas import operacion
from records.sistemas.operacion import Novedad, de_equipo
from records.sistemas.tablas import AvisoDeOperacion
from webforms.operacion import instalacion
from webforms.sistemas.latido import nombre_del_equipo, nombre_del_proceso

FONDO: Final = "fondo"
#: What is to be looked after on each machine by itself.
DE_UN_EQUIPO: Final = frozenset({FONDO, "disco", "comprobacion", "certificado_propio"})
HORA: Final = dt.timedelta(hours=1)


class Fallas(logging.Handler):
    """What failed in the rounds of this process within the last hour: its log says it, and so
    somebody is told."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._fallas: deque[tuple[dt.datetime, str]] = deque(maxlen=1_000)

    def emit(self, record: logging.LogRecord) -> None:
        clase = (
            record.exc_info[0].__name__
            if record.exc_info and record.exc_info[0]
            else record.levelname
        )
        self._fallas.append((dt.datetime.fromtimestamp(record.created, dt.UTC), clase))

    def novedades(self, now: dt.datetime) -> list[Novedad]:
        ultimas = [clase for cuando, clase in list(self._fallas) if now - cuando < HORA]
        if not ultimas:
            return []
        dice = _(
            "Fallas del trabajador en la última hora: %(n)s; la última, %(c)s.",
            n=len(ultimas),
            c=ultimas[-1],
        )
        hacer = _(
            "Mande a soporte el informe de «Estado» y el registro de ese trabajador. Lo que pueda lo intenta otra vez."
        )
        return [Novedad(FONDO, dice, hacer)]


def ronda(engine: Engine, now: dt.datetime, fallas: Fallas | None = None) -> None:
    """In an application's context: the sentences are those of its pages."""
    equipo, proceso = nombre_del_equipo(), nombre_del_proceso()
    with current_app.test_request_context():
        halladas = [
            *instalacion.novedades(now),
            *(fallas.novedades(now) if fallas is not None else ()),
        ]
    halladas = [
        replace(n, codigo=de_equipo(n.codigo, equipo)) if n.codigo in DE_UN_EQUIPO else n
        for n in halladas
    ]
    for aviso in engine.uow.run(lambda s: operacion.anotar_novedades(s, halladas, proceso, now)):
        _avisar(engine, aviso, now)


def _avisar(engine: Engine, aviso: AvisoDeOperacion, now: dt.datetime) -> None:
    """The job in the commit that says so: nobody is told twice, and nobody is forgotten."""
    numero = aviso.id

    def pasar(session: Session) -> tuple[str, Data]:
        operacion.avisado(session, numero, now)
        return f"operacion-{numero}", {"aviso": numero}

    engine.jobs.ask(operacion.AVISAR, pasar, queue="mail")
