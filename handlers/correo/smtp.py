"""Mail through an SMTP server (stdlib smtplib): plain text with an HTML twin; the headers of
docs/mail.md."""

import datetime as dt
import re
import smtplib
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parseaddr
from typing import Any, Final, Literal

from common import tls
from common.hosts import is_here
from common.language import kept
from handlers.conectores import certificados
from handlers.conectores.proteccion import con_limite
from handlers.correo.html import en_html
from records.correo.reglas.cartas import en_una_linea, limpio
from records.sistemas.puertos import Causa, CorreoFallido, FallaDeSistema, Mensaje

DOMINIO = re.compile(r"(?!-)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
PROHIBIDO = re.compile(r'[\s\x00-\x1f\x7f,;:<>()\[\]"\\@]')
RECHAZO = 400  # replies from here on say no (RFC 5321 4.2.1)
DEMASIADO_GRANDE = 552  # the mail is too large for it, today and tomorrow
DEFINITIVO = 500  # replies from here on are refusals for good (RFC 5321 4.2.1)


@dataclass(frozen=True, slots=True)
class ServidorSMTP:
    host: str = "127.0.0.1"
    port: int = 8025
    remitente: str = "Ventanilla <ventanilla@entidad.example>"
    cifrado: Literal["no", "starttls", "tls"] = "no"
    usuario: str = ""
    clave: str = ""
    espera: float = 10.0  # seconds for each step of the conversation
    # seconds for all of it: a server that says a letter every nine seconds is slow, too
    entero: float = 60.0
    a_la_vez: int = 4  # conversations of this process with the server
    responder_a: str = ""  # Reply-To; "": the sender
    # envelope sender, where what comes back arrives; none: the sender. With + each mail has one (VERP)
    rebotes: str = ""
    sin_cifrar: bool = False  # it is of the trusted network, and may be spoken to in the clear
    # file with ours and its key, by which the server may know us without a password
    certificado: str = ""
    # file with the authority that signed the server's certificate; "": those of the system
    ca: str = ""


class _Politica(EmailPolicy):
    """Of EmailMessage, but an address of the web or an id stays whole: a longer one than a line
    would become an encoded word, which no program undoes there (RFC 2369, RFC 5322 3.6.4). The
    limit of a line is 998 letters."""

    def fold(self, name: str, value: Any) -> str:
        return (
            f"{name}: {value}{self.linesep}"
            if name.lower() in ENTEROS
            else super().fold(name, value)
        )

    def fold_binary(self, name: str, value: Any) -> bytes:
        return (
            self.fold(name, value).encode("ascii")
            if name.lower() in ENTEROS
            else super().fold_binary(name, value)
        )


ENTEROS: Final = frozenset({"list-unsubscribe", "message-id"})
POLITICA: Final = _Politica(linesep="\r\n")


class CorreoSMTP:
    """The port records.sistemas.puertos.Correo. One connection per mail: mails are few and a kept one dies
    unseen."""

    def __init__(self, servidor: ServidorSMTP) -> None:
        self._servidor = servidor
        self._turno = threading.BoundedSemaphore(servidor.a_la_vez)

    def enviar(self, mensaje: Mensaje, now: dt.datetime) -> None:
        """Raises CorreoFallido: lasting for an address or content that the server refuses, else to
        be tried again."""
        s = self._servidor
        correo = componer(mensaje, s, now)
        sobre = _direccion_pelada(s.rebotes or s.remitente)
        if mensaje.marca and "+" in sobre:
            sobre = sobre.replace("+", f"+{mensaje.marca}", 1)

        def conversar(abierta: list[smtplib.SMTP]) -> None:
            with self._sesion(abierta) as sesion:
                sesion.send_message(correo, from_addr=sobre)

        self._con_limite(conversar)

    def probar(self) -> None:
        """Greets, logs in where there is an account, and leaves."""

        def saludar(abierta: list[smtplib.SMTP]) -> None:
            with self._sesion(abierta) as sesion:
                codigo, texto = sesion.noop()
                if codigo >= RECHAZO:
                    raise CorreoFallido(_motivo(codigo, texto), causa=Causa.OCUPADO, pasajera=True)

        self._con_limite(saludar)

    def _con_limite(self, hacer: Callable[[list[smtplib.SMTP]], None]) -> None:
        """In its turn, and no longer than the limit of the whole conversation: then the line is
        cut."""
        if not self._turno.acquire(timeout=self._servidor.entero):
            raise CorreoFallido(
                kept("el servidor está ocupado con otros correos"),
                causa=Causa.OCUPADO,
                pasajera=True,
            )
        abierta: list[smtplib.SMTP] = []

        def cortar() -> None:
            for sesion in abierta:
                if sesion.sock is not None:
                    sesion.sock.close()

        try:
            with _traducido(self._servidor.host):
                con_limite(lambda: hacer(abierta), self._servidor.entero, cancelar=cortar)
        finally:
            self._turno.release()

    @contextmanager
    def _sesion(self, abierta: list[smtplib.SMTP]) -> Iterator[smtplib.SMTP]:
        s = self._servidor
        if s.cifrado == "no" and not (s.sin_cifrar or is_here(s.host)):
            raise CorreoFallido(
                kept("está en otro equipo y SMTP_TLS dice que sin cifrar"),
                causa=Causa.NO_PERMITIDO,
                pasajera=True,
            )
        de_confianza = (
            tls.client(s.ca or None, s.certificado or None) if s.cifrado != "no" else None
        )
        if s.cifrado == "tls":
            sesion: smtplib.SMTP = smtplib.SMTP_SSL(
                s.host, s.port, timeout=s.espera, context=de_confianza
            )
        else:
            sesion = smtplib.SMTP(s.host, s.port, timeout=s.espera)
        abierta.append(sesion)
        with sesion:
            if s.cifrado == "starttls":
                sesion.starttls(context=de_confianza)
            if s.usuario:
                sesion.login(s.usuario, s.clave)
            yield sesion


@contextmanager
def _traducido(host: str) -> Iterator[None]:
    """A fault of the mail or its address is permanent; one of the server, the account or the
    network may pass.

    A server that asks us to come again (4xx: it is busy, or it does so with everybody whom it does
    not know) is OCUPADO.
    """
    try:
        yield
    except CorreoFallido:
        raise
    except FallaDeSistema as error:
        raise CorreoFallido(error.detalle, causa=error.causa, pasajera=error.pasajera) from error
    except smtplib.SMTPRecipientsRefused as error:
        codigo, texto = next(iter(error.recipients.values()))
        raise _del_servidor(codigo, texto, pasajera=codigo < DEFINITIVO) from error
    except smtplib.SMTPDataError as error:
        raise _del_servidor(
            error.smtp_code, error.smtp_error, pasajera=error.smtp_code < DEFINITIVO
        ) from error
    except smtplib.SMTPSenderRefused as error:
        if error.smtp_code == DEMASIADO_GRANDE:
            raise _del_servidor(error.smtp_code, error.smtp_error, pasajera=False) from error
        # it does not take our account or our sender: nothing that the person's address can help
        causa = _causa(error)
        raise CorreoFallido(
            _motivo(error.smtp_code, error.smtp_error), causa=causa, pasajera=True
        ) from error
    except (
        smtplib.SMTPNotSupportedError
    ) as error:  # the address needs SMTPUTF8, the server has it not; or no STARTTLS
        sin_cifrado = "STARTTLS" in str(error)
        raise CorreoFallido(
            str(error),
            causa=Causa.NO_PERMITIDO if sin_cifrado else Causa.RECHAZADO,
            pasajera=sin_cifrado,
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        certificados.anotar(f"the mail server {host}", error)
        raise CorreoFallido(
            f"{type(error).__name__}: {error}", causa=_causa(error), pasajera=True
        ) from error


def _del_servidor(codigo: int, texto: bytes | str, *, pasajera: bool) -> CorreoFallido:
    return CorreoFallido(
        _motivo(codigo, texto),
        causa=Causa.OCUPADO if pasajera else Causa.RECHAZADO,
        pasajera=pasajera,
    )


def _causa(error: OSError) -> Causa:
    """By the type of the exception; a reply of the server counts by its code (RFC 5321 4.2.3, RFC
    4954 6)."""
    match error:
        case TimeoutError():
            return Causa.SIN_RESPUESTA
        case smtplib.SMTPAuthenticationError() | ssl.SSLError() | PermissionError():
            return Causa.NO_PERMITIDO
        case smtplib.SMTPResponseException(smtp_code=codigo) if (
            codigo < 0
        ):  # smtplib's word for a line that is no reply
            return Causa.ILEGIBLE
        case smtplib.SMTPResponseException(smtp_code=codigo):
            return Causa.RECHAZADO if codigo >= DEFINITIVO else Causa.OCUPADO
        case smtplib.SMTPServerDisconnected():  # smtplib says it of a silent server too
            return (
                Causa.SIN_RESPUESTA
                if isinstance(error.__context__, TimeoutError)
                else Causa.SIN_CONEXION
            )
        case smtplib.SMTPException():
            return Causa.OTRA
    return Causa.SIN_CONEXION


def componer(mensaje: Mensaje, servidor: ServidorSMTP, now: dt.datetime) -> EmailMessage:
    """Raises CorreoFallido for an address that is none. The same headers for every mail, so that a
    relay can sign them all."""
    remitente = servidor.remitente
    dominio = _direccion_pelada(remitente).rpartition("@")[2] or "localhost"
    para = direccion(mensaje.para)
    correo = EmailMessage(policy=POLITICA if para.username.isascii() else POLITICA.clone(utf8=True))
    correo["From"] = remitente
    correo["To"] = para
    if servidor.responder_a:
        correo["Reply-To"] = servidor.responder_a
    asunto = en_una_linea(mensaje.asunto)
    correo["Subject"] = asunto
    correo["Date"] = now
    local = (
        f"aviso-{mensaje.marca}"
        if mensaje.marca
        else re.sub(r"[^A-Za-z0-9._-]", "-", mensaje.clave)
    )
    correo["Message-ID"] = f"<{local}@{dominio}>"
    correo["Auto-Submitted"] = "auto-generated"
    if mensaje.baja:
        correo["List-Unsubscribe"] = f"<{mensaje.baja}>"
        correo["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    texto = limpio(mensaje.texto)
    correo.set_content(texto)
    quien = en_una_linea(parseaddr(remitente)[0] or dominio)
    visto = en_html(
        asunto, texto, mensaje.idioma, quien=quien, sitio=mensaje.sitio, baja=mensaje.baja
    )
    correo.add_alternative(visto, subtype="html")
    for adjunto in mensaje.adjuntos:
        tipo, _barra, subtipo = adjunto.tipo.partition("/")
        correo.add_attachment(
            adjunto.contenido,
            maintype=tipo,
            subtype=subtipo,
            filename=en_una_linea(adjunto.nombre, 120),
        )
    # content is set by now: each time it takes such headers away
    correo["Content-Language"] = mensaje.idioma
    return correo


def _direccion_pelada(remitente: str) -> str:
    return parseaddr(remitente)[1]


def direccion(texto: str) -> Address:
    """One plain address; nothing that could add another recipient or a header. Domains beyond ASCII
    travel in their IDNA form."""
    usuario, arroba, dominio = texto.strip().rpartition("@")
    try:
        ascii_dominio = dominio.encode("idna").decode()
        hallada = (
            Address(addr_spec=f"{usuario}{arroba}{ascii_dominio}")
            if usuario.isascii()
            else Address("", usuario, ascii_dominio)
        )
    except (ValueError, IndexError, HeaderParseError) as error:  # UnicodeError is a ValueError
        raise CorreoFallido(
            kept("la dirección de correo no es válida"), causa=Causa.RECHAZADO, pasajera=False
        ) from error
    if not usuario or PROHIBIDO.search(usuario) or not DOMINIO.fullmatch(ascii_dominio):
        raise CorreoFallido(
            kept("la dirección de correo no es válida"), causa=Causa.RECHAZADO, pasajera=False
        )
    return hallada


def _motivo(codigo: int, texto: bytes | str) -> str:
    return f"{codigo} {texto.decode(errors='replace') if isinstance(texto, bytes) else texto}"[:300]
