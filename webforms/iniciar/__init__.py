"""«Iniciar»: which processes a person may begin, their start forms, many at once from a list;
messages that they hand over."""

from flask import Flask

from webforms.base.rutas import blueprint
from webforms.iniciar import borradores, entregas, lotes, paginas


def register(app: Flask) -> None:
    app.register_blueprint(
        blueprint(
            "iniciar",
            __name__,
            entregas.rutas,
            borradores.rutas,
            paginas.rutas,
            lotes.rutas,
            prefijo="/iniciar",
        )
    )
