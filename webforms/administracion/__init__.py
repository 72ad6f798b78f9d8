"""Administration of the agency: its people and their roles, places, lists, calendar and
catalogues."""

from webforms.administracion import calendario, datos, entidad, importacion, personas, retiro
from webforms.base.rutas import Plano, Sala

SALA = Sala(
    (
        Plano("calendario", (calendario.rutas,)),
        Plano(
            "entidad",
            (
                datos.rutas,
                entidad.rutas,
            ),
        ),
        Plano(
            "personas",
            (
                importacion.rutas,
                personas.rutas,
                retiro.rutas,
            ),
        ),
    )
)
