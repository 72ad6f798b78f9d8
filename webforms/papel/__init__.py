"""Paper continuity: blank forms printed beforehand, points that work on paper, the later entry,
numbers that nobody entered."""

from flask import Flask

from webforms.base.rutas import blueprint
from webforms.papel import caidas, digitar, inicio, lotes


def register(app: Flask) -> None:
    app.register_blueprint(
        blueprint("papel", __name__, inicio.rutas, lotes.rutas, caidas.rutas, digitar.rutas)
    )
