"""The case: its page, its path, where it stands."""

from flask import Flask

from webforms.base.rutas import blueprint
from webforms.casos import (
    anulacion,
    cartas,
    caso,
    con_motivo,
    correcciones,
    datos,
    documentos,
    enlaces,
    fechas,
    indice,
    paginas,
    tiempos,
)


def register(app: Flask) -> None:
    de_actos = (
        anulacion.rutas,
        con_motivo.rutas,
        correcciones.rutas,
        datos.rutas,
        enlaces.rutas,
        fechas.rutas,
        indice.rutas,
        tiempos.rutas,
    )
    app.register_blueprint(
        blueprint(
            "casos", __name__, caso.rutas, documentos.rutas, cartas.rutas, paginas.rutas, *de_actos
        )
    )
