"""What each worker found at its last look. They may see different worlds (another machine, another
network, another file), so none speaks for another: what one alone finds stands until that one finds
it no more, or looks no more."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from records.base.consultas import ALTA
from records.sistemas.tablas import VistaDeProceso as Vista

#: A look is due each minute; older than this it says nothing about now.
VIGENTE: Final = dt.timedelta(minutes=3)


def ver(session: Session, que: str, proceso: str, estado: str, now: dt.datetime) -> Sequence[str]:
    """Keeps what this worker found; what every worker found at its last look."""
    session.execute(delete(Vista).where(Vista.que == que, Vista.cuando <= now - VIGENTE))
    suya = ALTA[session.get_bind().dialect.name](Vista).values(
        que=que, proceso=proceso, estado=estado, cuando=now
    )
    session.execute(
        suya.on_conflict_do_update(
            index_elements=[Vista.que, Vista.proceso], set_={"estado": estado, "cuando": now}
        )
    )
    return session.scalars(select(Vista.estado).where(Vista.que == que)).all()


def solo_estas(
    session: Session, clase: str, cuales: Collection[str], proceso: str, now: dt.datetime
) -> frozenset[str]:
    """Of a kind this worker sees these now, and no other; those that any worker sees."""
    for cual in sorted(cuales):
        ver(session, f"{clase}:{cual}", proceso, "se_ve", now)
    suyas = Vista.que.startswith(f"{clase}:", autoescape=True)
    otras = (Vista.proceso == proceso) & Vista.que.not_in([f"{clase}:{cual}" for cual in cuales])
    session.execute(
        delete(Vista)
        .where(suyas, otras | (Vista.cuando <= now - VIGENTE))
        .execution_options(synchronize_session=False)
    )
    return frozenset(
        que.removeprefix(f"{clase}:") for que in session.scalars(select(Vista.que).where(suyas))
    )
