"""Where somebody named this person in a note that they have not opened: on top of their inbox, and
on the line of the task."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from records.casos import menciones
from webforms.base.personas import nombres_de
from webforms.tareas.nombres import nombres_de_casos


@dataclass(frozen=True, slots=True)
class Mencionado:
    caso: str
    por: str
    cuando: dt.datetime


def mencionado_en(session: Session, usuario: str) -> Mapping[str, Mencionado]:
    """Key of a case → by whom and when last."""
    filas = menciones.sin_leer(session, usuario)
    if not filas:
        return {}
    casos, gente = (
        nombres_de_casos(session, {f.case_key for f in filas}),
        nombres_de(session, {f.por for f in filas}),
    )
    ultimas: dict[str, Mencionado] = {}
    for f in filas:
        ultimas.setdefault(
            f.case_key,
            Mencionado(
                casos.get(f.case_key) or str(_("Un caso")), gente.get(f.por, f.por), f.cuando
            ),
        )
    return ultimas
