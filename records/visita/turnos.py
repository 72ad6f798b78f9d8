"""Turns and their periods (M5-1-02 5.2.1, 5.2.2): taken, put in the queue, called, attended,
closed."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.consultas import obtener
from records.base.errores import DatoInvalido, FilaManual, NoExiste, TurnoAbierto, TurnoNoDisponible
from records.base.reglas.documentos import validar_documento
from records.casos.numeracion import siguiente_numero
from records.lugares.puntos import Horario, cierre
from records.plazos.reglas.calendario import dia_local, instante
from records.visita import turnos_sql as sql
from records.visita.reglas import turnos as reglas
from records.visita.reglas.digiturno import MANUAL, con_sufijo
from records.visita.reglas.turnos import (
    ATENCION,
    AUSENTE,
    CERRADO,
    ESPERA,
    LLAMADO,
    NUEVO,
    PAUSA,
    RESERVA,
    TRASLADADO,
    EnEspera,
)
from records.visita.tablas import Turno
from records.visita.turnos_sql import FilaConHorario, FilaTurno


@dataclass(frozen=True, slots=True)
class TurnoCreado:
    """`llegada` is that of the turn before, when the person comes back in time;
    `visita_anterior_id` names it."""

    id: int
    llegada: dt.datetime
    visita_anterior_id: int | None


@dataclass(frozen=True, slots=True)
class Encolado:
    ficha: str
    fecha_cierre: dt.datetime


@dataclass(frozen=True, slots=True)
class NuevoTurno:
    """5.2.1. `visita_anterior_id` is known when the person comes back in the same visit; else the
    document finds it."""

    punto_id: str
    motivo_visita: str
    condicion: str
    origen: str  # quiosco | asesor | digiturno
    tipo_doc: str | None = None
    num_doc: str | None = None
    visita_anterior_id: int | None = None
    idioma: str = "es"
    llegada: dt.datetime | None = None  # as the system says that gave the ticket; None: now


@dataclass(frozen=True, slots=True)
class Prioridad:
    """What the priority table gave: where a turn stands in the queue."""

    peso: int
    envejecimiento_min: int
    letra: str


@dataclass(frozen=True, slots=True)
class _Periodo:
    """What a turn does from `inicio` on, at whose desk. `confiable` False: somebody wrote the hour
    down, or it was left open."""

    estado: str
    inicio: dt.datetime
    asesor_id: str | None = None
    modulo: str | None = None
    razon: str | None = None
    confiable: bool = True
    fuera_de_orden: str | None = None


def crear_turno(session: Session, nuevo: NuevoTurno, acto: Acto) -> TurnoCreado:
    """A new turn. Whoever was absent and is back within 30 minutes keeps the arrival (Q3), so does
    whoever comes from another point (Q26); a pending power is linked (Q6). TurnoAbierto: this
    document waits or is attended already."""
    anterior = _visita_anterior(session, nuevo)
    if (
        anterior is not None
        and anterior.estado != CERRADO
        and anterior.fecha == dia_local(acto.now)
    ):
        raise TurnoAbierto
    llegada = _llegada(anterior, nuevo.punto_id, acto.now) or nuevo.llegada
    sigue = _llegada(anterior, nuevo.punto_id, acto.now) is not None or (
        anterior is not None and anterior.resultado == "poder_pendiente"
    )
    anterior_id = anterior.id if anterior is not None and sigue else None
    fila = {
        "punto_id": nuevo.punto_id,
        "fecha": dia_local(acto.now),
        "motivo_visita": nuevo.motivo_visita,
        "condicion": nuevo.condicion,
        "origen": nuevo.origen,
        "tipo_doc": nuevo.tipo_doc,
        "num_doc": nuevo.num_doc,
        "visita_anterior_id": anterior_id,
        "llegada": llegada or acto.now,
        "creado": acto.now,
        "estado": NUEVO,
        "peso": 0,
        "envejecimiento_min": 0,
        "n_llamados": 0,
        "instancia_id": acto.instancia_id,
        "case_key": acto.case_key,
        "idioma": nuevo.idioma,
    }
    return TurnoCreado(sql.ALTA.scalar(session, fila), llegada or acto.now, anterior_id)


def _turno(session: Session, turno_id: int) -> FilaTurno:
    turno = sql.TURNO_DE.first(session, {"b_turno": turno_id})
    if turno is None:
        raise NoExiste("No existe el turno %(n)s.", n=turno_id)
    return turno


def _visita_anterior(session: Session, nuevo: NuevoTurno) -> FilaTurno | None:
    if nuevo.visita_anterior_id is not None:
        return sql.TURNO_DE.first(session, {"b_turno": nuevo.visita_anterior_id})
    if not nuevo.tipo_doc or not nuevo.num_doc:
        return None
    return sql.ULTIMO_DEL_DOCUMENTO.first(
        session, {"b_num": nuevo.num_doc, "b_tipo": nuevo.tipo_doc}
    )


def _llegada(anterior: FilaTurno | None, punto_id: str, now: dt.datetime) -> dt.datetime | None:
    if anterior is None or anterior.cerrado is None:
        return None
    if (
        anterior.resultado == TRASLADADO
        and anterior.destino_punto_id == punto_id
        and anterior.fecha == dia_local(now)
    ):
        return anterior.llegada
    if anterior.resultado != AUSENTE or anterior.punto_id != punto_id:
        return None
    return reglas.llegada_de_reingreso(anterior.llegada, anterior.cerrado, now)


def encolar(session: Session, turno_id: int, prioridad: Prioridad, *, now: dt.datetime) -> Encolado:
    """Give the ticket and start waiting. Again for the same turn gives the same ticket; so does a
    turn that goes on with one of this day and point: the person holds that paper. A number of
    another turn system stays, and waits since it was given. FilaManual: the point gives paper
    now."""
    turno = _con_horario(session, turno_id)
    if turno.ficha is not None and turno.fecha_cierre is not None:
        return Encolado(turno.ficha, turno.fecha_cierre)
    if turno.ficha_anterior is not None:
        return _en_la_fila(session, turno, turno.ficha_anterior, prioridad, now)
    if turno.ficha_dada is not None:
        return _en_la_fila(
            session,
            turno,
            _libre(session, turno, turno.ficha_dada),
            prioridad,
            now,
            desde=min(turno.llegada, now),
        )
    if turno.modo == MANUAL:
        raise FilaManual
    numero = siguiente_numero(
        session, f"ficha:{turno.punto_id}:{turno.fecha.isoformat()}:{prioridad.letra}"
    )
    ficha = reglas.formar_ficha(prioridad.letra, numero)
    return _en_la_fila(
        session, turno, _libre(session, turno, ficha) if turno.con_otras else ficha, prioridad, now
    )


def _libre(session: Session, turno: FilaConHorario, ficha: str) -> str:
    """The number, told by a suffix from one that another machine has given today."""
    de_hoy = {"b_punto": turno.punto_id, "b_fecha": turno.fecha, "b_turno": turno.id}
    filas = sql.FICHAS_COMO.all(session, {**de_hoy, "b_ficha": ficha, "b_con_sufijo": f"{ficha}-"})
    return con_sufijo(ficha, [fila[0] for fila in filas])


def encolar_manual(
    session: Session, turno_id: int, ficha: str, prioridad: Prioridad, *, now: dt.datetime
) -> Encolado:
    """The same with a number from paper, when the queue system is down; "M-" keeps it apart from
    the series of the kiosk.

    It waits with the weight that the priority table gave: a preferential citizen stays
    preferential.
    """
    turno = _con_horario(session, turno_id)
    manual = f"M-{ficha.strip().upper().removeprefix('M-')}"
    ocupada = select(Turno.id).where(
        Turno.punto_id == turno.punto_id,
        Turno.fecha == turno.fecha,
        Turno.ficha == manual,
        Turno.id != turno_id,
    )
    if session.scalar(ocupada) is not None:
        raise DatoInvalido("La ficha %(ficha)s ya está en la fila de hoy.", ficha=manual)
    return _en_la_fila(session, turno, manual, prioridad, now)


def _con_horario(session: Session, turno_id: int) -> FilaConHorario:
    turno = sql.CON_HORARIO.first(session, {"b_turno": turno_id})
    if turno is None:
        raise NoExiste("No existe el turno %(n)s.", n=turno_id)
    return turno


def _en_la_fila(
    session: Session,
    turno: FilaConHorario,
    ficha: str,
    prioridad: Prioridad,
    now: dt.datetime,
    *,
    desde: dt.datetime | None = None,
) -> Encolado:
    horario = Horario(
        turno.punto_id,
        turno.tz,
        turno.dias_manana,
        turno.mediodia,
        turno.hora_cierre,
        turno.abierto_hasta,
    )
    fecha_cierre = cierre(horario, now)
    sql.EN_LA_FILA.run(
        session,
        {
            "b_turno": turno.id,
            "b_ficha": ficha,
            "b_letra": prioridad.letra,
            "b_peso": prioridad.peso,
            "b_envejecimiento": prioridad.envejecimiento_min,
            "b_cierre": fecha_cierre,
        },
    )
    if turno.estado != NUEVO:
        cerrar_periodo(session, turno.id, now=now)
    _abrir_periodo(session, turno.id, turno.punto_id, _Periodo(ESPERA, desde or now))
    return Encolado(ficha, fecha_cierre)


def turnos_en_espera(session: Session, punto_id: str) -> list[EnEspera]:
    """The queue of a point, in no order: `rules.turnos.siguiente` and `ordenar` decide."""
    filas = sql.ESPERAN.all(session, {"b_punto": punto_id})
    return [
        EnEspera(
            f.id,
            f.ficha or "",
            f.llegada,
            f.peso,
            f.envejecimiento_min,
            f.condicion != "ninguna",
            f.modulo_destino,
            f.modulo_hasta,
        )
        for f in filas
    ]


def registrar_llamado(
    session: Session,
    turno_id: int,
    modulo: str,
    acto: Acto,
    razon: str | None = None,
    *,
    fuera_de_orden: str | None = None,
) -> int:
    """Call a turn to a desk; gives how often it was called. TurnoNoDisponible: another desk has it,
    or it was closed. `fuera_de_orden`: a key of `reglas.FUERA_DE_ORDEN`."""
    llamado = sql.LLAMAR.first(session, {"b_turno": turno_id})
    if llamado is None:
        raise TurnoNoDisponible
    cerrar_periodo(session, turno_id, now=acto.now)
    llamada = _Periodo(LLAMADO, acto.now, acto.quien, modulo, razon, fuera_de_orden=fuera_de_orden)
    _abrir_periodo(session, turno_id, llamado.punto_id, llamada)
    return llamado.n_llamados


def elegir_idioma(session: Session, turno_id: int, idioma: str) -> None:
    """In which language the person of a turn is written to: paper, mails, templates."""
    obtener(session, Turno, turno_id).idioma = idioma
    session.flush()


def repetir_llamado(session: Session, turno_id: int, modulo: str, acto: Acto) -> None:
    """Board and chime once more for somebody who has not come to the desk yet; it does not count as
    another call."""
    turno = _turno(session, turno_id)
    if turno.estado != LLAMADO:
        raise TurnoNoDisponible
    _pasar(session, turno, _Periodo(LLAMADO, acto.now, acto.quien, modulo, "Llamado otra vez"))


def devolver(
    session: Session, turno_id: int, acto: Acto, *, modulo: str | None, razon: str
) -> None:
    """A turn at a desk waits again, with its ticket and arrival; that call does not count. With
    `modulo` for that desk first (Q26).

    What was begun there with the person begins anew with the next call.
    """
    hasta = acto.now + RESERVA if modulo else None
    vuelto = sql.DEVOLVER.first(
        session, {"b_turno": turno_id, "b_modulo": modulo, "b_hasta": hasta}
    )
    if vuelto is None:
        raise TurnoNoDisponible
    cerrar_periodo(session, turno_id, now=acto.now)
    sql.SOLTAR_ATENCION.run(session, {"b_turno": turno_id})
    _abrir_periodo(
        session, turno_id, vuelto.punto_id, _Periodo(ESPERA, acto.now, acto.quien, razon=razon)
    )


def trasladar(
    session: Session, turno_id: int, punto_id: str, acto: Acto, *, razon: str | None = None
) -> None:
    """A turn at a desk ends here: the person goes on at another point, where the arrival is kept
    (Q26)."""
    if (
        sql.TRASLADAR.run(session, {"b_turno": turno_id, "b_destino": punto_id, "b_fin": acto.now})
        == 0
    ):
        raise TurnoNoDisponible
    if razon is None:
        cerrar_periodo(session, turno_id, now=acto.now)
    else:
        sql.CERRAR_PERIODO_POR.run(
            session, {"b_turno": turno_id, "b_fin": acto.now, "b_razon": razon}
        )
    sql.SOLTAR_ATENCION.run(session, {"b_turno": turno_id})


@dataclass(frozen=True, slots=True)
class Vuelta:
    """Why a turn came back to the queue, from whose desk, and when."""

    razon: str
    asesor_id: str | None
    en: dt.datetime


def ultima_vuelta(session: Session, turno_id: int) -> Vuelta | None:
    """The last time that a desk gave this turn back or handed it on; None: it never did."""
    fila = sql.ULTIMA_VUELTA.first(session, {"b_turno": turno_id})
    return Vuelta(fila.razon, fila.asesor_id, fila.inicio) if fila is not None else None


def modulo_del_llamado(session: Session, turno_id: int) -> str | None:
    """The desk to which the turn was called last."""
    modulo: str | None = sql.ULTIMO_MODULO.scalar(session, {"b_turno": turno_id})
    return modulo


def registrar_resultado(
    session: Session, turno_id: int, modulo: str, acto: Acto, *, atendido: bool
) -> int:
    """What came of a call (5.2.2): the attention begins, or the person is absent. Gives how often
    the turn was called.

    A turn that was absent and is not on call counts one call more: the adviser called again at the
    desk.
    """
    turno = _turno(session, turno_id)
    if turno.estado == CERRADO:
        raise TurnoNoDisponible
    llamados = turno.n_llamados + (turno.estado != LLAMADO)
    _pasar(
        session,
        turno,
        _Periodo(ATENCION if atendido else AUSENTE, acto.now, acto.quien, modulo),
        llamados,
    )
    if atendido:
        sql.EMPEZAR_ATENCION.run(
            session,
            {
                "turno_id": turno_id,
                "punto_id": turno.punto_id,
                "asesor_id": acto.quien,
                "persona_id": turno.persona_id,
                "inicio": acto.now,
                "motivo": "",
                "motivo_visita": turno.motivo_visita,
                "datos_actualizados": False,
                "resuelto_primer_contacto": False,
                "instancia_id": turno.instancia_id,
                "case_key": turno.case_key,
            },
        )
    return llamados


def pausar(session: Session, turno_id: int, *, now: dt.datetime) -> None:
    """The person waits inside a visit, for a talk: the adviser is free meanwhile."""
    turno = _turno(session, turno_id)
    if turno.estado in (ATENCION, PAUSA):
        _pasar(session, turno, _Periodo(PAUSA, now))


def detener_reloj(
    session: Session, turno_id: int, modulo: str | None, acto: Acto, razon: str | None = None
) -> None:
    """The attention pauses at the desk, which stays taken: the pause is in the adviser's name, with
    why they chose it."""
    turno = _turno(session, turno_id)
    if turno.estado == ATENCION:
        _pasar(session, turno, _Periodo(PAUSA, acto.now, acto.quien, modulo, razon))


def reanudar_reloj(session: Session, turno_id: int, modulo: str | None, acto: Acto) -> None:
    turno = _turno(session, turno_id)
    if turno.estado == PAUSA:
        _pasar(session, turno, _Periodo(ATENCION, acto.now, acto.quien, modulo))


def continuar(session: Session, turno_id: int, *, desde: dt.datetime, asesor_id: str) -> None:
    """The pause ended at an hour that somebody wrote down; never before it began."""
    turno = _turno(session, turno_id)
    if turno.estado != PAUSA:
        return
    inicio = sql.PERIODO_ABIERTO.scalar(session, {"b_turno": turno_id})
    _pasar(
        session, turno, _Periodo(ATENCION, max(desde, inicio or desde), asesor_id, confiable=False)
    )


def anotar_documento(session: Session, turno_id: int, tipo_doc: str, num_doc: str) -> None:
    """The document of whoever leaves to come back (5.2.5), so that the next turn is found by it;
    one given before stays."""
    turno = obtener(session, Turno, turno_id)
    if not turno.num_doc:
        turno.tipo_doc, turno.num_doc = tipo_doc, validar_documento(tipo_doc, num_doc)


def traer_al_modulo(session: Session, turno_id: int, modulo: str, acto: Acto) -> None:
    """Who comes out of the information room goes on at this adviser's desk (5.2.20).
    TurnoNoDisponible: somebody has them."""
    if sql.SIN_MODULO.scalar(session, {"b_turno": turno_id}) is None:
        raise TurnoNoDisponible
    _pasar(session, _turno(session, turno_id), _Periodo(ATENCION, acto.now, acto.quien, modulo))
    sql.ATIENDE.run(session, {"b_turno": turno_id, "b_asesor": acto.quien})


def cerrar_periodo(session: Session, turno_id: int, *, now: dt.datetime) -> None:
    """An attention that was left open from one day to another is not reliable: nobody attended all
    night."""
    sql.CERRAR_PERIODO.run(
        session, {"b_turno": turno_id, "b_fin": now, "b_hoy": instante(dia_local(now), dt.time(0))}
    )


def cerrar_turno(session: Session, turno_id: int, *, resultado: str, now: dt.datetime) -> None:
    """The turn ends: atendido, escalado, abandono, ausente or poder_pendiente. A closed turn stays
    as it is."""
    if sql.CERRAR.run(session, {"b_turno": turno_id, "b_resultado": resultado, "b_fin": now}) == 0:
        _turno(session, turno_id)
        return
    cerrar_periodo(session, turno_id, now=now)
    sql.TERMINAR_ATENCION.run(session, {"b_turno": turno_id, "b_fin": now})


def _pasar(
    session: Session, turno: FilaTurno, periodo: _Periodo, llamados: int | None = None
) -> None:
    cuantos = turno.n_llamados if llamados is None else llamados
    sql.ESTADO.run(
        session, {"b_turno": turno.id, "b_estado": periodo.estado, "b_llamados": cuantos}
    )
    cerrar_periodo(session, turno.id, now=periodo.inicio)
    _abrir_periodo(session, turno.id, turno.punto_id, periodo)


def _abrir_periodo(session: Session, turno_id: int, punto_id: str, periodo: _Periodo) -> None:
    sql.ABRIR_PERIODO.run(
        session,
        {
            "turno_id": turno_id,
            "punto_id": punto_id,
            "estado": periodo.estado,
            "inicio": periodo.inicio,
            "asesor_id": periodo.asesor_id,
            "modulo": periodo.modulo,
            "razon": periodo.razon,
            "confiable": periodo.confiable,
            "fuera_de_orden": periodo.fuera_de_orden,
        },
    )


@dataclass(frozen=True, slots=True)
class Desenlace:
    """How a turn ends: atendido, escalado, abandono, ausente or poder_pendiente."""

    resultado: str
    con_atencion: bool


def desenlace(session: Session, turno_id: int) -> Desenlace:
    """What the rows of a turn say about its end; one statement."""
    fila = sql.DESENLACE.first(session, {"b_turno": turno_id})
    if fila is None:
        raise NoExiste("No existe el turno %(n)s.", n=turno_id)
    if not fila.con_atencion:
        return Desenlace("ausente" if fila.estado == AUSENTE else "abandono", con_atencion=False)
    if fila.titularidad == "no_titular":
        return Desenlace("poder_pendiente", con_atencion=True)
    return Desenlace("escalado" if fila.hay_escalado else "atendido", con_atencion=True)
