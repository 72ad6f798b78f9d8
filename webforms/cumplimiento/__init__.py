"""Compliance: search, review, chains, who has looked at a person."""

from webforms.base.rutas import Plano, Sala
from webforms.cumplimiento import de_una_persona, derechos, quien_vio, reserva, revision

SALA = Sala(
    (
        Plano(
            "cumplimiento",
            (
                revision.rutas,
                quien_vio.rutas,
                de_una_persona.rutas,
                derechos.rutas,
                reserva.rutas,
            ),
        ),
    )
)
