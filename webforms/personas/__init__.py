"""Citizens: what they say of themselves, and who was served as counts that show nobody."""

from webforms.base.rutas import Plano, Sala
from webforms.personas import a_quien_atendemos, sobre_usted

SALA = Sala(
    (
        Plano("calidad", (a_quien_atendemos.rutas,)),
        Plano("tramites", (sobre_usted.rutas,), "/tramites"),
    )
)
