"""Showing a task: its page, in a frame of its own where it has one, and where it leads back to."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, cast

from flask import Flask, current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.states import ItemState
from engine.types import WorkItem
from records.casos import registro
from records.cuentas import marcas
from webforms.base.guias import FUNCIONARIO, Ayuda
from webforms.base.hojas import Hoja
from webforms.base.personas import nombre_de
from webforms.base.quienes import PERSONA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos.formulario import Carta
from webforms.tareas import frente
from webforms.tareas.conflictos import hoja_de_conflicto
from webforms.tareas.dejada import bandeja_dejada
from webforms.tareas.elementos import titulo_de_paso
from webforms.tareas.guardado import LARGO_MARCA
from webforms.tareas.lectura import Tarea, con_lecturas, construir, leer_item
from webforms.tareas.mesa import mesa

rutas = Rutas()

#: Where a completed task leads when its case has no further task for this person: `?volver=`.
VUELTAS = {
    "consola": "asesor.consola",
    "fila": "asesor.consola",
    "bandeja": "bandeja.bandeja",
    "caso": "casos.ver",
}
#: In `app.extensions`: `?volver=` → the frame, as the audiences gave them.
MARCOS = "ventanilla.marcos"


@dataclass(frozen=True, slots=True)
class Marco:
    """A page of an audience that shows the form of a task inside its own frame."""

    plantilla: str
    contexto: Callable[[Session, Tarea], dict[str, Any]]  #: what the template needs beside the task


def marcos(app: Flask) -> dict[str, Marco]:
    return cast("dict[str, Marco]", app.extensions.setdefault(MARCOS, {}))


def vuelta() -> str:
    """`?volver=`: whence the person came, so where a completed task leads."""
    pedida = request.args.get("volver", "")
    return pedida if pedida in VUELTAS else ""


def hoja(
    session: Session,
    tarea: Tarea,
    volver: str,
    *,
    aviso: str = "",
    error: str = "",
    codigo: int = 200,
) -> Hoja:
    """The page of a task, in the frame of the audience from which `volver` says that the person
    came."""
    tarea = con_lecturas(session, tarea)
    errores = tarea.form.errores()
    if error:
        errores = [("contenido", error), *errores]
    marco = marcos(current_app).get(volver)
    mas = marco.contexto(session, tarea) if marco is not None else {"mesa": mesa(session, tarea)}
    valores = {
        "tarea": tarea,
        "item": tarea.item,
        "form": tarea.form,
        "errores": errores,
        "aviso": aviso,
        "volver": volver,
        "pagina": request.form.get("_pagina", "")[:LARGO_MARCA] or secrets.token_hex(8),
        "registrado": registro.ficha(session, tarea.item.case_key),
        "autor": nombre_de(session, tarea.ajeno),
        "aparte": bool(
            reads.items.kept_apart(
                session, servicios().engine.catalog, [tarea.item], actor_actual().id
            )
        ),
        "frente": frente.del_caso(session, tarea),
        "segunda": _segunda(session, tarea),
        "carta": _carta(tarea)
        if codigo == HTTPStatus.OK and request.form.get("_accion") == "ver"
        else None,
    }
    return Hoja(
        marco.plantilla if marco is not None else tarea.spec.template, {**valores, **mas}, codigo
    )


def _segunda(session: Session, tarea: Tarea) -> str:
    """What the task is called whose form is the second part of the page."""
    if tarea.spec.sigue is None:
        return ""
    elementos = reads.releases.elements(session, servicios().engine.catalog, tarea.item.release)
    return next(
        (titulo_de_paso(id_, e) for id_, e in elementos.items() if e.form == tarea.spec.sigue), ""
    )


def _carta(tarea: Tarea) -> Carta | None:
    """What is about to be sent, when it was asked for."""
    return (
        tarea.spec.carta(tarea.form.contexto, tarea.form.valores())
        if tarea.spec.carta is not None
        else None
    )


# A lane that an analyst adds has a role of its own, so any person may ask; the lane of the item
# decides.
@rutas.get(
    "/tarea/<item_id>",
    para=PERSONA,
    ayuda=Ayuda(
        _l("Aquí hace una tarea: lea el caso, llene el formulario y envíelo. Se guarda solo."),
        FUNCIONARIO,
    ),
)
def mostrar(item_id: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        item = leer_item(session, item_id)
        por_leer = vuelta() == "bandeja" and not ya_leida(session, item)
        vista = (
            hoja(session, construir(session, item, None), vuelta())
            if item.state == ItemState.OPEN
            else hoja_de_conflicto(session, item, {})
        )
    if por_leer:
        s, quien = servicios(), actor_actual().id
        s.uow.run(lambda session: marcas.marcar_leida(session, quien, item_id, s.clock.now()))
    return vista.mostrar()


def ya_leida(session: Session, item: WorkItem) -> bool:
    """This person has opened it from the inbox before."""
    marca = marcas.marcas(session, actor_actual().id, [item.id]).get(item.id)
    return marca is not None and marca.leida is not None


def lista(volver: str, case_key: str) -> str:
    """The address of the page from which the person came: a list, or the case of the task."""
    for endpoint in (VUELTAS.get(volver, ""), "bandeja.bandeja"):
        if endpoint in current_app.view_functions:
            return (
                url_for(endpoint, case_key=case_key) if volver == "caso" else _direccion(endpoint)
            )
    return url_for("inicio.inicio")


def _direccion(endpoint: str) -> str:
    return bandeja_dejada() if endpoint == VUELTAS["bandeja"] else url_for(endpoint)


def al_dia(session: Session, tarea: Tarea) -> Tarea:
    """A page follows: it shows the item as it is now."""
    return replace(tarea, item=reads.items.item(session, tarea.item.id))
