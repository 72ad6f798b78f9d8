"""How long records are kept: acts of disposal, and holds of a case."""

from webforms.base.rutas import Plano, Sala
from webforms.retencion import eliminaciones, reserva

SALA = Sala(
    (
        Plano("radicacion", (eliminaciones.rutas,)),
        Plano("cumplimiento", (reserva.rutas,)),
    )
)
