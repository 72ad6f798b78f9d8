"""The panel of the six controls of section 6, each opened to the rows that prove it; duties kept apart; the dossier of a period."""

import datetime as dt
import hashlib
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Response
from flask import abort
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine import reads
from records import controles
from records.controles import Fila
from records.controles import Periodo
from records.controles import Resumen
from records.cuentas import gente_con
from records.rules.calendario import nombre_del_mes
from records.rules.controles import CONTROLES
from records.rules.controles import Control
from records.rules.roles import Facultad
from records.separacion import probadas
from webforms.base import formatos
from webforms.base import separacion
from webforms.base.entrada import entero
from webforms.base.personas import nombres_de
from webforms.base.planillas import BOM
from webforms.base.planillas import en_planilla
from webforms.base.planillas import linea
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.security import usuario_actual
from webforms.base.servicios import servicios
from webforms.calidad import evidencia
from webforms.calidad.periodo import meses_para_elegir
from webforms.calidad.periodo import periodo

rutas = Rutas()

POR_PAGINA: Final = 50
SEMANAS: Final = 12


# --- the panel ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Ficha:
    """A control on the panel. `estado`: class and words of its pill."""

    control: Control
    resumen: Resumen | None
    responsables: Sequence[str]
    de_cuantas: str
    estado: tuple[str, str]

    @property
    def como(self) -> str:
        return str(evidencia.COMO[self.control.id])


@rutas.get("/controles")
def panel_de_controles() -> ResponseReturnValue:
    s, p = servicios(), periodo()
    with s.uow.reading() as session:
        fichas = [_ficha(session, c, p) for c in CONTROLES.values()]
        semanas = controles.semanas(p, SEMANAS)
        reglas = separacion.reglas(session)
        return render_template(
            "calidad/controles.html",
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


def _ficha(session: Session, control: Control, p: Periodo) -> Ficha:
    r = controles.resumen(session, control.id, p)
    de_este_rol = gente_con(session, [control.rol], None, p.now) if control.id in ("6-1", "6-5") else []
    return Ficha(
        control,
        r,
        list(dict.fromkeys(g.nombre for g in de_este_rol)),
        evidencia.de_cuantas(control.id, r.veces) if r is not None else "",
        evidencia.estado(r),
    )


# --- the rows -------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Renglon:
    """One row in words: its first cell leads to what proves it."""

    celdas: tuple[str, ...]
    enlace: str
    fila: Fila


def _enlace(control: str, f: Fila) -> str:
    """Whoever may not see every case reads the row, and is not led to a page that refuses them."""
    if control == "6-1":
        return url_for("calidad.revision_de_accesos", revision_id=f.ref)
    if control == "6-6":
        return url_for("calidad.disponibilidad_del_crm", mes=f"{f.hechos['dia']:%Y-%m}")
    if not _ve_casos():
        return ""
    if control == "6-5":
        return url_for("calidad.fallas_de_un_dia", reporte_id=f.ref)
    return url_for("casos.ver", case_key=f.case_key) if f.case_key else ""


def _renglones(session: Session, control: str, filas: Sequence[Fila], momento: Callable[[dt.datetime | None], str]) -> list[Renglon]:
    personas = nombres_de(session, {f.quien for f in filas if f.quien})
    return [Renglon(evidencia.TABLAS[control].celdas(f, personas, momento), _enlace(control, f), f) for f in filas]


def _ve_casos() -> bool:
    usuario = usuario_actual()
    return usuario is not None and usuario.puede(Facultad.VER_TODO)


def _en_pagina(cuando: dt.datetime | None) -> str:
    return formatos.momento(cuando) if cuando is not None else "—"


@rutas.get("/controles/<id_>")
def filas_de_un_control(id_: str) -> ResponseReturnValue:
    p = periodo()
    control = CONTROLES.get(id_) or abort(404)
    cual = "excepciones" if request.args.get("cual") == "excepciones" else ""
    numero = min(max(1, request.args.get("pagina", 1, type=entero) or 1), 10**6)
    with servicios().uow.reading() as session:
        ficha = _ficha(session, control, p)
        if ficha.resumen is None:
            return render_template("calidad/control.html", p=p, ficha=ficha, meses=meses_para_elegir(p))
        pagina = controles.filas(session, id_, p, solo_excepciones=bool(cual), numero=numero, tamano=POR_PAGINA)
        return render_template(
            "calidad/control.html",
            p=p,
            ficha=ficha,
            meses=meses_para_elegir(p),
            cual=cual,
            columnas=evidencia.TABLAS[id_].columnas,
            renglones=_renglones(session, id_, pagina.filas, _en_pagina),
            pagina=pagina,
            veredicto=evidencia.veredicto,
        )


# --- duties kept apart ----------------------------------------------------------------------------------------------------
@rutas.get("/controles/separacion/<regla>")
def una_regla_de_separacion(regla: str) -> ResponseReturnValue:
    """What was violated and what was refused, each with who, when and in which case."""
    with servicios().uow.reading() as session:
        for k in separacion.pruebas(session):
            if f"{k.rule.element}:{k.rule.other}" == regla:
                quienes = {v.person for v in k.violations} | {r.actor_id for r in k.refused}
                return render_template(
                    "calidad/separacion.html",
                    regla=separacion.de_diagrama(k),
                    k=k,
                    casos={i.id: i.case_key for i in reads.items.by_ids(session, [r.subject for r in k.refused])},
                    ve_casos=_ve_casos(),
                    personas=nombres_de(session, quienes),
                )
        probada = next((r for r in probadas(session) if r.regla == regla), None) or abort(404)
        personas = nombres_de(session, {v.quien for v in probada.violaciones})
        return render_template("calidad/separacion.html", regla=separacion.de_registros(probada), probada=probada, personas=personas)


# --- the dossier ----------------------------------------------------------------------------------------------------------
@rutas.get("/controles/expediente.csv")
def expediente_de_controles() -> ResponseReturnValue:
    """Everything that the panel says of a period, down to the rows; its hash stands in the access chain."""
    s, p = servicios(), periodo()
    with s.uow.reading_one_state() as session:
        texto = BOM + "".join(linea(fila) for fila in _expediente(session, p))
    nombre, huella = f"controles-{p.desde:%Y-%m}.csv", hashlib.sha256(texto.encode()).hexdigest()
    s.engine.log_access(actor_actual(), "exportacion", nombre, now=p.now, detail={"mes": f"{p.desde:%Y-%m}", "sha256": huella})
    cabecera = {"Content-Disposition": f"attachment; filename={nombre}", "Cache-Control": "no-store"}
    return Response(texto, mimetype="text/csv", headers=cabecera)


def _expediente(session: Session, p: Periodo) -> Iterator[list[str]]:
    yield [_("Expediente de los controles de la sección 6, %(m)s", m=nombre_del_mes(p.desde)), en_planilla(p.now)]
    for control in CONTROLES.values():
        yield []
        yield from _de_un_control(session, control, p)
    yield []
    yield [_("Separación de funciones"), _("Dónde se declara"), _("Casos que tocó"), _("Violaciones"), _("Intentos rechazados")]
    for r in separacion.reglas(session):
        yield [r.nombre, r.donde, str(r.casos), str(r.violaciones), str(r.rechazados)]


def _de_un_control(session: Session, control: Control, p: Periodo) -> Iterator[list[str]]:
    ficha = _ficha(session, control, p)
    r = ficha.resumen
    yield [f"{control.id} {control.nombre}", ficha.estado[1]]
    yield [_("Actividad a controlar"), control.actividad]
    yield [_("Cómo ejercer el control"), control.como]
    yield [_("Evidencia del control"), control.evidencia]
    yield [_("Responsable"), control.responsable, *ficha.responsables]
    if r is None:
        return
    yield [_("Veces"), str(r.veces), _("Excepciones"), str(r.excepciones)]
    yield from ([_("Sin ejercer"), dia.isoformat()] for dia in r.faltan)
    if r.veces:
        yield [*(str(c) for c in evidencia.TABLAS[control.id].columnas), _("Resultado"), _("Expediente")]
        todas = controles.filas(session, control.id, p, tamano=0).filas
        for renglon in _renglones(session, control.id, todas, lambda c: en_planilla(c) if c is not None else ""):
            yield [*renglon.celdas, evidencia.veredicto(control.id, renglon.fila)[1], renglon.fila.case_key]
