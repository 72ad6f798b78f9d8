"""Login and logout."""

from flask import Flask

from webforms.acceso import ingreso
from webforms.base.rutas import blueprint


def register(app: Flask) -> None:
    app.register_blueprint(blueprint("ingreso", __name__, ingreso.rutas))
