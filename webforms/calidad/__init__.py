"""The quality of the service: indicators of closed months with what each counts, the monthly reports and their delivery, the controls."""

from flask import Flask

from webforms.base.rutas import blueprint
from webforms.calidad import accesos
from webforms.calidad import auditorias
from webforms.calidad import calibraciones
from webforms.calidad import caracterizacion
from webforms.calidad import cierres
from webforms.calidad import comites
from webforms.calidad import controles
from webforms.calidad import disponibilidad
from webforms.calidad import documentos_del_mes
from webforms.calidad import fallas
from webforms.calidad import indicadores
from webforms.calidad import interventoria
from webforms.calidad import reportes
from webforms.calidad import visita


def register(app: Flask) -> None:
    modulos = (
        *(indicadores, cierres, reportes, documentos_del_mes, interventoria, fallas),
        *(auditorias, calibraciones, comites, accesos, controles, disponibilidad, visita, caracterizacion),
    )
    app.register_blueprint(blueprint("calidad", __name__, *(modulo.rutas for modulo in modulos)))
    app.register_blueprint(blueprint("entrega", __name__, interventoria.enlaces, prefijo="/entrega"))
