"""What proves a case: its review on the diagram that was in force, its chains, its verdicts, its
export; found among those of every process."""

from webforms.base.rutas import Plano, Sala
from webforms.evidencia import revision

SALA = Sala((Plano("cumplimiento", (revision.rutas,)),))
