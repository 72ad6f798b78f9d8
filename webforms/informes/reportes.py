"""Monthly reports: where each point's stands, what it says, and what is made of all of them
(5.2.23–5.2.26, section 7)."""

import datetime as dt

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from records.informes import meses, reportes
from records.informes.tablas import MesCerrado
from webforms.base.entrada import entero
from webforms.base.guias import CALIDAD, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import VE_INDICADORES
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.documentos.pdf import Pedido, componer
from webforms.informes.cifras import Corte, en_palabras, filas
from webforms.informes.de_una_vez import ENVIA, REVISA, suyas
from webforms.informes.documentos import informe_pdf, punto_pdf, quejas_pdf
from webforms.informes.graficas import graficas, graficas_de_un_punto
from webforms.informes.libro import libro, libro_de_punto
from webforms.informes.periodo import mes_de_la_ruta
from webforms.informes.quejas import sumadas
from webforms.informes.reporte import ESTADOS, cambios, hoja

rutas = Rutas()


@rutas.get(
    "/reportes",
    para=VE_INDICADORES,
    ayuda=Ayuda(_l("El reporte del último mes cerrado."), CALIDAD),
    menu=Entrada(Grupo.MES, _l("Reportes"), 1),
)
def ultimo_mes() -> ResponseReturnValue:
    """The latest month that is closed."""
    with servicios().uow.reading() as session:
        ultimo = next(iter(meses.versiones(session)), None)
        mes = f"{ultimo.mes:%Y-%m}" if ultimo is not None else ""
    return (
        redirect(url_for("calidad.del_mes", mes=mes))
        if mes
        else render_template("informes/sin_reportes.html")
    )


def _cerrado(session: Session, mes: dt.date) -> MesCerrado:
    return meses.vigente(session, mes) or abort(404)


# --- a month --------------------------------------------------------------------------------------
@rutas.get(
    "/reportes/<mes>",
    para=VE_INDICADORES,
    ayuda=Ayuda(_l("El reporte de un mes: qué puntos entregaron el suyo y qué falta."), CALIDAD),
)
def del_mes(mes: str) -> ResponseReturnValue:
    """Where the report of each point stands, and the report of the entity: of what it was made,
    once it is made."""
    primero = mes_de_la_ruta(mes)
    with servicios().uow.reading() as session:
        vigente = _cerrado(session, primero)
        informe = reportes.informe(session, primero, reportes.INTERVENTORIA)
        de = vigente if informe is None else meses.de_id(session, informe.mes_id)
        situaciones = reportes.situaciones(session, primero)
        dichas = filas(session, Corte(de, "total", ""))
        quienes = {s.reporte.autor for s in situaciones if s.reporte} | {
            s.revision.por for s in situaciones if s.revision
        }
        anteriores = reportes.de_antes(session, primero, situaciones)
        hacer = {e: suyas(session, e, primero) for e in (ENVIA, REVISA)}
        return render_template(
            "informes/reportes.html",
            mes=primero,
            version=de,
            vigente=vigente,
            meses=list(dict.fromkeys(v.mes for v in meses.versiones(session))),
            situaciones=situaciones,
            tardes=reportes.tardes(session, primero),
            cuantos={e: sum(s.estado == e for s in situaciones) for e in ESTADOS},
            estados=ESTADOS,
            corte=Corte(de, "total", ""),
            filas=dichas,
            frases=en_palabras(str(_("La entidad")), dichas),
            graficas=graficas(session, de),
            informe=informe,
            quejas=reportes.informe(session, primero, reportes.QUEJAS),
            de_antes=anteriores,
            tareas={str(i.data.get("punto_id")): i.id for i in hacer[REVISA]},
            por_hacer={e: len(suyos) for e, suyos in hacer.items() if suyos},
            personas=nombres_de(
                session,
                quienes
                | {vigente.por}
                | {i.por for i in (informe, *(a.informe for a in anteriores)) if i is not None},
            ),
        )


@rutas.get("/reportes/<mes>/informe.xlsx", para=VE_INDICADORES)
def exportar_informe(mes: str) -> ResponseReturnValue:
    """The same as a workbook; recorded before it leaves."""
    s, primero = servicios(), mes_de_la_ruta(mes)
    with s.uow.reading() as session:
        vigente = _cerrado(session, primero)
        informe = reportes.informe(session, primero, reportes.INTERVENTORIA)
        de = vigente if informe is None else meses.de_id(session, informe.mes_id)
        hecho = libro(session, primero, informe, de)
    s.engine.log_access(
        actor_actual(),
        "exportacion",
        "informe.xlsx",
        now=s.clock.now(),
        detail={"mes": mes, "version": de.version},
    )
    return _hoja_de_calculo(hecho, f"informe-{primero:%Y-%m}.xlsx")


def _hoja_de_calculo(hecho: bytes, archivo: str) -> Response:
    cabecera = {
        "Content-Disposition": f"attachment; filename={archivo}",
        "Cache-Control": "no-store",
    }
    return Response(
        hecho,
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers=cabecera,
    )


def _pdf(pedido: Pedido, archivo: str, **detalle: str | int) -> Response:
    """Made when it is asked for, always the same of the same report; recorded before it leaves."""
    s, hecho = servicios(), componer(pedido)
    s.engine.log_access(actor_actual(), "exportacion", archivo, now=s.clock.now(), detail=detalle)
    cabecera = {
        "Content-Disposition": f"attachment; filename={archivo}",
        "Cache-Control": "no-store",
    }
    return Response(hecho.contenido, mimetype="application/pdf", headers=cabecera)


@rutas.get("/reportes/<mes>/informe.pdf", para=VE_INDICADORES)
def informe_en_pdf(mes: str) -> ResponseReturnValue:
    primero = mes_de_la_ruta(mes)
    with servicios().uow.reading() as session:
        vigente = _cerrado(session, primero)
        pedida = request.args.get("version", type=entero)
        informe = reportes.informe(session, primero, reportes.INTERVENTORIA, pedida)
        if informe is None and pedida is not None:
            abort(404)
        de = vigente if informe is None else meses.de_id(session, informe.mes_id)
        pedido, version = informe_pdf(session, primero, informe, de), de.version
    return _pdf(pedido, f"informe-mensual-{primero:%Y-%m}.pdf", mes=mes, version=version)


# --- a point --------------------------------------------------------------------------------------
@rutas.get(
    "/reportes/<mes>/<punto_id>",
    para=VE_INDICADORES,
    ayuda=Ayuda(_l("El reporte mensual de un punto."), CALIDAD),
)
def de_un_punto(mes: str, punto_id: str) -> ResponseReturnValue:
    """Its report as it stands, or `?version=`; versions side by side."""
    version = request.args.get("version", type=entero)
    with servicios().uow.reading() as session:
        h = hoja(session, mes_de_la_ruta(mes), punto_id, version)
        if h is None:
            abort(404)
        cambiado = (
            cambios(session, h.anterior, h.ultima, punto_id)
            if h.anterior is not None and h.ultima is not None
            else []
        )
        todas = reportes.situaciones(session, h.mes)
        orden = [s.punto_id for s in todas]
        donde = orden.index(punto_id)
        return render_template(
            "informes/reporte.html",
            h=h,
            graficas=graficas_de_un_punto(session, h.corte),
            cambios=cambiado,
            situacion=todas[donde],
            estados=ESTADOS,
            antes=todas[donde - 1] if donde else None,
            despues=todas[donde + 1] if donde + 1 < len(todas) else None,
            versiones=[r.version for r in reportes.versiones(session, h.mes, punto_id)],
            otra_version=next(
                (
                    a
                    for a in reportes.de_antes(session, h.mes, [todas[donde]])
                    if a.situacion is not None
                ),
                None,
            ),
        )


@rutas.get("/reportes/<mes>/<punto_id>/reporte.pdf", para=VE_INDICADORES)
def punto_en_pdf(mes: str, punto_id: str) -> ResponseReturnValue:
    primero = mes_de_la_ruta(mes)
    with servicios().uow.reading() as session:
        h = hoja(session, primero, punto_id, request.args.get("version", type=entero))
        if h is None:
            abort(404)
        pedido, version = punto_pdf(session, h), h.corte.version.version
    return _pdf(pedido, f"reporte-{punto_id}-{primero:%Y-%m}.pdf", mes=mes, version=version)


@rutas.get("/reportes/<mes>/<punto_id>/reporte.xlsx", para=VE_INDICADORES)
def exportar_punto(mes: str, punto_id: str) -> ResponseReturnValue:
    s, primero = servicios(), mes_de_la_ruta(mes)
    with s.uow.reading() as session:
        h = hoja(session, primero, punto_id, request.args.get("version", type=entero))
        if h is None:
            abort(404)
        hecho, version = libro_de_punto(session, h), h.corte.version.version
    archivo = f"reporte-{punto_id}-{primero:%Y-%m}.xlsx"
    s.engine.log_access(
        actor_actual(),
        "exportacion",
        archivo,
        now=s.clock.now(),
        detail={"mes": mes, "version": version},
    )
    return _hoja_de_calculo(hecho, archivo)


# --- complaints -----------------------------------------------------------------------------------
@rutas.get(
    "/reportes/<mes>/quejas",
    para=VE_INDICADORES,
    ayuda=Ayuda(_l("Las quejas y los reclamos del mes."), CALIDAD),
)
def quejas(mes: str) -> ResponseReturnValue:
    """The «Informe mensual de quejas, reclamos o sugerencias» (section 7), as it was made."""
    primero = mes_de_la_ruta(mes)
    with servicios().uow.reading() as session:
        informe = reportes.informe(
            session, primero, reportes.QUEJAS, request.args.get("version", type=entero)
        )
        if informe is None:
            abort(404)
        return render_template(
            "informes/quejas.html",
            mes=primero,
            informe=informe,
            version=meses.de_id(session, informe.mes_id),
            q=sumadas(session, informe),
            vigente=_cerrado(session, primero),
            personas=nombres_de(session, {informe.por}),
        )


@rutas.get("/reportes/<mes>/quejas.pdf", para=VE_INDICADORES)
def quejas_en_pdf(mes: str) -> ResponseReturnValue:
    primero = mes_de_la_ruta(mes)
    with servicios().uow.reading() as session:
        informe = reportes.informe(
            session, primero, reportes.QUEJAS, request.args.get("version", type=entero)
        )
        if informe is None:
            abort(404)
        pedido, version = quejas_pdf(session, informe), informe.version
    return _pdf(pedido, f"informe-quejas-{primero:%Y-%m}.pdf", mes=mes, version=version)
