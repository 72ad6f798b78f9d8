"""The calendar by which terms are counted and points open."""

from webforms.base.rutas import Plano, Sala
from webforms.plazos import calendario

SALA = Sala((Plano("calendario", (calendario.rutas,)),))
