"""Control 6-1: why an account is looked at in the weekly review of accesses. Pure.

What is not seen here: a password that two people share. Only its age and the attempts that failed
are known.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

#: What the access chain calls an entry, one that failed, one that had to wait after several; its
#: subject is the account.
INGRESO, INGRESO_FALLIDO, INGRESO_FRENADO = "ingreso", "ingreso_fallido", "ingreso_frenado"
DESCONOCIDO = "desconocido "  #: begins the subject when no account has the name that was typed
#: Why an account is looked at; each with its facts.
SIN_INGRESO, NUNCA_INGRESO, FALLIDOS, ROL_SIN_USO, CLAVE, PREGUNTADA = (
    "sin_ingreso",
    "nunca_ingreso",
    "fallidos",
    "rol_sin_uso",
    "clave",
    "preguntada",
)
#: What may be decided of an account.
CONSERVAR, INACTIVAR, PREGUNTAR, ACTIVAR = "conservar", "inactivar", "preguntar", "activar"
DE_ACTIVA: Final = (CONSERVAR, INACTIVAR, PREGUNTAR)
DE_INACTIVA: Final = (CONSERVAR, ACTIVAR)


@dataclass(frozen=True, slots=True)
class Limites:
    """The numbers that the procedure does not give (SUPUESTO Q28): variables of the process, which
    an analyst changes."""

    dias_sin_ingreso: int
    dias_rol_sin_uso: int
    dias_clave: int
    intentos_fallidos: int


@dataclass(frozen=True, slots=True)
class RolVisto:
    """`usado`: it completed a task of this role lately; None: there was none to complete, so
    nothing tells."""

    rol: str
    ambito: str | None
    desde: dt.datetime
    usado: bool | None


@dataclass(frozen=True, slots=True)
class CuentaVista:
    activa: bool
    creada: dt.datetime
    ultimo_ingreso: dt.datetime | None
    clave_desde: dt.datetime
    fallidos: int
    roles: Sequence[RolVisto]
    preguntada: bool  #: the last review asked who leads it


def motivos(cuenta: CuentaVista, limites: Limites, now: dt.datetime) -> list[Mapping[str, Any]]:
    """In the order in which they weigh. An inactive account is looked at only when somebody tried
    to enter with it."""
    hallados: list[Mapping[str, Any]] = []
    if cuenta.fallidos >= limites.intentos_fallidos:
        hallados.append({"motivo": FALLIDOS, "n": cuenta.fallidos})
    if not cuenta.activa:
        return hallados
    if cuenta.ultimo_ingreso is None:
        if (dias := (now - cuenta.creada).days) > limites.dias_sin_ingreso:
            hallados.append({"motivo": NUNCA_INGRESO, "n": dias})
    elif (dias := (now - cuenta.ultimo_ingreso).days) > limites.dias_sin_ingreso:
        hallados.append({"motivo": SIN_INGRESO, "n": dias})
    viejos = [
        r
        for r in cuenta.roles
        if r.usado is False and (now - r.desde).days > limites.dias_rol_sin_uso
    ]
    hallados += [
        {"motivo": ROL_SIN_USO, "rol": r.rol, "ambito": r.ambito, "n": limites.dias_rol_sin_uso}
        for r in viejos
    ]
    if (dias := (now - cuenta.clave_desde).days) > limites.dias_clave:
        hallados.append({"motivo": CLAVE, "n": dias})
    if cuenta.preguntada:
        hallados.append({"motivo": PREGUNTADA})
    return hallados
