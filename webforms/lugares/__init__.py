"""The agency by its name, and the kiosks, boards and tablets of its points."""

from webforms.base.rutas import Plano, Sala
from webforms.lugares import dispositivos, entidad

SALA = Sala(
    (
        Plano("entidad", (entidad.rutas,)),
        Plano("dispositivos", (dispositivos.rutas,)),
    )
)
