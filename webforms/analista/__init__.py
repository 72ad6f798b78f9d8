"""Pages of the process analysts: processes, tables, drafts, versions."""

from flask import Flask

from webforms.analista import borradores
from webforms.analista import cartas
from webforms.analista import despliegue
from webforms.analista import en_vigor
from webforms.analista import ensayo
from webforms.analista import importacion
from webforms.analista import migracion
from webforms.analista import paquete_en_vigor
from webforms.analista import paquetes
from webforms.analista import quitar
from webforms.analista import reglas
from webforms.analista import tabla_nueva
from webforms.analista import textos
from webforms.base.rutas import blueprint


def register(app: Flask) -> None:
    app.register_blueprint(
        blueprint(
            "procesos",
            __name__,
            *(en_vigor.rutas, borradores.rutas, reglas.rutas, ensayo.rutas, despliegue.rutas, migracion.rutas),
            *(paquetes.rutas, importacion.rutas, paquete_en_vigor.rutas, textos.rutas, cartas.rutas, quitar.rutas, tabla_nueva.rutas),
        )
    )
