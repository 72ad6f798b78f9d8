"""Who is at the browser: an account (Flask-Security) or a registered device; each becomes an Actor
of the engine."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask, g, request
from flask_security import RoleMixin, Security, UserMixin, current_user
from flask_security.datastore import UserDatastore
from sqlalchemy.orm import aliased

from common.prepared import Prepared
from engine import reads
from engine.states import ActorKind
from engine.types import Actor, Role
from records.cuentas.ausencias import rigen
from records.cuentas.reglas.roles import DISPOSITIVOS, Facultad, con_facultad, incluidos
from records.cuentas.segundo_factor import SHA256
from records.cuentas.tablas import (
    Ausencia,
    Cuenta,
    LlaveDeAcceso,
    RolAsignado,
    SegundoFactor,
    SesionCerrada,
)
from records.lugares.tablas import Area, Dispositivo, Punto
from records.plazos.reglas.calendario import dia_local, es_tarde
from webforms.base import sesiones
from webforms.base.ajustes import ajustes
from webforms.base.servicios import servicios
from webforms.navegador import galletas
from webforms.navegador.firmas import llaves

GALLETA_DISPOSITIVO = "dispositivo"


@dataclass(frozen=True, eq=False)
class Usuario(UserMixin):
    """The account of this request: a value read with its roles in one statement, not a row of a
    session."""

    id: int
    usuario: str
    nombre: str
    password: str
    fs_uniquifier: str = ""  # the default is read by Flask-Security
    active: bool = False
    papeles: frozenset[Role] = frozenset()
    lugares: Mapping[str, str] = field(default_factory=dict)  #: scope → its name, for the bar
    #: accounts that are away now and whose work this one does
    reemplaza: frozenset[str] = frozenset()
    idioma: str | None = None  #: that this person keeps; None: as the agency says
    doble: bool = False  #: has a second factor: an application of codes, or a passkey
    version: int | None = None  #: of the diagrams in force when the account was read
    sha1: bool = False  #: its application makes its codes with SHA-1

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.PERSON, self.usuario, self.papeles, self.reemplaza)

    def tiene(self, *roles: str) -> bool:
        return any(papel.name in roles for papel in self.papeles)

    def puede(self, facultad: Facultad) -> bool:
        """For some place at least."""
        return self.tiene(*con_facultad(facultad))

    def ambitos(self, rol: str) -> tuple[str, ...]:
        """The points or areas for which the role is held, in order."""
        return tuple(
            sorted(papel.scope for papel in self.papeles if papel.name == rol and papel.scope)
        )


@dataclass(frozen=True, slots=True)
class Equipo:
    """The registered device of this request."""

    codigo: str
    tipo: str
    punto_id: str
    modulo: str | None

    @property
    def actor(self) -> Actor:
        return Actor(
            ActorKind.DEVICE, self.codigo, papeles_de_dispositivo(self.tipo, self.punto_id)
        )


def con_incluidos(papeles: frozenset[Role]) -> frozenset[Role]:
    """With the roles that come with these, for the same place."""
    return papeles | {
        Role(otro, papel.scope) for papel in papeles for otro in incluidos(papel.name)
    }


def papeles_de_dispositivo(tipo: str, punto_id: str) -> frozenset[Role]:
    return (
        frozenset(Role(rol, punto_id) for rol in DISPOSITIVOS[tipo].roles)
        if tipo in DISPOSITIVOS
        else frozenset()
    )


def exige_segundo(usuario: Usuario) -> bool:
    """One of the roles of this account works with a second factor only (setting SECOND_FACTOR)."""
    return usuario.tiene(*ajustes().second_factor)


def falta_segundo(usuario: Usuario) -> bool:
    """Does nothing before one is put: a role asks for it, or the one there is is of before (setting
    TOTP_SHA1)."""
    return (exige_segundo(usuario) and not usuario.doble) or (
        usuario.sha1 and not ajustes().totp_sha1
    )


def puede(actor: Actor, facultad: Facultad, lugar: str | None = None) -> bool:
    """For this place; without one everywhere, not only for some place."""
    return any(actor.has(rol, lugar) for rol in con_facultad(facultad))


def donde_puede(actor: Actor, facultad: Facultad) -> tuple[str, ...] | None:
    """The places for which this person may do it; None: everywhere."""
    if puede(actor, facultad):
        return None
    papeles = con_facultad(facultad)
    return tuple(sorted(r.scope for r in actor.roles if r.name in papeles and r.scope))


def _cuenta_con_papeles(columna: Any) -> Prepared:
    """The account with its roles and those of whoever it replaces now; no row when this login was
    ended."""
    titular = aliased(Cuenta)
    hoy: sa.BindParameter[dt.date] = sa.bindparam("b_hoy")
    tarde = sa.bindparam("b_tarde", type_=sa.Boolean)
    ausentes = (
        sa.select(Ausencia.usuario)
        .where(Ausencia.sustituto == Cuenta.usuario, *rigen(hoy, tarde))
        .correlate(Cuenta)
    )
    vigente = sa.and_(
        RolAsignado.cuenta_id == titular.id,
        RolAsignado.vigente_desde <= sa.bindparam("b_ahora"),
        sa.or_(
            RolAsignado.vigente_hasta.is_(None), RolAsignado.vigente_hasta > sa.bindparam("b_ahora")
        ),
    )
    return Prepared(
        sa.select(
            Cuenta.id,
            Cuenta.usuario,
            Cuenta.nombre,
            Cuenta.clave_hash,
            Cuenta.fs_uniquifier,
            Cuenta.activo,
            Cuenta.idioma,
            Cuenta.activa_hasta,
            RolAsignado.rol,
            RolAsignado.ambito,
            sa.func.coalesce(Punto.nombre, Area.nombre).label("lugar"),
            titular.usuario.label("titular"),
            sa.or_(
                sa.exists().where(SegundoFactor.cuenta_id == Cuenta.id),
                sa.exists().where(LlaveDeAcceso.cuenta_id == Cuenta.id),
            ).label("doble"),
            reads.releases.current_number().label("version"),
            sa.exists()
            .where(SegundoFactor.cuenta_id == Cuenta.id, ~SegundoFactor.secreto.startswith(SHA256))
            .label("sha1"),
        )
        .select_from(Cuenta)
        .join(titular, sa.or_(titular.id == Cuenta.id, titular.usuario.in_(ausentes)))
        .outerjoin(RolAsignado, vigente)
        .outerjoin(Punto, Punto.codigo == RolAsignado.ambito)
        .outerjoin(Area, Area.codigo == RolAsignado.ambito)
        .where(
            columna == sa.bindparam("b_valor"),
            ~sa.exists().where(SesionCerrada.sesion == sa.bindparam("b_sesion")),
        )
    )


_POR_SESION = _cuenta_con_papeles(Cuenta.fs_uniquifier)
_POR_NOMBRE = _cuenta_con_papeles(Cuenta.usuario)


def _leer_usuario(
    sentencia: Prepared, valor: str, sesion: str, ahora: dt.datetime
) -> Usuario | None:
    cuando = {"b_ahora": ahora, "b_hoy": dia_local(ahora), "b_tarde": es_tarde(ahora)}
    filas = servicios().uow.lookup(sentencia, {"b_valor": valor, "b_sesion": sesion, **cuando})
    if not filas:
        return None
    papeles = frozenset(Role(fila.rol, fila.ambito) for fila in filas if fila.rol is not None)
    una, lugares = filas[0], {fila.ambito: fila.lugar for fila in filas if fila.lugar}
    reemplaza = frozenset(fila.titular for fila in filas) - {una.usuario}
    return Usuario(
        una.id,
        una.usuario,
        una.nombre,
        una.clave_hash,
        una.fs_uniquifier,
        una.activo and (una.activa_hasta is None or una.activa_hasta > ahora),
        con_incluidos(papeles),
        lugares,
        reemplaza,
        una.idioma,
        bool(una.doble),
        una.version,
        bool(una.sha1),
    )


def usuario_por_nombre(nombre: str) -> Usuario | None:
    return _leer_usuario(_POR_NOMBRE, nombre, "", servicios().clock.now())


class Cuentas(UserDatastore):
    """What Flask-Security asks for: accounts by their session key. Accounts are written by records,
    not here."""

    def __init__(self) -> None:
        super().__init__(Usuario, RoleMixin)

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> Usuario | None:  # noqa: ARG002, FBT001, FBT002 - their signature
        if request.endpoint == "static":
            return None
        ahora = servicios().clock.now()
        sesion = sesiones.nombre_vigente(ahora)
        usuario = (
            _leer_usuario(_POR_SESION, str(kwargs["fs_uniquifier"]), sesion, ahora)
            if sesion
            else None
        )
        if usuario is not None and not sesiones.dura(
            {papel.name for papel in usuario.papeles}, ahora
        ):
            usuario = None
        g.login_vigente = usuario is not None and usuario.active  # webforms.base.sesiones.Sesiones
        return usuario


def usuario_actual() -> Usuario | None:
    """The account that is logged in, or None."""
    return (
        cast(Usuario, current_user._get_current_object()) if current_user.is_authenticated else None  # noqa: SLF001 - the value, not the proxy
    )


def seudonimo(texto: str) -> str:
    """The same for the same text, and nothing to learn from it without our key: for records of what
    strangers typed."""
    return seudonimos(texto)[0]


def seudonimos(texto: str) -> tuple[str, ...]:
    """That of now, then those of keys of before: for what is looked up and was written then."""
    return tuple(
        hmac.new(llave.encode(), texto.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:16]
        for llave in llaves()
    )


def huella(secreto: str) -> str:
    return hashlib.sha256(secreto.encode()).hexdigest()


def secreto_de_equipo() -> str:
    """What the cookie of a device holds, also of one that was activated before cookies had names of
    this host alone."""
    return galletas.leer(GALLETA_DISPOSITIVO) or request.cookies.get(GALLETA_DISPOSITIVO, "")


def equipo_actual() -> Equipo | None:
    """The device whose cookie came with this request, read once."""
    if "equipo" not in g:
        g.equipo = _leer_equipo(secreto_de_equipo())
    return cast("Equipo | None", g.equipo)


def _leer_equipo(secreto: str) -> Equipo | None:
    if not secreto:
        return None
    sentencia = sa.select(
        Dispositivo.codigo, Dispositivo.tipo, Dispositivo.punto_id, Dispositivo.modulo
    ).where(Dispositivo.token_hash == huella(secreto), Dispositivo.activo)
    with servicios().uow.reading() as session:
        fila = session.execute(sentencia).one_or_none()
    return Equipo(*fila) if fila else None


def actor_actual() -> Actor:
    """Who acts in this request: set by the permission check, so every view behind it has one."""
    return cast(Actor, g.actor)


def register(app: Flask) -> None:
    app.config.setdefault("SECURITY_PASSWORD_HASH", "argon2")
    app.config.setdefault("SECURITY_PASSWORD_SCHEMES", ["argon2"])
    app.config.setdefault("SECURITY_PASSWORD_SINGLE_HASH", {"argon2"})
    app.config.setdefault("SECURITY_DEPRECATED_PASSWORD_SCHEMES", [])
    app.config.setdefault("SECURITY_PASSWORD_SALT", app.config["SECRET_KEY"])
    # accounts are not written by their commands
    app.config.update(SECURITY_CLI_USERS_NAME=False, SECURITY_CLI_ROLES_NAME=False)
    Security(app, Cuentas(), register_blueprint=False)  # our own pages: webforms.cuentas.ingreso
