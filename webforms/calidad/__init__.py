"""The quality of the service: indicators of closed months with what each counts, the monthly
reports and their delivery, the controls."""

from webforms.base.rutas import Plano, Sala
from webforms.calidad import (
    accesos,
    auditorias,
    calibraciones,
    caracterizacion,
    cierres,
    comites,
    controles,
    disponibilidad,
    documentos_del_mes,
    fallas,
    indicadores,
    interventoria,
    reportes,
    visita,
)

SALA = Sala(
    (
        Plano(
            "calidad",
            __name__,
            (
                indicadores.rutas,
                cierres.rutas,
                reportes.rutas,
                documentos_del_mes.rutas,
                interventoria.rutas,
                fallas.rutas,
                auditorias.rutas,
                calibraciones.rutas,
                comites.rutas,
                accesos.rutas,
                controles.rutas,
                disponibilidad.rutas,
                visita.rutas,
                caracterizacion.rutas,
            ),
        ),
        Plano("entrega", __name__, (interventoria.enlaces,), "/entrega"),
    )
)
