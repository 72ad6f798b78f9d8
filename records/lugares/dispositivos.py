"""Kiosks, boards and rating tablets: registered by an administrator, known by a token whose hash is
kept."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.consultas import obtener
from records.base.errores import DatoInvalido, EnlaceInvalido, NoExiste
from records.cuentas.reglas.roles import DISPOSITIVOS, TABLETA
from records.lugares.tablas import Dispositivo, Punto

VIGENCIA_ACTIVACION = dt.timedelta(hours=24)


def huella(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class NuevoDispositivo:
    """A tablet stands at one desk, the others serve the whole point."""

    codigo: str
    tipo: str
    punto_id: str
    modulo: str | None
    token: str

    def __post_init__(self) -> None:
        if self.tipo not in DISPOSITIVOS:
            raise DatoInvalido("Elija quiosco, tablero o tableta.")
        if self.tipo == TABLETA and not self.modulo:
            raise DatoInvalido("Una tableta está en un módulo.")


def registrar_dispositivo(session: Session, nuevo: NuevoDispositivo, acto: Acto) -> Dispositivo:
    obtener(session, Punto, nuevo.punto_id)
    if session.scalar(select(Dispositivo.id).where(Dispositivo.codigo == nuevo.codigo)) is not None:
        raise DatoInvalido("Ya hay un dispositivo %(codigo)s.", codigo=nuevo.codigo)
    fila = Dispositivo(
        codigo=nuevo.codigo,
        tipo=nuevo.tipo,
        punto_id=nuevo.punto_id,
        modulo=nuevo.modulo,
        token_hash=huella(nuevo.token),
        registrado=acto.now,
        registrado_por=acto.quien,
    )
    session.add(fila)
    session.flush()
    return fila


def huella_de_activacion(codigo: str) -> str:
    """How the one-time code of the activation link is kept; it can never equal the fingerprint of a
    token."""
    return f"act:{huella(codigo)[:60]}"


def pedir_activacion(session: Session, codigo: str, activacion: str, *, now: dt.datetime) -> None:
    """A new activation link for a device; whatever token it had is good for nothing from now on."""
    hecho = session.scalar(
        update(Dispositivo)
        .where(Dispositivo.codigo == codigo, Dispositivo.activo)
        .values(token_hash=huella_de_activacion(activacion), registrado=now, visto=None)
        .returning(Dispositivo.id)
    )
    if hecho is None:
        raise NoExiste("No existe el dispositivo %(codigo)s.", codigo=codigo)


def por_activacion(session: Session, activacion: str, now: dt.datetime) -> Dispositivo | None:
    """The device that waits for this link, while the link is valid."""
    return session.scalar(select(Dispositivo).where(*_espera(activacion, now)))


def activar(session: Session, activacion: str, token: str, *, now: dt.datetime) -> str:
    """Use the link up: of two browsers that open it at once, one becomes the device. Gives its
    code; EnlaceInvalido otherwise."""
    codigo = session.scalar(
        update(Dispositivo)
        .where(*_espera(activacion, now))
        .values(token_hash=huella(token), visto=now)
        .returning(Dispositivo.codigo)
        .execution_options(synchronize_session=False)
    )
    if codigo is None:
        raise EnlaceInvalido
    return codigo


def _espera(activacion: str, now: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Dispositivo.token_hash == huella_de_activacion(activacion),
        Dispositivo.activo.is_(True),
        Dispositivo.registrado > now - VIGENCIA_ACTIVACION,
    )


def dispositivos(session: Session) -> Sequence[Dispositivo]:
    return session.scalars(
        select(Dispositivo).order_by(Dispositivo.punto_id, Dispositivo.codigo)
    ).all()


def por_token(session: Session, token: str) -> Dispositivo | None:
    return session.scalar(
        select(Dispositivo).where(Dispositivo.token_hash == huella(token), Dispositivo.activo)
    )


def desactivar(session: Session, codigo: str) -> None:
    """Its token is good for nothing from now on."""
    hecho = session.scalar(
        update(Dispositivo)
        .where(Dispositivo.codigo == codigo)
        .values(activo=False)
        .returning(Dispositivo.id)
    )
    if hecho is None:
        raise NoExiste("No existe el dispositivo %(codigo)s.", codigo=codigo)
