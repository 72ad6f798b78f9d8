"""What is still to be set up before an agency can work, read from what is there: who administers
begins with it."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine import reads
from records.catalogos.tablas import ListaValor
from records.cuentas.reglas.roles import ADMINISTRADOR
from records.cuentas.tablas import Cuenta, RolAsignado
from records.lugares.tablas import Area, Punto
from records.sistemas import operacion, sistemas
from webforms.base.palabras import NOMBRES_DE_SISTEMAS
from webforms.base.servicios import servicios


@dataclass(frozen=True, slots=True)
class Paso:
    """`hace_falta`: without it no case gets anywhere; the rest may come later. `endpoint`: where it
    is done."""

    nombre: str
    dice: str
    hecho: bool
    endpoint: str
    hace_falta: bool = True


def pasos(session: Session, now: dt.datetime) -> list[Paso]:
    """In the order in which one needs the other."""
    return [_procedimiento(session), _lugares(session), _personas(session, now), _trabajador(session, now), _respaldo(session),
            _correo(session, now), _otra_persona(session, now)]  # fmt: skip


def falta_algo(session: Session, now: dt.datetime) -> bool:
    """Whether who administers is led there first."""
    return any(paso.hace_falta and not paso.hecho for paso in pasos(session, now))


def _carriles(session: Session) -> tuple[int, bool]:
    """How many processes are in force, and whether some lane of theirs asks for a place."""
    catalogo = servicios().engine.catalog
    version = reads.releases.current(session, catalogo)
    procesos = (
        reads.releases.processes(session, catalogo, version).values() if version is not None else ()
    )
    con_lugar = any(
        e.lane is not None and e.lane.scope for p in procesos for e in p.elements.values()
    )
    return len(procesos), con_lugar


def _procedimiento(session: Session) -> Paso:
    cuantos, _con_lugar = _carriles(session)
    dice = (
        _("Diagramas en vigor: %(n)s.", n=cuantos)
        if cuantos
        else _("Ninguno está en vigor: impórtelo o dibújelo, y póngalo en vigor.")
    )
    return Paso(_("Procedimiento en vigor"), dice, cuantos > 0, "procesos.procedimientos")


def _lugares(session: Session) -> Paso:
    nombre = _("Puntos, áreas y listas")
    hay = (
        session.scalar(
            sa.union_all(*(sa.select(sa.select(codigo).limit(1).subquery()) for codigo in _LUGARES))
        )
        is not None
    )
    cuantos, con_lugar = _carriles(session)
    nadie_lo_pide = cuantos > 0 and not con_lugar
    dice = (
        _("Ningún carril de lo que está en vigor pide un lugar.")
        if nadie_lo_pide
        else _("Ya hay dónde tener un rol.")
    )
    if not hay and not nadie_lo_pide:
        dice = _("No hay ninguno. Los roles de un punto o de un área se dan para uno de ellos.")
    return Paso(nombre, dice, hay or nadie_lo_pide, "entidad.indice")


_LUGARES = (Punto.codigo, Area.codigo, ListaValor.codigo)


def _personas(session: Session, now: dt.datetime) -> Paso:
    vigente = (RolAsignado.vigente_desde <= now) & (
        RolAsignado.vigente_hasta.is_(None) | (RolAsignado.vigente_hasta > now)
    )
    con_rol = sa.select(RolAsignado.cuenta_id).where(RolAsignado.rol != ADMINISTRADOR, vigente)
    cuantas = (
        session.scalar(
            sa.select(sa.func.count(Cuenta.id)).where(Cuenta.activo, Cuenta.id.in_(con_rol))
        )
        or 0
    )
    dice = (
        _("Con un rol, además de administrar: %(n)s.", n=cuantas)
        if cuantas
        else _("Nadie más puede entrar a trabajar: créelas una a una, o de un archivo.")
    )
    return Paso(_("Personas"), dice, cuantas > 0, "personas.lista")


def _trabajador(session: Session, now: dt.datetime) -> Paso:
    corrio = any(p.clase == operacion.TRABAJADOR for p in operacion.procesos(session, now))
    dice = (
        _("Ya corrió; en «Estado» está cómo va.")
        if corrio
        else _("Ninguno corre: sin él no salen correos ni recordatorios (flask worker).")
    )
    return Paso(_("Trabajador"), dice, corrio, "estado.pagina")


def _respaldo(session: Session) -> Paso:
    hecho = operacion.ultimo_respaldo(session) is not None
    dice = (
        _("Ya hay uno; en «Estado» está de cuándo.")
        if hecho
        else _("No se ha hecho ninguno: flask backup ARCHIVO, y prográmelo para cada día.")
    )
    return Paso(_("Respaldo"), dice, hecho, "estado.pagina")


def _correo(session: Session, now: dt.datetime) -> Paso:
    [suyo] = sistemas.situaciones(session, {"correo": NOMBRES_DE_SISTEMAS["correo"]}, now)
    hecho = suyo.estado in (sistemas.RESPONDE, sistemas.LENTO)
    que_falta = {
        sistemas.NO_CONECTADO: _("No hay servidor de correo: diga cuál con flask setup."),
        sistemas.SIN_REVISAR: _("Nadie lo ha mirado todavía: el trabajador lo mira cuando corre."),
    }.get(suyo.estado, _("El servidor no responde: revise servidor, cuenta y cifrado."))
    aparte = _(
        "Sin correo también puede empezar: los enlaces para la clave se imprimen y lo que se envíe espera."
    )
    return Paso(
        _("Correo"),
        _("El servidor responde.") if hecho else f"{que_falta} {aparte}",
        hecho,
        "sistemas.estado",
        hace_falta=False,
    )


def _otra_persona(session: Session, now: dt.datetime) -> Paso:
    cuantas = session.scalar(
        sa.select(sa.func.count(Cuenta.id.distinct()))
        .join(RolAsignado, RolAsignado.cuenta_id == Cuenta.id)
        .where(
            Cuenta.activo,
            RolAsignado.rol == ADMINISTRADOR,
            RolAsignado.vigente_hasta.is_(None) | (RolAsignado.vigente_hasta > now),
        )
    )
    hecho = (cuantas or 0) > 1
    dice = _("Personas que administran: %(n)s.", n=cuantas or 0)
    return Paso(_("Otra persona que administre"), dice if hecho else _("Una sola: si falta, nadie puede reparar ni dar cuentas."), hecho,
                "personas.lista", hace_falta=False)  # fmt: skip
