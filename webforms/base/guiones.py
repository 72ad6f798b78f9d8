"""Scripts of a page with their words: on a page that is not in Spanish each brings what it says in
that language, and no more."""

import io
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Final

from babel.messages.pofile import read_po
from flask import Flask
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from common.locales import locale_of
from webforms.base import assets
from webforms.base.catalogos import IDIOMAS
from webforms.base.idioma import idioma

ARCHIVO: Final = "guiones.po"  #: says of each sentence in which scripts it is said


def guion_de(nombre: str) -> Markup:
    """The `<script>` of a static file, with its words before it. `js/palabras.js`, which finds
    them, stands before all on every page."""
    suyo = Markup('<script src="{}" defer></script>').format(assets.asset(nombre))
    if dichas := palabras_de(idioma()).get(nombre):
        return Markup('<script type="application/json" data-palabras>{}</script>{}').format(
            htmlsafe_json_dumps(dichas), suyo
        )
    return suyo


@cache
def palabras_de(lengua: str) -> Mapping[str, Mapping[str, str]]:
    """Script → what it says in Spanish → what it says in this language."""
    halladas: dict[str, dict[str, str]] = defaultdict(dict)
    for archivo in (a for carpeta in IDIOMAS.get(lengua, ()) if (a := carpeta / ARCHIVO).exists()):
        for mensaje in read_po(io.BytesIO(archivo.read_bytes()), locale=locale_of(lengua)):
            if isinstance(mensaje.id, str) and mensaje.id and mensaje.string:
                for guion_, _linea in mensaje.locations:
                    halladas[guion_][mensaje.id] = str(mensaje.string)
    return dict(halladas)


def register(app: Flask) -> None:
    app.jinja_env.globals.update(guion_de=guion_de)
