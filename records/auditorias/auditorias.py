"""Weekly audits: how far each is, what its F189 say, its report, the review and the copy to the
outsourcing (5.2.27–5.2.29).

What was observed at a point and what was judged by its record are kept apart: the estimate is of
the sample alone, which stands for the week; a visit is told as what it is.
"""

import datetime as dt
import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from common.language import said
from records.auditorias import evaluaciones, muestras
from records.auditorias.reglas import muestra as reglas
from records.auditorias.tablas import (
    F189,
    Auditoria,
    AuditoriaAcuse,
    AuditoriaInforme,
    AuditoriaMuestra,
    AuditoriaRevision,
    F189Acuse,
    F189Criterio,
    Inconsistencia,
)
from records.base.actos import Acto
from records.base.comprobaciones import Verificados, cada_una
from records.base.errores import DatoInvalido, NoExiste
from records.base.reglas.huellas import canonico, sha256

META = 85  # I14, SUPUESTO


def ultimas(session: Session, cuantas: int | None = None) -> Sequence[Auditoria]:
    """The latest first."""
    return session.scalars(
        select(Auditoria).order_by(Auditoria.semana.desc(), Auditoria.canal).limit(cuantas)
    ).all()


def de_semana(session: Session, semana: str, canal: str = "presencial") -> Auditoria | None:
    return session.scalar(
        select(Auditoria).where(Auditoria.semana == semana, Auditoria.canal == canal)
    )


def una(session: Session, auditoria_id: int) -> Auditoria:
    auditoria = session.get(Auditoria, auditoria_id)
    if auditoria is None:
        raise NoExiste("No existe la auditoría %(n)s.", n=auditoria_id)
    return auditoria


# --- where it stands ------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Evaluada:
    """A row of the sample or a visit, with its F189 once it has one. `reemplaza`: the row that it
    stands in for."""

    fila: AuditoriaMuestra
    f189: F189 | None
    reemplaza: AuditoriaMuestra | None


@dataclass(frozen=True, slots=True)
class Estrato:
    """Point · result: how many there were, were drawn, are done, and their mean. `media` None: none
    is scored."""

    nombre: str
    poblacion: int
    muestra: int
    hechos: int
    media: float | None


@dataclass(frozen=True, slots=True)
class Resumen:
    """What an audit says so far. `estimacion` is over the sample by record."""

    filas: Sequence[Evaluada]
    estratos: Sequence[Estrato]
    estimacion: reglas.Estimacion
    confianza: float
    #: field → (points, maximum, how many), of all F189
    por_criterio: Mapping[str, tuple[float, float, int]]
    bandas: Mapping[str, int]
    inconsistencias: Sequence[Inconsistencia]
    por_auditor: Mapping[str, int]

    def _de(self, modo: str) -> list[Evaluada]:
        return [e for e in self.filas if e.fila.modo == modo and e.fila.retirada is None]

    @property
    def muestra(self) -> list[Evaluada]:
        return self._de(muestras.EXPEDIENTE)

    @property
    def visitas(self) -> list[Evaluada]:
        """What is observed, or still may be: not what was declared impossible."""
        return self._de(muestras.SITIO)

    @property
    def planeadas(self) -> list[muestras.Observacion]:
        """What was to be observed at the points, whatever became of it."""
        hechas = {e.fila.id for e in self.filas if e.f189 is not None}
        return muestras.planeadas([e.fila for e in self.filas], hechas)

    @property
    def hechos(self) -> int:
        return sum(e.f189 is not None for e in self.muestra)

    @property
    def completa(self) -> bool:
        return all(e.f189 is not None for e in (*self.muestra, *self.visitas))

    @property
    def observados(self) -> int:
        return sum(o.hecha for o in self.planeadas)

    @property
    def fatales(self) -> int:
        return sum(bool(e.f189.fatales) for e in self.filas if e.f189 is not None)

    @property
    def retiradas(self) -> list[AuditoriaMuestra]:
        return [e.fila for e in self.filas if e.fila.retirada is not None]

    @property
    def reemplazos(self) -> list[tuple[AuditoriaMuestra, AuditoriaMuestra | None]]:
        """What could not be evaluated, and what stands in for it; None: the reserve was at its end,
        or nobody came."""
        por = {e.reemplaza.id: e.fila for e in self.filas if e.reemplaza is not None}
        return [(f, por.get(f.id)) for f in self.retiradas]

    def de_la_reserva(self, fila: AuditoriaMuestra) -> int:
        """Its place in the reserve of its stratum, from 1."""
        return fila.orden - sum(
            e.reemplaza is None and e.fila.modo == fila.modo and e.fila.estrato == fila.estrato
            for e in self.filas
        )

    @property
    def frente_a_la_meta(self) -> str:
        """supera | no_alcanza | no_concluye; "" without an interval."""
        e = self.estimacion
        if e.desde is None or e.hasta is None:
            return ""
        return "supera" if e.desde >= META else "no_alcanza" if e.hasta < META else "no_concluye"


def resumen(session: Session, auditoria: Auditoria) -> Resumen:
    """Four statements, however many there are."""
    suyas = select(AuditoriaMuestra.id).where(AuditoriaMuestra.auditoria_id == auditoria.id)
    filas = session.scalars(
        select(AuditoriaMuestra)
        .where(AuditoriaMuestra.auditoria_id == auditoria.id)
        .order_by(AuditoriaMuestra.id)
    ).all()
    hechos = {
        f.muestra_id: f for f in session.scalars(select(F189).where(F189.muestra_id.in_(suyas)))
    }
    ids = select(F189.id).where(F189.muestra_id.in_(suyas))
    de_f189: dict[int, list[F189Criterio]] = {}
    for c in session.scalars(select(F189Criterio).where(F189Criterio.f189_id.in_(ids))):
        de_f189.setdefault(c.f189_id, []).append(c)
    halladas = session.scalars(
        select(Inconsistencia)
        .where(Inconsistencia.auditoria_id == auditoria.id)
        .order_by(Inconsistencia.id)
    ).all()
    por_id = {f.id: f for f in filas}
    evaluadas = [Evaluada(f, hechos.get(f.id), por_id.get(f.reemplaza_id or 0)) for f in filas]
    poblacion = {estrato: len(codigos) for estrato, codigos in muestras.guardada(auditoria).items()}
    puntajes: dict[str, list[float]] = {}
    for e in evaluadas:
        if e.fila.modo == muestras.EXPEDIENTE and e.f189 is not None and e.f189.puntaje is not None:
            puntajes.setdefault(e.fila.estrato, []).append(e.f189.puntaje)
    confianza = round(2 * NormalDist().cdf(muestras.parametros_de(auditoria).confianza_z) - 1, 2)
    sumas: dict[str, tuple[float, float, int]] = {}
    for suyos in de_f189.values():
        for campo, (puntos, maximo) in evaluaciones.por_campo(suyos).items():
            antes = sumas.get(campo, (0.0, 0.0, 0))
            sumas[campo] = (antes[0] + puntos, antes[1] + maximo, antes[2] + 1)
    return Resumen(
        filas=evaluadas,
        estratos=[
            _estrato(nombre, n, evaluadas, puntajes.get(nombre, []))
            for nombre, n in sorted(poblacion.items())
        ],
        estimacion=reglas.estimar(puntajes, poblacion, confianza),
        confianza=confianza,
        por_criterio=dict(sorted(sumas.items(), key=lambda par: int(par[0]))),
        bandas=Counter(f.banda for f in hechos.values() if f.banda is not None),
        inconsistencias=halladas,
        por_auditor=Counter(f.auditor for f in hechos.values()),
    )


def _estrato(
    nombre: str, poblacion: int, evaluadas: Sequence[Evaluada], puntajes: Sequence[float]
) -> Estrato:
    suyas = [e for e in evaluadas if e.fila.estrato == nombre and e.fila.retirada is None]
    media = sum(puntajes) / len(puntajes) if puntajes else None
    return Estrato(nombre, poblacion, len(suyas), sum(e.f189 is not None for e in suyas), media)


# --- the report -----------------------------------------------------------------------------------
def informar(
    session: Session, auditoria_id: int, conclusiones: str, acto: Acto
) -> AuditoriaInforme:
    """The next version of its report (5.2.28): what the F189 say is frozen in it. DatoInvalido: an
    F189 is missing, or it has left."""
    auditoria = una(session, auditoria_id)
    r = resumen(session, auditoria)
    if not r.completa:
        faltan = sum(e.f189 is None for e in (*r.muestra, *r.visitas))
        raise DatoInvalido("Faltan %(n)s F189: el informe se elabora cuando todos están.", n=faltan)
    if remitida(session, auditoria_id) is not None:
        raise DatoInvalido("El informe ya se remitió.")
    antes = ultimo_informe(session, auditoria_id)
    contenido = {
        "poblacion": auditoria.n_poblacion,
        "huella_poblacion": auditoria.huella_poblacion,
        "semilla": auditoria.semilla,
        "muestra": len(r.muestra),
        "planeadas": len(r.planeadas),
        "visitas": r.observados,
        "sin_observar": [[o.planeada.id, o.motivo] for o in r.planeadas if not o.hecha],
        "no_evaluadas": [[f.id, f.motivo] for f in r.retiradas],
        "media": r.estimacion.media,
        "desde": r.estimacion.desde,
        "hasta": r.estimacion.hasta,
        "confianza": r.confianza,
        "por_criterio": {campo: list(suma) for campo, suma in r.por_criterio.items()},
        "bandas": dict(r.bandas),
        "f189": [
            [e.f189.id, e.fila.modo, e.f189.puntaje, e.f189.banda]
            for e in r.filas
            if e.f189 is not None
        ],
        "inconsistencias": [
            [i.id, i.criterio, i.gravedad, i.asesor_id, i.punto_id, i.reiterada_de, i.agregada_por]
            for i in r.inconsistencias
        ],
    }
    informe = AuditoriaInforme(
        auditoria_id=auditoria_id,
        version=antes.version + 1 if antes is not None else 1,
        autor=acto.quien,
        hecho=acto.now,
        conclusiones=conclusiones.strip(),
        contenido=zlib.compress(canonico(contenido), 6),
        huella="",
    )
    informe.huella = _huella(auditoria, informe)
    session.add(informe)
    session.flush()
    return informe


def se_agrega(session: Session, auditoria_id: int) -> bool:
    """Whether findings can be added: its report is being made, or came back."""
    informe = ultimo_informe(session, auditoria_id)
    if informe is None:
        return True
    vista = revision(session, informe.id)
    return vista is not None and not vista.remite


def agregar(session: Session, f189_id: int, criterio: str, por_que: str, acto: Acto) -> None:
    """A finding beyond what the points say (5.2.28). DatoInvalido: the report has been handed over,
    the F189 is not scored, or has a finding of this criterion."""
    hecho = session.get(F189, f189_id)
    if hecho is None:
        raise NoExiste("No existe el F189 %(n)s.", n=f189_id)
    if not se_agrega(session, session.get_one(AuditoriaMuestra, hecho.muestra_id).auditoria_id):
        raise DatoInvalido("El informe se entregó: se agrega si el Jefe de la Oficina lo devuelve.")
    evaluaciones.agregar(session, hecho, criterio, por_que, acto)


def ultimo_informe(session: Session, auditoria_id: int) -> AuditoriaInforme | None:
    consulta = select(AuditoriaInforme).where(AuditoriaInforme.auditoria_id == auditoria_id)
    return session.scalar(consulta.order_by(AuditoriaInforme.version.desc()).limit(1))


def revision(session: Session, informe_id: int) -> AuditoriaRevision | None:
    return session.scalar(
        select(AuditoriaRevision).where(AuditoriaRevision.informe_id == informe_id)
    )


def revisar(
    session: Session, informe_id: int, *, remite: bool, observaciones: str, acto: Acto
) -> None:
    """The head of the office sends it or sends it back (5.2.29). DatoInvalido: their own, reviewed
    already, or back without a word."""
    informe = session.get(AuditoriaInforme, informe_id)
    if informe is None:
        raise NoExiste("No existe el informe %(n)s.", n=informe_id)
    if informe.autor == acto.quien:
        raise DatoInvalido("Quien hizo el informe no lo revisa.")
    if revision(session, informe_id) is not None:
        raise DatoInvalido("Ese informe ya se revisó.")
    if not remite and not observaciones.strip():
        raise DatoInvalido("Escriba qué falta: un informe se devuelve con su observación.")
    session.add(
        AuditoriaRevision(
            informe_id=informe_id,
            remite=remite,
            observaciones=observaciones.strip(),
            por=acto.quien,
            cuando=acto.now,
        )
    )
    session.flush()


def remitida(session: Session, auditoria_id: int) -> AuditoriaRevision | None:
    """The review with which the copy left; from then the advisers read their F189."""
    consulta = select(AuditoriaRevision).join(
        AuditoriaInforme, AuditoriaInforme.id == AuditoriaRevision.informe_id
    )
    return session.scalar(
        consulta.where(
            AuditoriaInforme.auditoria_id == auditoria_id, AuditoriaRevision.remite.is_(True)
        )
    )


def remitidas(
    session: Session, desde: dt.datetime, hasta: dt.datetime
) -> list[tuple[Auditoria, dt.datetime]]:
    """Those whose copy left between these instants, and when."""
    consulta = (
        select(Auditoria, AuditoriaRevision.cuando)
        .join(AuditoriaInforme, AuditoriaInforme.auditoria_id == Auditoria.id)
        .join(AuditoriaRevision, AuditoriaRevision.informe_id == AuditoriaInforme.id)
        .where(
            AuditoriaRevision.remite.is_(True),
            AuditoriaRevision.cuando >= desde,
            AuditoriaRevision.cuando < hasta,
        )
        .order_by(Auditoria.id)
    )
    return [(fila.Auditoria, fila.cuando) for fila in session.execute(consulta)]


def informes_remitidos(
    session: Session, cuantos: int
) -> list[tuple[str, AuditoriaInforme, dt.datetime]]:
    """Week, report and when it left, of the last that did; the latest first."""
    consulta = (
        select(Auditoria.semana, AuditoriaInforme, AuditoriaRevision.cuando)
        .join(AuditoriaInforme, AuditoriaInforme.auditoria_id == Auditoria.id)
        .join(AuditoriaRevision, AuditoriaRevision.informe_id == AuditoriaInforme.id)
        .where(AuditoriaRevision.remite.is_(True))
        .order_by(Auditoria.semana.desc(), Auditoria.canal)
    )
    return [
        (f.semana, f.AuditoriaInforme, f.cuando) for f in session.execute(consulta.limit(cuantos))
    ]


def acuse(session: Session, auditoria_id: int) -> AuditoriaAcuse | None:
    return session.scalar(select(AuditoriaAcuse).where(AuditoriaAcuse.auditoria_id == auditoria_id))


def acusar(session: Session, auditoria_id: int, nota: str, acto: Acto) -> None:
    """The outsourcing has its copy. DatoInvalido: it has not left, or has its receipt."""
    if remitida(session, auditoria_id) is None:
        raise DatoInvalido("El informe todavía no se ha remitido.")
    if acuse(session, auditoria_id) is not None:
        raise DatoInvalido("El informe ya tiene su acuse.")
    session.add(
        AuditoriaAcuse(
            auditoria_id=auditoria_id, por=acto.quien, cuando=acto.now, nota=nota.strip()
        )
    )
    session.flush()


def estado(session: Session, auditoria: Auditoria, r: Resumen) -> str:
    """sin_atenciones | en_curso | por_informar | por_revisar | devuelta | por_acusar | terminada"""
    if not auditoria.n_poblacion:
        return "sin_atenciones"
    informe = ultimo_informe(session, auditoria.id)
    if informe is None:
        return "por_informar" if r.completa else "en_curso"
    vista = revision(session, informe.id)
    if vista is None:
        return "por_revisar"
    if not vista.remite:
        return "devuelta"
    return "por_acusar" if acuse(session, auditoria.id) is None else "terminada"


# --- what an adviser reads ------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Propia:
    """An F189 of an adviser that has been released, when, and what they answered."""

    f189: F189
    auditoria: Auditoria
    liberada: dt.datetime
    acuse: F189Acuse | None


def de_asesor(session: Session, asesor_id: str) -> list[Propia]:
    """Those of reports that have left, the latest first."""
    consulta = (
        select(F189, Auditoria, AuditoriaRevision.cuando, F189Acuse)
        .join(AuditoriaMuestra, AuditoriaMuestra.id == F189.muestra_id)
        .join(Auditoria, Auditoria.id == AuditoriaMuestra.auditoria_id)
        .join(AuditoriaInforme, AuditoriaInforme.auditoria_id == Auditoria.id)
        .join(
            AuditoriaRevision,
            (AuditoriaRevision.informe_id == AuditoriaInforme.id)
            & AuditoriaRevision.remite.is_(True),
        )
        .outerjoin(F189Acuse, F189Acuse.f189_id == F189.id)
        .where(F189.asesor_id == asesor_id)
        .order_by(Auditoria.semana.desc(), F189.id.desc())
    )
    return [Propia(*fila) for fila in session.execute(consulta)]


# --- hashes ---------------------------------------------------------------------------------------
def contenido(informe: AuditoriaInforme) -> dict[str, Any]:
    """What it says, as it was made."""
    leido: dict[str, Any] = json.loads(zlib.decompress(informe.contenido))
    return leido


def _huella(auditoria: Auditoria, informe: AuditoriaInforme) -> str:
    cabeza = {
        "semana": auditoria.semana,
        "canal": auditoria.canal,
        "version": informe.version,
        "autor": informe.autor,
        "hecho": informe.hecho.astimezone(dt.UTC).isoformat(),
        "conclusiones": informe.conclusiones,
    }
    return sha256(canonico(cabeza) + b"\n" + zlib.decompress(informe.contenido))


def verificar(session: Session) -> Verificados:
    """How many audits were looked at, and what is not as it was made: a sample that does not come
    out again, a changed report."""
    de_muestras = cada_una(session, Auditoria, lambda a: _faltas_de_muestra(session, a))
    de_informes = cada_una(
        session, AuditoriaInforme, lambda informe: _faltas_de_informe(session, informe)
    )
    return Verificados(de_muestras.cuantos, (*de_muestras.faltas, *de_informes.faltas))


def _faltas_de_muestra(session: Session, a: Auditoria) -> Iterator[str]:
    try:
        vuelta = muestras.volver_a_sacar(session, a)
    except (zlib.error, ValueError, KeyError):
        yield said("población de la auditoría %(s)s", s=a.semana)
        return
    if not vuelta.es_la_misma or vuelta.huella != a.huella_poblacion or vuelta.semilla != a.semilla:
        yield said("muestra de la auditoría %(s)s", s=a.semana)


def _faltas_de_informe(session: Session, informe: AuditoriaInforme) -> Iterator[str]:
    a = una(session, informe.auditoria_id)
    try:
        igual = _huella(a, informe) == informe.huella
    except zlib.error:
        igual = False
    if not igual:
        yield said("informe de la auditoría %(s)s, versión %(v)s", s=a.semana, v=informe.version)
