"""In the history of a case: that a task nobody touched rose to who leads its area, and why (Q27)."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from engine.reads.history import Entry
from engine.states import ActorKind
from engine.types import SYSTEM
from records.quietud import elevadas_del_caso
from webforms.base import formatos
from webforms.base.asientos import ELEVADA
from webforms.base.personas import nombres_de
from webforms.base.servicios import servicios


def subidas(session: Session, case_key: str) -> Iterator[Entry]:
    """As entries, beside those of the journal."""
    hoy = formatos.dia_local(servicios().clock.now())
    filas = elevadas_del_caso(session, case_key)
    nombres = nombres_de(session, {f.tenia for f in filas if f.tenia})
    for fila in filas:
        yield Entry(
            instance_id="",
            process="",
            rev=0,
            at=fila.elevada,
            actor_kind=ActorKind.SYSTEM,
            actor_id=SYSTEM.id,
            kind=ELEVADA,
            element=fila.actividad,
            name=fila.nombre,
            steps=(),
            detail={
                "dias": fila.dias,
                "desde": formatos.fecha(fila.desde, hoy),
                "tenia": nombres.get(fila.tenia, fila.tenia) if fila.tenia else "",
            },
            values=None,
            erased=False,
            release=0,
        )
