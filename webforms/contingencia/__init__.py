"""Paper continuity: blank forms printed beforehand, points that work on paper, the later entry,
numbers that nobody entered."""

from webforms.base.rutas import Plano, Sala
from webforms.contingencia import caidas, digitar, inicio, lotes

SALA = Sala((Plano("papel", (inicio.rutas, lotes.rutas, caidas.rutas, digitar.rutas)),))
