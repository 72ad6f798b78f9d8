"""Who is away, from when to when, and who replaces them meanwhile."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, not_, or_, select, true
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.consultas import obtener, tomar_fila
from records.base.errores import DatoInvalido, NoExiste
from records.cuentas.tablas import Ausencia, Cuenta
from records.plazos.reglas.calendario import dia_local, es_tarde


@dataclass(frozen=True, slots=True)
class NuevaAusencia:
    """Who is away and who acts for them: both days, but the morning of the first and the afternoon
    of the last where that is said."""

    usuario: str
    sustituto: str
    desde: dt.date
    hasta: dt.date
    motivo: str
    desde_mediodia: bool = False
    hasta_mediodia: bool = False

    def __post_init__(self) -> None:
        if self.hasta < self.desde:
            raise DatoInvalido("La ausencia termina antes de empezar.")
        if self.hasta == self.desde and self.desde_mediodia and self.hasta_mediodia:
            raise DatoInvalido(
                "De mediodía a mediodía del mismo día no falta nadie: deje todo el día, la mañana o la tarde."
            )
        if self.usuario == self.sustituto:
            raise DatoInvalido("Nadie se sustituye a sí mismo.")


def registrar_ausencia(session: Session, nueva: NuevaAusencia, acto: Acto) -> int:
    """Raises NoExiste, and DatoInvalido when the person is noted as away, or acts for somebody, on
    one of these days."""
    _tomar(session, {nueva.usuario, nueva.sustituto})
    cruza = (*_cruzan(nueva), Ausencia.anulada.is_(None))
    if (
        session.scalar(
            select(Ausencia.id).where(Ausencia.usuario == nueva.usuario, *cruza).limit(1)
        )
        is not None
    ):
        raise DatoInvalido("Ya hay una ausencia de esta persona en esos días.")
    if (
        session.scalar(
            select(Ausencia.id).where(Ausencia.usuario == nueva.sustituto, *cruza).limit(1)
        )
        is not None
    ):
        raise DatoInvalido("Quien reemplaza también está ausente en esos días.")
    if (
        session.scalar(
            select(Ausencia.id).where(Ausencia.sustituto == nueva.usuario, *cruza).limit(1)
        )
        is not None
    ):
        raise DatoInvalido(
            "Esta persona reemplaza a otra en esos días: elija antes quién la reemplaza allí."
        )
    ausencia = Ausencia(
        usuario=nueva.usuario,
        sustituto=nueva.sustituto,
        desde=nueva.desde,
        hasta=nueva.hasta,
        desde_mediodia=nueva.desde_mediodia,
        hasta_mediodia=nueva.hasta_mediodia,
        motivo=nueva.motivo,
        registrada=acto.now,
        registrada_por=acto.quien,
    )
    session.add(ausencia)
    session.flush()
    return ausencia.id


def registrar_o_corregir(
    session: Session, nueva: NuevaAusencia, acto: Acto, corrige: int | None, por: str
) -> int:
    """With `corrige` that absence ends, `por` says why, and this one takes its place: both or
    neither."""
    if corrige is not None:
        anular_ausencia(session, corrige, por, acto)
    return registrar_ausencia(session, nueva, acto)


def _tomar(session: Session, usuarios: Collection[str]) -> None:
    """Of two absences with a person in common, one is noted after the other. In one order: nobody
    waits for whoever waits for them."""
    suyas = (
        select(Cuenta.id)
        .where(Cuenta.usuario.in_(usuarios))
        .order_by(Cuenta.usuario)
        .with_for_update(key_share=True)
    )
    if len(session.scalars(suyas).all()) != len(usuarios):
        raise NoExiste("No existe una de las cuentas.")


def anular_ausencia(session: Session, ausencia_id: int, motivo: str, acto: Acto) -> None:
    """The person is back, or did not leave; the row stays and says who ended it and why."""
    ausencia = tomar_fila(session, Ausencia, ausencia_id)
    if ausencia.anulada is None:
        ausencia.anulada, ausencia.anulada_por, ausencia.motivo_fin = acto.now, acto.quien, motivo
        session.flush()


def _cruzan(nueva: NuevaAusencia) -> tuple[ColumnElement[bool], ...]:
    """One that ends at noon and another that begins at noon of that day do not meet."""
    empieza = (
        (Ausencia.desde == nueva.hasta) & ~Ausencia.desde_mediodia
        if nueva.hasta_mediodia
        else Ausencia.desde == nueva.hasta
    )
    acaba = (
        (Ausencia.hasta == nueva.desde) & ~Ausencia.hasta_mediodia
        if nueva.desde_mediodia
        else Ausencia.hasta == nueva.desde
    )
    return (Ausencia.desde < nueva.hasta) | empieza, (Ausencia.hasta > nueva.desde) | acaba


def rigen(hoy: Any, tarde: Any) -> tuple[ColumnElement[bool], ...]:
    """Those in force on this local day, before noon or (`tarde`) after it: values, or parameters of
    a prepared statement."""
    empezo = (Ausencia.desde < hoy) | (
        (Ausencia.desde == hoy) & or_(~Ausencia.desde_mediodia, tarde)
    )
    sigue = (Ausencia.hasta > hoy) | (
        (Ausencia.hasta == hoy) & or_(~Ausencia.hasta_mediodia, not_(tarde))
    )
    return empezo, sigue, Ausencia.anulada.is_(None)


def en_el_momento(now: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    return rigen(dia_local(now), true() if es_tarde(now) else false())


def sustituye_a(session: Session, usuario: str, now: dt.datetime) -> list[str]:
    """Who is away now and replaced by this account."""
    filas = session.scalars(
        select(Ausencia.usuario)
        .where(Ausencia.sustituto == usuario, *en_el_momento(now))
        .distinct()
        .order_by(Ausencia.usuario)
    )
    return list(filas)


def ausencias_hoy(
    session: Session, usuarios: Collection[str], now: dt.datetime
) -> Mapping[str, Ausencia]:
    """Those of these accounts who are away at this moment, with until when and who replaces
    them."""
    if not usuarios:
        return {}
    filas = session.scalars(
        select(Ausencia)
        .where(Ausencia.usuario.in_(usuarios), *en_el_momento(now))
        .order_by(Ausencia.id)
    )
    return {fila.usuario: fila for fila in filas}


def fuera(session: Session, usuarios: Collection[str], now: dt.datetime) -> set[str]:
    """Those of these accounts that are away at this moment, or work here no more."""
    ausentes = select(Ausencia.usuario).where(Ausencia.usuario.in_(usuarios), *en_el_momento(now))
    cerradas = select(Cuenta.usuario).where(
        Cuenta.usuario.in_(usuarios), ~Cuenta.activo | (Cuenta.activa_hasta <= now)
    )
    return set(session.scalars(ausentes.union(cerradas))) if usuarios else set()


def ausencias_desde(session: Session, dia: dt.date) -> Sequence[Ausencia]:
    """Those that have not ended on this day, the next first."""
    return session.scalars(
        select(Ausencia)
        .where(Ausencia.hasta >= dia, Ausencia.anulada.is_(None))
        .order_by(Ausencia.desde, Ausencia.id)
    ).all()


def ausencias_terminadas(session: Session, dia: dt.date) -> Sequence[Ausencia]:
    """Those that somebody ended, whose last day would have been this day or later; the latest
    first."""
    return session.scalars(
        select(Ausencia)
        .where(Ausencia.hasta >= dia, Ausencia.anulada.is_not(None))
        .order_by(Ausencia.anulada.desc(), Ausencia.id.desc())
    ).all()


def ausencia(session: Session, ausencia_id: int) -> Ausencia:
    return obtener(session, Ausencia, ausencia_id)
