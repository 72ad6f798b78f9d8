"""Control 6-5: which escalated cases are not solved within their terms, and the report of them to
the leaders of the areas."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.errores import NoExiste
from records.casos.detenidos import esta_detenido
from records.casos.reglas import estados
from records.casos.tablas import Caso, Escalonamiento, Tipificacion
from records.informes.tablas import ReporteFallas, ReporteFallasCaso
from records.lugares.tablas import Area
from records.plazos.reglas.calendario import dia_local, habiles_entre

LEGAL, INTERNO = "legal", "interno"
#: While the area has it its internal term counts; until the person has the answer, the legal one.
EN_EL_AREA: Final = (estados.ESCALADO, estados.EN_ANALISIS)
SIN_RESOLVER: Final = (*EN_EL_AREA, estados.REQUERIDO, estados.RESPONDIDO_AREA)


def determinar(session: Session, acto: Acto) -> ReporteFallas:
    """The escalated cases that are past a term now, kept as they stand; none is kept as well. Those
    whose clock stands still are not."""
    ultimo = (
        select(Escalonamiento.caso_id, func.max(Escalonamiento.n).label("n"))
        .group_by(Escalonamiento.caso_id)
        .subquery()
    )
    vencidos = (
        select(Caso, Escalonamiento.area_id, Escalonamiento.funcionario_id)
        .join(ultimo, ultimo.c.caso_id == Caso.id)
        .join(
            Escalonamiento, (Escalonamiento.caso_id == Caso.id) & (Escalonamiento.n == ultimo.c.n)
        )
        .where(Caso.estado.in_(SIN_RESOLVER), ~esta_detenido())
        .where(
            or_(
                Caso.limite_respuesta < acto.now,
                Caso.estado.in_(EN_EL_AREA) & (Caso.limite_interno < acto.now),
            )
        )
        .order_by(Caso.id)
    )
    hallados = session.execute(vencidos).all()
    reporte = ReporteFallas(
        dia=dia_local(acto.now),
        instancia_id=acto.instancia_id or "",
        determinado=acto.now,
        cuantos=len(hallados),
        nota="",
    )
    session.add(reporte)
    session.flush()
    for caso, area_id, funcionario in hallados:
        # the adviser delivers the answer
        tiene = caso.asesor_id if caso.estado == estados.RESPONDIDO_AREA else funcionario
        termino, vencia = _lo_vencido(caso, acto.now)
        session.add(
            ReporteFallasCaso(
                reporte_id=reporte.id,
                caso_id=caso.id,
                area_id=area_id,
                tiene=tiene,
                estado=caso.estado,
                termino=termino,
                vencia=vencia,
            )
        )
    session.flush()
    return reporte


def _lo_vencido(caso: Caso, now: dt.datetime) -> tuple[str, dt.datetime]:
    """The legal term is the graver one."""
    if caso.limite_respuesta is not None and caso.limite_respuesta < now:
        return LEGAL, caso.limite_respuesta
    return INTERNO, caso.limite_interno or now


def revisar(session: Session, reporte_id: int, nota: str, acto: Acto) -> None:
    reporte = _reporte(session, reporte_id)
    reporte.revisado, reporte.revisado_por, reporte.nota = acto.now, acto.quien, nota.strip()
    session.flush()


def remitir(session: Session, reporte_id: int, now: dt.datetime) -> ReporteFallas:
    """It has left for the leaders."""
    reporte = _reporte(session, reporte_id)
    reporte.remitido = now
    session.flush()
    return reporte


def _reporte(session: Session, reporte_id: int) -> ReporteFallas:
    reporte = session.get(ReporteFallas, reporte_id)
    if reporte is None:
        raise NoExiste("No existe el reporte de fallas %(n)s.", n=reporte_id)
    return reporte


@dataclass(frozen=True, slots=True)
class Falla:
    """A case of a report. `ahora`: its state today, which may have gone on."""

    caso_id: int
    case_key: str
    radicado: str
    tema: str
    area_id: str
    tiene: str
    estado: str
    ahora: str
    termino: str
    vencia: dt.datetime
    dias: int  #: business days past its term when it was determined


def de_reporte(session: Session, reporte: ReporteFallas) -> list[Falla]:
    """By area; the legal terms first, the longest overdue first."""
    consulta = (
        select(ReporteFallasCaso, Caso, Tipificacion.subtema, Area.nombre)
        .join(Caso, Caso.id == ReporteFallasCaso.caso_id)
        .join(Tipificacion, Tipificacion.codigo == Caso.tema)
        .join(Area, Area.codigo == ReporteFallasCaso.area_id)
        .where(ReporteFallasCaso.reporte_id == reporte.id)
    )
    hoy = dia_local(reporte.determinado)
    hechas = [
        (
            area,
            Falla(
                caso_id=caso.id,
                case_key=caso.case_key or "",
                radicado=caso.radicado or "",
                tema=tema,
                area_id=fila.area_id,
                tiene=fila.tiene or "",
                estado=fila.estado,
                ahora=caso.estado,
                termino=fila.termino,
                vencia=fila.vencia,
                dias=habiles_entre(dia_local(fila.vencia), hoy),
            ),
        )
        for fila, caso, tema, area in session.execute(consulta)
    ]
    return [
        f
        for _area, f in sorted(
            hechas,
            key=lambda par: (
                par[0],
                par[1].area_id,
                par[1].termino != LEGAL,
                par[1].vencia,
                par[1].caso_id,
            ),
        )
    ]


def reporte(session: Session, reporte_id: int) -> ReporteFallas | None:
    return session.get(ReporteFallas, reporte_id)


def ultimos(session: Session, cuantos: int) -> Sequence[ReporteFallas]:
    """The latest first."""
    return session.scalars(
        select(ReporteFallas).order_by(ReporteFallas.id.desc()).limit(cuantos)
    ).all()
