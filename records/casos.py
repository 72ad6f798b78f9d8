"""Cases (5.2.8 to 5.2.11, M5-1-01 act. 14 and 15): created, filed, their states and deadlines, answered, closed."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import bindparam
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from records.consultas import obtener
from records.errores import DatoInvalido
from records.numeracion import nuevo_radicado
from records.rules import estados
from records.rules.calendario import Explicacion
from records.rules.calendario import dia_local
from records.rules.calendario import explicar
from records.rules.plazos import DIAS_ESCALAR
from records.rules.plazos import Limites
from records.rules.plazos import limites
from records.rules.plazos import norma_vigente
from records.tables import Base
from records.tables import Caso
from records.tables import CasoEstado
from records.tables import NoConformidad
from records.tables import Respuesta
from records.tables import ServicioAdquirido
from records.tables import Tipificacion

_PLAZO = Base.metadata.tables["plazo"]
_ESTADO = Base.metadata.tables["caso_estado"]
#: Made once: every step of a case writes them, and making a statement costs more than running it.
_TERMINAR_PLAZO = (
    update(_PLAZO)
    .where(_PLAZO.c.caso_id == bindparam("b_caso"), _PLAZO.c.tipo == bindparam("b_tipo"), _PLAZO.c.vigente_hasta.is_(None))
    .values(vigente_hasta=bindparam("b_hasta"))
)
_EMPEZAR_PLAZO = insert(_PLAZO)
_TERMINAR_ESTADO = (
    update(_ESTADO).where(_ESTADO.c.caso_id == bindparam("b_caso"), _ESTADO.c.hasta.is_(None)).values(hasta=bindparam("b_hasta"))
)
_EMPEZAR_ESTADO = insert(_ESTADO)


@dataclass(frozen=True, slots=True)
class CasoCreado:
    """What 5.2.8 gives to the process. `linea` "" and `anio_giro` 0: the case is about no product."""

    caso_id: int
    tipo_termino: str
    norma: str
    linea: str
    anio_giro: int


def crear_caso(
    session: Session,
    *,
    turno_id: int | None,
    punto_id: str,
    persona_id: int,
    asesor_id: str,
    clase: str,
    tema: str,
    descripcion: str,
    now: dt.datetime,
    subclase: str | None = None,
    servicio_id: int | None = None,
    instancia_id: str | None = None,
    case_key: str | None = None,
) -> CasoCreado:
    """5.2.8. The kind must belong to the class, the product to the person."""
    tipo = obtener(session, Tipificacion, tema)
    if tipo.clase != clase:
        raise DatoInvalido(f"El tema {tema} no es de la clase {clase}.")
    servicio = obtener(session, ServicioAdquirido, servicio_id) if servicio_id else None
    if servicio is not None and servicio.persona_id != persona_id:
        raise DatoInvalido("El servicio no es de esta persona.")
    norma = norma_vigente(dia_local(now)).codigo
    caso = Caso(
        turno_id=turno_id,
        punto_id=punto_id,
        persona_id=persona_id,
        servicio_id=servicio_id or None,
        asesor_id=asesor_id,
        clase=clase,
        subclase=subclase or None,
        tema=tema,
        descripcion=descripcion,
        recepcion=now,
        norma=norma,
        tipo_termino=tipo.tipo_termino,
        estado=estados.RECIBIDO,
        instancia_id=instancia_id,
        case_key=case_key,
    )
    session.add(caso)
    session.flush()
    session.add(CasoEstado(caso_id=caso.id, estado=estados.RECIBIDO, desde=now, actor_id=asesor_id))
    session.flush()
    linea, anio = (servicio.linea, servicio.anio_giro) if servicio is not None else ("", 0)
    return CasoCreado(caso.id, tipo.tipo_termino, norma, linea, anio)


@dataclass(frozen=True, slots=True)
class Radicacion:
    radicado: str
    limites: Limites


def radicar(session: Session, caso_id: int, *, dias_termino: int, prorroga_max: int, now: dt.datetime, actor_id: str) -> Radicacion:
    """File the case: its number and both limits, counted from reception. Again gives the same."""
    caso = obtener(session, Caso, caso_id)
    if caso.radicado is not None and caso.dias_termino is not None:
        return Radicacion(caso.radicado, limites(caso.recepcion, caso.dias_termino))
    fechas = limites(caso.recepcion, dias_termino)
    caso.radicado = nuevo_radicado(session, now)
    caso.dias_termino, caso.prorroga_max = dias_termino, prorroga_max
    caso.limite_escalar, caso.limite_respuesta = fechas.escalar, fechas.respuesta
    escalar, respuesta = explicar(caso.recepcion, DIAS_ESCALAR), explicar(caso.recepcion, dias_termino)
    fijar_plazo(session, caso_id, "escalar", fechas.escalar, causa="radicado", explicacion=escalar, now=now)
    fijar_plazo(session, caso_id, "respuesta", fechas.respuesta, causa="radicado", explicacion=respuesta, now=now)
    cambiar_estado(session, caso_id, estados.EN_ATENCION, actor_id=actor_id, now=now)
    return Radicacion(caso.radicado, fechas)


def fijar_plazo(
    session: Session,
    caso_id: int,
    tipo: str,
    vence: dt.datetime,
    *,
    causa: str,
    explicacion: Explicacion,
    now: dt.datetime,
) -> None:
    """A deadline as a dated row: the one before stays, ended now."""
    session.flush()
    session.execute(_TERMINAR_PLAZO, {"b_caso": caso_id, "b_tipo": tipo, "b_hasta": now})
    session.execute(
        _EMPEZAR_PLAZO,
        {
            "caso_id": caso_id,
            "tipo": tipo,
            "dias": explicacion.dias,
            "vence": vence,
            "causa": causa,
            "explicacion": explicacion.datos(),
            "vigente_desde": now,
        },
    )


def cambiar_estado(session: Session, caso_id: int, nuevo: str, *, actor_id: str, now: dt.datetime, motivo: str = "") -> None:
    """One legal step; the state before ends now. To the state in force: nothing. TransicionIlegal otherwise."""
    caso = obtener(session, Caso, caso_id)
    if caso.estado == nuevo:
        return
    estados.comprobar(caso.estado, nuevo, motivo)
    caso.estado = nuevo
    if nuevo in estados.FINALES:
        caso.cerrado = now
    session.flush()
    session.execute(_TERMINAR_ESTADO, {"b_caso": caso_id, "b_hasta": now})
    session.execute(_EMPEZAR_ESTADO, {"caso_id": caso_id, "estado": nuevo, "desde": now, "actor_id": actor_id, "motivo": motivo})


# --- answers ---------------------------------------------------------------------------------------------------------
def guardar_respuesta(
    session: Session,
    caso_id: int,
    *,
    tipo: str,
    texto: str,
    autor: str,
    now: dt.datetime,
    fuente: str = "",
    favorable: str | None = None,
    archivo_id: int | None = None,
) -> int:
    """An answer as written: `tipo` punto (5.2.10), tecnica (5.2.18) or enviada (M5-1-01 act. 14). One statement."""
    respuesta = Respuesta(
        caso_id=caso_id,
        tipo=tipo,
        texto=texto,
        fuente=fuente,
        favorable=favorable,
        archivo_id=archivo_id,
        autor=autor,
        registrada=now,
    )
    session.add(respuesta)
    session.flush()
    return respuesta.id


def ultima_respuesta(session: Session, caso_id: int, tipo: str) -> Respuesta | None:
    return session.scalar(
        select(Respuesta).where(Respuesta.caso_id == caso_id, Respuesta.tipo == tipo).order_by(Respuesta.id.desc()).limit(1)
    )


def resolver_en_punto(session: Session, caso_id: int, *, actor_id: str, now: dt.datetime) -> None:
    """5.2.11: answered at the first contact; the answer was given in person, so the case is closed in the same step."""
    caso = obtener(session, Caso, caso_id)
    if caso.estado in estados.FINALES:
        return
    caso.resuelto_primer_contacto, caso.respondido, caso.enviado = True, now, now
    respuesta = ultima_respuesta(session, caso_id, "punto")
    if respuesta is not None and respuesta.enviada is None:
        respuesta.enviada, respuesta.medio = now, "punto"
    cambiar_estado(session, caso_id, estados.RESUELTO_PUNTO, actor_id=actor_id, now=now)
    cambiar_estado(session, caso_id, estados.CERRADO, actor_id=actor_id, now=now)


def marcar_enviada(session: Session, caso_id: int, *, medio: str, actor_id: str, now: dt.datetime, acuse: str | None = None) -> None:
    """The answer left for the citizen (act. 14); `acuse` is the proof: a message id, a guide number."""
    caso = obtener(session, Caso, caso_id)
    respuesta = ultima_respuesta(session, caso_id, "enviada")
    if respuesta is not None:
        respuesta.enviada, respuesta.medio, respuesta.acuse = now, medio, acuse
    if caso.enviado is None:
        caso.enviado = now
    cambiar_estado(session, caso_id, estados.ENVIADO, actor_id=actor_id, now=now)


def cerrar(session: Session, caso_id: int, *, actor_id: str, now: dt.datetime, motivo: str = "") -> None:
    """Act. 15. A case that has ended stays as it is."""
    if obtener(session, Caso, caso_id).estado not in estados.FINALES:
        cambiar_estado(session, caso_id, estados.CERRADO, actor_id=actor_id, now=now, motivo=motivo)


def registrar_nc(session: Session, caso_id: int, *, causa: str, actor_id: str, now: dt.datetime) -> None:
    """A queja or reclamo that proceeds is a nonconformity (section 3). Once a case."""
    if session.scalar(select(NoConformidad.id).where(NoConformidad.caso_id == caso_id)) is not None:
        return
    obtener(session, Caso, caso_id).nc = True
    session.add(NoConformidad(caso_id=caso_id, causa=causa, registrada=now, registrada_por=actor_id))
    session.flush()


def asesor_de(session: Session, caso_id: int) -> str:
    """The adviser who filed the case (5.2.8)."""
    return obtener(session, Caso, caso_id).asesor_id
