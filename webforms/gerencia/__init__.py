"""The operation now: for who manages all points."""

from webforms.base.rutas import Plano, Sala
from webforms.gerencia import panel

SALA = Sala((Plano("gerencia", __name__, (panel.rutas,)),))
