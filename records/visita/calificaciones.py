"""Ratings (5.2.13, M5-1-01 act. 15): one per attention and one per answer; no value means "no
califica"."""

import datetime as dt
import hashlib
from dataclasses import dataclass, replace

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.consultas import obtener
from records.base.errores import DatoInvalido, EnlaceInvalido, NoExiste
from records.casos.tablas import Caso
from records.plazos.reglas.calendario import (
    al_terminar,
    dia_local,
    es_mes_terminado,
    instante,
    mes_terminado,
)
from records.plazos.reglas.plazos import VIGENCIA_ENLACE
from records.visita import calificaciones_sql as sql
from records.visita.tablas import Calificacion, EnlaceCalificacion

# SUPUESTO: why 2 or less
MOTIVOS = ("espera", "trato", "informacion", "solucion", "instalaciones", "otro")
ESCALA = range(1, 6)  # 5.2.13
VALOR_BAJO = 2
MINIMO_PROPIAS = 10  # ratings before anybody sees a mean: one person is not to be guessed
MEDIANOCHE = dt.time(0)


@dataclass(frozen=True, slots=True)
class NuevaCalificacion:
    """`valor` 1 to 5; None: the person prefers not to rate. `medio` and `fuente`: how it was given
    and where it came in; `por_asesor`: the adviser typed what the person said."""

    valor: int | None
    motivo: str | None = None
    comentario: str | None = None
    medio: str | None = None
    fuente: str = "crm"
    por_asesor: bool = False

    def __post_init__(self) -> None:
        if self.valor is not None and self.valor not in ESCALA:
            raise DatoInvalido(
                "La calificación va de %(desde)s a %(hasta)s.", desde=ESCALA[0], hasta=ESCALA[-1]
            )


def registrar_calificacion(
    session: Session, turno_id: int, nueva: NuevaCalificacion, acto: Acto
) -> int:
    """The rating of an attention; a second call for the turn changes nothing and gives the id of
    the first."""
    antes = sql.ANTES.first(session, {"b_turno": turno_id})
    if antes is None:
        raise NoExiste("No existe el turno %(n)s.", n=turno_id)
    calificacion_id: int = antes.calificacion_id or sql.ALTA.scalar(
        session,
        {
            "momento": "atencion",
            "turno_id": turno_id,
            "punto_id": antes.punto_id,
            "asesor_id": antes.asesor_id,
            "fuente": nueva.fuente,
            "medio": nueva.medio,
            "valor": nueva.valor,
            "motivo": nueva.motivo or None,
            "comentario": nueva.comentario or None,
            "por_asesor": nueva.por_asesor,
            "registrada": acto.now,
            "registrada_por": acto.quien,
        },
    )
    return calificacion_id


def de_turno(session: Session, turno_id: int) -> bool:
    """This attention has its rating."""
    return (
        session.scalar(
            select(Calificacion.id).where(
                Calificacion.turno_id == turno_id, Calificacion.momento == "atencion"
            )
        )
        is not None
    )


@dataclass(frozen=True, slots=True)
class Conjunto:
    """The ratings of attentions of a point, or of an adviser at a point: how many were asked for,
    given, and typed by the adviser."""

    de: str
    pedidas: int
    dadas: int
    dictadas: int
    media: float | None
    punto: str = ""

    @property
    def parte_dictada(self) -> float | None:
        """The share of spoken ratings: what an adviser types is not what a person gives alone."""
        return self.dictadas / self.dadas if self.dadas else None


@dataclass(frozen=True, slots=True)
class Calificadas:
    """Of a period. Nobody is to learn from its means who gave which rating, by subtracting one from
    another either:

    - a mean is only of a whole month that has ended, and months have no rating in common;
    - in a month the advisers of a point have none in common either, and a mean is of ten ratings at
      least;
    - a point has a mean only where the advisers without one gave none or ten together.

    So whatever is added and subtracted are sums of ten ratings or more.
    """

    por_punto: tuple[Conjunto, ...]
    por_asesor: tuple[Conjunto, ...]


def calificadas(session: Session, desde: dt.date, hasta: dt.date, now: dt.datetime) -> Calificadas:
    """Days of Colombia, both counted."""
    celdas = _celdas(session, desde, hasta)
    if not es_mes_terminado(desde, hasta, dia_local(now)):
        celdas = [replace(c, media=None) for c in celdas]
        return Calificadas(
            tuple(_suma(punto, suyas) for punto, suyas in _de_cada_punto(celdas)),
            _con_asesor(celdas),
        )
    vistas = [_sin_adivinar(c) for c in celdas]
    puntos = (_suma(punto, suyas) for punto, suyas in _de_cada_punto(celdas))
    return Calificadas(
        tuple(p if _se_puede_restar(p, vistas) else replace(p, media=None) for p in puntos),
        _con_asesor(vistas),
    )


def propias(session: Session, asesor_id: str, now: dt.datetime) -> tuple[dt.date, Conjunto]:
    """What an adviser may see, of the last month that has ended: no single rating, no comment, and
    a mean from ten ratings on."""
    primero, ultimo = mes_terminado(dia_local(now))
    suyas = [
        replace(c, de=asesor_id) for c in _celdas(session, primero, ultimo) if c.de == asesor_id
    ]
    return primero, _sin_adivinar(_suma(asesor_id, suyas))


def _sin_adivinar(conjunto: Conjunto) -> Conjunto:
    return conjunto if conjunto.dadas >= MINIMO_PROPIAS else replace(conjunto, media=None)


def _se_puede_restar(punto: Conjunto, celdas: list[Conjunto]) -> bool:
    """What is left of a point without the advisers whose mean is shown tells nobody's rating."""
    resto = sum(c.dadas for c in celdas if c.punto == punto.de and c.media is None)
    return punto.dadas >= MINIMO_PROPIAS and (resto == 0 or resto >= MINIMO_PROPIAS)


def _con_asesor(celdas: list[Conjunto]) -> tuple[Conjunto, ...]:
    return tuple(c for c in celdas if c.de)


def _de_cada_punto(celdas: list[Conjunto]) -> list[tuple[str, list[Conjunto]]]:
    return [
        (punto, [c for c in celdas if c.punto == punto])
        for punto in sorted({c.punto for c in celdas})
    ]


def _suma(de: str, celdas: list[Conjunto]) -> Conjunto:
    dadas = sum(c.dadas for c in celdas)
    total = sum((c.media or 0) * c.dadas for c in celdas)
    con_media = dadas and all(c.media is not None or not c.dadas for c in celdas)
    pedidas, dictadas = sum(c.pedidas for c in celdas), sum(c.dictadas for c in celdas)
    return Conjunto(de, pedidas, dadas, dictadas, total / dadas if con_media else None, de)


def _celdas(session: Session, desde: dt.date, hasta: dt.date) -> list[Conjunto]:
    """One for each adviser at each point; `de` is "" for what no adviser has."""
    dictada = Calificacion.por_asesor & Calificacion.valor.is_not(None)
    punto, asesor = Calificacion.punto_id, Calificacion.asesor_id
    filas = session.execute(
        select(
            punto,
            asesor,
            func.count().label("pedidas"),
            func.count(Calificacion.valor).label("dadas"),
        )
        .add_columns(
            func.sum(case((dictada, 1), else_=0)).label("dictadas"),
            func.avg(Calificacion.valor).label("media"),
        )
        .where(
            Calificacion.momento == "atencion",
            punto.is_not(None),
            Calificacion.registrada >= instante(desde, MEDIANOCHE),
        )
        .where(Calificacion.registrada < al_terminar(hasta))
        .group_by(punto, asesor)
        .order_by(asesor, punto)
    )
    return [
        Conjunto(
            f.asesor_id or "",
            f.pedidas,
            f.dadas,
            f.dictadas,
            None if f.media is None else float(f.media),
            f.punto_id,
        )
        for f in filas
    ]


def calificacion_de_turno(session: Session, turno_id: int) -> Calificacion | None:
    return session.scalar(
        select(Calificacion).where(
            Calificacion.turno_id == turno_id, Calificacion.momento == "atencion"
        )
    )


# --- the link that goes with an answer ------------------------------------------------------------
def huella(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def crear_enlace(session: Session, caso_id: int, token: str, *, now: dt.datetime) -> dt.datetime:
    """A link for one rating of the answer, valid 5 days; only the hash of its token is kept."""
    vence = now + VIGENCIA_ENLACE
    session.add(
        EnlaceCalificacion(token_hash=huella(token), caso_id=caso_id, creado=now, vence=vence)
    )
    session.flush()
    return vence


def es_de_uno(session: Session, token: str) -> bool:
    """Whether this is the token of a link, good or not."""
    return (
        session.scalar(
            select(EnlaceCalificacion.caso_id).where(EnlaceCalificacion.token_hash == huella(token))
        )
        is not None
    )


def enlace(session: Session, token: str, now: dt.datetime) -> EnlaceCalificacion:
    """The link that a citizen opened, still good; EnlaceInvalido otherwise."""
    hallado = session.scalar(
        select(EnlaceCalificacion).where(EnlaceCalificacion.token_hash == huella(token))
    )
    if hallado is None or hallado.usado is not None or now > hallado.vence:
        raise EnlaceInvalido
    return hallado


def calificar_respuesta(
    session: Session, token: str, nueva: NuevaCalificacion, *, now: dt.datetime
) -> int:
    """Use the link up: of two who open it at once, one rates. It always comes from the web."""
    caso_id = session.scalar(
        update(EnlaceCalificacion)
        .where(
            EnlaceCalificacion.token_hash == huella(token),
            EnlaceCalificacion.usado.is_(None),
            EnlaceCalificacion.vence >= now,
        )
        .values(usado=now)
        .returning(EnlaceCalificacion.caso_id)
        .execution_options(synchronize_session=False)
    )
    if caso_id is None:
        raise EnlaceInvalido
    previa = select(Calificacion.id).where(
        Calificacion.caso_id == caso_id, Calificacion.momento == "respuesta"
    )
    if session.scalar(previa) is not None:
        raise EnlaceInvalido
    caso = obtener(session, Caso, caso_id)
    calificacion = Calificacion(
        momento="respuesta",
        caso_id=caso_id,
        punto_id=caso.punto_id,
        asesor_id=caso.asesor_id,
        fuente="web",
        valor=nueva.valor,
        motivo=nueva.motivo or None,
        comentario=nueva.comentario or None,
        registrada=now,
        registrada_por="ciudadano",
    )
    session.add(calificacion)
    session.flush()
    return calificacion.id
