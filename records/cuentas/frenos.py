"""Attempts that fail, counted for all web processes alike. One that a crash cuts off before it is
known how it went was none."""

import datetime as dt
from collections.abc import Collection, Mapping

from sqlalchemy import case, delete, func, or_, select, update
from sqlalchemy.orm import Session

from records.base.consultas import ALTA
from records.cuentas.reglas.frenos import DIA, Cuenta, Cupo, Limite, espera, espera_tras
from records.cuentas.tablas import Freno

_FILA = select(Freno.clave, Freno.fallos, Freno.hasta, Freno.ultimo)


def esperas(
    session: Session, claves: Mapping[str, Limite], vivos: Mapping[str, int], now: dt.datetime
) -> dt.timedelta:
    """How long an attempt with these keys has to wait now, beside as many others; writes nothing
    and waits for nobody."""
    cuentas = {
        f.clave: Cuenta(*f[1:]) for f in session.execute(_FILA.where(Freno.clave.in_(claves)))
    }
    return max(
        espera(cuentas.get(clave), limite, now, vivos.get(clave, 0))
        for clave, limite in claves.items()
    )


def fallo(session: Session, claves: Mapping[str, Limite], now: dt.datetime) -> None:
    """One more failure of each of these keys."""
    alta = ALTA[session.get_bind().dialect.name](Freno)
    # in the same order by everybody, so that no two wait for each other
    nuevas = [{"clave": clave, "fallos": 0, "ultimo": now} for clave in sorted(claves)]
    cerradas = alta.values(nuevas).on_conflict_do_update(
        index_elements=[Freno.clave], set_={"fallos": Freno.fallos}
    )
    for fila in session.execute(cerradas.returning(*_FILA.selected_columns)).all():
        cuenta, limite = Cuenta(*fila[1:]), claves[fila.clave]
        fallos = cuenta.fallidos(limite, now) + 1
        tarda = espera_tras(fallos, limite)
        hasta = max(cuenta.hasta or now, now + tarda) if tarda else cuenta.hasta
        suya = (
            update(Freno)
            .where(Freno.clave == fila.clave)
            .values(fallos=fallos, ultimo=now, hasta=hasta)
        )
        session.execute(suya.execution_options(synchronize_session=False))


def gastar(session: Session, clave: str, cupo: Cupo, now: dt.datetime) -> dt.timedelta:
    """One more of what may be done so often; or how long until the next window, and then the caller
    rolls back."""
    comienzo = cupo.comienzo(now)
    alta = ALTA[session.get_bind().dialect.name](Freno).values(
        clave=clave, fallos=1, ultimo=comienzo
    )
    sigue = case((Freno.ultimo == comienzo, Freno.fallos + 1), else_=1)
    gastadas = session.execute(
        alta.on_conflict_do_update(
            index_elements=[Freno.clave], set_={"fallos": sigue, "ultimo": comienzo}
        ).returning(Freno.fallos)
    ).scalar_one()
    return comienzo + cupo.ventana - now if gastadas > cupo.cuantas else dt.timedelta()


def por_anotar(session: Session, claves: Collection[str], now: dt.datetime) -> bool:
    """Whether this wait is not in the record yet; writes nothing."""
    nueva = or_(Freno.anotado.is_(None), Freno.anotado < Freno.hasta)
    return bool(
        session.scalar(
            select(func.count()).where(Freno.clave.in_(claves), Freno.hasta > now, nueva)
        )
    )


def anotar(session: Session, claves: Collection[str], now: dt.datetime) -> bool:
    """It is noted now, by us; False: somebody else was faster."""
    nueva = or_(Freno.anotado.is_(None), Freno.anotado < Freno.hasta)
    suyas = (
        update(Freno)
        .where(Freno.clave.in_(claves), Freno.hasta > now, nueva)
        .values(anotado=Freno.hasta)
        .returning(Freno.clave)
    )
    return bool(session.execute(suyas.execution_options(synchronize_session=False)).all())


def soltar(session: Session, claves: Collection[str]) -> None:
    """Nothing is held against these any more: who answers for them has shown who they are."""
    session.execute(
        delete(Freno).where(Freno.clave.in_(claves)).execution_options(synchronize_session=False)
    )


def olvidar(session: Session, now: dt.datetime) -> int:
    """What nobody has used for a day, and nobody holds now; how many."""
    viejas = select(Freno.clave).where(Freno.ultimo < now - DIA).with_for_update(skip_locked=True)
    idas = delete(Freno).where(Freno.clave.in_(viejas)).returning(Freno.clave)
    return len(session.execute(idas.execution_options(synchronize_session=False)).all())
