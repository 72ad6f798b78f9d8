"""Everything the records hold of one case, and what of it the public may see."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import and_, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from common.language import marked
from records.base.consultas import obtener
from records.base.tablas import Base
from records.casos.reglas import estados
from records.casos.tablas import (
    Aporte,
    Caso,
    CasoEstado,
    Escalonamiento,
    Incumplimiento,
    Investigacion,
    Plazo,
    Prorroga,
    Respuesta,
    Suspension,
    Tipificacion,
)
from records.escritos.tablas import Archivado, Envio, Escrito, Firma
from records.lugares.tablas import Punto
from records.personas.tablas import Persona
from records.plazos.reglas.plazos import se_detiene
from records.sistemas.tablas import OTRA_VEZ, ConsultaLegado
from records.visita.tablas import Atencion

M = TypeVar("M", bound=Base)
CANAL_ESCRITO = "escrito"


@dataclass(frozen=True, slots=True)
class Salida:
    """How what came in writing is answered (M5-1-04 act. 5–7); nothing of it for the other
    cases."""

    firma: Firma | None = None
    envio: Envio | None = None
    archivado: Archivado | None = None

    @property
    def hay(self) -> bool:
        return self.firma is not None or self.archivado is not None


@dataclass(frozen=True, slots=True)
class Expediente:
    """The rows of a case, oldest first; deadlines with their explanations."""

    caso: Caso
    persona: Persona
    tipo: Tipificacion
    estados: Sequence[CasoEstado]
    plazos: Sequence[Plazo]
    escalonamientos: Sequence[Escalonamiento]
    suspensiones: Sequence[Suspension]
    aportes: Sequence[Aporte]
    prorroga: Prorroga | None
    respuestas: Sequence[Respuesta]
    incumplimientos: Sequence[Incumplimiento]
    salida: Salida

    def plazo_vigente(self, tipo: str) -> Plazo | None:
        """The deadline in force: "escalar", "respuesta" or "interno"."""
        return next((p for p in self.plazos if p.tipo == tipo and p.vigente_hasta is None), None)

    @property
    def suspension_abierta(self) -> Suspension | None:
        """What the person is being asked for now."""
        return next((s for s in self.suspensiones if s.hasta is None), None)

    def suspension_que_detiene(self, limite: dt.datetime | None) -> Suspension | None:
        """The open one, unless this limit had passed when it began: that stays overdue."""
        abierta = self.suspension_abierta
        return (
            abierta
            if abierta is not None and (limite is None or se_detiene(limite, abierta.desde))
            else None
        )


def expediente(session: Session, caso_id: int) -> Expediente:
    caso = obtener(session, Caso, caso_id)
    return Expediente(
        caso=caso,
        persona=obtener(session, Persona, caso.persona_id),
        tipo=obtener(session, Tipificacion, caso.tema),
        estados=_de(session, CasoEstado, CasoEstado.caso_id, caso_id),
        plazos=_de(session, Plazo, Plazo.caso_id, caso_id),
        escalonamientos=_de(session, Escalonamiento, Escalonamiento.caso_id, caso_id),
        suspensiones=_de(session, Suspension, Suspension.caso_id, caso_id),
        aportes=_de(session, Aporte, Aporte.caso_id, caso_id),
        prorroga=session.scalar(select(Prorroga).where(Prorroga.caso_id == caso_id)),
        respuestas=_de(session, Respuesta, Respuesta.caso_id, caso_id),
        incumplimientos=_de(session, Incumplimiento, Incumplimiento.caso_id, caso_id),
        salida=_salida(session, caso),
    )


def _salida(session: Session, caso: Caso) -> Salida:
    if caso.canal != CANAL_ESCRITO:
        return Salida()
    firma = select(Firma).where(Firma.caso_id == caso.id).order_by(Firma.id.desc()).limit(1)
    return Salida(
        session.scalar(firma),
        session.scalar(select(Envio).where(Envio.caso_id == caso.id)),
        session.scalar(select(Archivado).where(Archivado.caso_id == caso.id)),
    )


def _de(
    session: Session, modelo: type[M], columna: InstrumentedAttribute[int], caso_id: int
) -> Sequence[M]:
    filas = session.scalars(select(modelo).where(columna == caso_id)).all()
    return sorted(filas, key=lambda fila: fila.id)  # type: ignore[attr-defined]  # each of these tables has a numeric id


# --- what else an officer needs beside the case ---------------------------------------------------
@dataclass(frozen=True, slots=True)
class RespuestaAnterior:
    """What this person was answered in another case."""

    case_key: str | None
    radicado: str | None
    subtema: str
    punto: str
    cuando: dt.datetime
    texto: str


def respuestas_anteriores(session: Session, caso: Caso, limite: int = 5) -> list[RespuestaAnterior]:
    """Answers that the person got in other cases, at the point or sent, the latest first."""
    filas = session.execute(
        select(
            Caso.case_key,
            Caso.radicado,
            Tipificacion.subtema,
            Punto.nombre,
            Respuesta.registrada,
            Respuesta.texto,
        )
        .join(Respuesta, Respuesta.caso_id == Caso.id)
        .join(Tipificacion, Tipificacion.codigo == Caso.tema)
        .join(Punto, Punto.codigo == Caso.punto_id)
        .where(
            Caso.persona_id == caso.persona_id,
            Caso.id != caso.id,
            Respuesta.tipo.in_(("punto", "enviada")),
        )
        .order_by(Respuesta.registrada.desc(), Respuesta.id.desc())
        .limit(limite)
    )
    return [RespuestaAnterior(*fila) for fila in filas]


@dataclass(frozen=True, slots=True)
class OtroCaso:
    """Another case of the same person."""

    case_key: str | None
    radicado: str | None
    subtema: str
    estado: str
    recepcion: dt.datetime


def otros_casos(session: Session, caso: Caso, limite: int = 5) -> list[OtroCaso]:
    """What else this person came about, the latest first."""
    filas = session.execute(
        select(Caso.case_key, Caso.radicado, Tipificacion.subtema, Caso.estado, Caso.recepcion)
        .join(Tipificacion, Tipificacion.codigo == Caso.tema)
        .where(Caso.persona_id == caso.persona_id, Caso.id != caso.id, Caso.radicado.is_not(None))
        .order_by(Caso.recepcion.desc(), Caso.id.desc())
        .limit(limite)
    )
    return [OtroCaso(*fila) for fila in filas]


@dataclass(frozen=True, slots=True)
class CasoAbierto:
    """A case to which something that its person brings may belong. `pedido`: what was asked of them
    and has not come; "" while nothing is waited for."""

    caso_id: int
    case_key: str
    radicado: str
    tema: str
    subtema: str
    estado: str
    pedido: str


def casos_abiertos(session: Session, persona_id: int) -> list[CasoAbierto]:
    """Those that wait for the person first, then the latest."""
    pedido = func.coalesce(Suspension.informacion, "")
    filas = session.execute(
        select(
            Caso.id,
            func.coalesce(Caso.case_key, ""),
            func.coalesce(Caso.radicado, ""),
            Caso.tema,
            Tipificacion.subtema,
            Caso.estado,
            pedido,
        )
        .join(Tipificacion, Tipificacion.codigo == Caso.tema)
        .outerjoin(Suspension, and_(Suspension.caso_id == Caso.id, Suspension.hasta.is_(None)))
        .where(
            Caso.persona_id == persona_id,
            Caso.radicado.is_not(None),
            Caso.case_key.is_not(None),
            Caso.estado.not_in(estados.RESUELTOS),
        )
        .order_by(Suspension.id.is_(None), Caso.recepcion.desc(), Caso.id.desc())
    )
    return [CasoAbierto(*fila) for fila in filas]


def llegadas(session: Session, case_keys: Collection[str]) -> dict[str, dt.datetime]:
    """By case: when its person last brought something for it, after it had its number."""
    pedido = select(Caso.case_key, Suspension.hasta).join(Caso, Caso.id == Suspension.caso_id)
    traido = select(Caso.case_key, Escrito.recibido).join(Caso, Caso.id == Escrito.caso_id)
    aportado = select(Caso.case_key, Aporte.llego).join(Caso, Caso.id == Aporte.caso_id)
    filas = union_all(
        aportado.where(Caso.case_key.in_(case_keys)),
        pedido.where(
            Caso.case_key.in_(case_keys),
            Suspension.complemento.is_not(None),
            Suspension.hasta.is_not(None),
        ),
        traido.where(
            Caso.case_key.in_(case_keys), Escrito.turno_id.is_distinct_from(Caso.turno_id)
        ),
    ).subquery()
    clave, cuando = filas.c
    ultimas = select(clave, func.max(cuando)).group_by(clave)
    return {str(k): c for k, c in session.execute(ultimas)} if case_keys else {}


def investigaciones(session: Session, caso_id: int) -> Sequence[Investigacion]:
    """What officers found (5.2.17), oldest first."""
    return _de(session, Investigacion, Investigacion.caso_id, caso_id)


def consultas_de_la_visita(session: Session, caso: Caso) -> Sequence[ConsultaLegado]:
    """What the legacy systems said during the visit in which the case was made (5.2.9), oldest
    first."""
    if caso.turno_id is None:
        return ()
    mismas = select(ConsultaLegado).where(
        ConsultaLegado.turno_id == caso.turno_id, ConsultaLegado.persona_id == caso.persona_id
    )
    return session.scalars(mismas.order_by(ConsultaLegado.consultada, ConsultaLegado.id)).all()


def consultas_del_caso(session: Session, caso: Caso) -> Sequence[ConsultaLegado]:
    """What the systems said of the person: in the visit, and to those who asked again while they
    worked on the case (`modo` OTRA_VEZ); oldest first."""
    # a case without a visit has none of it: rows without a visit are of other cases, too
    de_la_visita = and_(
        ConsultaLegado.turno_id.is_not(None), ConsultaLegado.turno_id == caso.turno_id
    )
    otra_vez = and_(ConsultaLegado.case_key == caso.case_key, ConsultaLegado.modo == OTRA_VEZ)
    suyas = select(ConsultaLegado).where(
        ConsultaLegado.persona_id == caso.persona_id, or_(de_la_visita, otra_vez)
    )
    return session.scalars(suyas.order_by(ConsultaLegado.consultada, ConsultaLegado.id)).all()


def quien_vino(session: Session, caso: Caso) -> tuple[str, str]:
    """In which capacity the person came to the visit (5.2.4), "" where nobody did; and the name of
    the attorney who came for them (5.2.5), or ""."""
    if caso.turno_id is None:
        return "", ""
    fila = session.execute(
        select(Atencion.calidad, Persona.nombre)
        .outerjoin(Persona, Persona.id == Atencion.apoderado_id)
        .where(Atencion.turno_id == caso.turno_id)
    ).first()
    return (fila[0] or "", fila[1] or "") if fila is not None else ("", "")


# --- the public status page -----------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class PasoPublico:
    nombre: str
    desde: dt.datetime


@dataclass(frozen=True, slots=True)
class EstadoPublico:
    """What whoever has radicado and document may see: no name, no subject of the case, no official,
    no text but what is asked of them."""

    radicado: str
    estado: str
    nombre_estado: str
    recepcion: dt.datetime
    limite_respuesta: dt.datetime | None  # None: documents, or the clock stands still
    # how the limit was counted: `records.plazos.reglas.calendario.Explicacion` as data
    explicacion: Mapping[str, Any] | None
    prorrogado: bool
    complemento_hasta: dt.datetime | None  # the citizen owes information until then
    complemento: str  # what was asked for, in the words of whoever asked; "": nothing is owed
    enviado: dt.datetime | None
    pasos: tuple[PasoPublico, ...]
    envio: Envio | None = None  # of what was filed in writing: its guide, and what became of it
    respondido: bool = False  #: there is an answer that the person may read
    abierto: bool = False  #: whoever works on it still reads what comes


def estado_publico(
    session: Session, radicado: str, tipo_doc: str, num_doc: str
) -> EstadoPublico | None:
    """None when there is no such radicado, and when it belongs to another document: the page must
    not tell which."""
    del_titular = (Persona.tipo_doc == tipo_doc, Persona.num_doc == num_doc)
    caso = session.scalar(
        select(Caso)
        .join(Persona, Persona.id == Caso.persona_id)
        .where(Caso.radicado == radicado, *del_titular)
    )
    return (
        _del_caso(session, caso, radicado)
        if caso is not None
        else _del_escrito(session, radicado, tipo_doc, num_doc)
    )


def _del_caso(session: Session, caso: Caso, radicado: str) -> EstadoPublico:
    todos = expediente(session, caso.id)
    plazo = todos.plazo_vigente("respuesta")
    abierta = todos.suspension_abierta
    parado = todos.suspension_que_detiene(caso.limite_respuesta) is not None
    return EstadoPublico(
        radicado=radicado,
        estado=caso.estado,
        nombre_estado=estados.PARA_LA_PERSONA[caso.estado],
        recepcion=caso.recepcion,
        limite_respuesta=None if parado else caso.limite_respuesta,
        explicacion=plazo.explicacion if plazo is not None and not parado else None,
        prorrogado=todos.prorroga is not None,
        complemento_hasta=abierta.vence if abierta is not None else None,
        complemento=abierta.informacion if abierta is not None else "",
        abierto=caso.estado not in estados.RESUELTOS and caso.case_key is not None,
        enviado=caso.enviado,
        pasos=tuple(_pasos((estados.PARA_LA_PERSONA[e.estado], e.desde) for e in todos.estados)),
        envio=todos.salida.envio,
        respondido=any(
            r.tipo in ("enviada", "punto") and r.enviada is not None for r in todos.respuestas
        ),
    )


def _pasos(dichos: Iterable[tuple[str, dt.datetime]]) -> Iterator[PasoPublico]:
    """A step inside the agency that changes nothing for the citizen is none: what reads the same in
    a row is told once."""
    anterior = ""
    for nombre, desde in dichos:
        if nombre != anterior:
            yield PasoPublico(nombre, desde)
        anterior = nombre


def _del_escrito(
    session: Session, radicado: str, tipo_doc: str, num_doc: str
) -> EstadoPublico | None:
    escrito = session.scalar(
        select(Escrito)
        .join(Persona, Persona.id == Escrito.persona_id)
        .where(
            Escrito.radicado == radicado, Persona.tipo_doc == tipo_doc, Persona.num_doc == num_doc
        )
    )
    if escrito is None:
        return None
    return EstadoPublico(
        radicado=radicado,
        estado=estados.RECIBIDO,
        nombre_estado=marked("Documentos radicados"),
        recepcion=escrito.recibido,
        limite_respuesta=None,
        explicacion=None,
        prorrogado=False,
        complemento_hasta=None,
        complemento="",
        enviado=None,
        pasos=(
            PasoPublico(marked("Documentos radicados"), escrito.radicado_en or escrito.recibido),
        ),
    )
