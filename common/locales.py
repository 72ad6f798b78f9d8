"""What CLDR knows of a language: how it writes days, joins lists, counts, and what it calls
itself."""

import datetime as dt
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_interval

from common.language import SPANISH, language


@cache
def _known(language: str) -> Locale | None:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def locale_of(language: str) -> Locale:
    """Of "en", "pt-BR". One that CLDR does not know writes days and lists as Spanish does."""
    return _known(language) or Locale.parse(SPANISH)


def own_name(language: str) -> str:
    """ "English", "Português (Brasil)": as those who speak it call it; "": CLDR does not know
    it."""
    locale = _known(language)
    name = str(locale.get_display_name(locale)) if locale is not None else ""
    return name[:1].upper() + name[1:]


def days(first: dt.date, last: dt.date, skeleton: str = "yMMMMd") -> str:
    """ "23–29 de noviembre de 2026", both included, in the language that is spoken now. `skeleton`:
    CLDR's, of what is said of each."""
    said = str(format_interval(first, last, skeleton, locale=locale_of(language())))
    return said.replace("\u2009", " ")  # nobody types a thin space into a search
