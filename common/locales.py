"""What CLDR knows of a language: how it writes days, joins lists, counts, and what it calls
itself."""

from functools import cache

from babel import Locale, UnknownLocaleError

from common.language import SPANISH


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
