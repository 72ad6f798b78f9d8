"""Compliance: search, review, chains."""

from flask import Flask

from webforms.base.rutas import blueprint
from webforms.cumplimiento import revision


def register(app: Flask) -> None:
    app.register_blueprint(blueprint("cumplimiento", __name__, revision.rutas))
