"""Where a turn stands, for whoever holds its ticket: the link in its QR code. No name, no document, no reason."""

import io

import segno
from flask import abort
from flask import current_app
from flask import render_template
from flask import url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadData
from itsdangerous import URLSafeSerializer
from markupsafe import Markup

from records.consultas import obtener
from records.filas import espera_estimada
from records.filas import tablero
from records.rules.calendario import dia_local
from records.tables import Punto
from records.tables import Turno
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios

rutas = Rutas()


def _firmante() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="turno")


def enlace_de_turno(turno_id: int) -> str:
    return url_for("seguimiento.turno", firma=_firmante().dumps(turno_id), _external=True)


def codigo_qr(enlace: str) -> Markup:
    """An inline SVG, without declarations of its own size: the style sheet gives it."""
    salida = io.BytesIO()
    segno.make(enlace, error="l", micro=False).save(salida, kind="svg", xmldecl=False, svgns=True, nl=False, omitsize=True, border=2)
    return Markup(salida.getvalue().decode())  # noqa: S704 - drawn by segno from an address of ours; it holds no text


@rutas.get("/turno/<firma>")
def turno(firma: str) -> ResponseReturnValue:
    now = servicios().clock.now()
    try:
        turno_id = int(_firmante().loads(firma))
    except (BadData, TypeError, ValueError):
        abort(404)
    with servicios().uow.reading() as session:
        hallado = session.get(Turno, turno_id)
        if hallado is None or hallado.fecha != dia_local(now):
            abort(404)
        punto = obtener(session, Punto, hallado.punto_id)
        espera = espera_estimada(session, punto.codigo, hallado.id, now) if hallado.estado == "espera" else None
        llamado = next((ll for ll in tablero(session, punto.codigo, now, limite=60) if ll.ficha == hallado.ficha), None)
    return render_template("publico/seguimiento.html", turno=hallado, punto=punto, espera=espera, llamado=llamado)
