"""Mail through an SMTP server (stdlib smtplib): plain text with a simple HTML twin."""

import datetime as dt
import html
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.policy import SMTPUTF8
from typing import Literal

from records.puertos import Causa
from records.puertos import CorreoFallido
from records.puertos import Mensaje

DOMINIO = re.compile(r"(?!-)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
PROHIBIDO = re.compile(r'[\s\x00-\x1f\x7f,;:<>()\[\]"\\@]')
RECHAZO = 400  # replies from here on say no (RFC 5321 4.2.1)
DEFINITIVO = 500  # replies from here on are refusals for good (RFC 5321 4.2.1)


@dataclass(frozen=True, slots=True)
class ServidorSMTP:
    host: str = "127.0.0.1"
    port: int = 8025
    remitente: str = "ICETEX Atención al Usuario <atencion@icetex.example>"
    cifrado: Literal["no", "starttls", "tls"] = "no"
    usuario: str = ""
    clave: str = ""
    espera: float = 10.0  # seconds for each step of the conversation


class CorreoSMTP:
    """The port records.puertos.Correo. One connection per mail: mails are few and a kept one dies unseen."""

    def __init__(self, servidor: ServidorSMTP) -> None:
        self._servidor = servidor

    def enviar(self, mensaje: Mensaje, now: dt.datetime) -> None:
        """Raises CorreoFallido: lasting for an address or content that the server refuses, else to be tried again."""
        correo = componer(mensaje, self._servidor.remitente, now)
        with _traducido(), self._sesion() as sesion:
            sesion.send_message(correo)

    def probar(self) -> None:
        """Greets, logs in where there is an account, and leaves."""
        with _traducido(), self._sesion() as sesion:
            codigo, texto = sesion.noop()
            if codigo >= RECHAZO:
                raise CorreoFallido(_motivo(codigo, texto), causa=Causa.OCUPADO, pasajera=True)

    @contextmanager
    def _sesion(self) -> Iterator[smtplib.SMTP]:
        s = self._servidor
        if s.cifrado == "tls":
            sesion: smtplib.SMTP = smtplib.SMTP_SSL(s.host, s.port, timeout=s.espera, context=ssl.create_default_context())
        else:
            sesion = smtplib.SMTP(s.host, s.port, timeout=s.espera)
        with sesion:
            if s.cifrado == "starttls":
                sesion.starttls(context=ssl.create_default_context())
            if s.usuario:
                sesion.login(s.usuario, s.clave)
            yield sesion


@contextmanager
def _traducido() -> Iterator[None]:
    """A fault of the mail or its address is permanent; one of the server, the account or the network may pass."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        codigo, texto = next(iter(error.recipients.values()))
        raise CorreoFallido(_motivo(codigo, texto), causa=Causa.RECHAZADO, pasajera=codigo < DEFINITIVO) from error
    except smtplib.SMTPDataError as error:
        pasajera = error.smtp_code < DEFINITIVO
        raise CorreoFallido(_motivo(error.smtp_code, error.smtp_error), causa=Causa.RECHAZADO, pasajera=pasajera) from error
    except smtplib.SMTPNotSupportedError as error:  # the address needs SMTPUTF8, the server has it not
        raise CorreoFallido(str(error), causa=Causa.RECHAZADO, pasajera=False) from error
    except (smtplib.SMTPException, OSError) as error:
        raise CorreoFallido(f"{type(error).__name__}: {error}", causa=_causa(error), pasajera=True) from error


def _causa(error: OSError) -> Causa:
    """By the type of the exception; a reply of the server counts by its code (RFC 5321 4.2.3, RFC 4954 6)."""
    match error:
        case TimeoutError():
            return Causa.SIN_RESPUESTA
        case smtplib.SMTPAuthenticationError() | ssl.SSLError() | PermissionError():
            return Causa.NO_PERMITIDO
        case smtplib.SMTPResponseException(smtp_code=codigo):
            return Causa.RECHAZADO if codigo >= DEFINITIVO else Causa.OCUPADO
        case smtplib.SMTPServerDisconnected():  # smtplib says it of a silent server too
            return Causa.SIN_RESPUESTA if isinstance(error.__context__, TimeoutError) else Causa.SIN_CONEXION
        case smtplib.SMTPException():
            return Causa.OTRA
    return Causa.SIN_CONEXION


def componer(mensaje: Mensaje, remitente: str, now: dt.datetime) -> EmailMessage:
    """Raises CorreoFallido for an address that is none. The Message-ID comes from `clave`: a mail sent twice can be told."""
    dominio = remitente.rpartition("@")[2].rstrip("> ") or "localhost"
    para = direccion(mensaje.para)
    correo = EmailMessage(policy=SMTP if para.username.isascii() else SMTPUTF8)
    correo["From"] = remitente
    correo["To"] = para
    asunto = " ".join(mensaje.asunto.split())
    correo["Subject"] = asunto
    correo["Date"] = now
    correo["Message-ID"] = f"<{re.sub(r'[^A-Za-z0-9._-]', '-', mensaje.clave)}@{dominio}>"
    correo["Auto-Submitted"] = "auto-generated"
    correo.set_content(mensaje.texto)
    correo.add_alternative(en_html(asunto, mensaje.texto), subtype="html")
    return correo


def direccion(texto: str) -> Address:
    """One plain address; nothing that could add another recipient or a header. Domains beyond ASCII travel in their IDNA form."""
    usuario, arroba, dominio = texto.strip().rpartition("@")
    try:
        ascii_dominio = dominio.encode("idna").decode()
        hallada = Address(addr_spec=f"{usuario}{arroba}{ascii_dominio}") if usuario.isascii() else Address("", usuario, ascii_dominio)
    except (ValueError, IndexError, HeaderParseError) as error:  # UnicodeError is a ValueError
        raise CorreoFallido("la dirección de correo no es válida", causa=Causa.RECHAZADO, pasajera=False) from error
    if not usuario or PROHIBIDO.search(usuario) or not DOMINIO.fullmatch(ascii_dominio):
        raise CorreoFallido("la dirección de correo no es válida", causa=Causa.RECHAZADO, pasajera=False)
    return hallada


def en_html(asunto: str, texto: str) -> str:
    """Paragraphs and links, nothing else: mail programs agree on little more."""
    parrafos = "".join(f"<p>{_parrafo(p)}</p>" for p in texto.strip().split("\n\n"))
    return (
        f'<!doctype html><html lang="es"><head><meta charset="utf-8"><title>{html.escape(asunto)}</title></head>'
        '<body style="margin:0;background:#f2f2f2"><div style="max-width:36rem;margin:0 auto;padding:1.5rem;background:#fff;'
        f'color:#1f1f1f;font:16px/1.5 Verdana,Arial,sans-serif">{parrafos}</div></body></html>'
    )


def _parrafo(texto: str) -> str:
    seguro = html.escape(texto).replace("\n", "<br>")
    return re.sub(r"https?://[^\s<]+", lambda hallado: f'<a href="{hallado[0]}">{hallado[0]}</a>', seguro)


def _motivo(codigo: int, texto: bytes | str) -> str:
    return f"{codigo} {texto.decode(errors='replace') if isinstance(texto, bytes) else texto}"[:300]
