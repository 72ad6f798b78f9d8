"""The inbox."""

from flask import Flask

from webforms.bandeja import ausencias
from webforms.bandeja import guardados
from webforms.bandeja import lista
from webforms.bandeja import lote
from webforms.base.rutas import blueprint


def register(app: Flask) -> None:
    app.register_blueprint(blueprint("bandeja", __name__, lista.rutas, lote.rutas, guardados.rutas, ausencias.rutas))
