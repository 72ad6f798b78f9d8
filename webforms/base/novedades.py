"""What administrators have to look after is noted from when it is noticed until it is over, and told once, by mail."""

import datetime as dt

from flask import current_app
from sqlalchemy.orm import Session

from engine.commands import Engine
from engine.types import Data
from records import operacion
from records.tables import AvisoDeOperacion
from webforms.base import estado


def ronda(engine: Engine, now: dt.datetime) -> None:
    """In an application's context: the sentences are those of its pages."""
    with current_app.test_request_context():
        halladas = estado.novedades(now)
    for aviso in engine.uow.run(lambda s: operacion.anotar_novedades(s, halladas, now)):
        _avisar(engine, aviso, now)


def _avisar(engine: Engine, aviso: AvisoDeOperacion, now: dt.datetime) -> None:
    """The job in the commit that says so: nobody is told twice, and nobody is forgotten."""
    numero = aviso.id

    def pasar(session: Session) -> tuple[str, Data]:
        operacion.avisado(session, numero, now)
        return f"operacion-{numero}", {"aviso": numero}

    engine.jobs.ask(operacion.AVISAR, pasar, queue="mail")
