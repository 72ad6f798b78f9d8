"""Any user task: its form, drafts, completion, conflicts, claim, release, reassign. The console and the inbox lead here."""

from webforms.tareas import borradores
from webforms.tareas import envio
from webforms.tareas import reparto
from webforms.tareas.lectura import Tarea
from webforms.tareas.lectura import construir
from webforms.tareas.lectura import leer_item
from webforms.tareas.vista import MARCOS
from webforms.tareas.vista import bp
from webforms.tareas.vista import pagina

__all__ = ["MARCOS", "Tarea", "borradores", "bp", "construir", "envio", "leer_item", "pagina", "reparto"]
