"""Login and logout."""

from flask import Flask

from webforms.acceso import ingreso
from webforms.acceso import retomar
from webforms.base.rutas import blueprint


def register(app: Flask) -> None:
    app.before_request(retomar.no_ejecutar)
    app.register_blueprint(blueprint("ingreso", __name__, ingreso.rutas))
