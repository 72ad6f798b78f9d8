"""Rows of this room. A visit to a point (5.2.1 to 5.2.15): turn, queue, attention, rating, talk."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from records.base.tablas import Base, CaseKey, Clave, Codigo, InstanciaId, Nombre, Quien, Texto


class Turno(Base):
    """A turn (5.2.1). `llegada` is what the order looks at: a re-entry keeps that of the turn
    before."""

    __tablename__ = "turno"
    __table_args__ = (
        # a ticket is called once at a time; whoever comes back after a no-show keeps it in a new
        # turn
        Index(
            "uq_turno_ficha_abierta",
            "punto_id",
            "fecha",
            "ficha",
            unique=True,
            sqlite_where=text("estado <> 'cerrado'"),
            postgresql_where=text("estado <> 'cerrado'"),
        ),
        # a document has one open turn a day
        Index(
            "uq_turno_documento_abierto",
            "num_doc",
            "tipo_doc",
            "fecha",
            unique=True,
            sqlite_where=text("estado <> 'cerrado' AND num_doc IS NOT NULL"),
            postgresql_where=text("estado <> 'cerrado' AND num_doc IS NOT NULL"),
        ),
        Index("ix_turno_punto_estado", "punto_id", "estado"),
        Index("ix_turno_fecha_punto", "fecha", "punto_id"),
    )

    id: Mapped[Clave]
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"))
    fecha: Mapped[dt.date]  # in the time zone of the point
    ficha: Mapped[Codigo | None]  # "A012"; None until it is in the queue
    letra: Mapped[str | None] = mapped_column(String(2))
    peso: Mapped[int] = mapped_column(default=0)
    envejecimiento_min: Mapped[int] = mapped_column(default=0)
    motivo_visita: Mapped[Codigo]
    condicion: Mapped[Codigo] = mapped_column(default="ninguna")
    origen: Mapped[Codigo]  # quiosco | asesor | fila_manual
    tipo_doc: Mapped[str | None] = mapped_column(String(3))
    num_doc: Mapped[str | None] = mapped_column(String(20), index=True)
    persona_id: Mapped[int | None] = mapped_column(ForeignKey("persona.id"), index=True)
    visita_anterior_id: Mapped[int | None] = mapped_column(ForeignKey("turno.id"))
    llegada: Mapped[dt.datetime]
    creado: Mapped[dt.datetime]
    fecha_cierre: Mapped[dt.datetime | None]  # when the point closes that day
    # nuevo espera llamado atencion pausa ausente cerrado; that of the open period
    estado: Mapped[Codigo]
    n_llamados: Mapped[int] = mapped_column(default=0)
    # atendido | escalado | abandono | ausente | poder_pendiente | trasladado
    resultado: Mapped[Codigo | None]
    # trasladado: where the person goes on
    destino_punto_id: Mapped[str | None] = mapped_column(ForeignKey("punto.codigo"))
    modulo_destino: Mapped[Codigo | None]  # handed to a desk of this point, which calls it
    modulo_hasta: Mapped[dt.datetime | None]  # then any desk may call it
    # es, pt-BR…: chosen at the kiosk
    idioma: Mapped[str] = mapped_column(String(12), default="es", server_default="es")
    cerrado: Mapped[dt.datetime | None]
    instancia_id: Mapped[InstanciaId | None]
    case_key: Mapped[CaseKey | None]


class TurnoPeriodo(Base):
    """What a turn was doing, and how long; times are sums of periods. At most one is open per
    turn."""

    __tablename__ = "turno_periodo"
    __table_args__ = (
        Index(
            "uq_turno_periodo_abierto",
            "turno_id",
            unique=True,
            sqlite_where=text("fin IS NULL"),
            postgresql_where=text("fin IS NULL"),
        ),
        Index("ix_turno_periodo_llamados", "punto_id", "estado", "inicio"),
    )

    id: Mapped[Clave]
    turno_id: Mapped[int] = mapped_column(ForeignKey("turno.id"), index=True)
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"))
    estado: Mapped[Codigo]  # espera llamado atencion pausa ausente
    inicio: Mapped[dt.datetime]
    fin: Mapped[dt.datetime | None]
    asesor_id: Mapped[Quien | None]
    modulo: Mapped[Codigo | None]
    #: of a call: why this turn and not an earlier one; of a wait or an attention: why it left a
    #: desk
    razon: Mapped[str | None] = mapped_column(String(300))
    #: of a call that passed the order by: which of `reglas.turnos.FUERA_DE_ORDEN`
    fuera_de_orden: Mapped[Codigo | None]
    confiable: Mapped[bool] = mapped_column(default=True)


class Atencion(Base):
    """What an adviser did in one turn."""

    __tablename__ = "atencion"

    id: Mapped[Clave]
    turno_id: Mapped[int] = mapped_column(ForeignKey("turno.id"), unique=True)
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"), index=True)
    asesor_id: Mapped[Quien] = mapped_column(index=True)
    persona_id: Mapped[int | None] = mapped_column(ForeignKey("persona.id"), index=True)
    apoderado_id: Mapped[int | None] = mapped_column(ForeignKey("persona.id"))
    inicio: Mapped[dt.datetime]
    fin: Mapped[dt.datetime | None]
    motivo: Mapped[Texto] = mapped_column(default="")
    motivo_visita: Mapped[Codigo | None]
    requiere_radicar: Mapped[bool | None]
    resoluble: Mapped[bool | None]
    ruta: Mapped[Codigo | None]  # personalizada | sala | escrita
    calidad: Mapped[Codigo | None]
    titularidad: Mapped[Codigo | None]  # verificada | no_titular | cliente_potencial
    documento_exhibido: Mapped[bool | None]
    coincide_crm: Mapped[bool | None]
    # snapshot of the fields compared with the CRM (5.2.4)
    comparacion: Mapped[dict[str, Any] | None]
    datos_actualizados: Mapped[bool] = mapped_column(default=False)
    resuelto_primer_contacto: Mapped[bool] = mapped_column(default=False)
    # resuelto | escalado | sala | escrita | poder_pendiente | abandono
    resultado: Mapped[Codigo | None]
    instancia_id: Mapped[InstanciaId | None]
    case_key: Mapped[CaseKey | None]


class Orientacion(Base):
    """An answer of the information room (5.2.20 to 5.2.22): from the web page, or on studies
    abroad."""

    __tablename__ = "orientacion"

    id: Mapped[Clave]
    turno_id: Mapped[int] = mapped_column(ForeignKey("turno.id"), index=True)
    tema: Mapped[Codigo]  # servicio | estudios_exterior
    pregunta: Mapped[Texto] = mapped_column(default="")
    respuesta: Mapped[Texto] = mapped_column(default="")
    url: Mapped[str | None] = mapped_column(String(500))
    fecha_consulta: Mapped[dt.date | None]
    hash_pagina: Mapped[str | None] = mapped_column(String(64))
    pais: Mapped[Nombre | None]
    nivel: Mapped[Codigo | None]
    mecanismo: Mapped[Codigo | None]
    requisitos_explicados: Mapped[bool | None]
    remitido_consejeria: Mapped[bool | None]
    asesor_id: Mapped[Quien]
    registrada: Mapped[dt.datetime]


class Charla(Base):
    """A talk of the information room (5.2.19)."""

    __tablename__ = "charla"
    __table_args__ = (
        Index(
            "uq_charla_programada",
            "punto_id",
            unique=True,
            sqlite_where=text("estado = 'programada'"),
            postgresql_where=text("estado = 'programada'"),
        ),
        Index("ix_charla_punto_estado", "punto_id", "estado"),
    )

    id: Mapped[Clave]
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"))
    estado: Mapped[Codigo]  # programada | realizada
    tema: Mapped[Nombre | None]
    creada: Mapped[dt.datetime]
    inicio: Mapped[dt.datetime | None]
    fin: Mapped[dt.datetime | None]
    asesor_id: Mapped[Quien | None]
    medios: Mapped[list[str] | None]


class CharlaAsistente(Base):
    """A turn assigned to a talk, and whether it came."""

    __tablename__ = "charla_asistente"

    charla_id: Mapped[int] = mapped_column(ForeignKey("charla.id"), primary_key=True)
    turno_id: Mapped[int] = mapped_column(ForeignKey("turno.id"), primary_key=True, index=True)
    asignado: Mapped[dt.datetime]
    asistio: Mapped[bool | None]
    retirado: Mapped[dt.datetime | None]


class Calificacion(Base):
    """A rating of the attention (5.2.13) or of the answer (M5-1-01 act. 15). `valor` None: no
    califica."""

    __tablename__ = "calificacion"
    __table_args__ = (
        UniqueConstraint("turno_id", "momento"),
        UniqueConstraint("caso_id", "momento"),
        CheckConstraint("valor IS NULL OR valor BETWEEN 1 AND 5", name="valor"),
    )

    id: Mapped[Clave]
    momento: Mapped[Codigo]  # atencion | respuesta
    turno_id: Mapped[int | None] = mapped_column(ForeignKey("turno.id"))  # of the attention
    caso_id: Mapped[int | None] = mapped_column(ForeignKey("caso.id"))  # of the answer
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"), index=True)
    asesor_id: Mapped[Quien | None] = mapped_column(index=True)
    fuente: Mapped[Codigo]  # crm | digiturno | web
    medio: Mapped[Codigo | None]  # tableta | digiturno | verbal
    # typed by the adviser: it was said aloud
    por_asesor: Mapped[bool] = mapped_column(default=False, server_default=false())
    valor: Mapped[int | None]
    motivo: Mapped[Codigo | None]
    comentario: Mapped[str | None] = mapped_column(String(300))
    registrada: Mapped[dt.datetime]
    registrada_por: Mapped[Quien]


class EnlaceCalificacion(Base):
    """A single-use link to rate an answer, valid 5 days. Only the hash of its token is kept."""

    __tablename__ = "enlace_calificacion"

    id: Mapped[Clave]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    caso_id: Mapped[int] = mapped_column(ForeignKey("caso.id"), index=True)
    creado: Mapped[dt.datetime]
    vence: Mapped[dt.datetime]
    usado: Mapped[dt.datetime | None]


POR_APLICAR = text("estado IN ('nuevo', 'espera')")


LISTADO = text("estado = 'listado'")


class DigiturnoEvento(Base):
    """What a turn system says happened to a ticket. Told again it is the same row; told with other
    data it is another one, listed."""

    __tablename__ = "digiturno_evento"
    __table_args__ = (
        UniqueConstraint("sistema", "ticket", "clase", "cuando", "huella"),
        Index(
            "ix_digiturno_evento_por_aplicar",
            "cuando",
            sqlite_where=POR_APLICAR,
            postgresql_where=POR_APLICAR,
        ),
        Index("ix_digiturno_evento_listado", "id", sqlite_where=LISTADO, postgresql_where=LISTADO),
    )

    id: Mapped[Clave]
    sistema: Mapped[Codigo]
    punto: Mapped[Nombre]  # as the system calls it
    # None: nobody has said which of ours that is
    punto_id: Mapped[str | None] = mapped_column(ForeignKey("punto.codigo"))
    ticket: Mapped[Nombre]  # as the system calls it
    clase: Mapped[Codigo]  # records.visita.reglas.digiturno.Clase
    cuando: Mapped[dt.datetime]  # by the clock of the system
    recibido: Mapped[dt.datetime]
    medio: Mapped[Codigo]  # aviso | consulta | vista | archivo
    # number, desk, rating; a document only until the event is decided
    datos: Mapped[dict[str, Any]]
    huella: Mapped[str] = mapped_column(String(64))  # of the data as they came
    estado: Mapped[Codigo]  # nuevo | espera | aplicado | sin_efecto | listado | descartado
    # why it waits, is listed, or changed nothing
    motivo: Mapped[Codigo] = mapped_column(default="")
    decidido: Mapped[dt.datetime | None]
    decidido_por: Mapped[Quien | None]  # the rules: "motor"
    nota: Mapped[Texto] = mapped_column(default="")  # what who discarded it wrote
    turno_id: Mapped[int | None] = mapped_column(ForeignKey("turno.id"))


class DigiturnoTicket(Base):
    """A ticket of a turn system and its turn here. `turno_id` is the latest: whoever comes back
    keeps the ticket in a new turn."""

    __tablename__ = "digiturno_ticket"
    __table_args__ = (
        UniqueConstraint("sistema", "punto_id", "fecha", "ticket"),
        Index("ix_digiturno_ticket_punto", "punto_id", "fecha"),
    )

    id: Mapped[Clave]
    sistema: Mapped[Codigo]
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"))
    fecha: Mapped[dt.date]
    ticket: Mapped[Nombre]
    punto: Mapped[Nombre]  # as the system calls it
    numero: Mapped[Codigo]  # as it is printed on the paper
    turno_id: Mapped[int] = mapped_column(ForeignKey("turno.id"), unique=True)
    ultimo: Mapped[dt.datetime]  # the time of the last event that changed something


class DigiturnoSalida(Base):
    """Something that was done here to one of its tickets, which the system is to hear. Found from
    the periods of the turn."""

    __tablename__ = "digiturno_salida"
    __table_args__ = (
        Index(
            "ix_digiturno_salida_pendiente",
            "sistema",
            "id",
            sqlite_where=text("estado = 'pendiente'"),
            postgresql_where=text("estado = 'pendiente'"),
        ),
    )

    id: Mapped[Clave]
    # p<period> or c<turn>: each is told once
    llave: Mapped[str] = mapped_column(String(40), unique=True)
    sistema: Mapped[Codigo]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("digiturno_ticket.id"))
    turno_id: Mapped[int] = mapped_column(ForeignKey("turno.id"), index=True)
    # llamado | rellamado | iniciado | ausente | devuelto | retirado | finalizado | trasladado
    clase: Mapped[Codigo]
    cuando: Mapped[dt.datetime]
    modulo: Mapped[Codigo | None]
    # pendiente | enviada | rechazada | vencida | omitida (the system said it first, or need not
    # know)
    estado: Mapped[Codigo]
    enviada: Mapped[dt.datetime | None]
    intentos: Mapped[int] = mapped_column(default=0)
    siguiente: Mapped[dt.datetime | None]  # not before
    tomada_hasta: Mapped[dt.datetime | None]  # a worker has it
    error: Mapped[Texto] = mapped_column(default="")
    error_causa: Mapped[Codigo] = mapped_column(default="")


class DigiturnoSistema(Base):
    """How it stands with a turn system: until where it was read, when it was last heard."""

    __tablename__ = "digiturno_sistema"

    codigo: Mapped[Codigo] = mapped_column(primary_key=True)
    # until where its events were read, in its own words
    cursor: Mapped[Texto] = mapped_column(default="")
    oido: Mapped[dt.datetime | None]
    preguntado: Mapped[dt.datetime | None]
    falla: Mapped[Texto] = mapped_column(default="")
    falla_desde: Mapped[dt.datetime | None]
    ilegibles: Mapped[int] = mapped_column(default=0)  # rows that are no event
    ilegible: Mapped[Texto] = mapped_column(default="")  # why the last of them is none


class DigiturnoRecibo(Base):
    """A message of a system that was taken: sent again it does nothing."""

    __tablename__ = "digiturno_recibo"
    __table_args__ = (
        UniqueConstraint("sistema", "mensaje"),
        Index("ix_digiturno_recibo_recibido", "recibido"),
    )

    id: Mapped[Clave]
    sistema: Mapped[Codigo]
    mensaje: Mapped[str] = mapped_column(String(200))
    huella: Mapped[str] = mapped_column(String(64))
    recibido: Mapped[dt.datetime]
    eventos: Mapped[int]


class DigiturnoModo(Base):
    """Who gives the numbers at a point from then on; the last row is in force, without one the
    point has its own kiosk."""

    __tablename__ = "digiturno_modo"

    id: Mapped[Clave]
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"), index=True)
    modo: Mapped[Codigo]  # propio | manual | the code of a turn system
    desde: Mapped[dt.datetime]
    quien: Mapped[Quien]  # by itself: "motor"
    razon: Mapped[Texto]
