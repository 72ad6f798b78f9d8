"""One line of what each task is about, as far as the records know it; a few statements, however
many tasks there are."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _, ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.types import WorkItem
from records.auditorias import muestras
from records.auditorias.tablas import (
    Auditoria,
    AuditoriaInforme,
    AuditoriaMuestra,
    AuditoriaRevision,
    Inconsistencia,
)
from records.casos import bandeja
from records.comites import comites
from records.comites.reglas import comite as reglas_de_comite
from records.comites.tablas import ComiteHallazgo
from records.informes import meses, reportes
from records.informes.reportes import Situacion
from records.informes.tablas import ReporteNota
from records.interventoria import interventoria
from records.plazos.reglas.calendario import dia_local
from webforms.base import auditoria, formatos, palabras
from webforms.informes.cifras import juzgadas_por_punto
from webforms.interventoria.formularios import MEDIOS

Lineas = Iterable[tuple[str, str]]


def asuntos(session: Session, items: Sequence[WorkItem], now: dt.datetime) -> dict[str, str]:
    """Id of the task → its line; the others say all they have to say in their name."""
    dichos: dict[str, str] = {}
    for que in (
        _de_casos,
        _de_reportes,
        _de_muestras,
        _de_auditorias,
        _de_hallazgos,
        _de_comites,
        _de_entregas,
        _de_controles,
    ):
        dichos.update((id_, linea) for id_, linea in que(session, items, now) if linea)
    return dichos


def _con(items: Sequence[WorkItem], clave: str, *elementos: str) -> list[tuple[WorkItem, int]]:
    """Tasks of these activities, with the number of the row that they are about."""
    return [
        (i, n) for i in items if i.element in elementos and isinstance(n := i.data.get(clave), int)
    ]


# --- cases of the desk ----------------------------------------------------------------------------
def _de_casos(session: Session, items: Sequence[WorkItem], _now: dt.datetime) -> Lineas:
    suyas = [(i, n) for i in items if isinstance(n := i.data.get("caso_id"), int)]
    casos = bandeja.asuntos(session, sorted({n for _i, n in suyas}))
    for i, n in suyas:
        if (c := casos.get(n)) is not None and c.radicado:
            yield i.id, f"{c.radicado} · {palabras.de_catalogo(c.subtema)}"


# --- reports (5.2.23–5.2.26) ----------------------------------------------------------------------
def _de_reportes(session: Session, items: Sequence[WorkItem], now: dt.datetime) -> Lineas:
    elementos = ("act_5_2_23", "act_5_2_24", "act_5_2_25", "act_5_2_26")
    suyas = [(i, str(m)) for i in items if i.element in elementos and (m := i.data.get("mes"))]
    for texto in sorted({m for _i, m in suyas}):
        mes = reportes.mes_de(texto)
        de = {s.punto_id: s for s in reportes.situaciones(session, mes)}
        version = meses.vigente(session, mes)
        juzgadas = juzgadas_por_punto(session, version) if version is not None else {}
        observadas = _observadas(
            session, [s.reporte.id for s in de.values() if s.reporte is not None]
        )
        for i in (i for i, m in suyas if m == texto):
            if i.element == "act_5_2_26":
                n = sum(s.estado == reportes.APROBADO for s in de.values())
                yield i.id, str(_("%(n)s de %(t)s reportes aprobados.", n=n, t=len(de)))
            elif (s := de.get(i.scope or "")) is not None:
                yield (
                    i.id,
                    _del_reporte(
                        i.element, s, juzgadas.get(s.punto_id, ()), observadas, dia_local(now)
                    ),
                )


def _de_metas(juzgadas: Sequence[tuple[str, bool]]) -> str:
    """What the report of the point says of its targets."""
    if not juzgadas:
        return str(_("Ninguna meta se puede juzgar."))
    fallan = dict.fromkeys(i.partition(".")[0] for i, cumple in juzgadas if not cumple)
    return str(_("No cumple %(i)s.", i=", ".join(fallan)) if fallan else _("Cumple sus metas."))


def _del_reporte(
    elemento: str,
    s: Situacion,
    juzgadas: Sequence[tuple[str, bool]],
    observadas: Mapping[int, int],
    hoy: dt.date,
) -> str:
    cifras = _de_metas(juzgadas)
    if s.reporte is None or elemento == "act_5_2_23":
        return str(_("Las cifras están listas.")) + f" {cifras}"
    if elemento == "act_5_2_24":
        cuando = formatos.momento(s.reporte.hecho, hoy)
        if s.reporte.version == 1:
            return str(_("Primera ronda; enviado: %(c)s.", c=cuando)) + f" {cifras}"
        return str(
            _(
                "Ronda %(n)s; ajustado: %(c)s. Cambió: «%(q)s».",
                n=s.reporte.version,
                c=cuando,
                q=s.reporte.cambio,
            )
        )
    if s.revision is None:
        return str(cifras)
    n = observadas.get(s.reporte.id, 0)
    return str(
        ngettext(
            "Devuelto: %(c)s, con %(num)s observación. Ronda %(r)s.",
            "Devuelto: %(c)s, con %(num)s observaciones. Ronda %(r)s.",
            n,
            c=formatos.momento(s.revision.cuando, hoy),
            r=s.devoluciones,
        )
    )


def _observadas(session: Session, ids: Sequence[int]) -> dict[int, int]:
    suyas = (ReporteNota.reporte_id.in_(ids), ReporteNota.tipo == reportes.OBSERVACION)
    consulta = (
        select(ReporteNota.reporte_id, func.count()).where(*suyas).group_by(ReporteNota.reporte_id)
    )
    return dict(session.execute(consulta).all()) if ids else {}


# --- audits (5.2.27–5.2.29) -----------------------------------------------------------------------
def _de_muestras(session: Session, items: Sequence[WorkItem], _now: dt.datetime) -> Lineas:
    suyas = _con(items, "muestra_id", "us_sortear", "act_5_2_27", "us_calificar")
    if not suyas:
        return
    consulta = select(
        AuditoriaMuestra.id,
        AuditoriaMuestra.modo,
        AuditoriaMuestra.punto_id,
        Auditoria.canal,
        Auditoria.semana,
    )
    consulta = consulta.join(Auditoria, Auditoria.id == AuditoriaMuestra.auditoria_id)
    filas = {
        f.id: f
        for f in session.execute(consulta.where(AuditoriaMuestra.id.in_({n for _i, n in suyas})))
    }
    for i, n in suyas:
        if (f := filas.get(n)) is not None:
            como = (
                _("según su expediente")
                if f.modo == muestras.EXPEDIENTE
                else _("se observa en el punto")
            )
            partes = {
                "p": palabras.punto(f.punto_id),
                "c": f.canal,
                "m": como,
                "s": auditoria.semana(f.semana),
            }
            yield i.id, str(_("%(p)s, canal %(c)s, %(m)s. Semana %(s)s.", **partes))


def _de_auditorias(session: Session, items: Sequence[WorkItem], _now: dt.datetime) -> Lineas:
    suyas = _con(items, "auditoria_id", "act_5_2_28", "act_5_2_29", "us_acuse")
    if not suyas:
        return
    ids = {n for _i, n in suyas}
    contadas = select(Inconsistencia.auditoria_id, func.count()).where(
        Inconsistencia.auditoria_id.in_(ids)
    )
    halladas = dict(session.execute(contadas.group_by(Inconsistencia.auditoria_id)).all())
    vistas = (
        select(
            AuditoriaInforme.auditoria_id,
            AuditoriaInforme.version,
            AuditoriaRevision.remite,
            AuditoriaRevision.observaciones,
        )
        .outerjoin(AuditoriaRevision, AuditoriaRevision.informe_id == AuditoriaInforme.id)
        .where(AuditoriaInforme.auditoria_id.in_(ids))
        .order_by(AuditoriaInforme.version)
    )
    informes = {f.auditoria_id: f for f in session.execute(vistas)}
    for i, n in suyas:
        cuantas = halladas.get(n, 0)
        dicho = (
            str(ngettext("%(num)s inconsistencia.", "%(num)s inconsistencias.", cuantas))
            if cuantas
            else str(_("Sin inconsistencias."))
        )
        informe = informes.get(n)
        if informe is not None and informe.remite is False:
            dicho += " " + str(_("Devuelto: «%(o)s».", o=informe.observaciones))
        elif informe is not None and informe.version > 1:
            dicho += " " + str(_("Versión %(v)s.", v=informe.version))
        yield i.id, dicho


# --- findings and committee (5.2.30, 5.2.31) ------------------------------------------------------
def _de_hallazgos(session: Session, items: Sequence[WorkItem], _now: dt.datetime) -> Lineas:
    suyos = _con(items, "inconsistencia_id", "act_5_2_30")
    if not suyos:
        return
    filas = {
        h.id: h
        for h in session.scalars(
            select(Inconsistencia).where(Inconsistencia.id.in_({n for _i, n in suyos}))
        )
    }
    for i, n in suyos:
        if (h := filas.get(n)) is not None:
            criterio, punto = auditoria.nombre_de_criterio(h.criterio), palabras.punto(h.punto_id)
            dicho = _(
                "%(c)s; %(p)s. Gravedad: %(g)s.",
                c=criterio,
                p=punto,
                g=str(auditoria.GRAVEDADES[h.gravedad]).lower(),
            )
            yield (
                i.id,
                str(dicho) + (" " + str(_("Es reiterado.")) if h.reiterada_de is not None else ""),
            )


def _de_comites(session: Session, items: Sequence[WorkItem], _now: dt.datetime) -> Lineas:
    for i, n in _con(items, "comite_id", "act_5_2_31"):
        sesion = comites.sesion_abierta(session, n)
        trata = (
            session.scalar(
                select(func.count())
                .select_from(ComiteHallazgo)
                .where(ComiteHallazgo.comite_id == n)
            )
            or 0
        )
        dicho = (
            str(ngettext("%(num)s hallazgo.", "%(num)s hallazgos.", trata))
            if trata
            else str(_("Informativo: sin hallazgos."))
        )
        if sesion is not None:
            estan, hacen_falta = (
                len(comites.asistencia(session, sesion.id)),
                reglas_de_comite.quorum(len(sesion.miembros)),
            )
            dicho += " " + str(
                _(
                    "Asisten %(e)s de %(m)s; el quórum es de %(q)s.",
                    e=estan,
                    m=len(sesion.miembros),
                    q=hacen_falta,
                )
            )
        yield i.id, dicho


# --- delivery (5.2.32) ----------------------------------------------------------------------------
def _de_entregas(session: Session, items: Sequence[WorkItem], _now: dt.datetime) -> Lineas:
    suyas = _con(items, "paquete_id", "act_5_2_32", "act_5_2_32b")
    acuses = {n: interventoria.acuses(session, n) for n in {n for _i, n in suyas}}
    for i, n in suyas:
        if i.element == "act_5_2_32b":
            yield i.id, str(_("Hasta ahora con %(n)s acuses de recibo.", n=len(acuses[n])))
            continue
        quien = str(i.data.get("entrega") or "").partition(":")[2]
        faltan = ", ".join(
            str(MEDIOS[m]).lower() for m in interventoria.MEDIOS if (quien, m) not in acuses[n]
        )
        ya = interventoria.ultimo_envio(session, n, quien)
        otra_vez = (
            ngettext(
                "Se remitió %(num)s vez y no hay acuse.",
                "Se remitió %(num)s veces y no hay acuse.",
                ya,
            )
            if ya
            else ""
        )
        dicho = (
            _("Por remitir otra vez: %(m)s.", m=faltan)
            if ya
            else _("Por remitir: %(m)s.", m=faltan)
        )
        yield i.id, f"{otra_vez} {dicho}".strip()


# --- controls of section 6 ------------------------------------------------------------------------
def _de_controles(_session: Session, items: Sequence[WorkItem], now: dt.datetime) -> Lineas:
    cuenta: Mapping[str, tuple[str, Callable[[int], Any]]] = {
        "us_revisar_claves": ("cuentas_con_motivo", _cuentas),
        "us_revisar_fallas": ("n_vencidos", _vencidos),
    }
    for i in items:
        if i.element in cuenta:
            clave, dicho = cuenta[i.element]
            n = i.data.get(clave)
            yield i.id, str(dicho(n)) if isinstance(n, int) else ""
        elif i.element == "us_sincronizar" and (desde := i.data.get("caida_desde")):
            yield (
                i.id,
                str(
                    _("No respondió desde: %(d)s.", d=formatos.momento(str(desde), dia_local(now)))
                ),
            )


def _cuentas(n: int) -> str:
    return str(ngettext("%(num)s cuenta por decidir.", "%(num)s cuentas por decidir.", n))


def _vencidos(n: int) -> str:
    return str(ngettext("%(num)s caso vencido.", "%(num)s casos vencidos.", n))
