"""People of the CRM (5.2.4, 5.2.6, 5.2.7): found, created, their data with history, their products and past visits."""

import datetime as dt
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from records.consultas import obtener
from records.errores import DatoInvalido
from records.rules.documentos import validar_documento
from records.tables import Atencion
from records.tables import Caso
from records.tables import Consentimiento
from records.tables import Contacto
from records.tables import Persona
from records.tables import ServicioAdquirido
from records.tables import Tipificacion
from records.tables import Turno

#: What 5.2.7 may change; the "etc." of the text. The name stands in `persona` too.
DATOS = ("nombre", "direccion", "municipio", "telefono_fijo", "celular", "correo", "medio_notificacion")


def buscar_persona(session: Session, tipo_doc: str, num_doc: str) -> Persona | None:
    return session.scalar(select(Persona).where(Persona.tipo_doc == tipo_doc, Persona.num_doc == num_doc))


def crear_persona(session: Session, *, tipo_doc: str, num_doc: str, nombre: str, calidad: str, now: dt.datetime) -> Persona:
    """A person that the CRM does not know yet: a potential customer, or one written down on paper."""
    persona = Persona(tipo_doc=tipo_doc, num_doc=validar_documento(tipo_doc, num_doc), nombre=nombre.strip(), calidad=calidad, creada=now)
    session.add(persona)
    session.flush()
    return persona


def buscar_o_crear(session: Session, *, tipo_doc: str, num_doc: str, nombre: str, calidad: str, now: dt.datetime) -> Persona:
    return buscar_persona(session, tipo_doc, num_doc) or crear_persona(
        session, tipo_doc=tipo_doc, num_doc=num_doc, nombre=nombre, calidad=calidad, now=now
    )


# --- data with history -----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Cambio:
    tipo: str
    antes: str | None
    despues: str


def datos_vigentes(session: Session, persona_id: int) -> dict[str, str]:
    """Kind of datum → value in force."""
    filas = session.execute(
        select(Contacto.tipo, Contacto.valor).where(Contacto.persona_id == persona_id, Contacto.vigente_hasta.is_(None))
    )
    return {f.tipo: f.valor for f in filas}


def historia_datos(session: Session, persona_id: int) -> Sequence[Contacto]:
    """Every value that a person ever had, latest first."""
    return session.scalars(
        select(Contacto).where(Contacto.persona_id == persona_id).order_by(Contacto.vigente_desde.desc(), Contacto.id.desc())
    ).all()


def actualizar_datos(
    session: Session,
    persona_id: int,
    datos: Mapping[str, str],
    *,
    now: dt.datetime,
    actor_id: str,
    case_key: str | None = None,
) -> list[Cambio]:
    """Keep what differs as new dated rows; the old values stay. A datum left empty is not a change (5.2.7)."""
    ajenos = set(datos) - set(DATOS)
    if ajenos:
        raise DatoInvalido(f"Datos desconocidos: {', '.join(sorted(ajenos))}.")
    actuales = datos_vigentes(session, persona_id)
    nuevos = {tipo: valor.strip() for tipo, valor in datos.items() if valor.strip()}
    cambios = [Cambio(tipo, actuales.get(tipo), valor) for tipo, valor in nuevos.items() if actuales.get(tipo) != valor]
    if not cambios:
        return []
    session.execute(
        update(Contacto)
        .where(Contacto.persona_id == persona_id, Contacto.vigente_hasta.is_(None), Contacto.tipo.in_([c.tipo for c in cambios]))
        .values(vigente_hasta=now)
    )
    session.add_all(
        Contacto(persona_id=persona_id, tipo=c.tipo, valor=c.despues, vigente_desde=now, registrado_por=actor_id, case_key=case_key)
        for c in cambios
    )
    if any(c.tipo == "nombre" for c in cambios):
        obtener(session, Persona, persona_id).nombre = nuevos["nombre"]
    session.flush()
    return cambios


def autoriza_tratamiento(session: Session, persona_id: int) -> bool | None:
    """What the person last answered; None: never asked."""
    return session.scalar(
        select(Consentimiento.autoriza).where(Consentimiento.persona_id == persona_id, Consentimiento.vigente_hasta.is_(None))
    )


def registrar_consentimiento(
    session: Session, persona_id: int, *, autoriza: bool, now: dt.datetime, actor_id: str, case_key: str | None = None
) -> None:
    """A new dated row when the answer differs from the last one (Ley 1581/2012)."""
    if autoriza_tratamiento(session, persona_id) == autoriza:
        return
    session.execute(
        update(Consentimiento)
        .where(Consentimiento.persona_id == persona_id, Consentimiento.vigente_hasta.is_(None))
        .values(vigente_hasta=now)
    )
    session.add(Consentimiento(persona_id=persona_id, autoriza=autoriza, vigente_desde=now, registrado_por=actor_id, case_key=case_key))
    session.flush()


# --- products and history --------------------------------------------------------------------------------------------
def servicios(session: Session, persona_id: int) -> Sequence[ServicioAdquirido]:
    return session.scalars(
        select(ServicioAdquirido).where(ServicioAdquirido.persona_id == persona_id).order_by(ServicioAdquirido.anio_giro.desc())
    ).all()


@dataclass(frozen=True, slots=True)
class Visita:
    turno_id: int
    inicio: dt.datetime
    punto_id: str
    asesor_id: str
    motivo_visita: str
    resultado: str | None


@dataclass(frozen=True, slots=True)
class CasoBreve:
    caso_id: int
    radicado: str | None
    tema: str
    subtema: str
    estado: str
    recepcion: dt.datetime
    limite_respuesta: dt.datetime | None
    case_key: str | None


@dataclass(frozen=True, slots=True)
class Historia:
    visitas: tuple[Visita, ...]
    casos: tuple[CasoBreve, ...]


def historia_persona(session: Session, persona_id: int, limite: int = 20) -> Historia:
    """Past visits and cases, latest first: the citizen does not tell the story again (5.2.6). Two statements."""
    visitas = session.execute(
        select(Atencion.turno_id, Atencion.inicio, Atencion.punto_id, Atencion.asesor_id, Turno.motivo_visita, Turno.resultado)
        .join(Turno, Turno.id == Atencion.turno_id)
        .where(Atencion.persona_id == persona_id)
        .order_by(Atencion.inicio.desc())
        .limit(limite)
    )
    casos = session.execute(
        select(
            Caso.id,
            Caso.radicado,
            Caso.tema,
            Tipificacion.subtema,
            Caso.estado,
            Caso.recepcion,
            Caso.limite_respuesta,
            Caso.case_key,
        )
        .join(Tipificacion, Tipificacion.codigo == Caso.tema)
        .where(Caso.persona_id == persona_id)
        .order_by(Caso.recepcion.desc())
        .limit(limite)
    )
    return Historia(tuple(Visita(*f) for f in visitas), tuple(CasoBreve(*f) for f in casos))
