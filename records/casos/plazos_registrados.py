"""Legal deadlines that a step of a diagram registers for its case: what each is called, from when
and until when it runs."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.casos import registro
from records.casos.registro import Dicho
from records.casos.tablas import CasoRegistrado, PlazoRegistrado
from records.plazos.reglas.calendario import vencimiento


@dataclass(frozen=True, slots=True)
class NuevoPlazo:
    """`dias`: business days from the day after `desde`; None: `vence` was given as it is."""

    nombre: str
    desde: dt.datetime
    dias: int | None
    vence: dt.datetime


def contado(nombre: str, desde: dt.datetime, dias: int) -> NuevoPlazo:
    return NuevoPlazo(nombre, desde, dias, vencimiento(desde, dias))


def registrar(
    session: Session, case_key: str, plazo: NuevoPlazo, tarea: str, *, now: dt.datetime
) -> None:
    """From here on it is the term of the case, in its lists and counts. LookupError: the register
    has no such case. The same passage of a step registers once."""
    suyo = select(CasoRegistrado.id).where(
        CasoRegistrado.case_key == case_key, CasoRegistrado.caso_id.is_(None)
    )
    if session.scalar(suyo) is None:
        raise LookupError(f"{case_key}: no case of the register has a term of its own")
    if session.scalar(select(PlazoRegistrado.id).where(PlazoRegistrado.tarea == tarea)) is not None:
        return
    dicho = {"nombre": plazo.nombre, "desde": plazo.desde, "dias": plazo.dias, "vence": plazo.vence}
    session.add(PlazoRegistrado(case_key=case_key, tarea=tarea, registrado=now, **dicho))
    session.flush()
    registro.decir(session, case_key, Dicho(vence=plazo.vence))


def del_caso(session: Session, case_key: str) -> Sequence[PlazoRegistrado]:
    """The one that counts first."""
    suyos = select(PlazoRegistrado).where(PlazoRegistrado.case_key == case_key)
    return session.scalars(suyos.order_by(PlazoRegistrado.id.desc())).all()
