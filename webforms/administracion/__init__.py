"""Administration of the agency: its people and their roles, places, lists, calendar and
catalogues."""

from flask import Flask

from webforms.administracion import calendario, datos, entidad, importacion, personas, retiro
from webforms.base.rutas import blueprint


def register(app: Flask) -> None:
    app.register_blueprint(blueprint("calendario", __name__, calendario.rutas))
    app.register_blueprint(blueprint("entidad", __name__, datos.rutas, entidad.rutas))
    app.register_blueprint(
        blueprint("personas", __name__, importacion.rutas, personas.rutas, retiro.rutas)
    )
