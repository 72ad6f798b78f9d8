"""Calibrations of the F189 (SUPUESTO Q29): each with what its auditors gave, side by side once they
may see it; what all say of each."""

from collections.abc import Iterable
from typing import Final

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine.reads.items import InboxFilter, inbox
from records.auditorias import calibraciones
from records.base.errores import NoExiste
from records.cuentas.reglas.roles import Facultad
from records.lugares.puntos import puntos
from webforms.auditorias.calibracion_palabras import Vista, vista
from webforms.base import auditoria as dichos
from webforms.base.entrada import entero_o
from webforms.base.guias import CALIDAD, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import AUDITA, CALIBRA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual, puede
from webforms.base.servicios import servicios
from webforms.documentos.planillas import BOM, en_decimal, en_planilla, linea

rutas = Rutas()

PROCESO: Final = "M5_1_02_calibracion"
PRIMERA: Final = "us_escoger"


def _empieza() -> bool:
    return puede(actor_actual(), Facultad.CALIBRAR)


# What nobody may see yet is not on the page (records/auditorias/calibraciones.py).
@rutas.get(
    "/calibraciones",
    para=AUDITA,
    ayuda=Ayuda(_l("Dónde dos auditores califican lo mismo, para ver si miden igual."), CALIDAD),
    menu=Entrada(Grupo.CALIDAD, _l("Calibraciones")),
)
def lista_de_calibraciones() -> ResponseReturnValue:
    s = servicios()
    with s.uow.reading() as session:
        todas = calibraciones.todas(session, s.clock.now())
        tendencias = calibraciones.por_auditor(todas)
        return render_template(
            "auditorias/calibraciones.html",
            sesiones=todas,
            tendencias=tendencias,
            empieza=_empieza(),
            hay_de_que=bool(calibraciones.con_candidatas(session)),
            puntos={p.codigo: p.nombre for p in puntos(session)},
            personas=nombres_de(session, tendencias.keys()),
        )


@rutas.post("/calibraciones", para=CALIBRA, haria=_l("Empezar una calibración"))
def empezar_calibracion() -> ResponseReturnValue:
    """The process begins with the choice, a task of who asks; one that waits already is gone on
    with."""
    s, actor = servicios(), actor_actual()
    with s.uow.reading() as session:
        suyas = inbox(session, actor, InboxFilter(process=PROCESO, element=PRIMERA))
    if suyas and not request.form.get("muestra_id"):
        flash(_("Esta calibración espera a que escoja la atención y los auditores."), "ambar")
        return redirect(url_for("tareas.mostrar", item_id=suyas[0].id))
    datos = {"muestra_id": entero_o(request.form.get("muestra_id", ""), 0)}
    empezada = s.engine.instances.start(PROCESO, actor=actor, now=s.clock.now(), data=datos)
    return redirect(
        url_for(
            "tareas.mostrar", item_id=next(i.id for i in empezada.opened if i.element == PRIMERA)
        )
    )


def _vista(session: Session, calibracion_id: int) -> Vista:
    try:
        return vista(session, calibracion_id, servicios().clock.now())
    except NoExiste:
        abort(404)


@rutas.get(
    "/calibraciones/<int:calibracion_id>",
    para=AUDITA,
    ayuda=Ayuda(_l("Una calibración: qué calificó cada auditor y qué se acordó."), CALIDAD),
)
def calibracion(calibracion_id: int) -> ResponseReturnValue:
    """Until all have sent theirs or the time is over: who has, and nothing of what they gave."""
    with servicios().uow.reading() as session:
        v = _vista(session, calibracion_id)
        tendencias = calibraciones.por_auditor(
            calibraciones.todas(session, servicios().clock.now())
        )
        return render_template(
            "auditorias/calibracion.html", v=v, s=v.sesion, tendencias=tendencias
        )


@rutas.get("/calibraciones/<int:calibracion_id>/calibracion.csv", para=AUDITA)
def exportar_calibracion(calibracion_id: int) -> ResponseReturnValue:
    """What the page compares; recorded before it leaves. 404 while nobody may see it."""
    s = servicios()
    with s.uow.reading() as session:
        v = _vista(session, calibracion_id)
        if not v.sesion.abierto:
            abort(404)
        hecho = BOM + "".join(linea(fila) for fila in _filas(v))
    s.engine.log_access(
        actor_actual(),
        "exportacion",
        "calibracion.csv",
        now=s.clock.now(),
        detail={"calibracion": calibracion_id},
    )
    cabecera = {
        "Content-Disposition": f"attachment; filename=calibracion-{calibracion_id}.csv",
        "Cache-Control": "no-store",
    }
    return Response(hecho, mimetype="text/csv", headers=cabecera)


def _filas(v: Vista) -> Iterable[list[str]]:
    """One row for each criterion and auditor, then the scores."""
    s = v.sesion
    yield [
        "atencion",
        "semana",
        "criterio",
        "maximo",
        "auditor",
        "puntos",
        "acuerdo",
        "desviacion",
        "enviada",
    ]
    base = [s.codigo, s.auditoria.semana]
    enviada = {f.auditor: en_planilla(f.hecho) for f in s.calificaron if f.hecho is not None}
    for c in s.comparados:
        for a in v.auditores:
            partes = [c.marcas[a], c.acuerdo, c.desviaciones[a]]
            celdas = [
                dichos.nombre_de_criterio(c.criterio),
                en_decimal(c.maximo),
                v.nombre(a),
                *map(en_decimal, partes),
                enviada[a],
            ]
            yield [*base, *celdas]
    for f in s.calificaron:
        acuerdo = s.acuerdo.puntaje if s.acuerdo is not None else None
        yield [
            *base,
            "Puntaje",
            "100",
            v.nombre(f.auditor),
            *map(en_decimal, (f.puntaje, acuerdo, s.desviacion(f))),
            enviada[f.auditor],
        ]
