"""The logins of an account that are open: from where, since when, last used when; and their end, of
one or of all."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from records.base import cambios
from records.base.actos import Acto
from records.base.cambios import Anotado, De
from records.base.errores import NoExiste
from records.cuentas import cuentas
from records.cuentas.tablas import Cuenta, SesionAbierta, SesionCerrada

CUENTA, QUE = "cuenta", "sesiones"


@dataclass(frozen=True, slots=True)
class Desde:
    """Where a login was opened: address, and codes of the browser and of the system below it."""

    direccion: str
    navegador: str
    sistema: str


@dataclass(frozen=True, slots=True)
class Abierta:
    cual: str  #: how a page names it: the name that stands in its cookie is shown nowhere
    abierta: dt.datetime
    vista: dt.datetime
    desde: Desde


def como_se_llama(sesion: str) -> str:
    return hashlib.sha256(sesion.encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Nueva:
    sesion: str
    cuenta_id: int
    fs_uniquifier: str
    hasta: dt.datetime
    desde: Desde


def anotar(session: Session, nueva: Nueva, now: dt.datetime) -> None:
    """One more; those whose term is over are forgotten."""
    session.execute(delete(SesionAbierta).where(SesionAbierta.hasta < now))
    session.add(
        SesionAbierta(
            sesion=nueva.sesion,
            cuenta_id=nueva.cuenta_id,
            fs_uniquifier=nueva.fs_uniquifier,
            abierta=now,
            vista=now,
            hasta=nueva.hasta,
            desde_donde=nueva.desde.direccion[:64],
            navegador=nueva.desde.navegador,
            sistema=nueva.desde.sistema,
        )
    )


def usada(session: Session, sesion: str, now: dt.datetime) -> None:
    suya = update(SesionAbierta).where(SesionAbierta.sesion == sesion).values(vista=now)
    session.execute(suya.execution_options(synchronize_session=False))


def abiertas(
    session: Session, usuario: str, now: dt.datetime, sin_uso: dt.timedelta
) -> list[Abierta]:
    """The last used first. `sin_uso`: after so long without use a login is over."""
    return [
        Abierta(
            como_se_llama(f.sesion),
            f.abierta,
            f.vista,
            Desde(f.desde_donde, f.navegador, f.sistema),
        )
        for f in session.scalars(_abiertas(usuario, now).where(SesionAbierta.vista > now - sin_uso))
    ]


def _abiertas(usuario: str, now: dt.datetime) -> Select[SesionAbierta]:
    return (
        select(SesionAbierta)
        .join(
            Cuenta,
            (Cuenta.id == SesionAbierta.cuenta_id)
            & (Cuenta.fs_uniquifier == SesionAbierta.fs_uniquifier),
        )
        .where(Cuenta.usuario == usuario, Cuenta.activo, SesionAbierta.hasta > now)
        .where(SesionAbierta.sesion.not_in(select(SesionCerrada.sesion)))
        .order_by(SesionAbierta.vista.desc(), SesionAbierta.sesion)
    )


def cerrar_una(
    session: Session, usuario: str, cual: str, now: dt.datetime, jornada: dt.timedelta
) -> None:
    """NoExiste: it is open no more. `jornada`: the longest that a login lasts."""
    suya = next(
        (f for f in session.scalars(_abiertas(usuario, now)) if como_se_llama(f.sesion) == cual),
        None,
    )
    if suya is None:
        raise NoExiste("Esa sesión ya no está abierta.")
    cuentas.cerrar_sesion(session, suya.sesion, now=now, vencidas=now - jornada)
    session.flush()


def cerrar_todas(session: Session, usuario: str, fs_uniquifier: str) -> None:
    """Those that no list knows, too: the account is called otherwise in logins from now on."""
    cuentas.cuenta_sola(session, usuario).fs_uniquifier = fs_uniquifier
    session.flush()


@dataclass(frozen=True, slots=True)
class Cierre:
    """Which login ends, or with an empty `cual` all of them: then the account gets this name inside
    those to come."""

    cual: str
    fs_uniquifier: str
    jornada: dt.timedelta


def cerrar_de_otro(
    session: Session, usuario: str, cerrar: Cierre, motivo: str, acto: Acto
) -> list[Anotado]:
    """By an administrator, who says why."""
    dicho = cambios.exigir_motivo(motivo)
    if cerrar.cual:
        cerrar_una(session, usuario, cerrar.cual, acto.now, cerrar.jornada)
    else:
        cerrar_todas(session, usuario, cerrar.fs_uniquifier)
    despues = {"cerradas": "una" if cerrar.cual else "todas"}
    return [cambios.anotar(session, De(CUENTA, usuario, QUE), {}, despues, dicho, acto)]
