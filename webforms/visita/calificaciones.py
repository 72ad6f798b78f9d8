"""The ratings of a period by point and adviser, with the share that advisers typed: for who
coordinates; a page and a file."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from records.lugares.puntos import puntos
from records.plazos.reglas.calendario import mes_terminado
from records.visita import calificaciones
from records.visita.calificaciones import MINIMO_PROPIAS, Conjunto
from webforms.base import formatos
from webforms.base.guias import COORDINADOR, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import REDACTA, REVISA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.documentos.planillas import BOM, linea

rutas = Rutas()

#: Of these, counts only: a mean is told of a month that has ended
#: (records.visita.calificaciones.Calificadas).
CORRIENTES: Mapping[str, Any] = {
    "hoy": _l("Hoy"),
    "7": _l("Últimos 7 días"),
    "30": _l("Últimos 30 días"),
    "mes": _l("Este mes"),
    "ano": _l("Este año"),
}
MESES = 12  #: that have ended, the last one is the period of whoever asks for none
TITULOS = (
    _l("De"),
    _l("Nombre"),
    _l("Desde"),
    _l("Hasta"),
    _l("Pedidas"),
    _l("Calificaron"),
    _l("Promedio"),
    _l("De viva voz"),
    _l("Parte de viva voz"),
)


def dias_de(periodo: str, hoy: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of a period, both counted. Pure."""
    meses = {
        mes_terminado(hoy, n)[0].strftime("%Y-%m"): mes_terminado(hoy, n)
        for n in range(1, MESES + 1)
    }
    if periodo in meses:
        return meses[periodo]
    if periodo in ("mes", "ano"):
        return (hoy.replace(day=1) if periodo == "mes" else hoy.replace(month=1, day=1)), hoy
    return hoy - dt.timedelta(days=0 if periodo == "hoy" else int(periodo) - 1), hoy


def periodos(hoy: dt.date) -> dict[str, Any]:
    """What can be chosen, in words; the months that have ended first."""
    primeros = [mes_terminado(hoy, n)[0] for n in range(1, MESES + 1)]
    return {**{m.strftime("%Y-%m"): formatos.mes(m) for m in primeros}, **CORRIENTES}


@dataclass(frozen=True, slots=True)
class Informe:
    periodo: str
    desde: dt.date
    hasta: dt.date
    por_punto: Sequence[Conjunto]
    por_asesor: Sequence[Conjunto]
    nombres: Mapping[str, str]
    periodos: Mapping[str, Any]

    def nombre(self, c: Conjunto) -> str:
        """Of an adviser also the point: who works at two has a line for each."""
        suyo = self.nombres.get(c.de, c.de)
        return suyo if c.de == c.punto else f"{suyo}, {self.nombres.get(c.punto, c.punto)}"


def _informe(session: Session) -> Informe:
    """Days are those of Colombia, where whoever reads them is."""
    ahora = servicios().clock.now()
    hoy = formatos.dia_local(ahora)
    elegibles = periodos(hoy)
    pedido = request.args.get("periodo", "")
    periodo = pedido if pedido in elegibles else next(iter(elegibles))
    desde, hasta = dias_de(periodo, hoy)
    suyas = calificaciones.calificadas(session, desde, hasta, ahora)
    nombres = {p.codigo: p.nombre for p in puntos(session)} | nombres_de(
        session, {c.de for c in suyas.por_asesor}
    )
    return Informe(periodo, desde, hasta, suyas.por_punto, suyas.por_asesor, nombres, elegibles)


@rutas.get(
    "/calificaciones",
    para=REVISA | REDACTA,
    ayuda=Ayuda(_l("Cómo calificaron las personas la atención y las respuestas."), COORDINADOR),
    menu=Entrada(Grupo.CALIDAD, _l("Calificaciones"), 5),
)
def de_la_atencion() -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        informe = _informe(session)
    return render_template(
        "visita/calificaciones.html",
        i=informe,
        minimo=MINIMO_PROPIAS,
        con_promedio=informe.periodo not in CORRIENTES,
    )


@rutas.get("/calificaciones/lista.csv", para=REVISA | REDACTA)
def exportar_calificaciones() -> ResponseReturnValue:
    """The same figures; recorded before they leave."""
    s = servicios()
    with s.uow.reading() as session:
        informe = _informe(session)
    s.engine.log_access(
        actor_actual(),
        "exportacion",
        "calificaciones.csv",
        now=s.clock.now(),
        detail={"periodo": informe.periodo},
    )
    lineas = [linea([str(titulo) for titulo in TITULOS])]
    for que, conjuntos in ((_("Punto"), informe.por_punto), (_("Asesor"), informe.por_asesor)):
        lineas += [linea(_celdas(que, informe, c)) for c in conjuntos]
    cabecera = {
        "Content-Disposition": "attachment; filename=calificaciones.csv",
        "Cache-Control": "no-store",
    }
    return Response(BOM + "".join(lineas), mimetype="text/csv", headers=cabecera)


def _celdas(que: str, informe: Informe, c: Conjunto) -> list[str]:
    """Empty where there is nothing to say; decimals as spreadsheets of es-CO read them."""
    media = "" if c.media is None else formatos.numero(c.media, 2)
    parte = "" if c.parte_dictada is None else formatos.numero(c.parte_dictada, 2)
    dias = (informe.desde.isoformat(), informe.hasta.isoformat())
    return [
        que,
        informe.nombre(c),
        *dias,
        str(c.pedidas),
        str(c.dadas),
        media,
        str(c.dictadas),
        parte,
    ]
