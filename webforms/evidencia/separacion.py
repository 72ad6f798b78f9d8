"""Duties kept apart, in words: every rule wherever it is declared, how many cases it touched, what
was broken, what was refused."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.history import AccessView
from engine.reads.separation import Kept
from engine.states import AccessKind
from records.base.errores import DatoInvalido, Separado
from records.cuentas import separacion
from records.cuentas.separacion import Probada
from webforms.base.rotulos import rotulo
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.tareas.elementos import numero_de_actividad

#: Rules that no diagram draws → how each is called, and where it stands.
DE_REGISTROS: Final[Mapping[str, tuple[Any, Any]]] = {
    separacion.PROPIA: (_l("Nadie decide sobre su propia cuenta"), _l("Control 6-1")),
    separacion.ATENCION_PROPIA: (_l("Nadie evalúa una atención suya"), _l("5.2.27, en el F189")),
    separacion.VOTO_PROPIO: (
        _l("Nadie vota un hallazgo propio ni una acción suya"),
        _l("5.2.31, en el comité"),
    ),
    separacion.ELIMINACION_PROPIA: (
        _l("Nadie aprueba la eliminación de expedientes que propuso"),
        _l("Actas de eliminación"),
    ),
    separacion.SOLICITUD_PROPIA: (
        _l("Nadie decide la solicitud de datos que pidió"),
        _l("Solicitudes sobre datos personales"),
    ),
    separacion.ACCION_PROPIA: (
        _l("Nadie cierra la acción que escribió o por la que responde"),
        _l("Seguimiento de 5.2.31"),
    ),
}


@dataclass(frozen=True, slots=True)
class Regla:
    """A rule that keeps duties apart, wherever it is declared, and what became of it."""

    id: str
    nombre: str
    donde: str
    casos: int
    violaciones: int
    rechazados: int
    ultimo: dt.datetime | None = None
    ultimo_por: str = ""


def reglas(session: Session) -> list[Regla]:
    """Of the diagrams in force, of roles that exclude each other, of records that name two
    persons."""
    intentos = reads.separation.noted(session)
    de_dos = (de_registros(r, intentos.get(r.regla, [])) for r in separacion.probadas(session))
    return [*(de_diagrama(k) for k in pruebas(session)), *de_dos]


def pruebas(session: Session) -> list[Kept]:
    catalogo = servicios().engine.catalog
    release = reads.releases.current(session, catalogo)
    return reads.separation.kept(session, catalogo, release) if release is not None else []


def de_diagrama(k: Kept) -> Regla:
    r, ultimo = k.rule, k.refused[-1] if k.refused else None
    una, otra = numero_de_actividad(r.element), numero_de_actividad(r.other)
    donde = f"{una} ≠ {otra}" if una and otra else rotulo(r.process_name)
    return Regla(
        f"{r.element}:{r.other}",
        str(_("Quien hace «%(o)s» no hace «%(e)s»", o=rotulo(r.other_name), e=rotulo(r.name))),
        donde,
        k.cases,
        len(k.violations),
        len(k.refused),
        ultimo.at if ultimo is not None else None,
        ultimo.actor_id if ultimo is not None else "",
    )


def de_registros(r: Probada, intentos: Sequence[AccessView]) -> Regla:
    if r.exclusion is None:
        nombre, donde = (str(dicho) for dicho in DE_REGISTROS[r.regla])
    else:
        nombre, donde = (
            str(_(r.exclusion.nombre)),
            str(_("%(d)s, roles que se excluyen", d=r.exclusion.donde)),
        )
    ultimo = intentos[-1] if intentos else None
    return Regla(
        r.regla,
        nombre,
        donde,
        r.casos,
        len(r.violaciones),
        len(intentos),
        ultimo.at if ultimo is not None else None,
        ultimo.actor_id if ultimo is not None else "",
    )


def anotar(falta: DatoInvalido, sobre: str) -> None:
    """Who tried what the records keep apart, into the chain of accesses; what was refused for
    another reason leaves nothing."""
    if isinstance(falta, Separado):
        s = servicios()
        detalle = {"reason": "same_person", "rule": falta.regla}
        s.engine.log_access(
            actor_actual(), AccessKind.REFUSAL, sobre, now=s.clock.now(), detail=detalle
        )
