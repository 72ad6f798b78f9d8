"""What is asked of people about themselves, in words, and the signed way to the page that asks it."""

import secrets
from typing import Any
from typing import Final

from flask import current_app
from flask_babel import lazy_gettext as _l
from itsdangerous import BadData
from itsdangerous import URLSafeTimedSerializer

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
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="caracterización")


def permiso_de_responder(procedimiento: str) -> str:
    """For the page of one who has just begun a case: of which procedure, and nothing of the case."""
    return str(_firmante().dumps([procedimiento, secrets.token_urlsafe(12)]))


def leer_permiso(firma: str) -> tuple[str, str] | None:
    """(procedure, the secret of who answers)."""
    try:
        procedimiento, _azar = _firmante().loads(firma, max_age=VIGENCIA)
    except (BadData, TypeError, ValueError):
        return None
    return str(procedimiento), firma
