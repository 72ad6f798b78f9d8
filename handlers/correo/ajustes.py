"""Settings of the mail server (SMTP_*)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal

from common.hosts import is_here
from common.language import marked
from common.place import TRUSTED_NETWORK
from common.settings import (
    Reading,
    Setting,
    address,
    authorities,
    number,
    own_certificate,
)
from handlers.correo.smtp import ServidorSMTP
from records.correo.reglas.correos import POR_HORA

Cifrado = Literal["no", "starttls", "tls"]
CIFRADOS: Final[Mapping[str, Cifrado]] = {"no": "no", "starttls": "starttls", "tls": "tls"}
SMTPS: Final = 465  # the port of servers that speak TLS from their first word on
_DE_FABRICA: Final = ServidorSMTP()


def _cifrado(dicho: str) -> Cifrado:
    """ValueError for a kind that smtplib does not have: mail must not leave in the clear by a
    typing error."""
    if dicho not in CIFRADOS:
        raise ValueError(dicho)
    return CIFRADOS[dicho]


def _cifrado_de_costumbre(lectura: Reading) -> Cifrado:
    host = lectura(HOST)
    if host in lectura(TRUSTED_NETWORK) or is_here(host):
        return "no"
    return "tls" if lectura(PUERTO) == SMTPS else "starttls"


HOST: Final = Setting("SMTP_HOST", str, _DE_FABRICA.host, unset="127.0.0.1", means="mail server")
PUERTO: Final = Setting(
    "SMTP_PORT", number(1, 65_535), _DE_FABRICA.port, unset="8025", means="its port"
)
CIFRADO: Final = Setting(
    "SMTP_TLS",
    _cifrado,
    _cifrado_de_costumbre,
    marked("SMTP_TLS: se espera no, starttls o tls, no «%(g)s»."),
    unset=(
        "to this machine or one of `TRUSTED_NETWORK` `no`, else `starttls`, with port 465 `tls`"
    ),
    means=(
        "`no`, `starttls` or `tls`; with `no` nothing is sent to another machine that "
        "`TRUSTED_NETWORK` does not name"
    ),
)
REMITENTE: Final = Setting(
    "SMTP_FROM",
    address,
    _DE_FABRICA.remitente,
    unset="`Ventanilla <ventanilla@entidad.example>`",
    means=(
        "sender of every mail, whose name stands at the head of it («Atención "
        "<atencion@entidad.gov.co>»)"
    ),
)
USUARIO: Final = Setting("SMTP_USER", str, "", unset="none", means="account of the mail server")
CLAVE: Final = Setting("SMTP_PASSWORD", str, "", unset="none", means="its password")
RESPONDER_A: Final = Setting(
    "SMTP_REPLY_TO", address, "", unset="the sender", means="where answers go"
)
REBOTES: Final = Setting(
    "SMTP_RETURN_PATH",
    address,
    "",
    unset="the sender",
    means="where what comes back goes; with `+` in it each mail has its own (docs/mail.md)",
)
CERTIFICADO: Final = Setting(
    "SMTP_CERTIFICATE",
    own_certificate,
    "",
    unset="none",
    means=(
        "file with our certificate, its chain and key (PEM), by which the mail server knows "
        "us instead of by `SMTP_USER`; read again when it is renewed"
    ),
)
CA: Final = Setting(
    "SMTP_CA",
    authorities,
    "",
    unset="the system's",
    means=(
        "file with the authority that signed the certificate of the mail server; it is always "
        "checked"
    ),
)
PASO: Final = Setting(
    "SMTP_STEP_SECONDS",
    number(1, 600),
    10,
    unset="10",
    means="limit of a step of the conversation with the mail server",
)
ENTERO: Final = Setting(
    "SMTP_SECONDS", number(1, 3600), 60, unset="60", means="limit of all of that conversation"
)
A_LA_VEZ: Final = Setting(
    "SMTP_CONCURRENCY",
    number(1, 100),
    _DE_FABRICA.a_la_vez,
    unset="4",
    means="conversations of one process with the mail server at once",
)
POR_CADA_HORA: Final = Setting(
    "MAIL_PER_HOUR",
    number(0, 100_000),
    POR_HORA,
    unset="30",
    means="mails to one address in an hour, the others wait; 0: no limit",
)


def servidor(lectura: Reading) -> ServidorSMTP:
    host = lectura(HOST)
    return replace(
        _DE_FABRICA,
        host=host,
        port=lectura(PUERTO),
        cifrado=lectura(CIFRADO),
        sin_cifrar=host in lectura(TRUSTED_NETWORK),
        remitente=lectura(REMITENTE),
        usuario=lectura(USUARIO),
        clave=lectura(CLAVE),
        espera=lectura(PASO),
        entero=lectura(ENTERO),
        a_la_vez=lectura(A_LA_VEZ),
        responder_a=lectura(RESPONDER_A),
        rebotes=lectura(REBOTES),
        ca=lectura(CA),
        certificado=lectura(CERTIFICADO),
    )
