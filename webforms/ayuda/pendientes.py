"""First walks that wait for a person: looked up once, when they enter, and kept in their
session."""

import datetime as dt

from flask import session

from records.cuentas import recorridos
from webforms.ayuda.de_quien import guias_de
from webforms.ayuda.recorridos import RECORRIDOS
from webforms.base.security import Usuario
from webforms.base.servicios import servicios

PENDIENTES = "recorridos"


def pendientes(usuario: Usuario) -> list[str]:
    suyos = [
        guia for guia in guias_de({papel.name for papel in usuario.papeles}) if guia in RECORRIDOS
    ]
    with servicios().uow.reading() as lectura:
        cerrados = recorridos.cerrados(lectura, usuario.usuario, suyos)
    return [cual for cual in suyos if cual not in cerrados]


def cerrar(usuario: Usuario, cual: str, now: dt.datetime) -> None:
    servicios().uow.run(lambda s: recorridos.cerrar(s, usuario.usuario, cual, now))
    session[PENDIENTES] = [c for c in session.get(PENDIENTES, ()) if c != cual]
