"""A number that should not have been given: somebody asks to annul it, another person decides. It
stays, and is never given again."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.casos import registro_sql as sql
from records.casos.tablas import AnulacionDeNumero


@dataclass(frozen=True, slots=True)
class Anulacion:
    case_key: str
    motivo: str
    pedida: dt.datetime
    pedida_por: str
    decidida: dt.datetime | None = None
    decidida_por: str = ""
    aprobada: bool = False
    respuesta: str = ""


def _vista(fila: AnulacionDeNumero) -> Anulacion:
    decision = (fila.decidida, fila.decidida_por or "", bool(fila.aprobada), fila.respuesta or "")
    return Anulacion(fila.case_key, fila.motivo, fila.pedida, fila.pedida_por, *decision)


def del_caso(session: Session, case_key: str) -> list[Anulacion]:
    """All that were ever asked for, oldest first."""
    suyas = (
        select(AnulacionDeNumero)
        .where(AnulacionDeNumero.case_key == case_key)
        .order_by(AnulacionDeNumero.id)
    )
    return [_vista(fila) for fila in session.scalars(suyas)]


def que_cuenta(session: Session, case_key: str) -> Anulacion | None:
    """The one that waits for its decision, or was approved."""
    cuentan = [a for a in del_caso(session, case_key) if a.decidida is None or a.aprobada]
    return cuentan[-1] if cuentan else None


def pendientes(session: Session) -> list[Anulacion]:
    """The oldest first."""
    sin_decidir = (
        select(AnulacionDeNumero)
        .where(AnulacionDeNumero.decidida.is_(None))
        .order_by(AnulacionDeNumero.id)
    )
    return [_vista(fila) for fila in session.scalars(sin_decidir)]


def pedir(session: Session, case_key: str, motivo: str, acto: Acto) -> None:
    """Raises DatoInvalido while another one waits for a decision."""
    nueva = AnulacionDeNumero(
        case_key=case_key, motivo=motivo, pedida=acto.now, pedida_por=acto.quien
    )
    try:
        with session.begin_nested():
            session.add(nueva)
    except IntegrityError:
        raise DatoInvalido(
            "Ya se pidió anular este número, y falta que otra persona lo decida."
        ) from None


def decidir(session: Session, case_key: str, respuesta: str, acto: Acto, *, aprueba: bool) -> None:
    """Raises DatoInvalido: nothing waits, or whoever decides asked for it. Approved, the register
    says so from here on."""
    espera = (
        AnulacionDeNumero.case_key == case_key,
        AnulacionDeNumero.decidida.is_(None),
        AnulacionDeNumero.pedida_por != acto.quien,
    )
    dicho = {
        "decidida": acto.now,
        "decidida_por": acto.quien,
        "aprobada": aprueba,
        "respuesta": respuesta,
    }
    hecha = session.execute(
        update(AnulacionDeNumero).where(*espera).values(dicho).returning(AnulacionDeNumero.id)
    ).first()
    if hecha is None:
        raise DatoInvalido(
            "No hay una anulación que usted pueda decidir: la decide alguien distinto de quien la pidió, y una sola vez."
        )
    if aprueba:
        sql.ANULAR_NUMERO.run(session, {"b_clave": case_key, "b_cerrado": acto.now})


def retirar(session: Session, case_key: str, motivo: str, acto: Acto) -> None:
    """Whoever asked for it thinks better of it: decided by themselves, and never an approval.
    DatoInvalido: somebody decided it before."""
    suya = (
        AnulacionDeNumero.case_key == case_key,
        AnulacionDeNumero.decidida.is_(None),
        AnulacionDeNumero.pedida_por == acto.quien,
    )
    dicho = {
        "decidida": acto.now,
        "decidida_por": acto.quien,
        "aprobada": False,
        "respuesta": motivo,
    }
    if (
        session.execute(
            update(AnulacionDeNumero).where(*suya).values(dicho).returning(AnulacionDeNumero.id)
        ).first()
        is None
    ):
        raise DatoInvalido(
            "No hay una petición suya por decidir: quizá otra persona ya la decidió."
        )


def olvidar(session: Session, claves: Sequence[str]) -> None:
    """What people wrote goes; that it was asked for and decided stays."""
    session.execute(
        update(AnulacionDeNumero)
        .where(AnulacionDeNumero.case_key.in_(claves))
        .values(motivo="", respuesta="")
    )
