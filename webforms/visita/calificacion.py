"""The rating of an answer, through a link of one use (M5-1-01 act. 15)."""

import datetime as dt
from functools import partial

import sqlalchemy as sa
from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from records.base.errores import EnlaceInvalido
from records.base.reglas.firmas import token_de_calificacion
from records.casos.tablas import Caso
from records.cuentas.reglas.frenos import UNA_HORA, Cupo
from records.visita.calificaciones import NuevaCalificacion, calificar_respuesta, huella
from records.visita.tablas import EnlaceCalificacion
from webforms.base import llevados
from webforms.base.quienes import PUBLICO
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios
from webforms.base.tardios import MOSTRAR, lo_escrito, solo_mostrar
from webforms.navegador.firmas import es_de_aqui
from webforms.visita.en_pantalla import CalificarEnPantalla

rutas = Rutas()


def _enlace(session: Session, token: str) -> tuple[EnlaceCalificacion, str] | None:
    """The link and the radicado of its case."""
    fila = session.execute(
        sa.select(EnlaceCalificacion, Caso.radicado)
        .join(Caso, Caso.id == EnlaceCalificacion.caso_id)
        .where(EnlaceCalificacion.token_hash == huella(token))
    ).one_or_none()
    return (fila[0], fila[1] or "") if fila else None


def _mensaje(causa: str, codigo: int) -> ResponseReturnValue:
    return make_response(render_template("visita/enlace.html", causa=causa), codigo)


@rutas.get("/<token>", para=PUBLICO)
@rutas.post("/<token>", para=PUBLICO, se_muestra=MOSTRAR, cupo=Cupo(120, UNA_HORA))
def enlace(token: str) -> ResponseReturnValue:
    token = llevados.leer(llevados.CALIFICAR, token)
    now = servicios().clock.now()
    with servicios().uow.reading() as session:
        hallado = _enlace(session, token)
    if hallado is None or not es_de_aqui(
        token, partial(token_de_calificacion, caso_id=hallado[0].caso_id)
    ):
        return _mensaje("desconocido", 404)
    fila, radicado = hallado
    if fila.usado is not None:
        return _mensaje("usado", 410)
    if now > fila.vence:
        return _mensaje("vencido", 410)
    if request.method == "GET":
        return _calificar_respuesta(CalificarEnPantalla(formdata=None), radicado, fila.vence)
    form = CalificarEnPantalla()
    if not form.validate() or form.valor is None or solo_mostrar():
        if form.valor is None and not form.calificacion.errors:
            form.exigir("calificacion", _("Elija una de las cinco caras"))
        return _calificar_respuesta(form, radicado, fila.vence, 422)
    return _guardar(token, form, now)


def _calificar_respuesta(
    form: CalificarEnPantalla, radicado: str, vence: dt.datetime, codigo: int = 200
) -> ResponseReturnValue:
    valores = {"form": form, "radicado": radicado, "vence": vence, "repetible": lo_escrito()}
    return make_response(render_template("visita/calificar_respuesta.html", **valores), codigo)


def _guardar(token: str, form: CalificarEnPantalla, now: dt.datetime) -> ResponseReturnValue:
    valores = form.valores()
    motivo, comentario = str(valores["motivo_calificacion"] or ""), str(valores["comentario"] or "")
    nueva = NuevaCalificacion(form.valor or 0, motivo, comentario)
    try:
        servicios().uow.run(lambda s: calificar_respuesta(s, token, nueva, now=now))
    except EnlaceInvalido:  # somebody with the same link was faster
        return _mensaje("usado", 410)
    return _mensaje("gracias", 200)
