"""What the figures say: the operation now, indicators of closed months with what each counts,
monthly reports on page, paper and workbook, overdue cases, availability of the CRM."""

from webforms.base.rutas import Plano, Sala
from webforms.informes import (
    cierres,
    de_una_vez,
    disponibilidad,
    documentos_del_mes,
    fallas,
    hoy,
    indicadores,
    reportes,
)

SALA = Sala(
    (
        Plano(
            "calidad",
            (
                indicadores.rutas,
                cierres.rutas,
                reportes.rutas,
                de_una_vez.rutas,
                documentos_del_mes.rutas,
                fallas.rutas,
                disponibilidad.rutas,
            ),
        ),
        Plano("gerencia", (hoy.rutas,)),
    )
)
