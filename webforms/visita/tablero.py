"""The board of a point (M5-1-02 5.2.2): who is called to which desk. A ticket and a desk, never a
name.

It speaks to everybody who waits: Spanish, with each other language beside what matters; no language
is chosen at it.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from common.language import marked
from records.base.consultas import obtener
from records.lugares.tablas import Punto
from records.visita.filas import Llamado, ResumenFila, resumen, tablero
from webforms.base.catalogos import ES, hablando
from webforms.base.idioma import en_cada_idioma
from webforms.base.quienes import TABLERO
from webforms.base.rutas import Rutas
from webforms.base.security import equipo_actual
from webforms.base.servicios import servicios

rutas = Rutas()

GRANDES = 2  # calls shown large; the page rings and shows more, one after the other
ULTIMOS = 6
AVISADOS = 20  # calls that the page knows, so that many at once are all announced
#: What is said in the other languages, too.
PALABRAS = {
    "turno": marked("Turno"),
    "siga": marked("Siga al"),
    "modulo": marked("Módulo"),
    "llamado": marked("Llamado"),
    "esperan": marked("Esperan"),
}
VECES = {2: "Segundo llamado", 3: "Tercer llamado"}


@dataclass(frozen=True, slots=True)
class Vista:
    punto: Punto
    llamados: Sequence[Llamado]
    fila: ResumenFila
    ahora: dt.datetime  # in the time zone of the point

    @property
    def grandes(self) -> Sequence[Llamado]:
        """Those who are still being called; when nobody is, the last one called."""
        en_curso = [llamado for llamado in self.llamados if llamado.en_curso]
        return (en_curso or self.llamados[:1])[:GRANDES]

    @property
    def ultimos(self) -> Sequence[Llamado]:
        return [llamado for llamado in self.llamados if llamado not in self.grandes][:ULTIMOS]

    @property
    def avisos(self) -> list[dict[str, str]]:
        """For the script: every call with a key of its own, oldest first; a repeated call is
        another one."""
        return [
            {
                "clave": f"{ll.ficha}|{ll.en.isoformat()}",
                "ficha": ll.ficha,
                "modulo": ll.modulo,
                "veces": VECES.get(ll.n, ""),
                "antes": ll.antes,
            }
            for ll in reversed(self.llamados)
            if ll.en_curso
        ]


def mirar() -> Vista:
    equipo = equipo_actual()
    if equipo is None:
        abort(403)
    now = servicios().clock.now()
    with servicios().uow.reading() as session:
        punto = obtener(session, Punto, equipo.punto_id)
        llamados = tablero(session, punto.codigo, now, limite=AVISADOS)
        fila = resumen(session, punto.codigo, now)
    return Vista(punto, llamados, fila, now.astimezone(ZoneInfo(punto.tz)))


def _palabras() -> dict[str, list[tuple[str, str]]]:
    return {clave: en_cada_idioma(palabra) for clave, palabra in PALABRAS.items()}


@rutas.get("", para=TABLERO)
def pagina() -> ResponseReturnValue:
    with hablando(ES):
        return render_template("visita/tablero.html", v=mirar(), veces=VECES, palabras=_palabras())


@rutas.get("/llamados", para=TABLERO)
def llamados() -> ResponseReturnValue:
    """The changing part. Its tag leaves the clock out: while nobody is called the answer is an
    empty 304."""
    vista = mirar()
    with hablando(ES):
        cuerpo = render_template(
            "visita/tablero_llamados.html", v=vista, veces=VECES, palabras=_palabras()
        )
    respuesta = make_response(cuerpo)
    respuesta.set_etag(hashlib.sha256(cuerpo.encode()).hexdigest()[:32])
    respuesta.headers["Cache-Control"] = "no-cache"
    respuesta.headers["X-Ahora"] = vista.ahora.isoformat()
    return respuesta.make_conditional(request)
