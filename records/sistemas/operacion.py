"""What keeps this installation running: which processes live, when the last backup was made, what
administrators were told."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, case, delete, func, select, update
from sqlalchemy.orm import Session

from records.base.consultas import ALTA
from records.correo.avisos import por_salir
from records.correo.tablas import Aviso
from records.plazos.reglas.calendario import dia_local, instante
from records.sistemas import vistas
from records.sistemas.tablas import AvisoDeOperacion, Latido, RespaldoHecho

WEB: Final = "web"
TRABAJADOR: Final = "trabajador"
AVISAR: Final = "operacion.avisar"  #: the job that tells administrators
#: A process says so every `CADA`; after `CALLADO` without a word it is taken for dead, after
#: `OLVIDO` nobody asks for it any more.
CADA: Final = dt.timedelta(seconds=15)
CALLADO: Final = dt.timedelta(seconds=60)
OLVIDO: Final = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Proceso:
    """`proceso` names it once and for all: machine, number and a moment."""

    proceso: str
    clase: str
    equipo: str
    version: str


def latir(session: Session, proceso: Proceso, now: dt.datetime) -> None:
    """It lives."""
    hecho = (
        update(Latido)
        .where(Latido.proceso == proceso.proceso)
        .values(visto=now)
        .execution_options(synchronize_session=False)
    )
    if session.execute(hecho.returning(Latido.proceso)).first() is None:
        session.execute(
            delete(Latido)
            .where(Latido.visto < now - OLVIDO)
            .execution_options(synchronize_session=False)
        )
        session.add(Latido(**_campos(proceso), empezo=now, visto=now))
        session.flush()


def _campos(proceso: Proceso) -> Mapping[str, str]:
    return {
        "proceso": proceso.proceso,
        "clase": proceso.clase,
        "equipo": proceso.equipo[:160],
        "version": proceso.version,
    }


def terminar(session: Session, proceso: str, now: dt.datetime) -> None:
    """It ends because it was asked to: nobody misses it."""
    session.execute(
        update(Latido)
        .where(Latido.proceso == proceso)
        .values(termino=now)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True, slots=True)
class Vivo:
    proceso: str
    clase: str
    equipo: str
    version: str
    empezo: dt.datetime
    visto: dt.datetime
    vive: bool


def procesos(session: Session, now: dt.datetime) -> list[Vivo]:
    """Those that live, and those that fell silent without being asked to end, unless another of
    their kind began there since."""
    filas = session.scalars(
        select(Latido)
        .where(Latido.termino.is_(None), Latido.visto >= now - OLVIDO)
        .order_by(Latido.empezo)
    ).all()
    vivos = [
        Vivo(f.proceso, f.clase, f.equipo, f.version, f.empezo, f.visto, now - f.visto <= CALLADO)
        for f in filas
    ]
    ultimos = {(v.clase, v.equipo): v.empezo for v in vivos if v.vive}
    return [v for v in vivos if v.vive or ultimos.get((v.clase, v.equipo), v.empezo) <= v.empezo]


def respaldado(session: Session, archivo: str, tamano: int, quien: str, now: dt.datetime) -> None:
    session.add(RespaldoHecho(cuando=now, archivo=archivo[:160], tamano=tamano, quien=quien))
    session.flush()


def ultimo_respaldo(session: Session) -> RespaldoHecho | None:
    return session.scalar(
        select(RespaldoHecho)
        .order_by(RespaldoHecho.cuando.desc(), RespaldoHecho.id.desc())
        .limit(1)
    )


@dataclass(frozen=True, slots=True)
class Novedad:
    """What a look found that somebody has to look after: what it is, and what to do."""

    codigo: str
    dice: str
    hacer: str


def de_equipo(codigo: str, equipo: str) -> str:
    """The code of what is to be looked after on each machine by itself. Of its whole name: many
    begin with the same letters."""
    return f"{codigo}:{hashlib.sha256(equipo.encode()).hexdigest()[:16]}"


def anotar_novedades(
    session: Session, halladas: Sequence[Novedad], proceso: str, now: dt.datetime
) -> list[AvisoDeOperacion]:
    """What this worker found stands from now on; what no worker finds any more has ended. Gives
    those of which nobody has been told."""
    suyas = {novedad.codigo: novedad for novedad in halladas}
    alta = ALTA[session.get_bind().dialect.name](AvisoDeOperacion)
    for codigo, novedad in sorted(suyas.items()):  # another worker may find it at this very moment
        session.execute(
            alta.values(
                codigo=codigo, desde=now, dice=novedad.dice, hacer=novedad.hacer
            ).on_conflict_do_nothing()
        )
    abiertos = (
        select(AvisoDeOperacion)
        .where(AvisoDeOperacion.hasta.is_(None))
        .order_by(AvisoDeOperacion.id)
        .with_for_update()
    )
    filas = session.scalars(abiertos.execution_options(populate_existing=True)).all()
    se_ven = vistas.solo_estas(session, "novedad", suyas, proceso, now)
    for fila in filas:
        if (suya := suyas.get(fila.codigo)) is not None:
            fila.dice, fila.hacer = suya.dice, suya.hacer
        elif fila.codigo not in se_ven:
            fila.hasta = now
    session.flush()
    return [fila for fila in filas if fila.hasta is None and fila.avisado is None]


def abiertos(session: Session) -> Sequence[AvisoDeOperacion]:
    """The longest first."""
    return session.scalars(
        select(AvisoDeOperacion)
        .where(AvisoDeOperacion.hasta.is_(None))
        .order_by(AvisoDeOperacion.desde)
    ).all()


def aviso(session: Session, numero: int) -> AvisoDeOperacion | None:
    return session.get(AvisoDeOperacion, numero)


def avisado(session: Session, numero: int, now: dt.datetime) -> None:
    session.get_one(AvisoDeOperacion, numero).avisado = now
    session.flush()


@dataclass(frozen=True, slots=True)
class Correos:
    enviados: int  #: today
    devueltos: int  #: today
    esperan: int


def correos(session: Session, now: dt.datetime) -> Correos:
    hoy = instante(dia_local(now), dt.time())
    esperan = and_(por_salir(), Aviso.creado >= now - OLVIDO * 7)
    contadas = (
        func.count(case((Aviso.enviado >= hoy, 1))),
        func.count(case((Aviso.devuelto >= hoy, 1))),
        func.count(case((esperan, 1))),
    )
    return Correos(
        *session.execute(select(*contadas).where(Aviso.creado >= now - OLVIDO * 30)).one()
    )
