"""The sentences of each language: a folder of `webforms/idiomas`, a file a room. Without the pages: the shell needs them, too."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations
from babel.support import Translations

from common import language
from common.language import SPANISH

CARPETA: Final = Path(__file__).resolve().parent.parent / "idiomas"
ES: Final = SPANISH
IDIOMAS: Final = (ES, *sorted(carpeta.name for carpeta in CARPETA.iterdir() if carpeta.is_dir()))


class _Frases(Translations):
    """Nothing said is nothing: gettext gives the head of the catalogue for it."""

    def gettext(self, message: str) -> str:
        return str(super().gettext(message)) if message else ""

    ugettext = gettext


@cache
def catalogo(idioma: str) -> NullTranslations:
    """Of all rooms together; what has no translation stays Spanish."""
    if idioma == ES:
        return NullTranslations()
    todo = Catalog(locale=idioma)
    for archivo in sorted((CARPETA / idioma).glob("*.po")):
        for mensaje in read_po(io.BytesIO(archivo.read_bytes()), locale=idioma):
            if mensaje.id:
                todo[mensaje.id] = mensaje
    salida = io.BytesIO()
    write_mo(salida, todo)
    salida.seek(0)
    return _Frases(salida)


@contextmanager
def hablando(lengua: str) -> Iterator[None]:
    """What is said within is in this language, whoever asks: a command of the shell."""
    with language.speaking(lengua if lengua in IDIOMAS else ES):
        yield


language.lend(lambda: ES, catalogo)  # until there are pages, which know who asks
