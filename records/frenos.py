"""Attempts that fail, counted for all web processes alike: taken before one is looked at, settled when it is known how it went.

An attempt that is cut off between the two, by a crash, is no failure: nobody settles it, and it is forgotten (records/rules/frenos.py).
"""

import datetime as dt
from collections.abc import Collection
from collections.abc import Mapping

from sqlalchemy import bindparam
from sqlalchemy import case
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from records.consultas import ALTA
from records.rules.frenos import DIA
from records.rules.frenos import EN_CURSO
from records.rules.frenos import Cuenta
from records.rules.frenos import Cupo
from records.rules.frenos import Limite
from records.rules.frenos import espera
from records.rules.frenos import espera_tras
from records.tables import Freno

_LARGO = select(Freno.fallos, Freno.en_curso, Freno.en_curso_hasta, Freno.hasta, Freno.ultimo, Freno.clave)


def espera_de(session: Session, claves: Mapping[str, Limite], now: dt.datetime) -> dt.timedelta:
    """How long an attempt with these keys has to wait now; writes nothing and waits for nobody."""
    filas = session.execute(_LARGO.where(Freno.clave.in_(claves))).all()
    return max((espera(Cuenta(*f[:5]), claves[f.clave], now) for f in filas), default=dt.timedelta())


def tomar(session: Session, claves: Mapping[str, Limite], now: dt.datetime) -> dt.timedelta:
    """An attempt begins, for all of these keys; or how long it has to wait, and then the caller rolls back."""
    alta = ALTA[session.get_bind().dialect.name](Freno)
    # in the same order by everybody, so that no two wait for each other
    nuevas = [{"clave": clave, "fallos": 0, "en_curso": 0, "ultimo": now} for clave in sorted(claves)]
    cerrada = alta.values(nuevas).on_conflict_do_update(index_elements=[Freno.clave], set_={"en_curso": Freno.en_curso})
    filas = session.execute(cerrada.returning(*_LARGO.selected_columns)).all()
    if tarda := max(espera(Cuenta(*f[:5]), claves[f.clave], now) for f in filas):
        return tarda
    session.connection().execute(
        update(Freno).where(Freno.clave == bindparam("b_clave")).values(en_curso=bindparam("b_vivos"), en_curso_hasta=now + EN_CURSO),
        [{"b_clave": f.clave, "b_vivos": Cuenta(*f[:5]).vivos(now) + 1} for f in sorted(filas, key=lambda f: f.clave)],
    )
    return dt.timedelta()


def saldar(session: Session, claves: Mapping[str, Limite], now: dt.datetime, *, fallo: bool) -> None:
    """It is known how it went. A success undoes nothing of what failed before: whoever may enter somewhere would guess for ever."""
    filas = session.execute(_LARGO.where(Freno.clave.in_(claves)).order_by(Freno.clave).with_for_update()).all()
    for fila in filas:
        cuenta, limite = Cuenta(*fila[:5]), claves[fila.clave]
        valores: dict[str, object] = {"en_curso": max(cuenta.vivos(now) - 1, 0)}
        if fallo:
            fallos = cuenta.fallidos(limite, now) + 1
            tarda = espera_tras(fallos, limite)
            valores |= {"fallos": fallos, "ultimo": now, "hasta": max(cuenta.hasta or now, now + tarda) if tarda else cuenta.hasta}
        session.execute(update(Freno).where(Freno.clave == fila.clave).values(valores).execution_options(synchronize_session=False))


def gastar(session: Session, clave: str, cupo: Cupo, now: dt.datetime) -> dt.timedelta:
    """One more of what may be done so often; or how long until the next window, and then the caller rolls back."""
    comienzo = cupo.comienzo(now)
    alta = ALTA[session.get_bind().dialect.name](Freno).values(clave=clave, fallos=1, en_curso=0, ultimo=comienzo)
    sigue = case((Freno.ultimo == comienzo, Freno.fallos + 1), else_=1)
    gastadas = session.execute(
        alta.on_conflict_do_update(index_elements=[Freno.clave], set_={"fallos": sigue, "ultimo": comienzo}).returning(Freno.fallos)
    ).scalar_one()
    return comienzo + cupo.ventana - now if gastadas > cupo.cuantas else dt.timedelta()


def por_anotar(session: Session, claves: Collection[str], now: dt.datetime) -> bool:
    """Whether this wait is not in the record yet; writes nothing."""
    nueva = or_(Freno.anotado.is_(None), Freno.anotado < Freno.hasta)
    return bool(session.scalar(select(func.count()).where(Freno.clave.in_(claves), Freno.hasta > now, nueva)))


def anotar(session: Session, claves: Collection[str], now: dt.datetime) -> bool:
    """It is noted now, by us; False: somebody else was faster."""
    nueva = or_(Freno.anotado.is_(None), Freno.anotado < Freno.hasta)
    suyas = update(Freno).where(Freno.clave.in_(claves), Freno.hasta > now, nueva).values(anotado=Freno.hasta).returning(Freno.clave)
    return bool(session.execute(suyas.execution_options(synchronize_session=False)).all())


def soltar(session: Session, claves: Collection[str]) -> None:
    """Nothing is held against these any more: who answers for them has shown who they are."""
    session.execute(delete(Freno).where(Freno.clave.in_(claves)).execution_options(synchronize_session=False))


def olvidar(session: Session, now: dt.datetime) -> int:
    """What nobody has used for a day, and nobody holds now; how many."""
    viejas = select(Freno.clave).where(Freno.ultimo < now - DIA).with_for_update(skip_locked=True)
    idas = delete(Freno).where(Freno.clave.in_(viejas)).returning(Freno.clave)
    return len(session.execute(idas.execution_options(synchronize_session=False)).all())
