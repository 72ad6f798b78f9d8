"""Escalations (5.2.14 to 5.2.18): to an area, taken, investigated, reassigned, suspended, extended, answered."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from records.casos import cambiar_estado
from records.casos import fijar_plazo
from records.casos import guardar_respuesta
from records.consultas import obtener
from records.errores import DatoInvalido
from records.errores import NoExiste
from records.errores import ProrrogaRechazada
from records.errores import ReasignacionRechazada
from records.rules import estados
from records.rules import plazos
from records.rules.calendario import dia_local
from records.rules.calendario import explicar
from records.rules.calendario import habiles_entre
from records.rules.plazos import FechasInternas
from records.rules.plazos import Pausa
from records.tables import Area
from records.tables import Caso
from records.tables import Escalonamiento
from records.tables import Investigacion
from records.tables import Prorroga
from records.tables import Suspension


def anotar_informe(session: Session, caso_id: int, *, medio: str, correo: str | None, resumen: str) -> None:
    """5.2.14: how the citizen wants the answer, and the summary for the officer. One statement."""
    hecho = session.scalar(
        update(Caso).where(Caso.id == caso_id).values(medio_respuesta=medio, correo_respuesta=correo, resumen=resumen).returning(Caso.id)
    )
    if hecho is None:
        raise NoExiste(f"No existe el caso {caso_id}.")


def actual(session: Session, caso_id: int) -> Escalonamiento:
    """The area that has the case."""
    hallado = session.scalar(select(Escalonamiento).where(Escalonamiento.caso_id == caso_id).order_by(Escalonamiento.n.desc()).limit(1))
    if hallado is None:
        raise NoExiste(f"El caso {caso_id} no está escalado.")
    return hallado


def escalar(
    session: Session,
    caso_id: int,
    *,
    area_id: str,
    grupo: str,
    plazo_interno: int,
    nivel2: str,
    nivel3: str,
    asesor_id: str,
    now: dt.datetime,
) -> int:
    """5.2.15: the case goes to the area that the matrix names; gives the id of the escalation. Again gives the same."""
    caso = obtener(session, Caso, caso_id)
    if caso.escalado is not None:
        return actual(session, caso_id).id
    caso.escalado, caso.area_id = now, area_id
    escalonamiento = Escalonamiento(
        caso_id=caso_id,
        n=1,
        area_id=area_id,
        grupo=grupo,
        nivel2=nivel2,
        nivel3=nivel3,
        plazo_interno=plazo_interno,
        resumen=caso.resumen or "",
        asesor_id=asesor_id,
        escalado=now,
    )
    session.add(escalonamiento)
    cambiar_estado(session, caso_id, estados.ESCALADO, actor_id=asesor_id, now=now)
    return escalonamiento.id


@dataclass(frozen=True, slots=True)
class Plazos:
    """What `svc_fechas` gives to the process."""

    internas: FechasInternas
    limite_respuesta: dt.datetime
    area_id: str


def calcular_plazos(session: Session, caso_id: int, *, now: dt.datetime, causa: str = "escalado") -> Plazos:
    """Dates of the area that has the case, from the first escalation, plus suspensions and the extension (Q13)."""
    caso = obtener(session, Caso, caso_id)
    if caso.escalado is None or caso.limite_respuesta is None:
        raise NoExiste(f"El caso {caso_id} no está escalado y radicado.")
    escalonamiento = actual(session, caso_id)
    agregados = plazos.dias_detenidos(_pausas(session, caso_id)) + _dias_prorroga(session, caso_id)
    fechas = plazos.fechas_internas(
        caso.escalado, escalonamiento.plazo_interno, now=now, limite_respuesta=caso.limite_respuesta, agregados=agregados
    )
    dias = habiles_entre(dia_local(caso.escalado), dia_local(fechas.plazo_interno))
    if fechas.plazo_interno != escalonamiento.vence:
        explicacion = explicar(caso.escalado, dias)
        fijar_plazo(session, caso_id, "interno", fechas.plazo_interno, causa=causa, explicacion=explicacion, now=now)
    escalonamiento.vence = caso.limite_interno = fechas.plazo_interno
    session.flush()
    return Plazos(fechas, caso.limite_respuesta, escalonamiento.area_id)


def _pausas(session: Session, caso_id: int) -> list[Pausa]:
    filas = session.execute(select(Suspension.desde, Suspension.hasta).where(Suspension.caso_id == caso_id))
    return [Pausa(f.desde, f.hasta) for f in filas if f.hasta is not None]


def _dias_prorroga(session: Session, caso_id: int) -> int:
    return session.scalar(select(Prorroga.dias).where(Prorroga.caso_id == caso_id)) or 0


def recibir(session: Session, caso_id: int, *, funcionario_id: str, now: dt.datetime) -> None:
    """5.2.16, competent: the officer takes the case."""
    escalonamiento = actual(session, caso_id)
    escalonamiento.funcionario_id = funcionario_id
    if escalonamiento.recibido is None:
        escalonamiento.recibido = now
    cambiar_estado(session, caso_id, estados.EN_ANALISIS, actor_id=funcionario_id, now=now)


def investigar(
    session: Session,
    caso_id: int,
    *,
    hallazgos: str,
    fuentes: str,
    accion_correctiva: str,
    funcionario_id: str,
    now: dt.datetime,
    archivo_id: int | None = None,
) -> None:
    """5.2.17. One statement."""
    session.add(
        Investigacion(
            caso_id=caso_id,
            hallazgos=hallazgos,
            fuentes=fuentes,
            accion_correctiva=accion_correctiva,
            archivo_id=archivo_id,
            funcionario_id=funcionario_id,
            registrada=now,
        )
    )
    session.flush()


def documentar(
    session: Session,
    caso_id: int,
    *,
    respuesta_tecnica: str,
    favorable: str,
    funcionario_id: str,
    now: dt.datetime,
    archivo_id: int | None = None,
) -> None:
    """5.2.18: the area has answered; the adviser reviews it next."""
    guardar_respuesta(
        session,
        caso_id,
        tipo="tecnica",
        texto=respuesta_tecnica,
        favorable=favorable,
        archivo_id=archivo_id,
        autor=funcionario_id,
        now=now,
    )
    escalonamiento = actual(session, caso_id)
    escalonamiento.respondido = escalonamiento.terminado = now
    obtener(session, Caso, caso_id).respondido = now
    cambiar_estado(session, caso_id, estados.RESPONDIDO_AREA, actor_id=funcionario_id, now=now)


def devolver(session: Session, caso_id: int, *, observacion: str, actor_id: str, now: dt.datetime) -> None:
    """M5-1-01 act. 13, incomplete: the area has the case again."""
    escalonamiento = actual(session, caso_id)
    escalonamiento.respondido = escalonamiento.terminado = None
    obtener(session, Caso, caso_id).respondido = None
    cambiar_estado(session, caso_id, estados.EN_ANALISIS, actor_id=actor_id, now=now, motivo=observacion)


# --- reassignment ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Reasignacion:
    """`n` reassignments asked for; `hecha` False: more than two, the coordinator decides and the area stays."""

    n: int
    hecha: bool
    area_id: str


def reasignar(session: Session, caso_id: int, *, area_destino: str, motivo: str, actor_id: str, now: dt.datetime) -> Reasignacion:
    """ "It is not mine" (5.2.16): to another area at most twice (Q13). The clock goes on."""
    previo = actual(session, caso_id)
    pedidas = previo.n
    if pedidas > plazos.MAX_REASIGNACIONES:
        return Reasignacion(pedidas, hecha=False, area_id=previo.area_id)
    decidir_area(session, caso_id, area_destino=area_destino, motivo=motivo, actor_id=actor_id, now=now)
    return Reasignacion(pedidas, hecha=True, area_id=area_destino)


def decidir_area(session: Session, caso_id: int, *, area_destino: str, motivo: str, actor_id: str, now: dt.datetime) -> None:
    """The next escalation row: by a reassignment, or by the coordinator, who may also leave it where it is."""
    previo = actual(session, caso_id)
    if session.get(Area, area_destino) is None:
        raise ReasignacionRechazada(f"No existe el área {area_destino}.")
    previo.terminado = now
    obtener(session, Caso, caso_id).area_id = area_destino
    session.add(
        Escalonamiento(
            caso_id=caso_id,
            n=previo.n + 1,
            area_id=area_destino,
            grupo="" if area_destino != previo.area_id else previo.grupo,
            nivel2=previo.nivel2 if area_destino == previo.area_id else obtener(session, Area, area_destino).nivel2,
            nivel3=previo.nivel3 if area_destino == previo.area_id else obtener(session, Area, area_destino).nivel3,
            plazo_interno=previo.plazo_interno,
            resumen=previo.resumen,
            asesor_id=previo.asesor_id,
            escalado=now,
            vence=previo.vence,
            reasignado_de=previo.id,
            motivo=motivo,
        )
    )
    cambiar_estado(session, caso_id, estados.ESCALADO, actor_id=actor_id, now=now, motivo=motivo)
    session.flush()


# --- suspension and extension ----------------------------------------------------------------------------------------
def requerir(session: Session, caso_id: int, *, informacion: str, actor_id: str, now: dt.datetime) -> dt.datetime:
    """Ask the citizen for what is missing: the clock stands still (art. 17). Gives when the case is desisted.

    The form calls it with the text, the service task again without one: the open suspension is the same.
    """
    abierta = suspension_abierta(session, caso_id)
    if abierta is not None:
        if informacion.strip():
            abierta.informacion = informacion
            session.flush()
        return abierta.vence
    if not informacion.strip():
        raise DatoInvalido("Falta decir qué información se pide al usuario.")
    vence = plazos.limite_complemento(now)
    session.add(
        Suspension(caso_id=caso_id, causa="falta_informacion", informacion=informacion, desde=now, vence=vence, requerido_por=actor_id)
    )
    cambiar_estado(session, caso_id, estados.REQUERIDO, actor_id=actor_id, now=now, motivo=informacion)
    return vence


def suspension_abierta(session: Session, caso_id: int) -> Suspension | None:
    return session.scalar(select(Suspension).where(Suspension.caso_id == caso_id, Suspension.hasta.is_(None)))


def anotar_complemento(session: Session, caso_id: int, complemento: str) -> None:
    """What the citizen brought; the clock goes on when the case does (`reanudar`)."""
    abierta = suspension_abierta(session, caso_id)
    if abierta is None:
        raise NoExiste(f"El caso {caso_id} no espera información.")
    abierta.complemento = complemento
    session.flush()


def reanudar(session: Session, caso_id: int, *, actor_id: str, now: dt.datetime) -> None:
    """The information came: the business days that were left count from the day after."""
    abierta = suspension_abierta(session, caso_id)
    if abierta is None:
        return
    caso = obtener(session, Caso, caso_id)
    abierta.hasta = now
    if caso.limite_respuesta is not None:
        nuevo = plazos.reactivar(caso.limite_respuesta, Pausa(abierta.desde, now))
        dias = habiles_entre(dia_local(now), dia_local(nuevo))
        caso.limite_respuesta = nuevo
        fijar_plazo(session, caso_id, "respuesta", nuevo, causa="reanudado", explicacion=explicar(now, dias), now=now)
    cambiar_estado(session, caso_id, estados.EN_ANALISIS, actor_id=actor_id, now=now)


def desistir(session: Session, caso_id: int, *, actor_id: str, now: dt.datetime) -> None:
    """One month without the information: the citizen has desisted (art. 17)."""
    abierta = suspension_abierta(session, caso_id)
    if abierta is not None:
        abierta.hasta = now
        motivo = "El usuario no completó la información en un mes."
        cambiar_estado(session, caso_id, estados.DESISTIDO, actor_id=actor_id, now=now, motivo=motivo)


def prorrogar(
    session: Session,
    caso_id: int,
    *,
    dias: int,
    motivo: str,
    aprobador: str,
    archivo_id: int | None,
    now: dt.datetime,
) -> dt.datetime:
    """The one extension of the answer, with its letter (art. 14 par.); gives the new limit. ProrrogaRechazada says why not."""
    caso = obtener(session, Caso, caso_id)
    if caso.limite_respuesta is None or caso.prorroga_max is None:
        raise NoExiste(f"El caso {caso_id} no está radicado.")
    if caso.estado in estados.RESUELTOS:
        raise ProrrogaRechazada("El caso ya se respondió.")
    anterior = caso.limite_respuesta
    nueva = plazos.prorrogar(
        anterior,
        dias,
        prorroga_max=caso.prorroga_max,
        ya_prorrogado=prorroga(session, caso_id) is not None,
        suspendido=caso.estado == estados.REQUERIDO,
        motivo=motivo,
        now=now,
    )
    session.add(
        Prorroga(
            caso_id=caso_id,
            motivo=motivo,
            dias=dias,
            limite_anterior=anterior,
            nueva_fecha=nueva,
            aviso=now,
            aprobador=aprobador,
            archivo_id=archivo_id,
        )
    )
    caso.limite_respuesta = nueva
    fijar_plazo(session, caso_id, "respuesta", nueva, causa="prorroga", explicacion=explicar(anterior, dias), now=now)
    return nueva


def prorroga(session: Session, caso_id: int) -> Prorroga | None:
    return session.scalar(select(Prorroga).where(Prorroga.caso_id == caso_id))
