"""The six controls of section 6 with what proves each, duties kept apart, and reviews of
accesses."""

from webforms.base.rutas import Plano, Sala
from webforms.controles import accesos, controles

SALA = Sala((Plano("calidad", (accesos.rutas, controles.rutas)),))
