"""Why a mail did not leave, in words: by what the server said, or by how the line failed."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import gettext as _, lazy_gettext as _l

#: Reply of a server → in words (RFC 5321 4.2.3).
CODIGOS: Final[Mapping[str, Any]] = {
    "421": _l("El servidor está cerrando o muy ocupado."),
    "450": _l("El buzón no está disponible por ahora."),
    "451": _l("El servidor pide volver más tarde, como hace con quien no conoce."),
    "452": _l("Al servidor no le queda espacio por ahora."),
    "550": _l("El buzón no existe o no recibe."),
    "552": _l("El mensaje es muy grande para ese servidor."),
    "553": _l("El servidor no acepta esa dirección."),
    "554": _l("El servidor rechazó el mensaje."),
}
#: Name of an exception in the note of a failure → in words.
FALLAS: Final[Mapping[str, Any]] = {
    "ConnectionRefused": _l("Nadie responde en el servidor de correo."),
    "Timeout": _l("El servidor tardó demasiado."),
    "sin respuesta en": _l("El servidor tardó demasiado."),
    "ServerDisconnected": _l("La conexión se cortó: no se sabe si lo recibió."),
    "SSL": _l("El certificado del servidor no es de confianza."),
    "Authentication": _l("El servidor no aceptó la cuenta."),
    "gaierror": _l("No se encuentra el servidor de correo."),
    "dirección de correo": _l("La dirección no es válida."),
}


def porque(error: str) -> str:
    """By its code, which stands first where a server answered."""
    return dicho(error) or str(_("No se pudo enviar."))


def dicho(error: str) -> str:
    """ "" for what is no failure of a server or a line."""
    codigo = error[:3] if error[:3].isdigit() else ""
    if codigo in CODIGOS:
        return str(CODIGOS[codigo])
    if codigo:
        return str(
            _("El servidor no lo recibió.")
            if codigo >= "5"
            else _("El servidor pidió intentarlo más tarde.")
        )
    return str(next((palabras for clase, palabras in FALLAS.items() if clase in error), ""))
