"""«Iniciar»: which processes a person may begin, their start forms, many at once from a list;
messages that they hand over."""

from webforms.base.rutas import Plano, Sala
from webforms.iniciar import borradores, entregas, lotes, paginas

SALA = Sala(
    (
        Plano(
            "iniciar",
            (
                entregas.rutas,
                borradores.rutas,
                paginas.rutas,
                lotes.rutas,
            ),
            "/iniciar",
        ),
    )
)
