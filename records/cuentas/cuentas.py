"""Accounts and their roles, saved filters."""

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from common.language import marked, said
from records.base.actos import Acto
from records.base.consultas import obtener
from records.base.errores import DatoInvalido, NoExiste
from records.base.reglas.nombres import palabras
from records.cuentas.ausencias import ausencias_hoy, sustituye_a
from records.cuentas.reglas.roles import ASESOR, EXCLUSIONES, que_incluyen
from records.cuentas.tablas import Cuenta, FiltroGuardado, RolAsignado, SesionCerrada

#: "Viviana Álvarez (asesor.bog01)": how one of several with the same name is chosen.
FORMA_COMPLETA = re.compile(r"\s*(.*\S)\s*\(([^()]+)\)\s*")


def cuenta(session: Session, usuario: str) -> Cuenta:
    hallada = session.scalar(select(Cuenta).where(Cuenta.usuario == usuario))
    if hallada is None:
        raise NoExiste("No existe la cuenta %(usuario)s.", usuario=usuario)
    return hallada


def cuenta_sola(session: Session, usuario: str) -> Cuenta:
    """As it is now, for this transaction alone until it ends: whoever else changes the account
    waits."""
    hallada = cuenta(session, usuario)
    session.refresh(hallada, with_for_update={"key_share": True})
    return hallada


def de_a_una(session: Session, usuario: str) -> None:
    """Whatever else of this account comes here waits until the transaction ends, and then sees what
    was done: two tabs, two presses."""
    session.execute(
        select(Cuenta.id).where(Cuenta.usuario == usuario).with_for_update(key_share=True)
    )


def hablarle(session: Session, usuario: str, idioma: str) -> None:
    """From now on the pages and the mails of this account are in this language."""
    session.execute(update(Cuenta).where(Cuenta.usuario == usuario).values(idioma=idioma))


def estrenada(suya: Cuenta) -> bool:
    """Whether its person has chosen a password, or entered."""
    return suya.clave_cambiada is not None or suya.ultimo_ingreso is not None


def cuentas(session: Session) -> Sequence[Cuenta]:
    return session.scalars(select(Cuenta).order_by(Cuenta.usuario)).all()


def cuentas_llamadas(session: Session, usuarios: Collection[str]) -> Sequence[Cuenta]:
    """Those of these accounts that are active, by name."""
    if not usuarios:
        return ()
    return session.scalars(
        select(Cuenta)
        .where(Cuenta.usuario.in_(usuarios), Cuenta.activo)
        .order_by(Cuenta.nombre, Cuenta.id)
    ).all()


@dataclass(frozen=True, slots=True)
class Asesor:
    usuario: str
    nombre: str


def asesores(session: Session) -> list[Asesor]:
    """Whoever is an adviser, or was one, by name."""
    con_rol = select(RolAsignado.cuenta_id).where(RolAsignado.rol == ASESOR)
    filas = session.execute(
        select(Cuenta.usuario, Cuenta.nombre)
        .where(Cuenta.id.in_(con_rol))
        .order_by(Cuenta.nombre, Cuenta.usuario)
    )
    return [Asesor(f.usuario, f.nombre) for f in filas]


def a_quien_nombra(session: Session, escrito: str) -> list[Asesor]:
    """Accounts by user name, else by the beginnings of words of the name; who is called exactly so
    comes alone."""
    filas = [
        Asesor(f.usuario, f.nombre)
        for f in session.execute(select(Cuenta.usuario, Cuenta.nombre).order_by(Cuenta.nombre))
    ]
    completa = FORMA_COMPLETA.fullmatch(escrito)
    nombre, usuario = completa.groups() if completa is not None else (escrito, escrito)
    exactos = [c for c in filas if c.usuario.casefold() == usuario.strip().casefold()]
    if exactos:
        return exactos
    buscadas = palabras(nombre)
    llamados = [c for c in filas if palabras(c.nombre) == buscadas]
    parecidos = [
        c for c in filas if all(any(p.startswith(b) for p in palabras(c.nombre)) for b in buscadas)
    ]
    return (llamados or parecidos) if buscadas else []


@dataclass(frozen=True, slots=True)
class NuevaCuenta:
    """`fs_uniquifier` is random: it names the account inside a login session, and changing it ends
    them all."""

    usuario: str
    nombre: str
    correo: str
    clave_hash: str
    fs_uniquifier: str


OCUPADA = marked("Ya hay una cuenta con ese usuario o ese correo.")


def crear_cuenta(session: Session, nueva: NuevaCuenta, *, now: dt.datetime) -> Cuenta:
    ocupada = select(Cuenta.id).where(
        (Cuenta.usuario == nueva.usuario) | (Cuenta.correo == nueva.correo)
    )
    if session.scalar(ocupada) is not None:
        raise DatoInvalido(OCUPADA)
    fila = Cuenta(
        usuario=nueva.usuario,
        nombre=nueva.nombre,
        correo=nueva.correo,
        clave_hash=nueva.clave_hash,
        fs_uniquifier=nueva.fs_uniquifier,
        creada=now,
    )
    session.add(fila)
    try:
        session.flush()
    except IntegrityError as error:  # somebody else made it in this moment
        raise DatoInvalido(OCUPADA) from error
    return fila


def cambiar_clave(
    session: Session, usuario: str, *, clave_hash: str, fs_uniquifier: str, now: dt.datetime
) -> None:
    """A new password ends every login session of the account."""
    hallada = cuenta(session, usuario)
    hallada.clave_hash, hallada.fs_uniquifier, hallada.clave_cambiada = (
        clave_hash,
        fs_uniquifier,
        now,
    )
    session.flush()


def cifrar_de_nuevo(session: Session, usuario: str, *, de: str, a: str) -> None:
    """The same password by other parameters: nothing ends by it. `de`: as it was read; a password
    that was changed meanwhile stays."""
    suya = update(Cuenta).where(Cuenta.usuario == usuario, Cuenta.clave_hash == de)
    session.execute(suya.values(clave_hash=a).execution_options(synchronize_session=False))


def activar(session: Session, usuario: str, *, activo: bool) -> None:
    cuenta(session, usuario).activo = activo
    session.flush()


# --- roles ----------------------------------------------------------------------------------------
def asignar_rol(session: Session, usuario: str, rol: str, ambito: str | None, acto: Acto) -> None:
    """From now on; a role that is held already is not given twice. DatoInvalido: it excludes one
    that is held."""
    cuenta_id = cuenta(session, usuario).id
    tiene = {(r.rol, r.ambito) for r in _vigentes(session, [cuenta_id], acto.now)}
    for e in EXCLUSIONES:
        otros = e.otros if rol in e.unos else e.unos if rol in e.otros else frozenset()
        if otros & {otro for otro, _ambito in tiene}:
            raise DatoInvalido("%(nombre)s: primero retire el otro rol.", nombre=said(e.nombre))
    if (rol, ambito) not in tiene:
        session.add(
            RolAsignado(
                cuenta_id=cuenta_id,
                rol=rol,
                ambito=ambito,
                vigente_desde=acto.now,
                asignado_por=acto.quien,
            )
        )
        session.flush()


def retirar_rol(
    session: Session, usuario: str, *, rol: str, ambito: str | None, now: dt.datetime
) -> None:
    """The row stays, ended now: who could do what on a day stays known."""
    mismo = RolAsignado.ambito.is_(None) if ambito is None else RolAsignado.ambito == ambito
    session.execute(
        update(RolAsignado)
        .where(RolAsignado.cuenta_id == cuenta(session, usuario).id, RolAsignado.rol == rol, mismo)
        .where(RolAsignado.vigente_hasta.is_(None) | (RolAsignado.vigente_hasta > now))
        .values(vigente_hasta=now)
        .execution_options(synchronize_session=False)
    )


def roles_vigentes(session: Session, usuario: str, now: dt.datetime) -> set[tuple[str, str | None]]:
    """Role and scope, those of the people whom this account replaces today included."""
    nombres = [usuario, *sustituye_a(session, usuario, now)]
    ids = list(session.scalars(select(Cuenta.id).where(Cuenta.usuario.in_(nombres))))
    return {(r.rol, r.ambito) for r in _vigentes(session, ids, now)}


def _vigentes(
    session: Session, cuentas_ids: Sequence[int], now: dt.datetime
) -> Sequence[RolAsignado]:
    return session.scalars(
        select(RolAsignado)
        .where(RolAsignado.cuenta_id.in_(cuentas_ids), RolAsignado.vigente_desde <= now)
        .where(RolAsignado.vigente_hasta.is_(None) | (RolAsignado.vigente_hasta > now))
        .order_by(RolAsignado.id)
    ).all()


def cuentas_con_rol(
    session: Session, rol: str, ambito: str | None, now: dt.datetime
) -> Sequence[Cuenta]:
    """Who may be given a work item of this lane: the role, or one that includes it, for this scope
    or everywhere."""
    vale = (
        RolAsignado.ambito.is_(None)
        if ambito is None
        else RolAsignado.ambito.is_(None) | (RolAsignado.ambito == ambito)
    )
    return session.scalars(
        select(Cuenta)
        .join(RolAsignado, RolAsignado.cuenta_id == Cuenta.id)
        .where(
            Cuenta.activo,
            RolAsignado.rol.in_({rol, *que_incluyen(rol)}),
            vale,
            RolAsignado.vigente_desde <= now,
        )
        .where(RolAsignado.vigente_hasta.is_(None) | (RolAsignado.vigente_hasta > now))
        .distinct()
        .order_by(Cuenta.nombre)
    ).all()


def esta_disponible(
    session: Session, usuario: str, rol: str, ambito: str | None, now: dt.datetime
) -> bool:
    """Whether a task of this lane may wait for this person: the account is active, holds the role
    there and is not away today."""
    if not usuario or all(c.usuario != usuario for c in cuentas_con_rol(session, rol, ambito, now)):
        return False
    return usuario not in ausencias_hoy(session, [usuario], now)


@dataclass(frozen=True, slots=True)
class Puesto:
    """A role that an account holds, and for which place."""

    usuario: str
    nombre: str
    rol: str
    ambito: str | None


def gente_con(
    session: Session, roles: Collection[str], ambitos: Collection[str] | None, now: dt.datetime
) -> list[Puesto]:
    """Who holds one of these roles now, in one of these places or, with None, anywhere; by name."""
    donde = () if ambitos is None else (RolAsignado.ambito.in_(ambitos),)
    filas = session.execute(
        select(Cuenta.usuario, Cuenta.nombre, RolAsignado.rol, RolAsignado.ambito)
        .join(RolAsignado, RolAsignado.cuenta_id == Cuenta.id)
        .where(Cuenta.activo, RolAsignado.rol.in_(roles), RolAsignado.vigente_desde <= now, *donde)
        .where(RolAsignado.vigente_hasta.is_(None) | (RolAsignado.vigente_hasta > now))
        .order_by(Cuenta.nombre, Cuenta.id)
    )
    return [Puesto(*fila) for fila in filas]


# --- saved filters --------------------------------------------------------------------------------
MAX_FILTROS = 12  # of a person on a page: each is counted when the page is shown
COMPARTIDOS = 12  # of others, likewise


@dataclass(frozen=True, slots=True)
class NuevoFiltro:
    """A name for the query string of a page; with a point or area, for the people there too."""

    usuario: str
    pagina: str
    nombre: str
    consulta: str
    ambito: str | None = None


def guardar_filtro(session: Session, nuevo: NuevoFiltro, *, now: dt.datetime) -> None:
    """The same name again replaces it."""
    nombre = nuevo.nombre.strip()
    if not nombre:
        raise DatoInvalido("Escriba un nombre para el filtro.")
    de_a_una(session, nuevo.usuario)
    suyos = FiltroGuardado.usuario == nuevo.usuario, FiltroGuardado.pagina == nuevo.pagina
    filtro = session.scalar(select(FiltroGuardado).where(*suyos, FiltroGuardado.nombre == nombre))
    if filtro is None:
        if (
            session.scalar(select(func.count()).select_from(FiltroGuardado).where(*suyos)) or 0
        ) >= MAX_FILTROS:
            raise DatoInvalido("Ya tiene %(n)s filtros guardados: borre uno.", n=MAX_FILTROS)
        filtro = FiltroGuardado(usuario=nuevo.usuario, pagina=nuevo.pagina, nombre=nombre)
        session.add(filtro)
    filtro.consulta, filtro.guardado, filtro.ambito = nuevo.consulta, now, nuevo.ambito
    session.flush()


def filtros(
    session: Session, usuario: str, pagina: str, ambitos: Collection[str] = ()
) -> tuple[Sequence[FiltroGuardado], int]:
    """One's own, all of them; then the first of those that others share in one of these places, and
    how many more of them there are."""
    de_la_pagina = (
        select(FiltroGuardado)
        .where(FiltroGuardado.pagina == pagina)
        .order_by(FiltroGuardado.nombre, FiltroGuardado.id)
    )
    propios = session.scalars(de_la_pagina.where(FiltroGuardado.usuario == usuario)).all()
    ajenos = session.scalars(
        de_la_pagina.where(FiltroGuardado.usuario != usuario, FiltroGuardado.ambito.in_(ambitos))
    ).all()
    return [*propios, *ajenos[:COMPARTIDOS]], max(0, len(ajenos) - COMPARTIDOS)


def borrar_filtro(session: Session, filtro_id: int, *, usuario: str) -> None:
    """Only one's own; a saved filter is a convenience, not evidence, so its row goes."""
    filtro = obtener(session, FiltroGuardado, filtro_id)
    if filtro.usuario != usuario:
        raise NoExiste
    session.delete(filtro)
    session.flush()


def cerrar_sesion(
    session: Session, nombre: str, *, now: dt.datetime, vencidas: dt.datetime
) -> None:
    """A login ends; those that were ended before `vencidas` have ended by themselves since."""
    session.execute(delete(SesionCerrada).where(SesionCerrada.cerrada < vencidas))
    if session.get(SesionCerrada, nombre) is None:
        session.add(SesionCerrada(sesion=nombre, cerrada=now))
