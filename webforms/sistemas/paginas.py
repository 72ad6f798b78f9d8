"""Pages of the entity that were cited (5.2.21), in words: whether an address may be cited, and what
became of its copy."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask_babel import gettext as _
from wtforms import ValidationError

from records.sistemas.paginas import COPIADA, FALLIDA, Citada
from records.sistemas.reglas.paginas import DireccionRechazada, Falla, Sitios
from records.sistemas.tablas import PaginaCitada
from webforms.base.ajustes import ajustes


def sitios() -> Sitios:
    return ajustes().entity_web


def pagina_de_la_entidad(_form: Any, field: Any) -> None:
    """Said at once, not when the copy fails: what is no page of the entity proves nothing."""
    try:
        sitios().direccion(field.data or "")
    except DireccionRechazada as rechazo:
        raise ValidationError(_rechazo(rechazo)) from rechazo


def _rechazo(rechazo: DireccionRechazada) -> str:
    dichas: Mapping[Falla, Callable[[], str]] = {
        Falla.LARGA: lambda: _(
            "La dirección tiene más de %(n)s letras. Quítele lo que sigue al signo ?",
            n=rechazo.detalle,
        ),
        Falla.ESQUEMA: lambda: _("La dirección debe empezar por https:// o http://"),
        Falla.CUENTA: lambda: _(
            "La dirección lleva un usuario o una clave (lo que va antes de @). Quítelos"
        ),
        Falla.SITIO: lambda: _(
            "%(s)s no es un sitio de la entidad. Debe ser %(p)s",
            s=rechazo.detalle,
            p=_o(sitios().nombres),
        ),
        Falla.PUERTO: lambda: _(
            "El puerto %(n)s no es de la página de la entidad. Quítelo de la dirección",
            n=rechazo.detalle,
        ),
    }
    if rechazo.falla in dichas:
        return str(dichas[rechazo.falla]())
    return str(
        _(
            "Escriba la dirección completa, como https://%(p)s/creditos, sin espacios ni tildes",
            p=sitios().nombres[0],
        )
    )


def _o(nombres: Any) -> str:
    return f" {_('o')} ".join(nombres)


def razon(citada: PaginaCitada) -> str:
    """Why there is no copy."""
    d = citada.detalle
    dichas: Mapping[str, Callable[[], str]] = {
        Falla.FORMA: lambda: _("la página mandó a una dirección que no se entiende"),
        Falla.LARGA: lambda: _("la página mandó a una dirección demasiado larga"),
        Falla.ESQUEMA: lambda: _("la página mandó a una dirección sin cifrar"),
        Falla.CUENTA: lambda: _("la página mandó a una dirección con usuario o clave"),
        Falla.SITIO: lambda: _("la página mandó a %(s)s, que no es un sitio de la entidad", s=d),
        Falla.PUERTO: lambda: _("la página mandó al puerto %(n)s, que no es de la entidad", n=d),
        Falla.SIN_NOMBRE: lambda: _("nadie conoce el sitio %(s)s", s=d),
        Falla.INTERNA: lambda: _(
            "el sitio %(s)s lleva a una dirección interna, no a la página pública", s=d
        ),
        Falla.SIN_CONEXION: lambda: _("el sitio %(s)s no respondió", s=d),
        Falla.CERTIFICADO: lambda: _("el certificado del sitio no es de confianza"),
        Falla.LENTA: lambda: _("la página tardó demasiado"),
        Falla.DESVIOS: lambda: _("la página mandó de una dirección a otra más de %(n)s veces", n=d),
        Falla.RESPUESTA: lambda: _no_esta(d),
        Falla.TIPO: lambda: (
            _("no es una página de texto (%(t)s)", t=d) if d else _("no es una página de texto")
        ),
        Falla.GRANDE: lambda: _(
            "la página pesa más de %(n)s MB", n=int(d) // (1024 * 1024) if d.isdecimal() else 2
        ),
        Falla.ILEGIBLE: lambda: _("lo que envió el sitio no se puede leer"),
    }
    return str(dichas[citada.falla]()) if citada.falla in dichas else ""


NO_ESTA: Final = frozenset({"404", "410"})
CERRADA: Final = frozenset({"401", "403"})


def _no_esta(estado: str) -> str:
    if estado in NO_ESTA:
        return str(_("la página no existe en el sitio (respondió %(n)s)", n=estado))
    if estado in CERRADA:
        return str(_("el sitio no deja ver la página sin ingresar (respondió %(n)s)", n=estado))
    return str(_("el sitio respondió con un error (%(n)s)", n=estado))


def estado(citada: PaginaCitada) -> tuple[str, str]:
    """(class of the badge, words)."""
    if citada.estado == COPIADA:
        return "hecha", str(_("Copia guardada"))
    if citada.estado == FALLIDA:
        return "vencida", str(_("Sin copia"))
    return "por-vencer", str(_("Copiando la página"))


def nombre(c: Citada) -> str:
    """Its title, else its address."""
    return c.copia.titulo if c.copia is not None and c.copia.titulo else c.pagina.url


def frase(citada: PaginaCitada) -> str:
    """The reason as a sentence of its own."""
    dicha = razon(citada)
    return f"{dicha[:1].upper()}{dicha[1:]}." if dicha else ""


FILTROS: Final[Mapping[str, Any]] = {
    "estado_de_pagina": estado,
    "frase_de_pagina": frase,
    "nombre_de_pagina": nombre,
}
