"""The weekly review of accesses in words: why an account is looked at, what was decided, its roles
(control 6-1)."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from records.controles.reglas import accesos
from records.controles.reglas.accesos import (
    ACTIVAR,
    CONSERVAR,
    DE_ACTIVA,
    DE_INACTIVA,
    INACTIVAR,
    PREGUNTAR,
)
from records.controles.tablas import RevisionCuenta
from webforms.base import palabras

DECISIONES: Final[Mapping[str, Any]] = {
    CONSERVAR: _l("Se conserva"),
    INACTIVAR: _l("Se inactiva"),
    PREGUNTAR: _l("Se pregunta al líder"),
    ACTIVAR: _l("Se activa otra vez"),
}


def opciones(cuenta: RevisionCuenta) -> list[tuple[str, str]]:
    """What may be decided of an account that is active, or of one that is not."""
    dichas = {d: str(DECISIONES[d]) for d in (DE_ACTIVA if cuenta.activa else DE_INACTIVA)}
    return list(
        {**dichas, **({} if cuenta.activa else {CONSERVAR: str(_("Sigue inactiva"))})}.items()
    )


def decision(cuenta: RevisionCuenta) -> str:
    return dict(opciones(cuenta)).get(cuenta.decision or "", "")


def papel(rol: Mapping[str, Any]) -> str:
    """ "Asesor, BOG Chapinero"; a role of the whole entity by its name alone."""
    nombre = palabras.rol(rol["rol"])
    return f"{nombre}, {palabras.lugar(rol['ambito'])}" if rol.get("ambito") else nombre


def motivo(dicho: Mapping[str, Any]) -> str:
    n = int(dicho.get("n", 0))
    frases = {
        accesos.FALLIDOS: lambda: ngettext(
            "%(num)s intento fallido de ingreso", "%(num)s intentos fallidos de ingreso", n
        ),
        accesos.SIN_INGRESO: lambda: ngettext(
            "Sin ingresar hace %(num)s día", "Sin ingresar hace %(num)s días", n
        ),
        accesos.NUNCA_INGRESO: lambda: ngettext(
            "Creada hace %(num)s día, nunca ingresó", "Creada hace %(num)s días, nunca ingresó", n
        ),
        accesos.ROL_SIN_USO: lambda: _(
            "Rol %(r)s sin ninguna tarea en %(n)s días", r=papel(dicho), n=n
        ),
        accesos.CLAVE: lambda: ngettext(
            "La misma clave hace %(num)s día", "La misma clave hace %(num)s días", n
        ),
        accesos.PREGUNTADA: lambda: _("La revisión anterior preguntó a su líder"),
    }
    return str(frases[dicho["motivo"]]())


def motivos(cuenta: RevisionCuenta) -> list[str]:
    return [motivo(m) for m in cuenta.motivos]


def roles(cuenta: RevisionCuenta) -> list[str]:
    return [papel(r) for r in cuenta.roles]


FILTROS: Final[Mapping[str, Any]] = {
    "decision_de_cuenta": decision,
    "motivos_de_cuenta": motivos,
    "roles_de_cuenta": roles,
}
