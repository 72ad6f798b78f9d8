"""What a person has typed into a start form: kept by itself, gone on with, thrown away; nobody else
sees it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Text, cast, delete, func, select
from sqlalchemy.orm import Session

from records.base.errores import DatoInvalido
from records.cuentas import cuentas
from records.cuentas.tablas import BorradorDeInicio

MAXIMO: Final = 50  #: of one person: more is nobody's work, and each is a person's data
LARGO: Final = 250
ENVIADO: Final = (
    ""  #: instead of the procedure: what was begun with it; its files stay for a second press
)


@dataclass(frozen=True, slots=True)
class NuevoBorrador:
    """`visto`: the moment of the draft that the page has seen; `pagina`: its own name."""

    llave: str
    tramite: str
    nombre: str
    textos: Mapping[str, Any] | None  #: None: they stay as they are
    pagina: str = ""
    visto: str = ""
    archivos: Mapping[str, Any] = field(default_factory=dict)  #: of a field; None: taken away


def de(session: Session, usuario: str) -> Sequence[BorradorDeInicio]:
    """The latest first."""
    suyos = select(BorradorDeInicio).where(
        BorradorDeInicio.usuario == usuario, BorradorDeInicio.tramite != ENVIADO
    )
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
            .where(BorradorDeInicio.usuario == usuario, BorradorDeInicio.tramite != ENVIADO)
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
            textos={},
        )
        session.add(fila)
    elegidos = archivos_de(fila)
    textos = {n: v for n, v in fila.textos.items() if n not in elegidos}
    quedan = {n: v for n, v in {**elegidos, **nuevo.archivos}.items() if v is not None}
    fila.textos = {**(textos if nuevo.textos is None else nuevo.textos), **quedan}
    fila.pagina, fila.guardado = nuevo.pagina, now
    session.flush()
    return True


def archivos_de(fila: BorradorDeInicio) -> dict[str, Any]:
    """Field → the file that was chosen for it, as what it is known by."""
    return {n: valor for n, valor in fila.textos.items() if isinstance(valor, Mapping)}


def con(session: Session, nombre: str) -> Sequence[Mapping[str, Any]]:
    """What is held by those drafts in which something is called so. Reads every draft."""
    texto = cast(BorradorDeInicio.textos, Text)
    return session.scalars(
        select(BorradorDeInicio.textos).where(texto.contains(f'"{nombre}":', autoescape=True))
    ).all()


def enviar(session: Session, usuario: str, llave: str) -> None:
    """A case began with it: nothing is left but its files, by which a second press is known as the
    same."""
    fila = uno(session, usuario, llave)
    if fila is None:
        return
    fila.textos, fila.tramite = archivos_de(fila), ENVIADO
    if not fila.textos:
        session.delete(fila)
    session.flush()


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
