"""The quality committee: its sessions with votes and minutes, and findings until they are closed
(5.2.30–5.2.31)."""

from webforms.base.rutas import Plano, Sala
from webforms.comites import comites

SALA = Sala((Plano("calidad", (comites.rutas,)),))
