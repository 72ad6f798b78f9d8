"""Changes to the law of the house that wait for a second person: what would change, before the eyes
of whoever decides."""

from webforms.aprobaciones import decision, lista
from webforms.base.rutas import Plano, Sala

SALA = Sala(
    (
        Plano(
            "aprobaciones",
            (
                lista.rutas,
                decision.rutas,
            ),
        ),
    )
)
