"""What a person has typed into a start form: kept by itself, gone on with, thrown away; nobody else
sees it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from records.base.errores import DatoInvalido
from records.cuentas import cuentas
from records.cuentas.tablas import BorradorDeInicio

MAXIMO: Final = 50  #: of one person: more is nobody's work, and each is a person's data
LARGO: Final = 250


@dataclass(frozen=True, slots=True)
class NuevoBorrador:
    """`visto`: the moment of the draft that the page has seen; `pagina`: its own name."""

    llave: str
    tramite: str
    nombre: str
    textos: dict[str, list[str]]
    pagina: str = ""
    visto: str = ""


def de(session: Session, usuario: str) -> Sequence[BorradorDeInicio]:
    """The latest first."""
    suyos = select(BorradorDeInicio).where(BorradorDeInicio.usuario == usuario)
    return session.scalars(
        suyos.order_by(BorradorDeInicio.guardado.desc(), BorradorDeInicio.id.desc())
    ).all()


def uno(session: Session, usuario: str, llave: str) -> BorradorDeInicio | None:
    return session.scalar(
        select(BorradorDeInicio).where(
            BorradorDeInicio.usuario == usuario, BorradorDeInicio.llave == llave
        )
    )


def de_otra_pagina(antes: BorradorDeInicio | None, nuevo: NuevoBorrador) -> bool:
    """Another page has saved since this one looked."""
    return (
        antes is not None
        and antes.pagina not in ("", nuevo.pagina)
        and antes.guardado.isoformat() != nuevo.visto
    )


def guardar(session: Session, usuario: str, nuevo: NuevoBorrador, *, now: dt.datetime) -> bool:
    """False: another page has saved meanwhile, and nothing changes. DatoInvalido: they have too
    many."""
    cuentas.de_a_una(session, usuario)
    fila = uno(session, usuario, nuevo.llave)
    if de_otra_pagina(fila, nuevo):
        return False
    if fila is None:
        suyos = (
            select(func.count())
            .select_from(BorradorDeInicio)
            .where(BorradorDeInicio.usuario == usuario)
        )
        if (session.scalar(suyos) or 0) >= MAXIMO:
            raise DatoInvalido(
                "Tiene demasiados borradores sin enviar. Bote los que ya no sirven en «Iniciar»."
            )
        fila = BorradorDeInicio(
            usuario=usuario,
            llave=nuevo.llave,
            tramite=nuevo.tramite[:LARGO],
            nombre=nuevo.nombre[:LARGO],
        )
        session.add(fila)
    fila.textos, fila.pagina, fila.guardado = nuevo.textos, nuevo.pagina, now
    session.flush()
    return True


def botar(session: Session, usuario: str, llave: str) -> bool:
    """False: there is none."""
    suyo = delete(BorradorDeInicio).where(
        BorradorDeInicio.usuario == usuario, BorradorDeInicio.llave == llave
    )
    return session.execute(suyo.returning(BorradorDeInicio.id)).first() is not None


def cuantos_viejos(session: Session, antes: dt.datetime) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(BorradorDeInicio)
            .where(BorradorDeInicio.guardado < antes)
        )
        or 0
    )


def borrar_viejos(session: Session, antes: dt.datetime) -> int:
    hechos = session.execute(
        delete(BorradorDeInicio)
        .where(BorradorDeInicio.guardado < antes)
        .returning(BorradorDeInicio.id)
    )
    return len(hechos.all())
