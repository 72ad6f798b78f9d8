"""What an incident says in Spanish: its kind, what happened, what to do. Pure; the error of the
program stays as technical detail."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask_babel import gettext as _, lazy_gettext as _l

from engine.states import IncidentKind, RepairAction
from webforms.paquetes.problemas import problema
from webforms.tareas.envios import texto_de

#: kind (engine.states.IncidentKind) → title
CLASES: Final[Mapping[str, Any]] = {
    IncidentKind.JOB: _l("Un sistema no respondió"),
    IncidentKind.HANDLER: _l("Un paso automático falló"),
    IncidentKind.CONDITION: _l("Una condición no se pudo evaluar"),
    IncidentKind.TABLE: _l("Una tabla de decisión no dio resultado"),
    IncidentKind.MESSAGE: _l("Un mensaje no tiene con qué buscar su destino"),
    IncidentKind.CONFLICT: _l("Dos caminos paralelos escribieron valores distintos"),
    IncidentKind.LIMIT: _l("El proceso llegó a un límite"),
    IncidentKind.MODEL: _l("El diagrama no puede seguir con estos datos"),
    IncidentKind.UNCAUGHT: _l("Un error que el diagrama no atiende"),
    IncidentKind.LOST_MESSAGE: _l("Un mensaje obligatorio no encontró quien lo reciba"),
    IncidentKind.HOPS: _l("Dos procesos se responden sin fin"),
}
#: property of an element whose expression failed (fact `property`) → title, what happened, how the
#: panel of the editor calls it
PROPIEDADES: Final[Mapping[str, tuple[Any, Any, Any]]] = {
    "due": (
        _l("Un vencimiento no se pudo calcular"),
        _l(
            "La fecha en que vence «%(e)s» es «%(x)s», y no se pudo calcular: %(p)s. La tarea no se abrió."
        ),
        _l("«Vence»"),
    ),
    "priority": (
        _l("Una prioridad no se pudo calcular"),
        _l(
            "La prioridad de «%(e)s» es «%(x)s», y no se pudo calcular: %(p)s. La tarea no se abrió."
        ),
        _l("«Prioridad»"),
    ),
    "timer": (
        _l("Una espera no se pudo calcular"),
        _l("«%(e)s» espera hasta «%(x)s», y no se pudo calcular: %(p)s."),
        _l("«Tiempo»"),
    ),
}
#: action of a resolved incident → what was done
ACCIONES: Final[Mapping[str, Any]] = {
    RepairAction.RETRY: _l("Se intentó otra vez y el caso siguió"),
    RepairAction.EDIT: _l("Se corrigieron los datos y el caso siguió"),
    RepairAction.SKIP: _l("El paso se omitió"),
    RepairAction.BACK: _l("El caso volvió a una actividad anterior"),
    RepairAction.CLOSE: _l("Se cerró sin más"),
    RepairAction.GONE: _l("Se cerró solo: el caso siguió por otro camino"),
}

#: Why a system or a program did not do its work (`engine.errors.CauseCode`) → the end of a
#: sentence.
CAUSAS: Final[Mapping[str, Any]] = {
    "timed_out": _l("el sistema al que llama tardó demasiado"),
    "not_allowed": _l("el sistema al que llama no aceptó la cuenta o el permiso"),
    "unreachable": _l("el sistema al que llama no contestó"),
    "mail_refused": _l("el servidor de correo no lo recibió"),
    "unexpected_data": _l("encontró un dato que no esperaba"),
    "worker_lost": _l("el trabajador se cayó cada vez que lo hacía"),
    "busy": _l("el sistema al que llama pidió volver más tarde"),
    "refused": _l("el sistema al que llama no aceptó lo que se le pidió"),
    "failing": _l("el sistema al que llama falló al atenderlo"),
    "maybe_done": _l(
        "el sistema al que llama no confirmó si lo hizo. Pregunte allí antes de reintentar"
    ),
    "not_listed": _l("el administrador no registró ese servicio, o no con ese método"),
}


def por_que(hechos: Mapping[str, Any]) -> str:
    """ ": el sistema al que llama no contestó", or nothing when only a programmer would understand
    it."""
    causa = CAUSAS.get(str(hechos.get("problem", "")))
    return "" if causa is None else f": {causa}"


def titulo(clase: str, hechos: Mapping[str, Any]) -> str:
    propiedad = PROPIEDADES.get(str(hechos.get("property", "")))
    return str(CLASES.get(clase, CLASES["model"]) if propiedad is None else propiedad[0])


def que_hacer(clase: str, hechos: Mapping[str, Any]) -> str:
    """Of an expression: where it is corrected when it is the wrong one, and what has to follow;
    nothing of other incidents."""
    if clase != IncidentKind.CONDITION or "expression" not in hechos:
        return ""
    propiedad = PROPIEDADES.get(str(hechos.get("property", "")))
    cual = _("la condición") if propiedad is None else propiedad[2]
    return str(
        _(
            "Si el dato está mal, corríjalo aquí. Si está mal %(c)s en el diagrama, corregir el dato no basta: pida que se corrija y "
            "se ponga en vigor, mueva los casos a esa versión y reintente.",
            c=cual,
        )
    )


def que_paso(clase: str, hechos: Mapping[str, Any], elemento: str) -> str:
    """One or two sentences: what happened at the element."""
    return FRASES.get(clase, _modelo)(hechos, elemento)


def _condicion(hechos: Mapping[str, Any], elemento: str) -> str:
    propiedad = PROPIEDADES.get(str(hechos.get("property", "")))
    if propiedad is not None:
        return str(propiedad[1]) % {
            "e": elemento,
            "x": hechos.get("expression", ""),
            "p": problema(hechos),
        }
    if "expression" in hechos:
        return str(
            _(
                "«%(x)s» de «%(e)s» no se pudo evaluar: %(p)s.",
                x=hechos["expression"],
                e=elemento,
                p=problema(hechos),
            )
        )
    return str(_("«%(e)s» no pudo decidir: %(p)s.", e=elemento, p=problema(hechos)))


def _tabla(hechos: Mapping[str, Any], elemento: str) -> str:
    tabla = hechos.get("table", elemento)
    entradas = ", ".join(
        f"{nombre} = {texto_de(valor)}" for nombre, valor in dict(hechos.get("inputs", {})).items()
    )
    if hechos.get("problem") == "no_rule":
        return str(_("La tabla «%(t)s» no tiene una regla para %(x)s.", t=tabla, x=entradas))
    if hechos.get("problem") == "many":
        return str(
            _(
                "En la tabla «%(t)s» sirven a la vez las reglas %(r)s para %(x)s.",
                t=tabla,
                r=hechos.get("rules", ""),
                x=entradas,
            )
        )
    return str(_("La tabla «%(t)s» no pudo leer sus entradas: %(p)s.", t=tabla, p=problema(hechos)))


def _conflicto(hechos: Mapping[str, Any], elemento: str) -> str:
    nombres = ", ".join(f"«{c.get('label', c['name'])}»" for c in hechos.get("conflicts", ()))
    return str(
        _(
            "Los caminos que se unen en «%(e)s» traen valores distintos de %(n)s. Elija cuál vale.",
            e=elemento,
            n=nombres,
        )
    )


def _mensaje(hechos: Mapping[str, Any], elemento: str) -> str:
    return str(_("«%(e)s» no puede esperar ni enviar: %(p)s.", e=elemento, p=problema(hechos)))


def _limite(hechos: Mapping[str, Any], elemento: str) -> str:
    return str(_("El caso se detuvo en «%(e)s»: %(p)s.", e=elemento, p=problema(hechos)))


def _modelo(hechos: Mapping[str, Any], elemento: str) -> str:
    return str(
        _("El caso no puede seguir después de «%(e)s»: %(p)s.", e=elemento, p=problema(hechos))
    )


def _paso(hechos: Mapping[str, Any], elemento: str) -> str:
    hecho = _("No guardó nada a medias, y lo que las personas hicieron antes quedó guardado.")
    return str(_("«%(e)s» se interrumpió%(p)s. %(h)s", e=elemento, p=por_que(hechos), h=hecho))


def _trabajo(hechos: Mapping[str, Any], elemento: str) -> str:
    if "job" in hechos:
        return str(
            _(
                "«%(e)s» se intentó varias veces y no se pudo%(p)s. El caso no espera por eso.",
                e=elemento,
                p=por_que(hechos),
            )
        )
    return str(
        _(
            "Se pidió «%(e)s» varias veces sin éxito%(p)s. El caso espera aquí.",
            e=elemento,
            p=por_que(hechos),
        )
    )


def _sin_atender(hechos: Mapping[str, Any], elemento: str) -> str:
    codigo = hechos.get("code", "")
    return str(
        _(
            "«%(e)s» terminó con el error %(c)s, y el diagrama no dice qué hacer entonces.",
            e=elemento,
            c=codigo,
        )
    )


def _perdido(hechos: Mapping[str, Any], elemento: str) -> str:
    mensaje = hechos.get("message", "")
    return str(
        _(
            "«%(e)s» envió el mensaje «%(m)s» y en siete días nadie lo recibió.",
            e=elemento,
            m=mensaje,
        )
    )


def _saltos(hechos: Mapping[str, Any], elemento: str) -> str:
    mensaje = hechos.get("message", "")
    return str(
        _(
            "Desde «%(e)s» el mensaje «%(m)s» va y vuelve más de cien veces por minuto; se detuvo.",
            e=elemento,
            m=mensaje,
        )
    )


FRASES: Final[Mapping[str, Callable[[Mapping[str, Any], str], str]]] = {
    IncidentKind.CONDITION: _condicion,
    IncidentKind.TABLE: _tabla,
    IncidentKind.CONFLICT: _conflicto,
    IncidentKind.MESSAGE: _mensaje,
    IncidentKind.LIMIT: _limite,
    IncidentKind.HANDLER: _paso,
    IncidentKind.JOB: _trabajo,
    IncidentKind.UNCAUGHT: _sin_atender,
    IncidentKind.LOST_MESSAGE: _perdido,
    IncidentKind.HOPS: _saltos,
}
