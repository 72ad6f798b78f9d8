"""Why the engine refused, in a sentence."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine.errors import (
    ClaimedByOther,
    EngineError,
    InstanceNotActive,
    InvalidValues,
    ItemClosed,
    NotAllowed,
)
from engine.states import InstanceStatus
from records.base.errores import Rechazo
from webforms.base.personas import nombres_de


def frase_de_inactivo(estado: str) -> str:
    """What holds for the case of a refused act."""
    frases: dict[str, str] = {
        InstanceStatus.SUSPENDED: _("El caso está suspendido"),
        InstanceStatus.CANCELLED: _("El caso fue cancelado"),
        InstanceStatus.FINISHED: _("El caso ya terminó"),
    }
    return str(frases.get(estado, _("El caso ya no está activo")))


def motivo_de_rechazo(error: NotAllowed) -> str:
    """The sentence for a refusal of the engine."""
    frases = {
        "lane": _("Esta actividad es de otro rol, punto o área."),
        "same_person": _(
            "La persona que hizo la actividad anterior no puede hacer esta: así lo pide la separación de funciones."
        ),
        "operation": _(
            "Solo el coordinador o el administrador pueden operar un proceso; cancelarlo, solo el administrador."
        ),
        "not_holder": _(
            "La tarea la tiene otra persona; solo ella o el coordinador pueden moverla."
        ),
    }
    return str(frases.get(error.reason, _("Su rol no permite esta acción.")))


def lo_que_no_se_acepta(error: Rechazo | InvalidValues) -> str:
    """What the business data, or the diagram, refuse of what was sent."""
    return (
        str(error)
        if isinstance(error, Rechazo)
        else str(_("Hay datos que el proceso no acepta: %(c)s", c=", ".join(error.problems)))
    )


def por_que_no(session: Session, error: EngineError) -> str:
    """The end of the sentence about one task that stayed as it was."""
    if isinstance(error, ClaimedByOther):
        return str(
            _(
                "ya la tiene %(nombre)s",
                nombre=nombres_de(session, {error.by}).get(error.by, error.by),
            )
        )
    if isinstance(error, ItemClosed):
        return str(_("ya se cerró"))
    if isinstance(error, NotAllowed):
        return motivo_de_rechazo(error)
    if isinstance(error, InstanceNotActive):
        return frase_de_inactivo(error.status)
    return str(_("no se pudo; intente de nuevo"))
