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
            __name__,
            (
                ingreso.rutas,
                con_llave.rutas,
                con_equipo.rutas,
                clave.rutas,
                recuperar.rutas,
            ),
        ),
        Plano("puerta", __name__, (puerta.rutas,)),
        Plano("cuenta", __name__, (cuenta.rutas,), sin_segundo=True),
        Plano("segundo", __name__, (segundo.rutas,), sin_segundo=True),
        Plano("llaves", __name__, (llaves.rutas,), sin_segundo=True),
    ),
    poner=_poner,
)
