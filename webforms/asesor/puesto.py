"""Where an adviser sits today: one of the points of the role, and the desk chosen there."""

from dataclasses import dataclass

from flask import abort
from flask import session as galleta
from sqlalchemy.orm import Session

from records import puntos
from records.rules.roles import ASESOR
from records.tables import Punto
from webforms.base.security import usuario_actual


@dataclass(frozen=True, slots=True)
class Puesto:
    """Where this adviser sits today."""

    punto: Punto
    modulo: str | None


def puesto_actual(session: Session) -> Puesto:
    usuario = usuario_actual()
    codigos = usuario.ambitos(ASESOR) if usuario else ()
    elegido = galleta.get("punto") if galleta.get("punto") in codigos else (codigos[0] if codigos else None)
    punto = session.get(Punto, elegido) if elegido else None
    if punto is None:
        abort(403)
    modulo = galleta.get("modulo")
    return Puesto(punto, modulo if modulo in puntos.modulos(session, punto.codigo) else None)
