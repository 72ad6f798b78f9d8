"""Colleagues whom a note on a case names."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from records.casos.tablas import Mencion

MOSTRADAS = 20


def mencionar(session: Session, case_key: str, usuario: str, *, por: str, now: dt.datetime) -> None:
    session.add(Mencion(case_key=case_key, usuario=usuario, por=por, cuando=now))
    session.flush()


def sin_leer(session: Session, usuario: str) -> Sequence[Mencion]:
    """Where somebody named this person who has not looked yet, the latest first."""
    suyas = select(Mencion).where(Mencion.usuario == usuario, Mencion.leida.is_(None))
    return session.scalars(
        suyas.order_by(Mencion.cuando.desc(), Mencion.id.desc()).limit(MOSTRADAS)
    ).all()


def hay_sin_leer(session: Session, case_key: str, usuario: str) -> bool:
    suyas = select(Mencion.id).where(
        Mencion.case_key == case_key, Mencion.usuario == usuario, Mencion.leida.is_(None)
    )
    return session.scalar(suyas.limit(1)) is not None


def marcar_leidas(session: Session, case_key: str, usuario: str, *, now: dt.datetime) -> None:
    session.execute(
        update(Mencion)
        .where(Mencion.case_key == case_key, Mencion.usuario == usuario, Mencion.leida.is_(None))
        .values(leida=now)
    )
