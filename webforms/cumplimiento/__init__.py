"""Compliance: search, review, chains, who has looked at a person."""

from flask import Flask

from webforms.base.rutas import blueprint
from webforms.cumplimiento import de_una_persona, derechos, quien_vio, reserva, revision


def register(app: Flask) -> None:
    de_personas = (quien_vio.rutas, de_una_persona.rutas, derechos.rutas)
    app.register_blueprint(
        blueprint("cumplimiento", __name__, revision.rutas, *de_personas, reserva.rutas)
    )
