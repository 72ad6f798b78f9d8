"""Login and logout, the password behind a link of one use, and one's own account."""

from flask import Flask

from webforms.acceso import (
    clave,
    con_equipo,
    con_llave,
    cuenta,
    ingreso,
    llaves,
    puerta,
    recuperar,
    retomar,
    segundo,
)
from webforms.base.rutas import blueprint


def register(app: Flask) -> None:
    app.before_request(retomar.no_ejecutar)
    app.register_blueprint(
        blueprint(
            "ingreso",
            __name__,
            *(de.rutas for de in (ingreso, con_llave, con_equipo, clave, recuperar)),
        )
    )
    app.register_blueprint(blueprint("puerta", __name__, puerta.rutas))
    app.register_blueprint(blueprint("cuenta", __name__, cuenta.rutas))
    app.register_blueprint(blueprint("segundo", __name__, segundo.rutas))
    app.register_blueprint(blueprint("llaves", __name__, llaves.rutas))
