"""What the weekly audit looks at: the sample of a week, drawn so that anybody can draw it again,
and the visits (5.2.27, Q20).

Nobody chooses. The sample follows from the population, the parameters and a published seed; who
cannot be evaluated gives way to the next of the reserve; what is observed at a point is drawn
there, out of the people who wait or are attended at that hour.
"""

import datetime as dt
import json
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from records.auditorias.reglas import muestra as reglas
from records.auditorias.tablas import F189, Auditoria, AuditoriaMuestra
from records.base.actos import Acto
from records.base.consultas import tomar_fila
from records.base.errores import DatoInvalido, NoExiste
from records.base.reglas.huellas import canonico
from records.lugares.puntos import puntos
from records.plazos.reglas.calendario import al_terminar, dia_local, instante
from records.plazos.reglas.obligaciones import cierre_de_auditoria
from records.visita.tablas import Atencion, Turno

EXPEDIENTE, SITIO = "expediente", "sitio"
#: A turn that can still be seen from its beginning comes before one that is attended already.
POR_VER: Final = ("espera", "llamado")
EN_CURSO: Final = ("atencion", "pausa")
SIN_RESULTADO: Final = "otro"
#: among the parameters: the points that are visited, each stratum of which is looked at
VISITADOS: Final = "visitados"


@dataclass(frozen=True, slots=True)
class Parametros:
    """What the table «parametros_auditoria» says for the channel."""

    confianza_z: float
    error_maximo: float
    puntos_visita: int
    observaciones_visita: int


def semana_de(dia: dt.date) -> str:
    """ "2026-W48", as ISO 8601 counts."""
    anio, semana, _dia = dia.isocalendar()
    return f"{anio}-W{semana:02d}"


def semana_auditada(semana: str) -> tuple[dt.date, dt.date]:
    """Monday and Sunday of the week that an audit is about: the one before that in which it is
    done ("2026-W48")."""
    anio, _w, numero = semana.partition("-W")
    lunes = dt.date.fromisocalendar(int(anio), int(numero), 1)
    return lunes - dt.timedelta(days=7), lunes - dt.timedelta(days=1)


def codigo(punto_id: str, atencion_id: int) -> str:
    """How an attention is called in a published sample: it says nothing of the person."""
    return f"{punto_id}-{atencion_id:06d}"


def atencion_de(codigo_: str) -> int:
    return int(codigo_.rpartition("-")[2])


def poblacion(session: Session, canal: str, desde: dt.date, hasta: dt.date) -> dict[str, list[str]]:
    """Stratum (point · result) → codes of the attentions that ended in those days, both
    included."""
    if canal != "presencial":
        raise DatoInvalido("El canal «%(canal)s» no tiene atenciones que se auditen.", canal=canal)
    consulta = (
        select(Atencion.id, Atencion.punto_id, Atencion.resultado)
        .where(Atencion.fin >= instante(desde, dt.time(0)), Atencion.fin < al_terminar(hasta))
        .order_by(Atencion.punto_id, Atencion.id)
    )
    estratos: dict[str, list[str]] = {}
    for fila in session.execute(consulta):
        estratos.setdefault(f"{fila.punto_id} · {fila.resultado or SIN_RESULTADO}", []).append(
            codigo(fila.punto_id, fila.id)
        )
    return estratos


def tomar(
    session: Session, canal: str, corte: dt.date, parametros: Parametros, acto: Acto
) -> tuple[Auditoria, list[int]]:
    """The audit of the week of `corte` over the attentions of the week before; it and what is to be
    evaluated, in its order.

    DatoInvalido: the week has its audit. A week without attentions is kept as well: it says that
    there were none.
    """
    lunes = corte - dt.timedelta(days=corte.weekday())
    semana = semana_de(lunes)
    desde, hasta = semana_auditada(semana)
    if (
        session.scalar(
            select(Auditoria.id).where(Auditoria.canal == canal, Auditoria.semana == semana)
        )
        is not None
    ):
        raise DatoInvalido("La auditoría de la semana %(semana)s ya se tomó.", semana=semana)
    estratos = poblacion(session, canal, desde, hasta)
    total = sum(map(len, estratos.values()))
    semilla = reglas.semilla(canal, semana, [c for codigos in estratos.values() for c in codigos])
    auditoria = Auditoria(
        canal=canal,
        semana=semana,
        desde=desde,
        hasta=hasta,
        cierre=cierre_de_auditoria(lunes),
        tomada=acto.now,
        instancia_id=acto.instancia_id or "",
        parametros={
            "confianza_z": parametros.confianza_z,
            "error_maximo": parametros.error_maximo,
            "puntos_visita": parametros.puntos_visita,
            "observaciones_visita": parametros.observaciones_visita,
        },
        n_poblacion=total,
        n_muestra=0,
        huella_poblacion=semilla.huella_poblacion,
        semilla=str(semilla.numero),
        poblacion=zlib.compress(canonico(estratos), 6),
    )
    session.add(auditoria)
    session.flush()
    if not total:
        return auditoria, []
    visitados = _por_visitar(session, auditoria, semilla.numero)
    auditoria.parametros = {**auditoria.parametros, VISITADOS: visitados}
    for estrato, sacada in _sacar(estratos, parametros, semilla.numero, visitados).items():
        auditoria.n_muestra += len(sacada.elegidos)
        session.add_all(
            _de_la_muestra(auditoria, estrato, c, n) for n, c in enumerate(sacada.elegidos, 1)
        )
    for punto_id in visitados:
        session.add_all(
            AuditoriaMuestra(
                auditoria_id=auditoria.id, modo=SITIO, punto_id=punto_id, estrato="", orden=n
            )
            for n in range(1, parametros.observaciones_visita + 1)
        )
    session.flush()
    orden = (
        select(AuditoriaMuestra.id)
        .where(AuditoriaMuestra.auditoria_id == auditoria.id)
        .order_by(AuditoriaMuestra.id)
    )
    return auditoria, list(session.scalars(orden))


def _de_la_muestra(
    auditoria: Auditoria, estrato: str, codigo_: str, orden: int
) -> AuditoriaMuestra:
    return AuditoriaMuestra(
        auditoria_id=auditoria.id,
        modo=EXPEDIENTE,
        punto_id=codigo_.rpartition("-")[0],
        estrato=estrato,
        orden=orden,
        atencion_id=atencion_de(codigo_),
    )


def _sacar(
    estratos: Mapping[str, Sequence[str]],
    parametros: Parametros,
    numero: int,
    visitados: Sequence[str],
) -> dict[str, reglas.Sacada]:
    """Every visited point has at least one of each of its results."""
    n = reglas.tamano(
        sum(map(len, estratos.values())), parametros.confianza_z, 0.5, parametros.error_maximo
    )
    de_visitados = [e for e in estratos if e.partition(" · ")[0] in set(visitados)]
    cuantas = reglas.repartir({e: len(codigos) for e, codigos in estratos.items()}, n, de_visitados)
    return reglas.sacar(estratos, cuantas, numero)


def _por_visitar(session: Session, auditoria: Auditoria, numero: int) -> list[str]:
    """The points that nobody has visited for longest; among equals the seed decides. By code."""
    visitas = select(
        AuditoriaMuestra.punto_id, func.max(AuditoriaMuestra.auditoria_id).label("ultima")
    ).where(AuditoriaMuestra.modo == SITIO)
    ultima = {
        f.punto_id: f.ultima for f in session.execute(visitas.group_by(AuditoriaMuestra.punto_id))
    }
    candidatos = sorted(
        reglas.barajar([p.codigo for p in puntos(session)], f"{numero}|visitas"),
        key=lambda c: ultima.get(c, 0),
    )
    return sorted(candidatos[: int(auditoria.parametros["puntos_visita"])])


# --- drawn again ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class VueltaASacar:
    """The sample as it comes out again, beside the one that was drawn. `poblacion_hoy`: the
    population of today is that of then."""

    huella: str
    semilla: str
    salen: tuple[str, ...]
    iguales: int
    faltan: tuple[str, ...]  #: drawn then, do not come out now
    sobran: tuple[str, ...]  #: come out now, were not drawn then
    poblacion_hoy: bool

    @property
    def es_la_misma(self) -> bool:
        return not self.faltan and not self.sobran


def guardada(auditoria: Auditoria) -> dict[str, list[str]]:
    """The population as it was."""
    leida: dict[str, list[str]] = json.loads(zlib.decompress(auditoria.poblacion))
    return leida


def parametros_de(auditoria: Auditoria) -> Parametros:
    p = auditoria.parametros
    return Parametros(
        float(p["confianza_z"]),
        float(p["error_maximo"]),
        int(p["puntos_visita"]),
        int(p["observaciones_visita"]),
    )


def volver_a_sacar(session: Session, auditoria: Auditoria) -> VueltaASacar:
    """From the kept population and the parameters alone; nothing of what was drawn is asked (of
    samples of before: which points are visited)."""
    estratos = guardada(auditoria)
    semilla = reglas.semilla(
        auditoria.canal, auditoria.semana, [c for codigos in estratos.values() for c in codigos]
    )
    filas = session.scalars(
        select(AuditoriaMuestra).where(AuditoriaMuestra.auditoria_id == auditoria.id)
    ).all()
    visitados = _visitados(session, auditoria)
    salen = {
        c
        for s in (
            _sacar(estratos, parametros_de(auditoria), semilla.numero, visitados)
            if estratos
            else {}
        ).values()
        for c in s.elegidos
    }
    sacadas = {
        codigo(f.punto_id, f.atencion_id)
        for f in filas
        if f.modo == EXPEDIENTE and f.reemplaza_id is None and f.atencion_id
    }
    hoy = poblacion(session, auditoria.canal, auditoria.desde, auditoria.hasta)
    return VueltaASacar(
        huella=semilla.huella_poblacion,
        semilla=str(semilla.numero),
        salen=tuple(sorted(salen)),
        iguales=len(salen & sacadas),
        faltan=tuple(sorted(sacadas - salen)),
        sobran=tuple(sorted(salen - sacadas)),
        poblacion_hoy=hoy == estratos
        and semilla.huella_poblacion == auditoria.huella_poblacion
        and str(semilla.numero) == auditoria.semilla,
    )


def reserva(session: Session, auditoria: Auditoria) -> dict[str, int]:
    """Code → its place in the reserve of its stratum, from 1: the order in which replacements are
    taken."""
    sacadas = _sacar(
        guardada(auditoria),
        parametros_de(auditoria),
        int(auditoria.semilla),
        _visitados(session, auditoria),
    )
    return (
        {c: n for sacada in sacadas.values() for n, c in enumerate(sacada.reserva, 1)}
        if auditoria.n_poblacion
        else {}
    )


def _visitados(session: Session, auditoria: Auditoria) -> list[str]:
    if VISITADOS in auditoria.parametros:
        return list(auditoria.parametros[VISITADOS])
    suyas = (AuditoriaMuestra.auditoria_id == auditoria.id, AuditoriaMuestra.modo == SITIO)
    return sorted(set(session.scalars(select(AuditoriaMuestra.punto_id).where(*suyas))))


# --- what is observed at the points ---------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Observacion:
    """One that was planned, done or not (4.7). `ultima`: the row that stands for it by now, its own
    or what replaced it."""

    planeada: AuditoriaMuestra
    ultima: AuditoriaMuestra
    hecha: bool

    @property
    def motivo(self) -> str:
        """Why it was not done; empty: it was, or nobody has said so."""
        return "" if self.hecha else self.ultima.motivo


def planeadas(filas: Iterable[AuditoriaMuestra], hechas: Collection[int]) -> list[Observacion]:
    """Of rows of whole audits. `hechas`: the rows that have their F189. What was declared
    impossible stays planned."""
    de_sitio = [f for f in filas if f.modo == SITIO]
    por = {f.reemplaza_id: f for f in de_sitio if f.reemplaza_id is not None}
    dichas = []
    for fila in (f for f in de_sitio if f.reemplaza_id is None):
        ultima = fila
        while ultima.id in por:
            ultima = por[ultima.id]
        dichas.append(Observacion(fila, ultima, ultima.id in hechas))
    return dichas


def planeadas_entre(
    session: Session, desde: dt.datetime, hasta: dt.datetime
) -> list[tuple[Auditoria, Observacion]]:
    """Those of the audits that were due between these instants, sent or not."""
    debidas = {
        a.id: a
        for a in session.scalars(
            select(Auditoria).where(Auditoria.cierre >= desde, Auditoria.cierre < hasta)
        )
    }
    consulta = (
        select(AuditoriaMuestra, F189.id.is_not(None).label("hecha"))
        .outerjoin(F189, F189.muestra_id == AuditoriaMuestra.id)
        .where(AuditoriaMuestra.auditoria_id.in_(debidas), AuditoriaMuestra.modo == SITIO)
        .order_by(AuditoriaMuestra.id)
    )
    filas = session.execute(consulta).all()
    hechas = {fila.id for fila, hecha in filas if hecha}
    return [
        (debidas[o.planeada.auditoria_id], o)
        for o in planeadas([fila for fila, _hecha in filas], hechas)
    ]


# --- one of them ----------------------------------------------------------------------------------
def una(session: Session, muestra_id: int) -> AuditoriaMuestra:
    fila = session.get(AuditoriaMuestra, muestra_id)
    if fila is None:
        raise NoExiste("No existe la muestra %(n)s.", n=muestra_id)
    return fila


def nombre(fila: AuditoriaMuestra) -> str:
    """How a list tells it from the others of its point."""
    return (
        f"atención {fila.atencion_id}" if fila.modo == EXPEDIENTE else f"observación {fila.orden}"
    )


def se_pueden_observar(session: Session, fila: AuditoriaMuestra, now: dt.datetime) -> list[Turno]:
    """The turns of today at that point out of which one is drawn now: who waits, or else who is
    attended. Not those observed already."""
    ya = select(AuditoriaMuestra.turno_id).where(AuditoriaMuestra.turno_id.is_not(None))
    de_hoy = (
        select(Turno)
        .where(Turno.punto_id == fila.punto_id, Turno.fecha == dia_local(now), Turno.id.not_in(ya))
        .order_by(Turno.id)
    )
    for estados in (POR_VER, EN_CURSO):
        if turnos := session.scalars(
            de_hoy.where(Turno.estado.in_(estados), Turno.ficha.is_not(None))
        ).all():
            return list(turnos)
    return []


def sortear(session: Session, muestra_id: int, acto: Acto) -> Turno:
    """Which of them is observed. DatoInvalido: nobody is there, or it is drawn already."""
    # nor do two observations get one turn
    auditoria = tomar_fila(session, Auditoria, una(session, muestra_id).auditoria_id)
    fila = tomar_fila(session, AuditoriaMuestra, muestra_id)
    if fila.modo != SITIO or fila.turno_id is not None:
        raise DatoInvalido("Esta observación ya tiene su turno.")
    turnos = se_pueden_observar(session, fila, acto.now)
    if not turnos:
        raise DatoInvalido(
            "En este momento nadie espera ni está en atención en el punto. Espere a que llegue alguien y vuelva a sortear."
        )
    entre = [f"{t.id}" for t in turnos]
    salio = reglas.barajar(
        entre, f"{auditoria.semilla}|{fila.id}|{acto.now.astimezone(dt.UTC):%Y-%m-%dT%H}"
    )[0]
    elegido = next(t for t in turnos if f"{t.id}" == salio)
    fila.turno_id, fila.sorteada, fila.entre = elegido.id, acto.now, entre
    session.flush()
    return elegido


def atencion(session: Session, fila: AuditoriaMuestra) -> Atencion | None:
    """What is evaluated. Of an observed turn: None until an adviser attends it."""
    if fila.atencion_id is not None:
        return session.get(Atencion, fila.atencion_id)
    return (
        session.scalar(select(Atencion).where(Atencion.turno_id == fila.turno_id))
        if fila.turno_id is not None
        else None
    )


def retirar(session: Session, muestra_id: int, motivo: str, acto: Acto) -> None:
    """It cannot be evaluated: why, and who says so. DatoInvalido: no reason."""
    if not motivo.strip():
        raise DatoInvalido("Escriba por qué no se puede evaluar.")
    fila = una(session, muestra_id)
    fila.retirada, fila.retirada_por, fila.motivo = acto.now, acto.quien, motivo.strip()
    session.flush()


def reemplazar(session: Session, muestra_id: int) -> AuditoriaMuestra | None:
    """The next of the reserve of its stratum; of a visit another observation, to be drawn. None:
    the reserve is at its end."""
    fila = una(session, muestra_id)
    nueva = AuditoriaMuestra(
        auditoria_id=fila.auditoria_id,
        modo=fila.modo,
        punto_id=fila.punto_id,
        estrato=fila.estrato,
        orden=fila.orden,
        reemplaza_id=fila.id,
    )
    if fila.modo == EXPEDIENTE:
        auditoria = session.get_one(Auditoria, fila.auditoria_id)
        usadas = set(
            session.scalars(
                select(AuditoriaMuestra.atencion_id).where(
                    AuditoriaMuestra.auditoria_id == fila.auditoria_id
                )
            )
        )
        visitados = _visitados(session, auditoria)
        sacada = _sacar(
            guardada(auditoria), parametros_de(auditoria), int(auditoria.semilla), visitados
        )[fila.estrato]
        siguiente = next((c for c in sacada.reserva if atencion_de(c) not in usadas), None)
        if siguiente is None:
            return None
        nueva.atencion_id, nueva.orden = (
            atencion_de(siguiente),
            len(sacada.elegidos) + sacada.reserva.index(siguiente) + 1,
        )
    session.add(nueva)
    session.flush()
    return nueva


def ficha(session: Session, fila: AuditoriaMuestra) -> str:
    """The ticket of the turn that is observed; "" before it is drawn."""
    turno = session.get(Turno, fila.turno_id) if fila.turno_id is not None else None
    return (turno.ficha or "") if turno is not None else ""
