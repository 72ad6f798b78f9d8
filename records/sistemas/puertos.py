"""Ports: what handlers need from systems outside, whoever provides it, and how such a system fails.

The interface of a system that is asked about a person stands in handlers.conectores.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, Protocol

from sqlalchemy.orm import Session

from common.language import SPANISH
from records.base.pedidos import Avance
from records.correo.reglas.cartas import Bloque
from records.sistemas.paginas import Copia
from records.sistemas.reglas.paginas import Falla


class Causa(StrEnum):
    """Why a system outside did not do it, told apart by exception type or protocol code in the
    adapter that met it."""

    #: nobody listens there, the name is unknown, the file is missing, the line broke
    SIN_CONEXION = "sin_conexion"
    SIN_RESPUESTA = "sin_respuesta"  #: it took too long
    OCUPADO = "ocupado"  #: locked, or it asked us to come again
    NO_PERMITIDO = "no_permitido"  #: it did not accept the account, or not this act
    RECHAZADO = "rechazado"  #: it does not take what was sent: an address, a statement, a content
    ILEGIBLE = "ilegible"  #: what it holds or answered is not of the expected form
    REGISTRO = "registro"  #: it answers, but what it holds of this one person cannot be read
    PROTEGIDO = "protegido"  #: not asked at all: it failed often and rests for some seconds
    OTRA = "otra"


class FallaDeSistema(Exception):
    """A system outside did not do what was asked; `pasajera` says whether asking again may help.
    `detalle` is what is kept: for whoever is being answered, `said(falla.detalle)`."""

    def __init__(self, detalle: str, *, causa: Causa, pasajera: bool) -> None:
        super().__init__(detalle)
        self.detalle = detalle
        self.causa = causa
        self.pasajera = pasajera


EstadoCircuito = Literal["cerrado", "abierto", "prueba"]


class Linea(StrEnum):
    """How a connection goes over the network, as far as its settings say it."""

    SEGURA = "segura"  #: encrypted, and whoever answers proves who it is
    SIN_COMPROBAR = "sin_comprobar"  #: encrypted, to anybody
    A_LA_VISTA = "a_la_vista"
    NO_SE_SABE = "no_se_sabe"  #: its driver is told so by means that are not known here


@dataclass(frozen=True, slots=True)
class Conexion:
    """To a machine that a setting names."""

    ajuste: str
    equipo: str
    linea: Linea


@dataclass(frozen=True, slots=True)
class Salud:
    """What one look at a system found. `corte`: how old its data are, where it says so."""

    sistema: str
    estado: Literal["responde", "no_responde", "no_conectado"]
    circuito: EstadoCircuito
    ms: int
    detalle: str = ""  # why it does not answer, or what is to be known although it does
    causa: Causa | None = None
    corte: dt.date | None = None

    @property
    def conectado(self) -> bool:
        return self.estado != "no_conectado"

    @property
    def disponible(self) -> bool:
        return self.estado == "responde"


@dataclass(frozen=True, slots=True)
class Lectura:
    """One answer of one system, to be kept as evidence."""

    sistema: str
    estado: str  # ok | sin_datos | no_disponible | no_configurado
    filas: Sequence[Mapping[str, Any]] = ()
    fecha_corte: dt.datetime | None = None
    fuente: str | None = None
    hash: str | None = None
    ms: int | None = None
    causa: str = ""  # why it is not available: records.sistemas.puertos.Causa
    detalle: str = ""


@dataclass(frozen=True, slots=True)
class OtraVez:
    """What somebody who works on a case asks again, of the person whom the adviser verified in its
    visit. `obligacion`: of this product alone."""

    case_key: str
    turno_id: int
    persona_id: int
    tipo_doc: str
    num_doc: str
    obligacion: str | None
    quien: str
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class Vecino:
    """A system around the desk: whether it is there, past its breaker and without anybody's data;
    and what it holds of the person of a case."""

    codigo: str
    nombre: str
    mirar: Callable[[], Salud]
    #: None: it is not asked about the person of a case, or not connected
    otra_vez: Callable[[OtraVez], Lectura] | None = None


@dataclass(frozen=True, slots=True)
class Adjunto:
    """A file that goes with a mail."""

    nombre: str
    tipo: str
    contenido: bytes


@dataclass(frozen=True, slots=True)
class Mensaje:
    """`clave` becomes the Message-ID: the same mail sent twice can be told. With `marca` it is
    that: a number and its seal, which nobody outside can guess, so that what comes back is known to
    be an answer to ours."""

    clave: str
    para: str
    asunto: str
    texto: str
    idioma: str = SPANISH
    marca: str = ""
    sitio: str = ""  #: where this site is reached
    baja: str = ""  #: where the person ends voluntary mails; "": the law wants this one sent
    adjuntos: Sequence[Adjunto] = ()


class CorreoFallido(FallaDeSistema):
    """The mail was not accepted."""


class Correo(Protocol):
    def enviar(self, mensaje: Mensaje, now: dt.datetime) -> None: ...

    def probar(self) -> None:
        """Returns when the server is there and takes us; sends nothing. Raises CorreoFallido."""


#: What the desk is told of a person: up to date; the CRM has nobody, or two, or one that is linked
#: with somebody else here; no answer.
Hallazgo = Literal["al_dia", "no_esta", "dos", "de_otra", "no_responde"]


class CrmAfuera(Protocol):
    """A CRM outside, beside ours. Nothing here raises because it is away."""

    def al_dia(self, tipo_doc: str, num_doc: str, now: dt.datetime) -> Hallazgo:
        """The person as the CRM has them now is the person here, or it is said why not."""

    def enviar_pendientes(self, now: dt.datetime, seguir: Callable[[], bool]) -> int:
        """What waits to be written there is written; how many people and cases were."""

    def conciliar(self, quien: str, now: dt.datetime, seguir: Callable[[], bool]) -> object:
        """Every record of both sides beside each other."""

    def conciliar_hoy(self, quien: str, now: dt.datetime, seguir: Callable[[], bool]) -> None:
        """The same, unless one has begun today."""

    def caida(self) -> str:
        """Nothing, or what is wrong with it."""


class FirmaInvalida(Exception):
    """A message that claims to come from a system does not, or is too old. Whoever sent it is not
    told which."""


class SistemaQueAvisa(Protocol):
    """Another system that may deliver messages of diagrams by signed calls."""

    @property
    def codigo(self) -> str: ...
    @property
    def mensajes(self) -> frozenset[str]:
        """Those of the diagrams that it may deliver."""

    def verificar(self, encabezados: Mapping[str, str], cuerpo: bytes, now: dt.datetime) -> str:
        """The name of the call. FirmaInvalida, for whatever reason."""


class PaginaNoTraida(Exception):
    """A page of the entity could not be copied; `detalle` is a fact of the failure (a status, a
    type, a host), no sentence."""

    def __init__(self, falla: Falla, detalle: str = "", *, pasajera: bool) -> None:
        super().__init__(f"{falla}: {detalle}" if detalle else falla)
        self.falla = falla
        self.detalle = detalle
        self.pasajera = pasajera


class PaginasWeb(Protocol):
    """The entity's site."""

    def traer(self, url: str) -> Copia:
        """The page as it is now. PaginaNoTraida."""


@dataclass(frozen=True, slots=True)
class ArchivoHecho:
    """A file of a package; `paginas`: 0 where it is not printed."""

    nombre: str
    sha256: str
    bytes: int
    paginas: int


@dataclass(frozen=True, slots=True)
class PaqueteHecho:
    """What the contract supervisors get: a ZIP, and what is in it."""

    contenido: bytes
    archivos: Sequence[ArchivoHecho]


#: One state of the database, while others write.
Leyendo = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class DocumentoPedido:
    """A letter on paper. `de_quien`: who signs for the procedure; `numero`: of the case."""

    titulo: str
    bloques: tuple[Bloque, ...]
    nombre: str
    de_quien: str
    numero: str
    fecha: str
    hecho: dt.datetime
    idioma: str = SPANISH


class HacerDocumento(Protocol):
    def poner(self, pedido: DocumentoPedido) -> bytes:
        """The PDF; kept nowhere."""

    def guardar(self, pedido: DocumentoPedido) -> Mapping[str, object]:
        """Keeps it in the store; what a row of it says (`records.casos.archivos.registrar_archivo`)."""


class HacerPaquete(Protocol):
    """Sets the documents of a month; it takes seconds, so it keeps nobody from writing."""

    def __call__(self, leyendo: Leyendo, mes: dt.date) -> PaqueteHecho: ...


class HacerDocumentos(Protocol):
    """Sets every document of the reports of a month, and says how far it is; what `avance` raises
    ends it."""

    def __call__(self, leyendo: Leyendo, mes: dt.date, avance: Avance) -> PaqueteHecho: ...


@dataclass(frozen=True, slots=True)
class Guardado:
    """What lies in a store under a key, and since when."""

    clave: str
    bytes: int
    desde: dt.datetime


class DepositoFallido(FallaDeSistema):
    """The store of documents did not do it."""


class Deposito(Protocol):
    """Where the content of documents lies: keys of small letters, digits, points and strokes. It
    knows of no document.

    Each act raises DepositoFallido when the store does not answer; what is written stands when the
    call returns.
    """

    def poner(self, clave: str, contenido: bytes) -> None:
        """The whole content under its key, or nothing; what lay there is replaced."""

    def sacar(self, clave: str) -> bytes | None:
        """None: nothing lies there."""

    def mover(self, de: str, a: str) -> bool:
        """False: nothing lay there. What lay at the other key is replaced."""

    def quitar(self, clave: str) -> None:
        """Also when nothing lies there."""

    def listar(self, prefijo: str = "") -> Iterator[Guardado]:
        """In the order of the keys."""

    def probar(self) -> None:
        """Returns when something can be written and read there."""


@dataclass(frozen=True, slots=True)
class Veredicto:
    """What an antivirus says of a content: `virus` names what it found, empty when it found
    nothing."""

    virus: str = ""


class AntivirusCallado(FallaDeSistema):
    """The antivirus did not say."""


class Antivirus(Protocol):
    def revisar(self, contenido: bytes) -> Veredicto:
        """AntivirusCallado."""

    def probar(self) -> None:
        """Returns when it is there. AntivirusCallado."""
