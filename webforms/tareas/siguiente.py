"""After a task: the person's next one, or the page that waits for a system, or the one that says
what stopped."""

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.operation import Asked
from engine.types import Completed
from webforms.base.quienes import PERSONA
from webforms.base.rotulos import rotulo
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.tareas.despedida import de_otra_cosa, despedir, olvidar, recordar
from webforms.tareas.elementos import detiene
from webforms.tareas.pagina import VUELTAS, lista, vuelta

rutas = Rutas()


def siguiente(hecho: Completed, volver: str, enviada: str, confirmacion: str | None = None) -> str:
    """The console; else the person's next task in this case; else a page that knows whether one is
    coming, and says what was done."""
    olvidar()
    actor = actor_actual()
    suyas = [
        i
        for i in hecho.opened
        if i.role is not None and actor.has(i.role, i.scope) and i.claimed_by in (None, actor.id)
    ]
    if hecho.incidents and not suyas:
        return url_for("incidentes.en_reparacion", case_key=hecho.case_key)
    if confirmacion in current_app.view_functions:
        return url_for(confirmacion, case_key=hecho.case_key)
    if volver == "consola" and VUELTAS["consola"] in current_app.view_functions:
        return url_for(VUELTAS["consola"])
    for item in suyas:
        return url_for("tareas.mostrar", item_id=item.id, volver=volver or None)
    recordar(enviada)
    return url_for("tareas.seguir", case_key=hecho.case_key, volver=volver or None)


@rutas.get("/seguir/<case_key>", para=PERSONA)
def seguir(case_key: str) -> ResponseReturnValue:
    """Leads to the next task of the case; while a system is asked, a page that looks again each
    second."""
    volver, enviada = vuelta(), olvidar()
    with servicios().uow.reading() as session:
        item = reads.items.next_of_case(session, actor_actual(), case_key)
        pedida = reads.operation.asked(session, case_key) if item is None else None
        espera = que_se_espera(session, pedida) if pedida is not None else ""
        detenido = (
            item is None
            and not espera
            and any(detiene(i.element) for i in reads.incidents.open_of_case(session, case_key))
        )
        if (item is None and not espera and not detenido) or (
            item is not None and de_otra_cosa(session, enviada, item)
        ):
            despedir(session, enviada, case_key)
    if item is not None:
        return redirect(url_for("tareas.mostrar", item_id=item.id, volver=volver or None))
    if espera:
        recordar(enviada)
        return render_template("tareas/espera.html", espera=espera), 202
    if detenido:
        return redirect(url_for("incidentes.en_reparacion", case_key=case_key))
    return redirect(lista(volver, case_key))


def que_se_espera(session: Session, pedida: Asked) -> str:
    """What a page that waits calls it: the systems that are consulted (5.2.9), else the step by its
    name."""
    paso = reads.releases.elements(session, servicios().engine.catalog, pedida.release).get(
        pedida.element
    )
    if paso is None or (paso.handler or "").startswith("legado."):
        return str(_("Consultando los aplicativos"))
    return str(_("En curso: %(p)s", p=rotulo(paso.name) or pedida.element))
