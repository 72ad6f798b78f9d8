"""Login and logout, and the password behind a link of one use."""

from flask import Flask

from webforms.acceso import clave
from webforms.acceso import ingreso
from webforms.acceso import retomar
from webforms.base.rutas import blueprint


def register(app: Flask) -> None:
    app.before_request(retomar.no_ejecutar)
    app.register_blueprint(blueprint("ingreso", __name__, ingreso.rutas, clave.rutas))
