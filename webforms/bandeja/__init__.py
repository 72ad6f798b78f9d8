"""The inbox."""

from webforms.bandeja import ausencias, carga, guardados, lista, lote, plantillas, salida
from webforms.base.rutas import Plano, Sala

SALA = Sala(
    (
        Plano(
            "bandeja",
            (
                lista.rutas,
                salida.rutas,
                lote.rutas,
                guardados.rutas,
                carga.rutas,
                ausencias.rutas,
                plantillas.rutas,
            ),
        ),
    )
)
