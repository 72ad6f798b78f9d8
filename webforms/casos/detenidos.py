"""What of a case stopped and waits for an administrator: said on the page of the case and at the
desk."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine import reads
from webforms.base.servicios import servicios
from webforms.tareas.elementos import titulo_de_paso


@dataclass(frozen=True, slots=True)
class Detenido:
    """An open incident, as people outside the administration see it."""

    incidente: int
    desde: dt.datetime
    elemento: str  #: name on the diagram
    de_fondo: bool  #: a job that no task waits for, such as a mail: the case goes on


def detenidos(session: Session, case_key: str) -> list[Detenido]:
    catalogo = servicios().engine.catalog
    vistos = []
    for i in reads.incidents.open_of_case(session, case_key):
        procesos = (
            reads.releases.processes(session, catalogo, i.release) if i.release is not None else {}
        )
        proceso = procesos.get(i.process)
        elemento = proceso.elements.get(i.element) if proceso is not None else None
        vistos.append(
            Detenido(i.id, i.at, titulo_de_paso(i.element, elemento), de_fondo=not i.process)
        )
    return vistos
