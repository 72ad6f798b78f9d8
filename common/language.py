"""What is said to a person, in the language of whoever is being answered. Below the pages nobody knows which that is, nor the library.

Sentences stand in Spanish where they are said. What is kept (a note, an explanation, the journal) is in the language of the agency, and
never goes through here.
"""

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations
from typing import Protocol

SPANISH = "es"


class Catalogue(Protocol):
    def gettext(self, message: str, /) -> str: ...
    def ngettext(self, one: str, many: str, n: int, /) -> str: ...


class _Voice:
    """How this process finds the language and its sentences; the pages lend it theirs (`webforms/base/idioma.py`)."""

    language: Callable[[], str] = staticmethod(lambda: SPANISH)
    catalogue: Callable[[str], Catalogue] = staticmethod(lambda _language: NullTranslations())
    agency: str = SPANISH


_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def lend(language: Callable[[], str], catalogue: Callable[[str], Catalogue], agency: str = SPANISH) -> None:
    """`language`: code of who is being answered now; `catalogue`: the sentences in a language; `agency`: of whoever chose none."""
    _Voice.language, _Voice.catalogue, _Voice.agency = staticmethod(language), staticmethod(catalogue), agency


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """What is said within is in this language, whoever is being answered: a letter to somebody else. None: as the agency speaks."""
    before = _spoken.set(language or _Voice.agency)
    try:
        yield
    finally:
        _spoken.reset(before)


def language() -> str:
    """ "es", "en"…: of whoever is being answered; Spanish where nobody is."""
    return _spoken.get() or _Voice.language()


def marked(text: str) -> str:
    """The text itself: tells `tools.mensajes` that pages show it, so that catalogues have it. For labels in constants."""
    return text


def said(text: str, /, **values: object) -> str:
    """The sentence in that language, with its values: `said("El caso %(n)s ya está cerrado.", n=numero)`."""
    spoken = _Voice.catalogue(language()).gettext(text)
    return spoken % values if values else spoken


def counted(one: str, many: str, n: int, /, **values: object) -> str:
    """The same of so many: `counted("%(num)s día", "%(num)s días", dias)`."""
    return _Voice.catalogue(language()).ngettext(one, many, n) % {"num": n, **values}
