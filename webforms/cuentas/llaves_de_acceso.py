"""Passkeys (WebAuthn level 2): what a browser is asked, and whether what it answers was signed
here, to this question, by its person.

A question is good once, for five minutes. User verification is required: a passkey is what one has,
opened by what one knows or is, so it stands for password and second factor together.
"""

import datetime as dt
import ipaddress
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import webauthn
from itsdangerous import BadData
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from records.cuentas.llaves_de_acceso import Nueva
from records.cuentas.reglas.frenos import Cupo
from records.cuentas.tablas import LlaveDeAcceso
from webforms.base import frenos
from webforms.base.ajustes import ajustes
from webforms.base.security import seudonimo
from webforms.navegador.firmas import firmante_con_hora

ESPERA: Final = dt.timedelta(minutes=5)
MAX_RESPUESTA: Final = 20_000  # letters of what a browser answers
ENTRAR, PONER = "entrar", "poner"


class LlaveMala(Exception):
    """What came is not what was asked for."""


@dataclass(frozen=True, slots=True)
class Aqui:
    """For which place keys are made, and from which pages they are used."""

    rp: str
    origen: str


def aqui() -> Aqui | None:
    """None: browsers give no keys here. They ask for a name, and for HTTPS but on this machine."""
    partes = urlsplit(ajustes().base_url)
    nombre = partes.hostname or ""
    try:
        ipaddress.ip_address(nombre)
    except ValueError:
        segura = partes.scheme == "https" or nombre == "localhost"
        return Aqui(nombre, f"{partes.scheme}://{partes.netloc}") if nombre and segura else None
    return None


def _exigir_aqui() -> Aqui:
    if (este := aqui()) is None:
        raise LlaveMala
    return este


def _preguntar(para: str, de: str) -> tuple[bytes, str]:
    reto = secrets.token_bytes(32)
    return reto, firmante_con_hora("llave de acceso").dumps([para, de, bytes_to_base64url(reto)])


def _reto(pregunta: str, para: str, de: str, now: dt.datetime) -> bytes:
    """Of a question of ours that nobody has answered yet."""
    try:
        este, suyo, reto = firmante_con_hora("llave de acceso").loads(
            pregunta, max_age=int(ESPERA.total_seconds())
        )
    except (BadData, TypeError, ValueError):
        raise LlaveMala from None
    if (este, suyo) != (para, de):
        raise LlaveMala
    try:
        frenos.gastar("reto", seudonimo(str(reto)), Cupo(1, dt.timedelta(days=1)), now)
    except frenos.Frenado:
        raise LlaveMala from None
    return base64url_to_bytes(str(reto))


def para_poner(usuario: str, nombre: str, tiene: Iterable[LlaveDeAcceso]) -> tuple[Any, str]:
    """What the browser is asked, and our question, signed."""
    reto, pregunta = _preguntar(PONER, usuario)
    opciones = webauthn.generate_registration_options(
        rp_id=_exigir_aqui().rp,
        rp_name="Ventanilla",
        user_id=seudonimo(f"llave {usuario}").encode()[:64],
        user_name=usuario,
        user_display_name=nombre,
        challenge=reto,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(llave.credencial))
            for llave in tiene
        ],
    )
    return json.loads(webauthn.options_to_json(opciones)), pregunta


def puesta(usuario: str, pregunta: str, respuesta: str, nombre: str, now: dt.datetime) -> Nueva:
    """The key that a browser made. LlaveMala."""
    este, reto = _exigir_aqui(), _reto(pregunta, PONER, usuario, now)
    try:
        hecha = webauthn.verify_registration_response(
            credential=respuesta[:MAX_RESPUESTA],
            expected_challenge=reto,
            expected_rp_id=este.rp,
            expected_origin=este.origen,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise LlaveMala from error
    return Nueva(
        bytes_to_base64url(hecha.credential_id),
        hecha.credential_public_key,
        hecha.sign_count,
        nombre,
    )


def para_entrar() -> tuple[Any, str]:
    """Any key that is of this place: the browser lets its person choose, and nobody learns who has
    one."""
    reto, pregunta = _preguntar(ENTRAR, "")
    opciones = webauthn.generate_authentication_options(
        rp_id=_exigir_aqui().rp,
        challenge=reto,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return json.loads(webauthn.options_to_json(opciones)), pregunta


def cual(respuesta: str) -> str:
    """Which key says to have signed. LlaveMala."""
    try:
        dicha = json.loads(respuesta[:MAX_RESPUESTA])["id"]
        return bytes_to_base64url(base64url_to_bytes(str(dicha)))
    except (ValueError, TypeError, KeyError):
        raise LlaveMala from None


def firmada(llave: LlaveDeAcceso, pregunta: str, respuesta: str, now: dt.datetime) -> int:
    """The count of its signatures, this one included. LlaveMala. Whether the count goes on is
    looked at when it is written."""
    este, reto = _exigir_aqui(), _reto(pregunta, ENTRAR, "", now)
    try:
        hecha = webauthn.verify_authentication_response(
            credential=respuesta[:MAX_RESPUESTA],
            expected_challenge=reto,
            expected_rp_id=este.rp,
            expected_origin=este.origen,
            credential_public_key=llave.publica,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise LlaveMala from error
    return hecha.new_sign_count
