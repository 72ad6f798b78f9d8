"""The quality of the service: indicators of closed months with what each counts, the monthly
reports and their delivery, the controls."""

from flask import Flask

from webforms.base.rutas import blueprint
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


def register(app: Flask) -> None:
    modulos = (
        *(indicadores, cierres, reportes, documentos_del_mes, interventoria, fallas),
        *(
            auditorias,
            calibraciones,
            comites,
            accesos,
            controles,
            disponibilidad,
            visita,
            caracterizacion,
        ),
    )
    app.register_blueprint(blueprint("calidad", __name__, *(modulo.rutas for modulo in modulos)))
    app.register_blueprint(
        blueprint("entrega", __name__, interventoria.enlaces, prefijo="/entrega")
    )
