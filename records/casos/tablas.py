"""Rows of this room. Cases of every procedure: their register, states, deadlines, escalations, files, mentions, numbers."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from records.base.tablas import (
    Base,
    CaseKey,
    Clave,
    Codigo,
    InstanciaId,
    Nombre,
    Quien,
    Texto,
    por_comienzo,
)


class Contador(Base):
    """The last number given in a series: "radicado:2026", "ficha:BOG-AGU:2026-11-24:A". See
    records.casos.numeracion."""

    __tablename__ = "contador"

    serie: Mapped[str] = mapped_column(String(80), primary_key=True)
    ultimo: Mapped[int]


class Archivo(Base):
    """A file of the content-addressed store; several rows may name the same content."""

    __tablename__ = "archivo"

    id: Mapped[Clave]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    nombre: Mapped[str] = mapped_column(String(255))
    tipo: Mapped[Nombre]
    bytes: Mapped[int]
    subido_por: Mapped[Quien]
    subido: Mapped[dt.datetime]
    case_key: Mapped[CaseKey | None]
    # the visit in which it came
    turno_id: Mapped[int | None] = mapped_column(ForeignKey("turno.id"))
    # of whom it is, whatever the case
    persona_id: Mapped[int | None] = mapped_column(ForeignKey("persona.id"), index=True)
    paginas: Mapped[int] = mapped_column(default=0)  # 0: it came before they were counted
    # SHA-256 of what came, when it is kept written again
    origen: Mapped[str] = mapped_column(String(64), default="")
    trae: Mapped[list[str]] = mapped_column(default=list)  # what a PDF brings besides its pages
    # limpio | por_revisar | infectado; empty: there was none
    antivirus: Mapped[Codigo] = mapped_column(default="")
    virus: Mapped[str] = mapped_column(String(200), default="")
    revisado: Mapped[dt.datetime | None]  # by the antivirus, when that was later than it came
    eliminado: Mapped[dt.datetime | None]  # content erased by a journaled act; the row stays
    # the step of a case that made it
    tarea: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)


class Norma(Base):
    """A legal norm and when it was in force; a case shows the one of its reception."""

    __tablename__ = "norma"

    codigo: Mapped[Codigo] = mapped_column(primary_key=True)  # CCA | LEY1437 | LEY1755
    nombre: Mapped[Nombre]
    articulo: Mapped[Nombre]
    vigente_desde: Mapped[dt.date]
    vigente_hasta: Mapped[dt.date | None]  # last day in force


class Tipificacion(Base):
    """One of the 24 kinds of case (5.2.8)."""

    __tablename__ = "tipificacion"

    codigo: Mapped[Codigo] = mapped_column(primary_key=True)  # S01 … Q03
    clase: Mapped[Codigo]  # solicitud | queja | reclamo
    tema: Mapped[Nombre]
    subtema: Mapped[Nombre]
    tipo_termino: Mapped[Codigo]  # peticion | informacion | consulta
    vigente_desde: Mapped[dt.date]
    vigente_hasta: Mapped[dt.date | None]


class PlantillaRespuesta(Base):
    """A text that an adviser may start from when a case of this theme is answered at the point
    (5.2.10). A change is a new row."""

    __tablename__ = "plantilla_respuesta"

    id: Mapped[Clave]
    tema: Mapped[str] = mapped_column(ForeignKey("tipificacion.codigo"), index=True)
    nombre: Mapped[Nombre]
    texto: Mapped[Texto]
    idioma: Mapped[str] = mapped_column(String(12), default="es", server_default="es")
    autor: Mapped[Quien]
    vigente_desde: Mapped[dt.datetime]
    vigente_hasta: Mapped[dt.datetime | None]


#: Lists of cases go latest first: each column that narrows them has an index that also gives the
#: order.
LISTAS = {
    "estado": "estado",
    "area": "area_id",
    "asesor": "asesor_id",
    "clase": "clase",
    "tema": "tema",
}


class Caso(Base):
    """A case (5.2.8). State and deadlines have dated rows too; the columns here are the ones in
    force."""

    __tablename__ = "caso"
    __table_args__ = (
        Index("ix_caso_estado_limite", "estado", "limite_respuesta"),
        Index("ix_caso_punto_recepcion", "punto_id", "recepcion"),
        Index("ix_caso_area_estado", "area_id", "estado"),
        *(
            Index(f"ix_caso_{nombre}_recepcion", columna, "recepcion")
            for nombre, columna in LISTAS.items()
        ),
    )

    id: Mapped[Clave]
    radicado: Mapped[str | None] = mapped_column(por_comienzo(16), unique=True)
    turno_id: Mapped[int | None] = mapped_column(ForeignKey("turno.id"), index=True)
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"))
    persona_id: Mapped[int] = mapped_column(ForeignKey("persona.id"), index=True)
    servicio_id: Mapped[int | None] = mapped_column(ForeignKey("servicio_adquirido.id"))
    asesor_id: Mapped[Quien]
    clase: Mapped[Codigo]
    subclase: Mapped[Codigo | None]
    tema: Mapped[str] = mapped_column(ForeignKey("tipificacion.codigo"))
    canal: Mapped[Codigo] = mapped_column(default="presencial")
    descripcion: Mapped[Texto]
    recepcion: Mapped[dt.datetime] = mapped_column(index=True)
    norma: Mapped[str] = mapped_column(ForeignKey("norma.codigo"))
    tipo_termino: Mapped[Codigo]
    dias_termino: Mapped[int | None]
    prorroga_max: Mapped[int | None]
    limite_escalar: Mapped[dt.datetime | None]
    limite_respuesta: Mapped[dt.datetime | None]
    limite_interno: Mapped[dt.datetime | None]
    estado: Mapped[Codigo]
    resuelto_primer_contacto: Mapped[bool] = mapped_column(default=False)
    area_id: Mapped[str | None] = mapped_column(ForeignKey("area.codigo"))
    medio_respuesta: Mapped[Codigo | None]  # correo | direccion | punto
    correo_respuesta: Mapped[Nombre | None]
    resumen: Mapped[Texto | None]  # for the officer (5.2.14); each escalation keeps its own
    escalado: Mapped[dt.datetime | None]
    respondido: Mapped[dt.datetime | None]  # by the area
    enviado: Mapped[dt.datetime | None]  # to the citizen
    cerrado: Mapped[dt.datetime | None]
    nc: Mapped[bool] = mapped_column(default=False)
    instancia_id: Mapped[InstanciaId | None]
    case_key: Mapped[CaseKey | None]


class CasoEstado(Base):
    """A state that a case had, and how long."""

    __tablename__ = "caso_estado"

    id: Mapped[Clave]
    caso_id: Mapped[int] = mapped_column(ForeignKey("caso.id"), index=True)
    estado: Mapped[Codigo]
    desde: Mapped[dt.datetime]
    hasta: Mapped[dt.datetime | None]
    actor_id: Mapped[Quien]
    motivo: Mapped[Texto] = mapped_column(default="")


class Plazo(Base):
    """A deadline that a case had, dated, with the explanation that a person reads."""

    __tablename__ = "plazo"

    id: Mapped[Clave]
    caso_id: Mapped[int] = mapped_column(ForeignKey("caso.id"), index=True)
    tipo: Mapped[Codigo]  # escalar | respuesta | interno | complemento
    dias: Mapped[int | None]
    vence: Mapped[dt.datetime]
    # radicado | tipificado | escalado | reasignado | reanudado | prorroga | requerido
    causa: Mapped[Codigo]
    explicacion: Mapped[
        dict[str, Any]
    ]  # records.plazos.reglas.calendario.Explicacion as a dictionary
    vigente_desde: Mapped[dt.datetime]
    vigente_hasta: Mapped[dt.datetime | None]


class Suspension(Base):
    """The clock of a case stands still while information is missing (art. 17 Ley 1755)."""

    __tablename__ = "suspension"
    __table_args__ = (
        Index(
            "uq_suspension_abierta",
            "caso_id",
            unique=True,
            sqlite_where=text("hasta IS NULL"),
            postgresql_where=text("hasta IS NULL"),
        ),
    )

    id: Mapped[Clave]
    caso_id: Mapped[int] = mapped_column(ForeignKey("caso.id"), index=True)
    causa: Mapped[Codigo]  # falta_informacion
    informacion: Mapped[Texto]  # what was asked for
    desde: Mapped[dt.datetime]
    hasta: Mapped[dt.datetime | None]
    vence: Mapped[dt.datetime]  # 1 month: the citizen has desisted after it
    requerido_por: Mapped[Quien]
    complemento: Mapped[Texto | None]


class Prorroga(Base):
    """The one extension of a case (art. 14 par.): told before expiry, with reason and new date."""

    __tablename__ = "prorroga"

    id: Mapped[Clave]
    caso_id: Mapped[int] = mapped_column(ForeignKey("caso.id"), unique=True)
    motivo: Mapped[Texto]
    dias: Mapped[int]
    limite_anterior: Mapped[dt.datetime]
    nueva_fecha: Mapped[dt.datetime]
    aviso: Mapped[dt.datetime]
    aprobador: Mapped[Quien]
    archivo_id: Mapped[int | None] = mapped_column(ForeignKey("archivo.id"))  # the letter


class ProrrogaPedida(Base):
    """Asked for by whoever has the case in an area; one that is not decided yet at a time."""

    __tablename__ = "prorroga_pedida"
    __table_args__ = (
        Index(
            "uq_prorroga_pedida_pendiente",
            "caso_id",
            unique=True,
            sqlite_where=text("decidida IS NULL"),
            postgresql_where=text("decidida IS NULL"),
        ),
    )

    id: Mapped[Clave]
    caso_id: Mapped[int] = mapped_column(ForeignKey("caso.id"), index=True)
    dias: Mapped[int]
    motivo: Mapped[Texto]
    pedida: Mapped[dt.datetime]
    pedida_por: Mapped[Quien]
    decidida: Mapped[dt.datetime | None]
    decidida_por: Mapped[str | None] = mapped_column(String(80))
    concedida: Mapped[bool | None]
    respuesta: Mapped[str | None] = mapped_column(String(2000))


class Escalonamiento(Base):
    """One area that has had the case (5.2.15); a reassignment is the next row."""

    __tablename__ = "escalonamiento"
    __table_args__ = (UniqueConstraint("caso_id", "n"),)

    id: Mapped[Clave]
    caso_id: Mapped[int] = mapped_column(ForeignKey("caso.id"))
    n: Mapped[int]  # 1, and one more for each reassignment
    area_id: Mapped[str] = mapped_column(ForeignKey("area.codigo"), index=True)
    grupo: Mapped[Nombre] = mapped_column(default="")
    nivel2: Mapped[Nombre] = mapped_column(default="")
    nivel3: Mapped[Nombre] = mapped_column(default="")
    plazo_interno: Mapped[int]  # business days
    resumen: Mapped[Texto]
    asesor_id: Mapped[Quien]
    funcionario_id: Mapped[Quien | None] = mapped_column(index=True)
    escalado: Mapped[dt.datetime]
    recibido: Mapped[dt.datetime | None]
    respondido: Mapped[dt.datetime | None]
    terminado: Mapped[dt.datetime | None]  # reassigned or answered
    vence: Mapped[dt.datetime | None]
    reasignado_de: Mapped[int | None] = mapped_column(ForeignKey("escalonamiento.id"))
    motivo: Mapped[Texto] = mapped_column(default="")  # why it was reassigned to this area


class Aporte(Base):
    """What came for a case that waited for nothing: what its person sent from `/consulta`, or a
    document that was filed to it."""

    __tablename__ = "aporte"

    id: Mapped[Clave]
    caso_id: Mapped[int] = mapped_column(ForeignKey("caso.id"), index=True)
    texto: Mapped[Texto]
    llego: Mapped[dt.datetime]
    recibido_por: Mapped[Quien]


class Investigacion(Base):
    """What the officer found (5.2.17)."""

    __tablename__ = "investigacion"

    id: Mapped[Clave]
    caso_id: Mapped[int] = mapped_column(ForeignKey("caso.id"), index=True)
    hallazgos: Mapped[Texto]
    fuentes: Mapped[Texto]
    accion_correctiva: Mapped[Texto] = mapped_column(default="")
    archivo_id: Mapped[int | None] = mapped_column(ForeignKey("archivo.id"))
    funcionario_id: Mapped[Quien]
    registrada: Mapped[dt.datetime]


class Respuesta(Base):
    """An answer: given at the point (5.2.11), by the area (5.2.18) or sent to the citizen (M5-1-01
    act. 14)."""

    __tablename__ = "respuesta"

    id: Mapped[Clave]
    caso_id: Mapped[int] = mapped_column(ForeignKey("caso.id"), index=True)
    tipo: Mapped[Codigo]  # punto | tecnica | enviada
    texto: Mapped[Texto]
    fuente: Mapped[Nombre] = mapped_column(default="")
    favorable: Mapped[Codigo | None]  # si | no | parcial
    medio: Mapped[Codigo | None]
    archivo_id: Mapped[int | None] = mapped_column(ForeignKey("archivo.id"))
    autor: Mapped[Quien]
    registrada: Mapped[dt.datetime]
    enviada: Mapped[dt.datetime | None]
    acuse: Mapped[Texto | None]


class RespuestaAdjunto(Base):
    """A document of the case that goes with an answer, in the order in which they are named."""

    __tablename__ = "respuesta_adjunto"

    respuesta_id: Mapped[int] = mapped_column(ForeignKey("respuesta.id"), primary_key=True)
    archivo_id: Mapped[int] = mapped_column(ForeignKey("archivo.id"), primary_key=True)


class Incumplimiento(Base):
    """A deadline of the procedure that was not met: condition 4.2, control 6-4, the legal term."""

    __tablename__ = "incumplimiento"
    __table_args__ = (UniqueConstraint("caso_id", "condicion", "vencia"),)

    id: Mapped[Clave]
    caso_id: Mapped[int] = mapped_column(ForeignKey("caso.id"))
    condicion: Mapped[Codigo]  # 4.2 | 6-4 | legal
    vencia: Mapped[dt.datetime]
    detectado: Mapped[dt.datetime]


class TareaQuieta(Base):
    """A task of an area that nobody touched for days and that rose to who leads it (SUPUESTO Q27):
    once for each time it stands still."""

    __tablename__ = "tarea_quieta"
    __table_args__ = (UniqueConstraint("item_id", "desde"),)

    id: Mapped[Clave]
    item_id: Mapped[InstanciaId]
    case_key: Mapped[CaseKey]
    area_id: Mapped[Codigo]
    actividad: Mapped[str] = mapped_column(String(120))  # the element of the diagram
    nombre: Mapped[str] = mapped_column(String(200))  # of the task
    tenia: Mapped[Quien | None]  # who held it; None: nobody
    desde: Mapped[dt.datetime]  # the last touch
    dias: Mapped[int]  # business days since then, when it rose
    elevada: Mapped[dt.datetime]


class Mencion(Base):
    """A colleague whom a note on a case names; until they open its notes, their lists say so."""

    __tablename__ = "mencion"
    __table_args__ = (Index("ix_mencion_usuario_leida", "usuario", "leida"),)

    id: Mapped[Clave]
    case_key: Mapped[CaseKey]
    usuario: Mapped[Quien]
    por: Mapped[Quien]
    cuando: Mapped[dt.datetime]
    leida: Mapped[dt.datetime | None]


class NoConformidad(Base):
    """A queja or reclamo that constitutes a nonconformity (M5-1-02 section 3)."""

    __tablename__ = "no_conformidad"

    id: Mapped[Clave]
    caso_id: Mapped[int] = mapped_column(ForeignKey("caso.id"), unique=True)
    causa: Mapped[Texto]
    registrada: Mapped[dt.datetime]
    registrada_por: Mapped[Quien]


class CasoRegistrado(Base):
    """A case of any procedure. One of M5-1-02 has its state, terms and person in `caso`, and here
    what makes it a case like others."""

    __tablename__ = "registro_caso"
    __table_args__ = (
        Index(
            "ix_registro_caso_otros",
            "abierto",
            sqlite_where=text("caso_id IS NULL"),
            postgresql_where=text("caso_id IS NULL"),
        ),
    )

    id: Mapped[Clave]
    case_key: Mapped[CaseKey]
    # the process of the diagram that opened it
    procedimiento: Mapped[str] = mapped_column(String(120))
    numero: Mapped[str] = mapped_column(por_comienzo(48), unique=True)
    caso_id: Mapped[int | None] = mapped_column(ForeignKey("caso.id"), unique=True)
    clase: Mapped[Nombre] = mapped_column(default="")
    asunto: Mapped[str] = mapped_column(String(300), default="")
    # CC TI CE PA RC PPT; "": its diagram does not say
    tipo_doc: Mapped[str] = mapped_column(String(3), default="", server_default="")
    documento: Mapped[str] = mapped_column(String(40), index=True, default="")
    nombre: Mapped[Nombre] = mapped_column(default="")
    # whoever asked gave no name (Ley 1755 art. 16)
    anonima: Mapped[bool] = mapped_column(default=False, server_default=false())
    correo: Mapped[str] = mapped_column(String(254), default="")
    lugar: Mapped[str] = mapped_column(String(80), default="")
    lugar_nombre: Mapped[Nombre] = mapped_column(default="")
    canal: Mapped[Codigo] = mapped_column(default="")  # persona | en_linea | sistema
    estado: Mapped[Codigo]  # abierto | terminado | anulado
    abierto: Mapped[dt.datetime]
    vence: Mapped[dt.datetime | None]
    cerrado: Mapped[dt.datetime | None]


class DatoRegistrado(Base):
    """A field by which the analyst said that a case is found; the last that was said."""

    __tablename__ = "registro_dato"

    registro_id: Mapped[int] = mapped_column(ForeignKey("registro_caso.id"), primary_key=True)
    campo: Mapped[str] = mapped_column(String(120), primary_key=True)
    rotulo: Mapped[str] = mapped_column(String(300))
    valor: Mapped[str] = mapped_column(String(300))


class PlazoRegistrado(Base):
    """A legal deadline that a step of the diagram registered; the last one is the term of the case,
    those before stay told."""

    __tablename__ = "plazo_registrado"

    id: Mapped[Clave]
    case_key: Mapped[CaseKey]
    nombre: Mapped[Nombre]
    desde: Mapped[dt.datetime]
    dias: Mapped[int | None]  # business days; None: a date was given
    vence: Mapped[dt.datetime]
    registrado: Mapped[dt.datetime]
    # the passage of the step that registered it
    tarea: Mapped[str] = mapped_column(String(64), unique=True)


class MensajeRecibido(Base):
    """A signed call of a system that was taken: the same again is told apart by its name, another
    content under its name by the hash."""

    __tablename__ = "mensaje_recibido"

    sistema: Mapped[Codigo] = mapped_column(primary_key=True)
    mensaje_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    huella: Mapped[str] = mapped_column(String(64))
    mensaje: Mapped[Nombre]  # of the diagram
    case_key: Mapped[CaseKey]
    recibido: Mapped[dt.datetime]


class PalabraRegistrada(Base):
    """A word of what is known of a case, without accents and capitals
    (records/base/reglas/nombres.py)."""

    __tablename__ = "registro_palabra"
    __table_args__ = (Index("ix_registro_palabra_palabra", "palabra", "registro_id"),)

    registro_id: Mapped[int] = mapped_column(ForeignKey("registro_caso.id"), primary_key=True)
    palabra: Mapped[str] = mapped_column(por_comienzo(60), primary_key=True)


class AnulacionDeNumero(Base):
    """One that is not decided yet at a time."""

    __tablename__ = "anulacion_de_numero"
    __table_args__ = (
        Index(
            "uq_anulacion_de_numero_pendiente",
            "case_key",
            unique=True,
            sqlite_where=text("decidida IS NULL"),
            postgresql_where=text("decidida IS NULL"),
        ),
    )

    id: Mapped[Clave]
    case_key: Mapped[CaseKey]
    motivo: Mapped[Texto]
    pedida: Mapped[dt.datetime]
    pedida_por: Mapped[Quien]
    decidida: Mapped[dt.datetime | None]
    decidida_por: Mapped[str | None] = mapped_column(String(80))
    aprobada: Mapped[bool | None]
    respuesta: Mapped[str | None] = mapped_column(String(2000))


class EnlaceDeCaso(Base):
    """`desde` stands to `hacia` as `clase` says. Taken away it stays, with who did it and why."""

    __tablename__ = "enlace_de_caso"
    __table_args__ = (
        Index(
            "uq_enlace_de_caso_vigente",
            "pareja",
            "clase",
            unique=True,
            sqlite_where=text("quitado IS NULL"),
            postgresql_where=text("quitado IS NULL"),
        ),
    )

    id: Mapped[Clave]
    desde: Mapped[CaseKey]
    hacia: Mapped[CaseKey]
    # both keys in their order: two cases are linked once in a way, from whichever side
    pareja: Mapped[str] = mapped_column(String(130))
    clase: Mapped[Codigo]
    motivo: Mapped[Texto]
    puesto: Mapped[dt.datetime]
    puesto_por: Mapped[Quien]
    quitado: Mapped[dt.datetime | None]
    quitado_por: Mapped[str | None] = mapped_column(String(80))
    quitado_motivo: Mapped[str | None] = mapped_column(String(2000))


class ReservaLegal(Base):
    """One of a case that was not lifted at a time."""

    __tablename__ = "reserva_legal"
    __table_args__ = (
        Index(
            "uq_reserva_legal_vigente",
            "case_key",
            unique=True,
            sqlite_where=text("levantada IS NULL"),
            postgresql_where=text("levantada IS NULL"),
        ),
    )

    id: Mapped[Clave]
    case_key: Mapped[CaseKey]
    motivo: Mapped[Texto]
    puesta: Mapped[dt.datetime]
    puesta_por: Mapped[Quien]
    levantada: Mapped[dt.datetime | None]
    levantada_por: Mapped[str | None] = mapped_column(String(80))
    motivo_fin: Mapped[str | None] = mapped_column(String(500))


class CasoRestringido(Base):
    """A case that only compliance opens, with a reason. One of a case that was not lifted at a
    time."""

    __tablename__ = "caso_restringido"
    __table_args__ = (
        Index(
            "uq_caso_restringido_vigente",
            "case_key",
            unique=True,
            sqlite_where=text("levantada IS NULL"),
            postgresql_where=text("levantada IS NULL"),
        ),
    )

    id: Mapped[Clave]
    case_key: Mapped[CaseKey]
    solicitud_id: Mapped[int] = mapped_column(ForeignKey("solicitud_datos.id"))
    puesta: Mapped[dt.datetime]
    levantada: Mapped[dt.datetime | None]
    levantada_por: Mapped[str | None] = mapped_column(String(80))
    motivo_fin: Mapped[str | None] = mapped_column(String(500))
