"""Cases (5.2.8 to 5.2.11, M5-1-01 act. 14 and 15): created, filed, their states and deadlines,
answered, closed."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.consultas import obtener
from records.base.errores import DatoInvalido, NoExiste
from records.casos import casos_sql as sql, registro
from records.casos.archivos import INFECTADO
from records.casos.casos_sql import FilaCaso, FilaServicio, FilaTipo
from records.casos.numeracion import nuevo_radicado
from records.casos.reglas import estados
from records.casos.tablas import (
    Archivo,
    Caso,
    NoConformidad,
    Respuesta,
    RespuestaAdjunto,
    Tipificacion,
)
from records.plazos.reglas.calendario import Explicacion, dia_local, explicar
from records.plazos.reglas.plazos import DIAS_ESCALAR, Limites, limites, norma_vigente


@dataclass(frozen=True, slots=True)
class CasoCreado:
    """What 5.2.8 gives to the process. `linea` "" and `anio_giro` 0: the case is about no
    product."""

    caso_id: int
    tipo_termino: str
    norma: str
    linea: str
    anio_giro: int


@dataclass(frozen=True, slots=True)
class NuevoCaso:
    """5.2.8, as the adviser typed it. The kind must belong to the class, the product to the
    person."""

    turno_id: int | None
    punto_id: str
    persona_id: int
    clase: str
    tema: str
    descripcion: str
    subclase: str | None = None
    servicio_id: int | None = None
    canal: str = "presencial"
    asesor_id: str | None = None  # None: whoever acts
    recepcion: dt.datetime | None = None  # on paper, before it was entered; None: now


@dataclass(frozen=True, slots=True)
class NuevoPlazo:
    """A deadline and why it falls on its day."""

    tipo: str  # escalar | interno | respuesta
    vence: dt.datetime
    causa: str
    explicacion: Explicacion


@dataclass(frozen=True, slots=True)
class NuevaRespuesta:
    """An answer as written: `tipo` punto (5.2.10), tecnica (5.2.18) or enviada (M5-1-01 act.
    14)."""

    tipo: str
    texto: str
    fuente: str = ""
    favorable: str | None = None
    archivo_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Paso:
    """From one state of a case to another, and why."""

    de: str
    a: str
    motivo: str = ""


def crear_caso(session: Session, nuevo: NuevoCaso, acto: Acto) -> CasoCreado:
    """The adviser of the case is whoever files it, unless somebody else attended the person."""
    tipo = _tipo(session, nuevo.tema, nuevo.clase)
    servicio = (
        _servicio(session, nuevo.servicio_id, nuevo.persona_id) if nuevo.servicio_id else None
    )
    recepcion = nuevo.recepcion or acto.now
    norma = norma_vigente(dia_local(recepcion)).codigo
    caso_id: int = sql.ALTA.scalar(
        session,
        {
            "turno_id": nuevo.turno_id,
            "punto_id": nuevo.punto_id,
            "persona_id": nuevo.persona_id,
            "servicio_id": nuevo.servicio_id or None,
            "asesor_id": nuevo.asesor_id or acto.quien,
            "clase": nuevo.clase,
            "subclase": nuevo.subclase or None,
            "tema": nuevo.tema,
            "canal": nuevo.canal,
            "descripcion": nuevo.descripcion,
            "recepcion": recepcion,
            "norma": norma,
            "tipo_termino": tipo.tipo_termino,
            "estado": estados.RECIBIDO,
            "resuelto_primer_contacto": False,
            "nc": False,
            "instancia_id": acto.instancia_id,
            "case_key": acto.case_key,
        },
    )
    sql.EMPEZAR_ESTADO.run(session, _desde(caso_id, estados.RECIBIDO, acto))
    linea, anio = (servicio.linea, servicio.anio_giro) if servicio is not None else ("", 0)
    return CasoCreado(caso_id, tipo.tipo_termino, norma, linea, anio)


@dataclass(frozen=True, slots=True)
class Clasificacion:
    """What a case is about. `servicio_id` 0: of no service."""

    clase: str
    subclase: str
    tema: str
    servicio_id: int
    descripcion: str


def reclasificar(session: Session, caso_id: int, nueva: Clasificacion) -> CasoCreado:
    """5.2.8 put right before the answer: the case and its number stay. Its term is counted again by
    the table of terms (`escalonamientos.cambiar_termino`)."""
    tipo = _tipo(session, nueva.tema, nueva.clase)
    caso = obtener(session, Caso, caso_id)
    servicio = _servicio(session, nueva.servicio_id, caso.persona_id) if nueva.servicio_id else None
    caso.clase, caso.tema, caso.tipo_termino = nueva.clase, nueva.tema, tipo.tipo_termino
    caso.subclase, caso.servicio_id = nueva.subclase or None, nueva.servicio_id or None
    caso.descripcion = nueva.descripcion
    session.flush()
    linea, anio = (servicio.linea, servicio.anio_giro) if servicio is not None else ("", 0)
    return CasoCreado(caso_id, tipo.tipo_termino, caso.norma, linea, anio)


def _tipo(session: Session, tema: str, clase: str) -> FilaTipo:
    """NoExiste; DatoInvalido: the theme is of another class."""
    tipo = sql.TIPO_DE.first(session, {"b_tema": tema})
    if tipo is None:
        raise NoExiste("No existe el tema %(tema)s.", tema=tema)
    if tipo.clase != clase:
        raise DatoInvalido("El tema %(tema)s no es de la clase %(clase)s.", tema=tema, clase=clase)
    return tipo


def _servicio(session: Session, servicio_id: int, persona_id: int) -> FilaServicio:
    servicio = sql.SERVICIO_DE.first(session, {"b_servicio": servicio_id})
    if servicio is None:
        raise NoExiste("No existe el servicio %(n)s.", n=servicio_id)
    if servicio.persona_id != persona_id:
        raise DatoInvalido("El servicio no es de esta persona.")
    return servicio


def _caso(session: Session, caso_id: int) -> FilaCaso:
    """What is in the database now: changes of a mapped object that were not written yet come
    first."""
    session.flush()
    caso = sql.CASO_DE.first(session, {"b_caso": caso_id})
    if caso is None:
        raise NoExiste("No existe el caso %(n)s.", n=caso_id)
    return caso


def _desde(caso_id: int, estado: str, acto: Acto, motivo: str = "") -> dict[str, object]:
    return {
        "caso_id": caso_id,
        "estado": estado,
        "desde": acto.now,
        "hasta": None,
        "actor_id": acto.quien,
        "motivo": motivo,
    }


@dataclass(frozen=True, slots=True)
class Radicacion:
    radicado: str
    limites: Limites
    dias: int  #: business days of the legal term that its dates were counted with


def radicar(
    session: Session, caso_id: int, acto: Acto, *, dias_termino: int, prorroga_max: int
) -> Radicacion:
    """File the case: its number and both limits, counted from reception. Again gives the same."""
    caso = _caso(session, caso_id)
    if caso.radicado is not None and caso.dias_termino is not None:
        fechas = limites(caso.recepcion, caso.dias_termino)
        return Radicacion(caso.radicado, fechas, caso.dias_termino)
    fechas = limites(caso.recepcion, dias_termino)
    radicado = nuevo_radicado(session, acto.now)
    cambio = {"b_radicado": radicado, "b_dias": dias_termino, "b_prorroga": prorroga_max}
    sql.RADICAR.run(
        session,
        {"b_caso": caso_id, **cambio, "b_escalar": fechas.escalar, "b_respuesta": fechas.respuesta},
    )
    registro.inscribir(session, caso_id)
    escalar, respuesta = (
        explicar(caso.recepcion, DIAS_ESCALAR),
        explicar(caso.recepcion, dias_termino),
    )
    plazos = (
        NuevoPlazo("escalar", fechas.escalar, "radicado", escalar),
        NuevoPlazo("respuesta", fechas.respuesta, "radicado", respuesta),
    )
    sql.EMPEZAR_PLAZO.run_many(session, [_plazo(caso_id, plazo, acto.now) for plazo in plazos])
    _cambiar(session, caso_id, _Paso(caso.estado, estados.EN_ATENCION), acto)
    return Radicacion(radicado, fechas, dias_termino)


def _plazo(caso_id: int, plazo: NuevoPlazo, now: dt.datetime) -> dict[str, object]:
    return {
        "caso_id": caso_id,
        "tipo": plazo.tipo,
        "dias": plazo.explicacion.dias,
        "vence": plazo.vence,
        "causa": plazo.causa,
        "explicacion": plazo.explicacion.datos(),
        "vigente_desde": now,
    }


def fijar_plazo(session: Session, caso_id: int, plazo: NuevoPlazo, *, now: dt.datetime) -> None:
    """A deadline as a dated row: the one before stays, ended now."""
    session.flush()
    sql.TERMINAR_PLAZO.run(session, {"b_caso": caso_id, "b_tipo": plazo.tipo, "b_hasta": now})
    sql.EMPEZAR_PLAZO.run(session, _plazo(caso_id, plazo, now))


def cambiar_estado(
    session: Session, caso_id: int, nuevo: str, acto: Acto, motivo: str = ""
) -> None:
    """One legal step; the state before ends now. To the state in force: nothing. TransicionIlegal
    otherwise."""
    _cambiar(session, caso_id, _Paso(_caso(session, caso_id).estado, nuevo, motivo), acto)


def _cambiar(session: Session, caso_id: int, paso: _Paso, acto: Acto) -> None:
    if paso.de == paso.a:
        return
    estados.comprobar(paso.de, paso.a, paso.motivo)
    if paso.a in estados.FINALES:
        sql.A_FINAL.run(session, {"b_caso": caso_id, "b_estado": paso.a, "b_cerrado": acto.now})
    else:
        sql.A_ESTADO.run(session, {"b_caso": caso_id, "b_estado": paso.a})
    sql.TERMINAR_ESTADO.run(session, {"b_caso": caso_id, "b_hasta": acto.now})
    sql.EMPEZAR_ESTADO.run(session, _desde(caso_id, paso.a, acto, paso.motivo))


# --- answers --------------------------------------------------------------------------------------
def guardar_respuesta(session: Session, caso_id: int, nueva: NuevaRespuesta, acto: Acto) -> int:
    """One statement."""
    respuesta_id: int = sql.RESPONDER.scalar(
        session,
        {
            "caso_id": caso_id,
            "tipo": nueva.tipo,
            "texto": nueva.texto,
            "fuente": nueva.fuente,
            "favorable": nueva.favorable,
            "archivo_id": nueva.archivo_id,
            "autor": acto.quien,
            "registrada": acto.now,
        },
    )
    return respuesta_id


def adjuntar_a_respuesta(
    session: Session, respuesta_id: int, case_key: str, archivos: Sequence[int]
) -> None:
    """Documents of this case only. DatoInvalido: one is of another, or was erased."""
    suyos = select(Archivo.id).where(
        Archivo.id.in_(archivos), Archivo.case_key == case_key, Archivo.eliminado.is_(None)
    )
    if set(session.scalars(suyos)) != set(archivos):
        raise DatoInvalido("Un documento que iba con la respuesta ya no está en el caso.")
    session.add_all(
        RespuestaAdjunto(respuesta_id=respuesta_id, archivo_id=archivo_id)
        for archivo_id in dict.fromkeys(archivos)
    )
    session.flush()


def adjuntos_de(session: Session, respuesta_id: int) -> Sequence[Archivo]:
    """What goes with an answer, without what was erased since, or found to have a virus."""
    suyos = select(Archivo).join(RespuestaAdjunto, RespuestaAdjunto.archivo_id == Archivo.id)
    return session.scalars(
        suyos.where(
            RespuestaAdjunto.respuesta_id == respuesta_id,
            Archivo.eliminado.is_(None),
            Archivo.antivirus != INFECTADO,
        ).order_by(Archivo.id)
    ).all()


def ultima_respuesta(session: Session, caso_id: int, tipo: str) -> Respuesta | None:
    return session.scalar(
        select(Respuesta)
        .where(Respuesta.caso_id == caso_id, Respuesta.tipo == tipo)
        .order_by(Respuesta.id.desc())
        .limit(1)
    )


class CasoAnterior(NamedTuple):
    """What a person came about before, and what they were told."""

    radicado: str | None
    tema: str
    recepcion: dt.datetime
    respuesta: str | None  #: None: nobody has answered yet
    respondida: dt.datetime | None


def caso_anterior(
    session: Session, persona_id: int, desde: dt.datetime, sin_caso: int
) -> CasoAnterior | None:
    """The last case of this person since `desde`, but for the one in course, with the last answer
    that the person got."""
    contestada = (Respuesta.caso_id == Caso.id) & Respuesta.tipo.in_(("punto", "enviada"))
    fila = session.execute(
        select(
            Caso.radicado,
            Tipificacion.subtema,
            Caso.recepcion,
            Respuesta.texto,
            Respuesta.registrada,
        )
        .join(Tipificacion, Tipificacion.codigo == Caso.tema)
        .outerjoin(Respuesta, contestada)
        .where(Caso.persona_id == persona_id, Caso.recepcion >= desde, Caso.id != sin_caso)
        .order_by(Caso.recepcion.desc(), Respuesta.id.desc())
        .limit(1)
    ).first()
    return None if fila is None else CasoAnterior(*fila)


def resolver_en_punto(
    session: Session, caso_id: int, acto: Acto, *, salida: dt.datetime | None = None
) -> None:
    """5.2.11: answered at the first contact; the answer was given in person, so the case is closed
    in the same step. `salida`: when it was given, if not now (on paper)."""
    de = _caso(session, caso_id).estado
    if de in estados.FINALES:
        return
    estados.comprobar(de, estados.RESUELTO_PUNTO, "")
    estados.comprobar(estados.RESUELTO_PUNTO, estados.CERRADO, "")
    sql.RESUELTO.run(session, {"b_caso": caso_id, "b_hecho": salida or acto.now})
    sql.ENTREGAR_EN_PUNTO.run(session, {"b_caso": caso_id, "b_hecho": salida or acto.now})
    sql.TERMINAR_ESTADO.run(session, {"b_caso": caso_id, "b_hasta": acto.now})
    resuelto = {**_desde(caso_id, estados.RESUELTO_PUNTO, acto), "hasta": acto.now}
    sql.EMPEZAR_ESTADO.run_many(session, [resuelto, _desde(caso_id, estados.CERRADO, acto)])


def marcar_enviada(
    session: Session,
    caso_id: int,
    acto: Acto,
    *,
    medio: str,
    acuse: str | None = None,
    salida: dt.datetime | None = None,
) -> None:
    """The answer left for the citizen (act. 14); `acuse` is the proof: a message id, a guide
    number. `salida`: when, if not now."""
    caso = _caso(session, caso_id)
    respuesta = ultima_respuesta(session, caso_id, "enviada")
    if respuesta is not None:
        respuesta.enviada, respuesta.medio, respuesta.acuse = salida or acto.now, medio, acuse
        session.flush()
    if caso.enviado is None:
        sql.ENVIADO.run(session, {"b_caso": caso_id, "b_hecho": salida or acto.now})
    _cambiar(session, caso_id, _Paso(caso.estado, estados.ENVIADO), acto)


def cerrar(session: Session, caso_id: int, acto: Acto, motivo: str = "") -> None:
    """Act. 15. A case that has ended stays as it is."""
    de = _caso(session, caso_id).estado
    if de not in estados.FINALES:
        _cambiar(session, caso_id, _Paso(de, estados.CERRADO, motivo), acto)


def registrar_nc(session: Session, caso_id: int, causa: str, acto: Acto) -> None:
    """A queja or reclamo that proceeds is a nonconformity (section 3). Once a case."""
    if session.scalar(select(NoConformidad.id).where(NoConformidad.caso_id == caso_id)) is not None:
        return
    obtener(session, Caso, caso_id).nc = True
    session.add(
        NoConformidad(caso_id=caso_id, causa=causa, registrada=acto.now, registrada_por=acto.quien)
    )
    session.flush()


def asesores(session: Session, casos: Collection[int]) -> Mapping[int, str]:
    """The adviser of each of these cases."""
    if not casos:
        return {}
    return {
        f.id: f.asesor_id
        for f in session.execute(select(Caso.id, Caso.asesor_id).where(Caso.id.in_(casos)))
    }


def se_debe_respuesta(session: Session, caso_id: int) -> bool:
    """An area owes it: the case is not answered, and does not wait for the person."""
    return _caso(session, caso_id).estado in (estados.ESCALADO, estados.EN_ANALISIS)


def asesor_de(session: Session, caso_id: int) -> str:
    """The adviser who filed the case (5.2.8)."""
    return _caso(session, caso_id).asesor_id
