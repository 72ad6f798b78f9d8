"""What the records know of the duties of a month (records/plazos/reglas/obligaciones.py), a statement or
two of each kind."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from sqlalchemy import distinct, func, or_, select
from sqlalchemy.orm import Session

from records.auditorias import muestras
from records.auditorias.tablas import Auditoria, AuditoriaInforme, AuditoriaRevision
from records.comites.comites import Tratado
from records.comites.tablas import Accion, Comite, ComiteHallazgo, ComiteSesion
from records.controles.tablas import RevisionAccesos
from records.informes import meses, reportes
from records.informes.reportes import Situacion
from records.informes.tablas import MesCerrado, ReporteFallas
from records.interventoria import interventoria
from records.interventoria.tablas import AcuseInterventor, EntregaInterventor, PaqueteInterventoria
from records.plazos.reglas.calendario import dia_local, fin_del_dia
from records.plazos.reglas.obligaciones import (
    Clase,
    Compromiso,
    Convocada,
    Entrega,
    Hechos,
    Reunido,
    ventana,
)

#: what is late is owed however long ago it was due
ANTES: Final = dt.datetime.min.replace(tzinfo=dt.UTC)


def hechos(
    session: Session,
    clases: Collection[Clase],
    mes: dt.date,
    now: dt.datetime,
    *,
    versiones: Sequence[MesCerrado],
    situaciones: Sequence[Situacion],
    hallazgos: Sequence[Tratado],
    interventor: str | None = None,
) -> Hechos:
    """Of these kinds only. `versiones`: all closings; `situaciones`: the reports of the month
    before; `hallazgos`: all of them.

    `interventor`: of the deliveries only what goes to this supervisor.
    """
    desde, hasta = ventana(mes)
    antes = f"{meses.anterior(mes):%Y-%m}"
    aprobados = sum(s.estado == reportes.APROBADO for s in situaciones)
    return Hechos(
        cerrados=frozenset(f"{v.mes:%Y-%m}" for v in versiones),
        por_cerrar=frozenset(f"{m:%Y-%m}" for m in meses.sin_cerrar(session, dia_local(now)))
        if Clase.CIERRE in clases
        else frozenset(),
        reportes={antes: (aprobados, len(situaciones))} if situaciones else {},
        auditorias=_auditorias(session, desde, hasta) if Clase.MUESTRA in clases else {},
        comites=_comites(session, desde, hasta) if Clase.COMITE in clases else {},
        sesiones=_sesiones(session, desde, hasta) if Clase.COMITE in clases else (),
        compromisos=[
            Compromiso(t.codigo, t.accion.fecha, t.cierre is not None)
            for t in hallazgos
            if t.accion is not None
            and t.vale
            and (desde if t.cierre is not None else ANTES) <= fin_del_dia(t.accion.fecha) < hasta
        ],
        entregas=_entregas(session, desde, now, interventor) if Clase.REMITIR in clases else (),
        accesos=_accesos(session, desde, hasta) if Clase.ACCESOS in clases else {},
        fallas=_fallas(session, desde, hasta) if Clase.FALLAS in clases else {},
    )


def _auditorias(
    session: Session, desde: dt.datetime, hasta: dt.datetime
) -> Mapping[str, tuple[dt.datetime, bool]]:
    """With its report when the latest version of it was not sent back; a week without attentions
    has nothing to report."""
    consulta = (
        select(
            Auditoria.semana,
            Auditoria.cierre,
            Auditoria.n_poblacion,
            AuditoriaInforme.id,
            AuditoriaRevision.remite,
        )
        .outerjoin(AuditoriaInforme, AuditoriaInforme.auditoria_id == Auditoria.id)
        .outerjoin(AuditoriaRevision, AuditoriaRevision.informe_id == AuditoriaInforme.id)
        .where(Auditoria.cierre >= desde, Auditoria.cierre < hasta)
        .order_by(Auditoria.id, AuditoriaInforme.version)
    )
    return {
        f.semana: (f.cierre, not f.n_poblacion or (f.id is not None and f.remite is not False))
        for f in session.execute(consulta)
    }


def _comites(session: Session, desde: dt.datetime, hasta: dt.datetime) -> Mapping[str, Reunido]:
    respondida = (Accion.comite_id == ComiteHallazgo.comite_id) & (
        Accion.inconsistencia_id == ComiteHallazgo.inconsistencia_id
    )
    consulta = (
        select(
            Comite.mes,
            Comite.reunido,
            func.count(distinct(ComiteHallazgo.id)).label("hallazgos"),
            func.count(distinct(Accion.id)).label("respondidos"),
            func.count(distinct(ComiteSesion.id)).label("sesiones"),
        )
        .outerjoin(ComiteHallazgo, ComiteHallazgo.comite_id == Comite.id)
        .outerjoin(Accion, respondida)
        .outerjoin(ComiteSesion, ComiteSesion.comite_id == Comite.id)
        .where(Comite.reunido >= desde, Comite.reunido < hasta)
        .group_by(Comite.mes, Comite.reunido)
    )
    return {
        f.mes: Reunido(f.reunido, f.hallazgos, f.respondidos, f.sesiones > 0)
        for f in session.execute(consulta)
    }


def _sesiones(session: Session, desde: dt.datetime, hasta: dt.datetime) -> list[Convocada]:
    consulta = (
        select(Comite.mes, ComiteSesion.convocada, ComiteSesion.para, ComiteSesion.cerrada)
        .join(Comite, Comite.id == ComiteSesion.comite_id)
        .where(
            ComiteSesion.para < hasta,
            or_(ComiteSesion.para >= desde, ComiteSesion.cerrada.is_(None)),
        )
        .order_by(ComiteSesion.id)
    )
    return [
        Convocada(f.mes, f.convocada, f.para, f.cerrada is not None)
        for f in session.execute(consulta)
    ]


def _entregas(
    session: Session, desde: dt.datetime, now: dt.datetime, interventor: str | None
) -> list[Entrega]:
    """Those that were prepared since then, and those of before that still lack a receipt."""
    deben = len(interventoria.interventores(session, now)) if interventor is None else 1
    enviada = EntregaInterventor.paquete_id == PaqueteInterventoria.id
    if interventor is not None:
        enviada &= EntregaInterventor.interventor == interventor
    suya = AcuseInterventor.paquete_id == EntregaInterventor.paquete_id
    suya &= (AcuseInterventor.interventor == EntregaInterventor.interventor) & (
        AcuseInterventor.medio == EntregaInterventor.medio
    )
    medio = EntregaInterventor.interventor + ":" + EntregaInterventor.medio
    consulta = (
        select(
            PaqueteInterventoria.mes,
            PaqueteInterventoria.preparado,
            func.count(distinct(EntregaInterventor.interventor)).label("a"),
            func.count(distinct(medio)).label("remitidos"),
            func.count(distinct(AcuseInterventor.id)).label("acusados"),
            func.max(EntregaInterventor.remitido).label("remitido"),
        )
        .outerjoin(EntregaInterventor, enviada)
        .outerjoin(AcuseInterventor, suya)
        .group_by(PaqueteInterventoria.id, PaqueteInterventoria.mes, PaqueteInterventoria.preparado)
        .order_by(PaqueteInterventoria.id)
    )
    hechas = []
    for f in session.execute(consulta):
        de = max(deben, f.a) * len(interventoria.MEDIOS)
        if f.preparado >= desde or f.acusados < f.a * len(interventoria.MEDIOS):
            hechas.append(
                Entrega(f"{f.mes:%Y-%m}", f.preparado, de, f.remitidos, f.acusados, f.remitido)
            )
    return hechas


def _accesos(session: Session, desde: dt.datetime, hasta: dt.datetime) -> Mapping[str, bool]:
    consulta = select(RevisionAccesos.tomada, RevisionAccesos.terminada).where(
        RevisionAccesos.tomada >= desde, RevisionAccesos.tomada < hasta
    )
    return {
        muestras.semana_de(dia_local(f.tomada)): f.terminada is not None
        for f in session.execute(consulta.order_by(RevisionAccesos.id))
    }


def _fallas(session: Session, desde: dt.datetime, hasta: dt.datetime) -> Mapping[dt.date, bool]:
    en = ReporteFallas.dia >= dia_local(desde), ReporteFallas.dia < dia_local(hasta)
    consulta = (
        select(ReporteFallas.dia, ReporteFallas.remitido, ReporteFallas.cuantos)
        .where(*en)
        .order_by(ReporteFallas.id)
    )
    return {f.dia: f.remitido is not None or not f.cuantos for f in session.execute(consulta)}
