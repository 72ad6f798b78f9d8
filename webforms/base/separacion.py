"""Duties kept apart, in words: every rule wherever it is declared, how many cases it touched, what was broken, what was refused."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.separation import Kept
from records import separacion
from records.separacion import Probada
from webforms.base.elementos import numero_de_actividad
from webforms.base.servicios import servicios

#: Rules that no diagram draws → how each is called, and where it stands.
DE_REGISTROS: Final[Mapping[str, tuple[Any, Any]]] = {
    separacion.PROPIA: (_l("Nadie decide sobre su propia cuenta"), _l("Control 6-1")),
    separacion.ATENCION_PROPIA: (_l("Nadie evalúa una atención suya"), _l("5.2.27, en el F189")),
    separacion.VOTO_PROPIO: (_l("Nadie vota un hallazgo propio ni una acción suya"), _l("5.2.31, en el comité")),
    separacion.ACCION_PROPIA: (_l("Nadie cierra la acción que escribió o por la que responde"), _l("Seguimiento de 5.2.31")),
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
    """Of the diagrams in force, of roles that exclude each other, of records that name two persons."""
    return [*(de_diagrama(k) for k in pruebas(session)), *(de_registros(r) for r in separacion.probadas(session))]


def pruebas(session: Session) -> list[Kept]:
    catalogo = servicios().engine.catalog
    release = reads.releases.current(session, catalogo)
    return reads.separation.kept(session, catalogo, release) if release is not None else []


def de_diagrama(k: Kept) -> Regla:
    r, ultimo = k.rule, k.refused[-1] if k.refused else None
    una, otra = numero_de_actividad(r.element), numero_de_actividad(r.other)
    donde = f"{una} ≠ {otra}" if una and otra else r.process_name
    return Regla(
        f"{r.element}:{r.other}",
        str(_("Quien hace «%(o)s» no hace «%(e)s»", o=r.other_name, e=r.name)),
        donde,
        k.cases,
        len(k.violations),
        len(k.refused),
        ultimo.at if ultimo is not None else None,
        ultimo.actor_id if ultimo is not None else "",
    )


def de_registros(r: Probada) -> Regla:
    if r.exclusion is None:
        nombre, donde = DE_REGISTROS[r.regla]
        return Regla(r.regla, str(nombre), str(donde), r.casos, len(r.violaciones), 0)
    dicho = _("%(d)s, roles que se excluyen", d=r.exclusion.donde)
    return Regla(r.regla, str(_(r.exclusion.nombre)), str(dicho), r.casos, len(r.violaciones), 0)
