"""Any user task: its form, drafts, completion, conflicts, claim, release, reassign. The console and the inbox lead here."""

from flask import Flask

from webforms.base.rutas import blueprint
from webforms.tareas import borradores
from webforms.tareas import envio
from webforms.tareas import reparto
from webforms.tareas import sigue
from webforms.tareas import vista
from webforms.tareas.lectura import Tarea
from webforms.tareas.lectura import construir
from webforms.tareas.lectura import leer_item
from webforms.tareas.vista import Marco
from webforms.tareas.vista import marcos
from webforms.tareas.vista import pagina

__all__ = ["Marco", "Tarea", "construir", "leer_item", "marcos", "pagina", "register"]


def register(app: Flask) -> None:
    """An audience may give a frame of its own to the page of a task: `marcos(app)`."""
    tablas = (vista.rutas, envio.rutas, borradores.rutas, reparto.rutas, sigue.rutas)
    app.register_blueprint(blueprint("tareas", __name__, *tablas))
