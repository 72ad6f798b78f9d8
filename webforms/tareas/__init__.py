"""Any user task: its form, drafts, completion, conflicts, claim, release, reassign. The console and
the inbox lead here."""

from webforms.base.rutas import Plano, Sala
from webforms.tareas import borradores, envio, otra_vez, pagina, reparto, siguiente
from webforms.tareas.conflictos import hoja_de_conflicto
from webforms.tareas.envio import ha_visto, registros
from webforms.tareas.guardado import leer as leer_borrador
from webforms.tareas.lectura import Tarea, construir, leer_item
from webforms.tareas.pagina import Marco, hoja, marcos
from webforms.tareas.reparto import motivo_de_toma, tomar_tarea

__all__ = [
    "SALA",
    "Marco",
    "Tarea",
    "construir",
    "ha_visto",
    "hoja",
    "hoja_de_conflicto",
    "leer_borrador",
    "leer_item",
    "marcos",
    "motivo_de_toma",
    "registros",
    "tomar_tarea",
]


#: An audience may give a frame of its own to the page of a task: `marcos(app)`.
SALA = Sala(
    (
        Plano(
            "tareas",
            (
                pagina.rutas,
                envio.rutas,
                borradores.rutas,
                reparto.rutas,
                siguiente.rutas,
                otra_vez.rutas,
            ),
        ),
    )
)
