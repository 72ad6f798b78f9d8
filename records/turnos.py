"""Turns and their periods (M5-1-02 5.2.1, 5.2.2): taken, put in the queue, called, attended, closed."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import bindparam
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from records.consultas import obtener
from records.errores import DatoInvalido
from records.errores import NoExiste
from records.errores import TurnoNoDisponible
from records.numeracion import siguiente_numero
from records.puntos import cierre
from records.rules import turnos as reglas
from records.rules.calendario import dia_local
from records.rules.turnos import EnEspera
from records.tables import Atencion
from records.tables import Base
from records.tables import Caso
from records.tables import Punto
from records.tables import Turno
from records.tables import TurnoPeriodo

NUEVO = "nuevo"
ESPERA = "espera"
LLAMADO = "llamado"
ATENCION = "atencion"
PAUSA = "pausa"
AUSENTE = "ausente"
CERRADO = "cerrado"
_PERIODO = Base.metadata.tables["turno_periodo"]
#: Made once: a turn changes its period in each activity, and making a statement costs more than running it.
_CERRAR_PERIODO = (
    update(_PERIODO).where(_PERIODO.c.turno_id == bindparam("b_turno"), _PERIODO.c.fin.is_(None)).values(fin=bindparam("b_fin"))
)
_ABRIR_PERIODO = insert(_PERIODO)
LLAMABLES = (ESPERA, AUSENTE)


@dataclass(frozen=True, slots=True)
class Encolado:
    ficha: str
    fecha_cierre: dt.datetime


def crear_turno(
    session: Session,
    *,
    punto_id: str,
    motivo_visita: str,
    condicion: str,
    origen: str,
    now: dt.datetime,
    tipo_doc: str | None = None,
    num_doc: str | None = None,
    visita_anterior_id: int | None = None,
    instancia_id: str | None = None,
    case_key: str | None = None,
) -> Turno:
    """A new turn. Whoever was absent and is back within 30 minutes keeps the arrival (Q3); a pending power is linked (Q6)."""
    anterior = _visita_anterior(session, visita_anterior_id, tipo_doc, num_doc)
    llegada = _llegada(anterior, punto_id, now)
    turno = Turno(
        punto_id=punto_id,
        fecha=dia_local(now),
        motivo_visita=motivo_visita,
        condicion=condicion,
        origen=origen,
        tipo_doc=tipo_doc,
        num_doc=num_doc,
        visita_anterior_id=anterior.id if anterior is not None and (llegada or anterior.resultado == "poder_pendiente") else None,
        llegada=llegada or now,
        creado=now,
        estado=NUEVO,
        instancia_id=instancia_id,
        case_key=case_key,
    )
    session.add(turno)
    session.flush()
    return turno


def _visita_anterior(session: Session, turno_id: int | None, tipo_doc: str | None, num_doc: str | None) -> Turno | None:
    if turno_id is not None:
        return session.get(Turno, turno_id)
    if not tipo_doc or not num_doc:
        return None
    return session.scalar(select(Turno).where(Turno.num_doc == num_doc, Turno.tipo_doc == tipo_doc).order_by(Turno.id.desc()).limit(1))


def _llegada(anterior: Turno | None, punto_id: str, now: dt.datetime) -> dt.datetime | None:
    if anterior is None or anterior.punto_id != punto_id or anterior.resultado != AUSENTE or anterior.cerrado is None:
        return None
    return reglas.llegada_de_reingreso(anterior.llegada, anterior.cerrado, now)


def encolar(session: Session, turno_id: int, *, peso: int, envejecimiento_min: int, letra: str, now: dt.datetime) -> Encolado:
    """Give the ticket and start waiting. Again for the same turn gives the same ticket."""
    turno = obtener(session, Turno, turno_id)
    if turno.ficha is not None and turno.fecha_cierre is not None:
        return Encolado(turno.ficha, turno.fecha_cierre)
    numero = siguiente_numero(session, f"ficha:{turno.punto_id}:{turno.fecha.isoformat()}:{letra}")
    turno.peso, turno.envejecimiento_min, turno.letra = peso, envejecimiento_min, letra
    return _en_la_fila(session, turno, reglas.formar_ficha(letra, numero), now)


def encolar_manual(
    session: Session, turno_id: int, *, ficha: str, peso: int, envejecimiento_min: int, letra: str, now: dt.datetime
) -> Encolado:
    """The same with a number from paper, when the queue system is down; "M-" keeps it apart from the series of the kiosk.

    It waits with the weight that the priority table gave: a preferential citizen stays preferential.
    """
    turno = obtener(session, Turno, turno_id)
    manual = f"M-{ficha.strip().upper().removeprefix('M-')}"
    ocupada = select(Turno.id).where(
        Turno.punto_id == turno.punto_id, Turno.fecha == turno.fecha, Turno.ficha == manual, Turno.id != turno_id
    )
    if session.scalar(ocupada) is not None:
        raise DatoInvalido(f"La ficha {manual} ya está en la fila de hoy.")
    turno.peso, turno.envejecimiento_min, turno.letra = peso, envejecimiento_min, letra
    return _en_la_fila(session, turno, manual, now)


def _en_la_fila(session: Session, turno: Turno, ficha: str, now: dt.datetime) -> Encolado:
    fecha_cierre = cierre(obtener(session, Punto, turno.punto_id), now)
    turno.ficha, turno.fecha_cierre = ficha, fecha_cierre
    _pasar(session, turno, ESPERA, now)
    return Encolado(ficha, fecha_cierre)


def turnos_en_espera(session: Session, punto_id: str) -> list[EnEspera]:
    """The queue of a point, in no order: `rules.turnos.siguiente` and `ordenar` decide."""
    filas = session.execute(
        select(Turno.id, Turno.ficha, Turno.llegada, Turno.peso, Turno.envejecimiento_min, Turno.condicion).where(
            Turno.punto_id == punto_id, Turno.estado == ESPERA
        )
    )
    return [EnEspera(f.id, f.ficha or "", f.llegada, f.peso, f.envejecimiento_min, f.condicion != "ninguna") for f in filas]


def registrar_llamado(session: Session, turno_id: int, *, asesor_id: str, modulo: str, now: dt.datetime, razon: str | None = None) -> int:
    """Call a turn to a desk; gives how often it was called. TurnoNoDisponible: another desk has it, or it was closed."""
    llamados = session.scalar(
        update(Turno)
        .where(Turno.id == turno_id, Turno.estado.in_(LLAMABLES))
        .values(estado=LLAMADO, n_llamados=Turno.n_llamados + 1)
        .returning(Turno.n_llamados)
        .execution_options(synchronize_session=False)
    )
    if llamados is None:
        raise TurnoNoDisponible
    turno = obtener(session, Turno, turno_id)
    session.refresh(turno)
    _pasar(session, turno, LLAMADO, now, asesor_id=asesor_id, modulo=modulo, razon=razon)
    return llamados


def modulo_del_llamado(session: Session, turno_id: int) -> str | None:
    """The desk to which the turn was called last."""
    return session.scalar(
        select(TurnoPeriodo.modulo)
        .where(TurnoPeriodo.turno_id == turno_id, TurnoPeriodo.modulo.is_not(None))
        .order_by(TurnoPeriodo.id.desc())
        .limit(1)
    )


def registrar_resultado(session: Session, turno_id: int, *, atendido: bool, asesor_id: str, modulo: str, now: dt.datetime) -> int:
    """What came of a call (5.2.2): the attention begins, or the person is absent. Gives how often the turn was called.

    A turn that was absent and is not on call counts one call more: the adviser called again at the desk.
    """
    turno = obtener(session, Turno, turno_id)
    if turno.estado == CERRADO:
        raise TurnoNoDisponible
    if turno.estado != LLAMADO:
        turno.n_llamados += 1
    if not atendido:
        _pasar(session, turno, AUSENTE, now, asesor_id=asesor_id, modulo=modulo)
        return turno.n_llamados
    _pasar(session, turno, ATENCION, now, asesor_id=asesor_id, modulo=modulo)
    session.add(
        Atencion(
            turno_id=turno.id,
            punto_id=turno.punto_id,
            asesor_id=asesor_id,
            persona_id=turno.persona_id,
            inicio=now,
            motivo_visita=turno.motivo_visita,
            instancia_id=turno.instancia_id,
            case_key=turno.case_key,
        )
    )
    session.flush()
    return turno.n_llamados


def pausar(session: Session, turno_id: int, *, now: dt.datetime) -> None:
    """The person waits inside a visit, for a talk: the adviser is free meanwhile."""
    turno = obtener(session, Turno, turno_id)
    if turno.estado in (ATENCION, PAUSA):
        _pasar(session, turno, PAUSA, now)


def detener_reloj(session: Session, turno_id: int, *, asesor_id: str, modulo: str | None, now: dt.datetime) -> None:
    """The attention pauses at the desk, which stays taken: the pause is in the adviser's name."""
    turno = obtener(session, Turno, turno_id)
    if turno.estado == ATENCION:
        _pasar(session, turno, PAUSA, now, asesor_id=asesor_id, modulo=modulo)


def reanudar_reloj(session: Session, turno_id: int, *, asesor_id: str, modulo: str | None, now: dt.datetime) -> None:
    turno = obtener(session, Turno, turno_id)
    if turno.estado == PAUSA:
        _pasar(session, turno, ATENCION, now, asesor_id=asesor_id, modulo=modulo)


def continuar(session: Session, turno_id: int, *, desde: dt.datetime, asesor_id: str) -> None:
    """The pause ended at an hour that somebody wrote down; never before it began."""
    turno = obtener(session, Turno, turno_id)
    if turno.estado != PAUSA:
        return
    inicio = session.scalar(select(TurnoPeriodo.inicio).where(TurnoPeriodo.turno_id == turno_id, TurnoPeriodo.fin.is_(None)))
    _pasar(session, turno, ATENCION, max(desde, inicio or desde), asesor_id=asesor_id, confiable=False)


def cerrar_periodo(session: Session, turno_id: int, *, now: dt.datetime) -> None:
    session.execute(_CERRAR_PERIODO, {"b_turno": turno_id, "b_fin": now})


def cerrar_turno(session: Session, turno_id: int, *, resultado: str, now: dt.datetime) -> None:
    """The turn ends: atendido, escalado, abandono, ausente or poder_pendiente. A closed turn stays as it is."""
    turno = obtener(session, Turno, turno_id)
    if turno.estado == CERRADO:
        return
    cerrar_periodo(session, turno_id, now=now)
    turno.estado, turno.resultado, turno.cerrado = CERRADO, resultado, now
    session.execute(
        update(Atencion).where(Atencion.turno_id == turno_id, Atencion.fin.is_(None)).values(fin=now),
    )
    session.flush()


def _pasar(
    session: Session,
    turno: Turno,
    estado: str,
    now: dt.datetime,
    *,
    asesor_id: str | None = None,
    modulo: str | None = None,
    razon: str | None = None,
    confiable: bool = True,
) -> None:
    turno.estado = estado
    session.flush()
    cerrar_periodo(session, turno.id, now=now)
    session.execute(
        _ABRIR_PERIODO,
        {
            "turno_id": turno.id,
            "punto_id": turno.punto_id,
            "estado": estado,
            "inicio": now,
            "asesor_id": asesor_id,
            "modulo": modulo,
            "razon": razon,
            "confiable": confiable,
        },
    )


@dataclass(frozen=True, slots=True)
class Desenlace:
    """How a turn ends: atendido, escalado, abandono, ausente or poder_pendiente."""

    resultado: str
    con_atencion: bool


def desenlace(session: Session, turno_id: int) -> Desenlace:
    """What the rows of a turn say about its end; one statement."""
    escalado = select(Caso.id).where(Caso.turno_id == Turno.id, Caso.escalado.is_not(None)).exists()
    fila = session.execute(
        select(Turno.estado, Atencion.id.is_not(None), Atencion.titularidad, escalado)
        .outerjoin(Atencion, Atencion.turno_id == Turno.id)
        .where(Turno.id == turno_id)
    ).one_or_none()
    if fila is None:
        raise NoExiste(f"No existe turno {turno_id}.")
    estado, con_atencion, titularidad, hay_escalado = fila
    if not con_atencion:
        return Desenlace("ausente" if estado == AUSENTE else "abandono", con_atencion=False)
    if titularidad == "no_titular":
        return Desenlace("poder_pendiente", con_atencion=True)
    return Desenlace("escalado" if hay_escalado else "atendido", con_atencion=True)
