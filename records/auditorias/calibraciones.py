"""Calibrations of the F189 (SUPUESTO Q29): opened over an attention of an audit, scored apart,
agreed, and what they say of each auditor.

Nobody sees the marks of another until all have sent theirs or the time is over: a page asks
`Sesion.abierto`, and a case page that would show a submission asks `a_ciegas`.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from common.language import said
from records.auditorias import evaluaciones, muestras
from records.auditorias.evaluaciones import Llenado
from records.auditorias.reglas import calibracion as reglas
from records.auditorias.reglas.f189 import CRITERIOS, Puntaje
from records.auditorias.reglas.muestra import barajar
from records.auditorias.tablas import (
    F189,
    Auditoria,
    AuditoriaMuestra,
    Calibracion,
    CalibracionCriterio,
    CalibracionF189,
)
from records.base.actos import Acto
from records.base.consultas import tomar_fila
from records.base.errores import DatoInvalido, NoExiste
from records.cuentas import cuentas
from records.cuentas.reglas.roles import PROFESIONAL
from records.cuentas.tablas import Cuenta

AL_MENOS: Final = 2  # auditors
# business days that the form proposes, and the hour at which the last of them ends
DIAS, HORA = 3, dt.time(17, 0)


# --- opened ---------------------------------------------------------------------------------------
def candidatas(session: Session, auditoria_id: int) -> list[AuditoriaMuestra]:
    """What may be scored again: of the sample, with its F189, not calibrated yet. By what was seen
    on site nobody else can judge."""
    calibradas = select(Calibracion.muestra_id)
    return list(
        session.scalars(
            select(AuditoriaMuestra)
            .join(F189, F189.muestra_id == AuditoriaMuestra.id)
            .where(
                AuditoriaMuestra.auditoria_id == auditoria_id,
                AuditoriaMuestra.modo == muestras.EXPEDIENTE,
            )
            .where(AuditoriaMuestra.id.not_in(calibradas))
            .order_by(AuditoriaMuestra.id)
        )
    )


def con_candidatas(session: Session, cuantas: int = 8) -> list[Auditoria]:
    """The latest audits out of which one can be chosen, the latest first."""
    ultimas = session.scalars(
        select(Auditoria).order_by(Auditoria.semana.desc(), Auditoria.id).limit(cuantas)
    )
    return [a for a in ultimas.all() if candidatas(session, a.id)]


def auditores(session: Session, now: dt.datetime) -> Sequence[Cuenta]:
    return cuentas.cuentas_con_rol(session, PROFESIONAL, None, now)


@dataclass(frozen=True, slots=True)
class NuevaCalibracion:
    """`codigo` "": it is drawn."""

    auditoria_id: int
    codigo: str
    auditores: Sequence[str]
    limite: dt.datetime


def elegida(session: Session, auditoria_id: int, codigo: str) -> AuditoriaMuestra | None:
    """The candidate that is called so."""
    return next(
        (f for f in candidatas(session, auditoria_id) if codigo_de(f) == codigo.strip().upper()),
        None,
    )


def codigo_de(fila: AuditoriaMuestra) -> str:
    return muestras.codigo(fila.punto_id, fila.atencion_id or 0)


def abrir(session: Session, nueva: NuevaCalibracion, acto: Acto) -> Calibracion:
    """DatoInvalido: fewer than two auditors, one without the role, no such attention, or a time
    that is over."""
    elegidos = list(dict.fromkeys(nueva.auditores))
    puede = {c.usuario for c in auditores(session, acto.now)}
    if len(elegidos) < AL_MENOS or not puede.issuperset(elegidos):
        raise DatoInvalido("Una calibración necesita al menos dos auditores de la Oficina.")
    if nueva.limite <= acto.now:
        raise DatoInvalido("El plazo para calificar ya pasó.")
    por_codigo = {codigo_de(f): f for f in candidatas(session, nueva.auditoria_id)}
    semilla, entre = "", None
    codigo = nueva.codigo.strip().upper()
    if not codigo and por_codigo:
        auditoria = session.get_one(Auditoria, nueva.auditoria_id)
        antes = (
            session.scalar(
                select(func.count())
                .select_from(Calibracion)
                .where(Calibracion.auditoria_id == auditoria.id)
            )
            or 0
        )
        semilla, entre = f"{auditoria.semilla}|calibracion|{antes + 1}", sorted(por_codigo)
        codigo = barajar(entre, semilla)[0]
    if codigo not in por_codigo:
        raise DatoInvalido("Esa atención no está en la muestra con su F189, o ya se calibró.")
    sesion = Calibracion(
        auditoria_id=nueva.auditoria_id,
        muestra_id=por_codigo[codigo].id,
        instancia_id=acto.instancia_id or "",
        abierta=acto.now,
        abierta_por=acto.quien,
        semilla=semilla,
        entre=entre,
        limite=nueva.limite,
        acuerdo="",
    )
    session.add(sesion)
    session.flush()
    session.add_all(_vacia(sesion.id, auditor) for auditor in elegidos)
    session.flush()
    return sesion


def _vacia(calibracion_id: int, auditor: str, *, referencia: bool = False) -> CalibracionF189:
    return CalibracionF189(
        calibracion_id=calibracion_id,
        auditor=auditor,
        referencia=referencia,
        motivo="",
        respuestas={},
        comentarios={},
        fatales=[],
        observaciones="",
    )


def de_muestra(session: Session, muestra_id: int) -> Calibracion | None:
    return session.scalar(select(Calibracion).where(Calibracion.muestra_id == muestra_id))


# --- scored apart ---------------------------------------------------------------------------------
def una(session: Session, calibracion_id: int) -> Calibracion:
    fila = session.get(Calibracion, calibracion_id)
    if fila is None:
        raise NoExiste("No existe la calibración %(n)s.", n=calibracion_id)
    return fila


def filas(session: Session, calibracion_id: int) -> Sequence[CalibracionF189]:
    return session.scalars(
        select(CalibracionF189)
        .where(CalibracionF189.calibracion_id == calibracion_id)
        .order_by(CalibracionF189.id)
    ).all()


def no_califica(session: Session, calibracion_id: int, auditor: str, quien: str) -> str:
    """Why this person cannot answer the task of that auditor; "" when they can. Who was handed the
    task takes their place."""
    suyas = {f.auditor: f for f in filas(session, calibracion_id)}
    if auditor not in suyas or suyas[auditor].hecho is not None:
        return said("Esa calificación ya se envió.")
    if quien != auditor and quien in suyas:
        return said("Usted ya tiene su calificación en esta calibración: esta es de otra persona.")
    return ""


def calificar(
    session: Session, calibracion_id: int, auditor: str, llenado: Llenado, acto: Acto
) -> CalibracionF189:
    """DatoInvalido: it is sent, it is another's, the time is over, or the attention is the
    auditor's own."""
    fila = _por_enviar(session, calibracion_id, auditor, acto)
    fila.respuestas = dict(llenado.respuestas)
    fila.comentarios = {
        criterio: texto.strip() for criterio, texto in llenado.comentarios.items() if texto.strip()
    }
    fila.fatales, fila.observaciones = list(llenado.fatales), llenado.observaciones.strip()
    session.flush()
    return fila


def abstenerse(
    session: Session, calibracion_id: int, auditor: str, motivo: str, acto: Acto
) -> CalibracionF189:
    """It cannot be scored by them: why."""
    fila = _por_enviar(session, calibracion_id, auditor, acto)
    fila.motivo = motivo.strip()
    session.flush()
    return fila


def _por_enviar(session: Session, calibracion_id: int, auditor: str, acto: Acto) -> CalibracionF189:
    sesion = tomar_fila(session, Calibracion, calibracion_id)
    if falta := no_califica(session, calibracion_id, auditor, acto.quien):
        raise DatoInvalido(falta)
    if acto.now >= sesion.limite:
        raise DatoInvalido("Se acabó el plazo de esta calibración.")
    sabe = evaluaciones.hechos(session, muestras.una(session, sesion.muestra_id))
    if sabe is not None and sabe.asesor_id == acto.quien:
        raise DatoInvalido("Esta atención es suya: la evalúa otra persona.")
    fila = next(f for f in filas(session, calibracion_id) if f.auditor == auditor)
    fila.auditor, fila.hecho = acto.quien, acto.now
    return fila


def puntuar(
    session: Session,
    evaluacion_id: int,
    puntaje: Puntaje,
    criterios: Sequence[tuple[str, float, float, bool]],
) -> None:
    fila = session.get_one(CalibracionF189, evaluacion_id)
    session.add_all(
        CalibracionCriterio(evaluacion_id=fila.id, criterio=c, puntos=p, maximo=m, critico=k)
        for c, p, m, k in criterios
    )
    fila.puntaje = None if puntaje.puntaje is None else float(puntaje.puntaje)
    fila.puntaje_critico = None if puntaje.critico is None else float(puntaje.critico)
    session.flush()


def en_banda(session: Session, evaluacion_id: int, banda: str) -> None:
    session.get_one(CalibracionF189, evaluacion_id).banda = banda
    session.flush()


# --- agreed ---------------------------------------------------------------------------------------
def acordar(
    session: Session,
    calibracion_id: int,
    respuestas: Mapping[str, Any],
    fatales: Sequence[str],
    acuerdo: str,
    acto: Acto,
) -> CalibracionF189:
    """How it is scored from now on, and why. DatoInvalido: closed already, or nobody may look
    yet."""
    sesion = tomar_fila(session, Calibracion, calibracion_id)
    if sesion.cerrada is not None:
        raise DatoInvalido("La calibración ya se cerró.")
    if not _abierto(sesion, filas(session, calibracion_id), acto.now):
        raise DatoInvalido("Falta quien califique, y todavía hay plazo.")
    sesion.cerrada, sesion.cerrada_por, sesion.acuerdo = acto.now, acto.quien, acuerdo.strip()
    fila = _vacia(calibracion_id, acto.quien, referencia=True)
    fila.hecho, fila.respuestas, fila.fatales = acto.now, dict(respuestas), list(fatales)
    session.add(fila)
    session.flush()
    return fila


def _abierto(sesion: Calibracion, suyas: Sequence[CalibracionF189], now: dt.datetime) -> bool:
    return (
        sesion.cerrada is not None
        or now >= sesion.limite
        or all(f.hecho is not None for f in suyas)
    )


def a_ciegas(session: Session, instancia_id: str, now: dt.datetime) -> bool:
    """Whether this process holds marks that nobody may see yet."""
    sesion = session.scalar(select(Calibracion).where(Calibracion.instancia_id == instancia_id))
    return sesion is not None and not _abierto(sesion, filas(session, sesion.id), now)


def califica_a_ciegas(
    session: Session, muestra_ids: Collection[int], quien: str, now: dt.datetime
) -> set[int]:
    """Of these attentions, those that this person scores in a calibration that is not open: its
    first F189 is kept from them."""
    consulta = (
        select(Calibracion)
        .join(CalibracionF189, CalibracionF189.calibracion_id == Calibracion.id)
        .where(
            Calibracion.muestra_id.in_(muestra_ids),
            Calibracion.cerrada.is_(None),
            CalibracionF189.auditor == quien,
        )
    )
    return {
        s.muestra_id
        for s in session.scalars(consulta)
        if not _abierto(s, filas(session, s.id), now)
    }


# --- what it says ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Sesion:
    """A calibration as it stands. What is compared is empty until it may be seen."""

    calibracion: Calibracion
    auditoria: Auditoria
    muestra: AuditoriaMuestra
    original: F189 | None
    de_auditores: Sequence[CalibracionF189]
    acuerdo: CalibracionF189 | None
    comparados: Sequence[reglas.Comparado]
    abierto: bool

    @property
    def codigo(self) -> str:
        return codigo_de(self.muestra)

    @property
    def enviadas(self) -> list[CalibracionF189]:
        return [f for f in self.de_auditores if f.hecho is not None]

    @property
    def calificaron(self) -> list[CalibracionF189]:
        """Those that are compared."""
        return [f for f in self.enviadas if not f.motivo]

    @property
    def entre_auditores(self) -> reglas.Parte:
        return reglas.entre_auditores(self.comparados)

    def con_el_acuerdo(self, auditor: str) -> reglas.Parte:
        return reglas.con_el_acuerdo(self.comparados, auditor)

    def desviacion(self, fila: CalibracionF189) -> float | None:
        """Of the score, in points of a hundred."""
        if self.acuerdo is None or self.acuerdo.puntaje is None or fila.puntaje is None:
            return None
        return round(fila.puntaje - self.acuerdo.puntaje, 2)

    @property
    def distancia(self) -> float | None:
        """Between the highest and the lowest score."""
        puntajes = [f.puntaje for f in self.calificaron if f.puntaje is not None]
        return round(max(puntajes) - min(puntajes), 2) if len(puntajes) > 1 else None

    @property
    def bandas(self) -> set[str]:
        return {f.banda for f in self.calificaron if f.banda is not None}

    @property
    def es_el_original(self) -> bool:
        """Whether what was agreed is what the auditor of the audit had judged."""
        if self.acuerdo is None or self.original is None:
            return False
        antes, ahora = self.original.respuestas, self.acuerdo.respuestas
        juzgadas = [c.campo for c in CRITERIOS.values() if reglas.se_juzga(c.numero)]
        return self.acuerdo.fatales == self.original.fatales and all(
            antes.get(c) == ahora.get(c) for c in juzgadas
        )


def sesion(session: Session, calibracion_id: int, now: dt.datetime) -> Sesion:
    return _sesiones(session, [una(session, calibracion_id)], now)[0]


def todas(session: Session, now: dt.datetime) -> list[Sesion]:
    """The latest first."""
    return _sesiones(
        session, session.scalars(select(Calibracion).order_by(Calibracion.id.desc())).all(), now
    )


def _sesiones(
    session: Session, calibraciones: Sequence[Calibracion], now: dt.datetime
) -> list[Sesion]:
    """Five statements, however many there are."""
    ids = [c.id for c in calibraciones]
    de_muestra = [c.muestra_id for c in calibraciones]
    suyas: dict[int, list[CalibracionF189]] = {}
    for f in session.scalars(
        select(CalibracionF189)
        .where(CalibracionF189.calibracion_id.in_(ids))
        .order_by(CalibracionF189.id)
    ):
        suyas.setdefault(f.calibracion_id, []).append(f)
    marcas: dict[int, dict[str, tuple[float, float]]] = {}
    for m in session.scalars(
        select(CalibracionCriterio)
        .join(CalibracionF189)
        .where(CalibracionF189.calibracion_id.in_(ids))
        .order_by(CalibracionCriterio.id)
    ):
        marcas.setdefault(m.evaluacion_id, {})[m.criterio] = (m.puntos, m.maximo)
    muestra_de = {
        x.id: x
        for x in session.scalars(
            select(AuditoriaMuestra).where(AuditoriaMuestra.id.in_(de_muestra))
        )
    }
    originales = {
        f.muestra_id: f
        for f in session.scalars(select(F189).where(F189.muestra_id.in_(de_muestra)))
    }
    auditoria_de = {
        a.id: a
        for a in session.scalars(
            select(Auditoria).where(Auditoria.id.in_({c.auditoria_id for c in calibraciones}))
        )
    }
    hechas = []
    for c in calibraciones:
        de_auditores = [f for f in suyas.get(c.id, []) if not f.referencia]
        acuerdo = next((f for f in suyas.get(c.id, []) if f.referencia), None)
        abierto = _abierto(c, de_auditores, now)
        por_auditor = {
            f.auditor: marcas.get(f.id, {})
            for f in de_auditores
            if f.hecho is not None and not f.motivo
        }
        comparados = (
            reglas.comparar(
                por_auditor, marcas.get(acuerdo.id, {}) if acuerdo is not None else None
            )
            if abierto
            else []
        )
        hechas.append(
            Sesion(
                c, auditoria_de[c.auditoria_id], muestra_de[c.muestra_id], originales.get(c.muestra_id), de_auditores, acuerdo, comparados,
                abierto,
            )
        )  # fmt: skip
    return hechas


def por_auditor(sesiones: Sequence[Sesion]) -> dict[str, reglas.Tendencia]:
    """Auditor → what the closed sessions say of them."""
    suyas: dict[str, list[float]] = {}
    for s in sesiones:
        for f in s.calificaron if s.calibracion.cerrada is not None else []:
            if (desviacion := s.desviacion(f)) is not None:
                suyas.setdefault(f.auditor, []).append(desviacion)
    return {auditor: reglas.tendencia(d) for auditor, d in sorted(suyas.items())}
