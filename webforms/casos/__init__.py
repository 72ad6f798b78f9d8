"""The case: its page, its path, where it stands."""

from webforms.base.rutas import Plano, Sala
from webforms.casos import (
    anulacion,
    cartas,
    caso,
    con_motivo,
    correcciones,
    datos,
    documentos,
    enlaces,
    fechas,
    paginas,
    prorroga,
    tiempos,
)

SALA = Sala(
    (
        Plano(
            "casos",
            (
                caso.rutas,
                documentos.rutas,
                cartas.rutas,
                paginas.rutas,
                prorroga.rutas,
                anulacion.rutas,
                con_motivo.rutas,
                correcciones.rutas,
                datos.rutas,
                enlaces.rutas,
                fechas.rutas,
                tiempos.rutas,
            ),
        ),
    )
)
