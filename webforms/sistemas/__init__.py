"""The systems around: how each is, and what the CRM outside has not heard."""

from webforms.base.rutas import Plano, Sala
from webforms.sistemas import crm, sistemas

SALA = Sala(
    (
        Plano("sistemas", (sistemas.rutas,)),
        Plano("crm", (crm.rutas,)),
    )
)
