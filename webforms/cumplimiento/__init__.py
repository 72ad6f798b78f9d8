"""Compliance: search, review, chains, who has looked at a person."""

from flask import Flask

from webforms.base.rutas import blueprint
from webforms.cumplimiento import de_una_persona
from webforms.cumplimiento import quien_vio
from webforms.cumplimiento import reserva
from webforms.cumplimiento import revision


def register(app: Flask) -> None:
    app.register_blueprint(blueprint("cumplimiento", __name__, revision.rutas, quien_vio.rutas, de_una_persona.rutas, reserva.rutas))
