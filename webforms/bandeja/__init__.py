"""The inbox."""

from flask import Flask

from webforms.bandeja import (
    ausencias,
    calificaciones,
    carga,
    guardados,
    lista,
    lote,
    plantillas,
    salida,
)
from webforms.base.rutas import blueprint


def register(app: Flask) -> None:
    rutas = (
        lista.rutas,
        salida.rutas,
        lote.rutas,
        guardados.rutas,
        carga.rutas,
        ausencias.rutas,
        plantillas.rutas,
        calificaciones.rutas,
    )
    app.register_blueprint(blueprint("bandeja", __name__, *rutas))
