"""Who could do a task: roles that accounts hold for a place, and devices that act for the
citizen."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.cuentas.reglas.roles import DISPOSITIVOS, incluidos
from records.cuentas.tablas import Cuenta, RolAsignado
from records.lugares.tablas import Dispositivo


@dataclass(frozen=True, slots=True)
class Titulares:
    """Role and place that somebody holds now, those that come with another role included; None:
    everywhere."""

    puestos: frozenset[tuple[str, str | None]]

    def tiene(self, rol: str) -> bool:
        """Whether anybody has the role, for whatever place."""
        return any(suyo == rol for suyo, _ambito in self.puestos)

    def puede(self, rol: str, ambito: str | None) -> bool:
        """As `engine.types.Actor.has`: whether anybody could do a task of this lane in this
        place."""
        return (rol, None) in self.puestos or (rol, ambito) in self.puestos


def titulares(session: Session, now: dt.datetime) -> Titulares:
    """Accounts that are active with roles that have begun and not ended, and active devices. Who is
    away today comes back."""
    roles = (
        select(RolAsignado.rol, RolAsignado.ambito)
        .join(Cuenta, Cuenta.id == RolAsignado.cuenta_id)
        .where(Cuenta.activo, RolAsignado.vigente_desde <= now)
        .where(RolAsignado.vigente_hasta.is_(None) | (RolAsignado.vigente_hasta > now))
        .distinct()
    )
    equipos = select(Dispositivo.tipo, Dispositivo.punto_id).where(Dispositivo.activo).distinct()
    de_cuentas = {
        (suyo, f.ambito) for f in session.execute(roles) for suyo in (f.rol, *incluidos(f.rol))
    }
    de_equipos = {
        (suyo, f.punto_id)
        for f in session.execute(equipos)
        if f.tipo in DISPOSITIVOS
        for suyo in DISPOSITIVOS[f.tipo].roles
    }
    return Titulares(frozenset(de_cuentas | de_equipos))
