"""The operation now: for who manages all points."""

from flask import Flask

from webforms.base.rutas import blueprint
from webforms.gerencia import panel


def register(app: Flask) -> None:
    app.register_blueprint(blueprint("gerencia", __name__, panel.rutas))
