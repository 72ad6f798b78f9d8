"""The sentences of each language: a folder of `webforms/idiomas`, or of the agency's (setting
`IDIOMAS`), a file a room. Without the pages: the shell needs them, too."""

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from common import language
from common.language import SPANISH
from common.locales import locale_of, own_name

CARPETA: Final = Path(__file__).resolve().parent.parent / "idiomas"
#: in a folder: what the language calls itself, where CLDR does not know it
NOMBRE: Final = "nombre.txt"
ES: Final = SPANISH
CODIGO: Final = re.compile(r"(?=.{2,12}\Z)[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class _Idiomas(Mapping[str, tuple[Path, ...]]):
    """Each language, Spanish first, with its folders; what a later one says holds."""

    def __init__(self) -> None:
        self._suyas: dict[str, tuple[Path, ...]] = {ES: ()}

    def __getitem__(self, codigo: str) -> tuple[Path, ...]:
        return self._suyas[codigo]

    def __iter__(self) -> Iterator[str]:
        return iter(self._suyas)

    def __len__(self) -> int:
        return len(self._suyas)

    def ofrecer(self, raiz: Path) -> None:
        """Every language that has a folder there, too. OSError."""
        suyas = dict(self._suyas)
        for carpeta in sorted(raiz.iterdir()):
            if (
                carpeta.is_dir()
                and CODIGO.fullmatch(carpeta.name)
                and carpeta.name != ES
                and carpeta not in suyas.get(carpeta.name, ())
            ):
                suyas[carpeta.name] = (*suyas.get(carpeta.name, ()), carpeta)
        with _CERROJO:
            self._suyas = suyas
            _LEIDOS.clear()

    def nombre(self, codigo: str) -> str:
        """ "English": as those who speak it call it, with a capital."""
        dicho = next(
            (
                a.read_text("utf-8").strip()
                for c in self.get(codigo, ())
                if (a := c / NOMBRE).is_file()
            ),
            "",
        )
        nombre = dicho or own_name(codigo) or codigo
        return nombre[:1].upper() + nombre[1:]


_CERROJO: Final = RLock()  #: a catalogue is read once, however many ask for it at once
_LEIDOS: Final[dict[str, NullTranslations]] = {}
IDIOMAS: Final = _Idiomas()
IDIOMAS.ofrecer(CARPETA)


class _Frases(Translations):
    """Nothing said is nothing: gettext gives the head of the catalogue for it."""

    def gettext(self, message: str) -> str:
        return str(super().gettext(message)) if message else ""

    ugettext = gettext


def catalogo(idioma: str) -> NullTranslations:
    """Of all rooms together; what has no translation stays Spanish."""
    leido = _LEIDOS.get(idioma)
    if leido is None:
        with _CERROJO:
            leido = _LEIDOS.get(idioma)
            if leido is None:
                leido = _LEIDOS[idioma] = _leer(idioma)
    return leido


def calentar() -> None:
    """Before anybody asks: whoever comes first in a language does not wait for its catalogue."""
    for idioma in IDIOMAS:
        catalogo(idioma)


def _leer(idioma: str) -> NullTranslations:
    if not IDIOMAS.get(idioma):
        return NullTranslations()
    todo = Catalog(locale=locale_of(idioma))
    for archivo in (a for carpeta in IDIOMAS[idioma] for a in sorted(carpeta.glob("*.po"))):
        for mensaje in read_po(io.BytesIO(archivo.read_bytes()), locale=locale_of(idioma)):
            if mensaje.id and mensaje.string:
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
