"""Extensions of the legal term (Ley 1755 de 2015, art. 14, parágrafo) that whoever has a case asks
for; who may grant them decides."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.casos.reglas.estados import EN_ANALISIS, ESCALADO
from records.casos.tablas import Caso, Prorroga, ProrrogaPedida

#: In these an area has the case, and its term may be extended.
EN_EL_AREA = (ESCALADO, EN_ANALISIS)


@dataclass(frozen=True, slots=True)
class Pendiente:
    """One that waits, with the case that it is of."""

    case_key: str | None
    radicado: str | None
    dias: int
    pedida: dt.datetime
    pedida_por: str


def del_caso(session: Session, caso_id: int) -> Sequence[ProrrogaPedida]:
    """All that were ever asked for, oldest first."""
    suyas = select(ProrrogaPedida).where(ProrrogaPedida.caso_id == caso_id)
    return session.scalars(suyas.order_by(ProrrogaPedida.id)).all()


def la_ultima(session: Session, caso_id: int) -> ProrrogaPedida | None:
    """The one that waits, or else the last one that was decided."""
    todas = del_caso(session, caso_id)
    return todas[-1] if todas else None


def pendientes(session: Session, now: dt.datetime) -> list[Pendiente]:
    """Those that can still be granted, by the term that ends first."""
    filas = session.execute(
        select(
            Caso.case_key,
            Caso.radicado,
            ProrrogaPedida.dias,
            ProrrogaPedida.pedida,
            ProrrogaPedida.pedida_por,
        )
        .join(ProrrogaPedida, ProrrogaPedida.caso_id == Caso.id)
        .outerjoin(Prorroga, Prorroga.caso_id == Caso.id)
        .where(
            ProrrogaPedida.decidida.is_(None),
            Prorroga.id.is_(None),
            Caso.estado.in_(EN_EL_AREA),
            Caso.limite_respuesta >= now,
        )
        .order_by(Caso.limite_respuesta, Caso.id)
    )
    return [Pendiente(*fila) for fila in filas]


def pedir(session: Session, caso_id: int, dias: int, motivo: str, acto: Acto) -> int:
    """Its number. DatoInvalido while another one waits."""
    fila = ProrrogaPedida(
        caso_id=caso_id, dias=dias, motivo=motivo, pedida=acto.now, pedida_por=acto.quien
    )
    try:
        with session.begin_nested():
            session.add(fila)
    except IntegrityError:
        raise DatoInvalido("Ya se pidió la prórroga de este caso, y falta decidirla.") from None
    return fila.id


def decidir(
    session: Session, caso_id: int, respuesta: str | None, acto: Acto, *, concede: bool
) -> tuple[int, str] | None:
    """Number and account of what waited, or None; in one UPDATE: of two who decide at once, one
    does."""
    dicho = {
        "decidida": acto.now,
        "decidida_por": acto.quien,
        "concedida": concede,
        "respuesta": respuesta,
    }
    espera = (ProrrogaPedida.caso_id == caso_id, ProrrogaPedida.decidida.is_(None))
    hecha = session.execute(
        update(ProrrogaPedida)
        .where(*espera)
        .values(dicho)
        .returning(ProrrogaPedida.id, ProrrogaPedida.pedida_por)
    ).first()
    return (hecha.id, hecha.pedida_por) if hecha is not None else None
