"""The inbox seen from the cases: tasks narrowed, ordered and counted by what is known of the case
behind each.

`tareas` is a selectable of open tasks (id, case_key, claimed_by, opened_at, due_at, priority) that
whoever keeps the tasks gives. A case is found by its key, so a list costs one look for each open
task and never reads the cases that are over.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, literal, or_, select
from sqlalchemy.orm import Session

from records.casos import registro
from records.casos.busqueda import dice
from records.casos.detenidos import esta_detenido
from records.casos.registro import ABIERTO
from records.casos.reglas import estados
from records.casos.tablas import Caso, CasoRegistrado, Suspension, Tipificacion
from records.lugares.tablas import Punto
from records.personas.tablas import Persona
from records.plazos.reglas.calendario import dia_local, fin_del_dia, habiles_entre, sumar_habiles

#: From the most urgent: the legal term has passed, nobody touches it (for who leads the area), the
#: internal term has passed, it ends today or on the next business day, later or never, the clock
#: stands still.
QUIETA = "quieta"
URGENCIAS = ("critica", QUIETA, "vencida", "por-vencer", "tranquila", "pausa")
ORDENES = ("urgente", "prioridad", "antigua", "reciente")


@dataclass(frozen=True, slots=True, kw_only=True)
class DelCaso:
    """By what a case is about a list is narrowed, whatever its lines are; None: not by this."""

    clase: str | None = None
    tema: str | None = None
    punto_id: str | None = None
    texto: str = ""  #: as somebody typed it (`busqueda.dice`)
    temas: tuple[str, ...] = ()  #: the subjects that say so
    personas: tuple[int, ...] | None = None  #: to whom a document led

    def condiciones(self) -> list[ColumnElement[bool]]:
        iguales = {Caso.clase: self.clase, Caso.tema: self.tema, Caso.punto_id: self.punto_id}
        condiciones = [columna == valor for columna, valor in iguales.items() if valor]
        condiciones += [dice(self.texto, self.temas)] if self.texto else []
        return condiciones + (
            [Caso.persona_id.in_(self.personas)] if self.personas is not None else []
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FiltroBandeja(DelCaso):
    """Of tasks."""

    estado: str | None = None
    urgencia: str | None = None
    orden: str = "urgente"
    ids: tuple[str, ...] | None = None  #: only these tasks
    quietas: tuple[str, ...] = ()  #: those that rose to this person because nobody touches them
    claves: tuple[str, ...] = ()  #: cases of other procedures, beside those of `personas`

    def condiciones(self) -> list[ColumnElement[bool]]:
        """A class and a place are of cases of every procedure; a topic and a state only those of
        M5-1-02 have."""
        iguales = {Caso.tema: self.tema, Caso.estado: self.estado}
        de_todos = (
            (self.clase, or_(Caso.clase == self.clase, CasoRegistrado.clase == self.clase)),
            (
                self.punto_id,
                or_(Caso.punto_id == self.punto_id, CasoRegistrado.lugar == self.punto_id),
            ),
            (self.texto, or_(dice(self.texto, self.temas), registro.dice(self.texto))),
            (
                self.personas is not None,
                or_(
                    Caso.persona_id.in_(self.personas or ()),
                    CasoRegistrado.case_key.in_(self.claves),
                ),
            ),
        )
        return [columna == valor for columna, valor in iguales.items() if valor] + [
            es for valor, es in de_todos if valor
        ]


def _urgencia(
    tareas: Subquery, ahora: dt.datetime, quietas: Sequence[str] = ()
) -> ColumnElement[int]:
    """The place in URGENCIAS. A task that nobody touches is first of all what its case is: over its
    legal term, or suspended."""
    manana = fin_del_dia(sumar_habiles(dia_local(ahora), 1))
    que_es: list[tuple[ColumnElement[bool], str]] = [
        (esta_detenido(), "pausa"),
        (_paso_lo_legal(ahora), "critica"),
    ]
    if quietas:
        que_es.append((tareas.c.id.in_(quietas), QUIETA))
    que_es += [(tareas.c.due_at < ahora, "vencida"), (tareas.c.due_at <= manana, "por-vencer")]
    return case(
        *[(es, literal(URGENCIAS.index(u))) for es, u in que_es],
        else_=literal(URGENCIAS.index("tranquila")),
    )


def _paso_lo_legal(ahora: dt.datetime) -> ColumnElement[bool]:
    de_caso = (Caso.limite_respuesta < ahora) & Caso.estado.in_(estados.ABIERTOS) & ~esta_detenido()
    return or_(de_caso, (CasoRegistrado.vence < ahora) & (CasoRegistrado.estado == ABIERTO))


def _lista(
    tareas: Subquery, filtro: FiltroBandeja, ahora: dt.datetime, *columnas: Any
) -> Select[Any]:
    consulta = (
        select(*columnas).select_from(tareas).outerjoin(Caso, Caso.case_key == tareas.c.case_key)
    )
    consulta = consulta.outerjoin(
        CasoRegistrado,
        (CasoRegistrado.case_key == tareas.c.case_key) & CasoRegistrado.caso_id.is_(None),
    )
    consulta = consulta.where(*filtro.condiciones())
    if filtro.ids is not None:
        consulta = consulta.where(tareas.c.id.in_(filtro.ids))
    if filtro.urgencia == QUIETA:
        consulta = consulta.where(tareas.c.id.in_(filtro.quietas))
    elif filtro.urgencia:
        consulta = consulta.where(
            _urgencia(tareas, ahora, filtro.quietas) == URGENCIAS.index(filtro.urgencia)
        )
    return consulta


def _orden(tareas: Subquery, orden: str, ahora: dt.datetime) -> tuple[Any, ...]:
    t = tareas.c
    vence = case(
        (_paso_lo_legal(ahora), func.coalesce(Caso.limite_respuesta, CasoRegistrado.vence)),
        else_=t.due_at,
    )  # the term that makes it urgent
    por_fecha = (vence.is_(None), vence, t.priority.desc(), t.opened_at, t.id)
    return {
        "prioridad": (t.priority.desc(), *por_fecha),
        "antigua": (t.opened_at, t.id),
        "reciente": (t.opened_at.desc(), t.id),
    }.get(orden, por_fecha)


def en_orden(
    session: Session, tareas: Subquery, filtro: FiltroBandeja, *, ahora: dt.datetime, limite: int
) -> list[tuple[str, str]]:
    """Task id and urgency: the most urgent group first, in it as `orden` says."""
    urgencia = _urgencia(tareas, ahora, filtro.quietas)
    consulta = (
        _lista(tareas, filtro, ahora, tareas.c.id, urgencia)
        .order_by(urgencia, *_orden(tareas, filtro.orden, ahora))
        .limit(limite)
    )
    return list({id_: (id_, URGENCIAS[n]) for id_, n in session.execute(consulta)}.values())


def por_urgencia(
    session: Session, tareas: Subquery, filtro: FiltroBandeja, *, ahora: dt.datetime
) -> Mapping[str, int]:
    """How many tasks each group has."""
    urgencia = _urgencia(tareas, ahora, filtro.quietas)
    filas = session.execute(
        _lista(tareas, filtro, ahora, urgencia, func.count(tareas.c.id.distinct())).group_by(
            urgencia
        )
    )
    return {URGENCIAS[n]: cuantas for n, cuantas in filas}


@dataclass(frozen=True, slots=True)
class Asunto:
    """What a line says of the case."""

    radicado: str
    clase: str
    subtema: str
    persona: str
    punto: str
    estado: str
    recepcion: dt.datetime
    dias_termino: int | None
    limite_respuesta: dt.datetime | None
    escalado: dt.datetime | None
    limite_interno: dt.datetime | None


def asuntos(session: Session, casos: Sequence[int]) -> Mapping[int, Asunto]:
    """Case → what it is about, in one statement."""
    if not casos:
        return {}
    filas = session.execute(
        select(
            Caso.id,
            func.coalesce(Caso.radicado, ""),
            Caso.clase,
            Tipificacion.subtema,
            Persona.nombre,
            Punto.nombre,
            Caso.estado,
            Caso.recepcion,
            Caso.dias_termino,
            Caso.limite_respuesta,
            Caso.escalado,
            Caso.limite_interno,
        )
        .join(Tipificacion, Tipificacion.codigo == Caso.tema)
        .join(Persona, Persona.id == Caso.persona_id)
        .join(Punto, Punto.codigo == Caso.punto_id)
        .where(Caso.id.in_(casos))
    )
    return {caso: Asunto(*resto) for caso, *resto in filas}


# --- what waits for the citizen -------------------------------------------------------------------
#: The clock of the case stands still until its person answers. Open suspensions have an index of
#: their own, so the cases that are over are never read.
_ESPERA = (Suspension.hasta.is_(None), Caso.estado == estados.REQUERIDO)


@dataclass(frozen=True, slots=True, kw_only=True)
class FiltroEsperas(DelCaso):
    """Of cases that stand still. `areas` None: of every area."""

    areas: tuple[str, ...] | None
    pedido_por: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class EnEspera:
    """No task is open meanwhile: without its own line nobody would see that the case is still
    theirs."""

    case_key: str
    radicado: str
    clase: str
    subtema: str
    persona: str
    punto: str
    area_id: str
    pedido_por: str
    pidio: str
    desde: dt.datetime
    vence: dt.datetime
    #: the legal term that had passed already when the information was asked for
    legal_vencido: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Esperas:
    total: int
    filas: Sequence[EnEspera]


def esperas(session: Session, filtro: FiltroEsperas, *, limite: int) -> Esperas:
    """Whom the agency owes an answer that is overdue first, then who has the least time left."""
    consulta = (
        select(
            func.count().over(),
            Caso.case_key,
            func.coalesce(Caso.radicado, ""),
            Caso.clase,
            Tipificacion.subtema,
            Persona.nombre,
            Punto.nombre,
            func.coalesce(Caso.area_id, ""),
            Suspension.requerido_por,
            Suspension.informacion,
            Suspension.desde,
            Suspension.vence,
            case((~esta_detenido(), Caso.limite_respuesta)),
        )
        .join(Caso, Caso.id == Suspension.caso_id)
        .join(Tipificacion, Tipificacion.codigo == Caso.tema)
        .join(Persona, Persona.id == Caso.persona_id)
        .join(Punto, Punto.codigo == Caso.punto_id)
        .where(*_ESPERA, *filtro.condiciones())
    )
    entre = {Caso.area_id: filtro.areas, Suspension.requerido_por: filtro.pedido_por}
    consulta = consulta.where(
        *[columna.in_(valores) for columna, valores in entre.items() if valores is not None]
    )
    filas: Sequence[Any] = session.execute(
        consulta.order_by(esta_detenido(), Suspension.vence, Suspension.id).limit(limite)
    ).all()
    return Esperas(filas[0][0] if filas else 0, [EnEspera(*f[1:]) for f in filas])


@dataclass(frozen=True, slots=True)
class Esperando:
    """How many cases of an area wait for their person, by who asked."""

    area: str
    pedido_por: str
    cuantos: int


def que_esperan(session: Session, areas: Sequence[str] | None) -> list[Esperando]:
    """`areas` None: of every area."""
    consulta = (
        select(Caso.area_id, Suspension.requerido_por, func.count())
        .join(Caso, Caso.id == Suspension.caso_id)
        .where(*_ESPERA, Caso.area_id.is_not(None))
        .group_by(Caso.area_id, Suspension.requerido_por)
    )
    if areas is not None:
        consulta = consulta.where(Caso.area_id.in_(areas))
    return [
        Esperando(str(area), quien, cuantos) for area, quien, cuantos in session.execute(consulta)
    ]


# --- the load of areas and people -----------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Pendiente:
    """An open task as the board counts it."""

    id: str
    lugar: str | None
    tiene: str | None
    urgencia: str
    desde: dt.datetime
    radicado: str
    subtema: str


def pendientes(session: Session, tareas: Subquery, *, ahora: dt.datetime) -> list[Pendiente]:
    """Every open task, the oldest first."""
    t = tareas.c
    columnas = (
        t.id,
        t.scope,
        t.claimed_by,
        _urgencia(tareas, ahora),
        t.opened_at,
        func.coalesce(Caso.radicado, ""),
    )
    consulta = _lista(
        tareas, FiltroBandeja(), ahora, *columnas, func.coalesce(Tipificacion.subtema, "")
    )
    consulta = consulta.outerjoin(Tipificacion, Tipificacion.codigo == Caso.tema).order_by(
        t.opened_at, t.id
    )
    filas = session.execute(consulta)
    unicas = {f[0]: Pendiente(f[0], f[1], f[2], URGENCIAS[f[3]], *f[4:]) for f in filas}
    return list(unicas.values())


@dataclass(frozen=True, slots=True)
class Carga:
    """How much somebody has, and how old it is."""

    total: int
    vencidas: int
    por_vencer: int
    suspendidas: int
    sin_asignar: int
    edad_media: float  #: in business days, without what is suspended
    mas_antigua: Pendiente | None

    @property
    def con_tiempo(self) -> int:
        return self.total - self.vencidas - self.por_vencer - self.suspendidas


def carga_de(tareas: Sequence[Pendiente], hoy: dt.date, *, esperan: int = 0) -> Carga:
    """Pure; `tareas` come oldest first. `esperan`: cases that wait for their person, without a task
    meanwhile."""
    corren = [t for t in tareas if t.urgencia != "pausa"]
    edades = [habiles_entre(dia_local(t.desde), hoy) for t in corren]
    return Carga(
        total=len(tareas) + esperan,
        vencidas=sum(t.urgencia in ("critica", "vencida") for t in tareas),
        por_vencer=sum(t.urgencia == "por-vencer" for t in tareas),
        suspendidas=len(tareas) - len(corren) + esperan,
        sin_asignar=sum(t.tiene is None for t in tareas),
        edad_media=sum(edades) / len(edades) if edades else 0.0,
        mas_antigua=corren[0] if corren else None,
    )
