"""Administration of the agency: its people and their roles, places, lists, calendar and
catalogues."""

from webforms.administracion import calendario, datos, entidad, importacion, personas, retiro
from webforms.base.rutas import Plano, Sala

SALA = Sala(
    (
        Plano("calendario", __name__, (calendario.rutas,)),
        Plano(
            "entidad",
            __name__,
            (
                datos.rutas,
                entidad.rutas,
            ),
        ),
        Plano(
            "personas",
            __name__,
            (
                importacion.rutas,
                personas.rutas,
                retiro.rutas,
            ),
        ),
    )
)
