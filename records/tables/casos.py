"""Cases, their dated states and deadlines, escalations, answers, notices; typification and
norms."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import (
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
    explicacion: Mapped[dict[str, Any]]  # records.rules.calendario.Explicacion as a dictionary
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


class Escrito(Base):
    """What a person hands in to be filed (M5-1-04): its case has subject, term and area. Deliveries
    of the first version have no case."""

    __tablename__ = "escrito"
    __table_args__ = (
        Index(
            "ix_escrito_por_completar",
            "falta_hasta",
            sqlite_where=text("falta IS NOT NULL AND completado IS NULL"),
            postgresql_where=text("falta IS NOT NULL AND completado IS NULL"),
        ),
    )

    id: Mapped[Clave]
    turno_id: Mapped[int] = mapped_column(ForeignKey("turno.id"), unique=True)
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"))
    persona_id: Mapped[int | None] = mapped_column(ForeignKey("persona.id"))
    caso_id: Mapped[int | None] = mapped_column(ForeignKey("caso.id"), index=True)
    folios: Mapped[int]
    asunto: Mapped[str] = mapped_column(String(300))
    falta: Mapped[Texto | None]  # what is missing of an incomplete delivery (art. 17 Ley 1755)
    falta_hasta: Mapped[dt.datetime | None]
    completado: Mapped[dt.datetime | None]  # what was missing came
    completado_por: Mapped[Quien | None]
    archivo_id: Mapped[int | None] = mapped_column(ForeignKey("archivo.id"))
    recibido: Mapped[dt.datetime]
    recibido_por: Mapped[Quien]
    radicado: Mapped[str | None] = mapped_column(String(16), unique=True)
    radicado_en: Mapped[dt.datetime | None] = mapped_column(index=True)
    novedad: Mapped[Texto | None]  # why pages and folios of what was digitised do not agree
    digitalizado: Mapped[dt.datetime | None]
    digitalizado_por: Mapped[Quien | None]
    case_key: Mapped[CaseKey | None]


class EscritoDocumento(Base):
    """One of the documents of a delivery, with its folios in the order of the file."""

    __tablename__ = "escrito_documento"
    __table_args__ = (UniqueConstraint("escrito_id", "n"),)

    id: Mapped[Clave]
    escrito_id: Mapped[int] = mapped_column(ForeignKey("escrito.id"))
    n: Mapped[int]
    nombre: Mapped[str] = mapped_column(String(200))
    folio_desde: Mapped[int]
    folio_hasta: Mapped[int]
    soporte: Mapped[Codigo]  # original | copia
    archivo_id: Mapped[int | None] = mapped_column(ForeignKey("archivo.id"))
    paginas: Mapped[int | None]  # of its image


class CartaDevuelta(Base):
    """A letter on paper that came back, and why; it is to be delivered again."""

    __tablename__ = "carta_devuelta"

    id: Mapped[Clave]
    aviso_id: Mapped[int] = mapped_column(ForeignKey("aviso.id"), index=True)
    causa: Mapped[Codigo]
    nota: Mapped[str] = mapped_column(String(300))
    entregada: Mapped[dt.datetime]  # when it had left
    cuando: Mapped[dt.datetime] = mapped_column(index=True)
    por: Mapped[Quien]


class Aviso(Base):
    """A notice to a person or area: the proof of control 6-3 and of every mail. `clave` makes it
    once only."""

    __tablename__ = "aviso"
    __table_args__ = (
        Index("ix_aviso_para_enviado", "para", "enviado"),
        Index(
            "ix_aviso_por_salir",
            "creado",
            sqlite_where=text("enviado IS NULL"),
            postgresql_where=text("enviado IS NULL"),
        ),
        *(
            Index(
                f"ix_aviso_{c}",
                c,
                sqlite_where=text(f"{c} IS NOT NULL"),
                postgresql_where=text(f"{c} IS NOT NULL"),
            )
            for c in ("proximo", "devuelto")
        ),
        Index(
            "ix_aviso_case_key",
            "case_key",
            sqlite_where=text("caso_id IS NULL"),
            postgresql_where=text("caso_id IS NULL"),
        ),
    )

    id: Mapped[Clave]
    clave: Mapped[str] = mapped_column(String(160), unique=True)
    caso_id: Mapped[int | None] = mapped_column(ForeignKey("caso.id"), index=True)
    # of the command that told it; of cases of other procedures all there is
    case_key: Mapped[str | None] = mapped_column(String(64))
    tipo: Mapped[Codigo]
    para: Mapped[Nombre]
    asunto: Mapped[str] = mapped_column(String(300))
    texto: Mapped[Texto]
    creado: Mapped[dt.datetime]
    enviado: Mapped[dt.datetime | None]
    error: Mapped[Texto | None]
    idioma: Mapped[Codigo] = mapped_column(default="es", server_default="es")  # es | en
    # that failed, and may still pass
    intentos: Mapped[int] = mapped_column(default=0, server_default="0")
    proximo: Mapped[dt.datetime | None]  # when it is tried again
    descartado: Mapped[dt.datetime | None]  # nobody tries it any more
    descartado_por: Mapped[Quien | None]
    descartado_porque: Mapped[Texto | None]
    adjuntos: Mapped[list[str] | None]  # SHA-256 of the documents of the case that go with it
    devuelto: Mapped[dt.datetime | None]  # its address sent it back


class DireccionCorreo(Base):
    """What is known of an address of mail. By its hash: who has it stands in `contacto` and in the
    case."""

    __tablename__ = "direccion_correo"

    huella: Mapped[str] = mapped_column(String(64), primary_key=True)
    preguntada: Mapped[dt.datetime | None]
    # of the link that confirms it
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    vence: Mapped[dt.datetime | None]
    confirmada: Mapped[dt.datetime | None]
    dudosa: Mapped[dt.datetime | None]  # it sent a mail back, and nobody has confirmed it since
    dudosa_codigo: Mapped[Codigo | None]  # RFC 3463, "5.1.1"
    # of the link that ends voluntary mails
    baja_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    baja: Mapped[dt.datetime | None]


class Rebote(Base):
    """A message that was read from the mailbox of returned mails. Nothing of its text: only what it
    was taken for."""

    __tablename__ = "rebote"

    id: Mapped[Clave]
    # SHA-256 of its bytes: read twice, it counts once
    huella: Mapped[str] = mapped_column(String(64), unique=True)
    leido: Mapped[dt.datetime] = mapped_column(index=True)
    clase: Mapped[Codigo]  # permanente | temporal | ajeno | ilegible
    codigo: Mapped[Codigo] = mapped_column(default="")
    aviso_id: Mapped[int | None] = mapped_column(ForeignKey("aviso.id"), index=True)


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
