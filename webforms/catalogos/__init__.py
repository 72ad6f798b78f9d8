"""The lists that an administrator edits: points, areas, subjects, norms, series and the others."""

from webforms.base.rutas import Plano, Sala
from webforms.catalogos import catalogos

SALA = Sala((Plano("entidad", (catalogos.rutas,)),))
