"""Where turn systems of other vendors tell what happened: signed, of now, once. A machine comes
here, so nothing is a page."""

import contextlib
import json
from typing import Any, Final

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from records.base.reglas.huellas import sha256
from records.sistemas.puertos import FirmaInvalida
from records.visita import digiturno
from records.visita.reglas.digiturno import Evento, EventoInvalido, leer_evento
from webforms.base.quienes import PUBLICO
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios
from webforms.visita import turnos_afuera

rutas = Rutas()

TOPE: Final = 256 * 1024  #: bytes of a message
EVENTOS: Final = 500


# a machine: its signature is looked at there
@rutas.post("/digiturno/<sistema>/eventos", para=PUBLICO)
def recibir(sistema: str) -> ResponseReturnValue:
    """Nothing of the content is looked at before its signature. Whoever is refused is not told
    whether the system is known, the signature wrong or the hour too far away."""
    s, now = servicios(), servicios().clock.now()
    cuerpo = request.stream.read(TOPE + 1)
    if len(cuerpo) > TOPE:
        return {"error": f"el mensaje pasa de {TOPE} bytes"}, 413
    quien = turnos_afuera.sistema_de_turnos(sistema)
    mensaje = ""
    if quien is not None:
        with contextlib.suppress(FirmaInvalida):
            mensaje = quien.verificar(dict(request.headers), cuerpo, now)
    if quien is None or not mensaje:
        return {"error": "no autorizado"}, 401
    huella = sha256(cuerpo)
    with s.uow.reading() as session:
        antes = digiturno.repetido(session, quien.codigo, mensaje, huella)
    if antes is not None:
        return (
            ({"nuevos": 0, "repetido": True}, 200)
            if antes
            else ({"error": "ese webhook-id ya vino con otro contenido"}, 409)
        )
    try:
        eventos = _leer(cuerpo)
    except EventoInvalido as error:
        return {"error": str(error)}, 422
    guardar = turnos_afuera.recibir(quien, eventos, "aviso", now)

    def piezas(session: Session) -> int:
        digiturno.recibir_mensaje(session, quien.codigo, mensaje, huella, len(eventos), now)
        digiturno.oido(session, quien.codigo, now)
        return guardar(session)

    try:
        nuevos = s.uow.run(piezas)
    except IntegrityError:  # the same message, twice at once
        return {"nuevos": 0, "repetido": True}, 200
    return {"nuevos": nuevos}, 202


def _leer(cuerpo: bytes) -> list[Evento]:
    """One event, or `{"eventos": […]}`; none at all is a sign of life. EventoInvalido: nothing of
    the message is kept."""
    try:
        dicho: Any = json.loads(cuerpo)
    except (ValueError, RecursionError) as error:
        raise EventoInvalido("el contenido no es JSON") from error
    dichos = dicho.get("eventos", [dicho]) if isinstance(dicho, dict) else None
    if not isinstance(dichos, list) or len(dichos) > EVENTOS:
        raise EventoInvalido(f"se espera un evento, o eventos: una lista de máximo {EVENTOS}")
    leidos = []
    for n, uno in enumerate(dichos, start=1):
        try:
            leidos.append(leer_evento(uno))
        except EventoInvalido as error:
            raise EventoInvalido(f"evento {n}: {error}") from error
    return leidos
