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


HOST: Final = Setting("SMTP_HOST", str, _DE_FABRICA.host)
PUERTO: Final = Setting("SMTP_PORT", number(1, 65_535), _DE_FABRICA.port)
CIFRADO: Final = Setting(
    "SMTP_TLS",
    _cifrado,
    _cifrado_de_costumbre,
    marked("SMTP_TLS: se espera no, starttls o tls, no «%(g)s»."),
)
REMITENTE: Final = Setting("SMTP_FROM", address, _DE_FABRICA.remitente)
USUARIO: Final = Setting("SMTP_USER", str, "")
CLAVE: Final = Setting("SMTP_PASSWORD", str, "")
RESPONDER_A: Final = Setting("SMTP_REPLY_TO", address, "")
REBOTES: Final = Setting("SMTP_RETURN_PATH", address, "")
CERTIFICADO: Final = Setting("SMTP_CERTIFICATE", own_certificate, "")
CA: Final = Setting("SMTP_CA", authorities, "")
PASO: Final = Setting("SMTP_STEP_SECONDS", number(1, 600), 10)
ENTERO: Final = Setting("SMTP_SECONDS", number(1, 3600), 60)
A_LA_VEZ: Final = Setting("SMTP_CONCURRENCY", number(1, 100), _DE_FABRICA.a_la_vez)
POR_CADA_HORA: Final = Setting("MAIL_PER_HOUR", number(0, 100_000), POR_HORA)


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
