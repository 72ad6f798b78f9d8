"""Names of FEEL: of several words and signs, so that a text is read only with the names that are in scope (DMN 1.5, 10.3.1.2)."""

import re
from collections.abc import Iterable
from typing import Final

SPACE: Final = r"[\s\ufeff\u180e]"
#: one word of a name: no space and no sign of ASCII but _ and ?
WORD: Final = r"[^\s\ufeff\u180e!-/:->@\[-\^`{-~]+"
_PART: Final = re.compile(rf"{WORD}|[^\s\ufeff\u180e]")
_WORD: Final = re.compile(WORD)
_SPACES: Final = re.compile(rf"{SPACE}*")
KEYWORDS: Final = frozenset({
    "and", "between", "else", "every", "false", "for", "if", "in", "not", "null", "or", "return", "satisfies", "some", "then", "true",
})  # fmt: skip


def normal(name: str) -> str:
    """One space between words."""
    return " ".join(re.split(rf"{SPACE}+", name.strip()))


def parts(name: str) -> tuple[str, ...]:
    return tuple(_PART.findall(name))


class Names:
    """The names that are known at a place: its own, and those around it. The longest that stands there is meant."""

    def __init__(self, names: Iterable[str] = (), outer: "Names | None" = None) -> None:
        self.outer = outer
        self.by_word: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        pieces = parts(name)
        if pieces:
            known = self.by_word.setdefault(pieces[0], [])
            if (pieces, normal(name)) not in known:
                known.append((pieces, normal(name)))

    def all(self) -> list[str]:
        """Its own."""
        return [name for known in self.by_word.values() for _, name in known]

    def longest(self, text: str, at: int) -> tuple[str, int] | None:
        """(name, where it ends) of the longest known name that begins here."""
        match = _PART.match(text, at)
        best: tuple[str, int] | None = None
        here: Names | None = self
        while here is not None and match is not None:
            for pieces, name in here.by_word.get(match[0], ()):
                end = _end(text, at, pieces)
                if end is not None and (best is None or end > best[1]):
                    best = (name, end)
            here = here.outer
        return best

    def knows(self, name: str) -> bool:
        pieces = parts(name)
        here: Names | None = self
        while here is not None and pieces:
            if any(known == pieces for known, _ in here.by_word.get(pieces[0], ())):
                return True
            here = here.outer
        return False


def _end(text: str, at: int, pieces: tuple[str, ...]) -> int | None:
    """Where these pieces end, with whatever space between them."""
    for place, piece in enumerate(pieces):
        if place:
            spaces = _SPACES.match(text, at)
            at = spaces.end() if spaces else at
        found = _PART.match(text, at)
        if found is None or found[0] != piece:
            return None
        at = found.end()
    return at


def word(text: str, at: int) -> str:
    """The word that begins here; "" for none."""
    match = _WORD.match(text, at)
    return match[0] if match else ""
