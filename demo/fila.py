"""Each start of the demo opens the points for some hours more and fills the queues again."""

import datetime as dt
import random

import sqlalchemy as sa
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from demo.agenda import PREFERENTES
from demo.guion import CON_DOCUMENTO, MOTIVO_DE, RUTAS
from demo.mundo import Mundo
from engine.types import Transactions
from records.catalogos.catalogo import PUNTOS, PuntoDato
from records.lugares.tablas import Punto
from records.personas.tablas import Persona
from records.visita.reglas.turnos import ESPERA
from records.visita.tablas import Turno

ABIERTO = dt.timedelta(hours=9)
MINIMO_ABIERTO = dt.timedelta(hours=8)
TURNOS_POR_PERSONA = 50  # of an ordinary day, for each person who waits
ESPERA_MAXIMA = dt.timedelta(minutes=25)


def abrir(uow: Transactions, now: dt.datetime) -> None:
    """Keep every point open for at least eight hours more, whatever day and hour it is."""
    falta = sa.or_(Punto.abierto_hasta.is_(None), Punto.abierto_hasta < now + MINIMO_ABIERTO)
    with uow.session() as session, session.begin():
        session.execute(update(Punto).where(falta).values(abierto_hasta=now + ABIERTO))


def esta_completa(db: sa.Engine) -> bool:
    """Was the first load finished? Opening the points is its last act."""
    with Session(db) as session:
        return (
            session.scalar(select(Punto.codigo).where(Punto.abierto_hasta.is_not(None)).limit(1))
            is not None
        )


def cuantos_esperan(punto: PuntoDato) -> int:
    return max(2, round(punto.turnos_dia / TURNOS_POR_PERSONA))


def reponer(mundo: Mundo, now: dt.datetime, azar: random.Random) -> int:
    """Top the queues up with people who came in the last minutes, some preferential. Returns how
    many came."""
    faltan = [
        (punto, cuantos_esperan(punto) - esperan) for punto, esperan in _esperan(mundo, now).items()
    ]
    lugares = [punto for punto, n in faltan for _ in range(n)]
    gente = _alguien(mundo, len(lugares), azar)
    llegadas = sorted(now - azar.uniform(0.04, 1.0) * ESPERA_MAXIMA for _ in lugares)
    azar.shuffle(lugares)
    for punto, persona, llegada in zip(lugares, gente, llegadas, strict=True):
        mundo.clock.move_to(llegada)
        _llega(mundo, punto, persona, azar)
    mundo.clock.move_to(now)
    return len(lugares)


def _llega(mundo: Mundo, punto: PuntoDato, persona: tuple[str, str], azar: random.Random) -> None:
    ruta = azar.choices([r for r, _ in RUTAS], weights=[p for _, p in RUTAS])[0]
    con_documento = azar.random() < CON_DOCUMENTO
    mundo.llegar(
        punto,
        {
            "motivo_visita": MOTIVO_DE[ruta],
            "condicion": "preferente" if azar.random() < 2 * PREFERENTES else "ninguna",
            "tipo_doc": persona[0] if con_documento else "",
            "num_doc": persona[1] if con_documento else "",
        },
        actor=mundo.quiosco(punto) or mundo.asesores[punto.codigo][0],
    )


def _esperan(mundo: Mundo, now: dt.datetime) -> dict[PuntoDato, int]:
    """People in each queue; those of a day that has ended are leaving it."""
    esperan = (
        select(Turno.punto_id, func.count())
        .where(Turno.estado == ESPERA, Turno.fecha_cierre > now)
        .group_by(Turno.punto_id)
    )
    with mundo.engine.uow.reading() as session:
        filas = dict(session.execute(esperan).all())
    return {punto: filas.get(punto.codigo, 0) for punto in PUNTOS}


def _alguien(mundo: Mundo, n: int, azar: random.Random) -> list[tuple[str, str]]:
    """Documents of people of the CRM."""
    with mundo.engine.uow.reading() as session:
        ids = list(session.scalars(select(Persona.id).order_by(Persona.id)))
        elegidas = azar.sample(ids, min(n, len(ids)))
        filas = session.execute(
            select(Persona.tipo_doc, Persona.num_doc).where(Persona.id.in_(elegidas))
        )
        return list(filas)
