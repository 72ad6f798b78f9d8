"""The electronic index of a case file: made, closed, compared, and its page."""

from webforms.base.rutas import Plano, Sala
from webforms.expedientes import indice

SALA = Sala((Plano("casos", (indice.rutas,)),))
