"""The first page of the second half: what waits for each of its roles."""

from flask import Flask

from webforms.base.rutas import blueprint
from webforms.portada import inicio


def register(app: Flask) -> None:
    app.register_blueprint(blueprint("portada", __name__, inicio.rutas))
