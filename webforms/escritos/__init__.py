"""Documents that are filed (M5-1-04): to be received, their number, their proof on paper."""

from webforms.base.rutas import Plano, Sala
from webforms.escritos import completar, devueltos, lista, papel, sueltos

SALA = Sala(
    (
        Plano(
            "radicacion",
            (lista.rutas, completar.rutas, papel.rutas, sueltos.rutas, devueltos.rutas),
        ),
    )
)
