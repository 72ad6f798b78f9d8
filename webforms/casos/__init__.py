"""The case: its page, its path, where it stands."""

from flask import Flask

from webforms.base.rutas import blueprint
from webforms.casos import anulacion
from webforms.casos import cartas
from webforms.casos import caso
from webforms.casos import con_motivo
from webforms.casos import correcciones
from webforms.casos import datos
from webforms.casos import documentos
from webforms.casos import enlaces
from webforms.casos import fechas
from webforms.casos import indice
from webforms.casos import paginas
from webforms.casos import tiempos


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
    app.register_blueprint(blueprint("casos", __name__, caso.rutas, documentos.rutas, cartas.rutas, paginas.rutas, *de_actos))
