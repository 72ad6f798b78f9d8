"""Login and logout, the password behind a link of one use, and one's own account."""

from flask import Flask

from webforms.acceso import (
    clave,
    con_equipo,
    con_llave,
    cuenta,
    ingreso,
    llaves,
    puerta,
    recuperar,
    retomar,
    segundo,
)
from webforms.base.rutas import Plano, Sala


def _poner(app: Flask) -> None:
    app.before_request(retomar.no_ejecutar)


SALA = Sala(
    (
        Plano(
            "ingreso",
            (
                ingreso.rutas,
                con_llave.rutas,
                con_equipo.rutas,
                clave.rutas,
                recuperar.rutas,
            ),
        ),
        Plano("puerta", (puerta.rutas,)),
        Plano("cuenta", (cuenta.rutas,), sin_segundo=True),
        Plano("segundo", (segundo.rutas,), sin_segundo=True),
        Plano("llaves", (llaves.rutas,), sin_segundo=True),
    ),
    poner=_poner,
)
