"""One repair, and what came of it in words."""

from dataclasses import dataclass

from flask_babel import gettext as _

from engine.errors import (
    Conflict,
    EngineError,
    InstanceNotActive,
    InvalidValues,
    NotPossible,
    NotRepairable,
    NotWaiting,
)
from engine.reads.incidents import IncidentView
from engine.states import IncidentKind, RepairAction
from engine.types import Completed, Repair
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.operacion.incidentes_formulario import Formulario, valores_de

#: Incidents that one request repairs; the page offers to go on with the rest.
LOTE = 25


#: What the engine calls the parts of a repair that are no variables of the process.
PARTES = {"reason": "motivo", "values": "valores", "way": "salida"}


@dataclass(frozen=True, slots=True)
class Resultado:
    numero: int
    case_key: str
    bien: bool
    cerrado: bool  #: no longer open, by this repair or an earlier one
    frase: str


def reparar_uno(incidente: IncidentView, form: Formulario) -> Resultado:
    s = servicios()
    repair = Repair(
        RepairAction(form.accion),
        form.motivo,
        valores_de(form, incidente)
        if form.accion in (RepairAction.EDIT, RepairAction.SKIP)
        else {},
        way=form.salida or None if form.accion == RepairAction.SKIP else None,
        to=form.destino or None,
    )
    try:
        hecho = s.engine.incidents.resolve(
            incidente.id, repair, actor=actor_actual(), now=s.clock.now()
        )
    except NotWaiting:
        return ya_resuelto(incidente)
    except EngineError as error:
        return Resultado(
            incidente.id, incidente.case_key, bien=False, cerrado=False, frase=_rechazo(error)
        )
    return _hecho(incidente, repair.action, hecho)


def ya_resuelto(incidente: IncidentView) -> Resultado:
    """A repeated click, or somebody else was first."""
    return Resultado(
        incidente.id,
        incidente.case_key,
        bien=False,
        cerrado=True,
        frase=_("Ya estaba resuelto; no se repitió."),
    )


def _hecho(incidente: IncidentView, accion: RepairAction, hecho: Completed) -> Resultado:
    if hecho.incidents:
        frase = _(
            "Se intentó otra vez y volvió a fallar. El incidente sigue abierto; vea ahora qué dice."
        )
        return Resultado(incidente.id, incidente.case_key, bien=False, cerrado=False, frase=frase)
    frases = {
        RepairAction.RETRY: _("Reparado: el paso se intentó otra vez y el caso sigue."),
        RepairAction.EDIT: _("Reparado: el caso sigue con los datos corregidos."),
        RepairAction.SKIP: _("El paso se omitió y el caso sigue."),
        RepairAction.BACK: _("El caso volvió a la actividad elegida."),
        RepairAction.CLOSE: _("El incidente quedó cerrado."),
    }
    if incidente.kind == IncidentKind.JOB and accion in (RepairAction.RETRY, RepairAction.EDIT):
        frases[accion] = _("Se pidió otra vez. Si no responde, el incidente vuelve a abrirse.")
    return Resultado(
        incidente.id, incidente.case_key, bien=True, cerrado=True, frase=frases[accion]
    )


def _rechazo(error: EngineError) -> str:
    if isinstance(error, InstanceNotActive):
        return str(_("El caso está suspendido o ya terminó: reanúdelo primero."))
    if isinstance(error, InvalidValues):
        return str(
            _(
                "Este caso no acepta esos datos: %(n)s.",
                n=", ".join(PARTES.get(n, n) for n in error.problems),
            )
        )
    if isinstance(error, NotPossible):
        return str(
            _("Este caso no puede volver a esa actividad: otro camino depende de lo que siguió.")
        )
    if isinstance(error, NotRepairable):
        return str(
            _(
                "Este caso no se puede reparar así: ya no está detenido en ese punto, o no hay otro camino."
            )
        )
    if isinstance(error, Conflict):
        return str(_("Otra persona cambió el caso al mismo tiempo. Mírelo otra vez."))
    return str(_("No se pudo hacer: el caso o la actividad ya no existe."))
