"""The ratings of the last 30 days by point and adviser, with the share that advisers typed: for who coordinates."""

import datetime as dt

from flask import render_template
from flask.typing import ResponseReturnValue

from records import calificaciones
from records.puntos import puntos
from webforms.base.personas import nombres_de
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios

rutas = Rutas()

LAPSO = dt.timedelta(days=30)


@rutas.get("/calificaciones")
def de_la_atencion() -> ResponseReturnValue:
    s = servicios()
    desde = s.clock.now() - LAPSO
    with s.uow.reading() as session:
        por_punto, por_asesor = calificaciones.por_punto(session, desde), calificaciones.por_asesor(session, desde)
        nombres = {p.codigo: p.nombre for p in puntos(session)} | nombres_de(session, {c.de for c in por_asesor})
    return render_template("bandeja/calificaciones.html", por_punto=por_punto, por_asesor=por_asesor, nombres=nombres, desde=desde)
