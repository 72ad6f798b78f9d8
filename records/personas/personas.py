"""People of the CRM (5.2.4, 5.2.6, 5.2.7): found, created, their data with history, their products
and past visits."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.consultas import obtener
from records.base.errores import DatoInvalido
from records.base.reglas.documentos import validar_documento
from records.base.reglas.nombres import palabras
from records.casos import restringidos
from records.casos.busqueda import personas_con
from records.casos.tablas import Caso, Tipificacion
from records.personas import personas_sql as sql
from records.personas.reglas.titularidad import ProductoEnCrm, RegistroCrm
from records.personas.tablas import Consentimiento, Contacto, Persona, ServicioAdquirido
from records.visita.tablas import Atencion, Turno

#: What 5.2.7 may change; the "etc." of the text. The name stands in `persona` too.
DATOS = (
    "nombre",
    "direccion",
    "municipio",
    "telefono_fijo",
    "celular",
    "correo",
    "medio_notificacion",
)


def id_de_persona(session: Session, tipo_doc: str, num_doc: str) -> int | None:
    persona_id: int | None = sql.PERSONA_DE.scalar(session, {"b_tipo": tipo_doc, "b_num": num_doc})
    return persona_id


def buscar_persona(session: Session, tipo_doc: str, num_doc: str) -> Persona | None:
    return session.scalar(
        select(Persona).where(Persona.tipo_doc == tipo_doc, Persona.num_doc == num_doc)
    )


def registro_crm(session: Session, tipo_doc: str, num_doc: str) -> RegistroCrm | None:
    """The record of this document with its products: what 5.2.4 compares and decides from. One
    statement."""
    filas = sql.REGISTRO.all(session, {"b_tipo": tipo_doc, "b_num": num_doc})
    if not filas:
        return None
    productos = [
        ProductoEnCrm(
            f.calidad,
            f.linea or "",
            f.obligacion or "",
            f.anio_giro or 0,
            f.titular_id,
            f.titular or "",
        )
        for f in filas
        if f.calidad
    ]
    return RegistroCrm(
        filas[0].persona_id,
        tipo_doc,
        num_doc,
        filas[0].nombre,
        filas[0].fecha_nac,
        tuple(productos),
    )


@dataclass(frozen=True, slots=True)
class Parecida:
    """Somebody whose name has the words that were looked for; pages show document and name
    covered."""

    persona_id: int
    tipo_doc: str
    num_doc: str
    nombre: str


#: So many people with a name are shown; more are too many to compare with a document.
MAX_PARECIDAS = 5


def con_nombre(session: Session, nombre: str) -> list[Parecida] | None:
    """People by the beginnings of at least two words of their name; None: there are too many to
    compare."""
    buscadas = palabras(nombre)
    if len(buscadas) <= 1:
        raise DatoInvalido("Escriba al menos un nombre y un apellido.")
    ids = personas_con(session, buscadas, MAX_PARECIDAS + 1)
    if len(ids) > MAX_PARECIDAS:
        return None
    filas = session.execute(
        select(Persona.id, Persona.tipo_doc, Persona.num_doc, Persona.nombre).where(
            Persona.id.in_(ids)
        )
    )
    return sorted((Parecida(*f) for f in filas), key=lambda p: (p.nombre, p.num_doc))


@dataclass(frozen=True, slots=True)
class NuevaPersona:
    """A person that the CRM does not know yet: a potential customer, or one written down on
    paper."""

    tipo_doc: str
    num_doc: str
    nombre: str
    calidad: str


def crear_persona(session: Session, nueva: NuevaPersona, *, now: dt.datetime) -> Persona:
    """DatoInvalido: the number has not the form of its type."""
    persona = Persona(
        tipo_doc=nueva.tipo_doc,
        num_doc=validar_documento(nueva.tipo_doc, nueva.num_doc),
        nombre=nueva.nombre.strip(),
        calidad=nueva.calidad,
        creada=now,
    )
    session.add(persona)
    session.flush()
    indexar_nombre(session, persona.id, persona.nombre)
    return persona


def indexar_nombre(session: Session, persona_id: int, nombre: str) -> None:
    """The words by which the person is found are those of this name."""
    sql.BORRAR_PALABRAS.run(session, {"b_persona": persona_id})
    filas = [{"palabra": palabra, "persona_id": persona_id} for palabra in palabras(nombre)]
    if filas:
        sql.PALABRA.run_many(session, filas)


def buscar_o_crear(session: Session, persona: NuevaPersona, *, now: dt.datetime) -> Persona:
    return buscar_persona(session, persona.tipo_doc, persona.num_doc) or crear_persona(
        session, persona, now=now
    )


# --- data with history ----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Cambio:
    tipo: str
    antes: str | None
    despues: str


def datos_vigentes(session: Session, persona_id: int) -> dict[str, str]:
    """Kind of datum → value in force."""
    return dict(sql.VIGENTES.all(session, {"b_persona": persona_id}))


def historia_datos(session: Session, persona_id: int) -> Sequence[Contacto]:
    """Every value that a person ever had, latest first."""
    return session.scalars(
        select(Contacto)
        .where(Contacto.persona_id == persona_id)
        .order_by(Contacto.vigente_desde.desc(), Contacto.id.desc())
    ).all()


def actualizar_datos(
    session: Session, persona_id: int, datos: Mapping[str, str], acto: Acto
) -> list[Cambio]:
    """Keep what differs as new dated rows; the old values stay. A datum left empty is not a change
    (5.2.7)."""
    ajenos = set(datos) - set(DATOS)
    if ajenos:
        raise DatoInvalido("Datos desconocidos: %(datos)s.", datos=", ".join(sorted(ajenos)))
    actuales = datos_vigentes(session, persona_id)
    nuevos = {tipo: valor.strip() for tipo, valor in datos.items() if valor.strip()}
    cambios = [
        Cambio(tipo, actuales.get(tipo), valor)
        for tipo, valor in nuevos.items()
        if actuales.get(tipo) != valor
    ]
    if not cambios:
        return []
    for c in cambios:
        if c.antes is not None:
            sql.TERMINAR_DATO.run(
                session, {"b_persona": persona_id, "b_tipo": c.tipo, "b_hasta": acto.now}
            )
    quien = {
        "persona_id": persona_id,
        "vigente_desde": acto.now,
        "registrado_por": acto.quien,
        "case_key": acto.case_key,
    }
    sql.DATO.run_many(session, [{**quien, "tipo": c.tipo, "valor": c.despues} for c in cambios])
    if any(c.tipo == "nombre" for c in cambios):
        obtener(session, Persona, persona_id).nombre = nuevos["nombre"]
        indexar_nombre(session, persona_id, nuevos["nombre"])
    session.flush()
    return cambios


def autoriza_tratamiento(session: Session, persona_id: int) -> bool | None:
    """What the person last answered; None: never asked."""
    autoriza: bool | None = sql.AUTORIZA.scalar(session, {"b_persona": persona_id})
    return autoriza


def consentimiento(session: Session, persona_id: int) -> Consentimiento | None:
    """What the person last answered, and when; None: never asked."""
    return session.scalar(
        select(Consentimiento).where(
            Consentimiento.persona_id == persona_id, Consentimiento.vigente_hasta.is_(None)
        )
    )


def registrar_consentimiento(
    session: Session, persona_id: int, acto: Acto, *, autoriza: bool
) -> None:
    """A new dated row when the answer differs from the last one (Ley 1581/2012)."""
    antes = autoriza_tratamiento(session, persona_id)
    if antes == autoriza:
        return
    if antes is not None:
        sql.TERMINAR_CONSENTIMIENTO.run(session, {"b_persona": persona_id, "b_hasta": acto.now})
    sql.CONSENTIMIENTO.run(
        session,
        {
            "persona_id": persona_id,
            "autoriza": autoriza,
            "vigente_desde": acto.now,
            "registrado_por": acto.quien,
            "case_key": acto.case_key,
        },
    )


# --- products and history -------------------------------------------------------------------------
def servicios(session: Session, persona_id: int) -> Sequence[ServicioAdquirido]:
    return session.scalars(
        select(ServicioAdquirido)
        .where(ServicioAdquirido.persona_id == persona_id)
        .order_by(ServicioAdquirido.anio_giro.desc())
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
    """Past visits and cases, latest first: the citizen does not tell the story again (5.2.6). Two
    statements. Nothing of what they asked to keep closed."""
    visitas = session.execute(
        select(
            Atencion.turno_id,
            Atencion.inicio,
            Atencion.punto_id,
            Atencion.asesor_id,
            func.coalesce(Atencion.motivo_visita, Turno.motivo_visita),  # as 5.2.3 corrected it
            Turno.resultado,
        )
        .join(Turno, Turno.id == Atencion.turno_id)
        .where(Atencion.persona_id == persona_id, ~restringidos.vigente(Atencion.case_key))
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
        .where(Caso.persona_id == persona_id, ~restringidos.CASO)
        .order_by(Caso.recepcion.desc())
        .limit(limite)
    )
    return Historia(tuple(Visita(*f) for f in visitas), tuple(CasoBreve(*f) for f in casos))
