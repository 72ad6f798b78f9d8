"""Where an adviser sits today: one of the points of the role, and the desk chosen there.

The desk is remembered per person and device: whoever comes back to the same machine finds the desk
that they last used on it.
"""

import datetime as dt
from dataclasses import dataclass

from flask import Response, abort, session as galleta
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm import Session

from records.cuentas.reglas.roles import ASESOR
from records.lugares import puntos
from records.lugares.tablas import Punto
from webforms.base.security import usuario_actual
from webforms.navegador import galletas
from webforms.navegador.firmas import firmante

RECORDADO = "ventanilla_puesto"  #: the cookie of the device: account → point and desk
DURACION = dt.timedelta(days=180)
MAX_PERSONAS = 30  #: who share one machine; the one that came first goes


@dataclass(frozen=True, slots=True)
class Puesto:
    """Where this adviser sits today."""

    punto: Punto
    modulo: str | None


def puesto_actual(session: Session) -> Puesto:
    usuario = usuario_actual()
    codigos = usuario.ambitos(ASESOR) if usuario else ()
    recordado = _recordados().get(usuario.usuario if usuario else "", ["", ""])
    elegido = next(
        (codigo for codigo in (galleta.get("punto"), recordado[0], *codigos) if codigo in codigos),
        None,
    )
    punto = session.get(Punto, elegido) if elegido else None
    if punto is None:
        abort(403)
    modulo = galleta.get("modulo") or (recordado[1] if recordado[0] == punto.codigo else None)
    return Puesto(punto, modulo if modulo in puntos.modulos(session, punto.codigo) else None)


def usar(respuesta: Response, usuario: str, punto_id: str, modulo: str) -> Response:
    """For this session, and the next time that this person works on this device."""
    galleta["modulo"] = modulo
    otros = [(quien, donde) for quien, donde in _recordados().items() if quien != usuario]
    valor = _firmante().dumps(dict([*otros[1 - MAX_PERSONAS :], (usuario, [punto_id, modulo])]))
    galletas.poner(respuesta, RECORDADO, valor, DURACION)
    return respuesta


def _firmante() -> URLSafeSerializer:
    return firmante("puesto")


def _recordados() -> dict[str, list[str]]:
    try:
        return dict(_firmante().loads(galletas.leer(RECORDADO)))
    except BadData:
        return {}
