"""Rows of this room. Who works here: accounts, roles, absences, logins, second factors, what one asks for and another decides."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from records.base.tablas import Base, Clave, Codigo, InstanciaId, Nombre, Quien, Texto


class RolDeCarril(Base):
    """A role that a lane of a diagram named when it came into force; those of the product stand in
    `records/cuentas/reglas/roles.py`."""

    __tablename__ = "rol"

    codigo: Mapped[Codigo] = mapped_column(primary_key=True)
    nombre: Mapped[Nombre]
    # the variable of the list for whose values it is held; empty: for the whole agency
    alcance: Mapped[Codigo]
    desde: Mapped[dt.datetime]
    creado_por: Mapped[Quien]


class Cuenta(Base):
    """An account; `usuario` is the id of its Actor."""

    __tablename__ = "cuenta"

    id: Mapped[Clave]
    usuario: Mapped[Quien] = mapped_column(unique=True)
    nombre: Mapped[Nombre]
    correo: Mapped[Nombre] = mapped_column(unique=True)
    clave_hash: Mapped[str] = mapped_column(String(255))
    activo: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    creada: Mapped[dt.datetime]
    clave_cambiada: Mapped[dt.datetime | None]
    ultimo_ingreso: Mapped[dt.datetime | None]
    # the two that follow count for web processes of the release of before, while both serve; ours:
    # records/cuentas/frenos.py
    intentos_fallidos: Mapped[int] = mapped_column(default=0)
    bloqueada_hasta: Mapped[dt.datetime | None]
    # what the pages speak to this person; None: as the agency says
    idioma: Mapped[str | None] = mapped_column(String(12))
    # nobody enters with it from then on: an end of employment that was planned
    activa_hasta: Mapped[dt.datetime | None]


class RolAsignado(Base):
    """A role held for a time and for one scope (code of a point or an area) or, with None,
    everywhere."""

    __tablename__ = "rol_asignado"
    __table_args__ = (Index("ix_rol_asignado_rol", "rol", "ambito"),)

    id: Mapped[Clave]
    cuenta_id: Mapped[int] = mapped_column(ForeignKey("cuenta.id"), index=True)
    rol: Mapped[Codigo]
    ambito: Mapped[Codigo | None]
    vigente_desde: Mapped[dt.datetime]
    vigente_hasta: Mapped[dt.datetime | None]
    asignado_por: Mapped[Quien]


class SesionCerrada(Base):
    """A login that its person ended before its term; kept until the term is over."""

    __tablename__ = "sesion_cerrada"

    sesion: Mapped[str] = mapped_column(String(64), primary_key=True)
    cerrada: Mapped[dt.datetime]


class SesionAbierta(Base):
    """A login as its person and administrators see it; gone when its term is over. What is told of
    the browser are codes, not words."""

    __tablename__ = "sesion_abierta"

    sesion: Mapped[str] = mapped_column(String(64), primary_key=True)
    cuenta_id: Mapped[int] = mapped_column(ForeignKey("cuenta.id"), index=True)
    # of the account then: another one has ended this login
    fs_uniquifier: Mapped[str] = mapped_column(String(64))
    abierta: Mapped[dt.datetime]
    vista: Mapped[dt.datetime]  # its last use, a few minutes more or less
    hasta: Mapped[dt.datetime]
    desde_donde: Mapped[str] = mapped_column(String(64))  # address
    navegador: Mapped[Codigo]  # firefox | chrome | … | otro
    sistema: Mapped[Codigo]  # windows | android | … | otro


class RetiroPrevisto(Base):
    """An end of employment that comes with a day: decided now, done when that day is over, and
    withdrawn until then."""

    __tablename__ = "retiro_previsto"

    id: Mapped[Clave]
    usuario: Mapped[Quien] = mapped_column(index=True)
    ultimo_dia: Mapped[dt.date]
    cuando: Mapped[dt.datetime]  # the instant that ends the last day
    reparto: Mapped[dict[str, Any]]  # who gets what: of a lane, or of an absence → account
    motivo: Mapped[str] = mapped_column(String(500))
    registrado: Mapped[dt.datetime]
    registrado_por: Mapped[Quien]
    # previsto | en_curso | hecho | desistido
    estado: Mapped[Codigo] = mapped_column(default="previsto")
    terminado: Mapped[dt.datetime | None]


class EnlaceDeClave(Base):
    """A link of one use with which a person sets their password, or shows who they are. Its token
    follows from the secret of this place and what the row says (records/cuentas/enlaces_de_clave.py), which
    is looked at on use; only its hash is kept."""

    __tablename__ = "enlace_de_clave"

    id: Mapped[Clave]
    cuenta_id: Mapped[int] = mapped_column(ForeignKey("cuenta.id"), index=True)
    # primera | nueva | equipo, navegador: no password, but that a browser is its person's
    clase: Mapped[Codigo]
    semilla: Mapped[str] = mapped_column(String(64))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    creado: Mapped[dt.datetime]
    creado_por: Mapped[Quien]
    vence: Mapped[dt.datetime]
    usado: Mapped[dt.datetime | None]
    anulado: Mapped[dt.datetime | None]  # another one came after it


class Ausencia(Base):
    """Who is away (both days included; the first from noon on, the last until noon, where that is
    said) and who replaces them."""

    __tablename__ = "ausencia"

    id: Mapped[Clave]
    usuario: Mapped[Quien] = mapped_column(index=True)
    sustituto: Mapped[Quien] = mapped_column(index=True)
    desde: Mapped[dt.date]
    hasta: Mapped[dt.date]
    desde_mediodia: Mapped[bool] = mapped_column(default=False)
    hasta_mediodia: Mapped[bool] = mapped_column(default=False)
    motivo: Mapped[Nombre] = mapped_column(default="")
    registrada: Mapped[dt.datetime]
    registrada_por: Mapped[Quien]
    anulada: Mapped[dt.datetime | None]
    anulada_por: Mapped[Quien | None]
    motivo_fin: Mapped[Nombre | None]  # why it ended before its last day


class FiltroGuardado(Base):
    """A named query string of a list page."""

    __tablename__ = "filtro_guardado"
    __table_args__ = (UniqueConstraint("usuario", "pagina", "nombre"),)

    id: Mapped[Clave]
    usuario: Mapped[Quien]
    pagina: Mapped[Codigo]
    nombre: Mapped[str] = mapped_column(String(80))
    consulta: Mapped[str] = mapped_column(String(2000))
    guardado: Mapped[dt.datetime]
    # the point or area whose people see it, too
    ambito: Mapped[Codigo | None] = mapped_column(index=True)


class MarcaTarea(Base):
    """What one person notes of a task for themselves: that they have read it, when they want to
    look again."""

    __tablename__ = "marca_tarea"
    __table_args__ = (
        UniqueConstraint("usuario", "item_id"),
        Index("ix_marca_tarea_seguimiento", "usuario", "seguimiento"),
    )

    id: Mapped[Clave]
    usuario: Mapped[Quien]
    item_id: Mapped[InstanciaId]
    leida: Mapped[dt.datetime | None]
    seguimiento: Mapped[dt.date | None]


class BorradorDeInicio(Base):
    """What one person has typed into a start form and not sent; one for each page of it that they
    opened."""

    __tablename__ = "borrador_de_inicio"
    __table_args__ = (UniqueConstraint("usuario", "llave"),)

    id: Mapped[Clave]
    usuario: Mapped[Quien]
    # of the page: what is sent with it twice begins one case
    llave: Mapped[str] = mapped_column(String(64))
    tramite: Mapped[str] = mapped_column(String(250))  # process, and which of its message starts
    nombre: Mapped[str] = mapped_column(String(250))  # of the procedure, as it was called
    textos: Mapped[dict[str, Any]]
    pagina: Mapped[Codigo]  # the page that saved last
    guardado: Mapped[dt.datetime] = mapped_column(index=True)


class SegundoFactor(Base):
    """The application of codes of an account (RFC 6238). `secreto` is encrypted with a key of this
    place's secret, and says before that with which hash its codes are made
    (records/cuentas/segundo_factor.py)."""

    __tablename__ = "segundo_factor"

    cuenta_id: Mapped[int] = mapped_column(ForeignKey("cuenta.id"), primary_key=True)
    secreto: Mapped[str] = mapped_column(Text)
    puesto: Mapped[dt.datetime]


class CodigoDeRecuperacion(Base):
    """One of the codes that were printed; only its digest with our key is kept."""

    __tablename__ = "codigo_de_recuperacion"

    id: Mapped[Clave]
    cuenta_id: Mapped[int] = mapped_column(ForeignKey("cuenta.id"), index=True)
    huella: Mapped[str] = mapped_column(String(64), unique=True)
    usado: Mapped[dt.datetime | None]


class LlaveDeAcceso(Base):
    """The public half of a passkey; the other never leaves the device of its person."""

    __tablename__ = "llave_de_acceso"

    id: Mapped[Clave]
    cuenta_id: Mapped[int] = mapped_column(ForeignKey("cuenta.id"), index=True)
    credencial: Mapped[str] = mapped_column(String(1400), unique=True)  # its id, base64url
    publica: Mapped[bytes] = mapped_column(LargeBinary)  # COSE
    contador: Mapped[int]  # of signatures; 0 for those that do not count
    nombre: Mapped[Nombre]  # as its person calls it
    puesta: Mapped[dt.datetime]
    usada: Mapped[dt.datetime | None]


class Freno(Base):
    """One key of one door (webforms/base/frenos.py); gone a day after its last use."""

    __tablename__ = "freno"

    # door, and digest of what it is about
    clave: Mapped[str] = mapped_column(String(64), primary_key=True)
    # failures in a row; of a quota, what was used of its window
    fallos: Mapped[int] = mapped_column(default=0)
    hasta: Mapped[dt.datetime | None]  # no attempt is looked at before
    anotado: Mapped[dt.datetime | None]  # the wait that stands in the access chain already
    # the last failure; of a quota, the beginning of its window
    ultimo: Mapped[dt.datetime] = mapped_column(index=True)


class Aprobacion(Base):
    """The same change waits once at a time."""

    __tablename__ = "aprobacion"
    __table_args__ = (
        Index(
            "uq_aprobacion_pendiente",
            "huella",
            unique=True,
            sqlite_where=text("decidida IS NULL"),
            postgresql_where=text("decidida IS NULL"),
        ),
    )

    id: Mapped[Clave]
    obra: Mapped[Codigo]  # what would be done: webforms/cuentas/obras.py
    sujeto: Mapped[str] = mapped_column(String(200))
    pedido: Mapped[dict[str, Any]]  # with what, as whoever asked wrote it
    # of the three above, without the reason, and of the files
    huella: Mapped[str] = mapped_column(String(64))
    motivo: Mapped[Texto]
    pedida: Mapped[dt.datetime]
    pedida_por: Mapped[Quien]
    decidida: Mapped[dt.datetime | None]
    decidida_por: Mapped[str | None] = mapped_column(String(80))
    aprobada: Mapped[bool | None]
    respuesta: Mapped[str | None] = mapped_column(Text)


class ArchivoPorAprobar(Base):
    """A file of one that waits, as it was when it was asked for; it goes with the decision."""

    __tablename__ = "archivo_por_aprobar"

    aprobacion_id: Mapped[int] = mapped_column(ForeignKey("aprobacion.id"), primary_key=True)
    nombre: Mapped[str] = mapped_column(String(200), primary_key=True)
    contenido: Mapped[bytes] = mapped_column(LargeBinary)
