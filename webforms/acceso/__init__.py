"""Login and logout, the password behind a link of one use, and one's own account."""

from flask import Flask

from webforms.acceso import clave
from webforms.acceso import con_equipo
from webforms.acceso import con_llave
from webforms.acceso import cuenta
from webforms.acceso import ingreso
from webforms.acceso import llaves
from webforms.acceso import puerta
from webforms.acceso import recuperar
from webforms.acceso import retomar
from webforms.acceso import segundo
from webforms.base.rutas import blueprint


def register(app: Flask) -> None:
    app.before_request(retomar.no_ejecutar)
    app.register_blueprint(blueprint("ingreso", __name__, *(de.rutas for de in (ingreso, con_llave, con_equipo, clave, recuperar))))
    app.register_blueprint(blueprint("puerta", __name__, puerta.rutas))
    app.register_blueprint(blueprint("cuenta", __name__, cuenta.rutas))
    app.register_blueprint(blueprint("segundo", __name__, segundo.rutas))
    app.register_blueprint(blueprint("llaves", __name__, llaves.rutas))
