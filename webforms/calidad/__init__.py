"""The quality of the service: indicators of closed months, and what each counts."""

from flask import Flask

from webforms.base.rutas import blueprint
from webforms.calidad import indicadores


def register(app: Flask) -> None:
    app.register_blueprint(blueprint("calidad", __name__, indicadores.rutas))
