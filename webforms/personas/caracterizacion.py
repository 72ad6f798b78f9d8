"""What is asked of people about themselves, in words, and the signed way to the page that asks
it."""

import hashlib
import hmac
import re
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from itsdangerous import BadData, URLSafeTimedSerializer

from webforms.base import llevados
from webforms.navegador.firmas import firmante_con_hora, llaves

_SECRETO: Final = re.compile(r"[0-9a-f]{32}")
VIGENCIA: Final = 2 * 60 * 60  # seconds to answer, after the number was told
PREGUNTAS: Final[dict[str, Any]] = {
    "edad": _l("Edad"),
    "genero": _l("Género"),
    "etnia": _l("Grupo étnico"),
    "discapacidad": _l("Discapacidad"),
    "zona": _l("Dónde vive"),
}
RESPUESTAS: Final[dict[str, dict[str, Any]]] = {
    "edad": {
        "menor": _l("Menos de 18 años"),
        "joven": _l("De 18 a 28 años"),
        "adulta": _l("De 29 a 59 años"),
        "mayor": _l("60 años o más"),
    },
    "genero": {"femenino": _l("Femenino"), "masculino": _l("Masculino"), "otro": _l("Otro")},
    "etnia": {
        "indigena": _l("Indígena"),
        "afro": _l("Negro, mulato, afrocolombiano o afrodescendiente"),
        "raizal": _l("Raizal"),
        "palenquera": _l("Palenquero"),
        "rrom": _l("Rrom o gitano"),
        "ninguna": _l("De ninguno"),
    },
    "discapacidad": {
        "fisica": _l("Física"),
        "visual": _l("Visual"),
        "auditiva": _l("Auditiva"),
        "intelectual": _l("Intelectual"),
        "psicosocial": _l("Psicosocial"),
        "multiple": _l("Múltiple"),
        "ninguna": _l("Ninguna"),
    },
    "zona": {"urbana": _l("En una ciudad o cabecera"), "rural": _l("En el campo")},
}


def _firmante() -> URLSafeTimedSerializer:
    return firmante_con_hora("caracterización")


def permiso_de_responder(procedimiento: str, case_key: str) -> str:
    """For the page of one who has just begun a case: of which procedure, and of the case a secret
    that leads nowhere without our key.

    The same for the same case, however often its page is asked for: who answers does so once.
    """
    clave = llaves()[0].encode()
    secreto = hmac.new(clave, f"caracterización\0{case_key}".encode(), hashlib.sha256).hexdigest()[
        :32
    ]
    return str(_firmante().dumps([procedimiento, secreto]))


def llevado_para_responder(procedimiento: str, case_key: str) -> str:
    """The permission as addresses of this browser call it."""
    return llevados.guardar(llevados.SOBRE_USTED, permiso_de_responder(procedimiento, case_key))


def leer_permiso(firma: str) -> tuple[str, str] | None:
    """(procedure, the secret of who answers)."""
    try:
        procedimiento, secreto = _firmante().loads(firma, max_age=VIGENCIA)
    except (BadData, TypeError, ValueError):
        return None
    return str(procedimiento), str(secreto)


def secreto_de(firma: str) -> str | None:
    """Of who answered, however long ago: what was told is taken back by it. Whose hash is kept is
    known without any key, so that a consent can be taken back when the one that signed this is
    listed no more; nobody guesses it (128 bits)."""
    _firmado, dicho = _firmante().loads_unsafe(firma)
    match dicho:
        case [str(), str(secreto)] if _SECRETO.fullmatch(secreto):
            return secreto
    return None
