"""The panel of the six controls of section 6, each opened to the rows that prove it; duties kept
apart; the dossier of a period."""

import datetime as dt
import hashlib
from typing import Final

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from engine import reads
from engine.types import Data
from records.controles import controles
from records.controles.controles import Periodo
from records.controles.reglas.controles import CONTROLES
from records.cuentas.separacion import probadas
from webforms.base import formatos
from webforms.base.entrada import entero
from webforms.base.guias import CUMPLIMIENTO, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombre_de, nombres_de
from webforms.base.quienes import VE_CONTROLES
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.controles import evidencia
from webforms.controles.expediente import documento, planilla
from webforms.documentos.pdf import componer
from webforms.evidencia import separacion
from webforms.informes.periodo import meses_para_elegir, periodo

rutas = Rutas()

POR_PAGINA: Final = 50
SEMANAS: Final = 12


# --- the panel ------------------------------------------------------------------------------------
@rutas.get(
    "/controles",
    para=VE_CONTROLES,
    ayuda=Ayuda(_l("Si los seis controles del procedimiento se ejercieron."), CUMPLIMIENTO),
    menu=Entrada(Grupo.CALIDAD, _l("Controles"), 7),
)
def panel_de_controles() -> ResponseReturnValue:
    s, p = servicios(), periodo()
    with s.uow.reading() as session:
        fichas = [evidencia.ficha(session, c, p) for c in CONTROLES.values()]
        semanas = controles.semanas(p, SEMANAS)
        reglas = separacion.reglas(session)
        return render_template(
            "controles/controles.html",
            p=p,
            fichas=fichas,
            meses=meses_para_elegir(p),
            semanas=semanas,
            por_semana={c: controles.por_semana(session, c, semanas, p) for c in CONTROLES},
            reglas=reglas,
            violaciones=sum(r.violaciones for r in reglas),
            rechazados=sum(r.rechazados for r in reglas),
            personas=nombres_de(session, {r.ultimo_por for r in reglas if r.ultimo_por}),
        )


# --- the rows -------------------------------------------------------------------------------------
def _en_pagina(cuando: dt.datetime | None) -> str:
    return formatos.momento(cuando) if cuando is not None else "—"


@rutas.get(
    "/controles/<id_>",
    para=VE_CONTROLES,
    ayuda=Ayuda(_l("Las filas que hay detrás de un control."), CUMPLIMIENTO),
)
def filas_de_un_control(id_: str) -> ResponseReturnValue:
    p = periodo()
    control = CONTROLES.get(id_) or abort(404)
    cual = "excepciones" if request.args.get("cual") == "excepciones" else ""
    numero = min(max(1, request.args.get("pagina", 1, type=entero) or 1), 10**6)
    with servicios().uow.reading() as session:
        ficha = evidencia.ficha(session, control, p)
        pagina = controles.filas(
            session, id_, p, solo_excepciones=bool(cual), numero=numero, tamano=POR_PAGINA
        )
        return render_template(
            "controles/control.html",
            p=p,
            ficha=ficha,
            meses=meses_para_elegir(p),
            cual=cual,
            columnas=evidencia.TABLAS[id_].columnas,
            renglones=evidencia.renglones(session, id_, pagina.filas, _en_pagina),
            pagina=pagina,
            veredicto=evidencia.veredicto,
        )


# --- duties kept apart ----------------------------------------------------------------------------
@rutas.get(
    "/controles/separacion/<regla>",
    para=VE_CONTROLES,
    ayuda=Ayuda(_l("En qué casos una regla separó a quien hace de quien revisa."), CUMPLIMIENTO),
)
def una_regla_de_separacion(regla: str) -> ResponseReturnValue:
    """What was violated and what was refused, each with who, when and in which case."""
    with servicios().uow.reading() as session:
        for k in separacion.pruebas(session):
            if f"{k.rule.element}:{k.rule.other}" == regla:
                quienes = {v.person for v in k.violations} | {r.actor_id for r in k.refused}
                return render_template(
                    "controles/separacion.html",
                    regla=separacion.de_diagrama(k),
                    k=k,
                    intentos=k.refused,
                    casos={
                        i.id: i.case_key
                        for i in reads.items.by_ids(session, [r.subject for r in k.refused])
                    },
                    ve_casos=evidencia.ve_casos(),
                    personas=nombres_de(session, quienes),
                )
        probada = next((r for r in probadas(session) if r.regla == regla), None) or abort(404)
        intentos = reads.separation.noted(session).get(regla, [])
        return render_template(
            "controles/separacion.html",
            regla=separacion.de_registros(probada, intentos),
            probada=probada,
            intentos=intentos,
            casos={},
            personas=nombres_de(
                session, {v.quien for v in probada.violaciones} | {i.actor_id for i in intentos}
            ),
        )


# --- the dossier ----------------------------------------------------------------------------------
@rutas.get("/controles/expediente.csv", para=VE_CONTROLES)
def expediente_de_controles() -> ResponseReturnValue:
    """Everything that the panel says of a period, down to the rows; its hash stands in the access
    chain."""
    p = periodo()
    with servicios().uow.reading_one_state() as session:
        texto = planilla(session, p)
    return _sale(texto, texto.encode(), f"controles-{p.desde:%Y-%m}.csv", p)


@rutas.get("/controles/expediente.pdf", para=VE_CONTROLES)
def expediente_en_pdf() -> ResponseReturnValue:
    """The same to be read and kept: exceptions in it, every row in the file that it carries."""
    p = periodo()
    with servicios().uow.reading_one_state() as session:
        texto = planilla(session, p)
        pedido = documento(session, texto, p, nombre_de(session, actor_actual().id))
    return _sale(texto, componer(pedido).contenido, f"controles-{p.desde:%Y-%m}.pdf", p)


def _sale(texto: str, contenido: bytes, nombre: str, p: Periodo) -> Response:
    """Recorded with the hash of its rows before it leaves."""
    tipo = "application/pdf" if nombre.endswith(".pdf") else "text/csv"
    detalle: Data = {
        "mes": f"{p.desde:%Y-%m}",
        "sha256": hashlib.sha256(texto.encode()).hexdigest(),
    }
    servicios().engine.log_access(actor_actual(), "exportacion", nombre, now=p.now, detail=detalle)
    cabecera = {
        "Content-Disposition": f"attachment; filename={nombre}",
        "Cache-Control": "no-store",
    }
    return Response(contenido, mimetype=tipo, headers=cabecera)
