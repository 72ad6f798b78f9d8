"""Names of FEEL: of several words and signs, so that a text is read only with the names that are in
scope (DMN 1.5, 10.3.1.2)."""

import re
from collections.abc import Iterable
from typing import Any, Final

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
    """The names that are known at a place: its own, and those around it. The longest that stands
    there is meant.

    Kept piece by piece, so that looking one up takes as long as it is, however many there are.
    """

    def __init__(self, names: Iterable[str] = (), outer: "Names | None" = None) -> None:
        self.outer = outer
        self.own: list[str] = []
        # piece → pieces that may follow; under "" the name that ends here
        self.pieces: dict[str, Any] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        here = self.pieces
        for piece in parts(name):
            here = here.setdefault(piece, {})
        if here is not self.pieces and "" not in here:
            here[""] = normal(name)
            self.own.append(here[""])

    def longest(self, text: str, at: int) -> tuple[str, int] | None:
        """(name, where it ends) of the longest known name that begins here."""
        found, scope = self.longest_of_its_own(text, at), self.outer
        while scope is not None:
            further = scope.longest_of_its_own(text, at)
            if further is not None and (found is None or further[1] > found[1]):
                found = further
            scope = scope.outer
        return found

    def longest_of_its_own(self, text: str, at: int) -> tuple[str, int] | None:
        found, here, first = None, self.pieces, True
        while here:
            spaces = None if first else _SPACES.match(text, at)
            match = _PART.match(text, at if spaces is None else spaces.end())
            here, first = here.get(match[0], {}) if match else {}, False
            if match and "" in here:
                found = (here[""], match.end())
            at = match.end() if match else at
        return found


def word(text: str, at: int) -> str:
    """The word that begins here; "" for none."""
    match = _WORD.match(text, at)
    return match[0] if match else ""
