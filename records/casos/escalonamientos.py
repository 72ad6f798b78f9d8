"""Escalations (5.2.14 to 5.2.18): to an area, taken, investigated, reassigned, suspended, extended,
answered."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.consultas import obtener, tomar_fila
from records.base.errores import DatoInvalido, NoExiste, ProrrogaRechazada, ReasignacionRechazada
from records.casos.casos import (
    NuevaRespuesta,
    NuevoPlazo,
    cambiar_estado,
    fijar_plazo,
    guardar_respuesta,
)
from records.casos.reglas import estados
from records.casos.tablas import (
    Aporte,
    Caso,
    Escalonamiento,
    Investigacion,
    Prorroga,
    Suspension,
)
from records.escritos.tablas import Escrito
from records.lugares.tablas import Area
from records.plazos.reglas import plazos
from records.plazos.reglas.calendario import dia_local, explicar, habiles_entre
from records.plazos.reglas.plazos import FechasInternas, Pausa, PlazoArea, TerminoEnCurso

#: What comes again so soon is the same sending.
OTRA_PULSACION: Final = dt.timedelta(minutes=1)


def anotar_informe(
    session: Session, caso_id: int, *, medio: str, correo: str | None, resumen: str
) -> None:
    """5.2.14: how the citizen wants the answer, and the summary for the officer. One statement."""
    hecho = session.scalar(
        update(Caso)
        .where(Caso.id == caso_id)
        .values(medio_respuesta=medio, correo_respuesta=correo, resumen=resumen)
        .returning(Caso.id)
    )
    if hecho is None:
        raise NoExiste("No existe el caso %(n)s.", n=caso_id)


def actual(session: Session, caso_id: int) -> Escalonamiento:
    """The area that has the case."""
    hallado = session.scalar(
        select(Escalonamiento)
        .where(Escalonamiento.caso_id == caso_id)
        .order_by(Escalonamiento.n.desc())
        .limit(1)
    )
    if hallado is None:
        raise NoExiste("El caso %(n)s no está escalado.", n=caso_id)
    return hallado


@dataclass(frozen=True, slots=True)
class NuevoEscalonamiento:
    """5.2.15: where the matrix sends a case, and who is told when the area is late."""

    area_id: str
    grupo: str
    plazo_interno: int  # business days
    nivel2: str
    nivel3: str


def escalar(session: Session, caso_id: int, nuevo: NuevoEscalonamiento, acto: Acto) -> int:
    """The case goes to the area; gives the id of the escalation. Again gives the same. The adviser
    is whoever acts."""
    caso = obtener(session, Caso, caso_id)
    if caso.escalado is not None:
        return actual(session, caso_id).id
    caso.escalado, caso.area_id = acto.now, nuevo.area_id
    escalonamiento = Escalonamiento(
        caso_id=caso_id,
        n=1,
        area_id=nuevo.area_id,
        grupo=nuevo.grupo,
        nivel2=nuevo.nivel2,
        nivel3=nuevo.nivel3,
        plazo_interno=nuevo.plazo_interno,
        resumen=caso.resumen or "",
        asesor_id=acto.quien,
        escalado=acto.now,
    )
    session.add(escalonamiento)
    cambiar_estado(session, caso_id, estados.ESCALADO, acto)
    return escalonamiento.id


@dataclass(frozen=True, slots=True)
class Plazos:
    """What `svc_fechas` gives to the process."""

    internas: FechasInternas
    limite_respuesta: dt.datetime
    area_id: str


def calcular_plazos(
    session: Session, caso_id: int, *, now: dt.datetime, causa: str = "escalado"
) -> Plazos:
    """Dates of the area that has the case, from the first escalation, plus the extension and what
    suspensions stopped since then (Q13)."""
    caso = obtener(session, Caso, caso_id)
    if caso.escalado is None or caso.limite_respuesta is None:
        raise NoExiste("El caso %(n)s no está escalado y radicado.", n=caso_id)
    escalonamiento = actual(session, caso_id)
    prorrogado = _dias_prorroga(session, caso_id)
    dias = escalonamiento.plazo_interno + prorrogado
    agregados = prorrogado + plazos.dias_que_agregan(_pausas(session, caso_id), caso.escalado, dias)
    area = PlazoArea(caso.escalado, escalonamiento.plazo_interno, caso.limite_respuesta, agregados)
    fechas = plazos.fechas_internas(area, now=now)
    dias = habiles_entre(dia_local(caso.escalado), dia_local(fechas.plazo_interno))
    if fechas.plazo_interno != escalonamiento.vence:
        plazo = NuevoPlazo("interno", fechas.plazo_interno, causa, explicar(caso.escalado, dias))
        fijar_plazo(session, caso_id, plazo, now=now)
    escalonamiento.vence = caso.limite_interno = fechas.plazo_interno
    session.flush()
    return Plazos(fechas, caso.limite_respuesta, escalonamiento.area_id)


def cambiar_termino(
    session: Session, caso_id: int, dias: int, prorroga_max: int, acto: Acto
) -> dt.datetime | None:
    """The subject of a written case turned out to be another: its term counts again from reception,
    with the days that it stood still.

    None: the term is the same.
    """
    caso = obtener(session, Caso, caso_id)
    if caso.dias_termino == dias:
        return None
    total = dias + plazos.dias_que_agregan(_pausas(session, caso_id), caso.recepcion, dias)
    caso.dias_termino, caso.prorroga_max = dias, prorroga_max
    caso.limite_respuesta = plazos.limites(caso.recepcion, total).respuesta
    plazo = NuevoPlazo(
        "respuesta", caso.limite_respuesta, "tipificado", explicar(caso.recepcion, total)
    )
    fijar_plazo(session, caso_id, plazo, now=acto.now)
    return caso.limite_respuesta


def _pausas(session: Session, caso_id: int) -> list[Pausa]:
    filas = session.execute(
        select(Suspension.desde, Suspension.hasta).where(Suspension.caso_id == caso_id)
    )
    return [Pausa(f.desde, f.hasta) for f in filas if f.hasta is not None]


def _dias_prorroga(session: Session, caso_id: int) -> int:
    return session.scalar(select(Prorroga.dias).where(Prorroga.caso_id == caso_id)) or 0


def recibir(session: Session, caso_id: int, acto: Acto) -> None:
    """5.2.16, competent: the officer takes the case."""
    escalonamiento = actual(session, caso_id)
    escalonamiento.funcionario_id = acto.quien
    if escalonamiento.recibido is None:
        escalonamiento.recibido = acto.now
    cambiar_estado(session, caso_id, estados.EN_ANALISIS, acto)


@dataclass(frozen=True, slots=True)
class NuevaInvestigacion:
    """5.2.17: what the officer found, and where."""

    hallazgos: str
    fuentes: str
    accion_correctiva: str
    archivo_id: int | None = None


def investigar(session: Session, caso_id: int, nueva: NuevaInvestigacion, acto: Acto) -> None:
    """One statement."""
    session.add(
        Investigacion(
            caso_id=caso_id,
            hallazgos=nueva.hallazgos,
            fuentes=nueva.fuentes,
            accion_correctiva=nueva.accion_correctiva,
            archivo_id=nueva.archivo_id,
            funcionario_id=acto.quien,
            registrada=acto.now,
        )
    )
    session.flush()


def documentar(session: Session, caso_id: int, respuesta: NuevaRespuesta, acto: Acto) -> None:
    """5.2.18: the area has answered; the adviser reviews it next."""
    guardar_respuesta(session, caso_id, respuesta, acto)
    escalonamiento = actual(session, caso_id)
    escalonamiento.respondido = escalonamiento.terminado = acto.now
    obtener(session, Caso, caso_id).respondido = acto.now
    cambiar_estado(session, caso_id, estados.RESPONDIDO_AREA, acto)


def devolver(session: Session, caso_id: int, observacion: str, acto: Acto) -> None:
    """M5-1-01 act. 13, incomplete: the area has the case again."""
    escalonamiento = actual(session, caso_id)
    escalonamiento.respondido = escalonamiento.terminado = None
    obtener(session, Caso, caso_id).respondido = None
    cambiar_estado(session, caso_id, estados.EN_ANALISIS, acto, observacion)


# --- reassignment ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Reasignacion:
    """`n` reassignments asked for; `hecha` False: more than two, the coordinator decides and the
    area stays."""

    n: int
    hecha: bool
    area_id: str


def reasignar(
    session: Session, caso_id: int, acto: Acto, *, area_destino: str, motivo: str
) -> Reasignacion:
    """ "It is not mine" (5.2.16): to another area at most twice (Q13). The clock goes on.

    The form calls it with the reason, the service task again in the same commit: the case changes
    its area once.
    """
    previo = actual(session, caso_id)
    if previo.reasignado_de is not None and (previo.area_id, previo.escalado) == (
        area_destino,
        acto.now,
    ):
        return Reasignacion(previo.n - 1, hecha=True, area_id=area_destino)
    pedidas = previo.n
    if pedidas > plazos.MAX_REASIGNACIONES:
        return Reasignacion(pedidas, hecha=False, area_id=previo.area_id)
    decidir_area(session, caso_id, acto, area_destino=area_destino, motivo=motivo)
    return Reasignacion(pedidas, hecha=True, area_id=area_destino)


def decidir_area(
    session: Session, caso_id: int, acto: Acto, *, area_destino: str, motivo: str
) -> None:
    """The next escalation row: by a reassignment, or by the coordinator, who may also leave it
    where it is."""
    previo = actual(session, caso_id)
    if session.get(Area, area_destino) is None:
        raise ReasignacionRechazada("No existe el área %(area)s.", area=area_destino)
    previo.terminado = acto.now
    obtener(session, Caso, caso_id).area_id = area_destino
    session.add(
        Escalonamiento(
            caso_id=caso_id,
            n=previo.n + 1,
            area_id=area_destino,
            grupo="" if area_destino != previo.area_id else previo.grupo,
            nivel2=previo.nivel2
            if area_destino == previo.area_id
            else obtener(session, Area, area_destino).nivel2,
            nivel3=previo.nivel3
            if area_destino == previo.area_id
            else obtener(session, Area, area_destino).nivel3,
            plazo_interno=previo.plazo_interno,
            resumen=previo.resumen,
            asesor_id=previo.asesor_id,
            escalado=acto.now,
            vence=previo.vence,
            reasignado_de=previo.id,
            motivo=motivo,
        )
    )
    cambiar_estado(session, caso_id, estados.ESCALADO, acto, motivo)
    session.flush()


# --- suspension and extension ---------------------------------------------------------------------
def requerir(session: Session, caso_id: int, informacion: str, acto: Acto) -> dt.datetime:
    """Ask the citizen for what is missing: the clock stands still (art. 17). Gives when the case is
    desisted.

    The form calls it with the text, the service task again without one: the open suspension is the
    same.
    """
    abierta = suspension_abierta(session, caso_id)
    if abierta is not None:
        if informacion.strip():
            abierta.informacion = informacion
            session.flush()
        return abierta.vence
    if not informacion.strip():
        raise DatoInvalido("Falta decir qué información se pide al usuario.")
    vence = plazos.limite_complemento(acto.now)
    session.add(
        Suspension(
            caso_id=caso_id,
            causa="falta_informacion",
            informacion=informacion,
            desde=acto.now,
            vence=vence,
            requerido_por=acto.quien,
        )
    )
    cambiar_estado(session, caso_id, estados.REQUERIDO, acto, informacion)
    return vence


def suspension_abierta(session: Session, caso_id: int) -> Suspension | None:
    return session.scalar(
        select(Suspension).where(Suspension.caso_id == caso_id, Suspension.hasta.is_(None))
    )


def anotar_complemento(session: Session, caso_id: int, complemento: str, acto: Acto) -> None:
    """What the citizen brought; the clock goes on when the case does (`reanudar`). A delivery that
    waited for it is complete."""
    abierta = suspension_abierta(session, caso_id)
    if abierta is None:
        raise NoExiste("El caso %(n)s no espera información.", n=caso_id)
    abierta.complemento = complemento
    session.execute(
        update(Escrito)
        .where(Escrito.caso_id == caso_id, Escrito.falta.is_not(None), Escrito.completado.is_(None))
        .values(completado=acto.now, completado_por=acto.quien)
    )
    session.flush()


def anotar_aporte(
    session: Session, caso_id: int, texto: str, acto: Acto, *, una_vez: bool = False
) -> None:
    """What came for a case that waits for nothing: whoever works on it reads it. NoExiste: it was
    answered in the meantime; `una_vez`: or this very text came a moment ago, by a second press."""
    if tomar_fila(session, Caso, caso_id).estado in estados.RESUELTOS:
        raise NoExiste("El caso %(n)s ya se respondió.", n=caso_id)
    suyos = aportes(session, caso_id) if una_vez else ()
    if any(a.texto == texto and acto.now - a.llego < OTRA_PULSACION for a in suyos):
        raise NoExiste("Eso ya llegó al caso %(n)s.", n=caso_id)
    session.add(Aporte(caso_id=caso_id, texto=texto, llego=acto.now, recibido_por=acto.quien))
    session.flush()


def aportes(session: Session, caso_id: int) -> Sequence[Aporte]:
    """What came for a case that waited for nothing, oldest first."""
    return session.scalars(
        select(Aporte).where(Aporte.caso_id == caso_id).order_by(Aporte.id)
    ).all()


def complemento_recibido(session: Session, caso_id: int) -> str | None:
    """What was brought the last time that information was missing."""
    ultima = (
        select(Suspension.complemento)
        .where(Suspension.caso_id == caso_id)
        .order_by(Suspension.id.desc())
        .limit(1)
    )
    return session.scalar(ultima)


def reanudar(session: Session, caso_id: int, acto: Acto) -> None:
    """The information came: the business days that were left count from the day after; a term that
    had passed has none."""
    abierta = suspension_abierta(session, caso_id)
    if abierta is None:
        return
    caso = obtener(session, Caso, caso_id)
    abierta.hasta = acto.now
    if caso.limite_respuesta is not None and plazos.se_detiene(
        caso.limite_respuesta, abierta.desde
    ):
        nuevo = plazos.reactivar(caso.limite_respuesta, Pausa(abierta.desde, acto.now))
        dias = habiles_entre(dia_local(acto.now), dia_local(nuevo))
        caso.limite_respuesta = nuevo
        fijar_plazo(
            session,
            caso_id,
            NuevoPlazo("respuesta", nuevo, "reanudado", explicar(acto.now, dias)),
            now=acto.now,
        )
    # no area has an incomplete delivery
    sigue = estados.EN_ANALISIS if caso.escalado is not None else estados.EN_ATENCION
    cambiar_estado(session, caso_id, sigue, acto)


def desistir(session: Session, caso_id: int, acto: Acto) -> None:
    """One month without the information: the citizen has desisted (art. 17)."""
    abierta = suspension_abierta(session, caso_id)
    if abierta is not None:
        abierta.hasta = acto.now
        cambiar_estado(
            session,
            caso_id,
            estados.DESISTIDO,
            acto,
            "El usuario no completó la información en un mes.",
        )


@dataclass(frozen=True, slots=True)
class NuevaProrroga:
    """Business days more, why, and the letter that says so."""

    dias: int
    motivo: str
    archivo_id: int | None = None


def prorrogar(session: Session, caso_id: int, pedida: NuevaProrroga, acto: Acto) -> dt.datetime:
    """The one extension of the answer, with its letter (art. 14 par.); gives the new limit.
    ProrrogaRechazada says why not."""
    caso = tomar_fila(session, Caso, caso_id)
    if caso.limite_respuesta is None or caso.prorroga_max is None:
        raise NoExiste("El caso %(n)s no está radicado.", n=caso_id)
    if caso.estado in estados.RESUELTOS:
        raise ProrrogaRechazada("El caso ya se respondió.")
    anterior = caso.limite_respuesta
    abierta = suspension_abierta(session, caso_id)
    prorrogado = prorroga(session, caso_id) is not None
    suspendido = abierta is not None and plazos.se_detiene(anterior, abierta.desde)
    en_curso = TerminoEnCurso(
        anterior, caso.prorroga_max, prorrogado=prorrogado, suspendido=suspendido
    )
    nueva = plazos.prorrogar(en_curso, pedida.dias, motivo=pedida.motivo, now=acto.now)
    session.add(
        Prorroga(
            caso_id=caso_id,
            motivo=pedida.motivo,
            dias=pedida.dias,
            limite_anterior=anterior,
            nueva_fecha=nueva,
            aviso=acto.now,
            aprobador=acto.quien,
            archivo_id=pedida.archivo_id,
        )
    )
    caso.limite_respuesta = nueva
    plazo = NuevoPlazo("respuesta", nueva, "prorroga", explicar(anterior, pedida.dias))
    fijar_plazo(session, caso_id, plazo, now=acto.now)
    return nueva


def prorroga(session: Session, caso_id: int) -> Prorroga | None:
    return session.scalar(select(Prorroga).where(Prorroga.caso_id == caso_id))
