"""Other turn systems beside our rows: what they told us, which ticket is which turn, what they are
to hear, who gives numbers where."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import String, cast, delete, exists, func, literal, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from records.base.actos import Acto
from records.base.consultas import tomar_fila
from records.base.errores import DatoInvalido, NoExiste
from records.cuentas.reglas.roles import ASESOR
from records.cuentas.tablas import Cuenta, RolAsignado
from records.informes.tablas import DiaResumido, MesCerrado
from records.lugares.tablas import Punto
from records.plazos.reglas.calendario import al_terminar, dia_local
from records.sistemas.reglas.sistemas import DATO_PERSONAL
from records.visita.reglas.digiturno import (
    COMPLETAN,
    MANUAL,
    PROPIO,
    Clase,
    Evento,
    Hechos,
    Motivo,
    es_el_mismo,
)
from records.visita.reglas.turnos import (
    ATENCION,
    AUSENTE,
    CERRADO,
    EN_EL_MODULO,
    ESPERA,
    LLAMADO,
    TRASLADADO,
)
from records.visita.tablas import (
    Atencion,
    Calificacion,
    DigiturnoEvento,
    DigiturnoModo,
    DigiturnoRecibo,
    DigiturnoSalida,
    DigiturnoSistema,
    DigiturnoTicket,
    Turno,
    TurnoPeriodo,
)

MOTOR: Final = "motor"
NUEVO, EN_ESPERA, APLICADO, SIN_EFECTO, LISTADO, DESCARTADO = (
    "nuevo",
    "espera",
    "aplicado",
    "sin_efecto",
    "listado",
    "descartado",
)
POR_APLICAR: Final = (NUEVO, EN_ESPERA)
PENDIENTE, ENVIADA, RECHAZADA, VENCIDA, OMITIDA = (
    "pendiente",
    "enviada",
    "rechazada",
    "vencida",
    "omitida",
)
PAUSAS: Final = (5, 15, 60, 300)  #: seconds before the next try, the last one again and again
TOMA: Final = dt.timedelta(minutes=2)  #: for so long nobody else sends what a worker has taken
VIGENCIA: Final = dt.timedelta(hours=4)  #: no board wants a call of this morning
RECIBOS: Final = dt.timedelta(days=7)  #: longer than any message may be old
OTRA_VEZ: Final = "Llamado otra vez"  #: of records.visita.turnos.repetir_llamado


# --- what they told us ----------------------------------------------------------------------------
def repetido(session: Session, sistema: str, mensaje: str, huella: str) -> bool | None:
    """Was this message taken before? None: not yet. False: under its name came another content."""
    antes = session.scalar(
        select(DigiturnoRecibo.huella).where(
            DigiturnoRecibo.sistema == sistema, DigiturnoRecibo.mensaje == mensaje
        )
    )
    return None if antes is None else antes == huella


def recibir_mensaje(
    session: Session, sistema: str, mensaje: str, huella: str, eventos: int, now: dt.datetime
) -> None:
    """IntegrityError: the same message came twice at once. Names that are too old to be taken again
    anyway are forgotten."""
    session.execute(delete(DigiturnoRecibo).where(DigiturnoRecibo.recibido < now - RECIBOS))
    session.add(
        DigiturnoRecibo(
            sistema=sistema, mensaje=mensaje, huella=huella, recibido=now, eventos=eventos
        )
    )
    session.flush()


def recibir(
    session: Session,
    sistema: str,
    eventos: Sequence[tuple[Evento, str | None]],
    medio: str,
    now: dt.datetime,
) -> int:
    """Keep events (each with the point of ours) to be applied; how many were new. One that is there
    already is left as it is."""
    nuevos = 0
    for evento, punto_id in eventos:
        es_este = (
            DigiturnoEvento.sistema == sistema,
            DigiturnoEvento.ticket == evento.ticket,
            DigiturnoEvento.clase == evento.clase.value,
        )
        antes = session.scalars(
            select(DigiturnoEvento).where(*es_este, DigiturnoEvento.cuando == evento.cuando)
        ).all()
        if any(
            a.huella == evento.huella
            or (a.punto == evento.punto and es_el_mismo(a.datos, evento.datos))
            for a in antes
        ):
            continue
        fila = DigiturnoEvento(
            sistema=sistema,
            punto=evento.punto,
            punto_id=punto_id,
            ticket=evento.ticket,
            clase=evento.clase.value,
            cuando=evento.cuando,
            recibido=now,
            medio=medio,
            datos=dict(evento.datos),
            huella=evento.huella,
            estado=LISTADO if antes else NUEVO,
            motivo=Motivo.CONTRADICE.value if antes else "",
            nota="",
        )
        try:
            with session.begin_nested():
                session.add(fila)
        except IntegrityError:  # another worker was quicker
            continue
        nuevos += 1
    return nuevos


def por_aplicar(
    session: Session, despues: tuple[dt.datetime, int] | None = None, limite: int = 50
) -> Sequence[DigiturnoEvento]:
    """What waits to be applied, in the order in which it happened; `despues`: when and which was
    the last one that was looked at."""
    consulta = select(DigiturnoEvento).where(DigiturnoEvento.estado.in_(POR_APLICAR))
    if despues is not None:
        cuando, ultimo = despues
        consulta = consulta.where(
            or_(
                DigiturnoEvento.cuando > cuando,
                (DigiturnoEvento.cuando == cuando) & (DigiturnoEvento.id > ultimo),
            )
        )
    return session.scalars(
        consulta.order_by(DigiturnoEvento.cuando, DigiturnoEvento.id).limit(limite)
    ).all()


def evento_de(fila: DigiturnoEvento) -> Evento:
    return Evento(fila.punto, fila.ticket, Clase(fila.clase), fila.cuando, fila.datos)


@dataclass(frozen=True, slots=True)
class Resuelto:
    """What became of an event: its state, why, of which turn."""

    estado: str
    motivo: str = ""
    turno_id: int | None = None
    nota: str = ""


def decidido(session: Session, evento_id: int, hecho: Resuelto, acto: Acto) -> bool:
    """False: it was decided meanwhile. A document is needed no longer, unless somebody has to look
    at it."""
    fila = session.get(DigiturnoEvento, evento_id, with_for_update=True, populate_existing=True)
    if fila is None or fila.estado not in (*POR_APLICAR, LISTADO):
        return False
    fila.estado, fila.motivo, fila.turno_id = (
        hecho.estado,
        hecho.motivo,
        hecho.turno_id or fila.turno_id,
    )
    if hecho.estado not in POR_APLICAR:
        fila.decidido, fila.decidido_por, fila.nota = acto.now, acto.quien, hecho.nota
    if hecho.estado in (APLICADO, SIN_EFECTO, DESCARTADO):
        fila.datos = {
            nombre: valor for nombre, valor in fila.datos.items() if nombre not in DATO_PERSONAL
        }
    session.flush()
    return True


def listado(session: Session, evento_id: int, *, para_cambiar: bool = False) -> DigiturnoEvento:
    """One that somebody has to look at. NoExiste."""
    fila = session.get(
        DigiturnoEvento,
        evento_id,
        with_for_update=para_cambiar or None,
        populate_existing=para_cambiar,
    )
    if fila is None or fila.estado != LISTADO:
        raise NoExiste("Ese aviso ya no está en la lista.")
    return fila


def atendia(session: Session, fila: DigiturnoEvento, usuario: str) -> None:
    """Who attended at that desk, as a person here knows it; what the system said stays its own
    (`huella`). DatoInvalido."""
    if (
        fila.punto_id is None
        or asesor_del_punto(session, fila.punto_id, usuario, fila.cuando) is None
    ):
        raise DatoInvalido("Esa persona no era asesora de ese punto ese día.")
    fila.datos = {**fila.datos, "asesor": usuario}
    session.flush()


def otra_vez(session: Session, evento_id: int, now: dt.datetime, punto_id: str | None) -> None:
    """It is applied with the next round, if it can be by now; it waits as if it had just come."""
    fila = listado(session, evento_id, para_cambiar=True)
    fila.estado, fila.motivo, fila.recibido, fila.punto_id = (
        NUEVO,
        "",
        now,
        punto_id or fila.punto_id,
    )
    fila.decidido, fila.decidido_por = None, None
    session.flush()


def listados(session: Session, limite: int) -> Sequence[DigiturnoEvento]:
    return session.scalars(
        select(DigiturnoEvento)
        .where(DigiturnoEvento.estado == LISTADO)
        .order_by(DigiturnoEvento.id.desc())
        .limit(limite)
    ).all()


def cuantos_listados(session: Session) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(DigiturnoEvento)
            .where(DigiturnoEvento.estado == LISTADO)
        )
        or 0
    )


def ultimos(session: Session, limite: int) -> Sequence[DigiturnoEvento]:
    """What came last, whatever became of it."""
    return session.scalars(
        select(DigiturnoEvento).order_by(DigiturnoEvento.id.desc()).limit(limite)
    ).all()


# --- which ticket is which turn -------------------------------------------------------------------
def ligar(session: Session, sistema: str, evento: Evento, turno_id: int, punto_id: str) -> None:
    """In the command that makes the turn: the ticket is this turn from now on."""
    session.add(
        DigiturnoTicket(
            sistema=sistema,
            punto_id=punto_id,
            fecha=dia_local(evento.cuando),
            ticket=evento.ticket,
            punto=evento.punto,
            numero=str(evento.datos["numero"]),
            turno_id=turno_id,
            ultimo=evento.cuando,
        )
    )
    session.flush()


def _ticket(
    session: Session, sistema: str, evento: Evento, punto_id: str
) -> DigiturnoTicket | None:
    return session.scalar(
        select(DigiturnoTicket).where(
            DigiturnoTicket.sistema == sistema,
            DigiturnoTicket.punto_id == punto_id,
            DigiturnoTicket.fecha == dia_local(evento.cuando),
            DigiturnoTicket.ticket == evento.ticket,
        )
    )


def _del_numero(session: Session, evento: Evento, punto_id: str) -> int | None:
    """The only turn of that day with this number, where an adviser wrote it down from paper: what
    completes it finds it so."""
    if evento.clase not in COMPLETAN:
        return None
    numero = str(evento.datos.get("numero") or evento.ticket).upper()
    suyos = select(Turno.id).where(
        Turno.punto_id == punto_id,
        Turno.fecha == dia_local(evento.cuando),
        Turno.ficha == f"M-{numero}",
    )
    hallados = session.scalars(suyos.limit(2)).all()
    return hallados[0] if len(hallados) == 1 else None


def seguir(session: Session, turno_id: int) -> int:
    """The turn that went on from this one on the same day: whoever came back keeps the ticket."""
    while True:
        este = select(Turno.fecha).where(Turno.id == turno_id).scalar_subquery()
        sigue = session.scalar(
            select(Turno.id)
            .where(Turno.visita_anterior_id == turno_id, Turno.fecha == este)
            .limit(1)
        )
        if sigue is None:
            return turno_id
        turno_id = sigue


def hechos(
    session: Session,
    fila: DigiturnoEvento,
    asesor: str | None,
    *,
    abierto: bool,
    pregunta: frozenset[int],
) -> Hechos:
    """How things stand here for the ticket of an event. `pregunta`: turns whose rating is asked for
    right now."""
    evento = evento_de(fila)
    if fila.punto_id is None:
        return Hechos(None)
    ticket = _ticket(session, fila.sistema, evento, fila.punto_id)
    turno_id = (
        ticket.turno_id if ticket is not None else _del_numero(session, evento, fila.punto_id)
    )
    turno = session.get(Turno, seguir(session, turno_id)) if turno_id is not None else None
    if turno is None:
        return Hechos(fila.punto_id, abierto=abierto)
    periodo = session.scalar(
        select(TurnoPeriodo).where(TurnoPeriodo.turno_id == turno.id, TurnoPeriodo.fin.is_(None))
    )
    calificada = session.execute(
        select(Calificacion.id, Calificacion.valor).where(Calificacion.turno_id == turno.id)
    ).first()
    quien = asesor or (
        quien_atiende(session, fila.punto_id, evento) if evento.clase is Clase.LLAMADO else None
    )
    return Hechos(
        fila.punto_id,
        abierto=abierto,
        turno_id=turno.id,
        numero=ticket.numero if ticket is not None else turno.ficha or "",
        estado=turno.estado,
        resultado=turno.resultado,
        modulo=periodo.modulo if periodo is not None else None,
        desde=periodo.inicio if periodo is not None else None,
        cerrado=turno.cerrado,
        ultimo=ticket.ultimo if ticket is not None else None,
        asesor=quien,
        ocupado=quien is not None and _ocupado(session, quien, turno.id),
        pregunta=turno.id in pregunta,
        con_atencion=session.scalar(select(Atencion.id).where(Atencion.turno_id == turno.id))
        is not None,
        valor=calificada.valor if calificada is not None else None,
        sin_hora=_sin_hora(session, turno.id) is not None,
        mes_cerrado=session.scalar(
            select(MesCerrado.id).where(MesCerrado.mes == turno.fecha.replace(day=1)).limit(1)
        )
        is not None,
    )


def _ocupado(session: Session, asesor: str, turno_id: int) -> bool:
    """Somebody else is at this adviser's desk."""
    abierto = (
        TurnoPeriodo.fin.is_(None),
        TurnoPeriodo.asesor_id == asesor,
        TurnoPeriodo.turno_id != turno_id,
    )
    return (
        session.scalar(
            select(TurnoPeriodo.id).where(*abierto, TurnoPeriodo.estado.in_(EN_EL_MODULO)).limit(1)
        )
        is not None
    )


def asesor_del_punto(
    session: Session, punto_id: str, usuario: str, cuando: dt.datetime
) -> str | None:
    """The account, if it attends at this point on that day."""
    fin_del_dia = al_terminar(dia_local(cuando))
    vigente = (
        RolAsignado.rol == ASESOR,
        or_(RolAsignado.ambito == punto_id, RolAsignado.ambito.is_(None)),
        RolAsignado.vigente_desde < fin_del_dia,
        or_(RolAsignado.vigente_hasta.is_(None), RolAsignado.vigente_hasta > cuando),
    )
    cuenta = (
        select(Cuenta.usuario)
        .join(RolAsignado, RolAsignado.cuenta_id == Cuenta.id)
        .where(Cuenta.usuario == usuario, Cuenta.activo)
    )
    return session.scalar(cuenta.where(*vigente).limit(1))


def quien_atiende(session: Session, punto_id: str, evento: Evento) -> str | None:
    """Whose desk an event speaks of: who is named in it, else who called somebody to that desk last
    on that day."""
    nombrado = evento.datos.get("asesor")
    if nombrado:
        return asesor_del_punto(session, punto_id, str(nombrado), evento.cuando)
    modulo = evento.datos.get("modulo")
    if not modulo:
        return None
    usado = (
        TurnoPeriodo.punto_id == punto_id,
        TurnoPeriodo.modulo == modulo,
        TurnoPeriodo.asesor_id.is_not(None),
    )
    ultimo = session.execute(
        select(TurnoPeriodo.asesor_id, TurnoPeriodo.inicio)
        .where(*usado)
        .order_by(TurnoPeriodo.id.desc())
        .limit(1)
    ).first()
    if (
        ultimo is None
        or ultimo.asesor_id is None
        or dia_local(ultimo.inicio) != dia_local(evento.cuando)
    ):
        return None
    return asesor_del_punto(session, punto_id, ultimo.asesor_id, evento.cuando)


def _sin_hora(session: Session, turno_id: int) -> TurnoPeriodo | None:
    """The attention that was left open overnight, whose end nobody knows."""
    suyo = (
        TurnoPeriodo.turno_id == turno_id,
        TurnoPeriodo.estado == ATENCION,
        ~TurnoPeriodo.confiable,
        TurnoPeriodo.fin.is_not(None),
    )
    ultimo = session.scalar(
        select(TurnoPeriodo).where(*suyo).order_by(TurnoPeriodo.id.desc()).limit(1)
    )
    return (
        ultimo
        if ultimo is not None
        and ultimo.fin is not None
        and dia_local(ultimo.fin) != dia_local(ultimo.inicio)
        else None
    )


def hecho(
    session: Session, fila: DigiturnoEvento, turno_id: int, acto: Acto, *, eco: bool = True
) -> None:
    """In the command that applied it. `eco`: the period that began with it came from the system,
    which need not hear of it."""
    evento = evento_de(fila)
    if not decidido(session, fila.id, Resuelto(APLICADO, turno_id=turno_id), acto):
        raise DatoInvalido("Ese aviso ya se había aplicado.")
    if fila.punto_id is None:
        return
    ticket = _ticket(session, fila.sistema, evento, fila.punto_id)
    if ticket is None:
        return
    ticket.ultimo = max(ticket.ultimo, evento.cuando)
    if eco:
        periodo = session.scalar(
            select(func.max(TurnoPeriodo.id)).where(TurnoPeriodo.turno_id == turno_id)
        )
        if evento.clase is Clase.RETIRADO:
            _omitir(session, ticket, turno_id, f"c{turno_id}", evento)
        elif periodo is not None:
            _omitir(session, ticket, turno_id, f"p{periodo}", evento)
    session.flush()


def _omitir(
    session: Session, ticket: DigiturnoTicket, turno_id: int, llave: str, evento: Evento
) -> None:
    if session.scalar(select(DigiturnoSalida.id).where(DigiturnoSalida.llave == llave)) is not None:
        return
    session.add(
        DigiturnoSalida(
            llave=llave,
            sistema=ticket.sistema,
            ticket_id=ticket.id,
            turno_id=turno_id,
            clase=evento.clase.value,
            cuando=evento.cuando,
            estado=OMITIDA,
            error="",
            error_causa="",
        )
    )


# --- what is completed of a day that is over ------------------------------------------------------
def completar_hora(session: Session, turno_id: int, fin: dt.datetime) -> bool:
    """The end of an attention that was left open, as the system knows it. False: it ends before it
    began."""
    periodo = _sin_hora(session, turno_id)
    if periodo is None or fin <= periodo.inicio or dia_local(fin) != dia_local(periodo.inicio):
        return False
    periodo.fin, periodo.confiable = fin, True
    session.execute(update(Atencion).where(Atencion.turno_id == turno_id).values(fin=fin))
    _sumar_otra_vez(session, turno_id)
    return True


def completar_calificacion(session: Session, turno_id: int, valor: int, acto: Acto) -> None:
    """A rating that came after its question had ended as «no califica», or was never asked."""
    datos = {
        "valor": valor,
        "fuente": "digiturno",
        "medio": "digiturno",
        "registrada_por": acto.quien,
    }
    nada_dicho = (Calificacion.turno_id == turno_id, Calificacion.valor.is_(None))
    if (
        session.connection()
        .execute(update(Calificacion).where(*nada_dicho).values(**datos))
        .rowcount
        == 0
    ):
        atencion = session.scalars(select(Atencion).where(Atencion.turno_id == turno_id)).one()
        suya = {
            "turno_id": turno_id,
            "punto_id": atencion.punto_id,
            "asesor_id": atencion.asesor_id,
            "registrada": acto.now,
        }
        session.add(Calificacion(momento="atencion", **suya, **datos))
    session.flush()
    _sumar_otra_vez(session, turno_id)


def _sumar_otra_vez(session: Session, turno_id: int) -> None:
    """A day that was summed up is summed up again by the worker: its rows were corrected."""
    fecha = select(Turno.fecha).where(Turno.id == turno_id).scalar_subquery()
    session.execute(delete(DiaResumido).where(DiaResumido.fecha == fecha))


# --- what they are to hear ------------------------------------------------------------------------
_CLASES: Final = {LLAMADO: "llamado", ATENCION: "iniciado", AUSENTE: "ausente", ESPERA: "devuelto"}
_FINES: Final = {AUSENTE: "ausente", "abandono": "retirado", TRASLADADO: "trasladado"}


def hay_salidas(session: Session, now: dt.datetime) -> bool:
    """Was something done here to a ticket of today that is not told yet? It is asked each second,
    and as a rule there is nothing."""
    de_hoy = DigiturnoTicket.fecha == dia_local(now)
    periodos = select(TurnoPeriodo.id).join(
        DigiturnoTicket, DigiturnoTicket.turno_id == TurnoPeriodo.turno_id
    )
    cerrados = (
        select(Turno.id)
        .join(DigiturnoTicket, DigiturnoTicket.turno_id == Turno.id)
        .where(Turno.estado == CERRADO)
    )
    hay = or_(
        exists(periodos.where(de_hoy, ~_dicho("p", TurnoPeriodo.id))),
        exists(cerrados.where(de_hoy, ~_dicho("c", Turno.id))),
        exists(select(DigiturnoSalida.id).where(DigiturnoSalida.estado == PENDIENTE)),
    )
    return bool(session.scalar(select(hay))) or bool(_de_vuelta(session, dia_local(now)))


def hallar_salidas(session: Session, avisan: Collection[str], now: dt.datetime) -> int:
    """What was done here to tickets of today and is not told yet: each period of their turns, and
    how they ended. How many to be sent.

    The periods are the outbox: they are written with the act itself, so nothing is told that did
    not happen, and nothing that happened is lost.
    """
    hoy = dia_local(now)
    for ticket, suyo in _de_vuelta(session, hoy):
        ticket.turno_id = suyo
    session.flush()
    por_decir, vistas = 0, 0
    primero = (
        select(func.min(TurnoPeriodo.id))
        .where(TurnoPeriodo.turno_id == Turno.id)
        .correlate(Turno)
        .scalar_subquery()
    )
    filas = session.execute(
        select(TurnoPeriodo, DigiturnoTicket, (TurnoPeriodo.id == primero).label("primero"))
        .join(DigiturnoTicket, DigiturnoTicket.turno_id == TurnoPeriodo.turno_id)
        .join(Turno, Turno.id == TurnoPeriodo.turno_id)
        .where(DigiturnoTicket.fecha == hoy, ~_dicho("p", TurnoPeriodo.id))
        .order_by(TurnoPeriodo.id)
    )
    for periodo, ticket, es_primero in filas.all():
        clase = _CLASES.get(periodo.estado, "")
        if periodo.estado == LLAMADO and periodo.razon == OTRA_VEZ:
            clase = "rellamado"
        if periodo.estado == ATENCION and _ya_empezo(session, periodo):
            clase = ""  # it goes on after a pause
        dice = bool(clase) and not es_primero and ticket.sistema in avisan
        _decir(
            session,
            ticket,
            f"p{periodo.id}",
            clase or periodo.estado,
            periodo.inicio,
            periodo.modulo,
            estado=PENDIENTE if dice else OMITIDA,
        )
        por_decir, vistas = por_decir + dice, vistas + 1
    cerrados = select(Turno, DigiturnoTicket).join(
        DigiturnoTicket, DigiturnoTicket.turno_id == Turno.id
    )
    for turno, ticket in session.execute(
        cerrados.where(
            DigiturnoTicket.fecha == hoy, Turno.estado == CERRADO, ~_dicho("c", Turno.id)
        ).order_by(Turno.id)
    ).all():
        dice = ticket.sistema in avisan
        clase = _FINES.get(turno.resultado or "", "finalizado")
        _decir(
            session,
            ticket,
            f"c{turno.id}",
            clase,
            turno.cerrado or now,
            None,
            estado=PENDIENTE if dice else OMITIDA,
        )
        por_decir += dice
    session.flush()
    return por_decir


def _dicho(letra: str, clave: Any) -> Any:
    return exists(
        select(DigiturnoSalida.id).where(
            DigiturnoSalida.llave == literal(letra) + cast(clave, String)
        )
    )


def _de_vuelta(session: Session, hoy: dt.date) -> list[tuple[DigiturnoTicket, int]]:
    """Tickets whose person came back in a new turn, once what is to be told of the one before
    is."""
    nuevo = aliased(Turno)
    filas = session.execute(
        select(DigiturnoTicket, nuevo.id)
        .join(
            nuevo,
            (nuevo.visita_anterior_id == DigiturnoTicket.turno_id)
            & (nuevo.fecha == DigiturnoTicket.fecha),
        )
        .where(
            DigiturnoTicket.fecha == hoy,
            _dicho("c", DigiturnoTicket.turno_id),
            nuevo.punto_id == DigiturnoTicket.punto_id,
        )
    )
    return [(f[0], f[1]) for f in filas.all()]


def _ya_empezo(session: Session, periodo: TurnoPeriodo) -> bool:
    antes = (
        TurnoPeriodo.turno_id == periodo.turno_id,
        TurnoPeriodo.id < periodo.id,
        TurnoPeriodo.estado == ATENCION,
    )
    llamado = select(func.max(TurnoPeriodo.id)).where(
        TurnoPeriodo.turno_id == periodo.turno_id,
        TurnoPeriodo.id < periodo.id,
        TurnoPeriodo.estado == LLAMADO,
    )
    ultimo = session.scalar(llamado) or 0
    return (
        session.scalar(select(TurnoPeriodo.id).where(*antes, TurnoPeriodo.id > ultimo).limit(1))
        is not None
    )


def _decir(
    session: Session,
    ticket: DigiturnoTicket,
    llave: str,
    clase: str,
    cuando: dt.datetime,
    modulo: str | None,
    *,
    estado: str,
) -> None:
    session.add(
        DigiturnoSalida(
            llave=llave,
            sistema=ticket.sistema,
            ticket_id=ticket.id,
            turno_id=ticket.turno_id,
            clase=clase,
            cuando=cuando,
            modulo=modulo,
            estado=estado,
            error="",
            error_causa="",
        )
    )


@dataclass(frozen=True, slots=True)
class Salida:
    """What a system is to hear, in its own words for the ticket."""

    id: int
    sistema: str
    punto: str
    ticket: str
    numero: str
    clase: str
    cuando: dt.datetime
    modulo: str | None


def tomar_salida(session: Session, sistema: str, now: dt.datetime) -> Salida | None:
    """The oldest that this system is to hear; None while that one waits for its next try: a board
    must not hear the end before the call."""
    viejas = update(DigiturnoSalida).where(
        DigiturnoSalida.estado == PENDIENTE,
        DigiturnoSalida.sistema == sistema,
        DigiturnoSalida.cuando < now - VIGENCIA,
    )
    session.connection().execute(viejas.values(estado=VENCIDA, tomada_hasta=None))
    primera = session.execute(
        select(DigiturnoSalida, DigiturnoTicket)
        .join(DigiturnoTicket, DigiturnoTicket.id == DigiturnoSalida.ticket_id)
        .where(DigiturnoSalida.estado == PENDIENTE, DigiturnoSalida.sistema == sistema)
        .order_by(DigiturnoSalida.id)
        .limit(1)
    ).first()
    if primera is None:
        return None
    fila, ticket = primera
    if (fila.siguiente is not None and fila.siguiente > now) or (
        fila.tomada_hasta is not None and fila.tomada_hasta >= now
    ):
        return None
    libre = or_(DigiturnoSalida.tomada_hasta.is_(None), DigiturnoSalida.tomada_hasta < now)
    toma = update(DigiturnoSalida).where(
        DigiturnoSalida.id == fila.id, DigiturnoSalida.estado == PENDIENTE, libre
    )
    tomadas = toma.values(tomada_hasta=now + TOMA).execution_options(synchronize_session=False)
    if not session.connection().execute(tomadas).rowcount:
        return None
    return Salida(
        fila.id,
        sistema,
        ticket.punto,
        ticket.ticket,
        ticket.numero,
        fila.clase,
        fila.cuando,
        fila.modulo,
    )


def enviada(session: Session, salida_id: int, now: dt.datetime) -> None:
    datos = {
        "estado": ENVIADA,
        "enviada": now,
        "tomada_hasta": None,
        "error": "",
        "error_causa": "",
    }
    session.connection().execute(
        update(DigiturnoSalida).where(DigiturnoSalida.id == salida_id).values(**datos)
    )


def no_enviada(
    session: Session,
    salida_id: int,
    detalle: str,
    causa: str,
    now: dt.datetime,
    *,
    definitivo: bool,
) -> None:
    """It is tried again, later each time; `definitivo`: the system does not take it, so the next
    one follows."""
    intentos = (
        session.scalar(select(DigiturnoSalida.intentos).where(DigiturnoSalida.id == salida_id)) or 0
    )
    datos = {
        "estado": RECHAZADA if definitivo else PENDIENTE,
        "intentos": intentos + 1,
        "siguiente": None
        if definitivo
        else now + dt.timedelta(seconds=PAUSAS[min(intentos, len(PAUSAS) - 1)]),
        "tomada_hasta": None,
        "error": detalle[:300],
        "error_causa": causa,
    }
    session.connection().execute(
        update(DigiturnoSalida).where(DigiturnoSalida.id == salida_id).values(**datos)
    )


@dataclass(frozen=True, slots=True)
class Cola:
    """What a system has not heard of yet, and what it refused today."""

    pendientes: int
    desde: dt.datetime | None
    rechazadas: int
    error: str
    error_causa: str


def cola(session: Session, sistema: str, now: dt.datetime) -> Cola:
    suyas = DigiturnoSalida.sistema == sistema
    fila = session.execute(
        select(func.count().label("cuantas"), func.min(DigiturnoSalida.cuando).label("desde"))
        .select_from(DigiturnoSalida)
        .where(suyas, DigiturnoSalida.estado == PENDIENTE)
    ).one()
    con_error = DigiturnoSalida.estado.in_((PENDIENTE, RECHAZADA)) & (DigiturnoSalida.error != "")
    de_hoy = (suyas, con_error, DigiturnoSalida.cuando >= now - VIGENCIA)
    fallida = session.scalar(
        select(DigiturnoSalida).where(*de_hoy).order_by(DigiturnoSalida.id.desc()).limit(1)
    )
    rechazadas = session.scalar(
        select(func.count())
        .select_from(DigiturnoSalida)
        .where(*de_hoy, DigiturnoSalida.estado == RECHAZADA)
    )
    return Cola(
        fila.cuantas,
        fila.desde,
        rechazadas or 0,
        fallida.error if fallida is not None else "",
        fallida.error_causa if fallida is not None else "",
    )


# --- how it stands with a system ------------------------------------------------------------------
def sistema_de(session: Session, codigo: str) -> DigiturnoSistema:
    """Its row; made when it is first heard of."""
    fila = session.get(DigiturnoSistema, codigo)
    if fila is None:
        fila = DigiturnoSistema(codigo=codigo, cursor="", falla="", ilegibles=0, ilegible="")
        session.add(fila)
        session.flush()
    return fila


def sistema_de_o_nada(session: Session, codigo: str) -> DigiturnoSistema | None:
    return session.get(DigiturnoSistema, codigo)


def oido(session: Session, codigo: str, now: dt.datetime) -> None:
    """It has said something, or answered."""
    fila = sistema_de(session, codigo)
    fila.oido = now if fila.oido is None else max(fila.oido, now)
    fila.falla, fila.falla_desde = "", None


def preguntado(
    session: Session, codigo: str, cursor: str, ilegibles: Sequence[str], now: dt.datetime
) -> None:
    """Its events were read until there."""
    fila = sistema_de(session, codigo)
    fila.cursor, fila.preguntado = cursor, now
    if ilegibles:
        fila.ilegibles, fila.ilegible = fila.ilegibles + len(ilegibles), ilegibles[-1][:300]
    oido(session, codigo, now)


def no_respondio(session: Session, codigo: str, detalle: str, now: dt.datetime) -> None:
    fila = sistema_de(session, codigo)
    fila.preguntado, fila.falla, fila.falla_desde = now, detalle[:300], fila.falla_desde or now


# --- who gives the numbers ------------------------------------------------------------------------
def modo(session: Session, punto_id: str) -> DigiturnoModo | None:
    """The one in force; None: its own kiosk, since ever."""
    de_aqui = select(DigiturnoModo).where(DigiturnoModo.punto_id == punto_id)
    return session.scalar(de_aqui.order_by(DigiturnoModo.id.desc()).limit(1))


def modos(session: Session) -> Mapping[str, DigiturnoModo]:
    """Of every point that was ever changed."""
    vigentes = select(func.max(DigiturnoModo.id)).group_by(DigiturnoModo.punto_id)
    return {
        fila.punto_id: fila
        for fila in session.scalars(select(DigiturnoModo).where(DigiturnoModo.id.in_(vigentes)))
    }


def cambiar_modo(
    session: Session, punto_id: str, nuevo: str, razon: str, acto: Acto, permitidos: Collection[str]
) -> DigiturnoModo:
    """From now on. What waits goes on waiting, whoever gave its number. DatoInvalido."""
    tomar_fila(session, Punto, punto_id)
    if nuevo not in permitidos:
        raise DatoInvalido("Elija quién da los números en el punto.")
    if not razon.strip():
        raise DatoInvalido("Escriba por qué cambia: queda con el cambio.")
    antes = modo(session, punto_id)
    if (antes.modo if antes is not None else PROPIO) == nuevo:
        raise DatoInvalido("El punto ya está así.")
    fila = DigiturnoModo(
        punto_id=punto_id, modo=nuevo, desde=acto.now, quien=acto.quien, razon=razon.strip()[:300]
    )
    session.add(fila)
    session.flush()
    return fila


def cambios(session: Session, limite: int) -> Sequence[DigiturnoModo]:
    return session.scalars(
        select(DigiturnoModo).order_by(DigiturnoModo.id.desc()).limit(limite)
    ).all()


def con_turnos_de(session: Session, punto_id: str, now: dt.datetime) -> Mapping[str, int]:
    """Who waits at a point now, by who gave the number: a turn system, or "" for our own
    numbers."""
    filas = session.execute(
        select(DigiturnoTicket.sistema, func.count().label("cuantos"))
        .select_from(Turno)
        .outerjoin(DigiturnoTicket, DigiturnoTicket.turno_id == Turno.id)
        .where(Turno.punto_id == punto_id, Turno.estado == ESPERA, Turno.fecha == dia_local(now))
        .group_by(DigiturnoTicket.sistema)
    )
    return {f.sistema or "": f.cuantos for f in filas}


PROPIOS: Final = (PROPIO, MANUAL)
