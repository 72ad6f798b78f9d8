"""Talks of the information room and what was explained there (5.2.19 to 5.2.22)."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import ClassVar

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.consultas import ALTA, obtener
from records.base.errores import DatoInvalido
from records.visita.tablas import Charla, CharlaAsistente, Orientacion, Turno
from records.visita.turnos import continuar, pausar

PROGRAMADA = "programada"
REALIZADA = "realizada"


def asignar_charla(session: Session, turno_id: int, *, now: dt.datetime) -> int:
    """To the next talk of the turn's point; the first who comes opens it. Again gives the same
    talk."""
    ya = select(CharlaAsistente.charla_id).where(
        CharlaAsistente.turno_id == turno_id, CharlaAsistente.retirado.is_(None)
    )
    asignada = session.scalar(ya)
    if asignada is not None:
        return asignada
    punto_id = obtener(session, Turno, turno_id).punto_id
    charla_id = _programada(session, punto_id, now)
    session.add(CharlaAsistente(charla_id=charla_id, turno_id=turno_id, asignado=now))
    pausar(session, turno_id, now=now)
    session.flush()
    return charla_id


def _programada(session: Session, punto_id: str, now: dt.datetime) -> int:
    """One planned talk a point, also when two people come at once: a unique index decides."""
    abierta = select(Charla.id).where(Charla.punto_id == punto_id, Charla.estado == PROGRAMADA)
    hallada = session.scalar(abierta)
    if hallada is not None:
        return hallada
    session.execute(
        ALTA[session.get_bind().dialect.name](Charla)
        .values(punto_id=punto_id, estado=PROGRAMADA, creada=now)
        .on_conflict_do_nothing(
            index_elements=[Charla.punto_id], index_where=text("estado = 'programada'")
        )
    )
    return session.execute(abierta).scalar_one()


@dataclass(frozen=True, slots=True)
class Asistente:
    turno_id: int
    ficha: str
    asistio: bool | None
    retirado: bool
    desde: dt.datetime  #: when the turn was sent to the talk


def asistentes(session: Session, charla_id: int) -> list[Asistente]:
    filas = session.execute(
        select(
            CharlaAsistente.turno_id,
            Turno.ficha,
            CharlaAsistente.asistio,
            CharlaAsistente.retirado,
            CharlaAsistente.asignado,
        )
        .join(Turno, Turno.id == CharlaAsistente.turno_id)
        .where(CharlaAsistente.charla_id == charla_id)
        .order_by(CharlaAsistente.asignado, CharlaAsistente.turno_id)
    )
    return [
        Asistente(f.turno_id, f.ficha or "", f.asistio, f.retirado is not None, f.asignado)
        for f in filas
    ]


@dataclass(frozen=True, slots=True)
class CharlaDada:
    """5.2.19 as the adviser wrote it down; `presentes` are turns."""

    tema: str
    inicio: dt.datetime
    fin: dt.datetime
    medios: Sequence[str]
    presentes: Collection[int]

    def __post_init__(self) -> None:
        if self.fin < self.inicio:
            raise DatoInvalido("La charla termina después de empezar.")


def realizar_charla(
    session: Session, charla_id: int, dada: CharlaDada, *, asesor_id: str
) -> list[int]:
    """5.2.19, closed once by the adviser; gives the turns that were there. Only assigned turns can
    have been."""
    asignados = {a.turno_id: a.desde for a in asistentes(session, charla_id) if not a.retirado}
    if not set(dada.presentes) <= asignados.keys():
        raise DatoInvalido("Hay asistentes que no están asignados a esta charla.")
    charla = obtener(session, Charla, charla_id)
    charla.tema, charla.inicio, charla.fin, charla.medios = (
        dada.tema,
        dada.inicio,
        dada.fin,
        list(dada.medios),
    )
    charla.asesor_id, charla.estado = asesor_id, REALIZADA
    de_la_charla = update(CharlaAsistente).where(
        CharlaAsistente.charla_id == charla_id, CharlaAsistente.retirado.is_(None)
    )
    session.execute(
        de_la_charla.values(asistio=CharlaAsistente.turno_id.in_(dada.presentes)).execution_options(
            synchronize_session=False
        )
    )
    for turno_id in dada.presentes:
        # who was sent there when it had begun was not attended before
        desde = max(dada.inicio, asignados[turno_id])
        continuar(session, turno_id, desde=desde, asesor_id=asesor_id)
    session.flush()
    return sorted(dada.presentes)


def presentes(session: Session, charla_id: int) -> list[int]:
    """Turns that were at the talk: each gets its message."""
    return [a.turno_id for a in asistentes(session, charla_id) if a.asistio]


def retirar(session: Session, turno_id: int, *, now: dt.datetime) -> None:
    """Nobody gave the talk within an hour, or the person left."""
    session.execute(
        update(CharlaAsistente)
        .where(
            CharlaAsistente.turno_id == turno_id,
            CharlaAsistente.asistio.is_(None),
            CharlaAsistente.retirado.is_(None),
        )
        .values(retirado=now)
    )


def registrar_inquietud(
    session: Session, turno_id: int, *, tema: str, pregunta: str, acto: Acto
) -> int:
    """5.2.20: what somebody still wants to know; 5.2.21 or 5.2.22 answers it."""
    orientacion = Orientacion(
        turno_id=turno_id, tema=tema, pregunta=pregunta, asesor_id=acto.quien, registrada=acto.now
    )
    session.add(orientacion)
    session.flush()
    return orientacion.id


def inquietud_abierta(session: Session, turno_id: int) -> Orientacion | None:
    """The last question of a turn, for the form that answers it."""
    return session.scalar(
        select(Orientacion)
        .where(Orientacion.turno_id == turno_id)
        .order_by(Orientacion.id.desc())
        .limit(1)
    )


@dataclass(frozen=True, slots=True)
class InformacionWeb:
    """5.2.21: what was told about a service, and the page of the entity that says so."""

    tema: ClassVar[str] = "servicio"
    respuesta: str
    url: str
    fecha_consulta: dt.date | None


@dataclass(frozen=True, slots=True)
class InformacionExterior:
    """5.2.22: studies abroad."""

    tema: ClassVar[str] = "estudios_exterior"
    pais: str
    nivel: str
    mecanismo: str
    requisitos_explicados: bool
    remitido_consejeria: bool = False


def responder_inquietud(
    session: Session, turno_id: int, dada: InformacionWeb | InformacionExterior, acto: Acto
) -> int:
    """Completes the open question of that subject, else a row of its own."""
    abierta = inquietud_abierta(session, turno_id)
    if abierta is None or abierta.tema != dada.tema or abierta.respuesta or abierta.pais:
        abierta = Orientacion(
            turno_id=turno_id, tema=dada.tema, asesor_id=acto.quien, registrada=acto.now
        )
        session.add(abierta)
    for campo in fields(dada):
        setattr(abierta, campo.name, getattr(dada, campo.name))
    abierta.asesor_id = acto.quien
    session.flush()
    return abierta.id
