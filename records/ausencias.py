"""Who is away, from when to when, and who replaces them meanwhile."""

import datetime as dt
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from records.actos import Acto
from records.consultas import obtener
from records.errores import DatoInvalido
from records.errores import NoExiste
from records.rules.calendario import dia_local
from records.tables import Ausencia
from records.tables import Cuenta


@dataclass(frozen=True, slots=True)
class NuevaAusencia:
    """Who is away and who acts for them; both days included."""

    usuario: str
    sustituto: str
    desde: dt.date
    hasta: dt.date
    motivo: str

    def __post_init__(self) -> None:
        if self.hasta < self.desde:
            raise DatoInvalido("La ausencia termina antes de empezar.")
        if self.usuario == self.sustituto:
            raise DatoInvalido("Nadie se sustituye a sí mismo.")


def registrar_ausencia(session: Session, nueva: NuevaAusencia, acto: Acto) -> int:
    """Raises NoExiste, and DatoInvalido when the person is noted as away, or acts for somebody, on one of these days."""
    _existen(session, {nueva.usuario, nueva.sustituto})
    cruza = (Ausencia.desde <= nueva.hasta, Ausencia.hasta >= nueva.desde, Ausencia.anulada.is_(None))
    if session.scalar(select(Ausencia.id).where(Ausencia.usuario == nueva.usuario, *cruza).limit(1)) is not None:
        raise DatoInvalido("Ya hay una ausencia de esta persona en esos días.")
    if session.scalar(select(Ausencia.id).where(Ausencia.usuario == nueva.sustituto, *cruza).limit(1)) is not None:
        raise DatoInvalido("Quien reemplaza también está ausente en esos días.")
    ausencia = Ausencia(
        usuario=nueva.usuario,
        sustituto=nueva.sustituto,
        desde=nueva.desde,
        hasta=nueva.hasta,
        motivo=nueva.motivo,
        registrada=acto.now,
        registrada_por=acto.quien,
    )
    session.add(ausencia)
    session.flush()
    return ausencia.id


def registrar_o_corregir(session: Session, nueva: NuevaAusencia, acto: Acto, corrige: int | None, por: str) -> int:
    """With `corrige` that absence ends, `por` says why, and this one takes its place: both or neither."""
    if corrige is not None:
        anular_ausencia(session, corrige, por, acto)
    return registrar_ausencia(session, nueva, acto)


def _existen(session: Session, usuarios: Collection[str]) -> None:
    hay = session.scalar(select(func.count()).select_from(Cuenta).where(Cuenta.usuario.in_(usuarios)))
    if hay != len(usuarios):
        raise NoExiste("No existe una de las cuentas.")


def anular_ausencia(session: Session, ausencia_id: int, motivo: str, acto: Acto) -> None:
    """The person is back, or did not leave; the row stays and says who ended it and why."""
    ausencia = obtener(session, Ausencia, ausencia_id)
    if ausencia.anulada is None:
        ausencia.anulada, ausencia.anulada_por, ausencia.motivo_fin = acto.now, acto.quien, motivo
        session.flush()


def _en(dia: dt.date) -> tuple[ColumnElement[bool], ...]:
    return Ausencia.desde <= dia, Ausencia.hasta >= dia, Ausencia.anulada.is_(None)


def sustituye_a(session: Session, usuario: str, now: dt.datetime) -> list[str]:
    """Who is away today and replaced by this account."""
    filas = session.scalars(
        select(Ausencia.usuario).where(Ausencia.sustituto == usuario, *_en(dia_local(now))).distinct().order_by(Ausencia.usuario)
    )
    return list(filas)


def ausencias_hoy(session: Session, usuarios: Collection[str], now: dt.datetime) -> Mapping[str, Ausencia]:
    """Those of these accounts who are away today, with until when and who replaces them."""
    if not usuarios:
        return {}
    filas = session.scalars(select(Ausencia).where(Ausencia.usuario.in_(usuarios), *_en(dia_local(now))).order_by(Ausencia.id))
    return {fila.usuario: fila for fila in filas}


def ausencias_desde(session: Session, dia: dt.date) -> Sequence[Ausencia]:
    """Those that have not ended on this day, the next first."""
    return session.scalars(
        select(Ausencia).where(Ausencia.hasta >= dia, Ausencia.anulada.is_(None)).order_by(Ausencia.desde, Ausencia.id)
    ).all()


def ausencias_terminadas(session: Session, dia: dt.date) -> Sequence[Ausencia]:
    """Those that somebody ended, whose last day would have been this day or later; the latest first."""
    return session.scalars(
        select(Ausencia).where(Ausencia.hasta >= dia, Ausencia.anulada.is_not(None)).order_by(Ausencia.anulada.desc(), Ausencia.id.desc())
    ).all()


def ausencia(session: Session, ausencia_id: int) -> Ausencia:
    return obtener(session, Ausencia, ausencia_id)
