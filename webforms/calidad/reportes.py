"""Monthly reports: where each point's stands, what it says, and what is made of all of them (5.2.23–5.2.26, section 7)."""

import datetime as dt
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask import Response
from flask import abort
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from records import meses
from records import reportes
from records.errores import DatoInvalido
from records.puntos import puntos
from records.puntos import tipificaciones
from records.rules.indicadores import INDICADORES
from records.rules.indicadores import POCOS
from records.tables import MesCerrado
from webforms.base import formatos
from webforms.base.cifras import Corte
from webforms.base.cifras import decir
from webforms.base.cifras import decir_meta
from webforms.base.cifras import en_palabras
from webforms.base.cifras import filas
from webforms.base.entrada import entero
from webforms.base.personas import nombres_de
from webforms.base.reporte import ESTADOS
from webforms.base.reporte import cambios
from webforms.base.reporte import hoja
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.calidad.libro import libro

rutas = Rutas()

#: Of these a bar for each point says more than a column of figures.
POR_PUNTO = ("I3", "I4")
CLASES: Mapping[str, str] = {"solicitud": "Solicitudes", "queja": "Quejas", "reclamo": "Reclamos"}


@rutas.get("/reportes")
def ultimo_mes() -> ResponseReturnValue:
    """The latest month that is closed."""
    with servicios().uow.reading() as session:
        ultimo = next(iter(meses.versiones(session)), None)
        mes = f"{ultimo.mes:%Y-%m}" if ultimo is not None else ""
    return redirect(url_for("calidad.del_mes", mes=mes)) if mes else render_template("calidad/sin_reportes.html")


def _mes(texto: str) -> dt.date:
    try:
        return reportes.mes_de(texto)
    except DatoInvalido:
        abort(404)


def _cerrado(session: Session, mes: dt.date) -> MesCerrado:
    return meses.vigente(session, mes) or abort(404)


# --- a month ---------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Barra:
    """A point in a chart: how long its bar is, between 0 and 1. `pocos`: told, not judged."""

    punto: str
    dicho: str
    largo: float
    cumple: bool | None


@dataclass(frozen=True, slots=True)
class Grafica:
    """An indicator of each point, the worst first."""

    titulo: str
    meta: str
    linea: float | None  #: where the target stands
    barras: Sequence[Barra]


def _graficas(session: Session, version: MesCerrado) -> list[Grafica]:
    nombres = {p.codigo: p.nombre for p in puntos(session)}
    de_puntos = meses.cifras(session, version.id, "punto", None)
    hechas = []
    for id_ in POR_PUNTO:
        i = INDICADORES[id_]
        suyas = [(c, c.valor) for c in de_puntos if c.indicador == id_ and c.valor is not None]
        minimo, maximo = i.meta
        suyas.sort(key=lambda par: (par[1] if minimo is not None else -par[1], nombres.get(par[0].clave, "")))
        tope = max([v for _c, v in suyas] + [m for m in i.meta if m is not None] + [Fraction(1, 100)])
        meta = minimo if minimo is not None else maximo
        barras = [
            Barra(nombres.get(c.clave, c.clave), decir(i, c), float(v / tope), i.cumple(v) if c.n >= POCOS else None) for c, v in suyas
        ]
        hechas.append(Grafica(f"{i.nombre} ({id_})", decir_meta(i), float(meta / tope) if meta is not None else None, barras))
    return hechas


@rutas.get("/reportes/<mes>")
def del_mes(mes: str) -> ResponseReturnValue:
    """Where the report of each point stands, and the report of the entity: of what it was made, once it is made."""
    primero = _mes(mes)
    with servicios().uow.reading() as session:
        vigente = _cerrado(session, primero)
        informe = reportes.informe(session, primero, reportes.INTERVENTORIA)
        de = vigente if informe is None else meses.de_id(session, informe.mes_id)
        situaciones = reportes.situaciones(session, primero)
        dichas = filas(session, Corte(de, "total", ""))
        quienes = {s.reporte.autor for s in situaciones if s.reporte} | {s.revision.por for s in situaciones if s.revision}
        return render_template(
            "calidad/reportes.html",
            mes=primero,
            version=de,
            vigente=vigente,
            meses=list(dict.fromkeys(v.mes for v in meses.versiones(session))),
            situaciones=situaciones,
            cuantos={e: sum(s.estado == e for s in situaciones) for e in ESTADOS},
            estados=ESTADOS,
            corte=Corte(de, "total", ""),
            filas=dichas,
            frases=en_palabras(str(_("La entidad")), dichas),
            graficas=_graficas(session, de),
            informe=informe,
            quejas=reportes.informe(session, primero, reportes.QUEJAS),
            personas=nombres_de(session, quienes | ({informe.por} if informe is not None else set())),
        )


@rutas.get("/reportes/<mes>/informe.xlsx")
def exportar_informe(mes: str) -> ResponseReturnValue:
    """The same as a workbook; recorded before it leaves."""
    s, primero = servicios(), _mes(mes)
    with s.uow.reading() as session:
        vigente = _cerrado(session, primero)
        informe = reportes.informe(session, primero, reportes.INTERVENTORIA)
        de = vigente if informe is None else meses.de_id(session, informe.mes_id)
        hecho = libro(session, primero, informe, de)
    s.engine.log_access(actor_actual(), "exportacion", "informe.xlsx", now=s.clock.now(), detail={"mes": mes, "version": de.version})
    cabecera = {"Content-Disposition": f"attachment; filename=informe-{primero:%Y-%m}.xlsx", "Cache-Control": "no-store"}
    return Response(hecho, mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", headers=cabecera)


# --- a point ---------------------------------------------------------------------------------------------------------------
@rutas.get("/reportes/<mes>/<punto_id>")
def de_un_punto(mes: str, punto_id: str) -> ResponseReturnValue:
    """Its report as it stands, or `?version=`; versions side by side."""
    version = request.args.get("version", type=entero)
    with servicios().uow.reading() as session:
        h = hoja(session, _mes(mes), punto_id, version)
        if h is None:
            abort(404)
        cambiado = cambios(session, h.anterior, h.ultima, punto_id) if h.anterior is not None and h.ultima is not None else []
        todas = reportes.situaciones(session, h.mes)
        orden = [s.punto_id for s in todas]
        donde = orden.index(punto_id)
        return render_template(
            "calidad/reporte.html",
            h=h,
            cambios=cambiado,
            situacion=todas[donde],
            estados=ESTADOS,
            antes=todas[donde - 1] if donde else None,
            despues=todas[donde + 1] if donde + 1 < len(todas) else None,
            versiones=[r.version for r in reportes.versiones(session, h.mes, punto_id)],
        )


# --- complaints ------------------------------------------------------------------------------------------------------------
@rutas.get("/reportes/<mes>/quejas")
def quejas(mes: str) -> ResponseReturnValue:
    """The «Informe mensual de quejas, reclamos o sugerencias» (section 7), as it was made."""
    primero = _mes(mes)
    with servicios().uow.reading() as session:
        informe = reportes.informe(session, primero, reportes.QUEJAS, request.args.get("version", type=entero))
        if informe is None:
            abort(404)
        hechas: list[dict[str, Any]] = reportes.contenido(informe)["filas"]
        de = meses.de_id(session, informe.mes_id)
        temas = {t.codigo: t.subtema for t in tipificaciones(session, formatos.dia_local(de.cerrado))}
        lugares = {p.codigo: p.nombre for p in puntos(session)}
        return render_template(
            "calidad/quejas.html",
            mes=primero,
            informe=informe,
            version=de,
            clases=_sumas(hechas, "clase", CLASES),
            por_tema=[(nombre, _sumas([f for f in hechas if f["clase"] == clase], "tema", temas)) for clase, nombre in CLASES.items()],
            por_punto=_sumas([f for f in hechas if f["clase"] != "solicitud"], "punto", lugares),
            personas=nombres_de(session, {informe.por}),
        )


def _sumas(hechas: Sequence[dict[str, Any]], por: str, nombres: Mapping[str, str]) -> list[tuple[str, int, int, int]]:
    """What it is, received, answered, answered in time; the most first."""
    sumas: dict[str, list[int]] = {}
    for f in hechas:
        suma = sumas.setdefault(f[por], [0, 0, 0])
        for n, columna in enumerate(("recibidos", "respondidos", "a_tiempo")):
            suma[n] += f[columna]
    return sorted(((nombres.get(c, c), r, d, t) for c, (r, d, t) in sumas.items()), key=lambda fila: (-fila[1], fila[0]))
