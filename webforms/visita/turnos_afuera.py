"""Other turn systems and the visits here: one intake for whatever way an event came, applied by
commands of the engine; and the way back.

A round of the worker asks those that are asked, applies what waits in the order in which it
happened, tells what was done here, and sees who has fallen silent. Each event is applied in the
commit of its command: twice it does nothing, half it is never done.
"""

import contextlib
import datetime as dt
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from common.faults import is_outage
from engine import reads
from engine.errors import Conflict, InstanceNotActive
from engine.reads.items import InboxFilter
from engine.states import ActorKind
from engine.types import Actor, Data, Role, WorkItem, Writing
from records.base.actos import Acto
from records.base.datos import entero
from records.base.errores import Rechazo, TurnoAbierto, TurnoNoDisponible
from records.cuentas.reglas.roles import ASESOR, USUARIO
from records.lugares.puntos import esta_abierto
from records.lugares.tablas import Punto
from records.sistemas.puertos import Causa, FallaDeSistema
from records.visita import calificaciones, digiturno, turnos
from records.visita.puertos import EventosLeidos, TurnosAfuera
from records.visita.reglas.digiturno import (
    ARCHIVO,
    MANUAL,
    PROPIO,
    Clase,
    Evento,
    Hechos,
    Motivo,
    Paso,
    decidir,
    sigue_esperando,
    siguiente_modo,
)
from records.visita.reglas.turnos import ATENCION, PAUSA
from records.visita.tablas import DigiturnoEvento, DigiturnoSistema, Turno
from webforms.base.personas import DE_TURNOS
from webforms.base.servicios import servicios
from webforms.visita import llegadas

log = logging.getLogger(__name__)

LLAMADA: Final = "act_5_2_2"
CALIFICA: Final = "act_5_2_13"
RONDA: Final = 500  #: events after which a round looks at none again
PAGINAS: Final = 20  #: pages of a system in one round
ENVIOS: Final = 50  #: acts told to a system in one round
#: something else happened meanwhile: it is looked at again
SIN_VIA: Final = (Conflict, InstanceNotActive, Rechazo, IntegrityError)


def sistema_de_turnos(codigo: str) -> TurnosAfuera | None:
    return next((s for s in servicios().turnos_afuera if s.codigo == codigo), None)


def vuelta(now: dt.datetime, *, seguir: Callable[[], bool] = lambda: True) -> int:
    """One look of the worker; how many events were decided."""
    afuera = servicios().turnos_afuera
    for sistema in afuera:
        if seguir():
            preguntar(sistema, now)
    decididos = aplicar_pendientes(now, seguir)
    if seguir() and hallar_salidas(now):
        for sistema in afuera:
            decir(sistema, now)
    cambiar_por_silencio(afuera, now)
    return decididos


# --- what they tell -------------------------------------------------------------------------------
def recibir(
    sistema: TurnosAfuera, eventos: Sequence[Evento], medio: str, now: dt.datetime
) -> Callable[[Session], int]:
    """Keeps them, as a piece of a transaction."""
    dichos = [sistema.traducir(e) for e in eventos]
    return lambda session: digiturno.recibir(session, sistema.codigo, dichos, medio, now)


def preguntar(sistema: TurnosAfuera, now: dt.datetime, *, ya: bool = False) -> int:
    """Asks for what happened there since it was asked last, if its time has come; how many events
    were new."""
    s = servicios()
    if sistema.cada is None:
        return 0
    with s.uow.reading() as session:
        fila = digiturno.sistema_de_o_nada(session, sistema.codigo)
    desde = fila.cursor if fila is not None else ""
    if (
        not ya
        and fila is not None
        and fila.preguntado is not None
        and now - fila.preguntado < sistema.cada
    ):
        return 0
    nuevos = 0
    for _pagina in range(PAGINAS):
        try:
            leidos = sistema.eventos(desde, now)
        except FallaDeSistema as falla:
            _callo(sistema.codigo, falla.detalle, now)
            break
        nuevos += s.uow.run(_guardar(sistema, leidos, now))
        desde = leidos.hasta
        if not leidos.mas:
            break
    return nuevos


def _callo(codigo: str, detalle: str, now: dt.datetime) -> None:
    servicios().uow.run(lambda session: digiturno.no_respondio(session, codigo, detalle, now))


def _guardar(
    sistema: TurnosAfuera, leidos: EventosLeidos, now: dt.datetime
) -> Callable[[Session], int]:
    """The events and until where they were read, in one transaction."""
    guardar = recibir(sistema, leidos.eventos, sistema.medio, now)

    def piezas(session: Session) -> int:
        nuevos = guardar(session)
        digiturno.preguntado(session, sistema.codigo, leidos.hasta, leidos.ilegibles, now)
        return nuevos

    return piezas


# --- what they told is applied --------------------------------------------------------------------
def aplicar_pendientes(now: dt.datetime, seguir: Callable[[], bool] = lambda: True) -> int:
    """All that waits, in the order in which it happened; how many were decided. What one of them
    was waited for is looked at again."""
    hechos, vistos, ultimo, en_esta = 0, 0, None, 0
    # whatever waits is looked at once at least: many that wait for something keep nobody behind
    # them waiting
    while seguir():
        with servicios().uow.reading() as session:
            filas = digiturno.por_aplicar(session, ultimo)
        if not filas and (not en_esta or vistos >= RONDA):
            break
        for fila in filas:
            en_esta += _aplicar_o_listar(fila, now)
            ultimo, vistos = (fila.cuando, fila.id), vistos + 1
        if not filas:
            hechos, en_esta, ultimo = hechos + en_esta, 0, None
    return hechos + en_esta


def _aplicar_o_listar(fila: DigiturnoEvento, now: dt.datetime) -> bool:
    """One that cannot be applied for a fault of ours does not keep the others waiting."""
    try:
        return aplicar(fila, now)
    except Exception as error:
        if is_outage(error):
            raise
        log.exception("event %s of %s could not be applied", fila.id, fila.sistema)
        hecho = digiturno.Resuelto(digiturno.LISTADO, Motivo.NO_SE_PUDO.value)
        return servicios().uow.run(
            lambda session: digiturno.decidido(session, fila.id, hecho, Acto(digiturno.MOTOR, now))
        )


def aplicar(fila: DigiturnoEvento, now: dt.datetime) -> bool:
    """One event, as things stand. False: it waits for another one, or for its next try."""
    s = servicios()
    evento = digiturno.evento_de(fila)
    with s.uow.reading() as session:
        punto = session.get(Punto, fila.punto_id) if fila.punto_id else None
        asesor, pregunta = _atiende(session, fila), _preguntados(session, fila)
        abierto = punto is not None and esta_abierto(punto, now)
        h = digiturno.hechos(session, fila, asesor, abierto=abierto, pregunta=pregunta)
    decision = decidir(evento, h, now, de_noche=fila.medio == ARCHIVO)
    if decision.paso is Paso.APLICAR and punto is not None:
        try:
            motivo = _APLICAR[evento.clase](fila, evento, h, punto, now)
        except TurnoAbierto:
            motivo = Motivo.DOCUMENTO_ABIERTO
        except SIN_VIA:
            log.info(
                "event %s of %s meets another act; it is looked at again",
                fila.id,
                fila.sistema,
                exc_info=True,
            )
            return _anotar(fila, digiturno.EN_ESPERA, Motivo.SIN_LLAMADO, h, now)
        return True if motivo is None else _anotar(fila, digiturno.LISTADO, motivo, h, now)
    motivo = decision.motivo or Motivo.CONTRADICE
    if decision.paso is Paso.ESPERAR:
        return _anotar(fila, digiturno.EN_ESPERA, motivo, h, now)
    return _anotar(
        fila,
        digiturno.SIN_EFECTO if decision.paso is Paso.NADA else digiturno.LISTADO,
        motivo,
        h,
        now,
    )


def _anotar(
    fila: DigiturnoEvento, estado: str, motivo: Motivo, h: Hechos, now: dt.datetime
) -> bool:
    """What waited long enough is listed."""
    if estado == digiturno.EN_ESPERA:
        if sigue_esperando(motivo, fila.recibido, now, en_atencion=h.estado in (ATENCION, PAUSA)):
            if (fila.estado, fila.motivo) != (estado, motivo.value):
                hecho = digiturno.Resuelto(estado, motivo.value, h.turno_id)
                servicios().uow.run(
                    lambda session: digiturno.decidido(
                        session, fila.id, hecho, Acto(digiturno.MOTOR, now)
                    )
                )
            return False
        estado = digiturno.LISTADO
    hecho = digiturno.Resuelto(estado, motivo.value, h.turno_id)
    return servicios().uow.run(
        lambda session: digiturno.decidido(session, fila.id, hecho, Acto(digiturno.MOTOR, now))
    )


def _atiende(session: Session, fila: DigiturnoEvento) -> str | None:
    """Who was called for already: the adviser who holds the call (5.2.2)."""
    if fila.clase not in (Clase.INICIADO, Clase.AUSENTE) or fila.punto_id is None:
        return None
    item = _llamada(session, _turno_id(session, fila))
    return item.claimed_by if item is not None else None


def _turno_id(session: Session, fila: DigiturnoEvento) -> int | None:
    h = digiturno.hechos(session, fila, "", abierto=True, pregunta=frozenset())
    return h.turno_id


def _llamada(session: Session, turno_id: int | None) -> WorkItem | None:
    turno = session.get(Turno, turno_id) if turno_id is not None else None
    if turno is None or turno.case_key is None:
        return None
    abiertas = reads.items.of_case(session, turno.case_key, only_open=True)
    return next(
        (i for i in abiertas if i.element == LLAMADA and i.data.get("turno_id") == turno_id), None
    )


def _preguntados(session: Session, fila: DigiturnoEvento) -> frozenset[int]:
    """Turns of this point whose rating is asked for now (5.2.13)."""
    if fila.clase != Clase.CALIFICADO or fila.punto_id is None:
        return frozenset()
    return frozenset(
        entero(i.data, "turno_id") for i in _preguntas(session, fila.sistema, fila.punto_id)
    )


def _preguntas(session: Session, sistema: str, punto_id: str) -> list[WorkItem]:
    filtro = InboxFilter(process=llegadas.PROCESO, element=CALIFICA, scope=punto_id)
    return [
        i
        for i in reads.items.inbox(session, maquina(sistema, punto_id), filtro, limit=None)
        if i.data.get("turno_id")
    ]


def maquina(sistema: str, punto_id: str) -> Actor:
    """The turn system at a point: what a person does there at its machine, as at our kiosk."""
    return Actor(ActorKind.DEVICE, f"{DE_TURNOS}:{sistema}", frozenset({Role(USUARIO, punto_id)}))


def _asesor(usuario: str, punto_id: str) -> Actor:
    return Actor(
        ActorKind.PERSON, usuario, frozenset({Role(ASESOR, punto_id), Role(USUARIO, punto_id)})
    )


def _acto(w: Writing, evento: Evento, h: Hechos) -> Acto:
    """At the time at which it happened there, never before what was there before."""
    cuando = min(max(evento.cuando, h.desde or evento.cuando), w.now)
    return Acto(w.actor.id, cuando, w.case_key, w.instance_id)


def _emitir(
    fila: DigiturnoEvento, evento: Evento, _h: Hechos, punto: Punto, now: dt.datetime
) -> Motivo | None:
    """5.2.1: the visit begins with the number that the person holds, and the arrival that is
    printed on it."""
    s = servicios()
    sistema = sistema_de_turnos(fila.sistema)
    documento = str(evento.datos.get("num_doc", ""))
    valores: Data = {
        "motivo_visita": sistema.motivo(str(evento.datos.get("servicio", "")))
        if sistema is not None
        else "servicio_adquirido",
        "condicion": "preferente" if evento.datos.get("preferente") else "ninguna",
        "tipo_doc": str(evento.datos.get("tipo_doc", "")) if documento else "",
        "num_doc": documento,
    }
    with s.uow.reading() as session:
        if llegadas.turno_abierto(session, str(valores["tipo_doc"]), documento, now) is not None:
            return Motivo.DOCUMENTO_ABIERTO
        anterior = llegadas.visita_anterior(
            session, punto.codigo, str(valores["tipo_doc"]), documento, now
        )

    def anotar(w: Writing) -> Data:
        nuevo = turnos.NuevoTurno(
            punto_id=punto.codigo,
            motivo_visita=str(w.values["motivo_visita"]),
            condicion=str(w.values["condicion"]),
            origen="digiturno",
            tipo_doc=str(w.values["tipo_doc"]) or None,
            num_doc=documento or None,
            visita_anterior_id=anterior,
            llegada=min(evento.cuando, w.now),
        )
        creado = turnos.crear_turno(
            w.session, nuevo, Acto(w.actor.id, w.now, w.case_key, w.instance_id)
        )
        digiturno.ligar(w.session, fila.sistema, evento, creado.id, punto.codigo)
        digiturno.hecho(w.session, fila, creado.id, Acto(digiturno.MOTOR, w.now), eco=False)
        return {"turno_id": creado.id}

    llave = f"{fila.sistema}:{punto.codigo}:{evento.cuando:%Y%m%d}:{evento.ticket}"
    llegada = llegadas.Llegada(valores, llave, anterior)
    llegadas.iniciar(
        punto, llegada, actor=maquina(fila.sistema, punto.codigo), now=now, registros=anotar
    )
    return None


def _correlacionar(
    mensaje: str,
    turno_id: int,
    actor: Actor,
    now: dt.datetime,
    registros: llegadas.Registros,
    toma: str | None,
) -> None:
    servicios().engine.messages.correlate(
        mensaje, str(turno_id), {}, actor=actor, now=now, claim=toma, records=registros
    )


def _llamar(
    fila: DigiturnoEvento, evento: Evento, h: Hechos, punto: Punto, now: dt.datetime
) -> Motivo | None:
    """5.2.2: called at the console of the system, by the adviser of that desk; here it is their
    call."""
    turno_id, modulo = h.turno_id or 0, str(evento.datos.get("modulo", ""))
    razon = f"Llamado en {_nombre(fila.sistema)}"

    def anotar(w: Writing) -> None:
        turnos.registrar_llamado(w.session, turno_id, modulo, _acto(w, evento, h), razon)
        digiturno.hecho(w.session, fila, turno_id, Acto(digiturno.MOTOR, w.now))

    _correlacionar(
        "TurnoLlamado", turno_id, _asesor(h.asesor or "", punto.codigo), now, anotar, LLAMADA
    )
    return None


def _retirar(
    fila: DigiturnoEvento, _evento: Evento, h: Hechos, punto: Punto, now: dt.datetime
) -> Motivo | None:
    turno_id = h.turno_id or 0

    def anotar(w: Writing) -> None:
        digiturno.hecho(w.session, fila, turno_id, Acto(digiturno.MOTOR, w.now))

    _correlacionar(
        "TurnoRetirado", turno_id, maquina(fila.sistema, punto.codigo), now, anotar, None
    )
    return None


def _reingresar(
    fila: DigiturnoEvento, _evento: Evento, h: Hechos, punto: Punto, now: dt.datetime
) -> Motivo | None:
    """Q3: back in time, with the number and the arrival of before."""
    s = servicios()
    with s.uow.reading() as session:
        antes = session.get(Turno, h.turno_id)
    if antes is None:
        return Motivo.SIN_EMITIR
    iniciada = llegadas.iniciar(
        punto, llegadas.de_vuelta(antes), actor=maquina(fila.sistema, punto.codigo), now=now
    )
    with s.uow.reading() as session:
        turno_id = llegadas.turno_de(session, iniciada.instance_id).id
    hecho = digiturno.Resuelto(digiturno.APLICADO, turno_id=turno_id)
    s.uow.run(
        lambda session: digiturno.decidido(session, fila.id, hecho, Acto(digiturno.MOTOR, now))
    )
    return None


def _resultado(
    fila: DigiturnoEvento, evento: Evento, h: Hechos, punto: Punto, now: dt.datetime
) -> Motivo | None:
    """5.2.2: the person came to the desk, or did not."""
    s = servicios()
    with s.uow.reading() as session:
        item = _llamada(session, h.turno_id)
    if item is None or not item.claimed_by:
        raise TurnoNoDisponible
    turno_id, atendido = h.turno_id or 0, evento.clase is Clase.INICIADO
    modulo = h.modulo or str(evento.datos.get("modulo", ""))
    valores: Data = {"modulo": modulo, "resultado_llamado": "atendido" if atendido else "ausente"}

    def anotar(w: Writing) -> Data:
        llamados = turnos.registrar_resultado(
            w.session, turno_id, modulo, _acto(w, evento, h), atendido=atendido
        )
        digiturno.hecho(w.session, fila, turno_id, Acto(digiturno.MOTOR, w.now))
        return {"n_llamados": llamados}

    s.engine.items.complete(
        item.id,
        values=valores,
        actor=_asesor(item.claimed_by, punto.codigo),
        now=now,
        records=anotar,
    )
    return None


def _finalizar(
    fila: DigiturnoEvento, evento: Evento, h: Hechos, _punto: Punto, now: dt.datetime
) -> Motivo | None:
    """Of a day that is over: the end that nobody here knew."""
    turno_id = h.turno_id or 0

    def anotar(session: Session) -> None:
        hecha = digiturno.completar_hora(session, turno_id, evento.cuando)
        hecho = digiturno.Resuelto(
            digiturno.APLICADO if hecha else digiturno.SIN_EFECTO,
            "" if hecha else Motivo.TARDE.value,
            turno_id,
        )
        digiturno.decidido(session, fila.id, hecho, Acto(digiturno.MOTOR, now))

    servicios().uow.run(anotar)
    return None


def _calificar(
    fila: DigiturnoEvento, evento: Evento, h: Hechos, punto: Punto, now: dt.datetime
) -> Motivo | None:
    """5.2.13: rated at the machine of the system; or of a visit that has ended, whose question
    nobody had answered."""
    s = servicios()
    turno_id, valor = h.turno_id or 0, int(evento.datos["valor"])
    maquina_suya = maquina(fila.sistema, punto.codigo)
    if not h.pregunta:

        def completar(session: Session) -> None:
            digiturno.completar_calificacion(
                session, turno_id, valor, Acto(maquina_suya.id, min(evento.cuando, now))
            )
            digiturno.decidido(
                session,
                fila.id,
                digiturno.Resuelto(digiturno.APLICADO, turno_id=turno_id),
                Acto(digiturno.MOTOR, now),
            )

        s.uow.run(completar)
        return None
    with s.uow.reading() as session:
        item = next(
            (
                i
                for i in _preguntas(session, fila.sistema, punto.codigo)
                if i.data.get("turno_id") == turno_id
            ),
            None,
        )
    if item is None:
        raise TurnoNoDisponible  # the question has just ended

    def anotar(w: Writing) -> Data:
        nueva = calificaciones.NuevaCalificacion(valor, medio="digiturno", fuente="digiturno")
        hecha = calificaciones.registrar_calificacion(
            w.session, turno_id, nueva, Acto(w.actor.id, w.now, w.case_key, w.instance_id)
        )
        digiturno.hecho(w.session, fila, turno_id, Acto(digiturno.MOTOR, w.now), eco=False)
        return {"calificacion_id": hecha}

    valores: Data = {"calificacion": valor, "motivo_calificacion": "", "comentario": ""}
    s.engine.items.complete(item.id, values=valores, actor=maquina_suya, now=now, records=anotar)
    return None


def _nombre(codigo: str) -> str:
    sistema = sistema_de_turnos(codigo)
    return sistema.nombre if sistema is not None else codigo


_Aplica = Callable[[DigiturnoEvento, Evento, Hechos, Punto, dt.datetime], Motivo | None]
_APLICAR: Final[Mapping[Clase, _Aplica]] = {
    Clase.EMITIDO: _emitir,
    Clase.LLAMADO: _llamar,
    Clase.AUSENTE: _resultado,
    Clase.INICIADO: _resultado,
    Clase.REINGRESO: _reingresar,
    Clase.RETIRADO: _retirar,
    Clase.FINALIZADO: _finalizar,
    Clase.CALIFICADO: _calificar,
}


# --- what they are to hear ------------------------------------------------------------------------
def hallar_salidas(now: dt.datetime) -> bool:
    """What was done here since is to be told; False: nobody is to hear anything. Only then nothing
    is written."""
    s = servicios()
    avisan = frozenset(a.codigo for a in s.turnos_afuera if a.avisa)
    if not avisan:
        return False
    with s.uow.reading() as session:
        if not digiturno.hay_salidas(session, now):
            return False
    s.uow.run(lambda session: digiturno.hallar_salidas(session, avisan, now))
    return True


def decir(sistema: TurnosAfuera, now: dt.datetime) -> int:
    """What was done here to its tickets, the oldest first; how many acts it heard of. One that is
    silent ends the round."""
    if not sistema.avisa:
        return 0
    s, dichas = servicios(), 0
    for _vez in range(ENVIOS):
        salida = s.uow.run(lambda session: digiturno.tomar_salida(session, sistema.codigo, now))
        if salida is None:
            break
        try:
            sistema.avisar(salida, now)
        except FallaDeSistema as falla:
            definitivo = falla.causa is Causa.RECHAZADO
            _no_dicha(salida.id, falla, now, definitivo=definitivo)
            if definitivo:
                continue
            break
        _dicha(salida.id, sistema.codigo, now)
        dichas += 1
    return dichas


def _no_dicha(salida_id: int, falla: FallaDeSistema, now: dt.datetime, *, definitivo: bool) -> None:
    servicios().uow.run(
        lambda session: digiturno.no_enviada(
            session, salida_id, falla.detalle, falla.causa.value, now, definitivo=definitivo
        )
    )


def _dicha(salida_id: int, codigo: str, now: dt.datetime) -> None:
    def anotar(session: Session) -> None:
        digiturno.enviada(session, salida_id, now)
        digiturno.oido(session, codigo, now)

    servicios().uow.run(anotar)


# --- who gives the numbers ------------------------------------------------------------------------
def cambiar_por_silencio(afuera: Collection[TurnosAfuera], now: dt.datetime) -> list[str]:
    """Points whose system says nothing give their own numbers, and theirs again when it is back;
    the points that changed."""
    s = servicios()
    with s.uow.reading() as session:
        modos = digiturno.modos(session)
        sistemas = {f.codigo: f for f in session.scalars(sa.select(DigiturnoSistema))}
        puntos = {
            p.codigo: p for p in session.scalars(sa.select(Punto).where(Punto.codigo.in_(modos)))
        }
    cambiados = []
    for sistema in afuera:
        fila = sistemas.get(sistema.codigo)
        oido = fila.oido if fila is not None else None
        for punto_id in sorted(set(sistema.puntos.values())):
            modo, punto = modos.get(punto_id), puntos.get(punto_id)
            if modo is None or punto is None or not esta_abierto(punto, now):
                continue
            desde = (
                max(oido, modo.desde)
                if oido is not None and modo.modo == sistema.codigo
                else oido or modo.desde
            )
            callado = now - desde > sistema.silencio
            por_silencio = (
                sistema.codigo if modo.quien == digiturno.MOTOR and modo.modo == PROPIO else None
            )
            oido_despues = oido is not None and oido > modo.desde
            if modo.modo not in (sistema.codigo, PROPIO, MANUAL):
                continue
            nuevo = siguiente_modo(
                modo.modo, por_silencio, callado=callado, oido_despues=oido_despues
            )
            if nuevo is None:
                continue
            razon = (
                f"{sistema.nombre} no dice nada" if nuevo == PROPIO else f"{sistema.nombre} volvió"
            )
            with contextlib.suppress(Rechazo):
                s.uow.run(_cambio(punto_id, nuevo, razon, now))
                cambiados.append(punto_id)
    return cambiados


def _cambio(punto_id: str, nuevo: str, razon: str, now: dt.datetime) -> Callable[[Session], object]:
    return lambda session: digiturno.cambiar_modo(
        session, punto_id, nuevo, razon, Acto(digiturno.MOTOR, now), {nuevo}
    )
