"""The first page of the second half: what waits for each of its roles."""

from webforms.base.rutas import Plano, Sala
from webforms.portada import inicio

SALA = Sala((Plano("portada", (inicio.rutas,)),))
