"""Looking for cases: lists for compliance and managers, the public status page, all the rows of one
case."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from records.base.consultas import Pagina
from records.base.reglas.documentos import con_tipo
from records.base.reglas.nombres import palabras, plano
from records.casos import restringidos
from records.casos.detenidos import esta_detenido
from records.casos.reglas import estados, veredictos
from records.casos.reglas.radicado import posibles
from records.casos.tablas import Caso, Escalonamiento, Tipificacion
from records.personas.tablas import Persona, PersonaPalabra
from records.plazos.reglas.calendario import al_terminar, instante
from records.visita.tablas import Atencion, Turno

#: Counting stops here: a list says "más de 1.000" instead of reading a million rows.
TOPE_CONTEO = 1_001
#: So many people with a name are taken one by one; when there are more, the list is read from its
#: top until it is full.
MUCHAS_PERSONAS = 500
ULTIMA = "\U0010ffff"  # after every letter


@dataclass(frozen=True, slots=True)
class FiltroCasos:
    """What a list of cases may be narrowed by; None: not by this. Days are local, both included.

    `solo_puntos` and `solo_areas` are what the person may see: a case of one of these points or
    areas.
    """

    radicado: str | None = None  # as somebody typed it: with its zeros and its year or without
    persona: str | None = None  # beginnings of words of the name, in any order
    personas: tuple[int, ...] | None = None  # of `personas_con_documento`; none of them: no case
    punto_id: str | None = None
    area_id: str | None = None
    asesor_id: str | None = None
    estado: str | None = None
    clase: str | None = None
    tema: str | None = None
    desde: dt.date | None = None
    hasta: dt.date | None = None
    abiertos: bool = False
    vencidos: bool = False
    # of `records.casos.reglas.veredictos`: how the legal term ended, or that it runs
    termino: str | None = None
    reasignados: bool = False  # to another area (5.2.15)
    # a selectable of case keys: of what else the cases are, which only the engine knows
    claves: Any = None
    solo_puntos: tuple[str, ...] | None = None
    solo_areas: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class FilaCaso:
    caso_id: int
    radicado: str | None
    case_key: str | None
    recepcion: dt.datetime
    punto_id: str
    persona_id: int
    nombre: str
    tipo_doc: str
    num_doc: str
    clase: str
    tema: str
    subtema: str
    estado: str
    area_id: str | None
    asesor_id: str
    limite_respuesta: dt.datetime | None
    enviado: dt.datetime | None
    cerrado: dt.datetime | None
    detenido: bool
    vencido: bool


_COLUMNAS = (
    Caso.id,
    Caso.radicado,
    Caso.case_key,
    Caso.recepcion,
    Caso.punto_id,
    Caso.persona_id,
    case((restringidos.CASO, ""), else_=Persona.nombre).label("nombre"),
    case((restringidos.CASO, ""), else_=Persona.tipo_doc).label("tipo_doc"),
    case((restringidos.CASO, ""), else_=Persona.num_doc).label("num_doc"),
    Caso.clase,
    Caso.tema,
    Tipificacion.subtema,
    Caso.estado,
    Caso.area_id,
    Caso.asesor_id,
    Caso.limite_respuesta,
    Caso.enviado,
    Caso.cerrado,
    esta_detenido().label("detenido"),
)


_ORDEN = (Caso.recepcion.desc(), Caso.id.desc())


def buscar_casos(
    session: Session, filtro: FiltroCasos, *, now: dt.datetime, pagina: int = 1, tamano: int = 25
) -> Pagina[FilaCaso]:
    """A page of the list, latest first: two statements, a third to find people by name. `total`
    stops at TOPE_CONTEO."""
    condiciones = _condiciones(session, filtro, now)
    contar = select(Caso.id).where(*condiciones).limit(TOPE_CONTEO).subquery()
    total = session.execute(select(func.count()).select_from(contar)).scalar_one()
    numero = min(max(1, pagina), -(-TOPE_CONTEO // tamano))
    ids = (
        select(Caso.id)
        .where(*condiciones)
        .order_by(*_ORDEN)
        .limit(tamano)
        .offset((numero - 1) * tamano)
        .subquery()
    )
    filas = session.execute(_lista().join(ids, ids.c.id == Caso.id))
    return Pagina([_fila(f, now) for f in filas], total, numero, tamano)


def hallados(
    session: Session, filtro: FiltroCasos, *, now: dt.datetime
) -> Select[int, str | None, dt.datetime]:
    """Id, key and reception of the cases of a list, in no order: to be put together with what the
    records know nothing of."""
    return select(Caso.id, Caso.case_key, Caso.recepcion).where(*_condiciones(session, filtro, now))


def filas_de(session: Session, ids: Collection[int], *, now: dt.datetime) -> dict[int, FilaCaso]:
    """These cases, by id."""
    return (
        {f.id: _fila(f, now) for f in session.execute(_lista().where(Caso.id.in_(ids)))}
        if ids
        else {}
    )


def _lista() -> Select[*tuple[Any, ...]]:
    con_tablas = (
        select(*_COLUMNAS)
        .join(Persona, Persona.id == Caso.persona_id)
        .join(Tipificacion, Tipificacion.codigo == Caso.tema)
    )
    return con_tablas.order_by(*_ORDEN)


def _fila(f: Row[*tuple[Any, ...]], now: dt.datetime) -> FilaCaso:
    corre = f.estado not in estados.RESUELTOS and not f.detenido
    valores: list[Any] = [*f, corre and f.limite_respuesta is not None and f.limite_respuesta < now]
    return FilaCaso(*valores)


def _condiciones(
    session: Session, filtro: FiltroCasos, now: dt.datetime
) -> list[ColumnElement[bool]]:
    iguales: dict[Any, object] = {
        Caso.punto_id: filtro.punto_id,
        Caso.area_id: filtro.area_id,
        Caso.asesor_id: filtro.asesor_id,
        Caso.estado: filtro.estado,
        Caso.clase: filtro.clase,
        Caso.tema: filtro.tema,
    }
    condiciones: list[ColumnElement[bool]] = [
        columna == valor for columna, valor in iguales.items() if valor
    ]
    if filtro.radicado:
        condiciones.append(Caso.radicado.in_(posibles(filtro.radicado) or [filtro.radicado]))
    if filtro.personas is not None:
        condiciones.append(Caso.persona_id.in_(filtro.personas))
    if filtro.personas is not None or filtro.persona:
        condiciones.append(~restringidos.CASO)
    if filtro.persona:
        condiciones += _con_nombre(session, palabras(filtro.persona))
    if filtro.desde is not None:
        condiciones.append(Caso.recepcion >= instante(filtro.desde, dt.time(0)))
    if filtro.hasta is not None:
        condiciones.append(Caso.recepcion < al_terminar(filtro.hasta))
    if filtro.abiertos:
        condiciones.append(Caso.estado.in_(estados.ABIERTOS))
    if filtro.vencidos:
        condiciones += [
            Caso.estado.in_(estados.ABIERTOS),
            Caso.limite_respuesta < now,
            ~esta_detenido(),
        ]
    if filtro.termino:
        condiciones.append(_con_termino(filtro.termino, now))
    if filtro.reasignados:
        condiciones.append(
            select(Escalonamiento.id)
            .where(Escalonamiento.caso_id == Caso.id, Escalonamiento.n > 1)
            .exists()
        )
    if filtro.claves is not None:
        condiciones.append(Caso.case_key.in_(filtro.claves))
    return condiciones + _alcance(filtro)


def _con_termino(cual: str, now: dt.datetime) -> ColumnElement[bool]:
    """The legal term of `records.casos.reglas.veredictos.veredicto`, in SQL; no such verdict, no case."""
    sin_respuesta, limite = Caso.enviado.is_(None), Caso.limite_respuesta
    termino = Caso.estado.in_(sorted(estados.FINALES)) & Caso.cerrado.is_not(None)
    corre = ~esta_detenido()
    paso = or_(and_(termino, Caso.cerrado > limite), and_(~termino, corre, limite < now))
    cuales = {
        veredictos.CUMPLIDO: Caso.enviado <= limite,
        veredictos.INCUMPLIDO: or_(Caso.enviado > limite, and_(sin_respuesta, paso)),
        veredictos.VIGENTE: and_(
            sin_respuesta, Caso.estado.not_in(sorted(estados.FINALES)), corre, limite >= now
        ),
        veredictos.SUSPENDIDO: and_(sin_respuesta, ~corre, limite.is_not(None)),
        veredictos.SIN_EFECTO: and_(sin_respuesta, termino, Caso.cerrado <= limite),
    }
    return cuales.get(cual, false())


def _con_nombre(session: Session, buscadas: Sequence[str]) -> list[ColumnElement[bool]]:
    """Cases of people whose name has words that begin like these, in any order."""
    ids = personas_con(session, buscadas, MUCHAS_PERSONAS + 1)
    if len(ids) <= MUCHAS_PERSONAS:
        return [Caso.persona_id.in_(ids)]
    return [_tiene(Caso.persona_id, palabra) for palabra in buscadas]


def personas_con_documento(session: Session, num_doc: str) -> list[int]:
    """People with this number, which may be written with its type before it; one for each type of
    document at most."""
    cuales = [Persona.num_doc == num_doc]
    cuales += [
        and_(Persona.tipo_doc == tipo, Persona.num_doc == numero)
        for tipo, numero in con_tipo(num_doc)
    ]
    return list(session.scalars(select(Persona.id).where(or_(*cuales)).order_by(Persona.id)))


def personas_con(session: Session, buscadas: Sequence[str], limite: int) -> list[int]:
    """People by the beginnings of words of their name; the longest, which few share, is looked up
    first."""
    if not buscadas:
        return []
    primera, *otras = sorted(buscadas, key=len, reverse=True)
    consulta = select(PersonaPalabra.persona_id).where(
        *_empieza(PersonaPalabra, primera), *[_tiene(PersonaPalabra.persona_id, o) for o in otras]
    )
    return list(session.scalars(consulta.distinct().limit(limite)))


def _tiene(persona_id: Any, palabra: str) -> ColumnElement[bool]:
    otra = aliased(PersonaPalabra)
    return (
        select(otra.persona_id)
        .where(otra.persona_id == persona_id, *_empieza(otra, palabra))
        .exists()
    )


def _empieza(tabla: Any, palabra: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return tabla.palabra >= palabra, tabla.palabra < palabra + ULTIMA


def dice(texto: str, temas: Collection[str]) -> ColumnElement[bool]:
    """A case as somebody typed it over a list of tasks: the beginning of its number or of words of
    a name, or one of these subjects (`temas_que_dicen`) where it is open."""
    texto = texto.strip()
    return or_(
        Caso.radicado.in_(posibles(texto)),
        (Caso.radicado >= texto) & (Caso.radicado < texto + ULTIMA),
        se_llama(Caso.persona_id, texto),
        Caso.estado.in_(estados.ABIERTOS) & Caso.tema.in_(temas),
    )


def temas_que_dicen(session: Session, texto: str) -> list[str]:
    """Codes of the subjects that have this in their name. Few are read whole: no database of ours
    compares without accents."""
    buscado = plano(texto.strip())
    return [
        codigo
        for codigo, subtema in session.execute(select(Tipificacion.codigo, Tipificacion.subtema))
        if buscado in plano(subtema)
    ]


def se_llama(persona_id: Any, texto: str) -> ColumnElement[bool]:
    """The person of this column has, for each of these words, one in the name that begins like
    it."""
    buscadas = palabras(texto)
    return and_(*[_tiene(persona_id, palabra) for palabra in buscadas]) if buscadas else false()


def _alcance(filtro: FiltroCasos) -> list[ColumnElement[bool]]:
    if filtro.solo_puntos is None and filtro.solo_areas is None:
        return []
    return [Caso.punto_id.in_(filtro.solo_puntos or ()) | Caso.area_id.in_(filtro.solo_areas or ())]


def claves_de_visitas(session: Session, filtro: FiltroCasos) -> Select[str | None] | None:
    """Keys of the visits at this point, of this person or of this adviser; None: the filter asks
    for none of them."""
    condiciones: list[ColumnElement[bool]] = []
    if filtro.punto_id:
        condiciones.append(Turno.punto_id == filtro.punto_id)
    if filtro.asesor_id:
        condiciones.append(
            Turno.id.in_(select(Atencion.turno_id).where(Atencion.asesor_id == filtro.asesor_id))
        )
    if filtro.personas is not None:
        condiciones.append(_de_personas(filtro.personas))
    if filtro.persona:
        condiciones.append(_de_quien_se_llama(session, filtro.persona))
    return (
        select(Turno.case_key).where(Turno.case_key.is_not(None), *condiciones)
        if condiciones
        else None
    )


def _de_quien_se_llama(session: Session, texto: str) -> ColumnElement[bool]:
    ids = personas_con(session, palabras(texto), MUCHAS_PERSONAS + 1)
    if len(ids) <= MUCHAS_PERSONAS:
        return _de_personas(ids)
    atendidas = select(Atencion.turno_id).where(se_llama(Atencion.persona_id, texto))
    return or_(se_llama(Turno.persona_id, texto), Turno.id.in_(atendidas))


def _de_personas(personas: Sequence[int]) -> ColumnElement[bool]:
    """Whoever gave their document at the kiosk, or was identified at the desk."""
    atendidas = select(Atencion.turno_id).where(Atencion.persona_id.in_(personas))
    return or_(Turno.persona_id.in_(personas), Turno.id.in_(atendidas))


def puntos_de_visitas(session: Session, claves: Collection[str]) -> dict[str, str]:
    """Key of a visit → its point."""
    visitas = (
        select(Turno.case_key, Turno.punto_id).where(Turno.case_key.in_(claves)).order_by(Turno.id)
    )
    return {str(v.case_key): v.punto_id for v in session.execute(visitas)}


def sin_caso(clave: ColumnElement[str]) -> ColumnElement[bool]:
    """That the records have no case with this key."""
    return ~select(Caso.id).where(Caso.case_key == clave).exists()


def caso_por_clave(session: Session, case_key: str) -> Caso | None:
    return session.scalar(
        select(Caso).where(Caso.case_key == case_key).order_by(Caso.id.desc()).limit(1)
    )
