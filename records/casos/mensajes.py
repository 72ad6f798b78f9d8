"""Signed calls of other systems that deliver a message of a diagram."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.casos.tablas import CasoRegistrado, MensajeRecibido


@dataclass(frozen=True, slots=True)
class Llamada:
    """`mensaje_id` is the name that the system gave to its call, `huella` the hash of what it
    said."""

    sistema: str
    mensaje_id: str
    huella: str
    mensaje: str


def repetida(session: Session, llamada: Llamada) -> bool | None:
    """None: it is new; True: the same was taken before; False: its name was, with another
    content."""
    dicha = select(MensajeRecibido.huella).where(
        MensajeRecibido.sistema == llamada.sistema, MensajeRecibido.mensaje_id == llamada.mensaje_id
    )
    antes = session.scalar(dicha)
    return None if antes is None else antes == llamada.huella


def recibir(session: Session, llamada: Llamada, acto: Acto) -> None:
    """In the commit of the delivery; IntegrityError: the same call, twice at once."""
    session.add(
        MensajeRecibido(
            sistema=llamada.sistema,
            mensaje_id=llamada.mensaje_id,
            huella=llamada.huella,
            mensaje=llamada.mensaje,
            case_key=acto.case_key or "",
            recibido=acto.now,
        )
    )
    session.flush()


def caso_de(session: Session, numero: str) -> str | None:
    """The key of the case with this number, of whatever procedure."""
    return session.scalar(
        select(CasoRegistrado.case_key).where(CasoRegistrado.numero == numero.strip().upper())
    )
