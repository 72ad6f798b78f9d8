"""The adviser's console."""

from flask import Flask

from webforms import tareas
from webforms.asesor import aplicativos, consola, constancia, fila, llamados, salidas
from webforms.asesor.contexto import contexto
from webforms.base.rutas import Plano, Sala


def _poner(app: Flask) -> None:
    tareas.marcos(app)["consola"] = tareas.Marco("asesor/consola.html", contexto)


#: The console, and its frame for the page of a task.
SALA = Sala(
    (
        Plano(
            "asesor",
            __name__,
            (
                consola.rutas,
                constancia.rutas,
                fila.rutas,
                aplicativos.rutas,
                llamados.rutas,
                salidas.rutas,
            ),
        ),
    ),
    poner=_poner,
)
