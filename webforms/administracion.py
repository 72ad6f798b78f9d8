"""Incidents for the administrator: what failed, where, since when; try again."""

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import queries
from engine.errors import EngineError
from engine.store.tables import Incident
from webforms.security import actor_actual
from webforms.servicios import servicios

bp = Blueprint("administracion", __name__)


@bp.get("/administracion/incidentes")
def incidentes() -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        abiertos = queries.incidents(session)
    grupos: dict[tuple[str, str], list[Incident]] = {}
    for incidente in abiertos:
        grupos.setdefault((incidente.element, incidente.error), []).append(incidente)
    return render_template("administracion/incidentes.html", grupos=grupos)


@bp.post("/administracion/incidentes/<int:numero>/reintentar")
def reintentar(numero: int) -> ResponseReturnValue:
    s = servicios()
    try:
        s.engine.retry(numero, actor=actor_actual(), now=s.clock.now())
    except EngineError:
        flash(_("Ese incidente ya se resolvió o el caso ya no está activo."), "ambar")
    else:
        flash(_("Se intentó otra vez. Si vuelve a fallar, aparece como un incidente nuevo."), "verde")
    return redirect(url_for("administracion.incidentes"))
