"""Documents that are filed (M5-1-04): to be received, their number, their proof on paper."""

from flask import Flask

from webforms.base.rutas import blueprint
from webforms.radicacion import completar, devueltos, eliminaciones, lista, papel, sueltos


def register(app: Flask) -> None:
    de_documentos = (lista.rutas, completar.rutas, papel.rutas, sueltos.rutas, devueltos.rutas)
    app.register_blueprint(blueprint("radicacion", __name__, *de_documentos, eliminaciones.rutas))
