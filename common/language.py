"""What is said to a person, in the language of whoever is being answered. Below the pages nobody
knows which that is, nor the library.

Sentences stand in Spanish where they are said. What is kept (a note, an explanation, the journal)
is Spanish, too, the language of the source, and never goes through here.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations
from typing import Protocol

SPANISH = "es"


class Catalogue(Protocol):
    def gettext(self, _message: str, /) -> str: ...
    def ngettext(self, _one: str, _many: str, _n: int, /) -> str: ...


class _Voice:
    """How this process finds the language and its sentences; the pages lend it theirs
    (`webforms/base/idioma.py`)."""

    language: Callable[[], str] = staticmethod(lambda: SPANISH)
    catalogue: Callable[[str], Catalogue] = staticmethod(lambda _language: NullTranslations())
    agency: str = SPANISH


_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def lend(
    language: Callable[[], str], catalogue: Callable[[str], Catalogue], agency: str = SPANISH
) -> None:
    """`language`: code of who is being answered now; `catalogue`: the sentences in a language;
    `agency`: of whoever chose none."""
    _Voice.language, _Voice.catalogue, _Voice.agency = (
        staticmethod(language),
        staticmethod(catalogue),
        agency,
    )


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """What is said within is in this language, whoever is being answered: a letter to somebody
    else. None: as the agency speaks."""
    before = _spoken.get()
    _spoken.set(language or _Voice.agency)
    try:
        yield
    finally:
        _spoken.set(before)


def language() -> str:
    """ "es", "en"…: of whoever is being answered; Spanish where nobody is."""
    return _spoken.get() or _Voice.language()


def marked(text: str) -> str:
    """The text itself: tells `tools.mensajes` that pages show it, so that catalogues have it. For
    labels in constants."""
    return text


class Kept(str):
    """A sentence as it is kept, in Spanish. It remembers how it was made: shown at once it is said
    in another."""

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        return self  # also as the message of an exception


def kept(text: str, /, **values: object) -> Kept:
    """What may be stored, with its values: `kept("sin respuesta en %(s)s s", s=5)`; `said` of it is
    for whoever reads it now."""
    told = {
        name: str(value) if isinstance(value, BaseException) else value
        for name, value in values.items()
    }
    made = Kept(text % told if told else text)
    made.template, made.values = text, told
    return made


def joined(separator: str, parts: Iterable[object]) -> Kept:
    """Several of them in a row."""
    values = {f"part{n}": part for n, part in enumerate(parts)}
    return kept(separator.join(f"%({name})s" for name in values), **values)


def said(text: str, /, **values: object) -> str:
    """The sentence in that language, with its values: `said("El caso %(n)s ya está cerrado.",
    n=numero)`."""
    if isinstance(text, Kept):
        return said(
            text.template,
            **{
                name: said(value) if isinstance(value, Kept) else value
                for name, value in text.values.items()
            },
        )
    spoken = _Voice.catalogue(language()).gettext(text) if text else ""
    return spoken % values if values else spoken


def counted(one: str, many: str, n: int, /, **values: object) -> str:
    """The same of so many: `counted("%(num)s día", "%(num)s días", dias)`."""
    return _Voice.catalogue(language()).ngettext(one, many, n) % {"num": n, **values}


def of_shell(env: Mapping[str, str], known: Collection[str]) -> str:
    """Of who sits at the shell, read from the environment as gettext does; where that is none of
    ours, the agency's (IDIOMA)."""
    wished = next(
        (env[name] for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG") if env.get(name)), ""
    )
    ours = [code for each in wished.split(":") if (code := re.split("[_.@]", each)[0]) in known]
    return next(iter(ours), env.get("IDIOMA") or SPANISH)
