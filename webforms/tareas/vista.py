"""Showing a task: its page, in a frame of its own where it has one, and where it leads back to."""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace
from typing import Any
from typing import cast

from flask import Flask
from flask import current_app
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine import reads
from engine.states import ItemState
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios
from webforms.tareas.conflictos import pagina_de_conflicto
from webforms.tareas.lectura import Tarea
from webforms.tareas.lectura import con_lecturas
from webforms.tareas.lectura import construir
from webforms.tareas.lectura import leer_item

rutas = Rutas()

#: Where a completed task leads when its case has no further task for this person: `?volver=`.
VUELTAS = {"consola": "asesor.consola", "fila": "asesor.consola", "bandeja": "bandeja.bandeja"}
#: In `app.extensions`: `?volver=` → the frame, as the audiences gave them.
MARCOS = "ventanilla.marcos"


@dataclass(frozen=True, slots=True)
class Marco:
    """A page of an audience that shows the form of a task inside its own frame."""

    plantilla: str
    contexto: Callable[[Session, Tarea], dict[str, Any]]  #: what the template needs beside the task


def marcos(app: Flask) -> dict[str, Marco]:
    return cast("dict[str, Marco]", app.extensions.setdefault(MARCOS, {}))


def pagina(tarea: Tarea, *, aviso: str = "", error: str = "", codigo: int = 200) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        tarea = con_lecturas(session, tarea)
    errores = tarea.form.errores()
    if error:
        errores = [("contenido", error), *errores]
    plantilla, mas = tarea.spec.template, dict[str, Any]()
    marco = marcos(current_app).get(volver())
    if marco is not None:
        plantilla = marco.plantilla
        with servicios().uow.reading() as session:
            mas = marco.contexto(session, tarea)
    return (
        render_template(plantilla, tarea=tarea, item=tarea.item, form=tarea.form, errores=errores, aviso=aviso, volver=volver(), **mas),
        codigo,
    )


def volver() -> str:
    return request.args.get("volver", "") if request.args.get("volver", "") in VUELTAS else ""


@rutas.get("/tarea/<item_id>")
def mostrar(item_id: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        item = leer_item(session, item_id)
        if item.state != ItemState.OPEN:
            return pagina_de_conflicto(session, item, {}, codigo=409)
        tarea = construir(session, item, None)
    return pagina(tarea)


def lista() -> str:
    for endpoint in (VUELTAS.get(volver(), ""), "bandeja.bandeja"):
        if endpoint in current_app.view_functions:
            return url_for(endpoint)
    return url_for("inicio.inicio")


def al_dia(tarea: Tarea) -> Tarea:
    """A page follows: it shows the item as it is now."""
    with servicios().uow.reading() as session:
        return replace(tarea, item=reads.items.item(session, tarea.item.id))
