"""The adviser's console."""

from flask import Flask

from webforms import tareas
from webforms.asesor import aplicativos, consola, constancia, fila, llamados, salidas
from webforms.asesor.contexto import contexto
from webforms.base.rutas import blueprint


def register(app: Flask) -> None:
    """The console, and its frame for the page of a task."""
    partes = (
        consola.rutas,
        constancia.rutas,
        fila.rutas,
        aplicativos.rutas,
        llamados.rutas,
        salidas.rutas,
    )
    app.register_blueprint(blueprint("asesor", __name__, *partes))
    tareas.marcos(app)["consola"] = tareas.Marco("asesor/consola.html", contexto)
