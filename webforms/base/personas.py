"""Names of accounts for pages: the journal keeps user names."""

from collections.abc import Collection

import sqlalchemy as sa
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine.types import SYSTEM
from records.cuentas.tablas import Cuenta
from webforms.base import palabras
from webforms.base.servicios import servicios

#: How the id of a turn system of another vendor begins.
DE_TURNOS = "digiturno"
PROPIOS = {
    SYSTEM.id: _l("El sistema"),
    "anonimo": _l("Alguien sin ingresar"),
    "ciudadano": _l("La persona, por la página"),
}


def nombres_de(session: Session, usuarios: Collection[str]) -> dict[str, str]:
    """User name → name; devices and the engine keep a readable word."""
    if not usuarios:
        return {}
    filas = session.execute(
        sa.select(Cuenta.usuario, Cuenta.nombre).where(Cuenta.usuario.in_(usuarios))
    )
    nombres = {
        **{u: str(PROPIOS[u]) for u in usuarios if u in PROPIOS},
        **{f.usuario: f.nombre for f in filas},
    }
    return {
        **nombres,
        **{
            u: dicho
            for u in usuarios
            if u not in nombres and (dicho := palabras.equipo(u) or _de_turnos(u))
        },
    }


def _de_turnos(usuario: str) -> str:
    """A turn system of another vendor acts under its code (webforms/visita/turnos_afuera.py); empty for
    whoever is none."""
    prefijo, _signo, codigo = usuario.partition(":")
    if prefijo != DE_TURNOS:
        return ""
    nombre = next((s.nombre for s in servicios().turnos_afuera if s.codigo == codigo), codigo)
    return str(_("Sistema de turnos %(n)s", n=nombre))


def nombre_de(session: Session, usuario: str | None) -> str:
    return nombres_de(session, {usuario}).get(usuario, usuario) if usuario else ""
