"""Changes to the law of the house that wait for a second person: what would change, before the eyes
of whoever decides."""

from flask import Flask

from webforms.aprobaciones import decision, lista
from webforms.base.rutas import blueprint


def register(app: Flask) -> None:
    app.register_blueprint(blueprint("aprobaciones", __name__, lista.rutas, decision.rutas))
