"""Who works here: login and logout, one's own account, people with their roles and what they hold,
the end of an employment, changes to the law of the house that wait for a second person."""

from flask import Flask

from webforms.base.rutas import Plano, Sala
from webforms.cuentas import (
    aprobaciones,
    clave,
    con_equipo,
    con_llave,
    cuenta,
    decision,
    importacion,
    ingreso,
    llaves,
    personal,
    puerta,
    recuperar,
    retiro,
    retomar,
    segundo,
)


def _poner(app: Flask) -> None:
    app.before_request(retomar.no_ejecutar)


SALA = Sala(
    (
        Plano(
            "ingreso",
            (ingreso.rutas, con_llave.rutas, con_equipo.rutas, clave.rutas, recuperar.rutas),
        ),
        Plano("puerta", (puerta.rutas,)),
        Plano("cuenta", (cuenta.rutas,), sin_segundo=True),
        Plano("segundo", (segundo.rutas,), sin_segundo=True),
        Plano("llaves", (llaves.rutas,), sin_segundo=True),
        Plano("personas", (importacion.rutas, personal.rutas, retiro.rutas)),
        Plano("aprobaciones", (aprobaciones.rutas, decision.rutas)),
    ),
    poner=_poner,
)
