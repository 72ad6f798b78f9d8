"""The short confirmation after a visit (5.2.10, 5.2.15): number, area and term, above the queue."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine import reads
from records.visita import atenciones
from records.visita.atenciones import Atendida
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.visita.llamados import CALIFICA

VISIBLE = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Cierre:
    """The visit that this adviser has just ended. `medio` is how the rating is asked for; "":
    nobody is asked any more."""

    atendida: Atendida
    medio: str


def ultimo(session: Session, punto_id: str) -> Cierre | None:
    """What the adviser did last, for some minutes and until they call somebody else: the person
    waits for a talk, is asked to rate, or has left."""
    now = servicios().clock.now()
    vistos: list[tuple[dt.datetime, Cierre]] = []
    for a in atenciones.recientes(session, actor_actual().id, now - VISIBLE):
        if a.fin is not None:
            vistos.append((a.fin, Cierre(a, "")))
        elif a.en_sala is not None:
            vistos.append((a.en_sala, Cierre(a, "")))
        elif a.case_key is not None:
            pedidas = [
                i
                for i in reads.items.of_case(session, a.case_key, only_open=True)
                if i.element == CALIFICA
            ]
            vistos.extend(
                (i.opened_at, Cierre(a, str(i.data.get("medio_calificacion") or "")))
                for i in pedidas
            )
    llamado = atenciones.ultimo_llamado(session, actor_actual().id, punto_id, now - VISIBLE)
    recientes = [
        (cuando, cierre)
        for cuando, cierre in vistos
        if cuando >= max(now - VISIBLE, llamado or now - VISIBLE)
    ]
    return max(recientes, key=lambda v: v[0])[1] if recientes else None
