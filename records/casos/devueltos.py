"""Documents filed to the wrong case: one person asks to take one out, with a reason, another
decides; it then waits for its case.

Its content and its row stay, and so does where it was: on the page of that case, in its notes, and
here.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import null, select, union_all, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.casos.tablas import Archivo
from records.escritos.tablas import DocumentoDevuelto, DocumentoSuelto


@dataclass(frozen=True, slots=True)
class Devuelto:
    """One that left a case, as the page of that case tells it."""

    nombre: str
    sha256: str
    motivo: str
    pedido_por: str
    decidido: dt.datetime | None
    decidido_por: str | None


def pendiente(session: Session, suelto_id: int) -> DocumentoDevuelto | None:
    """What waits for the decision of another person."""
    suya = select(DocumentoDevuelto).where(
        DocumentoDevuelto.suelto_id == suelto_id, DocumentoDevuelto.decidido.is_(None)
    )
    return session.scalar(suya)


def decidido(session: Session, suelto_id: int) -> DocumentoDevuelto | None:
    """What was decided last of it, by whom; None while it waits, or nobody asked."""
    suyos = select(DocumentoDevuelto).where(DocumentoDevuelto.suelto_id == suelto_id)
    ultimo = session.scalar(suyos.order_by(DocumentoDevuelto.id.desc()).limit(1))
    return ultimo if ultimo is not None and ultimo.decidido is not None else None


def pendientes(session: Session) -> list[tuple[DocumentoDevuelto, DocumentoSuelto]]:
    """The oldest first."""
    filas = (
        select(DocumentoDevuelto, DocumentoSuelto)
        .join(DocumentoSuelto, DocumentoSuelto.id == DocumentoDevuelto.suelto_id)
        .where(DocumentoDevuelto.decidido.is_(None))
        .order_by(DocumentoDevuelto.id)
    )
    return [(devuelto, suelto) for devuelto, suelto in session.execute(filas)]


def del_caso(session: Session, case_key: str) -> tuple[list[Devuelto], dict[int, int]]:
    """Those that were here and left, the latest first; and of those that are here, file → the
    document of no case that it came as, which may be taken back. One statement for both."""
    columnas = (
        Archivo.nombre,
        Archivo.sha256,
        DocumentoDevuelto.motivo,
        DocumentoDevuelto.pedido_por,
    )
    salieron = (
        select(
            DocumentoDevuelto.id,
            null(),
            *columnas,
            DocumentoDevuelto.decidido,
            DocumentoDevuelto.decidido_por,
        )
        .join(DocumentoSuelto, DocumentoSuelto.id == DocumentoDevuelto.suelto_id)
        .join(Archivo, Archivo.id == DocumentoSuelto.archivo_id)
        .where(DocumentoDevuelto.case_key == case_key, DocumentoDevuelto.aprobado.is_(True))
    )
    estan = select(DocumentoSuelto.id, DocumentoSuelto.archivo_id, *[null()] * 6).where(
        DocumentoSuelto.case_key == case_key
    )
    filas: Sequence[Any] = session.execute(union_all(salieron, estan)).all()
    idos = sorted((fila for fila in filas if fila[1] is None), key=lambda fila: -fila[0])
    return [Devuelto(*fila[2:]) for fila in idos], {
        fila[1]: fila[0] for fila in filas if fila[1] is not None
    }


def pedir(session: Session, suelto_id: int, motivo: str, acto: Acto) -> None:
    """DatoInvalido: it is of no case, or another one waits."""
    case_key = session.scalar(
        select(DocumentoSuelto.case_key).where(DocumentoSuelto.id == suelto_id)
    )
    if case_key is None:
        raise DatoInvalido("El documento ya no está en un caso.")
    try:
        with session.begin_nested():
            session.add(
                DocumentoDevuelto(
                    suelto_id=suelto_id,
                    case_key=case_key,
                    motivo=motivo,
                    pedido=acto.now,
                    pedido_por=acto.quien,
                )
            )
    except IntegrityError:
        raise DatoInvalido(
            "Ya se pidió sacarlo del caso, y falta que otra persona lo decida."
        ) from None


def decidir(session: Session, suelto_id: int, respuesta: str, acto: Acto, *, aprueba: bool) -> None:
    """DatoInvalido: nothing waits, or whoever decides asked for it and approves. Who asked may let
    it be. Approved, it waits for its case again."""
    espera = [DocumentoDevuelto.suelto_id == suelto_id, DocumentoDevuelto.decidido.is_(None)]
    if aprueba:
        espera.append(DocumentoDevuelto.pedido_por != acto.quien)
    dicho = {
        "decidido": acto.now,
        "decidido_por": acto.quien,
        "aprobado": aprueba,
        "respuesta": respuesta,
    }
    hecha = update(DocumentoDevuelto).where(*espera).values(dicho).returning(DocumentoDevuelto.id)
    if session.execute(hecha.execution_options(synchronize_session=False)).first() is None:
        raise DatoInvalido(
            "No hay nada que usted pueda decidir: lo decide alguien distinto de quien lo pidió, y una sola vez."
        )
    if not aprueba:
        return
    vacio = dict.fromkeys(("destino", "case_key", "motivo", "decidido", "decidido_por"))
    session.execute(update(DocumentoSuelto).where(DocumentoSuelto.id == suelto_id).values(vacio))
    archivo = (
        select(DocumentoSuelto.archivo_id).where(DocumentoSuelto.id == suelto_id).scalar_subquery()
    )
    session.execute(
        update(Archivo).where(Archivo.id == archivo).values(case_key=None, turno_id=None)
    )


def olvidar(session: Session, claves: Sequence[str]) -> None:
    """What people wrote goes; that it was there and left stays."""
    session.execute(
        update(DocumentoDevuelto)
        .where(DocumentoDevuelto.case_key.in_(claves))
        .values(motivo="", respuesta="")
    )
