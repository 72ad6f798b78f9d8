"""Evidence of the six controls of section 6 by query: what was done in a period, when last, and
where it failed, row by row."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import RowMapping, Select, and_, case, func, literal, not_, null, or_, select
from sqlalchemy.orm import Session

from records.base.consultas import Pagina
from records.casos.detenidos import esta_detenido
from records.casos.tablas import Caso, Escalonamiento, Incumplimiento
from records.controles.tablas import RevisionAccesos
from records.correo.tablas import Aviso
from records.informes.tablas import CaidaCrm, ReporteFallas, VigilanciaCrm
from records.plazos.reglas.calendario import al_terminar, dia_local, es_habil, instante
from records.sistemas.tablas import ConsultaLegado
from records.visita.tablas import Atencion


@dataclass(frozen=True, slots=True)
class Periodo:
    """From the first day to the last, both included, and the moment at which one looks."""

    desde: dt.date
    hasta: dt.date
    now: dt.datetime

    @property
    def abre(self) -> dt.datetime:
        return instante(self.desde, dt.time(0))

    @property
    def cierra(self) -> dt.datetime:
        return al_terminar(self.hasta)


@dataclass(frozen=True, slots=True)
class Fila:
    """One time that a control was exercised, or should have been. `grave`: a person waited because
    of it."""

    cuando: dt.datetime
    excepcion: bool
    grave: bool
    abierta: bool  #: not yet judged: it still goes on
    quien: str
    case_key: str
    ref: int  #: of the row that proves it
    hechos: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Resumen:
    """`faltan`: days on which it should have been exercised and was not; they are exceptions,
    too."""

    veces: int
    excepciones: int
    graves: int
    abiertas: int
    ultima: dt.datetime | None
    faltan: tuple[dt.date, ...]


# --- the queries ----------------------------------------------------------------------------------
Consulta = Callable[[Periodo], Select[Any]]


def _si(condicion: Any) -> Any:
    return case((condicion, 1), else_=0)


def _accesos(p: Periodo) -> Select[Any]:
    """6-1: each weekly review; one that the next one replaced unfinished is an exception."""
    ultima = select(func.max(RevisionAccesos.id)).scalar_subquery()
    r = RevisionAccesos
    sin_terminar = r.terminada.is_(None)
    return select(
        r.tomada.label("cuando"),
        _si(and_(sin_terminar, r.id < ultima)).label("excepcion"),
        literal(0).label("grave"),
        _si(and_(sin_terminar, r.id == ultima)).label("abierta"),
        r.revisada_por.label("quien"),
        null().label("case_key"),
        r.id.label("ref"),
        r.cuentas,
        r.con_motivo,
        r.revisada,
    ).where(r.tomada >= p.abre, r.tomada < p.cierra)


def _titularidad(p: Periodo) -> Select[Any]:
    """6-2: each attention in which the holder was compared; a question to a legacy system without a
    verified one is an exception."""
    a = Atencion
    preguntas = (
        select(func.count())
        .where(ConsultaLegado.turno_id == a.turno_id)
        .correlate(a)
        .scalar_subquery()
    )
    return select(
        a.inicio.label("cuando"),
        _si(and_(a.titularidad != "verificada", preguntas > 0)).label("excepcion"),
        literal(0).label("grave"),
        literal(0).label("abierta"),
        a.asesor_id.label("quien"),
        a.case_key.label("case_key"),
        a.id.label("ref"),
        a.titularidad,
        a.documento_exhibido,
        a.coincide_crm,
        a.apoderado_id,
        preguntas.label("consultas"),
    ).where(a.inicio >= p.abre, a.inicio < p.cierra, a.titularidad.is_not(None))


def _escala(p: Periodo) -> Select[Any]:
    """6-3: each case that was escalated, and each that had to be by the fifth business day (4.2)
    and was not."""
    c = Caso
    se_vencio = (
        select(Incumplimiento.id)
        .where(Incumplimiento.caso_id == c.id, Incumplimiento.condicion == "4.2")
        .correlate(c)
        .exists()
    )
    cuando = func.coalesce(c.escalado, c.limite_escalar)
    avisado = (
        select(func.min(Aviso.creado))
        .where(Aviso.caso_id == c.id, Aviso.tipo == "asignado")
        .correlate(c)
        .scalar_subquery()
    )
    tarde = or_(
        c.escalado.is_(None), and_(c.limite_escalar.is_not(None), c.escalado > c.limite_escalar)
    )
    return select(
        cuando.label("cuando"),
        _si(tarde).label("excepcion"),
        _si(tarde).label("grave"),
        literal(0).label("abierta"),
        c.asesor_id.label("quien"),
        c.case_key.label("case_key"),
        c.id.label("ref"),
        c.radicado,
        c.recepcion,
        c.escalado,
        c.limite_escalar,
        c.area_id,
        avisado.label("avisado"),
    ).where(cuando >= p.abre, cuando < p.cierra, or_(c.escalado.is_not(None), se_vencio))


def _respuesta(p: Periodo) -> Select[Any]:
    """6-4: each answer of an area, and each that was owed by a day of the period and is not there.
    What waits for the person is not."""
    e, c = Escalonamiento, Caso
    sin_respuesta = and_(e.respondido.is_(None), e.terminado.is_(None))
    debida = and_(sin_respuesta, e.vence < p.now, not_(esta_detenido()))
    cuando = func.coalesce(e.respondido, e.vence)
    legal = and_(
        c.limite_respuesta.is_not(None), c.limite_respuesta < func.coalesce(c.enviado, p.now)
    )
    return (
        select(
            cuando.label("cuando"),
            _si(or_(sin_respuesta, e.respondido > e.vence)).label("excepcion"),
            _si(legal).label("grave"),
            literal(0).label("abierta"),
            e.funcionario_id.label("quien"),
            c.case_key.label("case_key"),
            c.id.label("ref"),
            c.radicado,
            e.area_id,
            e.vence,
            e.respondido,
            c.limite_respuesta,
            c.enviado,
        )
        .join(c, c.id == e.caso_id)
        .where(cuando >= p.abre, cuando < p.cierra, or_(e.respondido.is_not(None), debida))
    )


def _fallas(p: Periodo) -> Select[Any]:
    """6-5: each report of overdue cases; one with cases that nobody reviewed is an exception."""
    r = ReporteFallas
    ultimo = select(func.max(ReporteFallas.id)).scalar_subquery()
    sin_revisar = and_(r.cuantos > 0, r.revisado.is_(None))
    return select(
        r.determinado.label("cuando"),
        _si(and_(sin_revisar, r.id < ultimo)).label("excepcion"),
        literal(0).label("grave"),
        _si(and_(sin_revisar, r.id == ultimo)).label("abierta"),
        r.revisado_por.label("quien"),
        null().label("case_key"),
        r.id.label("ref"),
        r.cuantos,
        r.revisado,
        r.remitido,
    ).where(r.determinado >= p.abre, r.determinado < p.cierra)


def _crm(p: Periodo) -> Select[Any]:
    """6-6: each day on which somebody looked whether the CRM answers; one on which it did not, be
    it since a day before, is an exception. How long it lasted stands with the day on which it
    began."""
    v, c = VigilanciaCrm, CaidaCrm
    # the first look of a day may find that it is back
    desde_antes = and_(c.dia < v.dia, or_(c.hasta.is_(None), c.hasta >= v.primera))

    def de_ese_dia(que: Any, *donde: Any) -> Any:
        return select(que).where(*donde).correlate(v).scalar_subquery()

    caidas = de_ese_dia(func.count(), or_(c.dia == v.dia, desde_antes))
    return select(
        v.ultima.label("cuando"),
        _si(caidas > 0).label("excepcion"),
        literal(0).label("grave"),
        literal(0).label("abierta"),
        null().label("quien"),
        null().label("case_key"),
        v.comprobaciones.label("ref"),
        v.dia,
        v.primera,
        v.comprobaciones,
        caidas.label("caidas"),
        de_ese_dia(func.sum(c.segundos), c.dia == v.dia).label("segundos"),
        de_ese_dia(func.count(), c.dia == v.dia, c.sincronizada.is_(None)).label("por_sincronizar"),
    ).where(v.dia >= p.desde, v.dia <= p.hasta)


CONSULTAS: Final[Mapping[str, Consulta]] = {
    "6-1": _accesos,
    "6-2": _titularidad,
    "6-3": _escala,
    "6-4": _respuesta,
    "6-5": _fallas,
    "6-6": _crm,
}
COMUNES: Final = ("cuando", "excepcion", "grave", "abierta", "quien", "case_key", "ref")


# --- what they say --------------------------------------------------------------------------------
def resumen(session: Session, control: str, p: Periodo) -> Resumen:
    q = CONSULTAS[control](p).subquery()
    columnas = (
        func.count(),
        func.sum(q.c.excepcion),
        func.sum(_si(and_(q.c.grave == 1, q.c.excepcion == 1))),
        func.sum(q.c.abierta),
        func.max(q.c.cuando),
    )
    veces, excepciones, graves, abiertas, ultima = session.execute(select(*columnas)).one()
    faltan = tuple(_faltan(session, control, p))
    return Resumen(
        veces, (excepciones or 0) + len(faltan), graves or 0, abiertas or 0, ultima, faltan
    )


def filas(
    session: Session,
    control: str,
    p: Periodo,
    *,
    solo_excepciones: bool = False,
    numero: int = 1,
    tamano: int = 50,
) -> Pagina[Fila]:
    """The latest first; `tamano` 0: all of them."""
    q = CONSULTAS[control](p).subquery()
    que = (q.c.excepcion == 1,) if solo_excepciones else ()
    total = session.scalar(select(func.count()).select_from(q).where(*que)) or 0
    pedidas = select(q).where(*que).order_by(q.c.cuando.desc(), q.c.ref.desc())
    if tamano:
        pedidas = pedidas.limit(tamano).offset((numero - 1) * tamano)
    return Pagina(
        [_fila(f) for f in session.execute(pedidas).mappings()],
        total,
        numero,
        tamano or max(total, 1),
    )


def _fila(f: RowMapping) -> Fila:
    hechos = {n: v for n, v in f.items() if n not in COMUNES}
    return Fila(
        f["cuando"],
        bool(f["excepcion"]),
        bool(f["grave"]),
        bool(f["abierta"]),
        f["quien"] or "",
        f["case_key"] or "",
        f["ref"],
        hechos,
    )


@dataclass(frozen=True, slots=True)
class Semana:
    veces: int
    excepciones: int
    graves: int
    abiertas: int


def semanas(p: Periodo, cuantas: int) -> list[dt.date]:
    """The Mondays of the last weeks of the period."""
    ultimo = p.hasta - dt.timedelta(days=p.hasta.weekday())
    return [ultimo - dt.timedelta(weeks=n) for n in reversed(range(cuantas))]


def por_semana(
    session: Session, control: str, lunes: Sequence[dt.date], p: Periodo
) -> list[Semana]:
    """Each week in its own figures, in one statement."""
    todas = Periodo(lunes[0], min(lunes[-1] + dt.timedelta(days=6), dia_local(p.now)), p.now)
    q = CONSULTAS[control](todas).subquery()
    sumas = []
    for lun in lunes:
        semana = Periodo(lun, lun + dt.timedelta(days=6), p.now)
        dentro = and_(q.c.cuando >= semana.abre, q.c.cuando < semana.cierra)
        fallo = and_(dentro, q.c.excepcion == 1)
        sumas.append((dentro, fallo, and_(fallo, q.c.grave == 1), and_(dentro, q.c.abierta == 1)))
    hechas = iter(
        session.execute(
            select(*(func.sum(_si(que)) for de_semana in sumas for que in de_semana))
        ).one()
    )
    faltan = [f - dt.timedelta(days=f.weekday()) for f in _faltan(session, control, todas)]
    semanas_ = []
    for lun in lunes:
        veces, fallos, graves, abiertas = (next(hechas) or 0 for _suma in range(4))
        semanas_.append(Semana(veces, fallos + faltan.count(lun), graves, abiertas))
    return semanas_


def _faltan(session: Session, control: str, p: Periodo) -> list[dt.date]:
    """Days of the period, since the control began, without the row that the calendar had to
    leave."""
    if control == "6-5":
        dias = {d for (d,) in session.execute(select(ReporteFallas.dia).distinct())}
        return [d for d in _habiles(min(dias, default=None), p, dt.time(7, 31)) if d not in dias]
    if control == "6-6":
        vistos = set(session.scalars(select(VigilanciaCrm.dia)))
        return [
            d for d in _habiles(min(vistos, default=None), p, dt.time(23, 59)) if d not in vistos
        ]
    if control == "6-1":
        tomadas = {
            dia_local(d).isocalendar()[:2]
            for (d,) in session.execute(select(RevisionAccesos.tomada))
        }
        primera = session.scalar(select(func.min(RevisionAccesos.tomada)))
        semanas: dict[tuple[int, int], dt.date] = {}
        for d in _habiles(dia_local(primera) if primera else None, p, dt.time(7, 1)):
            semanas.setdefault(d.isocalendar()[:2], d)
        return [d for semana, d in semanas.items() if semana not in tomadas]
    return []


def _habiles(primero: dt.date | None, p: Periodo, hora: dt.time) -> list[dt.date]:
    """Business days of the period from the first on, whose hour has come."""
    if primero is None:
        return []
    dias, dia = [], max(p.desde, primero)
    while dia <= p.hasta and instante(dia, hora) <= p.now:
        if es_habil(dia):
            dias.append(dia)
        dia += dt.timedelta(days=1)
    return dias
