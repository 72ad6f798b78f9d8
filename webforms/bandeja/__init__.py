"""The inbox."""

from flask import Flask

from webforms.bandeja import ausencias
from webforms.bandeja import calificaciones
from webforms.bandeja import carga
from webforms.bandeja import guardados
from webforms.bandeja import lista
from webforms.bandeja import lote
from webforms.bandeja import plantillas
from webforms.bandeja import salida
from webforms.base.rutas import blueprint


def register(app: Flask) -> None:
    rutas = (lista.rutas, salida.rutas, lote.rutas, guardados.rutas, carga.rutas, ausencias.rutas, plantillas.rutas, calificaciones.rutas)
    app.register_blueprint(blueprint("bandeja", __name__, *rutas))
