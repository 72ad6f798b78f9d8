"""What a person notes of tasks for themselves: read, and when to look again. A convenience, not
evidence."""

import datetime as dt
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.cuentas.tablas import MarcaTarea


def marcas(session: Session, usuario: str, items: Collection[str]) -> Mapping[str, MarcaTarea]:
    """Item id → what this person noted of it."""
    if not items:
        return {}
    filas = session.scalars(
        select(MarcaTarea).where(MarcaTarea.usuario == usuario, MarcaTarea.item_id.in_(items))
    )
    return {fila.item_id: fila for fila in filas}


def marcar_leida(session: Session, usuario: str, item_id: str, leida: dt.datetime | None) -> None:
    """None: unread again."""
    _marca(session, usuario, item_id).leida = leida
    session.flush()


def poner_seguimiento(session: Session, usuario: str, item_id: str, dia: dt.date | None) -> None:
    _marca(session, usuario, item_id).seguimiento = dia
    session.flush()


def _marca(session: Session, usuario: str, item_id: str) -> MarcaTarea:
    hallada = marcas(session, usuario, [item_id]).get(item_id)
    if hallada is None:
        hallada = MarcaTarea(usuario=usuario, item_id=item_id)
        session.add(hallada)
    return hallada


def de_seguimiento(session: Session, usuario: str, hasta: dt.date) -> list[str]:
    """Tasks that this person wanted to look at again by this day; those that are over are among
    them."""
    return list(
        session.scalars(
            select(MarcaTarea.item_id).where(
                MarcaTarea.usuario == usuario, MarcaTarea.seguimiento <= hasta
            )
        )
    )
