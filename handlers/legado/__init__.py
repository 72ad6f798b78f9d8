"""Legacy systems C&CTEX, COBOL and FOX PRO: the remote task `legado.consultar` and the job `legado.precargar`."""

from collections.abc import Mapping

from engine.types import Handlers
from handlers.legado.base import Conector
from handlers.legado.consultas import Acceso
from handlers.legado.consultas import Consultas
from handlers.legado.consultas import Sesiones


def register(handlers: Handlers, *, sesiones: Sesiones, conectores: Mapping[str, Conector], acceso: Acceso) -> None:
    """`conectores` by code (cctex, cobol, foxpro); the codes that are not there are "no configurado"."""
    consultas = Consultas(sesiones, conectores, acceso)
    handlers.remote["legado.consultar"] = consultas.consultar
    handlers.jobs["legado.precargar"] = consultas.precargar
