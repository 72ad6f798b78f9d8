"""Ratings (5.2.13, M5-1-01 act. 15): one per attention and one per answer; no value means "no califica"."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from dataclasses import replace

from sqlalchemy import case
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Session

from records.actos import Acto
from records.consultas import obtener
from records.errores import DatoInvalido
from records.errores import EnlaceInvalido
from records.errores import NoExiste
from records.rules.plazos import VIGENCIA_ENLACE
from records.sentencias import calificaciones as sql
from records.tables import Calificacion
from records.tables import Caso
from records.tables import EnlaceCalificacion

MOTIVOS = ("espera", "trato", "informacion", "solucion", "instalaciones", "otro")  # SUPUESTO: why 2 or less
ESCALA = range(1, 6)  # 5.2.13
VALOR_BAJO = 2
MINIMO_PROPIAS = 10  # ratings before anybody sees a mean: one person is not to be guessed


@dataclass(frozen=True, slots=True)
class NuevaCalificacion:
    """`valor` 1 to 5; None: the person prefers not to rate. `medio` and `fuente`: how it was given and where it came in;
    `por_asesor`: the adviser typed what the person said."""

    valor: int | None
    motivo: str | None = None
    comentario: str | None = None
    medio: str | None = None
    fuente: str = "crm"
    por_asesor: bool = False

    def __post_init__(self) -> None:
        if self.valor is not None and self.valor not in ESCALA:
            raise DatoInvalido(f"La calificación va de {ESCALA[0]} a {ESCALA[-1]}.")


def registrar_calificacion(session: Session, turno_id: int, nueva: NuevaCalificacion, acto: Acto) -> int:
    """The rating of an attention; a second call for the turn changes nothing and gives the id of the first."""
    antes = sql.ANTES.first(session, {"b_turno": turno_id})
    if antes is None:
        raise NoExiste(f"No existe turno {turno_id}.")
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


@dataclass(frozen=True, slots=True)
class Conjunto:
    """The ratings of attentions of a point or an adviser: how many were asked for, given, and typed by the adviser."""

    de: str
    pedidas: int
    dadas: int
    dictadas: int
    media: float | None

    @property
    def parte_dictada(self) -> float | None:
        """The share of spoken ratings: what an adviser types is not what a person gives alone."""
        return self.dictadas / self.dadas if self.dadas else None


def por_punto(session: Session, desde: dt.datetime, hasta: dt.datetime | None = None) -> list[Conjunto]:
    return [_sin_adivinar(c) for c in _conjuntos(session, Calificacion.punto_id, desde, hasta)]


def por_asesor(session: Session, desde: dt.datetime, hasta: dt.datetime | None = None) -> list[Conjunto]:
    return [_sin_adivinar(c) for c in _conjuntos(session, Calificacion.asesor_id, desde, hasta)]


def propias(session: Session, asesor_id: str, desde: dt.datetime) -> Conjunto:
    """What an adviser may see: no single rating, no comment, and no mean before `MINIMO_PROPIAS` ratings."""
    suyas = next((c for c in _conjuntos(session, Calificacion.asesor_id, desde) if c.de == asesor_id), Conjunto(asesor_id, 0, 0, 0, None))
    return _sin_adivinar(suyas)


def _sin_adivinar(conjunto: Conjunto) -> Conjunto:
    """Without its mean while so few rated that it would tell who gave which."""
    return conjunto if conjunto.dadas >= MINIMO_PROPIAS else replace(conjunto, media=None)


def _conjuntos(
    session: Session,
    por: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    desde: dt.datetime,
    hasta: dt.datetime | None = None,
) -> list[Conjunto]:
    """From `desde`, before `hasta`."""
    dictada = Calificacion.por_asesor & Calificacion.valor.is_not(None)
    filas = session.execute(
        select(por.label("de"), func.count().label("pedidas"), func.count(Calificacion.valor).label("dadas"))
        .add_columns(func.sum(case((dictada, 1), else_=0)).label("dictadas"), func.avg(Calificacion.valor).label("media"))
        .where(Calificacion.momento == "atencion", Calificacion.registrada >= desde, por.is_not(None))
        .where(*([Calificacion.registrada < hasta] if hasta is not None else []))
        .group_by(por)
        .order_by(por)
    )
    return [Conjunto(f.de, f.pedidas, f.dadas, f.dictadas, None if f.media is None else float(f.media)) for f in filas]


def calificacion_de_turno(session: Session, turno_id: int) -> Calificacion | None:
    return session.scalar(select(Calificacion).where(Calificacion.turno_id == turno_id, Calificacion.momento == "atencion"))


# --- the link that goes with an answer -------------------------------------------------------------------------------
def huella(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def crear_enlace(session: Session, caso_id: int, token: str, *, now: dt.datetime) -> dt.datetime:
    """A link for one rating of the answer, valid 5 days; only the hash of its token is kept."""
    vence = now + VIGENCIA_ENLACE
    session.add(EnlaceCalificacion(token_hash=huella(token), caso_id=caso_id, creado=now, vence=vence))
    session.flush()
    return vence


def enlace(session: Session, token: str, now: dt.datetime) -> EnlaceCalificacion:
    """The link that a citizen opened, still good; EnlaceInvalido otherwise."""
    hallado = session.scalar(select(EnlaceCalificacion).where(EnlaceCalificacion.token_hash == huella(token)))
    if hallado is None or hallado.usado is not None or now > hallado.vence:
        raise EnlaceInvalido
    return hallado


def calificar_respuesta(session: Session, token: str, nueva: NuevaCalificacion, *, now: dt.datetime) -> int:
    """Use the link up: of two who open it at once, one rates. It always comes from the web."""
    caso_id = session.scalar(
        update(EnlaceCalificacion)
        .where(EnlaceCalificacion.token_hash == huella(token), EnlaceCalificacion.usado.is_(None), EnlaceCalificacion.vence >= now)
        .values(usado=now)
        .returning(EnlaceCalificacion.caso_id)
        .execution_options(synchronize_session=False)
    )
    if caso_id is None:
        raise EnlaceInvalido
    previa = select(Calificacion.id).where(Calificacion.caso_id == caso_id, Calificacion.momento == "respuesta")
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
