"""Mails: the queue in which they wait, and those of the demo."""

from webforms.base.rutas import Plano, Sala
from webforms.correo import correo_demo, correos

SALA = Sala(
    (
        Plano("correos", (correos.rutas,)),
        Plano("correo_demo", (correo_demo.rutas,)),
    )
)
