"""Documents filed for M5-1-04 (5.2.3): received one by one with their folios, filed as a case under
the same series."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.consultas import obtener
from records.base.errores import DatoInvalido, NoExiste
from records.casos import casos, casos_sql as sql, restringidos
from records.casos.archivos import registrar_archivo
from records.casos.busqueda import se_llama
from records.casos.casos import CasoCreado
from records.casos.escalonamientos import suspension_abierta
from records.casos.expediente import CANAL_ESCRITO
from records.casos.reglas import estados
from records.casos.tablas import Archivo, Caso, Suspension, Tipificacion
from records.contingencia import papel
from records.escritos.tablas import Envio, Escrito, EscritoDocumento
from records.lugares.tablas import Area, Punto
from records.personas.tablas import Persona
from records.plazos.reglas.plazos import limite_complemento
from records.visita.tablas import Atencion, Turno, TurnoPeriodo

CANAL = CANAL_ESCRITO
#: a suggestion, a denunciation and a congratulation are filed as complaints (Q7)
CON_SUBCLASE = "queja"


# as the partial index says it
_POR_COMPLETAR = and_(Escrito.falta.is_not(None), Escrito.completado.is_(None))


@dataclass(frozen=True, slots=True)
class NuevoDocumento:
    nombre: str
    folios: int
    soporte: str  # original | copia
    digital: object = None  # the value of a file field


@dataclass(frozen=True, slots=True)
class NuevoEscrito:
    """What document management received. `falta` "": the delivery is complete."""

    punto_id: str
    persona_id: int
    tema: str
    asunto: str
    documentos: Sequence[NuevoDocumento]
    subclase: str = ""
    falta: str = ""


@dataclass(frozen=True, slots=True)
class EscritoRecibido:
    clase: str
    caso: CasoCreado


def recibir_escrito(
    session: Session, turno_id: int, recibido: NuevoEscrito, acto: Acto
) -> EscritoRecibido:
    """Act. 1: a delivery a turn, and its case; again gives the same. The adviser of the case is
    whoever attended the person."""
    previo = escrito(session, turno_id)
    if previo is not None and previo.caso_id is not None:
        hecho = obtener(session, Caso, previo.caso_id)
        return EscritoRecibido(
            hecho.clase, CasoCreado(hecho.id, hecho.tipo_termino, hecho.norma, "", 0)
        )
    tipo = sql.TIPO_DE.first(session, {"b_tema": recibido.tema})
    if tipo is None:
        raise NoExiste("No existe el tema %(tema)s.", tema=recibido.tema)
    nuevo = casos.NuevoCaso(
        turno_id=turno_id,
        punto_id=recibido.punto_id,
        persona_id=recibido.persona_id,
        clase=tipo.clase,
        subclase=recibido.subclase if tipo.clase == CON_SUBCLASE else None,
        tema=recibido.tema,
        descripcion=recibido.asunto,
        canal=CANAL,
        asesor_id=session.scalar(select(Atencion.asesor_id).where(Atencion.turno_id == turno_id)),
        recepcion=papel.recepcion(session, turno_id),
    )
    caso = casos.crear_caso(session, nuevo, acto)
    fila = Escrito(
        turno_id=turno_id,
        punto_id=recibido.punto_id,
        persona_id=recibido.persona_id,
        caso_id=caso.caso_id,
        folios=sum(d.folios for d in recibido.documentos),
        asunto=recibido.asunto,
        falta=recibido.falta or None,
        falta_hasta=limite_complemento(acto.now) if recibido.falta else None,
        recibido=acto.now,
        recibido_por=acto.quien,
        case_key=acto.case_key,
    )
    session.add(fila)
    session.flush()
    _foliar(session, fila, recibido.documentos, acto)
    return EscritoRecibido(tipo.clase, caso)


def _foliar(
    session: Session, entrega: Escrito, documentos: Sequence[NuevoDocumento], acto: Acto
) -> None:
    """Numbers documents and folios through the whole case, as they are written on the paper; what
    comes later goes on."""
    ultimo, hasta = session.execute(
        select(
            func.coalesce(func.max(EscritoDocumento.n), 0),
            func.coalesce(func.max(EscritoDocumento.folio_hasta), 0),
        )
        .join(Escrito, Escrito.id == EscritoDocumento.escrito_id)
        .where(or_(Escrito.id == entrega.id, Escrito.caso_id == entrega.caso_id))
    ).one()
    for n, d in enumerate(documentos, start=ultimo + 1):
        desde, hasta = hasta + 1, hasta + d.folios
        session.add(
            EscritoDocumento(
                escrito_id=entrega.id,
                n=n,
                nombre=d.nombre,
                folio_desde=desde,
                folio_hasta=hasta,
                soporte=d.soporte,
                archivo_id=registrar_archivo(session, d.digital, acto),
            )
        )
    session.flush()


def completar_escrito(
    session: Session, case_key: str, documentos: Sequence[NuevoDocumento], falta: str, acto: Acto
) -> Escrito:
    """What was missing came; with `falta`, some of it still is. The documents go on where the
    folios ended."""
    hallado = session.scalar(
        select(Escrito)
        .where(Escrito.case_key == case_key, _POR_COMPLETAR)
        .order_by(Escrito.id.desc())
        .limit(1)
    )
    if hallado is None:
        raise NoExiste("A esta entrega no le falta nada.")
    _foliar(session, hallado, documentos, acto)
    hallado.folios += sum(d.folios for d in documentos)
    if falta:
        hallado.falta = falta
        session.execute(
            update(Suspension)
            .where(Suspension.caso_id == hallado.caso_id, Suspension.hasta.is_(None))
            .values(informacion=falta)
        )
    else:
        hallado.completado, hallado.completado_por = acto.now, acto.quien
    session.flush()
    return hallado


@dataclass(frozen=True, slots=True)
class ParaSuCaso:
    """What came for a case that the person has already. `falta` "": nothing is missing any more."""

    caso_id: int
    punto_id: str
    documentos: Sequence[NuevoDocumento]
    falta: str = ""


def entregar_en_caso(session: Session, turno_id: int, traido: ParaSuCaso, acto: Acto) -> Escrito:
    """Act. 1 for a case that has its number: no other case begins. The folios go on from those of
    the case; what earlier deliveries lacked is owed by this one, until the same day. Again gives
    the same."""
    previo = escrito(session, turno_id)
    if previo is not None:
        return previo
    caso = obtener(session, Caso, traido.caso_id)
    if caso.radicado is None or caso.estado in estados.RESUELTOS:
        raise DatoInvalido("El caso terminó: no recibe documentos.")
    del_caso = Acto(acto.quien, acto.now, caso.case_key)
    espera = suspension_abierta(session, caso.id)
    if traido.falta and espera is None:
        raise DatoInvalido("El caso no espera nada de la persona.")
    incompleta = session.scalar(select(Escrito).where(Escrito.caso_id == caso.id, _POR_COMPLETAR))
    nueva = Escrito(
        turno_id=turno_id,
        punto_id=traido.punto_id,
        persona_id=caso.persona_id,
        caso_id=caso.id,
        folios=sum(d.folios for d in traido.documentos),
        asunto="; ".join(d.nombre for d in traido.documentos)[:300],
        recibido=acto.now,
        recibido_por=acto.quien,
        radicado=caso.radicado,
        radicado_en=acto.now,
        case_key=caso.case_key,
    )
    if incompleta is not None:
        nueva.falta, nueva.falta_hasta = traido.falta or None, incompleta.falta_hasta
        incompleta.completado, incompleta.completado_por = acto.now, acto.quien
    if espera is not None and traido.falta:
        espera.informacion = traido.falta
    session.add(nueva)
    session.flush()
    _foliar(session, nueva, traido.documentos, del_caso)
    return nueva


def listados(documentos: Iterable[tuple[str, int]]) -> str:
    """Names and folios, in words."""
    return "; ".join(f"{nombre} ({folios})" for nombre, folios in documentos)


@dataclass(frozen=True, slots=True)
class EntregaEnCaso:
    """What the person handed in for a case that had its number, by names and folios."""

    cuando: dt.datetime
    quien: str
    documentos: str


def entregas_en_caso(session: Session, caso_id: int) -> list[EntregaEnCaso]:
    """Oldest first; without what the case began with."""
    folios = EscritoDocumento.folio_hasta - EscritoDocumento.folio_desde + 1
    filas = session.execute(
        select(Escrito.id, Escrito.recibido, Escrito.recibido_por, EscritoDocumento.nombre, folios)
        .join(EscritoDocumento, EscritoDocumento.escrito_id == Escrito.id)
        .join(Caso, Caso.id == Escrito.caso_id)
        .where(Escrito.caso_id == caso_id, Escrito.turno_id.is_distinct_from(Caso.turno_id))
        .order_by(Escrito.id, EscritoDocumento.n)
    )
    return [
        EntregaEnCaso(cuando, quien, listados((f.nombre, f[4]) for f in suyas))
        for (_id, cuando, quien), suyas in groupby(filas, lambda f: (f[0], f[1], f[2]))
    ]


# --- act. 3 and 4: images, and what it is about ---------------------------------------------------
def documentos(session: Session, turno_id: int) -> Sequence[EscritoDocumento]:
    """Of the case of this delivery, in the order of their folios."""
    este = select(Escrito.caso_id).where(Escrito.turno_id == turno_id).scalar_subquery()
    del_caso = (
        select(EscritoDocumento)
        .join(Escrito, Escrito.id == EscritoDocumento.escrito_id)
        .where(or_(Escrito.turno_id == turno_id, Escrito.caso_id == este))
    )
    return session.scalars(del_caso.order_by(EscritoDocumento.n)).all()


def paginas(session: Session, documentos: Sequence[EscritoDocumento]) -> dict[int, int]:
    """n-th document → pages of the image that it has; 0: it came before they were counted."""
    de = {d.archivo_id: d.n for d in documentos if d.archivo_id is not None}
    filas = session.execute(select(Archivo.id, Archivo.paginas).where(Archivo.id.in_(de)))
    return {de[archivo]: n for archivo, n in filas}


def cuadra(documento: EscritoDocumento, paginas: int) -> bool:
    """A folio is a sheet: one page, or two. Of what was not counted nothing is known."""
    folios = documento.folio_hasta - documento.folio_desde + 1
    return paginas == 0 or folios <= paginas <= 2 * folios


def digitalizar(
    session: Session, turno_id: int, imagenes: Mapping[int, object], novedad: str, acto: Acto
) -> None:
    """Act. 3: each document with its image and how many pages it has, as they were counted; what
    does not agree with its folios is explained. `imagenes`: n-th document → value of a file field;
    None: it had its image."""
    hallado, suyos = escrito(session, turno_id), {d.n: d for d in documentos(session, turno_id)}
    if hallado is None or hallado.digitalizado is not None:
        return
    for n, digital in imagenes.items():
        archivo_id = registrar_archivo(session, digital, acto)
        suyos[n].archivo_id = archivo_id or suyos[n].archivo_id
    tienen = paginas(session, list(suyos.values()))
    for documento in (suyos[n] for n in imagenes):
        documento.paginas = tienen.get(documento.n) or None
        if documento.archivo_id is None or (
            not cuadra(documento, documento.paginas or 0) and not novedad.strip()
        ):
            raise DatoInvalido(
                "Falta la imagen de «%(documento)s», o sus páginas no cuadran con sus folios.",
                documento=documento.nombre,
            )
    hallado.novedad, hallado.digitalizado, hallado.digitalizado_por = (
        novedad.strip() or None,
        acto.now,
        acto.quien,
    )
    session.flush()


def tipificar(session: Session, caso_id: int, tema: str, subclase: str) -> EscritoRecibido:
    """Act. 4: what the documents are about, now that they were read; the case follows."""
    tipo = sql.TIPO_DE.first(session, {"b_tema": tema})
    if tipo is None:
        raise NoExiste("No existe el tema %(tema)s.", tema=tema)
    caso = obtener(session, Caso, caso_id)
    caso.tema, caso.clase, caso.tipo_termino = tema, tipo.clase, tipo.tipo_termino
    caso.subclase = subclase or None if tipo.clase == CON_SUBCLASE else None
    session.flush()
    return EscritoRecibido(tipo.clase, CasoCreado(caso_id, tipo.tipo_termino, caso.norma, "", 0))


def escrito(session: Session, turno_id: int) -> Escrito | None:
    return session.scalar(select(Escrito).where(Escrito.turno_id == turno_id))


@dataclass(frozen=True, slots=True)
class Termino:
    dias: int
    prorroga_max: int


def radicar_escrito(
    session: Session, turno_id: int, termino: Termino, acto: Acto
) -> casos.Radicacion:
    """Act. 2: the number of the case, which is that of the delivery. Again gives the same."""
    hallado = escrito(session, turno_id)
    if hallado is None or hallado.caso_id is None:
        raise NoExiste("El turno %(n)s no tiene documentos recibidos.", n=turno_id)
    radicacion = casos.radicar(
        session, hallado.caso_id, acto, dias_termino=termino.dias, prorroga_max=termino.prorroga_max
    )
    if hallado.radicado is None:
        hallado.radicado, hallado.radicado_en = radicacion.radicado, acto.now
        session.flush()
    return radicacion


# --- what document management and the desk look at ------------------------------------------------
@dataclass(frozen=True, slots=True)
class Entrega:
    """Who hands in what, at which point and with which ticket; before it is filed."""

    turno_id: int
    ficha: str | None
    llegada: dt.datetime
    punto: str
    modulo: str | None
    asesor_id: str
    motivo: str
    persona_id: int | None
    nombre: str
    tipo_doc: str
    num_doc: str
    exhibido: bool


@dataclass(frozen=True, slots=True)
class FiltroRadicadas:
    """None, empty: not by this. A number that may be a radicado or a document is looked for as
    both.

    `incompletas`: only what somebody still has to complete.
    """

    desde: dt.datetime | None = None
    radicados: Sequence[str] = ()  #: one of these
    num_doc: str | None = None
    personas: Sequence[int] | None = None  #: or of one of these, whom a document led to
    persona: str | None = None  # beginnings of words of the name
    ficha: str | None = None
    guia: str | None = None  # of the letter with the answer
    incompletas: bool = False


def por_recibir(
    session: Session, tareas: Subquery, filtro: FiltroRadicadas | None, limite: int
) -> list[str]:
    """Of these open tasks (as `bandeja` takes them), each about a delivery: those of whom or what
    somebody looks for, the longest waiting first. A number of a case that was filed finds none of
    them."""
    consulta = select(tareas.c.id)
    if filtro is not None:
        consulta = consulta.join(Turno, Turno.case_key == tareas.c.case_key).join(
            Atencion, Atencion.turno_id == Turno.id
        )
        consulta = consulta.outerjoin(Persona, Persona.id == _QUIEN_TRAE).where(_la_trae(filtro))
    ids = session.scalars(
        consulta.distinct()
        .add_columns(tareas.c.opened_at)
        .order_by(tareas.c.opened_at, tareas.c.id)
        .limit(limite)
    )
    return list(ids)


_QUIEN_TRAE = func.coalesce(Atencion.apoderado_id, Atencion.persona_id)


def _la_trae(filtro: FiltroRadicadas) -> ColumnElement[bool]:
    if filtro.ficha is not None:
        return Turno.ficha == filtro.ficha
    if filtro.num_doc is not None:
        return Persona.num_doc == filtro.num_doc
    if filtro.personas is not None:
        return Persona.id.in_(filtro.personas)
    return se_llama(Persona.id, filtro.persona or "")


def en_tramite(session: Session, tareas: Subquery, limite: int) -> list[str]:
    """Of these open tasks, those of deliveries that were filed; what is due first comes first."""
    t = tareas.c
    orden = (t.due_at.is_(None), func.coalesce(t.due_at, t.opened_at), t.opened_at, t.id)
    return list(
        session.scalars(select(t.id).where(_ya_radicada(t.case_key)).order_by(*orden).limit(limite))
    )


def cuantas_en_tramite(session: Session, tareas: Subquery) -> int:
    return (
        session.scalar(
            select(func.count()).select_from(tareas).where(_ya_radicada(tareas.c.case_key))
        )
        or 0
    )


def _ya_radicada(clave: Any) -> ColumnElement[bool]:
    return (
        select(Escrito.id).where(Escrito.case_key == clave, Escrito.radicado.is_not(None)).exists()
    )


def entregas(session: Session, turnos: Collection[int]) -> dict[int, Entrega]:
    """By turn, in one statement."""
    modulo = (
        select(func.max(TurnoPeriodo.modulo))
        .where(TurnoPeriodo.turno_id == Turno.id, TurnoPeriodo.estado == "atencion")
        .scalar_subquery()
    )
    filas = session.execute(
        select(
            Turno.id,
            Turno.ficha,
            Turno.llegada,
            Punto.nombre,
            modulo,
            Atencion.asesor_id,
            Atencion.motivo,
            Persona.id,
            func.coalesce(Persona.nombre, ""),
            func.coalesce(Persona.tipo_doc, ""),
            func.coalesce(Persona.num_doc, ""),
            func.coalesce(Atencion.documento_exhibido, False),
        )
        .join(Atencion, Atencion.turno_id == Turno.id)
        .join(Punto, Punto.codigo == Turno.punto_id)
        .outerjoin(Persona, Persona.id == _QUIEN_TRAE)
        .where(Turno.id.in_(turnos))
    )
    return {f[0]: Entrega(*f) for f in filas}


@dataclass(frozen=True, slots=True)
class Radicada:
    """A delivery that was filed, as it is proved on paper."""

    escrito: Escrito
    caso: Caso | None
    persona: Persona | None
    apoderado: Persona | None
    tipo: Tipificacion | None
    area: Area | None
    punto: Punto
    documentos: Sequence[EscritoDocumento]


def radicada(session: Session, case_key: str) -> Radicada | None:
    """The latest delivery of a case, or that of a visit whose documents went to another case; None:
    it has not been filed."""
    de_la_visita = Escrito.turno_id.in_(select(Turno.id).where(Turno.case_key == case_key))
    hallado = session.scalar(
        select(Escrito)
        .where(or_(Escrito.case_key == case_key, de_la_visita))
        .order_by(Escrito.id.desc())
        .limit(1)
    )
    if hallado is None or hallado.radicado is None:
        return None
    caso = session.get(Caso, hallado.caso_id) if hallado.caso_id else None
    apoderado_id = session.scalar(
        select(Atencion.apoderado_id).where(Atencion.turno_id == hallado.turno_id)
    )
    return Radicada(
        escrito=hallado,
        caso=caso,
        persona=session.get(Persona, hallado.persona_id) if hallado.persona_id else None,
        apoderado=session.get(Persona, apoderado_id) if apoderado_id else None,
        tipo=session.get(Tipificacion, caso.tema) if caso is not None else None,
        area=session.get(Area, caso.area_id) if caso is not None and caso.area_id else None,
        punto=session.get_one(Punto, hallado.punto_id),
        documentos=session.scalars(
            select(EscritoDocumento)
            .where(EscritoDocumento.escrito_id == hallado.id)
            .order_by(EscritoDocumento.n)
        ).all(),
    )


@dataclass(frozen=True, slots=True)
class FilaRadicada:
    escrito_id: int
    radicado: str
    radicado_en: dt.datetime
    asunto: str
    folios: int
    punto: str
    ficha: str | None
    nombre: str
    tipo_doc: str
    num_doc: str
    area: str | None
    case_key: str | None  #: of the visit in which it came: who filed it may see that
    falta: str | None  #: what is still missing
    falta_hasta: dt.datetime | None
    estado: str
    guia: str | None
    resultado: str | None  #: of its letter


def de_quien(session: Session, case_keys: Collection[str]) -> dict[str, tuple[str, str]]:
    """Number and name of the person, by case."""
    filas = session.execute(
        select(Escrito.case_key, Escrito.radicado, func.coalesce(Persona.nombre, ""))
        .outerjoin(Persona, Persona.id == Escrito.persona_id)
        .where(Escrito.case_key.in_(case_keys), Escrito.radicado.is_not(None))
    )
    return {str(clave): (str(radicado), nombre) for clave, radicado, nombre in filas}


def cuantas_radicadas(session: Session, desde: dt.datetime) -> int:
    return (
        session.scalar(
            select(func.count()).select_from(Escrito).where(Escrito.radicado_en >= desde)
        )
        or 0
    )


def _incompleta() -> ColumnElement[bool]:
    """Something is missing and the case is still open for it."""
    return and_(_POR_COMPLETAR, Caso.estado.not_in(estados.RESUELTOS))


def cuantas_incompletas(session: Session) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(Escrito)
            .join(Caso, Caso.id == Escrito.caso_id)
            .where(_incompleta())
        )
        or 0
    )


def radicadas(session: Session, filtro: FiltroRadicadas, limite: int = 100) -> list[FilaRadicada]:
    """Filed deliveries, latest first; incomplete ones by the day until which they may be completed.
    Of a case that its person asked to keep closed: its number, and nothing of them."""
    condiciones: list[ColumnElement[bool]] = [Escrito.radicado.is_not(None)]
    if filtro.desde is not None:
        condiciones.append(Escrito.radicado_en >= filtro.desde)
    abierta = or_(Caso.id.is_(None), ~restringidos.CASO)
    de_quien = [(Persona.num_doc == filtro.num_doc) & abierta] if filtro.num_doc is not None else []
    de_quien += (
        [Escrito.persona_id.in_(filtro.personas) & abierta] if filtro.personas is not None else []
    )
    if filtro.radicados or de_quien:
        condiciones.append(or_(Escrito.radicado.in_(filtro.radicados), *de_quien))
    if filtro.persona is not None:
        condiciones += [se_llama(Escrito.persona_id, filtro.persona), abierta]
    if filtro.ficha is not None:
        condiciones.append(Turno.ficha == filtro.ficha)
    if filtro.guia is not None:
        condiciones.append(Envio.guia == filtro.guia)
    if filtro.incompletas:
        condiciones.append(_incompleta())
    consulta = (
        select(
            Escrito.id,
            Escrito.radicado,
            Escrito.radicado_en,
            case((restringidos.CASO, ""), else_=Escrito.asunto),
            Escrito.folios,
            Punto.nombre,
            Turno.ficha,
            case((restringidos.CASO, ""), else_=func.coalesce(Persona.nombre, "")),
            case((restringidos.CASO, ""), else_=func.coalesce(Persona.tipo_doc, "")),
            case((restringidos.CASO, ""), else_=func.coalesce(Persona.num_doc, "")),
            Area.nombre,
            func.coalesce(Turno.case_key, Escrito.case_key),
            case((_incompleta(), Escrito.falta)),
            case((_incompleta(), Escrito.falta_hasta)),
            func.coalesce(Caso.estado, ""),
            Envio.guia,
            Envio.resultado,
        )
        .join(Turno, Turno.id == Escrito.turno_id)
        .join(Punto, Punto.codigo == Escrito.punto_id)
        .outerjoin(Persona, Persona.id == Escrito.persona_id)
        .outerjoin(Caso, Caso.id == Escrito.caso_id)
        .outerjoin(Area, Area.codigo == Caso.area_id)
        .outerjoin(Envio, Envio.caso_id == Escrito.caso_id)
        .where(*condiciones)
        .order_by(
            *(
                (Escrito.falta_hasta, Escrito.id)
                if filtro.incompletas
                else (Escrito.radicado_en.desc(), Escrito.id.desc())
            )
        )
    )
    filas: Iterable[Any] = session.execute(consulta.limit(limite))
    return [FilaRadicada(*f) for f in filas]


@dataclass(frozen=True, slots=True)
class Entregada:
    """What an adviser passed on to document management, and its number once it has one."""

    turno_id: int
    ficha: str | None
    nombre: str
    radicado: str | None
    case_key: str | None


def entregadas_por(session: Session, asesor_id: str, desde: dt.datetime) -> list[Entregada]:
    """Latest first. A visit that was sent to file (5.2.3) is passed on once the person's data are
    up to date (5.2.7)."""
    filas = session.execute(
        select(
            Turno.id,
            Turno.ficha,
            func.coalesce(Persona.nombre, ""),
            Escrito.radicado,
            Turno.case_key,
        )
        .join(Atencion, Atencion.turno_id == Turno.id)
        .outerjoin(Persona, Persona.id == Atencion.persona_id)
        .outerjoin(Escrito, Escrito.turno_id == Turno.id)
        .where(
            Atencion.asesor_id == asesor_id,
            Atencion.inicio >= desde,
            Atencion.requiere_radicar.is_(True),
            Atencion.resoluble.is_(False),
            Atencion.datos_actualizados.is_(True),
        )
        .order_by(Atencion.inicio.desc())
        .limit(20)
    )
    return [Entregada(*f) for f in filas]
