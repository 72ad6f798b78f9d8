"""The worker's round over mails that wait: those whose time has come get a job, each in a commit of
its own."""

import datetime as dt

from sqlalchemy.orm import Session

from engine.commands import Engine
from engine.types import Data
from records.correo import avisos, correos

POR_RONDA = 200  # the next round is near


class _Ninguno(Exception):
    """Another worker was faster."""


def repasar(engine: Engine, now: dt.datetime) -> int:
    """How many are tried again."""
    for hechos in range(POR_RONDA):
        if not _uno(engine, now):
            return hechos
    return POR_RONDA


def _uno(engine: Engine, now: dt.datetime) -> bool:
    with engine.uow.reading() as session:
        if not correos.hay_vencidos(session, now):
            return False

    def tomar(session: Session) -> tuple[str, Data]:
        tomado = correos.tomar_vencido(session, now)
        if tomado is None:
            raise _Ninguno
        return trabajo(tomado)

    try:
        engine.jobs.ask(avisos.ENVIAR, tomar, queue="mail")
    except _Ninguno:
        return False
    return True


def trabajo(por_enviar: correos.PorEnviar) -> tuple[str, Data]:
    """Key and arguments of its job, as when the mail was written."""
    return avisos.trabajo(por_enviar.clave, por_enviar.turno, por_enviar.case_key)
